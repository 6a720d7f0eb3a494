//! Creates a vault.

use std::sync::atomic::AtomicBool;

use keyreeve_crypto::{
    AuditSigningKey, MaterialKey, VaultKey, VaultKeys, make_array, seal_audit_key,
};
use keyreeve_domain::audit::{Action, Actor, ObjectKind, Source};
use keyreeve_domain::ports::{NewSlot, NewWay, Stamp, VaultMeta};
use keyreeve_domain::{Role, VaultId};

use crate::api::CreateVaultRequest;
use crate::error::Error;
use crate::material_key::Held;
use crate::parse;
use crate::session::{UnlockedSession, draft};
use crate::vault::founding::Founding;
use crate::vault::require_strong;
use crate::world::World;

/// The first slot's name when none is given.
const FIRST_SLOT: &str = "Passphrase";

/// Makes a vault with one administrator's passphrase slot, and leaves it unlocked.
///
/// # Errors
/// When the passphrase is weak and not accepted, something is at the path, or the file system
/// fails; nothing is then left behind.
pub fn create_vault(
    world: &World,
    request: &CreateVaultRequest,
    source: Source,
) -> Result<UnlockedSession, Error> {
    require_strong(&request.passphrase, request.accept_weak_passphrase)?;
    let path = parse::new_vault_path(&request.path)?;
    let path = std::path::absolute(&path).unwrap_or(path);
    let now = world.clock.now();
    let vault_id = VaultId::from_random(make_array()?);
    let keys = VaultKeys { vault: VaultKey::make()?, material: Some(MaterialKey::make()?) };
    let audit_key = AuditSigningKey::make()?;
    let seal_key = keys.vault.derive_audit_seal_key(vault_id.as_bytes());
    let meta = VaultMeta {
        vault_id,
        created_at: now,
        audit_public_key: audit_key.public().0,
        sealed_audit_key: seal_audit_key(&seal_key, vault_id.as_bytes(), &audit_key)?,
    };

    let name = request.slot_name.as_deref().unwrap_or(FIRST_SLOT);
    let name = parse::name(name)?;
    let slot = NewSlot {
        name: name.as_str(),
        role: Role::Administrator,
        way: NewWay::Passphrase(&request.passphrase),
        created_at: now,
    };
    let mut founding = Founding::at(&path)?;
    let folder = founding.folder();
    let slot = world.headers.create(&folder, vault_id, &keys, &slot)?;
    founding.begun();
    let actor = Actor { member: slot.name.clone(), slot: Some(slot.id.to_string()) };
    let stamp = Stamp { time: now, actor, source };
    let first = draft(&stamp, Action::VaultCreate, ObjectKind::Vault, vault_id.to_string());
    let database_key = keys.vault.derive_database_key(vault_id.as_bytes());
    drop(world.stores.create(&folder, &database_key, &meta, first)?);
    founding.put()?;
    let store = world.stores.open(&path, &database_key)?;
    let session = UnlockedSession {
        world: world.clone(),
        store,
        held: std::sync::RwLock::new(std::sync::Arc::new(Held::first(keys))),
        rotating: std::sync::Mutex::default(),
        meta,
        path,
        slot,
        source,
        unlocked_at: now,
        clock_accepted: AtomicBool::new(false),
        failed_unlocks: 0,
        staged: std::sync::Mutex::default(),
        done_at_unlock: Vec::new(),
    };
    let mut write = session.write()?;
    write.tx.touch_slot(session.slot.id, now)?;
    let sequence = session.world.headers.read(&session.path)?.sequence;
    write.remember_header(sequence)?;
    write.commit_with_checkpoint()?;
    founding.keep();
    Ok(session)
}
