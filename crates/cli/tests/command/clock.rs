//! What depends on the time: a clock set back, and what falls due. Vaults are made with a clock of
//! the test's own; the command that then meets them has the computer's.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use keyreeve_app::api::{
    AddSlotRequest, ChangeKeyRequest, CreateKeyRequest, CreateVaultRequest, Credentials,
    DestroyKeyRequest, MakeRecoveryRequest, NewSlotPart, PolicyRequest,
};
use keyreeve_app::{UnlockedSession, World, keys, slots, vault};
use keyreeve_crypto::{Algorithm, Argon2Params, Purpose, SecretString};
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::Clock;
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileAnchors, FileHeaders};

use crate::desk::{Desk, PASSPHRASE};

struct Fixed(Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Makes a vault as of `ago` before now, runs `work` in it, and locks it.
fn vault_of_the_time(desk: &Desk, ago: SignedDuration, work: impl FnOnce(&UnlockedSession)) {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let world = World {
        stores: Arc::new(SqlcipherOpener),
        headers: Arc::new(FileHeaders::with_params(Argon2Params::floor(2))),
        backups: Arc::new(keyreeve_backup::AgeBackups),
        anchors: Arc::new(FileAnchors::in_folder(desk.path("anchors"))),
        clock: Arc::new(Fixed(now.checked_sub(ago).unwrap())),
    };
    let request = CreateVaultRequest {
        path: desk.text("v.keyreeve"),
        passphrase: SecretString::new(PASSPHRASE.into()),
        slot_name: None,
        accept_weak_passphrase: false,
    };
    let session = vault::create_vault(&world, &request, Source::Cli).unwrap();
    work(&session);
    vault::lock_vault(session, "done").unwrap();
}

fn key(name: &str) -> CreateKeyRequest {
    CreateKeyRequest {
        name: name.into(),
        algorithm: Algorithm::HmacSha256,
        purpose: Purpose::Mac,
        exportable: false,
        owner: String::new(),
        note: String::new(),
        tags: Vec::new(),
        where_used: Vec::new(),
        fields: Vec::new(),
        policy: PolicyRequest::default(),
        activate_at: None,
        count: None,
        job: None,
    }
}

fn change(key: &str) -> ChangeKeyRequest {
    ChangeKeyRequest {
        key: key.into(),
        version: None,
        expected_revision: None,
        reason: String::new(),
        dry_run: false,
    }
}

#[test]
fn a_clock_set_back_is_refused_until_it_is_accepted_by_name() {
    let desk = Desk::empty();
    vault_of_the_time(&desk, SignedDuration::from_hours(-48), |session| {
        keys::create_key(session, &key("from tomorrow")).unwrap();
    });
    let before = desk.vault_bytes();
    let message = desk.refused(&["key", "list"], 1, "clock_behind");
    assert!(message.contains("newest audit event"), "{message}");
    assert_eq!(desk.vault_bytes(), before);
    assert_eq!(desk.ok(&["key", "list", "--accept-clock"])["total"], 1);
    let logged = ["audit", "list", "--accept-clock", "--action", "vault.accept_clock"];
    assert_eq!(desk.ok(&logged)["events"].as_array().unwrap().len(), 2);
    assert_eq!(desk.ok(&["audit", "verify", "--accept-clock"])["ok"], true);
}

#[test]
fn a_clock_a_little_behind_is_no_trouble() {
    let desk = Desk::empty();
    vault_of_the_time(&desk, SignedDuration::from_mins(-3), |_| {});
    assert_eq!(desk.ok(&["key", "list"])["total"], 0);
}

#[test]
fn what_fell_due_is_done_and_told() {
    let desk = Desk::empty();
    vault_of_the_time(&desk, SignedDuration::from_hours(24 * 40), |session| {
        keys::create_key(session, &key("doomed")).unwrap();
        keys::deactivate_key(session, &change("doomed")).unwrap();
        let destroy = DestroyKeyRequest {
            key: "doomed".into(),
            version: None,
            expected_revision: None,
            wait_days: Some(30),
            reason: "no longer needed".into(),
        };
        keys::destroy_key(session, &destroy).unwrap();
        let yesterday = Timestamp::now().checked_sub(SignedDuration::from_hours(24)).unwrap();
        let planned =
            CreateKeyRequest { activate_at: Some(yesterday.to_string()), ..key("planned") };
        keys::create_key(session, &planned).unwrap();
    });
    let done = desk.ok(&["run-due"]);
    let mut actions: Vec<_> = done["done"]
        .as_array()
        .unwrap()
        .iter()
        .map(|done| {
            format!("{} {}", done["name"].as_str().unwrap(), done["action"].as_str().unwrap())
        })
        .collect();
    actions.sort();
    assert_eq!(actions, ["doomed key.destroy", "planned key.activate"]);
    assert_eq!(desk.ok(&["run-due"])["done"], serde_json::json!([]));
    let doomed = desk.ok(&["key", "show", "doomed"]);
    assert_eq!(doomed["key"]["state"], "destroyed");
    desk.refused(&["key", "rotate", "doomed"], 1, "refused_by_state");
    assert_eq!(desk.ok(&["key", "show", "planned"])["key"]["state"], "active");
}

#[test]
fn paper_that_nobody_tried_for_a_year_is_named_until_it_is_tested() {
    let desk = Desk::empty();
    let mut code = String::new();
    vault_of_the_time(&desk, SignedDuration::from_hours(24 * 366), |session| {
        let given = || Credentials::of_passphrase(SecretString::new(PASSPHRASE.into()));
        let proof = session.reauthenticate(&given()).unwrap();
        let request = MakeRecoveryRequest { shares: None, threshold: None, proof: given() };
        code = slots::make_recovery(session, &request, &proof).unwrap().texts[0].clone();
        let request = AddSlotRequest {
            name: "Paper".into(),
            role: "administrator".into(),
            parts: vec![NewSlotPart::Recovery { texts: vec![SecretString::new(code.clone())] }],
            proof: given(),
        };
        slots::add_slot(session, &request, &proof).unwrap();
    });
    let untested = || desk.ok(&["status"])["recoveryUntested"].clone();
    assert_eq!(untested(), serde_json::json!(["Paper"]));
    let shown = desk.run(&["status"]);
    assert!(shown.out.contains("keyreeve slot test \"Paper\""), "{shown:?}");
    let file = desk.secret("code", &code);
    let tested = ["slot", "test", "Paper", "--json", "--no-input", "--recovery-file", &file];
    assert_eq!(desk.bare(&tested).exit, 0);
    assert_eq!(untested(), serde_json::json!([]));
}
