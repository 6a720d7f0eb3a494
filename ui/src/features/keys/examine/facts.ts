import type {
  CertificateView,
  FoundKind,
  FoundView,
  RevocationListView,
  SshCertificateView,
} from "../../../ipc/bindings";
import { formatDateTime } from "../../../shared/format";
import { publicAlgorithmName } from "../../../shared/PublicAlgorithm";

/** Something that is said of what was found. */
export interface Fact {
  label: string;
  value: string;
  /** Whether it is read letter by letter, and worth copying. */
  exact?: boolean;
}

const KINDS: Record<FoundKind, string> = {
  private: "Private key",
  symmetric: "Symmetric key",
  public: "Public key",
  certificate: "Certificate",
  certificate_request: "Certificate request",
  revocation_list: "Revocation list",
  ssh_certificate: "OpenSSH certificate",
  locked: "Encrypted private key",
  other: "",
};

const FINGERPRINTS: readonly [name: string, label: string][] = [
  ["ssh-sha256", "SSH fingerprint"],
  ["openpgp", "OpenPGP fingerprint"],
  ["sha256", "SHA-256 fingerprint"],
  ["sha1", "SHA-1 fingerprint"],
  ["spki-sha256", "Public key's SHA-256"],
  ["jwk-thumbprint", "JWK thumbprint"],
];

/** All that is known of an item, in the order in which one asks for it. */
export function factsOf(item: FoundView): Fact[] {
  const facts: Fact[] = [
    { label: "Kind", value: KINDS[item.kind] },
    // What is a certificate is one in form too.
    { label: "Form", value: item.certificate === null ? item.formTitle : "" },
    { label: "File", value: item.file },
    ...(item.certificate === null ? [] : certificateFacts(item.certificate)),
    ...(item.revocationList === null ? [] : listFacts(item.revocationList)),
    ...(item.sshCertificate === null ? [] : sshCertificateFacts(item.sshCertificate)),
    { label: "Key", value: publicAlgorithmName(item.algorithm, item.foreign) },
    { label: "Strength", value: item.strengthBits === null ? "" : `${item.strengthBits} bits` },
    { label: "Comment", value: item.comment ?? "" },
    { label: "Check value", value: item.kcv ?? "", exact: true },
    ...FINGERPRINTS.map(([name, label]) => ({
      label,
      value: asPrinted(name, item.fingerprints[name] ?? ""),
      exact: true,
    })),
  ];
  return facts.filter(({ value }) => value !== "");
}

function certificateFacts(said: CertificateView): Fact[] {
  const authority =
    said.authority === null
      ? ""
      : !said.authority
        ? "No"
        : said.pathLength === null
          ? "Yes"
          : `Yes, with at most ${said.pathLength} below it`;
  const extensions = said.otherExtensions.map(({ name, critical }) =>
    critical ? `${name} (critical)` : name,
  );
  return [
    { label: "Subject", value: said.subject },
    { label: "Issuer", value: said.issuer ?? "" },
    { label: "Valid from", value: said.notBefore === null ? "" : formatDateTime(said.notBefore) },
    { label: "Valid until", value: said.notAfter === null ? "" : formatDateTime(said.notAfter) },
    { label: "Names", value: said.alternativeNames.join(", ") },
    { label: "Key usage", value: said.keyUsage.join(", ") },
    { label: "For", value: said.extendedKeyUsage.join(", ") },
    { label: "Authority", value: authority },
    { label: "Signed with", value: said.signatureAlgorithm },
    { label: "Serial number", value: said.serial ?? "", exact: true },
    { label: "Key identifier", value: said.subjectKeyId ?? "", exact: true },
    { label: "Issuer's key", value: said.authorityKeyId ?? "", exact: true },
    { label: "Other extensions", value: extensions.join(", ") },
  ];
}

function listFacts(said: RevocationListView): Fact[] {
  return [
    { label: "Issuer", value: said.issuer },
    { label: "Made", value: formatDateTime(said.thisUpdate) },
    { label: "Next list by", value: said.nextUpdate === null ? "" : formatDateTime(said.nextUpdate) },
    { label: "Number", value: said.number ?? "", exact: true },
    { label: "Certificates", value: `${said.total}` },
    { label: "Revoked", value: said.revoked.join("; ") },
  ];
}

function sshCertificateFacts(said: SshCertificateView): Fact[] {
  return [
    { label: "For", value: said.host ? "A host" : "A user" },
    { label: "Identifier", value: said.keyId },
    { label: "Principals", value: said.principals.length === 0 ? "Everyone" : said.principals.join(", ") },
    { label: "Valid from", value: said.validAfter === null ? "Always" : formatDateTime(said.validAfter) },
    {
      label: "Valid until",
      value: said.validBefore === null ? "For ever" : formatDateTime(said.validBefore),
    },
    { label: "Limits", value: said.criticalOptions.join("; ") },
    { label: "Permits", value: said.extensions.join(", ") },
    { label: "Serial number", value: said.serial, exact: true },
    { label: "Authority's key", value: said.authority, exact: true },
  ];
}

/** Certificates' fingerprints stand in pairs with colons, as browsers and openssl print them. */
function asPrinted(name: string, value: string): string {
  return name === "sha256" || name === "sha1"
    ? (value.toUpperCase().match(/.{2}/g)?.join(":") ?? value)
    : value;
}

/** A line of both items' facts. */
export interface ComparedFact {
  label: string;
  left: string;
  right: string;
  exact: boolean;
  same: boolean;
}

/** The facts of two items side by side. */
export function compared(left: FoundView, right: FoundView): ComparedFact[] {
  const [lefts, rights] = [factsOf(left), factsOf(right)];
  const value = (facts: Fact[], label: string) => facts.find((fact) => fact.label === label)?.value ?? "";
  // Every label in the order that both have, and where only one has it after the one before.
  const labels = lefts.map(({ label }) => label);
  for (const [index, { label }] of rights.entries()) {
    if (labels.includes(label)) continue;
    const before = rights[index - 1]?.label;
    labels.splice(before === undefined ? 0 : labels.indexOf(before) + 1, 0, label);
  }
  return labels.map((label) => {
    const [one, other] = [value(lefts, label), value(rights, label)];
    const exact = [...lefts, ...rights].some((fact) => fact.label === label && fact.exact === true);
    return { label, left: one, right: other, exact, same: one === other };
  });
}

/** What to call an item in a list. */
export function titleOf(item: FoundView): string {
  return item.certificate === null ? item.name : commonName(item.certificate.subject) || item.name;
}

function commonName(subject: string): string {
  return /(?:^|,)CN=((?:\\.|[^,\\])*)/.exec(subject)?.[1]?.replace(/\\(.)/g, "$1") ?? subject;
}

/** An item and the certificates that it issued. */
export interface Branch {
  item: FoundView;
  issued: Branch[];
}

/** Chains as trees, each under its issuer; everything else beside them. */
export function branches(items: readonly FoundView[]): Branch[] {
  const taken = new Set<number>();
  const issuer = ({ certificate }: FoundView) => certificate?.issuedBy ?? null;
  const grow = (item: FoundView): Branch => {
    taken.add(item.number);
    const issued: Branch[] = [];
    for (const other of items) {
      if (issuer(other) === item.number && !taken.has(other.number)) issued.push(grow(other));
    }
    return { item, issued };
  };
  const roots = items.filter((item) => issuer(item) === null).map(grow);
  // Certificates that name each other have no root: the first of them is taken for it.
  for (const item of items) {
    if (!taken.has(item.number)) roots.push(grow(item));
  }
  return roots;
}
