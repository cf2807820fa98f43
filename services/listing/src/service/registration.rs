//! Registering to bid. Until registration closes only the bidder and the exchange's desk know of it.

use super::{announced, papers, refused, refused_one, rulebook};
use crate::{
    Deps, convert,
    page::{self, cursor, cut, place},
    store::{self, lot::Lot, registration::Registration as Kept},
    view,
};
use sanbian_domain::{
    fact::{Entry, Fact, RegistrationFiled, RegistrationQualified, RegistrationReconfirmed, RegistrationWithdrawn},
    finding::{Finding, Text},
    ids::{AccountId, PartyId, RegistrationId},
    listing::eligibility::{self, Standing},
    lot::registration::{self, Command, Filing, Registration as Life},
    notice::{Eligibility, PriorityHolder},
    role::Role,
};
use sanbian_proto::{
    listing::v1::{
        ConfirmRegistrationRequest, ListMyRegistrationsRequest, RegisterForLotRequest, Registration, RegistrationPage,
        WithdrawRegistrationRequest,
    },
    registry::v1::{AccountParty, HoldsRightRequest, PartyOfAccountRequest},
};
use sanbian_runtime::{
    Context, Refusal, log,
    refusal::Kind,
    seal::{commitment, random},
};
use uuid::Uuid;

/// Registers to bid. Bidders with a party; nobody who decides about the lot.
pub async fn register_for_lot(
    deps: &Deps,
    ctx: &Context,
    request: RegisterForLotRequest,
) -> Result<Registration, Refusal> {
    ctx.require_anywhere(&[Role::Bidder])?;
    let lot = announced(deps, &request.lot_id).await?;
    let caller = ctx.require(&[Role::Bidder], &lot.region)?;
    let account = caller.account;
    eligibility::no_conflict(&caller.grants, &lot.region)?;
    if !request.accepts_terms {
        return Err(terms_not_accepted().into());
    }
    let documents = request.documents.iter().map(papers::document).collect::<Result<Vec<_>, _>>()?;
    if documents.len() > papers::FILES {
        return Err(papers::too_many().into());
    }
    let claim = request.priority_claim.as_deref().filter(|claim| !claim.is_empty());
    let claim: Option<PriorityHolder> = claim.map(|claim| convert::read("priority_claim", claim)).transpose()?;
    let party = party(deps, account).await?;
    let party_id: PartyId = convert::read("party_id", &party.party_id)?;
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let restriction = eligibility::restriction(&lot.notice, &book.rules);
    let standing = Standing {
        member: party.memberships.iter().any(|of| of.member && of.collective_id == lot.collective.to_string()),
        sitting_lessee: restriction == Some(Eligibility::MembersAndSittingLessee)
            && holds_right(deps, &lot, &party).await?,
        documents: documents.len(),
    };
    eligibility::check(restriction, standing, &book.rules)?;
    let (context, id, read) = (ctx.clone(), lot.id, request.revision);
    sanbian_runtime::act(ctx, &deps.pool, "register-for-lot", &request, move |tx| {
        Box::pin(async move {
            let lot = store::lot::lock(tx, id).await?;
            let Some(announced) = &lot.announced else { return Err(store::lot::not_found()) };
            if announced.revision != read {
                return Err(refused_one(corrected(announced.revision)));
            }
            let ranks = lot.notice.priority.as_ref().map_or(&[][..], |priority| &priority.ranks);
            let filing = Filing {
                by: account,
                claims: claim.map(|ground| (ground, documents.len())),
                ranks,
                registered: store::registration::stands(&mut **tx, id, account, party_id).await?,
                transferor: party_id.0 == lot.collective.0,
                barred: store::registration::any_of(&mut **tx, &lot.life.barred, account, party_id).await?,
            };
            let life = Life::file(&filing, &lot.life, context.now).map_err(refused)?;
            let kept = Kept {
                id: RegistrationId(Uuid::now_v7()),
                lot: id,
                account,
                party: party_id,
                life,
                reasons: None,
                deposit: announced.deposit,
                deposit_held: false,
                salt: random::<32>(),
                filed_at: context.now,
                updated_at: context.now,
            };
            store::registration::insert(tx, &kept).await.map_err(twice)?;
            store::papers::attach_to_registration(tx, kept.id, &documents).await?;
            let fact = RegistrationFiled {
                lot: id,
                registration: kept.id,
                commitment: commitment(&kept.salt, &party_id.to_string()),
                deposit: kept.deposit,
                claims_priority: kept.life.claim.is_some(),
            };
            log::append(tx, &[entry(&context, &lot, &kept, fact)]).await?;
            view::registration(tx, &lot, &kept).await
        })
    })
    .await
}

