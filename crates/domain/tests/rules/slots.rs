//! What slots ask for, and whether what someone shows fits.

use keyreeve_crypto::{Argon2Params, SecretString};
use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardInfo, Credentials, NewCard, NewWay, PartInfo,
    RecoveryForm, SlotInfo, SlotKind,
};
use keyreeve_domain::{Role, SlotId};

use crate::cards::{application, key_on};
use crate::fixture::start;

fn card(kind: SlotKind) -> CardInfo {
    CardInfo {
        kind,
        serial: "0a0b0c0d".into(),
        algorithm: "p256".into(),
        public_key: b"this card's".to_vec(),
    }
}

fn slot(kind: SlotKind, parts: Vec<PartInfo>) -> SlotInfo {
    SlotInfo {
        id: SlotId::from_random([1; 16]),
        kind,
        name: "desk".into(),
        role: Role::Administrator,
        created_at: start(),
        parts,
    }
}

fn passphrase() -> PartInfo {
    PartInfo::Passphrase(Argon2Params::floor(1))
}

/// One slot of each kind, and one that asks for a passphrase and a card.
fn slots() -> [SlotInfo; 6] {
    let piv = || PartInfo::Card(card(SlotKind::PivCard));
    [
        slot(SlotKind::Passphrase, vec![passphrase()]),
        slot(SlotKind::OsKeyring, vec![PartInfo::OsKeyring]),
        slot(SlotKind::PivCard, vec![piv()]),
        slot(SlotKind::OpenpgpCard, vec![PartInfo::Card(card(SlotKind::OpenpgpCard))]),
        slot(SlotKind::Recovery, vec![PartInfo::Recovery(RecoveryForm::Code)]),
        slot(SlotKind::AllOf, vec![passphrase(), piv()]),
    ]
}

