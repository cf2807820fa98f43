//! Parties (当事人).

use crate::{
    Registry,
    findings::{by_constraint, identity_registered, one_party, refuse},
    form::{self, Form},
    person::{self, Account, PartyKind, Profile},
    store::{self, party::PartyRow},
};
use sanbian_domain::{
    fact::{PartyRegistered, PersonalDataViewed},
    finding::Finding,
    identity::{BankAccount as AccountNumber, MobileNumber, OrganisationKind, ResidentId, Uscc},
    ids::PartyId,
    role::Role,
};
use sanbian_proto::registry::v1::{
    BankAccount, GetMyPartyRequest, GetPartyRequest, Party, PartyProfile, RegisterPartyRequest, RevealPartyRequest,
    UpdateBankAccountRequest,
};
use sanbian_runtime::{Context, Refusal, act, log, seal};

/// Who may look at parties. Bidders come from everywhere, so it is not a matter of regions.
const LOOKERS: [Role; 3] = [Role::Operator, Role::Finance, Role::Supervisor];
/// For what staff may look at unmasked data. A code, not words: it stands in the log.
const PURPOSES: [&str; 5] = ["qualification", "payment", "contract", "complaint", "investigation"];
/// For what a party looks at its own.
const OWN: [&str; 1] = ["own-data"];

/// Registers the caller's party, or, for an operator, somebody's who has no account.
///
/// # Errors
/// Every fault of the form at once; conflicts where the account has a party or the number is registered.
pub async fn register(registry: &Registry, ctx: &Context, request: RegisterPartyRequest) -> Result<Party, Refusal> {
    let caller = ctx.signed_in()?;
    let on_behalf = request.on_behalf();
    if on_behalf {
        ctx.require_anywhere(&[Role::Operator])?;
    } else if caller.service {
        return Err(Refusal::forbidden("account", ""));
    }
    let account = (!on_behalf).then_some(caller.account);
    let kind = read_kind(&request.kind)?;
    let (profile, bank) = read_form(kind, &request)?;
    let (registry, ctx) = (registry.clone(), ctx.clone());
    act(&ctx.clone(), &registry.pool.clone(), "register-party", &request, move |tx| {
        Box::pin(async move {
            if let Some(account) = account
                && store::party::by_account(&mut **tx, account).await?.is_some()
            {
                return Err(Refusal::conflict(one_party()));
            }
            let lookup = registry.safe.lookup(&profile.identity_number);
            let known = store::party::by_lookup_held(&mut **tx, &lookup).await?;
            let row = match known {
                None => {
                    let id = PartyId(uuid::Uuid::now_v7());
                    let row = PartyRow {
                        id: id.0,
                        account_id: account.map(|account| account.0),
                        kind: kind.as_str().to_owned(),
                        identity_lookup: lookup,
                        profile: registry.safe.seal_profile(id, &profile),
                        bank: bank.as_ref().map(|bank| registry.safe.seal_account(id, bank)),
                        salt: seal::random::<32>().to_vec(),
                        registered_at: ctx.now,
                    };
                    store::party::insert(&mut **tx, &row).await.map_err(by_constraint)?;
                    row
                }
                Some(known) => {
                    let id = PartyId(known.id);
                    let same = known.kind == kind.as_str()
                        && registry.safe.open_profile(id, &known.profile)?.name == profile.name;
                    let (None, Some(account), true) = (known.account_id, account, same) else {
                        // Only who may look at parties anyway hears whose it is.
                        let finding = identity_registered();
                        let finding = if account.is_none() { finding.with_fact("party", id) } else { finding };
                        return Err(Refusal::conflict(finding));
                    };
                    let sealed = registry.safe.seal_profile(id, &profile);
                    let bank = bank.as_ref().map(|bank| registry.safe.seal_account(id, bank));
                    store::party::claim(&mut **tx, id, account, &sealed, bank.as_deref(), ctx.now)
                        .await
                        .map_err(by_constraint)?;
                    PartyRow { account_id: Some(account.0), profile: sealed, bank: bank.or(known.bank), ..known }
                }
            };
            let salt: [u8; 32] =
                row.salt.clone().try_into().map_err(|_| Refusal::internal("a salt is not 32 bytes"))?;
            let fact = PartyRegistered {
                party: PartyId(row.id),
                party_kind: row.kind.clone(),
                commitment: person::commitment(&salt, &profile.name, &profile.identity_number),
            };
            log::append(tx, &[log::entry(&ctx, format!("party:{}", row.id), "", "", fact)]).await?;
            view(&registry, &row)
        })
    })
    .await
}

/// The caller's own party.
///
/// # Errors
/// Not found where none is registered yet.
pub async fn mine(registry: &Registry, ctx: &Context, _: GetMyPartyRequest) -> Result<Party, Refusal> {
    let caller = ctx.signed_in()?;
    let row = store::party::by_account(&registry.pool, caller.account).await?.ok_or_else(not_found)?;
    view(registry, &row)
}

