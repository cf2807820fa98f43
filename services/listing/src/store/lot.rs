//! Lots: whole rows in, whole rows out, under the row's lock for every change.

mod row;
mod write;

pub use write::{insert, save};

use crate::convert::canonical;
use chrono::{DateTime, NaiveDate, Utc};
use row::Row;
use sanbian_domain::{
    fact::Schedule,
    ids::{AccountId, AssetId, CollectiveId, LotId, RegistrationId},
    lot::Lot as Life,
    money::Money,
    notice::Notice,
};
use sanbian_runtime::{Refusal, Tx, seal::sha256_hex};
use serde_json::json;
use sqlx::PgExecutor;
use uuid::Uuid;
use write::ids;

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
