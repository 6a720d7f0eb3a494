//! The writing commands, and what each of them is to come to.

use crate::desk::{QUICK, WITHOUT, owned, recipient};
use crate::trap::Stop;

/// A command, and where in it the quick repetitions start.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name, for people.
    pub name: &'static str,
    /// Its arguments.
    pub args: Vec<String>,
    /// Where it is stopped.
    pub stop_at: Stop,
    /// How far the clock is ahead.
    pub days_ahead: i64,
}

impl Scenario {
    fn new(name: &'static str, args: &[&str]) -> Self {
        Self { name, args: owned(args), stop_at: Stop::AT_DATABASE, days_ahead: 0 }
    }

    /// Commands that change what the database holds, and nothing else.
    #[must_use]
    pub fn of_keys() -> Vec<Self> {
        let aes = ["--algorithm", "aes-256-gcm", "--purpose", "encrypt"];
        let create = |name, more: &[&str]| {
            Self::new(name, &[&["key", "create", "--name", "new"][..], &aes, more].concat())
        };
        vec![
            create("create", &[]),
            create("create many", &["--count", "5"]),
            Self::new("rotate", &["key", "rotate", "signer"]),
            Self::new("rotate many", &["key", "bulk", "rotate", "--tag", "many"]),
            Self::new("edit", &["key", "edit", "sealer", "--add-tag", "edited", "--note", "n"]),
            Self::new("suspend", &["key", "suspend", "sealer"]),
            Self::new("revoke", &["key", "revoke", "sealer", "--reason", "laptop lost"]),
            Self::new("destroy", &["key", "destroy", "retired", "--after", "P7D"]),
            Self { days_ahead: 8, ..Self::new("run-due", &["run-due"]) },
        ]
    }

    /// Commands that change the header. Each child derives the new slot's key anew: the command does
    /// that once it has taken its turn in the log, which a stopped process would keep from all others.
    #[must_use]
    pub fn of_slots() -> Vec<Self> {
        let slot = Self::new;
        let new = ["--new-passphrase-file", "@other"];
        let add = ["slot", "add", "passphrase", "--name", "Spare", "--role", "administrator"];
        vec![
            slot("slot add", &[&add[..], &new, &QUICK].concat()),
            slot("slot change", &[&["slot", "change", "Passphrase"][..], &new, &QUICK].concat()),
            slot("slot remove", &["slot", "remove", "Spare"]),
        ]
    }

    /// Opens a vault of an older schema, and so brings it to today's.
    #[must_use]
    pub fn migration() -> Self {
        Self::new("migration", &["key", "list"])
    }

    /// Rotates the material key: the one command that changes database and header for each other.
    #[must_use]
    pub fn rotation() -> Self {
        Self::new("rotate the material key", &["slot", "rotate-material-key"])
    }

    /// Makes a backup.
    #[must_use]
    pub fn backup() -> Self {
        Self::new("backup create", &["backup", "create", "--out", "b", "--to", recipient()])
    }

    /// Restores the backup that lies beside the root.
    #[must_use]
    pub fn restore() -> Self {
        let args =
            [WITHOUT, "backup", "restore", "@b.keyreeve-backup.age", "--identity", "@identity"];
        Self { stop_at: Stop::AT_FIRST, ..Self::new("backup restore", &args) }
    }

    /// Makes a vault.
    #[must_use]
    pub fn init() -> Self {
        Self { stop_at: Stop::AT_FOLDER, ..Self::new("init", &[&["init"][..], &QUICK].concat()) }
    }
}
