import type { KeptCertificateView } from "../ipc/bindings";
import "./StateBadge.css";
import { formatDate } from "./format";

type CertificateState = KeptCertificateView["state"];

export const certificateStateNames: Record<CertificateState, string> = {
  not_yet: "Not yet valid",
  valid: "Valid",
  expiring_soon: "Expires soon",
  expired: "Expired",
  revoked: "Revoked",
};

const colours: Record<CertificateState, string> = {
  not_yet: "info",
  valid: "ok",
  expiring_soon: "warn",
  expired: "bad",
  revoked: "bad",
};

const shapes: Record<CertificateState, React.ReactNode> = {
  not_yet: (
    <>
      <circle cx="6" cy="6" r="4.75" />
      <path d="M6 6V1.25A4.75 4.75 0 0 1 10.75 6Z" fill="currentColor" stroke="none" />
    </>
  ),
  valid: <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />,
  expiring_soon: (
    <>
      <circle cx="6" cy="6" r="4.75" />
      <path d="M6 3.2V6l2 1.6" />
    </>
  ),
  expired: <circle cx="6" cy="6" r="4.5" />,
  revoked: <path d="m2 2 8 8M10 2l-8 8" strokeWidth="1.75" />,
};

/** Of what use a certificate is, by shape, word and colour. */
export function CertificateBadge({ state }: { state: CertificateState }) {
  return (
    <span className="kr-state">
      <svg
        className={`kr-${colours[state]} kr-state-icon`}
        width={12}
        height={12}
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        aria-hidden="true"
        data-state={state}
      >
        {shapes[state]}
      </svg>
      <span className={`kr-${colours[state]}`}>{certificateStateNames[state]}</span>
    </span>
  );
}

/** When it ends, or ended before its time. */
export function certificateEnd({ state, notBefore, notAfter, revokedAt }: KeptCertificateView): string {
  if (state === "revoked") return `on ${formatDate(revokedAt ?? notAfter)}`;
  if (state === "not_yet") return `from ${formatDate(notBefore)}`;
  return `${state === "expired" ? "on" : "until"} ${formatDate(notAfter)}`;
}

/** The common name of a subject, or all of it where there is none. */
export function commonName(subject: string): string {
  const found = /(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(subject)?.[1]?.replace(/\\(.)/g, "$1");
  return found ?? (subject === "" ? "Nobody by name" : subject);
}
