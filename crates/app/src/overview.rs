//! What needs the user, and the numbers behind it.

use jiff::Timestamp;
use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{Counts, KeyQuery, SmartFilter, SortBy};

use crate::api::{KeyRowView, OverviewResponse, StrengthView};
use crate::certificates::counts_at as certificate_counts;
use crate::error::Error;
use crate::keys::{counts_view, page};
use crate::session::UnlockedSession;
use crate::slots::untested;
use crate::vault::slot_view;

/// Rows of each list.
const SHOWN: u32 = 5;

/// What the overview shows.
///
/// # Errors
/// When the database fails.
pub fn overview(session: &UnlockedSession) -> Result<OverviewResponse, Error> {
    let now = session.now();
    let tx = session.read()?;
    let counts = tx.counts(now)?;
    let audit_size = tx.frontier()?.size();
    let backups = tx.backups()?;
    let newest = backups.first();
    let uses = tx.slot_uses()?;
    let header = session.world.headers.read(session.path())?;
    let untested = untested(&header.slots, &uses, now);
    let rows = |filter| rows(&*tx, filter, now);
    Ok(OverviewResponse {
        counts: counts_view(&counts),
        compromised: rows(SmartFilter::Compromised)?,
        overdue: rows(SmartFilter::Overdue)?,
        expiring: rows(SmartFilter::ExpiringSoon)?,
        scheduled: rows(SmartFilter::ScheduledForDestruction)?,
        rotations_by_month: counts.rotations_by_month.to_vec(),
        first_month: now.to_string().chars().take("2026-11".len()).collect(),
        strength: strength(&counts),
        audit_size,
        last_backup_at: newest.map(|backup| backup.time.to_string()),
        last_backup_verified: newest.is_some_and(|backup| backup.verified_at.is_some()),
        recovery_untested: untested.into_iter().map(|slot| slot_view(slot, &uses)).collect(),
        certificates: certificate_counts(&*tx, now)?,
        events_since_backup: key_changes_since(&*tx, newest.map_or(0, |backup| backup.audit_size))?,
    })
}

fn rows(
    tx: &dyn ReadTransaction,
    filter: SmartFilter,
    now: Timestamp,
) -> Result<Vec<KeyRowView>, Error> {
    let query = KeyQuery {
        filter: Some(filter),
        sort_by: SortBy::RotateBy,
        limit: SHOWN,
        ..KeyQuery::default()
    };
    Ok(page(tx, &query, now)?.keys)
}

/// How many key events the log has from entry `size` on.
pub(crate) fn key_changes_since(tx: &dyn ReadTransaction, size: u64) -> Result<u64, Error> {
    Ok(tx.key_changes_since(size)?)
}

fn strength(counts: &Counts) -> StrengthView {
    let mut strength = StrengthView { quantum_safe: 0, classical: 0, disallowed_after_2030: 0 };
    for (algorithm, keys) in &counts.by_algorithm {
        if algorithm.is_quantum_safe() {
            strength.quantum_safe += keys;
        } else if algorithm.strength_bits() >= 128 {
            strength.classical += keys;
        } else {
            strength.disallowed_after_2030 += keys;
        }
    }
    strength
}
