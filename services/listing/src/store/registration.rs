//! Registrations: whole rows in and out, and the few questions asked of them.

use chrono::{DateTime, Utc};
use sanbian_domain::{
    ids::{AccountId, LotId, PartyId, RegistrationId},
    lot::registration::{Phase, Registration as Life},
    money::Money,
    priority::Claim,
};
use sanbian_runtime::{Refusal, Tx};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

/// A registration as kept: the core's state, and who it is.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The registration.
    pub id: RegistrationId,
    /// For which lot.
    pub lot: LotId,
    /// The bidder's account.
    pub account: AccountId,
    /// The bidder's party.
    pub party: PartyId,
    /// The core's state: the one that decides.
    pub life: Life,
    /// Why it was rejected, in the operator's words.
    pub reasons: Option<String>,
    /// Deposit due.
    pub deposit: Money,
    /// Whether the exchange holds it now: it came, and has not gone back, into a price, or to the collective.
    pub deposit_held: bool,
    /// Opens the commitment in the log.
    pub salt: [u8; 32],
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Registration {
    /// Its state as the API names it.
    pub fn state(&self) -> &'static str {
        match self.life.phase {
            Phase::Filed if self.life.accepted => "accepted",
            Phase::Filed => "filed",
            // Confirmed again is qualified again: in both states the bidder may bid.
            Phase::Qualified | Phase::Confirmed => "qualified",
            Phase::Rejected => "rejected",
            Phase::NeedsReconfirmation => "needs-confirmation",
            Phase::Withdrawn => "withdrawn",
        }
    }

    /// The exchange's word on it so far.
    pub fn review(&self) -> &'static str {
        match (self.life.phase, self.life.accepted) {
            (Phase::Rejected, _) => "rejected",
            (_, true) => "accepted",
            (_, false) => "pending",
        }
    }

    /// The ground of the priority right claimed.
    pub fn ground(&self) -> Option<&'static str> {
        self.life.claim.map(|claim| match claim {
            Claim::Claimed { ground, .. } | Claim::Accepted { ground, .. } | Claim::Rejected { ground } => {
                ground.code()
            }
        })
    }

    /// The rank of the priority right accepted.
    pub fn rank(&self) -> Option<u32> {
        self.life.claim.and_then(Claim::rank).map(|rank| u32::from(rank.0))
    }

    /// The bidder's name in the log until the close: a pseudonym of this registration alone.
    pub fn actor(&self) -> String {
        format!("registration:{}", self.id)
    }
}

/// The registration, whoever asks.
pub async fn find(db: impl PgExecutor<'_>, id: RegistrationId) -> Result<Option<Registration>, Refusal> {
    let row = sqlx::query_as!(Row, "SELECT * FROM listing.registration WHERE id = $1", id.0).fetch_optional(db).await?;
    row.map(Registration::try_from).transpose()
}

/// The registration under its row's lock. The lot's row is locked first, always, so that no two acts wait for each other.
pub async fn lock(tx: &mut Tx, id: RegistrationId) -> Result<Registration, Refusal> {
    let row = sqlx::query_as!(Row, "SELECT * FROM listing.registration WHERE id = $1 FOR UPDATE", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    row.ok_or_else(not_found)?.try_into()
}

/// The refusal for a registration that is not there, or not for the caller's eyes.
pub fn not_found() -> Refusal {
    Refusal::not_found("报名", "registration")
}

/// Every registration for a lot, oldest first.
pub async fn of_lot(db: impl PgExecutor<'_>, lot: LotId) -> Result<Vec<Registration>, Refusal> {
    let rows = sqlx::query_as!(Row, "SELECT * FROM listing.registration WHERE lot = $1 ORDER BY id", lot.0);
    rows.fetch_all(db).await?.into_iter().map(Registration::try_from).collect()
}

/// Registrations for a lot, newest first, after `after`.
pub async fn page_of_lot(
    db: impl PgExecutor<'_>,
    lot: LotId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Registration>, Refusal> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT * FROM listing.registration WHERE lot = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        lot.0,
        after,
        limit
    );
    rows.fetch_all(db).await?.into_iter().map(Registration::try_from).collect()
}

