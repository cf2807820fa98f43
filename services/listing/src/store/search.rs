//! The public market: search by words, place, kind, size and price, paged by the sort key.
//!
//! Every order sorts by one number and the id, so that one statement serves all and a cursor never skips or repeats a lot.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sanbian_runtime::Refusal;
use serde::{Deserialize, Serialize};
use sqlx::PgExecutor;
use uuid::Uuid;

/// What is asked for. Absent conditions hold for every lot.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Each of these must be in the lot's words; lower case, escaped for LIKE.
    pub words: Vec<String>,
    /// Category code.
    pub category: Option<String>,
    /// Region code that the lot's begins with.
    pub region: Option<String>,
    /// States; empty = all that are public.
    pub states: Vec<String>,
    /// Least area.
    pub min_mu: Option<Decimal>,
    /// Greatest area.
    pub max_mu: Option<Decimal>,
    /// Least reserve per mu and year, in fen.
    pub min_fen: Option<i64>,
    /// Greatest reserve per mu and year, in fen.
    pub max_fen: Option<i64>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Running auctions first; then registrations and openings, the soonest first; then the rest, newest first.
    Closing,
    /// Newest announcement first.
    Newest,
    /// Cheapest per mu and year first; those without such a price last.
    Price,
    /// Largest first; those without area last.
    Area,
}

/// Where a list goes on: the order's figure of the last lot seen, and the lot. Every order's figure is one number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The figure sorted by, ascending.
    pub figure: Decimal,
    /// The lot, to tell equal figures apart.
    pub lot: Uuid,
}

/// A lot found: its id and its figure in the order asked for.
pub struct Found {
    /// The lot.
    pub lot: Uuid,
    /// The figure sorted by.
    pub figure: Decimal,
}

/// The lots that are wanted, from `place` on, at most `limit`.
pub async fn search(
    db: impl PgExecutor<'_>,
    wanted: &Wanted,
    order: Order,
    now: DateTime<Utc>,
    place: Option<&Place>,
    limit: i64,
) -> Result<Vec<Found>, Refusal> {
    let order = match order {
        Order::Closing => "closing",
        Order::Newest => "newest",
        Order::Price => "price",
        Order::Area => "area",
    };
    let found = sqlx::query_as!(
        Found,
        r#"SELECT id AS "lot!", figure AS "figure!" FROM (
               SELECT id, CASE $1::text
                   WHEN 'closing' THEN CASE
                       WHEN state = 'bidding'
                           THEN trunc(extract(epoch FROM registration_closes_at) * 1000) - 10000000000000
                       WHEN state IN ('announced', 'registration-closed')
                           THEN trunc(extract(epoch FROM greatest(due_at, registration_closes_at, $2)) * 1000)
                       ELSE 20000000000000 - trunc(extract(epoch FROM announced_at) * 1000) END
                   WHEN 'newest' THEN -trunc(extract(epoch FROM announced_at) * 1000)
                   WHEN 'price' THEN coalesce(per_mu_year_fen::numeric, 1e18)
                   ELSE coalesce(-area_mu, 1)
               END AS figure
               FROM listing.lot
               WHERE number IS NOT NULL
                   AND words LIKE ALL ($3)
                   AND ($4::text IS NULL OR category = $4)
                   AND ($5::text IS NULL OR region LIKE $5 || '%')
                   AND (cardinality($6::text[]) = 0 OR state = ANY ($6))
                   AND ($7::numeric IS NULL OR area_mu >= $7)
                   AND ($8::numeric IS NULL OR area_mu <= $8)
                   AND ($9::bigint IS NULL OR per_mu_year_fen >= $9)
                   AND ($10::bigint IS NULL OR per_mu_year_fen <= $10)
           ) found
           WHERE $11::numeric IS NULL OR (figure, id) > ($11, $12::uuid)
           ORDER BY figure, id LIMIT $13"#,
        order,
        now,
        &wanted.words.iter().map(|word| format!("%{word}%")).collect::<Vec<_>>(),
        wanted.category,
        wanted.region,
        &wanted.states,
        wanted.min_mu,
        wanted.max_mu,
        wanted.min_fen,
        wanted.max_fen,
        place.map(|place| place.figure),
        place.map(|place| place.lot),
        limit
    );
    Ok(found.fetch_all(db).await?)
}

/// `text` in lower case, cut into words, with the signs that LIKE takes for more than themselves escaped.
pub fn words(text: &str) -> Vec<String> {
    let escape = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    text.to_lowercase().split_whitespace().take(8).map(escape).collect()
}
