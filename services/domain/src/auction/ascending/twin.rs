//! The engine against its naive twin, on random histories of accepted and refused acts.

use super::*;
use crate::auction::{
    Admission,
    naive::{Act, Naive},
};
use chrono::TimeDelta;
use proptest::prelude::*;

/// When an act comes, told by what is near: the interesting instants are the boundaries.
#[derive(Clone, Copy, Debug)]
enum When {
    /// The same instant as the act before.
    Same,
    /// Milliseconds later (or earlier: a clock that steps back).
    After(i64),
    /// Milliseconds from the current end.
    Ends(i64),
    /// Milliseconds from the current opening.
    Opens(i64),
    /// Milliseconds from the end of the free period.
    FreeUntil(i64),
}

#[derive(Clone, Copy, Debug)]
enum Price {
    /// Steps and odd fen above the leading price (or the reserve).
    Raise(i64, i64),
    Ceiling,
    Fixed(i64),
}

#[derive(Clone, Copy, Debug)]
enum Try {
    Bid(u32, Price),
    Match(u32, Price),
    Suspend,
    Resume,
    Close,
}

fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_750_000_000_000 + ms).expect("in range")
}

fn some_terms() -> impl Strategy<Value = Terms> {
    let prices =
        (1_i64..4, prop::option::of(1_i64..4), prop::option::weighted(0.6, (0_i64..6, 0_i64..7)), any::<bool>());
    let clock = (0_i64..3_000, 0_u32..8, 0_u32..5, prop::option::of(0_u32..4));
    (prices, clock, any::<(bool, bool, bool)>()).prop_filter_map(
        "an auction has some length",
        |((step, raise, ceiling, leading), (free_ms, window, extension, cap), flags)| {
            let step = step * 6;
            // In the ladder from the leading price, the ceiling need not stand on a step.
            let (ladder, rest) =
                if leading { (Ladder::Leading { grain: Money::from_fen(2) }, 2) } else { (Ladder::Reserve, 0) };
            let terms = Terms {
                reserve: Money::from_fen(100),
                step: Money::from_fen(step),
                max_raise: raise.map(|steps| Money::from_fen(steps * step)),
                ladder,
                ceiling: ceiling.map(|(steps, grains)| Money::from_fen(100 + steps * step + grains * rest)),
                opens: instant(1_000),
                free_until: instant(1_000 + free_ms),
                limited_window_s: window,
                extension_s: extension,
                extension_cap: cap,
                in_auction_match: flags.0,
                peers: if flags.1 { Peers::Draw } else { Peers::Earlier },
                self_raise: flags.2,
            };
            terms.check().is_ok().then_some(terms)
        },
    )
}

fn some_admissions() -> impl Strategy<Value = Vec<Admission>> {
    prop::collection::vec(prop::option::of(1_u8..4), 1..6).prop_map(|ranks| {
        let admission = |(n, rank): (usize, Option<u8>)| Admission {
            bidder: BidderNumber(u32::try_from(n).expect("few")),
            rank: rank.map(Rank),
        };
        ranks.into_iter().enumerate().map(admission).collect()
    })
}

fn some_try() -> impl Strategy<Value = Try> {
    let price = prop_oneof![
        6 => (0_i64..4).prop_map(|steps| Price::Raise(steps, 0)),
        2 => (-2_i64..4, -3_i64..4).prop_map(|(steps, odd)| Price::Raise(steps, odd)),
        2 => Just(Price::Ceiling),
        1 => prop_oneof![Just(0), Just(-5), Just(100), Just(99), 0_i64..200].prop_map(Price::Fixed),
    ];
    let same_price =
        prop_oneof![5 => Just(Price::Raise(0, 0)), 1 => Just(Price::Raise(1, 0)), 1 => Just(Price::Ceiling)];
    prop_oneof![
        12 => (0_u32..6, price).prop_map(|(bidder, price)| Try::Bid(bidder, price)),
        6 => (0_u32..6, same_price).prop_map(|(bidder, price)| Try::Match(bidder, price)),
        1 => Just(Try::Suspend),
        2 => Just(Try::Resume),
        1 => Just(Try::Close),
    ]
}

