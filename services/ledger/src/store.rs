//! All the ledger's SQL.

use crate::{envelope::Envelope, hash::Hash, tiles::Tile};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use sqlx::{PgConnection, PgExecutor};
use std::{collections::BTreeMap, ops::Range};

/// The advisory lock that one sequencer of a database holds while it runs. Any number of our own will do.
const SEQUENCER_LOCK: i64 = 0x5a4e_4c4f_4731;

/// The newest checkpoint as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Signed note of both.
    pub note: String,
}

/// An entry ready to be inserted.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What it is found by.
    pub envelope: Envelope,
    /// Canonical bytes.
    pub bytes: Vec<u8>,
    /// Their hash in the tree.
    pub leaf: Hash,
}

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Place in the log.
    pub index: u64,
    /// Canonical JSON.
    pub bytes: Vec<u8>,
}

fn signed(value: u64) -> anyhow::Result<i64> {
    i64::try_from(value).context("beyond what the database counts")
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).expect("a constraint keeps sizes and indices from being negative")
}

/// Takes the sequencer's lock for as long as the connection lives, if nobody has it.
pub async fn try_lock(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let got = sqlx::query_scalar!("SELECT pg_try_advisory_lock($1)", SEQUENCER_LOCK).fetch_one(connection).await?;
    Ok(got == Some(true))
}

/// The newest checkpoint; none before the first start.
pub async fn checkpoint(executor: impl PgExecutor<'_>) -> anyhow::Result<Option<Locked>> {
    let row = sqlx::query!("SELECT size, root, note FROM ledger.checkpoint").fetch_optional(executor).await?;
    row.map(|row| {
        let root = Hash::try_from(row.root.as_slice())?;
        Ok(Locked { size: unsigned(row.size), root, note: row.note })
    })
    .transpose()
}

