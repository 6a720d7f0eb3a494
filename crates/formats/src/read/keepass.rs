//! KeePassXC's exports: keys that people keep in the notes of an entry.

use csv::ReaderBuilder;

use super::form::Form;
use super::item::{Item, Refusal};
use super::{MAX_ITEMS, ReadError, read_text};

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

/// The keys in the notes, each called as its entry is.
///
/// # Errors
/// When there are none, or too many.
pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    if is_xml(text) {
        let what = "KeePass's XML (export a CSV file, or the attachments themselves)".into();
        return Ok(vec![Item::refused(Form::Unknown, Refusal::Unread(what))]);
    }
    let mut rows = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut items = Vec::new();
    for row in rows.records() {
        let Ok(row) = row else {
            let damaged = Refusal::Damaged("the table of entries is damaged or cut short".into());
            items.push(Item::refused(Form::Unknown, damaged));
            break;
        };
        let (Some(title), Some(notes)) = (row.get(TITLE), row.get(NOTES)) else { continue };
        // A table inside a note is no note.
        if notes.is_empty() || is_one(notes) {
            continue;
        }
        let found = read_text(notes).unwrap_or_default();
        // Digits in a note are hardly ever a key.
        let is_key = |item: &Item| !matches!(item.form, Form::Hex | Form::Base64);
        items.extend(found.into_iter().filter(is_key).map(|item| match item.comment {
            None => item.with_comment(title),
            Some(_) => item,
        }));
        if items.len() > MAX_ITEMS {
            return Err(ReadError::TooMany);
        }
    }
    Ok(items)
}
