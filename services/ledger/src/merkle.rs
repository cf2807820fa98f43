//! The tree of RFC 6962 and RFC 9162: its roots, and proofs that a leaf is in it or that it only grew.
//!
//! A proof is a list of roots of spans of leaves. [`inclusion_spans`] and [`consistency_spans`] say which ones; each span is a few
//! perfect subtrees ([`Span::nodes`]), whose hashes come from tiles. So a proof is planned first, its tiles are fetched by
//! whoever can fetch, and hashing stays plain arithmetic. Checking a proof needs nothing else ([`check_inclusion`],
//! [`check_consistency`]).

use crate::hash::Hash;

/// A perfect subtree: the leaves from `index << level` up to, not including, `(index + 1) << level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Height over the leaves: 0 is a leaf.
    pub level: u8,
    /// Position among the nodes of its level, from the left.
    pub index: u64,
}

/// The leaves from `start` up to, not including, `end`, where they form a subtree of the RFC's recursive definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First leaf.
    pub start: u64,
    /// One after the last leaf.
    pub end: u64,
}

/// Why a proof can't be made or does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is not in a tree of that size.
    #[error("leaf {index} is beyond the tree's size {size}")]
    BeyondTree {
        /// The leaf asked for.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// A tree can't have grown from a larger one.
    #[error("a tree of {new} leaves can't have grown from one of {old}")]
    Shrunk {
        /// Size before.
        old: u64,
        /// Size after.
        new: u64,
    },
    /// The proof has more or fewer hashes than its place in the tree asks for.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    WrongRoot,
}

impl Span {
    /// The whole tree of `size` leaves.
    pub const fn tree(size: u64) -> Self {
        Self { start: 0, end: size }
    }

    /// The perfect subtrees the span consists of, largest first.
    pub fn nodes(self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = self.start;
        while at < self.end {
            let level = (self.end - at).ilog2();
            // True for each span of the RFC's recursion: it splits at the largest power of two.
            debug_assert!(at.trailing_zeros() >= level || at == 0, "span {self:?} is not aligned");
            nodes.push(Node { level: u8::try_from(level).expect("below 64"), index: at >> level });
            at += 1 << level;
        }
        nodes
    }

    /// Root of the span, from the hashes of its [`nodes`](Self::nodes).
    ///
    /// # Errors
    /// Those of `hash_of`.
    pub fn root<E>(self, mut hash_of: impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
        let hashes = self.nodes().into_iter().map(&mut hash_of).collect::<Result<Vec<_>, E>>()?;
        Ok(fold(&hashes))
    }
}

/// Largest power of two below `leaves`, where the RFC splits a tree of at least two.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// Root over perfect subtrees that stand side by side, largest first.
fn fold(subtrees: &[Hash]) -> Hash {
    let mut from_right = subtrees.iter().rev();
    from_right
        .next()
        .map_or_else(Hash::of_nothing, |last| from_right.fold(*last, |right, left| Hash::of_children(left, &right)))
}

/// The spans whose roots prove that leaf `index` is in the tree of `size` leaves: the leaf's sibling first, the root's child last
/// (RFC 9162, 2.1.3.1).
///
/// # Errors
/// [`ProofError::BeyondTree`].
pub fn inclusion_spans(index: u64, size: u64) -> Result<Vec<Span>, ProofError> {
    if index >= size {
        return Err(ProofError::BeyondTree { index, size });
    }
    let (mut start, mut end) = (0, size);
    let mut spans = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            spans.push(Span { start: middle, end });
            end = middle;
        } else {
            spans.push(Span { start, end: middle });
            start = middle;
        }
    }
    spans.reverse();
    Ok(spans)
}

