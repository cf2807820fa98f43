//! Auctions (竞价): pure engines that say which offers count, when the clock moves and who wins.
//!
//! | module | what it is |
//! |---|---|
//! | [`announced`] | from notice, schedule and rulebook to the terms of an auction |
//! | [`ascending`] | the ascending online auction (网络竞价): free period, limited period, extension, ceiling, priority match |
//! | [`draw`] | the public draw (摇号) that anyone can repeat from a log checkpoint |
//! | [`outlier`] | whether an amount is so far off that the page asks again |
//! | `naive` | a slow reference of the ascending auction, written another way, that the engine is tested against |
//!
//! **Invariants**
//! - An engine is a function of terms, admitted bidders and events: no clock, no randomness, no allocation on an accepted bid.
//! - A bidder is a number: no engine knows a person (before the close nobody can see who bids).
//! - A refused offer changes nothing, least of all the clock.
//! - All intervals are half-open: an offer at the opening instant is in, an offer at the closing instant is out.

use serde::{Deserialize, Serialize};
use std::fmt;

pub mod announced;
pub mod ascending;
pub mod draw;
#[doc(hidden)]
pub mod naive;
pub mod outlier;

/// A bidder's number in one auction (竞买号): all that anyone sees of a bidder before the close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BidderNumber(pub u32);

impl fmt::Display for BidderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The order of a priority right (优先权顺位); 1 goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rank(pub u8);

impl Rank {
    /// Whether a holder of `challenger` goes before a bidder of `standing` at the same price and terms: any right beats none,
    /// a better rank beats a worse one, equal ranks do not displace each other.
    pub fn displaces(challenger: Option<Self>, standing: Option<Self>) -> bool {
        match (challenger, standing) {
            (Some(challenger), Some(standing)) => challenger < standing,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

/// A bidder admitted to an auction (准入的竞买人), with the priority right that was accepted, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The bidder's number in this auction.
    pub bidder: BidderNumber,
    /// The accepted priority right's rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
}
