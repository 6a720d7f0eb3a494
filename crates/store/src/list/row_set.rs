//! A set of row numbers, one bit each.

use crate::fault::{Fault, damaged};

/// Row numbers are given out one after the other and never freed; a greater one than this would
/// be damage, and must not be believed as a size of memory.
pub(crate) const GREATEST_ROW: i64 = 1 << 28;

/// A set of row numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct RowSet {
    bits: Vec<u64>,
    len: usize,
}

impl RowSet {
    /// Adds a row.
    pub(crate) fn insert(&mut self, row: i64) -> Result<(), Fault> {
        let index = index(row).ok_or_else(|| damaged("a row has an impossible number"))?;
        let (word, bit) = (index / 64, 1u64 << (index % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if self.bits[word] & bit == 0 {
            self.bits[word] |= bit;
            self.len += 1;
        }
        Ok(())
    }

    pub(crate) fn contains(&self, row: i64) -> bool {
        index(row)
            .and_then(|index| Some(self.bits.get(index / 64)? >> (index % 64) & 1 == 1))
            .unwrap_or(false)
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The rows in both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let bits: Vec<u64> = self.bits.iter().zip(&other.bits).map(|(a, b)| a & b).collect();
        let len = bits.iter().map(|word| word.count_ones() as usize).sum();
        Self { bits, len }
    }

    /// The rows, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        self.bits.iter().zip(0i64..).flat_map(|(word, place)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| i64::from(word.trailing_zeros()))?;
                word &= word - 1;
                Some(place * 64 + bit)
            })
        })
    }
}

fn index(row: i64) -> Option<usize> {
    (0..=GREATEST_ROW).contains(&row).then(|| usize::try_from(row).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(rows: &[i64]) -> RowSet {
        let mut set = RowSet::default();
        rows.iter().for_each(|row| set.insert(*row).unwrap());
        set
    }

    #[test]
    fn sets_meet_in_what_both_hold() {
        let a = set(&[0, 1, 63, 64, 65, 1000, 64]);
        let b = set(&[1, 64, 999, 1000, 5000]);
        assert_eq!(a.len(), 6);
        assert_eq!(a.iter().collect::<Vec<_>>(), [0, 1, 63, 64, 65, 1000]);
        assert_eq!(a.and(&b).iter().collect::<Vec<_>>(), [1, 64, 1000]);
        assert_eq!(a.and(&b).len(), 3);
        assert!(a.contains(63) && !a.contains(62) && !a.contains(-1) && !a.contains(i64::MAX));
        assert!(b.contains(1) && !b.contains(2), "nothing of its word is above");
    }

    #[test]
    fn an_impossible_row_takes_no_memory() {
        let mut set = RowSet::default();
        for row in [-1, i64::MIN, GREATEST_ROW + 1, i64::MAX] {
            assert!(set.insert(row).is_err(), "{row}");
        }
        assert_eq!(set, RowSet::default());
    }
}
