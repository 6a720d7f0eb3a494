//! Every reader of bytes from outside. Each takes any bytes, and neither ends the program nor accepts
//! what it would itself write otherwise.

use std::fs;
use std::path::{Path, PathBuf};

use keyreeve_app::api::*;
use keyreeve_backup::{Identity, Recipients};
use keyreeve_crypto::{
    Algorithm, AuditPublicKey, PublicParts, SecretBytes, SecretString, identify, sha256_parts,
};
use keyreeve_domain::audit::{AuditEntry, Checkpoint, Frontier, verify_export};
use keyreeve_domain::ports::{Anchors as _, Credentials, Headers as _, SlotChoice};
use keyreeve_domain::{Timestamp, VaultId};
use keyreeve_formats::{Authority, AwsParameters, ReadRequest, Recipient};
use keyreeve_unlock::{FileAnchors, FileHeaders};

use crate::seeds::{Answer, LOCKED, Seeds};
use crate::{backups, round_trip, rows};

/// Reads any bytes.
type Read = Box<dyn Fn(&[u8])>;

/// What reads, and what its bytes are changed from.
pub struct Target {
    /// Its name, for people.
    pub name: &'static str,
    /// What the changes begin with.
    pub seeds: Vec<Vec<u8>>,
    /// Reads any bytes.
    pub read: Read,
}

impl Target {
    /// One with this name and these bytes to begin with.
    pub fn new(name: &'static str, seeds: Vec<Vec<u8>>, read: impl Fn(&[u8]) + 'static) -> Self {
        Self { name, seeds, read: Box::new(read) }
    }
}

/// What AWS's command line prints, with a key and a token that are none.
const ANSWER: &[u8] = br#"{"KeyId":"alias/a","PublicKey":"MIIB","ImportToken":"AQID"}"#;

/// All of them, with `folder` for their files.
///
/// # Errors
/// When the folder cannot be written.
pub fn all(folder: &Path, seeds: Seeds) -> Answer<Vec<Target>> {
    let mut targets = vec![
        Target::new("key file", seeds.keys.clone(), |bytes| {
            drop(keyreeve_formats::read(&secret(bytes)));
        }),
        Target::new("locked file", LOCKED.map(<[u8]>::to_vec).to_vec(), |bytes| {
            let password = SecretString::new("password".into());
            for item in keyreeve_formats::read(&secret(bytes)).unwrap_or_default() {
                drop(item.open(&password));
            }
        }),
        Target::new("recipient", seeds.keys.clone(), |bytes| {
            // A time at which certificates of now are not yet expired, and no longer to come.
            drop(Recipient::read(
                bytes,
                Timestamp::from_second(1_800_000_000).unwrap_or(Timestamp::MAX),
            ));
        }),
        Target::new("certificate request", seeds.keys.clone(), |bytes| {
            drop(ReadRequest::read(bytes));
        }),
        Target::new("CA certificate", seeds.keys.clone(), |bytes| {
            drop(Authority::read(bytes));
        }),
        Target::new("key service's answer", vec![ANSWER.to_vec()], |bytes| {
            drop(AwsParameters::read(bytes));
        }),
        Target::new("age or SSH identity", seeds.keys.clone(), |bytes| {
            drop(Identity::parse(&secret(bytes), None));
        }),
        Target::new("age recipients", seeds.keys.clone(), |bytes| {
            drop(Recipients::parse(&String::from_utf8_lossy(bytes)));
        }),
        Target::new("public half", seeds.keys.clone(), |bytes| {
            for algorithm in Algorithm::ALL {
                drop(PublicParts::from_spki(*algorithm, bytes));
            }
        }),
        Target::new("material", seeds.keys, |bytes| {
            for algorithm in Algorithm::ALL {
                drop(identify(*algorithm, &secret(bytes)));
            }
        }),
        Target::new("audit entry", lines(&seeds.export), |bytes| {
            if let Ok(entry) = AuditEntry::decode(bytes) {
                let again = entry.encode();
                assert!(again.is_ok_and(|again| again == bytes), "not the only encoding");
            }
        }),
        Target::new("frontier", frontiers(), |bytes| {
            if let Ok(frontier) = Frontier::decode(bytes) {
                assert_eq!(frontier.encode(), bytes, "not the only encoding");
            }
        }),
        Target::new("checkpoint", lines(&seeds.export), |bytes| {
            let text = String::from_utf8_lossy(bytes);
            drop(Checkpoint::verify(&text, &AuditPublicKey([7; 32])));
        }),
        Target::new("audit export", vec![seeds.export], |bytes| {
            drop(verify_export(&mut { bytes }, None));
        }),
        Target::new("request", seeds.requests, request),
    ];
    targets.extend(headers(folder, seeds.header, &seeds.shares)?);
    targets.push(anchor(folder, seeds.anchor)?);
    targets.extend(backups::targets(folder, seeds.tar, seeds.identity)?);
    targets.push(rows::target(&seeds.vault, seeds.database_key)?);
    targets.push(round_trip::target()?);
    Ok(targets)
}

