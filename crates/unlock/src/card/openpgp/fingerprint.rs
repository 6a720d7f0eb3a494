//! The fingerprint that is put beside a key that a card made, so that GnuPG and others see that the place is
//! taken: that of an OpenPGP key of version 4 (RFC 4880, 12.2) for encryption, made at that moment.

use openpgp_card::Error;
use openpgp_card::ocard::KeyType;
use openpgp_card::ocard::algorithm::{AlgorithmAttributes, Curve};
use openpgp_card::ocard::crypto::PublicKeyMaterial;
use openpgp_card::ocard::data::{Fingerprint, KeyGenerationTime};
use sha1::{Digest as _, Sha1};

const RSA: u8 = 1;
const ECDH: u8 = 18;

/// The fingerprint of an encryption key.
pub fn fingerprint(
    key: &PublicKeyMaterial,
    made: KeyGenerationTime,
    _key_type: KeyType,
) -> Result<Fingerprint, Error> {
    let fields = match key {
        PublicKeyMaterial::R(rsa) => [vec![RSA], number(rsa.n()), number(rsa.v())].concat(),
        PublicKeyMaterial::E(public) => match public.algo() {
            AlgorithmAttributes::Ecc(ecc) => ecdh_fields(ecc.curve(), public.data())?,
            other => return Err(Error::UnsupportedAlgo(format!("{other:?}"))),
        },
    };
    let body = [&[4][..], &made.get().to_be_bytes(), &fields].concat();
    let length =
        u16::try_from(body.len()).map_err(|error| Error::InternalError(error.to_string()))?;
    let mut digest = Sha1::new();
    digest.update([0x99]);
    digest.update(length.to_be_bytes());
    digest.update(&body);
    Ok(Fingerprint::from(<[u8; 20]>::from(digest.finalize())))
}

/// RFC 6637, section 9. Hash and cipher are those that GnuPG names for a curve of this size.
fn ecdh_fields(curve: &Curve, point: &[u8]) -> Result<Vec<u8>, Error> {
    let [hash, cipher] = match curve {
        Curve::Curve25519 | Curve::NistP256r1 => [8, 7],
        Curve::NistP384r1 => [9, 8],
        Curve::NistP521r1 => [10, 9],
        other => return Err(Error::UnsupportedAlgo(format!("{other:?}"))),
    };
    let point = match curve {
        Curve::Curve25519 => [&[0x40], super::bare_coordinate(point)].concat(),
        _ => point.to_vec(),
    };
    let oid = curve.oid();
    let length =
        u8::try_from(oid.len()).map_err(|error| Error::InternalError(error.to_string()))?;
    Ok([&[ECDH, length][..], oid, &number(&point), &[3, 1, hash, cipher]].concat())
}

/// A multiprecision integer (RFC 4880, 3.2).
fn number(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    let unused = bytes.first().map_or(0, |first| first.leading_zeros());
    let bits = u32::try_from(bytes.len() * 8).unwrap_or(u32::MAX) - unused;
    [&u16::try_from(bits).unwrap_or(u16::MAX).to_be_bytes()[..], bytes].concat()
}
