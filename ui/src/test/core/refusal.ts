import type { ErrorCode, ErrorView } from "../../ipc/bindings";

const cures: Partial<Record<ErrorCode, string>> = {
  wrong_passphrase: "Check the keyboard layout and Caps Lock and try again; nothing was changed.",
  not_a_vault: "Check the path; a vault is a folder whose name ends in .keyreeve.",
  exists: "Choose another place or name; what is there was not touched.",
  weak_passphrase:
    "Choose a longer passphrase (four or more unrelated words), or accept the weak one by name.",
  name_taken: "Choose another name.",
  locked: "Unlock the vault first.",
  cancelled: "Nothing was changed.",
  not_a_backup: "Choose a file that ends in .keyreeve-backup.age.",
  bad_input_file: "Choose another file.",
  refused_by_state: "See the key's versions for what its state allows.",
  stale: "Look at the key as it is now and decide again.",
};

export function refusal(code: ErrorCode, message: string): ErrorView {
  return { code, message, cure: cures[code] ?? "Try again." };
}
