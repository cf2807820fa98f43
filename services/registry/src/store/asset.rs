//! Assets, their land, and the lots that offer them.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sanbian_domain::ids::{AssetId, CollectiveId, LotId};
use sqlx::{PgExecutor, Result};
use uuid::Uuid;

/// What a geometry measures.
pub struct Measured {
    /// Whether it is valid.
    pub valid: bool,
    /// Why not, in PostGIS's words with the place.
    pub reason: String,
    /// Greater side of its box, in hundredths of a degree, rounded up.
    pub extent: i32,
    /// Zone.
    pub srid: Option<i32>,
    /// Square metres.
    pub area_m2: Option<Decimal>,
}

/// Measures a canonical geometry.
pub async fn measure(db: impl PgExecutor<'_>, geojson: &str) -> Result<Measured> {
    sqlx::query_as!(
        Measured,
        r#"SELECT public.ST_IsValid(g.land) AS "valid!", public.ST_IsValidReason(g.land) AS "reason!",
            ceil(100 * greatest(public.ST_XMax(g.land) - public.ST_XMin(g.land), public.ST_YMax(g.land) - public.ST_YMin(g.land)))::integer
                AS "extent!",
            CASE WHEN public.ST_IsValid(g.land) THEN registry.zone_of(g.land) END AS srid,
            CASE WHEN public.ST_IsValid(g.land) THEN registry.area_m2(g.land) END AS area_m2
         FROM (SELECT registry.land($1) AS land) AS g"#,
        geojson
    )
    .fetch_one(db)
    .await
}

/// An asset as it is kept.
pub struct AssetRow {
    /// The asset.
    pub id: Uuid,
    /// Its owner.
    pub collective_id: Uuid,
    /// Its owner's name.
    pub collective_name: String,
    /// Category.
    pub category: String,
    /// Name.
    pub name: String,
    /// Where it lies.
    pub location: String,
    /// Region code.
    pub region: String,
    /// Stated area in mu.
    pub stated_mu: Option<Decimal>,
    /// Stated quantity.
    pub quantity: Option<Decimal>,
    /// Its unit.
    pub unit: Option<String>,
    /// Present use.
    pub land_use: String,
    /// Canonical geometry; left out of lists.
    pub geometry_json: Option<String>,
    /// Its digest.
    pub geometry_digest: Option<String>,
    /// Zone it was measured in.
    pub srid: Option<i32>,
    /// Measured area in square metres.
    pub area_m2: Option<Decimal>,
    /// Number of the title.
    pub title_number: Option<String>,
    /// Last day of the title.
    pub title_until: Option<NaiveDate>,
    /// Valuation in fen.
    pub valuation_fen: Option<i64>,
    /// Day of the valuation.
    pub valued_on: Option<NaiveDate>,
    /// Who valued.
    pub valuer: Option<String>,
    /// Digest of the report.
    pub valuation_report: Option<String>,
    /// Digests of photographs.
    pub photos: Vec<String>,
    /// Version.
    pub version: i32,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Announced lot that offers it now.
    pub announced_lot_id: Option<Uuid>,
}

/// Which assets.
#[derive(Default)]
pub struct Filter {
    /// These only.
    pub ids: Option<Vec<Uuid>>,
    /// Of this collective only.
    pub collective: Option<CollectiveId>,
    /// In this region only.
    pub region: Option<String>,
    /// Of this category only.
    pub category: Option<String>,
    /// After this one.
    pub cursor: Option<AssetId>,
    /// With geometry.
    pub geometry: bool,
}

/// Assets, newest first.
pub async fn list(db: impl PgExecutor<'_>, filter: &Filter, limit: i64) -> Result<Vec<AssetRow>> {
    sqlx::query_as!(
        AssetRow,
        r#"SELECT a.id, a.collective_id, c.name AS collective_name, a.category, a.name, a.location, a.region, a.stated_mu,
            a.quantity, a.unit, a.land_use, CASE WHEN $6 THEN a.geometry_json END AS geometry_json, a.geometry_digest, a.srid,
            a.area_m2, a.title_number, a.title_until, a.valuation_fen, a.valued_on, a.valuer, a.valuation_report, a.photos,
            a.version, a.registered_at, a.updated_at,
            (SELECT o.lot_id FROM registry.offered AS o WHERE o.asset_id = a.id AND o.open ORDER BY o.lot_id DESC LIMIT 1)
                AS announced_lot_id
         FROM registry.assets AS a JOIN registry.collectives AS c ON c.id = a.collective_id
         WHERE ($1::uuid[] IS NULL OR a.id = ANY($1)) AND ($2::uuid IS NULL OR a.collective_id = $2)
            AND ($3::text IS NULL OR starts_with(a.region, $3)) AND ($4::text IS NULL OR a.category = $4)
            AND ($5::uuid IS NULL OR a.id < $5)
         ORDER BY a.id DESC LIMIT $7"#,
        filter.ids.as_deref(),
        filter.collective.map(|collective| collective.0),
        filter.region.as_deref(),
        filter.category.as_deref(),
        filter.cursor.map(|cursor| cursor.0),
        filter.geometry,
        limit
    )
    .fetch_all(db)
    .await
}

