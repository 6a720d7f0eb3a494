//! PINs that are typed on a reader's PIN pad.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

use keyreeve_domain::ports::{
    CardApplication, CardError, CardKeyKind, PadPin, PadRequest, SlotInfo,
};
use keyreeve_unlock::{Attendant, Waits};

use crate::card_rig::CardRig;
use crate::looking::NEW_OPENPGP;
use crate::making::make_attended;
use crate::{ADMIN_PIN, Kind, OPENPGP, PATIENCE, PIN, PIV, READER, Vault, WRONG, card, with_rigs};

#[test]
fn a_pin_that_is_typed_on_the_reader_opens_and_makes_until_nobody_waits_for_it() {
    with_rigs(
        "pads::a_pin_that_is_typed_on_the_reader_opens_and_makes_until_nobody_waits_for_it",
        &[
            |rig| opens(rig, &PIV),
            |rig| opens(rig, &OPENPGP),
            |rig| is_let_go_of(rig, &PIV),
            |rig| is_let_go_of(rig, &OPENPGP),
            piv_makes,
            openpgp_makes,
        ],
    );
}

/// Someone in front of the readers.
#[derive(Clone, Default)]
struct Person {
    told: Arc<Mutex<Vec<Option<PadRequest>>>>,
    waits: Waits,
    /// Whether it is let go of as soon as a PIN pad waits.
    lets_go: Arc<AtomicBool>,
}

impl Person {
    fn attendant(&self) -> Attendant {
        let person = self.clone();
        let on_pad = move |request: Option<&PadRequest>| {
            person.told.lock().unwrap().push(request.cloned());
            if request.is_some() && person.lets_go.load(Ordering::SeqCst) {
                person.waits.let_go();
            }
        };
        Attendant { on_pad: Some(Arc::new(on_pad)), waits: self.waits.clone() }
    }

