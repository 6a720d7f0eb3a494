//! A header's body: the vault, how often it changed, and the ways in.

use std::collections::BTreeSet;

use jiff::Timestamp;
use keyreeve_domain::VaultId;
use keyreeve_domain::ports::HeaderInfo;
use serde::{Deserialize, Serialize};

use super::slot::Slot;
use super::time::{self, whole_milliseconds};
use super::{FORMAT, FormatError, MAX_COST, MAX_SLOTS};
use crate::part::Part;

/// A header's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Body {
    pub(super) format: u32,
    /// The vault.
    pub vault_id: VaultId,
    /// When it was made.
    #[serde(with = "time")]
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub sequence: u64,
    /// The ways in.
    pub slots: Vec<Slot>,
}

impl Body {
    /// The body of a new vault's header.
    pub fn new(vault_id: VaultId, created_at: Timestamp, slot: Slot) -> Self {
        Self {
            format: FORMAT,
            vault_id,
            created_at: whole_milliseconds(created_at),
            sequence: 1,
            slots: vec![slot],
        }
    }

    /// What the rest of the house may know of it.
    pub fn info(&self) -> HeaderInfo {
        HeaderInfo {
            format: self.format,
            vault_id: self.vault_id,
            created_at: self.created_at,
            sequence: self.sequence,
            slots: self.slots.iter().map(Slot::info).collect(),
        }
    }

    /// The body's text, as it will stand in the file.
    pub fn text(&self) -> Result<String, FormatError> {
        serde_json::to_string(self).map_err(|error| FormatError::Invalid(error.to_string()))
    }

    /// Refuses a body that no app writes.
    pub fn check(&self) -> Result<(), FormatError> {
        let invalid = |what: String| Err(FormatError::Invalid(what));
        if self.slots.is_empty() || self.slots.len() > MAX_SLOTS {
            return invalid(format!("it has {} slots", self.slots.len()));
        }
        if self.sequence == 0 {
            return invalid("its sequence number is 0".into());
        }
        let mut seen = BTreeSet::new();
        for slot in &self.slots {
            if !seen.insert(slot.id) {
                return invalid(format!("slot {} is there twice", slot.id));
            }
            slot.check()?;
        }
        if self.cost() > MAX_COST {
            return invalid("trying its slots would take too long".into());
        }
        Ok(())
    }

    /// What it costs to try a passphrase on every slot, in KiB times passes.
    pub fn cost(&self) -> u64 {
        let of = |part: &Part| match part {
            Part::Passphrase { kdf, .. } => u64::from(kdf.memory_kib) * u64::from(kdf.time_cost),
            _ => 0,
        };
        self.slots.iter().flat_map(|slot| &slot.parts).map(of).sum()
    }
}
