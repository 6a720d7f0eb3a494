//! Which kinds of key a PIV card can make.

use keyreeve_domain::ports::{CardError, CardKeyKind};

use super::number;
use crate::card::fields::{field, fields};
use crate::card::link::Talk;

const YUBICO_GET_VERSION: u8 = 0xFD;

/// The kinds that every card is asked for: those of SP 800-78-4.
const USUAL: [CardKeyKind; 3] = [CardKeyKind::P256, CardKeyKind::P384, CardKeyKind::Rsa2048];

/// The kinds of key that a card can make. `template` is what it said when its application was selected.
pub fn kinds(talk: &Talk<'_>, template: &[u8]) -> Result<Vec<CardKeyKind>, CardError> {
    let listed = listed(template);
    if !listed.is_empty() {
        return Ok(listed);
    }
    // A YubiKey lists none, and is told by its version.
    let answer = talk.ask(YUBICO_GET_VERSION, 0, 0, &[])?;
    let version = <[u8; 3]>::try_from(answer.data.as_slice()).ok().filter(|_| answer.is_ok());
    Ok(by_version(version))
}

/// What the card lists itself: the algorithms in tag AC of its application property template (SP 800-73-4,
/// part 2, table 5).
fn listed(template: &[u8]) -> Vec<CardKeyKind> {
    let algorithms = field(template, 0x61).and_then(|template| field(template, 0xAC));
    let numbers = || fields(algorithms.unwrap_or_default()).filter(|(tag, _)| *tag == 0x80);
    let is_listed = |kind: &CardKeyKind| {
        number(*kind).is_some_and(|number| numbers().any(|(_, listed)| listed == [number]))
    };
    CardKeyKind::ALL.into_iter().filter(is_listed).collect()
}

/// What YubiKeys of a version make: RSA-3072 and RSA-4096 from 5.7 on, and no RSA from 4.2.6 to 4.3.4, whose
/// chip made RSA keys that can be computed (Yubico's advisory YSA-2017-01; CVE-2017-15361).
fn by_version(version: Option<[u8; 3]>) -> Vec<CardKeyKind> {
    let mut kinds = USUAL.to_vec();
    match version {
        Some(version) if version >= [5, 7, 0] => {
            kinds.extend([CardKeyKind::Rsa3072, CardKeyKind::Rsa4096]);
        }
        Some(version) if is_flawed(version) => kinds.retain(|kind| !kind.is_rsa()),
        _ => {}
    }
    kinds
}

/// Whether a YubiKey of this version makes RSA keys that can be computed.
pub fn is_flawed(version: [u8; 3]) -> bool {
    ([4, 2, 6]..[4, 3, 5]).contains(&version)
}

#[cfg(test)]
mod tests {
    use CardKeyKind::{P256, P384, Rsa2048, Rsa3072, Rsa4096};

    use super::*;

    #[test]
    fn what_a_card_lists_counts() {
        // As a Nitrokey 3 answers, with a URL in a tag of two bytes between label and algorithms.
        let template = "61 27 4F 06 000010000100 50 03 4E4B33 5F50 03 612F62 \
                        AC 12 80 01 03 80 01 11 80 01 07 80 01 14 80 01 16 06 01 00";
        let template = hex::decode(template.replace([' ', '\n'], "")).unwrap();
        assert_eq!(listed(&template), [P256, P384, Rsa2048, Rsa4096]);
        for len in 0..template.len() {
            assert_eq!(listed(&template[..len]), []);
        }
        // As a YubiKey answers.
        let bare = hex::decode("61114F0600001000010079074F05A000000308").unwrap();
        assert_eq!(listed(&bare), []);
    }

    #[test]
    fn yubikeys_make_what_their_version_can_and_no_rsa_that_is_flawed() {
        for version in [None, Some([4, 2, 5]), Some([4, 3, 5]), Some([5, 6, 9])] {
            assert_eq!(by_version(version), [P256, P384, Rsa2048], "{version:?}");
        }
        for version in [[5, 7, 0], [5, 7, 4], [6, 0, 0]] {
            assert_eq!(by_version(Some(version)), [P256, P384, Rsa2048, Rsa3072, Rsa4096]);
        }
        for version in [[4, 2, 6], [4, 3, 1], [4, 3, 4]] {
            assert_eq!(by_version(Some(version)), [P256, P384]);
        }
    }
}
