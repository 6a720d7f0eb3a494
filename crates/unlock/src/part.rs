//! What a slot asks for, with the parameters that its header keeps: one [`Part`], or for `all_of`
//! several. Here are also the two canonical encodings of it, for the file and for what the sealing
//! is bound to.

use keyreeve_crypto::{Argon2Params, pre_auth_encode};
use keyreeve_domain::ports::{CardInfo, PartInfo, RecoveryForm, SlotKind};
use serde::{Deserialize, Serialize};

use crate::format::FormatError;

/// No card has a longer key or ciphertext than RSA with 4096 bits in a SubjectPublicKeyInfo.
const MAX_CARD_BYTES: usize = 640;
/// No serial number or algorithm is longer, in bytes.
const MAX_CARD_TEXT: usize = 64;

/// One thing that a slot asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A passphrase.
    Passphrase {
        /// Argon2id's cost.
        kdf: Argon2Params,
        /// Argon2id's salt.
        salt: [u8; 32],
    },
    /// A secret in the operating system's keyring.
    OsKeyring {
        /// Goes into the derivation of the slot key.
        salt: [u8; 32],
    },
    /// A key on a card.
    Card(CardPart),
    /// Shares or a code on paper.
    Recovery(RecoveryPart),
}

/// A key on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPart {
    /// [`SlotKind::PivCard`] or [`SlotKind::OpenpgpCard`].
    pub kind: SlotKind,
    /// The card's serial number, as people read it.
    pub serial: String,
    /// How the card's key is used, for instance `ecdh-p256` or `rsasve`.
    pub algorithm: String,
    /// The card's public key: what tells the right card before any PIN is asked.
    pub public_key: Vec<u8>,
    /// What the card is given to answer: the ephemeral public key, or the RSA ciphertext.
    pub challenge: Vec<u8>,
}

impl CardPart {
    /// What the rest of the house may know of it.
    pub fn info(&self) -> CardInfo {
        CardInfo {
            kind: self.kind,
            serial: self.serial.clone(),
            algorithm: self.algorithm.clone(),
            public_key: self.public_key.clone(),
        }
    }
}

/// Shares or a code on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryPart {
    /// How the secret stands on paper.
    pub form: RecoveryForm,
    /// The identifier of the set of shares; 0 for a code.
    pub set: u16,
    /// Goes into the derivation of the slot key.
    pub salt: [u8; 32],
}

impl Part {
    /// Its kind.
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::Passphrase { .. } => SlotKind::Passphrase,
            Self::OsKeyring { .. } => SlotKind::OsKeyring,
            Self::Card(card) => card.kind,
            Self::Recovery(_) => SlotKind::Recovery,
        }
    }

    /// What the rest of the house may know of it.
    pub fn info(&self) -> PartInfo {
        match self {
            Self::Passphrase { kdf, .. } => PartInfo::Passphrase(*kdf),
            Self::OsKeyring { .. } => PartInfo::OsKeyring,
            Self::Card(card) => PartInfo::Card(card.info()),
            Self::Recovery(recovery) => PartInfo::Recovery(recovery.form),
        }
    }

    /// Its parameters as the sealing is bound to them, in their order.
    pub fn bound(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Passphrase { kdf, salt } => {
                let mut cost = Vec::with_capacity(12);
                for number in [kdf.memory_kib, kdf.time_cost, kdf.lanes] {
                    cost.extend_from_slice(&number.to_be_bytes());
                }
                vec![cost, salt.to_vec()]
            }
            Self::OsKeyring { salt } => vec![salt.to_vec()],
            Self::Card(card) => vec![
                card.serial.clone().into_bytes(),
                card.algorithm.clone().into_bytes(),
                card.public_key.clone(),
                card.challenge.clone(),
            ],
            Self::Recovery(RecoveryPart { form, set, salt }) => {
                let (name, shares, threshold) = match form {
                    RecoveryForm::Shares { shares, threshold } => ("shares", *shares, *threshold),
                    RecoveryForm::Code => ("code", 1, 1),
                };
                let [high, low] = set.to_be_bytes();
                vec![name.into(), vec![shares, threshold, high, low], salt.to_vec()]
            }
        }
    }

    /// Itself as one part of what an `all_of` slot's sealing is bound to.
    pub fn bound_as_one(&self) -> Vec<u8> {
        let bound = self.bound();
        let mut parts = vec![self.kind().name().as_bytes()];
        parts.extend(bound.iter().map(Vec::as_slice));
        pre_auth_encode(&parts)
    }

    /// Refuses parameters that no reader accepts.
    pub fn check(&self) -> Result<(), FormatError> {
        let invalid = |what: &str| Err(FormatError::Invalid(what.into()));
        match self {
            Self::Passphrase { kdf, .. } => {
                kdf.check()?;
                Ok(())
            }
            Self::OsKeyring { .. } => Ok(()),
            Self::Card(card) => {
                let text = |text: &str| {
                    (1..=MAX_CARD_TEXT).contains(&text.len())
                        && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
                };
                let bytes = |bytes: &[u8]| (1..=MAX_CARD_BYTES).contains(&bytes.len());
                if !text(&card.serial) || !text(&card.algorithm) {
                    return invalid("a card's serial number or algorithm is not acceptable");
                }
                if !bytes(&card.public_key) || !bytes(&card.challenge) {
                    return invalid("a card's key is empty or too long");
                }
                Ok(())
            }
            Self::Recovery(RecoveryPart { form, set, .. }) => match form {
                RecoveryForm::Shares { shares, threshold }
                    if (2..=16).contains(shares)
                        && (2..=*shares).contains(threshold)
                        && *set < 1 << 15 =>
                {
                    Ok(())
                }
                RecoveryForm::Code if *set == 0 => Ok(()),
                _ => invalid("a recovery slot has impossible numbers"),
            },
        }
    }
}

