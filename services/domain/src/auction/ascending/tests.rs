//! The rules one by one, at their boundaries; each is told as a person would.

use super::*;
use crate::auction::Admission;
use chrono::TimeDelta;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000 + seconds, 0).expect("in range")
}

fn yuan(amount: i64) -> Money {
    Money::from_yuan(amount).expect("small")
}

/// Opens at 0 s, free for an hour, then five minutes; one minute of extension; reserve 500 yuan, step 10 yuan.
fn terms() -> Terms {
    Terms {
        reserve: yuan(500),
        step: yuan(10),
        ladder: Ladder::Reserve,
        max_raise: None,
        ceiling: None,
        opens: at(0),
        free_until: at(3_600),
        limited_window_s: 300,
        extension_s: 60,
        extension_cap: None,
        in_auction_match: true,
        peers: Peers::Earlier,
        self_raise: false,
    }
}

/// An auction of bidders 1 to 4 without rights, 11 and 12 of rank 1, 21 of rank 2.
struct Room(State);

impl Room {
    fn new(terms: Terms) -> Self {
        let plain = (1..=4).map(|n| Admission { bidder: BidderNumber(n), rank: None });
        let holders =
            [(11, 1), (12, 1), (21, 2)].map(|(n, rank)| Admission { bidder: BidderNumber(n), rank: Some(Rank(rank)) });
        let admitted: Vec<_> = plain.chain(holders).collect();
        Self(State::new(terms, &admitted).expect("sound terms"))
    }

    fn offer(&mut self, second: i64, bidder: u32, price: i64, manner: Manner) -> Result<(), &'static str> {
        let offer = Offer { bidder: BidderNumber(bidder), price: yuan(price), manner };
        let event = check(&self.0, offer, at(second)).map_err(Refusal::rule)?;
        evolve(&mut self.0, &event);
        Ok(())
    }

    fn bid(&mut self, second: i64, bidder: u32, price: i64) -> Result<(), &'static str> {
        self.offer(second, bidder, price, Manner::Bid)
    }

    fn matches(&mut self, second: i64, bidder: u32, price: i64) -> Result<(), &'static str> {
        self.offer(second, bidder, price, Manner::Match)
    }

    fn leader(&self) -> Option<(u32, i64)> {
        self.0.lead().map(|lead| (lead.bidder.0, lead.price.fen() / 100))
    }

    fn close(&mut self, second: i64) -> Result<Outcome, &'static str> {
        let (event, outcome) = close(&self.0, at(second)).map_err(Refusal::rule)?;
        evolve(&mut self.0, &event);
        Ok(outcome)
    }
}

#[test]
fn an_offer_counts_from_the_opening_instant_and_no_longer_at_the_closing_instant() {
    let mut room = Room::new(terms());
    assert_eq!(room.bid(-1, 1, 500), Err("auction.not-open"));
    assert_eq!(room.bid(0, 1, 500), Ok(()));
    assert_eq!(room.bid(3_900, 2, 510), Err("auction.ended"));
    let last_millisecond = at(3_900) - TimeDelta::milliseconds(1);
    let offer = Offer { bidder: BidderNumber(2), price: yuan(510), manner: Manner::Bid };
    assert!(check(&room.0, offer, last_millisecond).is_ok());
}

#[test]
fn amounts_are_the_reserve_plus_whole_steps() {
    let mut room = Room::new(terms());
    assert_eq!(room.bid(1, 1, 490), Err("auction.below-reserve"));
    assert_eq!(room.bid(1, 1, 505), Err("auction.off-step"));
    assert_eq!(room.bid(1, 1, 500), Ok(()), "the first bid may be the reserve");
    assert_eq!(room.bid(2, 2, 500), Err("auction.not-higher"));
    assert_eq!(room.bid(2, 2, 515), Err("auction.off-step"));
    assert_eq!(room.bid(2, 2, 550), Ok(()), "several steps at once");
    let huge = Offer { bidder: BidderNumber(1), price: Money::from_fen(i64::MAX), manner: Manner::Bid };
    assert_eq!(check(&room.0, huge, at(3)).map_err(Refusal::rule), Err("auction.off-step"));
    let negative = Offer { bidder: BidderNumber(1), price: Money::from_fen(i64::MIN), manner: Manner::Bid };
    assert_eq!(check(&room.0, negative, at(3)).map_err(Refusal::rule), Err("auction.below-reserve"));
}

