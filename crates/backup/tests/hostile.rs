//! Files that are damaged, cut short, or made by someone who wishes no good.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use common::{Scene, age_key, secret, with_passphrase};
use keyreeve_backup::{Identity, OpenError, Recipients, open, verify};
use keyreeve_crypto::{AuditSigningKey, sha256};
use keyreeve_domain::ports::Silent;
use tar::{EntryType, Header};
use tempfile::TempDir;

/// A good backup and its opener.
fn good() -> (Scene, PathBuf, Vec<u8>, Identity) {
    let scene = Scene::new();
    let (recipient, identity) = age_key();
    let out = scene.path("good.age");
    scene.back_up(&out, &Recipients::parse(&recipient).unwrap()).unwrap();
    let bytes = fs::read(&out).unwrap();
    (scene, out, bytes, Identity::parse(&identity, None).unwrap())
}

#[test]
fn every_way_of_cutting_it_short_is_found_and_mostly_named() {
    let (scene, _, bytes, identity) = good();
    let file = scene.path("cut.age");
    let header_len = 5 + bytes.windows(5).position(|window| window == b"\n--- ").unwrap() + 44;
    let mut named = 0;
    let lengths: Vec<usize> =
        (0..header_len + 40).chain((header_len..bytes.len()).step_by(1009)).collect();
    for len in &lengths {
        fs::write(&file, &bytes[..*len]).unwrap();
        match verify(&file, &identity, &Silent) {
            Err(OpenError::Truncated) => named += 1,
            Err(OpenError::NotAge) => assert_eq!(*len, 0),
            // So early that nothing told yet how long it should be.
            Err(OpenError::Damaged { .. }) => assert!(*len < header_len + 16 + 65_552, "{len}"),
            other => panic!("{len}: {other:?}"),
        }
    }
    assert!(named > header_len, "{named}");
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    assert!(matches!(verify(&file, &identity, &Silent), Err(OpenError::Truncated)));
}

/// `KEYREEVE_SOAK` tries every bit.
#[test]
#[expect(clippy::print_stdout, reason = "what a long run came to")]
fn changed_bits_are_never_accepted() {
    let (scene, _, bytes, identity) = good();
    let header_len = 5 + bytes.windows(5).position(|window| window == b"\n--- ").unwrap() + 44;
    let places = (0..header_len + 32).chain((header_len..bytes.len()).step_by(3001));
    let sample = places.chain([bytes.len() - 1]).flat_map(|at| [at * 8, at * 8 + 7]);
    let bits: Vec<usize> = match std::env::var_os("KEYREEVE_SOAK") {
        Some(_) => (0..bytes.len() * 8).collect(),
        None => sample.collect(),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for part in bits.chunks(bits.len().div_ceil(cores)) {
            let file = scene.path(&format!("changed-{}.age", part[0]));
            let (bytes, identity) = (&bytes, &identity);
            scope.spawn(move || {
                for bit in part {
                    let mut changed = bytes.clone();
                    changed[bit / 8] ^= 1 << (bit % 8);
                    fs::write(&file, &changed).unwrap();
                    match verify(&file, identity, &Silent) {
                        Err(
                            OpenError::Damaged { .. }
                            | OpenError::NotAge
                            | OpenError::NewerAge
                            | OpenError::OtherRecipient
                            | OpenError::PassphraseNeeded
                            | OpenError::Truncated,
                        ) => {}
                        other => panic!("bit {bit}: {other:?}"),
                    }
                }
            });
        }
    });
    println!("{} bits of {} bytes: 0 accepted", bits.len(), bytes.len());
}

#[test]
fn what_is_appended_is_found() {
    let (scene, _, mut bytes, identity) = good();
    let file = scene.path("longer.age");
    for more in [1, 15, 16, 17, 70_000] {
        bytes.extend(vec![0; more]);
        fs::write(&file, &bytes).unwrap();
        let refused = verify(&file, &identity, &Silent);
        assert!(matches!(refused, Err(OpenError::Damaged { .. })), "{more}: {refused:?}");
    }
}

