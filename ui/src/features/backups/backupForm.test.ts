import { expect, it } from "vitest";
import { opensWithPassphrase, proposedBackupName, withBackupEnding } from "./backupForm";

it("names a backup by vault and minute", () => {
  expect(proposedBackupName("Team vault", new Date(2026, 0, 3, 4, 5))).toBe(
    "Team vault 2026-01-03 0405.keyreeve-backup.age",
  );
});

it("a backup for a passphrase is told from one for keys", () => {
  expect(opensWithPassphrase({ recipients: ["passphrase"] })).toBe(true);
  expect(opensWithPassphrase({ recipients: ["age1abc"] })).toBe(false);
});

it("says which file is written when the ending is missing", () => {
  expect(withBackupEnding(" /disk/june ")).toBe("/disk/june.keyreeve-backup.age");
  expect(withBackupEnding("/disk/june.age")).toBe("/disk/june.age.keyreeve-backup.age");
  expect(withBackupEnding("/disk/june.keyreeve-backup.age")).toBe("/disk/june.keyreeve-backup.age");
  expect(withBackupEnding("  ")).toBe("");
});
