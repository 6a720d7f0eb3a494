//! A passphrase slot: sealing VK (and MK) under a key derived from the passphrase.

use keyreeve_crypto::{
    Argon2Params, MaterialKey, OpenError, SecretBytes, SecretString, SlotKey, VaultKey, VaultKeys,
    derive_passphrase_key, make_array, open, pre_auth_encode, seal,
};
use keyreeve_domain::ports::{HeaderError, NewPassphraseSlot, SlotKind};
use keyreeve_domain::{KeyName, Role, SlotId, VaultId};

use crate::format::{Body, Slot, whole_milliseconds};

const KEY_LEN: usize = 32;
/// What `keyreeve_crypto::seal` adds: version, nonce and tag.
const SEAL_OVERHEAD: usize = 1 + 12 + 16;

/// How many sealed bytes a slot of this role has.
pub fn sealed_len(role: Role) -> usize {
    SEAL_OVERHEAD + if holds_material_key(role) { 2 * KEY_LEN } else { KEY_LEN }
}

fn holds_material_key(role: Role) -> bool {
    role != Role::Auditor
}

/// Makes a slot with a new salt and a new identifier, or that of the slot it replaces.
pub fn make_slot(
    vault_id: VaultId,
    id: Option<SlotId>,
    new: &NewPassphraseSlot<'_>,
    keys: &VaultKeys,
    kdf: Argon2Params,
) -> Result<Slot, HeaderError> {
    let name = KeyName::parse(new.name)?.as_str().to_owned();
    let id = match id {
        Some(id) => id,
        None => SlotId::from_random(make_array().map_err(random_error)?),
    };
    let mut slot = Slot {
        id,
        kind: SlotKind::Passphrase,
        name,
        role: new.role,
        created_at: whole_milliseconds(new.created_at),
        kdf,
        salt: make_array().map_err(random_error)?,
        sealed: Vec::new(),
    };
    let payload = payload(keys, slot.role)?;
    let key = slot_key(&slot, new.passphrase)?;
    // EXPOSE: the sealing key and the plaintext of the sealing.
    slot.sealed = seal(key.expose(), &associated_data(vault_id, &slot), payload.expose())
        .map_err(|error| HeaderError::Crypto(error.to_string()))?;
    Ok(slot)
}

/// Opens a slot; `None` when the passphrase is not its own, or it was changed.
pub fn open_slot(
    vault_id: VaultId,
    slot: &Slot,
    passphrase: &SecretString,
) -> Result<Option<VaultKeys>, HeaderError> {
    let key = slot_key(slot, passphrase)?;
    // EXPOSE: the opening key.
    match open(key.expose(), &associated_data(vault_id, slot), &slot.sealed) {
        Ok(payload) => keys_of(&payload, slot.role).map(Some),
        Err(OpenError::Refused) => Ok(None),
        Err(error) => Err(HeaderError::Crypto(error.to_string())),
    }
}

/// Whether a slot may go: the rules that keep a vault from being lost.
pub fn check_removal(body: &Body, id: SlotId) -> Result<(), HeaderError> {
    let kinds: Vec<_> =
        body.slots.iter().filter(|slot| slot.id != id).map(|slot| (slot.role, slot.kind)).collect();
    check_remaining(&kinds)
}

fn check_remaining(remaining: &[(Role, SlotKind)]) -> Result<(), HeaderError> {
    if !remaining.iter().any(|(role, _)| *role == Role::Administrator) {
        return Err(HeaderError::LastAdministrator);
    }
    if !remaining.iter().any(|(_, kind)| needs_no_device(*kind)) {
        return Err(HeaderError::LastIndependent);
    }
    Ok(())
}

fn needs_no_device(kind: SlotKind) -> bool {
    matches!(kind, SlotKind::Passphrase)
}

fn slot_key(slot: &Slot, passphrase: &SecretString) -> Result<SlotKey, HeaderError> {
    Ok(derive_passphrase_key(passphrase, &slot.salt, slot.kdf)?)
}

