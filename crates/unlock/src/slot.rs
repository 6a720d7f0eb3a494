//! A slot: sealing VK (and MK) under the key that its parts yield.

use keyreeve_crypto::{
    MaterialKey, OpenError, SecretBytes, SlotContext, SlotKey, SlotPairError, SlotPrivateKey,
    VaultKey, VaultKeys, derive_key, make_array, open, pre_auth_encode, seal,
};
use keyreeve_domain::ports::{Credentials, HeaderError, NewSlot, NewWay, SlotInfo, SlotKind};
use keyreeve_domain::{KeyName, Role, SlotId, VaultId};
use zeroize::Zeroizing;

use crate::format::{Body, Pair, Slot, whole_milliseconds};
use crate::part::Part;
use crate::source::{Place, Sources};

const KEY_LEN: usize = 32;
/// What `keyreeve_crypto::seal` adds: version, nonce and tag.
const SEAL_OVERHEAD: usize = 1 + 12 + 16;
/// The label under which the keys of several parts become one.
const ALL_OF_LABEL: &str = "keyreeve/v1/slot/all_of";

/// How many sealed bytes a slot of this role has.
pub fn sealed_len(role: Role) -> usize {
    SEAL_OVERHEAD + if reaches_material(role) { 2 * KEY_LEN } else { KEY_LEN }
}

/// Whether slots of this role yield MK.
pub fn reaches_material(role: Role) -> bool {
    role != Role::Auditor
}

/// Makes a slot with new parameters and a new identifier, or that of the slot it replaces.
pub fn make_slot(
    vault_id: VaultId,
    id: Option<SlotId>,
    new: &NewSlot<'_>,
    keys: &VaultKeys,
    sources: &Sources,
) -> Result<Slot, HeaderError> {
    let name = KeyName::parse(new.name)?.as_str().to_owned();
    let id = match id {
        Some(id) => id,
        None => SlotId::from_random(make_array().map_err(random_error)?),
    };
    let place = Place { vault: vault_id, slot: id };
    let (payload, pair) = payload(keys, place, new.role)?;
    let (kind, parts, key) = enrol(place, &new.way, sources)?;
    let mut slot = Slot {
        id,
        kind,
        name,
        role: new.role,
        created_at: whole_milliseconds(new.created_at),
        parts,
        sealed: Vec::new(),
        pair,
    };
    // EXPOSE: the sealing key and the plaintext of the sealing.
    slot.sealed = seal(key.expose(), &associated_data(vault_id, &slot), payload.expose())
        .map_err(|error| HeaderError::Crypto(error.to_string()))?;
    Ok(slot)
}

fn enrol(
    place: Place,
    way: &NewWay<'_>,
    sources: &Sources,
) -> Result<(SlotKind, Vec<Part>, SlotKey), HeaderError> {
    let NewWay::AllOf(ways) = way else {
        let (part, key) = sources.of(way.kind())?.enrol(place, way)?;
        return Ok((part.kind(), vec![part], key));
    };
    check_ways(ways)?;
    let (mut parts, mut keys) = (Vec::new(), Vec::new());
    for way in *ways {
        match sources.of(way.kind()).and_then(|source| source.enrol(place, way)) {
            Ok((part, key)) => {
                parts.push(part);
                keys.push(key);
            }
            Err(error) => {
                sources.forget(place, &parts);
                return Err(error);
            }
        }
    }
    Ok((SlotKind::AllOf, parts, all_of(place, &keys)))
}

