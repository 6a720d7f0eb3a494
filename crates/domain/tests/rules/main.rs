//! The rules, tested from outside: every transition, the audit tree against another
//! implementation, signed checkpoints against another verifier.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit_tree;
mod cards;
mod certificate;
mod checkpoint;
mod entry;
mod export;
mod fixture;
mod known_key;
mod lifecycle;
mod log;
mod slots;
mod stamps;
mod verify;
