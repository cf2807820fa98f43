//! A lot's row as the database gives it.

use super::{Announced, Lot, Outcome, Resumption};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sanbian_domain::{
    ids::{AccountId, AssetId, CollectiveId, LotId, RegistrationId},
    money::Money,
};
use sanbian_runtime::Refusal;
use serde_json::Value;
use uuid::Uuid;

/// Every column, in the order of the table.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) collective: Uuid,
    pub(super) collective_name: String,
    pub(super) region: String,
    pub(super) assets: Vec<Uuid>,
    #[allow(dead_code, reason = "for searching; the life decides")]
    pub(super) state: String,
    pub(super) life: Value,
    pub(super) version: i32,
    pub(super) notice: Value,
    pub(super) drafted_by: Uuid,
    pub(super) submitted_by: Option<Uuid>,
    pub(super) waits_for: Option<String>,
    pub(super) relists: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) number: Option<String>,
    pub(super) revision: i32,
    pub(super) schedule: Option<Value>,
    pub(super) rulebook_label: String,
    pub(super) rulebook_digest: Option<String>,
    pub(super) reserve_total_fen: Option<i64>,
    pub(super) step_fen: Option<i64>,
    pub(super) deposit_fen: Option<i64>,
    pub(super) geometry: Option<String>,
    #[allow(dead_code, reason = "for sorting; the schedule decides")]
    pub(super) announced_at: Option<DateTime<Utc>>,
    #[allow(dead_code, reason = "for sorting; the schedule decides")]
    pub(super) registration_closes_at: Option<DateTime<Utc>>,
    pub(super) filed: Option<i32>,
    pub(super) qualified: Option<i32>,
    pub(super) price_fen: Option<i64>,
    pub(super) total_fen: Option<i64>,
    pub(super) winner_number: Option<i32>,
    pub(super) winner_registration: Option<Uuid>,
    pub(super) withdrawal_asked_by: Option<Uuid>,
    pub(super) resume_noticed_on: Option<NaiveDate>,
    pub(super) resume_on: Option<NaiveDate>,
    pub(super) resume_opens_at: Option<DateTime<Utc>>,
    pub(super) due_at: Option<DateTime<Utc>>,
    #[allow(dead_code, reason = "for searching")]
    pub(super) words: String,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    pub(super) category: Option<String>,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    pub(super) area_mu: Option<Decimal>,
    #[allow(dead_code, reason = "for searching; the notice decides")]
    pub(super) per_mu_year_fen: Option<i64>,
}

fn widen(number: i32) -> Result<u32, Refusal> {
    u32::try_from(number).map_err(Refusal::internal)
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
