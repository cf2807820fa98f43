//! Standing still, going on after notice, and ending for good.

use super::{ask, authorised, refused_one, rulebook, rules};
use crate::{
    Deps, convert,
    store::{
        self,
        lot::{Lot, Resumption},
    },
    view,
};
use sanbian_domain::{
    calendar::time::start_of,
    fact::{LotSuspended, LotTerminated},
    finding::{Finding, Text},
    listing::dates,
    lot::{Command, StopReason},
    role::Role,
};
use sanbian_proto::listing::v1::{LotView, ResumeLotRequest, SuspendLotRequest, TerminateLotRequest};
use sanbian_runtime::{Context, Refusal, clock, log};

/// Suspends a lot: what had not yet come stands still. Operator.
pub async fn suspend_lot(deps: &Deps, ctx: &Context, request: SuspendLotRequest) -> Result<LotView, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let reason: StopReason = convert::read("reason", &request.reason)?;
    let note = convert::said("note", &request.note)?;
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    sanbian_runtime::act(ctx, &deps.pool, "suspend-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            let rules = rules(&lot, &book);
            ask(&mut lot, &Command::Suspend { reason }, &rules, context.now)?;
            store::lot::save(tx, &lot).await?;
            store::papers::add_note(tx, id, "suspended", &note, context.now).await?;
            let fact = LotSuspended { lot: id, reason: reason.code().to_owned() };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

/// Makes public that a suspended lot goes on: on the first day the rulebook's notice allows, the system lets it. Operator.
pub async fn resume_lot(deps: &Deps, ctx: &Context, request: ResumeLotRequest) -> Result<LotView, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let opens_at =
        request.auction_opens_at.as_deref().map(|at| convert::instant("auction_opens_at", at)).transpose()?;
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    sanbian_runtime::act(ctx, &deps.pool, "resume-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            let calendar = sanbian_runtime::calendar();
            let noticed_on = clock::day(context.now);
            let on = dates::after(calendar, noticed_on, book.rules.resume.value)?;
            // The core says now whether the lot may go on then; it is asked again when the day has come.
            let mut then = lot.clone();
            resume(&mut then, &rules(&lot, &book), Resumption { noticed_on, on, opens_at }, start_of(on))?;
            if let Some(resumption) = lot.resumption {
                return Err(refused_one(announced_already(resumption)));
            }
            lot.resumption = Some(Resumption { noticed_on, on, opens_at });
            lot.updated_at = context.now;
            lot.due_at = super::due(&lot);
            store::lot::save(tx, &lot).await?;
            let note = format!("将于{on}恢复交易。 / Goes on from {on}.");
            store::papers::add_note(tx, id, "resuming", &note, context.now).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

/// Lets the lot go on at `now`, as its resumption was made public.
pub fn resume(
    lot: &mut Lot,
    rules: &sanbian_domain::lot::LotRules,
    resumption: Resumption,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Refusal> {
    let schedule = match (&lot.life.schedule, lot.life.suspension) {
        (Some(old), Some(suspension)) => {
            dates::resumed(old, suspension.since, now, sanbian_runtime::calendar(), resumption.opens_at)?
        }
        _ => None,
    };
    let command = Command::Resume { noticed_on: resumption.noticed_on, earliest: resumption.on, schedule };
    lot.resumption = None;
    ask(lot, &command, rules, now)?;
    if let (Some(announced), Some(schedule)) = (&mut lot.announced, &lot.life.schedule) {
        announced.schedule = schedule.clone();
        lot.notice = dates::published(&lot.notice, schedule);
    }
    Ok(())
}

/// Ends a lot for good. Operator; where the collective withdraws, its clerk or chair asks first and the operator approves.
pub async fn terminate_lot(deps: &Deps, ctx: &Context, request: TerminateLotRequest) -> Result<LotView, Refusal> {
    const ROLES: [Role; 3] = [Role::Operator, Role::Clerk, Role::Chair];
    let lot = authorised(deps, ctx, &ROLES, &request.lot_id).await?;
    let account = ctx.signed_in()?.account;
    let reason: StopReason = convert::read("reason", &request.reason)?;
    let note = convert::said("note", &request.note)?;
    let exchange = ctx.holds(Role::Operator, &lot.region);
    if !exchange && reason != StopReason::Withdrawn {
        ctx.require(&[Role::Operator], &lot.region)?;
    }
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    sanbian_runtime::act(ctx, &deps.pool, "terminate-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            if lot.announced.is_none() {
                return Err(store::lot::not_found());
            }
            let rules = rules(&lot, &book);
            // Who asked, and who approves: the core wants two people.
            let (by, approved_by) = match (reason, lot.withdrawal_asked_by) {
                (StopReason::Withdrawn, Some(asked)) => (asked, Some(account)),
                _ => (account, None),
            };
            if !exchange {
                // Would it be refused even with an approval, it is refused now.
                let other = Some(sanbian_domain::ids::AccountId(uuid::Uuid::nil()));
                ask(&mut lot.clone(), &Command::Terminate { by, reason, approved_by: other }, &rules, context.now)?;
                lot.withdrawal_asked_by = Some(account);
                lot.updated_at = context.now;
                store::lot::save(tx, &lot).await?;
                return view::public(tx, &lot).await;
            }
            ask(&mut lot, &Command::Terminate { by, reason, approved_by }, &rules, context.now)?;
            lot.withdrawal_asked_by = None;
            lot.resumption = None;
            store::lot::save(tx, &lot).await?;
            store::papers::add_note(tx, id, "terminated", &note, context.now).await?;
            let fact = LotTerminated { lot: id, reason: reason.code().to_owned() };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

fn announced_already(resumption: Resumption) -> Finding {
    Finding::refusal(
        "suspension.resuming",
        "规则手册 恢复交易",
        Text::new(
            format!("已公告将于{}恢复交易", resumption.on),
            format!("it is public already that the lot goes on from {}", resumption.on),
        ),
        Text::new("无需再次办理", "There is nothing to do"),
    )
    .with_fact("on", resumption.on)
}
