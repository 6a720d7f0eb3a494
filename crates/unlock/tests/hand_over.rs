//! Giving every slot another material key while nobody is there to open it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use keyreeve_crypto::{
    Argon2Params, MaterialKey, SecretString, SlotContext, SlotPrivateKey, VaultKey, VaultKeys,
    sha256_parts,
};
use keyreeve_domain::ports::{
    Credentials, HeaderError, Headers, NewSlot, NewWay, RecoveryForm, SlotChoice,
};
use keyreeve_domain::{Role, VaultId};
use keyreeve_unlock::FileHeaders;
use tempfile::TempDir;

const FIRST: &str = "the first passphrase";
const BOOKS: &str = "only the books";

fn headers() -> FileHeaders {
    FileHeaders::with_params(Argon2Params::floor(2))
}

fn keys(material: u8) -> VaultKeys {
    VaultKeys {
        vault: VaultKey::from_bytes(&[0x11; 32]),
        material: Some(MaterialKey::from_bytes(&[material; 32])),
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

fn vault_id() -> VaultId {
    VaultId::from_bytes([3; 16])
}

/// A vault with a passphrase, recovery shares, both at once, and an auditor.
fn vault() -> (TempDir, PathBuf, Vec<SecretString>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v.keyreeve");
    let slot =
        |name, role, way| NewSlot { name, role, way, created_at: jiff::Timestamp::UNIX_EPOCH };
    let first = secret(FIRST);
    let way = NewWay::Passphrase(&first);
    let main = slot("First", Role::Administrator, way);
    headers().create(&path, vault_id(), &keys(1), &main).unwrap();
    let sheet = headers().make_recovery(RecoveryForm::Shares { shares: 2, threshold: 2 }).unwrap();
    let paper = NewWay::Recovery(&sheet.texts);
    let both = [way, paper];
    let books = secret(BOOKS);
    for new in [
        slot("Paper", Role::Administrator, paper),
        slot("Both", Role::Operator, NewWay::AllOf(&both)),
        slot("Books", Role::Auditor, NewWay::Passphrase(&books)),
    ] {
        headers().add_slot(&path, &keys(1), &new).unwrap();
    }
    (folder, path, sheet.texts)
}

fn hand_over(path: &Path) -> Result<u64, HeaderError> {
    let header = headers().hand_over(path, &keys(2), &MaterialKey::from_bytes(&[1; 32]))?;
    Ok(header.sequence)
}

#[test]
fn every_kind_of_slot_yields_the_next_material_key_and_an_auditors_none() {
    let (_folder, path, texts) = vault();
    headers().check_hand_over(&path, &keys(1)).unwrap();
    assert_eq!(headers().read(&path).unwrap().sequence, 4, "looking changes nothing");
    assert_eq!(hand_over(&path).unwrap(), 5);
    assert_eq!(hand_over(&path).unwrap(), 5, "they have it already");

    let first = secret(FIRST);
    let both = Credentials { recovery: &texts, ..Credentials::passphrase(&first) };
    let books = secret(BOOKS);
    for (credentials, material) in [
        (Credentials::passphrase(&first), keys(2).material),
        (Credentials::recovery(&texts), keys(2).material),
        (both, keys(2).material),
        (Credentials::passphrase(&books), None),
    ] {
        let found = headers().unlock(&path, &SlotChoice::Any, &credentials).unwrap();
        assert_eq!((&found.keys.vault, &found.keys.material), (&keys(2).vault, &material));
    }
}

/// The header with its body changed by someone who knows VK.
fn forge(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path.join("header.json")).unwrap();
    let (body, _) = text.strip_prefix("{\"body\":").unwrap().rsplit_once(",\"sha256\":").unwrap();
    let body = change(body);
    let mac = keys(1).vault.derive_header_mac_key(vault_id().as_bytes()).mac(body.as_bytes());
    let mac = hex(&mac);
    let sha256 = hex(&sha256_parts(&[body.as_bytes(), mac.as_bytes()]));
    let text = format!("{{\"body\":{body},\"sha256\":\"{sha256}\",\"hmac\":\"{mac}\"}}\n");
    for copy in ["header.json", "header.backup.json"] {
        fs::write(path.join(copy), &text).unwrap();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn member(body: &str, name: &str) -> String {
    let (_, rest) = body.split_once(&format!("\"{name}\":\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Who was removed still knows VK and the old MK, but not the one after it.
#[test]
fn a_recipient_put_in_by_who_knows_only_old_keys_gets_nothing() {
    let (_folder, path, _texts) = vault();
    hand_over(&path).unwrap();
    let slot = headers().read(&path).unwrap().slots[0].id;
    let theirs = SlotPrivateKey::make().unwrap().public().unwrap();
    let vault = vault_id();
    let context = SlotContext {
        vault_id: vault.as_bytes(),
        slot_id: slot.as_bytes(),
        role: Role::Administrator.name(),
    };
    let recipient = context.seal_recipient(&MaterialKey::from_bytes(&[1; 32]), &theirs).unwrap();
    let before = fs::read(path.join("header.json")).unwrap();
    forge(&path, |body| body.replacen(&member(body, "recipient"), &hex(&recipient), 1));
    assert_ne!(fs::read(path.join("header.json")).unwrap(), before);
    let after = fs::read(path.join("header.json")).unwrap();
    assert!(matches!(headers().check_hand_over(&path, &keys(2)), Err(HeaderError::Tampered)));
    let next = headers().hand_over(&path, &keys(3), &MaterialKey::from_bytes(&[2; 32]));
    assert!(matches!(next, Err(HeaderError::Tampered)));
    assert_eq!(fs::read(path.join("header.json")).unwrap(), after);
}

#[test]
fn a_material_key_that_was_put_in_is_not_taken() {
    let (_folder, path, _texts) = vault();
    forge(&path, |body| {
        let sealed = member(body, "materialKey");
        let first = if sealed.starts_with('0') { "1" } else { "0" };
        body.replacen(&sealed, &format!("{first}{}", &sealed[1..]), 1)
    });
    let first = secret(FIRST);
    let opened = headers().unlock(&path, &SlotChoice::Any, &Credentials::passphrase(&first));
    assert!(matches!(opened, Err(HeaderError::Tampered)));
}

#[test]
fn a_slot_without_a_key_pair_opens_and_is_named_before_anything_changes() {
    let (_folder, path, _texts) = vault();
    // Cut away, what the slot seals is no longer bound to what is there: it does not open.
    forge(&path, |body| {
        let pair = format!(
            ",\"recipient\":\"{}\",\"materialKey\":\"{}\"",
            member(body, "recipient"),
            member(body, "materialKey")
        );
        body.replacen(&pair, "", 1)
    });
    let first = secret(FIRST);
    let opened = headers().unlock(&path, &SlotChoice::Any, &Credentials::passphrase(&first));
    assert!(matches!(opened, Err(HeaderError::WrongPassphrase)));

    let pinned = fs::read("tests/fixtures/format-1/header.json").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pinned.keyreeve");
    headers().restore(&path, &pinned).unwrap();
    let main = secret("Grüße an die 🗝️");
    let open =
        || headers().unlock(&path, &SlotChoice::Any, &Credentials::passphrase(&main)).unwrap();
    let found = open();
    let refused = headers().check_hand_over(&path, &found.keys).unwrap_err();
    assert!(matches!(&refused, HeaderError::CannotHandOver { name } if *name == found.slot.name));
    assert_eq!(headers().raw(&path).unwrap(), pinned);
    // Its passphrase typed anew gives it a key pair.
    headers().change_passphrase(&path, &found.keys, found.slot.id, &main).unwrap();
    headers().check_hand_over(&path, &found.keys).unwrap();
    assert_eq!(open().keys.material, found.keys.material);
}
