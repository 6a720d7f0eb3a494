//! What a vault says of itself, locked and unlocked.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::AuditPublicKey;
use keyreeve_domain::SlotId;
use keyreeve_domain::audit::{checkpoint_origin, verifier_key};
use keyreeve_domain::ports::{HeaderInfo, PartInfo, RecoveryForm, SlotInfo};

use crate::api::{SessionView, SlotPartView, SlotView, VaultPathRequest, VaultStatus};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;
use crate::slots::untested;
use crate::world::World;

/// What the header says, without unlocking.
///
/// # Errors
/// When there is no vault, or its header is missing, damaged or newer.
pub fn vault_status(world: &World, request: &VaultPathRequest) -> Result<VaultStatus, Error> {
    let path = parse::vault_path(&request.path);
    Ok(status_view(&path, &world.headers.read(&path)?, &BTreeMap::new()))
}

/// What the unlocked vault says.
///
/// # Errors
/// When the header or the database cannot be read.
pub fn session_view(session: &UnlockedSession) -> Result<SessionView, Error> {
    let tx = session.read()?;
    let header = session.world.headers.read(&session.path)?;
    let uses = tx.slot_uses()?;
    let public = AuditPublicKey(session.meta.audit_public_key);
    Ok(SessionView {
        vault: status_view(&session.path, &header, &uses),
        slot: slot_view(&session.slot, &uses),
        unlocked_at: session.unlocked_at.to_string(),
        audit_public_key: verifier_key(&checkpoint_origin(session.vault_id()), &public),
        audit_size: tx.frontier()?.size(),
        failed_unlocks: session.failed_unlocks,
        done_at_unlock: session.done_at_unlock.clone(),
        recovery_untested: untested(&header.slots, &uses, session.now())
            .into_iter()
            .map(|slot| slot.name.clone())
            .collect(),
        last_backup_at: tx.backups()?.first().map(|backup| backup.time.to_string()),
    })
}

fn status_view(
    path: &Path,
    header: &HeaderInfo,
    uses: &BTreeMap<SlotId, Timestamp>,
) -> VaultStatus {
    VaultStatus {
        id: header.vault_id.to_string(),
        path: path.to_string_lossy().into_owned(),
        name: parse::vault_name(path),
        format: header.format,
        created_at: header.created_at.to_string(),
        header_sequence: header.sequence,
        slots: header.slots.iter().map(|slot| slot_view(slot, uses)).collect(),
    }
}

pub(crate) fn slot_view(slot: &SlotInfo, uses: &BTreeMap<SlotId, Timestamp>) -> SlotView {
    SlotView {
        id: slot.id.to_string(),
        kind: slot.kind.name().into(),
        parts: slot.parts.iter().map(part_view).collect(),
        name: slot.name.clone(),
        role: slot.role.name().into(),
        created_at: slot.created_at.to_string(),
        last_used_at: uses.get(&slot.id).map(ToString::to_string),
    }
}

fn part_view(part: &PartInfo) -> SlotPartView {
    let mut view = SlotPartView {
        kind: part.kind().name().into(),
        shares: None,
        threshold: None,
        serial: None,
        algorithm: None,
    };
    match part {
        PartInfo::Recovery(RecoveryForm::Shares { shares, threshold }) => {
            (view.shares, view.threshold) = (Some(*shares), Some(*threshold));
        }
        PartInfo::Card(card) => {
            view.serial = Some(card.serial.clone());
            view.algorithm = Some(card.algorithm.clone());
        }
        _ => {}
    }
    view
}
