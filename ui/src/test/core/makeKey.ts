import type {
  CreateKeyRequest,
  KeyRowView,
  KeyState,
  KeyView,
  VersionPermissions,
  VersionView,
} from "../../ipc/bindings";
import { isPublic, policyOf, shapes } from "./algorithms";
import { afterPeriod } from "./time";

export function makeKey(id: string, request: CreateKeyRequest, now: Date): KeyView {
  const { name, purpose, algorithm } = request;
  const { bits, quantumSafe } = shapes[algorithm];
  const isPair = isPublic(algorithm);
  const privateFormats = isPair
    ? ["pkcs8-pem", "pkcs8-der", "openssh", "jwk", "pkcs12", "openpgp"]
    : ["raw", "hex", "base64", "jwk"];
  const key: KeyView = {
    id,
    name,
    purpose,
    algorithm,
    strengthBits: bits,
    quantumSafe,
    exportable: request.exportable ?? false,
    state: "active",
    primaryVersion: 1,
    owner: request.owner ?? "",
    note: request.note ?? "",
    tags: [...(request.tags ?? [])].sort(),
    whereUsed: request.whereUsed ?? [],
    fields: request.fields ?? [],
    policy: policyOf(request.policy),
    createdAt: now.toISOString(),
    lastUsedAt: null,
    rotateBy: null,
    revision: 1,
    versions: [],
    publicFormats: isPair ? ["spki-pem", "openssh-public", "jwk", "openpgp"] : [],
    privateFormats,
    protectableFormats: isPair ? [...privateFormats] : ["jwk"],
    protectedFormats: isPair ? ["pkcs12"] : [],
    scryptFormats: isPair ? ["pkcs8-pem", "pkcs8-der"] : [],
    signsCertificates: /^(rsa-|ec-p|ed25519)/.test(algorithm) && ["sign", "authenticate"].includes(purpose),
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
  const isPair = isPublic(key.algorithm);
  const { originatorUsage, recipientUsage } = key.policy;
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
    originatorUsageEnd: originatorUsage === null ? null : afterPeriod(begin, originatorUsage),
    recipientUsageEnd: recipientUsage === null ? null : afterPeriod(begin, recipientUsage),
    fingerprints: isPair
      ? { "ssh-sha256": `SHA256:${print.slice(0, 43)}`, "spki-sha256": print.slice(0, 64) }
      : {},
    kcv: isPair ? null : "A17C3E",
    publicKey: isPair
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
