//! Deposits' rows.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{
    deposit::{Deposit, Phase},
    ids::{BankLineId, LotId, RegistrationId},
    money::Money,
};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// A deposit as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct DepositRow {
    pub(crate) registration_id: Uuid,
    pub(crate) lot_id: Uuid,
    pub(crate) holder: Vec<u8>,
    pub(crate) qualified: bool,
    pub(crate) phase: String,
    pub(crate) required_fen: i64,
    pub(crate) received_fen: i64,
    pub(crate) held_fen: i64,
    pub(crate) released_fen: i64,
    pub(crate) applied_fen: i64,
    pub(crate) forfeited_fen: i64,
    pub(crate) line_id: Option<Uuid>,
}

impl DepositRow {
    pub(crate) fn registration(&self) -> RegistrationId {
        RegistrationId(self.registration_id)
    }

    pub(crate) fn lot(&self) -> LotId {
        LotId(self.lot_id)
    }

    /// The core's deposit, whose deadline is `closes`.
    pub(crate) fn core(&self, closes: DateTime<Utc>) -> Result<Deposit, Refusal> {
        Ok(Deposit {
            lot: self.lot(),
            registration: self.registration(),
            required: Money::from_fen(self.required_fen),
            deadline: closes,
            phase: phase(&self.phase)?,
            received: Money::from_fen(self.received_fen),
            held: Money::from_fen(self.held_fen),
            released: Money::from_fen(self.released_fen),
            applied: Money::from_fen(self.applied_fen),
            forfeited: Money::from_fen(self.forfeited_fen),
        })
    }
}

fn phase(text: &str) -> Result<Phase, Refusal> {
    serde_json::from_value(text.into()).map_err(Refusal::internal)
}

fn phase_text(phase: Phase) -> &'static str {
    match phase {
        Phase::Due => "due",
        Phase::Held => "held",
        Phase::Bound => "bound",
        Phase::Released => "released",
        Phase::Applied => "applied",
        Phase::Forfeited => "forfeited",
        Phase::Divided => "divided",
    }
}

