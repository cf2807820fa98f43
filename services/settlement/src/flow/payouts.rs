//! Payouts: ordered by what happened, approved by a person of finance, paid when the bank's statement says so.

use super::{Counted, Unmatched, contracts, deposits};
use crate::{
    books::{self, Book, Movement, Verdict},
    parties::{self, Payee},
    reference::Purpose,
    statement::OtherSide,
    store::{self, bank::LineRow, payout::PayoutRow},
    work::Work,
};
use chrono::NaiveDate;
use sanbian_domain::{
    ids::{AccountId, ContractId, LotId, PayoutId, RegistrationId, TransferId},
    money::Money,
};
use sanbian_runtime::Refusal;

/// What a payout is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A deposit goes back to its payer.
    DepositReturn,
    /// The transferor's proceeds.
    Proceeds,
    /// Money that came in and is not kept goes back to its payer.
    LineReturn,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::DepositReturn => "deposit-return",
            Self::Proceeds => "proceeds",
            Self::LineReturn => "line-return",
        }
    }
}

/// What is to be paid out.
pub(crate) struct Order {
    pub(crate) kind: Kind,
    pub(crate) lot: Option<LotId>,
    pub(crate) registration: Option<RegistrationId>,
    pub(crate) contract: Option<ContractId>,
    /// To whom; none where that is not known yet.
    pub(crate) payee: Option<Payee>,
    /// Latest day by rule.
    pub(crate) due: Option<NaiveDate>,
    /// The person who ordered it, who then can't approve it; none where a rule did.
    pub(crate) by: Option<AccountId>,
}

/// What a payout's sealed payee is bound to.
pub(crate) fn bound(id: PayoutId) -> String {
    format!("payout:{id}")
}

/// Orders a payout: sets the money apart, so that it can't be ordered again.
pub(crate) async fn order(work: &mut Work<'_>, order: &Order, movement: &Movement) -> Result<(), Refusal> {
    if books::hold(work.tx, movement, work.at).await? == books::Made::Before {
        return Ok(());
    }
    let id = PayoutId(uuid::Uuid::now_v7());
    let reference = work.reference(Purpose::Payout, &format!("payout:{id}")).await?;
    let row = PayoutRow {
        id: id.0,
        kind: order.kind.as_str().to_owned(),
        lot_id: order.lot.map(|id| id.0),
        registration_id: order.registration.map(|id| id.0),
        contract_id: order.contract.map(|id| id.0),
        amount_fen: movement.amount.fen(),
        transfer_id: movement.id.0,
        payee: order.payee.as_ref().map(|payee| parties::seal(&work.sealer, &bound(id), payee)),
        reference: reference.to_string(),
        state: "ordered".to_owned(),
        due_on: order.due,
        ordered_at: work.at,
        ordered_by: order.by.map(|person| person.0),
        paid_at: None,
    };
    store::payout::insert(work.tx, &row).await
}

/// Counts a line that left the bank for a payout: approved, the whole amount, to the payee's account. `to` is where its money stands.
pub(crate) async fn paid(work: &mut Work<'_>, row: &PayoutRow, line: &LineRow, to: Book) -> Result<Counted, Refusal> {
    match row.state.as_str() {
        "approved" => {}
        "ordered" => return Ok(Err(Unmatched::NotApproved)),
        _ => return Ok(Err(Unmatched::NotDue)),
    }
    if row.amount_fen != line.amount_fen {
        return Ok(Err(Unmatched::WrongAmount));
    }
    let sealed = row.payee.as_deref().ok_or_else(|| Refusal::internal("an approved payout has no payee"))?;
    let payee: Payee = parties::open(&work.sealer, &bound(row.id()), sealed)?;
    let other: OtherSide = parties::open(&work.sealer, &super::lines::bound(line.id()), &line.sealed)?;
    if other.account != payee.account {
        return Ok(Err(Unmatched::WrongPayer));
    }
    settle(work, row, to).await?;
    store::payout::set_paid(work.tx, row.id(), line.id(), work.at).await?;
    let amount = Money::from_fen(row.amount_fen);
    match row.kind.as_str() {
        "deposit-return" => {
            let (lot, registration) = row.lot_id.zip(row.registration_id).ok_or_else(incomplete)?;
            let lot = store::lot::get(&mut **work.tx, LotId(lot)).await?;
            deposits::returned(work, &lot, RegistrationId(registration), amount, line.booked_on).await?;
        }
        "proceeds" => {
            let contract = row.contract_id.ok_or_else(incomplete)?;
            contracts::proceeds_paid(work, ContractId(contract), amount).await?;
        }
        // A line's return concerns nobody but its payer; the books have it.
        _ => {}
    }
    Ok(Ok(()))
}

/// Posts what was set apart. A line that was booked as unmatched before stands on an account of its own: then the money goes there instead
/// of leaving the bank a second time.
async fn settle(work: &mut Work<'_>, row: &PayoutRow, to: Book) -> Result<(), Refusal> {
    let held = TransferId(row.transfer_id);
    if to == Book::Bank {
        books::decide(work.tx, held, Verdict::Post, work.at).await?;
        return Ok(());
    }
    books::divert(work.tx, held, to, work.at).await
}

fn incomplete() -> Refusal {
    Refusal::internal("a payout does not say what it is for")
}
