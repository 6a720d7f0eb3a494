//! The Merkle tree of RFC 9162 section 2.1 (as in RFC 6962) with SHA-256.

use keyreeve_crypto::{Sha256, sha256, sha256_parts};

/// The hash of a leaf: SHA-256(0x00 ‖ entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Sha256 {
    sha256_parts(&[&[0], entry])
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub(super) fn node_hash(left: &Sha256, right: &Sha256) -> Sha256 {
    sha256_parts(&[&[1], left, right])
}

/// The right edge of a growing tree: the roots of its perfect subtrees, largest first. It is all
/// that is needed to append and to know the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Sha256>,
}

/// Stored bytes that are no frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit tree's stored edge does not fit its size")]
pub struct FrontierError;

impl Frontier {
    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Sha256) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// The root; of the empty tree it is SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Sha256 {
        let mut subtrees = self.subtrees.iter().rev();
        let Some(smallest) = subtrees.next() else {
            return sha256(b"");
        };
        subtrees.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// The size (8 bytes, big endian) and the subtree roots, largest first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        self.subtrees.iter().for_each(|subtree| out.extend_from_slice(subtree));
        out
    }

    /// Reads what [`Frontier::encode`] wrote.
    ///
    /// # Errors
    /// When the number of subtrees does not fit the size.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(FrontierError)?;
        let size = u64::from_be_bytes(*size);
        let (subtrees, tail) = rest.as_chunks::<32>();
        if !tail.is_empty() || subtrees.len() != size.count_ones() as usize {
            return Err(FrontierError);
        }
        Ok(Self { size, subtrees: subtrees.to_vec() })
    }
}

/// The root of the tree with these leaf hashes.
#[must_use]
pub fn root_hash(leaves: impl IntoIterator<Item = Sha256>) -> Sha256 {
    let mut frontier = Frontier::default();
    leaves.into_iter().for_each(|leaf| frontier.push(leaf));
    frontier.root()
}
