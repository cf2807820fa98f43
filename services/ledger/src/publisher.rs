//! Publishing: from the database's committed log to static files, the checkpoint last.
//!
//! What is published is read from the database, never from memory, so that publishing again after a crash is the same work. Every
//! file but the checkpoint is a pure function of the log and never changes; writing it twice does no harm.

use crate::{
    bundle,
    checkpoint::Checkpoint,
    fault::{Faults, Step, step},
    hash::Hash,
    key::VerifierKey,
    merkle::Span,
    sequencer::Refused,
    store::{self, Locked},
    tiles::{Bundle, CHECKPOINT, Tile, needed, root_of_span},
};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path};
use sqlx::PgPool;
use std::{collections::BTreeMap, sync::Arc};

/// Files written at once.
const WRITES: usize = 8;
/// Tiles read from the database at once.
const CHUNK: usize = 64;

/// The public files in a folder. Each is written beside its place, flushed to disk and renamed, so that a reader never sees half of
/// one and a power cut never leaves a checkpoint without its tiles.
///
/// # Errors
/// Where the folder can't be made.
pub fn folder(path: &std::path::Path) -> anyhow::Result<Arc<dyn ObjectStore>> {
    std::fs::create_dir_all(path)?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true).with_automatic_cleanup(true)))
}

/// See the module.
pub struct Publisher {
    pool: PgPool,
    store: Arc<dyn ObjectStore>,
    key: VerifierKey,
    faults: Arc<dyn Faults>,
    /// The checkpoint last seen or written in the store, and its size.
    published: Option<(String, u64)>,
}

impl Publisher {
    /// A publisher that has not looked yet.
    pub fn new(pool: PgPool, store: Arc<dyn ObjectStore>, key: VerifierKey, faults: Arc<dyn Faults>) -> Self {
        Self { pool, store, key, faults, published: None }
    }

    /// Publishes the log up to `locked`, a checkpoint that is committed; what is there already is not written again.
    ///
    /// # Errors
    /// [`Refused`] where the store's log and the database's do not fit, or that the store or the database fails. In both cases
    /// the published checkpoint is whole and every file it needs is there.
    pub async fn publish(&mut self, locked: &Locked) -> anyhow::Result<()> {
        let from = self.reconcile(locked).await?;
        if from == Some(locked.size) {
            return Ok(());
        }
        let (from, to) = (from.unwrap_or(0), locked.size);
        let grown: Vec<Tile> = Tile::grown(from, to).collect();
        for chunk in grown.chunks(CHUNK) {
            self.publish_tiles(chunk).await?;
        }
        step(self.faults.as_ref(), Step::PutCheckpoint, self.put(CHECKPOINT, locked.note.clone().into_bytes())).await?;
        self.published = Some((locked.note.clone(), to));
        // The new checkpoint stands; what it made superfluous may as well stay if this fails.
        let replaced = |tile: &&Tile| tile.is_full() && Tile::of(tile.level, tile.index, from).is_some();
        let replaced: Vec<Tile> = grown.iter().filter(replaced).copied().collect();
        if !replaced.is_empty()
            && let Err(error) = step(self.faults.as_ref(), Step::Prune, self.prune(&replaced)).await
        {
            tracing::warn!(%error, "partial tiles that full ones replaced could not be removed");
        }
        Ok(())
    }

    /// Size of the published log, after making sure that it is how the database's log begins; none where nothing is published.
    async fn reconcile(&mut self, locked: &Locked) -> anyhow::Result<Option<u64>> {
        let note = match self.store.get(&Path::from(CHECKPOINT)).await {
            Ok(found) => String::from_utf8_lossy(&found.bytes().await?).into_owned(),
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if let Some((known, size)) = &self.published
            && *known == note
            && *size <= locked.size
        {
            return Ok(Some(*size));
        }
        let published = Checkpoint::open(&note, &self.key)
            .map_err(|error| Refused::OtherKey { place: "store", why: error.to_string() })?;
        if published.size > locked.size {
            return Err(Refused::SetBack { published: published.size, locked: locked.size }.into());
        }
        if self.root_at(published.size).await? != published.root {
            return Err(Refused::Forked { size: published.size }.into());
        }
        self.published = Some((note, published.size));
        Ok(Some(published.size))
    }

    /// Root of the database's log when it had `size` entries.
    async fn root_at(&self, size: u64) -> anyhow::Result<Hash> {
        let whole = Span::tree(size);
        let tiles = store::tiles(&self.pool, needed(&[whole], size)).await?;
        root_of_span(whole, size, |tile| Ok(tiles[&tile].as_slice()))
    }

    async fn publish_tiles(&self, tiles: &[Tile]) -> anyhow::Result<()> {
        let hashes = store::tiles(&self.pool, tiles.iter().copied()).await?;
        let mut files = Vec::new();
        for tile in tiles {
            files.push(File::Tile(*tile));
            if tile.level == 0 {
                files.push(File::Bundle(Bundle { index: tile.index, width: tile.width }));
            }
        }
        stream::iter(files.into_iter().map(|file| self.publish_file(file, &hashes)))
            .buffer_unordered(WRITES)
            .try_collect::<()>()
            .await
    }

    async fn publish_file(&self, file: File, hashes: &BTreeMap<Tile, Vec<Hash>>) -> anyhow::Result<()> {
        let (path, bytes) = match file {
            File::Tile(tile) => (tile.path(), Hash::concat(&hashes[&tile])),
            File::Bundle(bundle) => (bundle.path(), self.bundle(bundle).await?),
        };
        step(self.faults.as_ref(), Step::PutTile, self.put(&path, bytes)).await
    }

    async fn bundle(&self, bundle: Bundle) -> anyhow::Result<Vec<u8>> {
        let entries = store::entries(&self.pool, bundle.entries()).await?;
        let mut bytes = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 2).sum());
        entries.iter().try_for_each(|entry| bundle::push(&mut bytes, entry))?;
        Ok(bytes)
    }

    async fn put(&self, path: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.store.put(&Path::parse(path)?, PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Removes the partial forms of tiles that are full now, and of their bundles.
    async fn prune(&self, full: &[Tile]) -> anyhow::Result<()> {
        for tile in full {
            let bundle = (tile.level == 0).then(|| Bundle { index: tile.index, width: tile.width }.partials());
            for folder in [Some(tile.partials()), bundle].into_iter().flatten() {
                let listed = self.store.list(Some(&Path::parse(&folder)?)).map_ok(|meta| meta.location).boxed();
                self.store.delete_stream(listed).try_collect::<Vec<_>>().await?;
            }
        }
        Ok(())
    }
}

enum File {
    Tile(Tile),
    Bundle(Bundle),
}
