//! Payouts.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::ids::{AccountId, BankLineId, PayoutId};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// A payout as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct PayoutRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) lot_id: Option<Uuid>,
    pub(crate) registration_id: Option<Uuid>,
    pub(crate) contract_id: Option<Uuid>,
    pub(crate) amount_fen: i64,
    pub(crate) transfer_id: Uuid,
    pub(crate) payee: Option<Vec<u8>>,
    pub(crate) reference: String,
    pub(crate) state: String,
    pub(crate) due_on: Option<NaiveDate>,
    pub(crate) ordered_at: DateTime<Utc>,
    pub(crate) ordered_by: Option<Uuid>,
    pub(crate) paid_at: Option<DateTime<Utc>>,
}

impl PayoutRow {
    pub(crate) fn id(&self) -> PayoutId {
        PayoutId(self.id)
    }
}

pub(crate) async fn insert(tx: &mut Tx, row: &PayoutRow) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.payout
             (id, kind, lot_id, registration_id, contract_id, amount_fen, transfer_id, payee, reference, state, due_on, ordered_at, ordered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ordered', $10, $11, $12)",
        row.id,
        row.kind,
        row.lot_id,
        row.registration_id,
        row.contract_id,
        row.amount_fen,
        row.transfer_id,
        row.payee,
        row.reference,
        row.due_on,
        row.ordered_at,
        row.ordered_by
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn knows_reference(tx: &mut Tx, reference: &str) -> Result<bool, Refusal> {
    let row = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM settlement.payout WHERE reference = $1)
               OR EXISTS (SELECT 1 FROM settlement.contract WHERE reference = $1)
               OR EXISTS (SELECT 1 FROM settlement.deposit WHERE reference = $1) AS "known!""#,
        reference
    );
    Ok(row.fetch_one(&mut **tx).await?)
}

pub(crate) async fn find(db: impl PgExecutor<'_>, id: PayoutId) -> Result<Option<PayoutRow>, Refusal> {
    Ok(sqlx::query_as!(
        PayoutRow,
        "SELECT id, kind, lot_id, registration_id, contract_id, amount_fen, transfer_id, payee, reference, state, due_on, ordered_at, ordered_by,
                paid_at
         FROM settlement.payout WHERE id = $1",
        id.0
    )
    .fetch_optional(db)
    .await?)
}

pub(crate) async fn lock(tx: &mut Tx, id: PayoutId) -> Result<Option<PayoutRow>, Refusal> {
    Ok(sqlx::query_as!(
        PayoutRow,
        "SELECT id, kind, lot_id, registration_id, contract_id, amount_fen, transfer_id, payee, reference, state, due_on, ordered_at, ordered_by,
                paid_at
         FROM settlement.payout WHERE id = $1 FOR UPDATE",
        id.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

pub(crate) async fn lock_reference(tx: &mut Tx, reference: &str) -> Result<Option<PayoutRow>, Refusal> {
    Ok(sqlx::query_as!(
        PayoutRow,
        "SELECT id, kind, lot_id, registration_id, contract_id, amount_fen, transfer_id, payee, reference, state, due_on, ordered_at, ordered_by,
                paid_at
         FROM settlement.payout WHERE reference = $1 FOR UPDATE",
        reference
    )
    .fetch_optional(&mut **tx)
    .await?)
}

pub(crate) async fn approve(
    tx: &mut Tx,
    id: PayoutId,
    payee: &[u8],
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE settlement.payout SET state = 'approved', payee = $2, approved_by = $3, approved_at = $4 WHERE id = $1",
        id.0,
        payee,
        by.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_paid(tx: &mut Tx, id: PayoutId, line: BankLineId, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.payout SET state = 'paid', paid_line = $2, paid_at = $3 WHERE id = $1",
        id.0,
        line.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Payouts, soonest due first, after a place in that order.
pub(crate) async fn list(
    pool: &PgPool,
    state: Option<&str>,
    (due, id): (NaiveDate, Uuid),
    limit: i64,
) -> Result<Vec<PayoutRow>, Refusal> {
    Ok(sqlx::query_as!(
        PayoutRow,
        "SELECT id, kind, lot_id, registration_id, contract_id, amount_fen, transfer_id, payee, reference, state, due_on, ordered_at, ordered_by,
                paid_at
         FROM settlement.payout
         WHERE ($1::text IS NULL OR state = $1) AND (coalesce(due_on, DATE '9999-12-31'), id) > ($2::date, $3::uuid)
         ORDER BY coalesce(due_on, DATE '9999-12-31'), id LIMIT $4",
        state,
        due,
        id,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// How many payouts are past their day.
pub(crate) async fn overdue(pool: &PgPool, today: NaiveDate) -> Result<i64, Refusal> {
    let row = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM settlement.payout WHERE state <> 'paid' AND due_on < $1"#,
        today
    );
    Ok(row.fetch_one(pool).await?)
}
