//! PKCS#8 under a passphrase: PBES2 (RFC 8018) with PBKDF2 or scrypt.

use std::fmt;

use keyreeve_crypto::{ForeignKey, SecretString, adopt};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode as _;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf, Pbkdf2Prf};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Attempt, Found, Item, Locked, LockedKind, Refusal};

/// PBKDF2's rounds at most: seconds, where today's files ask for some hundred thousand.
pub(super) const MAX_PBKDF2_ROUNDS: u32 = 10_000_000;
/// scrypt's memory at most, in bytes.
const MAX_SCRYPT_MEMORY: u128 = 1 << 30;
/// scrypt's work at most: the memory times the passes over it, in bytes.
const MAX_SCRYPT_WORK: u128 = 1 << 32;

/// An `EncryptedPrivateKeyInfo` whose costs were looked at.
pub(super) struct EncryptedPkcs8 {
    parameters: pbes2::Parameters,
    ciphertext: Vec<u8>,
}

impl fmt::Debug for EncryptedPkcs8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedPkcs8(..)")
    }
}

pub(super) fn read(der: &[u8]) -> Item {
    let file = match parse(der) {
        Ok(file) => file,
        Err(refusal) => return Item::refused(Form::EncryptedPkcs8, refusal),
    };
    let warning = outdated(&file.parameters);
    let locked = Locked { kind: LockedKind::Pkcs8(file), public: None };
    let item = Item::new(Form::EncryptedPkcs8, Found::Locked(locked));
    match warning {
        Some(warning) => item.with_warning(warning),
        None => item,
    }
}

fn parse(der: &[u8]) -> Result<EncryptedPkcs8, Refusal> {
    let damaged =
        |_: pkcs8::der::Error| Refusal::Damaged("the encrypted key is damaged or cut short".into());
    let outer = AnyRef::from_der(der).map_err(damaged)?;
    let (algorithm, ciphertext) = outer
        .sequence(|members| -> Result<_, pkcs8::der::Error> {
            Ok((AlgorithmIdentifierRef::decode(members)?, <&OctetStringRef>::decode(members)?))
        })
        .map_err(damaged)?;
    let unread = || {
        let oid = algorithm.oid;
        Refusal::Unread(format!("Keys encrypted in an old or rare way ({})", name_of(oid)))
    };
    let Ok(EncryptionScheme::Pbes2(parameters)) = EncryptionScheme::try_from(algorithm) else {
        return Err(unread());
    };
    bound(&parameters.kdf)?;
    Ok(EncryptedPkcs8 { parameters, ciphertext: ciphertext.as_bytes().to_vec() })
}

fn name_of(oid: pkcs8::ObjectIdentifier) -> String {
    let text = oid.to_string();
    match text.as_str() {
        "1.2.840.113549.1.5.3" => "PBES1 with MD5 and DES".into(),
        "1.2.840.113549.1.5.10" => "PBES1 with SHA-1 and DES".into(),
        "1.2.840.113549.1.5.13" => "PBES2 with an unknown part".into(),
        "1.2.840.113549.1.12.1.3" => "PKCS#12 with SHA-1 and 3DES".into(),
        "1.2.840.113549.1.12.1.6" => "PKCS#12 with SHA-1 and RC2".into(),
        _ => text,
    }
}

/// Refuses what would take minutes or all of the memory, before it runs.
fn bound(kdf: &Kdf) -> Result<(), Refusal> {
    match kdf {
        Kdf::Pbkdf2(params) if params.iteration_count > MAX_PBKDF2_ROUNDS => {
            Err(Refusal::TooCostly(format!("{} rounds of PBKDF2", params.iteration_count)))
        }
        Kdf::Scrypt(params) => {
            let memory = 128 * u128::from(params.cost_parameter) * u128::from(params.block_size);
            let work = memory * u128::from(params.parallelization);
            if memory > MAX_SCRYPT_MEMORY || work > MAX_SCRYPT_WORK {
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

fn outdated(parameters: &pbes2::Parameters) -> Option<&'static str> {
    use pbes2::EncryptionScheme as Cipher;
    if matches!(parameters.encryption, Cipher::DesEde3Cbc { .. } | Cipher::DesCbc { .. }) {
        return Some(
            "The file is protected with DES, which is outdated: protect it anew, or delete it.",
        );
    }
    let few = parameters.kdf.pbkdf2().is_some_and(|pbkdf2| {
        pbkdf2.iteration_count < 10_000 && pbkdf2.prf != Pbkdf2Prf::HmacWithSha512
    });
    few.then_some("The file's passphrase is cheap to guess: it is stretched with few rounds.")
}

impl EncryptedPkcs8 {
    pub(super) fn open(&self, password: &SecretString) -> Attempt {
        // EXPOSE: the password is the KDF's input.
        let password = password.expose().as_bytes();
        let Ok(der) = self.parameters.decrypt(password, &self.ciphertext).map(Zeroizing::new)
        else {
            return Attempt::Wrong;
        };
        // The padding of a wrong key is right once in 256 times; the structure then is not.
        if PrivateKeyInfoRef::from_der(&der).is_err() {
            return Attempt::Wrong;
        }
        Attempt::Opened { found: Found::of(adopt(&ForeignKey::Pkcs8(&der))), comment: None }
    }
}
