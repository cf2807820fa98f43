//! A deliberately naive ascending auction: it keeps the whole history, refused acts too, and works everything out again each time.
//!
//! It is written another way than [`ascending`](super::ascending), so that the same mistake is unlikely in both: the leader is
//! found by searching all accepted offers, steps are counted one by one, and suspensions are handled with a clock that stands still
//! instead of moving the instants. It is far too slow for a room; tests and benches compare the engine with it.

use super::{
    Admission, BidderNumber, Rank,
    ascending::{Ladder, Manner, Offer, Outcome, Peers, Place, Sale, Terms},
};
use crate::money::Money;
use chrono::{DateTime, TimeDelta, Utc};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An offer.
    Offer(Offer),
    /// To suspend.
    Suspend,
    /// To resume.
    Resume,
    /// To close.
    Close,
}

/// An attempt and what became of it.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    at: DateTime<Utc>,
    act: Act,
    accepted: bool,
}

/// An auction as the list of everything that was ever tried.
#[derive(Clone, Debug)]
pub struct Naive {
    terms: Terms,
    admitted: Vec<Admission>,
    history: Vec<Attempt>,
}

impl Naive {
    /// An auction before its first event.
    pub fn new(terms: Terms, admitted: Vec<Admission>) -> Self {
        Self { terms, admitted, history: Vec::new() }
    }

