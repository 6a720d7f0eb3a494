//! From what SQLite says to what the port promises, in one place.

use std::io;
use std::path::Path;

use keyreeve_domain::ports::StoreError;
use rusqlite::ErrorCode;

/// What can go wrong inside this crate: something the port has a name for, or SQLite's own words.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Named already.
    Named(StoreError),
    /// To be named at the crate's edge.
    Sqlite(rusqlite::Error),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Named(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Named(of_io(error))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Named(error) => error,
            Fault::Sqlite(error) => of_sqlite(&error),
        }
    }
}

/// What does not fit.
pub(crate) fn damaged(what: impl Into<String>) -> Fault {
    StoreError::Damaged { what: what.into() }.into()
}

/// Whether the disk failed or gave back what cannot be: whatever a connection has in memory is then
/// no longer to be relied on.
pub(crate) fn of_disk(fault: &Fault) -> bool {
    let Fault::Sqlite(error) = fault else { return false };
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::DiskFull
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
        )
    )
}

/// While a database is being opened, pages that do not decipher mean another key or another file.
pub(crate) fn while_opening(fault: Fault, path: &Path) -> StoreError {
    match &fault {
        Fault::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            StoreError::Foreign { path: path.to_owned() }
        }
        _ => fault.into(),
    }
}

fn of_io(error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
        _ => StoreError::Io(error),
    }
}

fn of_sqlite(error: &rusqlite::Error) -> StoreError {
    if let Some(code) = error.sqlite_error_code() {
        return match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            ErrorCode::DiskFull => StoreError::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
            // SQLCipher has no more memory, it says, when a page's MAC is wrong while its readers are
            // inside the search index. Where there really is none, the process ends. And SQLite says
            // of a page that the disk fails to give back what it says of a damaged one.
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::OutOfMemory => {
                let what = "a page of it cannot be read or deciphered, or does not fit the others";
                StoreError::Damaged { what: what.into() }
            }
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => {
                StoreError::Io(io::Error::other(error.to_string()))
            }
            _ => StoreError::Database(error.to_string()),
        };
    }
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::QueryReturnedNoRows => {
            StoreError::Damaged { what: format!("a row of it has an impossible value ({error})") }
        }
        _ => StoreError::Database(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn sqlite(result_code: i32) -> Fault {
        rusqlite::Error::SqliteFailure(ffi::Error::new(result_code), None).into()
    }

    fn named(result_code: i32) -> StoreError {
        sqlite(result_code).into()
    }

    #[test]
    fn every_code_that_has_a_cure_has_a_name() {
        assert!(matches!(named(ffi::SQLITE_FULL), StoreError::DiskFull));
        assert!(matches!(named(ffi::SQLITE_READONLY), StoreError::ReadOnly));
        assert!(matches!(named(ffi::SQLITE_READONLY_DIRECTORY), StoreError::ReadOnly));
        assert!(matches!(named(ffi::SQLITE_BUSY), StoreError::Busy));
        assert!(matches!(named(ffi::SQLITE_BUSY_RECOVERY), StoreError::Busy));
        assert!(matches!(named(ffi::SQLITE_LOCKED), StoreError::Busy));
        assert!(matches!(named(ffi::SQLITE_CORRUPT), StoreError::Damaged { .. }));
        assert!(matches!(named(ffi::SQLITE_NOTADB), StoreError::Damaged { .. }));
        assert!(matches!(named(ffi::SQLITE_IOERR_FSYNC), StoreError::Io(_)));
        assert!(matches!(named(ffi::SQLITE_CANTOPEN), StoreError::Io(_)));
        assert!(matches!(named(ffi::SQLITE_NOMEM), StoreError::Damaged { .. }));
        assert!(matches!(named(ffi::SQLITE_MISUSE), StoreError::Database(_)));
    }

    #[test]
    fn a_key_that_does_not_fit_is_foreign_only_while_opening() {
        let path = Path::new("vault.db");
        assert!(matches!(
            while_opening(sqlite(ffi::SQLITE_NOTADB), path),
            StoreError::Foreign { .. }
        ));
        assert!(matches!(while_opening(sqlite(ffi::SQLITE_BUSY), path), StoreError::Busy));
        assert!(matches!(while_opening(damaged("torn"), path), StoreError::Damaged { .. }));
    }

    #[test]
    fn what_comes_of_the_disk_is_told_from_what_others_did() {
        for code in [
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_FULL,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
        ] {
            assert!(of_disk(&sqlite(code)), "{code}");
        }
        for code in [ffi::SQLITE_BUSY, ffi::SQLITE_LOCKED, ffi::SQLITE_CONSTRAINT] {
            assert!(!of_disk(&sqlite(code)), "{code}");
        }
        assert!(!of_disk(&StoreError::Busy.into()));
    }

    #[test]
    fn a_row_that_does_not_fit_its_type_is_damage() {
        let impossible = |error: rusqlite::Error| StoreError::from(Fault::from(error));
        for error in [
            rusqlite::Error::QueryReturnedNoRows,
            rusqlite::Error::IntegralValueOutOfRange(0, -1),
            rusqlite::Error::InvalidColumnType(0, "name".into(), rusqlite::types::Type::Blob),
        ] {
            assert!(matches!(impossible(error), StoreError::Damaged { .. }));
        }
        let other = impossible(rusqlite::Error::InvalidQuery);
        assert!(matches!(other, StoreError::Database(_)));
    }

    #[test]
    fn a_full_or_read_only_disk_is_named_when_a_file_says_so() {
        let of = |kind: io::ErrorKind| StoreError::from(Fault::from(io::Error::from(kind)));
        assert!(matches!(of(io::ErrorKind::StorageFull), StoreError::DiskFull));
        assert!(matches!(of(io::ErrorKind::ReadOnlyFilesystem), StoreError::ReadOnly));
        assert!(matches!(of(io::ErrorKind::PermissionDenied), StoreError::ReadOnly));
        assert!(matches!(of(io::ErrorKind::TimedOut), StoreError::Io(_)));
    }
}
