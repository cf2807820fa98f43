//! The ascending online auction (网络竞价, 阶梯竞价).
//!
//! # Rules, in the order in which an offer meets them
//! 1. **Time.** Offers count in `[opens, end)`, half-open: at the opening instant an offer is in, at the closing instant it is out.
//!    The end is at first the end of the limited period. While the auction is suspended nothing counts. An instant before the last
//!    event's is refused: the engine never goes back in time; two events may share an instant, their sequence decides.
//! 2. **Admission.** Only admitted numbers.
//! 3. **Amount.** The reserve plus a whole number of steps (the first bid may be the reserve itself), above the leading price, at
//!    most the ceiling, adding at most the greatest raise. Integers only. Where the notice counts steps from the leading price
//!    ([`Ladder::Leading`]), at least a step above it, in whole grains.
//! 4. **Who leads does not bid** unless the terms allow it, or a draw is pending between it and a peer.
//! 5. **Clock.** An accepted offer in the limited period moves the end to `max(end, offer + extension)`, until the published cap of
//!    extensions (if any) is used up. In the free period nothing moves. A refused offer never moves it. Equal offers at the ceiling
//!    do not move it either: nobody could answer them.
//! 6. **Ceiling.** Nobody may go above it. Who offers exactly the ceiling before the end stands beside the first; when the auction
//!    ends, they are drawn for. A holder of a priority right (where the match is allowed) goes before, by rank, then by [`Peers`].
//! 7. **Match.** A holder may match the leading price and then leads, if its right goes before the leading bidder's own
//!    ([`Rank::displaces`]). The holder names the price it matches, so a price that moved meanwhile is not matched by mistake. After a
//!    match anybody may go higher. Of equal ranks the earlier goes first, or both stand and are drawn for ([`Peers`]).
//! 8. **Suspension** shifts every instant that had not yet come (opening, end of the free period, end) by the time it stood still.
//!
//! # Use
//! The room calls [`check`], stores the event, then [`evolve`]s its [`State`]; at the end [`close`]. A verifier feeds the stored events to
//! [`replay`]. Cost does not grow with the number of bids: one binary search among admitted bidders, no allocation for an accepted bid.

mod outcome;
mod refusal;
mod state;
mod terms;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod twin;

pub use outcome::{Outcome, Place, Sale, award_drawn, outcome, standings};
pub use refusal::Refusal;
pub(crate) use state::shifted;
pub use state::{Lead, State};
pub use terms::{Ladder, Peers, Terms};

use super::{BidderNumber, Rank};
use crate::{finding::Finding, money::Money};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a bidder asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The bidder's number.
    pub bidder: BidderNumber,
    /// The amount, in the lot's price basis; for a match the leading price as the holder saw it.
    pub price: Money,
    /// A bid or a match.
    pub manner: Manner,
}

/// How an offer is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// A bid above the leading price (加价), or of exactly the ceiling.
    Bid,
    /// A holder's match of the leading price (行使优先权跟价).
    Match,
}

/// What happened in an auction; the auction's state is these, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BidEvent {
    /// An offer was accepted.
    Offered {
        /// Counts the accepted offers from 1; decides between equal instants.
        sequence: u64,
        /// Who offered.
        bidder: BidderNumber,
        /// The price.
        price: Money,
        /// A bid or a match.
        manner: Manner,
        /// When, by the server's clock.
        at: DateTime<Utc>,
        /// The end after this offer.
        ends: DateTime<Utc>,
    },
    /// The auction stands still (中止).
    Suspended {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// The auction goes on (恢复).
    Resumed {
        /// Since when.
        at: DateTime<Utc>,
        /// The end after the shift.
        ends: DateTime<Utc>,
    },
    /// The auction is over and its outcome final.
    Closed {
        /// When it was closed (at its end or after).
        at: DateTime<Utc>,
    },
}

/// Whether `offer` counts at `now`, and what then happened. Changes nothing.
pub fn decide(state: &State, offer: Offer, now: DateTime<Utc>) -> Result<BidEvent, Vec<Finding>> {
    check(state, offer, now).map_err(|refusal| vec![refusal.finding()])
}

/// As [`decide`], with a refusal that costs no allocation; for rooms under fire.
pub fn check(state: &State, offer: Offer, now: DateTime<Utc>) -> Result<BidEvent, Refusal> {
    state.sane(now)?;
    if state.closed {
        return Err(Refusal::Ended { ends: state.ends });
    }
    if state.suspended_at.is_some() {
        return Err(Refusal::Suspended);
    }
    if now < state.opens {
        return Err(Refusal::NotOpen { opens: state.opens });
    }
    if now >= state.ends {
        return Err(Refusal::Ended { ends: state.ends });
    }
    let Some(standing) = state.standing(offer.bidder) else {
        return Err(Refusal::NotAdmitted { bidder: offer.bidder });
    };
    match offer.manner {
        Manner::Bid => check_bid(state, offer, standing.best)?,
        Manner::Match => check_match(state, offer, standing.rank)?,
    }
    Ok(BidEvent::Offered {
        sequence: state.offers + 1,
        bidder: offer.bidder,
        price: offer.price,
        manner: offer.manner,
        at: now,
        ends: state.end_after(offer.price, now),
    })
}

