//! The inventory: what other tools read of it, and that it holds no value.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::certificates::openssl_ok;
use crate::desk::Desk;

/// Every algorithm for one purpose, and RSA for two, in several states.
const KEYS: &[(&str, &str)] = &[
    ("aes-128-gcm", "encrypt"),
    ("aes-192-gcm", "wrap"),
    ("aes-256-gcm", "derive"),
    ("chacha20-poly1305", "encrypt"),
    ("aes-256-kwp", "wrap"),
    ("hmac-sha256", "mac"),
    ("hmac-sha384", "mac"),
    ("hmac-sha512", "derive"),
    ("rsa-2048", "sign"),
    ("rsa-2048", "encrypt"),
    ("rsa-3072", "wrap"),
    ("rsa-4096", "authenticate"),
    ("ec-p256", "sign"),
    ("ec-p384", "agree"),
    ("ec-p521", "sign"),
    ("ec-secp256k1", "agree"),
    ("ed25519", "sign"),
    ("x25519", "agree"),
    ("ml-kem-512", "agree"),
    ("ml-kem-768", "wrap"),
    ("ml-kem-1024", "agree"),
    ("ml-dsa-44", "sign"),
    ("ml-dsa-65", "sign"),
    ("ml-dsa-87", "authenticate"),
];

fn desk() -> Desk {
    let desk = Desk::with_code();
    for (algorithm, purpose) in KEYS {
        let name = format!("{algorithm} for {purpose}");
        desk.make(&name, algorithm, purpose, &["--tag", "=2+2", "--note", "never told"]);
    }
    desk.ok(&["key", "rotate", "ed25519 for sign"]);
    desk.ok(&["key", "suspend", "ec-p256 for sign"]);
    desk.ok(&["key", "deactivate", "x25519 for agree", "--yes"]);
    desk.ok(&["key", "revoke", "rsa-2048 for sign", "--reason", "lost", "--yes"]);
    desk
}

/// A desk with certificates in every state but one, one without a subject, one on a curve that Keyreeve
/// does not know, and a public key of another.
fn desk_with_others() -> Desk {
    let desk = Desk::with_code();
    desk.make("ca", "ec-p256", "sign", &[]);
    desk.make("web", "ed25519", "authenticate", &[]);
    desk.ok(&["cert", "self-sign", "ca", "--subject", "CN=Root", "--ca", "--out", "ca.pem"]);
    desk.ok(&["cert", "csr", "web", "--subject", "CN=w", "--san", "dns:w.example", "--out", "w"]);
    let issue = ["cert", "issue", "ca", "--csr", "w", "--template", "tls-server", "--out", "w.pem"];
    let leaf = desk.ok(&issue)["certificate"].as_str().unwrap().to_owned();
    desk.ok(&["cert", "revoke", &leaf, "--code", "superseded", "--yes"]);
    let make = ["req", "-x509", "-nodes", "-keyout", "k", "-newkey"];
    let of = |more: &[&str]| _ = openssl_ok(&desk, &[&make[..], more].concat());
    of(&["rsa:2048", "-subj", "/CN=Soon", "-days", "20", "-out", "soon.pem"]);
    of(&["ed448", "-subj", "/CN=strange", "-out", "strange.pem"]);
    of(&["ed25519", "-subj", "/", "-out", "nobody.pem"]);
    desk.ok(&["cert", "import", "soon.pem", "strange.pem", "nobody.pem"]);
    openssl_ok(&desk, &["genpkey", "-algorithm", "x25519", "-out", "x"]);
    openssl_ok(&desk, &["pkey", "-in", "x", "-pubout", "-out", "x.pub"]);
    desk.ok(&["key", "import", "x.pub", "--owner", "=cmd", "--tag", "vpn"]);
    desk
}

