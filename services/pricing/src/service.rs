//! The use case: comparable deals.

use crate::{
    Deps,
    store::{self, DealRow, Like},
};
use chrono::Months;
use rust_decimal::Decimal;
use sanbian_domain::{
    comparables::{judge, summarise},
    money::Money,
    region::RegionCode,
    rights::Category,
    rulebook::Library,
};
use sanbian_proto::pricing::v1::{ComparableDeal, ComparableDeals, ComparablesRequest};
use sanbian_runtime::{Context, Refusal, clock};
use uuid::Uuid;

/// How far back deals are looked at. The rulebook says what a price beside them means, not which of them are alike.
const MONTHS: Months = Months::new(36);
/// Deals shown at most.
const SHOWN: usize = 50;

/// Deals alike in category, area, term and time, from the nearest region that has enough of them. Public: every deal is published.
pub(crate) async fn comparables(
    deps: &Deps,
    ctx: &Context,
    request: &ComparablesRequest,
) -> Result<ComparableDeals, Refusal> {
    let category: Category =
        request.category.parse().map_err(|_| Refusal::malformed("category", "a category of rights"))?;
    let region: RegionCode = request.region.parse().map_err(|_| Refusal::malformed("region", "a region code"))?;
    let mu = request.mu.as_deref().map(area).transpose()?;
    let months = request.term_months.map(|months| {
        let months = i32::try_from(months).unwrap_or(i32::MAX);
        (months / 2, months.saturating_mul(2))
    });
    let without = request.lot_id.as_deref().map(Uuid::try_parse).transpose();
    let without = without.map_err(|error| Refusal::malformed("lot_id", error))?;
    if request.per_mu_year_fen.is_some_and(|fen| fen < 0) {
        return Err(Refusal::malformed("per_mu_year_fen", "not negative"));
    }
    let rulebook = Library::builtin().rulebook(region, category)?;
    let rule = &rulebook.rules.comparables;
    let today = clock::day(ctx.now);
    let since = today.checked_sub_months(MONTHS).unwrap_or(today);
    let code = region.to_string();
    let mut found = (String::new(), Vec::new());
    for digits in [6, 4, 2, 0] {
        let Some(within) = code.get(..digits) else { continue };
        let like = Like { category: category.code(), region: within, mu, months, since, without };
        found = (within.to_owned(), store::deals(&deps.pool, &like).await?);
        if found.1.len() >= rule.value.at_least as usize {
            break;
        }
    }
    let (within, deals) = found;
    let mut prices: Vec<Money> = deals.iter().map(|deal| Money::from_fen(deal.per_mu_year_fen)).collect();
    let summary = summarise(&mut prices);
    let finding = match (request.per_mu_year_fen, &summary) {
        (Some(fen), Some(summary)) => judge(Money::from_fen(fen), summary.for_rule(), rule),
        _ => None,
    };
    Ok(ComparableDeals {
        count: summary.map_or(0, |summary| summary.count),
        lower_quartile_fen: summary.map(|summary| summary.lower_quartile.fen()),
        median_fen: summary.map(|summary| summary.median.fen()),
        upper_quartile_fen: summary.map(|summary| summary.upper_quartile.fen()),
        region: within,
        since_date: since.to_string(),
        finding: finding.map(|finding| serde_json::to_string(&finding)).transpose().map_err(Refusal::internal)?,
        items: deals.into_iter().take(SHOWN).map(shown).collect(),
    })
}

/// A quarter to four times of an area.
fn area(text: &str) -> Result<(Decimal, Decimal), Refusal> {
    let mu: Decimal = text.parse().map_err(|error| Refusal::malformed("mu", error))?;
    let most =
        mu.checked_mul(Decimal::from(4)).filter(|most| mu > Decimal::ZERO && *most < Decimal::from(1_000_000_000));
    let most = most.ok_or_else(|| Refusal::malformed("mu", "a positive area"))?;
    Ok((mu / Decimal::from(4), most))
}

fn shown(deal: DealRow) -> ComparableDeal {
    ComparableDeal {
        lot_id: deal.lot_id.to_string(),
        number: deal.number,
        title: deal.title,
        region: deal.region,
        mu: deal.mu.normalize().to_string(),
        term_months: deal.term_months.and_then(|months| u32::try_from(months).ok()),
        per_mu_year_fen: deal.per_mu_year_fen,
        total_fen: deal.total_fen,
        qualified: deal.qualified.unsigned_abs(),
        sold_on: deal.sold_on.to_string(),
    }
}