/// Increments checked with a float remainder refuse 0.30 = 3 x 0.10 in some systems; integers don't.
#[test]
fn steps_of_odd_fen_are_exact_for_a_thousand_bids() {
    let mut room = Room::new(Terms { reserve: Money::from_fen(10), step: Money::from_fen(10), ..terms() });
    for k in 0..1_000 {
        let bidder = BidderNumber(if k % 2 == 0 { 1 } else { 2 });
        let offer = Offer { bidder, price: Money::from_fen(10 + 10 * k), manner: Manner::Bid };
        let event = check(&room.0, offer, at(1)).expect("on the ladder");
        evolve(&mut room.0, &event);
    }
    assert_eq!((room.0.offers(), room.0.bidders()), (1_000, 2));
}

#[test]
fn where_steps_count_from_the_leading_price_any_whole_grain_above_a_step_counts() {
    let ladder = Ladder::Leading { grain: yuan(1) };
    let mut room = Room::new(Terms { ladder, ceiling: Some(yuan(535)), ..terms() });
    assert_eq!(room.bid(1, 1, 503), Ok(()), "the first bid: the reserve and any whole yuan");
    assert_eq!(room.bid(2, 2, 512), Err("auction.step-too-small"));
    let half = Offer { bidder: BidderNumber(2), price: Money::from_fen(51_350), manner: Manner::Bid };
    assert_eq!(check(&room.0, half, at(2)).map_err(Refusal::rule), Err("auction.off-step"));
    assert_eq!(room.bid(2, 2, 513), Ok(()));
    assert_eq!(room.bid(3, 1, 529), Ok(()));
    assert_eq!(room.0.least_bid(), Some(yuan(535)), "less than a step is left below the ceiling");
    assert_eq!(room.bid(4, 2, 534), Err("auction.step-too-small"));
    assert_eq!(room.bid(4, 2, 535), Ok(()));
}

#[test]
fn one_bid_adds_at_most_the_greatest_raise() {
    let mut room = Room::new(Terms { max_raise: Some(yuan(30)), ..terms() });
    assert_eq!(room.bid(1, 1, 540), Err("auction.raise-too-large"));
    assert_eq!(room.bid(1, 1, 530), Ok(()));
    assert_eq!(room.bid(2, 2, 570), Err("auction.raise-too-large"));
    assert_eq!(room.bid(2, 2, 560), Ok(()));
}

#[test]
fn the_leader_does_not_raise_itself_unless_the_rulebook_allows_it() {
    let mut room = Room::new(terms());
    assert_eq!(room.bid(1, 1, 500), Ok(()));
    assert_eq!(room.bid(2, 1, 510), Err("auction.already-leading"));
    let mut room = Room::new(Terms { self_raise: true, ..terms() });
    assert_eq!(room.bid(1, 1, 500), Ok(()));
    assert_eq!(room.bid(2, 1, 510), Ok(()));
    assert_eq!(room.0.bidders(), 1, "one bidder, however often");
}

#[test]
fn only_admitted_numbers_bid() {
    assert_eq!(Room::new(terms()).bid(1, 99, 500), Err("auction.not-admitted"));
}

#[test]
fn a_bid_in_the_free_period_moves_nothing_and_in_the_limited_period_the_end() {
    let mut room = Room::new(terms());
    room.bid(3_599, 1, 500).expect("free period");
    assert_eq!(room.0.ends(), at(3_900));
    room.bid(3_600, 2, 510).expect("first instant of the limited period");
    assert_eq!(room.0.ends(), at(3_900), "already later than bid + extension");
    room.bid(3_880, 1, 520).expect("limited period");
    assert_eq!(room.0.ends(), at(3_940));
    room.bid(3_939, 2, 530).expect("limited period");
    assert_eq!((room.0.ends(), room.0.extensions()), (at(3_999), 2));
}

/// A refused low bid extended the clock in a real system.
#[test]
fn a_refused_bid_never_moves_the_end() {
    let mut room = Room::new(terms());
    room.bid(1, 1, 500).expect("accepted");
    for (bidder, price) in [(2, 400), (2, 500), (2, 505), (1, 510), (99, 510)] {
        assert!(room.bid(3_899, bidder, price).is_err());
        assert_eq!(room.0.ends(), at(3_900));
    }
}

