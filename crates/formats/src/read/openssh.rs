//! OpenSSH's own files: private keys, and lines of public ones.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::{
    AdoptError, AdoptedPublicKey, Algorithm, ForeignKey, ForeignRsa, RecognisedKey, SecretString,
    adopt, adopt_public_bytes, adopt_public_rsa, recognise_public_dsa, recognise_public_rsa,
};
use ssh_key::authorized_keys::Entry;
use ssh_key::private::{EcdsaKeypair, KeypairData, RsaKeypair};
use ssh_key::public::{DsaPublicKey, EcdsaPublicKey, KeyData};
use ssh_key::{Kdf, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::openssh_scalar::Parts;
use super::traditional::dsa;
use super::{MAX_ITEMS, ReadError, ssh_certificate};

/// `bcrypt`'s rounds at most: seconds, where ssh-keygen's usual number is 24.
pub(super) const MAX_BCRYPT_ROUNDS: u32 = 2_000;
/// What the type of a public key begins with.
const KEY_TYPES: [&str; 5] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-"];

/// An encrypted file whose costs were looked at.
#[derive(Debug)]
pub(super) struct LockedOpenSsh {
    key: PrivateKey,
    file: Vec<u8>,
}

pub(super) fn read_private(bytes: &[u8]) -> Item {
    let short = || Parts::of(bytes).and_then(|parts| parts.key(parts.private));
    let Some(key) = PrivateKey::from_bytes(bytes).ok().or_else(short) else {
        let damaged = "the OpenSSH key is damaged, or of a kind that Keyreeve does not know";
        return Item::refused(Form::OpenSsh, Refusal::Damaged(damaged.into()));
    };
    if !key.is_encrypted() {
        return Item::new(Form::OpenSsh, pair(&key)).with_comment(key.comment());
    }
    if let Kdf::Bcrypt { rounds, .. } = key.kdf()
        && *rounds > MAX_BCRYPT_ROUNDS
    {
        let cost = Refusal::TooCostly(format!("{rounds} rounds of bcrypt"));
        return Item::refused(Form::OpenSsh, cost);
    }
    // The public half stands in the clear, so a weak or unknown kind needs no password to be told.
    match public(key.public_key().key_data()) {
        Ok(public) => {
            let kind = LockedKind::OpenSsh(Box::new(LockedOpenSsh { key, file: bytes.to_vec() }));
            Item::new(Form::OpenSsh, Found::Locked(Locked { kind, public: Some(public) }))
        }
        Err(refusal) => Item::refused(Form::OpenSsh, refusal),
    }
}

impl LockedOpenSsh {
    /// The key inside and its comment; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<(Found, String)> {
        // EXPOSE: the password is the KDF's input.
        let password = password.expose();
        let key = self.key.decrypt(password).ok().or_else(|| self.open_short(password))?;
        Some((pair(&key), key.comment().to_owned()))
    }

    /// The key, if it is one with a short scalar.
    fn open_short(&self, password: &str) -> Option<PrivateKey> {
        if !matches!(self.key.public_key().key_data(), KeyData::Ecdsa(_)) {
            return None;
        }
        let parts = Parts::of(&self.file)?;
        let cipher = self.key.cipher();
        let (key, iv) = self.key.kdf().derive_key_and_iv(cipher, password).ok()?;
        let mut private = Zeroizing::new(parts.private.to_vec());
        let tag = if parts.tag.is_empty() { None } else { Some(parts.tag.try_into().ok()?) };
        cipher.decrypt(&key, &iv, &mut private, tag).ok()?;
        parts.key(&private)
    }
}

fn pair(key: &PrivateKey) -> Found {
    let adopted = match key.key_data() {
        KeypairData::Rsa(pair) => rsa(pair),
        KeypairData::Ecdsa(pair) => {
            let (algorithm, scalar, point) = match pair {
                EcdsaKeypair::NistP256 { public, private } => {
                    (Algorithm::EcP256, private.as_slice(), public.as_bytes())
                }
                EcdsaKeypair::NistP384 { public, private } => {
                    (Algorithm::EcP384, private.as_slice(), public.as_bytes())
                }
                EcdsaKeypair::NistP521 { public, private } => {
                    (Algorithm::EcP521, private.as_slice(), public.as_bytes())
                }
            };
            adopt(&ForeignKey::Ec { algorithm, scalar, point: Some(point) })
        }
        KeypairData::Ed25519(pair) => adopt(&ForeignKey::Seed {
            algorithm: Algorithm::Ed25519,
            secret: pair.private.as_ref(),
            public: Some(pair.public.as_ref()),
        }),
        KeypairData::Dsa(_) => return Found::Refused(dsa()),
        _ => return Found::Refused(security_key()),
    };
    Found::of(adopted)
}

