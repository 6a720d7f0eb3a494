import type { VersionView } from "../ipc/bindings";
import { CopyButton } from "./CopyButton";
import "./Fingerprints.css";
import type { Definition } from "./Page";

const NAMES: Record<string, string> = {
  "ssh-sha256": "SSH fingerprint",
  "spki-sha256": "SPKI SHA-256",
  "jwk-thumbprint": "JWK thumbprint",
  "cmac-kcv": "CMAC check",
};

/** By what the tools of each kind recognise a key. */
export function fingerprintItems(version: Pick<VersionView, "fingerprints" | "kcv">): Definition[] {
  return Object.entries(version.fingerprints)
    .filter(([, value]) => value !== version.kcv)
    .map(([name, value]) => {
      const term = NAMES[name] ?? name;
      return { term, value: <Copyable text={value} what={term} /> };
    });
}

/** The key check value in pairs, as payment people read it out: "A1 7C 3E". */
export function CheckValue({ kcv }: { kcv: string }) {
  const pairs = /^[0-9a-f]{4,16}$/i.test(kcv)
    ? (kcv
        .toUpperCase()
        .match(/.{1,2}/g)
        ?.join(" ") ?? kcv)
    : kcv;
  return <Copyable text={pairs} what="check value" />;
}

function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <span className="kr-copyable">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
