//! Contracts as their parties, the exchange and supervisors see them, and signatures.

use super::{cut, page, read, word};
use crate::{
    Deps, days,
    flow::contracts,
    parties,
    store::{self, contract::ContractRow, lot::LotRow},
    view::{self, Eyes},
    work::Work,
};
use sanbian_domain::{
    contract::{self, Command, Contract as Core, Event, Side},
    fact::ContractSigned,
    finding::{Finding, Text},
    ids::ContractId,
    role::Role,
};
use sanbian_proto::settlement::v1::{
    Contract, ContractPage, GetContractRequest, ListContractsRequest, SignContractRequest,
};
use sanbian_runtime::{Context, Refusal, act, clock};
use uuid::Uuid;

/// Those who see the contracts of a region.
const STAFF: &[Role] = &[Role::Chair, Role::Clerk, Role::Operator, Role::Finance, Role::Supervisor];
/// Those who see contracts at all.
const READERS: &[Role] = &[Role::Bidder, Role::Chair, Role::Clerk, Role::Operator, Role::Finance, Role::Supervisor];

const BASIS: &str = "公告的合同条款;民法典 合同编";

/// A contract. Its two sides, and the operator, finance and supervisors of its region.
pub(crate) async fn get(deps: &Deps, ctx: &Context, request: GetContractRequest) -> Result<Contract, Refusal> {
    ctx.require_anywhere(READERS)?;
    let id: ContractId = read("contract_id", &request.contract_id)?;
    let (row, lot) = find(deps, id).await?;
    let eyes = eyes(deps, ctx, &row, &lot)?;
    shown(deps, &row, &lot, eyes).await
}

/// Contracts that are the caller's own or lie in its regions, newest first.
pub(crate) async fn list(deps: &Deps, ctx: &Context, request: ListContractsRequest) -> Result<ContractPage, Refusal> {
    let caller = ctx.require_anywhere(READERS)?;
    let states = ["drawn", "signing", "signed", "settled", "defaulted", "terminated"];
    word("state", request.state.as_deref(), &states)?;
    let (limit, before) = page::<Uuid>(request.limit, 100, request.cursor.as_deref())?;
    let own = parties::account_hash(&deps.sealer, caller.account);
    let regions = ctx.regions(STAFF);
    let rows = store::contract::list(&deps.pool, &own, &regions, request.state.as_deref(), before, limit + 1).await?;
    let (rows, next_cursor) = cut(rows, limit, |row| row.id.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let lot = store::lot::get(&deps.pool, row.lot()).await?;
        let eyes = eyes(deps, ctx, &row, &lot)?;
        items.push(shown(deps, &row, &lot, eyes).await?);
    }
    Ok(ContractPage { items, next_cursor })
}

/// Signs for the caller's side: the chair of the collective's region, or the winner. The digest names the terms that were read.
pub(crate) async fn sign(deps: &Deps, ctx: &Context, request: SignContractRequest) -> Result<Contract, Refusal> {
    let caller = ctx.require_anywhere(&[Role::Chair, Role::Bidder])?.clone();
    if caller.service {
        return Err(Refusal::forbidden("chair / bidder", ""));
    }
    let id: ContractId = read("contract_id", &request.contract_id)?;
    let (row, lot) = find(deps, id).await?;
    let eyes = eyes(deps, ctx, &row, &lot)?;
    let side = match eyes {
        Eyes::Transferee => Side::Transferee,
        Eyes::Transferor => Side::Transferor,
        Eyes::Clerk | Eyes::Other => return Err(Refusal::forbidden("chair / bidder", &lot.region)),
    };
    let (sealer, by, digest) = (deps.sealer.clone(), ctx.clone(), request.digest.clone());
    let answer = act(ctx, &deps.pool, "settlement.sign-contract", &request, move |tx| {
        Box::pin(async move {
            let mut work = Work::of(tx, &sealer, &by).await?;
            let row = store::contract::lock(work.tx, id).await?.ok_or_else(not_found)?;
            let lot = store::lot::get(&mut **work.tx, row.lot()).await?;
            if lot.suspended_at.is_some() {
                return Err(Refusal::conflict(suspended()));
            }
            let event = decide(&mut work, &row, &lot, side, &digest).await?;
            let signed = store::contract::sign(work.tx, id, side, caller.account, work.at).await;
            signed.map_err(|error| match Refusal::constraint(&error) {
                Some("contract_two_hands") => two_hands().into(),
                _ => Refusal::from(error),
            })?;
            let Event::Signed { pay_by, .. } = event else {
                return Err(Refusal::internal("a signature that signs nothing"));
            };
            let side = if side == Side::Transferor { "transferor" } else { "transferee" };
            let fact = ContractSigned {
                contract: id,
                lot: lot.id(),
                side: side.to_owned(),
                complete: pay_by.is_some(),
                pay_by,
            };
            work.tell(&lot, fact);
            if let Some(pay_by) = pay_by {
                contracts::completed(&mut work, &lot, &row, pay_by).await?;
            }
            let row = store::contract::find(&mut **work.tx, id).await?.ok_or_else(not_found)?;
            work.done().await?;
            // Kept for a repeated call: without people's names.
            view::masked_contract(&row, &lot, &sealer, None, eyes)
        })
    })
    .await?;
    view::named(answer, &row, &deps.sealer, eyes)
}

