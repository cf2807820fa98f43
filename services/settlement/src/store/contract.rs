//! Contracts and what was paid for them.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{
    contract::{Side, agreement::Agreement},
    ids::{AccountId, BankLineId, ContractId, LotId, RegistrationId},
    money::Money,
};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// A contract as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ContractRow {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) lot_id: Uuid,
    pub(crate) registration_id: Uuid,
    pub(crate) state: String,
    pub(crate) account_hash: Vec<u8>,
    pub(crate) parties: Vec<u8>,
    pub(crate) agreement: String,
    pub(crate) digest: String,
    pub(crate) reference: String,
    pub(crate) due_fen: i64,
    pub(crate) deposit_applied_fen: i64,
    pub(crate) paid_fen: i64,
    pub(crate) sign_by: Option<NaiveDate>,
    pub(crate) pay_by: Option<NaiveDate>,
    pub(crate) transferor_signed_at: Option<DateTime<Utc>>,
    pub(crate) transferee_signed_at: Option<DateTime<Utc>>,
    pub(crate) term_from: Option<NaiveDate>,
    pub(crate) term_to: Option<NaiveDate>,
}

impl ContractRow {
    pub(crate) fn id(&self) -> ContractId {
        ContractId(self.id)
    }

    pub(crate) fn lot(&self) -> LotId {
        LotId(self.lot_id)
    }

    pub(crate) fn registration(&self) -> RegistrationId {
        RegistrationId(self.registration_id)
    }

    pub(crate) fn agreement(&self) -> Result<Agreement, Refusal> {
        serde_json::from_str(&self.agreement).map_err(Refusal::internal)
    }

    /// What of first payment and fee is still due. The database keeps it from falling below nothing.
    pub(crate) fn outstanding(&self) -> Money {
        Money::from_fen(self.due_fen - self.deposit_applied_fen - self.paid_fen)
    }
}

pub(crate) async fn insert(tx: &mut Tx, row: &ContractRow, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.contract
             (id, number, lot_id, registration_id, state, account_hash, parties, agreement, digest, reference, due_fen, drawn_at)
         VALUES ($1, $2, $3, $4, 'drawn', $5, $6, $7, $8, $9, $10, $11)",
        row.id,
        row.number,
        row.lot_id,
        row.registration_id,
        row.account_hash,
        row.parties,
        row.agreement,
        row.digest,
        row.reference,
        row.due_fen,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

macro_rules! select {
    ($rest:tt, $($argument:expr),* $(,)?) => {
        sqlx::query_as!(
            ContractRow,
            "SELECT id, number, lot_id, registration_id, state, account_hash, parties, agreement, digest, reference, due_fen, deposit_applied_fen,
                    paid_fen, sign_by, pay_by, transferor_signed_at, transferee_signed_at, term_from, term_to
             FROM settlement.contract "
                + $rest,
            $($argument),*
        )
    };
}

pub(crate) async fn find(db: impl PgExecutor<'_>, id: ContractId) -> Result<Option<ContractRow>, Refusal> {
    Ok(select!("WHERE id = $1", id.0).fetch_optional(db).await?)
}

pub(crate) async fn lock(tx: &mut Tx, id: ContractId) -> Result<Option<ContractRow>, Refusal> {
    Ok(select!("WHERE id = $1 FOR UPDATE", id.0).fetch_optional(&mut **tx).await?)
}

pub(crate) async fn lock_reference(tx: &mut Tx, reference: &str) -> Result<Option<ContractRow>, Refusal> {
    Ok(select!("WHERE reference = $1 FOR UPDATE", reference).fetch_optional(&mut **tx).await?)
}

/// The lot's contract that was not called off, locked.
pub(crate) async fn lock_of_lot(tx: &mut Tx, lot: LotId) -> Result<Option<ContractRow>, Refusal> {
    Ok(select!("WHERE lot_id = $1 AND state NOT IN ('defaulted', 'terminated') FOR UPDATE", lot.0)
        .fetch_optional(&mut **tx)
        .await?)
}

/// Whether a registration has a contract, in whatever state.
pub(crate) async fn is_drawn(tx: &mut Tx, registration: RegistrationId) -> Result<bool, Refusal> {
    let row = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM settlement.contract WHERE registration_id = $1) AS "drawn!""#,
        registration.0
    );
    Ok(row.fetch_one(&mut **tx).await?)
}

