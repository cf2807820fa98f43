//! Registrations: the period, the claim, the correction, and every phase with every command.

use super::*;
use crate::auction::Rank;
use crate::lot::tests::{at_day, lot_in};
use proptest::prelude::*;
use uuid::Uuid;

const RANKS: &[Vec<PriorityHolder>] = &[];

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn filing() -> Filing<'static> {
    Filing { by: account(7), claims: None, ranks: RANKS, registered: false, transferor: false, barred: false }
}

fn announced() -> Lot {
    lot_in(LotPhase::Announced)
}

fn filed() -> Registration {
    Registration::file(&filing(), &announced(), at_day(1)).expect("within the period")
}

fn act(registration: &mut Registration, command: &Command, lot: &Lot) -> Result<Phase, String> {
    let event = decide(registration, command, lot, at_day(1)).map_err(|findings| findings[0].rule.clone())?;
    evolve(registration, &event);
    Ok(registration.phase)
}

fn review(accepted: bool) -> Command {
    Command::Review { by: account(8), accepted, reasons: "资料不全".to_owned(), priority_accepted: true }
}

fn qualified() -> Registration {
    let mut registration = filed();
    act(&mut registration, &review(true), &announced()).expect("accepted");
    act(&mut registration, &Command::HoldDeposit, &announced()).expect("held");
    registration
}

#[test]
fn one_registers_within_the_period_once_and_not_on_ones_own_lot() {
    let file = |filing: Filing<'_>, day| {
        Registration::file(&filing, &announced(), at_day(day)).map(|_| ()).map_err(|findings| findings[0].rule.clone())
    };
    assert_eq!(file(filing(), 0), Ok(()));
    assert_eq!(file(filing(), 10), Err("registration.period".to_owned()), "the closing instant is out");
    assert_eq!(file(Filing { registered: true, ..filing() }, 1), Err("registration.twice".to_owned()));
    assert_eq!(file(Filing { transferor: true, ..filing() }, 1), Err("registration.own".to_owned()));
    for phase in LotPhase::ALL.into_iter().filter(|phase| *phase != LotPhase::Announced) {
        let refused = Registration::file(&filing(), &lot_in(phase), at_day(1)).expect_err("not announced");
        assert_eq!(refused[0].rule, "registration.period", "{phase:?}");
    }
}

/// A banned winner was back on the resale in a real system.
#[test]
fn who_defaulted_stays_away_from_the_resale() {
    let refused = Registration::file(&Filing { barred: true, ..filing() }, &announced(), at_day(1));
    assert_eq!(refused.expect_err("barred")[0].rule, "registration.barred");
}

#[test]
fn a_priority_right_is_claimed_with_the_registration_and_a_rejected_claim_bids_on() {
    let ranks = [vec![PriorityHolder::Member]];
    let claiming = |evidence| Filing { claims: Some((PriorityHolder::Member, evidence)), ranks: &ranks, ..filing() };
    let refused = Registration::file(&claiming(0), &announced(), at_day(1)).expect_err("no proof");
    assert_eq!(refused[0].rule, "priority.evidence");
    for accepts in [true, false] {
        let mut registration = Registration::file(&claiming(1), &announced(), at_day(1)).expect("in time");
        let word =
            Command::Review { by: account(8), accepted: true, reasons: String::new(), priority_accepted: accepts };
        act(&mut registration, &word, &announced()).expect("accepted");
        act(&mut registration, &Command::HoldDeposit, &announced()).expect("held");
        assert!(registration.may_bid());
        assert_eq!(registration.claim.and_then(Claim::rank), accepts.then_some(Rank(1)));
    }
}

#[test]
fn review_and_deposit_qualify_in_either_order() {
    let mut registration = filed();
    assert_eq!(act(&mut registration, &Command::HoldDeposit, &announced()), Ok(Phase::Filed));
    assert!(!registration.may_bid());
    assert_eq!(act(&mut registration, &review(true), &announced()), Ok(Phase::Qualified));
    assert_eq!(qualified().phase, Phase::Qualified);
}

#[test]
fn nobody_reviews_their_own_registration_and_a_rejection_has_reasons() {
    let own = Command::Review { by: account(7), accepted: true, reasons: String::new(), priority_accepted: false };
    assert_eq!(act(&mut filed(), &own, &announced()), Err("registration.four-eyes".to_owned()));
    let silent = Command::Review { by: account(8), accepted: false, reasons: " ".to_owned(), priority_accepted: false };
    assert_eq!(act(&mut filed(), &silent, &announced()), Err("registration.reasons".to_owned()));
    assert_eq!(act(&mut filed(), &review(false), &announced()), Ok(Phase::Rejected));
}

