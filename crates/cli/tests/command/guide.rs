//! The commands of the user guide run as they stand, one after the other.

use std::fs;
use std::process::Command;

use crate::desk::{Desk, KEYREEVE, QUICK};

/// What the terminal would be asked for comes from files, and new slots cost little.
const PRELUDE: &str = r#"
set -euo pipefail
keyreeve() {
  case "$1" in
    init) set -- "$@" $QUICK ;;
    slot) if [ "$2" = add ]; then set -- "$@" $QUICK --new-passphrase-file ~/new-passphrase; fi ;;
  esac
  "$KEYREEVE" --passphrase-file ~/passphrase --no-input --yes "$@"
}
set -x
"#;

#[test]
fn every_command_of_the_guide_runs() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/user-guide.md");
    let guide = fs::read_to_string(guide).unwrap();
    let mut script = PRELUDE.to_owned();
    let mut blocks = 0;
    for block in guide.split("```sh\n").skip(1) {
        script.push_str(block.split("```").next().unwrap());
        blocks += 1;
    }
    assert!(blocks > 15, "the guide has its commands in blocks marked sh");

    let desk = Desk::empty();
    desk.secret("new-passphrase", "copper lantern verbatim quay");
    // As the key service would give it out.
    let private = Command::new("openssl").args(["genrsa", "2048"]).output().unwrap();
    fs::write(desk.path("wrapping"), private.stdout).unwrap();
    let mut public = Command::new("openssl");
    public.args(["rsa", "-in", &desk.text("wrapping"), "-pubout", "-outform", "DER"]);
    fs::write(desk.path("WrappingPublicKey.bin"), public.output().unwrap().stdout).unwrap();
    let mut bash = Command::new("bash");
    desk.at_home(&mut bash).env_remove("KEYREEVE_VAULT");
    bash.env("KEYREEVE", KEYREEVE).env("QUICK", QUICK.join(" ")).args(["-c", &script]);
    let done = bash.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(desk.path("restored.keyreeve/vault.db").exists());
    assert!(desk.path("rescued/vault/vault.db").exists());
}
