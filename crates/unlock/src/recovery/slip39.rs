//! SLIP-39: shares of a secret as words (<https://github.com/satoshilabs/slips/blob/master/slip-0039.md>).

use std::sync::LazyLock;

use keyreeve_crypto::SecretString;
use zeroize::{Zeroize as _, Zeroizing};

use super::shamir::{self, Point};

/// The official list: 1,024 words that differ in their first four letters.
static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words.txt").lines().collect());

const BITS: u32 = 10;
const CHECKSUM_WORDS: usize = 3;
const MIN_WORDS: usize = 20;
/// No secret is longer than 64 bytes, so that a paste of the wrong thing is refused at once.
const MAX_WORDS: usize = 59;
const ROUNDS: u8 = 4;
const ITERATIONS: u32 = 10_000;

/// One share.
#[derive(Clone)]
pub struct Share {
    /// The identifier of its set.
    pub set: u16,
    extendable: bool,
    exponent: u8,
    group: u8,
    groups_needed: u8,
    groups: u8,
    /// Its number within the set, from 0.
    pub member: u8,
    /// How many are needed.
    pub threshold: u8,
    value: Zeroizing<Vec<u8>>,
}

/// Why a text is no share.
#[derive(Debug, PartialEq, Eq)]
pub enum BadShare {
    /// So many words.
    Length(usize),
    /// The word at this place, from 1, is not on the list.
    Word(usize),
    /// A word is another one than was written down, or two are exchanged.
    Checksum,
    /// It cannot be, though its checksum is right.
    Impossible,
}

/// Why shares do not yield a secret.
#[derive(Debug, PartialEq, Eq)]
pub enum Uncombinable {
    /// The share at this place, from 1, is of another set than the first.
    Mixed(usize),
    /// The share at this place, from 1, is there twice.
    Duplicate(usize),
    /// This many are needed.
    TooFew(u8),
    /// They do not fit each other.
    Inconsistent,
}

impl Share {
    /// Reads a share's words, in any case; the first four letters of a word suffice.
    pub fn parse(text: &str) -> Result<Self, BadShare> {
        let count = text.split_whitespace().count();
        if !(MIN_WORDS..=MAX_WORDS).contains(&count) {
            return Err(BadShare::Length(count));
        }
        let mut indices = Zeroizing::new(Vec::with_capacity(count));
        for (at, word) in text.split_whitespace().enumerate() {
            indices.push(index_of(word).ok_or(BadShare::Word(at + 1))?);
        }
        Self::from_indices(&indices)
    }

    fn from_indices(indices: &[u16]) -> Result<Self, BadShare> {
        let (head, rest) = indices.split_at(4);
        let head = head.iter().fold(0_u64, |bits, word| bits << BITS | u64::from(*word));
        let field = |shift: u32, bits: u32| (head >> shift) as u8 & ((1_u16 << bits) - 1) as u8;
        let set = (head >> 25) as u16;
        let extendable = field(24, 1) == 1;
        if checksum(indices, extendable) != 1 {
            return Err(BadShare::Checksum);
        }
        let words = &rest[..rest.len() - CHECKSUM_WORDS];
        let share = Self {
            set,
            extendable,
            exponent: field(20, 4),
            group: field(16, 4),
            groups_needed: field(12, 4) + 1,
            groups: field(8, 4) + 1,
            member: field(4, 4),
            threshold: field(0, 4) + 1,
            value: bytes_of(words).ok_or(BadShare::Impossible)?,
        };
        let possible = share.groups_needed <= share.groups;
        if possible { Ok(share) } else { Err(BadShare::Impossible) }
    }

    /// Its words.
    pub fn text(&self) -> SecretString {
        let mut head = u64::from(self.set) << 25 | u64::from(self.extendable) << 24;
        for (value, shift) in [
            (self.exponent, 20),
            (self.group, 16),
            (self.groups_needed - 1, 12),
            (self.groups - 1, 8),
            (self.member, 4),
            (self.threshold - 1, 0),
        ] {
            head |= u64::from(value) << shift;
        }
        let mut indices = Zeroizing::new(Vec::with_capacity(MAX_WORDS));
        indices.extend((0..4).map(|word| (head >> (30 - 10 * word)) as u16 & 1023));
        put_words(&self.value, &mut indices);
        indices.extend([0; CHECKSUM_WORDS]);
        let sum = checksum(&indices, self.extendable) ^ 1;
        let len = indices.len();
        for (at, word) in indices[len - CHECKSUM_WORDS..].iter_mut().enumerate() {
            *word = (sum >> (20 - 10 * at)) as u16 & 1023;
        }
        let words = || indices.iter().map(|index| WORDS[usize::from(*index)]);
        // One buffer of its final size: nothing is left behind by growing.
        let mut text = String::with_capacity(words().map(|word| word.len() + 1).sum());
        for word in words() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        SecretString::new(text)
    }
}

