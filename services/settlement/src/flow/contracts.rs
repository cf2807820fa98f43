//! Contracts from drawing to settlement, default or termination. Terms, plan and fee are the core's; the money's way is here:
//! `bank` and the winner's deposit pay into the contract, the contract pays the fee and owes the rest to the collective.

use super::{Counted, Unmatched, deposits, lines, payouts};
use crate::{
    books::{self, Book, Movement, Reason, Verdict},
    days,
    parties::{self, Holder, Payee, Sides},
    reference::Purpose,
    store::{self, bank::LineRow, contract::ContractRow, lot::LotRow},
    work::Work,
};
use chrono::{Datelike, NaiveDate};
use sanbian_domain::{
    contract::{agreement::Agreement, charge, plan},
    deposit::Forfeit,
    fact::{ContractDrawn, ContractSettled, FeeCharged, LotDefaulted, PaymentReceived, ProceedsPaid, ResultPublished},
    ids::{ContractId, PartyId},
    money::Money,
    notice::{Anchor, Days, Notice},
    price::Total,
    region::{RegionCode, RegionLevel},
    rulebook::{RuleSet, values::FeePayer},
};
use sanbian_runtime::Refusal;

/// What a contract's sealed sides are bound to.
pub(crate) fn bound(id: ContractId) -> String {
    format!("contract:{id}")
}

/// The six digits of the county a region lies in; the whole code where it lies in none.
pub(crate) fn county(region: &str) -> String {
    let code: Option<RegionCode> = region.parse().ok();
    code.and_then(|code| code.at(RegionLevel::County))
        .map_or_else(|| region.to_owned(), |county| county.as_str().to_owned())
}

/// Draws the contract of a published result. The winner's deposit is bound; all it will be signed on is fixed and its digest told.
pub(crate) async fn draw(
    work: &mut Work<'_>,
    lot: &LotRow,
    result: &ResultPublished,
    holder: Holder,
    sides: &Sides,
) -> Result<(), Refusal> {
    let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
    let notice = lot.notice()?;
    let total = total(&notice, result);
    let payments = plan::plan(&notice, &total, work.today());
    let taker = parties::kind_of(&sides.transferee.kind);
    let charges = charge::charges(&rules, total.total, notice.holder, taker)?;
    let basis = notice.price.offer_basis().ok_or_else(|| Refusal::internal("an announced lot has no price"))?;
    let id = ContractId(uuid::Uuid::now_v7());
    let (county, year) = (county(&lot.region), work.today().year());
    let serial = store::serial(work.tx, "contract", &county, year).await?;
    let agreement = Agreement {
        contract: id,
        number: format!("{county}-HT-{year}-{serial:06}"),
        lot: lot.id(),
        transferor: PartyId(lot.collective_id),
        transferee: holder.party,
        price: result.price,
        basis,
        total: total.total,
        // What the giver's fee takes out of the price, it takes out of the first payment: no later one passes through here.
        transferor_fee: charges.transferor.min(plan::first_payment(&payments)),
        transferee_fee: charges.transferee,
        payments,
        term: notice.term,
        notice: Agreement::notice_digest(&notice),
    };
    deposits::bind(work, lot, result.registration).await?;
    let due = agreement.first_payment().checked_add(agreement.transferee_fee);
    let row = ContractRow {
        id: id.0,
        number: agreement.number.clone(),
        lot_id: lot.lot_id,
        registration_id: result.registration.0,
        state: "drawn".to_owned(),
        account_hash: store::deposit::account_hash(work.tx, result.registration).await?,
        parties: parties::seal(&work.sealer, &bound(id), sides),
        agreement: serde_json::to_string(&agreement).map_err(Refusal::internal)?,
        digest: agreement.digest(),
        reference: work.reference(Purpose::Contract, &bound(id)).await?.to_string(),
        due_fen: due.ok_or_else(|| Refusal::internal("what is due at signing does not fit"))?.fen(),
        deposit_applied_fen: 0,
        paid_fen: 0,
        sign_by: None,
        pay_by: None,
        transferor_signed_at: None,
        transferee_signed_at: None,
        term_from: None,
        term_to: None,
    };
    store::contract::insert(work.tx, &row, work.at).await?;
    let drawn = ContractDrawn {
        contract: id,
        number: row.number,
        lot: lot.id(),
        registration: result.registration,
        total: agreement.total,
        first_payment: agreement.first_payment(),
        digest: row.digest,
    };
    work.tell(lot, drawn);
    Ok(())
}

/// What the lot comes to year by year. The published total counts; where the years can't be told, or tell another total, there is only that.
fn total(notice: &Notice, result: &ResultPublished) -> Total {
    let known = notice.total_at(result.price).ok().filter(|total| total.total == result.total);
    known.unwrap_or_else(|| Total {
        total: result.total,
        first_year: result.total,
        mu_year: None,
        schedule: Vec::new(),
    })
}

