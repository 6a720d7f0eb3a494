//! Two at once on one vault: two command lines, and the window's core with a command line. Nothing that
//! was acknowledged is lost or there twice, none waits for ever, and "busy" comes after a wait alone.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyreeve_app::{SystemClock, UnlockedSession, World, keys, vault};
use keyreeve_backup::AgeBackups;
use keyreeve_domain::audit::Source;
use keyreeve_faults::{Call, Desk, PASSPHRASE, Plan, Ran, Stop, Stopped, VAULT};
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileAnchors, FileHeaders};
use serde_json::{Value, json};

/// How many operations each of the two does.
const OPERATIONS: usize = 1_000;
/// Names that both try to give to a new key.
const CONTESTED: usize = 4;
/// How long a connection waits for others before it says "busy".
const PATIENCE: Duration = Duration::from_secs(5);

/// What one of the two was told.
#[derive(Default)]
struct Told {
    /// Sequence numbers of events that were acknowledged, with their action.
    events: BTreeMap<u64, &'static str>,
    /// How often what was acknowledged.
    done: BTreeMap<String, u64>,
    refused: BTreeMap<String, u64>,
}

impl Told {
    fn done(&mut self, what: &str, event: Option<(&Value, &'static str)>) {
        *self.done.entry(what.to_owned()).or_default() += 1;
        if let Some((seq, action)) = event {
            let twice = self.events.insert(seq.as_u64().unwrap(), action);
            assert_eq!(twice, None, "two operations were told of the same event");
        }
    }

    /// Refused, for a reason that the other one may well have given.
    fn refused(&mut self, what: &str, code: &str, took: Duration) {
        match code {
            "busy" => assert!(took >= PATIENCE, "{what}: busy after {took:?}"),
            // The other was faster: with the name, with the same note, with the change of the key.
            "name_taken" | "invalid_request" | "stale" => {}
            _ => panic!("{what}: {code}"),
        }
        *self.refused.entry(format!("{what}: {code}")).or_default() += 1;
    }
}

/// A command that is run many times.
struct Op {
    what: String,
    action: Option<&'static str>,
    process: Stopped,
}

/// The command line: each operation is a process, which branches off from one that has derived the key.
fn command_line(desk: &Desk, own: &str) -> Told {
    let op = |what: &str, action, args: &[&str]| {
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        let file = format!("{own}-{}", what.replace(' ', "-"));
        let process = desk.stop_at(&args, Stop::AT_DATABASE, &file);
        Op { what: what.into(), action, process }
    };
    let mut often = [
        op("rotate", Some("key.rotate"), &["key", "rotate", "signer"]),
        op("rotate many", None, &["key", "bulk", "rotate", "--tag", "many"]),
        op("note", Some("key.edit"), &["key", "edit", "sealer", "--note", own]),
        op("list", None, &["key", "list"]),
        op("no note", Some("key.edit"), &["key", "edit", "sealer", "--note", ""]),
    ];
    let mut seldom = vec![op("verify", None, &["audit", "verify"])];
    for number in 0..CONTESTED {
        let name = format!("contested-{number}");
        let args = ["key", "create", "--name", &name, "--algorithm", "hmac-sha256", "--purpose"];
        seldom.push(op(&name, Some("key.create"), &[&args[..], &["mac"]].concat()));
    }
    let mut told = Told::default();
    for time in 0..OPERATIONS {
        let op = match time % 50 {
            49 => {
                let at = time / 50 % seldom.len();
                &mut seldom[at]
            }
            _ => {
                let at = time % often.len();
                &mut often[at]
            }
        };
        let begun = Instant::now();
        let ran = op.process.run(&Plan::count(Call(0)).unrepeatable());
        hear(&mut told, &op.what, op.action, &ran, begun.elapsed());
        // Some from the first step, with a key derived anew and a name of its own.
        if time % 200 == 100 {
            let name = format!("{own}-{time}");
            let begun = Instant::now();
            let args = ["key", "create", "--name", &name, "--algorithm", "aes-256-gcm"];
            let ran = desk.run(&[&args[..], &["--purpose", "encrypt"]].concat());
            hear(&mut told, &name, Some("key.create"), &ran, begun.elapsed());
        }
    }
    told
}

fn hear(told: &mut Told, what: &str, action: Option<&'static str>, ran: &Ran, took: Duration) {
    match ran.exit {
        Some(0) => {
            let answer = ran.json();
            assert!(what != "verify" || answer["ok"] == true, "{answer}");
            told.done(what, action.map(|action| (&answer["auditSeq"], action)));
        }
        Some(1 | 2 | 9) => {
            assert_eq!(ran.exit == Some(9), ran.code() == "busy", "{what}: {ran:?}");
            told.refused(what, &ran.code(), took);
        }
        _ => panic!("{what}: {ran:?}"),
    }
}

fn request<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// The window's core: one session that stays open, asked from two threads as the window does.
fn window(desk: &Desk, own: &str) -> Told {
    let session = unlocked(desk);
    let (mut told, other) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut told = Told::default();
            for _ in 0..OPERATIONS / 2 {
                let begun = Instant::now();
                match keys::list_keys(&session, &request(json!({ "limit": 50 }))) {
                    Ok(_) => told.done("list", None),
                    Err(error) => told.refused("list", code_of(&error).as_str(), begun.elapsed()),
                }
            }
            told
        });
        let mut told = Told::default();
        for time in 0..OPERATIONS / 2 {
            let begun = Instant::now();
            let rotate = || {
                let key = request(json!({ "key": "signer" }));
                ("rotate".to_owned(), "key.rotate", keys::rotate_key(&session, &key))
            };
            let edit = |what: &str, note: &str| {
                let edit = request(json!({ "key": "sealer", "note": note }));
                (what.to_owned(), "key.edit", keys::edit_key(&session, &edit))
            };
            let create = |name: String| {
                let key = json!({ "name": name, "algorithm": "hmac-sha256", "purpose": "mac" });
                (name, "key.create", keys::create_key(&session, &request(key)))
            };
            let (what, action, answer) = match time % 5 {
                0 | 1 => rotate(),
                2 => edit("note", own),
                3 => edit("no note", ""),
                _ if time % 100 == 99 => create(format!("contested-{}", time / 100 % CONTESTED)),
                _ => create(format!("{own}-{time}")),
            };
            match answer {
                Ok(done) => told.done(&what, Some((&json!(done.audit_seq), action))),
                Err(error) => told.refused(&what, &code_of(&error), begun.elapsed()),
            }
        }
        (told, reader.join().unwrap())
    });
    told.done.extend(other.done);
    told.refused.extend(other.refused);
    vault::lock_vault(session, "done").unwrap();
    told
}

