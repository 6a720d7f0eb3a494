//! Encrypted backups that stock `age` and `tar` can open.
//!
//! **Architecture invariant.** This crate moves named files into an age file and back. It knows
//! neither the database nor the window: who calls it hands in a consistent copy, and says whether
//! what came back opens.
//!
//! # The file, format 1
//!
//! An [age v1](https://age-encryption.org/v1) file, binary, named `….keyreeve-backup.age`, for any
//! number of age X25519 and SSH (Ed25519, RSA) recipients, or for one passphrase alone (scrypt, work
//! factor 18, as `age` itself writes). Inside is a POSIX tar of regular files only, with ustar
//! headers and no extensions, in exactly this order:
//!
//! 1. `manifest.json`
//! 2. `manifest.json.sig`
//! 3. the files that the manifest lists, in its order: `vault/…` (the encrypted database and its
//!    header) and, where asked for, `plain/…` and `inventory.cdx.json`
//!
//! So `age -d -i id.txt FILE | tar x` recovers everything with nothing of ours.
//!
//! `manifest.json`:
//!
//! ```text
//! {"version": 1, "vaultId": "…UUID…", "createdAt": "2026-01-31T08:15:00Z", "app": "keyreeve 0.1.0",
//!  "audit": {"size": 1234, "root": "…64 hex…", "publicKey": "…64 hex…"}, "keys": 56,
//!  "files": [{"path": "vault/header.json", "size": 1024, "sha256": "…64 hex…"}, …]}
//! ```
//!
//! `manifest.json.sig` is one line of base64: the Ed25519 signature (RFC 8032) of the audit key over
//! the line `keyreeve-backup-manifest-v1`, a line feed, and the exact bytes of `manifest.json`. The
//! key is named by the manifest itself; whoever restores compares it with the key that the restored
//! vault holds.
//!
//! # Reading a stranger's file
//!
//! Anyone who knows a recipient can encrypt a file to it, so nothing inside is trusted before it is
//! checked: names, kinds, order, sizes and hashes must be what the signed manifest says; sizes are
//! bounded by the file's own length; only files directly in `vault/` with plain names are ever
//! written, into a folder that the caller made for it, and never over another file. Standard files
//! with keys in the clear are hashed and passed over: they never touch the disk here.
//!
//! # The restore drill
//!
//! [`create()`] reads the file that it wrote back from the disk, decrypts, checks and unpacks it, and
//! lets the caller open what was unpacked, before the file gets its name. See
//! `docs/adr/0006-restore-drill.md` for what that proves and what it does not.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod adapter;
mod create;
mod file_key;
mod identity;
mod manifest;
mod meter;
mod open;
mod path;
mod recipients;
mod tally;
mod unpack;

pub use adapter::AgeBackups;
pub use create::{BackupFile, BackupInfo, BackupPlan, CreateError, Facts, Proof, Source, create};
pub use identity::{Identity, IdentityError};
pub use manifest::{AuditFacts, FileEntry, Manifest, VERSION};
pub use open::{OpenError, Unpacked, open, verify};
pub use recipients::{RecipientError, Recipients};
