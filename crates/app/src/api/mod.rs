//! What crosses the border to the window and the command line: requests in, views out.
//!
//! The shapes are JSON with camelCase members; TypeScript's side is generated from here by
//! `cargo run -p keyreeve-app --example bindings`. Views hold no secret; a request that carries a
//! passphrase deserialises it straight into a type that wipes itself.

mod audit;
mod backup;
mod byok;
mod cards;
mod certificates;
mod commands;
mod credentials;
mod distribution;
mod error;
mod import;
mod inventory;
mod keys;
mod known_keys;
mod overview;
mod shell;
mod slots;
mod ssh;
mod vault;

pub use audit::*;
pub use backup::*;
pub use byok::*;
pub use cards::*;
pub use certificates::*;
pub use credentials::*;
pub use distribution::*;
pub use error::*;
pub use import::*;
pub use inventory::*;
pub use keys::*;
pub use known_keys::*;
pub use overview::*;
pub use shell::*;
pub use slots::*;
pub use ssh::*;
pub use vault::*;
