//! Keyreeve's use cases: one file each, a request in, a view out.
//!
//! **Architecture invariant.** A use case that needs an unlocked vault takes `&UnlockedSession`,
//! so that a locked one cannot reach it. Nothing here names SQLCipher, PC/SC or Tauri; the world
//! is reached through the ports of `keyreeve-domain`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod api;
pub mod audit;
pub mod backup;
pub mod cards;
pub mod certificates;
mod error;
mod inventory;
pub mod keys;
pub mod known_keys;
mod material_key;
mod output;
mod overview;
mod parse;
mod scratch;
mod session;
pub mod slots;
pub mod vault;
mod world;

pub use error::Error;
pub use inventory::export_inventory;
pub use overview::overview;
pub use session::{Fresh, UnlockedSession};
pub use world::{SystemClock, World};
