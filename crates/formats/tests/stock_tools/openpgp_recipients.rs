//! Messages for OpenPGP certificates, opened by GnuPG; and certificates that nothing may be encrypted to.

use keyreeve_crypto::SecretBytes;
use keyreeve_domain::{Timestamp, deceives};
use keyreeve_formats::{
    Envelope, Format, OpenPgpRecipientError as E, Recipient, RecipientError, encrypt_to,
    envelope_for,
};
use pgp::composed::{Deserializable as _, Message, SignedSecretKey};
use pgp::types::Password;

use crate::openpgp::Gpg;

const CONTENT: &[u8] = b"\0\x01\r\n what is handed over \xff";
const SECRET_V6: &[u8] = include_bytes!("../vectors/rfc9580-a4.asc");
/// What belongs to it (RFC 9580, appendix A.3).
const CERTIFICATE_V6: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYf
GwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxy
KwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lw
gyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaE
QsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn
+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIh
BssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8
j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805
I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==
-----END PGP PUBLIC KEY BLOCK-----
";

fn content() -> SecretBytes {
    SecretBytes::new(CONTENT.to_vec())
}

fn read(bytes: &[u8]) -> Result<Vec<Recipient>, RecipientError> {
    Recipient::read(bytes, Timestamp::now())
}

#[track_caller]
fn one(bytes: &[u8]) -> Recipient {
    let mut found = read(bytes).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[track_caller]
fn why_not(bytes: &[u8]) -> E {
    match read(bytes).unwrap_err() {
        RecipientError::OpenPgp(why) => why,
        other => panic!("{other:?}"),
    }
}

fn later(days: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second() + days * 24 * 3600).unwrap()
}

/// A key of `primary` with nothing else, then `more` with their ends.
fn made(name: &str, primary: &str, more: &[(&str, &str, &str)]) -> Gpg {
    let gpg = Gpg::new();
    let quiet = ["--passphrase", "", "--pinentry-mode", "loopback"];
    gpg.run(&[&quiet[..], &["--quick-gen-key", name, primary, "sign", "never"]].concat(), b"");
    let fingerprint = gpg.fingerprints().remove(0);
    for (kind, usage, end) in more {
        let add = ["--quick-add-key", &fingerprint, kind, usage, end];
        gpg.run(&[&quiet[..], &add].concat(), b"");
    }
    gpg
}

fn sealed_for(gpg: &Gpg) -> Vec<u8> {
    encrypt_to(&[one(&gpg.export(&["--export"]))], Format::Raw, &content()).unwrap()
}

#[test]
fn gpg_opens_what_is_for_its_certificates() {
    let stranger = made("stranger", "ed25519", &[("cv25519", "encr", "never")]);
    let mut all = Vec::new();
    for (primary, sub) in [
        ("rsa3072", "rsa3072"),
        ("ed25519", "cv25519"),
        ("nistp256", "nistp256"),
        ("nistp384", "nistp384"),
        ("nistp521", "nistp521"),
    ] {
        let gpg = made("Ann <ann@example.org>", primary, &[(sub, "encr", "never")]);
        let certificate = one(&gpg.export(&["--export"]));
        assert_eq!(certificate.fingerprint, gpg.fingerprints()[0]);
        assert_eq!(certificate.name.as_deref(), Some("Ann <ann@example.org>"));
        let armoured = one(&gpg.export(&["--armor", "--export"]));
        assert_eq!(armoured.fingerprint, certificate.fingerprint);
        let recipients = [armoured];
        assert_eq!(envelope_for(&recipients, Format::Pkcs8Pem).unwrap(), Envelope::OpenPgp);
        let sealed = encrypt_to(&recipients, Format::Raw, &content()).unwrap();
        assert!(sealed.starts_with(b"-----BEGIN PGP MESSAGE-----\n"));
        assert_eq!(gpg.run(&["--decrypt"], &sealed), CONTENT, "{primary}");
        assert!(!stranger.tried(&["--decrypt"], &sealed).status.success());
        all.push((gpg, certificate));
    }
    let (owners, recipients): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let sealed = encrypt_to(&recipients, Format::Raw, &content()).unwrap();
    for owner in &owners {
        assert_eq!(owner.run(&["--decrypt"], &sealed), CONTENT);
    }
}

/// Wherever the last line of the armour ends.
#[test]
fn content_of_each_length_is_opened() {
    let gpg = made("a", "ed25519", &[("cv25519", "encr", "never")]);
    let recipients = [one(&gpg.export(&["--export"]))];
    for len in (0..52).chain([100_000]) {
        let content = vec![0x2d; len];
        let secret = SecretBytes::new(content.clone());
        let sealed = encrypt_to(&recipients, Format::Raw, &secret).unwrap();
        assert_eq!(gpg.run(&["--decrypt"], &sealed), content, "{len}");
    }
}

#[test]
fn version_6_gets_what_its_features_ask_for() {
    let recipient = one(CERTIFICATE_V6.as_bytes());
    assert!(recipient.fingerprint.starts_with("cb186c4f0609a697"), "{recipient:?}");
    assert_eq!(recipient.name, None);
    let sealed = encrypt_to(&[recipient], Format::Raw, &content()).unwrap();
    let (key, _) = SignedSecretKey::from_armor_single(SECRET_V6).unwrap();
    let (message, _) = Message::from_armor(&sealed[..]).unwrap();
    let mut opened = message.decrypt(&Password::empty(), &key).unwrap();
    assert_eq!(opened.as_data_vec().unwrap(), CONTENT);
    assert_eq!(read(SECRET_V6).unwrap_err(), RecipientError::OpenPgp(E::SecretKey));
}

