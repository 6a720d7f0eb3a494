//! Certificates that the vault keeps: their keys, their chains, renewing and revoking them, judged by
//! OpenSSL.

use std::fs;

use serde_json::Value;

use crate::certificates::{desk_with_ca, issue, openssl, openssl_ok};
use crate::desk::{Desk, members};

/// A desk with a CA that issued web.pem to `web`; with that certificate's identifier.
fn desk_with_web() -> (Desk, String) {
    let desk = desk_with_ca();
    let said = desk.ok(&issue("tls-server", "web.csr", "web.pem", &["--days", "60"]));
    let id = said["certificate"].as_str().unwrap().to_owned();
    (desk, id)
}

fn listed(desk: &Desk, more: &[&str]) -> Vec<Value> {
    let all = desk.ok(&[&["cert", "list"], more].concat());
    assert_eq!(members(&all), ["certificates", "total"]);
    all["certificates"].as_array().unwrap().clone()
}

fn with_subject<'v>(all: &'v [Value], subject: &str) -> &'v Value {
    all.iter().find(|one| one["subject"] == subject).unwrap_or_else(|| panic!("{subject}: {all:?}"))
}

#[test]
fn what_is_signed_is_kept_with_its_key_and_its_chain() {
    let (desk, id) = desk_with_web();
    let all = listed(&desk, &[]);
    assert_eq!(all.len(), 2);
    let web = with_subject(&all, "CN=localhost");
    assert_eq!(
        (&web["id"], &web["state"], &web["origin"]),
        (&id.as_str().into(), &"valid".into(), &"issued".into())
    );
    assert_eq!((&web["key"]["name"], &web["issuedBy"]["name"]), (&"web".into(), &"ca".into()));
    let root = with_subject(&all, "CN=Root,O=Example,C=CH");
    assert_eq!((&root["origin"], &root["authority"]), (&"self_signed".into(), &true.into()));
    assert_eq!(root["key"], root["issuedBy"]);
    assert_eq!(listed(&desk, &["--key", "web"]).len(), 1);
    assert_eq!(listed(&desk, &["--search", "LOCALhost"]).len(), 1);
    assert_eq!(listed(&desk, &["--state", "revoked"]).len(), 0);
    desk.refused(&["cert", "list", "--state", "ill"], 2, "invalid_request");

    // By its identifier, its number, and its fingerprint as OpenSSL writes it.
    let fingerprint =
        openssl_ok(&desk, &["x509", "-in", "web.pem", "-noout", "-fingerprint", "-sha256"]);
    let fingerprint = fingerprint.trim().rsplit('=').next().unwrap();
    for name in [&id, &id[..8], web["serial"].as_str().unwrap(), fingerprint, &fingerprint[..14]] {
        let shown = desk.ok(&["cert", "show", name]);
        assert_eq!(shown["certificate"]["id"], id.as_str(), "{name}");
        assert_eq!(shown["pem"], fs::read_to_string(desk.path("web.pem")).unwrap());
        let chain = shown["chain"].as_array().unwrap();
        assert_eq!((chain.len(), &chain[0]["id"]), (1, &root["id"]));
        assert_eq!(shown["chainComplete"], true);
    }
    let shown = desk.ok(&["cert", "show", root["id"].as_str().unwrap()]);
    assert_eq!(shown["issued"][0]["id"], id.as_str());
    for (name, code) in [("nothing", "not_found"), ("0", "not_found"), ("%", "not_found")] {
        desk.refused(&["cert", "show", name], 4, code);
    }

    // What leaves is what OpenSSL verifies, leaf first; the log knows of all of it.
    desk.ok(&["cert", "export", &id, "--chain", "--out", "chain.pem"]);
    desk.ok(&["cert", "export", &id, "--der", "--out", "web.der"]);
    desk.refused(&["cert", "export", &id, "--out", "web.der"], 1, "exists");
    openssl_ok(&desk, &["verify", "-CAfile", "chain.pem", "web.pem"]);
    openssl_ok(&desk, &["x509", "-inform", "DER", "-in", "web.der", "-noout"]);
    let events = desk.ok(&["audit", "list", "--action", "certificate.add"]);
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
    assert_eq!(desk.ok(&["audit", "verify"])["certificates"], 2);
}

