//! A session bus and a GNOME Keyring of one test's own. Test files take it in with `#[path]`.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A session bus at `PATH` that starts nothing by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=PATH</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"#;

/// One test's own session; all of it ends with this.
pub struct KeyringRig {
    home: PathBuf,
    bus: Child,
    keyring: Option<Child>,
}

impl KeyringRig {
    /// A session without a keyring, which keeps what it needs in `home`.
    pub fn without_keyring(home: &Path) -> Self {
        fs::create_dir_all(home.join("runtime")).unwrap();
        let config = home.join("bus.conf");
        fs::write(&config, BUS.replace("PATH", home.join("bus").to_str().unwrap())).unwrap();
        let mut bus = at(home, "dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon: run `node scripts/setup.mjs test`");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { home: home.into(), bus, keyring: None }
    }

    /// A session whose keyring is open.
    pub fn new(home: &Path) -> Self {
        let mut rig = Self::without_keyring(home);
        rig.start(true);
        rig
    }

    /// Starts the keyring, open or locked, and waits until it answers for the name.
    pub fn start(&mut self, open: bool) {
        let mut command = at(&self.home, "gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if open {
            command.arg("--unlock");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keyring =
            command.spawn().expect("gnome-keyring-daemon: run `node scripts/setup.mjs test`");
        let mut stdin = keyring.stdin.take().unwrap();
        stdin.write_all(if open { b"the keyring's own" } else { b"" }).unwrap();
        drop(stdin);
        while !has_owner(&self.home) {
            assert!(keyring.try_wait().unwrap().is_none(), "the keyring ended by itself");
            std::thread::yield_now();
        }
        self.keyring = Some(keyring);
    }

    /// Kills the keyring, and waits until nobody answers for the name.
    pub fn stop(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            keyring.kill().unwrap();
            keyring.wait().unwrap();
        }
        while has_owner(&self.home) {
            std::thread::yield_now();
        }
    }

    /// The running keyring's process.
    #[allow(dead_code, reason = "not every test that takes this file in needs it")]
    pub fn process(&self) -> u32 {
        self.keyring.as_ref().unwrap().id()
    }
}

impl Drop for KeyringRig {
    fn drop(&mut self) {
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            _ = child.kill();
            _ = child.wait();
        }
    }
}

/// By what a program finds the session that is kept in `home`.
pub fn environment(home: &Path) -> [(&'static str, OsString); 3] {
    [
        ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join("bus").display()).into()),
        ("XDG_RUNTIME_DIR", home.join("runtime").into()),
        ("XDG_DATA_HOME", home.join("data").into()),
    ]
}

fn at(home: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .envs(environment(home))
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

fn has_owner(home: &Path) -> bool {
    let mut asked = at(home, "dbus-send");
    asked.args([
        "--session",
        "--print-reply=literal",
        "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
    ]);
    String::from_utf8_lossy(&asked.output().unwrap().stdout).contains("true")
}
