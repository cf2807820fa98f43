//! Deposits as their payers, finance and supervisors see them.

use super::{WATCHERS, cut, page, read, word};
use crate::{
    Deps, parties,
    store::{self, deposit::Wanted},
    view,
};
use sanbian_domain::{
    ids::{LotId, RegistrationId},
    role::Role,
};
use sanbian_proto::settlement::v1::{
    Deposit, DepositPage, GetDepositRequest, ListDepositsRequest, ListMyDepositsRequest,
};
use sanbian_runtime::{Context, Refusal};
use uuid::Uuid;

/// The states a deposit is shown in.
const STATES: [&str; 7] = ["due", "held", "release-ordered", "released", "applied", "forfeited", "cancelled"];

/// What the caller has to pay for a registration, and where. Bidders, each their own.
pub(crate) async fn get(deps: &Deps, ctx: &Context, request: GetDepositRequest) -> Result<Deposit, Refusal> {
    ctx.require_anywhere(&[Role::Bidder])?;
    let registration: RegistrationId = read("registration_id", &request.registration_id)?;
    let wanted = Wanted { registration: Some(registration), ..Wanted::default() };
    let row = store::deposit::shown(&deps.pool, &wanted, 1).await?.pop().ok_or_else(not_found)?;
    let caller = ctx.require(&[Role::Bidder], &row.region)?;
    let own = parties::account_hash(&deps.sealer, caller.account);
    if !caller.service && !store::deposit::is_of(&deps.pool, registration, &own).await? {
        return Err(not_found());
    }
    Ok(view::deposit(row, &deps.settings))
}

/// The caller's deposits, newest first. Bidders.
pub(crate) async fn list_mine(
    deps: &Deps,
    ctx: &Context,
    request: ListMyDepositsRequest,
) -> Result<DepositPage, Refusal> {
    let caller = ctx.require_anywhere(&[Role::Bidder])?;
    let (limit, before) = page::<Uuid>(request.limit, 100, request.cursor.as_deref())?;
    let own = parties::account_hash(&deps.sealer, caller.account);
    let wanted = Wanted { account_hash: Some(&own), before, ..Wanted::default() };
    list_of(deps, &wanted, limit).await
}

/// Deposits of a lot, or of the caller's regions, newest first. Finance and supervisors.
pub(crate) async fn list(deps: &Deps, ctx: &Context, request: ListDepositsRequest) -> Result<DepositPage, Refusal> {
    ctx.require_anywhere(WATCHERS)?;
    let (limit, before) = page::<Uuid>(request.limit, 100, request.cursor.as_deref())?;
    word("state", request.state.as_deref(), &STATES)?;
    let lot = request.lot_id.as_deref().map(|lot| read::<LotId>("lot_id", lot)).transpose()?;
    let regions = ctx.regions(WATCHERS);
    let wanted = Wanted { regions: Some(&regions), lot, state: request.state.as_deref(), before, ..Wanted::default() };
    list_of(deps, &wanted, limit).await
}

async fn list_of(deps: &Deps, wanted: &Wanted<'_>, limit: i64) -> Result<DepositPage, Refusal> {
    let rows = store::deposit::shown(&deps.pool, wanted, limit + 1).await?;
    let (rows, next_cursor) = cut(rows, limit, |row| row.registration_id.to_string());
    Ok(DepositPage { items: rows.into_iter().map(|row| view::deposit(row, &deps.settings)).collect(), next_cursor })
}

fn not_found() -> Refusal {
    Refusal::not_found("保证金", "deposit")
}
