// Generated from Rust by `npm run bindings`; do not edit.

import { call } from "./call";

export const AlgorithmValues = ["aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "chacha20-poly1305", "aes-256-kwp", "hmac-sha256", "hmac-sha384", "hmac-sha512", "rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ec-secp256k1", "ed25519", "x25519", "ml-kem-512", "ml-kem-768", "ml-kem-1024", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"] as const;
export type Algorithm = (typeof AlgorithmValues)[number];

export const PurposeValues = ["encrypt", "wrap", "mac", "sign", "authenticate", "agree", "derive"] as const;
export type Purpose = (typeof PurposeValues)[number];

export const KeyStateValues = ["pre_active", "active", "suspended", "deactivated", "compromised", "destroyed"] as const;
export type KeyState = (typeof KeyStateValues)[number];

export const PolicyTemplateValues = ["nist-sp-800-57", "pci-dss", "hipaa", "cnsa-2.0", "personal"] as const;
export type PolicyTemplate = (typeof PolicyTemplateValues)[number];

export const AuditActionValues = ["vault.create", "vault.unlock", "vault.unlock_failed", "vault.lock", "vault.restore", "vault.accept_clock", "vault.accept_rollback", "vault.setting", "vault.rotate_material_key", "slot.add", "slot.test", "slot.rename", "slot.change", "slot.recalibrate", "slot.remove", "card.make_key", "key.create", "key.import", "key.activate", "key.rotate", "key.suspend", "key.resume", "key.deactivate", "key.revoke", "key.schedule_destruction", "key.cancel_destruction", "key.destroy", "key.rewrap", "key.rename", "key.edit", "key.export_public", "key.export", "key.hand_over", "key.roll_out", "key.request_certificate", "key.self_sign", "key.issue_certificate", "key.issue_ssh_certificate", "key.sign_crl", "key.write_krl", "key.reveal", "certificate.add", "certificate.attach", "certificate.attach_issuer", "certificate.renew", "certificate.revoke", "certificate.export", "certificate.edit", "certificate.remove", "public_key.add", "public_key.edit", "public_key.remove", "audit.verify", "audit.export", "inventory.export", "backup.create", "backup.verify"] as const;
export type AuditAction = (typeof AuditActionValues)[number];

export const RoleValues = ["administrator", "operator", "auditor"] as const;
export type Role = (typeof RoleValues)[number];

export const SlotKindValues = ["passphrase", "os_keyring", "piv_card", "openpgp_card", "recovery", "all_of"] as const;
export type SlotKind = (typeof SlotKindValues)[number];

export const PermissionValues = ["yes", "warn", "override", "no"] as const;
export type Permission = (typeof PermissionValues)[number];

export const WhereUsedKindValues = ["host", "application", "path", "url"] as const;
export type WhereUsedKind = (typeof WhereUsedKindValues)[number];

export const SortByValues = ["name", "algorithm", "purpose", "state", "rotate_by", "created_at"] as const;
export type SortBy = (typeof SortByValues)[number];

export const SmartFilterValues = ["expiring_soon", "overdue", "expired", "compromised", "scheduled_for_destruction"] as const;
export type SmartFilter = (typeof SmartFilterValues)[number];

export const AuditSourceValues = ["gui", "cli", "agent", "scheduler"] as const;
export type AuditSource = (typeof AuditSourceValues)[number];

export const AuditObjectKindValues = ["vault", "slot", "key", "audit", "backup", "certificate"] as const;
export type AuditObjectKind = (typeof AuditObjectKindValues)[number];

export const AuditOutcomeValues = ["done", "denied", "failed"] as const;
export type AuditOutcome = (typeof AuditOutcomeValues)[number];

/**
 * Adds a slot.
 */
export type AddSlotRequest = { 
/**
 * The slot's name.
 */
name: string, 
/**
 * `administrator`, `operator` or `auditor`.
 */
role: Role, 
/**
 * What it asks for: one thing, or each of several.
 */
parts: Array<NewSlotPart>, 
/**
 * Who is there, shown again.
 */
proof: Credentials, };

/**
 * What the algorithms and purposes are, for forms.
 */
export type AlgorithmView = { 
/**
 * The name.
 */
name: Algorithm, 
/**
 * The purposes it serves; the first is the usual one.
 */
purposes: Array<Purpose>, 
/**
 * Security strength in bits.
 */
strengthBits: number, 
/**
 * Whether no known quantum attack breaks it.
 */
quantumSafe: boolean, 
/**
 * The policy templates that allow it.
 */
templates: Array<PolicyTemplate>, };

/**
 * About the app.
 */
export type AppInfo = { 
/**
 * The app's version.
 */
version: string, 
/**
 * Where a new vault is proposed.
 */
defaultVaultPath: string, 
/**
 * Where a new backup is proposed.
 */
defaultBackupFolder: string, 
/**
 * Whether this is a build for development.
 */
debug: boolean, };

/**
 * Names a file to write; it must not exist.
 */
export type AuditExportRequest = { 
/**
 * The file.
 */
out: string, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * A log that was exported.
 */
export type AuditExportResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * How many entries it has.
 */
entries: number, 
/**
 * Its size in bytes.
 */
bytes: number, };

/**
 * Asks for a proof.
 */
export type AuditProveRequest = { 
/**
 * The entry to prove included.
 */
entry?: number, 
/**
 * The older size to prove consistent.
 */
sinceSize?: number, };

/**
 * A proof that anyone can check against a checkpoint (RFC 9162).
 */
export type AuditProveResponse = { 
/**
 * `inclusion` or `consistency`.
 */
kind: string, 
/**
 * The size of the tree the proof is for.
 */
size: number, 
/**
 * That tree's root in hexadecimal.
 */
root: string, 
/**
 * The entry's position, or the older size.
 */
of: number, 
/**
 * The entry's leaf hash, or the older root, in hexadecimal.
 */
hash: string, 
/**
 * The entry's encoded line; absent in a consistency proof.
 */
entry: string | null, 
/**
 * The nodes in hexadecimal.
 */
proof: Array<string>, 
/**
 * A checkpoint of this very tree, a signed note.
 */
checkpoint: string, };

/**
 * The outcome of verifying the log and the state that it vouches for.
 */
export type AuditVerifyResponse = { 
/**
 * Always true: anything else is an error.
 */
ok: boolean, 
/**
 * How many entries.
 */
size: number, 
/**
 * The tree's root in hexadecimal.
 */
root: string, 
/**
 * The newest checkpoint, a signed note.
 */
checkpoint: string | null, 
/**
 * How many checkpoints were checked.
 */
checkpoints: number, 
/**
 * How many keys were compared with what the log says of them; absent for an exported log,
 * which has none beside it.
 */
keys?: number, 
/**
 * How many certificates were compared with it; absent like `keys`.
 */
certificates?: number, 
/**
 * How many public keys that are kept alone were; absent like `keys`.
 */
publicKeys?: number, 
/**
 * When (RFC 3339).
 */
verifiedAt: string, };

/**
 * The backups the vault knows of, newest first.
 */
export type BackupListResponse = { 
/**
 * The backups.
 */
backups: Array<BackupView>, 
/**
 * Keys made or changed since the newest backup.
 */
eventsSince: number, };

/**
 * A backup the vault knows of.
 */
export type BackupView = { 
/**
 * A number that grows.
 */
id: number, 
/**
 * When it was made (RFC 3339).
 */
time: string, 
/**
 * Where it was written.
 */
file: string, 
/**
 * Whether that file is still there, with the size it had.
 */
present: boolean, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * How many keys it holds.
 */
keys: number, 
/**
 * For whom it is encrypted.
 */
recipients: Array<string>, 
/**
 * When a restore last proved it (RFC 3339).
 */
verifiedAt: string | null, 
/**
 * Whether standard files are inside.
 */
standardFiles: boolean, };

/**
 * What to do with many keys at once.
 */
export type BulkChange = { "kind": "rotate" } | { "kind": "deactivate" } | { "kind": "add_tag", 
/**
 * The tag.
 */
tag: string, } | { "kind": "remove_tag", 
/**
 * The tag.
 */
tag: string, };

/**
 * Changes many keys in one transaction: all of them, or none.
 */
export type BulkChangeRequest = { 
/**
 * Which keys.
 */
selection: BulkSelection, 
/**
 * What to do.
 */
change: BulkChange, 
/**
 * Why.
 */
reason?: string, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * What a bulk change did.
 */
export type BulkChangeResponse = { 
/**
 * How many keys were changed.
 */
changed: number, 
/**
 * Keys that were left as they are because the change does not apply to them: at most 100.
 */
skipped: Array<SkippedKey>, 
/**
 * How many were left as they are.
 */
skippedTotal: number, };

/**
 * Which keys a bulk change is for.
 */
export type BulkSelection = { "kind": "keys", 
/**
 * Their identifiers.
 */
keys: Array<string>, } | { "kind": "query", 
/**
 * The question; its limit and cursor do not matter.
 */
query: KeyListRequest, };

/**
 * Asks for a key, wrapped for a cloud's key service, in a new file.
 */
export type ByokRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * Whose key service: `aws-kms`, `google-kms`, `azure-key-vault` or `transit`.
 */
target: string, 
/**
 * The file with the service's wrapping key, in PEM or DER, or with what AWS's command line answered.
 */
wrappingKey: string, 
/**
 * How it is wrapped, in the service's words; the best way that fits if absent.
 */
method?: string, 
/**
 * What the service calls its wrapping key; Azure's package names it.
 */
keyIdentifier?: string, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Who is there, shown again.
 */
proof?: Credentials, 
/**
 * Why.
 */
reason?: string, };

/**
 * A package that was written.
 */
export type ByokResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * What has to go to the service with it, in a file of its own.
 */
beside: string | null, 
/**
 * Whose key service.
 */
target: string, 
/**
 * How the key was wrapped, in the service's words.
 */
method: string, 
/**
 * Whether the service offers a better way.
 */
legacy: boolean, 
/**
 * SHA-256 of the wrapping key's `SubjectPublicKeyInfo`, in hexadecimal.
 */
wrappingKey: string, 
/**
 * What imports it; words in capitals stand for what only its owner knows.
 */
command: string, };

/**
 * Names a job.
 */
export type CancelJobRequest = { 
/**
 * The job.
 */
job: string, };

/**
 * An application on a card.
 */
export type CardApplicationView = { 
/**
 * `piv` or `openpgp`.
 */
application: string, 
/**
 * The serial number.
 */
serial: string, 
/**
 * Whether it has a PIN; what does not say is taken to have one.
 */
pinSet: boolean, 
/**
 * How many tries the PIN has left; absent where the card does not tell.
 */
triesLeft: number | null, 
/**
 * How many tries the admin PIN of an OpenPGP card has left.
 */
adminTriesLeft: number | null, 
/**
 * The algorithm of its decryption key, if it has one.
 */
key: string | null, 
/**
 * Whether that key can unlock a vault.
 */
usable: boolean, 
/**
 * The kinds of key that it could make, best first; none where it has one.
 */
makes: Array<string>, 
/**
 * Whether it waits for a touch whenever its key is used.
 */
touch: boolean, 
/**
 * The reader on whose PIN pad its PIN can be typed; absent where it has none that could.
 */
pinPad: string | null, };

