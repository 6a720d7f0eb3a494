//! Unlocking: which slots are tried with what was shown, and what is said when none opens.

use std::path::Path;

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::{
    CardError, Credentials, HeaderError, KeyringError, NewWay, PartInfo, RecoveryError,
    RecoveryForm, SlotChoice, SlotInfo, SlotKind, Unlocked,
};

use crate::format::{Body, Slot};
use crate::headers::{FileHeaders, no_such_slot};
use crate::slot::open_slot;
use crate::writing::check_mac;

impl FileHeaders {
    pub(crate) fn unlock_with(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        credentials: &Credentials<'_>,
    ) -> Result<Unlocked, HeaderError> {
        let found = self.load(vault)?;
        let body = &found.header.header.body;
        let mut refusal = None;
        for slot in chosen(body, choice, credentials)? {
            // A PIN is typed on a reader once, for one slot.
            let once = credentials.on_pad() && slot.info().card().is_some();
            match open_slot(body.vault_id, slot, credentials, &self.sources) {
                Ok(Some(keys)) => {
                    check_mac(&found.header.header, &keys)?;
                    self.repair(vault, &found);
                    return Ok(Unlocked { keys, slot: slot.info(), header: body.info() });
                }
                Ok(None) if once => return Err(refused(&slot.info())),
                Ok(None) => prefer(&mut refusal, refused(&slot.info())),
                Err(error)
                    if goes_on(&error) && (!once || matches!(error, HeaderError::Card(_))) =>
                {
                    prefer(&mut refusal, error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(refusal.unwrap_or(HeaderError::WrongPassphrase))
    }
}

/// The slots to try, in their order; at least one.
fn chosen<'a>(
    body: &'a Body,
    choice: &SlotChoice,
    credentials: &Credentials<'_>,
) -> Result<Vec<&'a Slot>, HeaderError> {
    let chosen: Vec<_> = match choice {
        SlotChoice::Any => body.slots.iter().filter(|slot| credentials.fit(&slot.info())).collect(),
        SlotChoice::Kind(kind) => body.slots.iter().filter(|slot| slot.kind == *kind).collect(),
        SlotChoice::Id(id) => body.slots.iter().filter(|slot| slot.id == *id).collect(),
    };
    match (choice, chosen.as_slice()) {
        (SlotChoice::Any, []) => Err(nothing_fits(credentials)),
        (SlotChoice::Kind(kind), []) => {
            Err(HeaderError::NoSuchSlot { asked: kind.name().to_owned() })
        }
        (SlotChoice::Id(id), []) => Err(no_such_slot(*id)),
        (SlotChoice::Any, _) => one_card(chosen, credentials),
        (_, [first, ..]) => match lacking(credentials, &first.info()) {
            Some(what) => Err(HeaderError::CredentialMissing { what }),
            None => one_card(chosen, credentials),
        },
    }
}

/// Leaves the slots of one card, because a PIN must never be tried on another card than it was meant
/// for.
fn one_card<'a>(
    slots: Vec<&'a Slot>,
    credentials: &Credentials<'_>,
) -> Result<Vec<&'a Slot>, HeaderError> {
    let asked = credentials.card.filter(|asked| !asked.is_empty());
    let (mut kept, mut cards) = (Vec::new(), Vec::new());
    let mut other = None;
    for slot in slots {
        match (slot.info().card().cloned(), asked) {
            (Some(card), Some(asked)) if card.serial != asked => {
                other = Some(CardError::Wrong { wanted: card.serial, found: asked.to_owned() });
                continue;
            }
            (Some(card), _) if !cards.contains(&card) => cards.push(card),
            _ => {}
        }
        kept.push(slot);
    }
    match (other, cards.as_slice()) {
        (Some(other), _) if kept.is_empty() => Err(other.into()),
        (_, [] | [_]) => Ok(kept),
        (_, cards) => {
            let serials: Vec<_> = cards.iter().map(|card| card.serial.as_str()).collect();
            Err(CardError::Several { serials: serials.join(", ") }.into())
        }
    }
}

