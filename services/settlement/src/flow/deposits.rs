//! Deposits from filing to where each fen of them goes. What is allowed, `sanbian_domain::deposit` says.

use super::{Counted, Unmatched, payouts};
use crate::{
    books::{Book, Movement, Reason},
    parties::{self, Holder, Payee},
    reference::Purpose,
    statement::OtherSide,
    store::{self, bank::LineRow, deposit::DepositRow, lot::LotRow},
    work::Work,
};
use chrono::{NaiveDate, TimeDelta};
use sanbian_domain::{
    deposit::{self, Command, Deposit, Event, Forfeit, Phase, Release},
    fact::{DepositApplied, DepositForfeited, DepositHeld, DepositReleaseOrdered, DepositReleased, RegistrationFiled},
    ids::{BankLineId, ContractId, RegistrationId},
    money::Money,
};
use sanbian_runtime::{Refusal, clock};

/// A registration was filed: its deposit is due, with a code to pay it by. A deposit of nothing is held at once, so that it holds nobody up.
pub(crate) async fn file(
    work: &mut Work<'_>,
    lot: &LotRow,
    filed: &RegistrationFiled,
    holder: Holder,
) -> Result<(), Refusal> {
    let deposit = Deposit::open(filed.lot, filed.registration, filed.deposit, lot.registration_closes_at, &[])?;
    let reference = work.reference(Purpose::Deposit, &format!("deposit:{}", filed.registration)).await?;
    let hash = parties::account_hash(&work.sealer, holder.account);
    let sealed = parties::seal(&work.sealer, &bound(filed.registration), &holder);
    let new = store::deposit::insert(work.tx, &deposit, reference.as_str(), &hash, &sealed, work.at).await?;
    if new && deposit.admits() {
        work.tell(lot, DepositHeld { lot: deposit.lot, registration: deposit.registration, amount: Money::ZERO });
    }
    Ok(())
}

/// What a deposit's sealed holder is bound to.
pub(crate) fn bound(registration: RegistrationId) -> String {
    format!("deposit:{registration}")
}

/// Who paid a line, as far as the rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payer {
    /// Whether it is the bidder's registered account.
    Compared(bool),
    /// A person of finance looked and says that it is the bidder's own.
    Vouched,
}

/// Counts a line for a deposit: the whole amount, from the bidder's own account, in time. `from` is where its money stands.
pub(crate) async fn receive(
    work: &mut Work<'_>,
    row: &DepositRow,
    line: &LineRow,
    payer: Payer,
    from: Book,
) -> Result<Counted, Refusal> {
    let lot = store::lot::get(&mut **work.tx, row.lot()).await?;
    let mut deposit = row.core(lot.registration_closes_at)?;
    if deposit.phase == Phase::Due && line.amount_fen != deposit.required.fen() {
        return Ok(Err(Unmatched::WrongAmount));
    }
    let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
    let own_account = match payer {
        Payer::Compared(own) => own || !rules.deposit_own_account.value,
        Payer::Vouched => true,
    };
    // A statement says the day, not the hour. What was booked on an earlier day was there in time; on the last day it was if we know of it
    // before the closing.
    let day_ends = line.booked_on.succ_opt().and_then(|next| clock::instant(next, 0, 0));
    let arrived = day_ends.map_or(work.at, |ends| work.at.min(ends - TimeDelta::milliseconds(1)));
    let command = Command::Receive { amount: Money::from_fen(line.amount_fen), own_account };
    let event = match deposit::decide(&deposit, command, arrived) {
        Ok(event) => event,
        Err(findings) => return Ok(Err(why(&findings))),
    };
    deposit::evolve(&mut deposit, &event);
    let amount = Money::from_fen(line.amount_fen);
    let accounts = (from, Book::Deposit(deposit.registration));
    work.post(&Movement::new(Reason::DepositReceived, line.id(), accounts, amount, Some(deposit.lot))).await?;
    store::deposit::save(work.tx, &deposit).await?;
    store::deposit::paid_by(work.tx, deposit.registration, line.id(), work.at).await?;
    work.tell(&lot, DepositHeld { lot: deposit.lot, registration: deposit.registration, amount });
    Ok(Ok(()))
}

