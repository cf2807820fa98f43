//! The tree against the RFC's recursive definition, known answers, and two independent implementations.

mod support;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sanbian_ledger::{
    hash::Hash,
    merkle::{CompactRange, ProofError, Span, check_consistency, check_inclusion, consistency_spans, inclusion_spans},
    tiles::{self, Tile},
    tree::TileTree,
};
use std::collections::BTreeMap;
use support::{naive_consistency, naive_inclusion, naive_root};

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| Hash::of_leaf(&number.to_be_bytes())).collect()
}

/// Every tile of the tree over `leaves`, as a log would publish it.
fn tiles_of(leaves: &[Hash]) -> BTreeMap<Tile, Vec<Hash>> {
    let mut tree = TileTree::default();
    let mut tiles = BTreeMap::new();
    for leaf in leaves {
        tree.push(*leaf, |tile, hashes| assert!(tiles.insert(tile, hashes).is_none(), "a tile fills once"));
    }
    tiles.extend(tree.edge().map(|(tile, hashes)| (tile, hashes.to_vec())));
    tiles
}

/// Roots of spans from published tiles only.
fn roots(spans: &[Span], leaves: &[Hash]) -> Vec<Hash> {
    let published = tiles_of(leaves);
    let size = leaves.len() as u64;
    let needed = tiles::needed(spans, size);
    assert!(needed.iter().all(|tile| published.contains_key(tile)), "only published tiles are asked for");
    spans
        .iter()
        .map(|span| {
            tiles::root_of_span(*span, size, |tile| published.get(&tile).map(Vec::as_slice).ok_or(tile)).unwrap()
        })
        .collect()
}

fn inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    roots(&inclusion_spans(index as u64, leaves.len() as u64).unwrap(), leaves)
}

fn consistency(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    roots(&consistency_spans(old as u64, leaves.len() as u64).unwrap(), leaves)
}

