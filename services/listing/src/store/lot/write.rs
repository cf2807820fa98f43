//! Keeping a lot: the whole row, and what it is found by.

use super::Lot;
use sanbian_domain::{ids::AssetId, money::Money};
use sanbian_runtime::{Refusal, Tx};
use serde_json::Value;
use uuid::Uuid;

/// Keeps a new lot.
pub async fn insert(tx: &mut Tx, lot: &Lot) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.lot (id, collective, collective_name, region, assets, state, life, version, notice, drafted_by, relists,
             created_at, updated_at, words, category, area_mu, per_mu_year_fen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        lot.id.0,
        lot.collective.0,
        lot.collective_name,
        lot.region,
        &ids(&lot.assets),
        lot.life.phase.code(),
        value(&lot.life)?,
        narrow(lot.version)?,
        value(&lot.notice)?,
        lot.drafted_by.0,
        lot.relists.map(|id| id.0),
        lot.created_at,
        lot.updated_at,
        words(lot),
        lot.notice.category.map(sanbian_domain::rights::Category::code),
        lot.notice.mu(),
        mu_year(lot)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a changed lot. Its row must be locked.
pub async fn save(tx: &mut Tx, lot: &Lot) -> Result<(), Refusal> {
    let (announced, outcome) = (lot.announced.as_ref(), &lot.outcome);
    sqlx::query!(
        "UPDATE listing.lot SET assets = $2, state = $3, life = $4, version = $5, notice = $6, submitted_by = $7, waits_for = $8,
             updated_at = $9, number = $10, revision = $11, schedule = $12, rulebook_label = $13, rulebook_digest = $14,
             reserve_total_fen = $15, deposit_fen = $16, geometry = $17, announced_at = $18, registration_closes_at = $19, filed = $20,
             qualified = $21, price_fen = $22, total_fen = $23, winner_number = $24, winner_registration = $25,
             withdrawal_asked_by = $26, resume_noticed_on = $27, resume_on = $28, resume_opens_at = $29, due_at = $30, words = $31,
             category = $32, area_mu = $33, per_mu_year_fen = $34, step_fen = $35
         WHERE id = $1",
        lot.id.0,
        &ids(&lot.assets),
        lot.life.phase.code(),
        value(&lot.life)?,
        narrow(lot.version)?,
        value(&lot.notice)?,
        lot.submitted_by.map(|id| id.0),
        lot.waits_for,
        lot.updated_at,
        announced.map(|announced| announced.number.as_str()),
        narrow(announced.map_or(0, |announced| announced.revision))?,
        announced.map(|announced| value(&announced.schedule)).transpose()?,
        announced.map_or("", |announced| announced.rulebook_label.as_str()),
        announced.map(|announced| announced.rulebook_digest.as_str()),
        announced.map(|announced| announced.reserve_total.fen()),
        announced.map(|announced| announced.deposit.fen()),
        announced.and_then(|announced| announced.geometry.as_deref()),
        announced.map(|announced| announced.schedule.announced_at),
        announced.map(|announced| announced.schedule.registration_closes),
        outcome.filed.map(narrow).transpose()?,
        outcome.qualified.map(narrow).transpose()?,
        outcome.price.map(Money::fen),
        outcome.total.map(Money::fen),
        outcome.winner_number.map(narrow).transpose()?,
        outcome.winner.map(|id| id.0),
        lot.withdrawal_asked_by.map(|id| id.0),
        lot.resumption.map(|resumption| resumption.noticed_on),
        lot.resumption.map(|resumption| resumption.on),
        lot.resumption.and_then(|resumption| resumption.opens_at),
        lot.due_at,
        words(lot),
        lot.notice.category.map(sanbian_domain::rights::Category::code),
        lot.notice.mu(),
        mu_year(lot),
        announced.map(|announced| announced.step.fen())
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the market's search looks through, in lower case.
fn words(lot: &Lot) -> String {
    let (notice, place) = (&lot.notice, &lot.notice.location);
    let number = lot.announced.as_ref().map_or("", |announced| announced.number.as_str());
    let parts = [
        number,
        &notice.title,
        &notice.category_text,
        &notice.intended_use,
        &lot.collective_name,
        &place.province,
        &place.city,
        &place.county,
        &place.township,
        &place.village,
        &place.detail,
    ];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" ").to_lowercase()
}

/// The reserve per mu and year in fen, where it can be told.
fn mu_year(lot: &Lot) -> Option<i64> {
    lot.notice.total().ok()?.mu_year.map(|price| price.amount.fen())
}

pub(super) fn ids(assets: &[AssetId]) -> Vec<Uuid> {
    assets.iter().map(|asset| asset.0).collect()
}

fn value(of: &impl serde::Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(of).map_err(Refusal::internal)
}

fn narrow(number: u32) -> Result<i32, Refusal> {
    i32::try_from(number).map_err(Refusal::internal)
}