/// The core's refusal as a reason on the line.
fn why(findings: &[sanbian_domain::finding::Finding]) -> Unmatched {
    match findings.first().map(|finding| finding.rule.as_str()) {
        Some("deposit.own-account") => Unmatched::WrongPayer,
        Some("deposit.late") => Unmatched::TooLate,
        _ => Unmatched::NotDue,
    }
}

/// Lets go of every deposit of a lot but one. Those that went back before stay as they are.
pub(crate) async fn release_all(
    work: &mut Work<'_>,
    lot: &LotRow,
    but: Option<RegistrationId>,
    reason: Release,
    due: NaiveDate,
) -> Result<(), Refusal> {
    for row in store::deposit::lock_lot(work.tx, lot.id()).await? {
        if Some(row.registration()) != but {
            release(work, lot, &row, reason, due).await?;
        }
    }
    Ok(())
}

/// Lets go of a deposit: orders it back to the account it came from, by `due`. One that can't be released now is left alone.
pub(crate) async fn release(
    work: &mut Work<'_>,
    lot: &LotRow,
    row: &DepositRow,
    reason: Release,
    due: NaiveDate,
) -> Result<(), Refusal> {
    let mut deposit = row.core(lot.registration_closes_at)?;
    let was_held = deposit.admits() || deposit.phase == Phase::Bound;
    let Ok(event) = deposit::decide(&deposit, Command::Release(reason), work.at) else { return Ok(()) };
    deposit::evolve(&mut deposit, &event);
    store::deposit::save(work.tx, &deposit).await?;
    let Event::Released { amount, .. } = event else {
        return Err(Refusal::internal("a release released nothing"));
    };
    if !was_held {
        // Never paid: there is nothing to give back.
        return Ok(());
    }
    give_back(work, lot, row, amount, reason_text(reason), due).await
}

/// Orders `amount` of a deposit back to the account it came from.
async fn give_back(
    work: &mut Work<'_>,
    lot: &LotRow,
    row: &DepositRow,
    amount: Money,
    reason: &str,
    due: NaiveDate,
) -> Result<(), Refusal> {
    let registration = row.registration();
    store::deposit::set_return_by(work.tx, registration, due).await?;
    let ordered = DepositReleaseOrdered { lot: lot.id(), registration, amount, due, reason: reason.to_owned() };
    work.tell(lot, ordered);
    if amount.is_zero() {
        // A deposit of nothing has gone back as soon as it is let go.
        store::deposit::set_released(work.tx, registration, work.at).await?;
        let on = work.today();
        work.tell(lot, DepositReleased { lot: lot.id(), registration, amount, on });
        return Ok(());
    }
    let line = row.line_id.map(BankLineId).ok_or_else(|| Refusal::internal("a deposit is held that no line paid"))?;
    let payee = payer_of(work, line).await?;
    let accounts = (Book::Deposit(registration), Book::Bank);
    let movement = Movement::new(Reason::DepositReleased, registration, accounts, amount, Some(lot.id()));
    let order = payouts::Order {
        kind: payouts::Kind::DepositReturn,
        lot: Some(lot.id()),
        registration: Some(registration),
        contract: None,
        payee: Some(payee),
        due: Some(due),
        by: None,
    };
    payouts::order(work, &order, &movement).await
}

/// The account a line came from.
pub(crate) async fn payer_of(work: &mut Work<'_>, line: BankLineId) -> Result<Payee, Refusal> {
    let row =
        store::bank::find(&mut **work.tx, line).await?.ok_or_else(|| Refusal::internal("a bank line is not there"))?;
    let other: OtherSide = parties::open(&work.sealer, &super::lines::bound(line), &row.sealed)?;
    Ok(Payee { personal: parties::looks_personal(&other.name), name: other.name, account: other.account })
}

