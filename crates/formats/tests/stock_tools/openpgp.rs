//! OpenPGP's keys as GnuPG makes them, and those of RFC 9580, which GnuPG does not know: each key and
//! subkey is read to the fingerprint that is printed, or refused by name.

use std::process::Command;

use keyreeve_crypto::{Algorithm, Purpose, SecretBytes, SecretString};
use keyreeve_formats::{Form, Found, Item, Refusal, read};
use tempfile::TempDir;

use crate::reading::{only, read_bytes, secret};
use crate::tool::Tool;

const PHRASE: &str = "correct horse";
const GPG: Tool = Tool { program: "gpg", package: "gnupg" };
const PLAIN_V6: &[u8] = include_bytes!("../vectors/rfc9580-a4.asc");
const LOCKED_V6: &[u8] = include_bytes!("../vectors/rfc9580-a5-locked.asc");

/// A keyring of GnuPG's, with an agent of its own.
pub struct Gpg(TempDir);

impl Drop for Gpg {
    fn drop(&mut self) {
        let home = self.home().to_owned();
        let _ = Command::new("gpgconf").args(["--homedir", &home, "--kill", "all"]).status();
    }
}

impl Gpg {
    pub fn new() -> Self {
        // Made for its owner alone, as GnuPG wants it.
        let home = tempfile::tempdir().unwrap();
        // How long a passphrase takes is not what is tried here.
        std::fs::write(home.path().join("gpg-agent.conf"), "s2k-count 65536\n").unwrap();
        Self(home)
    }

    pub fn home(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    /// Whether it goes well is the caller's to see.
    pub fn tried(&self, arguments: &[&str], input: &[u8]) -> std::process::Output {
        let base = ["--homedir", self.home(), "--batch", "--no-tty", "--quiet", "--yes"];
        GPG.run(&[&base[..], arguments].concat(), input)
    }

    #[track_caller]
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let base = ["--homedir", self.home(), "--batch", "--no-tty", "--quiet", "--yes"];
        GPG.accepts(&[&base[..], arguments].concat(), input)
    }

    /// Makes keys of these parameters; an empty passphrase is none.
    #[track_caller]
    pub fn make(&self, name: &str, kinds: &str, passphrase: &str) {
        let protection = match passphrase {
            "" => "%no-protection".into(),
            some => format!("Passphrase: {some}"),
        };
        let parameters =
            format!("{kinds}\nName-Real: {name}\nExpire-Date: 0\n{protection}\n%commit\n");
        self.run(&["--gen-key"], parameters.as_bytes());
    }

    pub fn export(&self, how: &[&str]) -> Vec<u8> {
        let phrase = ["--pinentry-mode", "loopback", "--passphrase", PHRASE];
        self.run(&[&phrase[..], how].concat(), b"")
    }

    /// The fingerprints of all keys and subkeys, in their order.
    pub fn fingerprints(&self) -> Vec<String> {
        let list = self.run(&["--with-colons", "--with-subkey-fingerprint", "-K"], b"");
        let list = String::from_utf8(list).unwrap();
        let lines = list.lines().filter(|line| line.starts_with("fpr:"));
        lines.map(|line| line.split(':').nth(9).unwrap().to_lowercase()).collect()
    }
}

/// Everything opened, with what the file says of it.
fn opened(items: Vec<Item>) -> Vec<Item> {
    let open = |item: Item| {
        if !item.is_locked() {
            return item;
        }
        assert!(item.open(&secret("correct horsf")).is_none() && item.open(&secret("")).is_none());
        only(item.open(&secret(PHRASE)).unwrap())
    };
    items.into_iter().map(open).collect()
}

fn fingerprints(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| item.openpgp.as_ref().unwrap().fingerprint.clone()).collect()
}

fn spki(item: &Item) -> Option<&[u8]> {
    match &item.found {
        Found::Pair(key) => key.identity.public_key.as_deref(),
        Found::Public(key) => Some(&key.spki),
        _ => None,
    }
}

