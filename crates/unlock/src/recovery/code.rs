//! A recovery code: 32 bytes in Bech32m (BIP-350), whose checksum finds every slip of up to four
//! characters, in groups of four that people can read aloud.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use keyreeve_crypto::SecretString;
use zeroize::{Zeroize as _, Zeroizing};

/// What a code begins with; it tells a code from shares, which are words.
const PREFIX: &str = "krv";
/// Characters between two dashes.
const GROUP: usize = 4;

/// Whether a text means to be a code.
pub fn is_code(text: &str) -> bool {
    text.trim_start().get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// The code of a secret; `None` never happens.
pub fn encode(secret: &[u8; 32]) -> Option<SecretString> {
    let plain =
        Zeroizing::new(bech32::encode_upper::<Bech32m>(Hrp::parse(PREFIX).ok()?, secret).ok()?);
    let mut text = String::with_capacity(plain.len() + plain.len() / GROUP);
    for (at, c) in plain.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(c);
    }
    Some(SecretString::new(text))
}

/// The secret of a code, in any case, with dashes and spaces anywhere; `None` where there is a slip.
pub fn decode(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(
        text.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(|c| c.to_ascii_lowercase()),
    );
    let checked = CheckedHrpstring::new::<Bech32m>(&plain).ok()?;
    if checked.hrp() != Hrp::parse(PREFIX).ok()? {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(32));
    bytes.extend(checked.byte_iter().take(33));
    let secret = <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new);
    plain.zeroize();
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_pinned_and_comes_back_however_it_is_typed() {
        let secret: [u8; 32] = std::array::from_fn(|at| at as u8);
        let code = encode(&secret).unwrap();
        let code = code.expose();
        assert!(is_code(code) && code.starts_with("KRV1-"), "{code}");
        assert_eq!(code.len(), 62 + 15);
        for typed in
            [code.to_owned(), code.to_lowercase(), code.replace('-', " "), format!(" {code}\n")]
        {
            assert_eq!(*decode(&typed).unwrap(), secret, "{typed}");
        }
    }

    #[test]
    fn every_exchanged_character_is_found() {
        let code = encode(&[0x5A; 32]).unwrap();
        let code = code.expose().replace('-', "");
        for at in 0..code.len() {
            for other in ["Q", "7"] {
                let mut typed = code.clone();
                typed.replace_range(at..=at, other);
                assert!(typed == code || decode(&typed).is_none(), "{typed}");
            }
        }
        for wrong in ["", "KRV1", &code[..40], &format!("{code}Q")] {
            assert!(decode(wrong).is_none(), "{wrong}");
        }
        let foreign = bech32::encode::<Bech32m>(Hrp::parse("age").unwrap(), &[0x5A; 32]).unwrap();
        assert!(decode(&foreign).is_none() && !is_code(&foreign));
    }
}
