//! A desk with a session bus, and a keyring where one was started.

use std::path::PathBuf;
use std::process::Command;

use crate::desk::{Desk, Done};
use crate::keyring_rig::{KeyringRig, environment};

/// A session at a desk: a bus, and a keyring where one was started.
pub struct Session<'a> {
    pub desk: &'a Desk,
    pub rig: KeyringRig,
}

impl<'a> Session<'a> {
    pub fn without_keyring(desk: &'a Desk) -> Self {
        Self { desk, rig: KeyringRig::without_keyring(&desk.path("session")) }
    }

    pub fn with_keyring(desk: &'a Desk) -> Self {
        Self { desk, rig: KeyringRig::new(&desk.path("session")) }
    }

    pub fn at_session<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        self.desk.at_home(command).envs(environment(&self.desk.path("session")))
    }

    /// The command in this session, which answers in JSON and asks nobody.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.desk.command(args);
        self.at_session(&mut command).args(["--json", "--no-input"]);
        command
    }

    pub fn run(&self, args: &[&str]) -> Done {
        Done::of(self.command(args).output().unwrap())
    }

    /// The folder of what belongs to the session.
    pub fn home(&self) -> PathBuf {
        self.desk.path("session")
    }

    pub fn with_passphrase(&self, args: &[&str]) -> Done {
        let file = self.desk.text("passphrase");
        self.run(&[args, &["--passphrase-file", &file]].concat())
    }
}
