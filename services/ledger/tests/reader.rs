//! The reader believes nothing: every single changed, missing or foreign file is found.

mod support;

use proptest::prelude::*;
use sanbian_ledger::{
    checkpoint::{Checkpoint, CheckpointError},
    envelope::EnvelopeError,
    hash::Hash,
    key::SigningKey,
    merkle::{self, CompactRange, ProofError},
    reader::{Folder, LogReader, ReadError, Verified},
};
use std::fs;
use support::{Published, entry, key};

fn entries(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(entry).collect()
}

fn verify(published: &Published) -> Result<Verified, ReadError> {
    LogReader::open(published, key().verifier())?.verify(|_| ())
}

fn root_of(entries: &[Vec<u8>]) -> Hash {
    CompactRange::of(&entries.iter().map(|entry| Hash::of_leaf(entry)).collect::<Vec<_>>()).root()
}

#[test]
fn a_sound_log_verifies_and_gives_its_entries() {
    for count in [0, 1, 255, 256, 257, 600, 66_000] {
        let entries = entries(count);
        let published = Published::of(&entries, &key());
        let mut seen = Vec::new();
        let reader = LogReader::open(&published, key().verifier()).unwrap();
        let verified = reader.verify(|logged| seen.push((logged.index, logged.bytes.clone()))).unwrap();
        assert_eq!(verified.checkpoint.root, root_of(&entries));
        assert_eq!(verified.kinds.get("test.counted").copied().unwrap_or(0), count);
        assert_eq!(seen, (0..).zip(entries).collect::<Vec<_>>());
        // Every file but the checkpoint and the bundles is a tile that was checked.
        let tiles = published.0.keys().filter(|path| !path.contains("entries") && *path != "checkpoint").count();
        assert_eq!(verified.tiles, tiles as u64);
    }
}

#[test]
fn every_changed_or_missing_file_is_found() {
    let published = Published::of(&entries(600), &key());
    verify(&published).unwrap();
    for path in published.0.keys() {
        let mut missing = published.clone();
        missing.0.remove(path);
        assert!(matches!(verify(&missing), Err(ReadError::Missing(at)) if at == *path), "{path} missing");
        for place in [0, 1, 2, published.0[path].len() / 2, published.0[path].len() - 1] {
            let mut changed = published.clone();
            changed.0.get_mut(path).unwrap()[place] ^= 1;
            assert!(verify(&changed).is_err(), "{path} changed at {place}");
        }
        let mut longer = published.clone();
        longer.0.get_mut(path).unwrap().extend_from_slice(&[0; 32]);
        assert!(verify(&longer).is_err(), "{path} longer");
        let mut shorter = published.clone();
        let bytes = shorter.0.get_mut(path).unwrap();
        bytes.truncate(bytes.len().saturating_sub(32));
        assert!(verify(&shorter).is_err(), "{path} shorter");
    }
}

#[test]
fn entries_that_swap_places_are_found() {
    let mut swapped = entries(300);
    swapped.swap(10, 280);
    let forged = Published::of(&swapped, &key());
    let mut published = Published::of(&entries(300), &key());
    for path in ["tile/entries/000", "tile/entries/001.p/44"] {
        published.0.insert(path.to_owned(), forged.0[path].clone());
    }
    assert!(matches!(verify(&published), Err(ReadError::EntryHash(10))));
    // With their tiles changed to fit, the tree says so.
    published.0.insert("tile/0/000".to_owned(), forged.0["tile/0/000"].clone());
    assert!(matches!(verify(&published), Err(ReadError::Tile(path)) if path == "tile/0/000"));
}

#[test]
fn a_rewritten_log_is_found_by_who_saw_it_before() {
    let published = Published::of(&entries(700), &key());
    for size in [0, 1, 255, 256, 300, 700] {
        let mut reader = LogReader::open(&published, key().verifier()).unwrap();
        reader.check_grown_from(size, root_of(&entries(size))).unwrap();
    }
    let mut reader = LogReader::open(&published, key().verifier()).unwrap();
    let mut other = entries(300);
    other[17] = entry(999);
    let check = reader.check_grown_from(300, root_of(&other));
    assert!(matches!(check, Err(ReadError::Proof(ProofError::WrongRoot))));
    let check = reader.check_grown_from(701, root_of(&entries(701)));
    assert!(matches!(check, Err(ReadError::Proof(ProofError::Shrunk { .. }))));
}

#[test]
fn the_key_is_pinned() {
    let published = Published::of(&entries(3), &key());
    let other = SigningKey::from_seed("sanbian.example/test", [8; 32]).unwrap();
    let opened = LogReader::open(&published, other.verifier()).err();
    assert!(matches!(opened, Some(ReadError::Checkpoint(CheckpointError::Note(_)))));
}