    /// What was told since this was asked last.
    fn told(&self) -> Vec<Option<PadRequest>> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

fn waits_for(pin: PadPin, tries_left: u8) -> Option<PadRequest> {
    Some(PadRequest { reader: READER.into(), pin, tries_left: Some(tries_left) })
}

/// How often the PIN pad was asked for a PIN.
fn asked(rig: &CardRig) -> usize {
    fs::read_dir(rig.folder().join("pad/asked")).unwrap().count()
}

/// A vault to which the first card was added with the PIN that was typed on its reader.
fn with_slot(rig: &mut CardRig, kind: &Kind) -> (Person, Vault, SlotInfo) {
    rig.say("start-with-pad");
    kind.insert(rig, kind.key);
    card(0).unwrap();
    assert!(kind.seen().pin_pad);
    let person = Person::default();
    let vault = Vault::attended(&person.attendant());
    rig.say(&format!("keys {PIN}"));
    let slot = vault.add(kind, "", "").unwrap();
    assert_eq!(person.told(), [waits_for(PadPin::User, 3), None]);
    assert_eq!(asked(rig), 1);
    (person, vault, slot)
}

fn opens(mut rig: CardRig, kind: &Kind) {
    let (person, vault, slot) = with_slot(&mut rig, kind);
    rig.say(&format!("keys {PIN}"));
    assert_eq!(vault.unlock(&slot, ""), Ok(()));
    assert!(!kind.pin_is_given(), "another program could use the card");
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
    assert_eq!(asked(&rig), 2, "a PIN that was typed here needs no PIN pad");
    person.told();

    let failed = |answer: &str| CardError::PadFailed { answer: answer.into() };
    for (keys, expected) in [
        ("cancel", CardError::PadCancelled),
        ("timeout", CardError::PadTimedOut),
        ("12345", CardError::PadPinLength),
        ("answer=6402", CardError::PadPinLength),
        ("answer=6B80", failed("6B80")),
    ] {
        rig.say(&format!("keys {keys}"));
        assert_eq!(vault.unlock(&slot, ""), Err(expected), "{keys}");
    }
    assert_eq!((kind.seen().tries_left, asked(&rig)), (Some(3), 7));
    rig.say(&format!("keys {WRONG} {PIN}"));
    let wrong = CardError::WrongPin { tries_left: Some(2) };
    assert_eq!(vault.unlock(&slot, ""), Err(wrong));
    person.told();
    assert_eq!(vault.unlock(&slot, ""), Ok(()));
    assert_eq!(person.told(), [waits_for(PadPin::User, 2), None]);

    // A PIN pad that is none, or takes no PIN of that length, and one that is announced and not there.
    for (properties, takes) in [("060104070105", false), ("0601", true)] {
        rig.say(&format!("properties {properties}"));
        assert_eq!(kind.seen().pin_pad, takes, "{properties}");
    }
    rig.say("announce 120442330012");
    assert!(!kind.seen().pin_pad);
    let no_pad = CardError::NoPad { reader: READER.into() };
    assert_eq!(vault.unlock(&slot, ""), Err(no_pad));
    rig.say("announce 060442339999");
    assert!(kind.seen().pin_pad);
    assert!(matches!(vault.unlock(&slot, ""), Err(CardError::PadFailed { .. })));
    assert_eq!((kind.seen().tries_left, asked(&rig)), (Some(3), 9));
}

fn is_let_go_of(mut rig: CardRig, kind: &Kind) {
    let (person, vault, slot) = with_slot(&mut rig, kind);
    rig.say("await-pad");
    let unlocking = |rig: &mut CardRig, done: &mut dyn FnMut(&mut CardRig)| {
        let (tell, told) = channel();
        thread::scope(|scope| {
            scope.spawn(|| tell.send(vault.unlock(&slot, "")).unwrap());
            rig.say("await-pad");
            done(rig);
            told.recv_timeout(PATIENCE).unwrap()
        })
    };
    let let_go = unlocking(&mut rig, &mut |_| person.waits.let_go());
    assert_eq!(let_go, Err(CardError::LetGo));
    let at_work = CardError::StillAtWork { reader: READER.into() };
    assert_eq!(card(0), Err(at_work));
    rig.say(&format!("keys {PIN}"));
    rig.until("the reader to be free", || card(0).is_ok());
    assert!(!kind.pin_is_given(), "another program could use the card");
    assert_eq!(person.told(), [waits_for(PadPin::User, 3), None], "it is taken back once");
    assert_eq!(kind.seen().tries_left, Some(3));

    let removed = unlocking(&mut rig, &mut |rig| rig.say("pull 0"));
    assert_eq!(removed, Err(CardError::Removed));
    kind.insert(&mut rig, "");
    card(0).unwrap();
    let unplugged = unlocking(&mut rig, &mut |rig| rig.say("unplug"));
    assert_eq!(unplugged, Err(CardError::ReaderGone));
}

/// Lets the first card make a key.
fn make(person: &Person, kind: &Kind, pin: &str) -> Result<(), CardError> {
    let new = match kind.application {
        CardApplication::Piv => CardKeyKind::P256,
        CardApplication::Openpgp => CardKeyKind::X25519,
    };
    let attendant = person.attendant();
    make_attended(&attendant, kind.application, kind.serial, new, pin, "").map(drop)
}

fn piv_makes(mut rig: CardRig) {
    rig.say("start-with-pad");
    PIV.insert(&mut rig, "");
    card(0).unwrap();
    let person = Person::default();
    rig.say("keys cancel");
    assert_eq!(make(&person, &PIV, ""), Err(CardError::PadCancelled));
    assert_eq!(PIV.seen().key, None);
    person.told();
    rig.say(&format!("keys {PIN}"));
    assert_eq!(make(&person, &PIV, ""), Ok(()));
    assert_eq!(person.told(), [waits_for(PadPin::User, 3), None]);
    assert_eq!(PIV.seen().key.unwrap().algorithm, "p256");
}

fn openpgp_makes(mut rig: CardRig) {
    rig.say("start-with-pad");
    OPENPGP.insert(&mut rig, "");
    card(0).unwrap();
    let person = Person::default();
    // Let go of at the first PIN, the second is not asked for; what was typed for it is there for the next.
    person.lets_go.store(true, Ordering::SeqCst);
    rig.say(&format!("keys {PIN} cancel"));
    assert_eq!(make(&person, &OPENPGP, ""), Err(CardError::LetGo));
    rig.until("the reader to be free", || card(0).is_ok());
    assert_eq!(asked(&rig), 1);
    person.lets_go.store(false, Ordering::SeqCst);
    person.told();
    assert_eq!(make(&person, &OPENPGP, PIN), Err(CardError::PadCancelled));
    assert_eq!(person.told(), [waits_for(PadPin::Admin, 3), None]);

    rig.say("keys 87654321");
    let wrong = CardError::WrongAdminPin { tries_left: Some(2) };
    assert_eq!(make(&person, &OPENPGP, PIN), Err(wrong));
    assert_eq!(person.told(), [waits_for(PadPin::Admin, 3), None]);
    rig.say(&format!("keys {PIN} cancel"));
    assert_eq!(make(&person, &OPENPGP, ""), Err(CardError::PadCancelled));
    let both = |admin_tries| {
        [waits_for(PadPin::User, 3), None, waits_for(PadPin::Admin, admin_tries), None]
    };
    assert_eq!(person.told(), both(2));
    assert_eq!(OPENPGP.seen().key, None);
    rig.say(&format!("keys {PIN} {ADMIN_PIN}"));
    assert_eq!(make(&person, &OPENPGP, ""), Ok(()));
    assert_eq!(person.told(), both(2));
    assert_eq!(OPENPGP.seen().key.unwrap().algorithm, "x25519");

    // A card that wants a key derived from its PIN, which a PIN pad does not give.
    let derived = format!("{NEW_OPENPGP}f903810103");
    rig.say(&format!("insert 0 openpgp another serial=0a0b0c0d answer=ca:{derived}9000"));
    assert!(!OPENPGP.seen().pin_pad);
    let as_it_is = format!("{NEW_OPENPGP}f903810100");
    rig.say(&format!("insert 0 openpgp another serial=0a0b0c0d answer=ca:{as_it_is}9000"));
    assert!(OPENPGP.seen().pin_pad);
}
