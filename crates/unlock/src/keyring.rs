//! Slot keys from a random secret that the operating system's keyring keeps.
//!
//! Every call makes its own connection, on its own thread, and is waited for only so long, unless it is let go of: a store
//! that failed once stays broken for good (a provider that was restarted, a bus that came later),
//! and a locked keyring asks its question in a window of its own.

use std::time::Duration;

use keyreeve_crypto::{SlotKey, derive_key, fill_random, make_array};
use keyreeve_domain::ports::{Credentials, HeaderError, KeyringError, NewWay, SlotKind};
use keyring_core::Entry;
use zeroize::Zeroizing;

use crate::part::Part;
use crate::slot::{not_its_own, random_error};
use crate::source::{KeySource, Place};
use crate::wait::{LetGo, NoAnswer, Waits};

const LABEL: &str = "keyreeve/v1/slot/os_keyring";
/// The service under which the keyring lists the items.
const SERVICE: &str = "keyreeve";
/// How long people get to answer the keyring's question.
const PATIENCE: Duration = Duration::from_secs(60);

type Secret = Zeroizing<[u8; 32]>;

/// The operating system's keyring.
#[derive(Debug, Clone)]
pub struct KeyringSource {
    patience: Duration,
    waits: Waits,
}

impl Default for KeyringSource {
    fn default() -> Self {
        Self::with_patience(patience())
    }
}

impl KeyringSource {
    /// A keyring that is waited for at most `patience`.
    #[must_use]
    pub fn with_patience(patience: Duration) -> Self {
        Self { patience, waits: Waits::default() }
    }

    /// The same, which can be let go of by `waits`.
    #[must_use]
    pub fn waited_for(self, waits: Waits) -> Self {
        Self { waits, ..self }
    }

    fn ask<T: Send + 'static>(
        &self,
        place: Place,
        call: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let asked = move |_: &LetGo| {
            let account = format!("{}/{}", place.vault, place.slot);
            let outcome = platform::entry(SERVICE, &account).and_then(|entry| call(&entry));
            outcome.map_err(|error| in_our_words(&error))
        };
        match self.waits.run(Some(self.patience), asked) {
            Ok(outcome) => outcome,
            Err(NoAnswer::LetGo { .. }) => Err(KeyringError::LetGo),
            Err(NoAnswer::Late) => Err(KeyringError::Timeout { seconds: self.patience.as_secs() }),
            Err(NoAnswer::Died) => Err(KeyringError::Restarted),
        }
    }
}

impl KeySource for KeyringSource {
    fn kind(&self) -> SlotKind {
        SlotKind::OsKeyring
    }

    fn enrol(&self, place: Place, _way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let salt = make_array().map_err(random_error)?;
        let mut secret: Secret = Zeroizing::new([0; 32]);
        fill_random(secret.as_mut()).map_err(random_error)?;
        let key = key_of(place, &salt, &secret);
        self.ask(place, move |entry| entry.set_secret(secret.as_slice()))?;
        Ok((Part::OsKeyring { salt }, key))
    }

