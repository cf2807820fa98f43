//! What settlement learns from the log: announcements, registrations, results, and what the exchange ordered.
//!
//! Rows of deposits, contracts and certificates are locked after the books are, here as in a person's act: one order for all, so that no two
//! wait for each other.

use crate::{
    Deps, days,
    flow::{contracts, deposits},
    parties::{self, Holder, Sides},
    store::{self, lot::LotRow},
    work::Work,
};
use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{
    deposit::{Phase, Release},
    fact::{Entry, Fact, LotAnnounced, LotDefaulted, LotResumed, RegistrationFiled, ResultPublished},
    ids::{LotId, PartyId, RegistrationId},
    rulebook::Library,
};
use sanbian_runtime::{Refusal, Tx, clock, follow::Reader};

pub(crate) struct SettlementReader(pub(crate) Deps);

impl Reader for SettlementReader {
    const NAME: &'static str = "settlement";

    fn wants(&self, kind: &str) -> bool {
        matches!(
            kind,
            "lot.announced"
                | "lot.corrected"
                | "lot.suspended"
                | "lot.resumed"
                | "lot.terminated"
                | "lot.unsold"
                | "lot.defaulted"
                | "registration.filed"
                | "registration.reviewed"
                | "registration.qualified"
                | "registration.withdrawn"
                | "registration.closed"
                | "room.closed"
                | "result.published"
                | "result.notice-ended"
                | "certificate.issued"
        )
    }

    async fn apply(&self, tx: &mut Tx, index: u64, entry: &Entry) -> Result<(), Refusal> {
        match &entry.fact {
            Fact::LotAnnounced(fact) => self.announce(tx, entry, fact).await,
            Fact::LotCorrected(fact) => self.announce(tx, entry, &fact.announcement).await,
            Fact::LotSuspended(fact) => store::lot::set_suspended(tx, fact.lot, Some(entry.at)).await,
            Fact::LotResumed(fact) => resume(tx, entry.at, fact).await,
            Fact::LotTerminated(fact) => self.let_go(tx, entry.at, fact.lot, Release::Terminated).await,
            Fact::LotUnsold(fact) => self.let_go(tx, entry.at, fact.lot, Release::Unsold).await,
            Fact::LotDefaulted(fact) => self.default(tx, entry.at, fact).await,
            Fact::RegistrationFiled(fact) => self.file(tx, entry.at, fact).await,
            Fact::RegistrationReviewed(fact) if fact.outcome == "rejected" => {
                self.let_one_go(tx, entry.at, fact.lot, fact.registration, Release::Rejected).await
            }
            Fact::RegistrationQualified(fact) => {
                store::books::lock(tx).await?;
                store::deposit::set_qualified(tx, fact.registration).await
            }
            Fact::RegistrationWithdrawn(fact) => {
                self.let_one_go(tx, entry.at, fact.lot, fact.registration, Release::Withdrawn).await
            }
            Fact::RegistrationClosed(fact) => self.close_registration(tx, entry.at, fact.lot).await,
            // A sale is settled with its published result: a holder of a priority right may still come in between.
            Fact::RoomClosed(fact) if fact.outcome == "unsold" => {
                self.let_go(tx, entry.at, fact.lot, Release::Unsold).await
            }
            Fact::RoomClosed(fact) if fact.outcome == "terminated" => {
                self.let_go(tx, entry.at, fact.lot, Release::Terminated).await
            }
            Fact::ResultPublished(fact) => self.draw(tx, entry.at, fact).await,
            Fact::ResultNoticeEnded(fact) => open_signing(tx, fact.lot, fact.sign_by).await,
            Fact::CertificateIssued(fact) => {
                store::books::lock(tx).await?;
                store::certificate::set_index(tx, fact.certificate, index).await
            }
            _ => Ok(()),
        }
    }
}

