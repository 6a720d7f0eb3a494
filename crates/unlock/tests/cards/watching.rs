//! The watch on the cards and the guard of one.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardInfo, CardKeyKind, CardSight, Cards as _,
    NewCardKey,
};
use keyreeve_unlock::{CardGuard, CardWatch, PcscCards};

use crate::card_rig::CardRig;
use crate::{OtherProgram, PATIENCE, secret, with_rigs};

#[test]
fn what_comes_and_goes_is_told_of() {
    with_rigs(
        "watching::what_comes_and_goes_is_told_of",
        &[
            cards_are_told_of_when_they_are_put_in_and_pulled,
            a_service_that_ends_and_comes_back_is_told_of,
            a_card_is_read_again_when_that_is_asked_for,
            a_card_that_another_program_lets_go_of_is_read_again,
            a_watch_that_was_dropped_tells_nothing,
        ],
    );
}

#[test]
fn a_card_that_is_gone_is_noticed() {
    with_rigs(
        "watching::a_card_that_is_gone_is_noticed",
        &[
            a_pulled_card_is_noticed_by_its_own_guard_alone,
            a_card_that_was_pulled_and_put_back_was_gone,
            the_end_of_the_service_is_the_end_of_the_card,
            a_guard_that_was_dropped_notices_nothing,
        ],
    );
}

/// What the watch tells.
struct Told(Receiver<CardSight>);

impl Told {
    fn by_watch() -> (CardWatch, Self) {
        let (tell, told) = channel();
        let watch = CardWatch::start(move |sight| {
            // Nobody listens any more at the end of a test.
            _ = tell.send(sight.clone());
        });
        (watch, Self(told))
    }

    /// The first sight from now on of which this holds.
    fn until(&self, what: &str, holds: impl Fn(&CardSight) -> bool) -> CardSight {
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(sight) if holds(&sight) => return sight,
                Ok(_) => {}
                Err(error) => panic!("waited in vain for {what}: {error}"),
            }
        }
    }

    /// Waits until the cards in the readers have these serial numbers.
    fn until_cards(&self, wanted: [Option<&str>; 2]) {
        self.until(&format!("{wanted:?}"), |sight| !sight.reading && serials(sight) == wanted);
    }
}

/// The serial number of the card in each of the two readers; `None` for both where there is no reader.
fn serials(sight: &CardSight) -> [Option<&str>; 2] {
    let readers = sight.readers.as_deref().unwrap_or_default();
    [0, 1].map(|at| {
        let card = readers.get(at)?.card.as_ref()?.as_ref().ok()?;
        Some(card.applications.first()?.serial.as_str())
    })
}

fn inserted(rig: &mut CardRig, slot: u8, serial: &str) {
    rig.say(&format!("insert {slot} openpgp card{serial} serial={serial} key=x25519"));
}

const FIRST: &str = "0000:0A0B0C0D";
const SECOND: &str = "0000:00000042";

fn cards_are_told_of_when_they_are_put_in_and_pulled(mut rig: CardRig) {
    rig.say("start");
    let (watch, told) = Told::by_watch();
    told.until("the empty reader", |sight| {
        assert!(!sight.reading, "there is nothing to be read");
        sight.readers.as_ref().is_ok_and(|r| r.len() == 2)
    });
    inserted(&mut rig, 0, "0a0b0c0d");
    told.until("the reading of the card", |sight| sight.reading);
    told.until_cards([Some(FIRST), None]);
    inserted(&mut rig, 1, "00000042");
    told.until_cards([Some(FIRST), Some(SECOND)]);
    rig.say("pull 0");
    told.until_cards([None, Some(SECOND)]);
    // Another card in the place of the first is another card.
    inserted(&mut rig, 0, "00000007");
    told.until_cards([Some("0000:00000007"), Some(SECOND)]);
    rig.say("pull 0");
    rig.say("pull 1");
    told.until_cards([None, None]);
    assert_eq!(serials(&watch.sight()), [None, None]);
}

fn a_service_that_ends_and_comes_back_is_told_of(mut rig: CardRig) {
    let (watch, told) = Told::by_watch();
    told.until("no service", |sight| sight.readers == Err(CardError::NoService));
    assert_eq!(watch.sight().readers, Err(CardError::NoService));
    rig.say("start");
    told.until("the readers", |sight| sight.readers.as_ref().is_ok_and(|r| r.len() == 2));
    inserted(&mut rig, 0, "0a0b0c0d");
    told.until_cards([Some(FIRST), None]);
    let until_stopped = || {
        told.until("the end of the service", |sight| {
            matches!(sight.readers, Err(CardError::ServiceStopped | CardError::NoService))
        })
    };
    rig.say("stop");
    until_stopped();
    // The card stays in the reader meanwhile.
    rig.say("start");
    told.until_cards([Some(FIRST), None]);
    rig.say("stop");
    until_stopped();
    rig.say("start-without-reader");
    told.until("no reader", |sight| sight.readers == Ok(Vec::new()));
}