#[test]
fn extensions_end_where_the_rulebook_published_a_cap() {
    let mut room = Room::new(Terms { extension_cap: Some(1), ..terms() });
    room.bid(3_890, 1, 500).expect("accepted");
    assert_eq!(room.0.ends(), at(3_950));
    room.bid(3_949, 2, 510).expect("accepted");
    assert_eq!(room.0.ends(), at(3_950), "the cap is used up");
    assert_eq!(room.bid(3_950, 1, 520), Err("auction.ended"));
}

#[test]
fn without_a_limited_period_the_auction_ends_with_the_free_period() {
    let mut room = Room::new(Terms { limited_window_s: 0, ..terms() });
    room.bid(3_599, 1, 500).expect("accepted");
    assert_eq!(room.bid(3_600, 2, 510), Err("auction.ended"));
}

#[test]
fn nobody_goes_above_the_ceiling_and_equal_offers_at_it_are_drawn_for() {
    let mut room = Room::new(Terms { ceiling: Some(yuan(520)), ..terms() });
    assert_eq!(room.bid(3_700, 1, 530), Err("auction.above-ceiling"));
    room.bid(3_890, 1, 520).expect("accepted");
    assert_eq!(room.0.ends(), at(3_950), "the first bid of the ceiling still moves the end");
    assert_eq!(room.bid(3_891, 1, 520), Err("auction.already-at-ceiling"));
    assert_eq!(room.bid(3_891, 2, 510), Err("auction.not-higher"));
    room.bid(3_940, 2, 520).expect("stands beside the first");
    room.bid(3_949, 4, 520).expect("stands beside the first");
    assert_eq!(room.0.ends(), at(3_950), "equal offers can't be answered and move nothing");
    assert_eq!(room.0.least_bid(), None);
    let equal = [1, 2, 4].map(BidderNumber).to_vec();
    assert_eq!(room.close(3_950), Ok(Outcome::Draw { price: yuan(520), equal }));

    let sale = award_drawn(&room.0, &[4, 1, 2].map(BidderNumber)).expect("exactly those");
    assert_eq!((sale.winner, sale.by_draw, sale.single_bidder), (BidderNumber(4), true, false));
    assert_eq!(sale.runner_up.map(|place| place.bidder), Some(BidderNumber(1)));
    for wrong in [&[4, 1][..], &[4, 1, 2, 2], &[4, 1, 3], &[]] {
        let order: Vec<_> = wrong.iter().copied().map(BidderNumber).collect();
        assert_eq!(award_drawn(&room.0, &order), Err(Refusal::NotTheDraw));
    }
}

#[test]
fn a_holder_at_the_ceiling_goes_before_those_without_a_right() {
    let mut room = Room::new(Terms { ceiling: Some(yuan(500)), ..terms() });
    room.bid(1, 1, 500).expect("accepted");
    room.bid(2, 21, 500).expect("stands, and leads by its right");
    room.bid(3, 2, 500).expect("stands behind");
    room.bid(4, 12, 500).expect("stands, and leads by its better right");
    room.bid(5, 11, 500).expect("equal right, but later");
    let Ok(Outcome::Sold(sale)) = room.close(3_900) else { panic!("rank and time decide") };
    assert_eq!((sale.winner, sale.by_priority), (BidderNumber(12), true));
    let line: Vec<_> = standings(&room.0).iter().map(|place| place.bidder.0).collect();
    assert_eq!(line, [12, 11, 21, 1, 2], "by rank, then by time");
}

