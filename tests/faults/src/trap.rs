//! What the library between the program and the disk is told, and what it tells.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde_json::Value;

/// The library.
pub const LIBRARY: &str = env!("TRAP_LIBRARY");

/// Kinds of calls, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call(pub u32);

impl Call {
    /// Opening a file, or making it.
    pub const OPEN: Self = Self(1);
    /// Writing.
    pub const WRITE: Self = Self(2);
    /// Flushing a file or folder.
    pub const SYNC: Self = Self(4);
    /// Renaming.
    pub const RENAME: Self = Self(8);
    /// Removing a file or folder.
    pub const REMOVE: Self = Self(16);
    /// Setting a length.
    pub const TRUNCATE: Self = Self(32);
    /// Making a folder.
    pub const MKDIR: Self = Self(64);
    /// Reading.
    pub const READ: Self = Self(128);
    /// Flushing that was made to fail.
    pub const UNFLUSHED: Self = Self(1024);
    /// Everything after which the disk may be another, and opening.
    pub const CHANGES: Self = Self(1 | 2 | 4 | 8 | 16 | 32 | 64 | 256 | 512);
}

/// What shall happen at the n-th call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Count = 0,
    Kill = 1,
    Fail = 2,
    Short = 3,
    FailFrom = 4,
}

/// What shall happen to a run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    mode: Mode,
    kinds: Call,
    nth: u64,
    error: i32,
    trace: bool,
    clock_offset: i64,
    seed: u64,
}

impl Plan {
    /// Nothing; the calls are only counted.
    #[must_use]
    pub fn count(kinds: Call) -> Self {
        Self { mode: Mode::Count, kinds, nth: 0, error: 0, trace: false, clock_offset: 0, seed: 1 }
    }

    /// SIGKILL before the n-th change.
    #[must_use]
    pub fn kill(nth: u64) -> Self {
        Self { mode: Mode::Kill, nth, ..Self::count(Call::CHANGES) }
    }

    /// The n-th of these calls fails with this error number.
    #[must_use]
    pub fn fail(kinds: Call, nth: u64, error: i32) -> Self {
        Self { mode: Mode::Fail, nth, error, ..Self::count(kinds) }
    }

    /// The n-th of these calls and all after it fail.
    #[must_use]
    pub fn fail_from(kinds: Call, nth: u64, error: i32) -> Self {
        Self { mode: Mode::FailFrom, nth, error, ..Self::count(kinds) }
    }

    /// The n-th write writes half of what it should, and says so.
    #[must_use]
    pub fn short(nth: u64) -> Self {
        Self { mode: Mode::Short, nth, ..Self::count(Call::WRITE) }
    }

    /// What is done is written down.
    #[must_use]
    pub fn traced(self) -> Self {
        Self { trace: true, ..self }
    }

    /// The clock is so many days ahead.
    #[must_use]
    pub fn days_ahead(self, days: i64) -> Self {
        Self { clock_offset: days * 86_400, ..self }
    }

    /// With randomness and a clock of its own: otherwise every child of a stopped process has the same
    /// of both.
    #[must_use]
    pub fn unrepeatable(self) -> Self {
        Self { seed: 0, ..self }
    }

    fn text(&self) -> String {
        let Self { mode, kinds, nth, error, trace, clock_offset, .. } = *self;
        format!("{} {} {nth} {error} {} {clock_offset}", mode as u32, kinds.0, u32::from(trace))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(40);
        bytes.extend((self.mode as u32).to_le_bytes());
        bytes.extend(self.kinds.0.to_le_bytes());
        bytes.extend(self.nth.to_le_bytes());
        bytes.extend(self.error.to_le_bytes());
        bytes.extend(u32::from(self.trace).to_le_bytes());
        bytes.extend(self.clock_offset.to_le_bytes());
        bytes.extend(self.seed.to_le_bytes());
        bytes
    }
}

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The exit code; `None` of one that a signal ended.
    pub exit: Option<i32>,
    /// How many of the plan's calls there were; not counted in a run of its own.
    pub calls: u64,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Ran {
    /// Whether the operation was acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> bool {
        self.exit == Some(0)
    }

    /// Whether a signal ended it.
    #[must_use]
    pub fn killed(&self) -> bool {
        self.exit.is_none()
    }

    /// The JSON document that it printed.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the error that it printed.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Puts the library into a program that is about to start.
