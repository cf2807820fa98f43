//! Collectives and other owners (集体经济组织及其他权利人).

use super::{STAFF, party};
use crate::{
    Registry,
    findings::{by_constraint, refuse},
    form::{self, Form},
    person::{self, PartyKind, Profile},
    store::{self, collective::CollectiveRow, party::PartyRow},
};
use rust_decimal::Decimal;
use sanbian_domain::{
    fact::CollectiveRegistered,
    finding::Finding,
    identity::{MobileNumber, Uscc},
    ids::{CollectiveId, PartyId},
    region::{RegionCode, RegionLevel},
    rights::Holder,
    role::Role,
};
use sanbian_proto::registry::v1::{
    Charter, Collective, CollectivePage, GetCollectiveRequest, ListCollectivesRequest, RegisterCollectiveRequest,
    UpdateCollectiveAccountRequest,
};
use sanbian_runtime::{Context, Refusal, act, log, seal};

/// Who registers owners: not the owners' own staff, whose grants follow from the registration.
const REGISTRARS: [Role; 2] = [Role::Operator, Role::CountyReviewer];

/// Registers a collective or another owner of assets.
///
/// # Errors
/// Forbidden outside the registrar's region; every fault of the form at once; a conflict where the code is registered.
pub async fn register(
    registry: &Registry,
    ctx: &Context,
    request: RegisterCollectiveRequest,
) -> Result<Collective, Refusal> {
    ctx.require(&REGISTRARS, request.region.trim())?;
    let holder: Holder = request.holder.parse().map_err(|error| Refusal::malformed("holder", error))?;
    let mut form = Form::default();
    let name = form.take("name", form::words(&request.name, 80));
    let uscc = form.take("uscc", Uscc::parse(&request.uscc));
    let region = form.take("region", read_region(holder, &request.region));
    let address = form.take("address", form::words(&request.address, 200));
    let representative = form.take("legal_representative", form::words(&request.legal_representative, 40));
    let mobile =
        form.maybe("legal_representative_mobile", request.legal_representative_mobile.as_deref(), MobileNumber::parse);
    let bank = request.bank_account.as_ref().ok_or_else(|| Refusal::malformed("bank_account", "missing"))?;
    let bank = party::read_account(&mut form, bank, name.as_deref().unwrap_or_default());
    let charter =
        request.charter.as_ref().map(|charter| read_charter(&mut form, charter)).transpose()?.unwrap_or_default();
    let (Some(name), Some(uscc), Some(region), Some(address), Some(representative), Some(bank)) =
        (name, uscc, region, address, representative, bank)
    else {
        return Err(form.refused());
    };
    form.passed()?;

    let id = CollectiveId(uuid::Uuid::now_v7());
    let party = PartyId(id.0);
    let profile = Profile {
        name: name.clone(),
        identity_number: uscc.expose().to_owned(),
        mobile: mobile.map(|mobile| mobile.expose().to_owned()),
        address: Some(address.clone()),
        legal_representative: Some(representative),
    };
    let party = PartyRow {
        id: id.0,
        account_id: None,
        kind: party_kind(holder).as_str().to_owned(),
        identity_lookup: registry.safe.lookup(uscc.expose()),
        profile: registry.safe.seal_profile(party, &profile),
        bank: Some(registry.safe.seal_account(party, &bank)),
        salt: seal::random::<32>().to_vec(),
        registered_at: ctx.now,
    };
    let row = CollectiveRow {
        id: id.0,
        name,
        uscc: uscc.expose().to_owned(),
        holder: holder.code().to_owned(),
        region: region.to_string(),
        address,
        charter_adopted_on: charter.adopted_on,
        charter_digest: charter.digest,
        charter_representatives: charter.representatives,
        charter_reserve_percent: charter.reserve_percent,
        charter_share_mode: charter.share_mode,
        members: 0,
        voters: 0,
        households: 0,
        members_recorded_at: None,
        registered_at: ctx.now,
    };
    let fact = CollectiveRegistered { collective: id, name: row.name.clone(), uscc: row.uscc.clone() };
    let entry = log::entry(ctx, format!("collective:{id}"), &row.region, "", fact);
    let registry = registry.clone();
    act(ctx, &registry.pool.clone(), "register-collective", &request, move |tx| {
        Box::pin(async move {
            store::party::insert(&mut **tx, &party).await.map_err(|error| match Refusal::constraint(&error) {
                Some("parties_identity_key") => Refusal::conflict(crate::findings::collective_registered()),
                _ => error.into(),
            })?;
            store::collective::insert(&mut **tx, &row).await.map_err(by_constraint)?;
            log::append(tx, &[entry]).await?;
            staff_view(&registry, &row, &party)
        })
    })
    .await
}

