//! What settlement keeps of announced lots.

use chrono::{DateTime, Utc};
use sanbian_domain::{
    ids::{CollectiveId, LotId},
    notice::Notice,
    rulebook::{RuleSet, Rulebook},
};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// An announced lot.
#[derive(Clone, Debug)]
pub(crate) struct LotRow {
    pub(crate) lot_id: Uuid,
    pub(crate) region: String,
    /// Label of the rulebook version pinned.
    pub(crate) rulebook: String,
    pub(crate) rulebook_digest: String,
    pub(crate) number: String,
    pub(crate) collective_id: Uuid,
    pub(crate) assets: Vec<Uuid>,
    /// JSON text.
    pub(crate) notice: String,
    pub(crate) registration_closes_at: DateTime<Utc>,
    pub(crate) suspended_at: Option<DateTime<Utc>>,
}

impl LotRow {
    pub(crate) fn id(&self) -> LotId {
        LotId(self.lot_id)
    }

    pub(crate) fn collective(&self) -> CollectiveId {
        CollectiveId(self.collective_id)
    }

    pub(crate) fn notice(&self) -> Result<Notice, Refusal> {
        serde_json::from_str(&self.notice).map_err(Refusal::internal)
    }
}

/// Keeps the rules a lot pins.
pub(crate) async fn keep_rules(tx: &mut Tx, digest: &str, canonical: &str) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.rulebook (digest, canonical) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        digest,
        canonical
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn knows_rules(tx: &mut Tx, digest: &str) -> Result<bool, Refusal> {
    let row = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM settlement.rulebook WHERE digest = $1) AS "known!""#,
        digest
    );
    Ok(row.fetch_one(&mut **tx).await?)
}

/// The rules a lot pins.
pub(crate) async fn rules(db: impl PgExecutor<'_>, digest: &str) -> Result<RuleSet, Refusal> {
    let text = sqlx::query_scalar!("SELECT canonical FROM settlement.rulebook WHERE digest = $1", digest)
        .fetch_one(db)
        .await?;
    Ok(Rulebook::from_canonical(&text).map_err(|finding| Refusal::internal(finding.message.en))?.rules)
}

/// An announced lot, or its announcement as corrected.
pub(crate) async fn announce(tx: &mut Tx, row: &LotRow) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO settlement.lot
             (lot_id, region, rulebook, rulebook_digest, number, collective_id, assets, notice, registration_closes_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT ON CONSTRAINT lot_pkey DO UPDATE
             SET rulebook = excluded.rulebook, rulebook_digest = excluded.rulebook_digest, number = excluded.number,
                 assets = excluded.assets, notice = excluded.notice, registration_closes_at = excluded.registration_closes_at",
        row.lot_id,
        row.region,
        row.rulebook,
        row.rulebook_digest,
        row.number,
        row.collective_id,
        &row.assets,
        row.notice,
        row.registration_closes_at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn find(db: impl PgExecutor<'_>, lot: LotId) -> Result<Option<LotRow>, Refusal> {
    Ok(sqlx::query_as!(
        LotRow,
        "SELECT lot_id, region, rulebook, rulebook_digest, number, collective_id, assets, notice, registration_closes_at, suspended_at
         FROM settlement.lot WHERE lot_id = $1",
        lot.0
    )
    .fetch_optional(db)
    .await?)
}

/// The lot, whose rows something else that is known to be there points at.
pub(crate) async fn get(db: impl PgExecutor<'_>, lot: LotId) -> Result<LotRow, Refusal> {
    find(db, lot).await?.ok_or_else(|| Refusal::internal(format!("lot {lot} is not there")))
}

pub(crate) async fn set_closing(tx: &mut Tx, lot: LotId, closes: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.lot SET registration_closes_at = $2 WHERE lot_id = $1", lot.0, closes)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set_suspended(tx: &mut Tx, lot: LotId, at: Option<DateTime<Utc>>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE settlement.lot SET suspended_at = $2 WHERE lot_id = $1", lot.0, at).execute(&mut **tx).await?;
    Ok(())
}

/// The region of some lot that lies outside `regions`; none where they cover every lot.
pub(crate) async fn outside(pool: &PgPool, regions: &[String]) -> Result<Option<String>, Refusal> {
    Ok(sqlx::query_scalar!(
        "SELECT region FROM settlement.lot
         WHERE NOT EXISTS (SELECT 1 FROM unnest($1::text[]) AS mine (code) WHERE starts_with(region, mine.code)) LIMIT 1",
        regions
    )
    .fetch_optional(pool)
    .await?)
}
