//! The use cases: reading the bus, the checkpoint, proofs, and finding entries. The log is public, so all of them are; only waiting
//! for new entries is for services, since it holds a call open.

use crate::{
    checkpoint::Checkpoint,
    hash::Hash,
    key::VerifierKey,
    merkle,
    proof::TlogProof,
    run::Ledger,
    store::{self, Locked, Stored},
    tiles,
};
use anyhow::anyhow;
use sanbian_proto::ledger::v1::{
    GetInclusionRequest, LogCheckpoint, LogEntries, LogEntry, LogInclusion, ReadLogRequest, SearchLogRequest,
};
use sanbian_runtime::{Context, Refusal};
use sqlx::PgPool;
use std::time::Duration;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout_at},
};

/// Entries of one read at most, and where the caller does not say.
const READ_LIMIT: u32 = 1000;
/// Bytes of one read, about, at most: below the 4 MiB that a gRPC message may have.
const READ_BYTES: usize = 2 * 1024 * 1024;
/// Longest wait for a new entry, in milliseconds.
const WAIT_MS: u32 = 10_000;
/// Entries found at once at most, and where the caller does not say.
const SEARCH_LIMIT: u32 = 200;
const SEARCH_USUAL: u32 = 50;

/// See the module.
#[derive(Clone)]
pub struct Service {
    pool: PgPool,
    key: VerifierKey,
    committed: watch::Receiver<Locked>,
}

/// A fault of the store as a refusal: the database's own ones say whether trying again helps.
fn fault(error: anyhow::Error) -> Refusal {
    match error.downcast::<sqlx::Error>() {
        Ok(error) => error.into(),
        Err(error) => Refusal::internal(format!("{error:#}")),
    }
}

impl Service {
    /// The service of a running log.
    pub fn new(ledger: &Ledger) -> Self {
        Self { pool: ledger.pool().clone(), key: ledger.verifier().clone(), committed: ledger.committed() }
    }

    /// Entries from an index on, in order: the bus. Waits for the first one where asked to.
    ///
    /// # Errors
    /// Where the caller is no service and wants to wait, or the database fails.
    pub async fn read(&self, ctx: &Context, request: ReadLogRequest) -> Result<LogEntries, Refusal> {
        if request.wait_ms > 0 {
            ctx.require_service()?;
        }
        let limit = if request.limit == 0 { READ_LIMIT } else { request.limit.min(READ_LIMIT) };
        let mut committed = self.committed.clone();
        let deadline = Instant::now() + Duration::from_millis(request.wait_ms.min(WAIT_MS).into());
        let arrived = timeout_at(deadline, committed.wait_for(|locked| locked.size > request.from))
            .await
            .map(|arrived| arrived.map(|locked| locked.size));
        let size = match arrived {
            Ok(Ok(size)) => size,
            Ok(Err(_)) => {
                // The sequencer has ended and nothing more comes; who follows must not spin on that.
                sleep_until(deadline).await;
                return Ok(LogEntries::default());
            }
            Err(_) => return Ok(LogEntries::default()),
        };
        let entries = store::read(&self.pool, request.from, limit, READ_BYTES).await.map_err(fault)?;
        let next = entries.last().map(|last| last.index + 1).filter(|next| *next < size);
        page(entries, next)
    }

    /// The newest committed checkpoint.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn checkpoint(&self, _: &Context) -> Result<LogCheckpoint, Refusal> {
        Ok(self.describe(&self.locked().await?))
    }

    /// The proof that an entry is in the log.
    ///
    /// # Errors
    /// Where there is no such entry, or the database fails.
    pub async fn inclusion(&self, _: &Context, request: GetInclusionRequest) -> Result<LogInclusion, Refusal> {
        let index = request.index;
        let locked = self.locked().await?;
        let spans =
            merkle::inclusion_spans(index, locked.size).map_err(|_| Refusal::not_found("存证记录", "log entry"))?;
        let tiles = store::tiles(&self.pool, tiles::needed(&spans, locked.size)).await.map_err(fault)?;
        let roots = spans
            .iter()
            .map(|span| tiles::root_of_span(*span, locked.size, |tile| Ok::<_, Refusal>(tiles[&tile].as_slice())));
        let hashes = roots.collect::<Result<Vec<Hash>, _>>()?;
        let mut entry = store::entries(&self.pool, index..index + 1).await.map_err(fault)?;
        let bytes = entry.pop().ok_or_else(|| Refusal::internal("an entry of the log is missing"))?;
        // Checked before it is given: a proof that does not hold would be worse than none.
        merkle::check_inclusion(index, locked.size, Hash::of_leaf(&bytes), &hashes, locked.root)
            .map_err(Refusal::internal)?;
        let proof = TlogProof { extra: None, index, hashes: hashes.clone(), checkpoint: locked.note.clone() };
        Ok(LogInclusion {
            entry: Some(entry_of(Stored { index, bytes })?),
            hashes: hashes.iter().map(|hash| hex::encode(hash.0)).collect(),
            checkpoint: Some(self.describe(&locked)),
            proof: proof.to_string(),
        })
    }

    /// Entries by subject, kind and actor, newest first.
    ///
    /// # Errors
    /// Where the cursor can't be read or the database fails.
    pub async fn search(&self, _: &Context, request: SearchLogRequest) -> Result<LogEntries, Refusal> {
        let before: Option<u64> = request
            .cursor
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| Refusal::malformed("cursor", error))?;
        let limit = request.limit.unwrap_or(SEARCH_USUAL).clamp(1, SEARCH_LIMIT);
        let (subject, kind, actor) = (request.subject.as_deref(), request.kind.as_deref(), request.actor.as_deref());
        // One more than asked for tells whether there is a next page.
        let before = before.map(|before| before.min(i64::MAX.unsigned_abs()));
        let mut entries = store::search(&self.pool, subject, kind, actor, before, limit + 1).await.map_err(fault)?;
        let more = entries.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            entries.pop();
        }
        let next = entries.last().map(|last| last.index).filter(|_| more);
        page(entries, next)
    }

    async fn locked(&self) -> Result<Locked, Refusal> {
        let locked = store::checkpoint(&self.pool).await.map_err(fault)?;
        locked.ok_or_else(|| fault(anyhow!("the log has no checkpoint")))
    }

    fn describe(&self, locked: &Locked) -> LogCheckpoint {
        debug_assert!(Checkpoint::open(&locked.note, &self.key).is_ok(), "what is committed is signed");
        LogCheckpoint {
            size: locked.size,
            root: hex::encode(locked.root.0),
            note: locked.note.clone(),
            vkey: self.key.to_string(),
        }
    }
}

fn entry_of(stored: Stored) -> Result<LogEntry, Refusal> {
    let leaf_hash = hex::encode(Hash::of_leaf(&stored.bytes).0);
    let entry = String::from_utf8(stored.bytes).map_err(Refusal::internal)?;
    Ok(LogEntry { index: stored.index, entry, leaf_hash })
}

fn page(entries: Vec<Stored>, next: Option<u64>) -> Result<LogEntries, Refusal> {
    let items = entries.into_iter().map(entry_of).collect::<Result<_, _>>()?;
    Ok(LogEntries { items, next_cursor: next.map(|next| next.to_string()) })
}
