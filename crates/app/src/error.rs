//! The one place where errors of the ports and the rules become errors for people.

use std::fmt;

use keyreeve_crypto::{OpenError, RandomError, SealError, UnknownName};
use keyreeve_domain::audit::AuditAlarm;
use keyreeve_domain::ports::{
    AnchorError, BackupError, CardError, HeaderError, KeyringError, RecoveryError, StoreError,
};
use keyreeve_domain::{NewKeyError, PeriodError, PolicyViolation, TextError, TransitionError};

use crate::api::{ErrorCode, ErrorView};

/// Why a use case did not do what was asked. Nothing was changed unless the message says so.
#[derive(Debug)]
pub struct Error {
    code: ErrorCode,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source: None }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, message)
    }

    /// A fault in Keyreeve itself, met outside a use case (a task that died, say).
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    /// No vault is unlocked.
    #[must_use]
    pub fn locked() -> Self {
        Self::new(ErrorCode::Locked, "the vault is locked")
    }

    /// A vault is unlocked already.
    #[must_use]
    pub fn already_unlocked() -> Self {
        Self::new(ErrorCode::AlreadyUnlocked, "a vault is unlocked already")
    }

    pub(crate) fn caused(code: ErrorCode, message: impl Into<String>, source: Self) -> Self {
        Self { code, message: format!("{}: {source}", message.into()), source: source.source }
    }

    fn of(code: ErrorCode, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { code, message: source.to_string(), source: Some(Box::new(source)) }
    }

    /// What went wrong, for programs.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The error as the window and `--json` see it.
    #[must_use]
    pub fn view(&self) -> ErrorView {
        let mut message = sentence(&self.message);
        // Only the operating system's own words add anything; they name no secret.
        let mut source = self.source.as_deref().and_then(std::error::Error::source);
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                message = format!("{} ({io})", message.trim_end_matches('.'));
            }
            source = cause.source();
        }
        ErrorView { code: self.code, message, cure: self.code.cure().into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// Begins with a capital letter and ends with a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '?', '…']) {
        out.push('.');
    }
    out
}

/// The code for an operating-system error on a file or folder of the user's.
pub(crate) fn io_code(error: &std::io::Error) -> ErrorCode {
    use std::io::ErrorKind as K;
    match error.kind() {
        K::NotFound => ErrorCode::BadInputFile,
        K::AlreadyExists => ErrorCode::Exists,
        K::PermissionDenied | K::ReadOnlyFilesystem => ErrorCode::ReadOnly,
        K::StorageFull | K::QuotaExceeded => ErrorCode::DiskFull,
        _ => ErrorCode::Io,
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        use StoreError as S;
        let code = match &error {
            S::Missing { .. } => ErrorCode::DatabaseMissing,
            S::Exists { .. } => ErrorCode::Exists,
            S::TooShort { .. } | S::Plaintext { .. } | S::Foreign { .. } => {
                ErrorCode::DatabaseForeign
            }
            S::Newer { .. } => ErrorCode::NewerFormat,
            S::Damaged { .. } => ErrorCode::DatabaseDamaged,
            S::Tampered { .. } => ErrorCode::Tampered,
            S::TooMuch { .. } => ErrorCode::InvalidRequest,
            S::Busy => ErrorCode::Busy,
            S::DiskFull => ErrorCode::DiskFull,
            S::ReadOnly => ErrorCode::ReadOnly,
            S::NameTaken { .. } => ErrorCode::NameTaken,
            S::Stale { .. } => ErrorCode::Stale,
            S::Cancelled => ErrorCode::Cancelled,
            S::Io(_) => ErrorCode::Io,
            _ => ErrorCode::Internal,
        };
        Self::of(code, error)
    }
}

