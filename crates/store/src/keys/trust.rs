//! Whether a key's rows are what the audit log last said of them.

use keyreeve_domain::audit::ObjectKind;
use keyreeve_domain::ports::StoreError;
use keyreeve_domain::{KeyId, KeyRecord};
use rusqlite::Connection;

use crate::fault::Fault;
use crate::keys::{Derived, load};
use crate::log;

/// The key `id`, checked against the newest entry that carries a digest of it.
///
/// An older row, an older page, a row of another key and a row that was deleted are all found,
/// because the entry about the newer state is still there. That the entries themselves are the
/// ones that were written is for the tree to show.
pub(crate) fn trusted(connection: &Connection, id: KeyId) -> Result<Option<KeyRecord>, Fault> {
    let object = id.to_string();
    let newest = log::newest_vouching(connection, &object)?;
    let (stored, newest) = match (load(connection, id)?, newest) {
        (None, None) => return Ok(None),
        (Some(stored), Some(newest)) => (stored, newest),
        _ => return Err(tampered(id)),
    };
    let Some(entry) = log::entry(connection, newest)? else {
        return Err(tampered(id));
    };
    let vouched = entry.object_kind == ObjectKind::Key
        && entry.object == object
        && entry.digest == Some(hex::encode(stored.record.state_digest()));
    if vouched && stored.audit_seq == newest && stored.derived == Derived::of(&stored.record) {
        Ok(Some(stored.record))
    } else {
        Err(tampered(id))
    }
}

fn tampered(id: KeyId) -> crate::fault::Fault {
    StoreError::Tampered { object: format!("key {id}") }.into()
}