fn check_bid(state: &State, offer: Offer, own_best: Option<Money>) -> Result<(), Refusal> {
    let terms = &state.terms;
    let price = offer.price;
    if price < terms.reserve {
        return Err(Refusal::BelowReserve { reserve: terms.reserve });
    }
    if let Some(ceiling) = terms.ceiling {
        if price > ceiling {
            return Err(Refusal::AboveCeiling { ceiling });
        }
        if price == ceiling && own_best == Some(ceiling) {
            return Err(Refusal::AlreadyAtCeiling);
        }
    }
    let floor = match state.lead {
        Some(lead) => {
            if terms.ceiling == Some(price) && lead.price == price {
                return Ok(()); // stands beside the leading offer
            }
            if lead.bidder == offer.bidder && !terms.self_raise && state.contenders.len() == 1 {
                return Err(Refusal::AlreadyLeading);
            }
            if price <= lead.price {
                return Err(Refusal::NotHigher { leading: lead.price, least: state.least_bid().unwrap_or(lead.price) });
            }
            lead.price
        }
        None => terms.reserve,
    };
    // Both sides are not negative here, so the differences fit.
    let grain = terms.grain();
    let over = (price.fen() - terms.reserve.fen()) % grain.fen();
    if over != 0 {
        return Err(Refusal::OffStep { below: Money::from_fen(price.fen() - over), grain });
    }
    // On the ladder of the reserve this can't be, as the leading price stands on it too.
    if state.lead.is_some() && price.fen() - floor.fen() < terms.step.fen() && terms.ceiling != Some(price) {
        return Err(Refusal::StepTooSmall { least: state.least_bid().unwrap_or(price) });
    }
    if let Some(raise) = terms.max_raise
        && price.fen() - floor.fen() > raise.fen()
    {
        return Err(Refusal::RaiseTooLarge { most: Money::from_fen(floor.fen().saturating_add(raise.fen())) });
    }
    Ok(())
}

fn check_match(state: &State, offer: Offer, rank: Option<Rank>) -> Result<(), Refusal> {
    if !state.terms.in_auction_match {
        return Err(Refusal::MatchNotOffered);
    }
    if rank.is_none() {
        return Err(Refusal::MatchWithoutRight);
    }
    let Some(lead) = state.lead else {
        return Err(Refusal::MatchNothing);
    };
    if state.contenders.contains(&offer.bidder) {
        return Err(Refusal::MatchOwn);
    }
    if offer.price != lead.price {
        return Err(Refusal::MatchPriceMoved { leading: lead.price });
    }
    let level = rank == lead.rank && state.terms.peers == Peers::Draw;
    if level || Rank::displaces(rank, lead.rank) { Ok(()) } else { Err(Refusal::MatchOutranked) }
}

/// Stops the auction (中止); only before its end.
pub fn suspend(state: &State, now: DateTime<Utc>) -> Result<BidEvent, Refusal> {
    state.sane(now)?;
    if state.suspended_at.is_some() {
        return Err(Refusal::Suspended);
    }
    if state.closed || now >= state.ends {
        return Err(Refusal::Ended { ends: state.ends });
    }
    Ok(BidEvent::Suspended { at: now })
}

/// Lets a suspended auction go on (恢复); what had not yet come moves by the time it stood still.
pub fn resume(state: &State, now: DateTime<Utc>) -> Result<BidEvent, Refusal> {
    state.sane(now)?;
    let Some(since) = state.suspended_at else {
        return Err(Refusal::NotSuspended);
    };
    Ok(BidEvent::Resumed { at: now, ends: state::shifted(state.ends, since, now) })
}

/// Ends the auction at or after its end; the outcome is then final: [`outcome()`] of the evolved state says it.
pub fn close(state: &State, now: DateTime<Utc>) -> Result<(BidEvent, Outcome), Refusal> {
    state.sane(now)?;
    if state.suspended_at.is_some() {
        return Err(Refusal::Suspended);
    }
    if state.closed {
        return Err(Refusal::Ended { ends: state.ends });
    }
    if now < state.ends {
        return Err(Refusal::Running { ends: state.ends });
    }
    Ok((BidEvent::Closed { at: now }, outcome(state)))
}

/// Takes one event into the state. Events come from [`check`] and its siblings; to take in a stranger's, use [`replay`].
pub fn evolve(state: &mut State, event: &BidEvent) {
    state.take(event);
}

/// Where a history departs from the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Which event, counted from 0.
    pub index: usize,
    /// The rule that would have refused it; none where it would have been accepted, but not as recorded.
    pub refusal: Option<Refusal>,
}

/// Runs a recorded history through the rules again: the state it leads to, or where it departs from them.
pub fn replay(mut state: State, events: &[BidEvent]) -> Result<State, Divergence> {
    for (index, event) in events.iter().enumerate() {
        let decided = match *event {
            BidEvent::Offered { bidder, price, manner, at, .. } => check(&state, Offer { bidder, price, manner }, at),
            BidEvent::Suspended { at } => suspend(&state, at),
            BidEvent::Resumed { at, .. } => resume(&state, at),
            BidEvent::Closed { at } => close(&state, at).map(|(event, _)| event),
        };
        match decided {
            Ok(own) if own == *event => state.take(event),
            Ok(_) => return Err(Divergence { index, refusal: None }),
            Err(refusal) => return Err(Divergence { index, refusal: Some(refusal) }),
        }
    }
    Ok(state)
}