#[test]
fn a_holder_matches_and_leads_and_may_be_outbid() {
    let mut room = Room::new(terms());
    assert_eq!(room.matches(1, 11, 500), Err("auction.match-nothing"));
    room.bid(1, 1, 500).expect("accepted");
    assert_eq!(room.matches(2, 2, 500), Err("auction.match-without-right"));
    assert_eq!(room.matches(2, 11, 510), Err("auction.match-price-moved"));
    room.matches(2, 21, 500).expect("leads");
    assert_eq!(room.leader(), Some((21, 500)));
    assert_eq!(room.matches(3, 21, 500), Err("auction.match-own"));
    room.matches(4, 11, 500).expect("a better right");
    assert_eq!(room.matches(5, 21, 500), Err("auction.match-outranked"));
    assert_eq!(room.matches(5, 12, 500), Err("auction.match-outranked"), "equal right, but later");
    room.bid(6, 1, 510).expect("after a match anybody may go higher");
    assert_eq!(room.matches(7, 11, 500), Err("auction.match-price-moved"));
    room.matches(7, 12, 510).expect("leads");
    let Ok(Outcome::Sold(sale)) = room.close(3_900) else { panic!("sold") };
    assert_eq!((sale.winner, sale.price, sale.by_priority), (BidderNumber(12), yuan(510), true));
    assert_eq!(sale.runner_up.map(|place| (place.bidder, place.price)), Some((BidderNumber(1), yuan(510))));
}

#[test]
fn a_match_in_the_limited_period_gives_others_time_to_answer() {
    let mut room = Room::new(terms());
    room.bid(1, 1, 500).expect("accepted");
    room.matches(3_899, 11, 500).expect("leads");
    assert_eq!(room.0.ends(), at(3_959));
}

#[test]
fn peers_are_drawn_for_where_the_rulebook_says_so_and_any_of_them_may_go_higher() {
    let mut room = Room::new(Terms { peers: Peers::Draw, ..terms() });
    room.bid(1, 1, 500).expect("accepted");
    room.matches(2, 11, 500).expect("leads");
    room.matches(3, 12, 500).expect("stands beside");
    assert_eq!(room.matches(4, 12, 500), Err("auction.match-own"));
    assert_eq!(room.matches(4, 21, 500), Err("auction.match-outranked"));
    assert_eq!(room.0.contenders(), [11, 12].map(BidderNumber));
    let mut other = Room(room.0.clone());
    let equal = [11, 12].map(BidderNumber).to_vec();
    assert_eq!(room.close(3_900), Ok(Outcome::Draw { price: yuan(500), equal }));
    other.bid(5, 11, 510).expect("does not lead alone, so may break the tie");
    assert_eq!(other.leader(), Some((11, 510)));
    assert_eq!(other.bid(6, 11, 520), Err("auction.already-leading"));
}

#[test]
fn without_the_match_rights_wait_for_the_window_after_the_close() {
    let mut room = Room::new(Terms { in_auction_match: false, ceiling: Some(yuan(500)), ..terms() });
    room.bid(1, 1, 500).expect("accepted");
    assert_eq!(room.matches(2, 11, 500), Err("auction.match-not-offered"));
    room.bid(3, 11, 500).expect("as anybody");
    let equal = [1, 11].map(BidderNumber).to_vec();
    assert_eq!(room.close(3_900), Ok(Outcome::Draw { price: yuan(500), equal }));
}

#[test]
fn a_suspension_moves_what_had_not_yet_come() {
    let mut room = Room::new(terms());
    room.bid(10, 1, 500).expect("accepted");
    let event = suspend(&room.0, at(100)).expect("running");
    evolve(&mut room.0, &event);
    assert_eq!(room.bid(101, 2, 510), Err("auction.suspended"));
    assert_eq!(room.close(10_000), Err("auction.suspended"), "it can't close while it stands still");
    assert_eq!(suspend(&room.0, at(101)), Err(Refusal::Suspended));
    let event = resume(&room.0, at(10_100)).expect("suspended");
    evolve(&mut room.0, &event);
    assert_eq!((room.0.opens(), room.0.free_until(), room.0.ends()), (at(0), at(13_600), at(13_900)));
    assert_eq!(resume(&room.0, at(10_101)), Err(Refusal::NotSuspended));
    room.bid(13_899, 2, 510).expect("limited period");
    assert_eq!(room.0.ends(), at(13_959));
    assert_eq!(suspend(&room.0, at(13_959)), Err(Refusal::Ended { ends: at(13_959) }));
}

#[test]
fn a_clock_that_steps_back_decides_nothing() {
    let mut room = Room::new(terms());
    room.bid(10, 1, 500).expect("accepted");
    assert_eq!(room.bid(9, 2, 510), Err("auction.clock"));
    assert_eq!(room.close(9), Err("auction.clock"));
    assert_eq!(room.bid(10, 2, 510), Ok(()), "the same instant is no step back");
}

