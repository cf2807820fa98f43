//! The one sequencer: gives committed entries their index, grows the tree, and moves the checkpoint, all in one transaction.
//!
//! It holds an advisory lock on its own connection while it lives, and swaps the checkpoint only for the one it built on: were
//! the lock lost unnoticed, the swap would still fail. After any error the sequencer is thrown away with its connection and opened
//! again from what the database holds, so that a commit whose answer was lost is neither lost nor done twice.

use crate::{
    checkpoint::Checkpoint,
    envelope::{Envelope, EnvelopeError},
    fault::{Faults, Step, step},
    hash::Hash,
    key::SigningKey,
    store::{self, Locked, NotStaged, Prepared},
    tiles::Tile,
    tree::TileTree,
};
use anyhow::{Context as _, anyhow};
use sqlx::{Connection, PgConnection, PgPool};
use std::{borrow::Cow, sync::Arc};

/// Entries of a batch at most: small enough that a busy machine still signs well within the second.
pub const BATCH_ENTRIES: i64 = 4096;
/// Bytes of a batch, about, at most.
const BATCH_BYTES: i64 = 16 * 1024 * 1024;

/// Why the log does not go on. None of these passes by itself: going on would fork the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Another sequencer holds the lock.
    #[error("another sequencer runs on this database")]
    OtherSequencer,
    /// The checkpoint in the database or in the store was signed by another key, or is another log's.
    #[error("the {place}'s checkpoint is not of this log and key: {why}")]
    OtherKey {
        /// `database` or `store`.
        place: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The database's checkpoint is not the one that was signed, or its tiles do not hash to it.
    #[error("the database's checkpoint of {size} entries is not the one that was signed, or not that of its tiles")]
    Broken {
        /// The checkpoint's size.
        size: u64,
    },
    /// More was published than the database knows: it was restored from a backup, or lost commits in a failover.
    #[error("{published} entries are published, but the database knows {locked}: it was set back")]
    SetBack {
        /// Entries in the published checkpoint.
        published: u64,
        /// Entries in the database's.
        locked: u64,
    },
    /// What is published is not how the database's log begins.
    #[error("the published log of {size} entries is not how the database's log begins: they have forked")]
    Forked {
        /// Entries in the published checkpoint.
        size: u64,
    },
    /// Somebody else moved the checkpoint.
    #[error("the checkpoint of {size} entries was moved by somebody else")]
    LostSwap {
        /// The size it was thought to have.
        size: u64,
    },
}

/// See the module.
pub struct Sequencer {
    connection: PgConnection,
    key: Arc<SigningKey>,
    faults: Arc<dyn Faults>,
    locked: Locked,
    tree: TileTree,
}

impl Sequencer {
    /// Takes the lock on a connection of its own and reads where the log stands; signs the empty tree where there is none.
    ///
    /// # Errors
    /// [`Refused`], or that the database fails.
    pub async fn open(pool: &PgPool, key: Arc<SigningKey>, faults: Arc<dyn Faults>) -> anyhow::Result<Self> {
        // Taken out of the pool: when it is dropped it is closed, and the lock goes with it.
        let mut connection = pool.acquire().await?.detach();
        if !store::try_lock(&mut connection).await? {
            return Err(Refused::OtherSequencer.into());
        }
        let locked = match store::checkpoint(&mut connection).await? {
            Some(locked) => locked,
            None => {
                let root = Hash::of_nothing();
                let first = Locked { size: 0, root, note: Checkpoint::signed(0, root, &key) };
                store::insert_checkpoint(&mut connection, &first).await?;
                first
            }
        };
        let signed = Checkpoint::open(&locked.note, key.verifier())
            .map_err(|error| Refused::OtherKey { place: "database", why: error.to_string() })?;
        let broken = Refused::Broken { size: locked.size };
        if (signed.size, signed.root) != (locked.size, locked.root) {
            return Err(broken.into());
        }
        let mut edge = match store::tiles(&mut connection, TileTree::edge_tiles(locked.size)).await {
            Err(error) if error.is::<NotStaged>() => return Err(broken.into()),
            found => found?,
        };
        let tree = TileTree::from_edge(locked.size, |tile| edge.remove(&tile)).expect("each tile as wide as asked for");
        if tree.root() != locked.root {
            return Err(broken.into());
        }
        Ok(Self { connection, key, faults, locked, tree })
    }

    /// Where the log stands.
    pub const fn locked(&self) -> &Locked {
        &self.locked
    }

    /// Sequences what waits, at most one batch, and says how many entries that was.
    ///
    /// # Errors
    /// The sequencer must then be dropped and opened anew: whether the batch was committed is known from the database alone.
    pub async fn sequence(&mut self) -> anyhow::Result<usize> {
        if !store::waiting(&mut self.connection).await? {
            return Ok(0);
        }
        let faults = self.faults.as_ref();
        let mut transaction = self.connection.begin().await?;
        // Whatever the cluster's default: what was published must never be more than what is on disk.
        sqlx::query!("SET LOCAL synchronous_commit = on").execute(&mut *transaction).await?;
        let taken = step(faults, Step::Take, store::take(&mut transaction, BATCH_ENTRIES, BATCH_BYTES)).await?;
        if taken.is_empty() {
            return Ok(0);
        }
        let entries = tokio::task::spawn_blocking(|| prepare(taken)).await??;

        let mut tree = self.tree.clone();
        let mut tiles = Vec::new();
        for entry in &entries {
            tree.push(entry.leaf, |tile, hashes| tiles.push((tile, hashes)));
        }
        let old_size = self.locked.size;
        let grown = tree.edge().filter(|(tile, _)| Tile::of(tile.level, tile.index, old_size) != Some(*tile));
        tiles.extend(grown.map(|(tile, hashes)| (tile, hashes.to_vec())));
        let root = tree.root();
        let new = Locked { size: tree.size(), root, note: Checkpoint::signed(tree.size(), root, &self.key) };

        step(faults, Step::Insert, store::insert_entries(&mut transaction, old_size, &entries)).await?;
        step(faults, Step::Stage, store::put_tiles(&mut transaction, &tiles)).await?;
        if !step(faults, Step::Swap, store::swap_checkpoint(&mut transaction, &self.locked, &new)).await? {
            return Err(Refused::LostSwap { size: old_size }.into());
        }
        step(faults, Step::Commit, transaction.commit()).await?;
        self.tree = tree;
        self.locked = new;
        Ok(entries.len())
    }

    /// Gives the lock back and closes the connection.
    pub async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the sequencer's connection did not close cleanly");
        }
    }
}

/// Canonical bytes, envelope and leaf hash of each entry. An entry that is none stops the log: to leave it out would be to lose an
/// acknowledged act's record. The outbox refuses such entries, so it can't come from a service.
fn prepare(taken: Vec<(i64, Vec<u8>)>) -> anyhow::Result<Vec<Prepared>> {
    let prepare = |(id, body): (i64, Vec<u8>)| {
        let (envelope, bytes) = Envelope::canonicalise(&body)
            .map_err(|error: EnvelopeError| anyhow!(error))
            .with_context(|| format!("outbox entry {id} can't be an entry of the log"))?;
        let leaf = Hash::of_leaf(&bytes);
        let rewritten = match bytes {
            Cow::Borrowed(_) => None,
            Cow::Owned(bytes) => Some(bytes),
        };
        if rewritten.is_some() {
            tracing::warn!(id, kind = envelope.kind, "an entry was not canonical and was rewritten");
        }
        Ok(Prepared { envelope, bytes: rewritten.unwrap_or(body), leaf })
    };
    taken.into_iter().map(prepare).collect()
}
