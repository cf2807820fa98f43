//! Reading a published log and believing nothing of it that its signed checkpoint does not prove.
//!
//! The right edge of the tree is checked against the checkpoint's root first; every full tile is then checked against its parent,
//! every bundle against its tile. So an entry is proved **before** it is handed out, from any index on, and memory stays at one
//! tile a level and one bundle.

use crate::{
    bundle::{self, BundleError},
    checkpoint::{Checkpoint, CheckpointError},
    envelope::{Envelope, EnvelopeError},
    hash::Hash,
    key::VerifierKey,
    merkle::{self, CompactRange, ProofError, Span},
    proof::TlogProof,
    tiles::{self, Bundle, CHECKPOINT, Tile, WIDTH},
    tree::TileTree,
};
use std::{collections::BTreeMap, fs, io, path::PathBuf};

/// Where a log's files come from.
pub trait Fetch {
    /// The bytes at `path`, relative to the log's prefix; none where nothing is there.
    ///
    /// # Errors
    /// Where that can't be found out.
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
}

impl<F: Fn(&str) -> io::Result<Option<Vec<u8>>>> Fetch for F {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self(path)
    }
}

/// A log in a folder.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Fetch for Folder {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Why a log is not to be believed, or can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file can't be read.
    #[error("{path}: {source}")]
    Fetch {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file that the checkpoint promises is not there.
    #[error("{0}: not published")]
    Missing(String),
    /// The checkpoint is refused.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A tile does not have the size it must have.
    #[error("{0}: wrong number of hashes")]
    TileSize(String),
    /// The tiles at the right edge do not hash to the checkpoint's root.
    #[error("the tree's right edge does not hash to the checkpoint's root")]
    Root,
    /// A tile does not hash to what its parent says.
    #[error("{0}: does not hash to what the tile above it says")]
    Tile(String),
    /// A bundle is malformed or has another number of entries than its tile has hashes.
    #[error("{path}: {why}")]
    Bundle {
        /// Which.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// An entry is not the one whose hash is in the tree.
    #[error("entry {0} is not the one in the tree")]
    EntryHash(u64),
    /// An entry is in the tree but is not what an entry must be.
    #[error("entry {index}: {why}")]
    Entry {
        /// Which.
        index: u64,
        /// What is wrong with it.
        why: EnvelopeError,
    },
    /// The log is asked for something that can't be.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// An entry that was proved to be in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its place, from 0.
    pub index: u64,
    /// Its canonical JSON.
    pub bytes: Vec<u8>,
    /// Its envelope.
    pub envelope: Envelope,
}

/// What a whole check found, all of it in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint all of it hangs on.
    pub checkpoint: Checkpoint,
    /// Entries checked, by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Tiles of hashes checked.
    pub tiles: u64,
}

/// A published log at one checkpoint.
pub struct LogReader<F> {
    fetch: F,
    note: String,
    checkpoint: Checkpoint,
    edge: TileTree,
    /// The proved tile last used of each level.
    proved: BTreeMap<u8, (u64, Vec<Hash>)>,
    tiles: u64,
}

impl<F: Fetch> LogReader<F> {
    /// Reads the log's checkpoint, checks that `key` signed it, and checks the right edge of the tree against it.
    ///
    /// # Errors
    /// Where that fails.
    pub fn open(fetch: F, key: &VerifierKey) -> Result<Self, ReadError> {
        let bytes = get(&fetch, CHECKPOINT)?.ok_or_else(|| ReadError::Missing(CHECKPOINT.to_owned()))?;
        let note =
            String::from_utf8(bytes).map_err(|_| ReadError::Checkpoint(CheckpointError::Malformed("not UTF-8")))?;
        Self::open_at(fetch, note, key)
    }

