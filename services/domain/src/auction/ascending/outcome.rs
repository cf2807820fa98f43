//! The outcome of an ascending auction: sold, to be drawn, or unsold.

use super::{Refusal, State, state::Standing};
use crate::{auction::BidderNumber, money::Money};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What an auction came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    /// One bidder wins (成交).
    Sold(Sale),
    /// Equal offers: a public draw decides among them (抽签), see [`draw`](crate::auction::draw) and [`award_drawn`].
    Draw {
        /// The price all of them offered.
        price: Money,
        /// Who is drawn among, in the order of their offers.
        equal: Vec<BidderNumber>,
    },
    /// Nobody bid (流标).
    Unsold,
}

/// The winning offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Who wins.
    pub winner: BidderNumber,
    /// The price, in the lot's price basis.
    pub price: Money,
    /// When the winning offer was made.
    pub at: DateTime<Utc>,
    /// Whether the winner's priority right put it before another bidder who offered the same price.
    pub by_priority: bool,
    /// Whether a draw decided.
    pub by_draw: bool,
    /// Whether no other bidder made an accepted offer (a sign supervisors watch).
    pub single_bidder: bool,
    /// The best offer of another bidder; the next qualified, should the winner default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<Place>,
}

/// A bidder's best offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Who.
    pub bidder: BidderNumber,
    /// Its best price.
    pub price: Money,
    /// When it made it.
    pub at: DateTime<Utc>,
}

impl Place {
    fn of(standing: &Standing) -> Option<Self> {
        standing.best.map(|price| Self { bidder: standing.bidder, price, at: standing.best_at })
    }
}

/// Every bidder's best offer, best first: by price, then by priority rank, then by time. The line of succession where winners default.
/// Offers that a draw is between stand here in the order of time.
pub fn standings(state: &State) -> Vec<Place> {
    let mut made: Vec<&Standing> = state.standings.iter().filter(|standing| standing.best.is_some()).collect();
    made.sort_unstable_by(|a, b| order(a, b));
    made.into_iter().filter_map(Place::of).collect()
}

fn order(a: &Standing, b: &Standing) -> Ordering {
    let by_price = b.best.cmp(&a.best);
    // Any rank before none; `Option` would sort none first.
    let by_rank = (a.rank.is_none(), a.rank).cmp(&(b.rank.is_none(), b.rank));
    by_price.then(by_rank).then(a.sequence.cmp(&b.sequence))
}

/// What the auction comes to as things stand; final once it is closed.
pub fn outcome(state: &State) -> Outcome {
    let Some(lead) = state.lead else {
        return Outcome::Unsold;
    };
    if state.contenders.len() > 1 {
        return Outcome::Draw { price: lead.price, equal: state.contenders.clone() };
    }
    let others = state.standings.iter().filter(|standing| standing.bidder != lead.bidder && standing.best.is_some());
    Outcome::Sold(Sale {
        winner: lead.bidder,
        price: lead.price,
        at: lead.at,
        by_priority: lead.rank.is_some() && others.clone().any(|standing| standing.best == Some(lead.price)),
        by_draw: false,
        single_bidder: state.bidders == 1,
        runner_up: others.min_by(|a, b| order(a, b)).and_then(Place::of),
    })
}

/// The sale that a draw makes: `order` is the drawn order of exactly those whom [`Outcome::Draw`] names; the first wins, the second
/// is the runner-up.
pub fn award_drawn(state: &State, order: &[BidderNumber]) -> Result<Sale, Refusal> {
    let (mut drawn, mut equal) = (order.to_vec(), state.contenders.clone());
    drawn.sort_unstable();
    equal.sort_unstable();
    let places: Vec<&Standing> = order.iter().filter_map(|bidder| state.standing(*bidder)).collect();
    let (Some(lead), [first, second, ..], true) = (state.lead, places.as_slice(), drawn == equal) else {
        return Err(Refusal::NotTheDraw);
    };
    Ok(Sale {
        winner: first.bidder,
        price: lead.price,
        at: first.best_at,
        by_priority: first.rank.is_some(),
        by_draw: true,
        single_bidder: false,
        runner_up: Place::of(second),
    })
}
