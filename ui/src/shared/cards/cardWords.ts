import type { CardApplicationView } from "../../ipc/bindings";

export const applicationNames: Record<string, string> = { piv: "PIV card", openpgp: "OpenPGP card" };

/** A serial number as one compares it: the long ones of PIV cards by their ends, which stay on one line. */
export function shortSerial(serial: string): string {
  return serial.length > 18 ? `${serial.slice(0, 8)}\u2060…\u2060${serial.slice(-4)}` : serial;
}

/** The kinds of key that cards make, as people choose among them. */
export const cardKeyNames: Record<string, string> = {
  x25519: "X25519",
  p256: "P-256",
  p384: "P-384",
  p521: "P-521",
  "rsa-2048": "RSA-2048",
  "rsa-3072": "RSA-3072 (the card takes a while to make it)",
  "rsa-4096": "RSA-4096 (the card takes some minutes to make it)",
};

/** How many tries a PIN has left, before it is asked for. */
export function triesWords({ triesLeft }: Pick<CardApplicationView, "triesLeft">): string {
  if (triesLeft === null) return "This card does not say how many tries its PIN has left.";
  if (triesLeft === 1) return "One try left: another wrong PIN blocks the card.";
  return `${triesLeft} tries left`;
}
