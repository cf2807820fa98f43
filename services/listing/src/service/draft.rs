//! Drafts: checked as they are typed, made, changed, read.

use super::{authorised, refused_one};
use crate::{
    Deps,
    check::{self, Checked, Subject},
    convert,
    page::{self, cursor, cut, place},
    store::{self, lot::Lot, lot::Outcome},
    view::{self, STAFF},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    fact::LotDrafted,
    ids::{AssetId, CollectiveId, LotId},
    listing,
    lot::{Lot as Life, Phase},
    role::Role,
    rulebook::{DecisionStanding, Relisted, Rulebook},
};
use sanbian_proto::{
    listing::v1::{
        CheckDraftRequest, CreateDraftRequest, DraftFindings, GetDraftRequest, ListDraftsRequest, LotDraft,
        LotDraftPage, UpdateDraftRequest,
    },
    registry::v1::{Collective, GetCollectiveRequest},
};
use sanbian_runtime::{Context, Refusal, log};
use uuid::Uuid;

/// Roles that may read a lot before it is public.
pub const READERS: [Role; 7] = [
    Role::Clerk,
    Role::Chair,
    Role::Member,
    Role::TownshipReviewer,
    Role::CountyReviewer,
    Role::Operator,
    Role::Supervisor,
];

/// Most assets in one lot.
const ASSETS: usize = 50;

/// Checks a draft against the rules and the registry. Saves nothing. Clerk or chair of the collective.
pub async fn check_draft(deps: &Deps, ctx: &Context, request: CheckDraftRequest) -> Result<DraftFindings, Refusal> {
    ctx.require_anywhere(&STAFF)?;
    let collective = collective(deps, ctx, &request.collective_id).await?;
    ctx.require(&STAFF, &collective.region)?;
    let notice = convert::notice(&request.notice)?;
    let subject = Subject {
        collective: convert::read("collective_id", &request.collective_id)?,
        region: &collective.region,
        assets: &assets(&request.asset_ids)?,
        notice: &notice,
        lot: None,
        decision: DecisionStanding::NotLooked,
        relisted: None,
    };
    let book = check::rulebook(deps, &collective.region, &notice)?;
    Ok(check::check(deps, subject, book, ctx.now).await?.document(&notice))
}

/// Makes a draft. Clerk or chair of the collective.
pub async fn create_draft(deps: &Deps, ctx: &Context, request: CreateDraftRequest) -> Result<LotDraft, Refusal> {
    ctx.require_anywhere(&STAFF)?;
    let collective = collective(deps, ctx, &request.collective_id).await?;
    let by = ctx.require(&STAFF, &collective.region)?.account;
    let now = ctx.now;
    let lot = Lot {
        id: LotId(Uuid::now_v7()),
        collective: convert::read::<CollectiveId>("collective_id", &request.collective_id)?,
        collective_name: collective.name,
        region: collective.region,
        assets: assets(&request.asset_ids)?,
        life: Life::draft(),
        version: 1,
        notice: convert::notice(&request.notice)?,
        drafted_by: by,
        submitted_by: None,
        waits_for: None,
        relists: None,
        created_at: now,
        updated_at: now,
        announced: None,
        outcome: Outcome::default(),
        withdrawal_asked_by: None,
        resumption: None,
        due_at: None,
    };
    // A lot has no rules of its own before its category is known.
    let label = check::rulebook(deps, &lot.region, &lot.notice)?.version.version;
    let context = ctx.clone();
    let made = sanbian_runtime::act(ctx, &deps.pool, "create-draft", &request, move |tx| {
        Box::pin(async move {
            store::lot::insert(tx, &lot).await?;
            let fact = LotDrafted { lot: lot.id, collective: lot.collective, relists: None };
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, &label, fact)]).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    checked(deps, ctx, made).await
}

/// Changes a draft or a returned lot. Clerk or chair of the collective.
pub async fn update_draft(deps: &Deps, ctx: &Context, request: UpdateDraftRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let notice = convert::notice(&request.notice)?;
    let assets = assets(&request.asset_ids)?;
    let (context, id, read) = (ctx.clone(), lot.id, request.version);
    let changed = sanbian_runtime::act(ctx, &deps.pool, "update-draft", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::editable(&lot.life).map_err(refused_one)?;
            listing::draft::current(lot.version, read).map_err(refused_one)?;
            lot.notice = notice;
            lot.assets = assets;
            touch(&mut lot, &context);
            store::lot::save(tx, &lot).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    checked(deps, ctx, changed).await
}

/// A lot as its collective, its reviewers, the exchange and supervisors see it.
pub async fn get_draft(deps: &Deps, ctx: &Context, request: GetDraftRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &READERS, &request.lot_id).await?;
    let mut db = deps.pool.acquire().await?;
    let draft = view::draft(&mut db, ctx, &lot).await?;
    drop(db);
    checked(deps, ctx, draft).await
}

/// The lots of the caller's collectives, newest first. Clerk, chair or member.
pub async fn list_drafts(deps: &Deps, ctx: &Context, request: ListDraftsRequest) -> Result<LotDraftPage, Refusal> {
    const ROLES: [Role; 3] = [Role::Clerk, Role::Chair, Role::Member];
    ctx.require_anywhere(&ROLES)?;
    let limit = page::limit(request.limit, 100);
    let state = request.state.as_deref().map(phase).transpose()?;
    let after: Option<Uuid> = place(request.cursor.as_deref())?;
    let regions = ctx.regions(&ROLES);
    let mut db = deps.pool.acquire().await?;
    let lots = store::lot::of_regions(&mut *db, &regions, state, after, limit + 1).await?;
    let (lots, next_cursor) = cut(lots, limit, |lot| cursor(&lot.id));
    let mut items = Vec::with_capacity(lots.len());
    for lot in &lots {
        items.push(view::draft(&mut db, ctx, lot).await?);
    }
    Ok(LotDraftPage { items, next_cursor })
}

/// A phase by its code.
pub fn phase(code: &str) -> Result<&'static str, Refusal> {
    let found = Phase::ALL.into_iter().find(|phase| phase.code() == code);
    found.map(Phase::code).ok_or_else(|| Refusal::malformed("state", "not a state of a lot"))
}

