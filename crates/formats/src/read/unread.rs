//! Forms that are recognised, so that they can be refused by name.

use super::form::Form;
use super::item::{Item, Refusal};

/// A text that is known by how it begins.
pub(super) fn text(text: &str) -> Option<Item> {
    let text = text.trim_start();
    if text.lines().any(|line| line.starts_with("Key: (") && line.contains("private-key")) {
        return Some(gnupg());
    }
    text.starts_with("---- BEGIN SSH2 PUBLIC KEY").then(|| of(Form::Ssh2Public))
}

/// A file that is known by its first bytes.
pub(super) fn binary(bytes: &[u8]) -> Option<Item> {
    match bytes {
        // GnuPG's keybox, and a key of its agent.
        [_, _, _, _, _, _, _, _, b'K', b'B', b'X', b'f', ..] => Some(gnupg()),
        _ if bytes.starts_with(b"(21:protected-private-key") => Some(gnupg()),
        _ if bytes.starts_with(b"(11:private-key") => Some(gnupg()),
        _ => None,
    }
}

/// GnuPG's own files, with the way out.
fn gnupg() -> Item {
    let cure =
        "Files of GnuPG's own key store (take the key out of it: gpg --export-secret-keys KEY)";
    Item::refused(Form::OpenPgp, Refusal::Unread(cure.into()))
}

/// The refusal of a form that is not read.
pub(super) fn of(form: Form) -> Item {
    Item::refused(form, Refusal::Unread(form.title().into()))
}
