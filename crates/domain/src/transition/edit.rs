//! What may be changed of a key apart from its states.

use super::change::{Edit, KeyChange};
use super::error::TransitionError;
use crate::audit::Action;
use crate::key::KeyRecord;
use crate::text::KeyName;

impl KeyRecord {
    /// Gives the key another name.
    ///
    /// # Errors
    /// When it is the same name.
    pub fn rename(&self, name: KeyName) -> Result<KeyChange, TransitionError> {
        if name == self.name {
            return Err(TransitionError::NothingToDo);
        }
        let mut record = self.clone();
        let old = std::mem::replace(&mut record.name, name);
        let name = record.name.to_string();
        Ok(record.changed(Action::KeyRename).with_detail("from", old).with_detail("to", name))
    }

    /// Changes what may be changed of a key apart from its name and states.
    ///
    /// # Errors
    /// When nothing would change, the new policy does not allow the algorithm, or the edit would
    /// make a non-exportable key exportable.
    ///
    /// # Security
    /// `exportable` is bound into the sealed material, so tightening it is only a rule of the
    /// policy; it can therefore not be edited in place and any change is refused.
    pub fn edit(&self, edit: Edit) -> Result<KeyChange, TransitionError> {
        if edit.exportable.is_some_and(|exportable| exportable != self.exportable) {
            return Err(TransitionError::ExportableLoosened);
        }
        let mut record = self.clone();
        let mut parts = Vec::new();
        replace(&mut record.owner, edit.owner, "owner", &mut parts);
        replace(&mut record.note, edit.note, "note", &mut parts);
        replace(&mut record.tags, edit.tags, "tags", &mut parts);
        replace(&mut record.where_used, edit.where_used, "whereUsed", &mut parts);
        replace(&mut record.fields, edit.fields, "fields", &mut parts);
        if let Some(policy) = &edit.policy {
            policy.check_algorithm(record.algorithm)?;
        }
        replace(&mut record.policy, edit.policy, "policy", &mut parts);
        if parts.is_empty() {
            return Err(TransitionError::NothingToDo);
        }
        Ok(record.changed(Action::KeyEdit).with_detail("changed", parts.join(", ")))
    }
}

impl KeyRecord {
    /// Takes over the digests of the versions' data keys after these were wrapped anew.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn rewrap(&self, data_keys: &[(u32, [u8; 32])]) -> Result<KeyChange, TransitionError> {
        let mut record = self.clone();
        for (version, digest) in data_keys {
            record.existing(*version)?.data_key_digest = Some(*digest);
        }
        Ok(record.changed(Action::KeyRewrap))
    }
}

fn replace<T: PartialEq>(
    place: &mut T,
    value: Option<T>,
    name: &'static str,
    parts: &mut Vec<&'static str>,
) {
    if let Some(value) = value.filter(|value| value != place) {
        *place = value;
        parts.push(name);
    }
}
