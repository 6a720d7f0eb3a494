//! Vaults that are missing, damaged, foreign, changed or newer. Each is refused by name, and what
//! is there stays as it is.

use std::fs::{self, File};
use std::process::Command;

use crate::desk::{Desk, copy_folder};

const COPIES: [&str; 2] = ["header.json", "header.backup.json"];

/// Lists the keys, which must be refused so, and leave every file as it was.
fn refused(desk: &Desk, exit: i32, code: &str) {
    let before = desk.vault_bytes();
    desk.refused(&["key", "list"], exit, code);
    assert_eq!(desk.vault_bytes(), before, "{code}");
}

/// Runs `damage` on a fresh vault, expects the refusal, puts the good files back, and finds every
/// key again.
fn recovers(exit: i32, code: &str, damage: impl FnOnce(&Desk)) {
    let desk = Desk::with_keys();
    let good = desk.vault_bytes();
    damage(&desk);
    refused(&desk, exit, code);
    for (name, bytes) in good {
        fs::write(desk.vault().join(name), bytes).unwrap();
    }
    assert_eq!(desk.names(), ["sealer", "signer"]);
    assert_eq!(desk.ok(&["audit", "verify"])["ok"], true);
}

fn both_headers(desk: &Desk, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    for name in COPIES {
        let path = desk.vault().join(name);
        fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    }
}

fn database(desk: &Desk, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let path = desk.vault().join("vault.db");
    fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
}

