//! Statements and bank lines.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::ids::{AccountId, BankLineId};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// A line as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct LineRow {
    pub(crate) id: Uuid,
    pub(crate) bank_line: String,
    pub(crate) booked_on: NaiveDate,
    pub(crate) direction: String,
    pub(crate) amount_fen: i64,
    pub(crate) sealed: Vec<u8>,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
}

impl LineRow {
    pub(crate) fn id(&self) -> BankLineId {
        BankLineId(self.id)
    }
}

pub(crate) async fn add_statement(
    tx: &mut Tx,
    digest: &str,
    by: AccountId,
    at: DateTime<Utc>,
    lines: u32,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.statement (digest, imported_by, imported_at, lines) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        digest,
        by.0,
        at,
        i32::try_from(lines).map_err(Refusal::internal)?
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The fingerprint of a line seen before.
pub(crate) async fn fingerprint(tx: &mut Tx, bank_line: &str) -> Result<Option<Vec<u8>>, Refusal> {
    Ok(sqlx::query_scalar!("SELECT fingerprint FROM settlement.bank_line WHERE bank_line = $1", bank_line)
        .fetch_optional(&mut **tx)
        .await?)
}

/// Keeps a line. It is `matched` until it is said to be otherwise.
pub(crate) async fn add_line(tx: &mut Tx, row: &LineRow, statement: &str, fingerprint: &[u8]) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.bank_line (id, bank_line, statement, booked_on, direction, amount_fen, sealed, fingerprint, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'matched')",
        row.id,
        row.bank_line,
        statement,
        row.booked_on,
        row.direction,
        row.amount_fen,
        row.sealed,
        fingerprint
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_unmatched(tx: &mut Tx, line: BankLineId, reason: &str) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.bank_line SET state = 'unmatched', reason = $2 WHERE id = $1", line.0, reason)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set_resolved(
    tx: &mut Tx,
    line: BankLineId,
    state: &str,
    by: AccountId,
    at: DateTime<Utc>,
    why: &[u8],
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.bank_line SET state = $2, resolved_by = $3, resolved_at = $4, resolved_why = $5 WHERE id = $1",
        line.0,
        state,
        by.0,
        at,
        why
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn find(db: impl PgExecutor<'_>, line: BankLineId) -> Result<Option<LineRow>, Refusal> {
    Ok(sqlx::query_as!(
        LineRow,
        "SELECT id, bank_line, booked_on, direction, amount_fen, sealed, state, reason FROM settlement.bank_line WHERE id = $1",
        line.0
    )
    .fetch_optional(db)
    .await?)
}

pub(crate) async fn lock(tx: &mut Tx, line: BankLineId) -> Result<Option<LineRow>, Refusal> {
    Ok(sqlx::query_as!(
        LineRow,
        "SELECT id, bank_line, booked_on, direction, amount_fen, sealed, state, reason FROM settlement.bank_line WHERE id = $1 FOR UPDATE",
        line.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Unmatched lines, newest first.
pub(crate) async fn unmatched(pool: &PgPool, before: Option<Uuid>, limit: i64) -> Result<Vec<LineRow>, Refusal> {
    Ok(sqlx::query_as!(
        LineRow,
        "SELECT id, bank_line, booked_on, direction, amount_fen, sealed, state, reason FROM settlement.bank_line
         WHERE state = 'unmatched' AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2",
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}