/// Changes the bank account of the caller's party.
///
/// # Errors
/// Faults of the account; not found where no party is registered yet.
pub async fn update_bank_account(
    registry: &Registry,
    ctx: &Context,
    request: UpdateBankAccountRequest,
) -> Result<Party, Refusal> {
    let account = ctx.signed_in()?.account;
    let bank = request.bank_account.clone().ok_or_else(|| Refusal::malformed("bank_account", "missing"))?;
    let row = store::party::by_account(&registry.pool, account).await?.ok_or_else(not_found)?;
    let name = registry.safe.open_profile(PartyId(row.id), &row.profile)?.name;
    let mut form = Form::default();
    let Some(bank) = read_account(&mut form, &bank, &name) else { return Err(form.refused()) };
    let (registry, ctx) = (registry.clone(), ctx.clone());
    act(&ctx.clone(), &registry.pool.clone(), "update-bank-account", &request, move |tx| {
        Box::pin(async move {
            let sealed = registry.safe.seal_account(PartyId(row.id), &bank);
            store::party::set_bank(&mut **tx, PartyId(row.id), &sealed, ctx.now).await?;
            view(&registry, &PartyRow { bank: Some(sealed), ..row })
        })
    })
    .await
}

/// A party, masked.
///
/// # Errors
/// Forbidden to all but operators, finance and supervisors; not found.
pub async fn get(registry: &Registry, ctx: &Context, request: GetPartyRequest) -> Result<Party, Refusal> {
    ctx.require_anywhere(&LOOKERS)?;
    view(registry, &find(registry, &request.party_id).await?)
}

/// A party unmasked, for a purpose; the look is recorded before anything is shown.
///
/// # Errors
/// Forbidden to all but the party itself, operators, finance and supervisors; services have calls of their own. Not found.
pub async fn reveal(registry: &Registry, ctx: &Context, request: RevealPartyRequest) -> Result<PartyProfile, Refusal> {
    let caller = ctx.signed_in()?;
    if caller.service {
        return Err(Refusal::forbidden("operator / finance / supervisor", ""));
    }
    let viewer = caller.account;
    // Who may not look at parties can't learn which there are: another's and a missing one are refused alike.
    let own =
        store::party::by_account(&registry.pool, viewer).await?.filter(|own| own.id.to_string() == request.party_id);
    let row = match own {
        Some(own) => own,
        None => {
            ctx.require_anywhere(&LOOKERS)?;
            find(registry, &request.party_id).await?
        }
    };
    let purposes: &[&str] = if row.account_id == Some(viewer.0) { &OWN } else { &PURPOSES };
    let purpose = form::code("purpose", &request.purpose, purposes)?;
    let (id, now) = (PartyId(row.id), ctx.now);
    let entry = log::entry(
        ctx,
        format!("party:{id}"),
        "",
        "",
        PersonalDataViewed { viewer, of: format!("party:{id}"), purpose: purpose.to_owned() },
    );
    let shown = view(registry, &row)?;
    // Each look is logged, a repeated one too: so without idempotency key. (Nor could the answer be kept: what is sealed must not lie
    // open beside it.)
    let each = Context { idempotency_key: None, ..ctx.clone() };
    let _masked: Party = act(&each, &registry.pool, "reveal-party", &request, move |tx| {
        Box::pin(async move {
            store::party::look(&mut **tx, id, viewer, purpose, now).await?;
            log::append(tx, &[entry]).await?;
            Ok(shown)
        })
    })
    .await?;
    let profile = registry.safe.open_profile(id, &row.profile)?;
    let bank = row.bank.as_deref().map(|sealed| registry.safe.open_account(id, sealed)).transpose()?;
    Ok(PartyProfile {
        id: id.to_string(),
        kind: row.kind,
        name: profile.name,
        identity_number: profile.identity_number,
        mobile: profile.mobile.unwrap_or_default(),
        address: profile.address.unwrap_or_default(),
        legal_representative: profile.legal_representative,
        bank_account: bank.map(BankAccount::from),
    })
}

/// The party of an id in text.
///
/// # Errors
/// Malformed; not found.
pub async fn find(registry: &Registry, id: &str) -> Result<PartyRow, Refusal> {
    let id = form::id::<PartyId>("party_id", id)?;
    store::party::by_id(&registry.pool, id).await?.ok_or_else(not_found)
}

/// No such party.
pub fn not_found() -> Refusal {
    Refusal::not_found("当事人", "party")
}

/// The kind of a stored party.
///
/// # Errors
/// Internal: the table's check admits no other.
pub fn kind_of(row: &PartyRow) -> Result<PartyKind, Refusal> {
    PartyKind::read(&row.kind).ok_or_else(|| Refusal::internal(format!("party of kind {}", row.kind)))
}

