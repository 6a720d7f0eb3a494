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
    /// The slot asks for something that was not given.
    CredentialMissing => "Give what the slot asks for, or choose another slot.",
    /// This computer cannot do that kind of slot.
    KindUnavailable => "Unlock with another slot, or on a computer that has the device.",
    /// There is no D-Bus session, so no keyring.
    KeyringNoBus => "Unlock with another slot, or start Keyreeve from your desktop session; the vault is unharmed.",
    /// No keyring is running.
    KeyringAbsent => "Start your desktop's keyring (GNOME Keyring, KWallet or KeePassXC with its Secret Service), or unlock with another slot.",
    /// The keyring is locked.
    KeyringLocked => "Unlock your desktop's keyring, or unlock the vault with another slot.",
    /// The keyring's question was closed.
    KeyringDismissed => "Try again and answer the keyring's question, or unlock with another slot.",
    /// The keyring lost the slot's secret.
    KeyringItemMissing => "Unlock with another slot, then remove this one and add it again.",
    /// The keyring holds something else in the slot's place.
    KeyringForeign => "Unlock with another slot, then remove this one and add it again.",
    /// The keyring went away in between.
    KeyringRestarted => "Try again; nothing was changed.",
    /// The keyring did not answer.
    KeyringTimeout => "See whether it waits for an answer in a window of its own, then try again; other slots still open.",
    /// The keyring refused for a reason of its own.
    KeyringRefused => "See to the keyring, or unlock with another slot.",
    /// A recovery share or code has a slip in it.
    RecoveryMalformed => "Compare it with the paper and correct it; nothing was changed.",
    /// Recovery shares of two sets.
    RecoveryMixed => "Use shares of one set: the sheets name vault and set.",
    /// One recovery share twice.
    RecoveryDuplicate => "Enter another share in its place.",
    /// More recovery shares are needed.
    RecoveryTooFew => "Add shares of the same set until there are enough.",
    /// Recovery shares or a code of another vault.
    RecoveryOtherVault => "Look on the sheet for the vault's name; a slot that was removed no longer opens.",
    /// A slot of an earlier Keyreeve, to which no other material key can be given.
    SlotTooOld => "Change its passphrase, or remove it and add it again; then rotate the material key. Nothing was changed.",
    /// The material key is another one since this vault was opened.
    MaterialKeyChanged => "Lock the vault and open it again. If it stays so, the vault's header is an old one: put back the newest header.json, or restore the newest backup.",
    /// The material key was changed, and the slots have yet to follow.
    MaterialKeyPending => "Go on working: every way in still opens. The next unlock gives the slots the new material key; free some space or make the folder writable before.",
    /// No room for another slot.
    HeaderFull => "Remove a slot that is no longer used first.",
    /// A slot was changed, and the log does not tell of it.
    SlotNotLogged => "The change counts, as the slots and the card show. Only its line in the log is missing.",
    /// The slot does not exist.
    NoSuchSlot => "List the slots to see which there are.",
    /// There is no vault at the place named.
    NotAVault => "Check the path; a vault is a folder whose name ends in .keyreeve.",
    /// A key cannot be handed over to that recipient.
    BadRecipient => "Give the recipient's own public key: an age recipient (age1…), an SSH key (ssh-ed25519 …), or a file with a certificate (X.509 or OpenPGP) or a public key (RSA, EC or X25519). Nothing left the vault.",
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
    /// The name is empty, too long, or could deceive.
    InvalidName => "Choose another name: 1 to 200 characters in one line, none of them invisible.",
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
    ReauthenticationNeeded => "Enter the passphrase, PIN or recovery shares again.",
    /// The last way in would go.
    LastSlot => "Add another administrator's passphrase or recovery slot first.",
    /// The format cannot hold this key.
    FormatUnsupported => "Choose one of the formats offered for this key.",
    /// Plaintext was not confirmed.
    PlaintextNotConfirmed => "Protect the file with a passphrase, or confirm that it may be written in the clear.",
    /// Not a backup.
    NotABackup => "Choose a file that ends in .keyreeve-backup.age.",
    /// Cut short or changed.
    BackupDamaged => "Try an older backup; nothing was restored.",
    /// Written, not proven by a restore, and removed.
    BackupUnproven => "The vault is as it was. Make the backup again in another place: the disk may be failing.",
    /// For someone else.
    BackupNotForYou => "Give the identity file or passphrase that the backup was made for.",
    /// The identity file is protected by a passphrase of its own.
    IdentityPassphraseNeeded => "Give the passphrase that protects the identity file too.",
    /// The identity file does not open.
    WrongIdentityPassphrase => "Check the keyboard layout and Caps Lock and enter the identity file's own passphrase again.",
    /// The export file does not verify.
    ExportDamaged => "Get the file again from where it was made; do not rely on this copy.",
    /// The file is too large or of the wrong kind.
    BadInputFile => "Choose another file.",
    /// No smartcard service runs.
    CardServiceAbsent => "Install and start it (on Debian and Ubuntu: `sudo apt install pcscd`), or unlock with another slot.",
    /// The smartcard service went away in between.
    CardServiceStopped => "Start it again (`sudo systemctl restart pcscd`) and try again; no try of the PIN was used up.",
    /// No reader is connected.
    CardReaderMissing => "Connect the reader or the token.",
    /// No card is in a reader.
    CardMissing => "Put the card in.",
    /// The card was pulled while it was in use.
    CardRemoved => "Put the card back in and try again; the vault was not changed.",
    /// Another program does not share the card.
    CardHeld => "Close the other program; GnuPG lets go of a card with `gpgconf --kill scdaemon`, and shares it with the line `pcsc-shared` in ~/.gnupg/scdaemon.conf.",
    /// Another program reset the card.
    CardDisturbed => "Try again once the other program is done with the card.",
    /// A reader or card is still at work on what was cancelled.
    CardStillAtWork => "Press the cancel key on the reader, or touch the card; else wait up to half a minute. What you type there for what was cancelled opens nothing.",
    /// Not a card that Keyreeve can use.
    CardUnsupported => "Use a card with PIV or an OpenPGP card of version 3.",
    /// The card does not answer.
    CardMute => "Pull the card out and put it in again, with its contacts towards the reader's.",
    /// Another card is needed.
    CardWrong => "Put in the card that the slot was made with; no try of its PIN was used up.",
    /// Several cards fit.
    CardAmbiguous => "Leave only one in, or name the slot or the card's serial number.",
    /// The PIN is wrong.
    PinWrong => "Type it again with care: when no try is left the card blocks it.",
    /// The PIN is blocked.
    PinBlocked => "Unblock it with the card's PUK, reset code or admin PIN in the card's own program, or unlock with another slot.",
    /// The card has no PIN.
    PinNotSet => "Set one in the card's own program first; an OpenPGP card that was reset is set up again by `factory-reset` in `gpg --card-edit`.",
    /// The PIN is too short or too long.
    PinLength => "Type the card's PIN; no try was used up.",
    /// The PIN entry was cancelled on the reader.
    PadCancelled => "Start again when you are ready to type it there; no try was used up.",
    /// Nobody typed on the reader.
    PadTimedOut => "Start again, and type the PIN on the reader within half a minute; no try was used up.",
    /// The reader's PIN pad does not work with this card.
    PadFailed => "Type the PIN at the computer instead (--no-pin-pad on the command line), or use another reader; see first how many tries it has left.",
    /// The card has no usable key.
    CardKeyMissing => "Let the card make one while you add it, or put a key and its certificate onto it in the card's own program.",
    /// The card has a key where one was to be made, or may have one.
    CardKeyExists => "Add the key that is there without making one; where it is not shown, or not needed any more, see to it in the card's own program first.",
    /// The card made its key, and something went wrong then.
    CardKeyUnfinished => "The key stays on the card, and the log tells of it. Put the card in again and add it without making a key; where it shows none, put a certificate beside the key or make another key in the card's own program first.",
    /// The card's management key is wrong.
    ManagementKeyWrong => "Enter the card's management key again; an empty one stands for the key that a YubiKey keeps under its PIN, or else the one that cards come with. No key was made.",
    /// The card's admin PIN is wrong.
    AdminPinWrong => "Type the admin PIN again with care: when no try is left the card blocks it. No key was made.",
    /// The card's admin PIN is blocked.
    AdminPinBlocked => "Reset the card in its own program, which removes its keys, or make the key on another card.",
    /// The card's key cannot unlock.
    CardKeyUnsupported => "Use a key on P-256, P-384, P-521 or X25519.",
    /// Nobody touched the card.
    CardNotTouched => "Try again and touch the card when it blinks.",
    /// The card refused, or made no sense.
    CardFailed => "Pull the card out, put it in again and try once more; the vault was not changed.",
    /// Something else than a window answered where one listens.
    WindowUnreachable => "Lock it in the window itself (Ctrl+L), or close the window.",
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
