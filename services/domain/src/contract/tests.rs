//! The contract's rules at their boundaries, and every phase with every command.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, n).expect("a day of June")
}

fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

/// 1,000 fen: 400 first, then 300 on the 20th and 300 on the 25th; to sign by the 10th.
fn terms() -> Terms {
    Terms {
        contract: ContractId(Uuid::from_u128(1)),
        number: "HT-1".to_owned(),
        lot: LotId(Uuid::from_u128(2)),
        transferor: PartyId(Uuid::from_u128(3)),
        transferee: PartyId(Uuid::from_u128(4)),
        total: fen(1_000),
        first_payment: fen(400),
        schedule: vec![Due { due: day(20), amount: fen(300) }, Due { due: day(25), amount: fen(300) }],
        sign_by: day(10),
        document: "ab".repeat(32),
    }
}

fn drawn() -> Contract {
    Contract::draw(terms()).expect("sound")
}

fn act(contract: &mut Contract, command: Command, on: u32) -> Result<Phase, String> {
    let event = decide(contract, command, day(on)).map_err(|findings| findings[0].rule.clone())?;
    evolve(contract, &event);
    Ok(contract.phase())
}

fn sign(side: Side) -> Command {
    Command::Sign { side, digest: terms().digest(), pay_by: day(15) }
}

fn pay(amount: i64, on: u32) -> Command {
    Command::Pay { amount: fen(amount), on: day(on) }
}

fn effective() -> Contract {
    let mut contract = drawn();
    act(&mut contract, sign(Side::Transferor), 5).expect("first");
    act(&mut contract, sign(Side::Transferee), 6).expect("second");
    contract
}

#[test]
fn either_side_signs_first_and_both_make_it_effective() {
    let mut contract = drawn();
    assert_eq!(act(&mut contract, sign(Side::Transferee), 10), Ok(Phase::SignedByTransferee));
    assert_eq!(act(&mut contract, sign(Side::Transferee), 10), Err("contract.signed-twice".to_owned()));
    assert!(contract.rows(day(30)).is_empty(), "nothing is due before it is effective");
    assert_eq!(act(&mut contract, sign(Side::Transferor), 11), Err("contract.signing-late".to_owned()));
    assert_eq!(act(&mut contract, sign(Side::Transferor), 10), Ok(Phase::Effective));
    assert_eq!(contract.pay_by(), Some(day(15)));
}

#[test]
fn a_signature_is_of_exactly_these_terms() {
    let other = Terms { total: fen(999), ..terms() };
    let forged = Command::Sign { side: Side::Transferor, digest: other.digest(), pay_by: day(15) };
    assert_eq!(act(&mut drawn(), forged, 5), Err("contract.digest".to_owned()));
}

#[test]
fn money_counts_up_to_the_total() {
    let mut contract = effective();
    assert_eq!(act(&mut contract, pay(0, 7), 7), Err("contract.payment".to_owned()));
    assert_eq!(act(&mut contract, pay(399, 7), 7), Ok(Phase::Effective));
    assert!(!contract.first_paid());
    assert_eq!(act(&mut contract, pay(1, 15), 15), Ok(Phase::Effective));
    assert!(contract.first_paid());
    assert_eq!(act(&mut contract, Command::Perform, 15), Err("contract.unpaid".to_owned()));
    let event = decide(&contract, pay(700, 19), day(19)).expect("counts");
    assert_eq!(event, Event::Paid { counted: fen(600), excess: fen(100), on: day(19) });
    evolve(&mut contract, &event);
    assert_eq!((contract.paid(), contract.outstanding()), (fen(1_000), fen(0)));
    assert_eq!(act(&mut contract, Command::Perform, 26), Ok(Phase::Performed));
}

