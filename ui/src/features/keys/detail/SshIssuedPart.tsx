import { Button } from "@mantine/core";
import type { KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { CertificateBadge } from "../../../shared/CertificateBadge";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { formatDate, formatNumber } from "../../../shared/format";
import { useSession } from "../../../shared/gate";
import { isSshAuthority, refusal } from "../rules/acts";
import { useSshCertificates } from "../useSshCertificates";

/** More than anyone reads beside the list of keys; the dialog and the log have all. */
const MOST = 20;

/** What the key issued as a CA of OpenSSH; nothing where it never did. */
export function SshIssuedPart({ keyView, onRevoke }: { keyView: KeyView; onRevoke: () => void }) {
  const { role } = useSession().slot;
  const { data, error, refetch } = useSshCertificates(
    { key: keyView.id, limit: MOST },
    isSshAuthority(keyView),
  );
  if (error !== null) return <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />;
  if (data === undefined || (data.total === 0 && data.revoked.number === null)) return null;
  const more = data.total - data.certificates.length;
  return (
    <section className="kr-ssh-issued" aria-labelledby="ssh-issued-title" data-testid="ssh-issued-part">
      <header>
        <h3 id="ssh-issued-title">
          OpenSSH certificates that {keyView.versions.length > 1 ? `version ${data.version}` : "it"} issued
        </h3>
        {refusal("sshRevocation", keyView, role) === null && (
          <Button variant="default" size="xs" onClick={onRevoke} data-testid="ssh-revoke">
            Revocation list…
          </Button>
        )}
      </header>
      <ul>
        {data.certificates.map(({ serial, keyId, principals, host, validUntil, state }) => (
          <li key={serial}>
            <strong>{keyId}</strong>
            <span className="kr-dim">
              {" "}
              {host ? "host" : "user"} {principals.join(", ")}
            </span>
            <span className="kr-key-certificates-state">
              <CertificateBadge state={state} />{" "}
              <span className="kr-dim">
                {state === "revoked" ? "would have ended on" : state === "expired" ? "on" : "until"}{" "}
                {formatDate(validUntil)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="kr-dim">and {formatNumber(more)} more, older ones</p>}
    </section>
  );
}
