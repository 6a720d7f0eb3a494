//! The families of password-based encryption that wrap keys: PBES2 and PBES1 (RFC 8018), PKCS#12's own
//! between the two (RFC 7292, appendix C), and Java's.

use std::fmt;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, InnerIvInit as _, KeyInit as _, KeyIvInit as _};
use cbc::Decryptor;
use keyreeve_crypto::SecretString;
use pkcs8::ObjectIdentifier;
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf, Pbkdf2Prf, ScryptParams};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs12::kdf::{Pkcs12KeyType, derive_key, derive_key_utf8};
use pkcs12::pbe_params::Pkcs12PbeParams;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::item::{FEW_ROUNDS_WARNING, Refusal};
use super::java_pbe::JavaPbe;
use super::pbes1::Pbes1;

#[cfg(test)]
mod tests;

/// The rounds of a hash at most: seconds, where today's files ask for some hundred thousand.
pub(super) const MAX_ROUNDS: u32 = 10_000_000;
/// The rounds of all keys of a file at most.
pub(super) const MAX_TOTAL_ROUNDS: u64 = 10 * MAX_ROUNDS as u64;
/// scrypt's memory at most, in bytes.
const MAX_SCRYPT_MEMORY: u128 = 1 << 30;
/// scrypt's work at most: the memory times the passes over it, in bytes.
const MAX_SCRYPT_WORK: u128 = 1 << 32;
/// How many bytes of scrypt's work take as long as one round of a hash, or less.
const SCRYPT_BYTES_IN_A_ROUND: u128 = 100;
/// Rounds below which a passphrase is cheap to guess.
const FEW_ROUNDS: u32 = 10_000;

/// An encryption whose costs were looked at.
pub(super) enum Pbe {
    Pbes2(pbes2::Parameters),
    Pbes1(Pbes1),
    Pkcs12 { cipher: Cipher, salt: Vec<u8>, rounds: i32 },
    Java(JavaPbe),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Cipher {
    TripleDes,
    TwoKeyTripleDes,
    Rc2 { bytes: usize },
}

impl fmt::Debug for Pbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pbe(..)")
    }
}

impl Pbe {
    /// # Errors
    /// When the encryption is of another kind, or asks for too much work.
    pub(super) fn of(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Self, Refusal> {
        if let Some(cipher) = pkcs12_cipher(algorithm.oid) {
            let params = algorithm.parameters.and_then(|params| params.to_der().ok());
            let params = params.and_then(|params| Pkcs12PbeParams::from_der(&params).ok());
            let params = params.ok_or_else(|| unread(algorithm.oid))?;
            let rounds = bound_rounds(params.iterations)?;
            return Ok(Self::Pkcs12 { cipher, salt: params.salt.into_bytes().into(), rounds });
        }
        if let Some(pbes1) = Pbes1::of(&algorithm)? {
            return Ok(Self::Pbes1(pbes1));
        }
        if let Some(java) = JavaPbe::of(&algorithm)? {
            return Ok(Self::Java(java));
        }
        match EncryptionScheme::try_from(algorithm) {
            Ok(EncryptionScheme::Pbes2(parameters)) => {
                bound(&parameters.kdf)?;
                Ok(Self::Pbes2(parameters))
            }
            _ => Err(unread(algorithm.oid)),
        }
    }

    /// The plaintext; `None` when the password is wrong. A wrong one is also right about the padding
    /// once in 256 times, so that the plaintext's structure is to be looked at.
    pub(super) fn decrypt(
        &self,
        password: &SecretString,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        // EXPOSE: the password is the KDF's input.
        let password = password.expose();
        match self {
            Self::Pbes2(parameters) => {
                parameters.decrypt(password.as_bytes(), ciphertext).ok().map(Zeroizing::new)
            }
            Self::Pkcs12 { cipher, salt, rounds } => cipher.decrypt(
                |id, len| pkcs12_key::<Sha1>(password, salt, id, *rounds, len),
                ciphertext,
            ),
            Self::Pbes1(pbes1) => pbes1.decrypt(password, ciphertext),
            Self::Java(java) => java.decrypt(password, ciphertext),
        }
    }

    /// What deriving its key costs, in rounds of a hash.
    pub(super) fn rounds(&self) -> u64 {
        match self {
            Self::Pbes2(parameters) => match &parameters.kdf {
                Kdf::Pbkdf2(params) => params.iteration_count.into(),
                Kdf::Scrypt(params) => {
                    u64::try_from(scrypt_work(params) / SCRYPT_BYTES_IN_A_ROUND).unwrap_or(u64::MAX)
                }
                _ => 0,
            },
            // The key and the initialisation vector, each from the password.
            Self::Pkcs12 { rounds, .. } => 2 * u64::try_from(*rounds).unwrap_or_default(),
            Self::Pbes1(pbes1) => pbes1.rounds().into(),
            Self::Java(java) => java.rounds().into(),
        }
    }

    /// What is to be said of an outdated protection.
    pub(super) fn warning(&self) -> Option<&'static str> {
        use pbes2::EncryptionScheme as E;
        let des = match self {
            Self::Pbes2(parameters) => {
                matches!(parameters.encryption, E::DesEde3Cbc { .. } | E::DesCbc { .. })
            }
            Self::Pbes1(_) | Self::Pkcs12 { .. } | Self::Java(JavaPbe::TripleDes { .. }) => true,
            Self::Java(JavaPbe::Digest) => return Some(FEW_ROUNDS_WARNING),
        };
        if des {
            return Some(
                "The file is protected with an outdated cipher: protect it anew, or delete it.",
            );
        }
        let Self::Pbes2(parameters) = self else { return None };
        let few = parameters.kdf.pbkdf2().is_some_and(|pbkdf2| {
            pbkdf2.iteration_count < FEW_ROUNDS && pbkdf2.prf != Pbkdf2Prf::HmacWithSha512
        });
        few.then_some(FEW_ROUNDS_WARNING)
    }
}

