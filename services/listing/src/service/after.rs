//! After no deal: declaring a default, drafting anew.

use super::{ask, authorised, draft, rulebook, rules};
use crate::{
    Deps,
    store::{
        self,
        lot::{Lot, Outcome},
    },
    view::{self, STAFF},
};
use sanbian_domain::{
    fact::{LotDefaulted, LotDrafted},
    ids::{LotId, RegistrationId},
    listing::dates,
    lot::{Breach, Command, Lot as Life, LotEvent},
    notice::Schedule,
    role::Role,
};
use sanbian_proto::listing::v1::{DeclareDefaultRequest, LotDraft, LotView, RelistLotRequest};
use sanbian_runtime::{Context, Refusal, clock, log};
use uuid::Uuid;

/// Declares that the one who was to take the lot failed the deal, once the deadline has passed. Operator.
pub async fn declare_default(deps: &Deps, ctx: &Context, request: DeclareDefaultRequest) -> Result<LotView, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let by = ctx.signed_in()?.account;
    let reason: Breach =
        serde_json::from_value(request.reason.as_str().into()).map_err(|error| Refusal::malformed("reason", error))?;
    let name = request.reason.clone();
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    sanbian_runtime::act(ctx, &deps.pool, "declare-default", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            // Without a taker there is nobody to default; the core says so of any other registration.
            let nobody = RegistrationId(Uuid::nil());
            let registration = lot.life.taker().map_or(nobody, |taker| taker.registration);
            let today = clock::day(context.now);
            let notice_to = dates::after(sanbian_runtime::calendar(), today, book.rules.result_notice.value)?;
            let rules = rules(&lot, &book);
            let events = ask(&mut lot, &Command::Default { registration, reason, notice_to }, &rules, context.now)?;
            if events.iter().any(|event| !matches!(event, LotEvent::Defaulted { .. })) {
                // A room names its winner alone, so nobody else can be in line.
                return Err(Refusal::internal("a default passed a lot on to somebody the room did not name"));
            }
            lot.outcome = Outcome { filed: lot.outcome.filed, qualified: lot.outcome.qualified, ..Outcome::default() };
            store::lot::save(tx, &lot).await?;
            let note = "成交人违约。 / The one who was to take the lot failed the deal.";
            store::papers::add_note(tx, id, "defaulted", note, context.now).await?;
            let fact = LotDefaulted { lot: id, registration, reason: name, declared_by: by };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

/// Drafts an unsold or defaulted lot anew, with its terms, assets and evidence. Clerk or chair.
pub async fn relist_lot(deps: &Deps, ctx: &Context, request: RelistLotRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let by = ctx.signed_in()?.account;
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, old) = (ctx.clone(), lot.id);
    let drafted = sanbian_runtime::act(ctx, &deps.pool, "relist-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, old).await?;
            let id = LotId(Uuid::now_v7());
            let rules = rules(&lot, &book);
            ask(&mut lot, &Command::Relist { lot: id }, &rules, context.now)?;
            let life = Life::relisting(&lot.life, old)
                .ok_or_else(|| Refusal::internal("a lot that was announced has a reserve"))?;
            store::lot::save(tx, &lot).await?;
            let mut notice = lot.notice.clone();
            // Its days are gone; the new announcement works out its own.
            notice.schedule = Schedule::default();
            let new = Lot {
                id,
                life,
                version: 1,
                notice,
                drafted_by: by,
                submitted_by: None,
                waits_for: None,
                relists: Some(old),
                created_at: context.now,
                updated_at: context.now,
                announced: None,
                outcome: Outcome::default(),
                withdrawal_asked_by: None,
                resumption: None,
                due_at: None,
                ..lot
            };
            store::lot::insert(tx, &new).await?;
            store::papers::copy_documents(tx, old, id).await?;
            let fact = LotDrafted { lot: id, collective: new.collective, relists: Some(old) };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, new.subject(), &new.region, label, fact)]).await?;
            view::draft(tx, &context, &new).await
        })
    })
    .await?;
    draft::checked(deps, ctx, drafted).await
}
