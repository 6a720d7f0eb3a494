// A vault as a small team might have it: a key in every state, a history, and something that needs attention.
const day = 86_400_000;
const later = (days) => new Date(Date.now() + days * day).toISOString();

const keys = [
  ["acme-release-signing", "ed25519", "sign", { tags: ["production"], owner: "Release team" }],
  ["backup-kek", "aes-256-kwp", "wrap", { tags: ["production"], policy: { originatorUsage: "P90D" } }],
  ["ci-deploy", "ed25519", "authenticate", { tags: ["production"], policy: soon(24) }],
  ["clinic-records-master", "aes-256-gcm", "derive", { tags: ["production"], exportable: false }],
  ["edge-tls", "ec-p256", "sign", { tags: ["production"], policy: soon(16) }],
  ["jwt-issuer", "ml-dsa-65", "sign", { activateAt: later(5) }],
  ["legacy-vpn", "rsa-2048", "authenticate", { tags: ["laptop"] }],
  ["old-laptop-ssh", "rsa-3072", "authenticate", { tags: ["laptop"] }],
  [
    "payments-dek",
    "aes-256-gcm",
    "encrypt",
    {
      tags: ["payments", "production"],
      owner: "Payments team",
      note: "Wraps nothing; encrypts the card table only.",
      whereUsed: [
        { kind: "host", value: "db-1.example.org" },
        { kind: "application", value: "billing" },
      ],
      fields: [{ name: "Ticket", value: "PAY-118" }],
      policy: { template: "pci-dss" },
    },
  ],
  ["payments-dek-retired", "aes-256-gcm", "encrypt", { tags: ["payments"] }],
  ["prototype-kem", "ml-kem-768", "agree", { activateAt: later(30) }],
  ["s3-upload", "x25519", "agree", {}],
  ["staging-ca", "ec-p384", "sign", {}],
  ["terraform-state", "chacha20-poly1305", "encrypt", { tags: ["production"] }],
  ["webhook-hmac", "hmac-sha256", "mac", { tags: ["production"], policy: soon(9) }],
];

/** A period that ends in so many days, with a warning a month ahead. */
function soon(days) {
  return { originatorUsage: `P${days}D`, warnBefore: "P30D" };
}

/** Fills the vault that is open in the window. */
export async function fillSampleVault(app) {
  const made = {};
  for (const [name, algorithm, purpose, more] of keys) {
    const request = { name, algorithm, purpose, exportable: true, ...more };
    made[name] = (await app.core("create_key", request)).key;
  }
  const key = (name) => made[name].id;
  const reason = "quarterly";
  await app.core("rotate_key", { key: key("payments-dek"), reason });
  await app.core("rotate_key", { key: key("payments-dek"), reason });
  await app.core("rotate_key", { key: key("terraform-state"), reason });
  await app.core("suspend_key", { key: key("legacy-vpn"), reason: "the gateway moves" });
  await app.core("revoke_key", { key: key("staging-ca"), reason: "found in a public repository" });
  await app.core("deactivate_key", { key: key("payments-dek-retired"), reason: "replaced" });
  await app.core("deactivate_key", { key: key("old-laptop-ssh"), reason: "the laptop is gone" });
  await app.core("destroy_key", { key: key("old-laptop-ssh"), waitDays: 21 });
  await app.core("destroy_key", { key: key("prototype-kem"), reason: "never used" });
  return made;
}