/// Within how many days of signing the first payment falls due: as announced, else by the rulebook.
pub(crate) fn payment_days(notice: &Notice, rules: &RuleSet) -> Days {
    let announced = notice.payment.as_ref().filter(|payment| payment.from == Some(Anchor::Signing));
    announced.and_then(|payment| payment.within).filter(|days| days.count > 0).unwrap_or(rules.payment.value)
}

/// Both have signed: the term has its days, the winner's deposit is set apart for what is due, and where it covers that, the deal is settled.
pub(crate) async fn completed(
    work: &mut Work<'_>,
    lot: &LotRow,
    contract: &ContractRow,
    pay_by: NaiveDate,
) -> Result<(), Refusal> {
    let notice = lot.notice()?;
    let becomes_performance = notice.deposit.is_some_and(|deposit| deposit.becomes_performance);
    let counted = if becomes_performance {
        // It stays with the exchange as the announced performance deposit.
        Money::ZERO
    } else {
        deposits::bound_amount(work, lot, contract.registration()).await?.min(Money::from_fen(contract.due_fen))
    };
    if counted.is_positive() {
        let movement = earmark(contract, counted);
        books::hold(work.tx, &movement, work.at).await?;
    }
    let agreement = contract.agreement()?;
    let begun = agreement.term.and_then(|term| term.begun(work.today()));
    let term = begun.and_then(|term| match term {
        sanbian_domain::term::Term::Fixed { from, to, .. } => Some((from, to)),
        _ => None,
    });
    store::contract::complete(work.tx, contract.id(), pay_by, term, counted).await?;
    let contract = store::contract::lock(work.tx, contract.id()).await?.ok_or_else(gone)?;
    if contract.outstanding().is_zero() { settle(work, lot, &contract).await } else { Ok(()) }
}

/// The winner's deposit, set apart for the contract until it is settled: on a default it is still there to be kept.
fn earmark(contract: &ContractRow, amount: Money) -> Movement {
    let accounts = (Book::Deposit(contract.registration()), Book::Contract(contract.id()));
    Movement::new(Reason::DepositApplied, contract.id(), accounts, amount, Some(contract.lot()))
}

/// Counts a line for a contract, up to what is due; what is more goes back. `from` is where its money stands.
pub(crate) async fn receive(
    work: &mut Work<'_>,
    contract: &ContractRow,
    line: &LineRow,
    from: Book,
) -> Result<Counted, Refusal> {
    if contract.state != "signed" {
        return Ok(Err(Unmatched::NotDue));
    }
    let lot = store::lot::get(&mut **work.tx, contract.lot()).await?;
    let amount = Money::from_fen(line.amount_fen);
    let counted = amount.min(contract.outstanding());
    let excess = Money::from_fen(amount.fen() - counted.fen());
    if !counted.is_positive() {
        return Ok(Err(Unmatched::NotDue));
    }
    let accounts = (from, Book::Contract(contract.id()));
    work.post(&Movement::new(Reason::Payment, line.id(), accounts, counted, Some(lot.id()))).await?;
    store::contract::pay(work.tx, contract.id(), line.id(), counted).await?;
    if excess.is_positive() {
        let own = Book::Suspense(line.id());
        if from != own {
            work.post(&Movement::new(Reason::Suspense, line.id(), (from, own), excess, Some(lot.id()))).await?;
        }
        lines::give_back(work, line.id(), own, excess, (Some(lot.id()), Some(contract.id()))).await?;
    }
    let contract = store::contract::lock(work.tx, contract.id()).await?.ok_or_else(gone)?;
    let received = PaymentReceived {
        contract: contract.id(),
        lot: lot.id(),
        amount: counted,
        outstanding: contract.outstanding(),
        on: line.booked_on,
    };
    work.tell(&lot, received);
    if contract.outstanding().is_zero() {
        settle(work, &lot, &contract).await?;
    }
    Ok(Ok(()))
}

