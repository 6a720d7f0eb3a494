//! KeePassXC's exports: keys that people keep in an entry.

use csv::ReaderBuilder;

use super::form::Form;
use super::item::{Item, Refusal};
use super::{MAX_ITEMS, ReadError, keepass_xml, read_text};

/// How the table begins, whatever columns a version adds behind.
const HEAD: &str = "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\"";
const TITLE: usize = 1;
const NOTES: usize = 5;

/// Whether it is a table of entries, or the same in XML.
pub(super) fn is_one(text: &str) -> bool {
    text.starts_with(HEAD) || is_xml(text)
}

fn is_xml(text: &str) -> bool {
    let head = text.get(..200).unwrap_or(text);
    head.contains("<KeePassFile>")
}

/// The keys in the notes, each called as its entry is; in XML also those in passwords, fields and attachments.
///
/// # Errors
/// When there are none, or too many.
pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    if is_xml(text) {
        return keepass_xml::read(text);
    }
    let mut rows = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut items = Vec::new();
    for row in rows.records() {
        let Ok(row) = row else {
            let damaged = Refusal::Damaged("the table of entries is damaged or cut short".into());
            items.push(Item::refused(Form::KeePass, damaged));
            break;
        };
        let (Some(title), Some(notes)) = (row.get(TITLE), row.get(NOTES)) else { continue };
        items.extend(keys_in(notes, title));
        if items.len() > MAX_ITEMS {
            return Err(ReadError::TooMany);
        }
    }
    Ok(items)
}

/// The keys in a text of the entry `title`.
pub(super) fn keys_in(text: &str, title: &str) -> Vec<Item> {
    // An export inside an export is none.
    if text.is_empty() || is_one(text) {
        return Vec::new();
    }
    let found = read_text(text).unwrap_or_default();
    // Digits are hardly ever a key.
    let is_key = |item: &Item| !matches!(item.form, Form::Hex | Form::Base64);
    let named = |item: Item| match item.comment {
        None => item.with_comment(title),
        Some(_) => item,
    };
    found.into_iter().filter(is_key).map(named).collect()
}
