//! Payouts: what is to be paid, and the second person's word.

use super::{FINANCE, cut, over_all, page, read, word};
use crate::{
    Deps, flow,
    parties::{self, Payee},
    store::{self, payout::PayoutRow},
    view,
    work::Work,
};
use chrono::NaiveDate;
use sanbian_domain::{
    fact::PersonalDataViewed,
    finding::{Finding, Text},
    ids::{ContractId, PartyId, PayoutId},
};
use sanbian_proto::settlement::v1::{ApprovePayoutRequest, ListPayoutsRequest, Payout, PayoutPage};
use sanbian_runtime::{Context, Refusal, act};
use uuid::Uuid;

const BASIS: &str = "资金管理规则:付款须复核 (a payment is confirmed by a second person)";

/// What is to be paid out, soonest due first. Finance.
pub(crate) async fn list(deps: &Deps, ctx: &Context, request: ListPayoutsRequest) -> Result<PayoutPage, Refusal> {
    over_all(deps, ctx, FINANCE).await?;
    word("state", request.state.as_deref(), &["ordered", "approved", "paid"])?;
    let (limit, _) = page::<Uuid>(request.limit, 100, None)?;
    let after = match request.cursor.as_deref() {
        None => (NaiveDate::MIN.max(NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default()), Uuid::nil()),
        Some(cursor) => place(cursor)?,
    };
    let rows = store::payout::list(&deps.pool, request.state.as_deref(), after, limit + 1).await?;
    let key = |row: &PayoutRow| {
        let due = row.due_on.map_or_else(|| "9999-12-31".to_owned(), |due| due.to_string());
        format!("{due}_{}", row.id)
    };
    let (rows, next_cursor) = cut(rows, limit, key);
    let items = rows.iter().map(|row| view::payout(row, &deps.sealer)).collect::<Result<_, _>>()?;
    Ok(PayoutPage { items, next_cursor })
}

fn place(cursor: &str) -> Result<(NaiveDate, Uuid), Refusal> {
    let parsed = cursor.split_once('_').and_then(|(due, id)| Some((due.parse().ok()?, id.parse().ok()?)));
    parsed.ok_or_else(|| Refusal::malformed("cursor", "as given by the page before"))
}

/// Confirms a payout: whoever ordered it can't. Finance, who is told the account to pay to; that look is logged. Proceeds go to the account
/// that the collective has now.
pub(crate) async fn approve(deps: &Deps, ctx: &Context, request: ApprovePayoutRequest) -> Result<Payout, Refusal> {
    let caller = over_all(deps, ctx, FINANCE).await?;
    let id: PayoutId = read("payout_id", &request.payout_id)?;
    let row = store::payout::find(&deps.pool, id).await?.ok_or_else(not_found)?;
    // Asked before anything is locked.
    let newest = if row.kind == "proceeds" { proceeds_account(deps, &row).await? } else { None };
    let (sealer, by) = (deps.sealer.clone(), ctx.clone());
    let answer = act(ctx, &deps.pool, "settlement.approve-payout", &request, move |tx| {
        Box::pin(async move {
            let mut work = Work::of(tx, &sealer, &by).await?;
            let row = store::payout::lock(work.tx, id).await?.ok_or_else(not_found)?;
            if row.state != "ordered" {
                return Err(Refusal::conflict(wrong_state(&row)));
            }
            let payee = match &newest {
                Some(payee) => Some(parties::seal(&sealer, &flow::payouts::bound(id), payee)),
                None => row.payee.clone(),
            };
            let payee = payee.ok_or_else(|| Refusal::from(no_account()))?;
            let approved = store::payout::approve(work.tx, id, &payee, caller.account, work.at).await;
            approved.map_err(|error| match Refusal::constraint(&error) {
                Some("payout_four_eyes") => four_eyes().into(),
                _ => Refusal::from(error),
            })?;
            let row = store::payout::find(&mut **work.tx, id).await?.ok_or_else(not_found)?;
            // Whoever confirms it carries it out, and is told the account.
            let viewed = PersonalDataViewed {
                viewer: caller.account,
                of: format!("payout:{id}"),
                purpose: "payment".to_owned(),
            };
            work.tell_of(format!("payout:{id}"), "", "", viewed);
            work.done().await?;
            view::payout(&row, &sealer)
        })
    })
    .await?;
    // Not in the answer that is kept for a repeated call.
    let row = store::payout::find(&deps.pool, id).await?.ok_or_else(not_found)?;
    let payee = row.payee.as_deref().ok_or_else(|| Refusal::internal("an approved payout has no payee"))?;
    let payee: Payee = parties::open(&deps.sealer, &flow::payouts::bound(id), payee)?;
    Ok(Payout { pay_to_name: Some(payee.name), pay_to_account: Some(payee.account), ..answer })
}

async fn proceeds_account(deps: &Deps, row: &PayoutRow) -> Result<Option<Payee>, Refusal> {
    let Some(contract) = row.contract_id else { return Ok(None) };
    let contract = store::contract::find(&deps.pool, ContractId(contract)).await?.ok_or_else(not_found)?;
    let lot = store::lot::get(&deps.pool, contract.lot()).await?;
    parties::payout_account(deps.peers.clone(), PartyId(lot.collective_id)).await
}

fn not_found() -> Refusal {
    Refusal::not_found("付款", "payout")
}

fn wrong_state(row: &PayoutRow) -> Finding {
    Finding::refusal(
        "payout.state",
        BASIS,
        Text::new("该笔付款已复核或已付出", "This payout was confirmed or paid already"),
        Text::new("无需操作", "There is nothing to do"),
    )
    .with_fact("state", &row.state)
}

fn four_eyes() -> Finding {
    Finding::refusal(
        "payout.four-eyes",
        BASIS,
        Text::new("发起付款的人不能复核同一笔付款", "Whoever ordered a payout can't confirm it"),
        Text::new("请由另一名财务人员复核", "Have another person of finance confirm it"),
    )
}

fn no_account() -> Finding {
    Finding::refusal(
        "payout.account",
        BASIS,
        Text::new("收款人没有登记银行账户", "The payee has no bank account on record"),
        Text::new("请收款人先登记账户", "Have the payee register an account first"),
    )
}
