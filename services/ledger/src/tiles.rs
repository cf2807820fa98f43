//! Where the tree's hashes and entries stand as files: C2SP tlog-tiles.
//!
//! A tile holds up to 256 hashes, each the root of a perfect subtree of height `8 * level`; a bundle holds the up to 256 entries
//! under a level 0 tile. Only full tiles are hashed into the level above. Paths are relative to the log's prefix.

use crate::merkle::{Node, Span};
use std::{collections::BTreeSet, fmt, ops::Range};

/// Hashes of a full tile, entries of a full bundle.
pub const WIDTH: u16 = 256;
/// Tree levels a tile spans.
const HEIGHT: u8 = 8;
/// Path of the signed checkpoint.
pub const CHECKPOINT: &str = "checkpoint";

/// A tile of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 holds leaf hashes; each level above holds the roots of full tiles below.
    pub level: u8,
    /// Position among the tiles of its level, from the left.
    pub index: u64,
    /// Hashes in it, 1 to 256; below 256 the tile is partial.
    pub width: u16,
}

/// A bundle of entries: those whose hashes are in the level 0 tile of the same index and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    /// Position among the bundles, from the left.
    pub index: u64,
    /// Entries in it, 1 to 256; below 256 the bundle is partial.
    pub width: u16,
}

/// What stands at a path of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The signed checkpoint: changes.
    Checkpoint,
    /// A tile of hashes: never changes.
    Tile(Tile),
    /// A bundle of entries: never changes.
    Entries(Bundle),
}

/// Width of tile `index` of `level` in a tree of `size` leaves; 0 where it is not there.
fn width_in(level: u8, index: u64, size: u64) -> u16 {
    let hashes = size.checked_shr(u32::from(HEIGHT) * u32::from(level)).unwrap_or(0);
    let width = hashes.saturating_sub(index.saturating_mul(u64::from(WIDTH))).min(u64::from(WIDTH));
    u16::try_from(width).expect("at most 256")
}

impl Tile {
    /// The full tile.
    pub const fn full(level: u8, index: u64) -> Self {
        Self { level, index, width: WIDTH }
    }

    /// The tile as a tree of `size` leaves has it; none where it has no hash yet.
    pub fn of(level: u8, index: u64, size: u64) -> Option<Self> {
        Some(Self { level, index, width: width_in(level, index, size) }).filter(|tile| tile.width > 0)
    }

    /// Whether it holds all 256 hashes.
    pub const fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// Bytes of the tile.
    pub fn len_bytes(self) -> usize {
        usize::from(self.width) * crate::hash::Hash::BYTES
    }

    /// The place in the level above that a full tile's root has: that tile's index, and the position in it.
    pub fn parent(self) -> (u64, usize) {
        let width = u64::from(WIDTH);
        (self.index / width, usize::try_from(self.index % width).expect("below 256"))
    }

    /// Path under the log's prefix.
    pub fn path(self) -> String {
        format!("tile/{}/{}", self.level, place(self.index, self.width))
    }

    /// Folder under the log's prefix that the partial tiles of this place are in.
    pub fn partials(self) -> String {
        format!("tile/{}/{}.p", self.level, digits(self.index))
    }

    /// The tiles a tree of `new` leaves has and one of `old` leaves has not, left to right, level by level.
    pub fn grown(old: u64, new: u64) -> impl Iterator<Item = Self> {
        (0..HEIGHT).flat_map(move |level| {
            let shift = u32::from(HEIGHT) * u32::from(level);
            let (before, after) = (old >> shift, new >> shift);
            let width = u64::from(WIDTH);
            (before / width..after.div_ceil(width))
                .filter_map(move |index| Self::of(level, index, new))
                .filter(move |tile| width_in(level, tile.index, old) < tile.width)
        })
    }

    /// The tile that holds what `node` is hashed from in a tree of `size` leaves, and which of its hashes those are.
    fn holding(node: Node, size: u64) -> (Self, Range<usize>) {
        let level = node.level / HEIGHT;
        let height = node.level % HEIGHT;
        let first = node.index << height;
        let width = u64::from(WIDTH);
        let start = usize::try_from(first % width).expect("below 256");
        let index = first / width;
        (Self { level, index, width: width_in(level, index, size) }, start..start + (1 << height))
    }
}

