//! Slot keys from a secret on paper: SLIP-39 shares, or one code.

mod code;
mod shamir;
mod slip39;

use keyreeve_crypto::{SecretString, SlotKey, derive_key, fill_random, make_array};
use keyreeve_domain::ports::{
    Credentials, HeaderError, NewWay, RecoveryError, RecoveryForm, RecoverySheet, SlotKind,
};
use zeroize::Zeroizing;

use crate::part::{Part, RecoveryPart};
use crate::slot::{not_its_own, random_error};
use crate::source::{KeySource, Place};
use slip39::{BadShare, Share, Uncombinable};

const LABEL: &str = "keyreeve/v1/slot/recovery";
/// A set's identifier has 15 bits.
const SET_MASK: u16 = 0x7FFF;

type Secret = Zeroizing<[u8; 32]>;

/// Recovery shares and codes.
#[derive(Debug)]
pub struct RecoverySource;

/// Makes a new secret, as it will stand on paper.
pub fn make(form: RecoveryForm) -> Result<RecoverySheet, HeaderError> {
    let failed = || HeaderError::Crypto("a recovery secret could not be made".into());
    let mut secret: Secret = Zeroizing::new([0; 32]);
    fill_random(secret.as_mut()).map_err(random_error)?;
    let texts = match form {
        RecoveryForm::Shares { shares, threshold } => {
            if !(2..=16).contains(&shares) || !(2..=shares).contains(&threshold) {
                return Err(RecoveryError::BadForm.into());
            }
            let set = u16::from_be_bytes(make_array().map_err(random_error)?) & SET_MASK;
            let shares = slip39::split(&secret, shares, threshold, set).ok_or_else(failed)?;
            shares.iter().map(Share::text).collect()
        }
        RecoveryForm::Code => vec![code::encode(&secret).ok_or_else(failed)?],
    };
    Ok(RecoverySheet { texts })
}

impl KeySource for RecoverySource {
    fn kind(&self) -> SlotKind {
        SlotKind::Recovery
    }

    fn enrol(&self, place: Place, way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let NewWay::Recovery(texts) = way else { return Err(not_its_own(self.kind())) };
        let (form, set, secret) = match read(texts)? {
            Read::Code(secret) => (RecoveryForm::Code, 0, secret),
            Read::Shares(shares) => {
                let secret = combined(&shares)?;
                let (set, threshold) = shares.first().map_or((0, 0), |s| (s.set, s.threshold));
                let count = u8::try_from(shares.len()).unwrap_or(u8::MAX);
                if !(2..=16).contains(&count) || !(2..=count).contains(&threshold) {
                    return Err(RecoveryError::BadForm.into());
                }
                (RecoveryForm::Shares { shares: count, threshold }, set, secret)
            }
        };
        let salt = make_array().map_err(random_error)?;
        let key = key_of(place, &salt, &secret);
        Ok((Part::Recovery(RecoveryPart { form, set, salt }), key))
    }

    fn key(
        &self,
        place: Place,
        part: &Part,
        credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError> {
        let Part::Recovery(part) = part else { return Err(not_its_own(self.kind())) };
        let secret = match (read(credentials.recovery)?, part.form) {
            (Read::Code(secret), RecoveryForm::Code) => secret,
            (Read::Shares(shares), RecoveryForm::Shares { .. }) => {
                let secret = combined(&shares);
                // Whole sets of another slot are told as such, whatever else is wrong with them.
                if shares.iter().all(|share| share.set != part.set) {
                    return Err(RecoveryError::OtherVault.into());
                }
                secret?
            }
            _ => return Err(RecoveryError::OtherVault.into()),
        };
        Ok(key_of(place, &part.salt, &secret))
    }
}

fn key_of(place: Place, salt: &[u8; 32], secret: &Secret) -> SlotKey {
    let context = [&place.vault.as_bytes()[..], place.slot.as_bytes(), salt];
    SlotKey::from_bytes(&derive_key(secret.as_slice(), LABEL, &context))
}

/// What was read from paper.
enum Read {
    Code(Secret),
    Shares(Vec<Share>),
}

fn read(texts: &[SecretString]) -> Result<Read, HeaderError> {
    let malformed = |what: String| HeaderError::from(RecoveryError::Malformed { what });
    // EXPOSE: what was typed becomes the secret, or shares of it.
    let texts: Vec<_> = texts.iter().map(SecretString::expose).collect();
    if let [text] = texts.as_slice()
        && code::is_code(text)
    {
        let secret = code::decode(text);
        return secret.map(Read::Code).ok_or_else(|| {
            malformed("the recovery code has a slip in it: its checksum is wrong".into())
        });
    }
    let mut shares = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let share = Share::parse(text).map_err(|bad| malformed(in_words(at + 1, &bad)))?;
        shares.push(share);
    }
    if shares.is_empty() {
        return Err(HeaderError::CredentialMissing {
            what: "a recovery code, or recovery shares,",
        });
    }
    Ok(Read::Shares(shares))
}

fn in_words(which: usize, bad: &BadShare) -> String {
    match bad {
        BadShare::Length(words) => format!("share {which} has {words} words, and a share has 33"),
        BadShare::Word(word) => format!("word {word} of share {which} is no word of a share"),
        BadShare::Checksum => {
            format!(
                "share {which} has a wrong word in it, or two are exchanged: its checksum is wrong"
            )
        }
        BadShare::Impossible => format!("share {which} is none that could have been made"),
    }
}

fn combined(shares: &[Share]) -> Result<Secret, HeaderError> {
    let secret = slip39::combine(shares, b"").map_err(|error| match error {
        Uncombinable::Mixed(which) => RecoveryError::Mixed { which },
        Uncombinable::Duplicate(which) => RecoveryError::Duplicate { which },
        Uncombinable::TooFew(needed) => RecoveryError::TooFew { given: shares.len(), needed },
        Uncombinable::Inconsistent => RecoveryError::Malformed {
            what: "the shares do not fit together: one of them is not what was made".into(),
        },
    })?;
    let secret = <[u8; 32]>::try_from(secret.as_slice()).map_err(|_length| {
        RecoveryError::Malformed { what: "the shares are of another kind of secret".into() }
    })?;
    Ok(Zeroizing::new(secret))
}