/// A part's members in the file; which of them there are depends on its kind.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredParameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    kdf: Option<Argon2Params>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery: Option<StoredRecovery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<StoredCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<Salt>,
}

/// One of the parts of an `all_of` slot in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredPart {
    kind: SlotKind,
    #[serde(flatten)]
    parameters: StoredParameters,
}

#[derive(Debug, Serialize, Deserialize)]
struct Salt(#[serde(with = "hex")] [u8; 32]);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "form")]
enum StoredRecovery {
    Shares { shares: u8, threshold: u8, set: u16 },
    Code,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredCard {
    serial: String,
    algorithm: String,
    #[serde(with = "hex")]
    public_key: Vec<u8>,
    #[serde(with = "hex")]
    challenge: Vec<u8>,
}

impl StoredParameters {
    /// The members for a part.
    pub fn of(part: &Part) -> Self {
        let none = Self::default();
        match part {
            Part::Passphrase { kdf, salt } => {
                Self { kdf: Some(*kdf), salt: Some(Salt(*salt)), ..none }
            }
            Part::OsKeyring { salt } => Self { salt: Some(Salt(*salt)), ..none },
            Part::Card(card) => Self {
                card: Some(StoredCard {
                    serial: card.serial.clone(),
                    algorithm: card.algorithm.clone(),
                    public_key: card.public_key.clone(),
                    challenge: card.challenge.clone(),
                }),
                ..none
            },
            Part::Recovery(RecoveryPart { form, set, salt }) => {
                let recovery = match *form {
                    RecoveryForm::Shares { shares, threshold } => {
                        StoredRecovery::Shares { shares, threshold, set: *set }
                    }
                    RecoveryForm::Code => StoredRecovery::Code,
                };
                Self { recovery: Some(recovery), salt: Some(Salt(*salt)), ..none }
            }
        }
    }

    /// The part that they make for this kind; `None` where members are missing or too many.
    pub fn part(self, kind: SlotKind) -> Option<Part> {
        match (kind, self) {
            (
                SlotKind::Passphrase,
                Self { kdf: Some(kdf), salt: Some(salt), recovery: None, card: None },
            ) => Some(Part::Passphrase { kdf, salt: salt.0 }),
            (
                SlotKind::OsKeyring,
                Self { salt: Some(salt), kdf: None, recovery: None, card: None },
            ) => Some(Part::OsKeyring { salt: salt.0 }),
            (kind, Self { card: Some(card), kdf: None, recovery: None, salt: None })
                if kind.is_card() =>
            {
                Some(Part::Card(CardPart {
                    kind,
                    serial: card.serial,
                    algorithm: card.algorithm,
                    public_key: card.public_key,
                    challenge: card.challenge,
                }))
            }
            (
                SlotKind::Recovery,
                Self { recovery: Some(recovery), salt: Some(salt), kdf: None, card: None },
            ) => {
                let (form, set) = match recovery {
                    StoredRecovery::Shares { shares, threshold, set } => {
                        (RecoveryForm::Shares { shares, threshold }, set)
                    }
                    StoredRecovery::Code => (RecoveryForm::Code, 0),
                };
                Some(Part::Recovery(RecoveryPart { form, set, salt: salt.0 }))
            }
            _ => None,
        }
    }

    /// Whether there are none, as for an `all_of` slot, whose parts have their own.
    pub fn are_none(&self) -> bool {
        matches!(self, Self { kdf: None, recovery: None, card: None, salt: None })
    }
}

impl StoredPart {
    /// The members for a part.
    pub fn of(part: &Part) -> Self {
        Self { kind: part.kind(), parameters: StoredParameters::of(part) }
    }

    /// The part; `None` where members are missing or too many.
    pub fn part(self) -> Option<Part> {
        self.parameters.part(self.kind)
    }
}