/// What is due at signing is there: the deposit counts, the fee is earned, the rest is owed to the collective, and the contract holds nothing.
async fn settle(work: &mut Work<'_>, lot: &LotRow, contract: &ContractRow) -> Result<(), Refusal> {
    let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
    let agreement = contract.agreement()?;
    let id = contract.id();
    let book = Book::Contract(id);
    let applied = Money::from_fen(contract.deposit_applied_fen);
    if applied.is_positive() {
        books::decide(work.tx, earmark(contract, applied).id, Verdict::Post, work.at).await?;
    }
    if !lot.notice()?.deposit.is_some_and(|deposit| deposit.becomes_performance) {
        let due = days::at_latest(work.today(), rules.refund.value);
        deposits::apply(work, lot, contract.registration(), id, applied, due).await?;
    }
    let sides = match rules.fee_payer.value {
        FeePayer::Transferee => vec![("transferee", agreement.transferee_fee)],
        FeePayer::Transferor => vec![("transferor", agreement.transferor_fee)],
        FeePayer::Both => vec![("transferee", agreement.transferee_fee), ("transferor", agreement.transferor_fee)],
    };
    let mut fees = Money::ZERO;
    for (payer, amount) in sides {
        if amount.is_positive() {
            let subject = format!("{id}/{payer}");
            work.post(&Movement::new(Reason::Fee, subject, (book, Book::Fees), amount, Some(lot.id()))).await?;
        }
        fees = fees.checked_add(amount).ok_or_else(overflow)?;
        let charged =
            FeeCharged { contract: id, lot: lot.id(), payer: payer.to_owned(), base: agreement.total, amount };
        work.tell(lot, charged);
    }
    let proceeds = Money::from_fen(contract.due_fen).checked_sub(fees).ok_or_else(overflow)?;
    if proceeds.is_positive() {
        let collective = Book::Collective(lot.collective());
        work.post(&Movement::new(Reason::Proceeds, id, (book, collective), proceeds, Some(lot.id()))).await?;
        let sides: Sides = parties::open(&work.sealer, &bound(id), &contract.parties)?;
        let order = payouts::Order {
            kind: payouts::Kind::Proceeds,
            lot: Some(lot.id()),
            registration: None,
            contract: Some(id),
            payee: sides.proceeds,
            due: None,
            by: None,
        };
        let out = Movement::new(Reason::ProceedsPaid, id, (collective, Book::Bank), proceeds, Some(lot.id()));
        payouts::order(work, &order, &out).await?;
    }
    let left = books::owed(work.tx, book).await?;
    if !left.is_zero() {
        return Err(Refusal::internal(format!("contract {id} is settled and holds {left}")));
    }
    store::contract::end(work.tx, id, "settled", work.at).await?;
    work.tell(lot, ContractSettled { contract: id, lot: lot.id() });
    Ok(())
}

/// The bank paid the collective.
pub(crate) async fn proceeds_paid(work: &mut Work<'_>, contract: ContractId, amount: Money) -> Result<(), Refusal> {
    let contract = store::contract::find(&mut **work.tx, contract).await?.ok_or_else(gone)?;
    let lot = store::lot::get(&mut **work.tx, contract.lot()).await?;
    work.tell(&lot, ProceedsPaid { contract: contract.id(), lot: lot.id(), collective: lot.collective(), amount });
    Ok(())
}

/// The exchange declared that the winner failed the deal: its deposit is kept, what it paid besides goes back.
pub(crate) async fn default(work: &mut Work<'_>, lot: &LotRow, said: &LotDefaulted) -> Result<(), Refusal> {
    if let Some(contract) = store::contract::lock_of_lot(work.tx, lot.id()).await?
        && contract.registration() == said.registration
        && contract.state != "settled"
    {
        call_off(work, lot, &contract, "defaulted").await?;
    }
    let reason = if said.reason == "not-paid" { Forfeit::NotPaid } else { Forfeit::NotSigned };
    deposits::forfeit(work, lot, said.registration, reason, &said.reason).await
}

/// The lot was ended for good without the winner's fault.
pub(crate) async fn terminate(work: &mut Work<'_>, lot: &LotRow) -> Result<(), Refusal> {
    match store::contract::lock_of_lot(work.tx, lot.id()).await? {
        Some(contract) if contract.state != "settled" => call_off(work, lot, &contract, "terminated").await,
        _ => Ok(()),
    }
}

/// Ends a contract that is not settled: frees what was set apart of the deposit and orders payments back to their payers.
async fn call_off(work: &mut Work<'_>, lot: &LotRow, contract: &ContractRow, state: &str) -> Result<(), Refusal> {
    let applied = Money::from_fen(contract.deposit_applied_fen);
    if applied.is_positive() {
        books::decide(work.tx, earmark(contract, applied).id, Verdict::Void, work.at).await?;
    }
    let id = contract.id();
    for (line, amount) in store::contract::payments(work.tx, id).await? {
        give_back_payment(work, lot, id, line, amount).await?;
    }
    store::contract::end(work.tx, id, state, work.at).await
}

async fn give_back_payment(
    work: &mut Work<'_>,
    lot: &LotRow,
    contract: ContractId,
    line: sanbian_domain::ids::BankLineId,
    amount: Money,
) -> Result<(), Refusal> {
    let payee: Payee = deposits::payer_of(work, line).await?;
    let order = payouts::Order {
        kind: payouts::Kind::LineReturn,
        lot: Some(lot.id()),
        registration: None,
        contract: Some(contract),
        payee: Some(payee).filter(|payee| !payee.account.is_empty()),
        due: None,
        by: None,
    };
    // The excess of the same line may have gone back under the line's own name.
    let subject = format!("{line}/payment");
    let movement =
        Movement::new(Reason::Return, subject, (Book::Contract(contract), Book::Bank), amount, Some(lot.id()));
    payouts::order(work, &order, &movement).await
}

fn gone() -> Refusal {
    Refusal::internal("a contract is not there")
}

fn overflow() -> Refusal {
    Refusal::internal("a contract's sums do not fit")
}
