const ENDING = ".keyreeve-backup.age";

/** The file that the core will write: it puts the ending of backups behind a name that lacks it. */
export function withBackupEnding(path: string): string {
  const typed = path.trim();
  return typed === "" || typed.endsWith(ENDING) ? typed : `${typed}${ENDING}`;
}

/** "Team vault 2026-11-24 1403.keyreeve-backup.age": the minute is in it, for backups are never overwritten. */
export function proposedBackupName(vault: string, now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${vault} ${day} ${two(now.getHours())}${two(now.getMinutes())}${ENDING}`;
}

/** Whether a backup was made for a passphrase; the core names that in the place of recipients. */
export function opensWithPassphrase({ recipients }: { recipients: readonly string[] }): boolean {
  return recipients.every((recipient) => recipient === "passphrase");
}
