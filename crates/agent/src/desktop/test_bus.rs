//! A real bus of a test's own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use zbus::blocking::{Connection, connection::Builder};

/// A running `dbus-daemon`; it ends with this.
pub(super) struct Bus {
    server: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Bus {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = format!("--address=unix:path={}", folder.path().join("bus").display());
        let mut server = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1", &place])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { server, address: address.trim().to_owned(), _folder: folder }
    }

    pub(super) fn connect(&self) -> Connection {
        Builder::address(self.address.as_str()).unwrap().build().unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}