#[test]
fn a_corrected_notice_is_confirmed_as_it_stands() {
    let corrected = Lot { revision: 2, ..announced() };
    let mut registration = qualified();
    assert_eq!(act(&mut registration, &Command::Correct, &corrected), Ok(Phase::NeedsReconfirmation));
    assert!(!registration.may_bid());
    assert_eq!(
        act(&mut registration, &Command::Confirm { revision: 1 }, &corrected),
        Err("registration.revision".to_owned())
    );
    assert_eq!(act(&mut registration, &Command::Confirm { revision: 2 }, &corrected), Ok(Phase::Confirmed));
    assert!(registration.may_bid());
    assert_eq!(registration.revision, 2);

    // Who had no deposit yet goes back to filed, and qualifies when it comes.
    let mut registration = filed();
    act(&mut registration, &review(true), &announced()).expect("accepted");
    act(&mut registration, &Command::Correct, &corrected).expect("invalidated");
    assert_eq!(act(&mut registration, &Command::Confirm { revision: 2 }, &corrected), Ok(Phase::Filed));
    assert_eq!(act(&mut registration, &Command::HoldDeposit, &corrected), Ok(Phase::Qualified));
}

#[test]
fn nothing_is_withdrawn_or_confirmed_after_the_closing() {
    let refused = |registration: &Registration, command| {
        decide(registration, &command, &announced(), at_day(10)).expect_err("closed")[0].rule.clone()
    };
    assert_eq!(refused(&qualified(), Command::Withdraw), "registration.closed");
    let mut invalidated = qualified();
    act(&mut invalidated, &Command::Correct, &announced()).expect("invalidated");
    assert_eq!(refused(&invalidated, Command::Confirm { revision: 1 }), "registration.closed");
    assert!(
        decide(&filed(), &review(true), &announced(), at_day(10)).is_ok(),
        "but reviews may end after the last filing"
    );
}

#[test]
fn every_phase_knows_which_commands_it_takes() {
    let confirm = Command::Confirm { revision: 1 };
    let with = |mut registration: Registration, commands: &[&Command]| {
        for command in commands {
            act(&mut registration, command, &announced()).expect("the way there");
        }
        registration
    };
    for (registration, allowed) in [
        (filed(), [true, true, true, false, true]),
        (qualified(), [false, false, true, false, true]),
        (with(filed(), &[&review(false)]), [false; 5]),
        (with(qualified(), &[&Command::Correct]), [false, false, false, true, true]),
        (with(filed(), &[&Command::Correct]), [true, true, false, true, true]),
        (with(qualified(), &[&Command::Correct, &confirm]), [false, false, true, false, true]),
        (with(filed(), &[&Command::Withdraw]), [false; 5]),
    ] {
        let commands = [review(true), Command::HoldDeposit, Command::Correct, confirm.clone(), Command::Withdraw];
        let taken = commands.map(|command| decide(&registration, &command, &announced(), at_day(1)).is_ok());
        assert_eq!(taken, allowed, "{:?}", registration.phase);
        for command in [review(true), Command::HoldDeposit, Command::Correct, Command::Withdraw] {
            let closed = lot_in(LotPhase::RegistrationClosed);
            assert!(
                decide(&registration, &command, &closed, at_day(1)).is_err(),
                "nothing after the lot has closed registration"
            );
        }
    }
}

proptest! {
    /// Whatever happens in whichever order: who may bid was accepted, has its deposit held, and agreed to the notice as it stands.
    #[test]
    fn who_may_bid_has_everything(steps in prop::collection::vec(0_u8..6, 0..20)) {
        let mut lot = announced();
        let mut registration = filed();
        for step in steps {
            let command = match step {
                0 => review(true),
                1 => Command::HoldDeposit,
                2 => {
                    lot.revision += 1;
                    Command::Correct
                }
                3 => Command::Confirm { revision: lot.revision },
                4 => Command::Confirm { revision: 1 },
                _ => review(false),
            };
            let _ = act(&mut registration, &command, &lot);
            if registration.may_bid() {
                prop_assert!(registration.accepted && registration.deposit_held);
                prop_assert_eq!(registration.revision, lot.revision);
            }
        }
    }
}