/// Bytes that are kept as a secret.
pub fn secret(bytes: &[u8]) -> SecretBytes {
    SecretBytes::new(bytes.to_vec())
}

fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

fn frontiers() -> Vec<Vec<u8>> {
    let mut frontier = Frontier::default();
    (0..9)
        .map(|leaf| {
            frontier.push([leaf; 32]);
            frontier.encode()
        })
        .collect()
}

/// Everything that the window may be sent, as each of its commands takes it.
fn request(bytes: &[u8]) {
    macro_rules! read_as_each {
        (@ ()) => {};
        (@ $request:ty) => { drop(serde_json::from_slice::<$request>(bytes)) };
        ($($name:ident: $request:tt => $response:tt,)+) => { $(read_as_each!(@ $request);)+ };
    }
    keyreeve_app::for_each_command!(read_as_each);
}

/// The header as it is, the header with a right checksum again, recovery shares, and failed unlocks.
fn headers(folder: &Path, header: Vec<u8>, shares: &[String]) -> Answer<[Target; 4]> {
    let vault = |name: &str| {
        let vault = folder.join(name);
        fs::create_dir(&vault).map(|()| vault)
    };
    let headers = FileHeaders::new();
    let (raw, sound) = (vault("raw")?, vault("sound")?);
    let (opened, failed) = (vault("opened")?, vault("failed")?);
    fs::write(opened.join("header.json"), &header)?;
    let as_is = Target::new("header", vec![header.clone()], move |bytes| {
        written(&raw.join("header.json"), bytes);
        drop(headers.read(&raw));
    });
    let headers = FileHeaders::new();
    let checked = Target::new("header with a right checksum", vec![header], move |bytes| {
        written(&sound.join("header.json"), &checksummed(bytes));
        // What is accepted opens nothing, and ends nothing, without the right passphrase.
        if headers.read(&sound).is_ok() {
            let shown = Credentials { keyring: false, ..Credentials::default() };
            assert!(headers.unlock(&sound, &SlotChoice::Any, &shown).is_err());
        }
    });
    let headers = FileHeaders::new();
    let shares: Vec<_> = shares.iter().map(|share| share.clone().into_bytes()).collect();
    let both = shares.join(&b'\n');
    let recovery = Target::new("recovery shares", [shares, vec![both]].concat(), move |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let texts: Vec<_> = text.lines().map(|line| SecretString::new(line.into())).collect();
        let shown = Credentials { recovery: &texts, ..Credentials::default() };
        drop(headers.unlock(&opened, &SlotChoice::Any, &shown));
    });
    let headers = FileHeaders::new();
    let times = vec![b"2026-11-24T09:00:00.000Z\n2026-11-24T09:00:01.000Z\n".to_vec()];
    let failures = Target::new("failed unlocks", times, move |bytes| {
        written(&failed.join("failed-unlocks"), bytes);
        drop(headers.failed_unlocks(&failed));
    });
    Ok([as_is, checked, recovery, failures])
}

/// The same body with the checksum that it should have; as it is where it has none.
fn checksummed(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let parts = || {
        let (body, rest) = text.strip_prefix("{\"body\":")?.rsplit_once(",\"hmac\":\"")?;
        Some((body, rest.get(..64)?))
    };
    let Some((body, hmac)) = parts() else { return bytes.to_vec() };
    let sum = hex::encode(sha256_parts(&[body.as_bytes(), hmac.as_bytes()]));
    format!("{{\"body\":{body},\"hmac\":\"{hmac}\",\"sha256\":\"{sum}\"}}\n").into_bytes()
}

fn anchor(folder: &Path, anchor: Vec<u8>) -> Answer<Target> {
    let folder = folder.join("remembered");
    let anchors = FileAnchors::in_folder(folder.clone());
    let (vault, place) = (VaultId::from_bytes([1; 16]), PathBuf::from("/nowhere"));
    let any = keyreeve_domain::ports::Anchor { size: 1, root: [2; 32], restored: false };
    anchors.store(vault, &place, &any)?;
    let file = fs::read_dir(folder)?.next().ok_or("no anchor was made")??.path();
    Ok(Target::new("anchor", vec![anchor], move |bytes| {
        written(&file, bytes);
        drop(anchors.load(vault, &place));
    }))
}

/// Writes a file that is about to be read.
pub fn written(file: &Path, bytes: &[u8]) {
    if let Err(error) = fs::write(file, bytes) {
        panic!("{}: {error}", file.display());
    }
}
