import type { Algorithm } from "../../../ipc/bindings";

/** SP 800-38D: no more than 2^32 encryptions with random nonces under one AES-GCM key. */
const LIMIT = 2 ** 32;
const WARN_AT = 2 ** 31;

/** How much of what AES-GCM bears has been used up; `null` for other algorithms. */
export function encryptionShare(
  algorithm: Algorithm,
  encryptions: number,
): { words: string; warn: boolean } | null {
  if (!/^aes-\d+-gcm$/.test(algorithm)) {
    return null;
  }
  const percent = (encryptions / LIMIT) * 100;
  const words = percent === 0 ? "0 %" : percent < 0.1 ? "below 0.1 %" : `${percent.toFixed(1)} %`;
  return { words, warn: encryptions >= WARN_AT };
}
