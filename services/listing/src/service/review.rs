//! The reviews: township, then county where the threshold asks. Nobody reviews their own work.

use super::{ask, authorised, draft, refused_one, rules};
use crate::{
    Deps, convert,
    page::{self, cursor, cut, place},
    store, view,
};
use sanbian_domain::{
    fact::{LotReviewed, instant},
    listing,
    lot::{Command, Stage, Verdict},
    role::Role,
};
use sanbian_proto::listing::v1::{LotDraft, LotDraftPage, LotReview, ReviewLotRequest, ReviewQueueRequest};
use sanbian_runtime::{Context, Refusal, log, seal::sha256_hex};
use uuid::Uuid;

/// The lots that wait for the caller: for its review, or for announcement, qualification or a withdrawal's approval by the exchange.
pub async fn review_queue(deps: &Deps, ctx: &Context, request: ReviewQueueRequest) -> Result<LotDraftPage, Refusal> {
    ctx.require_anywhere(&[Role::TownshipReviewer, Role::CountyReviewer, Role::Operator])?;
    let limit = page::limit(request.limit, 100);
    let after: Option<Uuid> = place(request.cursor.as_deref())?;
    let [townships, counties, exchanges] =
        [Role::TownshipReviewer, Role::CountyReviewer, Role::Operator].map(|role| ctx.regions(&[role]));
    let mut db = deps.pool.acquire().await?;
    let lots = store::lot::waiting(&mut *db, &townships, &counties, &exchanges, after, limit + 1).await?;
    let (lots, next_cursor) = cut(lots, limit, |lot| cursor(&lot.id));
    let mut items = Vec::with_capacity(lots.len());
    for lot in &lots {
        items.push(view::draft(&mut db, ctx, lot).await?);
    }
    Ok(LotDraftPage { items, next_cursor })
}

/// A reviewer's word on the draft it read. Township reviewer, county reviewer.
pub async fn review_lot(deps: &Deps, ctx: &Context, request: ReviewLotRequest) -> Result<LotDraft, Refusal> {
    const ROLES: [Role; 2] = [Role::TownshipReviewer, Role::CountyReviewer];
    let lot = authorised(deps, ctx, &ROLES, &request.lot_id).await?;
    // Which review it is follows from the role, not from the lot: a repeated call must find its first answer when the lot has gone on
    // meanwhile. That another review waits, or none, the core says. For who holds both roles it follows from the lot.
    let stage = match lot.waits_for.as_deref() {
        Some("county") if ctx.holds(Role::CountyReviewer, &lot.region) => Stage::County,
        _ if ctx.holds(Role::TownshipReviewer, &lot.region) => Stage::Township,
        _ => Stage::County,
    };
    let name = match stage {
        Stage::Township => "township",
        Stage::County => "county",
    };
    let by = ctx.signed_in()?.account;
    let reasons = convert::words("reasons", &request.reasons)?;
    let verdict = match request.outcome.as_str() {
        "approved" => Verdict::Approve,
        "returned" => Verdict::Return { reasons: reasons.clone() },
        _ => return Err(Refusal::malformed("outcome", "approved, returned")),
    };
    let book = super::rulebook(&deps.pool, deps, &lot).await?;
    let outcome = request.outcome.clone();
    let (context, id, read) = (ctx.clone(), lot.id, request.version);
    let reviewed = sanbian_runtime::act(ctx, &deps.pool, "review-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::current(lot.version, read).map_err(refused_one)?;
            listing::eligibility::not_the_drafter(&lot.drafted_by, &by).map_err(refused_one)?;
            let digest = lot.draft_digest();
            let rules = rules(&lot, &book);
            let command = Command::Review { by, stage, draft: digest.clone(), verdict };
            ask(&mut lot, &command, &rules, context.now)?;
            store::lot::save(tx, &lot).await?;
            let review = LotReview {
                stage: name.to_owned(),
                outcome: outcome.clone(),
                reasons: reasons.clone(),
                reviewer_id: by.to_string(),
                reviewed_at: instant::text(context.now),
            };
            store::papers::add_review(tx, id, &review, by, &digest, context.now).await?;
            let fact = LotReviewed {
                lot: id,
                stage: name.to_owned(),
                outcome,
                draft: digest,
                reason_digest: sha256_hex(reasons.as_bytes()),
            };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, reviewed).await
}
