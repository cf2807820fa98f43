//! Certificates of transaction: issued by the operator, shown to anyone, printed under count, revoked with a reason.

use super::{read, reason};
use crate::{
    Deps,
    flow::contracts,
    parties::{self, Sides},
    store::{self, certificate::CertificateRow, contract::ContractRow, lot::LotRow},
    view,
    work::Work,
};
use chrono::Datelike;
use rust_decimal::Decimal;
use sanbian_domain::{
    contract::{
        certificate::{Certificate as Core, Identity, MaskedId},
        issue::{self, Command, Event, Issued},
        number::CertificateNumber,
    },
    fact::{CertificateIssued, CertificateRevoked, PersonalDataViewed},
    finding::{Finding, Text},
    ids::{CertificateId, ContractId},
    notice::Notice,
    price::{Unit, convert},
    region::RegionCode,
    rights::{Category, TransferMode},
    role::Role,
    transfer,
};
use sanbian_proto::{
    registry::v1::{CertifiedParty, RecordRightRequest},
    settlement::v1::{
        Certificate, GetCertificateRequest, IssueCertificateRequest, PrintCertificateRequest, RevokeCertificateRequest,
    },
};
use sanbian_runtime::{Context, Refusal, act, seal};

const OPERATOR: &[Role] = &[Role::Operator];
const BASIS: &str = "农村产权交易鉴证规则";

/// Issues the certificate of a settled contract. The operator of its region. The registry records the taker's right first: land that is not free
/// is certified to nobody.
pub(crate) async fn issue(
    deps: &Deps,
    ctx: &Context,
    request: IssueCertificateRequest,
) -> Result<Certificate, Refusal> {
    ctx.require_anywhere(OPERATOR)?;
    let id: ContractId = read("contract_id", &request.contract_id)?;
    let contract = store::contract::find(&deps.pool, id).await?;
    let contract = contract.ok_or_else(|| Refusal::not_found("合同", "contract"))?;
    let lot = store::lot::get(&deps.pool, contract.lot()).await?;
    ctx.require(OPERATOR, &lot.region)?;
    if request.remarks.chars().count() > 1000 || request.remarks.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refusal::malformed("remarks", "at most 1000 characters"));
    }
    if contract.state != "settled" {
        return Err(Refusal::conflict(unsettled(&contract)));
    }
    record_rights(deps, &contract, &lot).await?;
    let remarks = request.remarks.trim().to_owned();
    let (deps_in, by) = (deps.clone(), ctx.clone());
    act(ctx, &deps.pool, "settlement.issue-certificate", &request, move |tx| {
        Box::pin(async move {
            let deps = deps_in;
            let mut work = Work::of(tx, &deps.sealer, &by).await?;
            let contract = store::contract::lock(work.tx, id).await?;
            let contract = contract.filter(|contract| contract.state == "settled");
            let contract = contract.ok_or_else(|| Refusal::internal("a settled contract was unsettled"))?;
            let lot = store::lot::get(&mut **work.tx, contract.lot()).await?;
            if let Some(number) = store::certificate::number_of(&mut **work.tx, id).await? {
                return Err(Refusal::conflict(exists(&number)));
            }
            let core = fields(&deps, &mut work, &contract, &lot, remarks).await?;
            let certificate = CertificateId(uuid::Uuid::now_v7());
            let mut row = CertificateRow {
                id: certificate.0,
                number: core.number.to_string(),
                contract_id: contract.id,
                lot_id: contract.lot_id,
                fields: Vec::new(),
                digest: core.digest(),
                status: "valid".to_owned(),
                prints: 0,
                print_requested_by: None,
                print_requested_at: None,
                issued_at: work.at,
                log_index: None,
            };
            row.fields = parties::seal(&deps.sealer, &view::certificate_bound(&row), &core);
            store::certificate::insert(work.tx, &row).await?;
            let issued = CertificateIssued {
                certificate,
                number: row.number.clone(),
                contract: id,
                lot: lot.id(),
                digest: row.digest.clone(),
            };
            work.tell(&lot, issued);
            work.done().await?;
            view::certificate(&row, &deps.sealer, &deps.settings, false)
        })
    })
    .await
}

/// Records the taker's right on each asset for the term. The registry answers a repeated call with the right that stands there.
async fn record_rights(deps: &Deps, contract: &ContractRow, lot: &LotRow) -> Result<(), Refusal> {
    // A sale has no term, and the registry records running rights.
    let Some((from, to)) = contract.term_from.zip(contract.term_to) else { return Ok(()) };
    let until = to.succ_opt().ok_or_else(|| Refusal::internal("a term that never ends"))?;
    let notice = lot.notice()?;
    let holder = contract.agreement()?.transferee;
    for asset in &lot.assets {
        let request = RecordRightRequest {
            asset_id: asset.to_string(),
            holder_party_id: holder.to_string(),
            kind: transfer::right_kind(notice.category, notice.mode).to_owned(),
            from_on: from.to_string(),
            until_on: until.to_string(),
            part: None,
            lot_id: Some(lot.lot_id.to_string()),
        };
        parties::record_right(deps.peers.clone(), request).await?;
    }
    Ok(())
}

