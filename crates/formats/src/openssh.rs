//! OpenSSH's private key files and public key lines.

use keyreeve_crypto::{
    Algorithm, PrivateParts, PublicParts, RsaPrivateParts, SecretBytes, make_array,
};
use ssh_encoding::Decode as _;
use ssh_key::private::{
    EcdsaKeypair, EcdsaPrivateKey, Ed25519Keypair, Ed25519PrivateKey, KeypairData, RsaKeypair,
    RsaPrivateKey,
};
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey};
use ssh_key::{Cipher, Kdf, LineEnding, Mpint, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use crate::error::ExportError;
use crate::private::Protection;

/// What `ssh-keygen` uses since OpenSSH 9.4.
const BCRYPT_ROUNDS: u32 = 24;

pub(crate) fn private(
    parts: &PrivateParts<'_>,
    algorithm: Algorithm,
    spki: Option<&[u8]>,
    protection: Protection<'_>,
    comment: &str,
) -> Result<Option<SecretBytes>, ExportError> {
    let public = match spki {
        Some(spki) => PublicParts::from_spki(algorithm, spki)?,
        None => return Ok(None),
    };
    let Some(key) = pair(parts, &public).and_then(|pair| PrivateKey::new(pair, comment).ok())
    else {
        return Ok(None);
    };
    let key = match protection {
        Protection::Plain => Some(key),
        Protection::Passphrase(passphrase) | Protection::Scrypt(passphrase) => {
            let salt: [u8; 16] = make_array()?;
            let kdf = Kdf::Bcrypt { salt: salt.to_vec(), rounds: BCRYPT_ROUNDS };
            let check = u32::from_ne_bytes(make_array()?);
            // EXPOSE: the passphrase is the KDF's input.
            key.encrypt_with(Cipher::Aes256Ctr, kdf, check, passphrase.expose()).ok()
        }
    };
    let text = key.and_then(|key| key.to_openssh(LineEnding::LF).ok());
    Ok(text.map(|mut text| SecretBytes::new(std::mem::take(&mut *text).into_bytes())))
}

/// A public key as SSH sends it, and the name of its kind.
pub(crate) struct Blob {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn public_blob(parts: &PublicParts<'_>) -> Option<Blob> {
    let key = PublicKey::new(public_key(parts)?, "");
    Some(Blob { name: key.algorithm().as_str().to_owned(), bytes: key.to_bytes().ok()? })
}

pub(crate) fn public(parts: &PublicParts<'_>, comment: &str) -> Option<Vec<u8>> {
    let mut line = PublicKey::new(public_key(parts)?, comment).to_openssh().ok()?;
    line.push('\n');
    Some(line.into_bytes())
}

fn public_key(parts: &PublicParts<'_>) -> Option<KeyData> {
    Some(match parts {
        PublicParts::Rsa { modulus, public_exponent } => {
            KeyData::Rsa(rsa_public(modulus, public_exponent)?)
        }
        PublicParts::Ec { point, .. } => {
            KeyData::Ecdsa(EcdsaPublicKey::from_sec1_bytes(point).ok()?)
        }
        PublicParts::Okp { curve: "Ed25519", key } => KeyData::Ed25519(Ed25519PublicKey(**key)),
        _ => return None,
    })
}

fn pair(private: &PrivateParts<'_>, public: &PublicParts<'_>) -> Option<KeypairData> {
    Some(match (private, public) {
        (PrivateParts::Rsa(parts), _) => KeypairData::Rsa(rsa_pair(parts)?),
        (PrivateParts::Ec { scalar, point }, _) => KeypairData::Ecdsa(ec_pair(scalar, point)?),
        (PrivateParts::Okp(seed), PublicParts::Okp { curve: "Ed25519", key }) => {
            KeypairData::Ed25519(Ed25519Keypair {
                public: Ed25519PublicKey(**key),
                private: Ed25519PrivateKey::from_bytes(seed),
            })
        }
        _ => return None,
    })
}

fn rsa_pair(parts: &RsaPrivateParts<'_>) -> Option<RsaKeypair> {
    let number = |bytes| Mpint::from_positive_bytes(bytes).ok();
    Some(RsaKeypair {
        public: rsa_public(parts.modulus, parts.public_exponent)?,
        private: RsaPrivateKey {
            d: number(parts.private_exponent)?,
            iqmp: number(parts.coefficient)?,
            p: number(parts.prime1)?,
            q: number(parts.prime2)?,
        },
    })
}

fn rsa_public(modulus: &[u8], public_exponent: &[u8]) -> Option<RsaPublicKey> {
    Some(RsaPublicKey {
        e: Mpint::from_positive_bytes(public_exponent).ok()?,
        n: Mpint::from_positive_bytes(modulus).ok()?,
    })
}

fn ec_pair(scalar: &[u8], point: &[u8]) -> Option<EcdsaKeypair> {
    Some(match EcdsaPublicKey::from_sec1_bytes(point).ok()? {
        EcdsaPublicKey::NistP256(public) => {
            EcdsaKeypair::NistP256 { public, private: ec_scalar(scalar)? }
        }
        EcdsaPublicKey::NistP384(public) => {
            EcdsaKeypair::NistP384 { public, private: ec_scalar(scalar)? }
        }
        EcdsaPublicKey::NistP521(public) => {
            EcdsaKeypair::NistP521 { public, private: ec_scalar(scalar)? }
        }
    })
}

/// The library takes a scalar only in its wire form: a length, then the bytes.
fn ec_scalar<const LEN: usize>(scalar: &[u8]) -> Option<EcdsaPrivateKey<LEN>> {
    let mut wire = Zeroizing::new(Vec::with_capacity(4 + scalar.len()));
    wire.extend_from_slice(&u32::try_from(scalar.len()).ok()?.to_be_bytes());
    wire.extend_from_slice(scalar);
    EcdsaPrivateKey::decode(&mut wire.as_slice()).ok()
}
