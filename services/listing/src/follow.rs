//! What listing learns from the log: deposits, the room's close, contracts and certificates. A lot's state follows; what others told the
//! log is not told again.

use crate::{
    service::{ask, registration, rules},
    store::{self, lot::Lot},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    fact::{ContractSigned, Entry, Fact, LotUnsold, ResultPublished, RoomClosed},
    ids::{LotId, RegistrationId},
    listing::dates,
    lot::{
        Command, LotEvent, Phase, Place, Taker,
        registration::{self as life, Command as RegistrationCommand},
    },
    rulebook::Rulebook,
};
use sanbian_runtime::{Refusal, Tx, clock, follow::Reader, log};

/// Reads the log.
pub struct ListingReader;

impl Reader for ListingReader {
    const NAME: &'static str = "listing";

    fn wants(&self, kind: &str) -> bool {
        matches!(
            kind,
            "deposit.held"
                | "deposit.released"
                | "deposit.applied"
                | "deposit.forfeited"
                | "room.closed"
                | "contract.signed"
                | "contract.settled"
                | "certificate.issued"
        )
    }

    async fn apply(&self, tx: &mut Tx, _: u64, entry: &Entry) -> Result<(), Refusal> {
        match &entry.fact {
            Fact::DepositHeld(fact) => held(tx, entry, fact.lot, fact.registration).await,
            Fact::DepositReleased(fact) => gone(tx, fact.registration).await,
            Fact::DepositApplied(fact) => gone(tx, fact.registration).await,
            Fact::DepositForfeited(fact) => gone(tx, fact.registration).await,
            Fact::RoomClosed(fact) => closed(tx, entry, fact).await,
            Fact::ContractSigned(fact) => signed(tx, entry, fact).await,
            Fact::ContractSettled(fact) => follow(tx, entry, fact.lot, &Command::Settle).await,
            Fact::CertificateIssued(fact) => follow(tx, entry, fact.lot, &Command::Certify).await,
            _ => Ok(()),
        }
    }
}

/// A deposit arrived: with the exchange's acceptance its registration may bid.
async fn held(tx: &mut Tx, entry: &Entry, lot: LotId, registration: RegistrationId) -> Result<(), Refusal> {
    let Some((lot, _)) = load(tx, entry, lot).await? else { return Ok(()) };
    if store::registration::find(&mut **tx, registration).await?.is_none_or(|kept| kept.lot != lot.id) {
        return strange(entry, "no such registration");
    }
    let mut kept = store::registration::lock(tx, registration).await?;
    kept.deposit_held = true;
    kept.updated_at = entry.at;
    let mut entries = Vec::new();
    match life::decide(&kept.life, &RegistrationCommand::HoldDeposit, &lot.life, entry.at) {
        Ok(event) => {
            life::evolve(&mut kept.life, &event);
            if kept.life.may_bid() {
                let label = lot.announced.as_ref().map_or("", |announced| announced.rulebook_label.as_str());
                let fact = registration::qualified(&kept);
                entries.push(log::system_entry(entry.at, lot.subject(), &lot.region, label, fact));
            }
        }
        // Withdrawn, rejected or closed meanwhile: the money is here all the same, and settlement sends it back.
        Err(findings) => tracing::info!(%registration, ?findings, "a deposit qualifies nobody any more"),
    }
    store::registration::save(tx, &kept).await?;
    log::append(tx, &entries).await
}

/// Deposits that came while the lot stood still: now that it goes on, they count.
pub async fn count_deposits(tx: &mut Tx, lot: &Lot, now: DateTime<Utc>) -> Result<(), Refusal> {
    let label = lot.announced.as_ref().map_or("", |announced| announced.rulebook_label.as_str());
    for found in store::registration::of_lot(&mut **tx, lot.id).await? {
        if !found.deposit_held || found.life.deposit_held {
            continue;
        }
        let mut kept = store::registration::lock(tx, found.id).await?;
        let Ok(event) = life::decide(&kept.life, &RegistrationCommand::HoldDeposit, &lot.life, now) else { continue };
        life::evolve(&mut kept.life, &event);
        kept.updated_at = now;
        store::registration::save(tx, &kept).await?;
        if kept.life.may_bid() {
            let fact = registration::qualified(&kept);
            log::append(tx, &[log::system_entry(now, lot.subject(), &lot.region, label, fact)]).await?;
        }
    }
    Ok(())
}

/// A deposit left: back to its payer, into the price, or kept.
async fn gone(tx: &mut Tx, registration: RegistrationId) -> Result<(), Refusal> {
    let Some(kept) = store::registration::find(&mut **tx, registration).await? else { return Ok(()) };
    // The lot first, as everywhere.
    store::lot::lock(tx, kept.lot).await?;
    let mut kept = store::registration::lock(tx, registration).await?;
    kept.deposit_held = false;
    store::registration::save(tx, &kept).await
}

