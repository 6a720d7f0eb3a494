import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCertificate, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { KeptCertificateView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { certificateStateNames } from "../../shared/CertificateBadge";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useSession } from "../../shared/gate";
import { useIntent, useNavigation, usePlace } from "../../shared/navigation";
import { PageHeader } from "../../shared/Page";
import { useCertificates } from "../../shared/queries";
import { useDialog } from "../../shared/useDialog";
import { CertificateDetail } from "./CertificateDetail";
import { CertificateTable } from "./CertificateTable";
import "./CertificatesScreen.css";
import { type CertificateDialog, CertificateDialogs } from "./dialogs/CertificateDialogs";

type State = KeptCertificateView["state"];

const STATES: readonly State[] = ["valid", "expiring_soon", "expired", "revoked"];

/** The kept certificates: which there are, when they end, and what can be done with them. */
export function CertificatesScreen() {
  const { state, certificate } = usePlace("certificates");
  const { go } = useNavigation();
  const { slot } = useSession();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 150);
  const { shown, open, close } = useDialog<CertificateDialog>();
  const mayChange = slot.role !== "auditor";
  useIntent("certificates", (kind) => open({ kind }));
  const { data, error, refetch } = useCertificates({
    ...(asked === "" ? {} : { search: asked }),
    ...(state === undefined ? {} : { state }),
  });
  const certificates = data?.certificates ?? [];
  const isFiltered = asked !== "" || state !== undefined;
  const choose = (id: string | undefined) =>
    go({
      section: "certificates",
      ...(state === undefined ? {} : { state }),
      ...(id === undefined ? {} : { certificate: id }),
    });
  const importIt = (
    <Button variant="default" onClick={() => open({ kind: "import" })} disabled={!mayChange}>
      Import…
    </Button>
  );
  return (
    <div className="kr-certificates">
      <div className="kr-certificates-top">
        <PageHeader
          title="Certificates"
          summary={data === undefined ? undefined : plural(data.total, "certificate")}
          actions={
            <>
              {importIt}
              <Button
                onClick={() => open({ kind: "issue" })}
                disabled={!mayChange}
                data-testid="certificate-issue"
              >
                Issue…
              </Button>
            </>
          }
        />
        <div className="kr-certificates-filters">
          <TextInput
            aria-label="Search certificates"
            placeholder="Subject, issuer, serial number or fingerprint"
            leftSection={<IconSearch size={16} aria-hidden />}
            type="search"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label="State"
            data={[
              { value: "", label: "All" },
              ...STATES.map((value) => ({ value, label: certificateStateNames[value] })),
            ]}
            value={state ?? ""}
            onChange={(value) =>
              go({ section: "certificates", ...(value === "" ? {} : { state: value as State }) })
            }
          />
        </div>
      </div>
      <div className="kr-certificates-body">
        <div className="kr-certificates-list">
          {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
          {data !== undefined && certificates.length === 0 && !isFiltered && (
            <EmptyState icon={IconCertificate} title="No certificate yet" action={importIt}>
              What a key signs for itself is kept here, and so is what a CA of this vault issues. Import
              others to have them beside their keys, and to hear when they expire. To make one, open a key’s
              menu and choose Certificate….
            </EmptyState>
          )}
          {data !== undefined && certificates.length === 0 && isFiltered && (
            <p className="kr-dim" role="status">
              No certificate is like that.
            </p>
          )}
          {certificates.length > 0 && (
            <CertificateTable certificates={certificates} current={certificate} onChoose={choose} />
          )}
          {data !== undefined && data.total > certificates.length && (
            <p className="kr-dim">
              The first {certificates.length} of {plural(data.total, "certificate")}: search for the others.
            </p>
          )}
        </div>
        {certificate !== undefined && (
          <CertificateDetail
            key={certificate}
            id={certificate}
            onChoose={choose}
            onAct={open}
            onClose={() => choose(undefined)}
          />
        )}
      </div>
      {shown !== null && <CertificateDialogs shown={shown} onShow={choose} onClose={close} />}
    </div>
  );
}