#[test]
fn a_certificate_is_valid_from_a_little_before_it_was_made() {
    let (desk, id) = desk_with_web();
    let shown = desk.ok(&["cert", "show", &id]);
    let time = |name: &str| -> jiff::Timestamp {
        shown["certificate"][name].as_str().unwrap().parse().unwrap()
    };
    let before = time("createdAt").as_second() - time("notBefore").as_second();
    // The authority's own begins as long before it was made; nothing of it begins earlier.
    assert!((0..=300).contains(&before), "{before}");
    assert_eq!(time("notAfter").as_second() - time("notBefore").as_second(), 60 * 24 * 60 * 60);
    // Who checks it with a clock four minutes behind takes the authority's.
    let root = with_subject(&listed(&desk, &[]), "CN=Root,O=Example,C=CH").clone();
    let made: jiff::Timestamp = root["createdAt"].as_str().unwrap().parse().unwrap();
    let behind = (made.as_second() - 4 * 60).to_string();
    openssl_ok(&desk, &["verify", "-attime", &behind, "-CAfile", "ca.pem", "ca.pem"]);
}

#[test]
fn the_issued_certificate_of_a_request_comes_back_to_its_key() {
    let desk = Desk::with_code();
    desk.make("web", "ec-p256", "authenticate", &[]);
    desk.ok(&[
        "cert",
        "csr",
        "web",
        "--subject",
        "CN=w, O=Example",
        "--san",
        "dns:w.example",
        "--out",
        "w.csr",
    ]);
    let ca = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "other.key", "-subj"];
    openssl_ok(&desk, &[&ca[..], &["/CN=Elsewhere", "-out", "other.pem"]].concat());
    let sign = ["x509", "-req", "-in", "w.csr", "-CA", "other.pem", "-CAkey", "other.key"];
    openssl_ok(
        &desk,
        &[&sign[..], &["-copy_extensions", "copy", "-days", "20", "-out", "w.pem"]].concat(),
    );
    let both = [fs::read(desk.path("w.pem")).unwrap(), fs::read(desk.path("other.pem")).unwrap()];
    fs::write(desk.path("both.pem"), both.concat()).unwrap();
    let done = desk.ok(&["cert", "import", "both.pem"]);
    assert_eq!((done["certificates"].as_array().unwrap().len(), &done["known"]), (2, &0.into()));
    let all = listed(&desk, &[]);
    let web = with_subject(&all, "CN=w,O=Example");
    assert_eq!((&web["key"]["name"], &web["origin"]), (&"web".into(), &"imported".into()));
    assert_eq!(web["state"], "expiring_soon");
    assert!(web["issuedBy"].is_null());
    let other = with_subject(&all, "CN=Elsewhere");
    assert!(other["key"].is_null() && other["issuedBy"].is_null());
    let again = desk.ok(&["cert", "import", "both.pem"]);
    assert_eq!((again["certificates"].as_array().unwrap().len(), &again["known"]), (0, &2.into()));

    // Only who issued it can renew or revoke it.
    let id = web["id"].as_str().unwrap();
    let message = desk.refused(&["cert", "renew", id], 1, "refused_by_policy");
    assert!(message.contains("Elsewhere") && message.contains("cert csr"), "{message}");
    let revoke = ["cert", "revoke", id, "--code", "superseded", "--yes"];
    assert!(desk.refused(&revoke, 1, "refused_by_policy").contains("Elsewhere"));

    for (file, bytes) in
        [("none.pem", &b"hello"[..]), ("empty.pem", b""), ("half.pem", &both[0][..99])]
    {
        fs::write(desk.path(file), bytes).unwrap();
        desk.refused(&["cert", "import", file], 5, "bad_input_file");
    }
    desk.refused(&["cert", "import", "w.csr"], 5, "bad_input_file");
    desk.refused(&["cert", "import", "w.pem", "missing.pem"], 5, "bad_input_file");
    assert_eq!(listed(&desk, &[]).len(), 2);
    desk.ok(&["audit", "verify"]);
}