/**
 * A reader, and what is in it.
 */
export type CardReaderView = { 
/**
 * The system's name for it.
 */
name: string, 
/**
 * The card in it.
 */
card: CardView | null, 
/**
 * Why the card in it cannot be looked at.
 */
problem: ErrorView | null, };

/**
 * What is seen of the cards (also told by the event `cards-seen` whenever it changes).
 */
export type CardSightView = { 
/**
 * Every reader.
 */
readers: Array<CardReaderView>, 
/**
 * Whether a card that was just put in is still being read.
 */
reading: boolean, 
/**
 * Why there is no card at all.
 */
problem: ErrorView | null, 
/**
 * The vault's slots that ask for a card.
 */
slots: Array<SlotCardView>, };

/**
 * A card.
 */
export type CardView = { 
/**
 * What it said when it was powered up, in hexadecimal.
 */
atr: string, 
/**
 * The applications on it that Keyreeve can use; none on a card of another kind.
 */
applications: Array<CardApplicationView>, };

/**
 * What forms need to know.
 */
export type CatalogueResponse = { 
/**
 * The algorithms.
 */
algorithms: Array<AlgorithmView>, 
/**
 * The policy templates.
 */
templates: Array<TemplateView>, };

/**
 * How many certificates are kept.
 */
export type CertificateCountsView = { 
/**
 * All.
 */
total: number, 
/**
 * Those that end within 30 days, and nothing is in their place yet.
 */
expiringSoon: number, 
/**
 * Those that ended, were not revoked, and nothing is in their place.
 */
expired: number, };

/**
 * A kept certificate in full.
 */
export type CertificateDetailResponse = { 
/**
 * What the vault says of it.
 */
certificate: KeptCertificateView, 
/**
 * What it says itself.
 */
says: CertificateView, 
/**
 * Its fingerprints, and those of its key.
 */
fingerprints: { [key in string]: string }, 
/**
 * All of it in PEM.
 */
pem: string, 
/**
 * Those above it, each signature checked, its issuer's first.
 */
chain: Array<KeptCertificateView>, 
/**
 * Whether the chain ends with one that names itself its issuer.
 */
chainComplete: boolean, 
/**
 * What it issued: the first 100.
 */
issued: Array<KeptCertificateView>, 
/**
 * Whether a key of the vault issued it, and nothing is in its place yet.
 */
renewable: boolean, 
/**
 * Whether a key of the vault may revoke it.
 */
revocable: boolean, 
/**
 * Whether its key may sign lists of what it revoked.
 */
signsLists: boolean, 
/**
 * Whether it may be removed.
 */
removable: boolean, };

/**
 * A version of a key that a certificate is of, or that issued it.
 */
export type CertificateKeyView = { 
/**
 * The key's identifier.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The version.
 */
version: number, };

/**
 * Asks for the kept certificates.
 */
export type CertificateListRequest = { 
/**
 * Part of the subject, the issuer, the number, the fingerprint or the description.
 */
search?: string, 
/**
 * Only those in this state.
 */
state?: string, 
/**
 * Only those of this key.
 */
key?: string, 
/**
 * How many at most; 500 if absent.
 */
limit?: number, };

/**
 * The kept certificates.
 */
export type CertificateListResponse = { 
/**
 * Those that end first before the others.
 */
certificates: Array<KeptCertificateView>, 
/**
 * How many there are, shown or not.
 */
total: number, };

/**
 * Names a certificate: by its number, or by the beginning of its identifier or fingerprint.
 */
export type CertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, };

/**
 * A request that was written.
 */
export type CertificateRequestResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, };

/**
 * A certificate that was made and is kept.
 */
export type CertificateResponse = { 
/**
 * Its identifier in the vault.
 */
certificate: string, 
/**
 * The file, if one was written.
 */
file: string | null, 
/**
 * Its size in bytes, in PEM.
 */
bytes: number, 
/**
 * For whom.
 */
subject: string, 
/**
 * Its number, in hexadecimal.
 */
serial: string, 
/**
 * From when it is valid, in UTC.
 */
notBefore: string, 
/**
 * Until when it is valid.
 */
notAfter: string, };

/**
 * What a certificate, or a request for one, says. Its signature is not verified.
 */
export type CertificateView = { 
/**
 * For whom it is, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Who issued it; `null` of a request, like the next four.
 */
issuer: string | null, 
/**
 * Its number, in hexadecimal.
 */
serial: string | null, 
/**
 * From when it is valid.
 */
notBefore: string | null, 
/**
 * Until when it is valid.
 */
notAfter: string | null, 
/**
 * Whether it is valid at this time.
 */
validity: Validity | null, 
/**
 * With what it is signed.
 */
signatureAlgorithm: string, 
/**
 * Other names, such as `DNS:example.org`.
 */
alternativeNames: Array<string>, 
/**
 * What its key may do.
 */
keyUsage: Array<string>, 
/**
 * What it is for.
 */
extendedKeyUsage: Array<string>, 
/**
 * Whether it may issue others; `null` where it does not say.
 */
authority: boolean | null, 
/**
 * How many authorities may follow below it.
 */
pathLength: number | null, 
/**
 * The identifier of its key, in hexadecimal.
 */
subjectKeyId: string | null, 
/**
 * The identifier of its issuer's key, in hexadecimal.
 */
authorityKeyId: string | null, 
/**
 * Its other extensions.
 */
otherExtensions: Array<ExtensionView>, 
/**
 * The number of the found certificate that names itself its issuer, by name and key identifier.
 */
issuedBy: number | null, };

/**
 * What the owner of a key wants a certificate, or a request for one, to say.
 */
export type CertificateWish = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * For whom, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Other names: `dns:`, `ip:`, `email:` or `uri:`, and the name.
 */
alternativeNames?: Array<string>, 
/**
 * What the key may do: `digital-signature`, `content-commitment`.
 */
keyUsage?: Array<string>, 
/**
 * What it is for: `tls-server`, `tls-client`, `code-signing`, `email`.
 */
extendedKeyUsage?: Array<string>, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * Changes a key in one of the plain ways: activate, rotate, suspend, deactivate, cancel its
 * destruction.
 */
export type ChangeKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one, or all that apply, if absent.
 */
version?: number, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * Why.
 */
reason?: string, 
/**
 * Only tells what would come of it.
 */
dryRun?: boolean, };

/**
 * Changes a slot's passphrase.
 */
export type ChangePassphraseRequest = { 
/**
 * The slot.
 */
slot: string, 
/**
 * The new passphrase.
 */
newPassphrase: string, 
/**
 * Who is there, shown again.
 */
proof: Credentials, 
/**
 * Accepts a weak passphrase.
 */
acceptWeakPassphrase?: boolean, };

/**
 * Asks how good a passphrase is.
 */
export type CheckPassphraseRequest = { 
/**
 * The passphrase.
 */
passphrase: string, };

/**
 * What guessing a passphrase costs: Argon2id's parameters.
 */
export type CostView = { 
/**
 * Memory in KiB.
 */
memoryKib: number, 
/**
 * Passes over it.
 */
passes: number, };

/**
 * Numbers for the sidebar.
 */
export type CountsView = { 
/**
 * All keys.
 */
total: number, 
/**
 * Keys by state of the primary version: pre-active, active, suspended, deactivated,
 * compromised, destroyed.
 */
byState: Array<number>, 
/**
 * Rotation due within the policy's warning time.
 */
expiringSoon: number, 
/**
 * Rotation overdue.
 */
overdue: number, 
/**
 * Period ended or retired.
 */
expired: number, 
/**
 * Compromised.
 */
compromised: number, 
/**
 * Scheduled for destruction.
 */
scheduledForDestruction: number, 
/**
 * The most used tags.
 */
tags: Array<TagCountView>, };

/**
 * Makes a backup.
 */
export type CreateBackupRequest = { 
/**
 * The file to write; it must not exist. `.keyreeve-backup.age` is appended when missing.
 */
out: string, 
/**
 * Recipients: `age1…`, `ssh-ed25519 …`, `ssh-rsa …`.
 */
recipients?: Array<string>, 
/**
 * A passphrase instead of recipients.
 */
backupPassphrase?: string, 
/**
 * Puts every exportable key inside as a standard file too.
 */
withStandardFiles?: boolean, 
/**
 * Who is there, shown again; needed for standard files.
 */
proof?: Credentials, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * A backup that was made and proven.
 */
export type CreateBackupResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * How many keys it holds.
 */
keys: number, 
/**
 * Always true: a backup that a restore does not prove is not kept.
 */
verified: boolean, };

/**
 * Makes a key, or many alike.
 */
export type CreateKeyRequest = { 
/**
 * The name; with a count, what each name begins with.
 */
name: string, 
/**
 * The algorithm.
 */
algorithm: Algorithm, 
/**
 * The purpose.
 */
purpose: Purpose, 
/**
 * Whether material may leave.
 */
exportable?: boolean, 
/**
 * The owner.
 */
owner?: string, 
/**
 * The note.
 */
note?: string, 
/**
 * The tags.
 */
tags?: Array<string>, 
/**
 * Where it is used.
 */
whereUsed?: Array<WhereUsedView>, 
/**
 * The user's own fields.
 */
fields?: Array<FieldView>, 
/**
 * The policy.
 */
policy?: PolicyRequest, 
/**
 * When it becomes active (RFC 3339); now if absent.
 */
activateAt?: string, 
/**
 * How many to make: names get `-000001` and so on.
 */
count?: number, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * Keys that were made.
 */
export type CreateKeysResponse = { 
/**
 * The first 100 of them.
 */
keys: Array<KeyRowView>, 
/**
 * How many were made.
 */
created: number, };

/**
 * Makes a vault.
 */
export type CreateVaultRequest = { 
/**
 * The folder to make; `.keyreeve` is appended when missing.
 */
path: string, 
/**
 * The first slot's passphrase.
 */
passphrase: string, 
/**
 * The first slot's name.
 */
slotName?: string, 
/**
 * Accepts a weak passphrase.
 */
acceptWeakPassphrase?: boolean, };

/**
 * What someone who wants in can show: to unlock, and to prove again who is there.
 */
export type Credentials = { 
/**
 * A passphrase.
 */
passphrase?: string, 
/**
 * A card's PIN. An empty one says: it is typed on the reader's PIN pad.
 */
pin?: string, 
/**
 * The card to use, by its serial number; the one that fits, if absent.
 */
card?: string, 
/**
 * Recovery shares in any order, or one recovery code.
 */
recovery?: Array<string>, 
/**
 * Whether the operating system's keyring may be asked.
 */
keyring?: boolean, };

/**
 * The unlocked vault, if one is.
 */
export type CurrentSessionResponse = { 
/**
 * The vault; `null` when locked.
 */
session: SessionView | null, 
/**
 * Milliseconds until the idle lock; `null` when locked.
 */
locksInMs: number | null, };

/**
 * Changes what people say of something that is kept; what is absent stays.
 */
export type DescriptionRequest = { 
/**
 * Who answers for it.
 */
owner?: string, 
/**
 * A note.
 */
note?: string, 
/**
 * Its tags, in place of those that are there.
 */
tags?: Array<string>, };

/**
 * What people say of something that is kept.
 */
export type DescriptionView = { 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * A note.
 */
note: string, 
/**
 * Its tags.
 */
tags: Array<string>, };

/**
 * Schedules the destruction of a key's material.
 */
export type DestroyKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; every one that has material if absent.
 */
version?: number, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * How many days to wait, 7 to 90; 30 if absent.
 */
waitDays?: number, 
/**
 * Why.
 */
reason?: string, };

