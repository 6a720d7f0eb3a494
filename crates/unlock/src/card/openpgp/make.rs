//! Lets an OpenPGP card make its decryption key.

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::{CardError, CardKey, CardKeyKind, NewCardKey, PadPin};
use openpgp_card::ocard::KeyType;
use openpgp_card::ocard::algorithm::{AlgoSimple, AlgorithmAttributes, Curve};
use openpgp_card::ocard::data::KeyStatus;
use openpgp_card::state::Transaction;
use openpgp_card::{Card, Error};

use super::fingerprint::fingerprint;
use super::{ADMIN_PIN_MIN, explained, has_pad, key, public_key, tries_after, verify};
use crate::card::link::{Explain, Link};
use crate::card::piv::is_flawed;
use crate::card::unfinished;

/// Yubico's number among the manufacturers of OpenPGP cards.
const YUBICO: u16 = 0x0006;

/// Makes the key, with its time and fingerprint beside it, by which other programs see that it is there.
pub fn make(link: Link<'_>, new: &NewCardKey<'_>) -> Result<CardKey, CardError> {
    let (backend, explain) = link.into_backend(false);
    let explained = |what, error| explained(&explain, what, error);
    let mut card = Card::new(backend)
        .map_err(|error| explained("to select its OpenPGP application", error))?;
    let mut talk = card.transaction().map_err(|error| explained("to be used", error))?;
    if holds_key(&mut talk).map_err(|error| explained("to tell its keys", error))? {
        return Err(CardError::KeyExists { serial: new.serial.into() });
    }
    let kinds = kinds(&mut talk).map_err(|error| explained("to tell its algorithms", error))?;
    if !kinds.contains(&new.kind) {
        return Err(CardError::KindUnsupported { kind: new.kind });
    }
    let set = talk
        .algorithm_attributes(KeyType::Decryption)
        .map_err(|error| explained("to tell its algorithms", error))?;
    let admin_pin = AdminPin::of(&mut talk, new.authority)
        .map_err(|error| explained("to tell the admin PIN's tries", error))??;
    if new.authority.is_empty() && !has_pad(&mut talk) {
        return Err(explain.no_pad());
    }
    verify(&mut talk, &explain, new.pin)?;
    admin_pin.verify(&mut talk, &explain)?;

    let mut admin = talk.as_admin_card(None).map_err(|error| explained("its admin PIN", error))?;
    explain.go_through()?;
    if kind(&set) != Some(new.kind) {
        admin
            .set_algorithm(KeyType::Decryption, simple(new.kind))
            .map_err(|error| explained("the choice of an algorithm", error))?;
    }
    match admin.generate_key(fingerprint, KeyType::Decryption) {
        Ok((material, _)) => Ok(public_key(&material)),
        Err(error) => {
            let error = explained("the making of a key", error);
            // What it writes beside the key may have failed.
            let is_there = talk.invalidate_cache().and_then(|()| holds_key(&mut talk));
            Err(if is_there.is_ok_and(|there| there) { unfinished(new, error) } else { error })
        }
    }
}

/// Whether there is a decryption key: its status, its fingerprint, or the key itself says so.
pub fn holds_key(talk: &mut Card<Transaction<'_>>) -> Result<bool, Error> {
    let status = talk.key_information()?.map(|information| information.dec_status());
    if matches!(status, Some(KeyStatus::Generated | KeyStatus::Imported)) {
        return Ok(true);
    }
    Ok(talk.fingerprint(KeyType::Decryption)?.is_some() || key(talk)?.is_some())
}

/// The kinds of key that the card makes: those that it lists, or else the one that it is set to.
pub fn kinds(talk: &mut Card<Transaction<'_>>) -> Result<Vec<CardKeyKind>, Error> {
    let set = talk.algorithm_attributes(KeyType::Decryption)?;
    let may_change = talk.extended_capabilities()?.algo_attrs_changeable();
    // Where it cannot tell, it is not asked again.
    let listed = talk.algorithm_information().ok().flatten().filter(|_| may_change);
    let can: Vec<_> = match &listed {
        Some(listed) => {
            listed.for_keytype(KeyType::Decryption).into_iter().filter_map(kind).collect()
        }
        None => kind(&set).into_iter().collect(),
    };
    let is_flawed = talk.application_identifier()?.manufacturer() == YUBICO
        && <[u8; 3]>::try_from(talk.firmware_version().unwrap_or_default()).is_ok_and(is_flawed);
    let makes = |kind: &CardKeyKind| can.contains(kind) && !(kind.is_rsa() && is_flawed);
    Ok(CardKeyKind::ALL.into_iter().filter(makes).collect())
}

