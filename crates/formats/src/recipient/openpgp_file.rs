//! An OpenPGP message (RFC 9580) that the owners of certificates can open: AES-256, in version 2 of encrypted and
//! protected data with OCB where every recipient's features say that it is read, and in version 1 elsewhere.

use std::io::Cursor;

use keyreeve_crypto::SecretBytes;
use pgp::composed::{ArmorOptions, MessageBuilder};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::errors::Result as PgpResult;
use rand_core::OsRng;

use super::{Kind, Recipient};
use crate::read::openpgp::OpenPgpCertificate;

const FOOTER: &[u8] = b"-----END PGP MESSAGE-----";
/// `=`, four characters and the line's end.
const SUM_LINE: usize = 6;
const CIPHER: SymmetricKeyAlgorithm = SymmetricKeyAlgorithm::AES256;

pub(super) fn recipient(certificate: OpenPgpCertificate) -> Recipient {
    let (fingerprint, name) = (certificate.fingerprint.clone(), certificate.name.clone());
    Recipient::new(Kind::OpenPgp(Box::new(certificate)), fingerprint, name.as_deref())
}

/// An armoured message.
pub(super) fn encrypt(
    certificates: &[&OpenPgpCertificate],
    content: &SecretBytes,
) -> Result<Vec<u8>, String> {
    written(certificates, content).map_err(|error| error.to_string())
}

fn written(certificates: &[&OpenPgpCertificate], content: &SecretBytes) -> PgpResult<Vec<u8>> {
    // EXPOSE: what is encrypted, read where it lies.
    let message = MessageBuilder::from_reader("", Cursor::new(content.expose()));
    let mut out = Vec::new();
    let reads_v2 = certificates.iter().all(|certificate| certificate.reads_v2);
    // GnuPG misreads armour of full groups without the sum; beside version 2 it may not stand (RFC 9580, section 6.1).
    let armour = ArmorOptions { headers: None, include_checksum: !reads_v2 };
    if reads_v2 {
        let (mode, chunk) = (AeadAlgorithm::Ocb, ChunkSize::default());
        let mut message = message.seipd_v2(OsRng, CIPHER, mode, chunk);
        for certificate in certificates {
            message.encrypt_to_key(OsRng, &certificate.key)?;
        }
        message.to_armored_writer(OsRng, armour, &mut out)?;
    } else {
        let mut message = message.seipd_v1(OsRng, CIPHER);
        for certificate in certificates {
            message.encrypt_to_key(OsRng, &certificate.key)?;
        }
        message.to_armored_writer(OsRng, armour, &mut out)?;
    }
    end_last_line(&mut out, if reads_v2 { 0 } else { SUM_LINE });
    Ok(out)
}

/// The library does not end the last line of base64 where that one is full.
fn end_last_line(armour: &mut Vec<u8>, after: usize) {
    let footer = armour.windows(FOOTER.len()).rposition(|text| text == FOOTER);
    let end = footer.and_then(|footer| footer.checked_sub(after)).filter(|end| *end > 0);
    if let Some(end) = end.filter(|end| armour.get(end - 1) != Some(&b'\n')) {
        armour.insert(end, b'\n');
    }
}