fn some_when() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => Just(When::Same),
        6 => (0_i64..400).prop_map(When::After),
        1 => (-400_i64..3_000).prop_map(When::After),
        2 => (-2_i64..3).prop_map(When::Ends),
        1 => (-2_i64..3).prop_map(When::Opens),
        1 => (-2_i64..3).prop_map(When::FreeUntil),
    ]
}

/// The offer or act that a try stands for, given what leads.
fn act(attempt: Try, state: &State) -> Act {
    let amount = |price| {
        let base = state.lead().map_or(state.terms().reserve, |lead| lead.price).fen();
        Money::from_fen(match price {
            Price::Raise(steps, odd) => base + steps * state.terms().step.fen() + odd,
            Price::Ceiling => state.terms().ceiling.map_or(base, Money::fen),
            Price::Fixed(fen) => fen,
        })
    };
    match attempt {
        Try::Bid(bidder, price) => {
            Act::Offer(Offer { bidder: BidderNumber(bidder), price: amount(price), manner: Manner::Bid })
        }
        Try::Match(bidder, price) => {
            Act::Offer(Offer { bidder: BidderNumber(bidder), price: amount(price), manner: Manner::Match })
        }
        Try::Suspend => Act::Suspend,
        Try::Resume => Act::Resume,
        Try::Close => Act::Close,
    }
}

fn engine(state: &State, act: Act, now: DateTime<Utc>) -> Result<BidEvent, Refusal> {
    match act {
        Act::Offer(offer) => check(state, offer, now),
        Act::Suspend => suspend(state, now),
        Act::Resume => resume(state, now),
        Act::Close => close(state, now).map(|(event, _)| event),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_with_the_naive_auction(
        terms in some_terms(),
        admitted in some_admissions(),
        tries in prop::collection::vec((some_try(), some_when()), 1..60),
    ) {
        let start = State::new(terms.clone(), &admitted).expect("sound terms");
        let mut state = start.clone();
        let mut naive = Naive::new(terms, admitted);
        let mut now = instant(1_000);
        let mut events = Vec::new();
        for (attempt, when) in tries {
            let ms = |base: DateTime<Utc>, ms| base + TimeDelta::milliseconds(ms);
            now = match when {
                When::Same => now,
                When::After(by) => ms(now, by),
                When::Ends(by) => ms(state.ends(), by),
                When::Opens(by) => ms(state.opens(), by),
                When::FreeUntil(by) => ms(state.free_until(), by),
            };
            let act = act(attempt, &state);
            let decided = engine(&state, act, now);
            prop_assert_eq!(decided.map(|_| ()).map_err(Refusal::rule), naive.attempt(act, now), "{:?} at {}", act, now);
            let ends_before = state.ends();
            if let Ok(event) = decided {
                evolve(&mut state, &event);
                events.push(event);
            } else {
                prop_assert_eq!(state.ends(), ends_before);
            }
            prop_assert_eq!(state.lead().map(|lead| (lead.bidder, lead.price)), naive.leading().map(|lead| (lead.bidder, lead.price)));
            prop_assert_eq!(state.contenders(), naive.contenders());
            if let Some(ends) = naive.ends() {
                prop_assert_eq!(state.ends(), ends);
            }
            prop_assert_eq!(outcome(&state), naive.outcome());
            prop_assert_eq!(standings(&state), naive.places());
        }

        // The events alone lead to the same state; a snapshot does, too.
        prop_assert_eq!(&replay(start, &events).expect("the engine's own history"), &state);
        let snapshot = serde_json::to_string(&state).expect("plain data");
        prop_assert_eq!(&serde_json::from_str::<State>(&snapshot).expect("its own snapshot"), &state);
    }
}
