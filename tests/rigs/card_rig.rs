//! A smartcard reader, its service and its cards, for one test: real pcscd, virtual cards. Test files take it in with
//! `#[path]`. What it can be told is in `tests/rigs/cards/src/control.rs`.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long something may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// One test's own pcscd and cards; all of it ends with this.
pub struct CardRig {
    dir: TempDir,
    process: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl CardRig {
    /// Without a service: as on a machine that has none.
    pub fn without_service() -> Self {
        Self::without_service_in(TempDir::new().unwrap())
    }

    /// The same, with its files in this folder.
    pub fn without_service_in(dir: TempDir) -> Self {
        let program = program();
        assert!(program.exists(), "{} is missing: `npm test -- rigs` builds it", program.display());
        let mut apart = Command::new("unshare");
        apart.args(["--mount", "--net", "--pid", "--fork", "--kill-child"]);
        if !is_root() {
            apart.arg("--map-root-user");
        }
        let mut process = apart
            .arg(&program)
            .arg(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let words = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { dir, process, words, answers }
    }

    /// With a service and an empty reader of two slots.
    pub fn new() -> Self {
        let mut rig = Self::without_service();
        rig.say("start");
        rig
    }

    /// With a card `card` in the first slot.
    pub fn with_card(applications: &str) -> Self {
        let mut rig = Self::new();
        rig.say(&format!("insert 0 {applications} card serial=0a0b0c0d"));
        rig
    }

    /// Says a word, which must be done.
    pub fn say(&mut self, word: &str) {
        writeln!(self.words.as_mut().unwrap(), "{word}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim_end(), "ok", "{word}");
    }

    /// The process whose end is the end of it all, also while the rig waits for a card.
    #[allow(dead_code)] // The command line's tests do without it.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Waits until something holds.
    pub fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < until, "waited in vain for {what}");
        }
    }

    /// Lets GnuPG's scdaemon hold the card as it does by default, until what this gives is dropped.
    pub fn held_by_scdaemon(&self) -> Holder {
        let home = self.dir.path().join("gnupg");
        std::fs::create_dir(&home).unwrap();
        // Else it would look for a USB reader itself instead of asking the service.
        std::fs::write(home.join("scdaemon.conf"), "disable-ccid\n").unwrap();
        let (variable, socket) = self.socket();
        let mut process = Command::new("/usr/lib/gnupg/scdaemon")
            .arg("--homedir")
            .arg(&home)
            .arg("--server")
            .env(variable, socket)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut words = process.stdin.take().unwrap();
        writeln!(words, "SERIALNO openpgp").unwrap();
        let mut answers = BufReader::new(process.stdout.take().unwrap()).lines();
        // It greets with a line that begins so, too.
        let mut answered = || answers.find(|line| !line.as_ref().unwrap().starts_with("S "));
        assert!(answered().unwrap().unwrap().starts_with("OK"));
        assert_eq!(answered().unwrap().unwrap(), "OK", "scdaemon found no card");
        Holder { process, _words: words, _answers: answers }
    }

    /// The environment variable through which programs find this service, and its value.
    pub fn socket(&self) -> (&'static str, PathBuf) {
        Self::socket_in(self.dir.path())
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The same of a rig with its files in this folder.
    pub fn socket_in(folder: &Path) -> (&'static str, PathBuf) {
        ("PCSCLITE_CSOCK_NAME", folder.join("run/pcscd.comm"))
    }
}

/// A program that holds a card.
pub struct Holder {
    process: Child,
    _words: ChildStdin,
    _answers: Lines<BufReader<ChildStdout>>,
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for CardRig {
    fn drop(&mut self) {
        // It ends when nobody has anything more to say.
        drop(self.words.take());
        _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    std::env::var_os("KEYREEVE_CARD_RIG").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/rigs/debug/keyreeve-rig-cards"),
        PathBuf::from,
    )
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}
