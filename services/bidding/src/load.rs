//! A room as the store has it: rebuilt at start and after a failed commit, each stored event checked against the rules on the way.

use crate::{
    refusals::not_admitted,
    store::{self, BidRow},
    view,
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    auction::{
        Admission, BidderNumber, Rank,
        ascending::{self, BidEvent, Manner, State, Terms},
        outlier::Limits,
    },
    ids::LotId,
    money::Money,
};
use sanbian_proto::bidding::v1::RoomPlace;
use sanbian_runtime::Refusal;
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc};

/// What never changes in a room while it runs.
pub(crate) struct Fixed {
    pub(crate) lot: LotId,
    pub(crate) region: String,
    pub(crate) rulebook: String,
    pub(crate) title: String,
    pub(crate) notice: String,
    pub(crate) limits: Limits,
}

/// The room as rebuilt from the store.
pub(crate) struct Loaded {
    pub(crate) fixed: Arc<Fixed>,
    pub(crate) state: State,
    /// Place of the newest event in the room's own order.
    pub(crate) feed: u64,
    pub(crate) seats: HashMap<Vec<u8>, BidderNumber>,
    pub(crate) keys: HashMap<Vec<u8>, i64>,
    pub(crate) admitted: u32,
    /// `open`, `drawing` or `closed`.
    pub(crate) stage: String,
    pub(crate) result: Option<(String, Option<u32>, Option<Money>)>,
}

impl Loaded {
    /// An account's own place.
    pub(crate) fn place(&self, account_hash: &[u8], now: DateTime<Utc>) -> Result<RoomPlace, Refusal> {
        let number = *self.seats.get(account_hash).ok_or_else(not_admitted)?;
        Ok(view::place(self, number, now))
    }
}

/// Rebuilds a room from the store, checking each stored event against the rules on the way.
pub(crate) async fn load(pool: &PgPool, lot: LotId) -> Result<Loaded, Refusal> {
    let row = store::room(pool, lot).await?.ok_or_else(|| Refusal::not_found("竞价室", "room"))?;
    let terms: Terms = serde_json::from_str(&row.terms).map_err(Refusal::internal)?;
    let limits = Limits {
        steps: u32::try_from(row.outlier_steps).map_err(Refusal::internal)?,
        multiple: row.outlier_multiple.parse().map_err(|_| Refusal::internal("the outlier's multiple is no ratio"))?,
    };
    let mut seats = HashMap::new();
    let mut admissions = Vec::new();
    for bidder in store::bidders(pool, lot).await? {
        let number = BidderNumber(u32::try_from(bidder.number).map_err(Refusal::internal)?);
        let rank = bidder.priority_rank.map(u8::try_from).transpose().map_err(Refusal::internal)?.map(Rank);
        admissions.push(Admission { bidder: number, rank });
        seats.insert(bidder.account_hash, number);
    }
    let admitted = u32::try_from(admissions.len()).map_err(Refusal::internal)?;
    let empty = State::new(terms, &admissions).map_err(Refusal::rule)?;
    let mut history = Vec::new();
    let mut keys = HashMap::new();
    for bid in store::bids_after(pool, lot, 0).await? {
        if let Some(key) = bid.key_hash.clone() {
            keys.insert(key, bid.seq);
        }
        history.push((bid.feed, offered(&bid)?));
    }
    for event in store::events(pool, lot).await? {
        let at = event.at;
        history.push((
            event.feed,
            match event.kind.as_str() {
                "suspended" => BidEvent::Suspended { at },
                // The end after the shift follows from the state; replay fills it in by deciding again.
                "resumed" => BidEvent::Resumed { at, ends: at },
                _ => BidEvent::Closed { at },
            },
        ));
    }
    history.sort_unstable_by_key(|(feed, _)| *feed);
    let feed = history.last().map_or(0, |(feed, _)| u64::try_from(*feed).unwrap_or(0));
    let mut state = empty;
    for (_, event) in &history {
        let event = match *event {
            BidEvent::Resumed { at, .. } => ascending::resume(&state, at).map_err(|refusal| refusal.finding())?,
            event => event,
        };
        state = ascending::replay(state, std::slice::from_ref(&event))
            .map_err(|divergence| Refusal::internal(format!("room {lot} does not replay: {divergence:?}")))?;
    }
    let result = row.outcome.map(|outcome| {
        (outcome, row.winner.and_then(|winner| u32::try_from(winner).ok()), row.price_fen.map(Money::from_fen))
    });
    let fixed = Fixed { lot, region: row.region, rulebook: row.rulebook, title: row.title, notice: row.notice, limits };
    Ok(Loaded { fixed: Arc::new(fixed), state, feed, seats, keys, admitted, stage: row.state, result })
}

fn offered(bid: &BidRow) -> Result<BidEvent, Refusal> {
    Ok(BidEvent::Offered {
        sequence: u64::try_from(bid.seq).map_err(Refusal::internal)?,
        bidder: BidderNumber(u32::try_from(bid.number).map_err(Refusal::internal)?),
        price: Money::from_fen(bid.amount_fen),
        manner: if bid.kind == "match" { Manner::Match } else { Manner::Bid },
        at: bid.placed_at,
        ends: bid.ends_at,
    })
}
