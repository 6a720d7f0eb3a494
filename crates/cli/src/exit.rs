//! Exit codes: one table from error codes.

use keyreeve_app::api::ErrorCode;

/// Usage, or a part of the request that is not what it must be.
pub(crate) const USAGE: u8 = 2;
/// A bad input file.
pub(crate) const BAD_FILE: u8 = 5;
/// A device or service is absent.
const DEVICE: u8 = 7;
/// Reading or writing failed.
pub(crate) const IO: u8 = 8;

/// The exit code for an error.
pub(crate) fn code(error: ErrorCode) -> u8 {
    // A code that the table does not know is a fault in Keyreeve, as `internal` is; a test sees to
    // it that there is none.
    known(error).unwrap_or(1)
}

fn known(error: ErrorCode) -> Option<u8> {
    use ErrorCode as E;
    Some(match error {
        // Refused by state or policy.
        E::WeakPassphrase
        | E::Locked
        | E::AlreadyUnlocked
        | E::Exists
        | E::ClockBehind
        | E::NameTaken
        | E::Stale
        | E::RefusedByState
        | E::RefusedByPolicy
        | E::RefusedByRole
        | E::LastSlot
        | E::HeaderFull
        | E::SlotTooOld
        | E::MaterialKeyChanged
        | E::FormatUnsupported
        | E::PlaintextNotConfirmed
        | E::Cancelled
        | E::Internal => 1,
        E::InvalidRequest | E::InvalidName => USAGE,
        // Cannot unlock.
        E::WrongPassphrase
        | E::NoSuchSlot
        | E::CredentialMissing
        | E::KeyringItemMissing
        | E::KeyringForeign
        | E::RecoveryMalformed
        | E::RecoveryMixed
        | E::RecoveryDuplicate
        | E::RecoveryTooFew
        | E::RecoveryOtherVault
        | E::CardWrong
        | E::CardAmbiguous
        | E::PinWrong
        | E::PinBlocked
        | E::PinNotSet
        | E::PinLength
        | E::PadCancelled
        | E::PadTimedOut
        | E::CardKeyMissing
        | E::CardKeyUnsupported
        | E::CardKeyExists
        | E::ManagementKeyWrong
        | E::AdminPinWrong
        | E::AdminPinBlocked
        | E::IdentityPassphraseNeeded
        | E::WrongIdentityPassphrase
        | E::ReauthenticationNeeded => 3,
        // A device or service is absent, or does not answer.
        E::KindUnavailable
        | E::WindowUnreachable
        | E::KeyringNoBus
        | E::KeyringAbsent
        | E::KeyringLocked
        | E::KeyringDismissed
        | E::KeyringRestarted
        | E::KeyringTimeout
        | E::KeyringRefused
        | E::CardServiceAbsent
        | E::CardServiceStopped
        | E::CardReaderMissing
        | E::CardMissing
        | E::CardRemoved
        | E::CardHeld
        | E::CardDisturbed
        | E::CardStillAtWork
        | E::CardUnsupported
        | E::CardMute
        | E::CardNotTouched
        | E::CardKeyUnfinished
        | E::PadFailed
        | E::CardFailed => DEVICE,
        // Not found.
        E::NotFound | E::Ambiguous | E::NotAVault => 4,
        // A bad input file.
        E::HeaderDamaged
        | E::DatabaseMissing
        | E::DatabaseForeign
        | E::NewerFormat
        | E::NotABackup
        | E::BackupDamaged
        | E::BackupNotForYou
        | E::ExportDamaged
        | E::BadRecipient
        | E::BadInputFile => BAD_FILE,
        // Integrity or rollback alarm.
        E::HeaderTampered | E::DatabaseDamaged | E::Tampered | E::AuditAlarm | E::Rollback => 6,
        E::DiskFull
        | E::ReadOnly
        | E::Io
        | E::BackupUnproven
        | E::SlotNotLogged
        | E::MaterialKeyPending => IO,
        E::Busy => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_code_has_an_exit_code() {
        for error in ErrorCode::ALL {
            let exit = known(*error).unwrap_or_else(|| panic!("{error:?} is not in the table"));
            assert!((1..=9).contains(&exit), "{error:?} exits {exit}");
        }
    }
}
