//! The tables of the window, row by row, and all small cases against a list that is simply sorted.

use super::*;
use proptest::prelude::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("in range")
}

fn n(number: u32) -> BidderNumber {
    BidderNumber(number)
}

const PRICE: Money = Money::from_fen(50_000);

/// Winner 1, then 2; holders 11 and 12 of rank 1, 21 of rank 2. The window ends at 100 s.
fn window(peers: Peers, winner_rank: Option<Rank>) -> Window {
    let holders = [(n(11), Rank(1)), (n(12), Rank(1)), (n(21), Rank(2))];
    Window::new(PRICE, at(100), peers, vec![n(1), n(2)], winner_rank, &holders)
}

fn act(window: &mut Window, command: Command, second: i64) -> Result<Award, String> {
    let event = decide(window, command, at(second)).map_err(|findings| findings[0].rule.clone())?;
    evolve(window, &event);
    Ok(window.award())
}

fn exercise(bidder: u32) -> Command {
    Command::Exercise { bidder: n(bidder), price: PRICE }
}

fn to(bidder: u32, by_priority: bool) -> Result<Award, String> {
    Ok(Award::To { bidder: n(bidder), by_priority })
}

const END: Command = Command::End { drawn: None };

#[test]
fn the_best_rank_takes_it_and_defaults_pass_it_down_to_unsold() {
    let mut window = window(Peers::Earlier, None);
    for bidder in [21, 12, 11] {
        assert_eq!(act(&mut window, exercise(bidder), 1), Ok(Award::Pending));
    }
    assert_eq!(act(&mut window, END, 2), to(12, true), "all have answered; of rank 1 the first to answer");
    let defaulted = |bidder| Command::Default { bidder: n(bidder) };
    assert_eq!(act(&mut window, defaulted(11), 3), Err("priority.not-the-taker".to_owned()));
    assert_eq!(act(&mut window, defaulted(12), 3), to(11, true));
    assert_eq!(act(&mut window, defaulted(11), 4), to(21, true));
    assert_eq!(act(&mut window, defaulted(21), 5), to(1, false));
    assert_eq!(act(&mut window, defaulted(1), 6), to(2, false));
    assert_eq!(act(&mut window, defaulted(2), 7), Ok(Award::Unsold));
    assert_eq!(act(&mut window, defaulted(2), 8), Err("priority.not-the-taker".to_owned()));
}

#[test]
fn silence_is_a_waiver_and_the_winner_keeps_it() {
    let mut window = window(Peers::Earlier, None);
    assert_eq!(act(&mut window, Command::Waive { bidder: n(11) }, 1), Ok(Award::Pending));
    assert_eq!(act(&mut window, END, 99), Err("priority.running".to_owned()));
    assert_eq!(act(&mut window, END, 100), to(1, false));
    assert_eq!(act(&mut window, END, 101), Err("priority.ended".to_owned()));
    assert_eq!(act(&mut window, exercise(12), 101), Err("priority.ended".to_owned()));
}

#[test]
fn answers_count_within_the_window_once_at_the_final_price() {
    let mut window = window(Peers::Earlier, None);
    assert_eq!(act(&mut window, exercise(1), 1), Err("priority.no-right".to_owned()), "the winner itself");
    assert_eq!(act(&mut window, exercise(2), 1), Err("priority.no-right".to_owned()));
    let wrong = Command::Exercise { bidder: n(11), price: Money::from_fen(49_999) };
    assert_eq!(act(&mut window, wrong, 1), Err("priority.price".to_owned()));
    assert_eq!(act(&mut window, exercise(11), 100), Err("priority.ended".to_owned()), "the end itself is out");
    assert_eq!(act(&mut window, exercise(11), 99), Ok(Award::Pending));
    assert_eq!(act(&mut window, Command::Waive { bidder: n(11) }, 99), Err("priority.answered".to_owned()));
}

#[test]
fn a_winner_with_a_right_is_displaced_by_better_ranks_only() {
    let able = |rank| window(Peers::Earlier, rank).holders().iter().map(|holder| holder.bidder.0).collect::<Vec<_>>();
    assert_eq!(able(None), [11, 12, 21]);
    assert_eq!(able(Some(Rank(3))), [11, 12, 21]);
    assert_eq!(able(Some(Rank(2))), [11, 12]);
    assert_eq!(able(Some(Rank(1))), [0; 0]);
    let mut window = window(Peers::Earlier, Some(Rank(1)));
    assert_eq!(act(&mut window, END, 0), to(1, false), "with nobody to wait for it ends at once");
}

#[test]
fn equal_ranks_are_drawn_for_where_the_rulebook_says_so() {
    let mut window = window(Peers::Draw, None);
    for bidder in [11, 12, 21] {
        act(&mut window, exercise(bidder), 1).expect("in time");
    }
    let drawn = |order: &[u32]| Command::End { drawn: Some(order.iter().copied().map(BidderNumber).collect()) };
    assert!(window.needs_draw());
    for wrong in [END, drawn(&[12, 11]), drawn(&[12, 11, 1]), drawn(&[12, 11, 21, 1]), drawn(&[12, 12, 21])] {
        assert_eq!(act(&mut window, wrong, 2), Err("priority.draw".to_owned()));
    }
    assert_eq!(act(&mut window, drawn(&[21, 12, 11]), 2), to(12, true), "the draw decides within a rank only");
    assert_eq!(act(&mut window, Command::Default { bidder: n(12) }, 3), to(11, true));
}

proptest! {
    /// Whoever answers what in which order, the line is: exercised by rank and time, then winner, then next; each default moves on by one.
    #[test]
    fn the_line_is_a_sorted_list(
        ranks in prop::collection::vec(1_u8..4, 0..6),
        winner_rank in prop::option::of(1_u8..4),
        answers in prop::collection::vec((0_u32..8, any::<bool>()), 0..12),
        next in 0_u32..3,
    ) {
        let holders: Vec<_> = ranks.iter().zip(100..).map(|(rank, number)| (n(number), Rank(*rank))).collect();
        let bidders: Vec<_> = (1..=1 + next).map(n).collect();
        let mut window = Window::new(PRICE, at(100), Peers::Earlier, bidders.clone(), winner_rank.map(Rank), &holders);
        let mut answered: Vec<BidderNumber> = Vec::new();
        let mut line: Vec<(u8, usize, BidderNumber)> = Vec::new();
        for (who, takes) in answers {
            let bidder = n(100 + who);
            let holder = holders.iter().find(|(number, _)| *number == bidder);
            let able = holder.is_some_and(|(_, rank)| winner_rank.is_none_or(|winner| rank.0 < winner));
            let command = if takes { exercise(bidder.0) } else { Command::Waive { bidder } };
            let accepted = act(&mut window, command, 1).is_ok();
            prop_assert_eq!(accepted, able && !answered.contains(&bidder));
            if accepted {
                answered.push(bidder);
                if let (true, Some((_, rank))) = (takes, holder) {
                    line.push((rank.0, answered.len(), bidder));
                }
            }
        }
        line.sort_unstable();
        let by_right = line.len();
        let expected: Vec<_> = line.into_iter().map(|(_, _, bidder)| bidder).chain(bidders).collect();
        act(&mut window, END, 100).expect("its time is up");
        for (place, bidder) in expected.iter().enumerate() {
            prop_assert_eq!(window.award(), Award::To { bidder: *bidder, by_priority: place < by_right });
            act(&mut window, Command::Default { bidder: *bidder }, 200).expect("the taker");
        }
        prop_assert_eq!(window.award(), Award::Unsold);
    }
}
