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

#[cfg(test)]
mod tests {
    use openpgp_card::ocard::algorithm::EccAttributes;
    use openpgp_card::ocard::crypto::{EccPub, EccType, RSAPub};

    use super::*;

    /// 2026-01-31T08:15:00Z.
    const MADE: u32 = 1_769_847_300;

    fn ecc(curve: Curve, point: &str) -> PublicKeyMaterial {
        let attributes = AlgorithmAttributes::Ecc(EccAttributes::new(EccType::ECDH, curve, None));
        PublicKeyMaterial::E(EccPub::new(hex::decode(point).unwrap(), attributes))
    }

    fn of(key: &PublicKeyMaterial) -> Result<String, Error> {
        fingerprint(key, MADE.into(), KeyType::Decryption).map(|made| made.to_hex())
    }

    #[test]
    fn fingerprints_are_those_that_gnupg_gives_the_same_keys() {
        let coordinate = "649341806e1bfc9d88361632711dbad881326728b6c48876824ce959621caa69";
        let modulus = "00d01d3efaabbf4ef6a78c09600fa38b83db961f073f8ed1da4ba7716cc860aeb07561628c7e060a\
                       d2e60d4fba2a4e734715508d424b96428757346fd0d3135155f6de70bc81148471c82177f3208e6c\
                       976e1d9088b85607dcd1de6e7fb801abcc530e9e57b4e43e38fe18896718eed73bddebb9bbb5bedb\
                       2c795c1239dc140ba5";
        let rsa = RSAPub::new(hex::decode(modulus).unwrap(), vec![1, 0, 1]);
        let p256 = "0486b94d0b422c5d56d172c462f312a02fc1872d7c82008f0075137192e7d00e023ba51e5c3d814d0\
                    9091834a8ee62c055d1296548d936b8452b2c414f94ac5b38";
        let p384 = "048c895a6ac033c6b6b146f8434eef5999a7d032482073b55de8dd155dfbf7c07454365ec1548618\
                    d856ebf7d9c174737653b1ae3236f7b57a41f8c6e6667025675db315f845235e93388435ac83e1e4\
                    8909dc6c1f442868d9ee034b32e5089d45";
        let p521 = "04009aaebff6c268b432fb528e6c31b026c2196df3328c21af5199c915811d3cdefca21f4735108c\
                    1a0f44fd73aa4748e143a011150cef331e22ef509af7955827508a00273e6786ff0b73ba5b11e4b28\
                    41d52161937853db9764e6cf70a430bc6517c8a627714cdc33c0206ea8b76089c0712fc5a5522abce\
                    3d0b5024ea936d17612d866e";
        for (key, expected) in [
            (ecc(Curve::Curve25519, coordinate), "419518566570157fb17d754e31cc10e44e25ab69"),
            (
                ecc(Curve::Curve25519, &format!("40{coordinate}")),
                "419518566570157fb17d754e31cc10e44e25ab69",
            ),
            (ecc(Curve::NistP256r1, p256), "de7b35289d3adbda97f9137b7a1624ad1816e711"),
            (ecc(Curve::NistP384r1, p384), "99f436de592a73071d407ea4cbd30cdc24dba799"),
            (ecc(Curve::NistP521r1, p521), "6b892415845d59d8cb5d550f0d9e118a1ec247b7"),
            (PublicKeyMaterial::R(rsa), "ea44083ffaa7cdc3bbcd0674a9979209b54a89f7"),
        ] {
            assert_eq!(of(&key).unwrap(), expected);
        }
        assert!(matches!(of(&ecc(Curve::Ed25519, coordinate)), Err(Error::UnsupportedAlgo(_))));
    }

    #[test]
    fn numbers_are_counted_in_bits_from_their_highest_one() {
        assert_eq!(number(&[0, 0, 1, 0xFF]), [0, 9, 1, 0xFF]);
        assert_eq!(number(&[0x80, 0]), [0, 16, 0x80, 0]);
        assert_eq!(number(&[0, 0]), [0, 0]);
    }
}