/**
 * A holder of a key.
 */
export type DistributionItem = { 
/**
 * What kind.
 */
kind: HolderKind, 
/**
 * What tells it from the others: a place as `host=…`, or a recipient's fingerprint.
 */
id: string, 
/**
 * What a recipient's key said of whose it is.
 */
name: string | null, 
/**
 * How the key came there.
 */
how: string | null, 
/**
 * The newest version that it is known to have.
 */
version: number | null, 
/**
 * Since when.
 */
time: string | null, 
/**
 * Why it got the key.
 */
reason: string | null, 
/**
 * Whether that is the primary version.
 */
upToDate: boolean, };

/**
 * Asks who has a key.
 */
export type DistributionRequest = { 
/**
 * The key.
 */
key: string, };

/**
 * Who has a key.
 */
export type DistributionResponse = { 
/**
 * The version that they should have.
 */
primaryVersion: number, 
/**
 * How many have another one, or none that is known of.
 */
behind: number, 
/**
 * Those first that are behind.
 */
holders: Array<DistributionItem>, 
/**
 * The event, when something was noted.
 */
auditSeq: number | null, };

/**
 * What fell due and was done.
 */
export type DueDone = { 
/**
 * The audit action.
 */
action: string, 
/**
 * The key's identifier.
 */
key: string, 
/**
 * The key's name.
 */
name: string, 
/**
 * The version.
 */
version: number, };

/**
 * Changes what people say of a certificate.
 */
export type EditCertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, 
/**
 * Its description.
 */
description: DescriptionRequest, };

/**
 * Changes a key's descriptive parts or policy; absent parts stay.
 */
export type EditKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * The owner.
 */
owner?: string, 
/**
 * The note.
 */
note?: string, 
/**
 * All tags.
 */
tags?: Array<string>, 
/**
 * All where-used entries.
 */
whereUsed?: Array<WhereUsedView>, 
/**
 * All custom fields.
 */
fields?: Array<FieldView>, 
/**
 * The policy.
 */
policy?: PolicyRequest, 
/**
 * Who is there, shown again; needed for another policy.
 */
proof?: Credentials, };

/**
 * Changes the name or the description of a public key that is kept alone.
 */
export type EditKnownKeyRequest = { 
/**
 * The public key.
 */
publicKey: string, 
/**
 * Its new name.
 */
name?: string, 
/**
 * Its description.
 */
description?: DescriptionRequest, };

/**
 * What went wrong, for programs. The window branches on this and never on text.
 */
export type ErrorCode = "invalid_request" | "weak_passphrase" | "locked" | "already_unlocked" | "wrong_passphrase" | "credential_missing" | "kind_unavailable" | "keyring_no_bus" | "keyring_absent" | "keyring_locked" | "keyring_dismissed" | "keyring_item_missing" | "keyring_foreign" | "keyring_restarted" | "keyring_timeout" | "keyring_refused" | "recovery_malformed" | "recovery_mixed" | "recovery_duplicate" | "recovery_too_few" | "recovery_other_vault" | "slot_too_old" | "material_key_changed" | "material_key_pending" | "header_full" | "slot_not_logged" | "no_such_slot" | "not_a_vault" | "bad_recipient" | "exists" | "header_damaged" | "header_tampered" | "database_missing" | "database_foreign" | "database_damaged" | "tampered" | "audit_alarm" | "rollback" | "newer_format" | "busy" | "disk_full" | "read_only" | "io" | "clock_behind" | "not_found" | "ambiguous" | "invalid_name" | "name_taken" | "stale" | "refused_by_state" | "refused_by_policy" | "refused_by_role" | "reauthentication_needed" | "last_slot" | "format_unsupported" | "plaintext_not_confirmed" | "not_a_backup" | "backup_damaged" | "backup_unproven" | "backup_not_for_you" | "identity_passphrase_needed" | "wrong_identity_passphrase" | "export_damaged" | "bad_input_file" | "card_service_absent" | "card_service_stopped" | "card_reader_missing" | "card_missing" | "card_removed" | "card_held" | "card_disturbed" | "card_still_at_work" | "card_unsupported" | "card_mute" | "card_wrong" | "card_ambiguous" | "pin_wrong" | "pin_blocked" | "pin_not_set" | "pin_length" | "pad_cancelled" | "pad_timed_out" | "pad_failed" | "card_key_missing" | "card_key_exists" | "card_key_unfinished" | "management_key_wrong" | "admin_pin_wrong" | "admin_pin_blocked" | "card_key_unsupported" | "card_not_touched" | "card_failed" | "window_unreachable" | "cancelled" | "internal";

/**
 * An error as the window and `--json` see it.
 */
export type ErrorView = { 
/**
 * What went wrong, for programs.
 */
code: ErrorCode, 
/**
 * What happened, in a sentence.
 */
message: string, 
/**
 * What to do.
 */
cure: string, };

/**
 * Asks for a page of the log, newest first.
 */
export type EventListRequest = { 
/**
 * Only events about this key (name, identifier or prefix).
 */
key?: string, 
/**
 * Only events of this action.
 */
action?: AuditAction, 
/**
 * Only events at or after this time (RFC 3339).
 */
since?: string, 
/**
 * Only events before this time (RFC 3339).
 */
until?: string, 
/**
 * Only events before this sequence number: the last one of the page before.
 */
beforeSeq?: number, 
/**
 * How many at most; 100 if absent, at most 1,000.
 */
limit?: number, };

/**
 * A page of the log.
 */
export type EventListResponse = { 
/**
 * The events, newest first.
 */
events: Array<EventView>, 
/**
 * How many entries the log has in all.
 */
size: number, };

/**
 * An event.
 */
export type EventView = { 
/**
 * The position in the log.
 */
seq: number, 
/**
 * When (RFC 3339).
 */
time: string, 
/**
 * Who.
 */
actor: string, 
/**
 * From where.
 */
source: AuditSource, 
/**
 * What.
 */
action: AuditAction, 
/**
 * To what kind of thing.
 */
objectKind: AuditObjectKind, 
/**
 * To which thing: its identifier.
 */
object: string, 
/**
 * Its name, if it has one now.
 */
objectName: string | null, 
/**
 * To which version.
 */
version: number | null, 
/**
 * How it ended.
 */
outcome: AuditOutcome, 
/**
 * Why.
 */
reason: string | null, 
/**
 * More.
 */
details: { [key in string]: string }, };

/**
 * Looks into files and folders, or into what was pasted.
 */
export type ExamineRequest = { 
/**
 * Files and folders. A folder's files are looked at too, hidden ones included.
 */
paths?: Array<string>, 
/**
 * What was pasted.
 */
text?: string, 
/**
 * The name under which progress is told and by which it can be stopped.
 */
job?: string, };

/**
 * What was found.
 */
export type ExamineResponse = { 
/**
 * In the order of the files and of what is in them.
 */
items: Array<FoundView>, 
/**
 * How many files of folders hold nothing that was recognised.
 */
skipped: number, };

/**
 * Takes a certificate out.
 */
export type ExportCertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Whether in DER; else in PEM.
 */
der?: boolean, 
/**
 * Whether with the certificates above it.
 */
chain?: boolean, };

/**
 * A certificate that was taken out.
 */
export type ExportCertificateResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * How many certificates are in it.
 */
certificates: number, };

/**
 * Takes a key out into a file.
 */
export type ExportKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * The format.
 */
format: string, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Takes the public half only.
 */
public?: boolean, 
/**
 * Confirms that material is written in the clear.
 */
plaintext?: boolean, 
/**
 * Protects the material with this passphrase.
 */
encryptPassphrase?: string, 
/**
 * Encrypts it to these instead: age recipients, SSH public keys, or files with such lines, with a
 * certificate or with a public key.
 */
to?: Array<string>, 
/**
 * Stretches that passphrase with scrypt, where the format leaves the choice.
 */
scrypt?: boolean, 
/**
 * Whose an OpenPGP key is; the key's name if absent.
 */
userId?: string, 
/**
 * A file with the key's certificate, and those above it, to go into PKCS#12.
 */
certificate?: string, 
/**
 * A kept certificate of the key instead, which goes into PKCS#12 with those above it that are kept.
 */
keptCertificate?: string, 
/**
 * Protects PKCS#12 for programs that are too old for today's ways: triple DES and HMAC-SHA-1.
 */
legacy?: boolean, 
/**
 * Who is there, shown again; needed for material.
 */
proof?: Credentials, 
/**
 * Why.
 */
reason?: string, };

/**
 * A file that was written.
 */
export type ExportKeyResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * The format.
 */
format: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * For whom it is, if it was handed over.
 */
handedOver?: HandedOver, 
/**
 * Files that belong to it: an OpenPGP key's certificate, and what revokes it.
 */
beside?: Array<string>, };

/**
 * An extension that is not decoded.
 */
export type ExtensionView = { 
/**
 * Its name, or its number.
 */
name: string, 
/**
 * Whether who does not know it must refuse the certificate.
 */
critical: boolean, };

/**
 * A field of the user's own.
 */
export type FieldView = { 
/**
 * The field's name.
 */
name: string, 
/**
 * The field's value.
 */
value: string, };

/**
 * A kind of key that the vault makes none of.
 */
export type ForeignAlgorithmView = { 
/**
 * Its name, such as `rsa-1024`.
 */
name: string, 
/**
 * The name as people read it.
 */
title: string, 
/**
 * Why it is not to be used any more, in a sentence; `null` where it may be.
 */
weakness: string | null, };

/**
 * What kind of thing was found.
 */
