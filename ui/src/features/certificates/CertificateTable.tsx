import type { KeptCertificateView } from "../../ipc/bindings";
import { CertificateBadge, certificateEnd, commonName } from "../../shared/CertificateBadge";
import { moveFocus } from "./moveFocus";

interface CertificateTableProps {
  certificates: readonly KeptCertificateView[];
  current: string | undefined;
  onChoose: (id: string) => void;
}

/** The certificates as rows; the arrow keys go from one to the next, and Enter opens it. */
export function CertificateTable({ certificates, current, onChoose }: CertificateTableProps) {
  return (
    <table className="kr-certificate-table" onKeyDown={moveFocus} data-testid="certificate-table">
      <thead>
        <tr>
          <th scope="col">Subject</th>
          <th scope="col">State</th>
          <th scope="col">Key</th>
          <th scope="col" className="kr-certificate-issuer">
            Issuer
          </th>
        </tr>
      </thead>
      <tbody>
        {certificates.map((one) => (
          // The button is for the keyboard; a click may fall anywhere in the row.
          <tr key={one.id} data-current={one.id === current || undefined} onClick={() => onChoose(one.id)}>
            <td>
              <button
                type="button"
                aria-current={one.id === current || undefined}
                title={one.subject}
                data-testid={`certificate-${commonName(one.subject)}`}
              >
                {commonName(one.subject)}
              </button>
              {one.authority && <span className="kr-certificate-mark">CA</span>}
            </td>
            <td>
              <CertificateBadge state={one.state} /> <span className="kr-dim">{certificateEnd(one)}</span>
            </td>
            <td className="kr-cut">
              {one.key === null ? (
                <span className="kr-dim">not in this vault</span>
              ) : (
                `${one.key.name} v${one.key.version}`
              )}
            </td>
            <td className="kr-certificate-issuer kr-cut" title={one.issuer}>
              {one.origin === "self_signed" ? <span className="kr-dim">itself</span> : commonName(one.issuer)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
