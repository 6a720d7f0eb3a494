//! Secret text built without a copy left behind, and comments made harmless.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::SecretBytes;
use keyreeve_domain::deceives;
use zeroize::Zeroizing;

/// `comment` on one line, and in the order in which it is read: a line end inside would start a new entry in an
/// `authorized_keys` file, and a sign that turns text round would show another name.
pub(crate) fn one_line(comment: &str) -> String {
    comment.replace(deceives, " ").trim().to_owned()
}

/// Text that is wiped when dropped. Its room is taken at once, because growing a string leaves
/// its old bytes behind.
pub(crate) struct SecretText(Zeroizing<String>);

impl SecretText {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Zeroizing::new(String::with_capacity(bytes)))
    }

    /// Adds `text`; `None` when there is no room left.
    pub(crate) fn push(&mut self, text: &str) -> Option<()> {
        if self.0.capacity() - self.0.len() < text.len() {
            return None;
        }
        self.0.push_str(text);
        Some(())
    }

    pub(crate) fn into_secret(mut self) -> SecretBytes {
        SecretBytes::new(std::mem::take(&mut *self.0).into_bytes())
    }
}

impl std::fmt::Write for SecretText {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push(text).ok_or(std::fmt::Error)
    }
}

pub(crate) fn hex(material: &SecretBytes) -> Option<SecretBytes> {
    let mut out = Zeroizing::new(vec![0; 2 * material.len() + 1]);
    let (line_end, digits) = out.split_last_mut()?;
    *line_end = b'\n';
    // EXPOSE: the bytes are what was asked for.
    hex::encode_to_slice(material.expose(), digits).ok()?;
    Some(out.into())
}

pub(crate) fn base64(material: &SecretBytes) -> Option<SecretBytes> {
    let mut out = Zeroizing::new(vec![0; material.len().div_ceil(3) * 4 + 1]);
    let (line_end, digits) = out.split_last_mut()?;
    *line_end = b'\n';
    // EXPOSE: the bytes are what was asked for.
    BASE64_STANDARD.encode_slice(material.expose(), digits).ok()?;
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(one_line("a\r\nssh-rsa AAAA evil\u{2028}x\u{85}\0 "), "a  ssh-rsa AAAA evil x");
        assert_eq!(one_line("clé 🔑"), "clé 🔑");
        assert_eq!(one_line("Ann \u{202e}gro.live@nna\u{2066}"), "Ann  gro.live@nna");
    }

    #[test]
    fn secret_text_never_grows() {
        let mut text = SecretText::with_capacity(4);
        while text.push("x").is_some() {}
        assert_eq!(text.0.len(), text.0.capacity());
    }

    #[test]
    fn text_forms_of_the_vectors_of_rfc_4648() {
        let material = SecretBytes::new(b"foob".to_vec());
        // EXPOSE: the test compares the written text.
        assert_eq!(hex(&material).unwrap().expose(), b"666f6f62\n");
        assert_eq!(base64(&material).unwrap().expose(), b"Zm9vYg==\n");
    }
}
