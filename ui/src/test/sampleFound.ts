import type { CertificateView, FoundView } from "../ipc/bindings";

/** Something found in a file; what is not given is that of a sound Ed25519 key of OpenSSH. */
export function found(number: number, part: Partial<FoundView> = {}): FoundView {
  return {
    number,
    file: "/home/me/.ssh/id_ed25519",
    name: "id_ed25519",
    form: "openssh",
    formTitle: "OpenSSH private key",
    kind: "private",
    outcome: "new",
    problem: null,
    algorithm: "ed25519",
    foreign: null,
    algorithms: [],
    purpose: "authenticate",
    strengthBits: 128,
    comment: "me@desk",
    fingerprints: { "ssh-sha256": "SHA256:q4mVkuH0z0Vb0SxWc0rJY0c1G2C3yqZ8m5o0Jt1l3Xk" },
    kcv: null,
    warnings: [],
    certificate: null,
    revocationList: null,
    sshCertificate: null,
    ...part,
  };
}

/** A certificate of the leaf of a chain; what is not given is that of one that is valid. */
export function foundCertificate(
  number: number,
  part: Partial<CertificateView> = {},
  item: Partial<FoundView> = {},
): FoundView {
  const certificate: CertificateView = {
    subject: "CN=example.org",
    issuer: "CN=Example middle",
    serial: "1f00",
    notBefore: "2026-09-01T00:00:00Z",
    notAfter: "2026-12-01T00:00:00Z",
    validity: "valid",
    signatureAlgorithm: "sha256WithRSAEncryption",
    alternativeNames: ["DNS:example.org", "DNS:www.example.org"],
    keyUsage: ["digital signature"],
    extendedKeyUsage: ["TLS server"],
    authority: false,
    pathLength: null,
    subjectKeyId: "aa",
    authorityKeyId: "bb",
    otherExtensions: [{ name: "certificatePolicies", critical: false }],
    issuedBy: null,
    ...part,
  };
  return found(number, {
    file: "/home/me/chain.pem",
    name: `chain ${number + 1}`,
    form: "certificate",
    formTitle: "Certificate",
    kind: "certificate",
    outcome: "unsupported",
    problem: "Keyreeve keeps keys; certificates are only shown",
    algorithm: "rsa-2048",
    purpose: null,
    comment: null,
    fingerprints: { sha256: "0a1b2c", sha1: "3d4e5f", "spki-sha256": "66" },
    certificate,
    ...item,
  });
}

/** A symmetric key of 32 bytes, which could be one of four. */
export function foundSymmetric(number: number, part: Partial<FoundView> = {}): FoundView {
  return found(number, {
    file: "/home/me/keys.hex",
    name: "keys",
    form: "hex",
    formTitle: "Hexadecimal",
    kind: "symmetric",
    algorithm: "aes-256-gcm",
    algorithms: ["aes-256-gcm", "chacha20-poly1305", "aes-256-kwp", "hmac-sha256"],
    purpose: "encrypt",
    strengthBits: 256,
    comment: null,
    fingerprints: {},
    kcv: "66E94B",
    ...part,
  });
}

/** An encrypted key that no password has opened. */
export function foundLocked(number: number, part: Partial<FoundView> = {}): FoundView {
  return found(number, {
    file: "/home/me/.ssh/id_work",
    name: "id_work",
    kind: "locked",
    outcome: "problem",
    problem: "encrypted: give its password",
    comment: null,
    ...part,
  });
}
