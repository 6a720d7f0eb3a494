//! The audit tree against published vectors and against the independent crate `ct-merkle`.

use ct_merkle::RootHash;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use keyreeve_crypto::{Sha256, sha256};
use keyreeve_domain::audit::{
    Frontier, ProofError, consistency_proof, inclusion_proof, leaf_hash, root_hash,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

/// The leaves of the tree that Certificate Transparency's own tests publish proofs for.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// The published roots of its first 0 to 8 leaves.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// (index, size, proof), as published.
const INCLUSION: [(u64, usize, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// (old size, new size, proof), as published.
const CONSISTENCY: [(u64, usize, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn published_leaves() -> Vec<Sha256> {
    LEAVES.iter().map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())).collect()
}

fn hexes(hashes: &[Sha256]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

/// `size` different leaves, and their hashes.
fn leaves(size: usize) -> (Vec<Vec<u8>>, Vec<Sha256>) {
    let entries: Vec<_> = (0..size).map(|n| format!("entry {n}").into_bytes()).collect();
    let hashes = entries.iter().map(|entry| leaf_hash(entry)).collect();
    (entries, hashes)
}

fn prefix_root(leaves: &[Sha256], size: usize) -> Sha256 {
    root_hash(leaves[..size].iter().copied())
}

#[test]
fn published_roots() {
    let leaves = published_leaves();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(hex::encode(prefix_root(&leaves, size)), *root, "size {size}");
    }
}

#[test]
fn published_inclusion_proofs() {
    let leaves = published_leaves();
    for (index, size, published) in INCLUSION {
        let proof = inclusion_proof(&leaves[..size], index).unwrap();
        assert_eq!(hexes(&proof), published, "leaf {index} of {size}");
        let root = prefix_root(&leaves, size);
        verify_inclusion(leaves[index as usize], index, size as u64, &proof, &root).unwrap();
    }
}

#[test]
fn published_consistency_proofs() {
    let leaves = published_leaves();
    for (old, new, published) in CONSISTENCY {
        let proof = consistency_proof(&leaves[..new], old).unwrap();
        assert_eq!(hexes(&proof), published, "{old} to {new}");
        let (old_root, root) = (prefix_root(&leaves, old as usize), prefix_root(&leaves, new));
        verify_consistency(old, &old_root, new as u64, &root, &proof).unwrap();
    }
}

#[test]
fn what_is_not_there_cannot_be_proven() {
    let (_, hashes) = leaves(5);
    let root = prefix_root(&hashes, 5);
    assert_eq!(inclusion_proof(&hashes, 5), Err(ProofError::NoSuchLeaf { index: 5, size: 5 }));
    assert_eq!(inclusion_proof(&[], 0), Err(ProofError::NoSuchLeaf { index: 0, size: 0 }));
    assert_eq!(
        inclusion_proof(&hashes, u64::MAX),
        Err(ProofError::NoSuchLeaf { index: u64::MAX, size: 5 })
    );
    assert_eq!(consistency_proof(&hashes, 6), Err(ProofError::Shrunk { old: 6, new: 5 }));
    assert_eq!(
        verify_inclusion(hashes[0], 5, 5, &[], &root),
        Err(ProofError::NoSuchLeaf { index: 5, size: 5 })
    );
    assert_eq!(
        verify_consistency(6, &root, 5, &root, &[]),
        Err(ProofError::Shrunk { old: 6, new: 5 })
    );
}

#[test]
fn the_empty_tree_is_the_start_of_every_tree() {
    let (_, hashes) = leaves(5);
    let (empty, root) = (sha256(b""), prefix_root(&hashes, 5));
    assert_eq!(consistency_proof(&hashes, 0), Ok(Vec::new()));
    assert_eq!(verify_consistency(0, &empty, 5, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &root, 5, &root, &[]), Err(ProofError::OldRoot));
    assert_eq!(
        verify_consistency(0, &empty, 5, &root, &[root]),
        Err(ProofError::Length { found: 1 })
    );
}

#[test]
fn equal_sizes_have_equal_roots() {
    let (_, hashes) = leaves(5);
    let root = prefix_root(&hashes, 5);
    assert_eq!(verify_consistency(5, &root, 5, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &hashes[0], 5, &root, &[]), Err(ProofError::OldRoot));
}

#[test]
fn endless_proofs_and_huge_sizes_end() {
    let hash = sha256(b"x");
    let endless = vec![hash; 100_000];
    for size in [1, 2, 3, u64::MAX - 1, u64::MAX] {
        assert_eq!(
            verify_inclusion(hash, size - 1, size, &endless, &hash),
            Err(ProofError::Length { found: 100_000 })
        );
        assert!(verify_inclusion(hash, size - 1, size, &endless[..1], &hash).is_err());
        assert!(verify_consistency(1, &hash, size, &hash, &endless).is_err());
        assert!(verify_consistency(size / 2 + 1, &hash, size, &hash, &endless[..3]).is_err());
    }
}

#[test]
fn a_frontier_survives_its_encoding() {
    let (_, hashes) = leaves(70);
    let mut frontier = Frontier::default();
    for hash in hashes {
        let bytes = frontier.encode();
        assert_eq!(Frontier::decode(&bytes).unwrap(), frontier);
        assert!(Frontier::decode(&[&bytes[..], &[0; 32]].concat()).is_err());
        assert!(Frontier::decode(&bytes[..bytes.len() - 1]).is_err());
        frontier.push(hash);
    }
}

proptest! {
    #[test]
    fn every_leaf_of_every_tree_is_provable(size in 1usize..300, at in any::<prop::sample::Index>()) {
        let (entries, hashes) = leaves(size);
        let index = at.index(size);
        let root = prefix_root(&hashes, size);
        let proof = inclusion_proof(&hashes, index as u64).unwrap();
        prop_assert_eq!(
            verify_inclusion(hashes[index], index as u64, size as u64, &proof, &root),
            Ok(())
        );

        // The other implementation makes the same tree and the same proof, and accepts ours.
        let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        entries.iter().cloned().for_each(|entry| other.push(entry));
        let (other_root, theirs) = (other.root(), other.prove_inclusion(index));
        prop_assert_eq!(other_root.as_bytes().as_slice(), root);
        prop_assert_eq!(theirs.as_bytes(), proof.concat());
        let ours = ct_merkle::InclusionProof::<sha2::Sha256>::from_bytes(proof.concat());
        let other_root = RootHash::<sha2::Sha256>::new(root.into(), size as u64);
        prop_assert!(other_root.verify_inclusion(&entries[index], index as u64, &ours).is_ok());
    }

    #[test]
    fn every_tree_extends_its_beginnings(size in 2usize..300, at in any::<prop::sample::Index>()) {
        let (entries, hashes) = leaves(size);
        let old = at.index(size - 1) + 1;
        let (old_root, root) = (prefix_root(&hashes, old), prefix_root(&hashes, size));
        let proof = consistency_proof(&hashes, old as u64).unwrap();
        prop_assert_eq!(
            verify_consistency(old as u64, &old_root, size as u64, &root, &proof),
            Ok(())
        );

        let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        entries.into_iter().for_each(|entry| other.push(entry));
        let theirs = other.prove_consistency(size - old);
        prop_assert_eq!(theirs.as_bytes(), proof.concat());
        let ours = ct_merkle::ConsistencyProof::<sha2::Sha256>::try_from_bytes(proof.concat());
        let other_old = RootHash::<sha2::Sha256>::new(old_root.into(), old as u64);
        prop_assert!(other.root().verify_consistency(&other_old, &ours.unwrap()).is_ok());
    }

    #[test]
    fn no_changed_inclusion_proof_is_accepted(
        size in 2usize..200,
        at in any::<prop::sample::Index>(),
        change in any::<Change>(),
    ) {
        let (_, hashes) = leaves(size);
        let index = at.index(size);
        let root = prefix_root(&hashes, size);
        let mut proof = inclusion_proof(&hashes, index as u64).unwrap();
        let (mut leaf, mut claimed_root) = (hashes[index], root);
        prop_assume!(change.apply(&mut proof, &mut leaf, &mut claimed_root));
        prop_assert!(
            verify_inclusion(leaf, index as u64, size as u64, &proof, &claimed_root).is_err()
        );
    }

    #[test]
    fn no_leaf_is_proven_at_another_place(size in 2usize..200, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (a, b) = (a.index(size), b.index(size));
        prop_assume!(a != b);
        let (_, hashes) = leaves(size);
        let root = prefix_root(&hashes, size);
        let proof = inclusion_proof(&hashes, a as u64).unwrap();
        prop_assert!(verify_inclusion(hashes[a], b as u64, size as u64, &proof, &root).is_err());
        prop_assert!(verify_inclusion(hashes[b], a as u64, size as u64, &proof, &root).is_err());
    }

    #[test]
    fn no_changed_consistency_proof_is_accepted(
        size in 2usize..200,
        at in any::<prop::sample::Index>(),
        change in any::<Change>(),
    ) {
        let (_, hashes) = leaves(size);
        let old = at.index(size - 1) + 1;
        let (mut old_root, mut root) = (prefix_root(&hashes, old), prefix_root(&hashes, size));
        let mut proof = consistency_proof(&hashes, old as u64).unwrap();
        prop_assume!(change.apply(&mut proof, &mut old_root, &mut root));
        prop_assert!(
            verify_consistency(old as u64, &old_root, size as u64, &root, &proof).is_err()
        );
    }

    #[test]
    fn no_rewritten_log_extends_the_old_one(size in 2usize..200, at in any::<prop::sample::Index>(), bad in any::<prop::sample::Index>()) {
        let (_, hashes) = leaves(size);
        let old = at.index(size - 1) + 1;
        let old_root = prefix_root(&hashes, old);
        let mut rewritten = hashes;
        rewritten[bad.index(old)][0] ^= 1;
        let root = prefix_root(&rewritten, size);
        let proof = consistency_proof(&rewritten, old as u64).unwrap();
        prop_assert!(
            verify_consistency(old as u64, &old_root, size as u64, &root, &proof).is_err()
        );
    }

    #[test]
    fn hostile_proofs_never_panic(
        index in any::<u64>(),
        size in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        root in any::<[u8; 32]>(),
    ) {
        prop_assert!(verify_inclusion([7; 32], index, size, &proof, &root).is_err());
        prop_assert!(verify_consistency(index, &[7; 32], size, &root, &proof).is_err());
    }
}

/// Some way of changing a proof.
#[derive(Debug, Clone)]
enum Change {
    Flip { node: prop::sample::Index, bit: u8 },
    Drop(prop::sample::Index),
    Insert(prop::sample::Index, [u8; 32]),
    Repeat(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Start(u8),
    Root(u8),
}

impl Arbitrary for Change {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let at = any::<prop::sample::Index>;
        prop_oneof![
            (at(), any::<u8>()).prop_map(|(node, bit)| Self::Flip { node, bit }),
            at().prop_map(Self::Drop),
            (at(), any::<[u8; 32]>()).prop_map(|(at, node)| Self::Insert(at, node)),
            at().prop_map(Self::Repeat),
            (at(), at()).prop_map(|(a, b)| Self::Swap(a, b)),
            any::<u8>().prop_map(Self::Start),
            any::<u8>().prop_map(Self::Root),
        ]
        .boxed()
    }
}

impl Change {
    /// Answers whether anything was changed.
    fn apply(&self, proof: &mut Vec<Sha256>, start: &mut Sha256, root: &mut Sha256) -> bool {
        let before = (proof.clone(), *start, *root);
        let flip = |hash: &mut Sha256, bit: u8| hash[usize::from(bit) / 8] ^= 1 << (bit % 8);
        match self {
            Self::Flip { node, bit } if !proof.is_empty() => {
                let node = node.index(proof.len());
                flip(&mut proof[node], *bit);
            }
            Self::Drop(at) if !proof.is_empty() => {
                proof.remove(at.index(proof.len()));
            }
            Self::Insert(at, node) => proof.insert(at.index(proof.len() + 1), *node),
            Self::Repeat(at) if !proof.is_empty() => {
                let at = at.index(proof.len());
                proof.insert(at, proof[at]);
            }
            Self::Swap(a, b) if !proof.is_empty() => {
                let (a, b) = (a.index(proof.len()), b.index(proof.len()));
                proof.swap(a, b);
            }
            Self::Start(bit) => flip(start, *bit),
            Self::Root(bit) => flip(root, *bit),
            _ => {}
        }
        before != (proof.clone(), *start, *root)
    }
}