#[test]
fn the_newest_subkey_that_holds_is_used() {
    let gpg = made("a", "ed25519", &[("cv25519", "encr", "1d"), ("nistp256", "encr", "never")]);
    let certificate = gpg.export(&["--export"]);
    // The first has expired, the second has not.
    let recipient = Recipient::read(&certificate, later(3)).unwrap().remove(0);
    let sealed = encrypt_to(&[recipient], Format::Raw, &content()).unwrap();
    assert_eq!(gpg.run(&["--decrypt"], &sealed), CONTENT);
    let packets = String::from_utf8(gpg.run(&["--list-packets"], &sealed)).unwrap();
    let newer = gpg.fingerprints()[2].to_uppercase();
    assert!(packets.contains(&newer[24..]), "{packets}");

    let gpg = made("a", "ed25519", &[("cv25519", "encr", "1d")]);
    sealed_for(&gpg);
    let certificate = gpg.export(&["--export"]);
    let error = Recipient::read(&certificate, later(3)).unwrap_err();
    assert!(matches!(error, RecipientError::OpenPgp(E::SubkeyExpired(_))), "{error:?}");
    let error = Recipient::read(&certificate, later(-3)).unwrap_err();
    assert!(matches!(error, RecipientError::OpenPgp(E::NotYet(_))), "{error:?}");
    gpg.run(&["--quick-set-expire", &gpg.fingerprints()[0], "1d"], b"");
    let error = Recipient::read(&gpg.export(&["--export"]), later(3)).unwrap_err();
    assert!(matches!(error, RecipientError::OpenPgp(E::Expired(_))), "{error:?}");
}

#[test]
fn what_its_owner_does_not_stand_by_is_refused() {
    assert_eq!(why_not(&made("a", "ed25519", &[]).export(&["--export"])), E::NotForEncryption);
    let gpg = made("a", "ed25519", &[("cv25519", "encr", "never")]);
    let good = gpg.export(&["--export"]);
    assert_eq!(why_not(&gpg.export(&["--export-secret-keys"])), E::SecretKey);
    assert_eq!(why_not(&gpg.export(&["--armor", "--export-secret-keys"])), E::SecretKey);
    assert_eq!(why_not(&[&good[..], &good].concat()), E::Several);
    let armoured = gpg.export(&["--armor", "--export"]);
    assert_eq!(why_not(&armoured.repeat(2)), E::Several);
    assert_eq!(why_not(&sealed_for(&gpg)), E::NoCertificate);

    let edited = |commands: &str| {
        let edit = ["--command-fd", "0", "--edit-key", "a"];
        // It asks, which --batch does not let it.
        let all = [&["--no-batch"][..], &edit].concat();
        gpg.tried(&all, commands.as_bytes());
        gpg.export(&["--export"])
    };
    assert_eq!(why_not(&edited("key 1\nrevkey\ny\n0\n\ny\nsave\n")), E::SubkeyRevoked);
    let gpg = made("a", "rsa3072", &[("rsa3072", "encr", "never")]);
    let revocation = format!("{}.rev", gpg.fingerprints()[0].to_uppercase());
    let place = std::path::Path::new(gpg.home()).join("openpgp-revocs.d").join(revocation);
    let text = std::fs::read_to_string(place).unwrap().replace(":-----BEGIN", "-----BEGIN");
    gpg.run(&["--import"], text.as_bytes());
    assert_eq!(why_not(&gpg.export(&["--export"])), E::Revoked);

    let weak = |primary: &str, sub: &str| {
        let why = why_not(&made("a", primary, &[(sub, "encr", "never")]).export(&["--export"]));
        assert!(matches!(why, E::Key(_)), "{why:?}");
    };
    weak("ed25519", "rsa1024");
    weak("ed25519", "secp256k1");
    weak("ed25519", "elg2048");
    weak("secp256k1", "cv25519");
}

#[test]
fn hostile_names_stay_short_and_on_one_line() {
    let hostile = ["a\u{1}b\u{7f}\u{1b}[31m".into(), "Ann \u{202e}gro@x".into(), "x".repeat(2000)];
    for name in hostile {
        let gpg = Gpg::new();
        let quiet = ["--passphrase", "", "--pinentry-mode", "loopback", "--allow-freeform-uid"];
        let make = ["--quick-gen-key", &name, "rsa2048", "sign,encr,cert", "never"];
        let done = gpg.tried(&[&quiet[..], &make].concat(), b"");
        assert!(done.status.success(), "{done:?}");
        let shown = one(&gpg.export(&["--export"])).name.unwrap();
        assert!(shown.chars().count() <= 100 && !shown.contains(deceives), "{shown:?}");
    }
}

#[test]
fn a_damaged_certificate_is_no_other() {
    let gpg = made("a", "ed25519", &[("cv25519", "encr", "never")]);
    let good = gpg.export(&["--export"]);
    let whole = one(&good).fingerprint;
    for len in 0..good.len() {
        assert!(read(&good[..len]).is_err(), "{len}");
    }
    let armoured = gpg.export(&["--armor", "--export"]);
    for len in 0..armoured.len() - 20 {
        assert!(read(&armoured[..len]).is_err(), "{len}");
    }
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[place] ^= 1 << bit;
            // What is not signed may change; whose it is may not, and neither who opens it.
            for recipient in read(&changed).unwrap_or_default() {
                assert_eq!(recipient.fingerprint, whole, "{place}, {bit}");
                encrypt_to(&[recipient], Format::Raw, &content()).unwrap();
            }
        }
    }
}
