import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { OverviewResponse } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useSession } from "../../shared/gate";
import { type OverviewIntent, useIntent, useNavigation } from "../../shared/navigation";
import { Page, Section } from "../../shared/Page";
import { useOverview, useVerification } from "../../shared/queries";
import { useDialog } from "../../shared/useDialog";
import { useNow } from "../../shared/useNow";
import { Cards } from "./Cards";
import { InventoryDialog } from "./InventoryDialog";
import { NeedsList } from "./NeedsList";
import { needsOf } from "./needs";
import "./OverviewScreen.css";
import { RotationsChart } from "./RotationsChart";
import { StrengthList } from "./StrengthList";

/** What needs the person, first of all. */
export function OverviewScreen() {
  const overview = useOverview();
  const { go } = useNavigation();
  const inventory = useDialog<OverviewIntent>();
  const { open } = inventory;
  useIntent("overview", open);
  const empty = overview.data !== undefined && overview.data.counts.total === 0;
  return (
    <Page
      title="Overview"
      summary={overview.data === undefined ? undefined : plural(overview.data.counts.total, "key")}
      actions={
        <>
          <Button variant="default" onClick={() => open("inventory")}>
            Inventory…
          </Button>
          <Button variant="default" onClick={() => go({ section: "audit", intent: "verify" })}>
            Verify now
          </Button>
          <Button
            variant={empty ? "default" : "filled"}
            onClick={() => go({ section: "backups", intent: "create" })}
          >
            Back up
          </Button>
        </>
      }
    >
      {overview.error !== null && (
        <ErrorPanel error={asCoreError(overview.error)} onRetry={() => void overview.refetch()} />
      )}
      {overview.data !== undefined &&
        overview.error === null &&
        (empty ? <NewVault /> : <Everything overview={overview.data} />)}
      {inventory.shown !== null && (
        <InventoryDialog reminders={inventory.shown === "reminders"} onClose={inventory.close} />
      )}
    </Page>
  );
}

function NewVault() {
  const { go } = useNavigation();
  const { slot } = useSession();
  return (
    <Section>
      <EmptyState
        icon={IconKey}
        title="This vault is empty"
        action={
          slot.role !== "auditor" && (
            <Button onClick={() => go({ section: "keys", intent: "create" })} data-testid="first-key">
              New key
            </Button>
          )
        }
      >
        Once there are keys, this page says what needs you: rotations that fall due, keys that leaked, backups
        that are old. Begin with your first key.
      </EmptyState>
    </Section>
  );
}

function Everything({ overview }: { overview: OverviewResponse }) {
  const session = useSession();
  const verification = useVerification();
  const needs = needsOf(overview, session, verification, useNow());
  return (
    <div className="kr-overview">
      <Cards overview={overview} verification={verification} />
      <div className="kr-overview-columns">
        <Section title="What needs you" flush>
          <NeedsList needs={needs} />
        </Section>
        <Section title="Rotations due, next 12 months">
          <RotationsChart counts={overview.rotationsByMonth} firstMonth={overview.firstMonth} />
          <StrengthList strength={overview.strength} />
        </Section>
      </div>
    </div>
  );
}
