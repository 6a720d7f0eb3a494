//! The certificate that is put beside a key that a PIV card made.
//!
//! On a PIV card the certificate is where programs find the public key: OpenSC, Windows and macOS show no key
//! without one, and most cards tell of it nowhere else (SP 800-73-4, part 1, section 3.1). Yubico's tool leaves
//! it to a second command, and lets the key sign it. Here the key cannot be asked to: by the standard a key in
//! slot 9D agrees on secrets and signs nothing. So it is signed by a key that is made for this and forgotten at
//! once. Nobody is meant to trust it; it says which key is on the card, and its issuer says so.

use keyreeve_crypto::{Algorithm, SigningKey, make_array, make_key};
use keyreeve_domain::ports::{CardError, CardKey};

use crate::card::fields::made;

/// The issuer's and the subject's common name.
const NAME: &str = "Key made on this card for Keyreeve";
/// From when to when, as GeneralizedTime and UTCTime have it. The key has no end of its own (RFC 5280,
/// 4.1.2.5 for the last moment of all), and the card no clock.
const FROM: &str = "260101000000Z";
const UNTIL: &str = "99991231235959Z";

const SEQUENCE: u16 = 0x30;
const OID: u16 = 0x06;
const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// A certificate (RFC 5280, version 1: it needs no extensions) for a key on P-256 or P-384, or an RSA key.
pub fn certificate(key: &CardKey) -> Result<Vec<u8>, CardError> {
    let failed = |error: &dyn std::fmt::Display| CardError::Failed(error.to_string());
    let material = make_key(Algorithm::EcP256).map_err(|error| failed(&error))?;
    let signer = SigningKey::open(Algorithm::EcP256, &material).map_err(|error| failed(&error))?;
    let mut serial: [u8; 16] = make_array().map_err(|error| failed(&error))?;
    // Positive, and always as long.
    serial[0] = serial[0] & 0x7F | 0x40;

    let to_be_signed = of(&[
        made(0x02, &serial),
        signature_algorithm(),
        name(),
        of(&[made(0x17, FROM.as_bytes()), made(0x18, UNTIL.as_bytes())]),
        name(),
        public_key_info(key),
    ]);
    let to_be_signed = to_be_signed.ok_or(CardError::Garbled { what: "the making of a key" })?;
    let signature = signer.sign(&to_be_signed).map_err(|error| failed(&error))?;
    of(&[Some(to_be_signed), signature_algorithm(), bits(&signature)])
        .ok_or(CardError::Garbled { what: "the making of a key" })
}

/// A sequence of what was made.
fn of(parts: &[Option<Vec<u8>>]) -> Option<Vec<u8>> {
    let parts = parts.iter().cloned().collect::<Option<Vec<_>>>()?;
    made(SEQUENCE, &parts.concat())
}

fn bits(bytes: &[u8]) -> Option<Vec<u8>> {
    made(0x03, &[&[0], bytes].concat())
}

fn signature_algorithm() -> Option<Vec<u8>> {
    of(&[made(OID, ECDSA_WITH_SHA256)])
}

fn name() -> Option<Vec<u8>> {
    let attribute = of(&[made(OID, COMMON_NAME), made(0x0C, NAME.as_bytes())])?;
    of(&[made(0x31, &attribute)])
}

/// By RFC 5480 and RFC 3279.
fn public_key_info(key: &CardKey) -> Option<Vec<u8>> {
    let algorithm = match key.algorithm.as_str() {
        "p256" => of(&[made(OID, EC_PUBLIC_KEY), made(OID, super::P256)]),
        "p384" => of(&[made(OID, EC_PUBLIC_KEY), made(OID, super::P384)]),
        _ => of(&[made(OID, RSA_ENCRYPTION), made(0x05, &[])]),
    };
    of(&[algorithm, bits(&key.public_key)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_back_from_its_certificate() {
        for (algorithm, public_key) in [("p256", vec![4; 65]), ("p384", vec![4; 97])] {
            let key = CardKey { algorithm: algorithm.into(), public_key };
            let made = certificate(&key).unwrap();
            assert_eq!(super::super::certified_key(&made).unwrap(), key);
            assert_ne!(certificate(&key).unwrap(), made, "another number, another signature");
        }
        let mut modulus = [0xA7; 256];
        modulus[255] = 0x55;
        let rsa = keyreeve_crypto::CardRsaKey::from_numbers(&modulus, &[1, 0, 1]);
        let key = crate::card::source::rsa_key(rsa);
        assert_eq!(key.algorithm, "rsa-2048");
        let made = certificate(&key).unwrap();
        assert_eq!(super::super::certified_key(&made).unwrap(), key);
    }

    #[test]
    fn every_certificate_has_a_number_of_its_own_and_says_what_it_is() {
        use x509_cert::der::Decode as _;

        let key = CardKey { algorithm: "p256".into(), public_key: vec![4; 65] };
        let mut numbers = std::collections::HashSet::new();
        for _ in 0..16 {
            let made = x509_cert::Certificate::from_der(&certificate(&key).unwrap()).unwrap();
            let said = made.tbs_certificate();
            let number = said.serial_number().as_bytes().to_vec();
            assert!(number.len() == 16 && number[0] & 0xC0 == 0x40, "{number:02X?}");
            assert!(numbers.insert(number));
            for name in [said.issuer(), said.subject()] {
                assert_eq!(name.to_string(), format!("CN={NAME}"));
            }
            let validity = said.validity();
            let times = [validity.not_before, validity.not_after].map(|time| time.to_string());
            assert_eq!(times, ["2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]);
            let signed_with = [made.signature_algorithm(), said.signature()];
            assert!(signed_with.iter().all(|with| with.oid.to_string() == "1.2.840.10045.4.3.2"));
        }
    }
}
