//! A person's desk: a home of their own, a vault, and the command.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::recovery::read_off;

pub const PASSPHRASE: &str = "ledger brass tulip orbit";
pub const KEYREEVE: &str = env!("CARGO_BIN_EXE_keyreeve");

/// The floor of the key derivation: as quick as a vault may be.
pub const QUICK: [&str; 4] = ["--kdf-memory-kib", "65536", "--kdf-passes", "3"];

/// More than any vault in these tests has.
const MANY: u64 = 64 << 20;

/// The file with the vault's recovery code, beside the passphrase's.
const CODE: &str = "recovery-code";

pub struct Desk {
    dir: TempDir,
    /// Whether `run` opens the vault with its recovery code.
    by_code: bool,
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// Without a vault.
    pub fn empty() -> Self {
        let dir = TempDir::new().unwrap();
        // Another user, whom some tests play, has to find the way.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let desk = Self { dir, by_code: false };
        desk.secret("passphrase", PASSPHRASE);
        desk
    }

    /// With an empty vault.
    pub fn new() -> Self {
        let desk = Self::empty();
        copy_folder(template(&EMPTY, |_| {}), &desk.vault());
        desk
    }

    /// With a vault that has an exportable Ed25519 key `signer` and an AES key `sealer`.
    pub fn with_keys() -> Self {
        let desk = Self::empty();
        copy_folder(template(&WITH_KEYS, Self::add_keys), &desk.vault());
        desk
    }

    /// With an empty vault that a recovery code opens as well, and `run` opens it with that: nothing is derived, so that a
    /// call takes a seventh of the time. For tests that are not about ways in.
    pub fn with_code() -> Self {
        let mut desk = Self::empty();
        copy_folder(template(&WITH_CODE, Self::add_code), &desk.vault());
        desk.take_code(&WITH_CODE);
        desk
    }

    /// The same with the keys of [`Self::with_keys`].
    pub fn with_keys_and_code() -> Self {
        let mut desk = Self::empty();
        copy_folder(
            template(&WITH_KEYS_AND_CODE, |desk| {
                desk.add_keys();
                desk.add_code();
            }),
            &desk.vault(),
        );
        desk.take_code(&WITH_KEYS_AND_CODE);
        desk
    }

    fn add_keys(&self) {
        self.make("signer", "ed25519", "sign", &["--exportable", "--tag", "web"]);
        self.make("sealer", "aes-256-gcm", "encrypt", &[]);
    }

    fn add_code(&self) {
        self.ok(&["slot", "add", "recovery", "--code", "--out", "page"]);
        let page = fs::read_to_string(self.path("page")).unwrap();
        let [code] = read_off(&page).try_into().unwrap();
        self.secret(CODE, &code);
    }

    fn take_code(&mut self, from: &OnceLock<Self>) {
        fs::copy(from.get().unwrap().path(CODE), self.path(CODE)).unwrap();
        self.by_code = true;
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn vault(&self) -> PathBuf {
        self.path("v.keyreeve")
    }

    /// Writes a passphrase into a file that only its owner reads, and gives its path.
    pub fn secret(&self, name: &str, passphrase: &str) -> String {
        let path = self.path(name);
        let mut options = fs::OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
        file.write_all(passphrase.as_bytes()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn make(&self, name: &str, algorithm: &str, purpose: &str, more: &[&str]) -> Value {
        let mut args = vec!["key", "create", "--name", name, "--algorithm", algorithm];
        args.extend(["--purpose", purpose]);
        args.extend(more);
        self.ok(&args)
    }

    /// The command in this home, with nothing else of the environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(KEYREEVE);
        self.at_home(&mut command).args(args);
        command
    }

    pub fn at_home<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.dir.path())
            .env("XDG_STATE_HOME", self.path("state"))
            // Never the keyring of whoever runs the tests.
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.text("no-bus")))
            .env("KEYREEVE_VAULT", self.vault())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
    }

    /// Runs the command as it is given.
    pub fn bare(&self, args: &[&str]) -> Done {
        Done::of(self.command(args).output().unwrap())
    }

    /// Runs the command with the vault's passphrase, or its code where there is one, and nobody to ask.
    pub fn run(&self, args: &[&str]) -> Done {
        let (option, file) = match self.by_code {
            true => ("--recovery-file", self.text(CODE)),
            false => ("--passphrase-file", self.text("passphrase")),
        };
        let mut all = args.to_vec();
        all.extend([option, &file, "--no-input"]);
        self.bare(&all)
    }

    /// Runs the command, which must succeed, and gives the JSON document on its stdout.
    pub fn ok(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let done = self.run(&all);
        assert_eq!(done.exit, 0, "{args:?}: {done:?}");
        done.json()
    }

    /// Runs the command, which must be refused so, and gives the message.
    pub fn refused(&self, args: &[&str], exit: i32, code: &str) -> String {
        let mut all = args.to_vec();
        all.push("--json");
        self.run(&all).refused(exit, code)
    }

    /// The names of all keys.
    pub fn names(&self) -> Vec<String> {
        let list = self.ok(&["key", "list"]);
        let names = list["keys"].as_array().unwrap().iter();
        names.map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The bytes of the vault's header copies and database; of one of gigabytes only the first.
    pub fn vault_bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let read = |name: &str| {
            let mut bytes = Vec::new();
            fs::File::open(self.vault().join(name))
                .ok()?
                .take(MANY)
                .read_to_end(&mut bytes)
                .ok()?;
            Some((name.to_owned(), bytes))
        };
        ["header.json", "header.backup.json", "vault.db"].into_iter().filter_map(read).collect()
    }
}

impl Done {
    pub fn of(output: Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one JSON document on stdout.
    pub fn json(&self) -> Value {
        assert_eq!(self.out.trim_end().lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts a refusal in JSON, with a cure, and gives its message.
    pub fn refused(&self, exit: i32, code: &str) -> String {
        let document = self.json();
        let error = &document["error"];
        assert_eq!((self.exit, error["code"].as_str()), (exit, Some(code)), "{self:?}");
        assert_eq!(document.as_object().unwrap().len(), 1);
        assert!(error["cure"].as_str().unwrap().len() > 10, "{self:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.len() > 5, "{self:?}");
        message.to_owned()
    }
}

/// The names of a JSON object's members.
pub fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// Copies a vault: a folder of files.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

static EMPTY: OnceLock<Desk> = OnceLock::new();
static WITH_KEYS: OnceLock<Desk> = OnceLock::new();
static WITH_CODE: OnceLock<Desk> = OnceLock::new();
static WITH_KEYS_AND_CODE: OnceLock<Desk> = OnceLock::new();

/// A vault that is made once and copied for each test.
fn template(place: &'static OnceLock<Desk>, fill: impl FnOnce(&Desk)) -> &'static Path {
    let desk = place.get_or_init(|| {
        let desk = Desk::empty();
        let mut args = vec!["init"];
        args.extend(QUICK);
        desk.ok(&args);
        fill(&desk);
        desk
    });
    Box::leak(desk.vault().into_boxed_path())
}