/// The core's word on a signature.
async fn decide(
    work: &mut Work<'_>,
    row: &ContractRow,
    lot: &LotRow,
    side: Side,
    digest: &str,
) -> Result<Event, Refusal> {
    let Some(sign_by) = row.sign_by else {
        return Err(Refusal::conflict(notice_running()));
    };
    if row.state != "signing" {
        return Err(Refusal::conflict(wrong_state(row)));
    }
    let today = work.today();
    let notice = lot.notice()?;
    let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
    let completes = match side {
        Side::Transferor => row.transferee_signed_at.is_some(),
        Side::Transferee => row.transferor_signed_at.is_some(),
    };
    // The last day to pay is promised only when there is something to pay.
    let pay_by = if completes { days::after(today, contracts::payment_days(&notice, &rules))? } else { today };
    let terms = row.agreement()?.terms(sign_by, today, pay_by);
    // What people read and sign is the agreement; the core's terms are the same with days.
    let digest = if digest == row.digest { terms.digest() } else { digest.to_owned() };
    let mut core = Core::draw(terms)?;
    for (side, at) in [(Side::Transferor, row.transferor_signed_at), (Side::Transferee, row.transferee_signed_at)] {
        if let Some(at) = at {
            contract::evolve(&mut core, &Event::Signed { side, on: clock::day(at), pay_by: None });
        }
    }
    Ok(contract::decide(&core, Command::Sign { side, digest, pay_by }, today)?)
}

async fn find(deps: &Deps, id: ContractId) -> Result<(ContractRow, LotRow), Refusal> {
    let row = store::contract::find(&deps.pool, id).await?.ok_or_else(not_found)?;
    let lot = store::lot::get(&deps.pool, row.lot()).await?;
    Ok((row, lot))
}

async fn shown(deps: &Deps, row: &ContractRow, lot: &LotRow, eyes: Eyes) -> Result<Contract, Refusal> {
    let number = store::certificate::number_of(&deps.pool, row.id()).await?;
    view::contract(row, lot, &deps.sealer, number, eyes)
}

/// With whose eyes the caller sees a contract.
fn eyes(deps: &Deps, ctx: &Context, row: &ContractRow, lot: &LotRow) -> Result<Eyes, Refusal> {
    let caller = ctx.signed_in()?;
    if caller.service {
        return Ok(Eyes::Other);
    }
    if ctx.holds(Role::Bidder, &lot.region) && parties::account_hash(&deps.sealer, caller.account) == row.account_hash {
        return Ok(Eyes::Transferee);
    }
    if ctx.holds(Role::Chair, &lot.region) {
        return Ok(Eyes::Transferor);
    }
    if ctx.holds(Role::Clerk, &lot.region) {
        return Ok(Eyes::Clerk);
    }
    match ctx.require(STAFF, &lot.region) {
        Ok(_) => Ok(Eyes::Other),
        // A bidder hears nothing of the contracts of others.
        Err(_) if ctx.holds(Role::Bidder, &lot.region) => Err(not_found()),
        Err(refusal) => Err(refusal),
    }
}

fn not_found() -> Refusal {
    Refusal::not_found("合同", "contract")
}

fn notice_running() -> Finding {
    Finding::refusal(
        "contract.notice-running",
        BASIS,
        Text::new("成交公示尚未结束,不能签约", "The result is still on public notice; signing has not begun"),
        Text::new("请在公示期满后签约", "Sign when the notice is over"),
    )
}

fn wrong_state(row: &ContractRow) -> Finding {
    Finding::refusal(
        "contract.phase",
        BASIS,
        Text::new("合同当前状态不允许该操作", "The contract's state does not allow this"),
        Text::new("请刷新后核对状态", "Look at its state again"),
    )
    .with_fact("phase", &row.state)
}

fn suspended() -> Finding {
    Finding::refusal(
        "lot.suspended",
        "规则手册 中止交易",
        Text::new("交易已中止,暂不能签约", "The transfer stands still; nothing is signed"),
        Text::new("请等待恢复交易,签约期限相应顺延", "Wait until it goes on; the time to sign moves by as much"),
    )
}

fn two_hands() -> Finding {
    Finding::refusal(
        "contract.two-hands",
        BASIS,
        Text::new("合同双方不能由同一账号签署", "One account can't sign for both sides"),
        Text::new("请由集体的其他负责人签署", "Have another chair of the collective sign"),
    )
}