/// A party as it is shown, masked.
fn view(registry: &Registry, row: &PartyRow) -> Result<Party, Refusal> {
    let (id, kind) = (PartyId(row.id), kind_of(row)?);
    let profile = registry.safe.open_profile(id, &row.profile)?;
    let bank = row.bank.as_deref().map(|sealed| registry.safe.open_account(id, sealed)).transpose()?;
    Ok(Party {
        id: id.to_string(),
        kind: row.kind.clone(),
        name: person::masked_name(kind, &profile.name),
        identity_number: person::masked_identity(kind, &profile.identity_number),
        mobile: person::masked_mobile(profile.mobile.as_deref()),
        legal_representative: profile.legal_representative.as_deref().map(person::masked_person),
        bank: bank.as_ref().map(|bank| bank.bank.clone()),
        bank_account: bank.map(|bank| person::masked_account(&bank.number)),
        registered_at: form::at(row.registered_at),
        has_account: row.account_id.is_some(),
    })
}

fn read_kind(text: &str) -> Result<PartyKind, Refusal> {
    // Collectives come in by RegisterCollective, under the exchange's eyes.
    PartyKind::read(text).filter(|kind| *kind != PartyKind::Collective).ok_or_else(|| {
        Refusal::malformed("kind", "one of: natural-person, household, company, cooperative, public-body, other")
    })
}

fn read_form(kind: PartyKind, request: &RegisterPartyRequest) -> Result<(Profile, Option<Account>), Refusal> {
    let mut form = Form::default();
    let name = form.take("name", form::words(&request.name, 80));
    let number = form.take("identity_number", read_identity(kind, &request.identity_number));
    let mobile = form.take("mobile", MobileNumber::parse(&request.mobile));
    let address = form.take("address", form::words(&request.address, 200));
    let representative =
        form.maybe("legal_representative", request.legal_representative.as_deref(), |text| form::words(text, 40));
    if !kind.is_personal() && request.legal_representative.is_none() {
        form.find(representative_missing());
    }
    let own = name.clone().unwrap_or_default();
    let bank = request.bank_account.as_ref().map(|bank| read_account(&mut form, bank, &own));
    let (Some(name), Some(identity_number), Some(mobile), Some(address)) = (name, number, mobile, address) else {
        return Err(form.refused());
    };
    form.passed()?;
    let profile = Profile {
        name,
        identity_number,
        mobile: Some(mobile.expose().to_owned()),
        address: Some(address),
        legal_representative: representative.filter(|_| !kind.is_personal()),
    };
    Ok((profile, bank.flatten()))
}

/// A checked identity number of the right sort.
fn read_identity(kind: PartyKind, text: &str) -> Result<String, Finding> {
    if kind.is_personal() {
        return Ok(ResidentId::parse(text)?.expose().to_owned());
    }
    let code = Uscc::parse(text)?;
    let said = code.kind();
    if said.is_collective() {
        return Err(refuse(
            "party.collective",
            "《农村集体经济组织法》（登记）",
            (
                "农村集体经济组织由交易中心或县级主管部门登记。",
                "Collectives are registered by the exchange or the county department.",
            ),
            ("请联系交易中心登记该组织。", "Ask the exchange to register it."),
        ));
    }
    let fits = match kind {
        PartyKind::Company => {
            matches!(said, OrganisationKind::Enterprise | OrganisationKind::SelfEmployed | OrganisationKind::Other)
        }
        PartyKind::Cooperative => matches!(said, OrganisationKind::FarmersCooperative),
        PartyKind::PublicBody => matches!(said, OrganisationKind::Government | OrganisationKind::PublicInstitution),
        _ => true,
    };
    if fits {
        return Ok(code.expose().to_owned());
    }
    Err(refuse(
        "party.kind-matches-code",
        "GB 32100-2015 法人和其他组织统一社会信用代码编码规则",
        ("主体类型与统一社会信用代码不一致。", "The kind of party does not fit its social credit code."),
        ("请按登记证书选择主体类型。", "Choose the kind that the certificate says."),
    )
    .with_fact("kind", kind.as_str()))
}

/// Reads a bank account that must be in the name of `own`; nothing where something was found.
pub fn read_account(form: &mut Form, account: &BankAccount, own: &str) -> Option<Account> {
    let name = form.take("bank_account.name", form::words(&account.name, 80));
    let bank = form.take("bank_account.bank", form::words(&account.bank, 80));
    let number = form.take("bank_account.number", AccountNumber::parse(&account.number));
    if name.as_ref().is_some_and(|name| !own.is_empty() && name != own) {
        form.find(
            refuse(
                "bank-account.own-name",
                "《人民币银行结算账户管理办法》（存款人以本人名义开立账户）",
                ("银行账户户名须与当事人名称一致。", "The bank account must be in the party's own name."),
                ("请填写本人（本单位）的银行账户。", "Give an account of your own."),
            )
            .at("bank_account.name"),
        );
        return None;
    }
    Some(Account { name: name?, bank: bank?, number: number?.expose().to_owned() })
}

fn representative_missing() -> Finding {
    refuse(
        "party.legal-representative",
        "《民法典》第六十一条（法定代表人）",
        ("单位须填写法定代表人或负责人。", "An organisation needs its legal representative or person in charge."),
        ("请按登记证书填写。", "Fill in who the certificate names."),
    )
    .at("legal_representative")
}
