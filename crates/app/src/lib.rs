//! Keyreeve's use cases: one file each, request in, view out.