fn a_card_is_read_again_when_that_is_asked_for(mut rig: CardRig) {
    rig.say("start");
    rig.say("insert 0 piv card serial=0a0b0c0d");
    let (watch, told) = Told::by_watch();
    let sight = told.until("the card", |sight| !sight.reading && serials(sight)[0].is_some());
    let serial = serials(&sight)[0].unwrap().to_owned();
    let tries = |sight: &CardSight| {
        let card = sight.readers.as_ref().unwrap()[0].card.clone().unwrap().unwrap();
        card.applications[0].tries_left
    };
    assert_eq!(tries(&sight), Some(3));
    let (wrong, none) = (secret("654321"), secret(""));
    let refused = PcscCards::default().make_key(&NewCardKey {
        application: CardApplication::Piv,
        serial: &serial,
        kind: CardKeyKind::P256,
        pin: &wrong,
        authority: &none,
    });
    assert_eq!(refused, Err(CardError::WrongPin { tries_left: Some(2) }));
    assert_eq!(tries(&watch.sight()), Some(3), "it is left to who uses it");
    assert_eq!(tries(&watch.look_again()), Some(2));
    told.until("the tries that are left", |sight| tries(sight) == Some(2));
}

fn a_card_that_another_program_lets_go_of_is_read_again(mut rig: CardRig) {
    rig.say("start");
    inserted(&mut rig, 0, "0a0b0c0d");
    let alone = OtherProgram::alone_at_the_card();
    let (_watch, told) = Told::by_watch();
    told.until("the card in other hands", |sight| {
        let card = sight.readers.as_ref().unwrap()[0].card.as_ref();
        matches!(card, Some(Err(CardError::Held { .. })))
    });
    drop(alone);
    told.until_cards([Some(FIRST), None]);
}

fn a_watch_that_was_dropped_tells_nothing(mut rig: CardRig) {
    rig.say("start");
    let (watch, told) = Told::by_watch();
    told.until("the empty reader", |sight| sight.readers.as_ref().is_ok_and(|r| r.len() == 2));
    drop(watch);
    inserted(&mut rig, 0, "0a0b0c0d");
    // The channel closes once the watch's thread has ended.
    assert_eq!(told.0.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
}

/// A slot's card, once the service has seen it.
pub fn info(rig: &CardRig, serial: &str) -> CardInfo {
    rig.until("the card to be seen", || found(serial).is_some());
    let found = found(serial).unwrap();
    CardInfo {
        kind: found.application.slot_kind(),
        serial: serial.into(),
        algorithm: "ecdh-x25519".into(),
        public_key: found.key.unwrap().public_key,
    }
}

/// The card with this serial number, as it is in a reader now.
fn found(serial: &str) -> Option<ApplicationInfo> {
    PcscCards::default().readers().unwrap().into_iter().find_map(|reader| {
        let card = reader.card?.ok()?;
        card.applications.into_iter().find(|found| found.serial == serial)
    })
}

fn guard(card: &CardInfo) -> (CardGuard, Receiver<()>) {
    let (tell, gone) = channel();
    // Nobody listens any more at the end of a test.
    let guard = CardGuard::start(card, move || _ = tell.send(())).unwrap();
    (guard, gone)
}

fn a_pulled_card_is_noticed_by_its_own_guard_alone(mut rig: CardRig) {
    rig.say("start");
    inserted(&mut rig, 0, "0a0b0c0d");
    inserted(&mut rig, 1, "00000042");
    let (_first, first_gone) = guard(&info(&rig, FIRST));
    let (_second, second_gone) = guard(&info(&rig, SECOND));
    rig.say("pull 1");
    second_gone.recv_timeout(PATIENCE).unwrap();
    assert_eq!(first_gone.try_recv(), Err(TryRecvError::Empty));
    // Who looks at the card does not take it away.
    assert_eq!(info(&rig, FIRST).serial, FIRST);
    rig.say("pull 0");
    first_gone.recv_timeout(PATIENCE).unwrap();
}

fn a_card_that_was_pulled_and_put_back_was_gone(mut rig: CardRig) {
    rig.say("start");
    inserted(&mut rig, 0, "0a0b0c0d");
    let (_guard, gone) = guard(&info(&rig, FIRST));
    rig.say("pull 0");
    rig.say("insert 0 openpgp card0a0b0c0d serial=0a0b0c0d");
    gone.recv_timeout(PATIENCE).unwrap();
}

fn the_end_of_the_service_is_the_end_of_the_card(mut rig: CardRig) {
    rig.say("start");
    inserted(&mut rig, 0, "0a0b0c0d");
    let card = info(&rig, FIRST);
    let (_guard, gone) = guard(&card);
    rig.say("stop");
    gone.recv_timeout(PATIENCE).unwrap();
    let missing = |error: CardError| CardGuard::start(&card, || {}).err() == Some(error);
    assert!(missing(CardError::NoService));
    // The card stays in the reader meanwhile.
    rig.say("start");
    rig.until("the card to be seen", || CardGuard::start(&card, || {}).is_ok());
    rig.say("pull 0");
    rig.until("the empty reader", || missing(CardError::NoCard));
    inserted(&mut rig, 0, "00000042");
    assert!(missing(CardError::NoCard), "another card is not this one");
}

fn a_guard_that_was_dropped_notices_nothing(mut rig: CardRig) {
    rig.say("start");
    inserted(&mut rig, 0, "0a0b0c0d");
    let (guard, gone) = guard(&info(&rig, FIRST));
    drop(guard);
    rig.say("pull 0");
    assert_eq!(gone.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
}