/// The asset of an id, with geometry.
pub async fn by_id(db: impl PgExecutor<'_>, id: AssetId) -> Result<Option<AssetRow>> {
    let filter = Filter { ids: Some(vec![id.0]), geometry: true, ..Filter::default() };
    Ok(list(db, &filter, 1).await?.pop())
}

/// The version and geometry of an asset, held until the transaction ends.
pub async fn hold(db: impl PgExecutor<'_>, id: AssetId) -> Result<Option<(i32, Option<String>)>> {
    let row = sqlx::query!("SELECT version, geometry_json FROM registry.assets WHERE id = $1 FOR UPDATE", id.0)
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| (row.version, row.geometry_json)))
}

/// Adds an asset. What is made from the geometry, the database makes.
pub async fn insert(db: impl PgExecutor<'_>, asset: &AssetRow) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.assets (id, collective_id, category, name, location, region, stated_mu, quantity, unit, land_use,
            geometry_json, geometry_digest, title_number, title_until, valuation_fen, valued_on, valuer, valuation_report,
            photos, version, registered_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        asset.id,
        asset.collective_id,
        asset.category,
        asset.name,
        asset.location,
        asset.region,
        asset.stated_mu,
        asset.quantity,
        asset.unit,
        asset.land_use,
        asset.geometry_json,
        asset.geometry_digest,
        asset.title_number,
        asset.title_until,
        asset.valuation_fen,
        asset.valued_on,
        asset.valuer,
        asset.valuation_report,
        &asset.photos,
        asset.version,
        asset.registered_at,
        asset.updated_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a corrected asset.
pub async fn update(db: impl PgExecutor<'_>, asset: &AssetRow) -> Result<()> {
    sqlx::query!(
        "UPDATE registry.assets SET category = $2, name = $3, location = $4, region = $5, stated_mu = $6, quantity = $7,
            unit = $8, land_use = $9, geometry_json = $10, geometry_digest = $11, title_number = $12, title_until = $13,
            valuation_fen = $14, valued_on = $15, valuer = $16, valuation_report = $17, photos = $18, version = $19,
            updated_at = $20
         WHERE id = $1",
        asset.id,
        asset.category,
        asset.name,
        asset.location,
        asset.region,
        asset.stated_mu,
        asset.quantity,
        asset.unit,
        asset.land_use,
        asset.geometry_json,
        asset.geometry_digest,
        asset.title_number,
        asset.title_until,
        asset.valuation_fen,
        asset.valued_on,
        asset.valuer,
        asset.valuation_report,
        &asset.photos,
        asset.version,
        asset.updated_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Other assets on the same land, at most five.
pub async fn on_same_land(db: impl PgExecutor<'_>, id: AssetId) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"SELECT other.id FROM registry.assets AS a JOIN registry.assets AS other
            ON other.id <> a.id AND other.land OPERATOR(public.&&) a.land
         WHERE a.id = $1 AND registry.lands_overlap(a.land, other.land) ORDER BY other.id LIMIT 5"#,
        id.0
    )
    .fetch_all(db)
    .await
}

/// Open announced lots that offer the asset or land of it, other than `lot`.
pub async fn offered_elsewhere(db: impl PgExecutor<'_>, id: AssetId, lot: Option<LotId>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT o.lot_id FROM registry.offered AS o
         LEFT JOIN registry.assets AS other ON other.id = o.asset_id
         WHERE o.open AND ($2::uuid IS NULL OR o.lot_id <> $2)
            AND (o.asset_id = $1 OR other.id IN (
                SELECT near.id FROM registry.assets AS a JOIN registry.assets AS near ON near.land OPERATOR(public.&&) a.land
                WHERE a.id = $1 AND registry.lands_overlap(a.land, near.land)))
         ORDER BY o.lot_id LIMIT 5"#,
        id.0,
        lot.map(|lot| lot.0)
    )
    .fetch_all(db)
    .await
}

/// Notes that an announced lot offers these assets, and no others.
pub async fn offer(db: &mut sqlx::PgConnection, lot: LotId, assets: &[Uuid]) -> Result<()> {
    sqlx::query!("UPDATE registry.offered SET open = false WHERE lot_id = $1 AND asset_id <> ALL($2)", lot.0, assets)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "INSERT INTO registry.offered (lot_id, asset_id, open) SELECT $1, new.id, true FROM unnest($2::uuid[]) AS new (id)
         ON CONFLICT ON CONSTRAINT offered_pkey DO UPDATE SET open = true",
        lot.0,
        assets
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Notes that a lot offers nothing any more.
pub async fn withdraw_offer(db: impl PgExecutor<'_>, lot: LotId) -> Result<()> {
    sqlx::query!("UPDATE registry.offered SET open = false WHERE lot_id = $1", lot.0).execute(db).await?;
    Ok(())
}