#[test]
fn closes_once_and_not_before_the_end() {
    let mut room = Room::new(terms());
    assert_eq!(room.close(3_899), Err("auction.running"));
    assert_eq!(room.close(3_900), Ok(Outcome::Unsold));
    assert_eq!(room.close(3_901), Err("auction.ended"));
    assert_eq!(room.bid(3_901, 1, 500), Err("auction.ended"));
}

#[test]
fn a_single_bidder_is_named_as_such() {
    let mut room = Room::new(terms());
    room.bid(1, 3, 500).expect("accepted");
    let Ok(Outcome::Sold(sale)) = room.close(3_900) else { panic!("sold") };
    assert!(sale.single_bidder && sale.runner_up.is_none());
}

#[test]
fn a_forged_history_is_found_out() {
    let mut room = Room::new(terms());
    let start = room.0.clone();
    let mut events = Vec::new();
    for (bidder, price) in [(1, 500), (2, 510), (1, 520)] {
        let offer = Offer { bidder: BidderNumber(bidder), price: yuan(price), manner: Manner::Bid };
        let event = check(&room.0, offer, at(3_880)).expect("counts");
        evolve(&mut room.0, &event);
        events.push(event);
    }
    assert_eq!(replay(start.clone(), &events), Ok(room.0.clone()));

    let mut without = events.clone();
    without.remove(1);
    assert_eq!(
        replay(start.clone(), &without).map_err(|d| (d.index, d.refusal)),
        Err((1, Some(Refusal::AlreadyLeading)))
    );

    let mut longer = events;
    if let BidEvent::Offered { ends, .. } = &mut longer[2] {
        *ends += TimeDelta::seconds(1);
    }
    assert_eq!(replay(start, &longer), Err(Divergence { index: 2, refusal: None }));
}

#[test]
fn unsound_terms_are_refused_by_name() {
    let rules = |terms: Terms| -> Vec<String> {
        terms.check().expect_err("unsound").into_iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(Terms { reserve: Money::ZERO, ..terms() }), ["auction.terms.reserve"]);
    assert_eq!(rules(Terms { step: Money::ZERO, ..terms() }), ["auction.terms.step"]);
    assert_eq!(rules(Terms { ceiling: Some(yuan(505)), ..terms() }), ["auction.terms.ceiling"]);
    assert_eq!(rules(Terms { ceiling: Some(yuan(490)), ..terms() }), ["auction.terms.ceiling"]);
    assert_eq!(rules(Terms { max_raise: Some(yuan(5)), ..terms() }), ["auction.terms.max-raise"]);
    assert_eq!(rules(Terms { max_raise: Some(yuan(15)), ..terms() }), ["auction.terms.max-raise"]);
    let coarse = Ladder::Leading { grain: yuan(3) };
    assert_eq!(rules(Terms { ladder: coarse, ..terms() }), ["auction.terms.grain"]);
    assert_eq!(rules(Terms { ladder: Ladder::Leading { grain: Money::ZERO }, ..terms() }), ["auction.terms.grain"]);
    assert_eq!(rules(Terms { free_until: at(-1), ..terms() }), ["auction.terms.periods"]);
    assert_eq!(rules(Terms { free_until: at(0), limited_window_s: 0, ..terms() }), ["auction.terms.periods"]);
    let twice = [Admission { bidder: BidderNumber(1), rank: None }; 2];
    assert_eq!(State::new(terms(), &twice).expect_err("twice")[0].rule, "auction.terms.numbers");
}

#[test]
fn a_refusal_says_what_to_do_in_both_languages() {
    let mut room = Room::new(terms());
    room.bid(1, 1, 500).expect("accepted");
    let offer = Offer { bidder: BidderNumber(2), price: yuan(505), manner: Manner::Bid };
    let findings = decide(&room.0, offer, at(2)).expect_err("off the ladder");
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].rule.as_str(), findings[0].field.as_deref()), ("auction.off-step", Some("price")));
    assert_eq!(findings[0].facts.get("below-fen").map(String::as_str), Some("50000"));
    assert!(findings[0].refuses() && !findings[0].message.zh.is_empty() && !findings[0].remedy.en.is_empty());
}
