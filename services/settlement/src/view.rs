//! What is shown of money, contracts and certificates.

use crate::{
    flow,
    parties::{self, Payee, Sides},
    qr,
    settings::Settings,
    statement::OtherSide,
    store::{
        bank::LineRow, books::TransferRow, certificate::CertificateRow, contract::ContractRow, deposit::DepositShown,
        lot::LotRow, payout::PayoutRow,
    },
};
use sanbian_domain::{
    contract::{
        certificate::{Certificate as Core, Identity},
        plan::{self, When},
    },
    fact::instant,
};
use sanbian_proto::settlement::v1::{
    BankLine, Certificate, CertificateParty, Contract, Deposit, PaymentDue, Payout, Posting,
};
use sanbian_runtime::{Refusal, clock, seal::Sealer};

pub(crate) fn deposit(row: DepositShown, settings: &Settings) -> Deposit {
    Deposit {
        registration_id: row.registration_id.to_string(),
        lot_id: row.lot_id.to_string(),
        lot_number: row.lot_number,
        amount_fen: row.required_fen,
        state: row.state,
        reference: row.reference,
        payee_name: settings.payee_name.clone(),
        payee_bank: settings.payee_bank.clone(),
        payee_account: settings.payee_account.clone(),
        due_at: Some(instant::text(row.due_at)),
        held_at: row.held_at.map(instant::text),
        return_by_date: row.return_by.map(|day| day.to_string()),
        released_at: row.released_at.map(instant::text),
    }
}

/// A bank line; its remark, which may name people, only where `with_remark`.
pub(crate) fn line(row: &LineRow, sealer: &Sealer, with_remark: bool) -> Result<BankLine, Refusal> {
    let other: OtherSide = parties::open(sealer, &flow::lines::bound(row.id()), &row.sealed)?;
    Ok(BankLine {
        id: row.id.to_string(),
        bank_line: row.bank_line.clone(),
        booked_on: row.booked_on.to_string(),
        direction: row.direction.clone(),
        amount_fen: row.amount_fen,
        counterparty: parties::masked_name(&other.name),
        counterparty_account: parties::masked_account(&other.account),
        remark: if with_remark { other.remark } else { String::new() },
        state: row.state.clone(),
        reason: row.reason.clone(),
    })
}

pub(crate) fn payout(row: &PayoutRow, sealer: &Sealer) -> Result<Payout, Refusal> {
    let bound = flow::payouts::bound(row.id());
    let payee = row.payee.as_deref().map(|sealed| parties::open::<Payee>(sealer, &bound, sealed)).transpose()?;
    Ok(Payout {
        id: row.id.to_string(),
        kind: row.kind.clone(),
        lot_id: row.lot_id.map(|lot| lot.to_string()),
        amount_fen: row.amount_fen,
        payee: payee.as_ref().map(Payee::shown_name).unwrap_or_default(),
        payee_account: payee.as_ref().map(Payee::shown_account).unwrap_or_default(),
        reference: row.reference.clone(),
        state: row.state.clone(),
        due_date: row.due_on.map(|day| day.to_string()),
        ordered_at: instant::text(row.ordered_at),
        paid_at: row.paid_at.map(instant::text),
        pay_to_name: None,
        pay_to_account: None,
    })
}

pub(crate) fn posting(row: TransferRow) -> Posting {
    Posting {
        transfer_id: row.id.to_string(),
        debit_code: row.debit_code,
        credit_code: row.credit_code,
        amount_fen: row.amount_fen,
        state: row.state,
        reason: row.reason,
        posted_at: instant::text(row.settled_at.unwrap_or(row.created_at)),
    }
}

/// Who looks at a contract. What is shown of it names people only where [`named`] says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// The transferee.
    Transferee,
    /// The chair of the transferor's region.
    Transferor,
    /// The transferor's clerk: sees what the chair sees and signs nothing.
    Clerk,
    /// Anybody else who may see it.
    Other,
}

/// A contract as it is shown to `eyes`: with the transferee's name for the two sides, masked for others.
pub(crate) fn contract(
    row: &ContractRow,
    lot: &LotRow,
    sealer: &Sealer,
    certificate_number: Option<String>,
    eyes: Eyes,
) -> Result<Contract, Refusal> {
    named(masked_contract(row, lot, sealer, certificate_number, eyes)?, row, sealer, eyes)
}

/// Puts the transferee's name into a contract, where `eyes` may see it.
pub(crate) fn named(contract: Contract, row: &ContractRow, sealer: &Sealer, eyes: Eyes) -> Result<Contract, Refusal> {
    if eyes == Eyes::Other {
        return Ok(contract);
    }
    let sides: Sides = parties::open(sealer, &flow::contracts::bound(row.id()), &row.parties)?;
    Ok(Contract { transferee: sides.transferee.name, ..contract })
}

