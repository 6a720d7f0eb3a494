//! The figures as Markdown.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::figures::{LogFigures, Measured, VaultFigures};
use crate::samples::{Samples, words};

/// What stands before and after the part of the file that is replaced.
const BEGIN: &str = "<!-- figures: written by `npm run bench` -->";
const END: &str = "<!-- end of figures -->";

/// The sizes that the figures are asked for.
const KEYS: u32 = 100_000;
const EVENTS: u64 = 1_000_000;

/// Everything measured, as Markdown.
pub(crate) fn markdown(measured: &Measured) -> Outcome<String> {
    let mut text = String::new();
    machine(&mut text, measured)?;
    figures(&mut text, measured)?;
    if !measured.vaults.is_empty() {
        growth(&mut text, &measured.vaults)?;
    }
    if !measured.logs.is_empty() {
        logs(&mut text, &measured.logs)?;
    }
    Ok(text)
}

/// Replaces the part of `file` between the markers.
pub(crate) fn write_into(file: &Path, text: &str) -> Outcome<()> {
    let old = fs::read_to_string(file)?;
    let new = replaced(&old, text)
        .ok_or_else(|| format!("{} has no “{BEGIN}” before “{END}”", file.display()))?;
    Ok(fs::write(file, new)?)
}

fn replaced(old: &str, text: &str) -> Option<String> {
    let (before, rest) = old.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", text.trim_end()))
}

fn machine(text: &mut String, measured: &Measured) -> Outcome<()> {
    let machine = &measured.machine;
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let memory = machine.memory_gib.map_or(String::new(), |gib| format!(", {gib} GiB of memory"));
    writeln!(
        text,
        "Measured on {day}: {}, {} cores{memory}, {}. A sync of one page took {} on its disk \
         (95 of 100 at most {}).",
        machine.processor,
        machine.cores,
        machine.kernel,
        words(measured.sync.median()),
        words(measured.sync.p95()),
    )?;
    if let Some(load) = &machine.load {
        writeln!(text, "The load when it began was {load}.")?;
    }
    writeln!(text)?;
    Ok(())
}

fn figures(text: &mut String, measured: &Measured) -> Outcome<()> {
    let vault = measured.vaults.iter().find(|vault| vault.keys == KEYS);
    let log = measured.logs.iter().find(|log| log.events == EVENTS);
    let memory = vault.and_then(|vault| vault.in_memory.as_ref());
    let ms = Duration::from_millis;
    let rows: [(&str, Duration, Option<Duration>); 12] = [
        (
            "Open a vault of 100,000 keys, beyond deriving the key from the passphrase",
            ms(100),
            vault.map(|vault| vault.open.unlock.median()),
        ),
        (
            "Search among 100,000 keys, from a keystroke to the rows, 95 of 100 (in the core)",
            ms(16),
            vault.map(|vault| vault.list.keystroke.p95()),
        ),
        (
            "Create an Ed25519 key among 100,000, durable and logged, beyond the disk's syncs",
            ms(5),
            memory.map(|one| one.create.median()),
        ),
        (
            "Rotate an Ed25519 key among 100,000, durable and logged, beyond the disk's syncs",
            ms(5),
            memory.map(|one| one.rotate.median()),
        ),
        (
            "Rotate 10,000 symmetric keys among 100,000 in one transaction",
            ms(5_000),
            vault.map(|vault| vault.bulk.whole),
        ),
        ("Verify 1,000,000 audit events", ms(2_000), log.map(|log| log.audit.whole.median())),
        (
            "Back up 100,000 keys, with the restore that proves the backup",
            ms(3_000),
            vault.map(|vault| vault.backup.whole.median()),
        ),
        (
            "Look into 1,000 files of keys and tell what each is",
            ms(1_000),
            Some(measured.keys_in.preview.median()),
        ),
        (
            "Bring in 10,000 keys in one transaction",
            ms(5_000),
            Some(measured.keys_in.import.median()),
        ),
        (
            "Write the CycloneDX inventory of 100,000 keys",
            ms(3_000),
            vault.map(|vault| vault.inventory.median()),
        ),
        (
            "Window usable after its start",
            ms(1_000),
            (measured.window.count() > 0).then(|| measured.window.median()),
        ),
        (
            "`keyreeve key list` in a vault of 10 keys, beyond deriving the key",
            ms(50),
            measured.command_line.as_ref().map(|figures| figures.key_list.median()),
        ),
    ];
    writeln!(text, "| Figure | At most | Measured | |")?;
    writeln!(text, "| --- | ---: | ---: | --- |")?;
    for (what, most, taken) in rows {
        let (shown, verdict) = match taken {
            None => ("–".to_owned(), "not measured"),
            Some(taken) if taken <= most => (words(taken), "kept"),
            Some(taken) => (words(taken), "**missed**"),
        };
        writeln!(text, "| {what} | {} | {shown} | {verdict} |", words(most))?;
    }
    if let Some(command_line) = &measured.command_line {
        writeln!(
            text,
            "\nOf the command line's time, {} are starting a process.",
            words(command_line.nothing.median())
        )?;
    }
    writeln!(text)?;
    Ok(())
}