/// An account's registrations, newest first, after `after`.
pub async fn page_of_account(
    db: impl PgExecutor<'_>,
    account: AccountId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Registration>, Refusal> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT * FROM listing.registration WHERE account = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        account.0,
        after,
        limit
    );
    rows.fetch_all(db).await?.into_iter().map(Registration::try_from).collect()
}

/// Whether the account or the party has a registration for the lot that stands.
pub async fn stands(db: impl PgExecutor<'_>, lot: LotId, account: AccountId, party: PartyId) -> Result<bool, Refusal> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM listing.registration
           WHERE lot = $1 AND (account = $2 OR party = $3) AND state <> 'withdrawn') AS "stands!""#,
        lot.0,
        account.0,
        party.0
    );
    Ok(found.fetch_one(db).await?)
}

/// Whether any of the registrations is the party's or the account's.
pub async fn any_of(
    db: impl PgExecutor<'_>,
    registrations: &[RegistrationId],
    account: AccountId,
    party: PartyId,
) -> Result<bool, Refusal> {
    let ids: Vec<Uuid> = registrations.iter().map(|id| id.0).collect();
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM listing.registration WHERE id = ANY ($1) AND (account = $2 OR party = $3)) AS "any!""#,
        &ids,
        account.0,
        party.0
    );
    Ok(found.fetch_one(db).await?)
}

/// Keeps a new registration. The constraints `registration_account_key` and `registration_party_key` refuse a second one that stands.
pub async fn insert(tx: &mut Tx, registration: &Registration) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO listing.registration (id, lot, account, party, life, state, priority_claim, priority_rank, deposit_fen, deposit_held,
             revision, salt, filed_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        registration.id.0,
        registration.lot.0,
        registration.account.0,
        registration.party.0,
        serde_json::to_value(&registration.life).map_err(|error| sqlx::Error::Encode(error.into()))?,
        registration.state(),
        registration.ground(),
        registration.rank().map(u32::cast_signed),
        registration.deposit.fen(),
        registration.deposit_held,
        registration.life.revision.cast_signed(),
        registration.salt.as_slice(),
        registration.filed_at,
        registration.updated_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a changed registration. Its row must be locked.
pub async fn save(tx: &mut Tx, registration: &Registration) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE listing.registration SET life = $2, state = $3, priority_claim = $4, priority_rank = $5, reasons = $6, deposit_held = $7,
             revision = $8, updated_at = $9 WHERE id = $1",
        registration.id.0,
        serde_json::to_value(&registration.life).map_err(Refusal::internal)?,
        registration.state(),
        registration.ground(),
        registration.rank().map(u32::cast_signed),
        registration.reasons,
        registration.deposit_held,
        registration.life.revision.cast_signed(),
        registration.updated_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct Row {
    id: Uuid,
    lot: Uuid,
    account: Uuid,
    party: Uuid,
    life: Value,
    #[allow(dead_code, reason = "for searching; the life decides")]
    state: String,
    #[allow(dead_code, reason = "for people who look; the life decides")]
    priority_claim: Option<String>,
    #[allow(dead_code, reason = "for people who look; the life decides")]
    priority_rank: Option<i32>,
    reasons: Option<String>,
    deposit_fen: i64,
    deposit_held: bool,
    #[allow(dead_code, reason = "for people who look; the life decides")]
    revision: i32,
    salt: Vec<u8>,
    filed_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Registration {
    type Error = Refusal;

    fn try_from(row: Row) -> Result<Self, Refusal> {
        Ok(Self {
            id: RegistrationId(row.id),
            lot: LotId(row.lot),
            account: AccountId(row.account),
            party: PartyId(row.party),
            life: serde_json::from_value(row.life).map_err(Refusal::internal)?,
            reasons: row.reasons,
            deposit: Money::from_fen(row.deposit_fen),
            deposit_held: row.deposit_held,
            salt: row.salt.try_into().map_err(|_| Refusal::internal("a salt is 32 bytes"))?,
            filed_at: row.filed_at,
            updated_at: row.updated_at,
        })
    }
}
