//! OpenPGP cards, version 3: their decryption key. The crate `openpgp-card` speaks to them.

mod fingerprint;
mod make;

use keyreeve_crypto::{CardCurve, CardRsaKey, CardScheme, SecretBytes, SecretString};
use keyreeve_domain::ports::{ApplicationInfo, CardApplication, CardError, CardKey, PadPin};
use openpgp_card::ocard::algorithm::{AlgorithmAttributes, Curve};
use openpgp_card::ocard::crypto::{Cryptogram, PublicKeyMaterial};
use openpgp_card::ocard::data::PWStatusBytes;
use openpgp_card::ocard::{KeyType, StatusBytes};
use openpgp_card::state::Transaction;
use openpgp_card::{Card, Error};

use zeroize::Zeroizing;

use super::link::{Explain, Link};
use super::source::{Use, rsa_key};
pub use make::make;

/// The fewest characters of a user PIN.
pub const PIN_MIN: u8 = 6;
/// The fewest characters of an admin PIN.
pub const ADMIN_PIN_MIN: u8 = 8;

/// What the application says of itself; `None` on a card without it.
pub fn look(link: Link<'_>) -> Result<Option<ApplicationInfo>, CardError> {
    let (backend, explain) = link.into_backend(false);
    let mut card = match Card::new(backend) {
        Ok(card) => card,
        Err(Error::CardStatus(
            StatusBytes::FileOrApplicationNotFound
            | StatusBytes::INSNotSupported
            | StatusBytes::ConditionOfUseNotSatisfied,
        )) => return Ok(None),
        Err(Error::CardStatus(StatusBytes::TerminationState)) => {
            return Err(CardError::NotActivated);
        }
        Err(error) => return Err(explained(&explain, "to select its OpenPGP application", error)),
    };
    let info = card.transaction().and_then(|mut talk| info(&mut talk));
    info.map(Some).map_err(|error| explained(&explain, "to describe itself", error))
}

/// Gives the PIN, once, and lets the card find a secret.
pub fn find(link: Link<'_>, key: &Use) -> Result<SecretBytes, CardError> {
    let rsa = !matches!(key.scheme, CardScheme::Ecdh(_));
    let (backend, explain) = link.into_backend(rsa);
    let explained = |what, error| explained(&explain, what, error);
    let mut card = Card::new(backend)
        .map_err(|error| explained("to select its OpenPGP application", error))?;
    let mut talk = card.transaction().map_err(|error| explained("to be used", error))?;
    verify(&mut talk, &explain, &key.pin)?;
    let challenge = match key.scheme {
        CardScheme::Ecdh(_) => Cryptogram::ECDH(&key.challenge),
        CardScheme::RsaPkcs1 | CardScheme::RsaSve => Cryptogram::RSA(&key.challenge),
    };
    match talk.card().decipher(challenge) {
        Ok(answer) => key.secret(&Zeroizing::new(answer)),
        Err(Error::CardStatus(StatusBytes::SecurityRelatedIssues)) => Err(key.refused(0x6600)),
        Err(Error::CardStatus(StatusBytes::SecurityStatusNotSatisfied)) => Err(key.refused(0x6982)),
        Err(Error::CardStatus(StatusBytes::ConditionOfUseNotSatisfied)) => Err(key.refused(0x6985)),
        Err(error) => Err(explained("the use of its key", error)),
    }
}

/// Gives the PIN, once, if it can be one and has a try left.
fn verify(
    talk: &mut Card<Transaction<'_>>,
    explain: &Explain<'_>,
    pin: &SecretString,
) -> Result<(), CardError> {
    let status = talk
        .pw_status_bytes()
        .map_err(|error| explained(explain, "to tell the PIN's tries", error))?;
    if status.err_count_pw1() == 0 {
        return Err(CardError::PinBlocked);
    }
    explain.require_wanted()?;
    let (min, max) = (PIN_MIN, status.pw1_max_len());
    let verified = if pin.is_empty() {
        if !has_pad(talk) {
            return Err(explain.no_pad());
        }
        let _waits = explain.pad_waits(PadPin::User, Some(status.err_count_pw1()));
        talk.verify_user_pinpad(&|| ())
    } else {
        // EXPOSE: the PIN in the type of the crate that sends it, which wipes it too.
        let pin = pin.expose();
        if !(usize::from(min)..=usize::from(max)).contains(&pin.len()) {
            return Err(CardError::PinLength { min, max });
        }
        talk.verify_user_pin(secrecy::SecretString::from(pin))
    };
    explain.require_wanted()?;
    match verified {
        Ok(()) => Ok(()),
        Err(error) => Err(match tries_after(talk, &error, |status| status.err_count_pw1()) {
            Some(tries_left) => CardError::WrongPin { tries_left },
            None => explained(explain, "its PIN", error),
        }),
    }
}

/// Whether PINs can be typed on the reader's PIN pad. It sends them as they are, and some cards want a key that is
/// derived from them instead (OpenPGP card 3.4, section 4.3.2).
fn has_pad(talk: &mut Card<Transaction<'_>>) -> bool {
    const NONE: u8 = 0;
    talk.feature_pinpad_verify() && talk.kdf_do().map_or(true, |kdf| kdf.kdf_algo() == NONE)
}

