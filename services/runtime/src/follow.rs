//! Hearing of others: each service reads the one ordered log and keeps its place in the transaction that applies what it read.

use crate::{Refusal, Tx, peers::Peers};
use sanbian_domain::fact::Entry;
use sanbian_proto::ledger::v1::{LogEntry, ReadLogRequest};
use sqlx::{PgPool, Row};
use std::{future::Future, time::Duration};
use tokio_util::sync::CancellationToken;

/// What a service does with entries it follows.
pub trait Reader: Send + Sync + 'static {
    /// Name of the place kept, unique within the service's schema.
    const NAME: &'static str;

    /// Whether entries of this kind matter here; others are passed over.
    fn wants(&self, kind: &str) -> bool;

    /// Applies one entry inside the transaction that also moves the place: each entry is applied exactly once.
    ///
    /// An error rolls the batch back and it is tried again: return one only for faults that pass.
    fn apply(&self, tx: &mut Tx, index: u64, entry: &Entry) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Called after a commit that applied something: the place to wake rooms and feeds.
    fn committed(&self) {}
}

/// Entries read at a time.
const BATCH: u32 = 500;
/// How long a read waits for the first new entry.
const WAIT: Duration = Duration::from_secs(2);

/// Follows the log until `stop`. Faults are retried for ever, with a growing pause of at most five seconds.
pub async fn follow<R: Reader>(reader: R, pool: PgPool, peers: Peers, stop: CancellationToken) {
    let mut pause = Duration::from_millis(50);
    while !stop.is_cancelled() {
        let round = tokio::select! {
            () = stop.cancelled() => return,
            round = batch(&reader, &pool, &peers) => round,
        };
        match round {
            Ok(()) => pause = Duration::from_millis(50),
            Err(error) => {
                metrics::counter!("sanbian_follow_errors_total", "reader" => R::NAME).increment(1);
                tracing::error!(reader = R::NAME, %error, "reading the log failed; it will be tried again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
            }
        }
    }
}

/// The index of the next entry that `reader` has not applied yet.
///
/// # Errors
/// Where the database fails.
pub async fn place(pool: &PgPool, reader: &str) -> Result<u64, Refusal> {
    let row = sqlx::query("SELECT next_index FROM cursor WHERE reader = $1").bind(reader).fetch_optional(pool).await?;
    u64::try_from(row.map_or(0, |row| row.get::<i64, _>(0))).map_err(Refusal::internal)
}

async fn batch<R: Reader>(reader: &R, pool: &PgPool, peers: &Peers) -> Result<(), Refusal> {
    let from = place(pool, R::NAME).await?;
    let request = ReadLogRequest { from, limit: BATCH, wait_ms: u32::try_from(WAIT.as_millis()).unwrap_or(u32::MAX) };
    let entries = peers.ledger().read(request).await?.into_inner().items;
    let Some(last) = entries.last() else { return Ok(()) };
    let next = i64::try_from(last.index + 1).map_err(Refusal::internal)?;
    let mut tx = pool.begin().await?;
    // Two followers of one name (a second process, a restart that overlaps) meet here: the later one waits, then finds its place moved.
    sqlx::query("INSERT INTO cursor (reader, next_index) VALUES ($1, 0) ON CONFLICT DO NOTHING")
        .bind(R::NAME)
        .execute(&mut *tx)
        .await?;
    let held: i64 = sqlx::query_scalar("SELECT next_index FROM cursor WHERE reader = $1 FOR UPDATE")
        .bind(R::NAME)
        .fetch_one(&mut *tx)
        .await?;
    if u64::try_from(held) != Ok(from) {
        return Ok(());
    }
    let mut applied = false;
    for LogEntry { index, entry, .. } in &entries {
        let entry = Entry::from_bytes(entry.as_bytes()).map_err(Refusal::internal)?;
        if reader.wants(entry.fact.kind()) {
            reader.apply(&mut tx, *index, &entry).await?;
            applied = true;
        }
    }
    sqlx::query("UPDATE cursor SET next_index = $2 WHERE reader = $1")
        .bind(R::NAME)
        .bind(next)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    if applied {
        crate::log::APPENDED.notify_one();
        reader.committed();
    }
    Ok(())
}
