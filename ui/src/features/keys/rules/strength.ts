/** How long a key's strength will do, with the severity it deserves. */
export interface StrengthWords {
  words: string;
  warn: boolean;
}

/** "256-bit · quantum-safe", "128-bit · safe to 2035", "112-bit · disallowed after 2030" (SP 800-131A, IR 8547). */
export function strengthWords(bits: number, quantumSafe: boolean): StrengthWords {
  if (quantumSafe) {
    return { words: `${bits}-bit · quantum-safe`, warn: false };
  }
  return bits >= 128
    ? { words: `${bits}-bit · safe to 2035`, warn: false }
    : { words: `${bits}-bit · disallowed after 2030`, warn: true };
}
