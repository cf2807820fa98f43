//! Bank statements: imported by finance, and what matched nothing looked into.

use super::{FINANCE, cut, over_all, page, read, reason};
use crate::{
    Deps,
    books::Book,
    flow::{
        Unmatched, contracts,
        deposits::{self, Payer},
        lines::{self, Booked, OwnAccounts},
        payouts,
    },
    parties::{self, Holder, Payee},
    reference::{self, Purpose, Reference},
    statement::{self, Direction, Line},
    store::{self, bank::LineRow},
    view,
    work::Work,
};
use sanbian_domain::{
    fact::StatementImported,
    finding::{Finding, Severity, Text},
    ids::BankLineId,
    money::Money,
};
use sanbian_proto::settlement::v1::{
    BankLine, BankLinePage, ImportStatementRequest, ListUnmatchedRequest, ResolveLineRequest, StatementResult,
};
use sanbian_runtime::{Context, Kind, Refusal, act, clock, seal};
use std::collections::HashSet;
use uuid::Uuid;

const BASIS: &str = "结算规则:来款按附言码入账 (money is booked by the code in its remark)";

/// Imports a bank statement, whole or not at all. Lines seen before are counted, not booked again. Finance.
pub(crate) async fn import(
    deps: &Deps,
    ctx: &Context,
    request: ImportStatementRequest,
) -> Result<StatementResult, Refusal> {
    let caller = over_all(deps, ctx, FINANCE).await?;
    let statement = statement::read(&request.csv, clock::day(ctx.now))?;
    let digest = seal::sha256_hex(request.csv.as_bytes());
    let own = own_accounts(deps, &statement.unique).await?;
    let (sealer, by) = (deps.sealer.clone(), ctx.clone());
    act(ctx, &deps.pool, "settlement.import-statement", &request, move |tx| {
        Box::pin(async move {
            let mut work = Work::of(tx, &sealer, &by).await?;
            let lines = u32::try_from(statement.lines).map_err(Refusal::internal)?;
            store::bank::add_statement(work.tx, &digest, caller.account, work.at, lines).await?;
            let mut result = StatementResult { digest: digest.clone(), lines, ..StatementResult::default() };
            for line in &statement.unique {
                match lines::book(&mut work, &digest, line, &own).await? {
                    Booked::Known => continue,
                    Booked::Matched => result.matched += 1,
                    Booked::Unmatched(reason) => {
                        result.unmatched += 1;
                        let finding = said(reason).with_severity(Severity::Note).with_fact("line", line.at);
                        let finding = finding.with_fact("line-id", &line.bank_line);
                        result.findings.push(serde_json::to_string(&finding).map_err(Refusal::internal)?);
                    }
                }
                result.new_lines += 1;
            }
            let imported = StatementImported {
                digest: digest.clone(),
                lines,
                new_lines: result.new_lines,
                matched: result.matched,
            };
            work.tell_of(format!("statement:{digest}"), "", "", imported);
            work.done().await?;
            Ok(result)
        })
    })
    .await
}

/// The registered accounts of the bidders whose deposits a file names. Asked before anything is locked.
async fn own_accounts(deps: &Deps, lines: &[Line]) -> Result<OwnAccounts, Refusal> {
    let remarks = lines
        .iter()
        .filter(|line| line.direction == Direction::In)
        .flat_map(|line| reference::find(&line.other.remark));
    let codes: HashSet<Reference> = remarks.filter(|code| code.purpose == Purpose::Deposit).collect();
    let mut own = OwnAccounts::new();
    for code in codes {
        let Some(deposit) = store::deposit::by_reference(&deps.pool, code.as_str()).await? else { continue };
        let registration = deposit.registration();
        let holder: Holder = parties::open(&deps.sealer, &deposits::bound(registration), &deposit.holder)?;
        let account = parties::payout_account(deps.peers.clone(), holder.party).await?;
        own.insert(registration, account.map(|account| account.account));
    }
    Ok(own)
}

