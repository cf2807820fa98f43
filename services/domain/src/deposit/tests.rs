//! Every phase with every command, the boundaries, and that no fen is ever lost.

use super::*;
use crate::ratio::Ratio;
use proptest::prelude::*;
use uuid::Uuid;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("in range")
}

fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

/// Of 1,000 fen, due until 100 s.
fn open(required: i64) -> Deposit {
    Deposit::open(LotId(Uuid::nil()), RegistrationId(Uuid::nil()), fen(required), at(100), &[]).expect("the first one")
}

fn act(deposit: &mut Deposit, command: Command, second: i64) -> Result<Event, String> {
    let event = decide(deposit, command, at(second)).map_err(|findings| findings[0].rule.clone())?;
    evolve(deposit, &event);
    assert!(deposit.balances());
    Ok(event)
}

fn pay(amount: i64) -> Command {
    Command::Receive { amount: fen(amount), own_account: true }
}

fn held() -> Deposit {
    let mut deposit = open(1_000);
    act(&mut deposit, pay(1_000), 1).expect("in time");
    deposit
}

fn bound() -> Deposit {
    let mut deposit = held();
    act(&mut deposit, Command::Bind, 2).expect("held");
    deposit
}

#[test]
fn money_counts_in_parts_up_to_the_sum_and_before_the_deadline() {
    let mut deposit = open(1_000);
    assert_eq!(act(&mut deposit, pay(400), 1), Ok(Event::Received { counted: fen(400), excess: fen(0) }));
    assert!(!deposit.admits());
    assert_eq!(deposit.missing(), fen(600));
    assert_eq!(act(&mut deposit, pay(0), 2), Err("deposit.amount".to_owned()));
    let foreign = Command::Receive { amount: fen(600), own_account: false };
    assert_eq!(act(&mut deposit, foreign, 2), Err("deposit.own-account".to_owned()));
    assert_eq!(act(&mut deposit, pay(600), 100), Err("deposit.late".to_owned()), "the deadline itself is out");
    assert_eq!(act(&mut deposit, pay(700), 99), Ok(Event::Received { counted: fen(600), excess: fen(100) }));
    assert!(deposit.admits());
    assert_eq!(act(&mut deposit, pay(1), 99), Err("deposit.not-due".to_owned()));
}

/// A zero deposit blocked bidding in a real system.
#[test]
fn where_none_is_asked_for_the_bidder_need_not_wait() {
    let mut deposit = open(0);
    assert!(deposit.admits());
    act(&mut deposit, Command::Bind, 1).expect("held");
    let applied = act(&mut deposit, Command::Apply { price_due: fen(500) }, 2);
    assert_eq!(applied, Ok(Event::Applied { applied: fen(0), rest: fen(0) }));
}

#[test]
fn one_for_each_bidder_and_lot() {
    let again = |others: &[Deposit], lot| {
        Deposit::open(LotId(Uuid::from_u128(lot)), RegistrationId(Uuid::nil()), fen(1), at(1), others)
    };
    assert_eq!(again(&[open(1)], 0).expect_err("a second")[0].rule, "deposit.one-per-lot");
    assert!(again(&[open(1)], 7).is_ok(), "another lot");
    let mut withdrawn = held();
    act(&mut withdrawn, Command::Release(Release::Withdrawn), 2).expect("held");
    assert!(again(&[withdrawn], 0).is_ok(), "after it went back");
    assert_eq!(
        Deposit::open(LotId(Uuid::nil()), RegistrationId(Uuid::nil()), fen(-1), at(1), &[]).expect_err("negative")[0]
            .rule,
        "deposit.amount"
    );
}

