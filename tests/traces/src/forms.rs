//! The forms in which a secret may lie about.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::search::Pattern;

/// Of longer secrets a part of this length does: a program may hold a piece alone.
const WHOLE: usize = 64;

/// All forms of one secret. What a freed block of memory loses is its beginning, so each second half counts by itself.
pub fn of(name: &str, secret: &[u8]) -> Vec<Pattern> {
    let part = if secret.len() > WHOLE { &secret[secret.len() - WHOLE..] } else { secret };
    let mut forms: Vec<(&'static str, Vec<u8>)> = vec![
        ("raw", part.to_vec()),
        ("half", part[part.len() / 2..].to_vec()),
        ("hex", hex::encode(part).into_bytes()),
        ("hex", hex::encode_upper(part).into_bytes()),
        ("base64", whole_groups(&STANDARD_NO_PAD.encode(secret), secret.len())),
        ("base64", whole_groups(&URL_SAFE_NO_PAD.encode(secret), secret.len())),
        ("utf16", utf16(part)),
        ("reversed", part.iter().rev().copied().collect()),
        ("json", json(part)),
    ];
    forms.sort_by(|(_, one), (_, other)| one.cmp(other));
    forms.dedup_by(|(_, one), (_, other)| one == other);
    let pattern = |(form, bytes)| Pattern { secret: name.to_owned(), form, bytes };
    forms.into_iter().map(pattern).collect()
}

/// Base64 without its last group, which depends on what follows the secret.
fn whole_groups(text: &str, len: usize) -> Vec<u8> {
    text.as_bytes()[..len / 3 * 4].to_vec()
}

/// As a web page's engine keeps text: of bytes, one unit for each.
fn utf16(secret: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = match std::str::from_utf8(secret) {
        Ok(text) => text.encode_utf16().collect(),
        Err(_binary) => secret.iter().copied().map(u16::from).collect(),
    };
    units.into_iter().flat_map(u16::to_le_bytes).collect()
}

/// As JSON has it: text with what it escapes, bytes as a list of numbers.
fn json(secret: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(secret).ok().and_then(|text| serde_json::to_string(text).ok());
    if let Some(text) = text {
        return text.trim_matches('"').as_bytes().to_vec();
    }
    let mut numbers = String::new();
    for (index, byte) in secret.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        _ = write!(numbers, "{comma}{byte}");
    }
    numbers.into_bytes()
}
