//! Finds many patterns in one pass.

use std::collections::HashMap;

/// One form of one secret.
pub struct Pattern {
    pub secret: String,
    pub form: &'static str,
    pub bytes: Vec<u8>,
}

/// How many bytes of a pattern decide whether it is looked at closely.
const HEAD: usize = 4;

/// The patterns, by how they begin.
pub struct Search {
    patterns: Vec<Pattern>,
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
    /// Whether any pattern begins so that it falls here: almost no byte of a memory gets past this.
    maybe: Box<[bool; 1 << 16]>,
}

impl Search {
    pub fn of(patterns: Vec<Pattern>) -> Self {
        let mut by_head: HashMap<[u8; HEAD], Vec<usize>> = HashMap::new();
        let mut maybe = Box::new([false; 1 << 16]);
        for (index, pattern) in patterns.iter().enumerate() {
            let Some(head) = pattern.bytes.first_chunk::<HEAD>() else { continue };
            by_head.entry(*head).or_default().push(index);
            maybe[place(*head)] = true;
        }
        Self { patterns, by_head, maybe }
    }

    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// How often each pattern is in `bytes`; those that are not are left out.
    pub fn count(&self, bytes: &[u8]) -> impl Iterator<Item = (&Pattern, u64)> {
        let mut times = vec![0_u64; self.patterns.len()];
        for (start, head) in bytes.windows(HEAD).enumerate() {
            let &[one, two, three, four] = head else { continue };
            if self.maybe[place([one, two, three, four])] {
                self.look_closely(&bytes[start..], [one, two, three, four], &mut times);
            }
        }
        self.patterns.iter().zip(times).filter(|(_, times)| *times > 0)
    }

    #[cold]
    fn look_closely(&self, bytes: &[u8], head: [u8; HEAD], times: &mut [u64]) {
        for &index in self.by_head.get(&head).into_iter().flatten() {
            if bytes.starts_with(&self.patterns[index].bytes) {
                times[index] += 1;
            }
        }
    }
}

fn place(head: [u8; HEAD]) -> usize {
    let spread = u32::from_le_bytes(head).wrapping_mul(0x9E37_79B1) >> 16;
    spread as usize
}