fn kind(attributes: &AlgorithmAttributes) -> Option<CardKeyKind> {
    match attributes {
        AlgorithmAttributes::Rsa(rsa) => match rsa.len_n() {
            2048 => Some(CardKeyKind::Rsa2048),
            3072 => Some(CardKeyKind::Rsa3072),
            4096 => Some(CardKeyKind::Rsa4096),
            _ => None,
        },
        AlgorithmAttributes::Ecc(ecc) => match ecc.curve() {
            Curve::Curve25519 => Some(CardKeyKind::X25519),
            Curve::NistP256r1 => Some(CardKeyKind::P256),
            Curve::NistP384r1 => Some(CardKeyKind::P384),
            Curve::NistP521r1 => Some(CardKeyKind::P521),
            _ => None,
        },
        AlgorithmAttributes::Unknown(_) => None,
    }
}

const fn simple(kind: CardKeyKind) -> AlgoSimple {
    match kind {
        CardKeyKind::X25519 => AlgoSimple::Curve25519,
        CardKeyKind::P256 => AlgoSimple::NIST256,
        CardKeyKind::P384 => AlgoSimple::NIST384,
        CardKeyKind::P521 => AlgoSimple::NIST521,
        CardKeyKind::Rsa2048 => AlgoSimple::RSA2k,
        CardKeyKind::Rsa3072 => AlgoSimple::RSA3k,
        CardKeyKind::Rsa4096 => AlgoSimple::RSA4k,
    }
}

/// An admin PIN that has a try left; an empty one is typed on the reader's PIN pad, and any other can be one.
struct AdminPin<'a> {
    pin: &'a SecretString,
    tries_left: u8,
}

impl<'a> AdminPin<'a> {
    fn of(
        talk: &mut Card<Transaction<'_>>,
        pin: &'a SecretString,
    ) -> Result<Result<Self, CardError>, Error> {
        let status = talk.pw_status_bytes()?;
        let (min, max) = (ADMIN_PIN_MIN, status.pw3_max_len());
        // EXPOSE: its length.
        let len = pin.expose().len();
        let tries_left = status.err_count_pw3();
        let can_be = (usize::from(min)..=usize::from(max)).contains(&len);
        Ok(if tries_left == 0 {
            Err(CardError::AdminPinBlocked)
        } else if can_be || pin.is_empty() {
            Ok(Self { pin, tries_left })
        } else {
            Err(CardError::AdminPinLength { min, max })
        })
    }

    /// Gives it to the card, once.
    fn verify(
        self,
        talk: &mut Card<Transaction<'_>>,
        explain: &Explain<'_>,
    ) -> Result<(), CardError> {
        let verified = if self.pin.is_empty() {
            let _waits = explain.pad_waits(PadPin::Admin, Some(self.tries_left));
            talk.verify_admin_pinpad(&|| ())
        } else {
            // EXPOSE: the PIN in the type of the crate that sends it, which wipes it too.
            talk.verify_admin_pin(secrecy::SecretString::from(self.pin.expose()))
        };
        explain.require_wanted()?;
        verified.map_err(|error| match tries_after(talk, &error, |status| status.err_count_pw3()) {
            Some(tries_left) => CardError::WrongAdminPin { tries_left },
            None => explained(explain, "its admin PIN", error),
        })
    }
}

#[cfg(test)]
mod tests {
    use openpgp_card::ocard::algorithm::{EccAttributes, RsaAttributes};
    use openpgp_card::ocard::crypto::EccType;

    use super::*;

    #[test]
    fn attributes_are_told_by_length_and_curve() {
        let rsa = |bits| kind(&AlgorithmAttributes::Rsa(RsaAttributes::new(bits, 32, 0)));
        assert_eq!(
            [1024, 2048, 3072, 4096].map(rsa),
            [
                None,
                Some(CardKeyKind::Rsa2048),
                Some(CardKeyKind::Rsa3072),
                Some(CardKeyKind::Rsa4096)
            ]
        );
        let on =
            |curve| kind(&AlgorithmAttributes::Ecc(EccAttributes::new(EccType::ECDH, curve, None)));
        assert_eq!(on(Curve::Curve25519), Some(CardKeyKind::X25519));
        assert_eq!(on(Curve::NistP256r1), Some(CardKeyKind::P256));
        assert_eq!(on(Curve::NistP384r1), Some(CardKeyKind::P384));
        assert_eq!(on(Curve::NistP521r1), Some(CardKeyKind::P521));
        assert_eq!(on(Curve::BrainpoolP256r1), None);
        assert_eq!(kind(&AlgorithmAttributes::Unknown(vec![1])), None);
    }
}
