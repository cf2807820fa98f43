//! Charges and restrictions.

use chrono::{DateTime, Utc};
use sanbian_domain::ids::{AssetId, EncumbranceId};
use sqlx::{PgExecutor, Result};
use uuid::Uuid;

/// A charge as it is kept.
pub struct EncumbranceRow {
    /// The charge.
    pub id: Uuid,
    /// On what.
    pub asset_id: Uuid,
    /// Kind.
    pub kind: String,
    /// Digest of the supporting document.
    pub document: Option<String>,
    /// Digest of the mortgagee's consent.
    pub consent: Option<String>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why.
    pub lift_reason: Option<String>,
    /// Region of the asset.
    pub region: String,
}

/// Adds a charge.
pub async fn insert(db: impl PgExecutor<'_>, charge: &EncumbranceRow) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.encumbrances (id, asset_id, kind, document, consent, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
        charge.id,
        charge.asset_id,
        charge.kind,
        charge.document,
        charge.consent,
        charge.recorded_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A charge with the region of its asset.
pub async fn by_id(db: impl PgExecutor<'_>, id: EncumbranceId) -> Result<Option<EncumbranceRow>> {
    sqlx::query_as!(
        EncumbranceRow,
        "SELECT e.id, e.asset_id, e.kind, e.document, e.consent, e.recorded_at, e.lifted_at, e.lift_reason, a.region
         FROM registry.encumbrances AS e JOIN registry.assets AS a ON a.id = e.asset_id WHERE e.id = $1",
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Lifts a charge that stands; false where it does not stand any more.
pub async fn lift(db: impl PgExecutor<'_>, id: EncumbranceId, reason: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE registry.encumbrances SET lifted_at = $2, lift_reason = $3 WHERE id = $1 AND lifted_at IS NULL",
        id.0,
        now,
        reason
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The charges on an asset, oldest first.
pub async fn of_asset(db: impl PgExecutor<'_>, asset: AssetId) -> Result<Vec<EncumbranceRow>> {
    sqlx::query_as!(
        EncumbranceRow,
        "SELECT e.id, e.asset_id, e.kind, e.document, e.consent, e.recorded_at, e.lifted_at, e.lift_reason, a.region
         FROM registry.encumbrances AS e JOIN registry.assets AS a ON a.id = e.asset_id
         WHERE e.asset_id = $1 ORDER BY e.recorded_at, e.id",
        asset.0
    )
    .fetch_all(db)
    .await
}

/// The charges that stand on an asset or on another whose land it shares.
pub async fn standing(db: impl PgExecutor<'_>, asset: AssetId) -> Result<Vec<EncumbranceRow>> {
    sqlx::query_as!(
        EncumbranceRow,
        r#"SELECT e.id, e.asset_id, e.kind, e.document, e.consent, e.recorded_at, e.lifted_at, e.lift_reason, a.region
         FROM registry.encumbrances AS e JOIN registry.assets AS a ON a.id = e.asset_id
         WHERE e.lifted_at IS NULL AND (a.id = $1 OR a.id IN (
            SELECT near.id FROM registry.assets AS own JOIN registry.assets AS near ON near.land OPERATOR(public.&&) own.land
            WHERE own.id = $1 AND registry.lands_overlap(own.land, near.land)))
         ORDER BY e.recorded_at, e.id"#,
        asset.0
    )
    .fetch_all(db)
    .await
}
