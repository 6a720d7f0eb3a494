import type { KeyboardEvent } from "react";
import type { KeptCertificateView } from "../../ipc/bindings";
import { CertificateBadge, certificateEnd, commonName } from "../../shared/CertificateBadge";

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

function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const next = buttons[at + step];
  if (step === 0 || at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