/// Lines that match nothing, newest first. Finance.
pub(crate) async fn list_unmatched(
    deps: &Deps,
    ctx: &Context,
    request: ListUnmatchedRequest,
) -> Result<BankLinePage, Refusal> {
    over_all(deps, ctx, FINANCE).await?;
    let (limit, before) = page::<Uuid>(request.limit, 100, request.cursor.as_deref())?;
    let rows = store::bank::unmatched(&deps.pool, before, limit + 1).await?;
    let (rows, next_cursor) = cut(rows, limit, |row| row.id.to_string());
    let items = rows.iter().map(|row| view::line(row, &deps.sealer, true)).collect::<Result<_, _>>()?;
    Ok(BankLinePage { items, next_cursor })
}

/// Books an unmatched line to what it was for, or orders it back to its payer. Finance, who says why.
///
/// A person may say what a machine could not know: which code was meant, and that an account is the bidder's own. Amounts and deadlines stay
/// what they are.
pub(crate) async fn resolve(deps: &Deps, ctx: &Context, request: ResolveLineRequest) -> Result<BankLine, Refusal> {
    over_all(deps, ctx, FINANCE).await?;
    let id: BankLineId = read("line_id", &request.line_id)?;
    let why = reason(&request.reason)?.to_owned();
    let to = match request.to.as_str() {
        "return" => To::Return,
        "deposit" => To::Code(code(&request, Purpose::Deposit)?),
        "contract" => To::Code(code(&request, Purpose::Contract)?),
        "payout" => To::Code(code(&request, Purpose::Payout)?),
        _ => return Err(Refusal::malformed("to", "deposit, contract, return or payout")),
    };
    if store::bank::find(&deps.pool, id).await?.is_none() {
        return Err(not_found());
    }
    let (sealer, by) = (deps.sealer.clone(), ctx.clone());
    let mut answer: BankLine = act(ctx, &deps.pool, "settlement.resolve-line", &request, move |tx| {
        Box::pin(async move {
            let mut work = Work::of(tx, &sealer, &by).await?;
            let row = store::bank::lock(work.tx, id).await?.ok_or_else(not_found)?;
            if row.state != "unmatched" {
                return Err(Refusal::conflict(resolved(&row)));
            }
            let state = if to == To::Return { "returned" } else { "matched" };
            settle(&mut work, &row, &to).await?;
            let sealed = work.sealer.seal(&format!("{}/why", lines::bound(id)), why.as_bytes());
            let person = by.signed_in()?.account;
            store::bank::set_resolved(work.tx, id, state, person, work.at, &sealed).await?;
            let row = store::bank::find(&mut **work.tx, id).await?.ok_or_else(not_found)?;
            work.done().await?;
            view::line(&row, &sealer, false)
        })
    })
    .await?;
    // The answer that is kept for a repeated call has no remark in it.
    let row = store::bank::find(&deps.pool, id).await?.ok_or_else(not_found)?;
    answer.remark = view::line(&row, &deps.sealer, true)?.remark;
    Ok(answer)
}

/// Where a line goes.
#[derive(Clone, PartialEq, Eq)]
enum To {
    /// Back to its payer.
    Return,
    /// To what a code stands for.
    Code(Reference),
}

async fn settle(work: &mut Work<'_>, row: &LineRow, to: &To) -> Result<(), Refusal> {
    let (id, incoming) = (row.id(), row.direction == "in");
    let counted = match to {
        To::Return if incoming => return give_back(work, row).await,
        To::Code(code) if incoming && code.purpose == Purpose::Deposit => {
            let deposit = store::deposit::by_reference(&mut **work.tx, code.as_str()).await?;
            let deposit = deposit.ok_or_else(|| refused(Unmatched::Unknown))?;
            deposits::receive(work, &deposit, row, Payer::Vouched, Book::Suspense(id)).await?
        }
        To::Code(code) if incoming && code.purpose == Purpose::Contract => {
            let contract = store::contract::lock_reference(work.tx, code.as_str()).await?;
            let contract = contract.ok_or_else(|| refused(Unmatched::Unknown))?;
            contracts::receive(work, &contract, row, Book::Suspense(id)).await?
        }
        To::Code(code) if !incoming && code.purpose == Purpose::Payout => {
            let payout = store::payout::lock_reference(work.tx, code.as_str()).await?;
            let payout = payout.ok_or_else(|| refused(Unmatched::Unknown))?;
            payouts::paid(work, &payout, row, Book::SuspenseOut(id)).await?
        }
        _ => return Err(wrong_way(row).into()),
    };
    counted.map_err(refused)
}