#[test]
fn every_kind_has_a_name_of_its_own_that_is_read_back() {
    for kind in SlotKind::ALL {
        assert_eq!(SlotKind::named(kind.name()), Some(*kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
    assert_eq!(SlotKind::named("yubikey"), None);
}

#[test]
fn cards_and_what_needs_no_device_are_told_apart() {
    use SlotKind as K;
    let cards: Vec<_> = K::ALL.iter().filter(|kind| kind.is_card()).collect();
    assert_eq!(cards, [&K::PivCard, &K::OpenpgpCard]);
    let bare: Vec<_> = K::ALL.iter().filter(|kind| kind.needs_no_device()).collect();
    assert_eq!(bare, [&K::Passphrase, &K::Recovery]);
}

#[test]
fn a_slot_says_what_it_asks_for() {
    for slot in slots() {
        let asked: Vec<_> = SlotKind::ALL.iter().copied().filter(|kind| slot.has(*kind)).collect();
        let card = slot.card().map(|card| card.kind);
        match slot.kind {
            SlotKind::AllOf => {
                assert_eq!(asked, [SlotKind::Passphrase, SlotKind::PivCard]);
                assert_eq!(card, Some(SlotKind::PivCard));
            }
            kind => {
                assert_eq!(asked, [kind]);
                assert_eq!(card, kind.is_card().then_some(kind));
            }
        }
        let bare = matches!(slot.kind, SlotKind::Passphrase | SlotKind::Recovery);
        assert_eq!(slot.needs_no_device(), bare, "{:?}", slot.kind);
    }
}

#[test]
fn a_slot_is_tried_when_it_uses_all_that_is_shown_and_needs_no_more() {
    let secret = SecretString::new("ledger brass tulip orbit".into());
    let paper = [SecretString::new("a code".into())];
    let pin = Credentials { pin: Some(&secret), ..Credentials::default() };
    let both = Credentials { passphrase: Some(&secret), ..pin };
    let with_keyring = Credentials { keyring: true, ..Credentials::passphrase(&secret) };
    let with_paper = Credentials { recovery: &paper, ..Credentials::passphrase(&secret) };
    use SlotKind as K;
    let cases: [(Credentials<'_>, &[K]); 8] = [
        (Credentials::default(), &[]),
        (Credentials::passphrase(&secret), &[K::Passphrase]),
        (Credentials::keyring(), &[K::OsKeyring]),
        (Credentials::recovery(&paper), &[K::Recovery]),
        (pin, &[K::PivCard, K::OpenpgpCard]),
        (both, &[K::AllOf]),
        // The keyring may be asked, and need not be: a passphrase is never passed over for it.
        (with_keyring, &[K::Passphrase]),
        // No slot asks for these two.
        (with_paper, &[]),
    ];
    for (credentials, expected) in cases {
        let fitting = slots().into_iter().filter(|slot| credentials.fit(slot));
        assert_eq!(fitting.map(|slot| slot.kind).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn what_is_missing_is_named() {
    let secret = SecretString::new("ledger brass tulip orbit".into());
    let paper = [SecretString::new("a code".into())];
    let nothing = Credentials::default();
    use SlotKind as K;
    for (kind, named, enough) in [
        (K::Passphrase, "a passphrase", Credentials::passphrase(&secret)),
        (K::OsKeyring, "the operating system's keyring", Credentials::keyring()),
        (K::PivCard, "a card's PIN", Credentials { pin: Some(&secret), ..nothing }),
        (K::OpenpgpCard, "a card's PIN", Credentials { pin: Some(&secret), ..nothing }),
        (K::Recovery, "a recovery code, or recovery shares,", Credentials::recovery(&paper)),
    ] {
        assert_eq!(nothing.lacks(kind), Some(named));
        assert_eq!(enough.lacks(kind), None, "{kind:?}");
    }
    assert_eq!(nothing.lacks(K::AllOf), None, "its parts are asked one by one");
}

#[test]
fn an_empty_pin_alone_says_that_it_is_typed_on_the_reader() {
    let (empty, typed) = (SecretString::new(String::new()), SecretString::new("123456".into()));
    let with = |pin| Credentials { pin, ..Credentials::default() };
    assert!(with(Some(&empty)).on_pad());
    assert!(!with(Some(&typed)).on_pad());
    assert!(!with(None).on_pad());
}

#[test]
fn a_card_is_told_by_its_public_key_and_else_by_its_number() {
    let (piv, openpgp) = (card(SlotKind::PivCard), card(SlotKind::OpenpgpCard));
    let seen = |application: ApplicationInfo, key: Option<&[u8]>| ApplicationInfo {
        key: key.map(key_on),
        ..application
    };
    let on_piv = |key| seen(application(CardApplication::Piv, "0a0b0c0d"), key);
    let on_openpgp = |key| seen(application(CardApplication::Openpgp, "0a0b0c0d"), key);
    let own: &[u8] = b"this card's";
    assert!(piv.is_on(&on_piv(Some(own))));
    assert!(openpgp.is_on(&on_openpgp(Some(own))));
    // Of the other application, whatever it says.
    assert!(!piv.is_on(&on_openpgp(Some(own))));
    assert!(!openpgp.is_on(&on_piv(Some(own))));
    // Another key under the same number.
    assert!(!piv.is_on(&on_piv(Some(b"another's"))));
    assert!(!openpgp.is_on(&on_openpgp(Some(b"another's"))));
    // A key that cannot be seen: nobody knows.
    assert!(!openpgp.is_on(&on_openpgp(Some(b""))));
    let unseen = CardInfo { public_key: Vec::new(), ..card(SlotKind::OpenpgpCard) };
    assert!(!unseen.is_on(&on_openpgp(Some(b""))));
    // None at all: the number of an OpenPGP card is its own alone, that of a PIV card is not.
    assert!(openpgp.is_on(&on_openpgp(None)));
    assert!(!piv.is_on(&on_piv(None)));
    let other = application(CardApplication::Openpgp, "00000042");
    assert!(!openpgp.is_on(&ApplicationInfo { key: None, ..other }));
}

#[test]
fn a_card_is_known_by_its_key_under_any_number() {
    let moved = application(CardApplication::Piv, "00000042");
    let moved = ApplicationInfo { key: Some(key_on(b"this card's")), ..moved };
    assert!(card(SlotKind::PivCard).is_on(&moved));
}

#[test]
fn a_new_way_in_has_a_kind() {
    let secret = SecretString::new("ledger brass tulip orbit".into());
    let paper = [SecretString::new("a code".into())];
    let card = |kind| NewWay::Card(NewCard { kind, serial: "0a0b0c0d", pin: &secret });
    let parts = [NewWay::Passphrase(&secret), card(SlotKind::PivCard)];
    for (way, kind) in [
        (NewWay::Passphrase(&secret), SlotKind::Passphrase),
        (NewWay::OsKeyring, SlotKind::OsKeyring),
        (NewWay::Recovery(&paper), SlotKind::Recovery),
        (card(SlotKind::PivCard), SlotKind::PivCard),
        (card(SlotKind::OpenpgpCard), SlotKind::OpenpgpCard),
        (NewWay::AllOf(&parts), SlotKind::AllOf),
    ] {
        assert_eq!(way.kind(), kind);
    }
}