fn check_ways(ways: &[NewWay<'_>]) -> Result<(), HeaderError> {
    if ways.len() < 2 {
        return Err(HeaderError::Parts("a slot of several parts has at least two"));
    }
    for (at, way) in ways.iter().enumerate() {
        if way.kind() == SlotKind::AllOf {
            return Err(HeaderError::Parts(
                "a slot of several parts cannot have such a slot in it",
            ));
        }
        if ways[..at].iter().any(|earlier| earlier.kind() == way.kind()) {
            return Err(HeaderError::Parts("a slot of several parts has no kind twice"));
        }
        if way.kind().is_card() && ways[..at].iter().any(|earlier| earlier.kind().is_card()) {
            // One PIN is asked for, and must not reach the other card.
            return Err(HeaderError::Parts("a slot of several parts has at most one card"));
        }
    }
    Ok(())
}

/// One key from those of all parts, in their order.
fn all_of(place: Place, keys: &[SlotKey]) -> SlotKey {
    let mut together = Zeroizing::new(Vec::with_capacity(keys.len() * KEY_LEN));
    for key in keys {
        // EXPOSE: the input key of the derivation.
        together.extend_from_slice(key.expose());
    }
    let context = [&place.vault.as_bytes()[..], place.slot.as_bytes()];
    SlotKey::from_bytes(&derive_key(&together, ALL_OF_LABEL, &context))
}

/// Opens a slot; `None` when what was shown is not its own, or it was changed.
pub fn open_slot(
    vault_id: VaultId,
    slot: &Slot,
    credentials: &Credentials<'_>,
    sources: &Sources,
) -> Result<Option<VaultKeys>, HeaderError> {
    let key = slot_key(vault_id, slot, credentials, sources)?;
    // EXPOSE: the opening key.
    match open(key.expose(), &associated_data(vault_id, slot), &slot.sealed) {
        Ok(payload) => keys_of(vault_id, &payload, slot).map(Some),
        Err(OpenError::Refused) => Ok(None),
        Err(error) => Err(HeaderError::Crypto(error.to_string())),
    }
}

fn slot_key(
    vault_id: VaultId,
    slot: &Slot,
    credentials: &Credentials<'_>,
    sources: &Sources,
) -> Result<SlotKey, HeaderError> {
    let place = Place { vault: vault_id, slot: slot.id };
    let key_of = |part: &Part| sources.of(part.kind())?.key(place, part, credentials);
    match (slot.kind, slot.parts.as_slice()) {
        (SlotKind::AllOf, parts) => {
            let keys = parts.iter().map(key_of).collect::<Result<Vec<_>, _>>()?;
            Ok(all_of(place, &keys))
        }
        (_, [part]) => key_of(part),
        (kind, _) => Err(not_its_own(kind)),
    }
}

/// Whether a slot may go: the rules that keep a vault from being lost.
pub fn check_removal(body: &Body, id: SlotId) -> Result<(), HeaderError> {
    let remaining: Vec<_> =
        body.slots.iter().filter(|slot| slot.id != id).map(Slot::info).collect();
    check_remaining(&remaining)
}

/// Refuses a set of slots with which a vault could be lost.
pub fn check_remaining(remaining: &[SlotInfo]) -> Result<(), HeaderError> {
    let mut administrators = remaining.iter().filter(|slot| slot.role == Role::Administrator);
    if administrators.clone().next().is_none() {
        return Err(HeaderError::LastAdministrator);
    }
    if !administrators.any(SlotInfo::needs_no_device) {
        return Err(HeaderError::LastIndependent);
    }
    Ok(())
}

/// What a slot of this role seals, and its key pair with MK sealed to that.
fn payload(
    keys: &VaultKeys,
    place: Place,
    role: Role,
) -> Result<(SecretBytes, Option<Pair>), HeaderError> {
    if !reaches_material(role) {
        // EXPOSE: the plaintext of the slot's sealing.
        return Ok((SecretBytes::new(keys.vault.expose().to_vec()), None));
    }
    let Some(material) = &keys.material else {
        return Err(HeaderError::Crypto(
            "an auditor's session holds no material key to give to another slot".into(),
        ));
    };
    let private = SlotPrivateKey::make().map_err(random_error)?;
    let context = context(&place.vault, &place.slot, role);
    let public = private.public().map_err(pair_error)?;
    let pair = Pair {
        recipient: context.seal_recipient(material, &public).map_err(pair_error)?,
        material_key: context.seal_material_key(&public, material).map_err(pair_error)?,
    };
    let mut both = Vec::with_capacity(2 * KEY_LEN);
    // EXPOSE: as above; VK and the private half lie one after the other.
    both.extend_from_slice(keys.vault.expose());
    both.extend_from_slice(private.expose());
    Ok((SecretBytes::new(both), Some(pair)))
}

fn context<'a>(vault: &'a VaultId, slot: &'a SlotId, role: Role) -> SlotContext<'a> {
    SlotContext { vault_id: vault.as_bytes(), slot_id: slot.as_bytes(), role: role.name() }
}

/// Gives a slot the MK that follows `before`, though nobody is there who could open it. Answers
/// whether it was not there yet.
pub fn hand_over(
    vault_id: VaultId,
    slot: &mut Slot,
    before: &MaterialKey,
    next: &MaterialKey,
) -> Result<bool, HeaderError> {
    if !reaches_material(slot.role) {
        return Ok(false);
    }
    let context = context(&vault_id, &slot.id, slot.role);
    let Some(pair) = &mut slot.pair else {
        return Err(HeaderError::CannotHandOver { name: slot.name.clone() });
    };
    if context.open_recipient(next, &pair.recipient).is_ok() {
        return Ok(false);
    }
    // Sealed by who held the MK before, and so by none who could have meant another than the slot.
    let public = context
        .open_recipient(before, &pair.recipient)
        .map_err(|_refused| HeaderError::Tampered)?;
    pair.recipient = context.seal_recipient(next, &public).map_err(pair_error)?;
    pair.material_key = context.seal_material_key(&public, next).map_err(pair_error)?;
    Ok(true)
}

fn keys_of(
    vault_id: VaultId,
    payload: &SecretBytes,
    slot: &Slot,
) -> Result<VaultKeys, HeaderError> {
    // EXPOSE: the keys' own bytes become their newtypes.
    let (vault, rest) = payload
        .expose()
        .split_first_chunk::<KEY_LEN>()
        .ok_or_else(|| HeaderError::Crypto("the slot's content is cut short".into()))?;
    let material = match (&slot.pair, <&[u8; KEY_LEN]>::try_from(rest)) {
        (Some(pair), Ok(private)) => {
            let private = SlotPrivateKey::from_bytes(private);
            let context = context(&vault_id, &slot.id, slot.role);
            let opened = context.open_material_key(&private, &pair.material_key);
            // The slot's own seal held: what was sealed to it was changed.
            Some(opened.map_err(|_refused| HeaderError::Tampered)?)
        }
        (None, Ok(material)) if reaches_material(slot.role) => {
            Some(MaterialKey::from_bytes(material))
        }
        (None, _) if rest.is_empty() && !reaches_material(slot.role) => None,
        _ => {
            return Err(HeaderError::Crypto("the slot's content has the wrong length".into()));
        }
    };
    Ok(VaultKeys { vault: VaultKey::from_bytes(vault), material })
}

fn pair_error(error: SlotPairError) -> HeaderError {
    HeaderError::Crypto(error.to_string())
}

/// Everything of a slot but its name and time, in one encoding, so that none of it can be changed
/// without the slot refusing to open. The name and the time are under the header's HMAC.
fn associated_data(vault_id: VaultId, slot: &Slot) -> Vec<u8> {
    let of_parts = match (slot.kind, slot.parts.as_slice()) {
        (SlotKind::AllOf, parts) => parts.iter().map(Part::bound_as_one).collect(),
        (_, parts) => parts.iter().flat_map(Part::bound).collect::<Vec<_>>(),
    };
    // What lies beside VK is bound too: a private half can never be taken for MK.
    let label: &[u8] = if slot.pair.is_some() { b"slot-with-pair" } else { b"slot" };
    let mut bound: Vec<&[u8]> = vec![
        label,
        vault_id.as_bytes(),
        slot.id.as_bytes(),
        slot.kind.name().as_bytes(),
        slot.role.name().as_bytes(),
    ];
    bound.extend(of_parts.iter().map(Vec::as_slice));
    pre_auth_encode(&bound)
}

/// A source was asked for another kind's part: a fault in Keyreeve itself.
pub fn not_its_own(kind: SlotKind) -> HeaderError {
    HeaderError::Crypto(format!("a part that is not of the kind “{}”", kind.name()))
}

pub fn random_error(error: keyreeve_crypto::RandomError) -> HeaderError {
    HeaderError::Crypto(error.to_string())
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::Argon2Params;
    use keyreeve_domain::ports::{NewCard, RecoveryForm};

    use super::*;
    use crate::part::{CardPart, RecoveryPart};

    const KDF: Argon2Params = Argon2Params { memory_kib: 1, time_cost: 2, lanes: 3 };

    fn passphrase() -> Part {
        Part::Passphrase { kdf: KDF, salt: [4; 32] }
    }

    fn recovery() -> Part {
        Part::Recovery(RecoveryPart {
            form: RecoveryForm::Shares { shares: 3, threshold: 2 },
            set: 0x0102,
            salt: [5; 32],
        })
    }

    fn card() -> CardPart {
        CardPart {
            kind: SlotKind::PivCard,
            serial: "0042".into(),
            algorithm: "ecdh-p256".into(),
            public_key: vec![6, 6],
            challenge: vec![7],
        }
    }

    fn slot(role: Role, parts: Vec<Part>) -> Slot {
        let kind = if let [part] = parts.as_slice() { part.kind() } else { SlotKind::AllOf };
        Slot {
            id: SlotId::from_bytes([1; 16]),
            kind,
            name: "name".into(),
            role,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            parts,
            sealed: Vec::new(),
            pair: None,
        }
    }

    fn vault() -> VaultId {
        VaultId::from_bytes([2; 16])
    }

    #[test]
    fn an_administrator_who_needs_no_device_must_remain() {
        let check = |slots: &[Slot]| {
            let infos: Vec<_> = slots.iter().map(Slot::info).collect();
            check_remaining(&infos)
        };
        let administrator = |parts| slot(Role::Administrator, parts);
        let operator = || slot(Role::Operator, vec![passphrase()]);
        let keyring = || Part::OsKeyring { salt: [0; 32] };
        for none in [vec![], vec![operator(), slot(Role::Auditor, vec![passphrase()])]] {
            assert!(matches!(check(&none), Err(HeaderError::LastAdministrator)));
        }
        for dependent in [
            vec![keyring()],
            vec![Part::Card(card())],
            vec![passphrase(), keyring()],
            vec![passphrase(), Part::Card(card())],
        ] {
            let slots = [administrator(dependent), operator()];
            assert!(matches!(check(&slots), Err(HeaderError::LastIndependent)), "{slots:?}");
        }
        for independent in [vec![passphrase()], vec![recovery()], vec![passphrase(), recovery()]] {
            assert!(check(&[administrator(independent)]).is_ok());
        }
    }

    #[test]
    fn ways_that_cannot_be_one_slot_are_refused() {
        let keyring = NewWay::OsKeyring;
        let secret = keyreeve_crypto::SecretString::new("x".into());
        let passphrase = NewWay::Passphrase(&secret);
        let inner = [keyring, passphrase];
        for ways in [
            &[][..],
            &[keyring],
            &[keyring, keyring],
            &[passphrase, keyring, passphrase],
            &[NewWay::AllOf(&inner), keyring],
        ] {
            assert!(matches!(check_ways(ways), Err(HeaderError::Parts(_))), "{ways:?}");
        }
        assert!(check_ways(&inner).is_ok());
    }

    #[test]
    fn a_slot_of_two_cards_is_refused_before_either_is_asked() {
        let pin = keyreeve_crypto::SecretString::new("123456".into());
        let card = |kind, serial| NewWay::Card(NewCard { kind, serial, pin: &pin });
        let piv = card(SlotKind::PivCard, "0001");
        let openpgp = card(SlotKind::OpenpgpCard, "0002");
        for ways in [[piv, openpgp], [openpgp, piv], [piv, card(SlotKind::PivCard, "0003")]] {
            assert!(matches!(check_ways(&ways), Err(HeaderError::Parts(_))), "{ways:?}");
        }
        let secret = keyreeve_crypto::SecretString::new("x".into());
        assert!(check_ways(&[NewWay::Passphrase(&secret), piv]).is_ok());
    }

    /// What the sealing of each kind is bound to, byte for byte.
    #[test]
    fn what_binds_each_kind_is_pinned() {
        let start = concat!(
            "0400000000000000736c6f74",
            "100000000000000002020202020202020202020202020202",
            "100000000000000001010101010101010101010101010101",
        );
        let salt = |byte: &str| format!("2000000000000000{}", byte.repeat(32));
        let of_passphrase = format!("0c00000000000000000000010000000200000003{}", salt("04"));
        let of_recovery =
            format!("0600000000000000736861726573040000000000000003020102{}", salt("05"));
        let of_card = "04000000000000003030343209000000000000006563 64682d70323536020000000000000006060100000000000000 07".replace(' ', "");
        for (slot, expected) in [
            (
                slot(Role::Operator, vec![passphrase()]),
                format!(
                    "010700000000000000{start}0a0000000000000070617373706872617365\
                         08000000000000006f70657261746f72{of_passphrase}"
                ),
            ),
            (
                slot(Role::Auditor, vec![Part::OsKeyring { salt: [3; 32] }]),
                format!(
                    "010600000000000000{start}0a000000000000006f735f6b657972696e67\
                         070000000000000061756469746f72{}",
                    salt("03")
                ),
            ),
            (
                slot(Role::Operator, vec![recovery()]),
                format!(
                    "010800000000000000{start}08000000000000007265636f76657279\
                         08000000000000006f70657261746f72{of_recovery}"
                ),
            ),
            (
                slot(Role::Operator, vec![Part::Card(card())]),
                format!(
                    "010900000000000000{start}08000000000000007069765f63617264\
                         08000000000000006f70657261746f72{of_card}"
                ),
            ),
            (
                slot(Role::Operator, vec![passphrase(), Part::OsKeyring { salt: [3; 32] }]),
                format!(
                    "010700000000000000{start}0600000000000000616c6c5f6f66\
                         08000000000000006f70657261746f72\
                         5700000000000000010300000000000000\
                         0a0000000000000070617373706872617365{of_passphrase}\
                         4300000000000000010200000000000000\
                         0a000000000000006f735f6b657972696e67{}",
                    salt("03")
                ),
            ),
        ] {
            assert_eq!(hex::encode(associated_data(vault(), &slot)), expected, "{slot:?}");
        }
    }

    #[test]
    fn every_part_of_a_slot_binds_it() {
        let operator = |parts| slot(Role::Operator, parts);
        let with_kdf = |kdf| Part::Passphrase { kdf, salt: [4; 32] };
        let with_form = |form, set| Part::Recovery(RecoveryPart { form, set, salt: [5; 32] });
        let shares = |shares, threshold| RecoveryForm::Shares { shares, threshold };
        let all = [
            operator(vec![passphrase()]),
            slot(Role::Administrator, vec![passphrase()]),
            Slot { id: SlotId::from_bytes([9; 16]), ..operator(vec![passphrase()]) },
            operator(vec![with_kdf(Argon2Params { memory_kib: 9, ..KDF })]),
            operator(vec![with_kdf(Argon2Params { time_cost: 9, ..KDF })]),
            operator(vec![with_kdf(Argon2Params { lanes: 9, ..KDF })]),
            operator(vec![Part::Passphrase { kdf: KDF, salt: [9; 32] }]),
            operator(vec![Part::OsKeyring { salt: [4; 32] }]),
            operator(vec![recovery()]),
            operator(vec![with_form(shares(4, 2), 0x0102)]),
            operator(vec![with_form(shares(3, 3), 0x0102)]),
            operator(vec![with_form(shares(3, 2), 0x0103)]),
            operator(vec![with_form(RecoveryForm::Code, 0)]),
            operator(vec![Part::Card(card())]),
            operator(vec![Part::Card(CardPart { kind: SlotKind::OpenpgpCard, ..card() })]),
            operator(vec![Part::Card(CardPart { serial: "43".into(), ..card() })]),
            operator(vec![Part::Card(CardPart { algorithm: "x25519".into(), ..card() })]),
            operator(vec![Part::Card(CardPart { public_key: vec![6], ..card() })]),
            operator(vec![Part::Card(CardPart { challenge: vec![8], ..card() })]),
            operator(vec![passphrase(), recovery()]),
            operator(vec![recovery(), passphrase()]),
            operator(vec![passphrase(), Part::OsKeyring { salt: [4; 32] }]),
            operator(vec![passphrase(), Part::OsKeyring { salt: [9; 32] }]),
        ];
        let bound: std::collections::BTreeSet<_> =
            all.iter().map(|slot| associated_data(vault(), slot)).collect();
        assert_eq!(bound.len(), all.len());
        assert!(!bound.contains(&associated_data(VaultId::from_bytes([9; 16]), &all[0])));
    }

    #[test]
    fn the_key_of_several_parts_is_pinned() {
        let place = Place { vault: vault(), slot: SlotId::from_bytes([1; 16]) };
        let key = |parts: &[u8]| {
            let keys: Vec<_> = parts.iter().map(|byte| SlotKey::from_bytes(&[*byte; 32])).collect();
            hex::encode(all_of(place, &keys).expose())
        };
        assert_eq!(
            key(&[1, 2]),
            "3b1b80a0e8a54b8b7afda3f072745bae28cc1cd429eabb7da792a11b19a09441"
        );
        assert_ne!(key(&[1, 2]), key(&[2, 1]));
        assert_ne!(key(&[1, 2]), key(&[1, 2, 3]));
    }
}
