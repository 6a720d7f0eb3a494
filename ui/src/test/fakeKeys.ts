import type {
  Algorithm,
  AlgorithmView,
  CreateKeyRequest,
  KeyRowView,
  KeyState,
  KeyView,
  PolicyRequest,
  PolicyTemplate,
  PolicyView,
  Purpose,
  VersionPermissions,
  VersionView,
} from "../ipc/bindings";

const day = 86_400_000;

const symmetric: readonly Purpose[] = ["encrypt"];
const signing: readonly Purpose[] = ["sign", "authenticate"];

const shapes: Record<Algorithm, { purposes: readonly Purpose[]; bits: number; quantumSafe: boolean }> = {
  "aes-128-gcm": { purposes: [...symmetric, "derive"], bits: 128, quantumSafe: false },
  "aes-192-gcm": { purposes: [...symmetric, "derive"], bits: 192, quantumSafe: false },
  "aes-256-gcm": { purposes: [...symmetric, "derive"], bits: 256, quantumSafe: true },
  "chacha20-poly1305": { purposes: symmetric, bits: 256, quantumSafe: true },
  "aes-256-kwp": { purposes: ["wrap"], bits: 256, quantumSafe: true },
  "hmac-sha256": { purposes: ["mac", "derive"], bits: 256, quantumSafe: true },
  "hmac-sha384": { purposes: ["mac", "derive"], bits: 384, quantumSafe: true },
  "hmac-sha512": { purposes: ["mac", "derive"], bits: 512, quantumSafe: true },
  "rsa-2048": { purposes: [...signing, "encrypt", "wrap"], bits: 112, quantumSafe: false },
  "rsa-3072": { purposes: [...signing, "encrypt", "wrap"], bits: 128, quantumSafe: false },
  "rsa-4096": { purposes: [...signing, "encrypt", "wrap"], bits: 150, quantumSafe: false },
  "ec-p256": { purposes: [...signing, "agree"], bits: 128, quantumSafe: false },
  "ec-p384": { purposes: [...signing, "agree"], bits: 192, quantumSafe: false },
  "ec-p521": { purposes: [...signing, "agree"], bits: 256, quantumSafe: false },
  "ec-secp256k1": { purposes: ["sign"], bits: 128, quantumSafe: false },
  ed25519: { purposes: signing, bits: 128, quantumSafe: false },
  x25519: { purposes: ["agree"], bits: 128, quantumSafe: false },
  "ml-kem-512": { purposes: ["agree", "wrap"], bits: 128, quantumSafe: true },
  "ml-kem-768": { purposes: ["agree", "wrap"], bits: 192, quantumSafe: true },
  "ml-kem-1024": { purposes: ["agree", "wrap"], bits: 256, quantumSafe: true },
  "ml-dsa-44": { purposes: ["sign"], bits: 128, quantumSafe: true },
  "ml-dsa-65": { purposes: ["sign"], bits: 192, quantumSafe: true },
  "ml-dsa-87": { purposes: ["sign"], bits: 256, quantumSafe: true },
};

const cnsa: readonly Algorithm[] = [
  "aes-256-gcm",
  "aes-256-kwp",
  "hmac-sha384",
  "hmac-sha512",
  "ml-kem-1024",
  "ml-dsa-87",
];

export const templateTitles: Record<PolicyTemplate, [title: string, description: string]> = {
  "nist-sp-800-57": ["NIST SP 800-57", "The cryptoperiods that NIST recommends for each kind of key."],
  "pci-dss": ["PCI DSS 4.0.1", "Yearly rotation, as card data asks for."],
  hipaa: ["HIPAA safeguard", "Two years, with warnings two months ahead."],
  "cnsa-2.0": ["CNSA 2.0", "Only algorithms that withstand a quantum computer."],
  personal: ["Personal", "Long periods, and warnings only."],
};

export const algorithms: AlgorithmView[] = (Object.keys(shapes) as Algorithm[]).map((name) => ({
  name,
  purposes: [...shapes[name].purposes],
  strengthBits: shapes[name].bits,
  quantumSafe: shapes[name].quantumSafe,
  templates: (Object.keys(templateTitles) as PolicyTemplate[]).filter(
    (template) => template !== "cnsa-2.0" || cnsa.includes(name),
  ),
}));

export function algorithmSuits(algorithm: Algorithm, purpose: Purpose): boolean {
  return shapes[algorithm].purposes.includes(purpose);
}

export function policyOf(request: PolicyRequest = {}): PolicyView {
  const template = request.template ?? "nist-sp-800-57";
  const originatorUsage = template === "pci-dss" ? "P1Y" : template === "personal" ? "P5Y" : "P2Y";
  const given = (period: string | undefined, fallback: string | null) =>
    period === undefined ? fallback : period === "" ? null : period;
  return {
    template,
    title: templateTitles[template][0],
    originatorUsage: given(request.originatorUsage, originatorUsage),
    recipientUsage: given(request.recipientUsage, "P5Y"),
    overlap: given(request.overlap, null),
    warnBefore: request.warnBefore ?? "P30D",
    endsUse: request.endsUse ?? false,
  };
}

/** When a period that began then ends; months and years are counted roughly. */
export function afterPeriod(begin: string, period: string): string {
  const [, years = "0", months = "0", days = "0"] = period.match(/^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?/) ?? [];
  const end = new Date(begin);
  end.setUTCFullYear(end.getUTCFullYear() + Number(years), end.getUTCMonth() + Number(months));
  return new Date(end.getTime() + Number(days) * day).toISOString();
}

