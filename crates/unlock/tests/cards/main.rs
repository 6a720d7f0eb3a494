//! Smartcards, over the real smartcard service with virtual cards.
//!
//! Which service a process uses is in its environment, so each rig has a process of its own. What takes long there is
//! mostly waiting: the service looks at its readers some times a second. So the rigs of one test run side by side.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../../tests/rigs/card_rig.rs"]
#[allow(dead_code)] // The command line's tests use the rest of it.
mod card_rig;
mod looking;
mod making;
mod opening;
mod pads;
mod watching;

use std::fmt::Debug;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use keyreeve_crypto::{MaterialKey, SecretString, VaultKey, VaultKeys};
use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, Cards as _, Credentials, HeaderError,
    Headers as _, NewCard, NewSlot, NewWay, PresentCard, RecoveryForm, SlotChoice, SlotInfo,
};
use keyreeve_domain::{Role, VaultId};
use keyreeve_unlock::{Attendant, FileHeaders, PcscCards, Waits};
use tempfile::TempDir;

use crate::card_rig::CardRig;

/// How long something may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Names the folder for the rig of a test's own process.
const PLACE: &str = "KEYREEVE_TEST_RIG_PLACE";
/// Which of the test's rigs it is.
const NUMBER: &str = "KEYREEVE_TEST_RIG_NUMBER";

/// Runs the parts of a test side by side, each where a rig of its own, which has no service yet, is the
/// computer's.
fn with_rigs(name: &str, tests: &[fn(CardRig)]) {
    if let (Some(place), Ok(number)) = (std::env::var_os(PLACE), std::env::var(NUMBER)) {
        let dir = tempfile::Builder::new().prefix("rig").rand_bytes(0).tempdir_in(place).unwrap();
        return tests[number.parse::<usize>().unwrap()](CardRig::without_service_in(dir));
    }
    let begun: Vec<_> = (0..tests.len())
        .map(|number| {
            let place = TempDir::new().unwrap();
            let (variable, socket) = CardRig::socket_in(&place.path().join("rig"));
            let mut own = Command::new(std::env::current_exe().unwrap());
            own.args(["--exact", name, "--nocapture"]).env(PLACE, place.path());
            own.env(NUMBER, number.to_string()).env(variable, socket);
            (place, own.spawn().unwrap())
        })
        .collect();
    let ended = begun.into_iter().map(|(_place, mut own)| own.wait().unwrap().success());
    assert_eq!(ended.collect::<Vec<_>>(), vec![true; tests.len()]);
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

/// The PIN and the admin PIN of a new virtual card.
const PIN: &str = "123456";
const ADMIN_PIN: &str = "12345678";
/// The reader with the first slot.
const READER: &str = "Virtual PCD 00 00";
/// A PIN that is none of theirs.
const WRONG: &str = "654321";

/// An application with a key, as the rig is told of it.
struct Kind {
    application: CardApplication,
    name: &'static str,
    key: &'static str,
    /// How the first card is named.
    serial: &'static str,
    algorithm: &'static str,
    /// The instruction by which the key is used: GENERAL AUTHENTICATE, and PERFORM SECURITY OPERATION.
    used_by: &'static str,
    /// The most characters of a PIN.
    pin_max: u8,
}

const PIV: Kind = Kind {
    application: CardApplication::Piv,
    name: "piv",
    key: "piv-key=p256",
    serial: "0a0b0c0d6b657972656576652d726967",
    algorithm: "ecdh-p256",
    used_by: "87",
    pin_max: 8,
};
const OPENPGP: Kind = Kind {
    application: CardApplication::Openpgp,
    name: "openpgp",
    key: "key=x25519",
    serial: "0000:0A0B0C0D",
    algorithm: "ecdh-x25519",
    used_by: "2a",
    pin_max: 127,
};

impl Kind {
    /// Puts the first card in, which remembers its key.
    fn insert(&self, rig: &mut CardRig, more: &str) {
        rig.say(&format!("insert 0 {} card serial=0a0b0c0d {more}", self.name));
    }

    /// What the first card's application says of itself.
    fn seen(&self) -> ApplicationInfo {
        let found = card(0).unwrap().applications;
        found.into_iter().find(|found| found.application == self.application).unwrap()
    }

    /// Whether another program finds the first card with its PIN given.
    fn pin_is_given(&self) -> bool {
        let card = OtherProgram::at_the_card();
        let (select, ask) = match self.application {
            CardApplication::Piv => ("00A404000BA000000308000010000100", "00200080"),
            CardApplication::Openpgp => ("00A4040006D27600012401", "00200082"),
        };
        assert!(card.says(select).ends_with("9000"));
        match card.says(ask).as_str() {
            "9000" => true,
            answer => {
                assert!(answer.starts_with("63c"), "{answer}");
                false
            }
        }
    }
}

/// The card in a reader, or what is wrong with it, once the service has seen it.
fn card(slot: usize) -> Result<PresentCard, CardError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let readers = PcscCards::default().readers().unwrap();
        if let Some(card) = readers.into_iter().nth(slot).and_then(|reader| reader.card) {
            return card;
        }
        assert!(Instant::now() < until, "waited in vain for the card");
    }
}

