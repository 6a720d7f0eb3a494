//! PuTTY's private key files of version 3 (PuTTY's manual, appendix C): what OpenSSH's form has, under a
//! passphrase that Argon2id stretches, AES-256-CBC and a MAC over all of it.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use argon2::{Algorithm as Kdf, Argon2, Params, Version};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use cbc::Encryptor;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keyreeve_crypto::{Algorithm, PrivateParts, PublicParts, SecretBytes, fill_random, make_array};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::ExportError;
use crate::openssh;
use crate::private::Protection;
use crate::text::SecretText;

/// Argon2id's memory in KiB, passes and lanes: 64 MiB, well above PuTTY's own 8.
const MEMORY: u32 = 65_536;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// The cipher's key and initialisation vector, then the MAC's key.
const DERIVED: usize = 32 + 16 + 32;
const BLOCK: usize = 16;
const LINE: usize = 64;

pub(crate) fn private(
    parts: &PrivateParts<'_>,
    algorithm: Algorithm,
    spki: Option<&[u8]>,
    protection: Protection<'_>,
    comment: &str,
) -> Result<Option<SecretBytes>, ExportError> {
    let Some(spki) = spki else { return Ok(None) };
    let public = PublicParts::from_spki(algorithm, spki)?;
    let Some(blob) = openssh::public_blob(&public) else { return Ok(None) };
    let Some(mut secret) = secret_blob(parts, &blob.name) else { return Ok(None) };
    let mut derived = Zeroizing::new([0; DERIVED]);
    let salt: [u8; 16] = make_array()?;
    let locked = match protection {
        Protection::Plain => false,
        Protection::Passphrase(passphrase) | Protection::Scrypt(passphrase) => {
            // What fills the last block is nobody's business, and PuTTY does not look at it.
            let filled = secret.len().next_multiple_of(BLOCK);
            let mut rest = vec![0; filled - secret.len()];
            fill_random(&mut rest)?;
            secret.extend_from_slice(&rest);
            let Ok(params) = Params::new(MEMORY, PASSES, LANES, Some(DERIVED)) else {
                return Ok(None);
            };
            let argon2 = Argon2::new(Kdf::Argon2id, Version::V0x13, params);
            // EXPOSE: the passphrase is the KDF's input.
            let passphrase = passphrase.expose().as_bytes();
            if argon2.hash_password_into(passphrase, &salt, derived.as_mut()).is_err() {
                return Ok(None);
            }
            true
        }
    };
    Ok(file(&blob, secret, locked.then_some((&derived, &salt)), comment))
}

fn file(
    blob: &openssh::Blob,
    mut secret: Zeroizing<Vec<u8>>,
    lock: Option<(&[u8; DERIVED], &[u8; 16])>,
    comment: &str,
) -> Option<SecretBytes> {
    let encryption = if lock.is_some() { "aes256-cbc" } else { "none" };
    let (cipher_key, rest) = lock.map_or((&[][..], &[][..]), |(key, _)| key.split_at(32));
    let (iv, mac_key) = rest.split_at_checked(16).unwrap_or_default();
    // An empty key, where nothing is locked, is what PuTTY takes too.
    let mut mac = Hmac::<Sha256>::new_from_slice(mac_key).ok()?;
    for part in
        [blob.name.as_bytes(), encryption.as_bytes(), comment.as_bytes(), &blob.bytes, &secret]
    {
        mac.update(&u32::try_from(part.len()).ok()?.to_be_bytes());
        mac.update(part);
    }
    if lock.is_some() {
        let cipher = Encryptor::<aes::Aes256>::new_from_slices(cipher_key, iv).ok()?;
        let len = secret.len();
        cipher.encrypt_padded::<NoPadding>(&mut secret, len).ok()?;
    }
    let mut head = format!(
        "PuTTY-User-Key-File-3: {}\nEncryption: {encryption}\nComment: {comment}\n",
        blob.name
    );
    head.push_str(&lines("Public", &blob.bytes));
    if let Some((_, salt)) = lock {
        head.push_str(&format!(
            "Key-Derivation: Argon2id\nArgon2-Memory: {MEMORY}\nArgon2-Passes: {PASSES}\n\
             Argon2-Parallelism: {LANES}\nArgon2-Salt: {}\n",
            hex::encode(salt)
        ));
    }
    let body = Zeroizing::new(lines("Private", &secret));
    let foot = format!("Private-MAC: {}\n", hex::encode(mac.finalize().into_bytes()));
    let mut out = SecretText::with_capacity(head.len() + body.len() + foot.len());
    out.push(&head)?;
    out.push(&body)?;
    out.push(&foot)?;
    Some(out.into_secret())
}

/// Base64 in lines, behind their number.
fn lines(name: &str, bytes: &[u8]) -> String {
    let digits = Zeroizing::new(BASE64_STANDARD.encode(bytes));
    let count = digits.len().div_ceil(LINE);
    // Room for all of it: a string that grows leaves its old bytes behind.
    let mut out = String::with_capacity(name.len() + 32 + digits.len() + count);
    out.push_str(&format!("{name}-Lines: {count}\n"));
    let mut rest = digits.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out
}

fn secret_blob(parts: &PrivateParts<'_>, name: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(Vec::with_capacity(4 * 1024));
    match parts {
        PrivateParts::Rsa(rsa) => {
            for number in [rsa.private_exponent, rsa.prime1, rsa.prime2, rsa.coefficient] {
                push_number(&mut out, number)?;
            }
        }
        PrivateParts::Ec { scalar, .. } => push_number(&mut out, scalar)?,
        PrivateParts::Okp(seed) if name == "ssh-ed25519" => {
            out.extend_from_slice(&32_u32.to_be_bytes());
            out.extend_from_slice(*seed);
        }
        _ => return None,
    }
    Some(out)
}

/// A positive number as SSH writes it (RFC 4251, section 5), with a zero before a first bit that is set.
fn push_number(out: &mut Vec<u8>, number: &[u8]) -> Option<()> {
    let number = number.get(number.iter().position(|byte| *byte != 0)?..)?;
    let padded = number.first()? & 0x80 != 0;
    out.extend_from_slice(&u32::try_from(number.len() + usize::from(padded)).ok()?.to_be_bytes());
    out.extend(padded.then_some(0));
    out.extend_from_slice(number);
    Some(())
}