/// A line of a table: what is measured, and its value for one column.
type Line<'a, Column> = (&'a str, &'a dyn Fn(&Column) -> String);

fn growth(text: &mut String, vaults: &[VaultFigures]) -> Outcome<()> {
    let lines: [Line<'_, VaultFigures>; 18] = [
        ("Database", &|vault| format!("{:.1} MiB", vault.database_bytes as f64 / 1_048_576.0)),
        ("Make all keys, in batches", &|vault| words(vault.made)),
        ("Unlock, beyond the KDF", &|vault| words(vault.open.unlock.median())),
        ("– of this, opening the database", &|vault| words(vault.open.database.median())),
        ("First page and the sidebar's numbers, after that", &|vault| {
            words(vault.open.first_page.median())
        }),
        ("Keystroke to rows", &|vault| spread(&vault.list.keystroke)),
        ("– the slowest of all", &|vault| words(vault.list.keystroke.longest())),
        ("A page in another order or with a filter", &|vault| spread(&vault.list.page)),
        ("The next page", &|vault| spread(&vault.list.next_page)),
        ("Create one Ed25519 key, in memory", &|vault| {
            vault.in_memory.as_ref().map_or("–".into(), |one| spread(&one.create))
        }),
        ("Rotate one Ed25519 key, in memory", &|vault| {
            vault.in_memory.as_ref().map_or("–".into(), |one| spread(&one.rotate))
        }),
        ("Create one Ed25519 key, on the disk", &|vault| spread(&vault.on_disk.create)),
        ("Rotate one Ed25519 key, on the disk", &|vault| spread(&vault.on_disk.rotate)),
        ("Rotate a tenth of the keys at once", &|vault| {
            format!("{} ({} keys)", words(vault.bulk.whole), grouped(vault.bulk.keys.into()))
        }),
        ("Verify the log and all keys", &|vault| words(vault.audit.whole.median())),
        ("– of this, the log", &|vault| words(vault.audit.log.median())),
        ("Back up and prove it", &|vault| {
            let mebibytes = vault.backup.bytes as f64 / 1_048_576.0;
            format!("{} ({mebibytes:.1} MiB)", words(vault.backup.whole.median()))
        }),
        ("Write the inventory", &|vault| words(vault.inventory.median())),
    ];
    writeln!(
        text,
        "How it grows with the keys (median; where two times stand, 95 of 100 took at most the second):\n"
    )?;
    table(text, "Keys", vaults, |vault| grouped(vault.keys.into()), &lines)
}

fn logs(text: &mut String, logs: &[LogFigures]) -> Outcome<()> {
    let lines: [Line<'_, LogFigures>; 4] = [
        ("Entries verified", &|log| grouped(log.audit.entries)),
        ("Signed checkpoints verified", &|log| grouped(log.audit.checkpoints)),
        ("Verify the log", &|log| words(log.audit.log.median())),
        ("And compare the 500 keys with it", &|log| words(log.audit.whole.median())),
    ];
    writeln!(text, "How verifying grows with the log, in a vault of 500 keys:\n")?;
    table(text, "Events", logs, |log| grouped(log.events), &lines)
}

fn table<Column>(
    text: &mut String,
    corner: &str,
    columns: &[Column],
    head: impl Fn(&Column) -> String,
    lines: &[Line<'_, Column>],
) -> Outcome<()> {
    let heads: Vec<_> = columns.iter().map(head).collect();
    writeln!(text, "| {corner} | {} |", heads.join(" | "))?;
    writeln!(text, "| --- |{}", " ---: |".repeat(columns.len()))?;
    for (what, value) in lines {
        let values: Vec<_> = columns.iter().map(value).collect();
        writeln!(text, "| {what} | {} |", values.join(" | "))?;
    }
    writeln!(text)?;
    Ok(())
}

/// The median, and what 95 of 100 do not exceed.
fn spread(samples: &Samples) -> String {
    format!("{}; {}", words(samples.median()), words(samples.p95()))
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let old = format!("# Title\n\n{BEGIN}\nold\n{END}\n\nmore\n");
        let new = replaced(&old, "new\n\n");
        assert_eq!(new, Some(format!("# Title\n\n{BEGIN}\nnew\n{END}\n\nmore\n")));
        assert_eq!(replaced("# Title", "new"), None);
        assert_eq!(replaced(&format!("{END}{BEGIN}"), "new"), None);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
