//! Rights.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::ids::{AssetId, LotId, PartyId, RightId};
use sqlx::{PgExecutor, Result};
use uuid::Uuid;

/// A right as it is kept.
pub struct RightRow {
    /// The right.
    pub id: Uuid,
    /// On what.
    pub asset_id: Uuid,
    /// Whose.
    pub holder_id: Uuid,
    /// Kind.
    pub kind: String,
    /// First day.
    pub from: NaiveDate,
    /// Day after the last day.
    pub until: NaiveDate,
    /// Whether it runs on a part of the asset.
    pub partial: bool,
    /// The lot it came from.
    pub lot_id: Option<Uuid>,
    /// Ended before it began.
    pub void: bool,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Region of the asset.
    pub region: String,
}

/// A right with the region of its asset.
pub async fn by_id(db: impl PgExecutor<'_>, id: RightId) -> Result<Option<RightRow>> {
    sqlx::query_as!(
        RightRow,
        r#"SELECT r.id, r.asset_id, r.holder_id, r.kind, lower(r.term) AS "from!", upper(r.term) AS "until!",
            r.part_json IS NOT NULL AS "partial!", r.lot_id, r.void, r.end_reason, r.recorded_at, a.region
         FROM registry.rights AS r JOIN registry.assets AS a ON a.id = r.asset_id WHERE r.id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Holds a right until the transaction ends.
pub async fn hold(db: impl PgExecutor<'_>, id: RightId) -> Result<()> {
    sqlx::query!("SELECT id FROM registry.rights WHERE id = $1 FOR UPDATE", id.0).fetch_optional(db).await?;
    Ok(())
}

/// The rights on an asset, by first day.
pub async fn of_asset(db: impl PgExecutor<'_>, asset: AssetId) -> Result<Vec<RightRow>> {
    sqlx::query_as!(
        RightRow,
        r#"SELECT r.id, r.asset_id, r.holder_id, r.kind, lower(r.term) AS "from!", upper(r.term) AS "until!",
            r.part_json IS NOT NULL AS "partial!", r.lot_id, r.void, r.end_reason, r.recorded_at, a.region
         FROM registry.rights AS r JOIN registry.assets AS a ON a.id = r.asset_id
         WHERE r.asset_id = $1 ORDER BY lower(r.term), r.id"#,
        asset.0
    )
    .fetch_all(db)
    .await
}

/// The right that a lot gave on an asset.
pub async fn of_lot(db: impl PgExecutor<'_>, asset: AssetId, lot: LotId) -> Result<Option<RightRow>> {
    sqlx::query_as!(
        RightRow,
        r#"SELECT r.id, r.asset_id, r.holder_id, r.kind, lower(r.term) AS "from!", upper(r.term) AS "until!",
            r.part_json IS NOT NULL AS "partial!", r.lot_id, r.void, r.end_reason, r.recorded_at, a.region
         FROM registry.rights AS r JOIN registry.assets AS a ON a.id = r.asset_id
         WHERE r.asset_id = $1 AND r.lot_id = $2 AND NOT r.void"#,
        asset.0,
        lot.0
    )
    .fetch_optional(db)
    .await
}

/// The rights that a party holds on any of `assets` on `day`.
pub async fn held(db: impl PgExecutor<'_>, holder: PartyId, assets: &[Uuid], day: NaiveDate) -> Result<Vec<RightRow>> {
    sqlx::query_as!(
        RightRow,
        r#"SELECT r.id, r.asset_id, r.holder_id, r.kind, lower(r.term) AS "from!", upper(r.term) AS "until!",
            r.part_json IS NOT NULL AS "partial!", r.lot_id, r.void, r.end_reason, r.recorded_at, a.region
         FROM registry.rights AS r JOIN registry.assets AS a ON a.id = r.asset_id
         WHERE r.holder_id = $1 AND r.asset_id = ANY($2) AND NOT r.void AND r.term @> $3::date ORDER BY r.asset_id, r.id"#,
        holder.0,
        assets,
        day
    )
    .fetch_all(db)
    .await
}

/// Whether a right runs on the asset on `day` or later.
pub async fn runs_after(db: impl PgExecutor<'_>, asset: AssetId, day: NaiveDate) -> Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM registry.rights WHERE asset_id = $1 AND NOT void AND upper(term) > $2) AS "exists!""#,
        asset.0,
        day
    )
    .fetch_one(db)
    .await
}

/// A right that stands against another.
pub struct Standing {
    /// The right.
    pub id: Uuid,
    /// On what.
    pub asset_id: Uuid,
    /// Kind.
    pub kind: String,
    /// First day.
    pub from: NaiveDate,
    /// Day after the last day.
    pub until: NaiveDate,
}

/// The rights of the tier of `kind` that run in the term on the asset's land, or on `part` of it. The database's guard says the same once
/// more when a right is written, under lock; this is for telling it beforehand.
pub async fn against(
    db: impl PgExecutor<'_>,
    asset: AssetId,
    kind: &str,
    from: NaiveDate,
    until: Option<NaiveDate>,
    part: Option<&str>,
) -> Result<Vec<Standing>> {
    sqlx::query_as!(
        Standing,
        r#"SELECT r.id, r.asset_id, r.kind, lower(r.term) AS "from!", upper(r.term) AS "until!"
         FROM registry.rights AS r
         CROSS JOIN (SELECT coalesce(registry.land($5), a.land) AS land FROM registry.assets AS a WHERE a.id = $1) AS target
         WHERE NOT r.void AND r.tier = registry.tier($2) AND r.term && daterange($3, $4, '[)')
            AND ((r.asset_id = $1 AND (r.land IS NULL OR (r.part_json IS NULL AND $5 IS NULL)))
                OR (r.land OPERATOR(public.&&) target.land AND registry.lands_overlap(r.land, target.land)))
         ORDER BY lower(r.term), r.id LIMIT 10"#,
        asset.0,
        kind,
        from,
        until as Option<NaiveDate>,
        part as Option<&str>
    )
    .fetch_all(db)
    .await
}

/// A right to add.
pub struct NewRight<'a> {
    /// The right.
    pub id: RightId,
    /// On what.
    pub asset: AssetId,
    /// Whose.
    pub holder: PartyId,
    /// Kind.
    pub kind: &'a str,
    /// First day.
    pub from: NaiveDate,
    /// Day after the last day.
    pub until: NaiveDate,
    /// Canonical geometry of the part.
    pub part: Option<&'a str>,
    /// The lot it comes from.
    pub lot: Option<LotId>,
}

/// Adds a right; the database refuses one that overlaps another.
pub async fn insert(db: impl PgExecutor<'_>, right: &NewRight<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.rights (id, asset_id, holder_id, kind, term, part_json, lot_id, recorded_at)
         VALUES ($1, $2, $3, $4, daterange($5, $6, '[)'), $7, $8, $9)",
        right.id.0,
        right.asset.0,
        right.holder.0,
        right.kind,
        right.from,
        right.until,
        right.part,
        right.lot.map(|lot| lot.0),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a right: `until` is the day after its last day; without it, it never began.
pub async fn end(
    db: impl PgExecutor<'_>,
    id: RightId,
    until: Option<NaiveDate>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE registry.rights SET term = daterange(lower(term), coalesce($2, upper(term)), '[)'), void = $2 IS NULL,
            end_reason = $3, ended_at = $4
         WHERE id = $1",
        id.0,
        until as Option<NaiveDate>,
        reason,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
