//! From a record to the words it is found by, and from what a person types to a question.

use keyreeve_domain::KeyRecord;

/// More words than anybody types; what comes after them is ignored.
const MOST_WORDS: usize = 32;
/// Longer than any word that anybody types, in characters; what comes after is ignored.
const LONGEST_WORD: usize = 200;

/// Everything a key is found by, one part a line.
pub(crate) fn words(record: &KeyRecord) -> String {
    let mut words = String::with_capacity(256);
    let mut add = |part: &str| {
        words.push_str(part);
        words.push('\n');
    };
    add(record.name.as_str());
    record.tags.iter().for_each(|tag| add(tag.as_str()));
    add(record.owner.as_str());
    add(record.note.as_str());
    record.where_used.iter().for_each(|place| add(place.value()));
    for field in &record.fields {
        add(field.name());
        add(field.value());
    }
    for version in &record.versions {
        version.fingerprints.values().for_each(|fingerprint| add(fingerprint));
        version.kcv.iter().for_each(|kcv| add(kcv));
    }
    words
}

/// What a person typed as an FTS5 expression: each word quoted, and so only text, and a prefix.
/// `None` when there are no words.
///
/// A word with signs inside it (`dev/web-1`) asks for its parts side by side; one of signs alone
/// asks for nothing, unless it stands alone.
pub(crate) fn expression(typed: &str) -> Option<String> {
    let mut expression = String::new();
    for word in words_of(typed) {
        if !expression.is_empty() {
            expression.push(' ');
        }
        expression.push('"');
        // A quote could end the string, and so is doubled.
        expression.push_str(&word.replace('"', "\"\""));
        expression.push_str("\" *");
    }
    (!expression.is_empty()).then_some(expression)
}

/// The one word typed, if it could be the beginning of an identifier.
pub(crate) fn identifier_prefix(typed: &str) -> Option<String> {
    // Fewer digits would find keys by chance.
    const FEWEST_DIGITS: usize = 4;
    let mut words = words_of(typed);
    let word = words.next().filter(|word| word.len() >= FEWEST_DIGITS)?;
    words.next().is_none().then_some(word)
}

/// The words typed. FTS5 reads its question up to the first NUL, so control characters part words.
fn words_of(typed: &str) -> impl Iterator<Item = String> {
    typed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(|word| word.chars().take(LONGEST_WORD).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_quoted_prefixes() {
        assert_eq!(expression("dev/web-1 prod").as_deref(), Some(r#""dev/web-1" * "prod" *"#));
        assert_eq!(expression(r#"a"b OR NOT"#).as_deref(), Some(r#""a""b" * "OR" * "NOT" *"#));
        assert_eq!(expression("a\0b").as_deref(), Some(r#""a" * "b" *"#));
        assert_eq!(expression(" \t\u{0}\n "), None);
    }

    #[test]
    fn huge_questions_are_cut() {
        let expression = expression(&"x".repeat(1 << 20)).unwrap();
        assert_eq!(expression.len(), LONGEST_WORD + 4);
        let many = super::expression(&"x ".repeat(1 << 16)).unwrap();
        assert_eq!(many.matches('x').count(), MOST_WORDS);
    }
}
