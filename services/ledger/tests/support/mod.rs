//! A log in memory, written straight from the format's definition, and the RFC's own recursive definitions to compare with.
#![allow(dead_code, reason = "each test file uses its own part")]

use sanbian_ledger::{
    bundle, checkpoint::Checkpoint, hash::Hash, key::SigningKey, reader::Fetch, tiles::Bundle, tree::TileTree,
};
use std::{collections::BTreeMap, io};

/// MTH of RFC 6962, 2.1, word for word.
pub fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of_nothing(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Hash::of_children(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH of RFC 6962, 2.1.1, word for word.
pub fn naive_inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (naive_inclusion(index, left), naive_root(right))
    } else {
        (naive_inclusion(index - k, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF of RFC 6962, 2.1.2, word for word.
pub fn naive_consistency(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, other) = if old <= k {
        (naive_consistency(old, left, whole), naive_root(right))
    } else {
        (naive_consistency(old - k, right, false), naive_root(left))
    };
    proof.push(other);
    proof
}

fn split(leaves: usize) -> usize {
    let mut k = 1;
    while k * 2 < leaves {
        k *= 2;
    }
    k
}

/// A well-formed entry.
pub fn entry(number: u64) -> Vec<u8> {
    format!(
        r#"{{"actor":"system","at":"2026-01-05T01:00:00.000Z","body":{{"number":{number}}},"kind":"test.counted","region":"","rulebook":"","subject":"test:{}"}}"#,
        number % 7
    )
    .into_bytes()
}

pub fn key() -> SigningKey {
    SigningKey::from_seed("sanbian.example/test", [7; 32]).unwrap()
}

/// A published log as a map from path to bytes.
#[derive(Clone, Debug, Default)]
pub struct Published(pub BTreeMap<String, Vec<u8>>);

impl Published {
    /// Publishes `entries` all at once, signed by `key`.
    pub fn of(entries: &[Vec<u8>], key: &SigningKey) -> Self {
        let mut files = BTreeMap::new();
        let mut tree = TileTree::default();
        for bytes in entries {
            tree.push(Hash::of_leaf(bytes), |tile, hashes| {
                files.insert(tile.path(), Hash::concat(&hashes));
            });
        }
        for (tile, hashes) in tree.edge() {
            files.insert(tile.path(), Hash::concat(hashes));
        }
        for (index, chunk) in entries.chunks(256).enumerate() {
            let mut bytes = Vec::new();
            chunk.iter().for_each(|entry| bundle::push(&mut bytes, entry).unwrap());
            files.insert(Bundle::of(index as u64, tree.size()).unwrap().path(), bytes);
        }
        files.insert("checkpoint".to_owned(), Checkpoint::signed(tree.size(), tree.root(), key).into_bytes());
        Self(files)
    }
}

impl Fetch for &Published {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.get(path).cloned())
    }
}