/// The bidder won: the deposit can't be released any more. False where there is none to bind (it went back before the bidder's turn came).
pub(crate) async fn bind(work: &mut Work<'_>, lot: &LotRow, registration: RegistrationId) -> Result<bool, Refusal> {
    let Some(row) = store::deposit::lock(work.tx, registration).await? else { return Ok(false) };
    let mut deposit = row.core(lot.registration_closes_at)?;
    let Ok(event) = deposit::decide(&deposit, Command::Bind, work.at) else { return Ok(false) };
    deposit::evolve(&mut deposit, &event);
    store::deposit::save(work.tx, &deposit).await?;
    Ok(true)
}

/// What of a bound deposit can count towards a contract.
pub(crate) async fn bound_amount(
    work: &mut Work<'_>,
    lot: &LotRow,
    registration: RegistrationId,
) -> Result<Money, Refusal> {
    let Some(row) = store::deposit::lock(work.tx, registration).await? else { return Ok(Money::ZERO) };
    let deposit = row.core(lot.registration_closes_at)?;
    Ok(if deposit.phase == Phase::Bound { deposit.held } else { Money::ZERO })
}

/// The contract is settled: the deposit has counted for `counted` of it, and the rest goes back by `due`.
pub(crate) async fn apply(
    work: &mut Work<'_>,
    lot: &LotRow,
    registration: RegistrationId,
    contract: ContractId,
    counted: Money,
    due: NaiveDate,
) -> Result<(), Refusal> {
    let Some(row) = store::deposit::lock(work.tx, registration).await? else { return Ok(()) };
    let mut deposit = row.core(lot.registration_closes_at)?;
    if deposit.phase != Phase::Bound {
        return Ok(());
    }
    let event = deposit::decide(&deposit, Command::Apply { price_due: counted }, work.at)?;
    deposit::evolve(&mut deposit, &event);
    store::deposit::save(work.tx, &deposit).await?;
    let Event::Applied { applied, rest } = event else {
        return Err(Refusal::internal("a deposit was applied and did not count"));
    };
    if applied != counted {
        return Err(Refusal::internal(format!("{applied} of a deposit counts where {counted} was booked")));
    }
    work.tell(lot, DepositApplied { lot: lot.id(), registration, contract, amount: applied });
    if rest.is_positive() { give_back(work, lot, &row, rest, "excess", due).await } else { Ok(()) }
}

/// The bidder defaulted: the deposit is kept.
pub(crate) async fn forfeit(
    work: &mut Work<'_>,
    lot: &LotRow,
    registration: RegistrationId,
    reason: Forfeit,
    said: &str,
) -> Result<(), Refusal> {
    let Some(row) = store::deposit::lock(work.tx, registration).await? else { return Ok(()) };
    let mut deposit = row.core(lot.registration_closes_at)?;
    let Ok(event) = deposit::decide(&deposit, Command::Forfeit(reason), work.at) else { return Ok(()) };
    deposit::evolve(&mut deposit, &event);
    store::deposit::save(work.tx, &deposit).await?;
    let Event::Forfeited { amount, .. } = event else {
        return Err(Refusal::internal("a forfeit kept nothing"));
    };
    if amount.is_positive() {
        let accounts = (Book::Deposit(registration), Book::Forfeited(lot.id()));
        work.post(&Movement::new(Reason::Forfeit, registration, accounts, amount, Some(lot.id()))).await?;
    }
    work.tell(lot, DepositForfeited { lot: lot.id(), registration, amount, reason: said.to_owned() });
    Ok(())
}

/// The bank paid a deposit back.
pub(crate) async fn returned(
    work: &mut Work<'_>,
    lot: &LotRow,
    registration: RegistrationId,
    amount: Money,
    on: NaiveDate,
) -> Result<(), Refusal> {
    store::deposit::set_released(work.tx, registration, work.at).await?;
    work.tell(lot, DepositReleased { lot: lot.id(), registration, amount, on });
    Ok(())
}

const fn reason_text(reason: Release) -> &'static str {
    match reason {
        Release::Lost => "lost",
        Release::Unsold => "unsold",
        Release::Rejected => "rejected",
        Release::Withdrawn => "withdrawn",
        Release::Terminated => "terminated",
        Release::Incomplete => "incomplete",
    }
}