#[test]
fn an_issuer_that_comes_later_is_found_whether_its_key_or_its_certificate_was_missing() {
    // Twice the same name, so that the signature alone tells whose the leaves are.
    let made = Desk::empty();
    for ca in ["ca", "twin"] {
        let (key, pem, leaf) = (format!("{ca}.key"), format!("{ca}.pem"), format!("{ca}-leaf.pem"));
        let make = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout"];
        openssl_ok(&made, &[&make[..], &[&key, "-out", &pem, "-subj", "/CN=Late root"]].concat());
        let leaf = ["leaf.key", "-subj", "/CN=leaf", "-out", &leaf, "-CA", &pem, "-CAkey", &key];
        openssl_ok(&made, &[&make[..], &leaf].concat());
    }
    let file = |name: &str| made.text(name);
    let leaves = [file("ca-leaf.pem"), file("twin-leaf.pem"), file("twin.pem")];
    let (ca_key, ca_pem) = (file("ca.key"), file("ca.pem"));
    let orders = [
        [["cert", "import", &ca_pem], ["key", "import", &ca_key]],
        [["key", "import", &ca_key], ["cert", "import", &ca_pem]],
    ];
    for order in orders {
        let desk = Desk::with_code();
        desk.ok(&["cert", "import", &leaves[0], &leaves[1], &leaves[2]]);
        order.iter().for_each(|args| _ = desk.ok(args));
        let all = listed(&desk, &[]);
        let of_ca = all.iter().filter(|one| one["issuedBy"]["name"] == "ca");
        let mut found: Vec<_> = of_ca.map(|one| (&one["subject"], &one["key"]["name"])).collect();
        found.sort_by_key(|(subject, _)| subject.as_str());
        let expected = [(&"CN=Late root".into(), &"ca".into()), (&"CN=leaf".into(), &Value::Null)];
        assert_eq!(found, expected, "{order:?}");
        assert_eq!(all.len(), 4);
        // Now the vault can call it back, and its log holds.
        let serial = openssl_ok(&made, &["x509", "-in", &leaves[0], "-noout", "-serial"]);
        let serial = serial.trim().trim_start_matches("serial=");
        desk.ok(&["cert", "revoke", serial, "--code", "superseded", "--yes"]);
        desk.ok(&["audit", "verify"]);
    }
}

#[test]
fn a_renewed_certificate_says_the_same_of_the_next_key_or_of_the_same() {
    let (desk, id) = desk_with_web();
    desk.ok(&["key", "rotate", "web"]);
    let said = desk.ok(&["cert", "renew", &id, "--out", "web2.pem", "--reason", "yearly"]);
    let text = |file: &str| {
        let show = ["-noout", "-subject", "-issuer", "-ext"];
        let what =
            "subjectAltName,keyUsage,extendedKeyUsage,basicConstraints,authorityKeyIdentifier";
        openssl_ok(&desk, &[&["x509", "-in", file], &show[..], &[what]].concat())
    };
    let key = |file: &str| openssl_ok(&desk, &["x509", "-in", file, "-noout", "-pubkey"]);
    assert_eq!(text("web.pem"), text("web2.pem"));
    assert_ne!(key("web.pem"), key("web2.pem"));
    openssl_ok(&desk, &["verify", "-x509_strict", "-CAfile", "ca.pem", "web2.pem"]);
    desk.ok(&["key", "export", "web", "--public", "--format", "spki-pem", "--out", "web.pub"]);
    assert_eq!(key("web2.pem"), fs::read_to_string(desk.path("web.pub")).unwrap());

    // The older one knows what is in its place, and is not renewed twice.
    let newer = said["certificate"].as_str().unwrap();
    let old = desk.ok(&["cert", "show", &id]);
    assert_eq!(
        (&old["certificate"]["replacedBy"], &old["renewable"]),
        (&newer.into(), &false.into())
    );
    desk.refused(&["cert", "renew", &id], 1, "refused_by_state");
    // With the same key, and for another time; without a file.
    let third = desk.ok(&["cert", "renew", newer, "--same-key", "--days", "7"]);
    assert!(third["file"].is_null());
    let third = desk.ok(&["cert", "show", third["certificate"].as_str().unwrap()]);
    assert_eq!(third["certificate"]["key"]["version"], 2);
    assert_eq!(third["certificate"]["state"], "expiring_soon");
    desk.refused(
        &["cert", "renew", third["certificate"]["id"].as_str().unwrap(), "--days", "399"],
        2,
        "invalid_request",
    );

    // One that signs itself, CA or not, with the rotated key.
    let root =
        with_subject(&listed(&desk, &["--key", "ca"]), "CN=Root,O=Example,C=CH")["id"].clone();
    desk.ok(&["key", "rotate", "ca"]);
    desk.ok(&["cert", "renew", root.as_str().unwrap(), "--out", "ca2.pem"]);
    openssl_ok(
        &desk,
        &["verify", "-x509_strict", "-check_ss_sig", "-CAfile", "ca2.pem", "ca2.pem"],
    );
    // What is issued from now on has the newer root above it.
    desk.ok(&[
        "cert",
        "issue",
        "ca",
        "--csr",
        "web.csr",
        "--template",
        "tls-server",
        "--out",
        "web4.pem",
    ]);
    openssl_ok(&desk, &["verify", "-x509_strict", "-CAfile", "ca2.pem", "web4.pem"]);
    assert!(!openssl(&desk, &["verify", "-CAfile", "ca.pem", "web4.pem"]).0);
    assert_eq!(desk.ok(&["audit", "verify"])["certificates"], 6);
}

