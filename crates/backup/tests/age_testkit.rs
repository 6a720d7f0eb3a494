//! C2SP's test vectors for age (the CCTV testkit, as the `age` crate ships it), through the way that
//! a backup is opened.
//!
//! None of them holds a backup, so what age opens must be told to be none of ours, and what age must
//! refuse must be refused before anybody looks for a backup inside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyreeve_backup::{Identity, OpenError, verify};
use keyreeve_crypto::{SecretBytes, SecretString};
use keyreeve_domain::ports::Silent;

/// Headers in the form of age's first drafts, which the `age` crate goes on reading. Nothing is lost by
/// it: the header's MAC is checked all the same.
const DEVIATIONS: [&str; 2] = ["stanza_missing_body", "stanza_missing_final_line"];

/// Where cargo keeps the source of the `age` crate that is linked here.
fn testkit() -> PathBuf {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        // The packages of other platforms need not be on this computer.
        .args(["--filter-platform", "host-tuple"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let age = metadata["packages"].as_array().unwrap().iter().find(|found| found["name"] == "age");
    let manifest = Path::new(age.unwrap()["manifest_path"].as_str().unwrap());
    manifest.with_file_name("tests").join("testdata").join("testkit")
}

/// A vector: lines of names and values, an empty line, an age file.
struct Vector {
    name: String,
    said: BTreeMap<String, String>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap();
        let said: BTreeMap<_, _> = std::str::from_utf8(&bytes[..end])
            .unwrap()
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut file = bytes[end + 2..].to_vec();
        if said.get("compressed").is_some_and(|how| how == "zlib") {
            let mut whole = Vec::new();
            flate2::read::ZlibDecoder::new(file.as_slice()).read_to_end(&mut whole).unwrap();
            file = whole;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name, said, file }
    }

    fn is_armored(&self) -> bool {
        self.said.contains_key("armored")
    }

    fn identity(&self) -> Identity {
        let secret = |text: &String| SecretString::new(text.clone());
        match (self.said.get("passphrase"), self.said.get("identity")) {
            (Some(passphrase), _) => Identity::passphrase(&secret(passphrase)),
            (None, Some(key)) => {
                Identity::parse(&SecretBytes::new(key.clone().into()), None).unwrap()
            }
            // Vectors whose file is no age file at all.
            (None, None) => Identity::passphrase(&SecretString::new("none".into())),
        }
    }
}

#[test]
fn what_age_must_refuse_is_refused_and_what_it_opens_is_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vector.age");
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for entry in fs::read_dir(testkit()).unwrap() {
        let vector = Vector::read(&entry.unwrap().path());
        fs::write(&file, &vector.file).unwrap();
        let error = verify(&file, &vector.identity(), &Silent).unwrap_err();
        let what = format!("{}: {error:?}", vector.name);
        let expected = vector.said["expect"].as_str();
        if vector.is_armored() {
            // Backups are binary: armour is not opened, sound or not.
            assert!(matches!(error, OpenError::NotAge), "{what}");
            *counts.entry("armored".into()).or_default() += 1;
            continue;
        }
        match expected {
            _ if DEVIATIONS.contains(&vector.name.as_str()) => {
                assert!(got_inside(&error), "{what}");
                continue;
            }
            "success" => assert!(got_inside(&error), "{what}"),
            // A stanza of a kind that nobody knows counts as a key's.
            "no match" => assert!(
                matches!(
                    error,
                    OpenError::OtherRecipient | OpenError::WrongPassphrase | OpenError::KeyNeeded
                ),
                "{what}"
            ),
            "HMAC failure" => assert!(matches!(error, OpenError::Damaged { .. }), "{what}"),
            "header failure" => {
                assert!(!got_inside(&error) && !matches!(error, OpenError::Io(_)), "{what}");
            }
            // Where the first piece is sound, it is what tells that this is no backup.
            "payload failure" => assert!(!matches!(error, OpenError::Io(_)), "{what}"),
            other => panic!("{}: {other}", vector.name),
        }
        *counts.entry(expected.into()).or_default() += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [
        ("HMAC failure", 1),
        ("armored", 31),
        ("header failure", 49),
        ("no match", 7),
        ("payload failure", 18),
        ("success", 15),
    ];
    assert_eq!(counts, expected);
}

/// Whether what was decrypted is what was complained about.
fn got_inside(error: &OpenError) -> bool {
    match error {
        OpenError::NotABackup => true,
        OpenError::Damaged { what } => what.starts_with("its archive"),
        _ => false,
    }
}
