//! An asset as it is shown, and what is to be remarked on it.

use super::{
    STAFF,
    description::{Described, area_of},
};
use crate::{
    Registry, form,
    store::{self, asset::AssetRow},
    survey::{self, Survey},
};
use rust_decimal::Decimal;
use sanbian_domain::{
    finding::Finding,
    ids::AssetId,
    mu::Mu,
    price::{Quantity, Unit},
    region::RegionCode,
    rights::Category,
    rulebook::Rulebook,
};
use sanbian_proto::registry::v1::{Asset, AssetDescription, AssetValuation};
use sanbian_runtime::{Context, Refusal};
use sqlx::PgConnection;

/// The rules for a category in a region.
///
/// # Errors
/// Internal, where the rulebooks are broken.
pub fn rulebook(registry: &Registry, region: &str, category: Category) -> Result<Rulebook, Refusal> {
    let region: RegionCode = region.parse()?;
    registry.rulebooks.rulebook(region, category).map_err(|finding| Refusal::internal(finding.message.en))
}

/// The category of a stored asset.
///
/// # Errors
/// Internal: only known codes are written.
pub fn category_of(row: &AssetRow) -> Result<Category, Refusal> {
    row.category.parse().map_err(Refusal::internal)
}

/// The stated area of a stored asset, be it stated in mu or in another unit of area.
pub fn stated_area(row: &AssetRow) -> Option<Mu> {
    if let Some(mu) = row.stated_mu {
        return Mu::new(mu).ok();
    }
    let unit: Unit = row.unit.as_deref()?.parse().ok()?;
    area_of(&Quantity::new(row.quantity?, unit))
}

/// What was measured of a stored asset.
pub fn surveyed(row: &AssetRow) -> Option<Survey> {
    Survey::new(row.area_m2?, row.srid?).ok()
}

/// What a reviewer should look at: land without area or geometry, areas that differ, land registered twice.
///
/// # Errors
/// Where the database fails.
pub async fn remarks(registry: &Registry, db: &mut PgConnection, row: &AssetRow) -> Result<Vec<Finding>, Refusal> {
    let (category, stated, survey) = (category_of(row)?, stated_area(row), surveyed(row));
    let mut remarks = Described::remarks(category, stated, survey.is_some());
    if let (Some(stated), Some(survey)) = (stated, survey) {
        remarks.extend(survey::compare(stated, survey.mu, &rulebook(registry, &row.region, category)?));
    }
    if survey.is_some() {
        let others = store::asset::on_same_land(db, AssetId(row.id)).await?;
        if !others.is_empty() {
            remarks.push(survey::shared(&others));
        }
    }
    Ok(remarks)
}

/// An asset as the caller may see it: the valuation is for its staff and the exchange.
///
/// # Errors
/// Internal, where a stored figure can't be true.
pub fn view(ctx: &Context, row: &AssetRow, remarks: &[Finding]) -> Result<Asset, Refusal> {
    let decimal = |value: &Decimal| value.normalize().to_string();
    let valuation = match (row.valuation_fen, row.valued_on, &row.valuer) {
        (Some(value_fen), Some(valued_on), Some(valuer)) if ctx.require(&STAFF, &row.region).is_ok() => {
            Some(AssetValuation {
                value_fen,
                valued_on: valued_on.to_string(),
                valuer: valuer.clone(),
                report: row.valuation_report.clone(),
            })
        }
        _ => None,
    };
    let survey = surveyed(row);
    Ok(Asset {
        id: row.id.to_string(),
        collective_id: row.collective_id.to_string(),
        collective_name: row.collective_name.clone(),
        description: Some(AssetDescription {
            category: row.category.clone(),
            name: row.name.clone(),
            location: row.location.clone(),
            region: row.region.clone(),
            stated_mu: row.stated_mu.as_ref().map(decimal),
            quantity: row.quantity.as_ref().map(decimal),
            unit: row.unit.clone(),
            land_use: row.land_use.clone(),
            geometry: row.geometry_json.clone(),
            title_number: row.title_number.clone(),
            title_until_on: row.title_until.map(|day| day.to_string()),
            valuation,
            photos: row.photos.clone(),
        }),
        measured_square_metres: survey.map(|survey| survey.area.to_string()),
        measured_mu: survey.map(|survey| survey.mu.to_string()),
        srid: survey.map(|survey| u32::try_from(survey.srid)).transpose().map_err(Refusal::internal)?,
        geometry_digest: row.geometry_digest.clone(),
        findings: form::as_json(remarks),
        version: u32::try_from(row.version).map_err(Refusal::internal)?,
        registered_at: form::at(row.registered_at),
        updated_at: form::at(row.updated_at),
        announced_lot_id: row.announced_lot_id.map(|lot| lot.to_string()),
    })
}
