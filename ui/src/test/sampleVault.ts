import type { Algorithm, Purpose, Role } from "../ipc/bindings";
import { day } from "./core/time";
import { FakeCore } from "./fakeCore";

export const samplePath = "/home/me/Team vault.keyreeve";
export const samplePassphrase = "correct horse battery staple";

type Sample = [name: string, algorithm: Algorithm, purpose: Purpose, rotatesInDays: number, tags: string[]];

const samples: readonly Sample[] = [
  ["acme-release-signing", "ed25519", "sign", 310, ["production"]],
  ["backup-kek", "aes-256-kwp", "wrap", 90, ["production"]],
  ["ci-deploy", "ed25519", "authenticate", 24, ["production"]],
  ["clinic-records-master", "aes-256-gcm", "derive", 76, ["production"]],
  ["edge-tls-2026", "ec-p256", "sign", 16, ["production"]],
  ["jwt-issuer", "ml-dsa-65", "sign", 365, []],
  ["legacy-vpn", "rsa-2048", "authenticate", -12, ["laptop"]],
  ["payments-dek", "aes-256-gcm", "encrypt", 101, ["production", "payments"]],
  ["payments-dek-2023", "aes-256-gcm", "encrypt", 40, ["payments"]],
  ["s3-upload", "x25519", "agree", 200, []],
  ["staging-ca", "ec-p384", "sign", 220, []],
  ["terraform-state", "aes-256-gcm", "encrypt", 280, ["production"]],
  ["webhook-hmac", "hmac-sha256", "mac", 22, ["production"]],
  ["old-laptop-ssh", "rsa-3072", "authenticate", 50, ["laptop"]],
];

/** A core with an open vault that holds a key in every state, a backup and a history. */
export function sampleCore(role: Role = "administrator"): FakeCore {
  const core = lockedSampleCore(role);
  core.openVault(samplePath);
  fill(core);
  return core;
}

/** A core with an open vault that was made a moment ago. */
export function emptyCore(role: Role = "administrator"): FakeCore {
  const core = lockedSampleCore(role);
  core.openVault(samplePath);
  return core;
}

/** A core that knows a vault and has none open. */
export function lockedSampleCore(role: Role = "administrator"): FakeCore {
  const core = new FakeCore();
  core.preferences.recentVaults = [samplePath, "/home/me/Home.keyreeve"];
  core.addVault(samplePath, samplePassphrase, role);
  core.addVault("/home/me/Home.keyreeve", samplePassphrase);
  return core;
}

function fill(core: FakeCore): void {
  const now = core.clock().getTime();
  const year = 365 * day;
  for (const [name, algorithm, purpose, rotatesInDays, tags] of samples) {
    // A year's policy, begun long enough ago that the rotation falls due when it should.
    const begun = new Date(now - Math.max(1, 365 - rotatesInDays) * day);
    const key = core.addKey(
      {
        name,
        algorithm,
        purpose,
        tags,
        exportable: name !== "payments-dek",
        owner: name.startsWith("payments") ? "Payments team" : "",
        policy: { template: "pci-dss" },
        ...(name === "jwt-issuer" ? { activateAt: new Date(now + 5 * day).toISOString() } : {}),
      },
      begun,
    );
    for (const version of key.versions) {
      version.originatorUsageEnd = new Date(now + rotatesInDays * day).toISOString();
      version.recipientUsageEnd = new Date(now + rotatesInDays * day + 3 * year).toISOString();
    }
    key.rotateBy = key.state === "active" ? new Date(now + rotatesInDays * day).toISOString() : null;
  }
  const on = (name: string) => {
    const key = core.keys.find((each) => each.name === name);
    const version = key?.versions[0];
    if (key === undefined || version === undefined) throw new Error(`no sample ${name}`);
    return { key, version };
  };
  const compromised = on("staging-ca");
  Object.assign(compromised.version, {
    state: "compromised",
    compromisedAt: new Date(now - 3 * day).toISOString(),
    compromiseReason: "Found in a public repository",
  });
  Object.assign(compromised.key, { state: "compromised", rotateBy: null });
  const retired = on("payments-dek-2023");
  Object.assign(retired.version, {
    state: "deactivated",
    deactivatedAt: new Date(now - 200 * day).toISOString(),
  });
  Object.assign(retired.key, { state: "deactivated", rotateBy: null });
  const doomed = on("old-laptop-ssh");
  Object.assign(doomed.version, {
    state: "deactivated",
    deactivatedAt: new Date(now - 20 * day).toISOString(),
    destroyScheduledAt: new Date(now + 21 * day - 60_000).toISOString(),
  });
  Object.assign(doomed.key, { state: "deactivated", rotateBy: null });
  const paused = on("legacy-vpn");
  Object.assign(paused.version, { state: "suspended", suspendedAt: new Date(now - day).toISOString() });
  Object.assign(paused.key, { state: "suspended" });
  core.backups.push({
    id: 1,
    time: new Date(now - 2 * day).toISOString(),
    file: "/home/me/Backups/team.keyreeve-backup.age",
    present: true,
    bytes: 31_848,
    keys: 14,
    recipients: ["age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"],
    verifiedAt: new Date(now - 2 * day).toISOString(),
    standardFiles: false,
  });
}
