//! Lots: whole rows in, whole rows out, under the row's lock for every change.

use crate::convert::canonical;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sanbian_domain::{
    fact::Schedule,
    ids::{AccountId, AssetId, CollectiveId, LotId, RegistrationId},
    lot::Lot as Life,
    money::Money,
    notice::Notice,
};
use sanbian_runtime::{Refusal, Tx, seal::sha256_hex};
use serde_json::{Value, json};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A lot as kept.
#[derive(Clone, Debug)]
pub struct Lot {
    /// The lot.
    pub id: LotId,
    /// Who offers.
    pub collective: CollectiveId,
    /// Its name.
    pub collective_name: String,
    /// Its region.
    pub region: String,
    /// What is offered.
    pub assets: Vec<AssetId>,
    /// The core's state: the one that decides.
    pub life: Life,
    /// Version of the draft, from 1.
    pub version: u32,
    /// The public terms.
    pub notice: Notice,
    /// Who drafted it.
    pub drafted_by: AccountId,
    /// Who submitted it last.
    pub submitted_by: Option<AccountId>,
    /// Who has to do something: `township`, `county` or `announcement`.
    pub waits_for: Option<String>,
    /// The lot it relists.
    pub relists: Option<LotId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What was announced; none before.
    pub announced: Option<Announced>,
    /// What came of it, as far as it is known.
    pub outcome: Outcome,
    /// Who asked to withdraw it.
    pub withdrawal_asked_by: Option<AccountId>,
    /// Its resumption, where one was made public.
    pub resumption: Option<Resumption>,
    /// The next instant at which time itself moves it.
    pub due_at: Option<DateTime<Utc>>,
}

/// The announcement as it stands.
#[derive(Clone, Debug)]
pub struct Announced {
    /// Public number.
    pub number: String,
    /// Revision, from 1.
    pub revision: u32,
    /// The dates.
    pub schedule: Schedule,
    /// Label of the rules pinned.
    pub rulebook_label: String,
    /// SHA-256 of the rules pinned, hex.
    pub rulebook_digest: String,
    /// Price over the whole term at the reserve.
    pub reserve_total: Money,
    /// Smallest step of an offer, in fen of the basis offers are made in.
    pub step: Money,
    /// Deposit for each registration.
    pub deposit: Money,
    /// Outline of the parcels as GeoJSON text.
    pub geometry: Option<String>,
}

/// What came of a lot.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Registrations filed, once registration has closed.
    pub filed: Option<u32>,
    /// Registrations that may bid, once registration has closed.
    pub qualified: Option<u32>,
    /// Winning price in fen of the basis offers are made in.
    pub price: Option<Money>,
    /// The same over the whole term.
    pub total: Option<Money>,
    /// Winner's number in the room.
    pub winner_number: Option<u32>,
    /// Winner's registration.
    pub winner: Option<RegistrationId>,
}

/// A resumption that was made public.
#[derive(Clone, Copy, Debug)]
pub struct Resumption {
    /// The day it was made public.
    pub noticed_on: NaiveDate,
    /// The day the lot goes on.
    pub on: NaiveDate,
    /// When offers are to begin, where the exchange said so.
    pub opens_at: Option<DateTime<Utc>>,
}

impl Lot {
    /// The subject of its entries in the log.
    pub fn subject(&self) -> String {
        format!("lot:{}", self.id)
    }

    /// SHA-256 of the canonical draft, hex: what reviewers see and what is announced.
    pub fn draft_digest(&self) -> String {
        let draft = json!({ "collective": self.collective, "assets": self.assets, "notice": self.notice });
        sha256_hex(canonical(&draft).as_bytes())
    }

    /// Whether anyone may see it.
    pub fn is_public(&self) -> bool {
        self.announced.is_some()
    }
}