/// A new deposit; false where the registration has one.
pub(crate) async fn insert(
    tx: &mut Tx,
    deposit: &Deposit,
    reference: &str,
    account_hash: &[u8],
    holder: &[u8],
    at: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let held = (deposit.phase == Phase::Held).then_some(at);
    let done = sqlx::query!(
        "INSERT INTO settlement.deposit
             (registration_id, lot_id, reference, account_hash, holder, phase, required_fen, received_fen, held_fen, released_fen,
              applied_fen, forfeited_fen, filed_at, held_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, $8, $9) ON CONFLICT ON CONSTRAINT deposit_pkey DO NOTHING",
        deposit.registration.0,
        deposit.lot.0,
        reference,
        account_hash,
        holder,
        phase_text(deposit.phase),
        deposit.required.fen(),
        at,
        held
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what the core made of a deposit.
pub(crate) async fn save(tx: &mut Tx, deposit: &Deposit) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.deposit SET phase = $2, received_fen = $3, held_fen = $4, released_fen = $5, applied_fen = $6, forfeited_fen = $7
         WHERE registration_id = $1",
        deposit.registration.0,
        phase_text(deposit.phase),
        deposit.received.fen(),
        deposit.held.fen(),
        deposit.released.fen(),
        deposit.applied.fen(),
        deposit.forfeited.fen()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn paid_by(
    tx: &mut Tx,
    registration: RegistrationId,
    line: BankLineId,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE settlement.deposit SET line_id = $2, held_at = $3 WHERE registration_id = $1",
        registration.0,
        line.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_return_by(tx: &mut Tx, registration: RegistrationId, on: NaiveDate) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.deposit SET return_by = $2 WHERE registration_id = $1", registration.0, on)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set_released(tx: &mut Tx, registration: RegistrationId, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.deposit SET released_at = $2 WHERE registration_id = $1", registration.0, at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set_qualified(tx: &mut Tx, registration: RegistrationId) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.deposit SET qualified = true WHERE registration_id = $1", registration.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn lock(tx: &mut Tx, registration: RegistrationId) -> Result<Option<DepositRow>, Refusal> {
    Ok(sqlx::query_as!(
        DepositRow,
        "SELECT registration_id, lot_id, holder, qualified, phase, required_fen, received_fen, held_fen, released_fen, applied_fen,
                forfeited_fen, line_id
         FROM settlement.deposit WHERE registration_id = $1 FOR UPDATE",
        registration.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

pub(crate) async fn find(db: impl PgExecutor<'_>, registration: RegistrationId) -> Result<Option<DepositRow>, Refusal> {
    Ok(sqlx::query_as!(
        DepositRow,
        "SELECT registration_id, lot_id, holder, qualified, phase, required_fen, received_fen, held_fen, released_fen, applied_fen,
                forfeited_fen, line_id
         FROM settlement.deposit WHERE registration_id = $1",
        registration.0
    )
    .fetch_optional(db)
    .await?)
}

/// All deposits of a lot, locked.
pub(crate) async fn lock_lot(tx: &mut Tx, lot: LotId) -> Result<Vec<DepositRow>, Refusal> {
    Ok(sqlx::query_as!(
        DepositRow,
        "SELECT registration_id, lot_id, holder, qualified, phase, required_fen, received_fen, held_fen, released_fen, applied_fen,
                forfeited_fen, line_id
         FROM settlement.deposit WHERE lot_id = $1 ORDER BY registration_id FOR UPDATE",
        lot.0
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The deposit of a reference code.
pub(crate) async fn by_reference(db: impl PgExecutor<'_>, reference: &str) -> Result<Option<DepositRow>, Refusal> {
    Ok(sqlx::query_as!(
        DepositRow,
        "SELECT registration_id, lot_id, holder, qualified, phase, required_fen, received_fen, held_fen, released_fen, applied_fen,
                forfeited_fen, line_id
         FROM settlement.deposit WHERE reference = $1",
        reference
    )
    .fetch_optional(db)
    .await?)
}

/// A deposit with what is shown beside it.
#[derive(Clone, Debug)]
pub(crate) struct DepositShown {
    pub(crate) registration_id: Uuid,
    pub(crate) lot_id: Uuid,
    pub(crate) lot_number: String,
    pub(crate) region: String,
    pub(crate) state: String,
    pub(crate) required_fen: i64,
    pub(crate) reference: String,
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) held_at: Option<DateTime<Utc>>,
    pub(crate) return_by: Option<NaiveDate>,
    pub(crate) released_at: Option<DateTime<Utc>>,
}

/// Which deposits are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) registration: Option<RegistrationId>,
    pub(crate) account_hash: Option<&'w [u8]>,
    pub(crate) regions: Option<&'w [String]>,
    pub(crate) lot: Option<LotId>,
    pub(crate) state: Option<&'w str>,
    /// Only those before this one in the order, newest first.
    pub(crate) before: Option<Uuid>,
}

/// Deposits as they are shown, newest first. What the API calls the state follows from the core's phase and from what is still to be paid out.
pub(crate) async fn shown(pool: &PgPool, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<DepositShown>, Refusal> {
    Ok(sqlx::query_as!(
        DepositShown,
        r#"SELECT * FROM (
             SELECT d.registration_id, d.lot_id, l.number AS lot_number, l.region, d.required_fen, d.reference,
                    l.registration_closes_at AS due_at, d.held_at, d.return_by, d.released_at,
                    CASE
                        WHEN d.phase = 'bound' THEN CASE WHEN c.state = 'signed' AND c.deposit_applied_fen > 0 THEN 'applied' ELSE 'held' END
                        WHEN d.phase = 'released' AND d.held_at IS NULL THEN 'cancelled'
                        WHEN d.phase = 'released' AND d.released_at IS NULL THEN 'release-ordered'
                        WHEN d.phase = 'divided' THEN 'forfeited'
                        ELSE d.phase
                    END AS "state!"
             FROM settlement.deposit d
             JOIN settlement.lot l USING (lot_id)
             LEFT JOIN settlement.contract c ON c.registration_id = d.registration_id
             WHERE ($1::uuid IS NULL OR d.registration_id = $1) AND ($2::bytea IS NULL OR d.account_hash = $2)
                 AND ($3::text[] IS NULL OR EXISTS (SELECT 1 FROM unnest($3::text[]) AS mine (code) WHERE starts_with(l.region, mine.code)))
                 AND ($4::uuid IS NULL OR d.lot_id = $4) AND ($6::uuid IS NULL OR d.registration_id < $6)
           ) AS deposit
           WHERE $5::text IS NULL OR "state!" = $5
           ORDER BY registration_id DESC LIMIT $7"#,
        wanted.registration.map(|id| id.0),
        wanted.account_hash,
        wanted.regions,
        wanted.lot.map(|id| id.0),
        wanted.state,
        wanted.before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

/// Whether the deposit is this account's.
pub(crate) async fn is_of(pool: &PgPool, registration: RegistrationId, account_hash: &[u8]) -> Result<bool, Refusal> {
    let row = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM settlement.deposit WHERE registration_id = $1 AND account_hash = $2) AS "own!""#,
        registration.0,
        account_hash
    );
    Ok(row.fetch_one(pool).await?)
}

pub(crate) async fn account_hash(tx: &mut Tx, registration: RegistrationId) -> Result<Vec<u8>, Refusal> {
    Ok(sqlx::query_scalar!("SELECT account_hash FROM settlement.deposit WHERE registration_id = $1", registration.0)
        .fetch_one(&mut **tx)
        .await?)
}
