//! Errors as people and programs see them: a code, what happened, and what to do.

use serde::Serialize;
use ts_rs::TS;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident => $cure:literal,)+) => {
        /// What went wrong, for programs. The window branches on this and never on text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// What the user can do about it.
            #[must_use]
            pub const fn cure(self) -> &'static str {
                match self { $(Self::$variant => $cure,)+ }
            }
        }
    };
}

codes! {
    /// A request's part is not what it must be.
    InvalidRequest => "Correct the named part and try again.",
    /// The passphrase is too easy to guess.
    WeakPassphrase => "Choose a longer passphrase (four or more unrelated words), or accept the weak one by name.",
    /// No vault is unlocked.
    Locked => "Unlock the vault first.",
    /// A vault is unlocked already.
    AlreadyUnlocked => "Lock the open vault first.",
    /// Nothing opens with this passphrase.
    WrongPassphrase => "Check the keyboard layout and Caps Lock and try again; nothing was changed.",
    /// The slot does not exist.
    NoSuchSlot => "List the slots to see which there are.",
    /// There is no vault at the place named.
    NotAVault => "Check the path; a vault is a folder whose name ends in .keyreeve.",
    /// Something stands where the vault, file or backup was to be written.
    Exists => "Choose another place or name; what is there was not touched.",
    /// Both header copies are missing or damaged.
    HeaderDamaged => "Restore the newest backup, or put back a copy of header.json; the keys in vault.db are intact.",
    /// Someone changed the header.
    HeaderTampered => "Do not trust this copy: restore the newest backup and compare its audit log.",
    /// The header is there, the database is not.
    DatabaseMissing => "Put vault.db back beside header.json, or restore the newest backup.",
    /// The database is empty, short, plaintext or of another vault.
    DatabaseForeign => "Put this vault's own vault.db back, or restore the newest backup.",
    /// The database is damaged.
    DatabaseDamaged => "Stop using this copy and restore the newest backup.",
    /// A row is not what the log recorded.
    Tampered => "Do not use this key: restore the newest backup and compare the audit logs.",
    /// The audit log does not verify.
    AuditAlarm => "Keep a copy of the vault as it is, then compare it with the newest backup's log.",
    /// The vault is older than the one last used here.
    Rollback => "If you put an older copy back on purpose, accept it by name; otherwise find the newer copy first.",
    /// Made by a newer app.
    NewerFormat => "Open it with the newer Keyreeve that made it; it was not touched.",
    /// Another process writes.
    Busy => "Wait until the other program has finished, or close it, then try again; nothing was changed.",
    /// The disk is full.
    DiskFull => "Free some space and try again; nothing was changed.",
    /// The place cannot be written.
    ReadOnly => "Make the folder writable for you, or use another one; nothing was changed.",
    /// The operating system failed to read or write.
    Io => "Check the disk and the path and try again; what was stored before is unchanged.",
    /// The clock runs behind the log.
    ClockBehind => "Set the computer's clock, or accept it by name if an earlier clock was wrong.",
    /// There is no such key or version.
    NotFound => "List the keys to see what there is.",
    /// A prefix names several keys.
    Ambiguous => "Give more characters of the identifier, or the full name.",
    /// The name is taken.
    NameTaken => "Choose another name.",
    /// Someone changed the key meanwhile.
    Stale => "Look at the key as it is now and decide again.",
    /// A rule of the key's state says no.
    RefusedByState => "See the key's versions for what its state allows.",
    /// A policy says no.
    RefusedByPolicy => "Choose what the policy allows, or another policy.",
    /// The slot's role says no.
    RefusedByRole => "Unlock with a slot whose role allows it.",
    /// The passphrase must be entered again.
    ReauthenticationNeeded => "Enter the passphrase again.",
    /// The last way in would go.
    LastSlot => "Add another administrator passphrase first.",
    /// The format cannot hold this key.
    FormatUnsupported => "Choose one of the formats offered for this key.",
    /// Plaintext was not confirmed.
    PlaintextNotConfirmed => "Protect the file with a passphrase, or confirm that it may be written in the clear.",
    /// Not a backup.
    NotABackup => "Choose a file that ends in .keyreeve-backup.age.",
    /// Cut short or changed.
    BackupDamaged => "Try an older backup; nothing was restored.",
    /// For someone else.
    BackupNotForYou => "Give the identity file or passphrase that the backup was made for.",
    /// The export file does not verify.
    ExportDamaged => "Get the file again from where it was made; do not rely on this copy.",
    /// The file is too large or of the wrong kind.
    BadInputFile => "Choose another file.",
    /// The user cancelled.
    Cancelled => "Nothing was changed.",
    /// A fault in Keyreeve itself.
    Internal => "Nothing was changed; please report this.",
}

/// An error as the window and `--json` see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What happened, in a sentence.
    pub message: String,
    /// What to do.
    pub cure: String,
}