/// The lot's newest contract.
pub(crate) async fn of_lot(pool: &PgPool, lot: LotId) -> Result<Option<ContractRow>, Refusal> {
    Ok(select!("WHERE lot_id = $1 ORDER BY id DESC LIMIT 1", lot.0).fetch_optional(pool).await?)
}

/// Contracts of an account or in regions, newest first.
pub(crate) async fn list(
    pool: &PgPool,
    account_hash: &[u8],
    regions: &[String],
    state: Option<&str>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ContractRow>, Refusal> {
    Ok(select!(
        "WHERE (account_hash = $1 OR EXISTS (
                    SELECT 1 FROM settlement.lot l, unnest($2::text[]) AS mine (code)
                    WHERE l.lot_id = contract.lot_id AND starts_with(l.region, mine.code)))
             AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5",
        account_hash,
        regions,
        state,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// Signing may begin.
pub(crate) async fn open_signing(tx: &mut Tx, id: ContractId, sign_by: NaiveDate) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.contract SET state = 'signing', sign_by = $2 WHERE id = $1", id.0, sign_by)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Moves the days that had not yet come when the lot stood still.
pub(crate) async fn set_days(
    tx: &mut Tx,
    id: ContractId,
    sign_by: Option<NaiveDate>,
    pay_by: Option<NaiveDate>,
) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.contract SET sign_by = $2, pay_by = $3 WHERE id = $1", id.0, sign_by, pay_by)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn sign(
    tx: &mut Tx,
    id: ContractId,
    side: Side,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    match side {
        Side::Transferor => sqlx::query!(
            "UPDATE settlement.contract SET transferor_signed_at = $2, transferor_signed_by = $3 WHERE id = $1",
            id.0,
            at,
            by.0
        ),
        Side::Transferee => sqlx::query!(
            "UPDATE settlement.contract SET transferee_signed_at = $2, transferee_signed_by = $3 WHERE id = $1",
            id.0,
            at,
            by.0
        ),
    }
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Both have signed.
pub(crate) async fn complete(
    tx: &mut Tx,
    id: ContractId,
    pay_by: NaiveDate,
    term: Option<(NaiveDate, NaiveDate)>,
    deposit_applied: Money,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.contract SET state = 'signed', pay_by = $2, term_from = $3, term_to = $4, deposit_applied_fen = $5 WHERE id = $1",
        id.0,
        pay_by,
        term.map(|term| term.0),
        term.map(|term| term.1),
        deposit_applied.fen()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Counts a payment.
pub(crate) async fn pay(tx: &mut Tx, id: ContractId, line: BankLineId, amount: Money) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.contract_payment (line_id, contract_id, amount_fen) VALUES ($1, $2, $3)",
        line.0,
        id.0,
        amount.fen()
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("UPDATE settlement.contract SET paid_fen = paid_fen + $2 WHERE id = $1", id.0, amount.fen())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What was paid for a contract, by line.
pub(crate) async fn payments(tx: &mut Tx, id: ContractId) -> Result<Vec<(BankLineId, Money)>, Refusal> {
    let rows = sqlx::query!(
        "SELECT line_id, amount_fen FROM settlement.contract_payment WHERE contract_id = $1 ORDER BY line_id",
        id.0
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (BankLineId(row.line_id), Money::from_fen(row.amount_fen))).collect())
}

/// Settled, defaulted or terminated.
pub(crate) async fn end(tx: &mut Tx, id: ContractId, state: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.contract SET state = $2, ended_at = $3 WHERE id = $1", id.0, state, at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How many contracts are past their day of signing, and of payment.
pub(crate) async fn late(pool: &PgPool, today: NaiveDate) -> Result<(i64, i64), Refusal> {
    let row = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE state = 'signing' AND sign_by < $1) AS "unsigned!",
                  count(*) FILTER (WHERE state = 'signed' AND pay_by < $1) AS "unpaid!"
           FROM settlement.contract WHERE state IN ('signing', 'signed')"#,
        today
    )
    .fetch_one(pool)
    .await?;
    Ok((row.unsigned, row.unpaid))
}
