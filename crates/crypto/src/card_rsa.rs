//! Secrets for the RSA key of a smartcard.
//!
//! A PIV card applies its private key to a bare number and takes no padding off. So the secret is that
//! number: RSASVE (NIST SP 800-56B Rev. 2, section 7.2.1), which has no padding at all. An OpenPGP card
//! takes the padding of PKCS #1 version 1.5 off by itself, and offers nothing else. Why it is these two is
//! said in `docs/adr/0012-rsa-keys-on-smartcards.md`.

use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use pkcs8::der::asn1::UintRef;
use pkcs8::der::{Decode as _, Encode as _};
use zeroize::Zeroizing;

use crate::card::{CardAgreement, CardAgreementError};
use crate::hazmat;
use crate::random::fill_random;
use crate::secret::SecretBytes;

/// How many bytes a secret has that is transported in the padding of PKCS #1 version 1.5.
pub(crate) const TRANSPORTED: usize = 32;

/// The lengths of a modulus, in bits.
const SIZES: [u32; 3] = [2048, 3072, 4096];

/// The RSA key of a smartcard, public half.
pub struct CardRsaKey<'a> {
    key: pkcs1::RsaPublicKeyRef<'a>,
    bits: u32,
}

impl<'a> CardRsaKey<'a> {
    /// Reads an `RSAPublicKey` in DER (RFC 8017, A.1.1), of 2048, 3072 or 4096 bits.
    #[must_use]
    pub fn from_der(der: &'a [u8]) -> Option<Self> {
        Self::of(pkcs1::RsaPublicKeyRef::from_der(der).ok()?)
    }

