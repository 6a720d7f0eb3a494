//! Keyreeve's files and those of the tools people have: OpenSSL, OpenSSH, age.
//!
//! A tool that is missing fails the test and names its Debian package.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod certificates;
mod corpus;
mod locked;
mod reading;
mod recipients;
mod tool;
mod writing;
