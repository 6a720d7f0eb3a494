//! The secret part of a key's packet (RFC 9580, sections 3.7.2 and 5.5.3): in the clear, or under a
//! passphrase.
//!
//! The library decrypts; the numbers are read where they then stand. Its own reader computes with them
//! before anything has checked them, and ends the program over an RSA key whose two primes are one.

use std::fmt;

use keyreeve_crypto::{AdoptError, AdoptedKey, ForeignKey, ForeignRsa, SecretString, adopt};
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::checksum;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm as Cipher;
use pgp::types::{
    EncryptedSecretParams, KeyVersion, Password, PlainSecretParams, S2kParams, StringToKey, Tag,
};
use zeroize::Zeroizing;

use super::broken;
use super::packet::Fields;
use super::public::{Form, Key, Numbers};
use crate::read::item::{Found, Refusal};

/// Argon2's memory at most, as a power of two of KiB: 2 GiB, which is what RFC 9106 recommends first.
const MAX_MEMORY: u8 = 21;
/// Argon2's work at most: the memory times the passes over it, in KiB.
const MAX_WORK: u64 = 1 << 23;
/// As many threads as the library starts.
const MAX_LANES: u8 = 32;
/// The coded count below which a passphrase is cheap to guess: 65,536 bytes, which is GnuPG's least.
const FEW: u8 = 0x60;
/// GnuPG's own "specifier": there is no secret, or it is elsewhere.
const GNU: u8 = 101;

/// What follows the public part.
pub(super) enum Secret<'a> {
    Plain(&'a [u8]),
    Locked(S2kParams, &'a [u8]),
}

/// A packet under a passphrase whose costs were looked at.
pub(in crate::read) struct LockedOpenPgp {
    tag: Tag,
    body: Vec<u8>,
}

impl fmt::Debug for LockedOpenPgp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedOpenPgp(..)")
    }
}

impl<'a> Secret<'a> {
    /// # Errors
    /// When it is damaged, protected in another way, asks for too much work, or is not there.
    pub(super) fn parse(bytes: &'a [u8], version: KeyVersion) -> Result<Self, Refusal> {
        let mut fields = Fields(bytes);
        let usage = fields.byte().ok_or_else(broken)?;
        if usage == 0 {
            return Ok(Self::Plain(fields.0));
        }
        let is_v6 = version == KeyVersion::V6;
        if is_v6 {
            fields.byte().ok_or_else(broken)?;
        }
        if !matches!(usage, 253..=255) {
            return Err(without_check());
        }
        let cipher = Cipher::from(fields.byte().ok_or_else(broken)?);
        let mode = match usage {
            253 => Some(AeadAlgorithm::from(fields.byte().ok_or_else(broken)?)),
            _ => None,
        };
        if is_v6 && usage != 255 {
            fields.byte().ok_or_else(broken)?;
        }
        if fields.0.first() == Some(&GNU) {
            return Err(stub(fields.0));
        }
        if usage == 255 {
            return Err(without_check());
        }
        let s2k = StringToKey::try_from_reader(&mut fields.0).map_err(|_short| broken())?;
        bound(&s2k)?;
        if !fits(&s2k, cipher, mode, is_v6) {
            return Err(Refusal::Unread("OpenPGP keys protected in an old or rare way".into()));
        }
        let nonce = match mode {
            Some(mode) => mode.nonce_size(),
            None => cipher.block_size(),
        };
        let nonce = fields.take(nonce).ok_or_else(broken)?.to_vec().into();
        let params = match mode {
            Some(aead_mode) => S2kParams::Aead { sym_alg: cipher, aead_mode, s2k, nonce },
            None => S2kParams::Cfb { sym_alg: cipher, s2k, iv: nonce },
        };
        Ok(Self::Locked(params, fields.0))
    }
}

/// Refuses what would take minutes or gigabytes, before anything is taken.
fn bound(s2k: &StringToKey) -> Result<(), Refusal> {
    let StringToKey::Argon2 { t, p, m_enc, .. } = *s2k else { return Ok(()) };
    let memory = 1_u64.checked_shl(m_enc.into()).unwrap_or(u64::MAX);
    if m_enc > MAX_MEMORY || memory.saturating_mul(t.into()) > MAX_WORK || p > MAX_LANES {
        let asked = format!("2^{m_enc} KiB of memory, {t} times over, by {p} threads");
        return Err(Refusal::TooCostly(asked));
    }
    Ok(())
}

/// Whether the library knows each part and lets them be together; else every password would be wrong.
fn fits(s2k: &StringToKey, cipher: Cipher, mode: Option<AeadAlgorithm>, is_v6: bool) -> bool {
    use HashAlgorithm as H;
    let known_cipher = !matches!(cipher, Cipher::Plaintext | Cipher::Private10 | Cipher::Other(_));
    let hash = match s2k {
        StringToKey::Simple { .. } | StringToKey::Salted { .. } if is_v6 || mode.is_some() => {
            return false;
        }
        StringToKey::Simple { hash_alg }
        | StringToKey::Salted { hash_alg, .. }
        | StringToKey::IteratedAndSalted { hash_alg, .. } => hash_alg,
        StringToKey::Argon2 { .. } => {
            return known_cipher && mode.is_some_and(|mode| mode.tag_size().is_some());
        }
        _ => return false,
    };
    let weak = matches!(hash, H::Md5 | H::Sha1 | H::Ripemd160);
    known_cipher
        && mode.is_none_or(|mode| mode.tag_size().is_some())
        && hash.digest_size().is_some()
        && !(is_v6 && weak)
}

