//! A desk with a vault and a card reader, for the tests of smartcards as ways in.

use std::process::Command;

use serde_json::Value;

use crate::card_rig::CardRig;
use crate::desk::{Desk, Done};

/// The PIN of a new virtual card.
pub const PIN: &str = "123456";
/// How the PIV application names the first card.
pub const PIV_SERIAL: &str = "0a0b0c0d6b657972656576652d726967";

/// The two kinds of card, with a key: what the rig is told, and what the command calls them.
pub const KINDS: [(&str, &str, &str); 2] =
    [("piv", "piv-key=p256", "piv"), ("openpgp", "key=x25519", "openpgp-card")];

/// A desk with a vault, and a reader.
pub struct Table {
    pub desk: Desk,
    pub rig: CardRig,
}

impl Table {
    pub fn new() -> Self {
        let desk = Desk::new();
        desk.secret("pin", PIN);
        desk.secret("wrong", "654321");
        Self { desk, rig: CardRig::new() }
    }

    /// With a card in the first slot that is a way in, `card`.
    pub fn with_slot((application, key, kind): (&str, &str, &str)) -> Self {
        let mut table = Self::new();
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {key}"));
        let added = table.add(kind, "card");
        assert_eq!(added.exit, 0, "{added:?}");
        table
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let (variable, socket) = self.rig.socket();
        let mut command = self.desk.command(args);
        command.env(variable, socket).args(["--no-input", "--json"]);
        command
    }

    pub fn add(&self, kind: &str, name: &str) -> Done {
        let (passphrase, pin) = (self.desk.text("passphrase"), self.desk.text("pin"));
        let slot = ["slot", "add", kind, "--name", name];
        let secrets = ["--passphrase-file", &passphrase, "--pin-file", &pin];
        Done::of(self.command(&[&slot[..], &secrets].concat()).output().unwrap())
    }

    /// Unlocks with the slot `card`, and a PIN from a file.
    pub fn unlock(&self, pin: &str) -> Done {
        let pin = self.desk.text(pin);
        let args = ["slot", "list", "--slot", "card", "--pin-file", &pin];
        Done::of(self.command(&args).output().unwrap())
    }

    pub fn tries_left(&self) -> Value {
        self.card()["triesLeft"].clone()
    }

    /// The first application of the card in the first slot, as it is listed.
    pub fn card(&self) -> Value {
        let done = Done::of(self.command(&["card", "list"]).output().unwrap());
        done.json()["readers"][0]["card"]["applications"][0].clone()
    }
}
