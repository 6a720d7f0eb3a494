//! Keys of other programs come in, and leave as they came.

use std::fs::{self, File};
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, members};

const FILE_PASSWORD: &str = "pebble orbit lunar crayon";
const HUGE: u64 = 5 << 30;

fn must(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
}

/// A key that ssh-keygen makes.
fn ssh_key(desk: &Desk, name: &str, password: &str, more: &[&str]) -> String {
    let file = desk.text(name);
    let mut args = vec!["-q", "-t", "ed25519", "-C", "me@desk", "-N", password, "-f", &file];
    args.extend(more);
    must("ssh-keygen", &args);
    file
}

fn outcomes(document: &Value) -> Vec<(&str, &str)> {
    let items = document["items"].as_array().unwrap().iter();
    items.map(|item| (item["name"].as_str().unwrap(), item["outcome"].as_str().unwrap())).collect()
}

/// Runs an import that ends with exit code 5, and gives its document all the same.
fn partly(desk: &Desk, args: &[&str]) -> Value {
    let done = desk.run(&[args, &["--json"]].concat());
    assert_eq!(done.exit, 5, "{done:?}");
    done.json()
}

fn take_out(desk: &Desk, key: &str, format: &str, name: &str) -> Vec<u8> {
    let out = desk.text(name);
    desk.ok(&["key", "export", key, "--format", format, "--out", &out, "--plaintext"]);
    fs::read(out).unwrap()
}

#[test]
fn every_key_that_left_one_vault_comes_into_another_and_leaves_it_the_same() {
    let (from, to) = (Desk::with_code(), Desk::with_code());
    for (algorithm, purpose, format) in [
        ("rsa-2048", "sign", "pkcs8-pem"),
        ("rsa-3072", "authenticate", "openssh"),
        ("rsa-4096", "sign", "jwk"),
        ("ec-p256", "sign", "sec1-pem"),
        ("ec-p384", "sign", "pkcs8-der"),
        ("ec-p521", "authenticate", "openssh"),
        ("ec-secp256k1", "sign", "jwk"),
        ("ed25519", "authenticate", "openssh"),
        ("x25519", "encrypt", "age"),
        ("ml-kem-768", "agree", "pkcs8-pem"),
        ("ml-dsa-65", "sign", "jwk"),
        ("aes-256-gcm", "encrypt", "raw"),
        ("aes-128-gcm", "encrypt", "hex"),
        ("hmac-sha384", "mac", "base64"),
        ("hmac-sha512", "mac", "jwk"),
    ] {
        let made = from.make(algorithm, algorithm, purpose, &["--exportable"]);
        let before = take_out(&from, algorithm, format, "before");
        let file = to.text(&format!("{algorithm}.key"));
        fs::write(&file, &before).unwrap();
        let done = to.ok(&["key", "import", &file]);
        assert_eq!(done["imported"], 1, "{algorithm}: {done}");
        let item = &done["items"][0];
        assert_eq!((&item["algorithm"], &item["outcome"]), (&algorithm.into(), &"new".into()));
        let shown = to.ok(&["key", "show", algorithm]);
        let (old, new) = (&made["key"]["versions"][0], &shown["key"]["versions"][0]);
        for same in ["fingerprints", "kcv", "publicKey"] {
            assert_eq!(old[same], new[same], "{algorithm} {same}");
        }
        assert_eq!((&new["origin"], &new["state"]), (&"imported".into(), &"active".into()));
        assert_eq!(shown["key"]["purpose"], purpose, "{algorithm}");
        let after = take_out(&to, algorithm, format, "after");
        let same = match format {
            // The order of members and the name inside are the same; OpenSSH's padding check is not.
            "openssh" => after.len() == before.len(),
            "age" => after.ends_with(&before[before.len() - 75..]),
            _ => after == before,
        };
        assert!(same, "{algorithm} as {format}");
        fs::remove_file(from.path("before")).unwrap();
        fs::remove_file(to.path("after")).unwrap();
    }
    to.ok(&["audit", "verify"]);
    let events = to.ok(&["audit", "list", "--action", "key.import", "--limit", "1"]);
    let event = &events["events"][0];
    assert_eq!(event["details"]["form"], "jwk");
    assert!(event["details"]["file"].as_str().unwrap().ends_with("hmac-sha512.key"), "{event}");
}

