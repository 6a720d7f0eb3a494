//! PuTTY's private key files, of versions 2 and 3.

use keyreeve_crypto::SecretString;
use ssh_key_ppk::PrivateKey;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::openssh;

const BEGINNING: &str = "PuTTY-User-Key-File-";
/// Argon2's memory at most, in KiB.
const MAX_MEMORY: u64 = 1 << 20;
/// Argon2's work at most: the memory times the passes over it, in KiB.
const MAX_WORK: u64 = 1 << 23;
/// As many threads as anyone asks for; PuTTY's own number is one.
const MAX_LANES: u64 = 64;

/// An encrypted file whose costs were looked at.
pub(super) struct LockedPutty(Zeroizing<String>);

impl std::fmt::Debug for LockedPutty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockedPutty(..)")
    }
}

pub(super) fn is_one(text: &str) -> bool {
    text.trim_start().starts_with(BEGINNING)
}

pub(super) fn read(text: &str) -> Item {
    let text = text.trim();
    let version = text.get(BEGINNING.len()..).and_then(|rest| rest.split(':').next());
    let encryption = value(text, "Encryption");
    match (version, encryption) {
        (Some("2" | "3"), Some("none")) => match open(text, None) {
            Some(item) => item.with_comment(value(text, "Comment").unwrap_or_default()),
            None => damaged(),
        },
        (Some("2" | "3"), Some("aes256-cbc")) => {
            if let Err(refusal) = bound(text) {
                return Item::refused(Form::Putty, refusal);
            }
            let public = public_half(text);
            // A kind that is not kept needs no password to be told.
            if let Some(Err(refusal)) = public {
                return Item::refused(Form::Putty, refusal);
            }
            let kind = LockedKind::Putty(LockedPutty(Zeroizing::new(text.to_owned())));
            let public = public.and_then(Result::ok);
            let item = Item::new(Form::Putty, Found::Locked(Locked { kind, public }))
                .with_comment(value(text, "Comment").unwrap_or_default());
            if version == Some("3") {
                return item;
            }
            item.with_warning(
                "The file's passphrase is cheap to guess: it is stretched with one round of SHA-1.",
            )
        }
        (Some("2" | "3"), Some(other)) => {
            let other: String = other.chars().take(40).collect();
            Item::refused(Form::Putty, Refusal::Unread(format!("PuTTY keys encrypted by {other}")))
        }
        (Some("1"), _) => {
            Item::refused(Form::Putty, Refusal::Unread("PuTTY keys of version 1".into()))
        }
        _ => damaged(),
    }
}

impl LockedPutty {
    /// The key inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Found> {
        // EXPOSE: the password is the KDF's input.
        open(&self.0, Some(password.expose().to_owned())).map(|item| item.found)
    }
}

/// By the way of OpenSSH's form, which has everything that PuTTY's has.
fn open(text: &str, password: Option<String>) -> Option<Item> {
    let bytes = PrivateKey::from_ppk(text, password).ok()?.to_bytes().ok()?;
    let item = openssh::read_private(&bytes);
    Some(Item { form: Form::Putty, ..item })
}

fn bound(text: &str) -> Result<(), Refusal> {
    let number = |name| value(text, name).map_or(Some(0), |number| number.parse::<u64>().ok());
    let numbers = ["Argon2-Memory", "Argon2-Passes", "Argon2-Parallelism"].map(number);
    let [Some(memory), Some(passes), Some(lanes)] = numbers else {
        return Err(Refusal::Damaged("the PuTTY key's costs are no numbers".into()));
    };
    if memory > MAX_MEMORY || memory.saturating_mul(passes) > MAX_WORK || lanes > MAX_LANES {
        let asked = format!("{} MiB of memory, {passes} times over", memory >> 10);
        return Err(Refusal::TooCostly(asked));
    }
    Ok(())
}

/// What a line says, such as `Comment: …`. What is said first counts.
fn value<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim)
}

/// The public half, which stands in the clear.
fn public_half(text: &str) -> Option<Result<keyreeve_crypto::AdoptedPublicKey, Refusal>> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("Public-Lines: "));
    let count = lines.next()?.strip_prefix("Public-Lines: ")?.trim().parse().ok()?;
    let line: String = lines.take(count).map(str::trim).collect();
    openssh::read_blob(&line)
}

fn damaged() -> Item {
    let damaged = "the PuTTY key is damaged, or of a kind that Keyreeve does not know";
    Item::refused(Form::Putty, Refusal::Damaged(damaged.into()))
}
