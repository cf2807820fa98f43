//! What a rulebook decides about a lot's life, as plain parameters.

use super::StopReason;
use crate::rulebook::{
    RuleSet,
    values::{Relisting, SingleBidder},
};
use serde::{Deserialize, Serialize};

/// The parameters of a lot's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotRules {
    /// Whether it needs a collective decision.
    pub decision_needed: bool,
    /// Whether the township reviews.
    pub township_review: bool,
    /// Whether the county's department reviews (the lot reaches the threshold).
    pub county_review: bool,
    /// Fields of the notice whose change restarts the announcement, as dotted paths.
    pub material: Vec<String>,
    /// Whether a change of any other field, too, asks the registered to confirm again.
    pub reconfirm_minor: bool,
    /// From how many qualified bidders on the announced method is used.
    pub bidders_at_least: u32,
    /// What happens with fewer, but at least one.
    pub fewer_bidders: SingleBidder,
    /// Whether holders of a priority right have a window after the close.
    pub exercise_window: bool,
    /// Whether the next qualified offer is invited after a default.
    pub next_bidder: bool,
    /// Reasons for which it may be suspended.
    pub suspension: Vec<StopReason>,
    /// Reasons for which it may be terminated.
    pub termination: Vec<StopReason>,
    /// How the reserve may be cut on relisting.
    pub relisting: Relisting,
}

/// What follows the closing of registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// The announced method.
    Auction,
    /// A single offer, not below the reserve (协议成交).
    SingleOffer,
    /// No deal.
    Unsold,
}

impl LotRules {
    /// The parameters that `rules` give for a lot. Whether its collective needs a decision, whether it reaches the county's threshold
    /// and whether its priority right is used in a window are the lot's own; the rest is the rulebook's.
    pub fn of(rules: &RuleSet, needs_decision: bool, reaches_county: bool, exercise_window: bool) -> Self {
        Self {
            decision_needed: needs_decision && rules.decision_needed.value,
            township_review: rules.township_review.value,
            county_review: reaches_county,
            material: rules.material.value.iter().map(|field| field.code().to_owned()).collect(),
            reconfirm_minor: true,
            bidders_at_least: rules.bidders.value.at_least,
            fewer_bidders: rules.bidders.value.single,
            exercise_window,
            next_bidder: rules.next_bidder.value,
            suspension: rules.suspension.value.clone(),
            termination: rules.termination.value.clone(),
            relisting: rules.relisting.value,
        }
    }

    /// What follows with so many qualified bidders.
    pub fn next(&self, qualified: u32) -> Next {
        if qualified == 0 {
            return Next::Unsold;
        }
        if qualified >= self.bidders_at_least {
            return Next::Auction;
        }
        match self.fewer_bidders {
            SingleBidder::Auction => Next::Auction,
            SingleBidder::Negotiate | SingleBidder::HigherOfListAndOffer => Next::SingleOffer,
            SingleBidder::Unsold => Next::Unsold,
        }
    }

    /// Whether a change of `path` restarts the announcement: the path is a material field, a part of one, or contains one.
    pub fn is_material(&self, path: &str) -> bool {
        let inside =
            |part: &str, whole: &str| part.strip_prefix(whole).is_some_and(|rest| rest.starts_with(['.', '[']));
        self.material.iter().any(|field| path == field || inside(path, field) || inside(field, path))
    }
}