#[test]
fn files_that_are_no_age_files_are_named() {
    let scene = Scene::new();
    let identity = Identity::passphrase(&secret("p"));
    let file = scene.path("file");
    let opened = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        verify(&file, &identity, &Silent).unwrap_err()
    };
    for bytes in [
        &b""[..],
        b"hello",
        b"SQLite format 3\0",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        &[0; 70_000],
    ] {
        assert!(matches!(opened(bytes), OpenError::NotAge));
    }
    assert!(matches!(opened(b"age-encryption.org/v2\n-> x\n"), OpenError::NewerAge));
    assert!(matches!(opened(b"age-encryption.org/v1\n"), OpenError::Truncated));
    let endless = [b"age-encryption.org/v1\n-> X25519 ".as_slice(), &vec![b'A'; 3 << 20]].concat();
    assert!(matches!(opened(&endless), OpenError::Damaged { .. }));
    let folder = verify(scene.scratch.path(), &identity, &Silent);
    assert!(matches!(folder, Err(OpenError::NotAge)));
    let nowhere = verify(&scene.path("nowhere"), &identity, &Silent);
    assert!(matches!(nowhere, Err(OpenError::Io(_))));
    // A hole of 5 GB costs nothing.
    fs::File::create(&file).unwrap().set_len(5 << 30).unwrap();
    assert!(matches!(verify(&file, &identity, &Silent), Err(OpenError::NotAge)));
}

#[test]
fn a_trap_of_endless_work_is_refused_before_the_work() {
    let scene = Scene::new();
    let out = scene.path("out.age");
    scene.back_up(&out, &with_passphrase("p")).unwrap();
    let bytes = fs::read(&out).unwrap();
    let line = bytes.split(|byte| *byte == b'\n').nth(1).unwrap();
    let text = std::str::from_utf8(line).unwrap();
    assert!(text.ends_with(" 1"), "{text}");
    for cost in ["23", "40", "63"] {
        let harder = format!("{}{cost}", &text[..text.len() - 1]);
        let at = bytes.windows(line.len()).position(|window| window == line).unwrap();
        let trap = [&bytes[..at], harder.as_bytes(), &bytes[at + line.len()..]].concat();
        fs::write(&out, trap).unwrap();
        match verify(&out, &Identity::passphrase(&secret("p")), &Silent) {
            Err(OpenError::ExcessiveWork { work_factor }) => {
                assert_eq!(work_factor.to_string(), cost);
            }
            other => panic!("{other:?}"),
        }
    }
}

// -------------------------------------------------------------------------------------------
// Age files that open, with a tar inside that nobody should trust

/// An entry of a tar made by hand.
struct Made {
    path: &'static str,
    kind: EntryType,
    bytes: Vec<u8>,
    stated: Option<u64>,
    link: Option<&'static str>,
    old_gnu: bool,
}

fn file(path: &'static str, bytes: &[u8]) -> Made {
    Made {
        path,
        kind: EntryType::Regular,
        bytes: bytes.to_vec(),
        stated: None,
        link: None,
        old_gnu: false,
    }
}

/// Signed by a key of the stranger's own: that is what makes the rest matter.
fn signed(manifest: &str) -> Vec<Made> {
    let key = AuditSigningKey::from_seed(&[6; 32]);
    let manifest = manifest.replace("KEY", &hex::encode(key.public().0));
    let signature = key.sign(format!("keyreeve-backup-manifest-v1\n{manifest}").as_bytes());
    let line = base64::engine::general_purpose::STANDARD.encode(signature) + "\n";
    vec![file("manifest.json", manifest.as_bytes()), file("manifest.json.sig", line.as_bytes())]
}

fn manifest_of(files: &[(&str, &[u8])]) -> String {
    let files: Vec<String> = files
        .iter()
        .map(|(path, bytes)| {
            let hash = hex::encode(sha256(bytes));
            format!(r#"{{"path":"{path}","size":{},"sha256":"{hash}"}}"#, bytes.len())
        })
        .collect();
    manifest_with(&files.join(","))
}

fn manifest_with(files: &str) -> String {
    format!(
        r#"{{"version":1,"vaultId":"0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c",
        "createdAt":"2026-01-31T08:15:00Z","app":"x","audit":{{"size":1,"root":"{}",
        "publicKey":"KEY"}},"keys":1,"files":[{files}]}}"#,
        "00".repeat(32)
    )
}

struct Opened {
    result: Result<(), OpenError>,
    folder: TempDir,
}

