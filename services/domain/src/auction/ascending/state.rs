//! The state of an ascending auction: what the events so far amount to.

use super::{BidEvent, Manner, Peers, Refusal, Terms, terms::later};
use crate::{
    auction::{Admission, BidderNumber, Rank},
    finding::{Finding, Text},
    money::Money,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The offer that leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Who leads; while a draw is pending, the first of those it is between.
    pub bidder: BidderNumber,
    /// At which price.
    pub price: Money,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Whether by a bid or by a match.
    pub manner: Manner,
    /// The bidder's priority rank in this auction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
}

/// One admitted bidder and its best offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) bidder: BidderNumber,
    /// None where the auction knows no match: the right then waits for the exercise window.
    pub(super) rank: Option<Rank>,
    pub(super) best: Option<Money>,
    pub(super) best_at: DateTime<Utc>,
    /// The sequence of the best offer; 0 before the first.
    pub(super) sequence: u64,
}

/// The state of an auction. Made by [`State::new`] and changed only by [`evolve`](super::evolve); it may be stored and read back as a
/// snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(super) terms: Terms,
    /// Sorted by number, one entry a number.
    pub(super) standings: Vec<Standing>,
    pub(super) opens: DateTime<Utc>,
    pub(super) free_until: DateTime<Utc>,
    pub(super) ends: DateTime<Utc>,
    pub(super) lead: Option<Lead>,
    /// Those between whom a draw would decide if the auction ended now; the leader alone when it is clear.
    pub(super) contenders: Vec<BidderNumber>,
    pub(super) extensions: u32,
    pub(super) offers: u64,
    pub(super) bidders: u32,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) closed: bool,
    pub(super) last_at: Option<DateTime<Utc>>,
}

impl State {
    /// An auction on `terms` among `admitted` (in any order), before its first event.
    ///
    /// Refused where the terms can't be run on ([`Terms::check`]) or a number is admitted twice.
    pub fn new(terms: Terms, admitted: &[Admission]) -> Result<Self, Vec<Finding>> {
        terms.check()?;
        let mut standings: Vec<Standing> = admitted
            .iter()
            .map(|admission| Standing {
                bidder: admission.bidder,
                rank: admission.rank.filter(|_| terms.in_auction_match),
                best: None,
                best_at: terms.opens,
                sequence: 0,
            })
            .collect();
        standings.sort_unstable_by_key(|standing| standing.bidder);
        if let Some(twice) = standings.windows(2).find(|pair| pair[0].bidder == pair[1].bidder) {
            let message = Text::new("竞买号重复", "a bidder's number is admitted twice");
            let remedy = Text::new("请为每名竞买人分配不同竞买号", "Give every bidder its own number");
            let finding = Finding::refusal("auction.terms.numbers", "本标的竞价规则", message, remedy);
            return Err(vec![finding.with_fact("bidder", twice[0].bidder)]);
        }
        let (opens, free_until, ends) = (terms.opens, terms.free_until, terms.announced_end());
        Ok(Self {
            // Room for every bidder, so that no accepted offer allocates.
            contenders: Vec::with_capacity(standings.len()),
            terms,
            standings,
            opens,
            free_until,
            ends,
            lead: None,
            extensions: 0,
            offers: 0,
            bidders: 0,
            suspended_at: None,
            closed: false,
            last_at: None,
        })
    }

    /// The announced terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// When offers count from, suspensions included.
    pub fn opens(&self) -> DateTime<Utc> {
        self.opens
    }

    /// When the free period ends, suspensions included.
    pub fn free_until(&self) -> DateTime<Utc> {
        self.free_until
    }

    /// When the auction ends as things stand; meaningless while suspended.
    pub fn ends(&self) -> DateTime<Utc> {
        self.ends
    }

    /// The leading offer.
    pub fn lead(&self) -> Option<&Lead> {
        self.lead.as_ref()
    }

    /// Those between whom a draw would decide if the auction ended now.
    pub fn contenders(&self) -> &[BidderNumber] {
        &self.contenders
    }

    /// How often the end has moved.
    pub fn extensions(&self) -> u32 {
        self.extensions
    }

    /// How many offers were accepted.
    pub fn offers(&self) -> u64 {
        self.offers
    }

    /// How many different bidders have made an accepted offer.
    pub fn bidders(&self) -> u32 {
        self.bidders
    }

    /// Since when the auction stands still.
    pub fn suspended_at(&self) -> Option<DateTime<Utc>> {
        self.suspended_at
    }