async fn give_back(work: &mut Work<'_>, row: &LineRow) -> Result<(), Refusal> {
    let payee: Payee = deposits::payer_of(work, row.id()).await?;
    if payee.account.is_empty() {
        return Err(no_account());
    }
    let order = payouts::Order {
        kind: payouts::Kind::LineReturn,
        lot: None,
        registration: None,
        contract: None,
        payee: Some(payee),
        due: None,
        by: work.person,
    };
    let accounts = (Book::Suspense(row.id()), Book::Bank);
    let amount = Money::from_fen(row.amount_fen);
    let movement = crate::books::Movement::new(crate::books::Reason::Return, row.id(), accounts, amount, None);
    payouts::order(work, &order, &movement).await
}

fn code(request: &ResolveLineRequest, purpose: Purpose) -> Result<Reference, Refusal> {
    let code = request.reference.as_deref().and_then(Reference::parse).filter(|code| code.purpose == purpose);
    code.ok_or_else(|| {
        Finding::refusal(
            "reference.form",
            BASIS,
            Text::new("附言码有误:校验位不符或不是该用途的码", "This is no code of that kind: a character is wrong"),
            Text::new("请对照缴款通知重新填写", "Write it again from the payment notice"),
        )
        .at("reference")
        .into()
    })
}

fn not_found() -> Refusal {
    Refusal::not_found("银行流水", "bank line")
}

fn said(reason: Unmatched) -> Finding {
    let (zh, en) = reason.words();
    Finding::refusal(
        format!("line.{}", reason.as_str()),
        BASIS,
        Text::new(format!("{zh},该笔款项已列入待查"), format!("{en}; the money stands by itself until somebody looks")),
        Text::new("请财务核对后认领或原路退回", "Finance books it to what it was for, or back to its payer"),
    )
}

fn refused(reason: Unmatched) -> Refusal {
    let (zh, en) = reason.words();
    Finding::refusal(
        format!("line.{}", reason.as_str()),
        BASIS,
        Text::new(zh, en),
        Text::new("请核对附言码,或将该笔款项原路退回", "Check the code, or order the money back to its payer"),
    )
    .into()
}

fn resolved(row: &LineRow) -> Finding {
    Finding::refusal(
        "line.resolved",
        BASIS,
        Text::new("该笔流水已处理", "This line is settled already"),
        Text::new("无需操作", "There is nothing to do"),
    )
    .with_fact("state", &row.state)
}

fn wrong_way(row: &LineRow) -> Finding {
    Finding::refusal(
        "line.direction",
        BASIS,
        Text::new(
            "流水方向与处理方式不符",
            "Money that came in goes to a deposit, a contract or back; money that left goes to a payout",
        ),
        Text::new("请选择与方向相符的处理方式", "Choose what fits the line's direction"),
    )
    .at("to")
    .with_fact("direction", &row.direction)
}

fn no_account() -> Refusal {
    Refusal::of(
        Kind::Rule,
        Finding::refusal(
            "line.no-account",
            BASIS,
            Text::new(
                "该笔流水没有对方账号,无法原路退回",
                "The line names no account, so it can't go back the way it came",
            ),
            Text::new(
                "请向银行查询付款账号,或认领到应收款",
                "Ask the bank for the payer's account, or book it to what it was for",
            ),
        ),
    )
}
