//! Recovery by shares and by a code, from the page to the new passphrase.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::desk::{Desk, Done, PASSPHRASE, QUICK};

/// The shares, or the code, as someone reads them off the printed pages.
pub fn read_off(page: &str) -> Vec<String> {
    let lists = page.split("<ol>").skip(1).map(|rest| rest.split("</ol>").next().unwrap());
    lists
        .map(|list| {
            let words = list.split("<li>").skip(1).map(|word| word.trim_end_matches("</li>"));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// What a phone sees in the page's QR codes.
fn scan(page: &str) -> Vec<String> {
    let between = |text: &str, start: &str, end: &str| {
        text.split_once(start).unwrap().1.split_once(end).unwrap().0.to_owned()
    };
    let number = |text: &str| text.parse::<usize>().unwrap();
    let drawings = page.split("<svg").skip(1).map(|drawing| {
        let side = number(&between(drawing, "viewBox=\"-4 -4 ", " "));
        let mut black = vec![false; side * side];
        for run in between(drawing, " d=\"M", "z\"").split("zM") {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('H').unwrap();
            let (end, _) = rest.split_once('v').unwrap();
            let row = (number(y) + 4) * side + 4;
            black[row + number(x)..row + number(end)].fill(true);
        }
        const SCALE: usize = 4;
        let at = |x: usize, y: usize| black[y / SCALE * side + x / SCALE];
        let mut picture = rqrr::PreparedImage::prepare_from_bitmap(side * SCALE, side * SCALE, at);
        let codes = picture.detect_grids();
        assert_eq!(codes.len(), 1);
        codes[0].decode().unwrap().1
    });
    drawings.collect()
}

fn with_texts(desk: &Desk, args: &[&str], texts: &[&str]) -> Done {
    let file = desk.secret("texts", &format!("{}\n", texts.join("\n\n")));
    let mut all = args.to_vec();
    all.extend(["--json", "--no-input", "--recovery-file", &file]);
    desk.bare(&all)
}

#[test]
fn two_of_three_shares_bring_a_vault_back() {
    let desk = Desk::with_keys();
    let out = desk.text("shares.html");
    let added = desk.ok(&["slot", "add", "recovery", "--out", &out]);
    assert_eq!(added["slot"]["kind"], "recovery");
    assert_eq!(added["slot"]["parts"][0]["shares"], 3);
    assert_eq!(added["slot"]["parts"][0]["threshold"], 2);
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    desk.refused(&["slot", "add", "recovery", "--out", &out], 1, "exists");
    let page = fs::read_to_string(&out).unwrap();
    assert!(page.contains("Recovery share 3 of 3") && page.contains("<b>v</b>"));
    let shares = read_off(&page);
    assert_eq!(scan(&page), shares);
    let [a, b, c] = [0, 1, 2].map(|at| shares[at].as_str());

    let list = |texts: &[&str]| with_texts(&desk, &["key", "list"], texts);
    for pair in [[a, b], [c, a], [b, c]] {
        assert_eq!(list(&pair).exit, 0, "any two, in any order");
    }
    assert_eq!(list(&[c, b, a]).exit, 0);
    list(&[a]).refused(3, "recovery_too_few");
    assert!(list(&[a, a]).refused(3, "recovery_duplicate").contains("2"));
    let mut words: Vec<_> = b.split(' ').collect();
    words[20] = if words[20] == "academic" { "acid" } else { "academic" };
    let slip = words.join(" ");
    assert!(list(&[a, &slip]).refused(3, "recovery_malformed").contains("hare 2"));
    words[4] = "telepathy";
    assert!(list(&[a, &words.join(" ")]).refused(3, "recovery_malformed").contains("ord 5"));

    // Another set of the same vault, and shares that were removed.
    let other = desk.text("others.html");
    let second = desk.ok(&["slot", "add", "recovery", "--name", "Other", "--out", &other]);
    let others = read_off(&fs::read_to_string(&other).unwrap());
    list(&[a, &others[1]]).refused(3, "recovery_mixed");
    assert_eq!(list(&[&others[2], &others[0]]).exit, 0);
    let id = second["slot"]["id"].as_str().unwrap();
    desk.ok(&["slot", "remove", id, "--yes"]);
    list(&[&others[2], &others[0]]).refused(3, "recovery_other_vault");

    // It ends with a new passphrase, after which the old one opens nothing.
    let fresh = desk.secret("fresh", "violet harbour plum ladder");
    let slots = desk.ok(&["slot", "list"]);
    let first = slots["slots"][0]["id"].as_str().unwrap();
    let mut change = vec!["slot", "change", first, "--new-passphrase-file", &fresh];
    change.extend(QUICK);
    assert_eq!(with_texts(&desk, &change, &[b, c]).exit, 0);
    desk.refused(&["key", "list"], 3, "wrong_passphrase");
    let open = ["key", "list", "--json", "--no-input", "--passphrase-file", &fresh];
    assert_eq!(desk.bare(&open).exit, 0);

    // Nothing of it stayed in the vault, and the log knows of the failures.
    for entry in fs::read_dir(desk.vault()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(a));
    }
    let args = ["audit", "list", "--json", "--no-input", "--passphrase-file", &fresh];
    let log = desk.bare(&args).json();
    assert!(log["events"].to_string().contains("vault.unlock_failed"));
}

#[test]
fn one_code_opens_the_vault_and_its_slips_are_found() {
    let desk = Desk::new();
    let out = desk.text("code.html");
    desk.ok(&["slot", "add", "recovery", "--code", "--out", &out]);
    let page = fs::read_to_string(&out).unwrap();
    let code = read_off(&page).remove(0);
    let scanned = scan(&page);
    assert_eq!(scanned.iter().map(|text| text.replace('-', " ")).collect::<Vec<_>>(), [&*code]);
    let list = |text: &str| with_texts(&desk, &["key", "list"], &[text]);
    assert_eq!((list(&code).exit, list(&scanned[0]).exit), (0, 0));
    assert_eq!(list(&code.to_lowercase().replace(' ', "")).exit, 0);
    let swap = if code.ends_with('Q') { "P" } else { "Q" };
    list(&format!("{}{swap}", &code[..code.len() - 1])).refused(3, "recovery_malformed");
    list("krv1").refused(3, "recovery_malformed");
    list("hello").refused(3, "recovery_malformed");

    // With a recovery slot that an administrator holds, the passphrase may go; not both.
    let slots = desk.ok(&["slot", "list"]);
    let first = slots["slots"][0]["id"].as_str().unwrap();
    assert_eq!(with_texts(&desk, &["slot", "remove", first, "--yes"], &[&code]).exit, 0);
    with_texts(&desk, &["slot", "remove", "Recovery", "--yes"], &[&code]).refused(1, "last_slot");
    assert_ne!(code, PASSPHRASE);
}

#[test]
fn after_recovery_it_says_what_to_do_and_new_sheets_take_the_old_ones_place() {
    let desk = Desk::with_keys();
    let out = desk.text("code.html");
    desk.ok(&["slot", "add", "recovery", "--code", "--name", "Paper", "--out", &out]);
    let code = read_off(&fs::read_to_string(&out).unwrap()).remove(0);
    let opened = with_texts(&desk, &["key", "list"], &[&code]);
    assert!(opened.exit == 0 && opened.err.contains("--replaces"), "{opened:?}");
    assert!(!desk.run(&["key", "list"]).err.contains("--replaces"));

    let new = desk.text("new.html");
    let add = ["slot", "add", "recovery", "--out", &new, "--replaces"];
    desk.refused(&[&add[..], &["Nowhere"]].concat(), 3, "no_such_slot");
    assert!(!desk.path("new.html").exists(), "nothing was made");
    let added = desk.ok(&[&add[..], &["Paper"]].concat());
    assert_eq!(added["slot"]["name"], "Recovery");
    with_texts(&desk, &["key", "list"], &[&code]).refused(3, "recovery_other_vault");
    let shares = read_off(&fs::read_to_string(&new).unwrap());
    assert_eq!(with_texts(&desk, &["key", "list"], &[&shares[0], &shares[2]]).exit, 0);
    assert_eq!(desk.ok(&["status"])["recoveryUntested"], serde_json::json!([]));
}

#[test]
fn impossible_sets_are_refused() {
    let desk = Desk::new();
    let out = desk.text("shares.html");
    let add =
        |more: &[&str]| desk.run(&[&["slot", "add", "recovery", "--out", &out], more].concat());
    for more in [["--shares", "1"], ["--shares", "17"], ["--threshold", "1"], ["--threshold", "4"]]
    {
        assert_eq!(add(&more).exit, 2, "{more:?}");
        assert!(!desk.path("shares.html").exists());
    }
}

#[test]
fn sixteen_of_sixteen_shares_open_it_in_any_order_and_fifteen_do_not() {
    let desk = Desk::new();
    let out = desk.text("shares.html");
    desk.ok(&["slot", "add", "recovery", "--out", &out, "--shares", "16", "--threshold", "16"]);
    let shares = read_off(&fs::read_to_string(&out).unwrap());
    let mut shares: Vec<_> = shares.iter().map(String::as_str).collect();
    assert_eq!(shares.len(), 16);
    let list = |texts: &[&str]| with_texts(&desk, &["key", "list"], texts);
    shares.reverse();
    shares.swap(3, 11);
    assert_eq!(list(&shares).exit, 0);
    list(&shares[1..]).refused(3, "recovery_too_few");
}