/// The first checkpoint, of the empty tree.
pub async fn insert_checkpoint(connection: &mut PgConnection, first: &Locked) -> anyhow::Result<()> {
    sqlx::query!(
        "INSERT INTO ledger.checkpoint (size, root, note) VALUES ($1, $2, $3)",
        signed(first.size)?,
        &first.root.0,
        first.note
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts `new` in the place of `old`. False where the checkpoint is not `old`: somebody else has moved it.
pub async fn swap_checkpoint(connection: &mut PgConnection, old: &Locked, new: &Locked) -> anyhow::Result<bool> {
    let swapped = sqlx::query!(
        "UPDATE ledger.checkpoint SET size = $1, root = $2, note = $3 WHERE size = $4 AND root = $5",
        signed(new.size)?,
        &new.root.0,
        new.note,
        signed(old.size)?,
        &old.root.0
    )
    .execute(connection)
    .await?;
    Ok(swapped.rows_affected() == 1)
}

/// Whether anything waits.
pub async fn waiting(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let waiting = sqlx::query_scalar!("SELECT EXISTS (SELECT FROM ledger.outbox)").fetch_one(connection).await?;
    Ok(waiting == Some(true))
}

/// Takes the oldest of the committed entries that wait, at most `entries` of them and about `bytes` (but one at least), out of
/// the outbox.
pub async fn take(connection: &mut PgConnection, entries: i64, bytes: i64) -> sqlx::Result<Vec<(i64, Vec<u8>)>> {
    let rows = sqlx::query!(
        "
        DELETE FROM ledger.outbox WHERE id <= (
            SELECT max(id)
            FROM (
                SELECT id, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS before
                FROM (SELECT id, body FROM ledger.outbox ORDER BY id LIMIT $1) AS oldest
            ) AS counted
            WHERE before < $2
        )
        RETURNING id, body
        ",
        entries,
        bytes
    )
    .fetch_all(connection)
    .await?;
    // One snapshot sees both: what it deletes is what it counted. Only the order of what comes back is not said.
    let mut taken: Vec<_> = rows.into_iter().map(|row| (row.id, row.body)).collect();
    taken.sort_unstable_by_key(|(id, _)| *id);
    Ok(taken)
}

/// Adds entries from index `first` on.
pub async fn insert_entries(connection: &mut PgConnection, first: u64, entries: &[Prepared]) -> anyhow::Result<()> {
    let bodies: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes.as_slice()).collect();
    let column = |of: fn(&Envelope) -> &str| entries.iter().map(|entry| of(&entry.envelope)).collect::<Vec<&str>>();
    let at: Vec<DateTime<Utc>> = entries.iter().map(|entry| entry.envelope.at).collect();
    sqlx::query!(
        "
        INSERT INTO ledger.entry (idx, body, kind, subject, actor, region, at)
        SELECT $1::bigint + place - 1, body, kind, subject, actor, region, at
        FROM unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
            WITH ORDINALITY AS given (body, kind, subject, actor, region, at, place)
        ",
        signed(first)?,
        &bodies as &[&[u8]],
        &column(|envelope| &envelope.kind) as &[&str],
        &column(|envelope| &envelope.subject) as &[&str],
        &column(|envelope| &envelope.actor) as &[&str],
        &column(|envelope| &envelope.region) as &[&str],
        &at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stages tiles: new ones, and those that grew.
pub async fn put_tiles(connection: &mut PgConnection, tiles: &[(Tile, Vec<Hash>)]) -> anyhow::Result<()> {
    let levels: Vec<i16> = tiles.iter().map(|(tile, _)| i16::from(tile.level)).collect();
    let indices = tiles.iter().map(|(tile, _)| signed(tile.index)).collect::<Result<Vec<_>, _>>()?;
    let hashes: Vec<Vec<u8>> = tiles.iter().map(|(_, hashes)| Hash::concat(hashes)).collect();
    sqlx::query!(
        "
        INSERT INTO ledger.tile (level, idx, hashes)
        SELECT level, idx, hashes FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS given (level, idx, hashes)
        ON CONFLICT (level, idx) DO UPDATE SET hashes = EXCLUDED.hashes
        ",
        &levels,
        &indices,
        &hashes
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A tile that the checkpoint needs is not in the database, or too narrow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not in the database")]
pub struct NotStaged(pub String);

/// The hashes of tiles, each as wide as asked for: a tile that has grown since still begins with them.
///
/// # Errors
/// [`NotStaged`], or that the database fails.
pub async fn tiles(
    executor: impl PgExecutor<'_>,
    tiles: impl IntoIterator<Item = Tile>,
) -> anyhow::Result<BTreeMap<Tile, Vec<Hash>>> {
    let wanted: BTreeMap<(i16, i64), Tile> = tiles
        .into_iter()
        .map(|tile| Ok(((i16::from(tile.level), signed(tile.index)?), tile)))
        .collect::<anyhow::Result<_>>()?;
    let (levels, indices): (Vec<i16>, Vec<i64>) = wanted.keys().copied().unzip();
    let rows = sqlx::query!(
        "
        SELECT level, idx, hashes FROM ledger.tile
        WHERE (level, idx) IN (SELECT level, idx FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, idx))
        ",
        &levels,
        &indices
    )
    .fetch_all(executor)
    .await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let tile = wanted[&(row.level, row.idx)];
        let bytes = row.hashes.get(..tile.len_bytes()).ok_or_else(|| NotStaged(tile.path()))?;
        found.insert(tile, Hash::list(bytes)?);
    }
    if let Some(missing) = wanted.values().find(|tile| !found.contains_key(tile)) {
        return Err(NotStaged(missing.path()).into());
    }
    Ok(found)
}

/// The entries of a range, in order and without gaps.
pub async fn entries(executor: impl PgExecutor<'_>, range: Range<u64>) -> anyhow::Result<Vec<Vec<u8>>> {
    let bodies = sqlx::query_scalar!(
        "SELECT body FROM ledger.entry WHERE idx >= $1 AND idx < $2 ORDER BY idx",
        signed(range.start)?,
        signed(range.end)?
    )
    .fetch_all(executor)
    .await?;
    anyhow::ensure!(Ok(bodies.len()) == usize::try_from(range.end - range.start), "entries of {range:?} are missing");
    Ok(bodies)
}

/// At most `limit` entries from `from` on, and about `bytes` of them (but one at least).
pub async fn read(executor: impl PgExecutor<'_>, from: u64, limit: u32, bytes: usize) -> anyhow::Result<Vec<Stored>> {
    let from = signed(from)?;
    let mut rows = sqlx::query!(
        "SELECT idx, body FROM ledger.entry WHERE idx >= $1 ORDER BY idx LIMIT $2",
        from,
        i64::from(limit)
    )
    .fetch(executor);
    let mut entries = Vec::new();
    let mut total = 0;
    while total < bytes
        && let Some(row) = rows.try_next().await?
    {
        total += row.body.len();
        entries.push(Stored { index: unsigned(row.idx), bytes: row.body });
    }
    Ok(entries)
}

/// At most `limit` entries before index `before`, newest first, of this subject, kind and actor.
pub async fn search(
    executor: impl PgExecutor<'_>,
    subject: Option<&str>,
    kind: Option<&str>,
    actor: Option<&str>,
    before: Option<u64>,
    limit: u32,
) -> anyhow::Result<Vec<Stored>> {
    let before = before.map(signed).transpose()?;
    let rows = sqlx::query!(
        "
        SELECT idx, body FROM ledger.entry
        WHERE ($1::text IS NULL OR subject = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR actor = $3)
            AND ($4::bigint IS NULL OR idx < $4)
        ORDER BY idx DESC LIMIT $5
        ",
        subject,
        kind,
        actor,
        before,
        i64::from(limit)
    )
    .fetch_all(executor)
    .await?;
    Ok(rows.into_iter().map(|row| Stored { index: unsigned(row.idx), bytes: row.body }).collect())
}
