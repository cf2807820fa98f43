//! Deadlines: registration closes, the room's time comes, a result notice ends, a suspended lot goes on.

use crate::{
    Deps,
    follow::{ListingReader, count_deposits, unsold},
    service::{ask, halt, rulebook, rules},
    store::{self, lot::Lot},
};
use chrono::{DateTime, TimeDelta, Utc};
use sanbian_domain::{
    fact::{Fact, LotResumed, LotUnsold, RegistrationClosed, ResultNoticeEnded},
    ids::LotId,
    listing::dates,
    lot::{Command, LotEvent, Next, Phase, registration::Phase as RegistrationPhase},
    rulebook::Rulebook,
};
use sanbian_proto::ledger::v1::GetCheckpointRequest;
use sanbian_runtime::{
    Refusal, Tx, clock,
    follow::{Reader, place},
    log,
    tick::every,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often deadlines are looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// How long after the close an entry of before it may still be on its way into the log.
const GRACE: TimeDelta = TimeDelta::seconds(3);

/// Lots whose registration is over, each with how long the log was when that was seen: registration is closed once all of it is read, so
/// that a deposit acknowledged in the last second counts.
type Waiting = Arc<Mutex<HashMap<LotId, u64>>>;

/// Keeps deadlines until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    let waiting = Waiting::default();
    every("listing-deadlines", PERIOD, stop, move || round(deps.clone(), waiting.clone())).await;
}

/// One round: every lot whose time has come, each in a transaction of its own, so that one that fails holds up no other.
async fn round(deps: Deps, waiting: Waiting) -> Result<(), Refusal> {
    let now = deps.door.clock.now();
    let mut failed = None;
    for id in store::lot::due(&deps.pool, now).await? {
        if let Err(refusal) = one(&deps, &waiting, id, now).await {
            tracing::error!(lot = %id, %refusal, "a lot's deadline could not be kept; it will be tried again");
            failed = Some(refusal);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn one(deps: &Deps, waiting: &Waiting, id: LotId, now: DateTime<Utc>) -> Result<(), Refusal> {
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(store::lot::not_found)?;
    if lot.life.phase == Phase::Announced && !all_heard(deps, waiting, &lot, now).await? {
        return Ok(());
    }
    let mut tx = deps.pool.begin().await?;
    let mut lot = store::lot::lock(&mut tx, id).await?;
    // Somebody may have acted since: a correction, a suspension, the other process of this service.
    if lot.due_at.is_none_or(|due| due > now) {
        return Ok(());
    }
    let book = rulebook(&mut *tx, deps, &lot).await?;
    match lot.life.phase {
        Phase::Announced => close_registration(&mut tx, &mut lot, &book, now).await?,
        Phase::RegistrationClosed => {
            // The room's opening stands in the log already, with its time; this is that time.
            let rules = rules(&lot, &book);
            ask(&mut lot, &Command::OpenBidding, &rules, now)?;
            store::lot::save(&mut tx, &lot).await?;
        }
        Phase::ResultNotice => end_notice(&mut tx, &mut lot, &book, now).await?,
        Phase::Suspended => resume(&mut tx, &mut lot, &book, now).await?,
        _ => {}
    }
    tx.commit().await?;
    log::APPENDED.notify_one();
    if let Ok(mut waiting) = waiting.lock() {
        waiting.remove(&id);
    }
    Ok(())
}

/// Whether everything that was told the log before the close has been heard here.
async fn all_heard(deps: &Deps, waiting: &Waiting, lot: &Lot, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let closes = lot.life.schedule.as_ref().map(|schedule| schedule.registration_closes);
    if closes.is_none_or(|closes| now < closes + GRACE) {
        return Ok(false);
    }
    let seen = waiting.lock().map_err(Refusal::internal)?.get(&lot.id).copied();
    let size = match seen {
        Some(size) => size,
        None => {
            let size = deps.peers.ledger().checkpoint(GetCheckpointRequest {}).await?.into_inner().size;
            waiting.lock().map_err(Refusal::internal)?.insert(lot.id, size);
            size
        }
    };
    Ok(place(&deps.pool, ListingReader::NAME).await? >= size)
}

async fn close_registration(tx: &mut Tx, lot: &mut Lot, book: &Rulebook, now: DateTime<Utc>) -> Result<(), Refusal> {
    let registered = store::registration::of_lot(&mut **tx, lot.id).await?;
    let standing = registered.iter().filter(|kept| kept.life.phase != RegistrationPhase::Withdrawn);
    let filed = u32::try_from(standing.count()).map_err(Refusal::internal)?;
    let may_bid = registered.iter().filter(|kept| kept.life.may_bid());
    let qualified = u32::try_from(may_bid.count()).map_err(Refusal::internal)?;
    let rules = rules(lot, book);
    let events = ask(lot, &Command::CloseRegistration { filed, qualified }, &rules, now)?;
    lot.outcome.filed = Some(filed);
    lot.outcome.qualified = Some(qualified);
    store::lot::save(tx, lot).await?;
    for event in events {
        match event {
            LotEvent::RegistrationClosed { filed, qualified, next } => {
                let next = match next {
                    Next::Auction => "auction",
                    Next::SingleOffer => "single-offer",
                    Next::Unsold => "unsold",
                };
                let fact = RegistrationClosed { lot: lot.id, filed, qualified, next: next.to_owned() };
                tell(tx, lot, book, now, fact).await?;
            }
            LotEvent::Unsold { .. } => {
                unsold(tx, lot.id, now).await?;
                let fact = LotUnsold { lot: lot.id, reason: "no-registration".to_owned() };
                tell(tx, lot, book, now, fact).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn end_notice(tx: &mut Tx, lot: &mut Lot, book: &Rulebook, now: DateTime<Utc>) -> Result<(), Refusal> {
    let (calendar, today, days) = (sanbian_runtime::calendar(), clock::day(now), book.rules.signing.value);
    let ended = lot.life.notice_to.unwrap_or(today);
    let mut sign_by = dates::after(calendar, ended, days)?;
    if sign_by < today {
        // The program stood still for so long that the time to sign would be over: nobody is to lose by that.
        sign_by = dates::after(calendar, today, days)?;
    }
    let rules = rules(lot, book);
    ask(lot, &Command::EndResultNotice { sign_by }, &rules, now)?;
    store::lot::save(tx, lot).await?;
    tell(tx, lot, book, now, ResultNoticeEnded { lot: lot.id, sign_by }).await
}

async fn resume(tx: &mut Tx, lot: &mut Lot, book: &Rulebook, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(resumption) = lot.resumption else { return Ok(()) };
    let rules = rules(lot, book);
    halt::resume(lot, &rules, resumption, now)?;
    store::lot::save(tx, lot).await?;
    store::papers::add_note(tx, lot.id, "resumed", "恢复交易。 / The lot goes on.", now).await?;
    let schedule = lot.life.schedule.clone();
    tell(tx, lot, book, now, LotResumed { lot: lot.id, schedule }).await?;
    count_deposits(tx, lot, now).await
}

async fn tell(
    tx: &mut Tx,
    lot: &Lot,
    book: &Rulebook,
    now: DateTime<Utc>,
    fact: impl Into<Fact>,
) -> Result<(), Refusal> {
    let label = &book.version.version;
    log::append(tx, &[log::system_entry(now, lot.subject(), &lot.region, label, fact)]).await
}