/// Whether a passphrase is stretched too little to be worth anything.
pub(super) fn is_cheap(params: &S2kParams) -> bool {
    let (S2kParams::Cfb { s2k, .. } | S2kParams::Aead { s2k, .. }) = params else { return true };
    match s2k {
        StringToKey::IteratedAndSalted { count, .. } => *count < FEW,
        StringToKey::Argon2 { .. } => false,
        _ => true,
    }
}

fn without_check() -> Refusal {
    Refusal::Unread(
        "OpenPGP keys protected without a digest (change the passphrase once: gpg \
                     --change-passphrase)"
            .into(),
    )
}

/// What GnuPG leaves in the place of a secret that is not there: two letters in, after the digest's number, its
/// name, and then the kind.
fn stub(specifier: &[u8]) -> Refusal {
    let kind = match specifier {
        [_, _, b'G', b'N', b'U', 1, ..] => "OpenPGP keys without their secret part (gnu-dummy)",
        [_, _, b'G', b'N', b'U', 2, ..] => {
            "OpenPGP keys whose secret part is on a smartcard (gnu-divert-to-card)"
        }
        _ => return broken(),
    };
    Refusal::Unread(kind.into())
}

impl LockedOpenPgp {
    pub(super) fn new(tag: Tag, body: &[u8]) -> Self {
        Self { tag, body: body.to_vec() }
    }

    /// The key inside; `None` when the password is wrong.
    pub(in crate::read) fn open(&self, password: &SecretString) -> Option<Found> {
        let key = Key::parse(&self.body, self.tag).ok()?;
        let Ok(Secret::Locked(params, ciphertext)) = Secret::parse(key.secret?, key.version) else {
            return None;
        };
        let frame = key.frame()?;
        let locked = EncryptedSecretParams::new(ciphertext.to_vec().into(), params);
        // EXPOSE: the password is the KDF's input.
        let password = Password::from(password.expose());
        let opened = locked.unlock(&password, &frame, Some(self.tag)).ok()?;
        let PlainSecretParams::Unknown { data, .. } = &opened else { return None };
        // What was encrypted was checked by a digest or a tag, and has no checksum.
        Some(key.private(data).map_or_else(|| Found::Refused(broken()), Found::of))
    }
}

impl Key<'_> {
    /// A key in the clear, which has a checksum in version 4.
    pub(super) fn plain(
        &self,
        bytes: &[u8],
        version: KeyVersion,
    ) -> Result<Result<AdoptedKey, AdoptError>, Refusal> {
        let numbers = if version == KeyVersion::V4 {
            let (numbers, sum) = bytes.split_last_chunk().ok_or_else(broken)?;
            checksum::simple(*sum, numbers).map_err(|_differs| broken())?;
            numbers
        } else {
            bytes
        };
        self.private(numbers).ok_or_else(broken)
    }

    /// The key of these secret numbers; `None` when they are cut short or go on.
    fn private(&self, bytes: &[u8]) -> Option<Result<AdoptedKey, AdoptError>> {
        let mut fields = Fields(bytes);
        let key = match self.numbers {
            Numbers::Rsa { modulus, exponent } => {
                let private_exponent = fields.integer()?;
                // OpenPGP's coefficient is that of the first prime in the second, PKCS#1's the other.
                let (prime2, prime1) = (fields.integer()?, fields.integer()?);
                let coefficient = fields.integer()?;
                adopt(&ForeignKey::Rsa(ForeignRsa {
                    modulus,
                    public_exponent: exponent,
                    private_exponent,
                    prime1,
                    prime2,
                    coefficient,
                }))
            }
            Numbers::Sign { algorithm, public, form }
            | Numbers::Agree { algorithm, public, form } => {
                if algorithm.family() == keyreeve_crypto::Family::Ec {
                    let scalar = fields.integer()?;
                    adopt(&ForeignKey::Ec { algorithm, scalar, point: Some(public) })
                } else {
                    let secret = fields.scalar(form)?;
                    let secret = secret.as_slice();
                    adopt(&ForeignKey::Seed { algorithm, secret, public: Some(public) })
                }
            }
        };
        fields.0.is_empty().then_some(key)
    }
}

impl Fields<'_> {
    /// 32 bytes; an integer has lost the zeros that it began with.
    fn scalar(&mut self, form: Form) -> Option<Zeroizing<[u8; 32]>> {
        let mut bytes = Zeroizing::new([0; 32]);
        let number = match form {
            Form::Native => self.take(32)?,
            Form::Integer | Form::Reversed => self.integer()?,
        };
        bytes.get_mut(32_usize.checked_sub(number.len())?..)?.copy_from_slice(number);
        if form == Form::Reversed {
            bytes.reverse();
        }
        Some(bytes)
    }
}
