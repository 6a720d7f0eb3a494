//! Symmetric keys, which are nothing but bytes: alone, in hexadecimal, or in base64.

use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::Engine as _;
use keyreeve_crypto::{AdoptError, Algorithm, SecretBytes};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, SymmetricKey};
use super::wireguard;

/// Text of a key is short: more lines than a wrapped one has, or than a list has, are prose.
const MAX_LINES: usize = 1_000;
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Bytes that are as long as some algorithm's keys.
pub(super) fn read_raw(bytes: &[u8]) -> Option<Item> {
    (!algorithms(bytes.len(), None).is_empty())
        .then(|| item(Form::Raw, SecretBytes::new(bytes.to_vec()), None))
}

/// A key on every line, or one key over all lines.
pub(super) fn read_text(text: &str) -> Vec<Item> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Vec::new();
    }
    let each: Option<Vec<_>> = lines.iter().map(|line| read_line(line)).collect();
    each.or_else(|| {
        let len = lines.iter().map(|line| line.len()).sum();
        let mut joined = Zeroizing::new(String::with_capacity(len));
        lines.iter().for_each(|line| joined.push_str(line));
        read_line(&joined).map(|item| vec![item])
    })
    .unwrap_or_default()
}

fn read_line(line: &str) -> Option<Item> {
    let (form, bytes) = match hex(line) {
        Some(bytes) => (Form::Hex, bytes),
        None => (Form::Base64, base64(line)?),
    };
    if algorithms(bytes.len(), None).is_empty() {
        return None;
    }
    let pair = if form == Form::Base64 { wireguard::pair(&bytes) } else { None };
    let mut item = item(form, bytes.into(), None);
    if let Found::Symmetric(key) = &mut item.found {
        key.pair = pair;
    }
    Some(item)
}

fn hex(line: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = line.strip_prefix("0x").unwrap_or(line);
    hex::decode(digits).ok().map(Zeroizing::new)
}

fn base64(line: &str) -> Option<Zeroizing<Vec<u8>>> {
    let standard = GeneralPurpose::new(&STANDARD, LENIENT).decode(line);
    let found = standard.or_else(|_| GeneralPurpose::new(&URL_SAFE, LENIENT).decode(line));
    found.ok().map(Zeroizing::new)
}

/// An item of a symmetric key; `hint` is what the file says of its algorithm.
pub(super) fn item(form: Form, material: SecretBytes, hint: Option<Algorithm>) -> Item {
    let algorithms = algorithms(material.len(), hint);
    if algorithms.is_empty() {
        let what = format!("a symmetric key of {} bytes", material.len());
        return Item::refused(form, AdoptError::Unsupported(what));
    }
    Item::new(form, Found::Symmetric(SymmetricKey { material, algorithms, pair: None }))
}

/// The algorithms whose keys have `len` bytes, the hinted one first.
fn algorithms(len: usize, hint: Option<Algorithm>) -> Vec<Algorithm> {
    let mut fit: Vec<_> =
        Algorithm::ALL.iter().copied().filter(|known| known.symmetric_len() == Some(len)).collect();
    fit.sort_by_key(|known| Some(*known) != hint);
    fit
}