    /// Whether the outcome is final.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The least amount that would count now as a bid of somebody who does not lead; none at the ceiling's end of the ladder, where
    /// only equal offers count.
    pub fn least_bid(&self) -> Option<Money> {
        let Some(lead) = self.lead else {
            return Some(self.terms.reserve);
        };
        let least = lead.price.checked_add(self.terms.step)?;
        match self.terms.ceiling {
            Some(ceiling) if lead.price == ceiling => None,
            Some(ceiling) => Some(least.min(ceiling)),
            None => Some(least),
        }
    }

    /// The priority rank a bidder holds in this auction; none without one, for strangers, and where the auction knows no match.
    pub fn rank(&self, bidder: BidderNumber) -> Option<Rank> {
        self.standing(bidder)?.rank
    }

    pub(super) fn standing(&self, bidder: BidderNumber) -> Option<&Standing> {
        let at = self.standings.binary_search_by_key(&bidder, |standing| standing.bidder).ok()?;
        Some(&self.standings[at])
    }

    /// Refuses an instant before the last event's.
    pub(super) fn sane(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.last_at {
            Some(last) if now < last => Err(Refusal::ClockBack { last }),
            _ => Ok(()),
        }
    }

    /// The end after an accepted offer of `price` at `now`.
    pub(super) fn end_after(&self, price: Money, now: DateTime<Utc>) -> DateTime<Utc> {
        let limited = now >= self.free_until;
        let capped = self.terms.extension_cap.is_some_and(|cap| self.extensions >= cap);
        let unanswerable = self.lead.is_some_and(|lead| lead.price == price) && self.terms.ceiling == Some(price);
        if limited && !capped && !unanswerable { self.ends.max(later(now, self.terms.extension_s)) } else { self.ends }
    }

    pub(super) fn take(&mut self, event: &BidEvent) {
        match *event {
            BidEvent::Offered { sequence, bidder, price, manner, at, ends } => {
                let rank = self.note(bidder, price, at, sequence);
                let lead = Lead { bidder, price, at, manner, rank };
                match self.lead {
                    Some(old) if old.price == price => self.take_equal(lead, old),
                    _ => self.take_lead(lead),
                }
                if ends > self.ends {
                    self.extensions += 1;
                    self.ends = ends;
                }
                self.offers = sequence;
                self.last_at = Some(at);
            }
            BidEvent::Suspended { at } => {
                self.suspended_at = Some(at);
                self.last_at = Some(at);
            }
            BidEvent::Resumed { at, ends } => {
                if let Some(since) = self.suspended_at.take() {
                    self.opens = shifted(self.opens, since, at);
                    self.free_until = shifted(self.free_until, since, at);
                }
                self.ends = ends;
                self.last_at = Some(at);
            }
            BidEvent::Closed { at } => {
                self.closed = true;
                self.last_at = Some(at);
            }
        }
    }

    fn take_lead(&mut self, lead: Lead) {
        self.contenders.clear();
        self.contenders.push(lead.bidder);
        self.lead = Some(lead);
    }

    /// An offer equal to the leading one: a match, or one more bid of exactly the ceiling.
    fn take_equal(&mut self, lead: Lead, old: Lead) {
        if Rank::displaces(lead.rank, old.rank) {
            self.take_lead(lead);
        } else if lead.rank == old.rank && (lead.rank.is_none() || self.terms.peers == Peers::Draw) {
            self.contenders.push(lead.bidder);
        }
        // Otherwise it stands behind, and counts only if those before it default.
    }

    /// Notes a bidder's new best offer; its rank.
    fn note(&mut self, bidder: BidderNumber, price: Money, at: DateTime<Utc>, sequence: u64) -> Option<Rank> {
        let found = self.standings.binary_search_by_key(&bidder, |standing| standing.bidder);
        let Ok(place) = found else {
            // `check` never lets a stranger in; a snapshot or history that has one is caught by `replay`.
            debug_assert!(false, "an event of a bidder who is not admitted");
            return None;
        };
        let standing = &mut self.standings[place];
        self.bidders += u32::from(standing.best.is_none());
        (standing.best, standing.best_at, standing.sequence) = (Some(price), at, sequence);
        standing.rank
    }
}

/// Where `instant` lies after a standstill from `since` to `until`: moved by it where it had not yet come, else as it was.
pub(crate) fn shifted(instant: DateTime<Utc>, since: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
    if instant <= since {
        return instant;
    }
    instant.checked_add_signed(until - since).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