impl SettlementReader {
    /// Keeps what money needs of an announcement, and the very rules it pins.
    async fn announce(&self, tx: &mut Tx, entry: &Entry, fact: &LotAnnounced) -> Result<(), Refusal> {
        let pinned = &fact.pinned;
        if !store::lot::knows_rules(tx, &pinned.digest).await? {
            let carried = Library::builtin().rulebook(pinned.region, pinned.category).ok();
            let text = match carried.filter(|book| book.version.digest == pinned.digest) {
                Some(book) => book.canonical(),
                // The program has newer rules; the lot keeps those it was announced under.
                None => parties::published_rules(self.0.peers.clone(), pinned.digest.clone()).await?,
            };
            store::lot::keep_rules(tx, &pinned.digest, &text).await?;
        }
        let row = LotRow {
            lot_id: fact.lot.0,
            region: entry.region.clone(),
            rulebook: entry.rulebook.clone(),
            rulebook_digest: pinned.digest.clone(),
            number: fact.number.clone(),
            collective_id: fact.collective.0,
            assets: fact.assets.iter().map(|asset| asset.0).collect(),
            notice: serde_json::to_string(&fact.notice).map_err(Refusal::internal)?,
            registration_closes_at: fact.schedule.registration_closes,
            suspended_at: None,
        };
        store::lot::announce(tx, &row).await
    }

    async fn file(&self, tx: &mut Tx, at: DateTime<Utc>, fact: &RegistrationFiled) -> Result<(), Refusal> {
        let Some(lot) = known(tx, fact.lot).await? else { return Ok(()) };
        let holder = parties::holder(self.0.peers.clone(), fact.registration).await?;
        let mut work = Work::following(tx, &self.0.sealer, at).await?;
        deposits::file(&mut work, &lot, fact, holder).await?;
        work.done().await
    }

    /// Lets go of one deposit: its registration is over.
    async fn let_one_go(
        &self,
        tx: &mut Tx,
        at: DateTime<Utc>,
        lot: LotId,
        registration: RegistrationId,
        reason: Release,
    ) -> Result<(), Refusal> {
        let Some(lot) = known(tx, lot).await? else { return Ok(()) };
        let mut work = Work::following(tx, &self.0.sealer, at).await?;
        let due = refund_by(&mut work, &lot, clock::day(at)).await?;
        if let Some(row) = store::deposit::lock(work.tx, registration).await? {
            deposits::release(&mut work, &lot, &row, reason, due).await?;
        }
        work.done().await
    }

    /// Lets go of every deposit of a lot that ends without a deal, the winner's included where there was one.
    async fn let_go(&self, tx: &mut Tx, at: DateTime<Utc>, lot: LotId, reason: Release) -> Result<(), Refusal> {
        let Some(lot) = known(tx, lot).await? else { return Ok(()) };
        let mut work = Work::following(tx, &self.0.sealer, at).await?;
        if reason == Release::Terminated {
            contracts::terminate(&mut work, &lot).await?;
        }
        let due = refund_by(&mut work, &lot, clock::day(at)).await?;
        deposits::release_all(&mut work, &lot, None, reason, due).await?;
        work.done().await
    }

    /// Registration is over: what was not paid is no longer due, and who was not let in gets back what they paid.
    async fn close_registration(&self, tx: &mut Tx, at: DateTime<Utc>, lot: LotId) -> Result<(), Refusal> {
        let Some(lot) = known(tx, lot).await? else { return Ok(()) };
        let mut work = Work::following(tx, &self.0.sealer, at).await?;
        let due = refund_by(&mut work, &lot, clock::day(at)).await?;
        for row in store::deposit::lock_lot(work.tx, lot.id()).await? {
            match row.core(lot.registration_closes_at)?.phase {
                Phase::Due => deposits::release(&mut work, &lot, &row, Release::Incomplete, due).await?,
                Phase::Held if !row.qualified => {
                    deposits::release(&mut work, &lot, &row, Release::Rejected, due).await?;
                }
                _ => {}
            }
        }
        work.done().await
    }