/// The caller's registrations, newest first. Anyone signed in.
pub async fn list_my_registrations(
    deps: &Deps,
    ctx: &Context,
    request: ListMyRegistrationsRequest,
) -> Result<RegistrationPage, Refusal> {
    let account = ctx.signed_in()?.account;
    let limit = page::limit(request.limit, 100);
    let after: Option<Uuid> = place(request.cursor.as_deref())?;
    let mut db = deps.pool.acquire().await?;
    let kept = store::registration::page_of_account(&mut *db, account, after, limit + 1).await?;
    let (kept, next_cursor) = cut(kept, limit, |kept| cursor(&kept.id));
    let mut items = Vec::with_capacity(kept.len());
    for kept in &kept {
        let lot = store::lot::find(&mut *db, kept.lot).await?.ok_or_else(store::lot::not_found)?;
        items.push(view::registration(&mut db, &lot, kept).await?);
    }
    Ok(RegistrationPage { items, next_cursor })
}

/// Agrees to a corrected announcement. The bidder.
pub async fn confirm_registration(
    deps: &Deps,
    ctx: &Context,
    request: ConfirmRegistrationRequest,
) -> Result<Registration, Refusal> {
    let kept = own(deps, ctx, &request.registration_id).await?;
    let command = Command::Confirm { revision: request.revision };
    let (context, id, lot) = (ctx.clone(), kept.id, kept.lot);
    sanbian_runtime::act(ctx, &deps.pool, "confirm-registration", &request, move |tx| {
        Box::pin(async move {
            let lot = store::lot::lock(tx, lot).await?;
            let mut kept = store::registration::lock(tx, id).await?;
            ask(&mut kept, &command, &lot, &context)?;
            store::registration::save(tx, &kept).await?;
            let revision = kept.life.revision;
            let confirmed = RegistrationReconfirmed { lot: lot.id, registration: id, revision };
            let mut entries = vec![entry(&context, &lot, &kept, confirmed)];
            if kept.life.may_bid() {
                entries.push(entry(&context, &lot, &kept, qualified(&kept)));
            }
            log::append(tx, &entries).await?;
            view::registration(tx, &lot, &kept).await
        })
    })
    .await
}

/// Withdraws a registration before registration closes. The bidder.
pub async fn withdraw_registration(
    deps: &Deps,
    ctx: &Context,
    request: WithdrawRegistrationRequest,
) -> Result<Registration, Refusal> {
    let kept = own(deps, ctx, &request.registration_id).await?;
    let (context, id, lot) = (ctx.clone(), kept.id, kept.lot);
    sanbian_runtime::act(ctx, &deps.pool, "withdraw-registration", &request, move |tx| {
        Box::pin(async move {
            let lot = store::lot::lock(tx, lot).await?;
            let mut kept = store::registration::lock(tx, id).await?;
            ask(&mut kept, &Command::Withdraw, &lot, &context)?;
            store::registration::save(tx, &kept).await?;
            let fact = RegistrationWithdrawn { lot: lot.id, registration: id };
            log::append(tx, &[entry(&context, &lot, &kept, fact)]).await?;
            view::registration(tx, &lot, &kept).await
        })
    })
    .await
}

