//! Signed notes (<https://c2sp.org/signed-note>): a text, a blank line, and one line for each
//! signature. Ed25519 only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyreeve_crypto::{AuditPublicKey, AuditSigningKey, sha256_parts};

/// The longest note that is read, in bytes.
pub const MAX_NOTE_LEN: usize = 16 * 1024;
/// The most signature lines that are read.
const MAX_SIGNATURES: usize = 100;

/// What starts a signature line: U+2014 and a space.
const SIGNATURE_START: &str = "— ";
/// The type of an Ed25519 signature in key identifiers and verifier keys.
const ED25519: u8 = 1;

/// Why a note is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Longer than any checkpoint.
    #[error("the note is {len} bytes long; at most {MAX_NOTE_LEN} are read")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Not of the form of a signed note.
    #[error("this is no signed note: {0}")]
    Malformed(&'static str),
    /// Signed, but not by this key.
    #[error("the note is not signed by the audit key of {name}")]
    NotSigned {
        /// Whose signature is missing.
        name: String,
    },
    /// It says that this key signed it, but the key did not sign this text.
    #[error("the signature of {name} does not belong to this text: one of them was changed")]
    BadSignature {
        /// Whose signature is wrong.
        name: String,
    },
}

/// The key as other signed-note verifiers take it: `name+keyid+base64(0x01 ‖ public key)`.
#[must_use]
pub fn verifier_key(name: &str, key: &AuditPublicKey) -> String {
    let id = hex::encode(key_id(name, key));
    format!("{name}+{id}+{}", STANDARD.encode(typed(key)))
}

/// The signed note over `text`, which ends with a line feed and has no empty line.
pub(super) fn sign(text: &str, name: &str, key: &AuditSigningKey) -> String {
    let mut signature = key_id(name, &key.public()).to_vec();
    signature.extend_from_slice(&key.sign(text.as_bytes()));
    format!("{text}\n{SIGNATURE_START}{name} {}\n", STANDARD.encode(signature))
}

/// The text of a note and its signatures, none of them checked.
pub(super) struct Parsed<'a> {
    /// The text, its last line feed included.
    pub text: &'a str,
    signatures: Vec<(&'a str, Vec<u8>)>,
}

/// Reads a note without checking any signature.
pub(super) fn parse(note: &str) -> Result<Parsed<'_>, NoteError> {
    if note.len() > MAX_NOTE_LEN {
        return Err(NoteError::TooLong { len: note.len() });
    }
    if note.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::Malformed("it has a control character"));
    }
    let blank = note
        .rfind("\n\n")
        .ok_or(NoteError::Malformed("no blank line separates text and signatures"))?;
    let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
    let signatures = signatures
        .strip_suffix('\n')
        .ok_or(NoteError::Malformed("it does not end with a line feed"))?
        .split('\n');
    if signatures.clone().count() > MAX_SIGNATURES {
        return Err(NoteError::Malformed("it has too many signatures"));
    }
    let signatures = signatures
        .map(|line| signature_line(line).ok_or(NoteError::Malformed("a signature line is broken")))
        .collect::<Result<_, _>>()?;
    Ok(Parsed { text, signatures })
}

impl Parsed<'_> {
    /// Checks that `key`, under `name`, signed the text. Signatures of others are passed over.
    pub(super) fn verify(&self, name: &str, key: &AuditPublicKey) -> Result<(), NoteError> {
        let id = key_id(name, key);
        let mut signed = false;
        for (signer, signature) in &self.signatures {
            let Some(signature) = signature.strip_prefix(&id).filter(|_| *signer == name) else {
                continue;
            };
            if key.verify(self.text.as_bytes(), signature).is_err() {
                return Err(NoteError::BadSignature { name: name.to_owned() });
            }
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::NotSigned { name: name.to_owned() }) }
    }
}

/// The signer's name, and the key identifier with the signature.
fn signature_line(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_START)?.split_once(' ')?;
    let signature = STANDARD.decode(encoded).ok()?;
    let named = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
    (named && signature.len() > 4).then_some((name, signature))
}

