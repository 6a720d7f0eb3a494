import type { VersionView } from "../../../ipc/bindings";
import { CopyButton } from "../../../shared/CopyButton";
import "./Fingerprints.css";

const NAMES: Record<string, string> = {
  "ssh-sha256": "SSH fingerprint",
  "spki-sha256": "SPKI SHA-256",
  "jwk-thumbprint": "JWK thumbprint",
  "cmac-kcv": "CMAC check value",
};

/** By what people recognise a key: its check value and fingerprints, to read aloud and to copy. */
export function Fingerprints({ version }: { version: VersionView }) {
  const entries = Object.entries(version.fingerprints).filter(([, value]) => value !== version.kcv);
  return (
    <dl className="kr-fingerprints">
      {version.kcv !== null && <Fingerprint term="Check value" value={grouped(version.kcv)} />}
      {entries.map(([name, value]) => (
        <Fingerprint key={name} term={NAMES[name] ?? name} value={value} />
      ))}
    </dl>
  );
}

function Fingerprint({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton
          text={value}
          what={term
            .toLowerCase()
            .replace("ssh", "SSH")
            .replace("spki sha", "SPKI SHA")
            .replace("jwk", "JWK")
            .replace("cmac", "CMAC")}
        />
      </dd>
    </div>
  );
}

/** A short check value in pairs, as payment people read it out: "A1 7C 3E". */
function grouped(kcv: string): string {
  return /^[0-9a-f]{4,16}$/i.test(kcv)
    ? (kcv
        .toUpperCase()
        .match(/.{1,2}/g)
        ?.join(" ") ?? kcv)
    : kcv;
}