fn rsa(pair: &RsaKeypair) -> Result<keyreeve_crypto::AdoptedKey, AdoptError> {
    adopt(&ForeignKey::Rsa(ForeignRsa {
        modulus: pair.public.n.as_bytes(),
        public_exponent: pair.public.e.as_bytes(),
        private_exponent: pair.private.d.as_bytes(),
        prime1: pair.private.p.as_bytes(),
        prime2: pair.private.q.as_bytes(),
        coefficient: pair.private.iqmp.as_bytes(),
    }))
}

fn public(key: &KeyData) -> Result<AdoptedPublicKey, Refusal> {
    let adopted = match key {
        KeyData::Rsa(key) => adopt_public_rsa(key.n.as_bytes(), key.e.as_bytes()),
        KeyData::Ecdsa(key) => {
            let (algorithm, point) = match key {
                EcdsaPublicKey::NistP256(point) => (Algorithm::EcP256, point.as_bytes()),
                EcdsaPublicKey::NistP384(point) => (Algorithm::EcP384, point.as_bytes()),
                EcdsaPublicKey::NistP521(point) => (Algorithm::EcP521, point.as_bytes()),
            };
            adopt_public_bytes(algorithm, point)
        }
        KeyData::Ed25519(key) => adopt_public_bytes(Algorithm::Ed25519, key.as_ref()),
        KeyData::Dsa(_) => return Err(dsa()),
        _ => return Err(security_key()),
    };
    Ok(adopted?)
}

fn dsa_key(key: &DsaPublicKey) -> Result<RecognisedKey, AdoptError> {
    let numbers = [&key.p, &key.q, &key.g, &key.y].map(|number| number.as_positive_bytes());
    let [Some(p), Some(q), Some(g), Some(y)] = numbers else { return Err(AdoptError::Malformed) };
    recognise_public_dsa(p, q, g, y)
}

/// A public key as a line has it between its type and its comment; `None` where it does not decode.
pub(super) fn read_blob(base64: &str) -> Option<Result<AdoptedPublicKey, Refusal>> {
    read_key(&BASE64_STANDARD.decode(base64).ok()?)
}

/// A public key as SSH sends it; `None` where it does not decode.
pub(super) fn read_key(bytes: &[u8]) -> Option<Result<AdoptedPublicKey, Refusal>> {
    Some(public(PublicKey::from_bytes(bytes).ok()?.key_data()))
}

fn security_key() -> Refusal {
    Refusal::Key(AdoptError::Unsupported(
        "an OpenSSH key that lives in a FIDO security key, of another vendor or a certificate"
            .into(),
    ))
}

pub(super) fn has_public_line(text: &str) -> bool {
    text.lines().any(is_public_line)
}

/// Whether a word of the line is the type of a key, and the next could be one.
fn is_public_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    !line.trim_start().starts_with('#')
        && words.any(|word| KEY_TYPES.iter().any(|known| word.starts_with(known)))
        && words.next().is_some_and(|key| key.starts_with("AAAA"))
}

pub(super) fn read_lines(text: &str) -> Result<Vec<Item>, ReadError> {
    let lines: Vec<_> = text.lines().filter(|line| is_public_line(line)).collect();
    if lines.len() > MAX_ITEMS {
        return Err(ReadError::TooMany);
    }
    Ok(lines.into_iter().map(|line| read_line(line.trim())).collect())
}

fn read_line(line: &str) -> Item {
    if let Some(certificate) = ssh_certificate::in_line(line) {
        return ssh_certificate::read(certificate);
    }
    let Ok(entry) = line.parse::<Entry>() else {
        let damaged = "the line is damaged, or of a kind of key that Keyreeve does not know";
        return Item::refused(Form::OpenSshPublic, Refusal::Damaged(damaged.into()));
    };
    let key = entry.public_key();
    let item = match key.key_data() {
        KeyData::Rsa(key) => Item::of_recognised(
            Form::OpenSshPublic,
            recognise_public_rsa(key.n.as_bytes(), key.e.as_bytes()),
        ),
        KeyData::Dsa(key) => Item::of_recognised(Form::OpenSshPublic, dsa_key(key)),
        other => match public(other) {
            Ok(public) => Item::new(Form::OpenSshPublic, Found::Public(public)),
            Err(refusal) => Item::refused(Form::OpenSshPublic, refusal),
        },
    };
    item.with_comment(key.comment())
}