impl Cipher {
    fn decrypt(
        self,
        derive: impl Fn(Pkcs12KeyType, usize) -> Option<Zeroizing<Vec<u8>>>,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let iv = derive(Pkcs12KeyType::Iv, 8)?;
        let key = |len| derive(Pkcs12KeyType::EncryptionKey, len);
        match self {
            Self::TripleDes => {
                unpad(Decryptor::<des::TdesEde3>::new_from_slices(&key(24)?, &iv).ok()?, ciphertext)
            }
            Self::TwoKeyTripleDes => {
                unpad(Decryptor::<des::TdesEde2>::new_from_slices(&key(16)?, &iv).ok()?, ciphertext)
            }
            Self::Rc2 { bytes } => {
                let cipher = rc2::Rc2::new_from_slice(&key(bytes)?).ok()?;
                unpad(Decryptor::inner_iv_slice_init(cipher, &iv).ok()?, ciphertext)
            }
        }
    }
}

pub(super) fn unpad(
    cipher: impl BlockModeDecrypt,
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let len = cipher.decrypt_padded::<Pkcs7>(&mut buffer).ok()?.len();
    buffer.truncate(len);
    Some(buffer)
}

/// RFC 7292's key derivation. Of no password there are two readings: none at all, and an empty text;
/// `\0` as the password stands for none at all.
pub(super) fn pkcs12_key<D>(
    password: &str,
    salt: &[u8],
    id: Pkcs12KeyType,
    rounds: i32,
    len: usize,
) -> Option<Zeroizing<Vec<u8>>>
where
    D: sha1::Digest + sha1::digest::FixedOutputReset + sha1::digest::block_api::BlockSizeUser,
{
    let key = match password {
        NO_PASSWORD => derive_key::<D>(&[], salt, id, rounds, len),
        _ => derive_key_utf8::<D>(password, salt, id, rounds, len).ok()?,
    };
    Some(Zeroizing::new(key))
}

/// Stands for no password at all, which is not the same as an empty one.
pub(super) const NO_PASSWORD: &str = "\0";

fn pkcs12_cipher(oid: ObjectIdentifier) -> Option<Cipher> {
    Some(match oid {
        pkcs12::PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC => Cipher::TripleDes,
        pkcs12::PKCS_12_PBE_WITH_SHAAND2_KEY_TRIPLE_DES_CBC => Cipher::TwoKeyTripleDes,
        pkcs12::PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC => Cipher::Rc2 { bytes: 16 },
        pkcs12::PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC => Cipher::Rc2 { bytes: 5 },
        _ => return None,
    })
}

/// The salt of eight bytes and the rounds, in DER, as PBES1 and Java's encryption have them and PKCS#12
/// writes them too.
///
/// # Errors
/// When they are damaged, or ask for too much work.
pub(super) fn salt_and_rounds(parameters: &[u8]) -> Result<([u8; 8], u32), Refusal> {
    let damaged = || Refusal::Damaged("the salt or the rounds of a key are damaged".into());
    let parameters = Pkcs12PbeParams::from_der(parameters).map_err(|_malformed| damaged())?;
    let salt = parameters.salt.as_bytes().try_into().map_err(|_other_len| damaged())?;
    match u32::try_from(bound_rounds(parameters.iterations)?) {
        Ok(rounds @ 1..) => Ok((salt, rounds)),
        _ => Err(damaged()),
    }
}

/// Refuses what would take minutes, before it runs.
pub(super) fn bound_rounds(rounds: i32) -> Result<i32, Refusal> {
    match u32::try_from(rounds) {
        Ok(..=MAX_ROUNDS) => Ok(rounds),
        _ => Err(Refusal::TooCostly(format!("{rounds} rounds of a hash"))),
    }
}

fn bound(kdf: &Kdf) -> Result<(), Refusal> {
    match kdf {
        Kdf::Pbkdf2(params) if params.iteration_count > MAX_ROUNDS => {
            Err(Refusal::TooCostly(format!("{} rounds of PBKDF2", params.iteration_count)))
        }
        Kdf::Scrypt(params) => {
            let memory = scrypt_memory(params);
            if memory > MAX_SCRYPT_MEMORY || scrypt_work(params) > MAX_SCRYPT_WORK {
                return Err(Refusal::TooCostly(format!(
                    "{} MiB of memory, {} times over",
                    memory >> 20,
                    params.parallelization
                )));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// In bytes.
fn scrypt_memory(params: &ScryptParams) -> u128 {
    128 * u128::from(params.cost_parameter) * u128::from(params.block_size)
}

/// The memory times the passes over it, in bytes.
fn scrypt_work(params: &ScryptParams) -> u128 {
    scrypt_memory(params) * u128::from(params.parallelization)
}

fn unread(oid: ObjectIdentifier) -> Refusal {
    let text = oid.to_string();
    let name = match text.as_str() {
        "1.2.840.113549.1.5.1" | "1.2.840.113549.1.5.4" => "PBES1 with MD2",
        "1.2.840.113549.1.5.13" => "PBES2 with an unknown part",
        "1.2.840.113549.1.12.1.1" | "1.2.840.113549.1.12.1.2" => "PKCS#12 with SHA-1 and RC4",
        _ => text.as_str(),
    };
    Refusal::Unread(format!("Keys encrypted in an old or rare way ({name})"))
}