/// The certificate's fields, from the contract, the announced notice and the parties as they were when the contract was drawn.
async fn fields(
    deps: &Deps,
    work: &mut Work<'_>,
    contract: &ContractRow,
    lot: &LotRow,
    remarks: String,
) -> Result<Core, Refusal> {
    let notice = lot.notice()?;
    let agreement = contract.agreement()?;
    let sides: Sides = parties::open(&deps.sealer, &contracts::bound(contract.id()), &contract.parties)?;
    let region: RegionCode = lot.region.parse().map_err(|_| Refusal::internal("a lot's region is no region"))?;
    let year = work.today().year();
    let serial = store::serial(work.tx, "certificate", &contracts::county(&lot.region), year).await?;
    let number_year = u16::try_from(year).map_err(Refusal::internal)?;
    let number = CertificateNumber::new(&region, number_year, serial).map_err(Refusal::internal)?;
    let (quantity, unit) = quantity(&notice);
    let measured = match notice.components.as_slice() {
        [only] => only.quantity.as_ref(),
        _ => None,
    };
    let reserve = notice.price.reserve.map(|reserve| {
        // In the basis of the deal price, so that the two can be compared.
        let converted = convert(&reserve, agreement.basis, measured, notice.term.as_ref());
        converted.map_or(reserve.amount, |converted| converted.price.amount)
    });
    let place = &notice.location;
    let method = notice.method.as_ref().and_then(|terms| terms.method.as_ref()).map(|method| method.text().zh);
    Ok(Core {
        number,
        contract_number: contract.number.clone(),
        lot_name: notice.title.clone(),
        category: notice.category.unwrap_or(Category::Other),
        owner: sides.transferor.name.clone(),
        transferor: identity(&sides.transferor)?,
        transferee: identity(&sides.transferee)?,
        quantity,
        unit: unit.zh().to_owned(),
        location: [&place.province, &place.city, &place.county, &place.township, &place.village]
            .map(String::as_str)
            .concat(),
        bounds: place.detail.clone(),
        reserve: reserve.unwrap_or_default(),
        price: agreement.price,
        price_basis: agreement.basis.text(measured.map(|quantity| &quantity.unit)).zh,
        total: agreement.total,
        method: method.unwrap_or_default(),
        mode: notice.mode.unwrap_or(TransferMode::Other),
        term_from: contract.term_from,
        term_to: contract.term_to,
        purpose: notice.intended_use.clone(),
        certifying_body: deps.settings.certifying_body.clone(),
        certified_on: work.today(),
        remarks,
        salt: hex::encode(seal::random::<16>()),
    })
}

/// How much was transferred: the only component's quantity, else the area of all of them, else the lot as one.
fn quantity(notice: &Notice) -> (Decimal, Unit) {
    if let [only] = notice.components.as_slice()
        && let Some(quantity) = &only.quantity
    {
        return (quantity.amount, quantity.unit.clone());
    }
    match notice.mu() {
        Some(mu) => (mu, Unit::Mu),
        None => (Decimal::ONE, Unit::Count("宗".to_owned())),
    }
}

fn identity(party: &CertifiedParty) -> Result<Identity, Refusal> {
    Ok(Identity {
        name: party.name.clone(),
        legal_representative: party.legal_representative.clone(),
        masked_id: MaskedId::try_from(party.identity_number.clone()).map_err(Refusal::internal)?,
        kind: parties::kind_of(&party.kind),
    })
}

/// A certificate as anyone sees it, by number. Public.
pub(crate) async fn get(deps: &Deps, _: &Context, request: GetCertificateRequest) -> Result<Certificate, Refusal> {
    let row = by_number(deps, &request.number).await?;
    view::certificate(&row, &deps.sealer, &deps.settings, false)
}