#[test]
fn every_kind_of_key_that_gnupg_makes() {
    use Algorithm as A;
    use Purpose as P;
    let kinds = [
        (
            "Key-Type: RSA\nKey-Length: 2048\nKey-Usage: sign\nSubkey-Type: RSA\nSubkey-Length: 3072\nSubkey-Usage: encrypt",
            [(A::Rsa2048, P::Sign), (A::Rsa3072, P::Encrypt)],
        ),
        (
            "Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: ECDH\nSubkey-Curve: cv25519",
            [(A::Ed25519, P::Sign), (A::X25519, P::Agree)],
        ),
        (
            "Key-Type: ECDSA\nKey-Curve: nistp256\nSubkey-Type: ECDH\nSubkey-Curve: nistp256",
            [(A::EcP256, P::Sign), (A::EcP256, P::Agree)],
        ),
        (
            "Key-Type: ECDSA\nKey-Curve: nistp384\nSubkey-Type: ECDH\nSubkey-Curve: nistp384",
            [(A::EcP384, P::Sign), (A::EcP384, P::Agree)],
        ),
        (
            "Key-Type: ECDSA\nKey-Curve: nistp521\nSubkey-Type: ECDH\nSubkey-Curve: nistp521",
            [(A::EcP521, P::Sign), (A::EcP521, P::Agree)],
        ),
        (
            "Key-Type: ECDSA\nKey-Curve: secp256k1\nSubkey-Type: ECDH\nSubkey-Curve: cv25519",
            [(A::EcSecp256k1, P::Sign), (A::X25519, P::Agree)],
        ),
        (
            "Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: EDDSA\nSubkey-Curve: ed25519\nSubkey-Usage: auth",
            [(A::Ed25519, P::Sign), (A::Ed25519, P::Authenticate)],
        ),
    ];
    for passphrase in ["", PHRASE] {
        // All of them in one keyring, and each time the whole of it is taken out.
        let gpg = Gpg::new();
        let mut wanted = Vec::new();
        for (number, (kind, keys)) in kinds.iter().enumerate() {
            gpg.make(&format!("Person {number}"), kind, passphrase);
            wanted.extend(keys.iter().map(move |key| (number, *key)));
        }
        let mut public = None;
        for how in [&["--export-secret-keys"][..], &["--armor", "--export-secret-keys"]] {
            let items = read_bytes(gpg.export(how));
            assert_eq!(items.iter().all(Item::is_locked), !passphrase.is_empty());
            let items = opened(items);
            assert_eq!(fingerprints(&items), gpg.fingerprints());
            assert_eq!(items.len(), wanted.len());
            for (item, (number, (algorithm, purpose))) in items.iter().zip(&wanted) {
                let Found::Pair(key) = &item.found else { panic!("{item:?}") };
                let said = item.openpgp.as_ref().unwrap();
                assert_eq!((key.algorithm, said.purpose), (*algorithm, Some(*purpose)));
                assert!(item.form == Form::OpenPgp && item.warnings.is_empty(), "{item:?}");
                let comment = item.comment.as_deref().unwrap();
                assert!(comment.starts_with(&format!("Person {number}")), "{comment}");
            }
            public =
                Some(items.iter().map(|item| spki(item).unwrap().to_vec()).collect::<Vec<_>>());
        }
        for how in [&["--export"][..], &["--armor", "--export"]] {
            let items = read_bytes(gpg.export(how));
            let halves: Vec<_> = items.iter().map(|item| spki(item).unwrap().to_vec()).collect();
            assert_eq!(Some(halves), public);
            assert!(items.iter().all(|item| matches!(item.found, Found::Public(_))));
        }
    }
}

