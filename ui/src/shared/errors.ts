import type { ErrorCode } from "../ipc/bindings";

export type Severity = "bad" | "warn" | "info";

interface ErrorWords {
  severity: Severity;
  /** What happened, in a few words; the core's message says it exactly and its cure says what to do. */
  title: string;
}

const words: Record<ErrorCode, ErrorWords> = {
  invalid_request: { severity: "warn", title: "Something in the form is not right" },
  weak_passphrase: { severity: "warn", title: "The passphrase is too easy to guess" },
  locked: { severity: "info", title: "The vault is locked" },
  already_unlocked: { severity: "info", title: "A vault is open already" },
  wrong_passphrase: { severity: "warn", title: "Wrong passphrase" },
  credential_missing: { severity: "info", title: "The slot asks for more" },
  kind_unavailable: { severity: "warn", title: "That way in does not work on this computer" },
  keyring_no_bus: { severity: "warn", title: "No desktop session to ask for the keyring" },
  keyring_absent: { severity: "warn", title: "No keyring is running" },
  keyring_locked: { severity: "warn", title: "The keyring is locked" },
  keyring_dismissed: { severity: "info", title: "The keyring's question was closed" },
  keyring_item_missing: { severity: "warn", title: "The keyring lost this vault's secret" },
  keyring_foreign: { severity: "warn", title: "The keyring's secret does not open this vault" },
  keyring_restarted: { severity: "info", title: "The keyring was restarted" },
  keyring_timeout: { severity: "warn", title: "The keyring did not answer" },
  keyring_refused: { severity: "warn", title: "The keyring refused" },
  recovery_malformed: { severity: "warn", title: "There is a slip in it" },
  recovery_mixed: { severity: "warn", title: "These shares do not belong together" },
  recovery_duplicate: { severity: "warn", title: "The same share twice" },
  recovery_too_few: { severity: "info", title: "More shares are needed" },
  recovery_other_vault: { severity: "warn", title: "They belong to another vault" },
  header_full: { severity: "warn", title: "No room for another way in" },
  slot_too_old: { severity: "warn", title: "One way in is of an earlier Keyreeve" },
  material_key_changed: { severity: "warn", title: "The material key is another one by now" },
  material_key_pending: { severity: "warn", title: "Rotated, but the ways in follow later" },
  no_such_slot: { severity: "warn", title: "No such unlock slot" },
  not_a_vault: { severity: "warn", title: "There is no vault there" },
  exists: { severity: "warn", title: "Something is there already" },
  header_damaged: { severity: "bad", title: "The vault's header is damaged" },
  header_tampered: { severity: "bad", title: "Someone changed the vault's header" },
  database_missing: { severity: "bad", title: "The vault's database is missing" },
  database_foreign: { severity: "bad", title: "The database is not this vault's" },
  database_damaged: { severity: "bad", title: "The vault's database is damaged" },
  tampered: { severity: "bad", title: "A record is not what the log says" },
  audit_alarm: { severity: "bad", title: "The audit log does not verify" },
  slot_not_logged: { severity: "bad", title: "The change counts, but is not in the log" },
  rollback: { severity: "bad", title: "This vault is older than the one last used here" },
  newer_format: { severity: "warn", title: "Made by a newer Keyreeve" },
  busy: { severity: "info", title: "The vault is busy" },
  disk_full: { severity: "bad", title: "The disk is full" },
  read_only: { severity: "warn", title: "This place cannot be written" },
  io: { severity: "bad", title: "Reading or writing failed" },
  clock_behind: { severity: "warn", title: "The computer's clock is behind the log" },
  not_found: { severity: "warn", title: "Not found" },
  ambiguous: { severity: "warn", title: "That names more than one key" },
  invalid_name: { severity: "warn", title: "That cannot be a name" },
  name_taken: { severity: "warn", title: "That name is taken" },
  stale: { severity: "info", title: "The key was changed meanwhile" },
  refused_by_state: { severity: "warn", title: "The key's state does not allow this" },
  refused_by_policy: { severity: "warn", title: "The policy does not allow this" },
  refused_by_role: { severity: "warn", title: "Your role does not allow this" },
  reauthentication_needed: { severity: "info", title: "Your passphrase is needed again" },
  last_slot: { severity: "warn", title: "This is the last way in" },
  format_unsupported: { severity: "warn", title: "That format cannot hold this key" },
  plaintext_not_confirmed: { severity: "warn", title: "The file would be written in the clear" },
  not_a_backup: { severity: "warn", title: "That is not a backup" },
  backup_damaged: { severity: "bad", title: "The backup is damaged" },
  backup_unproven: { severity: "bad", title: "The backup could not be proven" },
  backup_not_for_you: { severity: "warn", title: "The backup is for someone else" },
  identity_passphrase_needed: { severity: "info", title: "The identity file has a passphrase of its own" },
  wrong_identity_passphrase: { severity: "warn", title: "Wrong passphrase for the identity file" },
  export_damaged: { severity: "bad", title: "The exported file does not verify" },
  bad_recipient: { severity: "warn", title: "The key cannot be handed over to that recipient" },
  bad_input_file: { severity: "warn", title: "That file cannot be used" },
  card_service_absent: { severity: "warn", title: "The smartcard service does not run on this computer" },
  card_service_stopped: { severity: "warn", title: "The smartcard service stopped" },
  card_reader_missing: { severity: "info", title: "No card reader is connected" },
  card_missing: { severity: "info", title: "No card is in any reader" },
  card_removed: { severity: "warn", title: "The card was pulled out while it was in use" },
  card_held: { severity: "warn", title: "Another program holds the card" },
  card_disturbed: { severity: "warn", title: "Another program reset the card" },
  card_unsupported: { severity: "warn", title: "Not a card that can be used here" },
  card_mute: { severity: "warn", title: "The card does not answer" },
  card_wrong: { severity: "warn", title: "That is another card" },
  card_ambiguous: { severity: "info", title: "Several cards fit" },
  pin_wrong: { severity: "warn", title: "Wrong PIN" },
  pin_blocked: { severity: "bad", title: "The card's PIN is blocked" },
  pin_not_set: { severity: "warn", title: "The card has no PIN yet" },
  pad_cancelled: { severity: "info", title: "Cancelled on the reader" },
  pad_timed_out: { severity: "info", title: "No PIN was typed on the reader" },
  pad_failed: { severity: "warn", title: "The reader's PIN pad does not work here" },
  card_key_unfinished: { severity: "warn", title: "The card has its key, but is not ready" },
  pin_length: { severity: "warn", title: "That cannot be this card's PIN" },
  card_key_exists: { severity: "warn", title: "The card has, or may have, a key there already" },
  management_key_wrong: { severity: "warn", title: "Wrong management key" },
  admin_pin_wrong: { severity: "warn", title: "Wrong admin PIN" },
  admin_pin_blocked: { severity: "bad", title: "The card's admin PIN is blocked" },
  card_key_missing: { severity: "warn", title: "The card has no key that can be used" },
  card_key_unsupported: { severity: "warn", title: "The card's key is of another kind" },
  card_still_at_work: { severity: "info", title: "The reader still waits" },
  card_not_touched: { severity: "info", title: "Nobody touched the card" },
  card_failed: { severity: "bad", title: "The card failed" },
  window_unreachable: { severity: "warn", title: "The window does not answer" },
  cancelled: { severity: "info", title: "Cancelled" },
  internal: { severity: "bad", title: "Keyreeve made a mistake" },
};

/** How an error is shown. A code that a newer core made up is shown as a fault. */
export function errorWords(code: ErrorCode): ErrorWords {
  return Object.hasOwn(words, code) ? words[code] : words.internal;
}

/** What the message says beyond the title above it: many messages begin with the same words. */
export function messageBelow(title: string, message: string): string {
  if (!message.toLowerCase().startsWith(title.toLowerCase())) return message;
  const rest = message.slice(title.length);
  if (/^\.?$/.test(rest)) return "";
  const more = rest.match(/^: (.)/u)?.[1];
  return more === undefined ? message : more.toUpperCase() + rest.slice(2 + more.length);
}
