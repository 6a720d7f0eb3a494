//! The XML that KeePassXC and KeePass export: keys in the notes, passwords, fields and attachments of entries.
//! What an entry was before (its history) is passed over.

use std::collections::HashMap;
use std::io::Read as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::read::GzDecoder;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Item, Refusal};
use super::keepass::{is_one, keys_in};
use super::{MAX_FILE_LEN, MAX_ITEMS, ReadError, read_bytes, text_of};

/// How deep elements may lie within each other; groups within groups are what takes it.
const MAX_DEPTH: usize = 100;

/// So much is decoded and unpacked of attachments, however often entries share one, in bytes.
const MAX_ATTACHED: usize = 2 * MAX_FILE_LEN;

type Text = Zeroizing<String>;
type Bytes = Zeroizing<Vec<u8>>;

/// An entry of the database.
#[derive(Default)]
struct Entry {
    title: String,
    texts: Vec<Text>,
    attachments: Vec<(String, Attachment)>,
}

#[derive(Clone)]
enum Attachment {
    /// One of those that stand before the entries.
    Shared(String),
    Own(Encoded),
}

#[derive(Clone, Default)]
struct Encoded {
    base64: Text,
    gzip: bool,
}

/// The elements that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Entry,
    /// A field of an entry.
    Field,
    /// An attachment of an entry, or one in the shared list.
    Binary,
    SharedList,
    Key,
    Value,
    Other,
}

/// What was read so far.
#[derive(Default)]
struct Parser {
    open: Vec<Tag>,
    shared: HashMap<String, Encoded>,
    entries: Vec<Entry>,
    entry: Entry,
    /// The text of the element that is open, where it matters.
    text: Option<Text>,
    key: String,
    value: Text,
    /// The attributes of the value, or of the shared attachment.
    reference: Option<String>,
    gzip: bool,
    has_protected: bool,
}

/// The keys, each called as its entry is.
///
/// # Errors
/// When there are none, or too many.
pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    let mut parser = Parser::default();
    let outcome = parser.parse(text);
    let mut items = Vec::new();
    let mut budget = MAX_ATTACHED;
    for entry in &parser.entries {
        for text in &entry.texts {
            items.extend(keys_in(text, &entry.title));
        }
        for (name, attachment) in &entry.attachments {
            if budget == 0 {
                break;
            }
            match parser.contents(attachment, &mut budget) {
                Ok(bytes) => items.extend(keys_attached(&bytes, &entry.title, name)),
                Err(refusal) => items.push(refused(refusal).with_comment(&entry.title)),
            }
        }
        if items.len() > MAX_ITEMS {
            return Err(ReadError::TooMany);
        }
    }
    if parser.has_protected {
        let what = "KeePass's XML with values that are still encrypted (open the database, and export it from there)";
        items.push(refused(Refusal::Unread(what.into())));
    }
    items.extend(outcome.err().map(refused));
    Ok(items)
}

/// The keys in an attachment; what is none is not told of.
fn keys_attached(bytes: &[u8], title: &str, name: &str) -> Vec<Item> {
    if text_of(bytes).is_some_and(is_one) {
        return Vec::new();
    }
    let found = read_bytes(bytes).unwrap_or_default();
    let named = |item: Item| match item.comment {
        None => item.with_comment(&format!("{title}: {name}")),
        Some(_) => item,
    };
    found.into_iter().map(named).collect()
}

fn refused(refusal: Refusal) -> Item {
    Item::refused(Form::KeePass, refusal)
}

fn damaged(what: &str) -> Refusal {
    Refusal::Damaged(format!("the exported database {what}"))
}