/// Splits a secret of 32 bytes into shares of the set `set`; `None` where randomness fails.
pub fn split(secret: &[u8; 32], shares: u8, threshold: u8, set: u16) -> Option<Vec<Share>> {
    let (extendable, exponent) = (true, 0);
    let sealed = cipher(secret, b"", exponent, &salt(set, extendable), false)?;
    let points = shamir::split(&sealed, shares, threshold)?;
    let share = |(member, value)| Share {
        set,
        extendable,
        exponent,
        group: 0,
        groups_needed: 1,
        groups: 1,
        member,
        threshold,
        value,
    };
    Some(points.into_iter().map(share).collect())
}

/// The secret behind shares, in any order. More than are needed are all checked.
pub fn combine(shares: &[Share], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Uncombinable> {
    let Some(first) = shares.first() else { return Err(Uncombinable::TooFew(1)) };
    let of_set = |share: &Share| {
        (share.set, share.extendable, share.exponent, share.groups_needed, share.groups)
    };
    for (at, share) in shares.iter().enumerate() {
        if of_set(share) != of_set(first) {
            return Err(Uncombinable::Mixed(at + 1));
        }
        let same = |other: &&Share| (other.group, other.member) == (share.group, share.member);
        if let Some(other) = shares[..at].iter().find(same) {
            return Err(if *other.value == *share.value {
                Uncombinable::Duplicate(at + 1)
            } else {
                Uncombinable::Mixed(at + 1)
            });
        }
        if share.value.len() != first.value.len() {
            return Err(Uncombinable::Mixed(at + 1));
        }
    }
    let mut groups: Vec<u8> = shares.iter().map(|share| share.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut points = Vec::new();
    for group in &groups {
        let members: Vec<_> = shares.iter().filter(|share| share.group == *group).collect();
        points.push((*group, of_group(&members)?));
    }
    let needed = first.groups_needed;
    let sealed = secret_of(&points, needed)?;
    let salt = salt(first.set, first.extendable);
    cipher(&sealed, passphrase, first.exponent, &salt, true).ok_or(Uncombinable::Inconsistent)
}

fn of_group(members: &[&Share]) -> Result<Zeroizing<Vec<u8>>, Uncombinable> {
    let Some(first) = members.first() else { return Err(Uncombinable::TooFew(1)) };
    if let Some(at) = members.iter().position(|share| share.threshold != first.threshold) {
        return Err(Uncombinable::Mixed(at + 1));
    }
    let points: Vec<_> = members.iter().map(|share| (share.member, share.value.clone())).collect();
    secret_of(&points, first.threshold)
}

/// Every window of as many points as are needed must give one secret; where they are too few there is none.
fn secret_of(points: &[Point], needed: u8) -> Result<Zeroizing<Vec<u8>>, Uncombinable> {
    if needed == 1 {
        let mut values = points.iter().map(|(_, value)| value.clone());
        let first = values.next().ok_or(Uncombinable::TooFew(1))?;
        return if values.all(|other| other == first) {
            Ok(first)
        } else {
            Err(Uncombinable::Inconsistent)
        };
    }
    let mut found: Option<Zeroizing<Vec<u8>>> = None;
    for window in points.windows(usize::from(needed)) {
        let secret = shamir::recover(window).ok_or(Uncombinable::Inconsistent)?;
        if found.as_ref().is_some_and(|found| **found != *secret) {
            return Err(Uncombinable::Inconsistent);
        }
        found = Some(secret);
    }
    found.ok_or(Uncombinable::TooFew(needed))
}

fn index_of(word: &str) -> Option<u16> {
    let mut lower = Zeroizing::new([0_u8; 16]);
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let found = WORDS.iter().position(|known| {
        let known = known.as_bytes();
        known == lower || (lower.len() == 4 && known.starts_with(lower))
    });
    found.and_then(|at| u16::try_from(at).ok())
}

/// The share's value in its words: zeros in front fill up the first.
fn bytes_of(words: &[u16]) -> Option<Zeroizing<Vec<u8>>> {
    let bits = words.len() * BITS as usize;
    let padding = bits % 16;
    let mut bytes = Zeroizing::new(Vec::with_capacity(bits / 8));
    let (mut held, mut value) = (0_u32, 0_u32);
    let mut skip = padding;
    for word in words {
        for bit in (0..BITS).rev() {
            let one = u32::from(word >> bit & 1);
            if skip > 0 {
                skip -= 1;
                if one == 1 {
                    return None;
                }
                continue;
            }
            value = value << 1 | one;
            held += 1;
            if held == 8 {
                bytes.push(value as u8);
                (held, value) = (0, 0);
            }
        }
    }
    (padding <= 8 && bytes.len() >= 16).then_some(bytes)
}

fn put_words(bytes: &[u8], words: &mut Vec<u16>) {
    let bits = bytes.len() * 8;
    let padding = (BITS as usize - bits % BITS as usize) % BITS as usize;
    let (mut held, mut value) = (padding as u32, 0_u32);
    for byte in bytes {
        for bit in (0..8).rev() {
            value = value << 1 | u32::from(byte >> bit & 1);
            held += 1;
            if held == BITS {
                words.push(value as u16);
                (held, value) = (0, 0);
            }
        }
    }
}

/// RS1024: 1 where a share is as it was written.
fn checksum(indices: &[u16], extendable: bool) -> u32 {
    const GENERATOR: [u32; 10] = [
        0x00E0_E040,
        0x01C1_C080,
        0x0383_8100,
        0x0707_0200,
        0x0E0E_0009,
        0x1C0C_2412,
        0x3808_6C24,
        0x3090_FC48,
        0x21B1_F890,
        0x03F3_F120,
    ];
    let custom: &[u8] = if extendable { b"shamir_extendable" } else { b"shamir" };
    let values = custom.iter().map(|byte| u32::from(*byte));
    values.chain(indices.iter().map(|index| u32::from(*index))).fold(1, |sum, value| {
        let high = sum >> 20;
        let sum = (sum & 0xF_FFFF) << 10 ^ value;
        GENERATOR.iter().enumerate().fold(sum, |sum, (at, generator)| {
            if high >> at & 1 == 1 { sum ^ generator } else { sum }
        })
    })
}

fn salt(set: u16, extendable: bool) -> Vec<u8> {
    if extendable { Vec::new() } else { [b"shamir", &set.to_be_bytes()[..]].concat() }
}

/// SLIP-39's Feistel network over PBKDF2, which mixes a passphrase into the secret; ours is empty.
fn cipher(
    secret: &[u8],
    passphrase: &[u8],
    exponent: u8,
    salt: &[u8],
    backwards: bool,
) -> Option<Zeroizing<Vec<u8>>> {
    if !secret.len().is_multiple_of(2) {
        return None;
    }
    let (left, right) = secret.split_at(secret.len() / 2);
    let (mut left, mut right) = (Zeroizing::new(left.to_vec()), Zeroizing::new(right.to_vec()));
    for step in 0..ROUNDS {
        let round = if backwards { ROUNDS - 1 - step } else { step };
        let password = Zeroizing::new([&[round][..], passphrase].concat());
        let salted = Zeroizing::new([salt, right.as_slice()].concat());
        let mut mask = Zeroizing::new(vec![0; left.len()]);
        let rounds = (ITERATIONS << exponent) / u32::from(ROUNDS);
        pbkdf2::pbkdf2_hmac::<sha2::Sha256>(&password, &salted, rounds, &mut mask);
        for (bit, mask) in left.iter_mut().zip(mask.iter()) {
            *bit ^= mask;
        }
        std::mem::swap(&mut left, &mut right);
    }
    let mut whole = Zeroizing::new(Vec::with_capacity(secret.len()));
    whole.extend_from_slice(&right);
    whole.extend_from_slice(&left);
    left.zeroize();
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The official vectors, as SLIP-39 links them: shares, and the secret in hex under the passphrase `TREZOR`, or
    /// nothing where the shares must be refused.
    #[test]
    fn the_official_vectors_hold() {
        let vectors: Vec<(String, Vec<String>, String)> =
            serde_json::from_str(include_str!("../../tests/vectors/slip39.json")).unwrap();
        assert_eq!(vectors.len(), 45);
        let mut good = 0;
        for (what, texts, secret) in vectors {
            let shares: Result<Vec<_>, _> = texts.iter().map(|text| Share::parse(text)).collect();
            for (share, text) in shares.iter().flatten().zip(&texts) {
                assert_eq!(share.text().expose(), text, "{what}");
            }
            let found = shares.ok().and_then(|shares| combine(&shares, b"TREZOR").ok());
            assert_eq!(
                found.map(|found| hex::encode(&*found)).unwrap_or_default(),
                secret,
                "{what}"
            );
            good += usize::from(!secret.is_empty());
        }
        assert_eq!(good, 15);
    }

    /// What is wrong with some of the official vectors, and with which share.
    #[test]
    fn what_does_not_fit_is_named() {
        let vectors: Vec<(String, Vec<String>, String)> =
            serde_json::from_str(include_str!("../../tests/vectors/slip39.json")).unwrap();
        let why = |number: &str| {
            let (_, texts, _) = vectors.iter().find(|(what, ..)| what.starts_with(number)).unwrap();
            let shares: Vec<_> = texts.iter().map(|text| Share::parse(text).unwrap()).collect();
            combine(&shares, b"TREZOR").unwrap_err()
        };
        assert_eq!(why("11. "), Uncombinable::Mixed(2), "another share with its number");
        assert_eq!(why("12. "), Uncombinable::Mixed(2), "another threshold in its group");
        assert_eq!(why("14. "), Uncombinable::TooFew(2), "one group of two");
        let impossible = |number: &str| {
            let (_, texts, _) = vectors.iter().find(|(what, ..)| what.starts_with(number)).unwrap();
            Share::parse(&texts[0]).err() == Some(BadShare::Impossible)
        };
        assert!(impossible("3. ") && impossible("40. "), "padding that is none, or too much of it");
        let mut of_two_lengths = split(&[1; 32], 2, 2, 1).unwrap();
        of_two_lengths[1].value.truncate(16);
        assert_eq!(combine(&of_two_lengths, b"").unwrap_err(), Uncombinable::Mixed(2));
    }

    #[test]
    fn shares_of_which_one_suffices_must_be_alike() {
        let mut one = split(&[1; 32], 2, 2, 1).unwrap()[0].clone();
        one.threshold = 1;
        let mut other = Share { member: one.member + 1, ..one.clone() };
        let alone = combine(std::slice::from_ref(&one), b"").unwrap();
        assert_eq!(*combine(&[one.clone(), other.clone()], b"").unwrap(), *alone);
        other.value[0] ^= 1;
        assert_eq!(combine(&[one, other], b"").err(), Some(Uncombinable::Inconsistent));
    }

    #[test]
    fn words_come_back_in_any_case_and_cut_to_four_letters() {
        let secret = [0xA5; 32];
        let shares = split(&secret, 3, 2, 12_345).unwrap();
        for (at, share) in shares.iter().enumerate() {
            let text = share.text();
            let text = text.expose();
            assert_eq!(text.split(' ').count(), 33);
            let cut: Vec<_> = text.split(' ').map(|word| word[..4].to_uppercase()).collect();
            let again = Share::parse(&cut.join("\n ")).unwrap();
            assert_eq!((again.set, usize::from(again.member), again.threshold), (12_345, at, 2));
            assert_eq!(*again.value, *share.value);
        }
        assert_eq!(*combine(&[shares[2].clone(), shares[0].clone()], b"").unwrap(), secret);
        assert_eq!(*combine(&shares, b"").unwrap(), secret);
    }

    #[test]
    fn slips_and_wrong_sets_are_told_apart() {
        let shares = split(&[1; 32], 3, 2, 1).unwrap();
        let others = split(&[1; 32], 3, 2, 2).unwrap();
        let text = shares[0].text();
        let words: Vec<_> = text.expose().split(' ').collect();
        let why = |words: &[&str]| Share::parse(&words.join(" ")).err();
        assert_eq!(why(&words[1..]), Some(BadShare::Checksum));
        assert_eq!(why(&words[..19]), Some(BadShare::Length(19)));
        assert_eq!(
            why(&[&words[..6], &["telepathy"], &words[7..]].concat()),
            Some(BadShare::Word(7))
        );
        let mut exchanged = words.clone();
        exchanged.swap(8, 9);
        assert!(words[8] == words[9] || why(&exchanged) == Some(BadShare::Checksum));
        assert_eq!(Share::parse(&"ä".repeat(40_000)).err(), Some(BadShare::Length(1)));

        let of = |shares: &[&Share]| {
            combine(&shares.iter().map(|share| (*share).clone()).collect::<Vec<_>>(), b"").err()
        };
        assert_eq!(of(&[&shares[0]]), Some(Uncombinable::TooFew(2)));
        assert_eq!(of(&[&shares[0], &others[1]]), Some(Uncombinable::Mixed(2)));
        assert_eq!(of(&[&shares[0], &shares[1], &shares[0]]), Some(Uncombinable::Duplicate(3)));
        let again = split(&[9; 32], 3, 2, 1).unwrap();
        assert_eq!(of(&[&shares[0], &again[1]]), Some(Uncombinable::Inconsistent));
        assert_eq!(of(&[]), Some(Uncombinable::TooFew(1)));
    }
}