/// Does `command` to a registration, if the core allows it.
pub fn ask(kept: &mut Kept, command: &Command, lot: &Lot, ctx: &Context) -> Result<registration::Event, Refusal> {
    let event = registration::decide(&kept.life, command, &lot.life, ctx.now).map_err(refused)?;
    registration::evolve(&mut kept.life, &event);
    kept.updated_at = ctx.now;
    Ok(event)
}

/// The fact that a registration may bid.
pub fn qualified(kept: &Kept) -> RegistrationQualified {
    RegistrationQualified { lot: kept.lot, registration: kept.id, priority_rank: kept.rank() }
}

/// An entry of what a bidder did. The registration acts, not its account: nothing in the log ties the two before the close.
fn entry(ctx: &Context, lot: &Lot, kept: &Kept, fact: impl Into<Fact>) -> Entry {
    let label = lot.announced.as_ref().map_or("", |announced| announced.rulebook_label.as_str());
    Entry { actor: kept.actor(), ..log::entry(ctx, lot.subject(), &lot.region, label, fact) }
}

/// The caller's own registration; for everybody else it is not there.
async fn own(deps: &Deps, ctx: &Context, id: &str) -> Result<Kept, Refusal> {
    let account = ctx.signed_in()?.account;
    let id: RegistrationId = convert::read("registration_id", id)?;
    let kept = store::registration::find(&deps.pool, id).await?;
    kept.filter(|kept| kept.account == account).ok_or_else(store::registration::not_found)
}

async fn party(deps: &Deps, account: AccountId) -> Result<AccountParty, Refusal> {
    let request = PartyOfAccountRequest { account_id: account.to_string() };
    match deps.peers.registry_as_service().party_of_account(request).await {
        Ok(party) => Ok(party.into_inner()),
        Err(status) => {
            let refusal = Refusal::from(status);
            if refusal.kind == Kind::NotFound { Err(no_party().into()) } else { Err(refusal) }
        }
    }
}

async fn holds_right(deps: &Deps, lot: &Lot, party: &AccountParty) -> Result<bool, Refusal> {
    let request = HoldsRightRequest {
        party_id: party.party_id.clone(),
        asset_ids: lot.assets.iter().map(ToString::to_string).collect(),
        day_on: None,
    };
    let held = deps.peers.registry_as_service().holds_right(request).await?.into_inner();
    Ok(!held.items.is_empty())
}

/// Two filings at once: the database lets one in.
fn twice(error: sqlx::Error) -> Refusal {
    match Refusal::constraint(&error) {
        Some("registration_account_key" | "registration_party_key") => refused_one(Finding::refusal(
            "registration.twice",
            "公告的报名条款",
            Text::new("您已报名该标的", "you are registered for this lot"),
            Text::new("请使用已有的报名", "Use the registration you have"),
        )),
        _ => error.into(),
    }
}

fn no_party() -> Finding {
    Finding::refusal(
        "registration.party",
        "公告的报名条款:竞买人须实名登记 (bidders are registered by name)",
        Text::new("您尚未登记当事人信息", "you have not registered as a party yet"),
        Text::new("请先在“我的资料”中登记身份和退款账户", "Register your identity and refund account first"),
    )
}

fn terms_not_accepted() -> Finding {
    Finding::refusal(
        "registration.terms",
        "公告的报名条款",
        Text::new("须阅读并同意交易规则和合同范本", "the rules and the contract draft must be read and accepted"),
        Text::new("请阅读后勾选同意", "Read them, then accept"),
    )
    .at("accepts_terms")
}

fn corrected(stands: u32) -> Finding {
    Finding::refusal(
        "registration.revision",
        "公告的报名条款",
        Text::new("公告已变更", "the announcement was corrected"),
        Text::new("请阅读最新公告后报名", "Read it as it stands, then register"),
    )
    .at("revision")
    .with_fact("revision", stands)
}
