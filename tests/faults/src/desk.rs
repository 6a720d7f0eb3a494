//! A folder of its own, with a vault in it, and the command at work there.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::snapshot::Snapshot;
use crate::trap::{Plan, Ran, Stop, Stopped, instruct, load};

/// The passphrase of every vault here.
pub const PASSPHRASE: &str = "ledger brass tulip orbit";
/// A second one.
pub const OTHER: &str = "copper window sable forty";
/// The least that a slot may cost.
pub const QUICK: [&str; 4] = ["--kdf-memory-kib", "65536", "--kdf-passes", "3"];
/// As a first argument: the command is given no passphrase.
pub const WITHOUT: &str = "no-passphrase";
/// The name of the vault's folder below the root.
pub const VAULT: &str = "v.keyreeve";

/// The program under test: beside the tests' own programs, or where `KEYREEVE_BIN_DIR` says.
#[must_use]
pub fn program() -> PathBuf {
    let beside = || {
        let own = std::env::current_exe().unwrap();
        let folder = own.parent().unwrap();
        if folder.ends_with("deps") { folder.parent().unwrap().into() } else { folder.to_owned() }
    };
    let folder = std::env::var_os("KEYREEVE_BIN_DIR").map_or_else(beside, PathBuf::from);
    let program = folder.join("keyreeve");
    assert!(program.exists(), "{} is not there: cargo build -p keyreeve-cli", program.display());
    program
}

/// A folder whose files the faults are about, and another for everything else.
pub struct Desk {
    folder: TempDir,
    /// What the faults are about: the vault and the state folder lie here.
    pub root: PathBuf,
}

impl Desk {
    /// With nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        let memory = Path::new("/dev/shm");
        let base = std::env::var_os("KEYREEVE_FAULTS_FOLDER").map(PathBuf::from);
        // A disk in memory, where there is one: what is lost in a power cut is worked out here,
        // and a real disk would only be slower.
        let base = base.unwrap_or_else(|| {
            if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
        });
        let folder = tempfile::Builder::new().prefix("keyreeve-faults-").tempdir_in(base).unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        fs::create_dir(&root).unwrap();
        let desk = Self { folder, root };
        desk.secret("passphrase", PASSPHRASE);
        desk.secret("other", OTHER);
        desk
    }

    /// With the vault that all campaigns start from.
    #[must_use]
    pub fn with_keys() -> Self {
        let desk = Self::empty();
        STOCK.vault.put(&desk.root);
        desk.secret("identity", &STOCK.identity);
        desk
    }

    /// With a vault that the last program of schema 1 made, of much the same keys.
    #[must_use]
    pub fn with_older_schema() -> Self {
        let desk = Self::empty();
        let older = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/schema-1.keyreeve");
        let below = |(name, bytes)| (Path::new(VAULT).join(name), bytes);
        let mut vault: Snapshot = Snapshot(Snapshot::of(&older).0.into_iter().map(below).collect());
        vault.0.insert(VAULT.into(), None);
        desk.put(&vault);
        desk
    }

    /// Writes a file beside the root.
    fn secret(&self, name: &str, text: &str) {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(self.beside(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// A path beside the root, where nothing fails.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, as someone with the passphrase and nobody to ask would run it. An argument that
    /// starts with `@` names a file beside the root; a first argument `no-passphrase` means that.
    #[must_use]
    pub fn command(&self, args: &[String]) -> Command {
        let mut command = Command::new(program());
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_STATE_HOME", self.root.join("state"))
            // Never the keyring of whoever runs the tests.
            .env(
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", self.root.join("no-bus").display()),
            )
            .env("KEYREEVE_VAULT", self.root.join(VAULT))
            .env("LC_ALL", "C.UTF-8")
            .current_dir(&self.root)
            .stdin(Stdio::null());
        let (with, args) = match args {
            [first, rest @ ..] if first == WITHOUT => (false, rest),
            all => (!all.iter().any(|arg| arg == "--passphrase-file"), all),
        };
        for arg in args {
            match arg.strip_prefix('@') {
                Some(name) => command.arg(self.beside(name)),
                None => command.arg(arg),
            };
        }
        if with {
            command.arg("--passphrase-file").arg(self.beside("passphrase"));
        }
        command.args(["--json", "--no-input", "--yes"]);
        command
    }

    /// Runs the command, with nothing between it and the disk.
    pub fn run(&self, args: &[&str]) -> Ran {
        of(self.command(&owned(args)).output().unwrap())
    }

    /// Runs the command, which must succeed.
    pub fn ok(&self, args: &[&str]) -> serde_json::Value {
        let ran = self.run(args);
        assert!(ran.acknowledged(), "{args:?}: {ran:?}");
        ran.json()
    }

    /// Runs the command by a plan, from its first step.
    pub fn run_by(&self, args: &[String], plan: &Plan, trace: &Path) -> Ran {
        let mut command = self.command(args);
        load(&mut command, &self.root);
        instruct(&mut command, plan, trace);
        of(command.output().unwrap())
    }

    /// Starts the command and stops it at `at`; `name` is one for its own files.
    #[must_use]
    pub fn stop_at(&self, args: &[String], at: Stop, name: &str) -> Stopped {
        let mut command = self.command(args);
        load(&mut command, &self.root);
        Stopped::start(&mut command, at, &self.beside(name))
    }

    /// What is in the root now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.root)
    }

    /// Makes the root hold this.
    pub fn put(&self, snapshot: &Snapshot) {
        snapshot.put(&self.root);
    }
}

/// Arguments that own their text.
pub fn owned(args: &[&str]) -> Vec<String> {
    args.iter().map(|&arg| arg.to_owned()).collect()
}

fn of(output: std::process::Output) -> Ran {
    Ran {
        exit: output.status.code(),
        calls: 0,
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What every desk gets, made once.
struct Stock {
    vault: Snapshot,
    identity: String,
    recipient: String,
}

static STOCK: LazyLock<Stock> = LazyLock::new(|| {
    let desk = Desk::empty();
    desk.ok(&[&["init"][..], &QUICK].concat());
    let make = |name: &str, algorithm: &str, purpose: &str, more: &[&str]| {
        let args =
            ["key", "create", "--name", name, "--algorithm", algorithm, "--purpose", purpose];
        desk.ok(&[&args[..], more].concat());
    };
    make("signer", "ed25519", "sign", &[]);
    make("sealer", "aes-256-gcm", "encrypt", &[]);
    make("mailbox", "x25519", "agree", &["--exportable"]);
    make("many", "aes-256-gcm", "encrypt", &["--count", "6", "--tag", "many"]);
    // Retired, and one of them due to be destroyed.
    for name in ["retired", "doomed"] {
        make(name, "hmac-sha256", "mac", &[]);
        desk.ok(&["key", "deactivate", name]);
    }
    desk.ok(&["key", "destroy", "doomed", "--after", "P7D"]);
    let export = |name: &str, more: &[&str]| {
        let file = format!("@{name}");
        let args = ["key", "export", "mailbox", "--format", "age", "--out", &file];
        desk.ok(&[&args[..], more].concat());
        fs::read_to_string(desk.beside(name)).unwrap().trim().to_owned()
    };
    let identity = export("secret-half", &["--plaintext"]);
    let recipient = export("public-half", &["--public"]);
    let mut vault = desk.snapshot();
    // The desk's own state is about the vault's place.
    vault.0.retain(|name, _| name.starts_with(VAULT));
    Stock { vault, identity, recipient }
});

/// Whom the identity that lies on every desk is of.
pub fn recipient() -> &'static str {
    &STOCK.recipient
}