export type FoundKind = "private" | "symmetric" | "public" | "certificate" | "certificate_request" | "revocation_list" | "ssh_certificate" | "locked" | "other";

/**
 * What would come of bringing it in.
 */
export type FoundOutcome = "sound" | "new" | "duplicate" | "problem" | "unsupported";

/**
 * Something that was found.
 */
export type FoundView = { 
/**
 * By which a choice names it.
 */
number: number, 
/**
 * The file it was in; empty for what was pasted.
 */
file: string, 
/**
 * The name the key would get.
 */
name: string, 
/**
 * The form, such as `pkcs8`.
 */
form: string, 
/**
 * The form as people read it.
 */
formTitle: string, 
/**
 * What kind of thing it is.
 */
kind: FoundKind, 
/**
 * What would come of bringing it in.
 */
outcome: FoundOutcome, 
/**
 * Why not, in a sentence; `null` where nothing is wrong.
 */
problem: string | null, 
/**
 * The algorithm; of a symmetric key the likeliest.
 */
algorithm: Algorithm | null, 
/**
 * The algorithm of a public key of a kind that the vault makes no keys of.
 */
foreign: ForeignAlgorithmView | null, 
/**
 * The algorithms that a symmetric key's length allows, and X25519 where it could be WireGuard's.
 */
algorithms: Algorithm[], 
/**
 * The purpose proposed.
 */
purpose: Purpose | null, 
/**
 * The strength in bits.
 */
strengthBits: number | null, 
/**
 * What the file says of it.
 */
comment: string | null, 
/**
 * Fingerprints of the public half.
 */
fingerprints: { [key in string]: string }, 
/**
 * The check value of a symmetric key as the likeliest algorithm.
 */
kcv: string | null, 
/**
 * What else is to be known of it, in sentences.
 */
warnings: Array<string>, 
/**
 * What a certificate or a request says.
 */
certificate: CertificateView | null, 
/**
 * What a list of revoked certificates says.
 */
revocationList: RevocationListView | null, 
/**
 * What a certificate of OpenSSH says.
 */
sshCertificate: SshCertificateView | null, };

/**
 * For whom a file was encrypted.
 */
export type HandedOver = { 
/**
 * What kind of file it is: `age`, `cms` or `rsa-aes-key-wrap`.
 */
envelope: string, 
/**
 * What opens it, with words in capitals for what only a recipient knows.
 */
openedWith: string, 
/**
 * Those who can open it.
 */
recipients: Array<RecipientView>, };

/**
 * A backup that holds a version.
 */
export type HeldByBackup = { 
/**
 * When the backup was made.
 */
time: string, 
/**
 * Where it was written.
 */
file: string, };

/**
 * What kind of holder.
 */
export type HolderKind = "place" | "recipient";

/**
 * Looks at an identity file.
 */
export type IdentityFileRequest = { 
/**
 * An age identity file or an SSH private key.
 */
file: string, };

/**
 * What an identity file is.
 */
export type IdentityFileResponse = { 
/**
 * Whether its private keys are protected by a passphrase.
 */
passphraseNeeded: boolean, };

/**
 * Brings certificates in.
 */
export type ImportCertificatesRequest = { 
/**
 * The files.
 */
paths: Array<string>, };

/**
 * What was brought in.
 */
export type ImportCertificatesResponse = { 
/**
 * The new ones.
 */
certificates: Array<KeptCertificateView>, 
/**
 * How many were kept already.
 */
known: number, 
/**
 * Those that are revoked now, by the lists of their issuers.
 */
revoked: Array<KeptCertificateView>, 
/**
 * How many such lists there were.
 */
lists: number, };

/**
 * One of the found keys, to be brought in.
 */
export type ImportChoice = { 
/**
 * Its number.
 */
number: number, 
/**
 * The key's name; the proposed one if absent.
 */
name?: string, 
/**
 * What a symmetric key is for; the likeliest algorithm if absent.
 */
algorithm?: Algorithm, 
/**
 * The purpose; the proposed one if absent.
 */
purpose?: Purpose, };

/**
 * Brings the chosen keys in: all of them, or none.
 */
export type ImportKeysRequest = { 
/**
 * Which.
 */
choices: Array<ImportChoice>, 
/**
 * Whether their material may leave again.
 */
exportable: boolean, 
/**
 * Tags for all of them.
 */
tags?: Array<string>, 
/**
 * Who answers for them.
 */
owner?: string, 
/**
 * Their policy.
 */
policy?: PolicyRequest, 
/**
 * The name under which progress is told and by which it can be stopped.
 */
job?: string, };

/**
 * What was brought in.
 */
export type ImportKeysResponse = { 
/**
 * The first 100 of the new keys.
 */
keys: Array<KeyRowView>, 
/**
 * How many keys were brought in.
 */
imported: number, 
/**
 * How many certificates were.
 */
certificates: number, 
/**
 * How many public keys were, whose private halves are elsewhere.
 */
publicKeys: number, };

/**
 * Asks for an inventory of all keys, certificates and public keys in a new file.
 */
export type InventoryRequest = { 
/**
 * `cdx`, `csv`, `json` or `ics`.
 */
format: string, 
/**
 * The file; it must not exist.
 */
out: string, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * An inventory that was written.
 */
export type InventoryResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its format.
 */
format: string, 
/**
 * How many keys it tells of.
 */
keys: number, 
/**
 * How many certificates.
 */
certificates: number, 
/**
 * How many public keys that are kept alone.
 */
publicKeys: number, 
/**
 * How many reminders are in it, where it is a calendar.
 */
reminders?: number, 
/**
 * Its size in bytes.
 */
bytes: number, };

/**
 * Asks an authority whose key is in the vault for a certificate.
 */
