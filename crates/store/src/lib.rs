//! The SQLCipher store of a vault: schema, migrations, queries, and the audit log's Merkle tree.
//!
//! A [`SqlcipherOpener`] makes and opens `vault.db`; everything else is reached through the ports
//! of `keyreeve_domain::ports`.
//!
//! **Architecture invariant.** All SQL of Keyreeve is in this crate, and no other crate names
//! rusqlite. It decides nothing about keys: it keeps what the rules decided, together with the
//! event that says so, or nothing.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod books;
mod certificates;
mod connection;
mod fault;
mod files;
mod keys;
mod known_keys;
mod list;
mod log;
mod migration;
mod opener;
#[cfg(test)]
mod sample;
mod search;
mod store;
mod stored;
mod transaction;

pub use opener::SqlcipherOpener;