#[test]
fn what_is_not_kept_is_refused_by_name() {
    let gpg = Gpg::new();
    let kind = "Key-Type: DSA\nKey-Length: 2048\nSubkey-Type: ELG-E\nSubkey-Length: 2048";
    gpg.make("Old", kind, "");
    let kind = "Key-Type: ECDSA\nKey-Curve: brainpoolP256r1\nSubkey-Type: ECDH\nSubkey-Curve: brainpoolP384r1";
    gpg.make("German", kind, PHRASE);
    for how in [&["--export-secret-keys"][..], &["--export"]] {
        let items = read_bytes(gpg.export(how));
        let words = ["DSA", "ElGamal", "brainpoolP256r1", "brainpoolP384r1"];
        assert_eq!(items.len(), words.len());
        for (item, word) in items.iter().zip(words) {
            let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
            assert!(refusal.to_string().contains(word), "{refusal}");
        }
    }

    // A primary key that stays elsewhere, and one that is on a card.
    let gpg = Gpg::new();
    let kind = "Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: ECDH\nSubkey-Curve: cv25519";
    gpg.make("Careful", kind, "");
    let stub = gpg.export(&["--export-secret-subkeys"]);
    let on_card = {
        let at = stub.windows(4).position(|four| four == b"GNU\x01").unwrap();
        let mut changed = stub.clone();
        changed[at + 3] = 2;
        changed
    };
    for (file, word) in [(stub, "gnu-dummy"), (on_card, "gnu-divert-to-card")] {
        let items = read_bytes(file);
        let Found::Refused(refusal) = &items[0].found else { panic!("{items:?}") };
        assert!(refusal.is_unsupported() && refusal.to_string().contains(word), "{refusal}");
        assert!(matches!(items[1].found, Found::Pair(_)), "the subkey is there: {items:?}");
    }

    // What holds no key, or holds it in GnuPG's own way.
    let signature = gpg.export(&["--detach-sign", "-o", "-", "/dev/null"]);
    assert!(read(&SecretBytes::new(signature)).is_err(), "a signature is no key");
    let message = gpg.export(&["--armor", "--detach-sign", "-o", "-", "/dev/null"]);
    assert!(
        matches!(&only(read_bytes(message)).found, Found::Refused(why) if why.is_unsupported())
    );
    let store = gpg.0.path().join("private-keys-v1.d");
    let files = std::fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path());
    for file in files.chain([gpg.0.path().join("pubring.kbx")]) {
        let item = only(read_bytes(std::fs::read(file).unwrap()));
        let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
        assert!(refusal.to_string().contains("--export-secret-keys"), "{refusal}");
    }
}

#[test]
fn revoked_keys_say_so() {
    let gpg = Gpg::new();
    gpg.make("Gone", "Key-Type: EDDSA\nKey-Curve: ed25519", "");
    let [fingerprint] = gpg.fingerprints().try_into().unwrap();
    let name = format!("openpgp-revocs.d/{}.rev", fingerprint.to_uppercase());
    let certificate = std::fs::read_to_string(gpg.0.path().join(name)).unwrap();
    // GnuPG puts a colon there, so that nobody imports it by mistake.
    gpg.run(&["--import"], certificate.replace(":-----BEGIN", "-----BEGIN").as_bytes());
    let item = only(read_bytes(gpg.export(&["--export-secret-keys"])));
    assert!(matches!(item.found, Found::Pair(_)), "{item:?}");
    assert_eq!(item.warnings, ["Its owner has revoked it."]);
}

#[test]
fn the_keys_of_version_6_in_rfc_9580() {
    let plain = read_bytes(PLAIN_V6.to_vec());
    let locked = read_bytes(LOCKED_V6.to_vec());
    let wanted = [
        (Algorithm::Ed25519, "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9"),
        (Algorithm::X25519, "12c83f1e706f6308fe151a417743a1f033790e93e9978488d1db378da9930885"),
    ];
    assert_eq!((plain.len(), locked.len()), (2, 2));
    for ((plain, locked), (algorithm, fingerprint)) in plain.iter().zip(&locked).zip(wanted) {
        let Found::Pair(key) = &plain.found else { panic!("{plain:?}") };
        assert_eq!(key.algorithm, algorithm);
        assert_eq!(plain.openpgp.as_ref().unwrap().fingerprint, fingerprint);
        assert_eq!(plain.openpgp, locked.openpgp);
        assert!(locked.warnings.is_empty());
        let Found::Locked(shown) = &locked.found else { panic!("{locked:?}") };
        assert_eq!(Some(&shown.public.as_ref().unwrap().spki), key.identity.public_key.as_ref());
    }
    // Each try takes the two gigabytes that RFC 9106 recommends first.
    let phrase = SecretString::new("correct horse battery staple".into());
    let opened = only(locked[0].open(&phrase).unwrap());
    let (Found::Pair(a), Found::Pair(b)) = (&opened.found, &plain[0].found) else { panic!() };
    assert!(a.material == b.material);
}