fn lacking(credentials: &Credentials<'_>, slot: &SlotInfo) -> Option<&'static str> {
    slot.parts.iter().find_map(|part| credentials.lacks(part.kind()))
}

/// What to say when no slot asks for what was shown.
fn nothing_fits(credentials: &Credentials<'_>) -> HeaderError {
    if credentials.passphrase.is_some() {
        HeaderError::WrongPassphrase
    } else if !credentials.recovery.is_empty() {
        RecoveryError::OtherVault.into()
    } else if credentials.pin.is_some() {
        HeaderError::NoSuchSlot { asked: "card".into() }
    } else if credentials.keyring {
        HeaderError::NoSuchSlot { asked: SlotKind::OsKeyring.name().into() }
    } else {
        HeaderError::CredentialMissing { what: "a passphrase" }
    }
}

/// What it means when the key that came out of a slot's parts does not open it.
fn refused(slot: &SlotInfo) -> HeaderError {
    let asks = |kind| slot.has(kind);
    if asks(SlotKind::Passphrase) {
        HeaderError::WrongPassphrase
    } else if asks(SlotKind::Recovery) {
        RecoveryError::OtherVault.into()
    } else if asks(SlotKind::OsKeyring) {
        KeyringError::Foreign.into()
    } else {
        HeaderError::Crypto("the card's answer does not open the slot".into())
    }
}

/// Whether the next slot may be tried after this. Never after a failure that used up a PIN try, and not once
/// someone let go.
fn goes_on(error: &HeaderError) -> bool {
    !matches!(error, HeaderError::Keyring(KeyringError::LetGo))
        && matches!(
            error,
            HeaderError::Keyring(_)
                | HeaderError::Recovery(_)
                | HeaderError::KindUnavailable { .. }
                | HeaderError::Card(CardError::Wrong { .. } | CardError::Unsupported { .. })
        )
}

/// Keeps the first refusal that says something: that shares are another slot's says little where
/// there are several recovery slots.
fn prefer(kept: &mut Option<HeaderError>, error: HeaderError) {
    let says_little =
        |error: &HeaderError| matches!(error, HeaderError::Recovery(RecoveryError::OtherVault));
    if kept.as_ref().is_none_or(says_little) {
        *kept = Some(error);
    }
}

/// What opens a slot that is being made, gathered from its parts.
#[derive(Default)]
pub struct Proof<'a> {
    passphrase: Option<&'a SecretString>,
    pin: Option<&'a SecretString>,
    card: Option<&'a str>,
    recovery: &'a [SecretString],
    keyring: bool,
}

impl<'a> Proof<'a> {
    /// What opens `slot`, which was made by `way`: of recovery shares as few as will do.
    pub fn of(way: &NewWay<'a>, slot: &Slot) -> Self {
        let mut proof = Self::default();
        proof.take(way);
        for part in slot.info().parts {
            if let PartInfo::Recovery(RecoveryForm::Shares { threshold, .. }) = part {
                proof.recovery =
                    proof.recovery.get(..usize::from(threshold)).unwrap_or(proof.recovery);
            }
        }
        proof
    }

    fn take(&mut self, way: &NewWay<'a>) {
        match *way {
            NewWay::Passphrase(passphrase) => self.passphrase = Some(passphrase),
            NewWay::OsKeyring => self.keyring = true,
            NewWay::Recovery(texts) => self.recovery = texts,
            NewWay::Card(card) => (self.pin, self.card) = (Some(card.pin), Some(card.serial)),
            NewWay::AllOf(ways) => ways.iter().for_each(|way| self.take(way)),
            _ => {}
        }
    }

    /// As credentials.
    pub fn credentials(&self) -> Credentials<'a> {
        let Self { passphrase, pin, card, recovery, keyring } = *self;
        Credentials { passphrase, pin, card, recovery, keyring }
    }
}
