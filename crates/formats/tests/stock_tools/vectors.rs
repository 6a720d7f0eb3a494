//! The vectors of Python's `cryptography`, made by many programs over many years, some of them broken on
//! purpose: each file comes to a definite end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyreeve_crypto::SecretBytes;
use keyreeve_formats::{Found, Item, read};

use crate::reading::secret;

/// The passwords that the vectors' documentation tells.
const PASSWORDS: [&str; 13] = [
    "password",
    "foobar",
    "baz",
    "123456",
    "a123456",
    "cryptography",
    "asdf",
    "1234",
    "passphrase",
    "Red Hat Enterprise Linux 7.4",
    "hunter2",
    "hunter42",
    "PolarSSLTest",
];

/// What came of the files of a folder.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Outcomes {
    /// Holds at least one key or certificate.
    read: usize,
    /// Is encrypted under a password that nobody told.
    locked: usize,
    /// Is refused, in words.
    refused: usize,
    /// Has nothing that looks like a key: parameters, texts, lists of numbers.
    nothing: usize,
}

fn folder() -> PathBuf {
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let ask = "import cryptography_vectors as v; print(v.__path__[0])";
    let answer = Command::new(python).args(["-c", ask]).output().unwrap();
    assert!(answer.status.success(), "{answer:?}");
    PathBuf::from(String::from_utf8(answer.stdout).unwrap().trim())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn opened(item: Item) -> Vec<Item> {
    if !item.is_locked() {
        return vec![item];
    }
    let inside = PASSWORDS.iter().find_map(|password| item.open(&secret(password)));
    inside.unwrap_or_else(|| vec![item])
}

fn outcome(file: &Path, outcomes: &mut Outcomes) -> &'static str {
    let bytes = SecretBytes::new(fs::read(file).unwrap());
    let Ok(items) = read(&bytes) else {
        outcomes.nothing += 1;
        return "nothing";
    };
    let items: Vec<_> = items.into_iter().flat_map(opened).collect();
    let sound = |item: &Item| !matches!(item.found, Found::Refused(_) | Found::Locked(_));
    for item in &items {
        if let Found::Refused(refusal) = &item.found {
            assert!(!refusal.to_string().is_empty());
        }
    }
    let (place, name) = if items.iter().any(sound) {
        (&mut outcomes.read, "read")
    } else if items.iter().any(Item::is_locked) {
        (&mut outcomes.locked, "locked")
    } else {
        (&mut outcomes.refused, "refused")
    };
    *place += 1;
    name
}

#[test]
fn every_file_comes_to_a_definite_end() {
    let folder = folder();
    let mut found = BTreeMap::new();
    let mut told = String::new();
    for part in ["asymmetric", "pkcs12"] {
        let part = folder.join(part);
        for file in files(&part) {
            let name = file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            let mut parts: Vec<_> = name.split('/').collect();
            parts.truncate(if parts[0] == "asymmetric" { 2 } else { 1 });
            let what = outcome(&file, found.entry(parts.join("/")).or_default());
            told.push_str(&format!("{what} {name}\n"));
        }
    }
    let folders: [(&str, [usize; 4]); 19] = [
        ("asymmetric/DER_Serialization", [8, 0, 9, 0]),
        ("asymmetric/DH", [0, 0, 12, 11]),
        ("asymmetric/DSA", [0, 0, 1, 16]),
        ("asymmetric/EC", [2, 0, 23, 1]),
        ("asymmetric/ECDH", [0, 0, 0, 5]),
        ("asymmetric/ECDSA", [1, 0, 0, 13]),
        ("asymmetric/Ed25519", [6, 0, 1, 1]),
        ("asymmetric/Ed448", [2, 0, 4, 1]),
        ("asymmetric/MLDSA", [2, 0, 1, 3]),
        ("asymmetric/MLKEM", [0, 0, 2, 3]),
        ("asymmetric/OpenSSH", [29, 0, 17, 1]),
        ("asymmetric/PEM_Serialization", [6, 0, 5, 2]),
        ("asymmetric/PKCS8", [14, 1, 40, 0]),
        ("asymmetric/RSA", [0, 0, 0, 47]),
        ("asymmetric/Traditional_OpenSSL_Serialization", [4, 0, 9, 0]),
        ("asymmetric/X25519", [6, 0, 0, 1]),
        ("asymmetric/X448", [2, 0, 4, 1]),
        ("asymmetric/public", [1, 0, 2, 0]),
        ("pkcs12", [33, 0, 0, 0]),
    ];
    let wanted = folders.map(|(name, [read, locked, refused, nothing])| {
        (name.to_owned(), Outcomes { read, locked, refused, nothing })
    });
    assert_eq!(found, BTreeMap::from(wanted), "{told}");
}
