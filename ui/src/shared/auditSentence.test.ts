import { expect, it } from "vitest";
import { AuditActionValues, type EventView } from "../ipc/bindings";
import { auditSentenceText } from "./auditSentence";

const event = (parts: Partial<EventView>): EventView => ({
  seq: 1,
  time: "2026-11-24T12:00:00Z",
  actor: "me",
  source: "gui",
  action: "key.create",
  objectKind: "key",
  object: "0123456789abcdef",
  objectName: "payments-dek",
  version: null,
  outcome: "done",
  reason: null,
  details: {},
  ...parts,
});

it.each<[Partial<EventView>, string]>([
  [{ action: "key.rotate", version: 4 }, "Rotated payments-dek to version 4"],
  [{ action: "key.create", version: 1 }, "Created payments-dek"],
  [{ action: "key.suspend", version: 3 }, "Suspended payments-dek, version 3"],
  [
    { action: "key.rename", details: { from: "old", to: "payments-dek" } },
    "Renamed payments-dek, before: old",
  ],
  [
    { action: "key.edit", details: { changed: "owner, whereUsed" } },
    "Edited payments-dek: owner, where used",
  ],
  [
    { action: "key.hand_over", version: 2, details: { recipient: "SHA256:abc", name: "web-1" } },
    "Handed over payments-dek, version 2, to web-1",
  ],
  [
    { action: "key.roll_out", version: 2, details: { place: "host=web-1" } },
    "Noted the roll-out of payments-dek, version 2, to host=web-1",
  ],
  [
    { action: "key.roll_out", version: 2, details: { recipient: "age1abc", ended: "yes" } },
    "Noted the roll-out of payments-dek: age1abc needs it no more",
  ],
  [
    { action: "key.export", version: 2, details: { format: "pkcs8-pem" } },
    "Exported payments-dek, version 2 as pkcs8-pem",
  ],
  [{ action: "key.export", outcome: "denied" }, "Tried to export payments-dek: refused"],
  [{ action: "key.rotate", outcome: "failed" }, "Tried to rotate payments-dek: failed"],
  [{ action: "key.destroy", objectName: null }, "Destroyed 01234567…"],
  [{ action: "vault.unlock", objectKind: "vault" }, "Unlocked the vault"],
  [{ action: "vault.unlock_failed", objectKind: "vault", outcome: "failed" }, "Failed to unlock the vault"],
  [{ action: "audit.verify", objectKind: "audit" }, "Verified the audit log"],
  [{ action: "backup.create", objectKind: "backup" }, "Made a backup"],
  [{ action: "slot.add", objectKind: "slot", objectName: "Deputy" }, "Added the way in Deputy"],
])("says %j", (parts, sentence) => {
  expect(auditSentenceText(event(parts))).toBe(sentence);
});

it.each(AuditActionValues)("has words for %s", (action) => {
  for (const outcome of ["done", "denied", "failed"] as const) {
    expect(auditSentenceText(event({ action, outcome }))).not.toMatch(/undefined/);
  }
});