export type IssueCertificateRequest = { 
/**
 * The authority's key.
 */
key: string, 
/**
 * Its version; the primary one if absent.
 */
version?: number, 
/**
 * The file with the authority's certificate; of the kept ones the one that is valid for the longest
 * if absent.
 */
authorityCertificate?: string, 
/**
 * The file with the request.
 */
request: string, 
/**
 * As what: `tls-server`, `tls-client`, `code-signing`, `smime` or `intermediate`.
 */
template: string, 
/**
 * For how many days; as the template says if absent.
 */
days?: number, 
/**
 * How many authorities may stand below an intermediate one; none if absent.
 */
pathLength?: number, 
/**
 * Where the lists of what the authority revoked are found; it stands in the certificate.
 */
crlUrl?: string, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * Asks an authority whose key is in the vault for a certificate of OpenSSH.
 */
export type IssueSshCertificateRequest = { 
/**
 * The authority's key.
 */
key: string, 
/**
 * Its version; the primary one if absent.
 */
version?: number, 
/**
 * The file with the public key that it is of.
 */
publicKey?: string, 
/**
 * The key of the vault that it is of, where no file is named.
 */
subjectKey?: string, 
/**
 * Whether it is a host's; else a user's.
 */
host?: boolean, 
/**
 * What servers write into their logs.
 */
keyId: string, 
/**
 * The users or hosts that it may stand for.
 */
principals: Array<string>, 
/**
 * For how many days; 30 if absent, 90 of a host.
 */
days?: number, 
/**
 * The one command that it runs.
 */
forceCommand?: string, 
/**
 * The networks that it may come from.
 */
sourceAddresses?: Array<string>, 
/**
 * What it permits: `pty` if absent.
 */
permissions?: Array<string>, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * A certificate of OpenSSH that was issued, as the log tells of it.
 */
export type IssuedSshCertificateView = { 
/**
 * Its number, in decimal.
 */
serial: string, 
/**
 * What servers write into their logs.
 */
keyId: string, 
/**
 * The users or hosts that it may stand for.
 */
principals: Array<string>, 
/**
 * Whether it is a host's; else a user's.
 */
host: boolean, 
/**
 * The fingerprint of the key that it is of; absent of those that an older program issued.
 */
publicKey: string | null, 
/**
 * When it was issued.
 */
issuedAt: string, 
/**
 * Until when it is valid.
 */
validUntil: string, 
/**
 * Whether it still counts.
 */
state: SshCertificateState, };

/**
 * Tells how far a job is (event `job-progress`).
 */
export type JobProgress = { 
/**
 * The job.
 */
job: string, 
/**
 * Steps done.
 */
done: number, 
/**
 * Steps in all; 0 while unknown.
 */
total: number, };

/**
 * Starts a job that tells its progress.
 */
export type JobRequest = { 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * A kept certificate, as the list shows it.
 */
export type KeptCertificateView = { 
/**
 * Its identifier in the vault.
 */
id: string, 
/**
 * For whom it is, as RFC 4514 writes names.
 */
subject: string, 
/**
 * Who issued it.
 */
issuer: string, 
/**
 * Its number, in hexadecimal.
 */
serial: string, 
/**
 * From when it is valid.
 */
notBefore: string, 
/**
 * Until when it is valid.
 */
notAfter: string, 
/**
 * Of what use it is now.
 */
state: "not_yet" | "valid" | "expiring_soon" | "expired" | "revoked", 
/**
 * Its SHA-256 fingerprint, in hexadecimal.
 */
sha256: string, 
/**
 * Whether it may issue others.
 */
authority: boolean, 
/**
 * Where it came from: `self_signed`, `issued` or `imported`.
 */
origin: "self_signed" | "issued" | "imported", 
/**
 * The key of the vault that it is of.
 */
key: CertificateKeyView | null, 
/**
 * The key of the vault that issued it.
 */
issuedBy: CertificateKeyView | null, 
/**
 * When it was revoked.
 */
revokedAt: string | null, 
/**
 * Why, as RFC 5280 names it.
 */
revocationReason: string | null, 
/**
 * The certificate that is in its place.
 */
replacedBy: string | null, 
/**
 * What people say of it.
 */
description: DescriptionView, 
/**
 * When it was kept first.
 */
createdAt: string, };

/**
 * Asks for a page of the list.
 */
export type KeyListRequest = { 
/**
 * Words to search for.
 */
search?: string, 
/**
 * Only keys in this state.
 */
state?: KeyState, 
/**
 * Only keys of this algorithm.
 */
algorithm?: Algorithm, 
/**
 * Only keys for this purpose.
 */
purpose?: Purpose, 
/**
 * Only keys with this tag.
 */
tag?: string, 
/**
 * A ready-made filter.
 */
filter?: SmartFilter, 
/**
 * Only keys to be rotated within this ISO 8601 period from now.
 */
expiringWithin?: string, 
/**
 * The column to sort by; the name if absent.
 */
sortBy?: SortBy, 
/**
 * Whether the order is reversed.
 */
descending?: boolean, 
/**
 * How many rows at most; 100 if absent, at most 1,000.
 */
limit?: number, 
/**
 * The `next` of the page before.
 */
after?: string, };

/**
 * A page of the list.
 */
export type KeyListResponse = { 
/**
 * The rows.
 */
keys: Array<KeyRowView>, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * Where to go on; `null` at the end.
 */
next: string | null, };

/**
 * Names a key: by name, identifier, or a unique prefix of the identifier.
 */
export type KeyRequest = { 
/**
 * The key.
 */
key: string, };

/**
 * A key that was made, changed or looked at.
 */
export type KeyResponse = { 
/**
 * The key.
 */
key: KeyView, 
/**
 * The event's sequence number; absent when nothing was changed.
 */
auditSeq: number | null, };

/**
 * A row of the list.
 */
export type KeyRowView = { 
/**
 * The identifier.
 */
id: string, 
/**
 * The name.
 */
name: string, 
/**
 * The algorithm.
 */
algorithm: Algorithm, 
/**
 * The purpose.
 */
purpose: Purpose, 
/**
 * The state of the primary version.
 */
state: KeyState, 
/**
 * When to rotate (RFC 3339).
 */
rotateBy: string | null, 
/**
 * The earliest scheduled destruction (RFC 3339).
 */
destroyScheduledAt: string | null, 
/**
 * When it was created (RFC 3339).
 */
createdAt: string, 
/**
 * When its material was last used or read (RFC 3339).
 */
lastUsedAt: string | null, 
/**
 * The primary version's number.
 */
primaryVersion: number, 
/**
 * The owner.
 */
owner: string, 
/**
 * The tags.
 */
tags: Array<string>, 
/**
 * The revision that a change must expect.
 */
revision: number, };

/**
 * A key service that takes a key.
 */
export type KeyServiceView = { 
/**
 * As [`ByokRequest::target`].
 */
target: string, 
/**
 * Whether the package names the key that wraps it.
 */
namesWrappingKey: boolean, 
/**
 * The ways of wrapping, the better ones first; never empty.
 */
methods: Array<WrappingMethodView>, };

/**
 * Asks which key services take a key.
 */
export type KeyServicesRequest = { 
/**
 * The key.
 */
key: string, };

/**
 * The key services that take a key, and how.
 */
export type KeyServicesResponse = { 
/**
 * Those that do.
 */
services: Array<KeyServiceView>, };

/**
 * A key in full.
 */
export type KeyView = { 
/**
 * The identifier.
 */
id: string, 
/**
 * The name.
 */
name: string, 
/**
 * The purpose.
 */
purpose: Purpose, 
/**
 * The algorithm.
 */
algorithm: Algorithm, 
/**
 * Security strength in bits.
 */
strengthBits: number, 
/**
 * Whether no known quantum attack breaks it.
 */
quantumSafe: boolean, 
/**
 * Whether material may leave.
 */
exportable: boolean, 
/**
 * The state of the primary version.
 */
state: KeyState, 
/**
 * The primary version's number.
 */
primaryVersion: number, 
/**
 * The owner.
 */
owner: string, 
/**
 * The note.
 */
note: string, 
/**
 * The tags.
 */
tags: Array<string>, 
/**
 * Where it is used.
 */
whereUsed: Array<WhereUsedView>, 
/**
 * The user's own fields.
 */
fields: Array<FieldView>, 
/**
 * The policy.
 */
policy: PolicyView, 
/**
 * When it was created.
 */
createdAt: string, 
/**
 * When its material was last used or read.
 */
lastUsedAt: string | null, 
/**
 * When to rotate.
 */
rotateBy: string | null, 
/**
 * The revision that a change must expect.
 */
revision: number, 
/**
 * The versions, newest first.
 */
versions: Array<VersionView>, 
/**
 * The formats in which the public half can be taken out.
 */
publicFormats: Array<string>, 
/**
 * The formats in which the material can be taken out.
 */
privateFormats: Array<string>, 
/**
 * Those of the private formats that a passphrase can protect.
 */
protectableFormats: Array<string>, 
/**
 * Those that are always under a passphrase.
 */
protectedFormats: Array<string>, 
/**
 * Those whose passphrase can be stretched with scrypt.
 */
scryptFormats: Array<string>, 
/**
 * Whether its algorithm and purpose are such that it signs certificates of its own.
 */
signsCertificates: boolean, };

/**
 * Asks for the public keys that are kept without their private halves.
 */
export type KnownKeyListRequest = { 
/**
 * Part of the name, the algorithm, the owner, a tag, the note, a fingerprint or the identifier.
 */
search?: string, 
/**
 * How many at most; 500 if absent.
 */
limit?: number, };

/**
 * The public keys that are kept alone.
 */
export type KnownKeyListResponse = { 
/**
 * By name.
 */
publicKeys: Array<KnownKeyView>, 
/**
 * How many there are, shown or not.
 */
total: number, };

/**
 * Names a public key that is kept alone: by its name, or by the beginning of its identifier or of its
 * SHA-256.
 */
export type KnownKeyRequest = { 
/**
 * The public key.
 */
publicKey: string, };

/**
 * A public key that is kept alone.
 */
export type KnownKeyView = { 
/**
 * Its identifier in the vault.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its algorithm, by name.
 */
algorithm: string, 
/**
 * More of the algorithm, where it is one that the vault makes no keys of.
 */
foreign: ForeignAlgorithmView | null, 
/**
 * Its strength in bits.
 */
strengthBits: number, 
/**
 * Whether a quantum computer would not break it, as far as is known.
 */
quantumSafe: boolean, 
/**
 * Its fingerprints, by the tools that show them.
 */
fingerprints: { [key in string]: string }, 
/**
 * The key in PEM.
 */
pem: string, 
/**
 * The form in which it came.
 */
form: string, 
/**
 * What people say of it.
 */
description: DescriptionView, 
/**
 * When it was kept first.
 */
createdAt: string, };

/**
 * Lets a card make a key that can become a way in.
 */
export type MakeCardKeyRequest = { 
/**
 * `piv` or `openpgp`.
 */
application: string, 
/**
 * The card's serial number.
 */
serial: string, 
/**
 * One of the kinds that it makes.
 */
kind: string, 
/**
 * Its PIN; empty where it is typed on the reader's PIN pad.
 */
pin: string, 
/**
 * The management key of a PIV card in hexadecimal, empty for the one that cards come with; or the admin
 * PIN of an OpenPGP card, empty where it is typed on the reader's PIN pad.
 */
authority: string, 
/**
 * Who is there, shown again.
 */
proof: Credentials, };

/**
 * A card that made a key.
 */
export type MakeCardKeyResponse = { 
/**
 * What it says of itself now.
 */
card: CardApplicationView, 
/**
 * The event's number.
 */
auditSeq: number, };

/**
 * Makes recovery shares, or a code where neither number is given.
 */
export type MakeRecoveryRequest = { 
/**
 * How many shares; 2 to 16.
 */
shares?: number, 
/**
 * How many of them are needed; 2 to all.
 */
threshold?: number, 
/**
 * Who is there, shown again.
 */
proof: Credentials, };

/**
 * One thing that a new slot is to ask for.
 */
export type NewSlotPart = { "kind": "passphrase", 
/**
 * The passphrase.
 */
passphrase: string, 
/**
 * Accepts a weak one.
 */
acceptWeak?: boolean, } | { "kind": "os_keyring", } | { "kind": "recovery", 
/**
 * The shares, or the one code.
 */
texts: Array<string>, } | { "kind": "piv_card", 
/**
 * The card's serial number.
 */
serial: string, 
/**
 * Its PIN; empty where it is typed on the reader's PIN pad.
 */
pin: string, } | { "kind": "openpgp_card", 
/**
 * The card's serial number.
 */
serial: string, 
/**
 * Its PIN; empty where it is typed on the reader's PIN pad.
 */
pin: string, };

/**
 * Notes that a holder has a version, or needs the key no more.
 */
export type NoteRollOutRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The holder's identifier or name.
 */
holder: string, 
/**
 * The version that it has; the primary one if absent.
 */
version?: number, 
/**
 * That it needs the key no more.
 */
ended?: boolean, 
/**
 * Why.
 */
reason?: string, };

/**
 * What the app was started to open.
 */
export type Opening = { "kind": "vault", 
/**
 * Its folder.
 */
path: string, } | { "kind": "backup", 
/**
 * The file.
 */
path: string, };

/**
 * What the overview shows.
 */
export type OverviewResponse = { 
/**
 * The numbers.
 */
counts: CountsView, 
/**
 * Compromised keys that were not yet rotated, at most 5.
 */
compromised: Array<KeyRowView>, 
/**
 * Overdue rotations, most overdue first, at most 5.
 */
overdue: Array<KeyRowView>, 
/**
 * Rotations due soon, soonest first, at most 5.
 */
expiring: Array<KeyRowView>, 
/**
 * Scheduled destructions, soonest first, at most 5.
 */
scheduled: Array<KeyRowView>, 
/**
 * Rotations due in each of the next twelve months, this month first.
 */
rotationsByMonth: Array<number>, 
/**
 * The first of those months, as `2026-11`.
 */
firstMonth: string, 
/**
 * Strength.
 */
strength: StrengthView, 
/**
 * How many entries the log has.
 */
auditSize: number, 
/**
 * When the newest backup was made (RFC 3339).
 */
lastBackupAt: string | null, 
/**
 * Whether that backup was proven by a restore.
 */
lastBackupVerified: boolean, 
/**
 * Recovery sheets that nobody made, tested or used for a year.
 */
recoveryUntested: Array<SlotView>, 
/**
 * How many certificates are kept.
 */
certificates: CertificateCountsView, 
/**
 * Keys and certificates changed or made since the newest backup.
 */
eventsSinceBackup: number, };

/**
 * A reader's PIN pad that waits for someone to type (told by the event `pin-pad`, and that it waits no more by the
 * same event with nothing).
 */
export type PadRequestView = { 
/**
 * The reader.
 */
reader: string, 
/**
 * Whether it waits for an OpenPGP card's admin PIN, not for the PIN.
 */
admin: boolean, 
/**
 * How many tries that has left; absent where the card does not tell.
 */
triesLeft: number | null, };

/**
 * How good a passphrase is, by zxcvbn.
 */
export type PassphraseStrength = { 
/**
 * 0 (guessed at once) to 4 (very strong).
 */
score: number, 
/**
 * Whether it is good enough for an administrator slot.
 */
acceptable: boolean, 
/**
 * What is wrong with it.
 */
warning: string | null, 
/**
 * How to make it better.
 */
suggestions: Array<string>, 
/**
 * How long guessing takes at 10,000 guesses a second, in words.
 */
guessTime: string, };

/**
 * What a policy is to be: a template, with the user's own periods in place of its.
 */
export type PolicyRequest = { 
/**
 * The template; `nist-sp-800-57` if absent.
 */
template?: PolicyTemplate, 
/**
 * How long a version protects (ISO 8601); empty for no end.
 */
originatorUsage?: string, 
/**
 * How long a version processes (ISO 8601); empty for no end.
 */
recipientUsage?: string, 
/**
 * How long a replaced version stays active (ISO 8601); empty for not at all.
 */
overlap?: string, 
/**
 * How long before the end to warn (ISO 8601).
 */
warnBefore?: string, 
/**
 * Whether the end of the period deactivates the version by itself.
 */
endsUse?: boolean, };

/**
 * A policy.
 */
export type PolicyView = { 
/**
 * The template it was made from.
 */
template: PolicyTemplate, 
/**
 * The template's title.
 */
title: string, 
/**
 * How long a version protects (ISO 8601).
 */
originatorUsage: string | null, 
/**
 * How long a version processes (ISO 8601).
 */
recipientUsage: string | null, 
/**
 * How long a replaced version stays active (ISO 8601).
 */
overlap: string | null, 
/**
 * How long before the end to warn (ISO 8601).
 */
warnBefore: string, 
/**
 * Whether the end of the period deactivates the version by itself.
 */
endsUse: boolean, };

/**
 * What the app remembers between starts; never a secret. Kept in the user's configuration folder.
 */
export type Preferences = { 
/**
 * The look.
 */
theme: Theme, 
/**
 * Minutes without input after which the vault locks; 1 to 240.
 */
idleLockMinutes: number, 
/**
 * Whether the vault locks before the computer sleeps.
 */
lockOnSleep: boolean, 
/**
 * Whether it locks when the screen is locked.
 */
lockWithScreen: boolean, 
/**
 * Whether it locks when another person's session comes to the front.
 */
lockOnUserSwitch: boolean, 
/**
 * Whether the vault locks when the card is pulled that opened it.
 */
lockOnCardRemoval: boolean, 
/**
 * Whether a card's PIN is typed on the PIN pad of a reader that has one.
 */
usePinPad: boolean, 
/**
 * Vaults that were open, newest first; paths only, at most 10.
 */
recentVaults: Array<string>, 
/**
 * Columns shown in the list of keys.
 */
keyColumns: Array<string>, };

/**
 * Asks for a key's public half as text.
 */
export type PublicKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * `spki-pem`, `openssh-public` or `jwk`.
 */
format: string, };

/**
 * A public half.
 */
export type PublicKeyResponse = { 
/**
 * The text.
 */
text: string, };

/**
 * Derives a passphrase slot's key anew, at what it would cost today.
 */
export type RecalibrateSlotRequest = { 
/**
 * The slot.
 */
slot: string, 
/**
 * Its passphrase, which stays.
 */
passphrase: string, };

/**
 * A slot whose key is derived anew.
 */
export type RecalibrateSlotResponse = { 
/**
 * The slot.
 */
slot: SlotView, 
/**
 * What it cost before.
 */
before: CostView, 
/**
 * What it costs now.
 */
now: CostView, 
/**
 * The event's sequence number; `null` where it is as costly as it would be today, and stays as it is.
 */
auditSeq: number | null, };

/**
 * Someone to whom a key is encrypted.
 */
export type RecipientView = { 
/**
 * The age recipient itself, an SSH key's `SHA256:…`, or SHA-256 of a certificate or public key.
 */
fingerprint: string, 
/**
 * An SSH key's comment or a certificate's subject.
 */
name: string | null, };

/**
 * Recovery shares in their order, or the one code: for paper, and nowhere else. Wiped when dropped.
 */
export type RecoverySheetResponse = { 
/**
 * The shares, or the code.
 */
texts: Array<string>, };

/**
 * Removes a certificate that no key of the vault issued.
 */
export type RemoveCertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * Removes a public key that is kept alone.
 */
export type RemoveKnownKeyRequest = { 
/**
 * The public key.
 */
publicKey: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * Removes a slot.
 */
export type RemoveSlotRequest = { 
/**
 * The slot.
 */
slot: string, 
/**
 * Rotates the material key too, once the slot is gone.
 */
rotateMaterialKey?: boolean, 
/**
 * Who is there, shown again.
 */
proof: Credentials, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * A slot that was removed.
 */
export type RemoveSlotResponse = { 
/**
 * The slot.
 */
slot: SlotView, 
/**
 * The event's sequence number.
 */
auditSeq: number, 
/**
 * What was wrapped anew, where the material key was rotated too.
 */
materialKey: RotateMaterialKeyResponse | null, };

/**
 * Renames a key.
 */
export type RenameKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * The new name.
 */
name: string, };

/**
 * Gives a slot another name.
 */
export type RenameSlotRequest = { 
/**
 * The slot.
 */
slot: string, 
/**
 * The new name.
 */
name: string, };

/**
 * Renews a certificate that a key of the vault issued.
 */
export type RenewCertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, 
/**
 * Whether the newer one is of the same version of its key, and not of the primary one.
 */
sameKey?: boolean, 
/**
 * For how many days; as many as the older one if absent.
 */
days?: number, 
/**
 * The file to write, if one is to be; it must not exist.
 */
out?: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * Restores a backup into a new vault.
 */
export type RestoreBackupRequest = { 
/**
 * The backup.
 */
file: string, 
/**
 * Its passphrase.
 */
backupPassphrase?: string, 
/**
 * An age identity file or an SSH private key.
 */
identityFile?: string, 
/**
 * The passphrase that protects the identity file, if one does.
 */
identityPassphrase?: string, 
/**
 * The folder to make; `.keyreeve` is appended when missing.
 */
path: string, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * A vault that was restored. Unlock it with the passphrase it had when the backup was made.
 */
export type RestoreBackupResponse = { 
/**
 * The vault.
 */
vault: RestoredVault, 
/**
 * How many keys it holds.
 */
keys: number, };

/**
 * Where a restored vault is.
 */
export type RestoredVault = { 
/**
 * The vault's identifier.
 */
id: string, 
/**
 * The folder.
 */
path: string, };

/**
 * Takes the use of a suspended version up again.
 */
export type ResumeKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * Why.
 */
reason?: string, 
/**
 * Who is there, shown again.
 */
proof?: Credentials, 
/**
 * Only tells what would come of it.
 */
dryRun?: boolean, };

/**
 * What a list of revoked certificates says. Its signature is not verified.
 */
export type RevocationListView = { 
/**
 * Who revoked them.
 */
issuer: string, 
/**
 * When it was made.
 */
thisUpdate: string, 
/**
 * When the next one is there at the latest.
 */
nextUpdate: string | null, 
/**
 * Its number, in hexadecimal.
 */
number: string | null, 
/**
 * How many certificates are on it.
 */
total: number, 
/**
 * The first 100 of them, as `number, when, why`.
 */
revoked: Array<string>, };

/**
 * Revokes a certificate that a key of the vault issued.
 */
export type RevokeCertificateRequest = { 
/**
 * The certificate.
 */
certificate: string, 
/**
 * Why, as RFC 5280 names it, such as `key-compromise`.
 */
code: string, 
/**
 * Why, in the user's words.
 */
reason?: string, };

/**
 * Reports a version compromised.
 */
export type RevokeKeyRequest = { 
/**
 * The key.
 */
key: string, 
/**
 * The version; the primary one if absent.
 */
version?: number, 
/**
 * The revision the caller saw; any if absent.
 */
expectedRevision?: number, 
/**
 * Why.
 */
reason: string, 
/**
 * When it happened (RFC 3339); now if absent.
 */
at?: string, };

/**
 * What an authority of OpenSSH revoked.
 */
export type RevokedSshView = { 
/**
 * The newest list's number; absent where none was written.
 */
number: string | null, 
/**
 * Numbers of certificates, in decimal.
 */
serials: Array<string>, 
/**
 * Identifiers of certificates.
 */
keyIds: Array<string>, 
/**
 * Fingerprints of keys.
 */
keys: Array<string>, };

/**
 * Makes a new material key, and wraps every version's data key under it.
 */
export type RotateMaterialKeyRequest = { 
/**
 * Why.
 */
reason?: string, 
/**
 * Who is there, shown again.
 */
proof: Credentials, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * What was wrapped anew.
 */
export type RotateMaterialKeyResponse = { 
/**
 * Which material key it is now; the first is 1.
 */
number: number, 
/**
 * How many keys there are.
 */
keys: number, 
/**
 * How many of their versions hold material.
 */
versions: number, 
/**
 * When (RFC 3339).
 */
rotatedAt: string, 
/**
 * The event's sequence number.
 */
auditSeq: number, };

/**
 * What `runDue` did.
 */
export type RunDueResponse = { 
/**
 * What was done.
 */
done: Array<DueDone>, };

/**
 * Asks for a certificate that a key signs for itself.
 */
export type SelfSignKeyRequest = { 
/**
 * What it says.
 */
wish: CertificateWish, 
/**
 * For how many days; 365 if absent, and ten years of an authority.
 */
days?: number, 
/**
 * Whether it may issue others.
 */
authority?: boolean, 
/**
 * How many authorities may stand below it; any number if absent.
 */
pathLength?: number, };

/**
 * An unlocked vault.
 */
export type SessionView = { 
/**
 * The vault.
 */
vault: VaultStatus, 
/**
 * The slot that opened it.
 */
slot: SlotView, 
/**
 * When it was unlocked (RFC 3339).
 */
unlockedAt: string, 
/**
 * The audit log's public key as a signed-note verifier key.
 */
auditPublicKey: string, 
/**
 * How many entries the log has.
 */
auditSize: number, 
/**
 * Failed unlocks since the last good one.
 */
failedUnlocks: number, 
/**
 * What fell due and was done at this unlock, by kind of action.
 */
doneAtUnlock: Array<DueDone>, 
/**
 * When the newest backup was made (RFC 3339).
 */
lastBackupAt: string | null, 
/**
 * The names of the recovery slots that nobody made, tested or used for a year.
 */
recoveryUntested: Array<string>, };

/**
 * A key that a bulk change left as it is.
 */
export type SkippedKey = { 
/**
 * The key's name.
 */
name: string, 
/**
 * Why.
 */
why: string, };

/**
 * A slot that asks for a card.
 */
export type SlotCardView = { 
/**
 * The slot.
 */
slot: string, 
/**
 * Its card, if that is there.
 */
card: CardApplicationView | null, 
/**
 * What stands in the way; both are absent while a card is being read.
 */
problem: ErrorView | null, };

/**
 * Which passphrases cost less to guess than new ones would here.
 */
export type SlotCostsResponse = { 
/**
 * What a new passphrase would cost on this computer.
 */
today: CostView, 
/**
 * The identifiers of passphrase slots that cost less than half of that.
 */
weaker: Array<string>, };

/**
 * All ways in.
 */
export type SlotListResponse = { 
/**
 * The slots.
 */
slots: Array<SlotView>, 
/**
 * When the material key was last rotated (RFC 3339); `null` if never.
 */
materialKeyRotatedAt: string | null, };

/**
 * One thing that a slot asks for.
 */
export type SlotPartView = { 
/**
 * What kind of thing.
 */
kind: SlotKind, 
/**
 * Of a recovery part on shares: how many there are.
 */
shares: number | null, 
/**
 * Of a recovery part on shares: how many are needed.
 */
threshold: number | null, 
/**
 * Of a card: its serial number.
 */
serial: string | null, 
/**
 * Of a card: its key's algorithm.
 */
algorithm: string | null, };

/**
 * A slot that was added, changed, tested or removed.
 */
export type SlotResponse = { 
/**
 * The slot.
 */
slot: SlotView, 
/**
 * The event's sequence number.
 */
auditSeq: number, };

/**
 * A way in.
 */
export type SlotView = { 
/**
 * The slot's identifier.
 */
id: string, 
/**
 * What kind of way in.
 */
kind: SlotKind, 
/**
 * What it asks for: one thing, or for `all_of` each of several.
 */
parts: Array<SlotPartView>, 
/**
 * The name a person gave it.
 */
name: string, 
/**
 * `administrator`, `operator` or `auditor`.
 */
role: Role, 
/**
 * When it was made (RFC 3339).
 */
createdAt: string, 
/**
 * When it last unlocked; known only while unlocked.
 */
lastUsedAt: string | null, };

/**
 * Asks what an authority issued and revoked.
 */
export type SshCertificateListRequest = { 
/**
 * The authority's key.
 */
key: string, 
/**
 * Its version; the primary one if absent.
 */
version?: number, 
/**
 * Only certificates with this in their identifier, number, principals or key's fingerprint.
 */
search?: string, 
/**
 * How many certificates at most; 100 if absent.
 */
limit?: number, };

/**
 * What an authority issued and revoked.
 */
export type SshCertificateListResponse = { 
/**
 * The version of its key.
 */
version: number, 
/**
 * The certificates, newest first.
 */
certificates: Array<IssuedSshCertificateView>, 
/**
 * How many there are, with those that are not shown.
 */
total: number, 
/**
 * What it revoked.
 */
revoked: RevokedSshView, };

/**
 * A certificate of OpenSSH that was issued.
 */
export type SshCertificateResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * What servers write into their logs.
 */
keyId: string, 
/**
 * Its number, in decimal.
 */
serial: string, 
/**
 * The users or hosts that it may stand for.
 */
principals: Array<string>, 
/**
 * Until when it is valid.
 */
validUntil: string, };

/**
 * Whether a certificate of OpenSSH still counts.
 */
export type SshCertificateState = "valid" | "expired" | "revoked";

/**
 * What a certificate of OpenSSH says.
 */
export type SshCertificateView = { 
/**
 * Whether it is a host's; else a user's.
 */
host: boolean, 
/**
 * What servers write into their logs.
 */
keyId: string, 
/**
 * Its number, in decimal.
 */
serial: string, 
/**
 * The users or hosts that it may stand for; none at all stands for everyone.
 */
principals: Array<string>, 
/**
 * From when it is valid; always if absent.
 */
validAfter: string | null, 
/**
 * Until when; for ever if absent.
 */
validBefore: string | null, 
/**
 * What limits it, as `name=value`.
 */
criticalOptions: Array<string>, 
/**
 * What it permits.
 */
extensions: Array<string>, 
/**
 * The fingerprint of the authority's key.
 */
authority: string, 
/**
 * Whether that key's signature holds.
 */
signatureHolds: boolean, };

/**
 * How many keys are how strong.
 */
export type StrengthView = { 
/**
 * No known quantum attack breaks them.
 */
quantumSafe: number, 
/**
 * At least 128 bits classically.
 */
classical: number, 
/**
 * 112 bits: disallowed after 2030 (SP 800-131A).
 */
disallowedAfter2030: number, };

/**
 * How many keys carry a tag.
 */
export type TagCountView = { 
/**
 * The tag.
 */
tag: string, 
/**
 * The number of keys.
 */
count: number, };

/**
 * What the app was started to open and the window has not been told of yet.
 */
export type TakeOpeningResponse = { 
/**
 * Nothing when it was started without a path, or the window has taken it before.
 */
opening: Opening | null, };

/**
 * A policy template.
 */
export type TemplateView = { 
/**
 * The name.
 */
name: PolicyTemplate, 
/**
 * The title.
 */
title: string, 
/**
 * What it stands for, in a sentence.
 */
description: string, };

/**
 * Tries whether a slot opens.
 */
export type TestSlotRequest = { 
/**
 * The slot.
 */
slot: string, 
/**
 * What opens it.
 */
credentials: Credentials, };

/**
 * The light or dark look.
 */
export type Theme = "system" | "light" | "dark";

/**
 * Tries a password on everything that is still encrypted.
 */
export type UnlockImportRequest = { 
/**
 * The password.
 */
password: string, 
/**
 * The name under which progress is told and by which it can be stopped.
 */
job?: string, };

/**
 * What a password opened.
 */
export type UnlockImportResponse = { 
/**
 * How many items it opened.
 */
opened: number, 
/**
 * What was found, as it is known now.
 */
found: ExamineResponse, };

/**
 * Unlocks a vault.
 */
export type UnlockVaultRequest = { 
/**
 * The folder.
 */
path: string, 
/**
 * The slot's identifier; any that fits if absent.
 */
slot?: string, 
/**
 * The slot's kind, where no slot is named; any that fits if absent.
 */
kind?: SlotKind, 
/**
 * What opens it.
 */
credentials: Credentials, 
/**
 * Goes on although the clock runs behind the log; this is logged.
 */
acceptClock?: boolean, 
/**
 * Goes on although the vault is older than the one last used here; this is logged.
 */
acceptRollback?: boolean, };

/**
 * Whether a certificate is valid at a time.
 */
export type Validity = "not_yet" | "valid" | "expired";

/**
 * Tells that the vault was locked (event `vault-locked`).
 */
export type VaultLocked = { 
/**
 * `user`, `idle`, `card` or `exit`.
 */
why: string, };

/**
 * Names a vault's folder.
 */
export type VaultPathRequest = { 
/**
 * The folder.
 */
path: string, };

/**
 * What the header says without unlocking.
 */
export type VaultStatus = { 
/**
 * The vault's identifier.
 */
id: string, 
/**
 * The folder.
 */
path: string, 
/**
 * The folder's name without `.keyreeve`.
 */
name: string, 
/**
 * The format's version.
 */
format: number, 
/**
 * When it was made (RFC 3339).
 */
createdAt: string, 
/**
 * Grows with every change of the slots.
 */
headerSequence: number, 
/**
 * The ways in.
 */
slots: Array<SlotView>, };

/**
 * Reads a backup: to verify it, or to restore it.
 */
export type VerifyBackupRequest = { 
/**
 * The backup.
 */
file: string, 
/**
 * Its passphrase.
 */
backupPassphrase?: string, 
/**
 * An age identity file or an SSH private key.
 */
identityFile?: string, 
/**
 * The passphrase that protects the identity file, if one does.
 */
identityPassphrase?: string, 
/**
 * The job under which progress is told and which `cancelJob` stops.
 */
job?: string, };

/**
 * What is in a backup.
 */
export type VerifyBackupResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * The vault it is of.
 */
vaultId: string, 
/**
 * When it was made (RFC 3339).
 */
createdAt: string, 
/**
 * How many keys it holds.
 */
keys: number, 
/**
 * How many entries its log has.
 */
auditSize: number, 
/**
 * Always true: anything else is an error.
 */
verified: boolean, };

/**
 * What may be done with a version now: `yes`, `warn`, `override` or `no`.
 */
export type VersionPermissions = { 
/**
 * Encrypt, sign, wrap, MAC.
 */
protect: Permission, 
/**
 * Decrypt, verify, unwrap.
 */
process: Permission, 
/**
 * Take the material out.
 */
export: Permission, };

/**
 * A version of a key.
 */
export type VersionView = { 
/**
 * The number, from 1.
 */
version: number, 
/**
 * The state.
 */
state: KeyState, 
/**
 * When it came into the vault (RFC 3339; so are all times).
 */
createdAt: string, 
/**
 * When a pre-active version is to become active.
 */
activateAt: string | null, 
/**
 * When it became active.
 */
activatedAt: string | null, 
/**
 * When it was suspended.
 */
suspendedAt: string | null, 
/**
 * When its overlap ends.
 */
deactivateAt: string | null, 
/**
 * When it was deactivated.
 */
deactivatedAt: string | null, 
/**
 * When someone else may have come to know it.
 */
compromisedAt: string | null, 
/**
 * Why it was reported compromised.
 */
compromiseReason: string | null, 
/**
 * When it will be destroyed.
 */
destroyScheduledAt: string | null, 
/**
 * When it was destroyed.
 */
destroyedAt: string | null, 
/**
 * The version that took its place.
 */
replacedBy: number | null, 
/**
 * `generated` or `imported`.
 */
origin: string, 
/**
 * What made it.
 */
generator: string, 
/**
 * Who made it.
 */
creator: string, 
/**
 * When its originator-usage period ends.
 */
originatorUsageEnd: string | null, 
/**
 * When its recipient-usage period ends.
 */
recipientUsageEnd: string | null, 
/**
 * Fingerprints by name: `ssh-sha256`, `spki-sha256`, `jwk-thumbprint`, `cmac-kcv`.
 */
fingerprints: { [key in string]: string }, 
/**
 * The key check value.
 */
kcv: string | null, 
/**
 * The public half as PEM SubjectPublicKeyInfo.
 */
publicKey: string | null, 
/**
 * How many times it encrypted.
 */
encryptions: number, 
/**
 * Which of the vault's backups hold it, newest first.
 */
backups: Array<HeldByBackup>, 
/**
 * What may be done with it now.
 */
permissions: VersionPermissions, };

/**
 * Begins to watch the cards, or reads them again where they are watched already.
 */
export type WatchCardsRequest = { 
/**
 * The vault whose slots are to be told of.
 */
vault?: string, };

/**
 * A place where a key is used.
 */
export type WhereUsedView = { 
/**
 * What kind of place.
 */
kind: WhereUsedKind, 
/**
 * The place.
 */
value: string, };

/**
 * A way of wrapping.
 */
export type WrappingMethodView = { 
/**
 * As the service calls it.
 */
name: string, 
/**
 * Whether the service offers better.
 */
legacy: boolean, 
/**
 * What the service gives out its wrapping key with; words in capitals stand for what only its owner knows.
 */
wrappingKeyCommand: string, };

/**
 * Writes the list of the certificates that an authority's key revoked.
 */
export type WriteCrlRequest = { 
/**
 * The authority's key.
 */
key: string, 
/**
 * Its version; the primary one if absent.
 */
version?: number, 
/**
 * In how many days the next list is there at the latest; 7 if absent.
 */
days?: number, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Whether in DER; else in PEM.
 */
der?: boolean, 
/**
 * Why.
 */
reason?: string, };

/**
 * A list of revoked certificates that was written.
 */
export type WriteCrlResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * The authority.
 */
issuer: string, 
/**
 * The list's number.
 */
number: string, 
/**
 * How many certificates are in it.
 */
revoked: number, 
/**
 * When it was made.
 */
thisUpdate: string, 
/**
 * When the next one is there at the latest.
 */
nextUpdate: string, };