    fn key(
        &self,
        place: Place,
        part: &Part,
        credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError> {
        let Part::OsKeyring { salt } = part else { return Err(not_its_own(self.kind())) };
        if !credentials.keyring {
            return Err(HeaderError::CredentialMissing { what: "the operating system's keyring" });
        }
        let found = self.ask(place, |entry| entry.get_secret().map(Zeroizing::new))?;
        let secret = <[u8; 32]>::try_from(found.as_slice()).map(Zeroizing::new);
        let secret = secret.map_err(|_length| KeyringError::Foreign)?;
        Ok(key_of(place, salt, &secret))
    }

    fn forget(&self, place: Place, _part: &Part) {
        // What stays behind opens nothing without the header's slot.
        _ = self.ask(place, Entry::delete_credential);
    }
}

/// How long people get. A debug build lets `KEYREEVE_KEYRING_SECONDS` shorten it, so that a test sees what comes then; it
/// can never be longer, and a release build does not look.
fn patience() -> Duration {
    let wanted = || std::env::var("KEYREEVE_KEYRING_SECONDS").ok()?.parse().ok();
    let seconds = cfg!(debug_assertions).then(wanted).flatten();
    seconds.map_or(PATIENCE, |seconds| PATIENCE.min(Duration::from_secs(seconds)))
}

fn key_of(place: Place, salt: &[u8; 32], secret: &Secret) -> SlotKey {
    let context = [&place.vault.as_bytes()[..], place.slot.as_bytes(), salt];
    SlotKey::from_bytes(&derive_key(secret.as_slice(), LABEL, &context))
}

fn in_our_words(error: &keyring_core::Error) -> KeyringError {
    use keyring_core::Error as E;
    match error {
        E::NoEntry => KeyringError::ItemMissing,
        E::Ambiguous(_) | E::BadDataFormat(..) | E::BadEncoding(_) => KeyringError::Foreign,
        E::PlatformFailure(inner) | E::NoStorageAccess(inner) => platform::in_our_words(&**inner)
            .unwrap_or_else(|| KeyringError::Refused { what: inner.to_string() }),
        other => KeyringError::Refused { what: other.to_string() },
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod platform {
    use keyreeve_domain::ports::KeyringError;
    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;
    use secret_service::Error as Service;
    use zbus_secret_service_keyring_store::Store;

    const SERVICE_UNKNOWN: &str = "org.freedesktop.DBus.Error.ServiceUnknown";
    const NO_OWNER: &str = "org.freedesktop.DBus.Error.NameHasNoOwner";
    const SPAWN: &str = "org.freedesktop.DBus.Error.Spawn.";
    const NO_REPLY: &str = "org.freedesktop.DBus.Error.NoReply";
    const DISCONNECTED: &str = "org.freedesktop.DBus.Error.Disconnected";
    const IS_LOCKED: &str = "org.freedesktop.Secret.Error.IsLocked";
    const NO_SESSION: &str = "org.freedesktop.Secret.Error.NoSession";

    pub fn entry(service: &str, account: &str) -> keyring_core::Result<Entry> {
        Store::new()?.build(service, account, None)
    }

    pub fn in_our_words(error: &(dyn std::error::Error + 'static)) -> Option<KeyringError> {
        match error.downcast_ref::<Service>()? {
            Service::Locked => Some(KeyringError::Locked),
            // Without a display nobody was asked.
            Service::Prompt if !has_display() => Some(KeyringError::Locked),
            Service::Prompt => Some(KeyringError::Dismissed),
            Service::PromptDisconnected => Some(KeyringError::Restarted),
            Service::Unavailable => Some(KeyringError::NoBus),
            Service::NoResult => Some(KeyringError::NoProvider),
            Service::Zbus(error) => of_bus(error),
            Service::ZbusFdo(error) => of_bus(&error.clone().into()),
            _ => None,
        }
    }

    fn of_bus(error: &zbus::Error) -> Option<KeyringError> {
        match error {
            zbus::Error::MethodError(name, ..) => of_name(name.as_str()),
            zbus::Error::FDO(error) => of_fdo(error),
            zbus::Error::InputOutput(error) => Some(match error.kind() {
                std::io::ErrorKind::NotFound
                | std::io::ErrorKind::ConnectionRefused
                | std::io::ErrorKind::PermissionDenied => KeyringError::NoBus,
                _ => KeyringError::Restarted,
            }),
            zbus::Error::Address(_) | zbus::Error::Connection(..) | zbus::Error::Handshake(_) => {
                Some(KeyringError::NoBus)
            }
            _ => None,
        }
    }

    fn of_fdo(error: &zbus::fdo::Error) -> Option<KeyringError> {
        use zbus::fdo::Error as F;
        match error {
            F::ServiceUnknown(_) | F::NameHasNoOwner(_) | F::SpawnServiceNotFound(_) => {
                Some(KeyringError::NoProvider)
            }
            F::NoReply(_) | F::Disconnected(_) => Some(KeyringError::Restarted),
            F::ZBus(error) => of_bus(error),
            _ => None,
        }
    }

    fn of_name(name: &str) -> Option<KeyringError> {
        match name {
            SERVICE_UNKNOWN | NO_OWNER => Some(KeyringError::NoProvider),
            _ if name.starts_with(SPAWN) => Some(KeyringError::NoProvider),
            NO_REPLY | DISCONNECTED | NO_SESSION => Some(KeyringError::Restarted),
            IS_LOCKED => Some(KeyringError::Locked),
            _ => None,
        }
    }

    fn has_display() -> bool {
        ["WAYLAND_DISPLAY", "DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    }
}

// Written after the stores' documentation; not tested on these systems.
#[cfg(any(target_os = "macos", windows))]
mod platform {
    use keyreeve_domain::ports::KeyringError;
    use keyring_core::Entry;
    use keyring_core::api::CredentialStoreApi as _;

    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(windows)]
    use windows_native_keyring_store::Store;

    pub fn entry(service: &str, account: &str) -> keyring_core::Result<Entry> {
        Store::new()?.build(service, account, None)
    }

    pub fn in_our_words(_error: &(dyn std::error::Error + 'static)) -> Option<KeyringError> {
        None
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use keyring_core::Error as E;
    use secret_service::Error as Service;
    use zbus::fdo;
    use zbus::message::Message;

    use super::*;

    fn of_service(error: Service) -> KeyringError {
        in_our_words(&E::PlatformFailure(Box::new(error)))
    }

    /// An answer of the bus that is an error of this name.
    fn answered(name: &'static str) -> KeyringError {
        let call = Message::method_call("/", "Get").unwrap().build(&()).unwrap();
        let name = zbus::names::ErrorName::try_from(name).unwrap();
        of_service(Service::Zbus(zbus::Error::MethodError(name.into(), None, call)))
    }

    fn of_io(kind: std::io::ErrorKind) -> KeyringError {
        of_service(Service::Zbus(zbus::Error::InputOutput(std::sync::Arc::new(kind.into()))))
    }

    #[test]
    fn what_the_keyring_holds_is_told_apart() {
        assert_eq!(in_our_words(&E::NoEntry), KeyringError::ItemMissing);
        for foreign in [E::Ambiguous(Vec::new()), E::BadEncoding(vec![0xff])] {
            assert_eq!(in_our_words(&foreign), KeyringError::Foreign);
        }
        let other = in_our_words(&E::NotSupportedByStore("no such thing".into()));
        let KeyringError::Refused { what } = other else { panic!("{other:?}") };
        assert!(what.contains("no such thing"), "{what}");
    }

    #[test]
    fn a_keyring_that_is_locked_or_absent_is_told_from_one_that_broke_off() {
        for (name, meaning) in [
            ("org.freedesktop.DBus.Error.ServiceUnknown", KeyringError::NoProvider),
            ("org.freedesktop.DBus.Error.NameHasNoOwner", KeyringError::NoProvider),
            ("org.freedesktop.DBus.Error.Spawn.ExecFailed", KeyringError::NoProvider),
            ("org.freedesktop.DBus.Error.NoReply", KeyringError::Restarted),
            ("org.freedesktop.DBus.Error.Disconnected", KeyringError::Restarted),
            ("org.freedesktop.Secret.Error.NoSession", KeyringError::Restarted),
            ("org.freedesktop.Secret.Error.IsLocked", KeyringError::Locked),
        ] {
            assert_eq!(answered(name), meaning, "{name}");
        }
        assert!(matches!(answered("org.example.Other"), KeyringError::Refused { .. }));
        for (error, meaning) in [
            (Service::Locked, KeyringError::Locked),
            (Service::PromptDisconnected, KeyringError::Restarted),
            (Service::Unavailable, KeyringError::NoBus),
            (Service::NoResult, KeyringError::NoProvider),
        ] {
            assert_eq!(of_service(error), meaning);
        }
    }

    #[test]
    fn a_bus_that_is_not_there_is_told_from_one_that_broke_off() {
        use std::io::ErrorKind;
        for kind in [ErrorKind::NotFound, ErrorKind::ConnectionRefused, ErrorKind::PermissionDenied]
        {
            assert_eq!(of_io(kind), KeyringError::NoBus, "{kind}");
        }
        assert_eq!(of_io(ErrorKind::BrokenPipe), KeyringError::Restarted);
        let none = zbus::Error::Address("no such bus".into());
        assert_eq!(of_service(Service::Zbus(none)), KeyringError::NoBus);
        for (error, meaning) in [
            (fdo::Error::ServiceUnknown(String::new()), KeyringError::NoProvider),
            (fdo::Error::NameHasNoOwner(String::new()), KeyringError::NoProvider),
            (fdo::Error::SpawnServiceNotFound(String::new()), KeyringError::NoProvider),
            (fdo::Error::NoReply(String::new()), KeyringError::Restarted),
            (fdo::Error::Disconnected(String::new()), KeyringError::Restarted),
        ] {
            assert_eq!(of_service(Service::ZbusFdo(error)), meaning);
        }
        let inner = fdo::Error::ZBus(zbus::Error::Address("no such bus".into()));
        assert_eq!(of_service(Service::ZbusFdo(inner)), KeyringError::NoBus);
        let other = fdo::Error::Failed("the disk is full".into());
        assert!(matches!(of_service(Service::ZbusFdo(other)), KeyringError::Refused { .. }));
    }
}
