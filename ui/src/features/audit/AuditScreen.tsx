import { Button } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import type { EventView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useIntent, usePlace } from "../../shared/navigation";
import { Page, Section } from "../../shared/Page";
import { useVerification } from "../../shared/queries";
import { useDialog } from "../../shared/useDialog";
import { AuditFilterBar } from "./AuditFilterBar";
import "./AuditScreen.css";
import { type AuditFilters, isNarrowed, NO_FILTERS } from "./auditFilters";
import { EventList } from "./EventList";
import { ExportLogDialog } from "./ExportLogDialog";
import { ProveEntryDialog } from "./ProveEntryDialog";
import { useAuditActions } from "./useAuditActions";
import { useEvents } from "./useEvents";
import { VerificationPanel } from "./VerificationPanel";
import { VerifyLogDialog } from "./VerifyLogDialog";

type AuditDialog = { kind: "verify" } | { kind: "export" } | { kind: "prove"; event: EventView };

/** The audit log: what happened, newest first, and the proof that nobody changed it. */
export function AuditScreen() {
  const place = usePlace("audit");
  const [filters, setFilters] = useState<AuditFilters>(() => ({ ...NO_FILTERS, key: place.key ?? "" }));
  const { shown, open, close } = useDialog<AuditDialog>();
  const { events, size, isPending, error, retry, hasOlder, loadOlder, isLoadingOlder } = useEvents(filters);
  const verification = useVerification();
  const verify = useCallback(() => open({ kind: "verify" }), [open]);
  const exportLog = useCallback(() => open({ kind: "export" }), [open]);
  useAuditActions(verify, exportLog);
  useIntent("audit", (intent) => (intent === "verify" ? verify() : exportLog()));

  const [lastPlace, setLastPlace] = useState(place);
  if (lastPlace !== place) {
    setLastPlace(place);
    if (place.intent === undefined) {
      setFilters({ ...NO_FILTERS, key: place.key ?? "" });
    }
  }
  const nothing = !isPending && error === null && events.length === 0;
  return (
    <Page
      title="Audit"
      summary={size === null ? undefined : plural(size, "event")}
      actions={
        <>
          <Button variant="default" onClick={exportLog} data-testid="audit-export">
            Export log…
          </Button>
          <Button onClick={verify} data-testid="audit-verify">
            Verify now
          </Button>
        </>
      }
    >
      {verification !== null && <VerificationPanel verification={verification} />}
      <AuditFilterBar filters={filters} onChange={setFilters} />
      {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={retry} />}
      {nothing && (
        <EmptyState
          icon={IconFileText}
          title={isNarrowed(filters) ? "No event is like that" : "Nothing has happened yet"}
          action={
            isNarrowed(filters) ? (
              <Button variant="default" onClick={() => setFilters(NO_FILTERS)}>
                Show all events
              </Button>
            ) : undefined
          }
        >
          Every change, every export and every unlock is written here, in the same step as the change itself,
          so that neither can be had without the other.
        </EmptyState>
      )}
      {events.length > 0 && (
        <Section flush>
          <EventList events={events} onProve={(event) => open({ kind: "prove", event })} />
        </Section>
      )}
      {hasOlder && (
        <div className="kr-older">
          <Button variant="default" loading={isLoadingOlder} onClick={loadOlder} data-testid="audit-older">
            Load older
          </Button>
        </div>
      )}
      {shown?.kind === "verify" && <VerifyLogDialog onClose={close} />}
      {shown?.kind === "export" && <ExportLogDialog onClose={close} />}
      {shown?.kind === "prove" && <ProveEntryDialog event={shown.event} onClose={close} />}
    </Page>
  );
}
