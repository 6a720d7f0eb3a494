import type { AuditAction, EventView } from "../ipc/bindings";

/** An event as a sentence in three parts, so that the object can stand out. */
export interface AuditSentence {
  before: string;
  object: string;
  after: string;
}

interface Words {
  /** What was done: "rotated". */
  did: string;
  /** What was tried, when it did not come about: "rotate". */
  act: string;
}

const WORDS: Record<AuditAction, Words> = {
  "vault.create": { did: "Created", act: "create" },
  "vault.unlock": { did: "Unlocked", act: "unlock" },
  "vault.unlock_failed": { did: "Failed to unlock", act: "unlock" },
  "vault.lock": { did: "Locked", act: "lock" },
  "vault.restore": { did: "Restored", act: "restore" },
  "vault.accept_clock": { did: "Accepted the clock of", act: "accept the clock of" },
  "vault.accept_rollback": { did: "Accepted an older copy of", act: "accept an older copy of" },
  "vault.setting": { did: "Changed a setting of", act: "change a setting of" },
  "card.make_key": { did: "Had a smartcard make a key for", act: "have a smartcard make a key for" },
  "slot.add": { did: "Added the way in", act: "add the way in" },
  "slot.rename": { did: "Renamed the way in", act: "rename the way in" },
  "slot.test": { did: "Tested the way in", act: "test the way in" },
  "slot.change": { did: "Changed the passphrase of", act: "change the passphrase of" },
  "slot.recalibrate": { did: "Made costlier to guess:", act: "make costlier to guess:" },
  "vault.rotate_material_key": {
    did: "Rotated the material key of",
    act: "rotate the material key of",
  },
  "key.rewrap": { did: "Wrapped anew", act: "wrap anew" },
  "slot.remove": { did: "Removed the way in", act: "remove the way in" },
  "key.create": { did: "Created", act: "create" },
  "key.import": { did: "Imported", act: "import" },
  "key.activate": { did: "Activated", act: "activate" },
  "key.rotate": { did: "Rotated", act: "rotate" },
  "key.suspend": { did: "Suspended", act: "suspend" },
  "key.resume": { did: "Resumed", act: "resume" },
  "key.deactivate": { did: "Deactivated", act: "deactivate" },
  "key.revoke": { did: "Revoked", act: "revoke" },
  "key.schedule_destruction": { did: "Scheduled the destruction of", act: "schedule the destruction of" },
  "key.cancel_destruction": { did: "Cancelled the destruction of", act: "cancel the destruction of" },
  "key.destroy": { did: "Destroyed", act: "destroy" },
  "key.rename": { did: "Renamed", act: "rename" },
  "key.edit": { did: "Edited", act: "edit" },
  "key.export_public": { did: "Exported the public half of", act: "export the public half of" },
  "key.export": { did: "Exported", act: "export" },
  "key.hand_over": { did: "Handed over", act: "hand over" },
  "key.roll_out": { did: "Noted the roll-out of", act: "note the roll-out of" },
  "key.request_certificate": { did: "Requested a certificate for", act: "request a certificate for" },
  "key.self_sign": { did: "Self-signed a certificate for", act: "self-sign a certificate for" },
  "key.issue_certificate": { did: "Issued a certificate with", act: "issue a certificate with" },
  "key.issue_ssh_certificate": {
    did: "Issued an OpenSSH certificate with",
    act: "issue an OpenSSH certificate with",
  },
  "key.write_krl": { did: "Wrote an OpenSSH revocation list of", act: "write an OpenSSH revocation list of" },
  "key.sign_crl": { did: "Signed a revocation list with", act: "sign a revocation list with" },
  "certificate.add": { did: "Kept the certificate of", act: "keep the certificate of" },
  "certificate.attach": { did: "Attached to its key the certificate of", act: "attach the certificate of" },
  "certificate.attach_issuer": {
    did: "Attached to its issuer's key the certificate of",
    act: "attach to its issuer the certificate of",
  },
  "certificate.renew": { did: "Renewed the certificate of", act: "renew the certificate of" },
  "certificate.revoke": { did: "Revoked the certificate of", act: "revoke the certificate of" },
  "certificate.edit": { did: "Edited the certificate of", act: "edit the certificate of" },
  "certificate.remove": { did: "Removed the certificate of", act: "remove the certificate of" },
  "public_key.add": { did: "Kept the public key", act: "keep the public key" },
  "public_key.edit": { did: "Edited the public key", act: "edit the public key" },
  "public_key.remove": { did: "Removed the public key", act: "remove the public key" },
  "certificate.export": { did: "Exported the certificate of", act: "export the certificate of" },
  "key.reveal": { did: "Revealed", act: "reveal" },
  "audit.verify": { did: "Verified", act: "verify" },
  "audit.export": { did: "Exported", act: "export" },
  "inventory.export": { did: "Took an inventory of", act: "take an inventory of" },
  "backup.create": { did: "Made", act: "make" },
  "backup.verify": { did: "Verified", act: "verify" },
};

/** What an event says: "Rotated payments-dek to version 4". */
export function auditSentence(event: EventView): AuditSentence {
  const words = WORDS[event.action];
  const object = objectName(event);
  if (event.outcome !== "done") {
    const how = event.outcome === "denied" ? ": refused" : ": failed";
    return event.action === "vault.unlock_failed"
      ? { before: words.did, object, after: "" }
      : { before: `Tried to ${words.act}`, object, after: how };
  }
  return { before: words.did, object, after: tail(event) };
}

/** The whole sentence as text. */
export function auditSentenceText(event: EventView): string {
  const { before, object, after } = auditSentence(event);
  return `${before} ${object}${after}`;
}

function objectName(event: EventView): string {
  switch (event.objectKind) {
    case "vault":
      return "the vault";
    case "audit":
      return "the audit log";
    case "backup":
      return "a backup";
    case "slot":
      return event.objectName ?? event.object;
    case "key":
    case "certificate":
      return event.objectName ?? shortId(event.object);
  }
}

/** A key that has no name any more is known by the first characters of its identifier. */
function shortId(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}

function tail(event: EventView): string {
  const detail = (name: string): string | undefined => event.details[name];
  switch (event.action) {
    case "key.rotate":
      return event.version === null ? "" : ` to version ${event.version}`;
    case "key.rename": {
      const from = detail("from");
      return from === undefined ? "" : `, before: ${from}`;
    }
    case "key.edit": {
      const changed = detail("changed");
      return changed === undefined ? "" : `: ${changed.replace("whereUsed", "where used")}`;
    }
    case "key.hand_over": {
      const to = detail("name") ?? detail("recipient");
      return `${version(event)}${to === undefined ? "" : `, to ${to}`}`;
    }
    case "key.roll_out": {
      const holder = detail("name") ?? detail("place") ?? detail("recipient");
      if (holder === undefined) return version(event);
      return detail("ended") === undefined
        ? `${version(event)}, to ${holder}`
        : `: ${holder} needs it no more`;
    }
    case "key.export":
    case "key.export_public": {
      const format = detail("format");
      return `${version(event)}${format === undefined ? "" : ` as ${format}`}`;
    }
    default:
      return event.objectKind === "key" ? version(event) : "";
  }
}

function version(event: EventView): string {
  // Version 1 of a key that was just made goes without saying.
  return event.version === null || event.action === "key.create" || event.action === "key.import"
    ? ""
    : `, version ${event.version}`;
}
