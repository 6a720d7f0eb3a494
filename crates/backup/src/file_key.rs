//! Keeping an age file's own key for as long as the backup is being made, so that the file itself
//! can be decrypted again without anybody's private key — and without one more recipient in it.

use std::cell::RefCell;
use std::collections::HashSet;

use age::secrecy::ExposeSecret as _;
use age_core::format::{FileKey, Stanza};

/// The kinds of stanza that our recipients write. age adds one of a random kind, to keep readers
/// tolerant.
const OUR_STANZAS: [&str; 3] = ["X25519", "ssh-ed25519", "ssh-rsa"];

/// A recipient that remembers the file key it is given.
pub struct Remembering<'a> {
    recipient: &'a dyn age::Recipient,
    kept: RefCell<Option<FileKey>>,
}

impl<'a> Remembering<'a> {
    pub fn new(recipient: &'a dyn age::Recipient) -> Self {
        Self { recipient, kept: RefCell::new(None) }
    }

    /// The file key, once a file was begun; it opens files with this many recipients.
    pub fn into_kept(self, recipients: usize) -> Option<Kept> {
        Some(Kept { file_key: self.kept.into_inner()?, recipients })
    }
}

impl age::Recipient for Remembering<'_> {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
        self.kept.replace(Some(copy(file_key)));
        self.recipient.wrap_file_key(file_key)
    }
}

/// A remembered file key, as an identity.
pub struct Kept {
    file_key: FileKey,
    recipients: usize,
}

impl age::Identity for Kept {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        Some(Ok(copy(&self.file_key)))
    }

    /// Answers only where the file has a stanza for each recipient.
    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, age::DecryptError>> {
        let ours = stanzas.iter().filter(|stanza| OUR_STANZAS.contains(&stanza.tag.as_str()));
        (ours.count() == self.recipients).then(|| Ok(copy(&self.file_key)))
    }
}

fn copy(file_key: &FileKey) -> FileKey {
    // EXPOSE: a file key has no other way to be copied; the copy wipes itself.
    FileKey::init_with_mut(|copy| copy.copy_from_slice(file_key.expose_secret()))
}
