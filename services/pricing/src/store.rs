//! All SQL of pricing.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sanbian_domain::{ids::LotId, money::Money};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// An announced lot.
pub(crate) struct LotRow {
    pub(crate) lot: LotId,
    pub(crate) number: String,
    pub(crate) region: String,
    pub(crate) category: String,
    pub(crate) title: String,
    pub(crate) mu: Option<Decimal>,
    pub(crate) term_months: Option<i32>,
    pub(crate) notice: String,
}

pub(crate) async fn put_lot(tx: &mut Tx, row: &LotRow) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO pricing.lot (lot_id, number, region, category, title, mu, term_months, notice)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT lot_pkey DO UPDATE
             SET category = excluded.category, title = excluded.title, mu = excluded.mu, term_months = excluded.term_months,
                 notice = excluded.notice",
        row.lot.0,
        row.number,
        row.region,
        row.category,
        row.title,
        row.mu,
        row.term_months,
        row.notice
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn notice(tx: &mut Tx, lot: LotId) -> Result<Option<String>, Refusal> {
    Ok(sqlx::query_scalar!("SELECT notice FROM pricing.lot WHERE lot_id = $1", lot.0).fetch_optional(&mut **tx).await?)
}

pub(crate) async fn put_deal(
    tx: &mut Tx,
    lot: LotId,
    per_mu_year: Option<Money>,
    total: Money,
    qualified: i32,
    sold_on: NaiveDate,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO pricing.deal (lot_id, per_mu_year_fen, total_fen, qualified, sold_on) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT deal_pkey DO UPDATE
             SET per_mu_year_fen = excluded.per_mu_year_fen, total_fen = excluded.total_fen, qualified = excluded.qualified,
                 sold_on = excluded.sold_on, failed = false",
        lot.0,
        per_mu_year.map(Money::fen),
        total.fen(),
        qualified,
        sold_on
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn fail(tx: &mut Tx, lot: LotId) -> Result<(), Refusal> {
    sqlx::query!("UPDATE pricing.deal SET failed = true WHERE lot_id = $1", lot.0).execute(&mut **tx).await?;
    Ok(())
}

/// A deal of a lot that has area and term.
#[derive(Clone)]
pub(crate) struct DealRow {
    pub(crate) lot_id: Uuid,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) region: String,
    pub(crate) mu: Decimal,
    pub(crate) term_months: Option<i32>,
    pub(crate) per_mu_year_fen: i64,
    pub(crate) total_fen: i64,
    pub(crate) qualified: i32,
    pub(crate) sold_on: NaiveDate,
}

/// What deals are looked for.
pub(crate) struct Like<'q> {
    pub(crate) category: &'q str,
    pub(crate) region: &'q str,
    pub(crate) mu: Option<(Decimal, Decimal)>,
    pub(crate) months: Option<(i32, i32)>,
    pub(crate) since: NaiveDate,
    pub(crate) without: Option<Uuid>,
}

/// Deals like that, newest first.
pub(crate) async fn deals(pool: &PgPool, like: &Like<'_>) -> Result<Vec<DealRow>, Refusal> {
    Ok(sqlx::query_as!(
        DealRow,
        r#"SELECT lot.lot_id, lot.number, lot.title, lot.region, lot.mu AS "mu!", lot.term_months,
                  deal.per_mu_year_fen AS "per_mu_year_fen!", deal.total_fen, deal.qualified, deal.sold_on
           FROM pricing.deal JOIN pricing.lot USING (lot_id)
           WHERE NOT deal.failed AND deal.per_mu_year_fen IS NOT NULL AND lot.mu IS NOT NULL
             AND lot.category = $1 AND starts_with(lot.region, $2) AND deal.sold_on >= $3
             AND ($4::numeric IS NULL OR lot.mu >= $4) AND ($5::numeric IS NULL OR lot.mu <= $5)
             AND ($6::integer IS NULL OR lot.term_months >= $6) AND ($7::integer IS NULL OR lot.term_months <= $7)
             AND ($8::uuid IS NULL OR lot.lot_id <> $8)
           ORDER BY deal.sold_on DESC, lot.lot_id LIMIT 1000"#,
        like.category,
        like.region,
        like.since,
        like.mu.map(|(least, _)| least),
        like.mu.map(|(_, most)| most),
        like.months.map(|(least, _)| least),
        like.months.map(|(_, most)| most),
        like.without
    )
    .fetch_all(pool)
    .await?)
}
