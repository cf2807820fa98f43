//! The use cases, in the order of the business. Every one authorises first.

pub mod after;
pub mod announcement;
pub mod answers;
pub mod draft;
pub mod halt;
pub mod market;
pub mod papers;
pub mod qualification;
pub mod registration;
pub mod review;
pub mod submission;

use crate::{
    Deps, check, convert,
    store::{self, lot::Lot},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    calendar::time::start_of,
    finding::Finding,
    ids::LotId,
    listing,
    lot::{self, Command, LotEvent, LotRules, Phase, Stage},
    role::Role,
    rulebook::Rulebook,
};
use sanbian_runtime::{Context, Kind, Refusal};
use sqlx::PgExecutor;

/// The lot, if the caller holds one of `roles` where it lies. Who holds none of them anywhere is refused before anything is looked up.
pub async fn authorised(deps: &Deps, ctx: &Context, roles: &[Role], id: &str) -> Result<Lot, Refusal> {
    ctx.require_anywhere(roles)?;
    let id: LotId = convert::read("lot_id", id)?;
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(store::lot::not_found)?;
    ctx.require(roles, &lot.region)?;
    Ok(lot)
}

/// The announced lot, for anyone.
pub async fn announced(deps: &Deps, id: &str) -> Result<Lot, Refusal> {
    let id: LotId = convert::read("lot_id", id)?;
    let lot = store::lot::find(&deps.pool, id).await?;
    lot.filter(Lot::is_public).ok_or_else(store::lot::not_found)
}

/// The rules a lot is judged by: those pinned by its announcement, before it those of today.
pub async fn rulebook(db: impl PgExecutor<'_>, deps: &Deps, lot: &Lot) -> Result<Rulebook, Refusal> {
    match &lot.announced {
        None => check::rulebook(deps, &lot.region, &lot.notice),
        Some(announced) => {
            let kept = store::rules::rulebook(db, &announced.rulebook_digest).await?;
            let kept = kept.ok_or_else(|| Refusal::internal("an announced lot's rules are not kept"))?;
            Rulebook::from_canonical(&kept.text).map_err(|finding| Refusal::internal(finding.message.en))
        }
    }
}

/// Does `command` to the lot, if the core allows it, and works out whom and what it waits for then.
pub fn ask(lot: &mut Lot, command: &Command, rules: &LotRules, now: DateTime<Utc>) -> Result<Vec<LotEvent>, Refusal> {
    let events = lot::decide(&lot.life, command, rules, now).map_err(refused)?;
    for event in &events {
        lot::evolve(&mut lot.life, event);
    }
    lot.updated_at = now;
    lot.waits_for = match lot.life.next_review(rules) {
        Some(Stage::Township) => Some("township".to_owned()),
        Some(Stage::County) => Some("county".to_owned()),
        None if lot.life.ready_to_announce(rules) => Some("announcement".to_owned()),
        None => None,
    };
    lot.due_at = due(lot);
    Ok(events)
}

/// The next instant at which time itself moves the lot.
pub fn due(lot: &Lot) -> Option<DateTime<Utc>> {
    let schedule = lot.life.schedule.as_ref();
    match lot.life.phase {
        Phase::Announced => schedule.map(|schedule| schedule.registration_closes),
        Phase::RegistrationClosed => schedule.map(|schedule| schedule.auction_opens),
        Phase::ResultNotice => lot.life.notice_to.and_then(|last| last.succ_opt()).map(start_of),
        Phase::Suspended => lot.resumption.map(|resumption| start_of(resumption.on)),
        _ => None,
    }
}

/// The parameters of a lot's life.
pub fn rules(lot: &Lot, book: &Rulebook) -> LotRules {
    listing::rules::of(&lot.notice, book)
}

/// The core's refusal: one of state where the state alone stands in the way, else one of rule.
pub fn refused(findings: Vec<Finding>) -> Refusal {
    const OF_STATE: [&str; 4] = ["lot.phase", "lot.version", "registration.phase", "registration.revision"];
    let of_state = findings.iter().all(|finding| OF_STATE.contains(&finding.rule.as_str()));
    Refusal { kind: if of_state { Kind::Conflict } else { Kind::Rule }, findings }
}

/// The same for one finding.
pub fn refused_one(finding: Finding) -> Refusal {
    refused(vec![finding])
}
