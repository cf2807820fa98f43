//! The growing tree, kept as the rightmost tile of each level.

use crate::{
    hash::Hash,
    merkle::CompactRange,
    tiles::{Tile, WIDTH},
};

/// A tiled tree that only grows. Holds at most 255 hashes a level, whatever its size: the hashes of full tiles are handed out
/// as they fill ([`TileTree::push`]) and not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileTree {
    size: u64,
    /// Hashes of the rightmost, not yet full, tile of each level, from level 0 up.
    levels: Vec<Vec<Hash>>,
}

/// The tiles given are not the right edge of a tree of that size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tile at level {level} is not the right edge of a tree of {size} leaves")]
pub struct NotTheEdge {
    /// The level.
    pub level: u8,
    /// The tree's size.
    pub size: u64,
}

impl TileTree {
    /// The partial tiles at the right edge of a tree of `size` leaves, from level 0 up: its state.
    pub fn edge_tiles(size: u64) -> Vec<Tile> {
        (0..8).filter_map(|level| Tile::of(level, (size >> (8 * u32::from(level))) / u64::from(WIDTH), size)).collect()
    }

    /// The tree of `size` leaves, from the hashes of its [`edge_tiles`](Self::edge_tiles).
    ///
    /// # Errors
    /// [`NotTheEdge`] where a tile is missing or has another width. Whether the hashes are the tree's shows in [`Self::root`].
    pub fn from_edge(size: u64, mut hashes_of: impl FnMut(Tile) -> Option<Vec<Hash>>) -> Result<Self, NotTheEdge> {
        let mut levels = Vec::new();
        for tile in Self::edge_tiles(size) {
            let hashes = hashes_of(tile)
                .filter(|hashes| hashes.len() == usize::from(tile.width))
                .ok_or(NotTheEdge { level: tile.level, size })?;
            // A level whose last tile is full has no partial one.
            levels.resize(usize::from(tile.level), Vec::new());
            levels.push(hashes);
        }
        Ok(Self { size, levels })
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash on the right. Each tile that this fills, at any level, goes to `filled` once.
    pub fn push(&mut self, leaf: Hash, mut filled: impl FnMut(Tile, Vec<Hash>)) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() < usize::from(WIDTH) {
                break;
            }
            let hashes = std::mem::take(hashes);
            hash = CompactRange::of(&hashes).root();
            let level = u8::try_from(level).expect("a tree of 2^64 leaves has 8 levels");
            filled(Tile::full(level, self.size >> (8 * (u32::from(level) + 1))), hashes);
        }
        self.size += 1;
    }

    /// The partial tiles at the right edge with their hashes, from level 0 up.
    pub fn edge(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        Self::edge_tiles(self.size).into_iter().map(|tile| (tile, self.levels[usize::from(tile.level)].as_slice()))
    }

    /// Root hash.
    pub fn root(&self) -> Hash {
        let ranges: Vec<CompactRange> = self.levels.iter().rev().map(|hashes| CompactRange::of(hashes)).collect();
        CompactRange::root_of_levels(&ranges)
    }
}
