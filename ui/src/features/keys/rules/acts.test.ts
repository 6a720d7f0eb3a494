import { describe, expect, it } from "vitest";
import type { KeyState, KeyView } from "../../../ipc/bindings";
import { makeKey, settle } from "../../../test/core/makeKey";
import { type KeyAct, primaryAct, refusal } from "./acts";
import { backupWords, heldWords } from "./backups";
import { encryptionShare } from "./encryptions";
import { strengthWords } from "./strength";

const NOW = new Date("2026-11-24T12:00:00Z");

function keyIn(state: KeyState, scheduled = false): KeyView {
  const key = makeKey("key-1", { name: "k", algorithm: "aes-256-gcm", purpose: "encrypt" }, NOW);
  const [version] = key.versions;
  if (version !== undefined) {
    version.state = state;
    version.destroyScheduledAt = scheduled ? "2026-12-24T12:00:00Z" : null;
    version.compromisedAt = state === "compromised" ? "2026-11-01T00:00:00Z" : null;
  }
  settle(key);
  return key;
}

/** What the core's transitions take, from lifecycle.md. */
const OFFERED: Record<KeyState, KeyAct[]> = {
  pre_active: ["activate", "revoke", "destroy"],
  active: ["rotate", "suspend", "deactivate", "revoke"],
  suspended: ["rotate", "resume", "deactivate", "revoke"],
  deactivated: ["rotate", "revoke", "destroy"],
  compromised: ["rotate", "destroy"],
  destroyed: ["revoke"],
};
const ACTS: KeyAct[] = ["rotate", "activate", "suspend", "resume", "deactivate", "revoke", "destroy"];

describe.each(Object.entries(OFFERED))("a key that is %s", (state, offered) => {
  it.each(ACTS)("is offered %s exactly when the core would do it", (act) => {
    expect(refusal(act, keyIn(state as KeyState), "administrator") === null).toBe(offered.includes(act));
  });
});

it("offers nothing but keeping and revoking while destruction is scheduled", () => {
  const key = keyIn("deactivated", true);
  expect(ACTS.filter((act) => refusal(act, key, "administrator") === null)).toEqual(["revoke"]);
  expect(refusal("cancelDestroy", key, "administrator")).toBeNull();
  expect(primaryAct(key)).toBe("cancelDestroy");
});

it.each([
  ["pre_active", "activate"],
  ["active", "rotate"],
  ["suspended", "resume"],
  ["deactivated", "rotate"],
  ["compromised", "rotate"],
  ["destroyed", null],
] as const)("offers a key that is %s first to %s", (state, act) => {
  expect(primaryAct(keyIn(state))).toBe(act);
});

it("never offers to export the material of a key that is not exportable", () => {
  const key = { ...keyIn("active"), exportable: false, publicFormats: [] };
  expect(refusal("export", key, "administrator")).toMatch(/not exportable/);
});

it("offers an auditor nothing but the public half, and an operator no policy", () => {
  const key = { ...keyIn("active"), exportable: true, privateFormats: ["raw"], publicFormats: [] };
  for (const act of [...ACTS, "rename", "edit", "editPolicy", "cancelDestroy"] as const) {
    expect(refusal(act, key, "auditor")).toBe("An auditor changes nothing.");
  }
  expect(refusal("export", key, "auditor")).toBe("An auditor does not reach key material.");
  expect(refusal("export", { ...key, publicFormats: ["spki-pem"] }, "auditor")).toBeNull();
  expect(refusal("editPolicy", key, "operator")).toMatch(/administrator/);
  expect(refusal("editPolicy", key, "administrator")).toBeNull();
  for (const act of ["rotate", "suspend", "export", "rename"] as const) {
    expect(refusal(act, key, "operator")).toBeNull();
  }
});

it("offers certificates of active keys that sign, to whoever may change something", () => {
  const key = { ...keyIn("active"), signsCertificates: true };
  expect(refusal("certificate", key, "operator")).toBeNull();
  expect(refusal("certificate", key, "auditor")).toBe("An auditor changes nothing.");
  expect(refusal("certificate", { ...keyIn("suspended"), signsCertificates: true }, "operator")).toMatch(
    /suspended/,
  );
  expect(
    refusal("certificate", { ...keyIn("deactivated", true), signsCertificates: true }, "operator"),
  ).toMatch(/destruction/);
  expect(refusal("certificate", { ...key, signsCertificates: false }, "operator")).toMatch(/no certificates/);
  const ssh = { ...key, purpose: "sign" as const, publicFormats: ["openssh-public"] };
  expect(refusal("sshCertificate", ssh, "operator")).toBeNull();
  expect(refusal("sshRevocation", ssh, "operator")).toBeNull();
  expect(refusal("sshRevocation", ssh, "auditor")).toBe("An auditor changes nothing.");
  for (const other of [
    { purpose: "authenticate" as const },
    { publicFormats: [] },
    { signsCertificates: false },
  ]) {
    expect(refusal("sshCertificate", { ...ssh, ...other }, "operator")).toMatch(/no certificates of OpenSSH/);
    expect(refusal("sshRevocation", { ...ssh, ...other }, "operator")).toMatch(/no certificates of OpenSSH/);
  }
});

it("lets only an administrator take out what was never active", () => {
  const key = { ...keyIn("active"), exportable: true, privateFormats: ["raw"], publicFormats: [] };
  const [version] = key.versions;
  if (version !== undefined) version.permissions.export = "warn";
  expect(refusal("export", key, "operator")).toMatch(/administrator/);
  expect(refusal("export", key, "administrator")).toBeNull();
});

it("says which backups hold a key, and which version none holds", () => {
  const key = keyIn("active");
  expect(heldWords(key, NOW)).toEqual({ words: "No backup holds it", missing: true });
  const [version] = key.versions;
  version?.backups.push({ time: "2026-11-22T12:00:00Z", file: "/b/1" });
  expect(heldWords(key, NOW).words).toBe("1 backup holds it · last 2 days ago");
  if (version !== undefined) {
    key.versions.unshift({ ...version, version: 2, backups: [] });
  }
  key.primaryVersion = 2;
  expect(heldWords(key, NOW)).toEqual({ words: "No backup holds version 2", missing: true });
  expect(backupWords(key, undefined, NOW)).toBe(
    "1 backup holds it, the last 2 days ago. No backup holds version 2.",
  );
});

it("counts encryptions against what AES-GCM bears, and warns at half of it", () => {
  expect(encryptionShare("aes-256-gcm", 0)).toEqual({ words: "0 %", warn: false });
  expect(encryptionShare("aes-256-gcm", 1000)).toEqual({ words: "below 0.1 %", warn: false });
  expect(encryptionShare("aes-128-gcm", 2 ** 31)).toEqual({ words: "50.0 %", warn: true });
  expect(encryptionShare("ed25519", 5)).toBeNull();
});

it("says how long a strength will do", () => {
  expect(strengthWords(256, true)).toEqual({ words: "256-bit · quantum-safe", warn: false });
  expect(strengthWords(128, false).words).toBe("128-bit · safe to 2035");
  expect(strengthWords(112, false)).toEqual({ words: "112-bit · disallowed after 2030", warn: true });
});