fn payload(keys: &VaultKeys, role: Role) -> Result<SecretBytes, HeaderError> {
    let mut bytes = Vec::with_capacity(2 * KEY_LEN);
    // EXPOSE: the plaintext of the slot's sealing.
    bytes.extend_from_slice(keys.vault.expose());
    let mut bytes = SecretBytes::new(bytes);
    if holds_material_key(role) {
        let Some(material) = &keys.material else {
            return Err(HeaderError::Crypto(
                "an auditor's session holds no material key to give to another slot".into(),
            ));
        };
        let mut both = Vec::with_capacity(2 * KEY_LEN);
        // EXPOSE: as above; VK and MK lie one after the other.
        both.extend_from_slice(bytes.expose());
        both.extend_from_slice(material.expose());
        bytes = SecretBytes::new(both);
    }
    Ok(bytes)
}

fn keys_of(payload: &SecretBytes, role: Role) -> Result<VaultKeys, HeaderError> {
    // EXPOSE: the keys' own bytes become their newtypes.
    let (vault, material) = payload
        .expose()
        .split_first_chunk::<KEY_LEN>()
        .ok_or_else(|| HeaderError::Crypto("the slot's content is cut short".into()))?;
    let material = match (holds_material_key(role), <&[u8; KEY_LEN]>::try_from(material)) {
        (true, Ok(material)) => Some(MaterialKey::from_bytes(material)),
        (false, _) if material.is_empty() => None,
        _ => {
            return Err(HeaderError::Crypto("the slot's content has the wrong length".into()));
        }
    };
    Ok(VaultKeys { vault: VaultKey::from_bytes(vault), material })
}

fn associated_data(vault_id: VaultId, slot: &Slot) -> Vec<u8> {
    let mut kdf = [0; 12];
    kdf[..4].copy_from_slice(&slot.kdf.memory_kib.to_be_bytes());
    kdf[4..8].copy_from_slice(&slot.kdf.time_cost.to_be_bytes());
    kdf[8..].copy_from_slice(&slot.kdf.lanes.to_be_bytes());
    pre_auth_encode(&[
        b"slot",
        vault_id.as_bytes(),
        slot.id.as_bytes(),
        slot.kind.name().as_bytes(),
        slot.role.name().as_bytes(),
        &kdf,
        &slot.salt,
    ])
}

fn random_error(error: keyreeve_crypto::RandomError) -> HeaderError {
    HeaderError::Crypto(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_must_remain() {
        use SlotKind::Passphrase;
        let refused = |remaining: &[(Role, SlotKind)]| {
            matches!(check_remaining(remaining), Err(HeaderError::LastAdministrator))
        };
        assert!(refused(&[]));
        assert!(refused(&[(Role::Operator, Passphrase), (Role::Auditor, Passphrase)]));
        assert!(!refused(&[(Role::Operator, Passphrase), (Role::Administrator, Passphrase)]));
    }

    #[test]
    fn every_part_of_a_slot_binds_it() {
        let slot = Slot {
            id: SlotId::from_bytes([1; 16]),
            kind: SlotKind::Passphrase,
            name: "name".into(),
            role: Role::Operator,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            kdf: Argon2Params { memory_kib: 1, time_cost: 2, lanes: 3 },
            salt: [4; 32],
            sealed: Vec::new(),
        };
        let vault = VaultId::from_bytes([2; 16]);
        let bound = associated_data(vault, &slot);
        assert_eq!(
            hex::encode(&bound),
            concat!(
                "010700000000000000",
                "0400000000000000736c6f74",
                "100000000000000002020202020202020202020202020202",
                "100000000000000001010101010101010101010101010101",
                "0a0000000000000070617373706872617365",
                "08000000000000006f70657261746f72",
                "0c00000000000000000000010000000200000003",
                "20000000000000000404040404040404040404040404040404040404040404040404040404040404",
            )
        );
        let others = [
            Slot { id: SlotId::from_bytes([9; 16]), ..slot.clone() },
            Slot { role: Role::Administrator, ..slot.clone() },
            Slot { kdf: Argon2Params { memory_kib: 9, ..slot.kdf }, ..slot.clone() },
            Slot { kdf: Argon2Params { time_cost: 9, ..slot.kdf }, ..slot.clone() },
            Slot { kdf: Argon2Params { lanes: 9, ..slot.kdf }, ..slot.clone() },
            Slot { salt: [9; 32], ..slot.clone() },
        ];
        for other in others {
            assert_ne!(associated_data(vault, &other), bound, "{other:?}");
        }
        assert_ne!(associated_data(VaultId::from_bytes([9; 16]), &slot), bound);
    }
}
