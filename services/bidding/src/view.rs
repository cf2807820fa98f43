//! What is shown of a room.

use crate::{
    load::{Fixed, Loaded},
    store::BidRow,
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    auction::{
        BidderNumber,
        ascending::{self, Manner, Offer, State},
    },
    fact::instant,
    money::Money,
};
use sanbian_proto::bidding::v1::{Bid, Room, RoomEvent, RoomPlace};
use std::sync::Arc;

/// A room at one point of its order, for readers who do not disturb the writer.
pub(crate) struct Snapshot {
    fixed: Arc<Fixed>,
    state: State,
    pub(crate) feed: u64,
    admitted: u32,
    pub(crate) stage: String,
    result: Option<(String, Option<u32>, Option<Money>)>,
}

impl Snapshot {
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self {
            fixed: loaded.fixed.clone(),
            state: loaded.state.clone(),
            feed: loaded.feed,
            admitted: loaded.admitted,
            stage: loaded.stage.clone(),
            result: loaded.result.clone(),
        }
    }

    fn phase(&self, now: DateTime<Utc>) -> &'static str {
        let state = &self.state;
        match self.stage.as_str() {
            "closed" => "closed",
            "drawing" => "drawing",
            // Its bidders are not seated yet.
            "announced" => "waiting",
            _ if state.suspended_at().is_some() => "suspended",
            _ if now < state.opens() => "waiting",
            _ if now < state.free_until() => "free",
            _ => "limited",
        }
    }

    pub(crate) fn room(&self, now: DateTime<Utc>) -> Room {
        let state = &self.state;
        let terms = state.terms();
        let (outcome, winner, price) = match &self.result {
            None => (None, None, None),
            Some((outcome, winner, price)) => (Some(outcome.clone()), *winner, *price),
        };
        let lead = state.lead();
        Room {
            lot_id: self.fixed.lot.to_string(),
            title: self.fixed.title.clone(),
            phase: self.phase(now).to_owned(),
            reserve_fen: terms.reserve.fen(),
            step_fen: terms.step.fen(),
            max_step_fen: terms.max_raise.map(Money::fen),
            ceiling_fen: terms.ceiling.map(Money::fen),
            leading_fen: price.or(lead.map(|lead| lead.price)).map(Money::fen),
            leader: winner.or(lead.map(|lead| lead.bidder.0)),
            next_fen: state.least_bid().map(Money::fen),
            offers: state.offers(),
            admitted: self.admitted,
            opens_at: instant::text(state.opens()),
            free_until_at: instant::text(state.free_until()),
            ends_at: instant::text(state.ends()),
            limited_seconds: terms.limited_window_s,
            extension_seconds: terms.extension_s,
            extensions: state.extensions(),
            outcome,
            winner,
            last_event: self.feed,
            now_at: instant::text(now),
            notice: self.fixed.notice.clone(),
            region: self.fixed.region.clone(),
        }
    }
}

pub(crate) fn bid(row: &BidRow) -> Bid {
    Bid {
        seq: row.seq.unsigned_abs(),
        bidder: row.number.unsigned_abs(),
        amount_fen: row.amount_fen,
        kind: row.kind.clone(),
        placed_at: instant::text(row.placed_at),
        ends_at: instant::text(row.ends_at),
    }
}

pub(crate) fn place(loaded: &Loaded, number: BidderNumber, now: DateTime<Utc>) -> RoomPlace {
    let state = &loaded.state;
    let lead = state.lead();
    let best = ascending::standings(state).into_iter().find(|place| place.bidder == number);
    let may_match = lead.is_some_and(|lead| {
        let offer = Offer { bidder: number, price: lead.price, manner: Manner::Match };
        ascending::check(state, offer, now).is_ok()
    });
    RoomPlace {
        lot_id: loaded.fixed.lot.to_string(),
        number: number.0,
        leads: lead.is_some_and(|lead| lead.bidder == number),
        own_fen: best.map(|place| place.price.fen()),
        priority_rank: state.rank(number).map(|rank| rank.0.into()),
        may_match,
        won: loaded.result.as_ref().map(|(_, winner, _)| *winner == Some(number.0)),
    }
}

fn event(id: u64, kind: &str, data: String) -> RoomEvent {
    RoomEvent { id, kind: kind.to_owned(), data }
}

pub(crate) fn bid_event(row: &BidRow) -> RoomEvent {
    event(row.feed.unsigned_abs(), "bid", serde_json::to_string(&bid(row)).expect("a bid is plain data"))
}

/// An event that shows the whole room: `snapshot`, `phase` or `closed`.
pub(crate) fn room_event(kind: &str, snapshot: &Snapshot, now: DateTime<Utc>) -> RoomEvent {
    let room = snapshot.room(now);
    event(snapshot.feed, kind, serde_json::to_string(&room).expect("the notice is a JSON document"))
}

pub(crate) fn time_event(feed: u64, now: DateTime<Utc>) -> RoomEvent {
    event(feed, "time", format!(r#"{{"now_at":"{}"}}"#, instant::text(now)))
}