/// Prints a certificate: the answer names its people, which is logged. The operator of its region. After the rulebook's free prints the first
/// call asks for a second person, and that person's own call prints.
pub(crate) async fn print(
    deps: &Deps,
    ctx: &Context,
    request: PrintCertificateRequest,
) -> Result<Certificate, Refusal> {
    let caller = ctx.require_anywhere(OPERATOR)?.account;
    let row = by_number(deps, &request.number).await?;
    let lot = store::lot::get(&deps.pool, row.lot()).await?;
    ctx.require(OPERATOR, &lot.region)?;
    let number = row.number.clone();
    let (deps_in, by) = (deps.clone(), ctx.clone());
    let answer: Certificate = act(ctx, &deps.pool, "settlement.print-certificate", &request, move |tx| {
        Box::pin(async move {
            let deps = deps_in;
            let mut work = Work::of(tx, &deps.sealer, &by).await?;
            let row = store::certificate::lock(work.tx, &number).await?.ok_or_else(not_found)?;
            let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
            let waiting = row.print_requested_by.map(Into::into).filter(|asked| *asked != caller);
            let (printer, approver) = waiting.map_or((caller, None), |asked| (asked, Some(caller)));
            let core = parties::open(&deps.sealer, &view::certificate_bound(&row), &row.fields)?;
            let issued = issued(core, &row);
            let command = Command::Print { printer, approver };
            match issue::decide(&issued, command, rules.certificate_prints.value, work.at) {
                Ok(Event::Printed { count, printer, approver, .. }) => {
                    store::certificate::printed(work.tx, row.id(), count, printer, approver, work.at).await?;
                    let of = format!("certificate:{}", row.id());
                    work.tell(&lot, PersonalDataViewed { viewer: caller, of, purpose: "certificate-print".to_owned() });
                }
                Ok(Event::Revoked { .. }) => return Err(Refusal::internal("a print that revokes")),
                Err(findings) if findings.iter().all(|finding| finding.rule == "certificate.second-approval") => {
                    // Not refused: it waits for a second person.
                    store::certificate::request_print(work.tx, row.id(), caller, work.at).await?;
                }
                Err(findings) => return Err(findings.into()),
            }
            let row = store::certificate::lock(work.tx, &number).await?.ok_or_else(not_found)?;
            work.done().await?;
            // Kept for a repeated call: without people's names.
            view::certificate(&row, &deps.sealer, &deps.settings, false)
        })
    })
    .await?;
    if answer.print_requested_at.is_some() {
        return Ok(answer);
    }
    let named = view::certificate(&row, &deps.sealer, &deps.settings, true)?;
    Ok(Certificate { transferor: named.transferor, transferee: named.transferee, ..answer })
}

/// Revokes a certificate, with a reason. The operator of its region.
pub(crate) async fn revoke(
    deps: &Deps,
    ctx: &Context,
    request: RevokeCertificateRequest,
) -> Result<Certificate, Refusal> {
    ctx.require_anywhere(OPERATOR)?;
    let row = by_number(deps, &request.number).await?;
    let lot = store::lot::get(&deps.pool, row.lot()).await?;
    ctx.require(OPERATOR, &lot.region)?;
    let why = reason(&request.reason)?.to_owned();
    let number = row.number;
    let (deps_in, by) = (deps.clone(), ctx.clone());
    act(ctx, &deps.pool, "settlement.revoke-certificate", &request, move |tx| {
        Box::pin(async move {
            let deps = deps_in;
            let mut work = Work::of(tx, &deps.sealer, &by).await?;
            let row = store::certificate::lock(work.tx, &number).await?.ok_or_else(not_found)?;
            let core = parties::open(&deps.sealer, &view::certificate_bound(&row), &row.fields)?;
            issue::decide(&issued(core, &row), Command::Revoke { reason: why.clone() }, 0, work.at)?;
            let sealed = deps.sealer.seal(&format!("{}/why", view::certificate_bound(&row)), why.as_bytes());
            store::certificate::revoke(work.tx, row.id(), &sealed, work.at).await?;
            let revoked = CertificateRevoked {
                certificate: row.id(),
                number: row.number.clone(),
                lot: lot.id(),
                // The reason itself may name people.
                reason: format!("sha256:{}", seal::sha256_hex(why.as_bytes())),
            };
            work.tell(&lot, revoked);
            let row = store::certificate::lock(work.tx, &number).await?.ok_or_else(not_found)?;
            work.done().await?;
            view::certificate(&row, &deps.sealer, &deps.settings, false)
        })
    })
    .await
}

/// The core's certificate as it stands.
fn issued(core: Core, row: &CertificateRow) -> Issued {
    let mut issued = Issued::new(core);
    if row.prints > 0 {
        let printed = Event::Printed {
            count: row.prints.unsigned_abs(),
            printer: uuid::Uuid::nil().into(),
            approver: None,
            at: row.issued_at,
        };
        issue::evolve(&mut issued, &printed);
    }
    if row.status == "revoked" {
        issue::evolve(&mut issued, &Event::Revoked { reason: String::new(), at: row.issued_at });
    }
    issued
}

async fn by_number(deps: &Deps, text: &str) -> Result<CertificateRow, Refusal> {
    let number: CertificateNumber = read("number", text)?;
    store::certificate::by_number(&deps.pool, &number.to_string()).await?.ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::not_found("鉴证书", "certificate")
}

fn unsettled(contract: &ContractRow) -> Finding {
    Finding::refusal(
        "certificate.unsettled",
        BASIS,
        Text::new("合同尚未结算,不能出具鉴证书", "The contract is not settled, so nothing is certified yet"),
        Text::new("请在首付款与服务费付清后出具", "Issue it when first payment and fee are paid"),
    )
    .with_fact("state", &contract.state)
    .with_fact("outstanding-fen", contract.outstanding().fen())
}

fn exists(number: &str) -> Finding {
    Finding::refusal(
        "certificate.exists",
        BASIS,
        Text::new("该合同已有有效的鉴证书", "The contract has a valid certificate"),
        Text::new("如需更正,请先撤销原鉴证书", "Revoke it first where it must be corrected"),
    )
    .with_fact("number", number)
}
