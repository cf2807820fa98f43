//! What bidding learns from the log: announcements, qualified bidders, closings of registration, orders of the exchange, draws.

use crate::{
    Deps,
    seat::{self, Seat},
    store::{self, BidderRow, RoomRow},
};
use futures::future::BoxFuture;
use sanbian_domain::{
    auction::{BidderNumber, announced, ascending::Terms, draw},
    fact::{BidderAdmitted, DrawCalled, Entry, Fact, LotAnnounced, RegistrationClosed, RoomClosed, RoomOpened},
    ids::{LotId, RegistrationId},
    rulebook::Library,
};
use sanbian_proto::{
    ledger::v1::{GetCheckpointRequest, LogCheckpoint},
    listing::v1::{RegistrationHolderAnswer, RegistrationHolderRequest},
};
use sanbian_runtime::{Refusal, Tx, follow::Reader, log, peers::Peers};

pub(crate) struct BiddingReader(pub(crate) Deps);

impl Reader for BiddingReader {
    const NAME: &'static str = "bidding";

    fn wants(&self, kind: &str) -> bool {
        matches!(
            kind,
            "lot.announced"
                | "lot.corrected"
                | "lot.suspended"
                | "lot.resumed"
                | "lot.terminated"
                | "registration.qualified"
                | "registration.withdrawn"
                | "registration.closed"
                | "room.draw-called"
        )
    }

    async fn apply(&self, tx: &mut Tx, index: u64, entry: &Entry) -> Result<(), Refusal> {
        match &entry.fact {
            Fact::LotAnnounced(fact) => announce(tx, entry, fact).await,
            Fact::LotCorrected(fact) => announce(tx, entry, &fact.announcement).await,
            Fact::RegistrationQualified(fact) => store::add_qualified(tx, fact.lot, fact.registration).await,
            Fact::RegistrationWithdrawn(fact) => store::remove_qualified(tx, fact.registration).await,
            Fact::RegistrationClosed(fact) => self.open(tx, entry, fact).await,
            Fact::LotSuspended(fact) => store::order(tx, fact.lot, "suspend").await,
            Fact::LotResumed(fact) => self.resume(tx, entry, fact.lot, fact.schedule.as_ref()).await,
            Fact::LotTerminated(fact) => store::order(tx, fact.lot, "terminate").await,
            Fact::DrawCalled(fact) => self.draw(tx, index, entry, fact).await,
            _ => Ok(()),
        }
    }

    fn committed(&self) {
        self.0.rooms.wake();
    }
}

/// Keeps an announced lot's terms. A lot whose method no room can run is not announced; were one to come, it is left to the log.
async fn announce(tx: &mut Tx, entry: &Entry, fact: &LotAnnounced) -> Result<(), Refusal> {
    let rulebook = match Library::builtin().rulebook(fact.pinned.region, fact.pinned.category) {
        Ok(rulebook) => rulebook,
        Err(finding) => return Err(finding.into()),
    };
    if rulebook.version.digest != fact.pinned.digest {
        tracing::warn!(lot = %fact.lot, pinned = fact.pinned.digest, "the rulebook changed between announcement and room");
    }
    let terms = match announced::terms(&fact.notice, &fact.schedule, &rulebook) {
        Ok(terms) => terms,
        Err(findings) => {
            tracing::error!(lot = %fact.lot, ?findings, "an announced lot can't be run in a room");
            return Ok(());
        }
    };
    let limits = rulebook.rules.outlier.value;
    let row = RoomRow {
        lot_id: fact.lot.0,
        region: entry.region.clone(),
        rulebook: entry.rulebook.clone(),
        title: fact.notice.title.clone(),
        notice: serde_json::to_string(&fact.notice).map_err(Refusal::internal)?,
        terms: serde_json::to_string(&terms).map_err(Refusal::internal)?,
        outlier_steps: i32::try_from(limits.steps).map_err(Refusal::internal)?,
        outlier_multiple: limits.multiple.to_string(),
        state: String::new(),
        outcome: None,
        winner: None,
        price_fen: None,
    };
    store::announce(tx, &row, terms.opens, terms.announced_end()).await
}

// Calls to other services stand apart, boxed: inside `apply`, whose future must be `Send` for every lifetime, the compiler can't see it.
fn holder(peers: Peers, registration: RegistrationId) -> BoxFuture<'static, Result<RegistrationHolderAnswer, Refusal>> {
    Box::pin(async move {
        let request = RegistrationHolderRequest { registration_id: registration.to_string() };
        Ok(peers.listing_as_service().registration_holder(request).await?.into_inner())
    })
}

fn checkpoint(peers: Peers) -> BoxFuture<'static, Result<LogCheckpoint, Refusal>> {
    Box::pin(async move { Ok(peers.ledger().checkpoint(GetCheckpointRequest {}).await?.into_inner()) })
}

