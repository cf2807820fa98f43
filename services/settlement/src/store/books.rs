//! The books' rows.

use chrono::{DateTime, Utc};
use sanbian_domain::{ids::LotId, money::Money};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// An account's four running sums, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Balances {
    pub(crate) debits_posted: i64,
    pub(crate) credits_posted: i64,
    pub(crate) debits_pending: i64,
    pub(crate) credits_pending: i64,
}

/// An account as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) debits_posted: i64,
    pub(crate) credits_posted: i64,
    pub(crate) debits_pending: i64,
    pub(crate) credits_pending: i64,
}

/// A movement as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TransferRow {
    pub(crate) id: Uuid,
    pub(crate) seq: i64,
    pub(crate) debit_code: String,
    pub(crate) credit_code: String,
    pub(crate) amount_fen: i64,
    pub(crate) state: String,
    pub(crate) reason: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) settled_at: Option<DateTime<Utc>>,
}

/// Every writer of the books waits here for the one before it: acts lock several accounts, and in different orders.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), Refusal> {
    sqlx::query!(r#"SELECT 1 AS "held!" FROM (SELECT pg_advisory_xact_lock(20200007)) AS books"#)
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn open(tx: &mut Tx, id: Uuid, code: &str, owed: bool, advanced: bool) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.account (id, code, debits_must_not_exceed_credits, credits_must_not_exceed_debits)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        id,
        code,
        owed,
        advanced
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn balances(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Balances>, Refusal> {
    Ok(sqlx::query_as!(
        Balances,
        "SELECT debits_posted, credits_posted, debits_pending, credits_pending FROM settlement.account WHERE id = $1",
        id
    )
    .fetch_optional(db)
    .await?)
}

/// Adds a movement; false where its id is known.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    (debit, credit): (Uuid, Uuid),
    amount: Money,
    (state, reason): (&str, &str),
    lot: Option<LotId>,
    at: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let settled = (state == "posted").then_some(at);
    let done = sqlx::query!(
        "INSERT INTO settlement.transfer (id, debit_id, credit_id, amount_fen, state, reason, lot_id, created_at, settled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT transfer_pkey DO NOTHING",
        id,
        debit,
        credit,
        amount.fen(),
        state,
        reason,
        lot.map(|lot| lot.0),
        at,
        settled
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the movement of this id is exactly this one, in whatever state.
pub(crate) async fn is_same(
    tx: &mut Tx,
    id: Uuid,
    (debit, credit): (Uuid, Uuid),
    amount: Money,
    reason: &str,
) -> Result<bool, Refusal> {
    Ok(sqlx::query_scalar!(
        r#"SELECT (debit_id, credit_id, amount_fen, reason) = ($2::uuid, $3::uuid, $4::bigint, $5::text) AS "same!"
           FROM settlement.transfer WHERE id = $1"#,
        id,
        debit,
        credit,
        amount.fen(),
        reason
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Decides a pending movement; the state it has where it is not pending, none where there is no such movement.
pub(crate) async fn decide(tx: &mut Tx, id: Uuid, state: &str, at: DateTime<Utc>) -> Result<Option<String>, Refusal> {
    let done = sqlx::query!(
        "UPDATE settlement.transfer SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'pending'",
        id,
        state,
        at
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Some("pending".to_owned()));
    }
    Ok(sqlx::query_scalar!("SELECT state FROM settlement.transfer WHERE id = $1", id).fetch_optional(&mut **tx).await?)
}

/// What a movement is of.
pub(crate) struct Parts {
    pub(crate) debit: Uuid,
    pub(crate) credit: Uuid,
    pub(crate) amount: Money,
    pub(crate) reason: String,
    pub(crate) lot: Option<LotId>,
}

pub(crate) async fn parts(tx: &mut Tx, id: Uuid) -> Result<Option<Parts>, Refusal> {
    let row = sqlx::query!(
        "SELECT debit_id, credit_id, amount_fen, reason, lot_id FROM settlement.transfer WHERE id = $1",
        id
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Parts {
        debit: row.debit_id,
        credit: row.credit_id,
        amount: Money::from_fen(row.amount_fen),
        reason: row.reason,
        lot: row.lot_id.map(LotId),
    }))
}

/// All accounts by code.
pub(crate) async fn accounts(pool: &PgPool) -> Result<Vec<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, code, debits_posted, credits_posted, debits_pending, credits_pending FROM settlement.account ORDER BY code"
    )
    .fetch_all(pool)
    .await?)
}

/// Debits less credits over all accounts, posted and pending: zero and zero, or the books are broken.
pub(crate) async fn sums(db: impl PgExecutor<'_>) -> Result<(i64, i64), Refusal> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(debits_posted) - sum(credits_posted), 0)::bigint AS "posted!",
                  coalesce(sum(debits_pending) - sum(credits_pending), 0)::bigint AS "pending!"
           FROM settlement.account"#
    )
    .fetch_one(db)
    .await?;
    Ok((row.posted, row.pending))
}

/// Movements of an account before a place in the order, newest first.
pub(crate) async fn of_account(
    pool: &PgPool,
    account: Uuid,
    before: i64,
    limit: i64,
) -> Result<Vec<TransferRow>, Refusal> {
    Ok(sqlx::query_as!(
        TransferRow,
        "SELECT t.id, t.seq, d.code AS debit_code, c.code AS credit_code, t.amount_fen, t.state, t.reason, t.created_at, t.settled_at
         FROM settlement.transfer t
         JOIN settlement.account d ON d.id = t.debit_id
         JOIN settlement.account c ON c.id = t.credit_id
         WHERE (t.debit_id = $1 OR t.credit_id = $1) AND t.seq < $2 ORDER BY t.seq DESC LIMIT $3",
        account,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// Movements of a lot's money, oldest first.
pub(crate) async fn of_lot(pool: &PgPool, lot: LotId) -> Result<Vec<TransferRow>, Refusal> {
    Ok(sqlx::query_as!(
        TransferRow,
        "SELECT t.id, t.seq, d.code AS debit_code, c.code AS credit_code, t.amount_fen, t.state, t.reason, t.created_at, t.settled_at
         FROM settlement.transfer t
         JOIN settlement.account d ON d.id = t.debit_id
         JOIN settlement.account c ON c.id = t.credit_id
         WHERE t.lot_id = $1 ORDER BY t.seq",
        lot.0
    )
    .fetch_all(pool)
    .await?)
}