fn flip(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

#[test]
fn no_vault_at_all() {
    let desk = Desk::empty();
    desk.refused(&["key", "list"], 4, "not_a_vault");
    desk.refused(&["status"], 4, "not_a_vault");
    fs::create_dir(desk.vault()).unwrap();
    desk.refused(&["status"], 4, "not_a_vault");
    fs::remove_dir(desk.vault()).unwrap();
    File::create(desk.vault()).unwrap();
    desk.refused(&["status"], 4, "not_a_vault");
    desk.refused(&["init"], 1, "exists");
}

/// `init` appends the ending, and whoever named the vault without it names it so again.
#[test]
fn a_vault_is_found_without_its_ending() {
    let desk = Desk::with_keys();
    let named = desk.vault().with_extension("");
    let names = |desk: &Desk| {
        let list = desk.ok(&["--vault", named.to_str().unwrap(), "key", "list"]);
        list["keys"].as_array().unwrap().len()
    };
    assert_eq!(names(&desk), 2);
    let status = desk.ok(&["--vault", named.to_str().unwrap(), "status"]);
    assert_eq!(status["vault"]["path"], desk.vault().to_str().unwrap());
    // What is there under the name itself is what is meant.
    fs::create_dir(&named).unwrap();
    desk.refused(&["--vault", named.to_str().unwrap(), "status"], 4, "not_a_vault");
}

#[test]
fn one_damaged_header_copy_is_made_good_from_the_other() {
    for name in COPIES {
        for bytes in [&b""[..], b"{", b"\0\0\0"] {
            let desk = Desk::with_keys();
            let good = fs::read(desk.vault().join(name)).unwrap();
            fs::write(desk.vault().join(name), bytes).unwrap();
            assert_eq!(desk.names(), ["sealer", "signer"]);
            assert_eq!(fs::read(desk.vault().join(name)).unwrap(), good);
        }
    }
}

#[test]
fn both_header_copies_empty_short_or_foreign() {
    recovers(5, "header_damaged", |desk| both_headers(desk, |_| Vec::new()));
    recovers(5, "header_damaged", |desk| both_headers(desk, |b| b[..b.len() / 2].to_vec()));
    recovers(5, "header_damaged", |desk| both_headers(desk, |_| b"{\"a\":1}\n".to_vec()));
    recovers(5, "header_damaged", |desk| both_headers(desk, |_| vec![0; 5_000]));
    recovers(5, "header_damaged", |desk| both_headers(desk, |b| flip(b.clone(), b.len() / 2)));
    recovers(5, "header_damaged", |desk| {
        for name in COPIES {
            fs::remove_file(desk.vault().join(name)).unwrap();
        }
    });
}

#[test]
fn header_copies_of_five_gigabytes() {
    recovers(5, "header_damaged", |desk| {
        for name in COPIES {
            fs::remove_file(desk.vault().join(name)).unwrap();
            File::create(desk.vault().join(name)).unwrap().set_len(5 << 30).unwrap();
        }
    });
}

#[test]
fn a_header_of_a_newer_format() {
    recovers(5, "newer_format", |desk| {
        both_headers(desk, |bytes| sealed(&bytes, "\"format\":1,", "\"format\":2,"))
    });
}

#[test]
fn a_header_that_someone_changed_and_made_look_right() {
    let role = ("\"role\":\"administrator\"", "\"role\":\"operator\"");
    // The role is bound to the slot's seal as well, so the slot no longer opens at all.
    recovers(3, "wrong_passphrase", |desk| {
        both_headers(desk, |bytes| sealed(&bytes, role.0, role.1))
    });
    let name = ("\"name\":\"Passphrase\"", "\"name\":\"Passphrasf\"");
    recovers(6, "header_tampered", |desk| {
        both_headers(desk, |bytes| sealed(&bytes, name.0, name.1))
    });
}

/// Changes a header's body and puts a checksum over it that fits, as anyone could.
fn sealed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap().trim_end();
    let body = text.strip_prefix("{\"body\":").unwrap();
    let (body, rest) = body.split_at(body.find(",\"sha256\":").unwrap());
    let hmac = rest.split("\"hmac\":\"").nth(1).unwrap().strip_suffix("\"}").unwrap();
    let changed = body.replacen(from, to, 1);
    assert_ne!(changed, body);
    let digest = keyreeve_crypto::sha256(format!("{changed}{hmac}").as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{{\"body\":{changed},\"sha256\":\"{digest}\",\"hmac\":\"{hmac}\"}}\n").into_bytes()
}

#[test]
fn a_header_without_its_database() {
    recovers(5, "database_missing", |desk| {
        fs::remove_file(desk.vault().join("vault.db")).unwrap();
    });
}

#[test]
fn a_database_that_is_empty_short_plaintext_or_foreign() {
    recovers(5, "database_foreign", |desk| database(desk, |_| Vec::new()));
    recovers(5, "database_foreign", |desk| database(desk, |bytes| bytes[..100].to_vec()));
    recovers(5, "database_foreign", |desk| {
        database(desk, |bytes| [&b"SQLite format 3\0"[..], &bytes[16..]].concat());
    });
    recovers(5, "database_foreign", |desk| {
        let fresh = Desk::empty();
        fresh.ok(&["init", "--kdf-memory-kib", "65536"]);
        fs::copy(fresh.vault().join("vault.db"), desk.vault().join("vault.db")).unwrap();
    });
}

#[test]
fn a_database_of_five_gigabytes_of_nothing() {
    recovers(5, "database_foreign", |desk| {
        fs::remove_file(desk.vault().join("vault.db")).unwrap();
        File::create(desk.vault().join("vault.db")).unwrap().set_len(5 << 30).unwrap();
    });
}

#[test]
fn a_database_cut_short_or_with_a_flipped_bit() {
    recovers(6, "database_damaged", |desk| {
        database(desk, |bytes| bytes[..bytes.len() / 2 / 4096 * 4096].to_vec());
    });
}

/// Verification reads every page: whichever is damaged, it never passes for good. Here the command line is asked about some
/// pages; the store's own tests flip every bit.
#[test]
fn a_flipped_bit_anywhere_in_the_database_is_found() {
    let desk = Desk::with_keys();
    let good = fs::read(desk.vault().join("vault.db")).unwrap();
    for page in (0..good.len() / 4096).step_by(9) {
        let path = desk.text(&format!("{page}.keyreeve"));
        copy_folder(&desk.vault(), path.as_ref());
        fs::write(format!("{path}/vault.db"), flip(good.clone(), page * 4096 + 2_000)).unwrap();
        let args =
            ["backup", "create", "--json", "--out", "x", "--to", RECIPIENT, "--vault", &path];
        let done = desk.run(&args);
        assert!([5, 6].contains(&done.exit), "page {page}: {done:?}");
        assert!(!desk.path("x.keyreeve-backup.age").exists());
    }
    assert_eq!(desk.names(), ["sealer", "signer"]);
}

const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

#[test]
fn a_database_from_the_past_is_a_rollback() {
    let desk = Desk::with_keys();
    desk.names();
    let old = desk.path("old");
    copy_folder(&desk.vault(), &old);
    desk.make("newer", "hmac-sha256", "mac", &[]);
    fs::copy(old.join("vault.db"), desk.vault().join("vault.db")).unwrap();
    refused(&desk, 6, "rollback");
    desk.ok(&["key", "list", "--accept-rollback"]);
    assert_eq!(desk.names(), ["sealer", "signer"]);
    let accepted = desk.ok(&["audit", "list", "--action", "vault.accept_rollback"]);
    assert_eq!(accepted["events"].as_array().unwrap().len(), 1);
}

#[test]
fn a_plaintext_database_made_by_sqlite_itself() {
    recovers(5, "database_foreign", |desk| {
        let path = desk.vault().join("vault.db");
        fs::remove_file(&path).unwrap();
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
                      c.execute('create table t (a)'); c.commit()";
        let made = Command::new("python3").args(["-c", script]).arg(&path).status().unwrap();
        assert!(made.success());
    });
}