impl Bundle {
    /// The bundle as a tree of `size` leaves has it; none where it has no entry yet.
    pub fn of(index: u64, size: u64) -> Option<Self> {
        Some(Self { index, width: width_in(0, index, size) }).filter(|bundle| bundle.width > 0)
    }

    /// Whether it holds all 256 entries.
    pub const fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// The entries in it.
    pub fn entries(self) -> Range<u64> {
        let start = self.index * u64::from(WIDTH);
        start..start + u64::from(self.width)
    }

    /// The tile of its entries' hashes.
    pub const fn tile(self) -> Tile {
        Tile { level: 0, index: self.index, width: self.width }
    }

    /// Path under the log's prefix.
    pub fn path(self) -> String {
        format!("tile/entries/{}", place(self.index, self.width))
    }

    /// Folder under the log's prefix that the partial bundles of this place are in.
    pub fn partials(self) -> String {
        format!("tile/entries/{}.p", digits(self.index))
    }
}

/// An index in path elements of three digits, all but the last marked with an `x`: 1234067 is `x001/x234/067`.
fn digits(index: u64) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

fn place(index: u64, width: u16) -> String {
    let digits = digits(index);
    if width == WIDTH { digits } else { format!("{digits}.p/{width}") }
}

/// A number without leading zeros or signs.
fn number<T: std::str::FromStr + fmt::Display>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

/// Reads `<N>[.p/<W>]`.
fn parse_place(text: &str) -> Option<(u64, u16)> {
    let (digits_text, width) = match text.split_once(".p/") {
        Some((digits, width)) => (digits, number(width).filter(|width| (1..WIDTH).contains(width))?),
        None => (text, WIDTH),
    };
    let index = digits_text.split('/').try_fold(0u64, |index, element| {
        let element = element.strip_prefix('x').unwrap_or(element);
        let three = element.len() == 3 && element.bytes().all(|byte| byte.is_ascii_digit());
        let value = three.then(|| element.parse::<u64>().ok())??;
        index.checked_mul(1000)?.checked_add(value)
    })?;
    // One path for one index: this also settles where an `x` must and must not be.
    (digits(index) == digits_text).then_some((index, width))
}

impl Resource {
    /// What `path`, relative to the log's prefix, names; none where it is not exactly a path of the log.
    pub fn parse(path: &str) -> Option<Self> {
        if path == CHECKPOINT {
            return Some(Self::Checkpoint);
        }
        let (level, at) = path.strip_prefix("tile/")?.split_once('/')?;
        let (index, width) = parse_place(at)?;
        if level == "entries" {
            return Some(Self::Entries(Bundle { index, width }));
        }
        let level = number(level).filter(|level| *level < 64)?;
        Some(Self::Tile(Tile { level, index, width }))
    }
}

/// The tiles that the roots of `spans` are hashed from in a tree of `size` leaves.
pub fn needed(spans: &[Span], size: u64) -> BTreeSet<Tile> {
    spans.iter().flat_map(|span| span.nodes()).map(|node| Tile::holding(node, size).0).collect()
}

/// Root of `span` in a tree of `size` leaves, from the hashes of the tiles that `hashes_of` gives.
///
/// # Errors
/// Those of `hashes_of`.
///
/// # Panics
/// Where `hashes_of` gives a tile of another width than asked for.
pub fn root_of_span<'a, E>(
    span: Span,
    size: u64,
    mut hashes_of: impl FnMut(Tile) -> Result<&'a [crate::hash::Hash], E>,
) -> Result<crate::hash::Hash, E> {
    span.root(|node| {
        let (tile, range) = Tile::holding(node, size);
        let hashes = hashes_of(tile)?;
        assert_eq!(hashes.len(), usize::from(tile.width), "hashes of another tile");
        Ok(crate::merkle::CompactRange::of(&hashes[range]).root())
    })
}
