//! Submitting a draft for review, and taking it back.

use super::{ask, authorised, draft, refused_one, rules};
use crate::{
    Deps, store,
    view::{self, STAFF},
};
use sanbian_domain::{
    auction::announced,
    fact::{LotSubmitted, LotWithdrawn},
    ids::AccountId,
    listing::{self, dates},
    lot::Command,
    money::Money,
    notice::Notice,
    rulebook::Rulebook,
};
use sanbian_proto::listing::v1::{LotDraft, SubmitLotRequest, WithdrawLotRequest};
use sanbian_runtime::{Context, Refusal, log};

/// Submits a draft for review. Everything the rules, the registry and the decision say is looked at again. Clerk or chair.
pub async fn submit_lot(deps: &Deps, ctx: &Context, request: SubmitLotRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let by: AccountId = ctx.signed_in()?.account;
    // Asked of the registry before the lot is locked; the version says whether it is still the draft that was looked at.
    let checked = draft::findings(deps, &lot, ctx.now).await?;
    let (context, id, read, looked_at) = (ctx.clone(), lot.id, request.version, lot.version);
    let submitted = sanbian_runtime::act(ctx, &deps.pool, "submit-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::current(lot.version, read).map_err(refused_one)?;
            listing::draft::current(lot.version, looked_at).map_err(refused_one)?;
            let decision = store::papers::decision(&mut **tx, id).await?.map(|decision| decision.id);
            let documents = store::papers::documents(&mut **tx, id).await?;
            let digest = lot.draft_digest();
            let command = Command::Submit {
                by,
                draft: digest.clone(),
                reserve: reserve(&lot.notice, &checked.book, &context),
                decision,
                findings: checked.findings,
            };
            let rules = rules(&lot, &checked.book);
            ask(&mut lot, &command, &rules, context.now)?;
            lot.submitted_by = Some(by);
            store::lot::save(tx, &lot).await?;
            let fact = LotSubmitted {
                lot: id,
                draft: digest,
                documents: documents.into_iter().map(|document| document.digest).collect(),
                decision,
            };
            let label = &checked.book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, submitted).await
}

/// Takes a submitted lot back to draft, until it is announced. Clerk or chair.
pub async fn withdraw_lot(deps: &Deps, ctx: &Context, request: WithdrawLotRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let book = super::rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    let withdrawn = sanbian_runtime::act(ctx, &deps.pool, "withdraw-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            let rules = rules(&lot, &book);
            ask(&mut lot, &Command::Withdraw, &rules, context.now)?;
            store::lot::save(tx, &lot).await?;
            let label = &book.version.version;
            let entry = log::entry(&context, lot.subject(), &lot.region, label, LotWithdrawn { lot: id });
            log::append(tx, &[entry]).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, withdrawn).await
}

/// The reserve in fen of the basis offers are made in; nothing where the draft can't be run, which its findings say already.
fn reserve(notice: &Notice, book: &Rulebook, ctx: &Context) -> Money {
    let plan = dates::plan(notice, &book.rules, sanbian_runtime::calendar(), ctx.now, dates::Wish::default()).ok();
    let terms = plan.and_then(|plan| announced::terms(notice, &plan.schedule, book).ok());
    terms.map_or(Money::ZERO, |terms| terms.reserve)
}