#[test]
fn known_answers() {
    // The eight leaves and roots that Certificate Transparency's own test suites use.
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let mut range = CompactRange::default();
    assert_eq!(hex(range.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    range.push(Hash::of_leaf(data[0]));
    assert_eq!(hex(range.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    data[1..].iter().for_each(|leaf| range.push(Hash::of_leaf(leaf)));
    assert_eq!(hex(range.root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

fn hex(hash: Hash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_small_tree_is_the_rfcs() {
    for size in 1..=40 {
        let leaves = leaves(size);
        let root = naive_root(&leaves);
        assert_eq!(CompactRange::of(&leaves).root(), root);
        for index in 0..size {
            let proof = inclusion(index, &leaves);
            assert_eq!(proof, naive_inclusion(index, &leaves), "leaf {index} of {size}");
            check_inclusion(index as u64, size as u64, leaves[index], &proof, root).unwrap();
        }
        for old in 0..=size {
            let proof = consistency(old, &leaves);
            if old > 0 {
                assert_eq!(proof, naive_consistency(old, &leaves, true), "{old} to {size}");
            }
            check_consistency(old as u64, size as u64, naive_root(&leaves[..old]), root, &proof).unwrap();
        }
    }
}

#[test]
fn a_proof_of_a_small_tree_proves_nothing_else() {
    for size in 1..=20u64 {
        let leaves = leaves(usize::try_from(size).unwrap());
        let root = naive_root(&leaves);
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = inclusion(at, &leaves);
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    check_inclusion(other, size, leaves[at], &proof, root).is_err(),
                    "{index} as {other} of {size}"
                );
            }
            assert!(check_inclusion(index, size, Hash::of_leaf(b"other"), &proof, root).is_err());
            assert!(check_inclusion(index, size, leaves[at], &[&proof[..], &[root]].concat(), root).is_err());
            if let Some((_, shorter)) = proof.split_last() {
                assert!(check_inclusion(index, size, leaves[at], shorter, root).is_err());
            }
        }
        for old in 1..size {
            let old_leaves = &leaves[..usize::try_from(old).unwrap()];
            let proof = consistency(old_leaves.len(), &leaves);
            let mut rewritten = old_leaves.to_vec();
            rewritten[0] = Hash::of_leaf(b"rewritten");
            let check = |root_before, proof: &[Hash]| check_consistency(old, size, root_before, root, proof);
            assert_eq!(check(naive_root(&rewritten), &proof), Err(ProofError::WrongRoot));
            assert!(check(naive_root(old_leaves), &[&proof[..], &[root]].concat()).is_err());
            assert!(check(naive_root(old_leaves), &proof[1..]).is_err());
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let root = Hash::of_nothing();
    assert_eq!(inclusion_spans(3, 3), Err(ProofError::BeyondTree { index: 3, size: 3 }));
    assert_eq!(check_inclusion(0, 0, root, &[], root), Err(ProofError::BeyondTree { index: 0, size: 0 }));
    assert_eq!(consistency_spans(4, 3), Err(ProofError::Shrunk { old: 4, new: 3 }));
    assert_eq!(check_consistency(4, 3, root, root, &[]), Err(ProofError::Shrunk { old: 4, new: 3 }));
    let other = Hash::of_leaf(b"");
    assert_eq!(check_consistency(3, 3, root, other, &[]), Err(ProofError::WrongRoot));
    assert_eq!(check_consistency(0, 3, other, other, &[]), Err(ProofError::WrongRoot));
    assert_eq!(check_consistency(0, 3, root, other, &[other]), Err(ProofError::WrongLength));
}

#[test]
fn the_largest_trees_need_no_more_than_they_may() {
    let size = u64::MAX;
    let spans = inclusion_spans(size - 1, size).unwrap();
    assert!(spans.len() <= 64);
    assert!(tiles::needed(&spans, size).iter().all(|tile| tile.level < 8 && tile.width > 0));
    let spans = consistency_spans(size - 12_345, size).unwrap();
    assert!(tiles::needed(&spans, size).iter().all(|tile| tile.level < 8 && tile.width > 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn larger_trees_are_the_rfcs(size in 1usize..1500, at in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let root = naive_root(&leaves);
        let index = at.index(size);
        let mut proof = inclusion(index, &leaves);
        prop_assert_eq!(&proof, &naive_inclusion(index, &leaves));
        check_inclusion(index as u64, size as u64, leaves[index], &proof, root).unwrap();
        if !proof.is_empty() {
            let at = flip.index(proof.len());
            proof[at].0[at % 32] ^= 1;
            prop_assert!(check_inclusion(index as u64, size as u64, leaves[index], &proof, root).is_err());
        }
        let old = 1 + at.index(size);
        let mut proof = consistency(old, &leaves);
        prop_assert_eq!(&proof, &naive_consistency(old, &leaves, true));
        let old_root = naive_root(&leaves[..old]);
        check_consistency(old as u64, size as u64, old_root, root, &proof).unwrap();
        if !proof.is_empty() {
            let at = flip.index(proof.len());
            proof[at].0[at % 32] ^= 1;
            prop_assert!(check_consistency(old as u64, size as u64, old_root, root, &proof).is_err());
        }
    }

    #[test]
    fn ct_merkle_and_tlog_tiles_agree(size in 1usize..900, at in any::<prop::sample::Index>()) {
        let leaves = leaves(size);
        let root = naive_root(&leaves);
        let mut theirs = MemoryBackedTree::<sha2::Sha256, [u8; 8]>::new();
        (0..size).for_each(|number| theirs.push(number.to_be_bytes()));
        prop_assert_eq!(theirs.root().as_bytes().to_vec(), root.0.to_vec());

        let index = at.index(size);
        let proof = inclusion(index, &leaves);
        prop_assert_eq!(theirs.prove_inclusion(index).as_bytes().to_vec(), Hash::concat(&proof));
        let old = 1 + at.index(size);
        let grown = consistency(old, &leaves);
        if old < size {
            prop_assert_eq!(theirs.prove_consistency(size - old).as_bytes().to_vec(), Hash::concat(&grown));
        }

        let go = |hash: &Hash| tlog_tiles::Hash(hash.0);
        let proof: Vec<_> = proof.iter().map(go).collect();
        tlog_tiles::check_record(&proof, size as u64, go(&root), index as u64, go(&leaves[index])).unwrap();
        let grown: Vec<_> = grown.iter().map(go).collect();
        tlog_tiles::check_tree(&grown, size as u64, go(&root), old as u64, go(&naive_root(&leaves[..old]))).unwrap();
    }
}
