//! PuTTY's files as we write them, opened by puttygen.

use keyreeve_crypto::{Algorithm, SecretString, identify, make_key};
use keyreeve_formats::{Format, Protection, export_private, export_public, private_formats_for};

use crate::reading::PASSPHRASE;
use crate::tool::{Files, PUTTYGEN, SSH_KEYGEN, text};

const COMMENT: &str = "backup key – München";

#[test]
fn puttygen_opens_private_files_with_the_right_passphrase_only() {
    let files = Files::new();
    let right = text(&files.secret("right", PASSPHRASE.as_bytes())).to_owned();
    let wrong = text(&files.secret("wrong", b"Tr0ub4dor & 4")).to_owned();
    let empty = text(&files.secret("empty", b"")).to_owned();
    let passphrase = SecretString::new(PASSPHRASE.into());
    let has_form = |algorithm: &Algorithm| private_formats_for(*algorithm).contains(&Format::Putty);
    let mut tried = 0;
    for &algorithm in Algorithm::ALL.iter().filter(|algorithm| has_form(algorithm)) {
        let material = make_key(algorithm).unwrap();
        let spki = identify(algorithm, &material).unwrap().public_key.unwrap();
        let line = export_public(algorithm, &spki, Format::OpenSshPublic, COMMENT).unwrap();
        let line = String::from_utf8(line).unwrap();
        for (name, protection) in
            [("plain", Protection::Plain), ("locked", Protection::Passphrase(&passphrase))]
        {
            let written =
                export_private(algorithm, &material, Format::Putty, protection, COMMENT).unwrap();
            // EXPOSE: the stock tool reads the file.
            let file = files.secret(&format!("{algorithm} {name}.ppk"), written.expose());
            // The private half, in OpenSSH's form, shows that its MAC is right and that it opened.
            let out = files.path(&format!("{algorithm} {name}"));
            let convert = [text(&file), "-q", "-O", "private-openssh-new", "-o", text(&out)];
            let opened = |old: &str| {
                let phrases = ["--old-passphrase", old, "--new-passphrase", &empty];
                PUTTYGEN.run(&[&convert[..], &phrases].concat(), b"")
            };
            if name == "locked" {
                assert!(!opened(&wrong).status.success() && !out.exists());
            }
            let done = opened(&right);
            assert!(done.status.success(), "{algorithm} {name}: {done:?}");
            assert_eq!(
                SSH_KEYGEN.prints(&["-y", "-f", text(&out)], b""),
                line,
                "{algorithm} {name}"
            );
            tried += 1;
        }
    }
    assert_eq!(tried, 2 * 7);
}