/// The bytes under the armour of a vector, which has no headers.
fn dearmoured(armoured: &[u8]) -> Vec<u8> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let text = String::from_utf8(armoured.to_vec()).unwrap();
    let lines: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64_STANDARD.decode(lines).unwrap()
}

#[test]
fn costs_beyond_reason_are_refused_before_anything_is_taken() {
    let locked = dearmoured(LOCKED_V6);
    let at = locked.windows(3).position(|three| three == [1, 4, 21]).unwrap();
    for asked in [[1, 4, 26], [255, 4, 21], [1, 255, 21], [5, 4, 21], [255, 255, 255]] {
        let mut costly = locked.clone();
        costly[at..at + 3].copy_from_slice(&asked);
        let items = read_bytes(costly);
        let Found::Refused(refusal) = &items[0].found else { panic!("{items:?}") };
        assert!(matches!(refusal, Refusal::TooCostly(_)), "{asked:?}: {refusal}");
    }
    // Lengths beyond the file, of a packet and of a number in it.
    for file in [&[0xc5, 255, 255, 255, 255, 255, 4][..], &[0x96, 255, 255, 255, 255, 4, 0]] {
        let found = only(read_bytes(file.to_vec())).found;
        assert!(matches!(found, Found::Refused(Refusal::Damaged(_))), "{found:?}");
    }
    let long = [&[0x94, 20, 4, 0, 0, 0, 0, 1, 255, 255][..], &[7; 12]].concat();
    let found = only(read_bytes(long)).found;
    assert!(matches!(found, Found::Refused(Refusal::Damaged(_))), "{found:?}");
}

#[test]
fn an_rsa_key_whose_primes_are_one_is_refused() {
    // p = 2^1024 − 105, twice, and its square; the library that reads OpenPGP would end the program.
    let prime = [&[0xff; 127][..], &[0x97]].concat();
    let square = [&[0xff; 127][..], &[0x2e], &[0; 126], &[0x2b, 0x11]].concat();
    let integer = |bytes: &[u8]| {
        let bits = u16::try_from(bytes.len() * 8).unwrap();
        [&bits.to_be_bytes()[..], bytes].concat()
    };
    let numbers = [integer(&prime), integer(&prime), integer(&prime), integer(&prime)].concat();
    let sum: u16 = numbers.iter().fold(0, |sum, byte| sum.wrapping_add((*byte).into()));
    let public = [integer(&square), vec![0, 17, 1, 0, 1]].concat();
    let body = [&[4, 0, 0, 0, 0, 1][..], &public, &[0], &numbers, &sum.to_be_bytes()].concat();
    let len = u16::try_from(body.len()).unwrap();
    let found = only(read_bytes([&[0x95][..], &len.to_be_bytes(), &body].concat())).found;
    let Found::Refused(Refusal::Key(_)) = found else { panic!("{found:?}") };
}

#[test]
fn whatever_is_changed_or_cut_off_yields_no_other_key() {
    let gpg = Gpg::new();
    let kind = "Key-Type: EDDSA\nKey-Curve: ed25519\nSubkey-Type: ECDH\nSubkey-Curve: cv25519";
    gpg.make("Whole", kind, "");
    for whole in [gpg.export(&["--export-secret-keys"]), dearmoured(PLAIN_V6)] {
        let items = read_bytes(whole.clone());
        let sound: Vec<_> = items.iter().map(|item| spki(item).unwrap().to_vec()).collect();
        let check = |file: Vec<u8>, at: usize| {
            for item in read(&SecretBytes::new(file)).unwrap_or_default() {
                if let Found::Pair(key) = &item.found {
                    let spki = key.identity.public_key.clone().unwrap();
                    assert!(sound.contains(&spki), "{at}: {item:?}");
                }
            }
        };
        for at in 0..whole.len() {
            check(whole[..at].to_vec(), at);
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            check(damaged, at);
        }
        // What was cut off is told beside what was not.
        let cut = read_bytes(whole[..whole.len() - 1].to_vec());
        assert!(matches!(cut.last().unwrap().found, Found::Refused(Refusal::Damaged(_))));
    }
}
