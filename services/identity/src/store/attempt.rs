//! Attempts, and the places an account is known from.

use crate::limit::{Attempts, Limit};
use chrono::{DateTime, Utc};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// What attempts are counted under: the keyed hash of an account, a place or both.
pub type Subject = Vec<u8>;

/// Counts one attempt at each subject, all or none.
///
/// # Errors
/// The outer: the database. The inner: the latest time to try again, where any subject is blocked; then none was counted.
pub async fn count(
    tx: &mut Tx,
    subjects: &[(Subject, Limit)],
    now: DateTime<Utc>,
) -> Result<Result<(), DateTime<Utc>>, Refusal> {
    let mut sorted: Vec<_> = subjects.iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let mut counted = Vec::with_capacity(sorted.len());
    let mut blocked = None;
    for (subject, limit) in sorted {
        // A row that is not there can't be locked: make it first.
        sqlx::query!(
            "INSERT INTO identity.attempt (subject, failures, last_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING",
            subject,
            now,
        )
        .execute(&mut **tx)
        .await?;
        let before = sqlx::query_as!(
            AttemptRow,
            "SELECT failures, last_at, blocked_until FROM identity.attempt WHERE subject = $1 FOR UPDATE",
            subject,
        )
        .fetch_one(&mut **tx)
        .await?;
        match limit.attempt(before.try_into()?, now) {
            Ok(after) => counted.push((subject, after)),
            Err(until) => blocked = blocked.max(Some(until)),
        }
    }
    if let Some(until) = blocked {
        return Ok(Err(until));
    }
    for (subject, after) in counted {
        sqlx::query!(
            "UPDATE identity.attempt SET failures = $2, last_at = $3, blocked_until = $4 WHERE subject = $1",
            subject,
            i32::try_from(after.failures).unwrap_or(i32::MAX),
            after.last_at,
            after.blocked_until,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(Ok(()))
}

struct AttemptRow {
    failures: i32,
    last_at: DateTime<Utc>,
    blocked_until: Option<DateTime<Utc>>,
}

impl TryFrom<AttemptRow> for Attempts {
    type Error = Refusal;
    fn try_from(row: AttemptRow) -> Result<Self, Refusal> {
        let failures = u32::try_from(row.failures).map_err(Refusal::internal)?;
        Ok(Self { failures, last_at: row.last_at, blocked_until: row.blocked_until })
    }
}

/// Takes one counted attempt back: it was no failure, but says nothing of those before it.
pub async fn take_back(tx: &mut Tx, subject: &Subject, limit: &Limit) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE identity.attempt SET failures = greatest(failures - 1, 0),
             blocked_until = CASE WHEN failures - 1 < $2 THEN NULL ELSE blocked_until END
         WHERE subject = $1",
        subject,
        i32::try_from(limit.free).unwrap_or(i32::MAX),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets the failures at a subject: its owner has shown the right password.
pub async fn clear(tx: &mut Tx, subject: &Subject) -> Result<(), Refusal> {
    sqlx::query!("DELETE FROM identity.attempt WHERE subject = $1", subject).execute(&mut **tx).await?;
    Ok(())
}

/// Whether `account` was signed in to from `source` since `since`.
pub async fn is_known(pool: &PgPool, account: Uuid, source: &[u8], since: DateTime<Utc>) -> Result<bool, Refusal> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM identity.known_source WHERE account = $1 AND source = $2 AND last_at >= $3) AS "exists!""#,
        account,
        source,
        since,
    )
    .fetch_one(pool)
    .await?)
}

/// Remembers that `account` was signed in to from `source`.
pub async fn know(tx: &mut Tx, account: Uuid, source: &[u8], at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO identity.known_source (account, source, last_at) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT known_source_pkey DO UPDATE SET last_at = excluded.last_at",
        account,
        source,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Drops what no limit looks at any more.
pub async fn forget(
    pool: &PgPool,
    attempts_before: DateTime<Utc>,
    sources_before: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!("DELETE FROM identity.attempt WHERE last_at < $1", attempts_before).execute(pool).await?;
    sqlx::query!("DELETE FROM identity.known_source WHERE last_at < $1", sources_before).execute(pool).await?;
    Ok(())
}