#[test]
fn who_has_not_signed_or_paid_by_the_day_after_the_deadline_defaults() {
    let default = |side, reason| Command::Default { side, reason };
    let none = || Err("contract.no-default".to_owned());
    let mut contract = drawn();
    act(&mut contract, sign(Side::Transferor), 5).expect("first");
    for (side, on) in [(Side::Transferee, 10), (Side::Transferor, 11)] {
        assert_eq!(act(&mut contract, default(side, Breach::NotSigned), on), none());
    }
    assert_eq!(act(&mut contract, default(Side::Transferee, Breach::NotPaid), 11), none(), "nothing is due yet");
    assert_eq!(act(&mut contract, default(Side::Transferee, Breach::NotSigned), 11), Ok(Phase::Defaulted));

    let mut contract = effective();
    assert_eq!(act(&mut contract, default(Side::Transferee, Breach::NotPaid), 15), none());
    assert_eq!(act(&mut contract, default(Side::Transferor, Breach::NotPaid), 16), none());
    assert_eq!(act(&mut contract, default(Side::Transferee, Breach::NotSigned), 16), none());
    let arrears = schedule::Arrears { overdue: fen(400), since: Some(day(15)) };
    assert_eq!(contract.arrears(day(16)), arrears);
    assert_eq!(act(&mut contract, default(Side::Transferee, Breach::NotPaid), 16), Ok(Phase::Defaulted));
}

#[test]
fn every_phase_knows_which_commands_it_takes() {
    let terminate = || Command::Terminate { reason: "双方协商".to_owned() };
    let phase = |commands: Vec<Command>| {
        let mut contract = drawn();
        for command in commands {
            act(&mut contract, command, 5).expect("the way there");
        }
        contract
    };
    let both = || vec![sign(Side::Transferor), sign(Side::Transferee)];
    let paid = || [both(), vec![pay(1_000, 5)]].concat();
    let defaulted = || {
        let mut contract = drawn();
        act(&mut contract, Command::Default { side: Side::Transferor, reason: Breach::NotSigned }, 11).expect("late");
        contract
    };
    for (contract, allowed) in [
        (phase(vec![]), [true, true, false, false, true]),
        (phase(vec![sign(Side::Transferor)]), [false, true, false, false, true]),
        (phase(vec![sign(Side::Transferee)]), [true, false, false, false, true]),
        (phase(both()), [false, false, true, false, true]),
        (phase(paid()), [false, false, true, true, true]),
        (phase([paid(), vec![Command::Perform]].concat()), [false; 5]),
        (phase(vec![terminate()]), [false; 5]),
        (defaulted(), [false; 5]),
    ] {
        let commands = [sign(Side::Transferor), sign(Side::Transferee), pay(1, 5), Command::Perform, terminate()];
        let taken = commands.map(|command| decide(&contract, command, day(5)).is_ok());
        assert_eq!(taken, allowed, "{:?}", contract.phase());
    }
}

#[test]
fn unsound_terms_are_refused_by_name() {
    let rules = |terms: Terms| Contract::draw(terms).expect_err("unsound")[0].rule.clone();
    assert_eq!(rules(Terms { total: fen(999), ..terms() }), "contract.schedule-sum");
    assert_eq!(rules(Terms { first_payment: fen(-200), total: fen(400), ..terms() }), "contract.schedule-sum");
    let mut backwards = terms();
    backwards.schedule.reverse();
    assert_eq!(rules(backwards), "contract.schedule-order");
    assert_eq!(rules(Terms { transferee: terms().transferor, ..terms() }), "contract.parties");
}

proptest! {
    /// Whatever is paid in whichever order: paid + outstanding is the total, and the rows add up to what was paid.
    #[test]
    fn payments_add_up(payments in prop::collection::vec((1_i64..500, 1_u32..30), 0..8)) {
        let mut contract = effective();
        let mut sent = 0;
        for (amount, on) in payments {
            act(&mut contract, pay(amount, on), on).expect("effective");
            sent += amount;
        }
        prop_assert_eq!(contract.paid().fen(), sent.min(1_000));
        prop_assert_eq!(contract.paid().fen() + contract.outstanding().fen(), 1_000);
        let rows: i64 = contract.rows(day(30)).iter().map(|row| row.paid.fen()).sum();
        prop_assert_eq!(rows, contract.paid().fen());
    }
}
