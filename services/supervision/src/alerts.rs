//! Alerts: what raises them, and how they are kept and told.

use crate::{
    Deps,
    store::{self, LotRow},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use futures::future::BoxFuture;
use sanbian_domain::{
    fact::AlertRaised,
    finding::{Finding, Severity, Text},
    ids::{AlertId, LotId},
    money::Money,
    notice::Notice,
    term::Term,
};
use sanbian_proto::pricing::v1::{ComparableDeals, ComparablesRequest};
use sanbian_runtime::{Refusal, Tx, log, peers::Peers};
use uuid::Uuid;

/// Single-bidder sales of one collective are looked at over so many months.
const SINGLE_BIDDER_MONTHS: u32 = 24;

/// Raises an alert and appends its fact, once a lot and kind.
async fn raise(tx: &mut Tx, lot: &LotRow, kind: &str, finding: &Finding, at: DateTime<Utc>) -> Result<(), Refusal> {
    let id = Uuid::now_v7();
    let text = serde_json::to_string(finding).map_err(Refusal::internal)?;
    if !store::raise(tx, id, kind, lot.lot_id, &text, at).await? {
        return Ok(());
    }
    let fact = AlertRaised {
        alert: AlertId(id),
        alert_kind: kind.to_owned(),
        lot: LotId(lot.lot_id),
        facts: finding.facts.clone(),
    };
    log::append(tx, &[log::system_entry(at, format!("lot:{}", lot.lot_id), &lot.region, "", fact)]).await
}

/// The deal's price lies far below comparable deals (成交价明显偏低).
pub(crate) async fn price_far_below(
    deps: &Deps,
    tx: &mut Tx,
    lot: &LotRow,
    price: Money,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some(notice) = &lot.notice else { return Ok(()) };
    let notice: Notice = serde_json::from_str(notice).map_err(Refusal::internal)?;
    let Some(per_mu_year) = notice.total_at(price).ok().and_then(|total| total.mu_year) else { return Ok(()) };
    let request = ComparablesRequest {
        category: lot.category.clone(),
        region: lot.region.clone(),
        mu: notice.mu().map(|mu| mu.normalize().to_string()),
        term_months: notice.term.as_ref().and_then(Term::rent_span).map(|span| span.total_months()),
        per_mu_year_fen: Some(per_mu_year.amount.fen()),
        lot_id: Some(lot.lot_id.to_string()),
    };
    let deals = comparables(deps.peers.clone(), request).await?;
    let (Some(finding), Some(median)) = (deals.finding, deals.median_fen) else { return Ok(()) };
    if per_mu_year.amount.fen() >= median {
        return Ok(());
    }
    let finding: Finding = serde_json::from_str(&finding).map_err(Refusal::internal)?;
    raise(tx, lot, "price-far-below", &finding, at).await
}

fn comparables(peers: Peers, request: ComparablesRequest) -> BoxFuture<'static, Result<ComparableDeals, Refusal>> {
    Box::pin(async move { Ok(peers.pricing_as_service().comparables(request).await?.into_inner()) })
}

/// Another lot of the collective went to the only bidder (再次单一竞买人成交).
pub(crate) async fn single_bidder_again(tx: &mut Tx, lot: &LotRow, at: DateTime<Utc>) -> Result<(), Refusal> {
    let (Some(1), Some(collective)) = (lot.qualified, lot.collective_id) else { return Ok(()) };
    let since = at.checked_sub_months(Months::new(SINGLE_BIDDER_MONTHS)).unwrap_or(at);
    let earlier = store::single_bidder_sales(tx, collective, LotId(lot.lot_id), since).await?;
    if earlier == 0 {
        return Ok(());
    }
    let finding = Finding::refusal(
        "supervision.single-bidder",
        "监督要点：同一集体多次单一竞买人成交 (what supervisors watch: serial single-bidder awards)",
        Text::new(
            format!("该集体近{SINGLE_BIDDER_MONTHS}个月内第{}次只有一名竞买人成交。", earlier + 1),
            format!(
                "Sale number {} of this collective with a single bidder within {SINGLE_BIDDER_MONTHS} months.",
                earlier + 1
            ),
        ),
        Text::new(
            "请核查公告范围、报名条件和保证金是否排斥竞买人。",
            "Look whether announcement, conditions or deposit kept bidders away.",
        ),
    )
    .with_severity(Severity::Warning)
    .with_fact("sales", earlier + 1)
    .with_fact("months", SINGLE_BIDDER_MONTHS);
    raise(tx, lot, "single-bidder-again", &finding, at).await
}

/// What is due at signing was not paid in time (逾期付款).
pub(crate) async fn payment_late(
    tx: &mut Tx,
    lot: &LotRow,
    pay_by: NaiveDate,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    let days = (today - pay_by).num_days();
    let finding = Finding::refusal(
        "supervision.payment-late",
        "监督要点：拖欠租金价款；合同约定的付款期限 (what supervisors watch: rent in arrears; the contract's date of payment)",
        Text::new(format!("应于{pay_by}前付清的价款已逾期{days}天。"), format!("What was due by {pay_by} is {days} days late.")),
        Text::new("请督促付款；拒不付款的，由交易中心按违约处理。", "Press for payment; where it fails, the exchange declares a default."),
    )
    .with_severity(Severity::Warning)
    .with_fact("pay-by", pay_by)
    .with_fact("days-late", days);
    raise(tx, lot, "payment-late", &finding, at).await
}