#[test]
fn a_revoked_certificate_is_on_the_list_that_openssl_checks() {
    let (desk, id) = desk_with_web();
    let crl = |out: &str| desk.ok(&["cert", "crl", "ca", "--out", out]);
    let first = crl("first.crl");
    assert_eq!(first["revoked"], 0);
    let verify = |list: &str| {
        openssl(
            &desk,
            &[
                "verify",
                "-crl_check",
                "-x509_strict",
                "-CAfile",
                "ca.pem",
                "-CRLfile",
                list,
                "web.pem",
            ],
        )
    };
    assert!(verify("first.crl").0);
    let shown = |list: &str, more: &[&str]| {
        openssl_ok(&desk, &[&["crl", "-in", list, "-CAfile", "ca.pem"], more].concat())
    };
    assert!(shown("first.crl", &["-noout"]).contains("verify OK"));

    desk.refused(&["cert", "revoke", &id, "--code", "bored", "--yes"], 2, "invalid_request");
    let hold = ["cert", "revoke", &id, "--code", "certificateHold", "--yes"];
    desk.refused(&hold, 2, "invalid_request");
    let said = desk.ok(&[
        "cert",
        "revoke",
        &id,
        "--code",
        "key-compromise",
        "--reason",
        "laptop stolen",
        "--yes",
    ]);
    assert_eq!(
        (&said["state"], &said["revocationReason"]),
        (&"revoked".into(), &"key-compromise".into())
    );
    // Not on any list yet, then on the next.
    assert!(verify("first.crl").0);
    let second = crl("second.crl");
    assert_eq!(second["revoked"], 1);
    let (ok, text) = verify("second.crl");
    assert!(!ok && text.contains("certificate revoked"), "{text}");
    let text = shown("second.crl", &["-noout", "-text"]);
    let serial = said["serial"].as_str().unwrap().to_uppercase();
    for word in [
        "Version 2",
        "Key Compromise",
        &serial,
        "X509v3 CRL Number",
        "X509v3 Authority Key Identifier",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    // The number rises, and OpenSSL reads the one that was told.
    let number = |of: &Value| of["number"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number(&second) > number(&first));
    let read = shown("second.crl", &["-noout", "-crlnumber"]);
    let hex = read.lines().find_map(|line| line.strip_prefix("crlNumber=")).unwrap();
    let hex = hex.trim().trim_start_matches("0x");
    assert_eq!(u64::from_str_radix(hex, 16).unwrap(), number(&second));

    // Once is enough, and neither that nor what ended is renewed or revoked again.
    let again = ["cert", "revoke", &id, "--code", "superseded", "--yes"];
    assert!(desk.refused(&again, 1, "refused_by_state").contains("key-compromise"));
    desk.refused(&["cert", "renew", &id], 1, "refused_by_state");
    let root =
        with_subject(&listed(&desk, &["--key", "ca"]), "CN=Root,O=Example,C=CH")["id"].clone();
    let root = ["cert", "revoke", root.as_str().unwrap(), "--code", "superseded", "--yes"];
    assert!(desk.refused(&root, 1, "refused_by_policy").contains("its own key"));
    // In DER, and never over a file that is there.
    desk.ok(&["cert", "crl", "ca", "--der", "--days", "30", "--out", "third.crl"]);
    openssl_ok(&desk, &["crl", "-inform", "DER", "-in", "third.crl", "-noout"]);
    desk.refused(&["cert", "crl", "ca", "--out", "third.crl"], 1, "exists");
    desk.refused(&["cert", "crl", "ca", "--days", "0", "--out", "x.crl"], 2, "invalid_request");
    desk.refused(&["cert", "crl", "web", "--out", "x.crl"], 1, "refused_by_policy");
    let log = desk.ok(&["audit", "list", "--action", "certificate.revoke"]);
    assert_eq!(log["events"][0]["reason"], "laptop stolen");
    assert_eq!(
        desk.ok(&["audit", "list", "--action", "key.sign_crl"])["events"].as_array().unwrap().len(),
        4
    );
    desk.ok(&["audit", "verify"]);
}

#[test]
fn the_place_of_the_list_stands_in_what_is_issued_and_in_what_renews_it() {
    let desk = desk_with_ca();
    let url = "https://pki.example.org/root.crl?a=b";
    let said =
        desk.ok(&issue("tls-server", "web.csr", "web.pem", &["--days", "60", "--crl-url", url]));
    let shown = |file: &str| {
        let args = ["x509", "-in", file, "-noout", "-ext", "crlDistributionPoints"];
        openssl_ok(&desk, &args)
    };
    assert!(shown("web.pem").contains(&format!("URI:{url}")), "{}", shown("web.pem"));
    openssl_ok(&desk, &["verify", "-x509_strict", "-CAfile", "ca.pem", "web.pem"]);
    desk.ok(&["cert", "renew", said["certificate"].as_str().unwrap(), "--out", "new.pem"]);
    assert_eq!(shown("new.pem"), shown("web.pem"));
    for bad in ["pki.example.org/root.crl", "ldap://x/y", "http://a b/", "http://", ""] {
        let args = issue("tls-server", "web.csr", "x.pem", &["--crl-url", bad]);
        desk.refused(&args, 2, "invalid_request");
    }
    assert!(!desk.path("x.pem").exists());
}

#[test]
fn an_authority_elsewhere_revokes_what_its_signed_list_says_and_nothing_else() {
    // An authority `a` with two leaves, and a twin of the same name, each by OpenSSL's own CA.
    let desk = Desk::with_code();
    let run = |args: &[&str]| openssl_ok(&desk, args);
    for ca in ["a", "twin"] {
        let dir = format!("{ca}-db");
        fs::create_dir(desk.path(&dir)).unwrap();
        fs::write(desk.path(&format!("{dir}/index.txt")), "").unwrap();
        fs::write(desk.path(&format!("{dir}/number")), "2a\n").unwrap();
        let config = format!(
            "[ca]\ndefault_ca=x\n[x]\ndatabase={dir}/index.txt\nserial={dir}/number\ncrlnumber={dir}/number\n\
             new_certs_dir={dir}\ndefault_md=sha256\ndefault_days=100\ndefault_crl_days=9\npolicy=p\n\
             unique_subject=no\n[p]\ncommonName=supplied\n"
        );
        fs::write(desk.path(&format!("{ca}.cnf")), config).unwrap();
        let (key, pem) = (format!("{ca}.key"), format!("{ca}.pem"));
        let root = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Elsewhere CA"];
        run(&[&root[..], &["-keyout", &key, "-out", &pem]].concat());
        for leaf in ["one", "two"] {
            let (csr, out) = (format!("{ca}-{leaf}.csr"), format!("{ca}-{leaf}.pem"));
            let subject = format!("/CN={leaf} of {ca}");
            let ask = ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "leaf.key", "-subj"];
            run(&[&ask[..], &[&subject, "-out", &csr]].concat());
            let config = format!("{ca}.cnf");
            let sign =
                ["ca", "-batch", "-config", &config, "-cert", &pem, "-keyfile", &key, "-notext"];
            run(&[&sign[..], &["-in", &csr, "-out", &out]].concat());
        }
    }
    let list = |ca: &str, revoke: &str, out: &str| {
        let (config, key, pem) = (format!("{ca}.cnf"), format!("{ca}.key"), format!("{ca}.pem"));
        let with = ["ca", "-config", &config, "-cert", &pem, "-keyfile", &key];
        if !revoke.is_empty() {
            run(&[&with[..], &["-revoke", revoke, "-crl_reason", "keyCompromise"]].concat());
        }
        run(&[&with[..], &["-gencrl", "-out", out]].concat());
    };
    // The same numbers under the same name, so that signatures alone keep the two apart.
    desk.ok(&["cert", "import", "a.pem", "a-one.pem", "a-two.pem", "twin-one.pem"]);
    list("twin", "twin-one.pem", "twin.crl");
    list("a", "a-one.pem", "a.crl");
    let told = desk.bare(&["examine", "a.crl"]).out;
    assert!(told.contains("CN=Elsewhere CA") && told.contains("key-compromise"), "{told}");
    let states = || -> Vec<String> {
        let all = listed(&desk, &["--search", " of "]);
        let mut all: Vec<_> =
            all.iter().map(|c| format!("{} {}", c["subject"], c["state"])).collect();
        all.sort_unstable();
        all.into_iter().map(|one| one.replace('"', "")).collect()
    };
    // The twin's certificate is not kept: its list is a stranger's.
    let message = desk.refused(&["cert", "import", "twin.crl"], 1, "refused_by_policy");
    assert!(message.contains("signature"), "{message}");
    assert_eq!(states(), ["CN=one of a valid", "CN=one of twin valid", "CN=two of a valid"]);
    let done = desk.ok(&["cert", "import", "a.crl"]);
    assert_eq!((&done["lists"], done["revoked"].as_array().unwrap().len()), (&1.into(), 1));
    assert_eq!(done["revoked"][0]["revocationReason"], "key-compromise");
    assert_eq!(states(), ["CN=one of a revoked", "CN=one of twin valid", "CN=two of a valid"]);
    // Once more changes nothing; a list and its issuer's certificate come in together.
    assert_eq!(desk.ok(&["cert", "import", "a.crl"])["revoked"].as_array().unwrap().len(), 0);
    desk.ok(&["cert", "import", "twin.crl", "twin.pem"]);
    assert_eq!(states()[1], "CN=one of twin revoked");
    desk.ok(&["audit", "verify"]);

    // Damaged, cut, changed and empty ones.
    let pem = fs::read_to_string(desk.path("a.crl")).unwrap();
    let der = desk.text("a.der");
    run(&["crl", "-in", "a.crl", "-outform", "DER", "-out", &der]);
    let bytes = fs::read(&der).unwrap();
    let told = desk.bare(&["examine", "a.der"]).out;
    assert!(told.contains("key-compromise"), "{told}");
    for cut in [10, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&der, &bytes[..cut]).unwrap();
        desk.refused(&["cert", "import", "a.der"], 5, "bad_input_file");
    }
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&der, &changed).unwrap();
    assert!(
        desk.refused(&["cert", "import", "a.der"], 1, "refused_by_policy").contains("signature")
    );
    fs::write(desk.path("half.crl"), &pem[..pem.len() / 2]).unwrap();
    desk.refused(&["cert", "import", "half.crl"], 5, "bad_input_file");
}

