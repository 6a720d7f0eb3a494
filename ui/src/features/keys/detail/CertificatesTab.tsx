import { Button } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import type { KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { CertificateBadge, certificateEnd, commonName } from "../../../shared/CertificateBadge";
import { EmptyState } from "../../../shared/EmptyState";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { useNavigation } from "../../../shared/navigation";
import { useCertificates } from "../../../shared/queries";
import "./CertificatesTab.css";
import { SshIssuedPart } from "./SshIssuedPart";

interface CertificatesTabProps {
  keyView: KeyView;
  onCertify: () => void;
  onRevoke: () => void;
}

/** The certificates of a key's versions, and what it issued for OpenSSH. */
export function CertificatesTab({ keyView, onCertify, onRevoke }: CertificatesTabProps) {
  return (
    <>
      <SshIssuedPart keyView={keyView} onRevoke={onRevoke} />
      <OwnCertificates keyView={keyView} onCertify={onCertify} />
    </>
  );
}

/** The certificates of a key's versions, which lead to their section. */
function OwnCertificates({ keyView, onCertify }: Omit<CertificatesTabProps, "onRevoke">) {
  const { go } = useNavigation();
  const { data, error, refetch } = useCertificates({ key: keyView.id });
  if (error !== null) return <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  const make = keyView.signsCertificates && (
    <Button variant="default" onClick={onCertify} data-testid="key-certify">
      Make one…
    </Button>
  );
  if (data.certificates.length === 0) {
    return (
      <EmptyState icon={IconCertificate} title="No certificate of this key" action={make}>
        What this key signs for itself, and what is issued for it, is kept here.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="kr-key-certificates" aria-label="Certificates of this key">
        {data.certificates.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => go({ section: "certificates", certificate: one.id })}>
              <strong>{commonName(one.subject)}</strong>
              <span className="kr-dim">
                {" "}
                by {commonName(one.issuer)}, version {one.key?.version}
              </span>
              <span className="kr-key-certificates-state">
                <CertificateBadge state={one.state} /> <span className="kr-dim">{certificateEnd(one)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {make}
    </>
  );
}