#[test]
fn entries_must_be_canonical_json() {
    let good = String::from_utf8(entry(1)).unwrap();
    let cases = [
        (good.replace("{\"actor", "{ \"actor"), "a space"),
        (good.replace("\"kind\":\"test.counted\",", ""), "no kind"),
        (good.replace("{\"number\":1}", "[1]"), "a body that is no object"),
        (good.replace(":1}", ":1.5}"), "a fraction"),
        (good.replace(":1}", ":9007199254740993}"), "a number that readers disagree on"),
        (good.replace(":1}", ":1,\"number\":1}"), "a member twice"),
        (good.replace(".000Z", "Z"), "an instant without milliseconds"),
        (good.replace("Z\"", "+00:00\""), "an instant with an offset"),
        ("null".to_owned(), "no object"),
        (String::new(), "nothing"),
        (format!("{good}\n"), "a newline"),
        (good.replace("test:1", "test:\\u0031"), "a needless escape"),
    ];
    for (bytes, why) in cases {
        let published = Published::of(&[entry(0), bytes.into_bytes()], &key());
        assert!(matches!(verify(&published), Err(ReadError::Entry { index: 1, .. })), "{why}");
    }
    let large = good.replace("test:1", &"x".repeat(65_535 - good.len() + "test:1".len()));
    verify(&Published::of(&[large.clone().into_bytes()], &key())).unwrap();
    let larger = sanbian_ledger::envelope::Envelope::read(large.replace("xxx", "xxxx").as_bytes());
    assert!(matches!(larger, Err(EnvelopeError::TooLarge(size)) if size > 65_535));
}

#[test]
fn reading_begins_anywhere_and_stops_at_the_first_fault() {
    let mut published = Published::of(&entries(600), &key());
    let mut reader = LogReader::open(&published, key().verifier()).unwrap();
    let tail: Vec<_> = reader.entries(511).map(|logged| logged.unwrap().index).collect();
    assert_eq!(tail, (511..600).collect::<Vec<_>>());
    assert_eq!(reader.entries(600).count(), 0);
    assert_eq!(reader.entries(u64::MAX).count(), 0);
    assert_eq!(reader.entry(599).unwrap().bytes, entry(599));
    assert!(matches!(reader.entry(600), Err(ReadError::Proof(ProofError::BeyondTree { index: 600, size: 600 }))));
    published.0.get_mut("tile/entries/001").unwrap()[5] ^= 1;
    let mut reader = LogReader::open(&published, key().verifier()).unwrap();
    let given: Vec<_> = reader.entries(0).map(|logged| logged.is_ok()).collect();
    assert_eq!(given, [vec![true; 256], vec![false]].concat());
    assert_eq!(reader.entries(512).filter(Result::is_ok).count(), 88, "what lies behind the fault still reads");
}

#[test]
fn a_partial_file_may_be_gone_once_the_full_one_is_there() {
    let old = Published::of(&entries(300), &key());
    let mut new = Published::of(&entries(600), &key());
    let note = String::from_utf8(old.0["checkpoint"].clone()).unwrap();
    let reader = LogReader::open_at(&new, note.clone(), key().verifier()).err();
    assert!(matches!(reader, Some(ReadError::Missing(path)) if path == "tile/1/000.p/1"));
    // Level 1 is not full yet, so its older partial tile is still served.
    new.0.insert("tile/1/000.p/1".to_owned(), old.0["tile/1/000.p/1"].clone());
    let verified = LogReader::open_at(&new, note, key().verifier()).unwrap().verify(|_| ()).unwrap();
    assert_eq!(verified.checkpoint, Checkpoint::new("sanbian.example/test", 300, root_of(&entries(300))));
}

#[test]
fn a_folder_reads_like_any_other_place() {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in Published::of(&entries(300), &key()).0 {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let log = Folder(folder.path().to_owned());
    let verified = LogReader::open(log.clone(), key().verifier()).unwrap().verify(|_| ()).unwrap();
    assert_eq!(verified.checkpoint.size, 300);
    fs::remove_file(folder.path().join("tile/0/000")).unwrap();
    let mut reader = LogReader::open(log, key().verifier()).unwrap();
    assert!(matches!(reader.entry(3), Err(ReadError::Missing(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_entry_has_a_proof(count in 1u64..1400, at in any::<prop::sample::Index>()) {
        let entries = entries(count);
        let published = Published::of(&entries, &key());
        let mut reader = LogReader::open(&published, key().verifier()).unwrap();
        let index = at.index(entries.len());
        let proof = reader.inclusion(index as u64).unwrap();
        prop_assert_eq!(proof.verify(&entries[index], key().verifier()).unwrap().size, count);
        merkle::check_inclusion(index as u64, count, Hash::of_leaf(&entries[index]), &proof.hashes, root_of(&entries)).unwrap();
    }
}