/// Counts a change of the draft.
pub fn touch(lot: &mut Lot, ctx: &Context) {
    lot.version += 1;
    lot.updated_at = ctx.now;
}

/// What the rules of today say of a kept draft.
pub async fn findings(deps: &Deps, lot: &Lot, now: DateTime<Utc>) -> Result<Checked, Refusal> {
    let book = check::rulebook(deps, &lot.region, &lot.notice)?;
    findings_by(deps, lot, &book, now).await
}

/// What `book` says of a kept draft, and the registry of its assets.
pub async fn findings_by(deps: &Deps, lot: &Lot, book: &Rulebook, now: DateTime<Utc>) -> Result<Checked, Refusal> {
    let decision = store::papers::decision(&deps.pool, lot.id).await?;
    let relisted = lot.life.before.map(|before| Relisted {
        first: before.first_reserve,
        before: before.last_reserve,
        cuts: before.cuts,
        decided: decision.as_ref().map(|decision| decision.id) != before.decision,
    });
    let subject = Subject {
        collective: lot.collective,
        region: &lot.region,
        assets: &lot.assets,
        notice: &lot.notice,
        lot: Some(lot.id),
        decision: if decision.is_some() { DecisionStanding::Carried } else { DecisionStanding::Missing },
        relisted,
    };
    let mut checked = check::check(deps, subject, book.clone(), now).await?;
    if let Some(decision) = decision {
        let minutes = store::papers::documents(&deps.pool, lot.id).await?;
        let found = check::decision(&decision, &minutes, lot, &checked.book, now);
        checked.add(found);
    }
    Ok(checked)
}

/// The draft with what the rules say of it now, where it is still to be announced.
pub async fn checked(deps: &Deps, ctx: &Context, mut draft: LotDraft) -> Result<LotDraft, Refusal> {
    let id: LotId = convert::read("lot_id", &draft.id)?;
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(store::lot::not_found)?;
    if !lot.is_public() {
        draft.check = Some(findings(deps, &lot, ctx.now).await?.document(&lot.notice));
    }
    Ok(draft)
}

fn assets(ids: &[String]) -> Result<Vec<AssetId>, Refusal> {
    if ids.len() > ASSETS {
        return Err(Refusal::malformed("asset_ids", format!("at most {ASSETS}")));
    }
    convert::read_all("asset_ids", ids)
}

async fn collective(deps: &Deps, ctx: &Context, id: &str) -> Result<Collective, Refusal> {
    let id: CollectiveId = convert::read("collective_id", id)?;
    let request = GetCollectiveRequest { collective_id: id.to_string() };
    Ok(deps.peers.registry(ctx).get_collective(request).await?.into_inner())
}