/// The spans whose roots prove that the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.1). None are
/// needed from the empty tree or where both are the same size.
///
/// # Errors
/// [`ProofError::Shrunk`].
pub fn consistency_spans(old: u64, new: u64) -> Result<Vec<Span>, ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    let mut spans = Vec::new();
    if old == 0 || old == new {
        return Ok(spans);
    }
    // `whole` stays true while the span begins at leaf 0: then the old root itself is known to who checks.
    let (mut start, mut end, mut whole) = (0, new, true);
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            spans.push(Span { start: middle, end });
            end = middle;
        } else {
            spans.push(Span { start, end: middle });
            start = middle;
            whole = false;
        }
    }
    if !whole {
        spans.push(Span { start, end });
    }
    spans.reverse();
    Ok(spans)
}

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves with `root` (RFC 9162, 2.1.3.2).
///
/// # Errors
/// Where it is not proved.
pub fn check_inclusion(index: u64, size: u64, leaf: Hash, proof: &[Hash], root: Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::BeyondTree { index, size });
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            hash = Hash::of_children(sibling, &hash);
            // On the right edge a node without a sibling rises as it is.
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            hash = Hash::of_children(&hash, sibling);
        }
        (place, last) = (place / 2, last / 2);
    }
    match (last == 0, hash == root) {
        (true, true) => Ok(()),
        (true, false) => Err(ProofError::WrongRoot),
        (false, _) => Err(ProofError::WrongLength),
    }
}

/// Checks that the tree of `new` leaves with `new_root` begins with the tree of `old` leaves with `old_root` (RFC 9162,
/// 2.1.4.2).
///
/// # Errors
/// Where it is not proved.
pub fn check_consistency(old: u64, new: u64, old_root: Hash, new_root: Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == 0 || old == new {
        let expected = if old == new { new_root } else { Hash::of_nothing() };
        return match (proof.is_empty(), old_root == expected) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::WrongRoot),
            (false, _) => Err(ProofError::WrongLength),
        };
    }
    // Where the old tree is one perfect subtree the proof leaves its root out: it is `old_root`.
    let given = old.is_power_of_two().then_some(old_root);
    let mut path = given.iter().chain(proof);
    let first = *path.next().ok_or(ProofError::WrongLength)?;

    let (mut place, mut last) = (old - 1, new - 1);
    while place % 2 == 1 {
        (place, last) = (place / 2, last / 2);
    }
    let (mut from_old, mut from_new) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if place % 2 == 1 || place == last {
            from_old = Hash::of_children(sibling, &from_old);
            from_new = Hash::of_children(sibling, &from_new);
            while place.is_multiple_of(2) && place != 0 {
                (place, last) = (place / 2, last / 2);
            }
        } else {
            from_new = Hash::of_children(&from_new, sibling);
        }
        (place, last) = (place / 2, last / 2);
    }
    match (last == 0, from_old == old_root && from_new == new_root) {
        (true, true) => Ok(()),
        (true, false) => Err(ProofError::WrongRoot),
        (false, _) => Err(ProofError::WrongLength),
    }
}

/// A tree that only grows, kept as the roots of its perfect subtrees (a compact range): at most 64 hashes for any size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    subtrees: Vec<Hash>,
}

impl CompactRange {
    /// The tree over `leaves` hashes.
    pub fn of(leaves: &[Hash]) -> Self {
        let mut range = Self::default();
        leaves.iter().for_each(|leaf| range.push(*leaf));
        range
    }

    /// Adds a leaf's hash on the right.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each 1 at the low end of the size is a perfect subtree that the new leaf completes to the next larger one.
        for _ in 0..self.size.trailing_ones() {
            let left = self.subtrees.pop().expect("one subtree for each 1 of the size");
            hash = Hash::of_children(&left, &hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Root hash.
    pub fn root(&self) -> Hash {
        fold(&self.subtrees)
    }

    /// Roots of the perfect subtrees, largest first.
    pub fn subtrees(&self) -> &[Hash] {
        &self.subtrees
    }

    /// The root of a tree whose perfect subtrees are those of `ranges` one after the other: `ranges` of ever smaller leaves, such as
    /// the right edge of a tiled tree from its top level down.
    pub fn root_of_levels<'a>(ranges: impl IntoIterator<Item = &'a Self>) -> Hash {
        let subtrees: Vec<Hash> = ranges.into_iter().flat_map(|range| range.subtrees.iter().copied()).collect();
        fold(&subtrees)
    }
}