/// How many tries a PIN has left after it was wrong; `None` if the error says something else.
fn tries_after(
    talk: &mut Card<Transaction<'_>>,
    error: &Error,
    count: impl Fn(&PWStatusBytes) -> u8,
) -> Option<Option<u8>> {
    match error {
        Error::CardStatus(StatusBytes::PasswordNotChecked(left)) => Some(Some(*left)),
        // Most cards say only that the PIN is wrong; how many tries are left is asked for then.
        Error::CardStatus(StatusBytes::SecurityStatusNotSatisfied) => {
            let left =
                talk.card().application_related_data().and_then(|card| card.pw_status_bytes());
            Some(left.ok().map(|status| count(&status)))
        }
        // There was a try left, and this one used it up.
        Error::CardStatus(StatusBytes::AuthenticationMethodBlocked) => Some(Some(0)),
        _ => None,
    }
}

fn info(talk: &mut Card<Transaction<'_>>) -> Result<ApplicationInfo, Error> {
    let touch = talk.user_interaction_flag(KeyType::Decryption)?;
    let status = talk.pw_status_bytes()?;
    let makes = if make::holds_key(talk)? { Vec::new() } else { make::kinds(talk)? };
    Ok(ApplicationInfo {
        application: CardApplication::Openpgp,
        serial: talk.application_identifier()?.ident(),
        pin_set: true,
        tries_left: Some(status.err_count_pw1()),
        admin_tries_left: Some(status.err_count_pw3()),
        key: key(talk)?,
        makes,
        touch: touch.is_some_and(|flag| flag.touch_policy().touch_required()),
        pin_pad: has_pad(talk),
    })
}

fn key(talk: &mut Card<Transaction<'_>>) -> Result<Option<CardKey>, Error> {
    let material = match talk.public_key_material(KeyType::Decryption) {
        Ok(material) => material,
        Err(Error::CardStatus(_) | Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(public_key(&material)))
}

fn public_key(material: &PublicKeyMaterial) -> CardKey {
    let public = match material {
        PublicKeyMaterial::E(public) => public,
        PublicKeyMaterial::R(rsa) => {
            return rsa_key(CardRsaKey::from_numbers(rsa.n(), rsa.v()));
        }
    };
    let point = public.data();
    let (algorithm, public_key) = match public.algo() {
        AlgorithmAttributes::Ecc(ecc) => match ecc.curve() {
            Curve::NistP256r1 => ("p256", point),
            Curve::NistP384r1 => ("p384", point),
            Curve::NistP521r1 => ("p521", point),
            Curve::Curve25519 => ("x25519", bare_coordinate(point)),
            Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1 => {
                ("brainpool", &[][..])
            }
            _ => ("another curve", &[][..]),
        },
        _ => ("another kind", &[][..]),
    };
    CardKey { algorithm: algorithm.into(), public_key: public_key.to_vec() }
}

/// Some cards put OpenPGP's mark for a bare coordinate before it; a coordinate may begin with the same byte.
fn bare_coordinate(point: &[u8]) -> &[u8] {
    match point {
        [0x40, bare @ ..] if bare.len() == CardCurve::X25519.secret_len() => bare,
        _ => point,
    }
}

/// What an error of that crate means.
fn explained(explain: &Explain<'_>, what: &'static str, error: Error) -> CardError {
    if let Some(failure) = explain.failure() {
        return failure;
    }
    match error {
        Error::CardStatus(StatusBytes::UnknownStatus(high, low)) => {
            CardError::Refused { what, status: u16::from_be_bytes([high, low]) }
        }
        Error::ParseError(_) | Error::ResponseLength(_) | Error::NotFound(_) => {
            CardError::Garbled { what }
        }
        other => CardError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_that_begins_like_the_mark_is_left_whole() {
        let coordinate: Vec<u8> = (0x40..0x60).collect();
        assert_eq!(bare_coordinate(&coordinate), coordinate);
        let marked = [&[0x40], coordinate.as_slice()].concat();
        assert_eq!(bare_coordinate(&marked), coordinate);
    }

    #[test]
    fn keys_are_named_by_their_curve_and_only_those_that_can_unlock_are_shown() {
        use openpgp_card::ocard::algorithm::{EccAttributes, RsaAttributes};
        use openpgp_card::ocard::crypto::{EccPub, EccType, RSAPub};

        let point = vec![4; 32];
        let named = |attributes| {
            let key = public_key(&PublicKeyMaterial::E(EccPub::new(point.clone(), attributes)));
            (key.algorithm, key.public_key)
        };
        let on = |curve| AlgorithmAttributes::Ecc(EccAttributes::new(EccType::ECDH, curve, None));
        for (curve, name) in [
            (Curve::NistP256r1, "p256"),
            (Curve::NistP384r1, "p384"),
            (Curve::NistP521r1, "p521"),
            (Curve::Curve25519, "x25519"),
        ] {
            assert_eq!(named(on(curve)), (name.into(), point.clone()));
        }
        for curve in [Curve::BrainpoolP256r1, Curve::BrainpoolP384r1, Curve::BrainpoolP512r1] {
            assert_eq!(named(on(curve)), ("brainpool".into(), Vec::new()));
        }
        assert_eq!(named(on(Curve::Secp256k1)), ("another curve".into(), Vec::new()));
        let rsa = AlgorithmAttributes::Rsa(RsaAttributes::new(2048, 32, 0));
        assert_eq!(named(rsa), ("another kind".into(), Vec::new()));
        let rsa = RSAPub::new([&[0xA7; 255][..], &[0x55]].concat(), vec![1, 0, 1]);
        assert_eq!(public_key(&PublicKeyMaterial::R(rsa)).algorithm, "rsa-2048");
    }
}
