//! Keyreeve's benchmarks.