impl From<HeaderError> for Error {
    fn from(error: HeaderError) -> Self {
        use HeaderError as H;
        let code = match &error {
            H::NotAVault { .. } => ErrorCode::NotAVault,
            H::Missing { .. } | H::Damaged { .. } | H::Parameters(_) => ErrorCode::HeaderDamaged,
            H::Exists { .. } => ErrorCode::Exists,
            H::Newer { .. } | H::NewerKind { .. } => ErrorCode::NewerFormat,
            H::CredentialMissing { .. } => ErrorCode::CredentialMissing,
            H::KindUnavailable { .. } => ErrorCode::KindUnavailable,
            H::NotAPassphrase { .. } | H::Parts(_) | H::SlotName(_) => ErrorCode::InvalidRequest,
            H::CannotHandOver { .. } => ErrorCode::SlotTooOld,
            H::TooManySlots { .. } | H::HeaderFull => ErrorCode::HeaderFull,
            H::Keyring(error) => keyring_code(error),
            H::Card(error) => card_code(error),
            H::Recovery(error) => recovery_code(error),
            H::WrongPassphrase => ErrorCode::WrongPassphrase,
            H::NoSuchSlot { .. } => ErrorCode::NoSuchSlot,
            H::Tampered => ErrorCode::HeaderTampered,
            H::LastAdministrator | H::LastIndependent => ErrorCode::LastSlot,
            H::Busy => ErrorCode::Busy,
            H::DiskFull => ErrorCode::DiskFull,
            H::ReadOnly => ErrorCode::ReadOnly,
            H::Io(_) => ErrorCode::Io,
            _ => ErrorCode::Internal,
        };
        Self::of(code, error)
    }
}

fn card_code(error: &CardError) -> ErrorCode {
    use CardError as C;
    match error {
        C::NoService => ErrorCode::CardServiceAbsent,
        C::ServiceStopped => ErrorCode::CardServiceStopped,
        C::NoReader | C::ReaderGone => ErrorCode::CardReaderMissing,
        C::NoCard => ErrorCode::CardMissing,
        C::Removed => ErrorCode::CardRemoved,
        C::Held { .. } => ErrorCode::CardHeld,
        C::Disturbed => ErrorCode::CardDisturbed,
        C::Unsupported { .. } => ErrorCode::CardUnsupported,
        C::Mute { .. } => ErrorCode::CardMute,
        C::Wrong { .. } => ErrorCode::CardWrong,
        C::Several { .. } => ErrorCode::CardAmbiguous,
        C::WrongPin { .. } => ErrorCode::PinWrong,
        C::PinBlocked => ErrorCode::PinBlocked,
        C::PinNotSet | C::NotActivated => ErrorCode::PinNotSet,
        C::PinLength { .. } | C::PadPinLength => ErrorCode::PinLength,
        C::PadCancelled => ErrorCode::PadCancelled,
        C::PadTimedOut => ErrorCode::PadTimedOut,
        C::NoPad { .. } | C::PadFailed { .. } => ErrorCode::PadFailed,
        C::NoKey { .. } => ErrorCode::CardKeyMissing,
        C::KeyUnsupported { .. } | C::KindUnsupported { .. } => ErrorCode::CardKeyUnsupported,
        C::KeyExists { .. } | C::KeyUncertain { .. } => ErrorCode::CardKeyExists,
        C::KeyUnfinished { .. } => ErrorCode::CardKeyUnfinished,
        C::WrongManagementKey { .. } => ErrorCode::ManagementKeyWrong,
        C::WrongAdminPin { .. } | C::AdminPinLength { .. } => ErrorCode::AdminPinWrong,
        C::AdminPinBlocked => ErrorCode::AdminPinBlocked,
        C::NotTouched => ErrorCode::CardNotTouched,
        C::LetGo => ErrorCode::Cancelled,
        C::StillAtWork { .. } => ErrorCode::CardStillAtWork,
        _ => ErrorCode::CardFailed,
    }
}

fn keyring_code(error: &KeyringError) -> ErrorCode {
    use KeyringError as K;
    match error {
        K::NoBus => ErrorCode::KeyringNoBus,
        K::NoProvider => ErrorCode::KeyringAbsent,
        K::Locked => ErrorCode::KeyringLocked,
        K::Dismissed => ErrorCode::KeyringDismissed,
        K::ItemMissing => ErrorCode::KeyringItemMissing,
        K::Foreign => ErrorCode::KeyringForeign,
        K::Restarted => ErrorCode::KeyringRestarted,
        K::Timeout { .. } => ErrorCode::KeyringTimeout,
        K::LetGo => ErrorCode::Cancelled,
        _ => ErrorCode::KeyringRefused,
    }
}