    /// From its numbers, big-endian, and with zeros before them or not.
    #[must_use]
    pub fn from_numbers(modulus: &'a [u8], exponent: &'a [u8]) -> Option<Self> {
        let number = |bytes: &'a [u8]| {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            UintRef::new(&bytes[zeros..]).ok()
        };
        let (modulus, public_exponent) = (number(modulus)?, number(exponent)?);
        Self::of(pkcs1::RsaPublicKeyRef { modulus, public_exponent })
    }

    fn of(key: pkcs1::RsaPublicKeyRef<'a>) -> Option<Self> {
        let modulus = key.modulus.as_bytes();
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last & 1 == 1);
        let bits = u32::try_from(modulus.len() * 8).ok()?;
        let full = modulus.first().is_some_and(|first| *first >= 0x80);
        // As SP 800-56B Rev. 2, 6.2: an odd exponent of 65,537 or more. The card made it; an absurdly long
        // one would only be slow.
        let exponent = key.public_exponent.as_bytes();
        let sound = SIZES.contains(&bits)
            && full
            && odd(modulus)
            && odd(exponent)
            && (3..=8).contains(&exponent.len());
        sound.then_some(Self { key, bits })
    }

    /// The modulus's length in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Whether it was made by one of the flawed chips of 2012 to 2017, YubiKeys 4 among them, whose private
    /// keys can be computed from the public ones (CVE-2017-15361, "ROCA").
    #[must_use]
    pub fn is_flawed(&self) -> bool {
        hazmat::roca::has_mark(self.key.modulus.as_bytes())
    }

    /// The modulus's length in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.key.modulus.as_bytes().len()
    }

    /// `RSAPublicKey` in DER; `None` only where memory fails.
    #[must_use]
    pub fn to_der(&self) -> Option<Vec<u8>> {
        self.key.to_der().ok()
    }

    /// RSASVE.GENERATE: a random number between 1 and n − 1, and its power e modulo n.
    pub(crate) fn encapsulate(&self) -> Result<CardAgreement, CardAgreementError> {
        let failed = CardAgreementError;
        let number =
            |bytes: &[u8]| BoxedUint::from_be_slice(bytes, self.bits).map_err(|_long| failed);
        let modulus = number(self.key.modulus.as_bytes())?;
        let largest = modulus.wrapping_sub(BoxedUint::one_with_precision(self.bits));
        let modulus = Odd::new(modulus).into_option().ok_or(failed)?;
        let secret = loop {
            let mut bytes = Zeroizing::new(vec![0; self.bytes()]);
            fill_random(&mut bytes).map_err(|_generator| failed)?;
            let drawn = Zeroizing::new(number(&bytes)?);
            // The modulus has its highest bit set, so at least every second number is small enough.
            if *drawn > BoxedUint::one_with_precision(self.bits) && *drawn < largest {
                break drawn;
            }
        };
        let exponent = number(self.key.public_exponent.as_bytes())?;
        let exponent_bits = exponent.bit_width();
        let parameters = BoxedMontyParams::new_vartime(modulus);
        let base = Zeroizing::new(BoxedMontyForm::new(BoxedUint::clone(&secret), &parameters));
        let challenge = base.pow_bounded_exp(&exponent, exponent_bits).retrieve();
        Ok(CardAgreement {
            challenge: challenge.to_be_bytes().into_vec(),
            secret: SecretBytes::new(secret.to_be_bytes().into_vec()),
        })
    }

    /// A random secret in the padding of PKCS #1 version 1.5, encrypted.
    pub(crate) fn transport(&self) -> Result<CardAgreement, CardAgreementError> {
        let failed = CardAgreementError;
        let mut secret = Zeroizing::new([0; TRANSPORTED]);
        fill_random(&mut *secret).map_err(|_generator| failed)?;
        let (n, e) = (self.key.modulus.as_bytes(), self.key.public_exponent.as_bytes());
        let spki = hazmat::rsa::spki(n, e).map_err(|_encoding| failed)?;
        let key = PublicEncryptingKey::from_der(&spki).map_err(|_rejected| failed)?;
        let key = Pkcs1PublicEncryptingKey::new(key).map_err(|_unspecified| failed)?;
        let mut challenge = vec![0; key.ciphertext_size()];
        let written = key.encrypt(&*secret, &mut challenge).map_err(|_unspecified| failed)?.len();
        challenge.truncate(written);
        Ok(CardAgreement { challenge, secret: SecretBytes::new(secret.to_vec()) })
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};

    use super::*;
    use crate::card::CardScheme;

    fn private_key(size: KeySize) -> PrivateDecryptingKey {
        PrivateDecryptingKey::generate(size).unwrap()
    }

    /// `RSAPrivateKey`, out of PKCS #8.
    fn pkcs1(key: &PrivateDecryptingKey) -> Vec<u8> {
        let pkcs8 = AsDer::<Pkcs8V1Der>::as_der(key).unwrap();
        let info = pkcs8::PrivateKeyInfoRef::from_der(pkcs8.as_ref()).unwrap();
        info.private_key.as_bytes().to_vec()
    }

    fn public_of(private: &pkcs1::RsaPrivateKeyRef<'_>) -> Vec<u8> {
        let (n, e) = (private.modulus.as_bytes(), private.public_exponent.as_bytes());
        CardRsaKey::from_numbers(n, e).unwrap().to_der().unwrap()
    }

    /// What a card does: RSADP (RFC 8017, 5.1.2) alone.
    fn bare(private: &pkcs1::RsaPrivateKeyRef<'_>, challenge: &[u8]) -> Vec<u8> {
        let bits = u32::try_from(private.modulus.as_bytes().len() * 8).unwrap();
        let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, bits).unwrap();
        let modulus = Odd::new(number(private.modulus.as_bytes())).unwrap();
        let parameters = BoxedMontyParams::new(modulus);
        let power = BoxedMontyForm::new(number(challenge), &parameters)
            .pow(&number(private.private_exponent.as_bytes()));
        power.retrieve().to_be_bytes().into_vec()
    }

    #[test]
    fn the_cards_bare_operation_finds_the_secret_again() {
        for (size, bytes) in
            [(KeySize::Rsa2048, 256), (KeySize::Rsa3072, 384), (KeySize::Rsa4096, 512)]
        {
            let key = pkcs1(&private_key(size));
            let private = pkcs1::RsaPrivateKeyRef::from_der(&key).unwrap();
            let public = public_of(&private);
            let made = CardScheme::RsaSve.make(&public).unwrap();
            assert_eq!(made.challenge.len(), bytes);
            assert_eq!(CardScheme::RsaSve.secret_len(&public), Some(bytes));
            assert_eq!(bare(&private, &made.challenge), made.secret.expose());
            let again = CardScheme::RsaSve.make(&public).unwrap();
            assert_ne!(again.secret.expose(), made.secret.expose());
        }
    }

    /// Half of all numbers of as many bits are beyond this modulus, and the card would find another one.
    #[test]
    fn no_secret_is_beyond_the_modulus() {
        let mut modulus = [0; 256];
        (modulus[0], modulus[255]) = (0x80, 1);
        let key = CardRsaKey::from_numbers(&modulus, &[1, 0, 1]).unwrap();
        for _ in 0..64 {
            assert!(*key.encapsulate().unwrap().secret.expose() < modulus[..]);
        }
    }

    #[test]
    fn a_card_that_takes_the_padding_off_finds_the_secret_again() {
        let key = private_key(KeySize::Rsa2048);
        let der = pkcs1(&key);
        let public = public_of(&pkcs1::RsaPrivateKeyRef::from_der(&der).unwrap());
        let made = CardScheme::RsaPkcs1.make(&public).unwrap();
        let card = Pkcs1PrivateDecryptingKey::new(key).unwrap();
        let mut found = vec![0; card.min_output_size()];
        assert_eq!(card.decrypt(&made.challenge, &mut found).unwrap(), made.secret.expose());
        assert_eq!(CardScheme::RsaPkcs1.secret_len(&public), Some(made.secret.expose().len()));
    }

    #[test]
    fn keys_that_no_secret_should_be_trusted_to_are_refused() {
        let modulus = |bytes: usize, last: u8| {
            let mut modulus = vec![0xC5; bytes];
            modulus[bytes - 1] = last;
            modulus
        };
        let sound = (modulus(256, 1), vec![1, 0, 1]);
        assert_eq!(CardRsaKey::from_numbers(&sound.0, &sound.1).unwrap().bits(), 2048);
        let beginning = |first: u8| [&[first], &sound.0[1..]].concat();
        assert!(CardRsaKey::from_numbers(&beginning(0x80), &sound.1).is_some());
        for (modulus, exponent) in [
            (modulus(128, 1), vec![1, 0, 1]),
            (modulus(255, 1), vec![1, 0, 1]),
            (modulus(1024, 1), vec![1, 0, 1]),
            (modulus(256, 2), vec![1, 0, 1]),
            (beginning(0x7F), vec![1, 0, 1]),
            (sound.0.clone(), vec![3]),
            (sound.0.clone(), vec![1, 0, 0]),
            (sound.0.clone(), vec![1; 9]),
            (sound.0.clone(), vec![0]),
            (Vec::new(), vec![1, 0, 1]),
        ] {
            assert!(CardRsaKey::from_numbers(&modulus, &exponent).is_none(), "{exponent:?}");
        }
        for scheme in [CardScheme::RsaSve, CardScheme::RsaPkcs1] {
            for der in [&[][..], &[0x30, 0], &[4; 65]] {
                assert_eq!(scheme.make(der).unwrap_err(), CardAgreementError);
            }
        }
        assert_eq!(CardScheme::RsaSve.secret_len(&[4; 65]), None);
    }

    /// 2²⁰⁴⁷ and what it lacks to be 1 modulo each prime of the mark.
    #[test]
    fn a_key_of_the_flawed_chips_is_told_by_its_mark() {
        let product: u128 = hazmat::roca::PRIMES.iter().map(|prime| u128::from(*prime)).product();
        let rest = (0..2047).fold(1, |power: u128, _| power * 2 % product);
        let odd = |lacking: u128| if lacking % 2 == 1 { lacking } else { lacking + product };
        let mut modulus = vec![0x80; 1];
        modulus.resize(240, 0);
        modulus.extend(odd(product - rest + 1).to_be_bytes());
        let is_flawed =
            |modulus: &[u8]| CardRsaKey::from_numbers(modulus, &[1, 0, 1]).unwrap().is_flawed();
        assert!(is_flawed(&modulus));
        modulus[255] ^= 2;
        assert!(!is_flawed(&modulus));
    }
}
