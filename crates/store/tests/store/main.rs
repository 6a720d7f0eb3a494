//! The store on real files.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod books;
mod certificates;
mod concurrency;
mod copies;
mod destruction;
mod keys;
mod known_keys;
mod listing;
mod opening;
mod searching;
mod support;
mod tampering;