#[test]
fn certificates_and_public_keys_of_others_are_in_each_format() {
    let desk = desk_with_others();
    let write = |format: &str| {
        let out = desk.text(&format!("all.{format}"));
        let done = desk.ok(&["inventory", "--format", format, "--out", &out]);
        assert_eq!(
            (&done["keys"], &done["certificates"], &done["publicKeys"]),
            (&2.into(), &5.into(), &1.into())
        );
        fs::read_to_string(out).unwrap()
    };
    let text = write("cdx");
    let checked = strictly(&desk.text("all.cdx"));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let bom: Value = serde_json::from_str(&text).unwrap();
    let components = bom["components"].as_array().unwrap();
    let refs: BTreeSet<_> = components.iter().map(|c| c["bom-ref"].as_str().unwrap()).collect();
    assert_eq!(refs.len(), components.len());
    let mut states = Vec::new();
    for component in components {
        let properties = &component["cryptoProperties"];
        let said = [
            &properties["certificateProperties"]["relatedCryptographicAssets"],
            &properties["relatedCryptoMaterialProperties"]["relatedCryptographicAssets"],
        ];
        for asset in said.into_iter().filter_map(Value::as_array).flatten() {
            assert!(refs.contains(asset["ref"].as_str().unwrap()), "{asset}");
        }
        if let Some(state) = properties["certificateProperties"]["certificateState"].as_array() {
            states.push(format!("{} {}", component["name"], state[0]["state"]).replace('"', ""));
        }
    }
    states.sort_unstable();
    // The one that names nobody goes by its number.
    states.retain(|state| state.starts_with("CN="));
    assert_eq!(states, ["CN=Root active", "CN=Soon active", "CN=strange active", "CN=w revoked"]);
    let public = components.iter().find(|one| one["name"] == "x").unwrap();
    let material = &public["cryptoProperties"]["relatedCryptoMaterialProperties"];
    assert_eq!((&material["type"], &material["state"]), (&"public-key".into(), &Value::Null));

    let all: Value = serde_json::from_str(&write("json")).unwrap();
    let entries = all["entries"].as_array().unwrap();
    let named = |name: &str| entries.iter().find(|entry| entry["name"] == name).unwrap();
    let soon = named("CN=Soon");
    assert_eq!(
        (&soon["kind"], &soon["algorithm"], &soon["state"]),
        (&"certificate".into(), &"rsa-2048".into(), &"expiring_soon".into())
    );
    assert!(named("CN=strange")["algorithm"].is_null());
    assert_eq!(
        (&named("x")["kind"], &named("x")["tags"][0]),
        (&"public_key".into(), &"vpn".into())
    );
    let csv = write("csv");
    let lines: Vec<_> = csv.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1 + 8);
    assert!(lines.iter().any(|line| line.contains(",'=cmd,")), "{csv}");
    assert!(lines.iter().any(|line| line.contains(",CN=Soon,")), "{csv}");
}

/// What CycloneDX' own library says of a bill of materials in its strict mode.
pub(crate) fn strictly(file: &str) -> std::process::Output {
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let script = "
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
problem = JsonStrictValidator(SchemaVersion.V1_7).validate_str(open(sys.argv[1]).read())
sys.exit(str(problem) if problem else 0)";
    Command::new(python).args(["-c", script, file]).output().expect("Python is installed")
}

/// Writes an inventory and gives its text.
fn inventory(desk: &Desk, format: &str) -> String {
    let out = desk.text(&format!("inventory.{format}"));
    let done = desk.ok(&["inventory", "--format", format, "--out", &out]);
    let text = fs::read_to_string(&out).unwrap();
    assert_eq!(done["keys"].as_u64().unwrap(), KEYS.len() as u64);
    assert_eq!(done["bytes"].as_u64().unwrap(), text.len() as u64);
    assert!(!text.contains("never told"), "notes may say anything, and stay");
    text
}

#[test]
fn the_bill_of_materials_is_valid_by_cyclonedx_own_library_in_its_strict_mode() {
    let desk = desk();
    let text = inventory(&desk, "cdx");
    let checked = strictly(&desk.text("inventory.cdx"));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // The validator refuses what is not in the schema.
    let spoiled = desk.text("spoiled.json");
    fs::write(&spoiled, text.replace("\"kem\"", "\"teleport\"")).unwrap();
    assert!(!strictly(&spoiled).status.success());

    let bom: Value = serde_json::from_str(&text).unwrap();
    let components = bom["components"].as_array().unwrap();
    let refs: BTreeSet<_> = components.iter().map(|c| c["bom-ref"].as_str().unwrap()).collect();
    assert_eq!(refs.len(), components.len(), "every reference names one component");
    let mut states = BTreeSet::new();
    for component in components {
        let material = &component["cryptoProperties"]["relatedCryptoMaterialProperties"];
        assert!(material["value"].is_null());
        let Some(assets) = material["relatedCryptographicAssets"].as_array() else { continue };
        assert!(refs.contains(assets[0]["ref"].as_str().unwrap()), "{assets:?}");
        states.insert(material["state"].as_str().unwrap());
    }
    assert_eq!(states.into_iter().collect::<Vec<_>>().join(" "), {
        "active compromised deactivated suspended"
    });
    let algorithm = |id: &str| {
        let found = components.iter().find(|c| c["bom-ref"] == id).unwrap();
        &found["cryptoProperties"]["algorithmProperties"]
    };
    let quantum = |id| algorithm(id)["nistQuantumSecurityLevel"].as_u64().unwrap();
    assert_eq!(quantum("algorithm/ml-kem-768/wrap"), 3);
    assert_eq!(quantum("algorithm/rsa-4096/authenticate"), 0);
    assert_eq!(algorithm("algorithm/rsa-2048/sign")["algorithmFamily"], "RSASSA-PSS");
    assert_eq!(algorithm("algorithm/rsa-2048/encrypt")["algorithmFamily"], "RSAES-OAEP");
}

