import type { Algorithm, AlgorithmView, PolicyTemplate, Purpose } from "../../../ipc/bindings";

/** A purpose as the form for a new key offers it. */
export interface PurposeChoice {
  purpose: Purpose;
  label: string;
  /** For what, in the words of someone who has the task and not the theory. */
  example: string;
}

/** The purposes in the order of how often they are wanted. */
export const PURPOSE_CHOICES: readonly PurposeChoice[] = [
  { purpose: "encrypt", label: "Encrypt", example: "data, files, fields" },
  { purpose: "sign", label: "Sign", example: "releases, commits, TLS" },
  { purpose: "authenticate", label: "Authenticate", example: "SSH and TLS clients" },
  { purpose: "wrap", label: "Wrap", example: "other keys" },
  { purpose: "mac", label: "MAC", example: "webhooks, API requests" },
  { purpose: "agree", label: "Agree", example: "key exchange, age" },
  { purpose: "derive", label: "Derive", example: "keys from a secret" },
];

const USUAL: Record<Purpose, readonly Algorithm[]> = {
  encrypt: ["aes-256-gcm"],
  wrap: ["aes-256-kwp", "aes-256-gcm"],
  mac: ["hmac-sha256", "hmac-sha384"],
  sign: ["ed25519", "ec-p256", "ml-dsa-87"],
  authenticate: ["ed25519", "ec-p256", "ml-dsa-87"],
  agree: ["x25519", "ec-p256", "ml-kem-1024"],
  derive: ["hmac-sha256", "aes-256-gcm", "hmac-sha384"],
};

/** An algorithm that serves the purpose; `allowed` says whether the policy lets it. */
export interface AlgorithmChoice {
  algorithm: AlgorithmView;
  allowed: boolean;
}

/** The algorithms that serve `purpose`, those that `template` allows first. */
export function algorithmsFor(
  catalogue: readonly AlgorithmView[],
  purpose: Purpose,
  template: PolicyTemplate,
): AlgorithmChoice[] {
  return catalogue
    .filter((algorithm) => algorithm.purposes.includes(purpose))
    .map((algorithm) => ({ algorithm, allowed: algorithm.templates.includes(template) }))
    .sort((a, b) => Number(b.allowed) - Number(a.allowed));
}

/** The algorithm to propose; `null` when the policy allows none for this purpose. */
export function usualAlgorithm(
  catalogue: readonly AlgorithmView[],
  purpose: Purpose,
  template: PolicyTemplate,
): Algorithm | null {
  const allowed = algorithmsFor(catalogue, purpose, template).filter((choice) => choice.allowed);
  const names = allowed.map((choice) => choice.algorithm.name);
  return USUAL[purpose].find((name) => names.includes(name)) ?? names[0] ?? null;
}
