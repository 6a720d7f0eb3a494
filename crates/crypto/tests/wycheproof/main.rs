//! Project Wycheproof's vectors, through Keyreeve's own functions.
//!
//! `ledger.rs` goes through every set that there is: one that is neither run nor skipped for a
//! reason fails the tests. HMAC's are run beside the header's code, `src/header_mac.rs`, since its
//! key can be chosen nowhere else.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod agreement;
mod gcm;
mod keys;
mod ledger;
mod public_halves;
mod signatures;