#[test]
fn a_spreadsheet_gets_a_line_for_each_version_and_no_formula() {
    let desk = desk();
    let text = inventory(&desk, "csv");
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    // The titles, and one key has two versions.
    assert_eq!(lines.len(), 1 + KEYS.len() + 1);
    assert!(lines[0].starts_with("id,name,version,primary,algorithm,"));
    for line in &lines[1..] {
        assert_eq!(line.split(',').count(), lines[0].split(',').count(), "{line}");
        assert!(line.contains(",'=2+2,"), "{line}");
    }
}

#[test]
fn json_tells_what_the_list_of_keys_tells() {
    let desk = desk();
    let all: Value = serde_json::from_str(&inventory(&desk, "json")).unwrap();
    let entries = all["entries"].as_array().unwrap();
    assert_eq!(entries.len(), KEYS.len() + 1);
    let listed = desk.ok(&["key", "list"]);
    for key in listed["keys"].as_array().unwrap() {
        let primary = entries
            .iter()
            .find(|entry| entry["id"] == key["id"] && entry["primary"] == true)
            .unwrap();
        for member in ["name", "algorithm", "purpose", "state", "owner"] {
            assert_eq!(primary[member], key[member], "{member}");
        }
        assert_eq!(primary["version"], key["primaryVersion"]);
    }
    let log = desk.ok(&["audit", "list", "--action", "inventory.export"]);
    assert_eq!(log["events"][0]["details"]["keys"], KEYS.len().to_string().as_str());
}

#[test]
fn what_is_there_already_is_not_replaced_and_an_unknown_format_is_named() {
    let desk = Desk::with_keys_and_code();
    let out = desk.text("kept.csv");
    fs::write(&out, "mine").unwrap();
    let refused = desk.run(&["--json", "inventory", "--format", "csv", "--out", &out]);
    assert_eq!(refused.exit, 1, "{refused:?}");
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
    let refused = desk.run(&["inventory", "--format", "xlsx", "--out", &desk.text("x")]);
    assert_eq!(refused.exit, 2, "{refused:?}");
    assert!(refused.err.contains("cdx, csv, json"), "{refused:?}");
    assert!(!desk.path("x").exists());
}

/// What Python's own reader finds in a calendar: UID, sequence, time, title, description and the alarm's time of each
/// event, and that nothing but these and their frame is in it.
const READ_CALENDAR: &str = "
import json, sys
from icalendar import Calendar
raw = open(sys.argv[1], 'rb').read()
assert all(len(line) <= 75 for line in raw.split(b'\\r\\n')), 'a line is too long'
assert raw.count(b'\\n') == raw.count(b'\\r\\n') == raw.count(b'\\r')
calendar = Calendar.from_ical(raw)
assert calendar.errors == [] and calendar['VERSION'] == '2.0', calendar.errors
found = []
for event in calendar.walk('VEVENT'):
    assert event.errors == [], event.errors
    alarm, = event.walk('VALARM')
    found.append({
        'uid': event['UID'], 'sequence': event['SEQUENCE'], 'at': event.decoded('DTSTART').isoformat(),
        'title': event['SUMMARY'], 'details': event['DESCRIPTION'],
        'warn': alarm.decoded('TRIGGER').isoformat(), 'action': alarm['ACTION'],
    })
json.dump({'name': calendar['X-WR-CALNAME'], 'events': found}, sys.stdout)";

fn reminders(desk: &Desk, name: &str) -> Vec<Value> {
    let out = desk.text(name);
    let done = desk.ok(&["inventory", "--format", "ics", "--out", &out]);
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let read = Command::new(python).args(["-c", READ_CALENDAR, &out]).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let said: Value = serde_json::from_slice(&read.stdout).unwrap();
    let events = said["events"].as_array().unwrap().clone();
    assert_eq!(done["reminders"], events.len());
    events
}