    /// Tries an act; the name of the rule that refuses it otherwise.
    pub fn attempt(&mut self, act: Act, at: DateTime<Utc>) -> Result<(), &'static str> {
        let verdict = self.judge(act, at);
        self.history.push(Attempt { at, act, accepted: verdict.is_ok() });
        verdict
    }

    fn judge(&self, act: Act, now: DateTime<Utc>) -> Result<(), &'static str> {
        if self.accepted().any(|before| before.at > now) {
            return Err("auction.clock");
        }
        let closed = self.accepted().any(|before| before.act == Act::Close);
        let suspended = self.suspended();
        let over = self.running(now) >= self.end();
        match act {
            Act::Suspend if suspended => Err("auction.suspended"),
            Act::Suspend if closed || over => Err("auction.ended"),
            Act::Suspend => Ok(()),
            Act::Resume if !suspended => Err("auction.not-suspended"),
            Act::Resume => Ok(()),
            Act::Close if suspended => Err("auction.suspended"),
            Act::Close if closed => Err("auction.ended"),
            Act::Close if !over => Err("auction.running"),
            Act::Close => Ok(()),
            Act::Offer(_) if closed => Err("auction.ended"),
            Act::Offer(_) if suspended => Err("auction.suspended"),
            Act::Offer(_) if self.running(now) < self.terms.opens => Err("auction.not-open"),
            Act::Offer(_) if over => Err("auction.ended"),
            Act::Offer(offer) => self.judge_offer(offer),
        }
    }

    fn judge_offer(&self, offer: Offer) -> Result<(), &'static str> {
        if !self.admitted.iter().any(|admission| admission.bidder == offer.bidder) {
            return Err("auction.not-admitted");
        }
        let contenders = self.contenders();
        let leading = self.leading();
        if offer.manner == Manner::Match {
            let rank = self.rank(offer.bidder);
            let Some(lead) = leading else {
                return Err(match (self.terms.in_auction_match, rank) {
                    (false, _) => "auction.match-not-offered",
                    (true, None) => "auction.match-without-right",
                    (true, Some(_)) => "auction.match-nothing",
                });
            };
            let lead_rank = self.rank(lead.bidder);
            return match rank {
                _ if !self.terms.in_auction_match => Err("auction.match-not-offered"),
                None => Err("auction.match-without-right"),
                Some(_) if contenders.contains(&offer.bidder) => Err("auction.match-own"),
                Some(_) if offer.price != lead.price => Err("auction.match-price-moved"),
                Some(own) if lead_rank.is_none_or(|theirs| own < theirs) => Ok(()),
                Some(own) if lead_rank == Some(own) && self.terms.peers == Peers::Draw => Ok(()),
                Some(_) => Err("auction.match-outranked"),
            };
        }
        if offer.price < self.terms.reserve {
            return Err("auction.below-reserve");
        }
        if let Some(ceiling) = self.terms.ceiling {
            if offer.price > ceiling {
                return Err("auction.above-ceiling");
            }
            let own = |(_, made): &(DateTime<Utc>, Offer)| made.bidder == offer.bidder && made.price == ceiling;
            if offer.price == ceiling && self.offers().iter().any(own) {
                return Err("auction.already-at-ceiling");
            }
            if offer.price == ceiling && leading.is_some_and(|lead| lead.price == ceiling) {
                return Ok(());
            }
        }
        if let Some(lead) = leading {
            if lead.bidder == offer.bidder && contenders.len() == 1 && !self.terms.self_raise {
                return Err("auction.already-leading");
            }
            if offer.price <= lead.price {
                return Err("auction.not-higher");
            }
        }
        let mut rung = self.terms.reserve;
        while rung < offer.price {
            rung = Money::from_fen(rung.fen() + self.terms.grain().fen());
        }
        if rung != offer.price {
            return Err("auction.off-step");
        }
        if let (Ladder::Leading { .. }, Some(lead)) = (self.terms.ladder, leading) {
            let short = (lead.price.fen() + 1..lead.price.fen() + self.terms.step.fen()).contains(&offer.price.fen());
            if short && Some(offer.price) != self.terms.ceiling {
                return Err("auction.step-too-small");
            }
        }
        let from = leading.map_or(self.terms.reserve, |lead| lead.price);
        if self.terms.max_raise.is_some_and(|most| offer.price.fen() > from.fen() + most.fen()) {
            return Err("auction.raise-too-large");
        }
        Ok(())
    }

    fn accepted(&self) -> impl Iterator<Item = &Attempt> {
        self.history.iter().filter(|attempt| attempt.accepted)
    }

    /// The accepted offers with their instants, in order.
    fn offers(&self) -> Vec<(DateTime<Utc>, Offer)> {
        self.accepted()
            .filter_map(|attempt| match attempt.act {
                Act::Offer(offer) => Some((attempt.at, offer)),
                Act::Suspend | Act::Resume | Act::Close => None,
            })
            .collect()
    }

    /// How long the auction stood still before `now`.
    fn stood_still(&self, now: DateTime<Utc>) -> TimeDelta {
        let mut total = TimeDelta::zero();
        let mut since = None;
        for attempt in self.accepted().filter(|attempt| attempt.at <= now) {
            match attempt.act {
                Act::Suspend => since = Some(attempt.at),
                Act::Resume => total += attempt.at - since.take().expect("only a suspended auction resumes"),
                Act::Offer(_) | Act::Close => {}
            }
        }
        total + since.map_or(TimeDelta::zero(), |since| now - since)
    }

    /// The reading at `now` of a clock that stands still while the auction does.
    fn running(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.stood_still(now)
    }

    /// The end on the running clock.
    fn end(&self) -> DateTime<Utc> {
        let mut end = self.terms.free_until + TimeDelta::seconds(i64::from(self.terms.limited_window_s));
        let mut moves = 0;
        let offers = self.offers();
        for (place, (at, offer)) in offers.iter().enumerate() {
            let at_ceiling = |(_, before): &(DateTime<Utc>, Offer)| Some(before.price) == self.terms.ceiling;
            let unanswerable = Some(offer.price) == self.terms.ceiling && offers[..place].iter().any(at_ceiling);
            let to = self.running(*at) + TimeDelta::seconds(i64::from(self.terms.extension_s));
            let allowed = self.terms.extension_cap.is_none_or(|cap| moves < cap);
            if self.running(*at) >= self.terms.free_until && !unanswerable && allowed && to > end {
                end = to;
                moves += 1;
            }
        }
        end
    }

    fn suspended(&self) -> bool {
        let suspends = self.accepted().filter(|attempt| attempt.act == Act::Suspend).count();
        let resumes = self.accepted().filter(|attempt| attempt.act == Act::Resume).count();
        suspends > resumes
    }

    /// The end by the wall clock; none while the auction stands still.
    pub fn ends(&self) -> Option<DateTime<Utc>> {
        let last = self.accepted().map(|attempt| attempt.at).max().unwrap_or(self.terms.opens);
        (!self.suspended()).then(|| self.end() + self.stood_still(last))
    }

    fn rank(&self, bidder: BidderNumber) -> Option<Rank> {
        let admission = self.admitted.iter().find(|admission| admission.bidder == bidder)?;
        if self.terms.in_auction_match { admission.rank } else { None }
    }

    /// The offers at the highest price, by rank, then by time.
    fn top(&self) -> Vec<(DateTime<Utc>, Offer)> {
        let offers = self.offers();
        let highest = offers.iter().map(|(_, offer)| offer.price).max();
        let mut top: Vec<_> = offers.into_iter().filter(|(_, offer)| Some(offer.price) == highest).collect();
        top.sort_by_key(|(_, offer)| self.rank(offer.bidder).map_or(u16::MAX, |rank| u16::from(rank.0)));
        top
    }

    /// The leading offer.
    pub fn leading(&self) -> Option<Offer> {
        self.top().first().map(|(_, offer)| *offer)
    }

    /// Those between whom a draw would decide.
    pub fn contenders(&self) -> Vec<BidderNumber> {
        let top = self.top();
        let Some((_, first)) = top.first() else {
            return Vec::new();
        };
        let rank = self.rank(first.bidder);
        if rank.is_some() && self.terms.peers == Peers::Earlier {
            return vec![first.bidder];
        }
        top.iter().map(|(_, offer)| offer.bidder).filter(|bidder| self.rank(*bidder) == rank).collect()
    }

    /// What the auction comes to.
    pub fn outcome(&self) -> Outcome {
        let contenders = self.contenders();
        let Some((at, lead)) = self.top().first().copied() else {
            return Outcome::Unsold;
        };
        if contenders.len() > 1 {
            return Outcome::Draw { price: lead.price, equal: contenders };
        }
        let places = self.places();
        let others: Vec<_> = places.into_iter().filter(|place| place.bidder != lead.bidder).collect();
        Outcome::Sold(Sale {
            winner: lead.bidder,
            price: lead.price,
            at,
            by_priority: self.rank(lead.bidder).is_some() && others.iter().any(|place| place.price == lead.price),
            by_draw: false,
            single_bidder: others.is_empty(),
            runner_up: others.first().cloned(),
        })
    }

    /// Every bidder's best offer, best first.
    pub fn places(&self) -> Vec<Place> {
        let mut rest = self.offers();
        let mut places: Vec<Place> = Vec::new();
        while let Some(price) = rest.iter().map(|(_, offer)| offer.price).max() {
            // Of one price: the best rank first, and of one rank the earliest.
            let best = |(_, offer): &&(DateTime<Utc>, Offer)| {
                self.rank(offer.bidder).map_or(u16::MAX, |rank| u16::from(rank.0))
            };
            let (at, offer) =
                *rest.iter().filter(|(_, offer)| offer.price == price).min_by_key(best).expect("one has this price");
            places.push(Place { bidder: offer.bidder, price, at });
            rest.retain(|(_, other)| other.bidder != offer.bidder);
        }
        places
    }
}
