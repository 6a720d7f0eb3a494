//! What people say of something that is kept: who answers for it, notes and tags.

use std::collections::BTreeSet;

use crate::text::{Note, Owner, Tag};

/// What people say of something that is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// Who answers for it.
    pub owner: Owner,
    /// A note.
    pub note: Note,
    /// Its tags.
    pub tags: BTreeSet<Tag>,
}

/// What is to be changed of a description; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct DescriptionEdit {
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// A note.
    pub note: Option<Note>,
    /// Its tags, in place of those that are there.
    pub tags: Option<BTreeSet<Tag>>,
}

impl Description {
    /// The description after `edit`, and the names of the parts that differ.
    #[must_use]
    pub fn edited(&self, edit: DescriptionEdit) -> (Self, Vec<&'static str>) {
        let edited = Self {
            owner: edit.owner.unwrap_or_else(|| self.owner.clone()),
            note: edit.note.unwrap_or_else(|| self.note.clone()),
            tags: edit.tags.unwrap_or_else(|| self.tags.clone()),
        };
        let parts = [
            ("owner", edited.owner != self.owner),
            ("note", edited.note != self.note),
            ("tags", edited.tags != self.tags),
        ];
        let parts = parts.into_iter().filter_map(|(name, differs)| differs.then_some(name));
        let parts = parts.collect();
        (edited, parts)
    }
}
