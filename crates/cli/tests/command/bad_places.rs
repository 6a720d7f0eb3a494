//! Places that cannot be written, are full, or are in use by someone else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::{Credentials, Headers as _, SlotChoice, StoreOpener as _};
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::FileHeaders;

use crate::desk::{Desk, Done, KEYREEVE, PASSPHRASE, QUICK};

/// The command as a user whom permissions bind: root is not one.
fn as_nobody(desk: &Desk, args: &[&str]) -> Done {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", KEYREEVE]);
        command
    } else {
        Command::new(KEYREEVE)
    };
    desk.at_home(&mut command).args(args).args(["--json", "--no-input", "--passphrase-fd", "0"]);
    command.env("XDG_STATE_HOME", "/nonexistent");
    command.stdin(fs::File::open(desk.path("passphrase")).unwrap());
    Done::of(command.output().unwrap())
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Whether the program can be reached by another user at all; a clone under /root cannot.
fn program_is_reachable() -> bool {
    Path::new(KEYREEVE).ancestors().skip(1).all(|folder| {
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o001 != 0)
    })
}

#[test]
fn a_read_only_vault_is_refused_and_stays_as_it_is() {
    let desk = Desk::with_keys();
    let before = desk.vault_bytes();
    if is_root() && !program_is_reachable() {
        read_only_mount(&desk);
    } else {
        for name in before.keys() {
            set_mode(&desk.vault().join(name), 0o444);
        }
        set_mode(&desk.vault(), 0o555);
        as_nobody(&desk, &["key", "list"]).refused(8, "read_only");
        as_nobody(&desk, &["key", "rotate", "signer"]).refused(8, "read_only");
        set_mode(&desk.vault(), 0o755);
    }
    assert_eq!(desk.vault_bytes(), before);
}

/// The same on a file system that is mounted read-only, where even root cannot write.
fn read_only_mount(desk: &Desk) {
    let vault = desk.text("v.keyreeve");
    let script = format!(
        "mount --bind '{vault}' '{vault}' && mount -o remount,bind,ro '{vault}' && exec \"$@\""
    );
    let passphrase = desk.text("passphrase");
    for args in [&["key", "list"][..], &["key", "rotate", "signer"]] {
        let mut command = in_own_mounts(desk, &script);
        command.arg(KEYREEVE).args(args).args(["--json", "--passphrase-file", &passphrase]);
        Done::of(command.output().unwrap()).refused(8, "read_only");
    }
}

#[test]
fn a_new_vault_where_nothing_may_be_written() {
    let desk = Desk::empty();
    fs::create_dir(desk.path("closed")).unwrap();
    let inside = desk.text("closed/v.keyreeve");
    let mut args = vec!["init", "--vault", &inside];
    args.extend(QUICK);
    if is_root() && !program_is_reachable() {
        let closed = desk.text("closed");
        let script = format!("mount -t tmpfs -o ro tmpfs '{closed}' && exec \"$@\"");
        let mut command = in_own_mounts(&desk, &script);
        let passphrase = desk.text("passphrase");
        command.arg(KEYREEVE).args(&args).args(["--json", "--passphrase-file", &passphrase]);
        Done::of(command.output().unwrap()).refused(8, "read_only");
    } else {
        set_mode(&desk.path("closed"), 0o555);
        as_nobody(&desk, &args).refused(8, "read_only");
        set_mode(&desk.path("closed"), 0o755);
    }
    assert_eq!(fs::read_dir(desk.path("closed")).unwrap().count(), 0);
    desk.refused(&["init", "--vault", "/nonexistent/deep/v"], 8, "io");
}

/// A shell in a mount namespace of its own, running `script` with what is appended as arguments.
/// A system that makes none cannot show what these tests are there to show, and so fails them.
fn in_own_mounts(desk: &Desk, script: &str) -> Command {
    let own = ["--map-root-user", "--mount"];
    let probe =
        Command::new("unshare").args(own).args(["mount", "-t", "tmpfs", "t", "/mnt"]).output();
    assert!(
        probe.as_ref().is_ok_and(|probe| probe.status.success()),
        "no disk can be filled here: run the tests as root, or allow user namespaces: {probe:?}"
    );
    let mut command = Command::new("unshare");
    desk.at_home(&mut command).args(own).args(["sh", "-c", script, "sh"]);
    command
}