pub fn load(command: &mut Command, root: &Path) {
    command.env("LD_PRELOAD", LIBRARY).env("FAULTS_ROOT", root);
}

/// Gives a plan to a program that is about to start.
pub fn instruct(command: &mut Command, plan: &Plan, trace: &Path) {
    command.env("FAULTS_PLAN", plan.text()).env("FAULTS_TRACE", trace);
}

/// Where a process is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// Before a call of these kinds,
    pub kinds: Call,
    /// on a file whose name ends so.
    pub name: &'static str,
}

impl Stop {
    /// Before the first call on the database: the slow derivation of a key is over then.
    pub const AT_DATABASE: Self = Self { kinds: Call(u32::MAX), name: "/vault.db" };
    /// Before the first call at all.
    pub const AT_FIRST: Self = Self { kinds: Call(u32::MAX), name: "" };
    /// Before the vault's folder is made.
    pub const AT_FOLDER: Self = Self { kinds: Call::MKDIR, name: "/v.keyreeve" };
}

/// A process that stopped just before it touched a certain file, and starts children from there.
pub struct Stopped {
    process: Child,
    socket: UnixStream,
    output: PathBuf,
    child: i64,
    /// Where its children write down what they do.
    pub trace: PathBuf,
}

impl Stopped {
    /// Starts `command`, with its library loaded, and waits until it comes to the stop. `beside` is
    /// a name for files of its own.
    pub fn start(command: &mut Command, at: Stop, beside: &Path) -> Self {
        let named = |ending: &str| {
            let mut name = OsString::from(beside);
            name.push(ending);
            PathBuf::from(name)
        };
        let (socket, trace) = (named(".socket"), named(".trace"));
        let _ = fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket).unwrap();
        command
            .env("FAULTS_SOCKET", &socket)
            .env("FAULTS_FORK", at.name)
            .env("FAULTS_FORK_KINDS", at.kinds.0.to_string())
            .env("FAULTS_OUTPUT", beside)
            .env("FAULTS_TRACE", &trace)
            .stdout(fs::File::create(named(".out")).unwrap())
            .stderr(fs::File::create(named(".err")).unwrap());
        let process = command.spawn().unwrap();
        // The library connects before the program's own first step.
        let (mut socket, _) = listener.accept().unwrap();
        let mut ready = [0];
        let came = socket.read_exact(&mut ready);
        let stopped = Self { process, socket, output: beside.to_owned(), child: 0, trace };
        assert!(
            came.is_ok(),
            "it never came to {at:?}: {} {}",
            stopped.printed("out"),
            stopped.printed("err")
        );
        stopped
    }

    /// Starts a child.
    pub fn begin(&mut self, plan: &Plan) {
        self.socket.write_all(&plan.bytes()).unwrap();
        let mut id = [0; 8];
        self.socket.read_exact(&mut id).unwrap();
        self.child = i64::from_le_bytes(id);
    }

    /// Waits for the child to end.
    pub fn finish(&mut self) -> Ran {
        let mut report = [0; 16];
        self.socket.read_exact(&mut report).unwrap();
        let (status, calls) = report.split_at(8);
        let status = i64::from_le_bytes(status.try_into().unwrap());
        let exit = (status & 0x7F == 0).then_some(i32::try_from((status >> 8) & 0xFF).unwrap());
        Ran {
            exit,
            calls: u64::from_le_bytes(calls.try_into().unwrap()),
            out: self.printed("out"),
            err: self.printed("err"),
        }
    }

    /// Starts a child and waits for it to end.
    pub fn run(&mut self, plan: &Plan) -> Ran {
        self.begin(plan);
        self.finish()
    }

    /// Starts a child and kills it after `delay`, if it has not ended by then.
    pub fn run_and_kill(&mut self, plan: &Plan, delay: Duration) -> Ran {
        self.begin(plan);
        let child = i32::try_from(self.child).ok().and_then(Pid::from_raw).unwrap();
        if let Ok(child) = pidfd_open(child, PidfdFlags::empty()) {
            // Not a wait for something: the moment of the kill is what varies.
            std::thread::sleep(delay);
            // It may have ended meanwhile.
            let _ = pidfd_send_signal(&child, Signal::KILL);
        }
        self.finish()
    }

    fn printed(&self, ending: &str) -> String {
        let mut name = self.output.clone().into_os_string();
        name.push(".");
        name.push(ending);
        fs::read_to_string(name).unwrap_or_default()
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // Its socket closes, and it ends by itself; this only makes sure.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
