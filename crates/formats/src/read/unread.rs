//! Forms that are recognised, so that they can be refused by name.

use super::form::Form;
use super::item::{Item, Refusal};

/// A text that is known by how it begins.
pub(super) fn text(text: &str) -> Option<Item> {
    let text = text.trim_start();
    text.starts_with("---- BEGIN SSH2 PUBLIC KEY").then(|| of(Form::Ssh2Public))
}

/// A file that is known by its first bytes.
pub(super) fn binary(bytes: &[u8]) -> Option<Item> {
    let form = match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => return Some(java()),
        // A packet of a secret or public key (RFC 9580, section 5.5), in the old and the new format,
        // that begins with its version.
        [0x94 | 0x98, _, 3..=6, ..]
        | [0x95 | 0x99, _, _, 3..=6, ..]
        | [0xc5 | 0xc6, 0..=191, 3..=6, ..]
        | [0xc5 | 0xc6, 192..=223, _, 3..=6, ..] => Form::OpenPgp,
        _ => return None,
    };
    Some(of(form))
}

/// A keystore of Java's own, with the way out.
fn java() -> Item {
    let cure = "Java keystores of the kinds JKS and JCEKS (make a PKCS#12 file of it: keytool \
                -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12)";
    Item::refused(Form::JavaKeystore, Refusal::Unread(cure.into()))
}

/// The refusal of a form that is not read.
pub(super) fn of(form: Form) -> Item {
    Item::refused(form, Refusal::Unread(form.title().into()))
}
