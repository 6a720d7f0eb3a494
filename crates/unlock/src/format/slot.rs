//! A slot as it stands in the header.

use std::collections::BTreeSet;

use jiff::Timestamp;
use keyreeve_crypto::{RECIPIENT_LEN, SEALED_MATERIAL_KEY_LEN};
use keyreeve_domain::ports::{SlotInfo, SlotKind};
use keyreeve_domain::{KeyName, Role, SlotId};
use serde::{Deserialize, Serialize};

use super::{FormatError, time};
use crate::part::{Part, StoredParameters, StoredPart};

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredSlot", into = "StoredSlot")]
pub struct Slot {
    /// The slot.
    pub id: SlotId,
    /// What kind of way in.
    pub kind: SlotKind,
    /// The name a person gave it.
    pub name: String,
    /// What it lets one do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it asks for: one part, or for `all_of` at least two.
    pub parts: Vec<Part>,
    /// Sealed under the slot key: VK, and what else its role and form give it.
    pub sealed: Vec<u8>,
    /// The slot's key pair and MK sealed to it. An auditor's slot has none, and neither have those
    /// that were made before there were key pairs: MK itself is in what they seal.
    pub pair: Option<Pair>,
}

/// What a slot's header keeps of its key pair. Its private half is in what the slot seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The public half, sealed under MK: to whom a new MK may be sealed.
    pub recipient: Vec<u8>,
    /// MK, sealed to the public half.
    pub material_key: Vec<u8>,
}

/// A slot as it stands in the file. The members between `createdAt` and `sealed` depend on the kind.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredSlot {
    id: SlotId,
    kind: SlotKind,
    name: String,
    role: Role,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(flatten)]
    parameters: StoredParameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<StoredPart>>,
    #[serde(with = "hex")]
    sealed: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<StoredBytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    material_key: Option<StoredBytes>,
}

#[derive(Serialize, Deserialize)]
struct StoredBytes(#[serde(with = "hex")] Vec<u8>);

impl From<Slot> for StoredSlot {
    fn from(slot: Slot) -> Self {
        let (parameters, parts) = match (slot.kind, slot.parts.as_slice()) {
            (SlotKind::AllOf, parts) => {
                let parts = parts.iter().map(StoredPart::of).collect();
                (StoredParameters::default(), Some(parts))
            }
            (_, parts) => (parts.first().map(StoredParameters::of).unwrap_or_default(), None),
        };
        let (recipient, material_key) = slot
            .pair
            .map(|pair| (StoredBytes(pair.recipient), StoredBytes(pair.material_key)))
            .unzip();
        Self {
            id: slot.id,
            kind: slot.kind,
            name: slot.name,
            role: slot.role,
            created_at: slot.created_at,
            parameters,
            parts,
            sealed: slot.sealed,
            recipient,
            material_key,
        }
    }
}

impl TryFrom<StoredSlot> for Slot {
    type Error = String;

    fn try_from(stored: StoredSlot) -> Result<Self, String> {
        let StoredSlot { id, kind, parameters, parts, .. } = stored;
        let parts = match (kind, parts) {
            (SlotKind::AllOf, Some(parts)) if parameters.are_none() => {
                parts.into_iter().map(StoredPart::part).collect()
            }
            (SlotKind::AllOf, _) | (_, Some(_)) => None,
            (kind, None) => parameters.part(kind).map(|part| vec![part]),
        };
        let parts = parts.ok_or_else(|| {
            format!("slot {id} has not the members of the kind “{}”", kind.name())
        })?;
        let pair = match (stored.recipient, stored.material_key) {
            (Some(recipient), Some(key)) => {
                Some(Pair { recipient: recipient.0, material_key: key.0 })
            }
            (None, None) => None,
            _ => return Err(format!("slot {id} has half a key pair")),
        };
        Ok(Self {
            id,
            kind,
            name: stored.name,
            role: stored.role,
            created_at: stored.created_at,
            parts,
            sealed: stored.sealed,
            pair,
        })
    }
}

impl Slot {
    /// What the rest of the house may know of it.
    pub fn info(&self) -> SlotInfo {
        SlotInfo {
            id: self.id,
            kind: self.kind,
            name: self.name.clone(),
            role: self.role,
            created_at: self.created_at,
            parts: self.parts.iter().map(Part::info).collect(),
        }
    }

    /// Refuses a slot that no app writes.
    pub fn check(&self) -> Result<(), FormatError> {
        let invalid = |what: String| Err(FormatError::Invalid(what));
        if KeyName::parse(&self.name).as_ref().map(KeyName::as_str) != Ok(self.name.as_str()) {
            return invalid(format!("the name of slot {} is not acceptable", self.id));
        }
        self.check_parts()?;
        if self.sealed.len() != crate::slot::sealed_len(self.role) {
            return invalid(format!("slot {} has {} sealed bytes", self.id, self.sealed.len()));
        }
        let Some(pair) = &self.pair else { return Ok(()) };
        let lengths = (pair.recipient.len(), pair.material_key.len());
        if self.role == Role::Auditor || lengths != (RECIPIENT_LEN, SEALED_MATERIAL_KEY_LEN) {
            return invalid(format!("slot {} has a key pair that cannot be its own", self.id));
        }
        Ok(())
    }

    fn check_parts(&self) -> Result<(), FormatError> {
        if self.kind == SlotKind::AllOf {
            let kinds: BTreeSet<_> = self.parts.iter().map(|part| part.kind().name()).collect();
            if self.parts.len() < 2 || kinds.len() < self.parts.len() {
                let what = format!("slot {} has too few parts, or a kind twice", self.id);
                return Err(FormatError::Invalid(what));
            }
        }
        self.parts.iter().try_for_each(Part::check)
    }
}