fn unlocked(desk: &Desk) -> UnlockedSession {
    let world = World {
        stores: Arc::new(SqlcipherOpener),
        headers: Arc::new(FileHeaders::new()),
        backups: Arc::new(AgeBackups),
        anchors: Arc::new(FileAnchors::in_folder(desk.root.join("state/keyreeve/anchors"))),
        clock: Arc::new(SystemClock),
    };
    let unlock =
        json!({ "path": desk.root.join(VAULT), "credentials": { "passphrase": PASSPHRASE } });
    vault::unlock_vault(&world, &request(unlock), Source::Gui).unwrap()
}

fn code_of(error: &keyreeve_app::Error) -> String {
    serde_json::to_value(error.code()).unwrap().as_str().unwrap().to_owned()
}

/// Every event of the log.
fn events(desk: &Desk) -> BTreeMap<u64, Value> {
    let mut events = BTreeMap::new();
    let mut before = u64::MAX >> 1;
    loop {
        let until = before.to_string();
        let page = desk.ok(&["audit", "list", "--limit", "1000", "--before", &until]);
        let page = page["events"].as_array().unwrap();
        let Some(last) = page.last() else { return events };
        before = last["seq"].as_u64().unwrap();
        events.extend(page.iter().map(|event| (event["seq"].as_u64().unwrap(), event.clone())));
    }
}

/// Compares what both were told with what is there.
fn compare(desk: &Desk, told: &[Told]) {
    assert_eq!(desk.ok(&["audit", "verify"])["ok"], true);
    let events = events(desk);
    let mut acknowledged = BTreeSet::new();
    for (seq, action) in told.iter().flat_map(|told| &told.events) {
        assert!(acknowledged.insert(seq), "event {seq} was acknowledged to both");
        assert_eq!(events[seq]["action"], *action, "event {seq}");
    }
    let done = |what: &str| told.iter().filter_map(|told| told.done.get(what)).sum::<u64>();
    let show = |name: &str| desk.ok(&["key", "show", name])["key"].clone();
    let signer = show("signer");
    assert_eq!(signer["primaryVersion"], 1 + done("rotate"));
    assert_eq!(signer["versions"].as_array().unwrap().len() as u64, 1 + done("rotate"));
    assert_eq!(show("sealer")["revision"], done("note") + done("no note"));
    let rotations = |key: &Value| {
        let of = |event: &&Value| event["action"] == "key.rotate" && event["object"] == key["id"];
        events.values().filter(of).count() as u64
    };
    assert_eq!(rotations(&signer), done("rotate"));

    let listed = desk.ok(&["key", "list", "--limit", "1000"]);
    let listed = listed["keys"].as_array().unwrap();
    let many: Vec<_> =
        listed.iter().filter(|key| key["tags"].to_string().contains("many")).collect();
    assert_eq!(many.len(), 6);
    for key in many {
        assert_eq!(key["primaryVersion"], 1 + done("rotate many"), "{key}");
        assert_eq!(rotations(key), done("rotate many"));
    }
    let names: BTreeSet<_> = listed.iter().map(|key| key["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), listed.len(), "no name is there twice");
    for (name, times) in told.iter().flat_map(|told| &told.done) {
        if name.contains('-') {
            assert_eq!((done(name), *times), (1, 1), "{name}");
            assert!(names.contains(name.as_str()), "{name} was acknowledged");
        }
    }
    for number in 0..CONTESTED {
        let name = format!("contested-{number}");
        assert_eq!(done(&name), 1, "{name}");
    }
    let refusals: Vec<_> = told.iter().map(|told| told.refused.clone()).collect();
    let all = told.iter().flat_map(|told| told.done.values().chain(told.refused.values()));
    assert!(all.sum::<u64>() >= 2 * OPERATIONS as u64, "{refusals:?}");
}

fn both(desk: &Desk, one: impl FnOnce() -> Told + Send, other: impl FnOnce() -> Told + Send) {
    let told = std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        [one.join().unwrap(), other]
    });
    compare(desk, &told);
}

#[test]
fn two_command_lines_lose_nothing_of_each_other() {
    let desk = Desk::with_keys();
    both(&desk, || command_line(&desk, "one"), || command_line(&desk, "two"));
}

#[test]
fn the_window_and_a_command_line_lose_nothing_of_each_other() {
    let desk = Desk::with_keys();
    both(&desk, || window(&desk, "window"), || command_line(&desk, "line"));
}