/// Collectives by region and name. Public.
///
/// # Errors
/// Malformed cursors and regions.
pub async fn list(
    registry: &Registry,
    _: &Context,
    request: ListCollectivesRequest,
) -> Result<CollectivePage, Refusal> {
    let region: RegionCode = request.region.as_deref().unwrap_or_default().parse()?;
    let cursor = request.cursor.as_deref().map(|cursor| form::id("cursor", cursor)).transpose()?;
    let name =
        request.name.as_deref().map(|name| form::words(name, 80).map_err(|finding| finding.at("name"))).transpose()?;
    let limit = form::limit(request.limit, 20, 100);
    let rows = store::collective::list(&registry.pool, region.as_str(), name.as_deref(), cursor, limit + 1).await?;
    let (rows, next_cursor) = form::page(rows, limit, |row| row.id.to_string());
    Ok(CollectivePage { items: rows.iter().map(view).collect::<Result<_, _>>()?, next_cursor })
}

/// A collective. Public; with masked personal fields for its staff and the exchange.
///
/// # Errors
/// Not found.
pub async fn get(registry: &Registry, ctx: &Context, request: GetCollectiveRequest) -> Result<Collective, Refusal> {
    let row = find(registry, &request.collective_id).await?;
    if ctx.require(&STAFF, &row.region).is_err() {
        return view(&row);
    }
    let party = store::party::by_id(&registry.pool, PartyId(row.id)).await?;
    staff_view(registry, &row, &party.ok_or_else(|| Refusal::internal("a collective without party"))?)
}

/// Changes the account that proceeds are paid to. Not by the collective's own staff: who drafts and signs must not also say where the
/// money goes.
///
/// # Errors
/// Forbidden outside the registrar's region; faults of the account.
pub async fn update_account(
    registry: &Registry,
    ctx: &Context,
    request: UpdateCollectiveAccountRequest,
) -> Result<Collective, Refusal> {
    ctx.signed_in()?;
    let row = find(registry, &request.collective_id).await?;
    ctx.require(&REGISTRARS, &row.region)?;
    let bank = request.bank_account.as_ref().ok_or_else(|| Refusal::malformed("bank_account", "missing"))?;
    let mut form = Form::default();
    let Some(bank) = party::read_account(&mut form, bank, &row.name) else { return Err(form.refused()) };
    let (registry, now) = (registry.clone(), ctx.now);
    act(ctx, &registry.pool.clone(), "update-collective-account", &request, move |tx| {
        Box::pin(async move {
            let id = PartyId(row.id);
            store::party::set_bank(&mut **tx, id, &registry.safe.seal_account(id, &bank), now).await?;
            let party = store::party::by_id(&mut **tx, id).await?;
            staff_view(&registry, &row, &party.ok_or_else(|| Refusal::internal("a collective without party"))?)
        })
    })
    .await
}

/// The collective of an id in text.
///
/// # Errors
/// Malformed; not found.
pub async fn find(registry: &Registry, id: &str) -> Result<CollectiveRow, Refusal> {
    let id = form::id::<CollectiveId>("collective_id", id)?;
    let row = store::collective::by_id(&registry.pool, id).await?;
    row.ok_or_else(|| Refusal::not_found("集体经济组织", "collective"))
}

/// A collective as the public sees it.
///
/// # Errors
/// Internal, where a count can't be true.
pub fn view(row: &CollectiveRow) -> Result<Collective, Refusal> {
    let count = |count: i32| u32::try_from(count).map_err(Refusal::internal);
    let charter = row.charter_adopted_on.map(|adopted_on| {
        Ok::<_, Refusal>(Charter {
            adopted_on: adopted_on.to_string(),
            digest: row.charter_digest.clone(),
            representatives: row.charter_representatives.map(count).transpose()?,
            reserve_percent: row.charter_reserve_percent.map(|percent| percent.normalize().to_string()),
            share_mode: row.charter_share_mode.clone(),
        })
    });
    Ok(Collective {
        id: row.id.to_string(),
        name: row.name.clone(),
        uscc: row.uscc.clone(),
        holder: row.holder.clone(),
        region: row.region.clone(),
        address: row.address.clone(),
        charter: charter.transpose()?,
        members: count(row.members)?,
        voters: count(row.voters)?,
        households: count(row.households)?,
        members_recorded_at: row.members_recorded_at.map(form::at),
        registered_at: form::at(row.registered_at),
        legal_representative: None,
        bank: None,
        bank_account: None,
    })
}

