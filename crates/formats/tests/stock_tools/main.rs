//! Keyreeve's files and those of the tools people have: OpenSSL, OpenSSH, age.
//!
//! A tool that is missing fails the test and names its Debian package.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod certificates;
mod corpus;
mod java_keystores;
mod locked;
mod openpgp;
mod openpgp_recipients;
mod pkcs12;
mod putty;
mod reading;
mod recipients;
mod tool;
mod vectors;
mod writing;
