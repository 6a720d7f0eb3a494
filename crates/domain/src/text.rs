//! Text that people type: names, tags, notes, owners, where-used entries, custom fields.
//!
//! Parsed once into newtypes: normalised to NFC, bounded, and free of characters that could lie
//! about what is shown (controls, line separators, bidirectional overrides). Right-to-left text
//! and emoji are fine.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing, or only white space.
    #[error("the {what} is empty")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// Longer than its bound.
    #[error("the {what} has {len} characters; at most {max} are kept")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length in Unicode scalar values.
        len: usize,
        /// The bound.
        max: usize,
    },
    /// A character that must not be shown as text.
    #[error("the {what} has the character U+{code:04X}, which could hide or reorder text")]
    Forbidden {
        /// Which text.
        what: &'static str,
        /// The character's code point.
        code: u32,
    },
    /// Too many entries.
    #[error("there are {len} {what}; at most {max} are kept")]
    TooMany {
        /// Which entries.
        what: &'static str,
        /// How many.
        len: usize,
        /// The bound.
        max: usize,
    },
}

/// Whether `c` could hide or reorder what a person sees.
#[must_use]
pub fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

fn one_line(text: &str, what: &'static str, max: usize) -> Result<String, TextError> {
    checked(text, what, max, |_| false)
}

fn checked(
    text: &str,
    what: &'static str,
    max: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<String, TextError> {
    // Bounded before normalising, so that a huge text costs nothing.
    let len = text.chars().count();
    if len > max {
        return Err(TextError::TooLong { what, len, max });
    }
    if let Some(bad) = text.chars().find(|c| deceives(*c) && !allowed(*c)) {
        return Err(TextError::Forbidden { what, code: bad.into() });
    }
    let normal: String = text.trim().nfc().collect();
    let len = normal.chars().count();
    if len > max {
        return Err(TextError::TooLong { what, len, max });
    }
    Ok(normal)
}

fn not_empty(text: String, what: &'static str) -> Result<String, TextError> {
    if text.is_empty() { Err(TextError::Empty { what }) } else { Ok(text) }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses what a person typed.
            ///
            /// # Errors
            /// When it is empty where it must not be, too long, or has a deceiving character.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                parse(text).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(
    /// A key's name: one line of 1 to 200 characters.
    KeyName,
    |text| not_empty(one_line(text, "name", 200)?, "name")
);
text!(
    /// A tag: one line of 1 to 64 characters.
    Tag,
    |text| not_empty(one_line(text, "tag", 64)?, "tag")
);
text!(
    /// Who answers for a key: one line of up to 200 characters, possibly empty.
    #[derive(Default)]
    Owner,
    |text| one_line(text, "owner", 200)
);
text!(
    /// A note of up to 20,000 characters in any number of lines.
    #[derive(Default)]
    Note,
    |text| checked(text, "note", 20_000, |c| c == '\n' || c == '\t')
);

impl KeyName {
    /// The form in which names are compared: no two keys of a vault share it.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase().nfkc().collect()
    }
}

/// What kind of place a key is used in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhereUsedKind {
    /// A computer.
    Host,
    /// A program or service.
    Application,
    /// A file or folder.
    Path,
    /// A web address.
    Url,
}

impl WhereUsedKind {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Application => "application",
            Self::Path => "path",
            Self::Url => "url",
        }
    }
}

/// A place where a key is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WhereUsed {
    /// What kind of place.
    pub kind: WhereUsedKind,
    /// The place: one line of 1 to 1,000 characters.
    value: String,
}

impl WhereUsed {
    /// The most entries a key keeps.
    pub const MAX: usize = 100;

    /// Parses what a person typed.
    ///
    /// # Errors
    /// When the place is empty, too long, or has a deceiving character.
    pub fn parse(kind: WhereUsedKind, value: &str) -> Result<Self, TextError> {
        let what = "place of use";
        Ok(Self { kind, value: not_empty(one_line(value, what, 1_000)?, what)? })
    }

    /// The place.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// A field of the user's own on a key. It is not for secrets: it is readable by auditors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CustomField {
    name: String,
    value: String,
}

impl CustomField {
    /// The most fields a key keeps.
    pub const MAX: usize = 50;