/// Pulls a card, and waits until the service says so.
fn pull(rig: &mut CardRig, slot: usize) {
    rig.say(&format!("pull {slot}"));
    let seen = || PcscCards::default().readers().unwrap()[slot].card.is_some();
    rig.until("the reader to be empty", || !seen());
}

/// Lets go of what is done with the first card once that has reached its `stop-at`, and gives what is answered then.
fn let_go_at_the_card<T: Debug + Send>(
    rig: &mut CardRig,
    waits: &Waits,
    work: impl FnOnce() -> T + Send,
) -> T {
    let (reached, process) = (AtomicBool::new(false), rig.process().to_string());
    thread::scope(|scope| {
        let working = scope.spawn(|| {
            let answer = work();
            if !reached.load(Ordering::SeqCst) {
                // The rig would wait for the card for ever.
                _ = writeln!(std::io::stderr(), "it ended before the card stopped: {answer:?}");
                _ = Command::new("kill").args(["-KILL", &process]).status();
                std::process::exit(1);
            }
            answer
        });
        rig.say("await 0");
        reached.store(true, Ordering::SeqCst);
        waits.let_go();
        working.join().unwrap()
    })
}

/// Another program that uses the card in the first slot, and leaves it as it is.
struct OtherProgram(Option<pcsc::Card>);

impl OtherProgram {
    fn at_the_card() -> Self {
        Self::of(pcsc::ShareMode::Shared)
    }

    fn alone_at_the_card() -> Self {
        Self::of(pcsc::ShareMode::Exclusive)
    }

    fn of(mode: pcsc::ShareMode) -> Self {
        _ = card(0);
        let service = pcsc::Context::establish(pcsc::Scope::User).unwrap();
        let card = service.connect(c"Virtual PCD 00 00", mode, pcsc::Protocols::ANY).unwrap();
        Self(Some(card))
    }

    /// What the card answers, both in hexadecimal.
    fn says(&self, command: &str) -> String {
        let mut answer = vec![0; 1_024];
        let command = hex::decode(command).unwrap();
        hex::encode(self.0.as_ref().unwrap().transmit(&command, &mut answer).unwrap())
    }
}

impl Drop for OtherProgram {
    fn drop(&mut self) {
        let left = self.0.take().unwrap().disconnect(pcsc::Disposition::LeaveCard);
        left.map_err(|(_, error)| error).unwrap();
    }
}

/// A vault whose first way in is a recovery code, which costs no time.
struct Vault {
    _folder: TempDir,
    path: PathBuf,
    headers: FileHeaders,
}

impl Vault {
    fn new() -> Self {
        Self::attended(&Attendant::default())
    }

    /// With someone in front of the cards.
    fn attended(attendant: &Attendant) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("v.keyreeve");
        let headers = FileHeaders::new().attended(attendant);
        let sheet = headers.make_recovery(RecoveryForm::Code).unwrap();
        let way = NewWay::Recovery(&sheet.texts);
        headers.create(&path, VaultId::from_bytes([3; 16]), &keys(), &slot("Paper", way)).unwrap();
        Self { _folder: folder, path, headers }
    }

    /// Adds a card as a way in; any card of its kind where no serial number is given.
    fn add(&self, kind: &Kind, serial: &str, pin: &str) -> Result<SlotInfo, CardError> {
        let pin = secret(pin);
        let way = NewWay::Card(NewCard { kind: kind.application.slot_kind(), serial, pin: &pin });
        self.headers.add_slot(&self.path, &keys(), &slot("Card", way)).map_err(of_the_card)
    }

    /// Unlocks with a card's slot.
    fn unlock(&self, slot: &SlotInfo, pin: &str) -> Result<(), CardError> {
        self.unlock_with(slot, pin, None)
    }

    fn unlock_with(&self, slot: &SlotInfo, pin: &str, card: Option<&str>) -> Result<(), CardError> {
        let pin = secret(pin);
        let credentials = Credentials { pin: Some(&pin), card, ..Credentials::default() };
        let choice = SlotChoice::Id(slot.id);
        let found =
            self.headers.unlock(&self.path, &choice, &credentials).map_err(of_the_card)?.keys;
        assert_eq!((found.vault, found.material), (keys().vault, keys().material));
        Ok(())
    }

    fn slots(&self) -> usize {
        self.headers.read(&self.path).unwrap().slots.len()
    }
}

fn keys() -> VaultKeys {
    VaultKeys {
        vault: VaultKey::from_bytes(&[0x11; 32]),
        material: Some(MaterialKey::from_bytes(&[0x22; 32])),
    }
}

fn slot<'a>(name: &'a str, way: NewWay<'a>) -> NewSlot<'a> {
    let created_at = jiff::Timestamp::UNIX_EPOCH;
    NewSlot { name, role: Role::Administrator, way, created_at }
}

fn refused(what: &'static str, status: u16) -> CardError {
    CardError::Refused { what, status }
}

fn of_the_card(error: HeaderError) -> CardError {
    match error {
        HeaderError::Card(error) => error,
        other => panic!("{other:?}"),
    }
}
