//! Passphrases in NFC, without leaving a copy unwiped.

use keyreeve_crypto::SecretString;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};
use zeroize::Zeroizing;

/// No character's canonical decomposition is longer (Unicode's stability policy).
const MAX_EXPANSION: usize = 4;

/// `passphrase` in NFC (Unicode Standard Annex 15).
///
/// The iterators of `unicode-normalization` keep characters in buffers that nobody wipes, so only
/// that crate's tables are used here, over a buffer that never grows and is wiped.
pub fn normalise(passphrase: &SecretString) -> SecretString {
    // EXPOSE: the text to normalise.
    let text = passphrase.expose();
    let mut chars: Zeroizing<Vec<char>> =
        Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(MAX_EXPANSION)));
    for c in text.chars() {
        decompose_canonical(c, |part| chars.push(part));
    }
    put_marks_in_order(&mut chars);
    let composed = compose_in_place(&mut chars);
    let mut normal = String::with_capacity(composed.iter().map(|c| c.len_utf8()).sum());
    normal.extend(composed);
    SecretString::new(normal)
}

/// The canonical ordering algorithm: a stable insertion sort of each run of combining marks.
fn put_marks_in_order(chars: &mut [char]) {
    for end in 1..chars.len() {
        let class = canonical_combining_class(chars[end]);
        if class == 0 {
            continue;
        }
        let mut at = end;
        while at > 0 && canonical_combining_class(chars[at - 1]) > class {
            chars.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The canonical composition algorithm; answers the part of `chars` that holds the result.
fn compose_in_place(chars: &mut [char]) -> &[char] {
    let mut starter: Option<usize> = None;
    let mut kept = 0;
    let mut last_class = 0;
    for at in 0..chars.len() {
        let c = chars[at];
        let class = canonical_combining_class(c);
        if let Some(starter) = starter {
            // A mark is blocked from its starter by another of the same or a higher class.
            let adjacent = kept == starter + 1;
            if (adjacent || last_class < class)
                && let Some(both) = compose(chars[starter], c)
            {
                chars[starter] = both;
                continue;
            }
        }
        if class == 0 {
            starter = Some(kept);
        }
        last_class = class;
        chars[kept] = c;
        kept += 1;
    }
    &chars[..kept]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    fn normal(text: &str) -> String {
        normalise(&SecretString::new(text.to_owned())).expose().to_owned()
    }

    #[test]
    fn composed_and_decomposed_forms_become_one() {
        assert_eq!(normal("cafe\u{301}"), "café");
        assert_eq!(normal("\u{1112}\u{1161}\u{11AB}"), "한");
        assert_eq!(normal("\u{212B}"), "Å");
        assert_eq!(normal("q\u{307}\u{323}"), normal("q\u{323}\u{307}"));
        assert_eq!(normal("🗝️👩‍👩‍👧"), "🗝️👩‍👩‍👧");
        assert_eq!(normal(""), "");
    }

    #[test]
    fn compatibility_characters_stay_themselves() {
        assert_eq!(normal("ﬁ²"), "ﬁ²");
    }

    #[test]
    fn every_character_agrees_with_the_iterators() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert_eq!(normal(&text), text.nfc().collect::<String>(), "{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn any_text_agrees_with_the_iterators(text in "\\PC{0,40}") {
            prop_assert_eq!(normal(&text), text.nfc().collect::<String>());
        }

        /// Characters that compose, reorder and block one another far more often than chance would.
        #[test]
        fn crowded_marks_agree_with_the_iterators(text in
            "[aAeEqoOsSdD한가\u{1100}\u{1161}\u{11A7}\u{11A8}\u{11C2}\u{300}-\u{345}\u{5B0}-\u{5BD}\u{9C7}\u{9BE}\u{DD9}\u{DCA}\u{DCF}\u{DDF}\u{212B}\u{1E0D}\u{2126}]{0,24}") {
            prop_assert_eq!(normal(&text), text.nfc().collect::<String>());
        }
    }
}
