import type {
  Algorithm,
  AuditAction,
  AuditOutcome,
  AuditSource,
  KeyState,
  PolicyTemplate,
  Purpose,
  Role,
  SmartFilter,
  WhereUsedKind,
} from "../ipc/bindings";

export const algorithmNames: Record<Algorithm, string> = {
  "aes-128-gcm": "AES-128-GCM",
  "aes-192-gcm": "AES-192-GCM",
  "aes-256-gcm": "AES-256-GCM",
  "chacha20-poly1305": "ChaCha20-Poly1305",
  "aes-256-kwp": "AES-256-KWP",
  "hmac-sha256": "HMAC-SHA-256",
  "hmac-sha384": "HMAC-SHA-384",
  "hmac-sha512": "HMAC-SHA-512",
  "rsa-2048": "RSA-2048",
  "rsa-3072": "RSA-3072",
  "rsa-4096": "RSA-4096",
  "ec-p256": "EC P-256",
  "ec-p384": "EC P-384",
  "ec-p521": "EC P-521",
  "ec-secp256k1": "EC secp256k1",
  ed25519: "Ed25519",
  x25519: "X25519",
  "ml-kem-512": "ML-KEM-512",
  "ml-kem-768": "ML-KEM-768",
  "ml-kem-1024": "ML-KEM-1024",
  "ml-dsa-44": "ML-DSA-44",
  "ml-dsa-65": "ML-DSA-65",
  "ml-dsa-87": "ML-DSA-87",
};

export const purposeNames: Record<Purpose, string> = {
  encrypt: "Encrypt",
  wrap: "Wrap keys",
  mac: "Authenticate messages (MAC)",
  sign: "Sign",
  authenticate: "Authenticate (SSH, client TLS)",
  agree: "Key agreement",
  derive: "Derive keys",
};

export const stateNames: Record<KeyState, string> = {
  pre_active: "Pre-active",
  active: "Active",
  suspended: "Suspended",
  deactivated: "Deactivated",
  compromised: "Compromised",
  destroyed: "Destroyed",
};

/** What a state means for use, in a sentence. */
export const stateMeanings: Record<KeyState, string> = {
  pre_active: "Not in use yet: its activation date has not come.",
  active: "May protect new data and process old data.",
  suspended: "Use is paused. It can be resumed.",
  deactivated: "Only decrypts, verifies and unwraps what it protected before.",
  compromised: "Someone else may know it. It must not be used.",
  destroyed: "The material is gone. The record stays.",
};

export const filterNames: Record<SmartFilter, string> = {
  expiring_soon: "Expiring soon",
  overdue: "Rotation overdue",
  expired: "Expired",
  compromised: "Compromised",
  scheduled_for_destruction: "To be destroyed",
};

export const roleNames: Record<Role, string> = {
  administrator: "Administrator",
  operator: "Operator",
  auditor: "Auditor",
};

export const roleMeanings: Record<Role, string> = {
  administrator: "Everything, including who may come in.",
  operator: "Makes, uses, rotates, revokes and exports keys; changes neither policies nor access.",
  auditor: "Reads the inventory and the audit log; never touches key material.",
};

export const templateNames: Record<PolicyTemplate, string> = {
  "nist-sp-800-57": "NIST SP 800-57",
  "pci-dss": "PCI DSS",
  hipaa: "HIPAA",
  "cnsa-2.0": "CNSA 2.0",
  personal: "Personal",
};

export const whereUsedNames: Record<WhereUsedKind, string> = {
  host: "Host",
  application: "Application",
  path: "Path",
  url: "URL",
};

export const actionNames: Record<AuditAction, string> = {
  "vault.create": "Vault created",
  "vault.unlock": "Vault unlocked",
  "vault.unlock_failed": "Unlock failed",
  "vault.lock": "Vault locked",
  "vault.restore": "Vault restored from a backup",
  "vault.accept_clock": "Clock behind the log accepted",
  "vault.accept_rollback": "Older vault accepted",
  "vault.setting": "Setting changed",
  "card.make_key": "Key made on a smartcard",
  "slot.add": "Unlock slot added",
  "slot.test": "Unlock slot tested",
  "slot.rename": "Unlock slot renamed",
  "slot.change": "Unlock slot changed",
  "slot.remove": "Unlock slot removed",
  "slot.recalibrate": "Passphrase made costlier to guess",
  "vault.rotate_material_key": "Material key rotated",
  "key.rewrap": "Key wrapped anew",
  "key.create": "Key created",
  "key.import": "Key imported",
  "key.activate": "Key activated",
  "key.rotate": "Key rotated",
  "key.suspend": "Key suspended",
  "key.resume": "Key resumed",
  "key.deactivate": "Key deactivated",
  "key.revoke": "Key reported compromised",
  "key.schedule_destruction": "Destruction scheduled",
  "key.cancel_destruction": "Destruction cancelled",
  "key.destroy": "Key destroyed",
  "key.rename": "Key renamed",
  "key.edit": "Key edited",
  "key.export_public": "Public key exported",
  "key.export": "Key material exported",
  "key.hand_over": "Key handed over",
  "key.roll_out": "Roll-out noted",
  "key.request_certificate": "Certificate requested",
  "key.self_sign": "Certificate self-signed",
  "key.issue_certificate": "Certificate issued",
  "key.issue_ssh_certificate": "OpenSSH certificate issued",
  "key.write_krl": "OpenSSH revocation list written",
  "key.sign_crl": "Revocation list signed",
  "key.reveal": "Key material revealed",
  "certificate.add": "Certificate kept",
  "certificate.attach": "Certificate attached to its key",
  "certificate.attach_issuer": "Certificate attached to its issuer",
  "certificate.renew": "Certificate renewed",
  "certificate.revoke": "Certificate revoked",
  "certificate.edit": "Certificate edited",
  "certificate.remove": "Certificate removed",
  "public_key.add": "Public key kept",
  "public_key.edit": "Public key edited",
  "public_key.remove": "Public key removed",
  "certificate.export": "Certificate exported",
  "audit.verify": "Audit log verified",
  "audit.export": "Audit log exported",
  "inventory.export": "Inventory written",
  "backup.create": "Backup created",
  "backup.verify": "Backup verified",
};

export const sourceNames: Record<AuditSource, string> = {
  gui: "Window",
  cli: "Command line",
  agent: "Agent",
  scheduler: "Schedule",
};

export const outcomeNames: Record<AuditOutcome, string> = {
  done: "Done",
  denied: "Denied",
  failed: "Failed",
};

/** What was done to a key by itself, as the end of a sentence: "was deactivated". */
export function doneWords(action: string): string {
  const name = Object.hasOwn(actionNames, action) ? actionNames[action as AuditAction] : action;
  return name.replace(/^Key /, "was ");
}
