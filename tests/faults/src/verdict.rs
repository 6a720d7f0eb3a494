//! What a vault holds, as the command line says after it opened it again.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::{Desk, owned};
use crate::trap::{Call, Plan, Stop, Stopped};

/// What a vault holds, without what differs from run to run: identifiers and times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View(pub BTreeMap<String, Facts>);

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its state.
    pub state: String,
    /// Its primary version's number.
    pub primary: u64,
    /// How often it changed.
    pub revision: u64,
    /// Its tags.
    pub tags: String,
    /// Whether its destruction is scheduled.
    pub doomed: bool,
}

impl View {
    /// What `keyreeve key list --json` printed.
    pub fn of(list: &Value) -> Self {
        let keys = list["keys"].as_array().unwrap();
        assert_eq!(list["total"].as_u64().unwrap(), keys.len() as u64, "all are listed");
        Self(
            keys.iter().map(|key| (key["name"].as_str().unwrap().to_owned(), facts(key))).collect(),
        )
    }
}

fn facts(key: &Value) -> Facts {
    Facts {
        state: key["state"].as_str().unwrap().to_owned(),
        primary: key["primaryVersion"].as_u64().unwrap(),
        revision: key["revision"].as_u64().unwrap(),
        tags: key["tags"].to_string(),
        doomed: key["destroyScheduledAt"].is_string(),
    }
}

/// The arguments of what looks at a vault: the log and every key's rows, then the keys.
const VERIFY: [&str; 2] = ["audit", "verify"];
const LIST: [&str; 4] = ["key", "list", "--limit", "500"];

/// The exit code of a passphrase that opens nothing.
const CANNOT_UNLOCK: i32 = 3;

/// Opens the vault of a desk again and again.
pub struct Judge {
    verify: Stopped,
    list: Stopped,
    days_ahead: i64,
}

impl Judge {
    /// For a desk whose header stays as it is, and whose clock is so many days ahead.
    pub fn of(desk: &Desk, days_ahead: i64) -> Self {
        Self {
            verify: desk.stop_at(&owned(&VERIFY), Stop::AT_DATABASE, "verify"),
            list: desk.stop_at(&owned(&LIST), Stop::AT_DATABASE, "list"),
            days_ahead,
        }
    }

    /// Verifies the log and all keys, and says what there is.
    ///
    /// # Errors
    /// When the vault does not open or does not verify.
    pub fn look(&mut self) -> Result<View, String> {
        let plan = Plan::count(Call(0)).days_ahead(self.days_ahead);
        let verified = self.verify.run(&plan);
        if !verified.acknowledged() || verified.json()["ok"] != true {
            return Err(format!("it does not verify: {verified:?}"));
        }
        let listed = self.list.run(&plan);
        if !listed.acknowledged() {
            return Err(format!("its keys are not listed: {listed:?}"));
        }
        Ok(View::of(&listed.json()))
    }
}

/// Whether a passphrase opens the vault from the first step, header and key derivation included, and its keys are listed.
#[must_use]
pub fn opens(desk: &Desk, passphrase: &str) -> bool {
    let ran = desk.run(&[&LIST[..], &["--passphrase-file", passphrase]].concat());
    assert!(ran.acknowledged() || ran.exit == Some(CANNOT_UNLOCK), "{passphrase}: {ran:?}");
    ran.acknowledged()
}
