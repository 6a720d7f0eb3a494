//! What a running window hears from outside: other programs that ask it to lock, and the desktop that
//! tells of sleep, of a locked screen and of another person at it.
//!
//! Nothing here knows what a vault is. What comes in can only ever lead to a lock, so that whoever
//! sends it can do no harm with it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod desktop;
mod door;
mod door_error;
mod place;

pub use desktop::{DesktopEvent, watch_desktop};
pub use door::{Locked, answer_requests, ask_to_lock};
pub use door_error::DoorError;
pub use place::door_of_user;
