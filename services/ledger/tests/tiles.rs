//! Tiles, bundles and their paths against C2SP tlog-tiles and an independent implementation.

mod support;

use proptest::prelude::*;
use sanbian_ledger::{
    bundle::{self, BundleError},
    hash::Hash,
    merkle::CompactRange,
    tiles::{Bundle, Resource, Tile},
    tree::{NotTheEdge, TileTree},
};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn paths_of_the_specification() {
    let path = |level, index, width| Tile { level, index, width }.path();
    assert_eq!(path(0, 0, 256), "tile/0/000");
    assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(1, 1000, 17), "tile/1/x001/000.p/17");
    assert_eq!(path(2, 7, 1), "tile/2/007.p/1");
    assert_eq!(Bundle { index: 1_234_067, width: 256 }.path(), "tile/entries/x001/x234/067");
    assert_eq!(Bundle { index: 273, width: 112 }.path(), "tile/entries/273.p/112");
    assert_eq!(Tile::full(1, 1000).partials(), "tile/1/x001/000.p");
    assert_eq!(Bundle { index: 3, width: 9 }.partials(), "tile/entries/003.p");
}

#[test]
fn only_exact_paths_name_anything() {
    assert_eq!(Resource::parse("checkpoint"), Some(Resource::Checkpoint));
    assert_eq!(Resource::parse("tile/63/000"), Some(Resource::Tile(Tile::full(63, 0))));
    for path in [
        "",
        "checkpoint/",
        "/checkpoint",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/64/000",
        "tile/00/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/00a",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/x001/x002",
        "tile/0/001/002",
        "tile/0/x001/2",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/1/2",
        "tile/0/../000",
        "tile/data/000",
        "tile/8/0/000",
        "tile/entries",
        "tile/entries/x018/x446/x744/x073/x709/x551/616",
        "tile/entries/ 00",
    ] {
        assert_eq!(Resource::parse(path), None, "{path:?}");
    }
}

#[test]
fn a_tree_of_70000_has_the_tiles_the_specification_counts() {
    let mut tree = TileTree::default();
    let mut full = BTreeMap::new();
    for number in 0u64..70_000 {
        tree.push(Hash::of_leaf(&number.to_be_bytes()), |tile, hashes| {
            assert_eq!(hashes.len(), 256);
            full.insert(tile, hashes);
        });
    }
    assert_eq!(full.keys().filter(|tile| tile.level == 0).count(), 273);
    assert_eq!(full.keys().filter(|tile| tile.level == 1).count(), 1);
    assert_eq!(full.len(), 274);
    let edge: Vec<_> = tree.edge().map(|(tile, hashes)| (tile.path(), hashes.len())).collect();
    let expected = [("tile/0/273.p/112", 112), ("tile/1/001.p/17", 17), ("tile/2/000.p/1", 1)];
    assert_eq!(edge, expected.map(|(path, width)| (path.to_owned(), width)));
    // Each hash of a level is the root of a full tile below.
    let level_1 = &full[&Tile::full(1, 0)];
    assert_eq!(level_1[200], CompactRange::of(&full[&Tile::full(0, 200)]).root());
    assert_eq!(tree.edge().last().unwrap().1[0], CompactRange::of(level_1).root());
    assert_eq!(TileTree::edge_tiles(256), [Tile { level: 1, index: 0, width: 1 }]);
    assert_eq!(TileTree::edge_tiles(0), []);
}

#[test]
fn a_tree_resumes_only_from_its_own_edge() {
    let mut tree = TileTree::default();
    (0u64..66_000).for_each(|number| tree.push(Hash::of_leaf(&number.to_be_bytes()), |_, _| ()));
    let edge: BTreeMap<_, _> = tree.edge().map(|(tile, hashes)| (tile, hashes.to_vec())).collect();
    let mut resumed = TileTree::from_edge(66_000, |tile| edge.get(&tile).cloned()).unwrap();
    assert_eq!(resumed.root(), tree.root());
    for number in 66_000u64..66_300 {
        let leaf = Hash::of_leaf(&number.to_be_bytes());
        let (mut a, mut b) = (Vec::new(), Vec::new());
        resumed.push(leaf, |tile, hashes| a.push((tile, hashes)));
        tree.push(leaf, |tile, hashes| b.push((tile, hashes)));
        assert_eq!((a, resumed.root()), (b, tree.root()));
    }
    assert_eq!(
        TileTree::from_edge(66_001, |tile| edge.get(&tile).cloned()),
        Err(NotTheEdge { level: 0, size: 66_001 })
    );
    let short = |tile: Tile| edge.get(&tile).map(|hashes| hashes[1..].to_vec());
    assert_eq!(TileTree::from_edge(66_000, short), Err(NotTheEdge { level: 0, size: 66_000 }));
}

#[test]
fn bundles_hold_entries_up_to_the_limit() {
    let entries: [&[u8]; 4] = [b"one", b"", &[7; 65_535], b"four"];
    let mut bytes = Vec::new();
    entries.iter().for_each(|entry| bundle::push(&mut bytes, entry).unwrap());
    assert_eq!(&bytes[..5], b"\x00\x03one");
    assert_eq!(bundle::split(&bytes).unwrap(), entries);
    let before = bytes.len();
    assert_eq!(bundle::push(&mut bytes, &[0; 65_536]), Err(BundleError::EntryTooLarge(65_536)));
    assert_eq!(bytes.len(), before, "a refused entry leaves nothing behind");
    assert_eq!(bundle::split(&bytes[..bytes.len() - 1]), Err(BundleError::Truncated));
    assert_eq!(bundle::split(&[0]), Err(BundleError::Truncated));
    assert_eq!(bundle::split(&[]).unwrap(), Vec::<&[u8]>::new());
}

proptest! {
    #[test]
    fn a_path_reads_back_and_is_tlog_tiles_own(level in 0u8..64, index in any::<u64>(), width in 1u16..=256) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(Resource::parse(&tile.path()), Some(Resource::Tile(tile)));
        let bundle = Bundle { index, width };
        prop_assert_eq!(Resource::parse(&bundle.path()), Some(Resource::Entries(bundle)));
        // Theirs has the tile's height in it, as Go's paths have.
        let theirs = tlog_tiles::Tile::new(8, level, index, width.into(), false).path();
        prop_assert_eq!(theirs.replacen("tile/8/", "tile/", 1), tile.path());
    }

    #[test]
    fn growing_by_batches_publishes_every_tile_once(batches in prop::collection::vec(0u64..70_000, 0..8)) {
        let mut size = 0;
        let mut published = BTreeSet::new();
        for batch in batches {
            let grown: Vec<_> = Tile::grown(size, size + batch).collect();
            let theirs: BTreeSet<_> = tlog_tiles::Tile::new_tiles(8, size, size + batch).into_iter().collect::<Vec<_>>()
                .iter().map(|tile| tile.path().replacen("tile/8/", "tile/", 1)).collect();
            prop_assert_eq!(grown.iter().map(|tile| tile.path()).collect::<BTreeSet<_>>(), theirs);
            for tile in grown {
                prop_assert!(published.insert(tile), "{:?} twice", tile);
            }
            size += batch;
            for level in 0..4 {
                for index in 0..=(size >> (8 * (u32::from(level) + 1))) {
                    if let Some(tile) = Tile::of(level, index, size) {
                        prop_assert!(published.contains(&tile), "{:?} missing at {}", tile, size);
                    }
                }
            }
        }
    }
}