/// The first four bytes of SHA-256(name ‖ line feed ‖ 0x01 ‖ public key).
fn key_id(name: &str, key: &AuditPublicKey) -> [u8; 4] {
    let hash = sha256_parts(&[name.as_bytes(), b"\n", &typed(key)]);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn typed(key: &AuditPublicKey) -> [u8; 33] {
    let mut bytes = [ED25519; 33];
    bytes[1..].copy_from_slice(&key.0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the documentation of Go's package note.
    const NAME: &str = "PeterNeumann";
    const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn key() -> AuditPublicKey {
        let (_, encoded) = VERIFIER.rsplit_once('+').unwrap();
        AuditPublicKey(STANDARD.decode(encoded).unwrap()[1..].try_into().unwrap())
    }

    #[test]
    fn a_published_note_verifies() {
        let note = parse(NOTE).unwrap();
        assert_eq!(note.verify(NAME, &key()), Ok(()));
        assert!(note.text.ends_with("problem is.\n"));
        assert_eq!(verifier_key(NAME, &key()), VERIFIER);
    }

    #[test]
    fn another_name_or_key_did_not_sign() {
        let note = parse(NOTE).unwrap();
        let missing = |name: &str| Err(NoteError::NotSigned { name: name.into() });
        assert_eq!(note.verify("PeterNeuman", &key()), missing("PeterNeuman"));
        assert_eq!(note.verify(NAME, &AuditPublicKey([1; 32])), missing(NAME));
    }

    #[test]
    fn a_changed_text_is_noticed() {
        let changed = NOTE.replace("answer", "Answer");
        assert_eq!(
            parse(&changed).unwrap().verify(NAME, &key()),
            Err(NoteError::BadSignature { name: NAME.into() })
        );
    }

    #[test]
    fn signatures_of_others_are_passed_over() {
        let more = format!("{NOTE}— witness.example/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoc=\n");
        assert_eq!(parse(&more).unwrap().verify(NAME, &key()), Ok(()));
    }

    #[test]
    fn a_second_bad_signature_of_the_same_key_is_noticed() {
        let forged = "x08gowAAAAAAAAAA";
        let more = format!("{NOTE}— {NAME} {forged}\n");
        assert!(matches!(
            parse(&more).unwrap().verify(NAME, &key()),
            Err(NoteError::BadSignature { .. })
        ));
    }

    #[test]
    fn notes_are_read_up_to_their_bounds() {
        let witnessed = format!("{NOTE}{}", "— name x08go/ZJ\n".repeat(99));
        assert_eq!(parse(&witnessed).unwrap().signatures.len(), MAX_SIGNATURES);
        let (_, signature) = NOTE.split_once("\n\n").unwrap();
        let text = "x".repeat(MAX_NOTE_LEN - signature.len() - 2);
        let longest = format!("{text}\n\n{signature}");
        assert_eq!((longest.len(), parse(&longest).is_ok()), (MAX_NOTE_LEN, true));
    }

    #[test]
    fn broken_notes_are_refused() {
        let malformed = |note: &str| matches!(parse(note), Err(NoteError::Malformed(_)));
        for bad in [
            "",
            "\n\n",
            "text\n",
            "text\n\n",
            &NOTE[..NOTE.len() - 1],
            &NOTE.replace('—', "-"),
            &NOTE.replace("— P", "—  P"),
            &NOTE.replace("— PeterNeumann", "— Peter+Neumann"),
            &NOTE.replace("AM=", "AM"),
            &NOTE.replace("AM=", "AN="),
            &NOTE.replace("then", "th\ten"),
            &NOTE.replace("then", "th\ren"),
            &NOTE.replace("then", "th\0en"),
            &format!("{NOTE}\n"),
            &format!("{NOTE}more\n"),
            &format!("{NOTE}— name x08goA==\n"),
            &format!("{NOTE}{}", "— name x08go/ZJ\n".repeat(100)),
        ] {
            assert!(malformed(bad), "{bad:?}");
        }
        let huge = "x".repeat(MAX_NOTE_LEN + 1);
        assert!(matches!(parse(&huge), Err(NoteError::TooLong { .. })));
    }
}