/// The lot, whoever asks.
pub async fn find(db: impl PgExecutor<'_>, id: LotId) -> Result<Option<Lot>, Refusal> {
    let row = sqlx::query_as!(Row, "SELECT * FROM listing.lot WHERE id = $1", id.0).fetch_optional(db).await?;
    row.map(Lot::try_from).transpose()
}

/// The lot under its row's lock, until the transaction ends.
pub async fn lock(tx: &mut Tx, id: LotId) -> Result<Lot, Refusal> {
    let row = sqlx::query_as!(Row, "SELECT * FROM listing.lot WHERE id = $1 FOR UPDATE", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    row.ok_or_else(not_found)?.try_into()
}

/// The refusal for a lot that is not there, or not for the caller's eyes.
pub fn not_found() -> Refusal {
    Refusal::not_found("标的", "lot")
}

/// Some lots by id, in no order.
pub async fn of_ids(db: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<Lot>, Refusal> {
    let rows = sqlx::query_as!(Row, "SELECT * FROM listing.lot WHERE id = ANY ($1)", ids).fetch_all(db).await?;
    rows.into_iter().map(Lot::try_from).collect()
}

/// Lots in any of the regions, newest first, after the lot `after`.
pub async fn of_regions(
    db: impl PgExecutor<'_>,
    regions: &[String],
    state: Option<&str>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Lot>, Refusal> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT * FROM listing.lot
         WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) covered WHERE region LIKE covered || '%')
             AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4",
        regions,
        state,
        after,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Lot::try_from).collect()
}

/// Lots that wait: for a township's review in `townships`, a county's in `counties`, announcement or qualification in `exchanges`.
pub async fn waiting(
    db: impl PgExecutor<'_>,
    townships: &[String],
    counties: &[String],
    exchanges: &[String],
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Lot>, Refusal> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT * FROM listing.lot
         WHERE ((waits_for = 'township' AND EXISTS (SELECT 1 FROM unnest($1::text[]) covered WHERE region LIKE covered || '%'))
             OR (waits_for = 'county' AND EXISTS (SELECT 1 FROM unnest($2::text[]) covered WHERE region LIKE covered || '%'))
             OR ((waits_for = 'announcement' OR withdrawal_asked_by IS NOT NULL OR (state = 'announced' AND EXISTS (
                    SELECT 1 FROM listing.registration r WHERE r.lot = listing.lot.id AND r.state = 'filed')))
                AND EXISTS (SELECT 1 FROM unnest($3::text[]) covered WHERE region LIKE covered || '%')))
             AND ($4::uuid IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5",
        townships,
        counties,
        exchanges,
        after,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Lot::try_from).collect()
}

/// Another lot that offers one of the assets and still runs. To be asked under the lock of the county's numbers, which every
/// announcement there takes: then no two see each other not yet.
pub async fn running_on(tx: &mut Tx, assets: &[AssetId], except: LotId) -> Result<Option<LotId>, Refusal> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM listing.lot WHERE assets && $1 AND id <> $2 AND number IS NOT NULL
             AND state NOT IN ('settled', 'certified', 'terminated', 'unsold', 'defaulted') LIMIT 1",
        &ids(assets),
        except.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(LotId))
}

/// Lots that time moves by `now`, the longest waiting first.
pub async fn due(db: impl PgExecutor<'_>, now: DateTime<Utc>) -> Result<Vec<LotId>, Refusal> {
    let ids = sqlx::query_scalar!("SELECT id FROM listing.lot WHERE due_at <= $1 ORDER BY due_at LIMIT 100", now);
    Ok(ids.fetch_all(db).await?.into_iter().map(LotId).collect())
}

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

fn ids(assets: &[AssetId]) -> Vec<Uuid> {
    assets.iter().map(|asset| asset.0).collect()
}

fn value(of: &impl serde::Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(of).map_err(Refusal::internal)
}

fn narrow(number: u32) -> Result<i32, Refusal> {
    i32::try_from(number).map_err(Refusal::internal)
}