/// A collective as its staff and the exchange see it.
fn staff_view(registry: &Registry, row: &CollectiveRow, party: &PartyRow) -> Result<Collective, Refusal> {
    let id = PartyId(row.id);
    let profile = registry.safe.open_profile(id, &party.profile)?;
    let bank = party.bank.as_deref().map(|sealed| registry.safe.open_account(id, sealed)).transpose()?;
    Ok(Collective {
        legal_representative: profile.legal_representative.as_deref().map(person::masked_person),
        bank: bank.as_ref().map(|bank| bank.bank.clone()),
        bank_account: bank.map(|bank| person::masked_account(&bank.number)),
        ..view(row)?
    })
}

const fn party_kind(holder: Holder) -> PartyKind {
    match holder {
        Holder::Collective | Holder::CollectiveGroup | Holder::HouseholdEntrusted | Holder::Mixed => {
            PartyKind::Collective
        }
        Holder::Household => PartyKind::Household,
        Holder::State | Holder::TownshipGovernment => PartyKind::PublicBody,
        Holder::StateFarm | Holder::StateForestFarm | Holder::StateCompany | Holder::Enterprise => PartyKind::Company,
        Holder::Other => PartyKind::Other,
    }
}

/// A region narrow enough: its clerks' grants cover everything inside it.
fn read_region(holder: Holder, text: &str) -> Result<RegionCode, Finding> {
    let region: RegionCode = text.parse()?;
    let widest = if holder.needs_collective_decision() { RegionLevel::Township } else { RegionLevel::County };
    if region.level() >= widest {
        return Ok(region);
    }
    Err(refuse(
        "collective.region",
        "《农村集体经济组织法》第二条（乡镇级、村级、组级集体经济组织）",
        (
            "集体经济组织所在区划应到乡镇、村或组；其他权利人应到县。",
            "A collective belongs to a township, village or group; other owners to a county at the widest.",
        ),
        ("请选择更具体的区划。", "Choose a narrower region."),
    )
    .with_fact("region", region))
}

#[derive(Default)]
struct ReadCharter {
    adopted_on: Option<chrono::NaiveDate>,
    digest: Option<String>,
    representatives: Option<i32>,
    reserve_percent: Option<Decimal>,
    share_mode: Option<String>,
}

fn read_charter(form: &mut Form, charter: &Charter) -> Result<ReadCharter, Refusal> {
    let share_mode = charter
        .share_mode
        .as_deref()
        .map(|mode| form::code("charter.share_mode", mode, &["static", "dynamic"]))
        .transpose()?;
    let representatives = match charter.representatives {
        None => None,
        Some(count @ 1..=100_000) => i32::try_from(count).ok(),
        Some(_) => return Err(Refusal::malformed("charter.representatives", "1 to 100000")),
    };
    Ok(ReadCharter {
        adopted_on: Some(form::day("charter.adopted_on", &charter.adopted_on)?),
        digest: form.maybe("charter.digest", charter.digest.as_deref(), form::digest),
        representatives,
        reserve_percent: form.maybe("charter.reserve_percent", charter.reserve_percent.as_deref(), percent),
        share_mode: share_mode.map(str::to_owned),
    })
}

fn percent(text: &str) -> Result<Decimal, Finding> {
    let value = Decimal::from_str_exact(text.trim()).ok().map(|value| value.normalize());
    value.filter(|value| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value) && value.scale() <= 2).ok_or_else(
        || {
            refuse(
                "charter.percent",
                "《农村集体经济组织法》（公积公益金）",
                (
                    "比例应为0至100之间、最多两位小数的数字。",
                    "A percentage is a number from 0 to 100 with at most two decimals.",
                ),
                ("请填写如 30 或 27.5。", "Write such as 30 or 27.5."),
            )
        },
    )
}
