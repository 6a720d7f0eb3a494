//! The tools, and a folder for the files they read.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A directory for one test, with the files it asks for.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a private file as OpenSSH demands it: mode 0600.
    pub fn secret(&self, name: &str, contents: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).unwrap().write_all(contents).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn count(&self) -> usize {
        fs::read_dir(self.0.path()).unwrap().count()
    }
}

pub struct Tool {
    pub program: &'static str,
    pub package: &'static str,
}

pub const OPENSSL: Tool = Tool { program: "openssl", package: "openssl" };
pub const SSH_KEYGEN: Tool = Tool { program: "ssh-keygen", package: "openssh-client" };
pub const AGE: Tool = Tool { program: "age", package: "age" };
pub const KEYTOOL: Tool = Tool { program: "keytool", package: "default-jre-headless" };
pub const PUTTYGEN: Tool = Tool { program: "puttygen", package: "putty-tools" };
pub const MINISIGN: Tool = Tool { program: "minisign", package: "minisign" };
pub const SIGNIFY: Tool = Tool { program: "signify-openbsd", package: "signify-openbsd" };
pub const SCRIPT: Tool = Tool { program: "script", package: "bsdutils" };
pub const WG: Tool = Tool { program: "wg", package: "wireguard-tools" };
pub const AGE_KEYGEN: Tool = Tool { program: "age-keygen", package: "age" };

impl Tool {
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(self.program)
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{} does not run ({error}): apt install {}", self.program, self.package)
            });
        // A tool that has read enough may close its input: that is no failure.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    pub fn accepts(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.run(arguments, input);
        assert!(
            output.status.success(),
            "{} {arguments:?}: {}",
            self.program,
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    #[track_caller]
    pub fn prints(&self, arguments: &[&str], input: &[u8]) -> String {
        String::from_utf8(self.accepts(arguments, input)).unwrap()
    }

    #[track_caller]
    pub fn refuses(&self, arguments: &[&str]) {
        assert!(!self.run(arguments, b"").status.success(), "{} {arguments:?}", self.program);
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
