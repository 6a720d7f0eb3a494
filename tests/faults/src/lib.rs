//! Ends the real command line at any moment, lets any of its calls to the disk fail, and cuts the
//! power; then looks at what is left.
//!
//! A library in C (`trap/trap.c`) is loaded into `keyreeve` and stands between it and the disk. It
//! needs Linux on x86-64; elsewhere this crate is empty.
//!
//! The tests run short forms of the campaigns, `npm run soak` long ones.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod campaign;
mod desk;
mod power;
mod random;
mod scenario;
mod snapshot;
mod trace;
mod trap;
mod trial;
mod verdict;

pub use desk::{Desk, PASSPHRASE, VAULT, program};
pub use random::Dice;
pub use scenario::Scenario;
pub use trap::{Call, Plan, Ran, Stop, Stopped};
pub use trial::Trial;
