import type { KeyView, VersionView } from "../../../ipc/bindings";
import { formatRelative, plural } from "../../../shared/format";

/** The versions that still have material: of the whole key, or the one named. */
export function versionsWithMaterial(key: KeyView, version?: number): VersionView[] {
  return key.versions.filter(
    (candidate) =>
      candidate.state !== "destroyed" && (version === undefined || candidate.version === version),
  );
}

/** "2 backups hold it, the last 2 days ago." or "No backup holds version 3." */
export function backupWords(key: KeyView, version: number | undefined, now: Date): string {
  const versions = versionsWithMaterial(key, version);
  const unheld = versions.filter((candidate) => candidate.backups.length === 0);
  const times = new Map(
    versions.flatMap(({ backups }) => backups.map(({ time, file }) => [`${time} ${file}`, time])),
  );
  const newest = [...times.values()].sort().at(-1);
  if (newest === undefined) {
    return versions.length === 1 && versions[0] !== undefined && key.versions.length > 1
      ? `No backup holds version ${versions[0].version}.`
      : "No backup holds it.";
  }
  const held = `${plural(times.size, "backup")} ${times.size === 1 ? "holds" : "hold"} it, the last ${formatRelative(newest, now)}.`;
  if (unheld.length === 0) {
    return held;
  }
  const numbers = unheld.map((candidate) => candidate.version).sort((a, b) => a - b);
  return `${held} No backup holds version ${listed(numbers)}.`;
}

function listed(numbers: readonly number[]): string {
  return numbers.length < 2
    ? numbers.join("")
    : `${numbers.slice(0, -1).join(", ")} or ${numbers[numbers.length - 1]}`;
}

/** "2 backups hold it · last 2 days ago" of the primary version, or that none holds it. */
export function heldWords(key: KeyView, now: Date): { words: string; missing: boolean } {
  const primary = key.versions.find((version) => version.version === key.primaryVersion);
  const backups = primary?.backups ?? [];
  const newest = backups
    .map(({ time }) => time)
    .sort()
    .at(-1);
  if (newest === undefined) {
    return {
      words: key.versions.length > 1 ? `No backup holds version ${key.primaryVersion}` : "No backup holds it",
      missing: primary?.state !== "destroyed",
    };
  }
  const count = backups.length;
  return {
    words: `${plural(count, "backup")} ${count === 1 ? "holds" : "hold"} it · last ${formatRelative(newest, now)}`,
    missing: false,
  };
}
