//! Proofs about the audit tree: that an entry is in it, and that a later tree extends an earlier
//! one (RFC 9162 sections 2.1.3 and 2.1.4; the same as RFC 6962's).

use keyreeve_crypto::{Sha256, sha256};

use super::merkle::{node_hash, root_hash};

/// Why a proof cannot be made, or does not prove what it is said to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The tree has no such leaf.
    #[error("there is no entry {index}: the log has {size} entries")]
    NoSuchLeaf {
        /// The leaf asked for, from 0.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The tree said to be the earlier one is the larger one.
    #[error("a log of {new} entries cannot extend one of {old}")]
    Shrunk {
        /// The earlier size.
        old: u64,
        /// The later size.
        new: u64,
    },
    /// Too many or too few hashes for these sizes.
    #[error("the proof has {found} hashes, which does not fit the log's size")]
    Length {
        /// How many hashes the proof has.
        found: usize,
    },
    /// The hashes lead to another root than the one signed for.
    #[error("the proof does not lead to the log's root: an entry was changed, moved or removed")]
    Root,
    /// The hashes lead to another earlier root.
    #[error("the proof does not lead to the earlier root: the log was rewritten since")]
    OldRoot,
}

/// The hashes that lead from leaf `index` (from 0) to the root of the tree over `leaves`.
///
/// Hashes every leaf once and keeps one hash per level: a million leaves cost no memory beyond
/// their own.
///
/// # Errors
/// [`ProofError::NoSuchLeaf`].
pub fn inclusion_proof(leaves: &[Sha256], index: u64) -> Result<Vec<Sha256>, ProofError> {
    let size = leaves.len() as u64;
    let mut at = usize::try_from(index)
        .ok()
        .filter(|at| *at < leaves.len())
        .ok_or(ProofError::NoSuchLeaf { index, size })?;
    let mut subtree = leaves;
    let mut proof = Vec::new();
    while subtree.len() > 1 {
        let (left, right) = subtree.split_at(left_size(subtree.len()));
        if at < left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            at -= left.len();
            subtree = right;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The hashes that show that the tree over `leaves` extends the tree over its first `old_size`.
///
/// Nothing needs showing for the empty tree or the same tree: the proof is then empty.
///
/// # Errors
/// [`ProofError::Shrunk`].
pub fn consistency_proof(leaves: &[Sha256], old_size: u64) -> Result<Vec<Sha256>, ProofError> {
    let new = leaves.len() as u64;
    let mut rest = usize::try_from(old_size)
        .ok()
        .filter(|old| *old <= leaves.len())
        .ok_or(ProofError::Shrunk { old: old_size, new })?;
    let mut proof = Vec::new();
    if rest == 0 {
        return Ok(proof);
    }
    let mut subtree = leaves;
    // Whether the old tree is still the left edge of `subtree`: its root is then known.
    let mut whole_old_tree = true;
    while rest < subtree.len() {
        let (left, right) = subtree.split_at(left_size(subtree.len()));
        if rest <= left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            rest -= left.len();
            subtree = right;
            whole_old_tree = false;
        }
    }
    if !whole_old_tree {
        proof.push(root(subtree));
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the leaf with hash `leaf` is at `index` (from 0) of the tree with `size` leaves and
/// root `root`.
///
/// # Errors
/// When the proof does not show that.
pub fn verify_inclusion(
    leaf: Sha256,
    index: u64,
    size: u64,
    proof: &[Sha256],
    root: &Sha256,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        hash = match walk.up(proof.len())? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    walk.at_root(proof.len())?;
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree with `new_size` leaves and `new_root` begins with the very leaves of the
/// tree with `old_size` leaves and `old_root`.
///
/// # Errors
/// When the proof does not show that.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Sha256,
    new_size: u64,
    new_root: &Sha256,
    proof: &[Sha256],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk { old: old_size, new: new_size });
    }
    if old_size == 0 || old_size == new_size {
        return verify_same(old_size, old_root, new_root, proof);
    }
    // A perfect old tree is a node of the new one, so that its root starts the proof.
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::Length { found: 0 })?
    };
    let mut walk = Walk { node: old_size - 1, last: new_size - 1 };
    let skipped = walk.node.trailing_ones();
    walk.node >>= skipped;
    walk.last >>= skipped;
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in rest {
        match walk.up(proof.len())? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    walk.at_root(proof.len())?;
    if old_hash != *old_root {
        return Err(ProofError::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks what needs no proof: the same tree, or one that grew out of the empty one.
fn verify_same(
    old_size: u64,
    old_root: &Sha256,
    new_root: &Sha256,
    proof: &[Sha256],
) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Length { found: proof.len() });
    }
    let known = if old_size == 0 { sha256(b"") } else { *new_root };
    if *old_root == known { Ok(()) } else { Err(ProofError::OldRoot) }
}

/// On which side of the path a sibling hangs.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root: its index and the index of the last node on its level.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    /// Goes up to the next level at which the node has a sibling, and past it.
    fn up(&mut self, found: usize) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::Length { found });
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // A last node without a right sibling is its own parent.
            while self.node & 1 == 0 && self.node != 0 {
                self.node >>= 1;
                self.last >>= 1;
            }
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Ok(side)
    }

    fn at_root(&self, found: usize) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::Length { found }) }
    }
}

/// The number of leaves left of the split: the largest power of two smaller than `size`.
fn left_size(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

fn root(leaves: &[Sha256]) -> Sha256 {
    root_hash(leaves.iter().copied())
}