    /// The same at a signed checkpoint already at hand.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_at(fetch: F, note: String, key: &VerifierKey) -> Result<Self, ReadError> {
        let checkpoint = Checkpoint::open(&note, key)?;
        let mut hashes = BTreeMap::new();
        for tile in TileTree::edge_tiles(checkpoint.size) {
            hashes.insert(tile, fetch_tile(&fetch, tile)?);
        }
        let tiles = u64::try_from(hashes.len()).expect("at most eight");
        let edge = TileTree::from_edge(checkpoint.size, |tile| hashes.remove(&tile))
            .expect("every tile of the edge was fetched with its width");
        if edge.root() != checkpoint.root {
            return Err(ReadError::Root);
        }
        Ok(Self { fetch, note, checkpoint, edge, proved: BTreeMap::new(), tiles })
    }

    /// The checkpoint.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The checkpoint as it was signed.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The hashes of a tile of this tree, proved.
    fn hashes(&mut self, tile: Tile) -> Result<&[Hash], ReadError> {
        if !tile.is_full() {
            // Everything partial is on the edge, which was proved at the start.
            let edge = self.edge.edge().find(|(at, _)| *at == tile);
            return Ok(edge.expect("a partial tile of this size is on the edge").1);
        }
        let known = self.proved.get(&tile.level).is_some_and(|(index, _)| *index == tile.index);
        if !known {
            let hashes = fetch_tile(&self.fetch, tile)?;
            let (index, position) = tile.parent();
            let parent = Tile::of(tile.level + 1, index, self.checkpoint.size).expect("a full tile has a parent");
            if CompactRange::of(&hashes).root() != self.hashes(parent)?[position] {
                return Err(ReadError::Tile(tile.path()));
            }
            self.tiles += 1;
            self.proved.insert(tile.level, (tile.index, hashes));
        }
        Ok(&self.proved[&tile.level].1)
    }

    /// The proved entries of one bundle.
    fn bundle(&mut self, bundle: Bundle) -> Result<Vec<Logged>, ReadError> {
        let path = bundle.path();
        let malformed = |why: String| ReadError::Bundle { path: path.clone(), why };
        let hashes = self.hashes(bundle.tile())?.to_vec();
        let (bytes, partial) = match get(&self.fetch, &path)? {
            Some(bytes) => (bytes, true),
            None => (fetch_full(&self.fetch, &path, &Bundle { width: WIDTH, ..bundle }.path())?, false),
        };
        let mut entries = bundle::split(&bytes).map_err(|error: BundleError| malformed(error.to_string()))?;
        if !partial {
            entries.truncate(hashes.len());
        }
        if entries.len() != hashes.len() {
            return Err(malformed(format!("{} entries for {} hashes", entries.len(), hashes.len())));
        }
        let entry = |(index, (bytes, hash)): (u64, (&[u8], Hash))| {
            if Hash::of_leaf(bytes) != hash {
                return Err(ReadError::EntryHash(index));
            }
            let envelope = Envelope::read(bytes).map_err(|why| ReadError::Entry { index, why })?;
            Ok(Logged { index, bytes: bytes.to_vec(), envelope })
        };
        bundle.entries().zip(entries.into_iter().zip(hashes)).map(entry).collect()
    }

    /// The entries from index `from` on to the checkpoint's end, each proved before it is given. Ends after the first error.
    pub fn entries(&mut self, from: u64) -> Entries<'_, F> {
        Entries { reader: self, next: from, ready: Vec::new().into_iter() }
    }

    /// The entry at `index`.
    ///
    /// # Errors
    /// Where it can't be read or is not proved.
    pub fn entry(&mut self, index: u64) -> Result<Logged, ReadError> {
        let beyond = ProofError::BeyondTree { index, size: self.checkpoint.size };
        self.entries(index).next().unwrap_or(Err(beyond.into()))
    }

    /// Roots of `spans`, from proved tiles.
    fn roots(&mut self, spans: &[Span]) -> Result<Vec<Hash>, ReadError> {
        let size = self.checkpoint.size;
        let mut known = BTreeMap::new();
        for tile in tiles::needed(spans, size) {
            known.insert(tile, self.hashes(tile)?.to_vec());
        }
        spans.iter().map(|span| tiles::root_of_span(*span, size, |tile| Ok(known[&tile].as_slice()))).collect()
    }

    /// The proof that entry `index` is in the log, with the checkpoint.
    ///
    /// # Errors
    /// Where the entry is beyond the log, or tiles can't be read or are not proved.
    pub fn inclusion(&mut self, index: u64) -> Result<TlogProof, ReadError> {
        let spans = merkle::inclusion_spans(index, self.checkpoint.size)?;
        Ok(TlogProof { extra: None, index, hashes: self.roots(&spans)?, checkpoint: self.note.clone() })
    }

    /// Checks that this tree began with the tree of `size` leaves and `root`: that the log only grew since then.
    ///
    /// # Errors
    /// [`ProofError::WrongRoot`] where the log was rewritten, [`ProofError::Shrunk`] where it is smaller.
    pub fn check_grown_from(&mut self, size: u64, root: Hash) -> Result<(), ReadError> {
        let proof = self.roots(&merkle::consistency_spans(size, self.checkpoint.size)?)?;
        Ok(merkle::check_consistency(size, self.checkpoint.size, root, self.checkpoint.root, &proof)?)
    }

    /// Checks the whole log: every tile and every entry. `each` sees every entry in order.
    ///
    /// # Errors
    /// The first fault found.
    pub fn verify(mut self, mut each: impl FnMut(&Logged)) -> Result<Verified, ReadError> {
        let mut kinds = BTreeMap::new();
        for logged in self.entries(0) {
            let logged = logged?;
            each(&logged);
            *kinds.entry(logged.envelope.kind).or_default() += 1;
        }
        Ok(Verified { checkpoint: self.checkpoint, kinds, tiles: self.tiles })
    }
}

/// See [`LogReader::entries`].
pub struct Entries<'a, F> {
    reader: &'a mut LogReader<F>,
    next: u64,
    ready: std::vec::IntoIter<Logged>,
}

impl<F: Fetch> Iterator for Entries<'_, F> {
    type Item = Result<Logged, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.as_slice().is_empty() {
            let bundle = Bundle::of(self.next / u64::from(WIDTH), self.reader.checkpoint.size)?;
            match self.reader.bundle(bundle) {
                Ok(entries) => self.ready = entries.into_iter(),
                Err(error) => {
                    self.next = u64::MAX;
                    return Some(Err(error));
                }
            }
        }
        let logged = self.ready.find(|logged| logged.index >= self.next)?;
        self.next = logged.index + 1;
        Some(Ok(logged))
    }
}

fn get(fetch: &impl Fetch, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
    fetch.fetch(path).map_err(|source| ReadError::Fetch { path: path.to_owned(), source })
}

/// A partial file may be gone once the full one is there.
fn fetch_full(fetch: &impl Fetch, partial: &str, full: &str) -> Result<Vec<u8>, ReadError> {
    let full = if partial == full { None } else { get(fetch, full)? };
    full.ok_or_else(|| ReadError::Missing(partial.to_owned()))
}

fn fetch_tile(fetch: &impl Fetch, tile: Tile) -> Result<Vec<Hash>, ReadError> {
    let path = tile.path();
    let bytes = match get(fetch, &path)? {
        Some(bytes) => bytes,
        None => {
            let mut bytes = fetch_full(fetch, &path, &Tile { width: WIDTH, ..tile }.path())?;
            bytes.truncate(tile.len_bytes());
            bytes
        }
    };
    Hash::list(&bytes).ok().filter(|hashes| hashes.len() == usize::from(tile.width)).ok_or(ReadError::TileSize(path))
}