    /// The result is on notice: the contract is drawn, the winner's deposit bound, everybody else's ordered back.
    async fn draw(&self, tx: &mut Tx, at: DateTime<Utc>, fact: &ResultPublished) -> Result<(), Refusal> {
        let Some(lot) = known(tx, fact.lot).await? else { return Ok(()) };
        let Some(deposit) = store::deposit::find(&mut **tx, fact.registration).await? else {
            tracing::error!(lot = %fact.lot, registration = %fact.registration, "a result names a registration that was never filed");
            return Ok(());
        };
        let sealer = &self.0.sealer;
        let holder: Holder = parties::open(sealer, &deposits::bound(fact.registration), &deposit.holder)?;
        // The registry is asked before the books are locked.
        let peers = &self.0.peers;
        let collective = PartyId(lot.collective_id);
        let sides = Sides {
            transferor: parties::certified(peers.clone(), collective).await?,
            transferee: parties::certified(peers.clone(), holder.party).await?,
            proceeds: parties::payout_account(peers.clone(), collective).await?,
        };
        let mut work = Work::following(tx, sealer, at).await?;
        // Told again after a suspension, a result changes nothing here; anything else would be a fault of whoever published it.
        let standing = store::contract::lock_of_lot(work.tx, lot.id()).await?;
        if standing.is_some() || store::contract::is_drawn(work.tx, fact.registration).await? {
            if standing.is_none_or(|standing| standing.registration() != fact.registration) {
                tracing::error!(lot = %fact.lot, registration = %fact.registration, "a result was published that no contract can follow");
            }
            return work.done().await;
        }
        contracts::draw(&mut work, &lot, fact, holder, &sides).await?;
        let due = refund_by(&mut work, &lot, fact.notice_to).await?;
        deposits::release_all(&mut work, &lot, Some(fact.registration), Release::Lost, due).await?;
        work.done().await
    }

    async fn default(&self, tx: &mut Tx, at: DateTime<Utc>, fact: &LotDefaulted) -> Result<(), Refusal> {
        let Some(lot) = known(tx, fact.lot).await? else { return Ok(()) };
        let mut work = Work::following(tx, &self.0.sealer, at).await?;
        contracts::default(&mut work, &lot, fact).await?;
        work.done().await
    }
}

/// The lot, which was announced before anything else could happen to its money.
async fn known(tx: &mut Tx, lot: LotId) -> Result<Option<LotRow>, Refusal> {
    let row = store::lot::find(&mut **tx, lot).await?;
    if row.is_none() {
        // Lots are suspended or terminated before they are announced, too.
        tracing::debug!(%lot, "a fact of a lot that was not announced");
    }
    Ok(row)
}

/// The day by which a deposit that is let go on `from` goes back.
async fn refund_by(work: &mut Work<'_>, lot: &LotRow, from: NaiveDate) -> Result<NaiveDate, Refusal> {
    let rules = store::lot::rules(&mut **work.tx, &lot.rulebook_digest).await?;
    Ok(days::at_latest(from, rules.refund.value))
}

/// The result notice is over.
async fn open_signing(tx: &mut Tx, lot: LotId, sign_by: NaiveDate) -> Result<(), Refusal> {
    store::books::lock(tx).await?;
    match store::contract::lock_of_lot(tx, lot).await? {
        Some(contract) if contract.state == "drawn" => store::contract::open_signing(tx, contract.id(), sign_by).await,
        _ => Ok(()),
    }
}

/// The lot goes on. A suspension takes no time from anybody: days that had not yet come move by the standstill.
async fn resume(tx: &mut Tx, at: DateTime<Utc>, fact: &LotResumed) -> Result<(), Refusal> {
    let Some(lot) = known(tx, fact.lot).await? else { return Ok(()) };
    if let Some(schedule) = &fact.schedule {
        store::lot::set_closing(tx, fact.lot, schedule.registration_closes).await?;
    }
    let Some(since) = lot.suspended_at else { return Ok(()) };
    store::books::lock(tx).await?;
    store::lot::set_suspended(tx, fact.lot, None).await?;
    let Some(contract) = store::contract::lock_of_lot(tx, fact.lot).await? else { return Ok(()) };
    let stood = clock::day(at) - clock::day(since);
    let moved = |day: Option<NaiveDate>| {
        day.map(|day| if day < clock::day(since) { day } else { day.checked_add_signed(stood).unwrap_or(day) })
    };
    let (sign_by, pay_by) = (moved(contract.sign_by), moved(contract.pay_by));
    store::contract::set_days(tx, contract.id(), sign_by, pay_by).await
}
