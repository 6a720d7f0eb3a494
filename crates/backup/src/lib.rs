//! Encrypted backups that stock age and tar can open.