impl Parser {
    fn parse(&mut self, xml: &str) -> Result<(), Refusal> {
        let broken = |_malformed| damaged("is damaged or cut short");
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Start(start) => {
                    if start.local_name().as_ref() == "History" {
                        reader.read_to_end(start.to_end().name()).map_err(broken)?;
                        continue;
                    }
                    if self.open.len() == MAX_DEPTH {
                        return Err(damaged("is nested too deeply"));
                    }
                    let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                    let rest = xml.get(at..).unwrap_or_default();
                    self.begin(&start, rest.find("</").unwrap_or_default());
                }
                Event::Empty(element) => {
                    self.begin(&element, 0);
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.push(&text),
                Event::CData(text) => self.push(&text),
                Event::GeneralRef(reference) => match resolve_predefined_entity(&reference) {
                    Some(text) => self.push(text),
                    None => {
                        let char = reference.resolve_char_ref().map_err(broken)?;
                        let char = char.ok_or_else(|| damaged("names an unknown entity"))?;
                        self.push(char.encode_utf8(&mut [0; 4]));
                    }
                },
                Event::DocType(_) => return Err(damaged("defines entities, which none does")),
                Event::Eof if self.open.is_empty() => return Ok(()),
                Event::Eof => return Err(damaged("is cut short")),
                _ => {}
            }
        }
    }

    /// An element begins whose text takes up to `room` bytes.
    fn begin(&mut self, start: &BytesStart<'_>, room: usize) {
        let tag = match start.local_name().as_ref() {
            "Entry" => Tag::Entry,
            "String" => Tag::Field,
            "Binary" => Tag::Binary,
            "Binaries" => Tag::SharedList,
            "Key" => Tag::Key,
            "Value" => Tag::Value,
            _ => Tag::Other,
        };
        let is_shared = tag == Tag::Binary && self.open.last() == Some(&Tag::SharedList);
        self.open.push(tag);
        match tag {
            Tag::Entry => self.entry = Entry::default(),
            Tag::Field | Tag::Binary => {
                self.key.clear();
                self.value = Text::default();
                (self.reference, self.gzip) = (None, false);
            }
            _ => {}
        }
        if tag == Tag::Value || is_shared {
            for attribute in start.attributes().flatten() {
                match (attribute.key.as_ref(), &*attribute.value) {
                    ("Ref" | "ID", name) => self.reference = Some(name.to_owned()),
                    ("Compressed", value) => self.gzip = value == "True",
                    ("Protected", "True") => self.has_protected = true,
                    _ => {}
                }
            }
        }
        if matches!(tag, Tag::Key | Tag::Value) || is_shared {
            self.text = Some(Text::new(String::with_capacity(room)));
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = &mut self.text {
            open.push_str(text);
        }
    }

    fn end(&mut self) {
        let Some(tag) = self.open.pop() else { return };
        match (tag, self.open.last()) {
            (Tag::Key, _) => {
                self.key = self.text.take().map_or_else(String::new, |t| t.to_string())
            }
            (Tag::Value, _) => self.value = self.text.take().unwrap_or_default(),
            (Tag::Field, Some(Tag::Entry)) => {
                let value = std::mem::take(&mut self.value);
                match self.key.as_str() {
                    "Title" => self.entry.title = value.to_string(),
                    "UserName" | "URL" => {}
                    _ if value.is_empty() => {}
                    _ => self.entry.texts.push(value),
                }
            }
            (Tag::Binary, Some(Tag::Entry)) => {
                let base64 = std::mem::take(&mut self.value);
                let attachment = match self.reference.take() {
                    Some(reference) => Attachment::Shared(reference),
                    None => Attachment::Own(Encoded { base64, gzip: self.gzip }),
                };
                self.entry.attachments.push((std::mem::take(&mut self.key), attachment));
            }
            (Tag::Binary, Some(Tag::SharedList)) => {
                let base64 = self.text.take().unwrap_or_default();
                let name = self.reference.take().unwrap_or_default();
                self.shared.insert(name, Encoded { base64, gzip: self.gzip });
            }
            (Tag::Entry, _) => self.entries.push(std::mem::take(&mut self.entry)),
            _ => {}
        }
    }

    /// An attachment's bytes. What they cost is taken from `budget`, which is nothing afterwards if it is
    /// not enough.
    fn contents(&self, attachment: &Attachment, budget: &mut usize) -> Result<Bytes, Refusal> {
        let broken = || damaged("has a damaged attachment");
        let encoded = match attachment {
            Attachment::Own(encoded) => encoded,
            Attachment::Shared(name) => self.shared.get(name).ok_or_else(broken)?,
        };
        spend(budget, encoded.base64.len())?;
        let base64 = encoded.base64.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let base64: Bytes = Zeroizing::new(base64.collect());
        let mut bytes = Bytes::new(Vec::with_capacity(base64.len()));
        BASE64_STANDARD.decode_vec(&*base64, &mut bytes).map_err(|_malformed| broken())?;
        if encoded.gzip {
            let most = u64::try_from(*budget).unwrap_or(u64::MAX).saturating_add(1);
            let mut plain = Bytes::default();
            let unpacked = GzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut plain);
            spend(budget, plain.len())?;
            unpacked.map_err(|_damaged| broken())?;
            bytes = plain;
        }
        Ok(bytes)
    }
}

fn spend(budget: &mut usize, bytes: usize) -> Result<(), Refusal> {
    let left = budget.checked_sub(bytes);
    *budget = left.unwrap_or(0);
    left.map(drop).ok_or_else(|| {
        damaged(&format!(
            "has more than {MAX_ATTACHED} bytes of attachments, and the rest is passed over"
        ))
    })
}