/// Losers' deposits were never released in a real system, and one was released twice.
#[test]
fn a_losers_deposit_goes_back_once_and_a_winners_does_not() {
    let mut deposit = held();
    assert_eq!(
        act(&mut deposit, Command::Release(Release::Lost), 2),
        Ok(Event::Released { amount: fen(1_000), reason: Release::Lost })
    );
    assert_eq!(act(&mut deposit, Command::Release(Release::Lost), 3), Err("deposit.phase".to_owned()));
    assert_eq!((deposit.held, deposit.released), (fen(0), fen(1_000)));

    for reason in [Release::Lost, Release::Unsold, Release::Rejected, Release::Withdrawn, Release::Incomplete] {
        assert_eq!(act(&mut bound(), Command::Release(reason), 3), Err("deposit.bound".to_owned()));
    }
    assert!(act(&mut bound(), Command::Release(Release::Terminated), 3).is_ok());
}

#[test]
fn an_incomplete_deposit_goes_back_after_the_deadline() {
    let mut deposit = open(1_000);
    act(&mut deposit, pay(400), 1).expect("in time");
    assert_eq!(act(&mut deposit, Command::Release(Release::Incomplete), 99), Err("deposit.phase".to_owned()));
    let back = Event::Released { amount: fen(400), reason: Release::Incomplete };
    assert_eq!(act(&mut deposit, Command::Release(Release::Incomplete), 100), Ok(back));
    assert_eq!(act(&mut held(), Command::Release(Release::Incomplete), 100), Err("deposit.phase".to_owned()));
}

#[test]
fn it_counts_towards_the_price_and_what_is_more_goes_back() {
    let mut deposit = bound();
    let applied = act(&mut deposit, Command::Apply { price_due: fen(700) }, 3);
    assert_eq!(applied, Ok(Event::Applied { applied: fen(700), rest: fen(300) }));
    assert_eq!((deposit.applied, deposit.released, deposit.held), (fen(700), fen(300), fen(0)));
    assert_eq!(act(&mut bound(), Command::Apply { price_due: fen(-1) }, 3), Err("deposit.phase".to_owned()));
}

#[test]
fn after_a_default_it_pays_costs_then_the_shortfall() {
    let mut deposit = bound();
    assert_eq!(
        act(&mut deposit, Command::Forfeit(Forfeit::NotPaid), 3),
        Ok(Event::Forfeited { amount: fen(1_000), reason: Forfeit::NotPaid })
    );
    let divide = Command::Divide { costs: fen(300), shortfall: fen(900) };
    let expected = Split { costs: fen(300), shortfall: fen(700), rest: fen(0), uncovered: fen(200) };
    assert_eq!(act(&mut deposit, divide, 4), Ok(Event::Divided(expected)));
    assert_eq!(act(&mut deposit, divide, 5), Err("deposit.phase".to_owned()), "once");
    assert_eq!(
        act(&mut held(), Command::Forfeit(Forfeit::NotPaid), 3),
        Err("deposit.phase".to_owned()),
        "a loser can't default"
    );
    assert!(act(&mut held(), Command::Forfeit(Forfeit::Collusion), 3).is_ok());
}

#[test]
fn every_phase_knows_which_commands_it_takes() {
    let phase = |commands: &[Command]| {
        let mut deposit = open(1_000);
        for command in commands {
            act(&mut deposit, *command, 1).expect("the way there");
        }
        deposit
    };
    let (apply, divide) = (Command::Apply { price_due: fen(1) }, Command::Divide { costs: fen(1), shortfall: fen(1) });
    let (release, forfeit) = (Command::Release(Release::Terminated), Command::Forfeit(Forfeit::NotSigned));
    let all = [pay(1), Command::Bind, release, apply, forfeit, divide];
    let full = pay(1_000);
    for (name, deposit, allowed) in [
        ("due", phase(&[]), [true, false, true, false, false, false]),
        ("held", phase(&[full]), [false, true, true, false, false, false]),
        ("bound", phase(&[full, Command::Bind]), [false, false, true, true, true, false]),
        ("released", phase(&[full, release]), [false; 6]),
        ("applied", phase(&[full, Command::Bind, apply]), [false; 6]),
        ("forfeited", phase(&[full, Command::Bind, forfeit]), [false, false, false, false, false, true]),
        ("divided", phase(&[full, Command::Bind, forfeit, divide]), [false; 6]),
    ] {
        let taken = all.map(|command| decide(&deposit, command, at(1)).is_ok());
        assert_eq!(taken, allowed, "{name}");
    }
}

