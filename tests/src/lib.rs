//! Tests that cross Keyreeve's crates.