fn open_tar(entries: Vec<Made>) -> Opened {
    let mut tar = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = if entry.old_gnu { Header::new_gnu() } else { Header::new_ustar() };
        // Set byte by byte: the tar library itself refuses such names.
        header.as_old_mut().name[..entry.path.len()].copy_from_slice(entry.path.as_bytes());
        header.set_entry_type(entry.kind);
        header.set_size(entry.stated.unwrap_or(entry.bytes.len() as u64));
        header.set_mode(0o777);
        if let Some(link) = entry.link {
            header.set_link_name(link).unwrap();
        }
        header.set_cksum();
        tar.append(&header, entry.bytes.as_slice()).unwrap();
    }
    open_plaintext(&tar.into_inner().unwrap())
}

fn open_plaintext(plaintext: &[u8]) -> Opened {
    let (recipient, identity) = age_key();
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    let encrypted = age::encrypt(&recipient, plaintext).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hostile.age");
    fs::File::create(&file).unwrap().write_all(&encrypted).unwrap();
    let into = folder.path().join("into");
    fs::create_dir(&into).unwrap();
    let identity = Identity::parse(&identity, None).unwrap();
    let result = open(&file, &identity, &into, &Silent).map(drop);
    Opened { result, folder }
}

/// Refused as damage, and nothing written but what `vault/` may hold.
fn assert_damaged(entries: Vec<Made>, words: &str) {
    let opened = open_tar(entries);
    match &opened.result {
        Err(OpenError::Damaged { what }) => assert!(what.contains(words), "{what}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(common::names(opened.folder.path()), ["hostile.age", "into"]);
    let written = common::names(&opened.folder.path().join("into"));
    assert!(written.is_empty() || written == ["vault"], "{written:?}");
}

#[test]
fn a_well_made_one_opens() {
    let mut entries = signed(&manifest_of(&[("vault/a", b"hello"), ("plain/b", b"")]));
    entries.extend([file("vault/a", b"hello"), file("plain/b", b"")]);
    let opened = open_tar(entries);
    opened.result.unwrap();
    assert_eq!(fs::read(opened.folder.path().join("into/vault/a")).unwrap(), b"hello");
}

#[test]
fn something_else_inside_is_no_backup() {
    for plaintext in [&b""[..], b"hello", &[0; 2048], &[0xFF; 2048]] {
        let opened = open_plaintext(plaintext);
        assert!(
            matches!(opened.result, Err(OpenError::NotABackup | OpenError::Damaged { .. })),
            "{:?}",
            opened.result
        );
    }
    assert!(matches!(open_tar(vec![]).result, Err(OpenError::NotABackup)));
    let other = open_tar(vec![file("holiday.jpg", b"sun")]);
    assert!(matches!(other.result, Err(OpenError::NotABackup)));
    let alone = open_tar(vec![signed(&manifest_of(&[])).swap_remove(0)]);
    assert!(matches!(alone.result, Err(OpenError::NotABackup)));
}

#[test]
fn names_that_lead_elsewhere_are_refused_although_signed() {
    for name in ["../up", "/abs", "vault/../../up", "vault/sub/x", "vault/.ssh", "C:x", "a//b"] {
        let mut entries = signed(&manifest_of(&[(name, b"x")]));
        entries.push(file(name, b"x"));
        let opened = open_tar(entries);
        match opened.result {
            Err(OpenError::HostileName { name: found }) => assert_eq!(found, name),
            other => panic!("{other:?}"),
        }
        assert_eq!(common::names(opened.folder.path()), ["hostile.age", "into"]);
        assert!(common::names(&opened.folder.path().join("into")).is_empty());
    }
}

#[test]
fn entries_that_the_manifest_does_not_say_are_refused() {
    let two: [(&str, &[u8]); 2] = [("vault/a", b"one"), ("vault/b", b"two")];
    let with = |entries: Vec<Made>| {
        let mut all = signed(&manifest_of(&two));
        all.extend(entries);
        all
    };
    let (a, b) = (|| file("vault/a", b"one"), || file("vault/b", b"two"));
    assert_damaged(with(vec![a()]), "“vault/b” is missing");
    assert_damaged(with(vec![b(), a()]), "“vault/b” stands where “vault/a” should");
    assert_damaged(with(vec![a(), a()]), "“vault/a” stands where “vault/b” should");
    assert_damaged(with(vec![a(), b(), file("more", b"x")]), "“more” is not in its manifest");
    assert_damaged(with(vec![a(), file("vault/b", b"owt")]), "is not what its manifest says");
    assert_damaged(with(vec![a(), file("vault/b", b"twoo")]), "has 4 bytes instead of 3");
    assert_damaged(with(vec![file("../../a", b"one"), b()]), "stands where “vault/a” should");
}

#[test]
fn links_devices_and_extensions_are_refused() {
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::Directory,
        EntryType::Continuous,
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::GNUSparse,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
    ] {
        let mut entries = signed(&manifest_of(&[("vault/a", b"")]));
        entries.push(Made { kind, link: Some("/etc/passwd"), ..file("vault/a", b"") });
        assert_damaged(entries, "“vault/a” is not a plain file");
        // In front of the manifest too.
        let mut entries = signed(&manifest_of(&[]));
        entries[0].kind = kind;
        assert_damaged(entries, "“manifest.json” is not a plain file");
    }
    let mut entries = signed(&manifest_of(&[("vault/a", b"x")]));
    entries.push(Made { old_gnu: true, ..file("vault/a", b"x") });
    assert_damaged(entries, "“vault/a” is not a plain file");
}

#[test]
fn absurd_sizes_take_no_memory() {
    for size in ["18446744073709551615", "1099511627777"] {
        let listed =
            format!(r#"{{"path":"vault/a","size":{size},"sha256":"{}"}}"#, "00".repeat(32));
        let mut entries = signed(&manifest_with(&listed));
        entries.push(file("vault/a", b"x"));
        let opened = open_tar(entries);
        match opened.result {
            Err(OpenError::TooLarge { what, size: found }) => {
                assert_eq!((what.as_str(), found.to_string().as_str()), ("vault/a", size));
            }
            other => panic!("{other:?}"),
        }
    }
    let mut entries = signed(&manifest_of(&[]));
    entries[0].stated = Some(1 << 40);
    assert!(matches!(open_tar(entries).result, Err(OpenError::TooLarge { .. })));
    let mut entries = signed(&manifest_of(&[]));
    entries[1].stated = Some(1 << 20);
    assert!(matches!(open_tar(entries).result, Err(OpenError::TooLarge { .. })));
}

#[test]
fn manifests_that_are_newer_unsigned_or_malformed_are_named() {
    let newer = open_tar(signed(r#"{"version":7,"publicKey":"KEY","new":"things"}"#));
    assert!(matches!(newer.result, Err(OpenError::NewerManifest { found: 7, known: 1 })));
    let mut unsigned = signed(&manifest_of(&[]));
    unsigned[1].bytes = b"AAAA\n".to_vec();
    assert!(matches!(open_tar(unsigned).result, Err(OpenError::Forged)));
    let mut changed = signed(&manifest_of(&[]));
    changed[0].bytes.push(b' ');
    assert!(matches!(open_tar(changed).result, Err(OpenError::Forged)));
    assert_damaged(signed("{}"), "its manifest");
    assert_damaged(signed("not JSON"), "its manifest");
    let more = manifest_of(&[]).replace("\"keys\":1", "\"keys\":1,\"surprise\":2");
    assert_damaged(signed(&more), "its manifest");
}

#[test]
fn what_follows_the_end_is_refused() {
    let mut tar = tar::Builder::new(Vec::new());
    for entry in signed(&manifest_of(&[])) {
        let mut header = Header::new_ustar();
        header.set_path(entry.path).unwrap();
        header.set_size(entry.bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, entry.bytes.as_slice()).unwrap();
    }
    let plain = tar.into_inner().unwrap();
    open_plaintext(&plain).result.unwrap();
    open_plaintext(&[&plain[..], &[0; 8192]].concat()).result.unwrap();
    let hidden = open_plaintext(&[&plain[..], b"hidden"].concat());
    assert!(matches!(hidden.result, Err(OpenError::Damaged { .. })));
    let flood = open_plaintext(&[&plain[..], &vec![0; 3 << 20]].concat());
    assert!(matches!(flood.result, Err(OpenError::Damaged { .. })));
}