fn titled<'e>(events: &'e [Value], title: &str) -> &'e Value {
    let found: Vec<_> = events.iter().filter(|event| event["title"] == title).collect();
    assert_eq!(found.len(), 1, "{title}: {events:#?}");
    found[0]
}

#[test]
fn a_calendar_reminds_of_what_ends_and_a_later_file_changes_the_same_entries() {
    let desk = Desk::with_code();
    let strange = "Ünï, “quoted”; back\\slash 🔑🗝️ \\n :";
    desk.make(strange, "ed25519", "sign", &["--note", "never told", "--owner", "a; b, c"]);
    desk.make("old", "ed25519", "sign", &[]);
    let longest = "🗝".repeat(200);
    desk.make(&longest, "aes-256-gcm", "encrypt", &[]);
    desk.ok(&["key", "deactivate", "old", "--yes"]);
    desk.ok(&["key", "destroy", "old", "--after", "P30D", "--yes"]);
    // A subject with line ends, commas and more than a calendar shows, in two certificates: one goes on.
    let subject = format!("/O=Example, Inc./CN=one\nBEGIN:VEVENT\r\n two/OU={}", "x".repeat(60));
    let make = ["req", "-x509", "-nodes", "-keyout", "k", "-newkey", "ed25519", "-utf8"];
    let of = |more: &[&str]| _ = openssl_ok(&desk, &[&make[..], more].concat());
    let units: String = (0..200).map(|_| format!("/OU={}", "y".repeat(50))).collect();
    of(&["-subj", &subject, "-days", "200", "-out", "a.pem"]);
    of(&["-subj", &format!("/CN=long{units}"), "-days", "200", "-out", "b.pem"]);
    desk.ok(&["cert", "import", "a.pem", "b.pem"]);

    let events = reminders(&desk, "first.ics");
    assert_eq!(events.len(), 5, "{events:#?}");
    let rotate = titled(&events, &format!("Rotate “{strange}”"));
    let key = desk.ok(&["key", "show", strange]);
    let end = key["key"]["versions"][0]["originatorUsageEnd"].as_str().unwrap();
    assert_eq!(rotate["at"].as_str().unwrap()[..19], end[..19]);
    assert!(rotate["warn"].as_str() < rotate["at"].as_str() && rotate["action"] == "DISPLAY");
    let details = rotate["details"].as_str().unwrap();
    assert!(
        details.contains("ed25519 for sign") && details.ends_with("Owner: a; b, c"),
        "{details}"
    );
    titled(&events, &format!("Rotate “{longest}”"));
    titled(&events, "Version 1 of “old” is destroyed");
    let of_certificates: Vec<_> = events
        .iter()
        .filter(|event| event["uid"].as_str().unwrap().starts_with("certificate-"))
        .map(|event| event["title"].as_str().unwrap())
        .collect();
    assert!(of_certificates.iter().all(|title| !title.contains(['\n', '\r'])));
    assert!(of_certificates.iter().all(|title| title.chars().count() < 250), "{of_certificates:?}");
    let text = fs::read_to_string(desk.path("first.ics")).unwrap();
    assert!(!text.contains("never told"), "notes may say anything, and stay");

    // The same entry, at another time.
    desk.ok(&["key", "edit", strange, "--originator-usage", "P1M"]);
    let later = reminders(&desk, "later.ics");
    let again = titled(&later, &format!("Rotate “{strange}”"));
    assert_eq!(again["uid"], rotate["uid"]);
    assert!(again["at"].as_str() < rotate["at"].as_str());
    assert!(again["sequence"].as_u64() > rotate["sequence"].as_u64());
    let uids: BTreeSet<_> = later.iter().map(|event| event["uid"].as_str().unwrap()).collect();
    assert_eq!(uids.len(), later.len());
    assert_eq!(uids, events.iter().map(|event| event["uid"].as_str().unwrap()).collect());

    // What is over is no longer reminded of.
    desk.ok(&["key", "cancel-destroy", "old"]);
    desk.ok(&["key", "deactivate", strange, "--yes"]);
    let last = reminders(&desk, "last.ics");
    assert_eq!(last.len(), 3, "{last:#?}");
    assert_eq!(desk.ok(&["audit", "verify"])["ok"], true);
}

#[test]
fn an_empty_calendar_is_one_too() {
    assert_eq!(reminders(&Desk::with_code(), "empty.ics"), [] as [Value; 0]);
}