/// Copies the vault onto a small disk, fills that up, and runs the command there; then makes room,
/// runs it again, and counts the keys.
#[test]
fn a_full_disk_loses_nothing() {
    let desk = Desk::with_keys();
    fs::create_dir(desk.path("disk")).unwrap();
    let script = r#"
        mount -t tmpfs -o size=6m tmpfs disk && cp -a v.keyreeve disk/ || exit 99
        dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null
        sum() { cat disk/v.keyreeve/header.json disk/v.keyreeve/vault.db | cksum; }
        run() { "$0" "$@" --vault disk/v.keyreeve --json --passphrase-file passphrase; echo "exit $?"; }
        before=$(sum)
        run key list
        run key create --name more --algorithm rsa-2048 --purpose sign
        run slot add passphrase --name more --new-passphrase-file new --kdf-memory-kib 65536
        [ "$before" = "$(sum)" ] && echo unchanged
        rm disk/filler
        run key list
        dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null
        truncate -s -200K disk/filler
        run backup create --out disk/b --backup-passphrase-file new
        truncate -s -1M disk/filler
        run key create --name many --algorithm aes-256-gcm --purpose encrypt --count 20000
        rm disk/filler
        ls -A disk
        run audit verify
    "#;
    desk.secret("new", "copper window sable forty");
    let mut command = in_own_mounts(&desk, script);
    // The script's `$0` is the program.
    let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut with_program = Command::new("unshare");
    desk.at_home(&mut with_program).args(&args[..args.len() - 1]).arg(KEYREEVE);
    command = with_program;
    let done = Done::of(command.stderr(Stdio::piped()).output().unwrap());
    let full = done.out.matches("\"code\":\"disk_full\"").count();
    assert_eq!((full, done.out.matches("exit 8").count()), (5, 5), "{done:?}");
    assert!(done.out.contains("unchanged\n"), "{done:?}");
    assert!(done.out.contains("\"total\":2"), "{done:?}");
    assert!(done.out.contains("\nv.keyreeve\n"), "no scratch is left: {done:?}");
    assert!(done.out.contains("\"ok\":true") && done.out.contains("\"keys\":2"), "{done:?}");
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let desk = Desk::with_keys();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let file = desk.text("passphrase");
    let mut command = desk.command(&["key", "list", "--passphrase-file", &file]);
    let done = Done::of(command.stdout(full).output().unwrap());
    assert_eq!(done.exit, 8);
    assert!(done.err.contains("could not be written"), "{done:?}");
}

#[test]
fn a_vault_that_another_process_writes_is_busy_and_then_free() {
    let desk = Desk::with_keys();
    let passphrase = SecretString::new(PASSPHRASE.into());
    let unlocked = FileHeaders::new()
        .unlock(&desk.vault(), &SlotChoice::Any, &Credentials::passphrase(&passphrase))
        .unwrap();
    let vault_id = unlocked.header.vault_id;
    let key = unlocked.keys.vault.derive_database_key(vault_id.as_bytes());
    let store = SqlcipherOpener.open(&desk.vault(), &key).unwrap();
    // Not read while the lock is held: a process that closes a file lets go of its locks on it.
    let before = desk.vault_bytes();
    {
        let _writing = store.write().unwrap();
        desk.refused(&["key", "list"], 9, "busy");
        desk.refused(&["key", "rotate", "signer"], 9, "busy");
    }
    assert_eq!(desk.vault_bytes(), before);
    assert_eq!(desk.ok(&["key", "rotate", "signer"])["key"]["primaryVersion"], 2);
}

#[test]
fn processes_that_write_at_the_same_time_all_succeed_one_after_the_other() {
    let desk = Desk::new();
    let file = desk.text("passphrase");
    let started: Vec<_> = (0..4)
        .map(|number| {
            let name = format!("k{number}");
            let args = ["key", "create", "--name", &name, "--algorithm", "hmac-sha256"];
            let mut command = desk.command(&args);
            command.args(["--purpose", "mac", "--json", "--passphrase-file", &file]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in started {
        let done = Done::of(child.wait_with_output().unwrap());
        assert_eq!(done.exit, 0, "{done:?}");
    }
    assert_eq!(desk.names(), ["k0", "k1", "k2", "k3"]);
    assert_eq!(desk.ok(&["audit", "verify"])["keys"], 4);
}