/// The room closed: the result goes on public notice, or there is no deal.
async fn closed(tx: &mut Tx, entry: &Entry, fact: &RoomClosed) -> Result<(), Refusal> {
    let Some((mut lot, book)) = load(tx, entry, fact.lot).await? else { return Ok(()) };
    let rules = rules(&lot, &book);
    let calendar = sanbian_runtime::calendar();
    // The opening is this service's own deadline; where its round comes later than the close, it is done here.
    if lot.life.phase == Phase::RegistrationClosed
        && let Err(refusal) = ask(&mut lot, &Command::OpenBidding, &rules, entry.at)
    {
        return strange(entry, refusal);
    }
    let line = match (fact.registration, fact.price) {
        (Some(registration), Some(price)) if fact.outcome == "sold" => {
            vec![Taker { registration, price, place: Place::Winner }]
        }
        _ => Vec::new(),
    };
    let notice_to = match dates::after(calendar, clock::day(entry.at), book.rules.result_notice.value) {
        Ok(notice_to) => notice_to,
        Err(finding) => return strange(entry, finding.message.en),
    };
    let command = Command::CloseBidding { line, window_ends: None, notice_to };
    let events = match ask(&mut lot, &command, &rules, entry.at) {
        Ok(events) => events,
        Err(refusal) => return strange(entry, refusal),
    };
    let label = &book.version.version;
    let mut entries = Vec::new();
    for event in events {
        match event {
            LotEvent::ResultPublished { taker, notice_to } => {
                let total = match lot.notice.total_at(taker.price) {
                    Ok(total) => total.total,
                    Err(finding) => return strange(entry, finding.message.en),
                };
                lot.outcome.price = Some(taker.price);
                lot.outcome.total = Some(total);
                lot.outcome.winner = Some(taker.registration);
                lot.outcome.winner_number = fact.winner;
                let published = ResultPublished {
                    lot: lot.id,
                    winner: fact.winner.unwrap_or_default(),
                    registration: taker.registration,
                    price: taker.price,
                    total,
                    qualified: lot.life.qualified,
                    notice_to,
                };
                entries.push(log::system_entry(entry.at, lot.subject(), &lot.region, label, published));
            }
            LotEvent::Unsold { .. } => {
                unsold(tx, lot.id, entry.at).await?;
                let fact = LotUnsold { lot: lot.id, reason: "no-offer".to_owned() };
                entries.push(log::system_entry(entry.at, lot.subject(), &lot.region, label, fact));
            }
            _ => {}
        }
    }
    store::lot::save(tx, &lot).await?;
    log::append(tx, &entries).await
}

/// The public note of a lot without deal.
pub async fn unsold(tx: &mut Tx, lot: LotId, at: DateTime<Utc>) -> Result<(), Refusal> {
    store::papers::add_note(tx, lot, "unsold", "流标。 / No deal.", at).await
}

async fn signed(tx: &mut Tx, entry: &Entry, fact: &ContractSigned) -> Result<(), Refusal> {
    match fact.pay_by.filter(|_| fact.complete) {
        Some(pay_by) => follow(tx, entry, fact.lot, &Command::Sign { pay_by }).await,
        // One side alone moves nothing.
        None => Ok(()),
    }
}

/// Takes another service's act into the lot's state.
async fn follow(tx: &mut Tx, entry: &Entry, lot: LotId, command: &Command) -> Result<(), Refusal> {
    let Some((mut lot, book)) = load(tx, entry, lot).await? else { return Ok(()) };
    let rules = rules(&lot, &book);
    match ask(&mut lot, command, &rules, entry.at) {
        Ok(_) => store::lot::save(tx, &lot).await,
        Err(refusal) => strange(entry, refusal),
    }
}

/// The lot under its lock, and the rules it is judged by.
async fn load(tx: &mut Tx, entry: &Entry, id: LotId) -> Result<Option<(Lot, Rulebook)>, Refusal> {
    if store::lot::find(&mut **tx, id).await?.is_none() {
        strange(entry, "no such lot")?;
        return Ok(None);
    }
    let lot = store::lot::lock(tx, id).await?;
    let Some(announced) = &lot.announced else {
        strange(entry, "the lot was never announced")?;
        return Ok(None);
    };
    let kept = store::rules::rulebook(&mut **tx, &announced.rulebook_digest).await?;
    let kept = kept.ok_or_else(|| Refusal::internal("an announced lot's rules are not kept"))?;
    let book = Rulebook::from_canonical(&kept.text).map_err(|finding| Refusal::internal(finding.message.en))?;
    Ok(Some((lot, book)))
}

/// An entry that does not fit the lot as it stands. Trying it again would not help and would stop everything after it: it is counted and
/// told, and the log keeps it for whoever looks.
fn strange(entry: &Entry, why: impl std::fmt::Display) -> Result<(), Refusal> {
    metrics::counter!("sanbian_listing_strange_entries_total", "kind" => entry.fact.kind()).increment(1);
    tracing::error!(kind = entry.fact.kind(), subject = entry.subject, %why, "an entry does not fit the lot");
    Ok(())
}
