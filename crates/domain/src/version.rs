//! A version of a key.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::state::State;

/// Where a version's material came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Made in this vault.
    Generated,
    /// Brought in from outside.
    Imported,
}

impl Origin {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Imported => "imported",
        }
    }
}

/// One version of a key: its state, its dates and what may be known of its material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVersion {
    /// The number, from 1.
    pub version: u32,
    /// The state.
    pub state: State,
    /// When it came into the vault.
    pub created_at: Timestamp,
    /// When a pre-active version is to become active.
    pub activate_at: Option<Timestamp>,
    /// When it became active.
    pub activated_at: Option<Timestamp>,
    /// When it was last suspended; cleared on resuming.
    pub suspended_at: Option<Timestamp>,
    /// When an active version that was rotated with an overlap is to be deactivated.
    pub deactivate_at: Option<Timestamp>,
    /// When it was deactivated.
    pub deactivated_at: Option<Timestamp>,
    /// When someone else may have come to know it, as far as the reporter says.
    pub compromised_at: Option<Timestamp>,
    /// Why it was reported compromised.
    pub compromise_reason: Option<String>,
    /// When it will be destroyed; while set, every operation is refused.
    pub destroy_scheduled_at: Option<Timestamp>,
    /// When its material was destroyed.
    pub destroyed_at: Option<Timestamp>,
    /// The version that took its place.
    pub replaced_by: Option<u32>,
    /// Where the material came from.
    pub origin: Origin,
    /// What made the material, for instance `keyreeve 0.1.0`.
    pub generator: String,
    /// Who made or brought it: the slot's name.
    pub creator: String,
    /// The public half as DER SubjectPublicKeyInfo (RFC 5280).
    pub public_key: Option<Vec<u8>>,
    /// Fingerprints by their name, the way each kind's own tools print them.
    pub fingerprints: BTreeMap<String, String>,
    /// The key check value of a symmetric key.
    pub kcv: Option<String>,
    /// How many times it encrypted.
    pub encryptions: u64,
    /// SHA-256 of the sealed data key, which the audit log so vouches for; `None` once destroyed.
    pub data_key_digest: Option<[u8; 32]>,
    /// SHA-256 of the sealed material; `None` once destroyed.
    pub material_digest: Option<[u8; 32]>,
}

impl KeyVersion {
    /// When the originator-usage period ends: no new protection with it from then on.
    #[must_use]
    pub fn originator_usage_end(&self, policy: &Policy) -> Option<Timestamp> {
        Some(policy.originator_usage.as_ref()?.after(self.activated_at?))
    }

    /// When the recipient-usage period ends: processing with it only with a warning from then on.
    #[must_use]
    pub fn recipient_usage_end(&self, policy: &Policy) -> Option<Timestamp> {
        Some(policy.recipient_usage.as_ref()?.after(self.activated_at?))
    }

    /// When it is deactivated by itself: at the end of the overlap after a rotation, or of the
    /// originator-usage period if the policy ends the use with it, whichever comes first.
    #[must_use]
    pub fn use_end(&self, policy: &Policy) -> Option<Timestamp> {
        let usage_end = self.originator_usage_end(policy).filter(|_| policy.ends_use);
        [self.deactivate_at, usage_end].into_iter().flatten().min()
    }
}
