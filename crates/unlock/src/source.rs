//! Where slot keys come from.
//!
//! Each kind of slot has one [`KeySource`], in a file of its own: `passphrase.rs` is the shortest
//! to read. A kind without a source on this computer answers
//! [`HeaderError::KindUnavailable`], and the vault stays reachable by its other slots.
//!
//! # Adding a source
//!
//! 1. Implement [`KeySource`] for it. Its parameters are the [`Part`] that belongs to its kind, and
//!    what the header keeps of them is already bound to the sealing and to the header's HMAC.
//! 2. Hand it to [`FileHeaders::with_source`](crate::FileHeaders::with_source), or list it in
//!    [`Sources::of_this_computer`].
//! 3. Give its failures a variant in
//!    [`HeaderError`], each with its own code and cure in
//!    `keyreeve-app`.
//! 4. A failure that lets an unlock try the next slot is named in `unlocking::goes_on`. One that
//!    used up a PIN try must not be.
//!
//! The rest of this crate does the same for every kind: it seals VK (and MK) under the key, opens
//! the new slot once from what the disk gives back before it counts, switches over crash-safely,
//! and puts the keys of several parts together for `all_of`.

use keyreeve_crypto::SlotKey;
use keyreeve_domain::ports::{CardApplication, Credentials, HeaderError, NewWay, SlotKind};
use keyreeve_domain::{SlotId, VaultId};

use crate::card::{Attendant, CardSource};
use crate::keyring::KeyringSource;
use crate::part::Part;
use crate::passphrase::PassphraseSource;
use crate::recovery::RecoverySource;

/// Which slot of which vault a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The vault.
    pub vault: VaultId,
    /// The slot.
    pub slot: SlotId,
}

/// Makes and finds the keys of one kind of slot.
pub trait KeySource: Send + Sync {
    /// The kind.
    fn kind(&self) -> SlotKind;

    /// Makes the parameters of a new slot and its key. What is stored outside the header is stored
    /// once this returns; the slot does not count yet.
    ///
    /// # Errors
    /// When the device or service is absent or refuses.
    fn enrol(&self, place: Place, way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError>;

    /// Finds the key of a slot. A wrong passphrase gives a wrong key and no error; a source that
    /// can tell by itself (a card, shares with a digest) says so. Never tries twice.
    ///
    /// # Errors
    /// When something is missing in `credentials`, or the device or service is absent or refuses.
    fn key(
        &self,
        place: Place,
        part: &Part,
        credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError>;

    /// Forgets what it keeps of a slot outside the header, now that the slot is gone or has never
    /// come to count. What cannot be forgotten now is worthless without the header.
    fn forget(&self, _place: Place, _part: &Part) {}
}

/// The sources of every kind.
pub struct Sources {
    pub(crate) passphrase: PassphraseSource,
    others: Vec<Box<dyn KeySource>>,
}

impl Sources {
    /// Those that this computer has.
    pub fn of_this_computer() -> Self {
        let card = |application| {
            let attendant = Attendant::default();
            Box::new(CardSource { application, attendant }) as Box<dyn KeySource>
        };
        let others = vec![
            card(CardApplication::Piv),
            card(CardApplication::Openpgp),
            Box::new(KeyringSource::default()),
            Box::new(RecoverySource),
        ];
        Self { passphrase: PassphraseSource::default(), others }
    }

    /// Puts a source in the place of that of its kind.
    pub fn put(&mut self, source: Box<dyn KeySource>) {
        self.others.retain(|other| other.kind() != source.kind());
        self.others.push(source);
    }

    /// The source of a kind.
    ///
    /// # Errors
    /// When this computer has none.
    pub fn of(&self, kind: SlotKind) -> Result<&dyn KeySource, HeaderError> {
        if kind == SlotKind::Passphrase {
            return Ok(&self.passphrase);
        }
        let source = self.others.iter().find(|source| source.kind() == kind);
        source.map(AsRef::as_ref).ok_or(HeaderError::KindUnavailable { kind })
    }

    /// Forgets what is kept of these parts outside the header.
    pub fn forget(&self, place: Place, parts: &[Part]) {
        for part in parts {
            if let Ok(source) = self.of(part.kind()) {
                source.forget(place, part);
            }
        }
    }
}
