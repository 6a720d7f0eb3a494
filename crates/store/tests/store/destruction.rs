//! Destruction: after it, no page of the file holds the sealed bytes, deciphered or not.

use std::fs;
use std::path::Path;

use aes::Aes256;
use aes::cipher::{Block as BlockOf, BlockCipherDecrypt as _, KeyInit as _};

use crate::support::{Vault, at, database_key, new_version, sealed_version};

type Block = BlockOf<Aes256>;

/// Every page of the database, deciphered: those in use, those free, and all that lies in them.
///
/// SQLCipher 4 with a raw key: AES-256-CBC a page, its initialisation vector and MAC in the last
/// 80 bytes; the first page begins with 16 bytes of salt in the clear.
fn deciphered_pages(file: &Path) -> Vec<Vec<u8>> {
    let cipher = Aes256::new(database_key(1).expose().into());
    let bytes = fs::read(file).unwrap();
    assert_eq!(bytes.len() % 4096, 0);
    let pages = bytes.chunks(4096).enumerate().map(|(number, page)| {
        let start = if number == 0 { 16 } else { 0 };
        let (ciphered, reserved) = page[start..].split_at(4096 - 80 - start);
        let mut previous = &reserved[..16];
        let mut plain = vec![0; start];
        for block in ciphered.chunks(16) {
            let mut deciphered = Block::try_from(block).unwrap();
            cipher.decrypt_block(&mut deciphered);
            plain.extend(deciphered.iter().zip(previous).map(|(a, b)| a ^ b));
            previous = block;
        }
        plain
    });
    let pages: Vec<_> = pages.collect();
    // Bytes 20 to 23 of every database's header, so the deciphering is right.
    assert_eq!(pages[0][20..24], [80, 64, 32, 32]);
    pages
}

fn pages_with(pages: &[Vec<u8>], needle: &[u8]) -> usize {
    pages.iter().filter(|page| page.windows(needle.len()).any(|window| window == needle)).count()
}

#[test]
fn nothing_of_a_destroyed_version_is_left_in_any_page() {
    let vault = Vault::new();
    (10..40).for_each(|n| drop(vault.add(n, &format!("neighbour {n}"))));
    let record = vault.add(1, "to be destroyed");
    let (first, second) = (sealed_version(1, 1), sealed_version(2, 70));
    let rotated = record.rotate(new_version(&second), "", at(2)).unwrap();
    vault.save(&rotated, std::slice::from_ref(&second)).unwrap();
    let scheduled = rotated.record.schedule_destruction(Some(1), 7, "", at(3)).unwrap();
    vault.save(&scheduled, &[]).unwrap();
    let pages = deciphered_pages(&vault.file());
    // The search can find: both are there before.
    for sealed in [&first, &second] {
        assert_eq!(pages_with(&pages, &sealed.data_key), 1);
        assert_eq!(pages_with(&pages, &sealed.material), 1);
    }

    let due = scheduled.record.run_due(at(11));
    assert_eq!(due.len(), 1);
    vault.save(&due[0], &[]).unwrap();

    let pages = deciphered_pages(&vault.file());
    for gone in [&first.data_key, &first.material] {
        // Not even a quarter of it.
        assert_eq!(pages_with(&pages, &gone[..16]), 0);
        assert_eq!(pages_with(&pages, &gone[gone.len() - 16..]), 0);
    }
    assert_eq!(pages_with(&pages, &second.material), 1);
    let names: Vec<_> =
        fs::read_dir(vault.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["vault.db"], "no journal is left");
    assert_eq!(vault.store.read().unwrap().sealed(record.id, 1).unwrap(), None);
    vault.store.check_integrity().unwrap();
}

#[test]
fn a_pre_active_key_destroyed_at_once_leaves_nothing() {
    let vault = Vault::new();
    let sealed = sealed_version(1, 1);
    let new = keyreeve_domain::NewKey {
        activate_at: Some(at(30)),
        ..crate::support::plain_key(crate::support::key_id(1), "never used")
    };
    let created = keyreeve_domain::KeyRecord::create(new, new_version(&sealed), at(1)).unwrap();
    vault.save(&created, std::slice::from_ref(&sealed)).unwrap();
    assert_eq!(pages_with(&deciphered_pages(&vault.file()), &sealed.material), 1);
    let destroyed = created.record.schedule_destruction(None, 7, "", at(2)).unwrap();
    vault.save(&destroyed, &[]).unwrap();
    let pages = deciphered_pages(&vault.file());
    assert_eq!(pages_with(&pages, &sealed.material[..16]), 0);
    assert_eq!(pages_with(&pages, &sealed.data_key[..16]), 0);
}
