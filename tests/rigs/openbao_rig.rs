//! An OpenBao server of one test's own, which keeps everything in memory and listens on a socket in the test's folder.
//! Test files take it in with `#[path]`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub struct OpenBaoRig {
    home: PathBuf,
    server: Child,
    token: String,
}

impl OpenBaoRig {
    /// A server with its transit engine, unsealed, which keeps what it needs in `home`.
    pub fn new(home: &Path) -> Self {
        let configuration = home.join("server.hcl");
        let listener = format!("listener \"unix\" {{ address = {:?} }}", home.join("socket"));
        fs::write(&configuration, format!("storage \"inmem\" {{}}\n{listener}\n")).unwrap();
        let mut server = at(home)
            .arg("server")
            .arg(format!("-config={}", configuration.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("bao: run `node scripts/setup.mjs test`");
        let mut said = BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("server started") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "the server ended by itself");
        }
        // What it says later is to find a reader.
        std::thread::spawn(move || said.read_to_end(&mut Vec::new()));
        let mut rig = Self { home: home.into(), server, token: String::new() };
        let keys = rig.ok(&["operator", "init", "-key-shares=1", "-key-threshold=1"]);
        let after = |label: &str| {
            let line = keys.lines().find_map(|line| line.strip_prefix(label)).unwrap();
            line.trim().to_owned()
        };
        rig.ok(&["operator", "unseal", &after("Unseal Key 1:")]);
        rig.token = after("Initial Root Token:");
        rig.ok(&["secrets", "enable", "transit"]);
        rig
    }

    /// Runs OpenBao's command on the server, and gives what it prints.
    pub fn ok(&self, args: &[&str]) -> String {
        self.run(at(&self.home).args(args))
    }

    /// Runs a line that was made for Vault's command, as a shell would.
    pub fn shell(&self, line: &str) -> String {
        let vault = format!("vault() {{ {:?} \"$@\"; }}\n{line}", program());
        let mut shell = Command::new("sh");
        self.run(around(&mut shell, &self.home).args(["-c", &vault]))
    }

    fn run(&self, command: &mut Command) -> String {
        let done = command.env("BAO_TOKEN", &self.token).output().unwrap();
        assert!(done.status.success(), "{command:?}: {done:?}");
        String::from_utf8(done.stdout).unwrap()
    }
}

impl Drop for OpenBaoRig {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

/// Where setup has put it.
fn program() -> PathBuf {
    let python = std::env::var_os("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    Path::new(&python).with_file_name("bao")
}

fn at(home: &Path) -> Command {
    let mut command = Command::new(program());
    around(&mut command, home);
    command
}

fn around<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .env("BAO_ADDR", format!("unix://{}", home.join("socket").display()))
        .current_dir(home)
        .stdin(Stdio::null())
}