    /// Parses what a person typed: a name of 1 to 64 and a value of up to 2,000 characters.
    ///
    /// # Errors
    /// When the name is empty, or either is too long or has a deceiving character.
    pub fn parse(name: &str, value: &str) -> Result<Self, TextError> {
        let what = "field name";
        Ok(Self {
            name: not_empty(one_line(name, what, 64)?, what)?,
            value: one_line(value, "field value", 2_000)?,
        })
    }

    /// The field's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field's value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_and_right_to_left_names_are_kept() {
        for name in ["🔑 deploy", "مفتاح", "ключ", "dev/web-1"] {
            assert_eq!(KeyName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn equal_looking_names_fold_together() {
        let composed = KeyName::parse("caf\u{e9}").unwrap();
        let decomposed = KeyName::parse("cafe\u{301}").unwrap();
        assert_eq!(composed, decomposed);
        assert_eq!(
            KeyName::parse("Web").unwrap().folded(),
            KeyName::parse("wEB").unwrap().folded()
        );
    }

    #[test]
    fn deceiving_and_huge_names_are_refused() {
        assert_eq!(KeyName::parse(" \u{a0}"), Err(TextError::Empty { what: "name" }));
        assert_eq!(
            KeyName::parse(&"x".repeat(10_000)),
            Err(TextError::TooLong { what: "name", len: 10_000, max: 200 })
        );
        for bad in ["a\u{0}b", "a\nb", "a\u{202E}b", "a\u{1b}[2Jb", "a\u{2066}b", "a\u{7f}"] {
            assert!(matches!(KeyName::parse(bad), Err(TextError::Forbidden { .. })), "{bad:?}");
        }
    }

    #[test]
    fn bounds_are_in_characters_before_and_after_normalising() {
        let of =
            |len: usize| Tag::parse(&"\u{e9}".repeat(len)).map(|tag| tag.as_str().chars().count());
        assert_eq!(of(64), Ok(64));
        assert_eq!(of(65), Err(TextError::TooLong { what: "tag", len: 65, max: 64 }));
        // One sign that normalises to two, which are too many in the end.
        let grows = |len: usize| Tag::parse(&"\u{958}".repeat(len));
        assert_eq!(grows(32).unwrap().as_str().chars().count(), 64);
        assert_eq!(grows(33), Err(TextError::TooLong { what: "tag", len: 66, max: 64 }));
    }

    #[test]
    fn each_kind_of_deceiving_sign_is_one_and_no_other_is() {
        for c in ['\0', '\n', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2069}', '\u{200e}'] {
            assert!(deceives(c), "{c:?}");
        }
        // Joiners make other signs of some scripts and emoji.
        for c in ['a', ' ', '\u{a0}', '\u{200d}', 'م', '🔑'] {
            assert!(!deceives(c), "{c:?}");
        }
    }

    #[test]
    fn names_fold_to_lower_case_and_to_one_form() {
        assert_eq!(KeyName::parse("WEB \u{fb01}").unwrap().folded(), "web fi");
    }

    #[test]
    fn places_and_fields_are_what_was_typed() {
        use WhereUsedKind as K;
        for (kind, name) in
            [(K::Host, "host"), (K::Application, "application"), (K::Path, "path"), (K::Url, "url")]
        {
            assert_eq!(kind.name(), name);
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
            let place = WhereUsed::parse(kind, " db1.example ").unwrap();
            assert_eq!((place.kind, place.value()), (kind, "db1.example"));
            let none = WhereUsed::parse(kind, " ");
            assert_eq!(none, Err(TextError::Empty { what: "place of use" }));
        }
        let field = CustomField::parse("ticket", "OPS-7").unwrap();
        assert_eq!((field.name(), field.value()), ("ticket", "OPS-7"));
        assert_eq!(CustomField::parse("ticket", "").unwrap().value(), "");
        assert_eq!(CustomField::parse("", "x"), Err(TextError::Empty { what: "field name" }));
        let long = CustomField::parse("a", &"x".repeat(2_001));
        assert_eq!(long, Err(TextError::TooLong { what: "field value", len: 2_001, max: 2_000 }));
    }

    #[test]
    fn notes_keep_their_lines() {
        assert_eq!(Note::parse("one\n\ttwo").unwrap().as_str(), "one\n\ttwo");
        assert!(Note::parse("one\u{8}").is_err());
    }
}