impl BiddingReader {
    /// Registration has closed: gives each qualified bidder a number and opens the room.
    async fn open(&self, tx: &mut Tx, entry: &Entry, fact: &RegistrationClosed) -> Result<(), Refusal> {
        let Some(room) = store::lock_room(tx, fact.lot).await? else { return Ok(()) };
        if fact.next == "unsold" || room.state != "announced" {
            return Ok(());
        }
        let registrations = store::qualified(tx, fact.lot).await?;
        let numbers = seat::numbers(registrations.len());
        let mut bidders = Vec::with_capacity(registrations.len());
        for (registration, number) in registrations.into_iter().zip(numbers) {
            let holder = holder(self.0.peers.clone(), registration).await?;
            // Qualified once, but the announcement was corrected since and its bidder has not confirmed: no place in the room.
            if holder.state != "qualified" {
                continue;
            }
            let account = holder.account_id.parse().map_err(Refusal::internal)?;
            let party = holder.party_id.parse().map_err(Refusal::internal)?;
            let (seat, commitment) = Seat::new(registration, account, party);
            bidders.push(BidderRow {
                number: i32::try_from(number).map_err(Refusal::internal)?,
                account_hash: seat::account_hash(&self.0.sealer, fact.lot, account),
                sealed: seat.seal(&self.0.sealer, fact.lot, number),
                commitment,
                priority_rank: holder.priority_rank.map(i16::try_from).transpose().map_err(Refusal::internal)?,
            });
        }
        // By number, not by registration: the rows' and the entries' order must say nothing.
        bidders.sort_unstable_by_key(|bidder| bidder.number);
        store::admit(tx, fact.lot, &bidders).await?;
        let subject = format!("lot:{}", fact.lot);
        let terms: Terms = serde_json::from_str(&room.terms).map_err(Refusal::internal)?;
        let opened = RoomOpened {
            lot: fact.lot,
            reserve: terms.reserve,
            step: terms.step,
            opens: terms.opens,
            free_until: terms.free_until,
            limited_seconds: terms.limited_window_s,
            extension_seconds: terms.extension_s,
        };
        let mut entries = vec![log::system_entry(entry.at, &subject, &room.region, &room.rulebook, opened)];
        for bidder in &bidders {
            let admitted = BidderAdmitted {
                lot: fact.lot,
                number: bidder.number.unsigned_abs(),
                commitment: bidder.commitment.clone(),
                priority_rank: bidder.priority_rank.map(|rank| u32::from(rank.unsigned_abs())),
            };
            entries.push(log::system_entry(entry.at, &subject, &room.region, &room.rulebook, admitted));
        }
        log::append(tx, &entries).await
    }

    /// A room that has opened goes on by its own clock; one that has not takes the new dates.
    async fn resume(
        &self,
        tx: &mut Tx,
        entry: &Entry,
        lot: LotId,
        schedule: Option<&sanbian_domain::fact::Schedule>,
    ) -> Result<(), Refusal> {
        let Some(mut room) = store::lock_room(tx, lot).await? else { return Ok(()) };
        if room.state != "announced" {
            return store::order(tx, lot, "resume").await;
        }
        let Some(schedule) = schedule else { return Ok(()) };
        let mut terms: Terms = serde_json::from_str(&room.terms).map_err(Refusal::internal)?;
        terms.opens = schedule.auction_opens;
        terms.free_until = schedule.free_until;
        room.terms = serde_json::to_string(&terms).map_err(Refusal::internal)?;
        room.rulebook.clone_from(&entry.rulebook);
        store::announce(tx, &room, terms.opens, terms.announced_end()).await
    }

    /// The log now covers the call for a draw: its checkpoint is the seed that nobody could choose.
    async fn draw(&self, tx: &mut Tx, index: u64, entry: &Entry, fact: &DrawCalled) -> Result<(), Refusal> {
        let Some(room) = store::lock_room(tx, fact.lot).await? else { return Ok(()) };
        if room.state != "drawing" {
            return Ok(());
        }
        let checkpoint = checkpoint(self.0.peers.clone()).await?;
        if checkpoint.size <= index {
            return Err(Refusal::unavailable("the log's checkpoint does not cover the call for the draw yet"));
        }
        let equal: Vec<BidderNumber> = fact.equal.iter().copied().map(BidderNumber).collect();
        let order = draw::draw(fact.lot, checkpoint.note.as_bytes(), &equal);
        let winner = order.first().ok_or_else(|| Refusal::internal("a draw among nobody"))?.0;
        let number = i32::try_from(winner).map_err(Refusal::internal)?;
        let sealed = store::sealed_seat(tx, fact.lot, number).await?;
        let seat = Seat::open(&self.0.sealer, fact.lot, winner, &sealed)?;
        store::close(tx, fact.lot, entry.at, "sold", Some(number), Some(fact.price.fen())).await?;
        let loaded = crate::load::load(&self.0.pool, fact.lot).await?;
        let closed = RoomClosed {
            lot: fact.lot,
            outcome: "sold".to_owned(),
            offers: loaded.state.offers(),
            admitted: loaded.admitted,
            winner: Some(winner),
            registration: Some(seat.registration),
            salt: Some(seat.salt),
            price: Some(fact.price),
            closed_at: entry.at,
            draw_checkpoint: Some(checkpoint.note),
        };
        let entry = log::system_entry(entry.at, format!("lot:{}", fact.lot), &room.region, &room.rulebook, closed);
        log::append(tx, &[entry]).await
    }
}