/// A contract whose transferee is masked, whoever looks: what may be kept of an answer.
pub(crate) fn masked_contract(
    row: &ContractRow,
    lot: &LotRow,
    sealer: &Sealer,
    certificate_number: Option<String>,
    eyes: Eyes,
) -> Result<Contract, Refusal> {
    let sides: Sides = parties::open(sealer, &flow::contracts::bound(row.id()), &row.parties)?;
    let agreement = row.agreement()?;
    Ok(Contract {
        id: row.id.to_string(),
        number: row.number.clone(),
        lot_id: row.lot_id.to_string(),
        title: lot.notice()?.title,
        state: row.state.clone(),
        transferor: sides.transferor.name,
        transferee: sides.transferee.public_name,
        price_fen: agreement.price.fen(),
        total_fen: agreement.total.fen(),
        first_payment_fen: agreement.first_payment().fen(),
        fee_fen: agreement.transferee_fee.fen(),
        deposit_applied_fen: row.deposit_applied_fen,
        paid_fen: row.paid_fen,
        outstanding_fen: row.outstanding().fen(),
        reference: row.reference.clone(),
        schedule: schedule(row)?,
        term_from_date: row.term_from.map(|day| day.to_string()),
        term_to_date: row.term_to.map(|day| day.to_string()),
        sign_by_date: row.sign_by.map(|day| day.to_string()),
        pay_by_date: row.pay_by.map(|day| day.to_string()),
        transferor_signed_at: row.transferor_signed_at.map(instant::text),
        transferee_signed_at: row.transferee_signed_at.map(instant::text),
        digest: row.digest.clone(),
        certificate_number,
        my_side: match eyes {
            Eyes::Transferor => "transferor",
            Eyes::Transferee => "transferee",
            Eyes::Clerk | Eyes::Other => "none",
        }
        .to_owned(),
        notice: lot.notice.clone(),
        transferor_fee_fen: agreement.transferor_fee.fen(),
    })
}

/// The payments: by days once both have signed, before that as they are reckoned.
fn schedule(row: &ContractRow) -> Result<Vec<PaymentDue>, Refusal> {
    let agreement = row.agreement()?;
    let signed = row.transferor_signed_at.zip(row.transferee_signed_at).map(|(one, other)| clock::day(one.max(other)));
    let mut dues: Vec<(Option<String>, i64, Option<u32>)> = Vec::new();
    if let Some((signed, pay_by)) = signed.zip(row.pay_by) {
        dues.push((Some(pay_by.to_string()), agreement.first_payment().fen(), None));
        let later = plan::dated(&agreement.payments, signed, pay_by);
        dues.extend(later.iter().map(|due| (Some(due.due.to_string()), due.amount.fen(), None)));
    } else {
        dues.extend(agreement.payments.iter().map(|payment| match payment.when {
            When::Signing => (None, payment.amount.fen(), Some(0)),
            When::Day { on } => (Some(on.to_string()), payment.amount.fen(), None),
            When::AfterBegin { months } => (None, payment.amount.fen(), Some(months)),
        }));
    }
    let numbered = (1..).zip(dues);
    Ok(numbered
        .map(|(number, (due_date, amount_fen, after_months))| PaymentDue { number, due_date, amount_fen, after_months })
        .collect())
}

/// A certificate; names of people only on a `print`.
pub(crate) fn certificate(
    row: &CertificateRow,
    sealer: &Sealer,
    settings: &Settings,
    print: bool,
) -> Result<Certificate, Refusal> {
    let core: Core = parties::open(sealer, &certificate_bound(row), &row.fields)?;
    let core = if print { core } else { core.public() };
    let mut location = vec![core.location.as_str(), core.bounds.as_str()];
    location.retain(|text| !text.is_empty());
    Ok(Certificate {
        id: row.id.to_string(),
        number: row.number.clone(),
        contract_number: core.contract_number.clone(),
        lot_id: row.lot_id.to_string(),
        lot_name: core.lot_name.clone(),
        category: core.category.code().to_owned(),
        owner: core.owner.clone(),
        transferor: Some(party(&core.transferor)),
        transferee: Some(party(&core.transferee)),
        quantity: core.quantity.to_string(),
        unit: core.unit.clone(),
        location: location.join(";"),
        reserve_fen: core.reserve.fen(),
        price_fen: core.price.fen(),
        price_basis: core.price_basis.clone(),
        total_fen: core.total.fen(),
        total_capitals: core.total.capitals(),
        method: core.method.clone(),
        mode: core.mode.code().to_owned(),
        term_from_date: core.term_from.map(|day| day.to_string()),
        term_to_date: core.term_to.map(|day| day.to_string()),
        intended_use: core.purpose.clone(),
        certifying_body: core.certifying_body.clone(),
        issued_on: core.certified_on.to_string(),
        remarks: core.remarks.clone(),
        digest: row.digest.clone(),
        status: row.status.clone(),
        prints: row.prints.unsigned_abs(),
        log_index: row.log_index.map(i64::unsigned_abs),
        qr_svg: qr::svg(&format!("{}/certificates/{}", settings.public_url, row.number))?,
        print_requested_at: row.print_requested_at.map(instant::text),
    })
}

/// What a certificate's sealed fields are bound to.
pub(crate) fn certificate_bound(row: &CertificateRow) -> String {
    format!("certificate:{}", row.id())
}

fn party(identity: &Identity) -> CertificateParty {
    CertificateParty {
        name: identity.name.clone(),
        legal_representative: identity.legal_representative.clone(),
        id_number: identity.masked_id.to_string(),
        kind: serde_json::to_value(identity.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}
