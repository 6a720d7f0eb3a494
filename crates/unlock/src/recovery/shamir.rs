//! Shamir's scheme as SLIP-39 uses it: the secret at 255, a digest of it at 254.
//!
//! The arithmetic is `vsss-rs`', which interpolates at 0. Adding is XOR in this field, so shifting
//! every point by `x` makes 0 of `x`.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keyreeve_crypto::SecretBytes;
use subtle::ConstantTimeEq as _;
use vsss_rs::Gf256;
use zeroize::{Zeroize as _, Zeroizing};

const SECRET_AT: u8 = 255;
const DIGEST_AT: u8 = 254;
const DIGEST_LEN: usize = 4;

/// A point: where it is, and its value.
pub type Point = (u8, Zeroizing<Vec<u8>>);

/// The points at 0, 1, … of a secret, any `threshold` (at least 2) of which suffice. `None` where
/// that is impossible, or randomness fails.
pub fn split(secret: &[u8], shares: u8, threshold: u8) -> Option<Vec<Point>> {
    let mut base: Vec<Point> = Vec::new();
    for at in 0..threshold.checked_sub(2)? {
        base.push((at, random(secret.len())?));
    }
    let mut digest = random(secret.len())?;
    let tag = tag(digest.get(DIGEST_LEN..)?, secret)?;
    digest.get_mut(..DIGEST_LEN)?.copy_from_slice(&tag);
    let chosen = base.clone();
    base.push((DIGEST_AT, digest));
    base.push((SECRET_AT, Zeroizing::new(secret.to_vec())));
    (0..shares)
        .map(|at| match chosen.iter().find(|(x, _)| *x == at) {
            Some(point) => Some(point.clone()),
            None => Some((at, value_at(&base, at)?)),
        })
        .collect()
}

/// The secret behind points, exactly as many as are needed; `None` where they do not fit.
pub fn recover(points: &[Point]) -> Option<Zeroizing<Vec<u8>>> {
    let secret = value_at(points, SECRET_AT)?;
    let digest = value_at(points, DIGEST_AT)?;
    let (found, random) = digest.split_at_checked(DIGEST_LEN)?;
    bool::from(found.ct_eq(&tag(random, &secret)?)).then_some(secret)
}

fn value_at(points: &[Point], at: u8) -> Option<Zeroizing<Vec<u8>>> {
    let mut shifted: Vec<Vec<u8>> = points
        .iter()
        .map(|(x, value)| {
            let mut share = Vec::with_capacity(value.len() + 1);
            share.push(x ^ at);
            share.extend_from_slice(value);
            share
        })
        .collect();
    let value = Gf256::combine_bytes(&shifted).ok().map(Zeroizing::new);
    shifted.zeroize();
    value
}

fn tag(random: &[u8], secret: &[u8]) -> Option<[u8; DIGEST_LEN]> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(random).ok()?;
    mac.update(secret);
    mac.finalize().into_bytes().first_chunk().copied()
}

fn random(len: usize) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = SecretBytes::make(len).ok()?;
    // EXPOSE: a random point of the polynomial.
    Some(Zeroizing::new(bytes.expose().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_that_suffices_gives_the_secret_and_no_smaller_one() {
        let secret: Vec<u8> = (0..32).collect();
        for (shares, threshold) in [(2, 2), (3, 2), (5, 3), (16, 16), (16, 9)] {
            let points = split(&secret, shares, threshold).unwrap();
            assert_eq!(points.len(), usize::from(shares));
            let needed = usize::from(threshold);
            for start in 0..points.len() {
                let some: Vec<_> =
                    (0..needed).map(|i| points[(start + i * 5) % points.len()].clone()).collect();
                let distinct: std::collections::BTreeSet<_> = some.iter().map(|p| p.0).collect();
                if distinct.len() == needed {
                    assert_eq!(recover(&some).unwrap().as_slice(), secret);
                    assert!(recover(&some[1..]).is_none());
                }
            }
        }
    }

    #[test]
    fn a_changed_point_is_found() {
        let mut points = split(&[7; 32], 3, 2).unwrap();
        points[0].1[5] ^= 1;
        assert!(recover(&points[..2]).is_none());
    }
}