#[test]
fn the_sum_lies_within_the_shares() {
    let ratio = |num, den| Ratio::new(num, den).expect("not zero");
    let shares = Shares { min: ratio(1, 10), max: ratio(1, 5), earnest: Some(ratio(1, 5)) };
    let rules = |amount, base, total| -> Vec<String> {
        check_amount(fen(amount), fen(base), fen(total), &shares).into_iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(range(fen(1_001), &shares), Some(Range { min: fen(101), max: fen(200) }));
    assert_eq!(rules(101, 1_001, 5_000), [""; 0]);
    assert_eq!(rules(100, 1_001, 5_000), ["deposit.too-low"]);
    assert_eq!(rules(201, 1_001, 5_000), ["deposit.too-high"]);
    assert_eq!(rules(101, 1_001, 500), ["deposit.earnest"]);
    assert_eq!(rules(1, -1, 500), ["deposit.base"]);
    assert_eq!(range(fen(1), &shares), Some(Range { min: fen(1), max: fen(1) }), "bounds that cross on a fen");
}

fn some_command() -> impl Strategy<Value = Command> {
    use Release::{Incomplete, Lost, Terminated};
    prop_oneof![
        4 => (-5_i64..1_500, any::<bool>()).prop_map(|(amount, own_account)| Command::Receive { amount: fen(amount), own_account }),
        2 => Just(Command::Bind),
        2 => prop_oneof![Just(Lost), Just(Terminated), Just(Incomplete)].prop_map(Command::Release),
        2 => (-5_i64..2_000).prop_map(|due| Command::Apply { price_due: fen(due) }),
        2 => prop_oneof![Just(Forfeit::NotPaid), Just(Forfeit::Collusion)].prop_map(Command::Forfeit),
        2 => (-5_i64..2_000, -5_i64..2_000).prop_map(|(costs, shortfall)| Command::Divide { costs: fen(costs), shortfall: fen(shortfall) }),
    ]
}

proptest! {
    /// Whatever is tried: what was counted is exactly what lies, went back, counted or was kept.
    #[test]
    fn no_fen_is_lost(required in 0_i64..1_200, commands in prop::collection::vec((some_command(), 0_i64..150), 0..20)) {
        let mut deposit = open(required);
        let mut counted = 0;
        for (command, second) in commands {
            if let Ok(event) = decide(&deposit, command, at(second)) {
                if let Event::Received { counted: part, .. } = &event {
                    counted += part.fen();
                }
                if let Event::Divided(split) = &event {
                    let parts = split.costs.fen() + split.shortfall.fen() + split.rest.fen();
                    prop_assert_eq!(parts, deposit.forfeited.fen());
                }
                evolve(&mut deposit, &event);
            }
            prop_assert!(deposit.balances());
            prop_assert_eq!(deposit.received.fen(), counted);
            prop_assert!(deposit.received <= deposit.required);
            prop_assert!(!deposit.admits() || deposit.held == deposit.required);
        }
    }

    /// Costs before shortfall before rest, and what is not covered is named.
    #[test]
    fn a_split_adds_up(deposit in 0_i64..1_000, costs in 0_i64..1_000, shortfall in 0_i64..1_000) {
        let split = split(fen(deposit), fen(costs), fen(shortfall));
        prop_assert_eq!(split.costs.fen() + split.shortfall.fen() + split.rest.fen(), deposit);
        prop_assert_eq!(split.costs.fen() + split.shortfall.fen() + split.uncovered.fen(), costs + shortfall);
        prop_assert!(split.shortfall == Money::ZERO || split.costs.fen() == costs);
        prop_assert!(split.rest == Money::ZERO || split.uncovered == Money::ZERO);
    }
}
