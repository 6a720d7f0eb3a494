//! Changes bytes in ways that break parsers: by the bit, by the piece, and by what others begin with.

/// Numbers that look random and can be had again (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The numbers that `seed` leads to.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below 1024, and far more often a small one.
    pub fn small(&mut self) -> usize {
        let bits = self.below(10);
        self.below(1 << bits)
    }

    /// A number below `sides`; 0 of none.
    pub fn below(&mut self, sides: usize) -> usize {
        let sides = sides.max(1) as u64;
        usize::try_from(self.next() % sides).unwrap_or(0)
    }
}

/// No input is longer.
const LONGEST: usize = 256 * 1024;

/// What parsers stumble over.
const TOKENS: &[&[u8]] = &[
    b"0",
    b"-1",
    b"18446744073709551615",
    b"18446744073709551616",
    b"1e999",
    b"null",
    b"[]",
    b"{}",
    b"\"\"",
    b"\\u0000",
    b"\\ud800",
    b"\xFF\xFE",
    b"\0",
    b"\n",
    b"\r\n",
    b" ",
    b"[[[[[[[[",
    b"{\"a\":",
    b"../",
    b"/",
    b"-----BEGIN ",
    b"-----END ",
    b"9999-12-31T23:59:59Z",
    b"-262143-01-01T00:00:00Z",
    b"P999999999999Y",
    "\u{202E}".as_bytes(),
    "é".as_bytes(),
    "🗝".as_bytes(),
    b"\x30\x84\xFF\xFF\xFF\xFF",
    b"\x30\x80",
    b"\x02\x00",
    b"\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
    b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
];

/// One of `seeds`, changed a little or a lot.
pub fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds.get(dice.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=dice.below(6) {
        change(&mut bytes, seeds, dice);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let len = dice.small().min(bytes.len() - at);
    let piece = bytes[at..at + len].to_vec();
    match dice.below(9) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
        2 => drop(bytes.drain(at..at + len)),
        3 => bytes.truncate(at),
        4 => put(bytes, at, 0, &piece.repeat(1 + dice.small())),
        5 => put(bytes, at, len, TOKENS[dice.below(TOKENS.len())]),
        6 => put(bytes, at, 0, TOKENS[dice.below(TOKENS.len())]),
        7 => {
            let to = dice.below(bytes.len() + 1);
            put(bytes, to, 0, &piece);
        }
        _ => {
            let other = seeds.get(dice.below(seeds.len())).map(Vec::as_slice).unwrap_or_default();
            let from = dice.below(other.len() + 1);
            put(bytes, at, len, &other[from..(from + 1 + dice.below(200)).min(other.len())]);
        }
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, len: usize, what: &[u8]) {
    let room = LONGEST.saturating_sub(bytes.len());
    drop(bytes.splice(at..at + len, what.iter().take(room + len).copied()));
}
