//! The books as finance and supervisors read them.

use super::{WATCHERS, cut, over_all, page, read};
use crate::{
    Deps,
    store::{self, deposit::Wanted},
    view::{self, Eyes},
};
use sanbian_domain::ids::{BookAccountId, LotId};
use sanbian_proto::settlement::v1::{
    BookAccount, BookBalance, ListPostingsRequest, LotMoneyAnswer, LotMoneyRequest, PostingPage, TrialBalanceRequest,
};
use sanbian_runtime::{Context, Refusal};

/// Deposits of one lot shown at most.
const DEPOSITS: i64 = 10_000;

/// Every account with its balance, and their sum, which is zero. Finance and supervisors.
pub(crate) async fn trial_balance(deps: &Deps, ctx: &Context, _: TrialBalanceRequest) -> Result<BookBalance, Refusal> {
    over_all(deps, ctx, WATCHERS).await?;
    let rows = store::books::accounts(&deps.pool).await?;
    // From the rows that are shown, so that the sum is theirs.
    let sum: i64 = rows.iter().map(|row| row.debits_posted - row.credits_posted).sum();
    let account = |row: store::books::AccountRow| BookAccount {
        id: row.id.to_string(),
        code: row.code,
        posted_fen: row.debits_posted - row.credits_posted,
        pending_fen: row.debits_pending - row.credits_pending,
    };
    Ok(BookBalance { accounts: rows.into_iter().map(account).collect(), sum_fen: sum })
}

/// Movements of an account, newest first. Finance and supervisors.
pub(crate) async fn list_postings(
    deps: &Deps,
    ctx: &Context,
    request: ListPostingsRequest,
) -> Result<PostingPage, Refusal> {
    over_all(deps, ctx, WATCHERS).await?;
    let account: BookAccountId = read("account_id", &request.account_id)?;
    let (limit, before) = page::<i64>(request.limit, 200, request.cursor.as_deref())?;
    if store::books::balances(&deps.pool, account.0).await?.is_none() {
        return Err(Refusal::not_found("账户", "account"));
    }
    let rows = store::books::of_account(&deps.pool, account.0, before.unwrap_or(i64::MAX), limit + 1).await?;
    let (rows, next_cursor) = cut(rows, limit, |row| row.seq.to_string());
    Ok(PostingPage { items: rows.into_iter().map(view::posting).collect(), next_cursor })
}

/// A lot's money, step by step. Finance and supervisors of its region, and other services.
pub(crate) async fn lot_money(deps: &Deps, ctx: &Context, request: LotMoneyRequest) -> Result<LotMoneyAnswer, Refusal> {
    ctx.require_anywhere(WATCHERS)?;
    let id: LotId = read("lot_id", &request.lot_id)?;
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(|| Refusal::not_found("标的", "lot"))?;
    ctx.require(WATCHERS, &lot.region)?;
    let wanted = Wanted { lot: Some(id), ..Wanted::default() };
    let deposits = store::deposit::shown(&deps.pool, &wanted, DEPOSITS).await?;
    let contract = match store::contract::of_lot(&deps.pool, id).await? {
        None => None,
        Some(row) => {
            let number = store::certificate::number_of(&deps.pool, row.id()).await?;
            Some(view::contract(&row, &lot, &deps.sealer, number, Eyes::Other)?)
        }
    };
    Ok(LotMoneyAnswer {
        postings: store::books::of_lot(&deps.pool, id).await?.into_iter().map(view::posting).collect(),
        deposits: deposits.into_iter().map(|row| view::deposit(row, &deps.settings)).collect(),
        contract,
    })
}
