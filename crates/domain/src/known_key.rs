//! Public keys that are kept for the inventory while their private halves are elsewhere.
//!
//! **Architecture invariant.** They are no keys of the vault: no type that signs, opens or exports
//! takes one, and there is nothing secret to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keyreeve_crypto::{PublicAlgorithm, Sha256};

use crate::audit::Action;
use crate::description::{Description, DescriptionEdit};
use crate::id::{KeyId, KnownKeyId};
use crate::text::KeyName;

/// Everything the vault keeps about a public key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKeyRecord {
    /// Its identifier in the vault.
    pub id: KnownKeyId,
    /// What it is called; several may be called so.
    pub name: KeyName,
    /// Its algorithm, which may be one that the vault makes no keys of.
    pub algorithm: PublicAlgorithm,
    /// Its SubjectPublicKeyInfo, in DER.
    pub public_key: Vec<u8>,
    /// SHA-256 of `public_key`.
    pub sha256: Sha256,
    /// The form in which it came, such as `openssh-public`.
    pub form: String,
    /// What people say of it.
    pub description: Description,
    /// When it was kept first.
    pub created_at: Timestamp,
}

/// A changed public key and what the audit log is to say about the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKeyChange {
    /// The record after the change; of a removal, the one that was there.
    pub record: KnownKeyRecord,
    /// What was done.
    pub action: Action,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// More about it.
    pub details: BTreeMap<String, String>,
}

impl KnownKeyRecord {
    /// Keeps it.
    #[must_use]
    pub fn keep(self) -> KnownKeyChange {
        let details = [("algorithm", self.algorithm.to_string()), ("form", self.form.clone())];
        KnownKeyChange::of(self, Action::KnownKeyAdd, &details)
    }

    /// Changes its name or description; nothing when nothing would change.
    #[must_use]
    pub fn edit(&self, name: Option<KeyName>, edit: DescriptionEdit) -> Option<KnownKeyChange> {
        let (description, mut parts) = self.description.edited(edit);
        let name = name.unwrap_or_else(|| self.name.clone());
        if name != self.name {
            parts.push("name");
        }
        let details = [("changed", parts.join(", "))];
        let record = Self { name, description, ..self.clone() };
        (!parts.is_empty()).then(|| KnownKeyChange::of(record, Action::KnownKeyEdit, &details))
    }

    /// Takes it out of the inventory.
    #[must_use]
    pub fn remove(&self) -> KnownKeyChange {
        KnownKeyChange::of(self.clone(), Action::KnownKeyRemove, &[])
    }

    /// Takes it out because its private half came in as `key`.
    #[must_use]
    pub fn give_way(&self, key: KeyId) -> KnownKeyChange {
        let details = [("key", key.to_string())];
        KnownKeyChange::of(self.clone(), Action::KnownKeyRemove, &details)
    }
}

impl KnownKeyChange {
    fn of(record: KnownKeyRecord, action: Action, details: &[(&str, String)]) -> Self {
        let name = ("name", record.name.to_string());
        let details = std::iter::once(&name).chain(details);
        let details = details.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { record, action, reason: None, details }
    }

    /// The change with why it was made, in the user's words; without any when there are none.
    #[must_use]
    pub fn with_reason(mut self, reason: &str) -> Self {
        let reason = reason.trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self
    }
}
