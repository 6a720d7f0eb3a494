//! What an authority revoked, as the log tells.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_domain::KeyVersionId;
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::ReadTransaction;

use super::{done, not_understood};
use crate::error::Error;

/// What an authority revoked.
#[derive(Default)]
pub(super) struct Revoked {
    pub(super) serials: BTreeSet<u64>,
    pub(super) key_ids: BTreeSet<String>,
    /// Keys as SSH sends them.
    pub(super) keys: BTreeSet<Vec<u8>>,
}

/// What an authority revoked until now, and its newest list's number.
#[derive(Default)]
pub(super) struct Before {
    pub(super) revoked: Revoked,
    pub(super) number: Option<u64>,
}

impl Revoked {
    /// What the log says that this version of the key revoked.
    ///
    /// # Errors
    /// When the database fails, or an entry is not understood.
    pub(super) fn before(tx: &dyn ReadTransaction, id: KeyVersionId) -> Result<Before, Error> {
        let mut before = Before::default();
        for event in done(tx, id, Action::KeyWriteKrl)? {
            let said = |name: &str| event.details.get(name).map_or("", String::as_str);
            let read = Self::read(said("serials"), said("key_ids"), said("keys"));
            let read = read.ok_or_else(not_understood)?;
            before.revoked = before.revoked.and(&read);
            before.number = before.number.max(said("number").parse().ok());
        }
        Ok(before)
    }

    /// As an entry of the log says it: numbers with commas between, and lists of JSON.
    pub(super) fn texts(&self) -> Result<[String; 3], Error> {
        let serials: Vec<_> = self.serials.iter().map(u64::to_string).collect();
        let keys: Vec<_> = self.keys.iter().map(|key| BASE64_STANDARD.encode(key)).collect();
        let list = |of: &dyn Fn() -> serde_json::Result<String>| {
            of().map_err(|error| Error::internal(error.to_string()))
        };
        Ok([
            serials.join(","),
            list(&|| serde_json::to_string(&self.key_ids))?,
            list(&|| serde_json::to_string(&keys))?,
        ])
    }

    fn read(serials: &str, key_ids: &str, keys: &str) -> Option<Self> {
        let serials = serials.split(',').filter(|serial| !serial.is_empty());
        let keys: Vec<String> = serde_json::from_str(keys).ok()?;
        Some(Self {
            serials: serials.map(|serial| serial.parse().ok()).collect::<Option<_>>()?,
            key_ids: serde_json::from_str(key_ids).ok()?,
            keys: keys.iter().map(|key| BASE64_STANDARD.decode(key).ok()).collect::<Option<_>>()?,
        })
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        Self {
            serials: self.serials.union(&other.serials).copied().collect(),
            key_ids: self.key_ids.union(&other.key_ids).cloned().collect(),
            keys: self.keys.union(&other.keys).cloned().collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.serials.is_empty() && self.key_ids.is_empty() && self.keys.is_empty()
    }
}
