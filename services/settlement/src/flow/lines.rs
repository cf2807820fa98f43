//! Bank lines: each is kept once and booked at once, to what its remark names or to an account of its own until somebody looks into it.

use super::{Counted, Unmatched, contracts, deposits, payouts};
use crate::{
    books::{Book, Movement, Reason},
    parties,
    reference::{self, Purpose},
    statement::{Direction, Line, OtherSide},
    store::{self, bank::LineRow},
    work::Work,
};
use deposits::Payer;
use sanbian_domain::{
    finding::{Finding, Text},
    ids::{BankLineId, RegistrationId},
    money::Money,
};
use sanbian_runtime::Refusal;
use std::collections::HashMap;
use uuid::Uuid;

/// The registered account numbers of those whose deposits a file names; none where one has registered no account.
pub(crate) type OwnAccounts = HashMap<RegistrationId, Option<String>>;

/// What came of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Booked {
    /// Seen before: counted, not booked again.
    Known,
    /// Booked to what it was for.
    Matched,
    /// Booked to an account of its own.
    Unmatched(Unmatched),
}

/// What a line's sealed other side is bound to.
pub(crate) fn bound(line: BankLineId) -> String {
    format!("bank-line:{line}")
}

/// Keeps and books a line of a statement.
///
/// # Errors
/// Rule `statement.line-changed` where another line was booked under the bank's number.
pub(crate) async fn book(
    work: &mut Work<'_>,
    statement: &str,
    line: &Line,
    own: &OwnAccounts,
) -> Result<Booked, Refusal> {
    let fingerprint = work.sealer.lookup(&serde_json::to_string(line).map_err(Refusal::internal)?);
    if let Some(known) = store::bank::fingerprint(work.tx, &line.bank_line).await? {
        return if known == fingerprint { Ok(Booked::Known) } else { Err(changed(line).into()) };
    }
    let id = BankLineId(Uuid::now_v7());
    let row = LineRow {
        id: id.0,
        bank_line: line.bank_line.clone(),
        booked_on: line.booked_on,
        direction: line.direction.as_str().to_owned(),
        amount_fen: line.amount.fen(),
        sealed: parties::seal(&work.sealer, &bound(id), &line.other),
        state: "matched".to_owned(),
        reason: None,
    };
    store::bank::add_line(work.tx, &row, statement, &fingerprint).await?;
    let counted = match line.direction {
        Direction::In => incoming(work, &row, &line.other, own).await?,
        Direction::Out => outgoing(work, &row, &line.other).await?,
    };
    let Err(reason) = counted else { return Ok(Booked::Matched) };
    let accounts = match line.direction {
        Direction::In => (Book::Bank, Book::Suspense(id)),
        Direction::Out => (Book::SuspenseOut(id), Book::Bank),
    };
    work.post(&Movement::new(Reason::Suspense, id, accounts, line.amount, None)).await?;
    store::bank::set_unmatched(work.tx, id, reason.as_str()).await?;
    Ok(Booked::Unmatched(reason))
}

async fn incoming(
    work: &mut Work<'_>,
    row: &LineRow,
    other: &OtherSide,
    own: &OwnAccounts,
) -> Result<Counted, Refusal> {
    let codes = reference::find(&other.remark);
    let [code] = codes.as_slice() else { return Ok(Err(Unmatched::NoReference)) };
    match code.purpose {
        Purpose::Deposit => {
            let Some(deposit) = store::deposit::by_reference(&mut **work.tx, code.as_str()).await? else {
                return Ok(Err(Unmatched::Unknown));
            };
            let registered = own.get(&deposit.registration()).and_then(Option::as_ref);
            let same = registered.is_some_and(|number| *number == other.account);
            deposits::receive(work, &deposit, row, Payer::Compared(same), Book::Bank).await
        }
        Purpose::Contract => match store::contract::lock_reference(work.tx, code.as_str()).await? {
            Some(contract) => contracts::receive(work, &contract, row, Book::Bank).await,
            None => Ok(Err(Unmatched::Unknown)),
        },
        // A payout that comes back: nobody but a person knows why.
        Purpose::Payout => Ok(Err(Unmatched::NotDue)),
    }
}

async fn outgoing(work: &mut Work<'_>, row: &LineRow, other: &OtherSide) -> Result<Counted, Refusal> {
    let codes = reference::find(&other.remark);
    let [code] = codes.as_slice() else { return Ok(Err(Unmatched::NoReference)) };
    match store::payout::lock_reference(work.tx, code.as_str()).await? {
        Some(payout) => payouts::paid(work, &payout, row, Book::Bank).await,
        None => Ok(Err(Unmatched::Unknown)),
    }
}

/// Orders what came in and is not kept back to its payer, out of `from`.
pub(crate) async fn give_back(
    work: &mut Work<'_>,
    line: BankLineId,
    from: Book,
    amount: Money,
    of: (Option<sanbian_domain::ids::LotId>, Option<sanbian_domain::ids::ContractId>),
) -> Result<(), Refusal> {
    let payee = deposits::payer_of(work, line).await?;
    // A line without an account number can't be paid back by a transfer; it stays until finance has found the account.
    let payee = Some(payee).filter(|payee| !payee.account.is_empty());
    let order = payouts::Order {
        kind: payouts::Kind::LineReturn,
        lot: of.0,
        registration: None,
        contract: of.1,
        payee,
        due: None,
        by: None,
    };
    payouts::order(work, &order, &Movement::new(Reason::Return, line, (from, Book::Bank), amount, of.0)).await
}

fn changed(line: &Line) -> Finding {
    Finding::refusal(
        "statement.line-changed",
        "记账规则:已入账的流水不得更改 (a line that was booked is not changed)",
        Text::new(
            "该流水号已入账,但本文件中的内容与已入账的不同",
            "a line was booked under this number, and this file says something else under it",
        ),
        Text::new(
            "请向银行核对后重新导出,整个文件未入账",
            "Check with the bank and export it again; nothing of the file was booked",
        ),
    )
    .with_fact("line", line.at)
    .with_fact("line-id", &line.bank_line)
}