#[test]
fn every_signing_algorithm_signs_lists() {
    let desk = Desk::with_code();
    for algorithm in ["rsa-2048", "ec-p256", "ec-p521", "ed25519"] {
        desk.make(algorithm, algorithm, "sign", &[]);
        let (pem, list) = (format!("{algorithm}.pem"), format!("{algorithm}.crl"));
        desk.ok(&["cert", "self-sign", algorithm, "--subject", "CN=CA", "--ca", "--out", &pem]);
        desk.ok(&["cert", "crl", algorithm, "--out", &list]);
        let said = openssl_ok(&desk, &["crl", "-in", &list, "-CAfile", &pem, "-noout"]);
        assert!(said.contains("verify OK"), "{algorithm}: {said}");
    }
}

#[test]
fn an_authority_is_only_used_with_a_certificate_that_holds() {
    let desk = desk_with_ca();
    desk.make("root", "ec-p256", "sign", &[]);
    desk.make("middle", "ec-p256", "sign", &[]);
    desk.ok(&["cert", "self-sign", "root", "--subject", "CN=Top", "--ca", "--out", "top.pem"]);
    desk.ok(&["cert", "csr", "middle", "--subject", "CN=Middle", "--out", "middle.csr"]);
    let args = ["cert", "issue", "root", "--csr", "middle.csr", "--template", "intermediate"];
    let middle = desk.ok(&[&args[..], &["--out", "middle.pem"]].concat());
    let middle = middle["certificate"].as_str().unwrap();
    let issue = |file: &str, out: &str| {
        let args =
            ["cert", "issue", "middle", "--csr", "web.csr", "--template", "tls-server", "--out"];
        let more = if file.is_empty() { vec![] } else { vec!["--ca-certificate", file] };
        [&args[..], &[out], &more[..]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |args: Vec<String>| desk.ok(&args.iter().map(String::as_str).collect::<Vec<_>>());
    run(issue("", "leaf.pem"));
    openssl_ok(&desk, &["verify", "-CAfile", "top.pem", "-untrusted", "middle.pem", "leaf.pem"]);
    let refused = |args: Vec<String>, word: &str| {
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let message = desk.refused(&args, 1, "refused_by_policy");
        assert!(message.contains(word), "{word}: {message}");
        assert!(!desk.path("x.pem").exists());
    };
    // A root whose own signature was changed, and one of another issuer that the vault does not know.
    openssl_ok(&desk, &["x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der"]);
    let mut der = fs::read(desk.path("ca.der")).unwrap();
    *der.last_mut().unwrap() ^= 1;
    fs::write(desk.path("forged.der"), &der).unwrap();
    let with =
        ["cert", "issue", "ca", "--csr", "web.csr", "--template", "tls-server", "--out", "x.pem"];
    let with = |file: &str| {
        let all = [&with[..], &["--ca-certificate", file]].concat();
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    refused(with("forged.der"), "signature");
    desk.ok(&["cert", "csr", "ca", "--subject", "CN=Root", "--out", "ca.csr"]);
    let other =
        ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "o.key", "-subj", "/CN=Other"];
    openssl_ok(&desk, &[&other[..], &["-out", "o.pem"]].concat());
    fs::write(
        desk.path("ext"),
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
    )
    .unwrap();
    let sign = ["x509", "-req", "-in", "ca.csr", "-CA", "o.pem", "-CAkey", "o.key", "-days", "900"];
    openssl_ok(&desk, &[&sign[..], &["-extfile", "ext", "-out", "below.pem"]].concat());
    refused(with("below.pem"), "cert import");
    desk.ok(&["cert", "import", "o.pem"]);
    run(with("below.pem").into_iter().map(|word| word.replace("x.pem", "y.pem")).collect());
    // It lets its key sign certificates, but no lists; the older one lets it.
    let lists = desk.ok(&["cert", "list", "--key", "ca"]);
    assert_eq!(lists["total"], 2);

    // What was revoked issues nothing more.
    desk.ok(&["cert", "revoke", middle, "--code", "ca-compromise", "--yes"]);
    let args = issue("", "x.pem");
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    desk.refused(&args, 4, "not_found");
    refused(issue("middle.pem", "x.pem"), "revoked");
    desk.ok(&["audit", "verify"]);
}

#[test]
fn certificates_come_back_with_a_backup() {
    let (desk, id) = desk_with_web();
    desk.ok(&["cert", "revoke", &id, "--code", "superseded", "--yes"]);
    let file = desk.text("b.keyreeve-backup.age");
    let passphrase = desk.secret("backup passphrase", "velvet harbor nine candle");
    desk.ok(&["backup", "create", "--out", &file, "--backup-passphrase-file", &passphrase]);
    let restored = desk.text("restored.keyreeve");
    let restore = ["backup", "restore", &file, "--backup-passphrase-file", &passphrase, "--json"];
    let done = desk.bare(&[&restore[..], &["--vault", &restored]].concat());
    assert_eq!(done.exit, 0, "{done:?}");
    let there = |args: &[&str]| {
        let passphrase = desk.text("passphrase");
        let how = ["--vault", &restored, "--passphrase-file", &passphrase, "--json", "--no-input"];
        let done = desk.bare(&[args, &how].concat());
        assert_eq!(done.exit, 0, "{done:?}");
        done.json()
    };
    assert_eq!(there(&["cert", "show", &id])["certificate"]["state"], "revoked");
    assert_eq!(there(&["audit", "verify"])["certificates"], 2);
}
