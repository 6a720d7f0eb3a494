//! The lifecycle of `docs/architecture.md`: states, transitions, what each state allows.

mod digest;
mod due;
mod permissions;
mod policies;
mod properties;
mod table;