fn recovery_code(error: &RecoveryError) -> ErrorCode {
    use RecoveryError as R;
    match error {
        R::Malformed { .. } => ErrorCode::RecoveryMalformed,
        R::Mixed { .. } => ErrorCode::RecoveryMixed,
        R::Duplicate { .. } => ErrorCode::RecoveryDuplicate,
        R::TooFew { .. } => ErrorCode::RecoveryTooFew,
        R::OtherVault => ErrorCode::RecoveryOtherVault,
        _ => ErrorCode::InvalidRequest,
    }
}

impl From<BackupError> for Error {
    fn from(error: BackupError) -> Self {
        use BackupError as B;
        let code = match &error {
            B::Exists { .. } => ErrorCode::Exists,
            B::NotFound { .. } => ErrorCode::InvalidRequest,
            B::Missing => ErrorCode::BadInputFile,
            B::BadRecipient { .. } | B::BadIdentity { .. } => ErrorCode::InvalidRequest,
            B::NotABackup { .. } => ErrorCode::NotABackup,
            B::Newer { .. } => ErrorCode::NewerFormat,
            B::Damaged { .. } => ErrorCode::BackupDamaged,
            B::Unproven { .. } => ErrorCode::BackupUnproven,
            B::NotForYou => ErrorCode::BackupNotForYou,
            B::WrongPassphrase => ErrorCode::WrongPassphrase,
            B::IdentityPassphraseNeeded => ErrorCode::IdentityPassphraseNeeded,
            B::WrongIdentityPassphrase => ErrorCode::WrongIdentityPassphrase,
            B::TooLarge { .. } => ErrorCode::BadInputFile,
            B::DiskFull => ErrorCode::DiskFull,
            B::ReadOnly => ErrorCode::ReadOnly,
            B::Cancelled => ErrorCode::Cancelled,
            B::Io(_) => ErrorCode::Io,
            _ => ErrorCode::Internal,
        };
        Self::of(code, error)
    }
}

impl From<CardError> for Error {
    fn from(error: CardError) -> Self {
        Self::of(card_code(&error), error)
    }
}

impl From<AnchorError> for Error {
    fn from(error: AnchorError) -> Self {
        Self::of(ErrorCode::Io, error)
    }
}

impl From<TransitionError> for Error {
    fn from(error: TransitionError) -> Self {
        use TransitionError as T;
        let code = match &error {
            T::NoSuchVersion { .. } => ErrorCode::NotFound,
            T::WaitOutOfRange { .. }
            | T::CompromiseInFuture { .. }
            | T::ReasonMissing
            | T::NothingToDo => ErrorCode::InvalidRequest,
            T::Policy(_) | T::ExportableLoosened => ErrorCode::RefusedByPolicy,
            _ => ErrorCode::RefusedByState,
        };
        Self::of(code, error)
    }
}

impl From<NewKeyError> for Error {
    fn from(error: NewKeyError) -> Self {
        Self::of(ErrorCode::RefusedByPolicy, error)
    }
}

impl From<AuditAlarm> for Error {
    fn from(error: AuditAlarm) -> Self {
        Self::of(ErrorCode::AuditAlarm, error)
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        Self::of(ErrorCode::Tampered, error)
    }
}

macro_rules! maps {
    ($($type:ty => $code:ident,)+) => {
        $(impl From<$type> for Error {
            fn from(error: $type) -> Self {
                Self::of(ErrorCode::$code, error)
            }
        })+
    };
}

maps! {
    PolicyViolation => RefusedByPolicy,
    TextError => InvalidRequest,
    PeriodError => InvalidRequest,
    UnknownName => InvalidRequest,
    RandomError => Internal,
    SealError => Internal,
}