/// The files are KeePassXC's own, of keys that were thrown away.
#[test]
fn what_keepassxc_exported_comes_in_by_the_names_of_its_entries() {
    let desk = Desk::with_code();
    let exported =
        |name: &str| format!("{}/../formats/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let password = desk.secret("password", "file pw");
    let xml = exported("keepassxc-2.7.4.xml");
    let done = desk.ok(&["key", "import", &xml, "--password-file", &password]);
    assert_eq!(done["imported"], 4, "{done}");
    assert_eq!(desk.names(), ["laptop", "root@vm", "rsa: rsa.pem", "web <1>"]);
    let sums = [
        ("web <1>", "83ba411d685d9fa9b43c0ee2bc4d72578a9082c0f37560c190cecaab1e56da5c"),
        ("rsa: rsa.pem", "5228176ff63a6805ec62bfeb00ed809b035bf659a0fd378ef1527ba1ff732225"),
    ];
    for (name, sum) in sums {
        let shown = desk.ok(&["key", "show", name]);
        assert_eq!(shown["key"]["versions"][0]["fingerprints"]["spki-sha256"], sum, "{shown}");
    }
    let csv = exported("keepassxc-2.7.4.csv");
    let done = desk.ok(&["key", "import", &csv, "--dry-run"]);
    assert_eq!(outcomes(&done).len(), 1, "{done}");
    assert_eq!(done["items"][0]["outcome"], "duplicate", "{done}");
}

#[test]
fn a_folder_of_ssh_keys() {
    let desk = Desk::with_code();
    fs::create_dir_all(desk.path("ssh/old")).unwrap();
    ssh_key(&desk, "ssh/id_ed25519", "", &[]);
    ssh_key(&desk, "ssh/id_work", FILE_PASSWORD, &[]);
    ssh_key(&desk, "ssh/old/id_work", "", &[]);
    fs::write(desk.path("ssh/config"), "Host *\n  ForwardAgent no\n").unwrap();
    fs::write(desk.path("ssh/known_hosts"), "").unwrap();
    let folder = desk.text("ssh");

    let done = partly(&desk, &["key", "import", &folder, "--dry-run"]);
    assert_eq!(done["imported"], 0);
    let found: Vec<_> = outcomes(&done).into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(found, ["new", "duplicate", "problem", "duplicate", "new", "duplicate"]);
    assert!(done["items"][2]["problem"].as_str().unwrap().contains("password"));
    assert!(desk.names().is_empty());

    let password = desk.secret("password", FILE_PASSWORD);
    let args = ["key", "import", &folder, "--password-file", &password];
    let done = desk.ok(&args);
    assert_eq!(done["imported"], 3);
    let mut new: Vec<_> =
        outcomes(&done).into_iter().filter(|(_, outcome)| *outcome == "new").collect();
    new.sort_unstable();
    assert_eq!(new, [("id_ed25519", "new"), ("id_work", "new"), ("id_work (2)", "new")]);
    assert_eq!(desk.names(), ["id_ed25519", "id_work", "id_work (2)"]);
    let shown = desk.ok(&["key", "show", "id_work"]);
    assert_eq!(
        (&shown["key"]["note"], &shown["key"]["purpose"]),
        (&"me@desk".into(), &"authenticate".into())
    );
    // Again: all of it is there, and the encrypted one needs no password for that to be seen.
    let again = desk.ok(&["key", "import", &folder]);
    assert!(outcomes(&again).iter().all(|(_, outcome)| *outcome == "duplicate"), "{again}");
    assert_eq!(again["imported"], 0);
}

#[test]
fn the_same_symmetric_key_is_noticed_whatever_it_is_called() {
    let desk = Desk::with_code();
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let file = desk.text("k.hex");
    fs::write(&file, format!("{hex}\n{hex}\n")).unwrap();
    let done = desk.ok(&["key", "import", &file, "--algorithm", "hmac-sha256", "--name", "mac"]);
    assert_eq!(outcomes(&done)[0], ("mac", "new"));
    assert_eq!(outcomes(&done)[1].1, "duplicate");
    let key = &desk.ok(&["key", "show", "mac"])["key"];
    assert_eq!((&key["algorithm"], &key["purpose"]), (&"hmac-sha256".into(), &"mac".into()));
    // As base64, and as another algorithm: still the same bytes.
    let raw: Vec<u8> =
        (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    fs::write(&file, &raw).unwrap();
    let again = desk.ok(&["key", "import", &file, "--algorithm", "aes-256-gcm"]);
    assert_eq!(outcomes(&again)[0].1, "duplicate");
    let refused = desk.text("other.hex");
    fs::write(&refused, "ff".repeat(32)).unwrap();
    let args = ["key", "import", &refused, "--purpose", "sign"];
    desk.refused(&args, 1, "refused_by_policy");
    assert_eq!(desk.names(), ["mac"]);
}

#[test]
fn passwords_right_wrong_and_missing() {
    let desk = Desk::new();
    let one = ssh_key(&desk, "one", FILE_PASSWORD, &[]);
    let two = ssh_key(&desk, "two", "another password", &[]);
    let wrong = desk.secret("wrong", "not it");
    let right = desk.secret("right", FILE_PASSWORD);
    let import = ["key", "import", one.as_str(), two.as_str()];
    let args = [&import[..], &["--password-file", &wrong]].concat();
    desk.refused(&args, 3, "wrong_passphrase");
    assert!(desk.names().is_empty());
    // One of the two opens, and comes in; the other is told of.
    let done = partly(&desk, &[&import[..], &["--password-file", &right]].concat());
    assert_eq!(outcomes(&done), [("one", "new"), ("two", "problem")]);
    assert_eq!(desk.names(), ["one"]);
    // What is not named otherwise cannot come from the vault's own source.
    let passphrase = desk.text("passphrase");
    desk.refused(&[&import[..], &["--password-file", &passphrase]].concat(), 2, "invalid_request");
}

#[test]
fn many_keys_come_in_together_or_not_at_all() {
    let desk = Desk::with_code();
    let text: String = (0..5_u8).map(|i| format!("{}\n", format!("{i:02x}").repeat(32))).collect();
    let file = desk.text("keys");
    fs::write(&file, text).unwrap();
    desk.make("batch-4", "aes-256-gcm", "encrypt", &[]);
    desk.refused(&["key", "import", &file, "--name", "batch"], 1, "name_taken");
    assert_eq!(desk.names(), ["batch-4"]);
    let cnsa = ["key", "import", &file, "--policy", "cnsa-2.0", "--algorithm", "chacha20-poly1305"];
    desk.refused(&cnsa, 1, "refused_by_policy");
    let done =
        desk.ok(&["key", "import", &file, "--name", "fleet", "--tag", "fleet", "--not-exportable"]);
    assert_eq!(done["imported"], 5);
    let key = &desk.ok(&["key", "show", "fleet-3"])["key"];
    assert_eq!((&key["exportable"], &key["tags"][0]), (&false.into(), &"fleet".into()));
    let events = desk.ok(&["audit", "list", "--action", "key.import"]);
    assert_eq!(events["events"].as_array().unwrap().len(), 5);
    desk.ok(&["audit", "verify"]);
}

#[test]
fn weak_damaged_and_foreign_files_are_told_of_and_left() {
    let desk = Desk::with_code();
    let good = ssh_key(&desk, "good", "", &[]);
    let weak = desk.text("weak");
    must(
        "openssl",
        &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", &weak],
    );
    let damaged = desk.text("damaged");
    let text = fs::read_to_string(&good).unwrap();
    fs::write(&damaged, text.replacen("AAAA", "AABB", 1)).unwrap();
    let foreign = desk.text("foreign.ppk");
    fs::write(&foreign, "PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n").unwrap();
    let done = partly(&desk, &["key", "import", &good, &weak, &damaged, &foreign]);
    assert_eq!(
        outcomes(&done),
        [("good", "new"), ("weak", "problem"), ("damaged", "problem"), ("foreign", "unsupported")]
    );
    let said = |at: usize| done["items"][at]["problem"].as_str().unwrap();
    assert!(said(1).contains("1024 bits") && said(3).contains("PuTTY"), "{done}");
    assert_eq!(desk.names(), ["good"]);
    let alone = partly(&desk, &["key", "import", &foreign]);
    assert_eq!((&alone["imported"], outcomes(&alone)[0].1), (&0.into(), "unsupported"));
}

#[test]
fn files_of_nothing_of_five_gigabytes_and_none_at_all() {
    let desk = Desk::with_code();
    let file = desk.text("file");
    let said = |expected: &str| {
        for command in [&["key", "import"][..], &["examine"]] {
            let done = partly(&desk, &[command, &[file.as_str()]].concat());
            let item = &done["items"][0];
            assert_eq!(item["outcome"], "problem");
            assert!(item["problem"].as_str().unwrap().contains(expected), "{done}");
        }
    };
    said("could not be read");
    File::create(&file).unwrap();
    said("empty");
    fs::write(&file, "just a letter to a friend\n").unwrap();
    said("no key was found");
    File::options().write(true).open(&file).unwrap().set_len(HUGE).unwrap();
    said("larger than");
    fs::remove_file(&file).unwrap();
    must("mkfifo", &[&file]);
    said("no file");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let empty = partly(&desk, &["key", "import", &file]);
    assert!(empty["items"].as_array().unwrap().is_empty());
    assert!(desk.names().is_empty());
    desk.refused(&["key", "import"], 2, "invalid_request");
}

#[test]
fn keys_of_putty_and_minisign_come_in() {
    let desk = Desk::with_code();
    let password = desk.secret("password", FILE_PASSWORD);
    let (putty, minisign) = (desk.text("putty.ppk"), desk.text("minisign.key"));
    let random = ["-q", "--random-device", "/dev/urandom", "-t", "ed25519", "-C", "me@desk"];
    let more = ["--ppk-param", "memory=1024,passes=2", "--new-passphrase", &password, "-o", &putty];
    must("puttygen", &[&random[..], &more].concat());
    must("minisign", &["-G", "-W", "-p", &desk.text("minisign.pub"), "-s", &minisign]);
    let folder = partly(&desk, &["key", "import", &putty, &minisign, "--dry-run"]);
    assert_eq!(outcomes(&folder), [("putty", "problem"), ("minisign", "new")]);
    let args = ["key", "import", &putty, &minisign, "--password-file", &password];
    let done = desk.ok(&args);
    assert_eq!(done["imported"], 2, "{done}");
    let line = desk.text("line.pub");
    let export = ["key", "export", "putty", "--public", "--format", "openssh-public", "--out"];
    desk.ok(&[&export[..], &[&line]].concat());
    let said = Command::new("puttygen")
        .args(["-L", "--old-passphrase", &password, &putty])
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let key = said.split(' ').nth(1).unwrap();
    assert!(fs::read_to_string(line).unwrap().contains(key), "{said}");
}

#[test]
fn a_chain_of_certificates_is_looked_at_and_kept() {
    let desk = Desk::with_code();
    let (key, root, leaf) = (desk.text("k"), desk.text("root.pem"), desk.text("leaf.pem"));
    let made = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", &key, "-subj"];
    must("openssl", &[&made[..], &["/CN=root", "-out", &root]].concat());
    let signed = ["-CA", &root, "-CAkey", &key, "-out", &leaf];
    let leaf_key =
        ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "/dev/null", "-subj"];
    let names = ["/CN=leaf", "-addext", "subjectAltName=DNS:leaf.example"];
    must("openssl", &[&leaf_key[..], &names, &signed].concat());
    let found = desk.ok(&["examine", &leaf, &root]);
    let said = &found["items"][0]["certificate"];
    assert_eq!((&said["subject"], &said["issuer"]), (&"CN=leaf".into(), &"CN=root".into()));
    assert_eq!(said["alternativeNames"][0], "DNS:leaf.example");
    assert_eq!((&said["validity"], &said["issuedBy"]), (&"valid".into(), &1.into()));
    assert!(found["items"][1]["certificate"]["issuedBy"].is_null());
    let printed = desk.run(&["examine", &leaf]).out;
    for line in ["Subject", "CN=leaf", "Other name", "DNS:leaf.example", "sha256"] {
        assert!(printed.contains(line), "no {line} in {printed}");
    }
    let done = desk.ok(&["key", "import", &leaf, &root]);
    assert_eq!((&done["imported"], &done["certificates"]), (&0.into(), &2.into()));
    let again = desk.ok(&["key", "import", &leaf]);
    assert_eq!((&again["certificates"], outcomes(&again)[0].1), (&0.into(), "duplicate"));
    // They are of no key of the vault, until that comes.
    let of = |subject: &str| {
        let listed = desk.ok(&["cert", "list", "--search", subject]);
        listed["certificates"].as_array().unwrap().iter().find(|c| c["subject"] == subject).cloned()
    };
    assert!(of("CN=root").unwrap()["key"].is_null());
    let done = desk.ok(&["key", "import", &key, "--name", "root key"]);
    assert_eq!(done["imported"], 1);
    assert_eq!(of("CN=root").unwrap()["key"]["name"], "root key");
    assert!(of("CN=leaf").unwrap()["key"].is_null());
    desk.ok(&["audit", "verify"]);

    // One that ended before it began is past its end all the same.
    let (csr, old) = (desk.text("csr"), desk.text("old.pem"));
    must("openssl", &["req", "-new", "-key", &key, "-subj", "/CN=old", "-out", &csr]);
    let sign = ["x509", "-req", "-in", &csr, "-signkey", &key, "-days", "-1", "-out", &old];
    must("openssl", &sign);
    let found = partly(&desk, &["examine", &old]);
    assert_eq!(found["items"][0]["certificate"]["validity"], "expired");
    assert!(found["items"][0]["problem"].as_str().unwrap().contains("expired on"), "{found}");
}

#[test]
fn a_look_needs_no_vault_and_changes_nothing() {
    let desk = Desk::empty();
    let key = ssh_key(&desk, "key", FILE_PASSWORD, &[]);
    let look = |more: &[&str]| {
        let done = desk.bare(&[&["examine", &key, "--json", "--no-input"], more].concat());
        assert_eq!(done.exit, 0, "{done:?}");
        done.json()
    };
    let closed = look(&[]);
    assert_eq!(members(&closed), ["items", "skipped"]);
    let fingerprint = &closed["items"][0]["fingerprints"]["ssh-sha256"];
    let said = Command::new("ssh-keygen").args(["-l", "-f", &key]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains(fingerprint.as_str().unwrap()), "{said} {closed}");
    assert_eq!(closed["items"][0]["kind"], "locked");
    let password = desk.secret("password", FILE_PASSWORD);
    let open = &look(&["--password-file", &password])["items"][0];
    assert_eq!((&open["kind"], &open["outcome"]), (&"private".into(), &"sound".into()));
    assert_eq!((&open["comment"], &open["strengthBits"]), (&"me@desk".into(), &128.into()));
    let public = desk.bare(&["examine", &format!("{key}.pub")]);
    assert_eq!(public.exit, 0);
    assert!(
        public.out.contains("public key") && public.out.contains(fingerprint.as_str().unwrap())
    );
    let secret = fs::read_to_string(&key).unwrap();
    assert!(!public.out.contains(secret.lines().nth(3).unwrap()));
    assert!(!desk.vault().exists());
}

#[test]
fn all_keys_of_a_keystore_come_in_by_one_password() {
    let desk = Desk::with_code();
    let store = desk.text("store.p12");
    for alias in ["one", "two"] {
        let make = [
            "-genkeypair",
            "-keystore",
            &store,
            "-storetype",
            "PKCS12",
            "-storepass",
            FILE_PASSWORD,
        ];
        let named = ["-keyalg", "EC", "-groupname", "secp384r1", "-dname", "CN=x", "-alias", alias];
        must("keytool", &[&make[..], &named].concat());
    }
    let closed = partly(&desk, &["key", "import", &store]);
    assert_eq!(outcomes(&closed), [("store", "problem")]);
    let password = desk.secret("password", FILE_PASSWORD);
    let done = desk.ok(&["key", "import", &store, "--password-file", &password]);
    assert_eq!(done["imported"], 2);
    assert_eq!(desk.names(), ["one", "two"]);
    let numbers: Vec<_> = done["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["number"].as_u64().unwrap())
        .collect();
    assert!(!numbers.contains(&0), "what was closed is gone: {numbers:?}");
}

/// JKS and JCEKS under two passwords: the store's, and one of a single key.
#[test]
fn keys_of_javas_own_keystores_come_in_by_their_aliases() {
    let desk = Desk::with_code();
    const KEY_PASSWORD: &str = "another one for the key";
    let (jks, jceks) = (desk.text("service.jks"), desk.text("service.jceks"));
    let ec: &[&str] =
        &["-genkeypair", "-dname", "CN=x", "-keyalg", "EC", "-groupname", "secp256r1"];
    let aes: &[&str] = &["-genseckey", "-keyalg", "AES", "-keysize", "256"];
    for (kind, store, alias, make, password) in [
        ("JKS", &jks, "tls", ec, FILE_PASSWORD),
        ("JKS", &jks, "signing", ec, KEY_PASSWORD),
        ("JCEKS", &jceks, "data", aes, FILE_PASSWORD),
        ("JCEKS", &jceks, "login", ec, KEY_PASSWORD),
    ] {
        let on = ["-storetype", kind, "-keystore", store, "-storepass", FILE_PASSWORD];
        let named = ["-alias", alias, "-keypass", password];
        must("keytool", &[make, &on, &named].concat());
    }
    let password = desk.secret("password", FILE_PASSWORD);
    let own = desk.secret("own", KEY_PASSWORD);
    let wrong = desk.secret("wrong", "neither");
    desk.refused(&["examine", &jks, "--password-file", &wrong], 3, "wrong_passphrase");
    desk.refused(
        &["examine", &jks, &jceks, "--password-file", &wrong, "--password-file", &wrong],
        2,
        "invalid_request",
    );
    // What its own password is missing of is told, and the rest comes.
    let import = ["key", "import", &jks, &jceks, "--password-file", &password];
    let looked = partly(&desk, &[&import[..], &["--dry-run"]].concat());
    let mut seen = outcomes(&looked);
    seen.retain(|(_, outcome)| *outcome == "problem");
    seen.sort_unstable();
    assert_eq!(seen, [("login", "problem"), ("signing", "problem")]);
    // In either order: what the second opens, the first is tried on again.
    for (first, second) in [(&password, &own), (&own, &password)] {
        let both = ["--password-file", first, "--password-file", second];
        let looked = desk.ok(&[&["examine", &jks, &jceks][..], &both].concat());
        let kind = |wanted: &str| {
            let items = looked["items"].as_array().unwrap().iter();
            items.filter(|item| item["kind"] == wanted).count()
        };
        assert_eq!((kind("private"), kind("symmetric"), kind("certificate")), (3, 1, 3));
    }
    let done = desk.ok(&[&import[..], &["--password-file", &own]].concat());
    assert_eq!((&done["imported"], &done["certificates"]), (&4.into(), &3.into()), "{done}");
    let mut names = desk.names();
    names.sort_unstable();
    assert_eq!(names, ["data", "login", "signing", "tls"]);
    // A second time all of it is there already, and no password is asked for what its public half tells of.
    let again = desk.run(&[&import[..], &["--json"]].concat()).json();
    assert!(outcomes(&again).iter().all(|(_, outcome)| *outcome == "duplicate"), "{again}");
}

#[test]
fn standard_input_is_a_file_too() {
    let desk = Desk::with_code();
    let piped = |args: &[&str], input: &[u8]| {
        let mut child = desk
            .command(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses its arguments reads nothing.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
        crate::desk::Done::of(child.wait_with_output().unwrap())
    };
    let pem =
        Command::new("openssl").args(["genpkey", "-algorithm", "ed25519"]).output().unwrap().stdout;
    let shown = piped(&["examine", "-", "--json"], &pem);
    assert_eq!((shown.exit, outcomes(&shown.json())), (0, vec![("imported key", "sound")]));
    let passphrase = desk.text("passphrase");
    let import = ["key", "import", "-", "--json", "--no-input", "--passphrase-file", &passphrase];
    let done = piped(&[&import[..], &["--name", "piped"]].concat(), &pem);
    assert_eq!((done.exit, desk.names()), (0, vec!["piped".to_owned()]), "{done:?}");
    // A second time it is there already.
    let again = piped(&import, &pem);
    assert_eq!(outcomes(&again.json()), [("imported key", "duplicate")]);

    for (input, words) in
        [(&b""[..], "empty"), (b"nothing", "no key"), (&vec![7; 5 << 20], "larger")]
    {
        let done = piped(&["examine", "-", "--json"], input);
        let problem = done.json()["items"][0]["problem"].as_str().unwrap().to_owned();
        assert!(done.exit == 5 && problem.contains(words), "{done:?}");
    }
    // It gives one thing only.
    for twice in [&["--password-file", "-"][..], &["--password-fd", "0"], &["-"]] {
        let done = piped(&[&["examine", "-", "--json"], twice].concat(), &pem);
        assert_eq!(done.exit, 2, "{twice:?}: {done:?}");
    }
    let done = piped(&["key", "import", "-", "--json", "--passphrase-file", "-"], &pem);
    assert_eq!(done.exit, 2, "{done:?}");
}
