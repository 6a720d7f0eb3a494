//! A vault's header and its unlock slots, in files.
//!
//! **Architecture invariant.** This crate knows nothing of what the database holds; it only looks
//! whether `vault.db` is there, to tell a lost header from a folder that is no vault.
//!
//! # The vault's folder
//!
//! `<name>.keyreeve/`, mode 0700, its files mode 0600:
//!
//! | file | is |
//! | --- | --- |
//! | `header.json` | the header, as below |
//! | `header.backup.json` | its second copy, written after the first |
//! | `header.json.new`, `header.backup.json.new` | a copy being written; left behind only by a crash, and worthless |
//! | `vault.db` | the database; not this crate's |
//! | `lock` | empty; whoever changes the header holds an exclusive advisory lock (`flock`) on it |
//! | `failed-unlocks` | one line for each unlock that failed since the last that succeeded: its time, `2026-01-31T08:15:00.000Z`; at most 1,000 lines |
//!
//! A copy is replaced by writing its `.new` sibling, flushing that to the disk, renaming it over
//! the copy and flushing the folder. A copy counts as *valid* when it follows every rule below that
//! needs no key. Of two valid copies the one with the higher `sequence` counts, and
//! `header.json` if they are level; the other is rewritten at the next unlock that succeeds, where
//! the medium can be written. When a copy names a newer format and its checksum is right, the vault
//! is refused as newer whatever the other copy says.
//!
//! # Format 1 of a header
//!
//! One line of UTF-8, ended by one line feed, at most 65,536 bytes, with exactly these members in
//! this order and no white space between them:
//!
//! ```text
//! {"body":BODY,"sha256":"…","hmac":"…"}
//! ```
//!
//! - `hmac`: HMAC-SHA-256 (RFC 2104) over the bytes of BODY as they stand in the file, checked as
//!   soon as a slot has yielded VK. Its key is HKDF-SHA-256 (RFC 5869) of VK with an empty salt, 32 bytes out, and
//!   `info = PAE(["keyreeve/v1/header-mac", vault id (16 bytes)])`.
//! - `sha256`: SHA-256 over the bytes of BODY and then the 64 characters of `hmac`, both as they
//!   stand in the file; so damage to any bit is found before any key is known, and the other copy
//!   can stand in. Every later format keeps these three members and this checksum.
//!
//! BODY, on one line, its members again in exactly this order:
//!
//! ```text
//! {"format":1,
//!  "vaultId":"0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c",
//!  "createdAt":"2026-01-31T08:15:00.000Z",
//!  "sequence":1,
//!  "slots":[{"id":"…UUID…",
//!            "kind":"passphrase",
//!            "name":"Main passphrase",
//!            "role":"administrator",
//!            "createdAt":"2026-01-31T08:15:00.000Z",
//!            "kdf":{"memoryKib":262144,"timeCost":3,"lanes":2},
//!            "salt":"…32 bytes…",
//!            "sealed":"…",
//!            "recipient":"…",
//!            "materialKey":"…"}, …]}
//! ```
//!
//! - All bytes are lower-case hexadecimal, all identifiers lower-case hyphenated UUIDs, all times
//!   RFC 3339 in UTC with three decimals and `Z`.
//! - Text is JSON text as serde_json writes it: only `"`, `\` and characters below U+0020 are
//!   escaped. A slot's name has 1 to 200 characters, in NFC, without controls and bidirectional
//!   overrides.
//! - There are 1 to 32 slots; no two share an `id`.
//! - `sequence` starts at 1 and grows by one with every change.
//! - `role` is `administrator`, `operator` or `auditor`; `kind` is `passphrase`, `os_keyring`,
//!   `piv_card`, `openpgp_card`, `recovery` or `all_of`. The members between `createdAt` and `sealed`
//!   depend on the kind; `docs/vault-format.md` lists them. A header of this format with a right
//!   checksum and another kind was written by a newer app, and is refused as such.
//! - Numbers that no reader accepts: `memoryKib` below 65,536 (64 MiB) or above 4,194,304 (4 GiB),
//!   `timeCost` below 3 or above 64, `lanes` below 1 or above 16. They are refused before any memory
//!   is taken.
//!
//! `PAE` is one byte `01`, then the pre-authentication encoding of PASETO: the number of parts, and
//! for each part its length and its bytes, with numbers as unsigned 64-bit little endian.
//!
//! # Where things are
//!
//! | file | holds |
//! | --- | --- |
//! | `format` | bytes to a header and back |
//! | `part` | the parameters of each kind of slot, in the file and as the sealing is bound to them |
//! | `source` | the trait behind each kind, and how to add one; `passphrase` is the shortest of them |
//! | `slot` | sealing and opening a slot's payload, for every kind |
//! | `unlocking` | which slots are tried with what was shown, and what is said when none opens |
//! | `headers` | the port: creating, adding, changing, removing |
//! | `writing`, `copies` | the two copies of the file, crash-safely |
//!
//! # A passphrase slot
//!
//! 1. The passphrase is normalised to NFC (Unicode Standard Annex 15) and encoded as UTF-8. Keyboards
//!    and systems differ in how they compose `é` or `한`; NFC makes them one passphrase. It does
//!    not fold what a person sees as different, as NFKC would.
//! 2. Slot key = Argon2id version 0x13 (RFC 9106) of it, with the slot's salt and `kdf`, 32 bytes out.
//! 3. `sealed` = `01` ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16), under the slot key, with a
//!    random nonce and the associated data
//!    `PAE(["slot-with-pair", vault id (16 bytes), slot id (16 bytes), kind, role, kdf, salt (32 bytes)])`,
//!    where kind and role are the names above and kdf is `memoryKib` ‖ `timeCost` ‖ `lanes`, each as
//!    four bytes, big-endian. For the role `auditor` the first part is `slot`.
//! 4. The plaintext is VK (32 bytes) for the role `auditor`, and VK ‖ the private half of the slot's
//!    key pair for the others. MK is sealed to that pair in `materialKey`, and `recipient` is its
//!    public half, sealed under MK: see `keyreeve_crypto::SlotContext`. Slots that were made before
//!    there were key pairs seal VK ‖ MK, under `slot`.
//!
//! # What it does not protect
//!
//! Whoever can write the folder can put back an older header, and with it a passphrase that was
//! changed or a slot that was removed since: those open only to someone who knew them. The database
//! remembers the newest `sequence`, so the app notices; a tool of their own need not. After a leak,
//! rotate the material key; changing a slot is not enough.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod anchor;
mod card;
mod copies;
mod cost;
#[cfg(test)]
mod crash_tests;
mod failures;
mod files;
mod format;
mod headers;
mod keyring;
mod normal;
mod part;
mod passphrase;
mod recovery;
mod slot;
mod source;
mod unlocking;
mod user_anchors;
mod wait;
mod writing;

pub use anchor::FileAnchors;
pub use card::{Attendant, CardGuard, CardWatch, PadWatch, PcscCards};
pub use headers::FileHeaders;
pub use keyring::KeyringSource;
pub use part::{CardPart, Part, RecoveryPart};
pub use source::{KeySource, Place};
pub use user_anchors::UserAnchors;
pub use wait::{Closed, Waits};