/**
 * Revokes certificates or keys of OpenSSH, and writes the list of all that were revoked.
 */
export type WriteKrlRequest = { 
/**
 * The authority's key.
 */
key: string, 
/**
 * Its version; the primary one if absent.
 */
version?: number, 
/**
 * Numbers of certificates that are revoked from now on, in decimal.
 */
serials?: Array<string>, 
/**
 * Identifiers of such certificates.
 */
keyIds?: Array<string>, 
/**
 * Files with keys that are revoked, whichever certificate they come with.
 */
publicKeys?: Array<string>, 
/**
 * The file to write; it must not exist.
 */
out: string, 
/**
 * Why.
 */
reason?: string, };

/**
 * A list of revoked keys that was written.
 */
export type WriteKrlResponse = { 
/**
 * The file.
 */
file: string, 
/**
 * Its size in bytes.
 */
bytes: number, 
/**
 * The list's number.
 */
number: string, 
/**
 * How many numbers of certificates are on it.
 */
serials: number, 
/**
 * How many identifiers.
 */
keyIds: number, 
/**
 * How many keys.
 */
keys: number, };

/** Every command of the core. */
export const commands = {
  appInfo: (): Promise<AppInfo> => call("app_info"),
  getPreferences: (): Promise<Preferences> => call("get_preferences"),
  putPreferences: (request: Preferences): Promise<Preferences> => call("put_preferences", { request }),
  cancelJob: (request: CancelJobRequest): Promise<void> => call("cancel_job", { request }),
  currentSession: (): Promise<CurrentSessionResponse> => call("current_session"),
  lockVault: (): Promise<void> => call("lock_vault"),
  keepAwake: (): Promise<void> => call("keep_awake"),
  takeOpening: (): Promise<TakeOpeningResponse> => call("take_opening"),
  checkPassphrase: (request: CheckPassphraseRequest): Promise<PassphraseStrength> => call("check_passphrase", { request }),
  vaultStatus: (request: VaultPathRequest): Promise<VaultStatus> => call("vault_status", { request }),
  createVault: (request: CreateVaultRequest): Promise<SessionView> => call("create_vault", { request }),
  unlockVault: (request: UnlockVaultRequest): Promise<SessionView> => call("unlock_vault", { request }),
  runDue: (): Promise<RunDueResponse> => call("run_due"),
  overview: (): Promise<OverviewResponse> => call("overview"),
  catalogue: (): Promise<CatalogueResponse> => call("catalogue"),
  counts: (): Promise<CountsView> => call("counts"),
  listKeys: (request: KeyListRequest): Promise<KeyListResponse> => call("list_keys", { request }),
  showKey: (request: KeyRequest): Promise<KeyResponse> => call("show_key", { request }),
  distribution: (request: DistributionRequest): Promise<DistributionResponse> => call("distribution", { request }),
  noteRollOut: (request: NoteRollOutRequest): Promise<DistributionResponse> => call("note_roll_out", { request }),
  createKey: (request: CreateKeyRequest): Promise<KeyResponse> => call("create_key", { request }),
  createKeys: (request: CreateKeyRequest): Promise<CreateKeysResponse> => call("create_keys", { request }),
  rotateKey: (request: ChangeKeyRequest): Promise<KeyResponse> => call("rotate_key", { request }),
  activateKey: (request: ChangeKeyRequest): Promise<KeyResponse> => call("activate_key", { request }),
  suspendKey: (request: ChangeKeyRequest): Promise<KeyResponse> => call("suspend_key", { request }),
  resumeKey: (request: ResumeKeyRequest): Promise<KeyResponse> => call("resume_key", { request }),
  deactivateKey: (request: ChangeKeyRequest): Promise<KeyResponse> => call("deactivate_key", { request }),
  revokeKey: (request: RevokeKeyRequest): Promise<KeyResponse> => call("revoke_key", { request }),
  destroyKey: (request: DestroyKeyRequest): Promise<KeyResponse> => call("destroy_key", { request }),
  cancelDestroyKey: (request: ChangeKeyRequest): Promise<KeyResponse> => call("cancel_destroy_key", { request }),
  renameKey: (request: RenameKeyRequest): Promise<KeyResponse> => call("rename_key", { request }),
  editKey: (request: EditKeyRequest): Promise<KeyResponse> => call("edit_key", { request }),
  bulkChange: (request: BulkChangeRequest): Promise<BulkChangeResponse> => call("bulk_change", { request }),
  publicKey: (request: PublicKeyRequest): Promise<PublicKeyResponse> => call("public_key", { request }),
  exportKey: (request: ExportKeyRequest): Promise<ExportKeyResponse> => call("export_key", { request }),
  keyServices: (request: KeyServicesRequest): Promise<KeyServicesResponse> => call("key_services", { request }),
  bringKey: (request: ByokRequest): Promise<ByokResponse> => call("bring_key", { request }),
  stageImport: (request: ExamineRequest): Promise<ExamineResponse> => call("stage_import", { request }),
  examineFiles: (request: ExamineRequest): Promise<ExamineResponse> => call("examine_files", { request }),
  unlockImport: (request: UnlockImportRequest): Promise<UnlockImportResponse> => call("unlock_import", { request }),
  importKeys: (request: ImportKeysRequest): Promise<ImportKeysResponse> => call("import_keys", { request }),
  discardImport: (): Promise<void> => call("discard_import"),
  requestCertificate: (request: CertificateWish): Promise<CertificateRequestResponse> => call("request_certificate", { request }),
  selfSign: (request: SelfSignKeyRequest): Promise<CertificateResponse> => call("self_sign", { request }),
  issueCertificate: (request: IssueCertificateRequest): Promise<CertificateResponse> => call("issue_certificate", { request }),
  issueSshCertificate: (request: IssueSshCertificateRequest): Promise<SshCertificateResponse> => call("issue_ssh_certificate", { request }),
  listSshCertificates: (request: SshCertificateListRequest): Promise<SshCertificateListResponse> => call("list_ssh_certificates", { request }),
  writeKrl: (request: WriteKrlRequest): Promise<WriteKrlResponse> => call("write_krl", { request }),
  listCertificates: (request: CertificateListRequest): Promise<CertificateListResponse> => call("list_certificates", { request }),
  showCertificate: (request: CertificateRequest): Promise<CertificateDetailResponse> => call("show_certificate", { request }),
  importCertificates: (request: ImportCertificatesRequest): Promise<ImportCertificatesResponse> => call("import_certificates", { request }),
  exportCertificate: (request: ExportCertificateRequest): Promise<ExportCertificateResponse> => call("export_certificate", { request }),
  editCertificate: (request: EditCertificateRequest): Promise<KeptCertificateView> => call("edit_certificate", { request }),
  removeCertificate: (request: RemoveCertificateRequest): Promise<KeptCertificateView> => call("remove_certificate", { request }),
  renewCertificate: (request: RenewCertificateRequest): Promise<CertificateResponse> => call("renew_certificate", { request }),
  revokeCertificate: (request: RevokeCertificateRequest): Promise<KeptCertificateView> => call("revoke_certificate", { request }),
  writeCrl: (request: WriteCrlRequest): Promise<WriteCrlResponse> => call("write_crl", { request }),
  listKnownKeys: (request: KnownKeyListRequest): Promise<KnownKeyListResponse> => call("list_known_keys", { request }),
  showKnownKey: (request: KnownKeyRequest): Promise<KnownKeyView> => call("show_known_key", { request }),
  editKnownKey: (request: EditKnownKeyRequest): Promise<KnownKeyView> => call("edit_known_key", { request }),
  removeKnownKey: (request: RemoveKnownKeyRequest): Promise<KnownKeyView> => call("remove_known_key", { request }),
  listEvents: (request: EventListRequest): Promise<EventListResponse> => call("list_events", { request }),
  verifyAudit: (request: JobRequest): Promise<AuditVerifyResponse> => call("verify_audit", { request }),
  exportAudit: (request: AuditExportRequest): Promise<AuditExportResponse> => call("export_audit", { request }),
  proveAudit: (request: AuditProveRequest): Promise<AuditProveResponse> => call("prove_audit", { request }),
  exportInventory: (request: InventoryRequest): Promise<InventoryResponse> => call("export_inventory", { request }),
  listBackups: (): Promise<BackupListResponse> => call("list_backups"),
  createBackup: (request: CreateBackupRequest): Promise<CreateBackupResponse> => call("create_backup", { request }),
  verifyBackup: (request: VerifyBackupRequest): Promise<VerifyBackupResponse> => call("verify_backup", { request }),
  examineIdentity: (request: IdentityFileRequest): Promise<IdentityFileResponse> => call("examine_identity", { request }),
  restoreBackup: (request: RestoreBackupRequest): Promise<RestoreBackupResponse> => call("restore_backup", { request }),
  watchCards: (request: WatchCardsRequest): Promise<CardSightView> => call("watch_cards", { request }),
  unwatchCards: (): Promise<void> => call("unwatch_cards"),
  cancelWaiting: (): Promise<void> => call("cancel_waiting"),
  makeCardKey: (request: MakeCardKeyRequest): Promise<MakeCardKeyResponse> => call("make_card_key", { request }),
  listSlots: (): Promise<SlotListResponse> => call("list_slots"),
  addSlot: (request: AddSlotRequest): Promise<SlotResponse> => call("add_slot", { request }),
  makeRecovery: (request: MakeRecoveryRequest): Promise<RecoverySheetResponse> => call("make_recovery", { request }),
  renameSlot: (request: RenameSlotRequest): Promise<SlotResponse> => call("rename_slot", { request }),
  changePassphrase: (request: ChangePassphraseRequest): Promise<SlotResponse> => call("change_passphrase", { request }),
  removeSlot: (request: RemoveSlotRequest): Promise<RemoveSlotResponse> => call("remove_slot", { request }),
  slotCosts: (): Promise<SlotCostsResponse> => call("slot_costs"),
  recalibrateSlot: (request: RecalibrateSlotRequest): Promise<RecalibrateSlotResponse> => call("recalibrate_slot", { request }),
  rotateMaterialKey: (request: RotateMaterialKeyRequest): Promise<RotateMaterialKeyResponse> => call("rotate_material_key", { request }),
  testSlot: (request: TestSlotRequest): Promise<SlotResponse> => call("test_slot", { request }),
};
