//! Collectives.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sanbian_domain::ids::CollectiveId;
use sqlx::{PgExecutor, Result};
use uuid::Uuid;

/// A collective as it is kept.
pub struct CollectiveRow {
    /// The collective.
    pub id: Uuid,
    /// Registered name.
    pub name: String,
    /// Social credit code.
    pub uscc: String,
    /// Sort of owner.
    pub holder: String,
    /// Region code.
    pub region: String,
    /// Address.
    pub address: String,
    /// Day the charter was adopted.
    pub charter_adopted_on: Option<NaiveDate>,
    /// Digest of its file.
    pub charter_digest: Option<String>,
    /// Members' representatives.
    pub charter_representatives: Option<i32>,
    /// Percent for public reserve and welfare.
    pub charter_reserve_percent: Option<Decimal>,
    /// Static or dynamic.
    pub charter_share_mode: Option<String>,
    /// Members.
    pub members: i32,
    /// Members who vote.
    pub voters: i32,
    /// Households.
    pub households: i32,
    /// When members were last recorded.
    pub members_recorded_at: Option<DateTime<Utc>>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// The collective of an id.
pub async fn by_id(db: impl PgExecutor<'_>, id: CollectiveId) -> Result<Option<CollectiveRow>> {
    sqlx::query_as!(
        CollectiveRow,
        "SELECT id, name, uscc, holder, region, address, charter_adopted_on, charter_digest, charter_representatives,
            charter_reserve_percent, charter_share_mode, members, voters, households, members_recorded_at, registered_at
         FROM registry.collectives WHERE id = $1",
        id.0
    )
    .fetch_optional(db)
    .await
}

/// The region of a collective, held until the transaction ends: writers of its register go one after another.
pub async fn hold(db: impl PgExecutor<'_>, id: CollectiveId) -> Result<Option<String>> {
    sqlx::query_scalar!("SELECT region FROM registry.collectives WHERE id = $1 FOR UPDATE", id.0)
        .fetch_optional(db)
        .await
}

/// Collectives by region and name, after the one of `cursor`.
pub async fn list(
    db: impl PgExecutor<'_>,
    region: &str,
    name: Option<&str>,
    cursor: Option<CollectiveId>,
    limit: i64,
) -> Result<Vec<CollectiveRow>> {
    sqlx::query_as!(
        CollectiveRow,
        "SELECT id, name, uscc, holder, region, address, charter_adopted_on, charter_digest, charter_representatives,
            charter_reserve_percent, charter_share_mode, members, voters, households, members_recorded_at, registered_at
         FROM registry.collectives
         WHERE starts_with(region, $1) AND ($2::text IS NULL OR strpos(name, $2) > 0)
            AND ($3::uuid IS NULL OR (region, name, id) > (SELECT region, name, id FROM registry.collectives WHERE id = $3))
         ORDER BY region, name, id LIMIT $4",
        region,
        name,
        cursor.map(|cursor| cursor.0),
        limit
    )
    .fetch_all(db)
    .await
}

/// Adds a collective, whose party is there already.
pub async fn insert(db: impl PgExecutor<'_>, collective: &CollectiveRow) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.collectives (id, name, uscc, holder, region, address, charter_adopted_on, charter_digest,
            charter_representatives, charter_reserve_percent, charter_share_mode, registered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        collective.id,
        collective.name,
        collective.uscc,
        collective.holder,
        collective.region,
        collective.address,
        collective.charter_adopted_on,
        collective.charter_digest,
        collective.charter_representatives,
        collective.charter_reserve_percent,
        collective.charter_share_mode,
        collective.registered_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what a recorded register counts.
pub async fn set_counts(
    db: impl PgExecutor<'_>,
    id: CollectiveId,
    (members, voters, households): (i32, i32, i32),
    salt: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE registry.collectives
         SET members = $2, voters = $3, households = $4, register_salt = $5, members_recorded_at = $6 WHERE id = $1",
        id.0,
        members,
        voters,
        households,
        salt,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
