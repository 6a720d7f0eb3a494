//! Numbers for the sidebar and the overview.

use serde::Serialize;
use ts_rs::TS;

use super::certificates::CertificateCountsView;
use super::keys::KeyRowView;
use super::slots::SlotView;

/// How many keys carry a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagCountView {
    /// The tag.
    pub tag: String,
    /// The number of keys.
    #[ts(type = "number")]
    pub count: u64,
}

/// Numbers for the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// All keys.
    #[ts(type = "number")]
    pub total: u64,
    /// Keys by state of the primary version: pre-active, active, suspended, deactivated,
    /// compromised, destroyed.
    #[ts(type = "Array<number>")]
    pub by_state: Vec<u64>,
    /// Rotation due within the policy's warning time.
    #[ts(type = "number")]
    pub expiring_soon: u64,
    /// Rotation overdue.
    #[ts(type = "number")]
    pub overdue: u64,
    /// Period ended or retired.
    #[ts(type = "number")]
    pub expired: u64,
    /// Compromised.
    #[ts(type = "number")]
    pub compromised: u64,
    /// Scheduled for destruction.
    #[ts(type = "number")]
    pub scheduled_for_destruction: u64,
    /// The most used tags.
    pub tags: Vec<TagCountView>,
}

/// How many keys are how strong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StrengthView {
    /// No known quantum attack breaks them.
    #[ts(type = "number")]
    pub quantum_safe: u64,
    /// At least 128 bits classically.
    #[ts(type = "number")]
    pub classical: u64,
    /// 112 bits: disallowed after 2030 (SP 800-131A).
    #[ts(type = "number")]
    pub disallowed_after_2030: u64,
}

/// What the overview shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverviewResponse {
    /// The numbers.
    pub counts: CountsView,
    /// Compromised keys that were not yet rotated, at most 5.
    pub compromised: Vec<KeyRowView>,
    /// Overdue rotations, most overdue first, at most 5.
    pub overdue: Vec<KeyRowView>,
    /// Rotations due soon, soonest first, at most 5.
    pub expiring: Vec<KeyRowView>,
    /// Scheduled destructions, soonest first, at most 5.
    pub scheduled: Vec<KeyRowView>,
    /// Rotations due in each of the next twelve months, this month first.
    #[ts(type = "Array<number>")]
    pub rotations_by_month: Vec<u64>,
    /// The first of those months, as `2026-11`.
    pub first_month: String,
    /// Strength.
    pub strength: StrengthView,
    /// How many entries the log has.
    #[ts(type = "number")]
    pub audit_size: u64,
    /// When the newest backup was made (RFC 3339).
    pub last_backup_at: Option<String>,
    /// Whether that backup was proven by a restore.
    pub last_backup_verified: bool,
    /// Recovery sheets that nobody made, tested or used for a year.
    pub recovery_untested: Vec<SlotView>,
    /// How many certificates are kept.
    pub certificates: CertificateCountsView,
    /// Keys and certificates changed or made since the newest backup.
    #[ts(type = "number")]
    pub events_since_backup: u64,
}