fn widen(number: i32) -> Result<u32, Refusal> {
    u32::try_from(number).map_err(Refusal::internal)
}

struct Row {
    id: Uuid,
    collective: Uuid,
    collective_name: String,
    region: String,
    assets: Vec<Uuid>,
    #[allow(dead_code, reason = "for searching; the life decides")]
    state: String,
    life: Value,
    version: i32,
    notice: Value,
    drafted_by: Uuid,
    submitted_by: Option<Uuid>,
    waits_for: Option<String>,
    relists: Option<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    number: Option<String>,
    revision: i32,
    schedule: Option<Value>,
    rulebook_label: String,
    rulebook_digest: Option<String>,
    reserve_total_fen: Option<i64>,
    step_fen: Option<i64>,
    deposit_fen: Option<i64>,
    geometry: Option<String>,
    #[allow(dead_code, reason = "for sorting; the schedule decides")]
    announced_at: Option<DateTime<Utc>>,
    #[allow(dead_code, reason = "for sorting; the schedule decides")]
    registration_closes_at: Option<DateTime<Utc>>,
    filed: Option<i32>,
    qualified: Option<i32>,
    price_fen: Option<i64>,
    total_fen: Option<i64>,
    winner_number: Option<i32>,
    winner_registration: Option<Uuid>,
    withdrawal_asked_by: Option<Uuid>,
    resume_noticed_on: Option<NaiveDate>,
    resume_on: Option<NaiveDate>,
    resume_opens_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    #[allow(dead_code, reason = "for searching")]
    words: String,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    category: Option<String>,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    area_mu: Option<Decimal>,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    per_mu_year_fen: Option<i64>,
}

impl TryFrom<Row> for Lot {
    type Error = Refusal;

    fn try_from(row: Row) -> Result<Self, Refusal> {
        let announced = match (row.number, row.schedule, row.rulebook_digest) {
            // `lot_announced_check`: all of the announcement's columns or none.
            (Some(number), Some(schedule), Some(rulebook_digest)) => Some(Announced {
                number,
                revision: widen(row.revision)?,
                schedule: serde_json::from_value(schedule).map_err(Refusal::internal)?,
                rulebook_label: row.rulebook_label,
                rulebook_digest,
                reserve_total: Money::from_fen(row.reserve_total_fen.unwrap_or_default()),
                step: Money::from_fen(row.step_fen.unwrap_or_default()),
                deposit: Money::from_fen(row.deposit_fen.unwrap_or_default()),
                geometry: row.geometry,
            }),
            _ => None,
        };
        let resumption = row.resume_noticed_on.zip(row.resume_on);
        Ok(Self {
            id: LotId(row.id),
            collective: CollectiveId(row.collective),
            collective_name: row.collective_name,
            region: row.region,
            assets: row.assets.into_iter().map(AssetId).collect(),
            life: serde_json::from_value(row.life).map_err(Refusal::internal)?,
            version: widen(row.version)?,
            notice: serde_json::from_value(row.notice).map_err(Refusal::internal)?,
            drafted_by: AccountId(row.drafted_by),
            submitted_by: row.submitted_by.map(AccountId),
            waits_for: row.waits_for,
            relists: row.relists.map(LotId),
            created_at: row.created_at,
            updated_at: row.updated_at,
            announced,
            outcome: Outcome {
                filed: row.filed.map(widen).transpose()?,
                qualified: row.qualified.map(widen).transpose()?,
                price: row.price_fen.map(Money::from_fen),
                total: row.total_fen.map(Money::from_fen),
                winner_number: row.winner_number.map(widen).transpose()?,
                winner: row.winner_registration.map(RegistrationId),
            },
            withdrawal_asked_by: row.withdrawal_asked_by.map(AccountId),
            resumption: resumption.map(|(noticed_on, on)| Resumption { noticed_on, on, opens_at: row.resume_opens_at }),
            due_at: row.due_at,
        })
    }
}