export function makeKey(id: string, request: CreateKeyRequest, now: Date): KeyView {
  const createdAt = now.toISOString();
  const key: KeyView = {
    id,
    name: request.name,
    purpose: request.purpose,
    algorithm: request.algorithm,
    strengthBits: shapes[request.algorithm].bits,
    quantumSafe: shapes[request.algorithm].quantumSafe,
    exportable: request.exportable ?? false,
    state: "active",
    primaryVersion: 1,
    owner: request.owner ?? "",
    note: request.note ?? "",
    tags: [...(request.tags ?? [])].sort(),
    whereUsed: request.whereUsed ?? [],
    fields: request.fields ?? [],
    policy: policyOf(request.policy),
    createdAt,
    lastUsedAt: null,
    rotateBy: null,
    revision: 1,
    versions: [],
    publicFormats: isPublic(request.algorithm) ? ["spki-pem", "openssh-public", "jwk", "openpgp"] : [],
    privateFormats: isPublic(request.algorithm)
      ? ["pkcs8-pem", "pkcs8-der", "openssh", "jwk", "pkcs12", "openpgp"]
      : ["raw", "hex", "base64", "jwk"],
    protectableFormats: isPublic(request.algorithm)
      ? ["pkcs8-pem", "pkcs8-der", "openssh", "jwk", "pkcs12", "openpgp"]
      : ["jwk"],
    protectedFormats: isPublic(request.algorithm) ? ["pkcs12"] : [],
    scryptFormats: isPublic(request.algorithm) ? ["pkcs8-pem", "pkcs8-der"] : [],
    signsCertificates:
      /^(rsa-|ec-p|ed25519)/.test(request.algorithm) && ["sign", "authenticate"].includes(request.purpose),
  };
  key.versions = [makeVersion(key, 1, now, request.activateAt ?? null)];
  settle(key);
  return key;
}

export function makeVersion(
  key: KeyView,
  version: number,
  now: Date,
  activateAt: string | null = null,
): VersionView {
  const createdAt = now.toISOString();
  const later = activateAt !== null && new Date(activateAt) > now;
  const begin = later ? activateAt : createdAt;
  const print = `${key.id}${version}`.replace(/[^0-9a-z]/g, "").repeat(8);
  return {
    version,
    state: later ? "pre_active" : "active",
    createdAt,
    activateAt: later ? activateAt : null,
    activatedAt: later ? null : createdAt,
    suspendedAt: null,
    deactivateAt: null,
    deactivatedAt: null,
    compromisedAt: null,
    compromiseReason: null,
    destroyScheduledAt: null,
    destroyedAt: null,
    replacedBy: null,
    origin: "generated",
    generator: "Keyreeve 0.1.0",
    creator: "passphrase",
    originatorUsageEnd:
      key.policy.originatorUsage === null ? null : afterPeriod(begin, key.policy.originatorUsage),
    recipientUsageEnd:
      key.policy.recipientUsage === null ? null : afterPeriod(begin, key.policy.recipientUsage),
    fingerprints: isPublic(key.algorithm)
      ? { "ssh-sha256": `SHA256:${print.slice(0, 43)}`, "spki-sha256": print.slice(0, 64) }
      : {},
    kcv: isPublic(key.algorithm) ? null : "A17C3E",
    publicKey: isPublic(key.algorithm)
      ? `-----BEGIN PUBLIC KEY-----\n${print.slice(0, 60)}\n-----END PUBLIC KEY-----\n`
      : null,
    encryptions: 0,
    backups: [],
    permissions: permissionsOf("active"),
  };
}

/** Brings what follows from the versions up to date. */
export function settle(key: KeyView): void {
  for (const version of key.versions) version.permissions = permissionsOf(version.state);
  const primary = key.versions.find(({ version }) => version === key.primaryVersion);
  if (primary === undefined) return;
  key.state = primary.state;
  key.rotateBy =
    primary.state === "active" || primary.state === "suspended" ? primary.originatorUsageEnd : null;
}

function permissionsOf(state: KeyState): VersionPermissions {
  switch (state) {
    case "pre_active":
      return { protect: "no", process: "no", export: "yes" };
    case "active":
      return { protect: "yes", process: "yes", export: "yes" };
    case "suspended":
      return { protect: "no", process: "warn", export: "no" };
    case "deactivated":
      return { protect: "no", process: "yes", export: "no" };
    case "compromised":
      return { protect: "no", process: "override", export: "no" };
    case "destroyed":
      return { protect: "no", process: "no", export: "no" };
  }
}

export function rowOf(key: KeyView): KeyRowView {
  const scheduled = key.versions.flatMap(({ destroyScheduledAt }) => destroyScheduledAt ?? []).sort();
  return {
    id: key.id,
    name: key.name,
    algorithm: key.algorithm,
    purpose: key.purpose,
    state: key.state,
    rotateBy: key.rotateBy,
    destroyScheduledAt: scheduled[0] ?? null,
    createdAt: key.createdAt,
    lastUsedAt: key.lastUsedAt,
    primaryVersion: key.primaryVersion,
    owner: key.owner,
    tags: key.tags,
    revision: key.revision,
  };
}

function isPublic(algorithm: Algorithm): boolean {
  return /^(rsa|ec|ed|x2|ml)/.test(algorithm);
}
