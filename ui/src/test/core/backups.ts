import type { BackupView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { placeOf, vaultPath, withEnding } from "./paths";
import { refusal } from "./refusal";
import { wrongSecret } from "./secrets";
import type { CoreState } from "./state";

export function backupCommands(core: CoreState) {
  const passphrases = new Map<string, string | undefined>();

  /** A backup, and the vault that it is of. */
  function backupAt(file: string, passphrase: string | undefined) {
    const vaults = [...core.vaults.values()];
    const source = vaults.find(({ backups }) => backups.some((backup) => backup.file === file));
    const backup = source?.backups.find((each) => each.file === file);
    if (source === undefined || backup === undefined) {
      throw file.endsWith(".age")
        ? refusal("bad_input_file", `There is no file at ${file}.`)
        : refusal("not_a_backup", `${file} is not a backup.`);
    }
    const wanted = passphrases.get(file);
    if (wanted !== undefined && wanted !== passphrase) throw wrongSecret();
    return { source, backup };
  }

  return {
    listBackups: () => {
      const { vault } = core.opened();
      return { backups: [...vault.backups].reverse(), eventsSince: vault.changesSinceBackup };
    },
    createBackup: async (request) => {
      const withStandardFiles = request.withStandardFiles === true;
      const { vault } = withStandardFiles ? core.administrator() : core.opened();
      const file = withEnding(request.out, ".keyreeve-backup.age");
      if (vault.backups.some((backup) => backup.file === file))
        throw refusal("exists", `${file} exists already.`);
      if (withStandardFiles) core.reauthenticate(request.proof);
      await core.work(request.job, vault.keys.length);
      const backup: BackupView = {
        id: vault.backups.length + 1,
        time: core.now(),
        file,
        present: true,
        bytes: 20_480 + vault.keys.length * 812,
        keys: vault.keys.length,
        recipients: request.recipients ?? ["passphrase"],
        verifiedAt: core.now(),
        standardFiles: withStandardFiles,
      };
      vault.backups.push(backup);
      vault.changesSinceBackup = 0;
      passphrases.set(file, request.backupPassphrase);
      core.record("backup.create", "backup", { object: String(backup.id) });
      return { file, bytes: backup.bytes, keys: backup.keys, verified: true };
    },
    verifyBackup: async ({ file, backupPassphrase, job }) => {
      const { backup } = backupAt(file, backupPassphrase);
      await core.work(job);
      backup.verifiedAt = core.now();
      return {
        file,
        vaultId: core.open?.vault.status.id ?? "vault-1",
        createdAt: backup.time,
        keys: backup.keys,
        auditSize: 12,
        verified: true,
      };
    },
    examineIdentity: ({ file }) => ({ passphraseNeeded: core.lockedIdentities.has(file) }),
    restoreBackup: async ({ file, path, backupPassphrase, identityFile, identityPassphrase, job }) => {
      const { source, backup } = backupAt(file, backupPassphrase);
      if (identityFile !== undefined && core.lockedIdentities.get(identityFile) !== identityPassphrase) {
        throw refusal("wrong_identity_passphrase", "The passphrase does not open the identity file.");
      }
      const target = vaultPath(path);
      if (core.vaults.has(target)) throw refusal("exists", `There is something at ${target} already.`);
      await core.work(job, backup.keys);
      const vault = structuredClone(source);
      core.vaults.set(target, { ...vault, status: { ...vault.status, ...placeOf(target) } });
      return { vault: { id: source.status.id, path: target }, keys: backup.keys };
    },
  } satisfies Partial<Handlers>;
}
