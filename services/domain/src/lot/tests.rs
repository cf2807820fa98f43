//! Every phase with every command, each rule at its boundary, and whole lives of lots at random.

use super::*;
use crate::finding::{Finding, Text};
use crate::ratio::Ratio;
use crate::rulebook::values::{Relisting, SingleBidder};
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

/// Midnight in Beijing, so many days after 1 June 2025.
pub(super) fn at_day(days: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2025-06-01T00:00:00+08:00").expect("an instant").to_utc() + TimeDelta::days(days)
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 1).expect("a day") + TimeDelta::days(n)
}

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn registration(n: u128) -> RegistrationId {
    RegistrationId(Uuid::from_u128(n))
}

fn decision(n: u128) -> Option<DecisionId> {
    Some(DecisionId(Uuid::from_u128(n)))
}

fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

fn ratio(num: u32, den: u32) -> Ratio {
    Ratio::new(num, den).expect("not zero")
}

pub(super) fn rules() -> LotRules {
    use StopReason::*;
    LotRules {
        decision_needed: true,
        township_review: true,
        county_review: true,
        material: vec!["price.reserve".to_owned(), "term".to_owned()],
        reconfirm_minor: true,
        bidders_at_least: 2,
        fewer_bidders: SingleBidder::Negotiate,
        exercise_window: true,
        next_bidder: true,
        suspension: vec![TitleDispute, AuthorityOrder, SystemFailure, Intrusion, ForceMajeure],
        termination: vec![ObjectionUpheld, AssetLost, Withdrawn],
        relisting: Relisting { each: ratio(1, 10), cuts: 2, all: ratio(1, 5), new_decision: true },
    }
}

/// Ten days of announcement, the auction a day later, free for an hour.
fn schedule(from: i64) -> Schedule {
    Schedule {
        announced_at: at_day(from),
        registration_closes: at_day(from + 10),
        auction_opens: at_day(from + 11),
        free_until: at_day(from + 11) + TimeDelta::hours(1),
        limited_seconds: 300,
        extension_seconds: 60,
    }
}

fn submit(reserve: i64, by_decision: u128) -> Command {
    let (by, draft) = (account(1), "d1".to_owned());
    Command::Submit { by, draft, reserve: fen(reserve), decision: decision(by_decision), findings: Vec::new() }
}

fn review(by: u128, stage: Stage) -> Command {
    Command::Review { by: account(by), stage, draft: "d1".to_owned(), verdict: Verdict::Approve }
}

fn give_back(by: u128, stage: Stage) -> Command {
    let verdict = Verdict::Return { reasons: "四至不清".to_owned() };
    Command::Review { by: account(by), stage, draft: "d1".to_owned(), verdict }
}

fn announce() -> Command {
    Command::Announce { by: account(4), schedule: schedule(0), earliest_close: at_day(10) }
}

fn correct(path: &str, reserve: i64, schedule: Schedule) -> Command {
    Command::Correct {
        changed: vec![path.to_owned()],
        draft: "d2".to_owned(),
        reserve: fen(reserve),
        decision: decision(1),
        schedule,
        earliest_close: at_day(11),
    }
}

fn taker(n: u128, price: i64, place: Place) -> Taker {
    Taker { registration: registration(n), price: fen(price), place }
}

/// Registration 1 won at 1,200; 2 offered 1,100.
fn line() -> Vec<Taker> {
    vec![taker(1, 1_200, Place::Winner), taker(2, 1_100, Place::Next)]
}

fn close_bidding(line: Vec<Taker>, window: Option<i64>) -> Command {
    Command::CloseBidding { line, window_ends: window.map(at_day), notice_to: day(20) }
}

fn end_priority(line: Vec<Taker>, all_answered: bool) -> Command {
    Command::EndPriority { line, all_answered, notice_to: day(20) }
}

fn default(n: u128, reason: Breach) -> Command {
    Command::Default { registration: registration(n), reason, notice_to: day(45) }
}

fn resume(noticed: i64, earliest: i64, schedule: Option<Schedule>) -> Command {
    Command::Resume { noticed_on: day(noticed), earliest: day(earliest), schedule }
}

fn terminate(reason: StopReason, approved_by: Option<u128>) -> Command {
    Command::Terminate { by: account(4), reason, approved_by: approved_by.map(account) }
}

const CLOSE: Command = Command::CloseRegistration { filed: 3, qualified: 2 };

fn act(lot: &mut Lot, command: &Command, now: DateTime<Utc>) -> Result<Vec<LotEvent>, Vec<String>> {
    let names = |findings: Vec<Finding>| findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>();
    let events = decide(lot, command, &rules(), now).map_err(names)?;
    for event in &events {
        evolve(lot, event);
    }
    Ok(events)
}

fn after(commands: &[(Command, i64)]) -> Lot {
    let mut lot = Lot::draft();
    for (command, days) in commands {
        act(&mut lot, command, at_day(*days)).unwrap_or_else(|rules| panic!("{}: {rules:?}", command.name()));
    }
    lot
}

fn path() -> Vec<(Command, i64)> {
    vec![
        (submit(1_000, 1), -3),
        (review(2, Stage::Township), -2),
        (review(3, Stage::County), -1),
        (announce(), 0),
        (CLOSE, 10),
        (Command::OpenBidding, 11),
        (close_bidding(line(), None), 12),
        (Command::EndResultNotice { sign_by: day(30) }, 21),
        (Command::Sign { pay_by: day(40) }, 25),
        (Command::Settle, 26),
        (Command::Certify, 27),
    ]
}

fn along(steps: usize, then: &[(Command, i64)]) -> Lot {
    let mut commands = path();
    commands.truncate(steps);
    commands.extend_from_slice(then);
    after(&commands)
}

/// A lot brought to `phase` by commands alone.
pub(super) fn lot_in(phase: Phase) -> Lot {
    let lot = match phase {
        Phase::Draft => along(0, &[]),
        Phase::Submitted => along(1, &[]),
        Phase::TownshipReviewed => along(2, &[]),
        Phase::CountyReviewed => along(3, &[]),
        Phase::Returned => along(1, &[(give_back(2, Stage::Township), -2)]),
        Phase::Announced => along(4, &[]),
        Phase::RegistrationClosed => along(5, &[]),
        Phase::Bidding => along(6, &[]),
        Phase::PriorityExercise => along(6, &[(close_bidding(line(), Some(14)), 12)]),
        Phase::ResultNotice => along(7, &[]),
        Phase::Contract => along(8, &[]),
        Phase::Settled => along(10, &[]),
        Phase::Certified => along(11, &[]),
        Phase::Suspended => along(4, &[(Command::Suspend { reason: StopReason::TitleDispute }, 1)]),
        Phase::Terminated => along(4, &[(terminate(StopReason::AssetLost, None), 1)]),
        Phase::Unsold => along(4, &[(Command::CloseRegistration { filed: 1, qualified: 0 }, 10)]),
        Phase::Defaulted => along(
            8,
            &[
                (default(1, Breach::NotSigned), 31),
                (Command::EndResultNotice { sign_by: day(55) }, 46),
                (default(2, Breach::NotSigned), 56),
            ],
        ),
    };
    assert_eq!(lot.phase, phase);
    lot
}

/// Columns: the phases in the order of [`Phase::ALL`]. `x` allowed, `.` refused by `lot.phase`, else the letter of the rule below.
#[test]
fn every_phase_with_every_command() {
    let table = "
        submit               x...x............
        withdraw             .xxx.............
        review               .xss.............
        announce             .nnx.............
        correct              .....x...........
        close-registration   .....x...........
        open-bidding         ......x..........
        close-bidding        .......x.........
        end-priority         ........x........
        end-result-notice    .........x.......
        sign                 ..........x......
        settle               ..........u......
        certify              ...........x.....
        suspend              .....xxxxxx......
        resume               .............x...
        terminate            .....xxxxxx..x...
        default              ..........x......
        relist               ...............xx
    ";
    let rule = |letter| match letter {
        's' => "lot.review-stage",
        'n' => "lot.not-reviewed",
        'u' => "contract.unsigned",
        _ => "lot.phase",
    };
    let mut moved = schedule(1);
    moved.announced_at = at_day(1);
    let commands = [
        (submit(1_000, 1), -3),
        (Command::Withdraw, -2),
        (review(2, Stage::Township), -2),
        (announce(), 0),
        (correct("term", 1_000, moved), 1),
        (CLOSE, 10),
        (Command::OpenBidding, 11),
        (close_bidding(line(), None), 12),
        (end_priority(line(), false), 14),
        (Command::EndResultNotice { sign_by: day(30) }, 21),
        (Command::Sign { pay_by: day(40) }, 25),
        (Command::Settle, 26),
        (Command::Certify, 27),
        (Command::Suspend { reason: StopReason::ForceMajeure }, 12),
        (resume(2, 7, None), 7),
        (terminate(StopReason::AssetLost, None), 12),
        (default(1, Breach::NotSigned), 31),
        (Command::Relist { lot: LotId(Uuid::from_u128(9)) }, 60),
    ];
    let rows: Vec<_> = table.split_whitespace().collect();
    assert_eq!(rows.len(), commands.len() * 2);
    for ((command, days), row) in commands.iter().zip(rows.chunks(2)) {
        assert_eq!(command.name(), row[0]);
        assert_eq!(row[1].len(), Phase::ALL.len());
        for (phase, letter) in Phase::ALL.into_iter().zip(row[1].chars()) {
            let decided = act(&mut lot_in(phase), command, at_day(*days)).map(|_| ());
            let expected = if letter == 'x' { Ok(()) } else { Err(vec![rule(letter).to_owned()]) };
            assert_eq!(decided, expected, "{} in {phase:?}", command.name());
        }
    }
}

fn refused(lot: &Lot, command: &Command, days: i64) -> Vec<String> {
    act(&mut lot.clone(), command, at_day(days)).expect_err("refused")
}

#[test]
fn the_codes_of_phases_are_their_json() {
    for phase in Phase::ALL {
        assert_eq!(serde_json::to_value(phase).expect("plain"), phase.code());
    }
}

#[test]
fn a_refusing_finding_or_a_missing_decision_stops_the_submission() {
    let with = |findings: Vec<Finding>, by_decision| {
        let (by, draft) = (account(1), String::new());
        refused(&Lot::draft(), &Command::Submit { by, draft, reserve: fen(1), decision: by_decision, findings }, -3)
    };
    let finding = Finding::refusal("term.limit", "", Text::new("", ""), Text::new("", ""));
    assert_eq!(with(vec![finding.clone()], decision(1)), ["term.limit"]);
    assert_eq!(with(Vec::new(), None), ["lot.decision"]);
    let warning = finding.with_severity(crate::finding::Severity::Warning);
    let (by, draft, findings) = (account(1), String::new(), vec![warning]);
    let command = Command::Submit { by, draft, reserve: fen(1), decision: decision(1), findings };
    assert!(act(&mut Lot::draft(), &command, at_day(-3)).is_ok(), "a warning does not");
}

#[test]
fn four_eyes_on_exactly_what_was_submitted() {
    let submitted = lot_in(Phase::Submitted);
    assert_eq!(refused(&submitted, &review(1, Stage::Township), -2), ["lot.four-eyes"], "the submitter");
    assert_eq!(refused(&submitted, &review(2, Stage::County), -2), ["lot.review-stage"], "the township comes first");
    let other =
        Command::Review { by: account(2), stage: Stage::Township, draft: "d0".to_owned(), verdict: Verdict::Approve };
    assert_eq!(refused(&submitted, &other, -2), ["lot.review-draft"]);
    let verdict = Verdict::Return { reasons: " ".to_owned() };
    let silent = Command::Review { by: account(2), stage: Stage::Township, draft: "d1".to_owned(), verdict };
    assert_eq!(refused(&submitted, &silent, -2), ["lot.review-reasons"]);

    let reviewed = lot_in(Phase::TownshipReviewed);
    assert_eq!(refused(&reviewed, &review(2, Stage::County), -1), ["lot.four-eyes"], "the other stage's reviewer");
    let own = Command::Announce { by: account(1), schedule: schedule(0), earliest_close: at_day(10) };
    assert_eq!(refused(&lot_in(Phase::CountyReviewed), &own, 0), ["lot.four-eyes"]);

    // A new round begins with a new submission.
    let mut returned = along(2, &[(give_back(3, Stage::County), -1)]);
    act(&mut returned, &submit(1_000, 1), at_day(-1)).expect("returned");
    act(&mut returned, &review(2, Stage::Township), at_day(-1)).expect("the same reviewer in another round");
}

#[test]
fn reviews_are_those_the_rulebook_asks_for() {
    let ready = |township, county, phase| {
        let rules = LotRules { township_review: township, county_review: county, ..rules() };
        let lot = lot_in(phase);
        (lot.next_review(&rules), lot.ready_to_announce(&rules))
    };
    assert_eq!(ready(false, false, Phase::Submitted), (None, true));
    assert_eq!(ready(false, true, Phase::Submitted), (Some(Stage::County), false));
    assert_eq!(ready(true, false, Phase::Submitted), (Some(Stage::Township), false));
    assert_eq!(ready(true, false, Phase::TownshipReviewed), (None, true));
    assert_eq!(ready(true, true, Phase::TownshipReviewed), (Some(Stage::County), false));
    assert_eq!(ready(false, false, Phase::Draft), (None, false));
}

#[test]
fn an_announcement_is_long_enough_and_in_order() {
    let lot = lot_in(Phase::CountyReviewed);
    let announce = |schedule, earliest_close| Command::Announce { by: account(4), schedule, earliest_close };
    assert_eq!(refused(&lot, &announce(schedule(0), at_day(11)), 0), ["announcement.period"]);
    assert_eq!(refused(&lot, &announce(schedule(-1), at_day(9)), 0), ["announcement.backdated"]);
    let early = Schedule { auction_opens: at_day(9), ..schedule(0) };
    assert_eq!(refused(&lot, &announce(early, at_day(10)), 0), ["announcement.order"]);
}

#[test]
fn a_material_correction_begins_the_announcement_again() {
    let lot = lot_in(Phase::Announced);
    let mut corrected = lot.clone();
    let events = act(&mut corrected, &correct("term.years", 1_000, schedule(1)), at_day(1)).expect("in time");
    let LotEvent::Corrected { material, reconfirm, revision, .. } = &events[0] else { panic!("corrected") };
    assert_eq!((*material, *reconfirm, *revision), (true, true, 2));
    assert_eq!(corrected.schedule, Some(schedule(1)));
    assert_eq!(
        refused(&lot, &correct("term", 1_000, schedule(0)), 1),
        ["announcement.backdated", "announcement.period"]
    );

    // A minor one keeps the dates or puts them off.
    let events = act(&mut lot.clone(), &correct("remarks", 1_000, schedule(0)), at_day(9)).expect("in time");
    let LotEvent::Corrected { material, reconfirm, .. } = &events[0] else { panic!("corrected") };
    assert_eq!((*material, *reconfirm), (false, true));
    let shorter = Schedule { registration_closes: at_day(9), ..schedule(0) };
    assert_eq!(refused(&lot, &correct("remarks", 1_000, shorter), 1), ["correction.shorter"]);
    assert_eq!(refused(&lot, &correct("remarks", 1_000, schedule(0)), 10), ["correction.late"]);
    let nothing = Command::Correct {
        changed: Vec::new(),
        draft: String::new(),
        reserve: fen(1_000),
        decision: None,
        schedule: schedule(0),
        earliest_close: at_day(11),
    };
    assert_eq!(refused(&lot, &nothing, 1), ["correction.nothing"]);
}

#[test]
fn a_correction_never_lowers_the_reserve_and_raises_it_on_a_new_decision() {
    let lot = lot_in(Phase::Announced);
    assert_eq!(refused(&lot, &correct("price.reserve", 999, schedule(1)), 1), ["correction.reserve"]);
    assert_eq!(refused(&lot, &correct("price.reserve", 1_001, schedule(1)), 1), ["correction.decision"]);
    let Command::Correct { changed, draft, schedule, earliest_close, .. } = correct("remarks", 0, schedule(1)) else {
        panic!("a correction")
    };
    let raise =
        Command::Correct { changed, draft, reserve: fen(1_001), decision: decision(2), schedule, earliest_close };
    let events = act(&mut lot.clone(), &raise, at_day(1)).expect("decided anew");
    assert!(
        matches!(events[0], LotEvent::Corrected { material: true, .. }),
        "a changed reserve is material whatever was named"
    );
}

#[test]
fn a_path_is_material_with_its_parts_and_its_whole() {
    let material = |path: &str| rules().is_material(path);
    for path in ["price.reserve", "price.reserve.amount", "price", "term", "term.from", "term[0]"] {
        assert!(material(path), "{path}");
    }
    for path in ["price.reserved", "pric", "terms", "remarks", ""] {
        assert!(!material(path), "{path}");
    }
}

#[test]
fn the_number_of_bidders_decides_what_follows() {
    let next = |qualified, at_least, fewer_bidders| {
        LotRules { bidders_at_least: at_least, fewer_bidders, ..rules() }.next(qualified)
    };
    assert_eq!(next(0, 2, SingleBidder::Auction), Next::Unsold);
    assert_eq!(next(1, 2, SingleBidder::Auction), Next::Auction);
    assert_eq!(next(1, 2, SingleBidder::Negotiate), Next::SingleOffer);
    assert_eq!(next(1, 2, SingleBidder::HigherOfListAndOffer), Next::SingleOffer);
    assert_eq!(next(1, 2, SingleBidder::Unsold), Next::Unsold);
    assert_eq!(next(2, 2, SingleBidder::Unsold), Next::Auction);
    assert_eq!(next(2, 3, SingleBidder::Unsold), Next::Unsold);

    let lot = lot_in(Phase::Announced);
    assert_eq!(refused(&lot, &CLOSE, 9), ["registration.open"]);
    let wrong = Command::CloseRegistration { filed: 1, qualified: 2 };
    assert_eq!(refused(&lot, &wrong, 10), ["registration.counts"]);
    let events =
        act(&mut lot.clone(), &Command::CloseRegistration { filed: 1, qualified: 0 }, at_day(10)).expect("its time");
    assert_eq!(events[1], LotEvent::Unsold { reason: UnsoldReason::NoRegistration });
    assert_eq!(refused(&lot_in(Phase::RegistrationClosed), &Command::OpenBidding, 10), ["bidding.early"]);
}

#[test]
fn the_line_is_the_auctions_result() {
    let lot = lot_in(Phase::Bidding);
    let events = act(&mut lot.clone(), &close_bidding(Vec::new(), Some(14)), at_day(12)).expect("nobody offered");
    assert_eq!(events[1], LotEvent::Unsold { reason: UnsoldReason::NoOffer });
    for (wrong, rule) in [
        (vec![taker(1, 999, Place::Winner)], "result.reserve"),
        (vec![taker(1, 1_200, Place::Winner), taker(1, 1_100, Place::Next)], "result.line"),
        (vec![taker(1, 1_200, Place::Winner), taker(2, 1_100, Place::Winner)], "result.line"),
        (vec![taker(1, 1_200, Place::Priority)], "result.line"),
        (vec![taker(1, 1_200, Place::Next)], "result.line"),
    ] {
        assert_eq!(refused(&lot, &close_bidding(wrong, None), 12), [rule]);
    }
    assert_eq!(refused(&lot, &close_bidding(line(), Some(12)), 12), ["priority.window"]);
    let late = Command::CloseBidding { line: line(), window_ends: None, notice_to: day(12) };
    assert_eq!(refused(&lot, &late, 12), ["result-notice.period"]);

    let strict = LotRules { next_bidder: false, exercise_window: false, ..rules() };
    let events = decide(&lot, &close_bidding(line(), Some(14)), &strict, at_day(12)).expect("sold");
    assert_eq!(
        events[0],
        LotEvent::BiddingClosed { line: vec![taker(1, 1_200, Place::Winner)] },
        "nobody else is invited"
    );
    assert!(matches!(events[1], LotEvent::ResultPublished { .. }), "and there is no window");
}

#[test]
fn holders_go_before_the_winner_at_its_price() {
    let lot = lot_in(Phase::PriorityExercise);
    let with = |first: Taker| [vec![first], line()].concat();
    assert_eq!(refused(&lot, &end_priority(line(), false), 13), ["priority.running"]);
    let mut exercised = lot.clone();
    act(&mut exercised, &end_priority(with(taker(5, 1_200, Place::Priority)), true), at_day(13)).expect("all answered");
    assert_eq!(exercised.taker().map(|taker| taker.registration), Some(registration(5)));
    assert_eq!(exercised.phase, Phase::ResultNotice);

    let second_exercises = vec![taker(2, 1_200, Place::Priority), taker(1, 1_200, Place::Winner)];
    assert!(
        act(&mut lot.clone(), &end_priority(second_exercises, false), at_day(14)).is_ok(),
        "a bidder who is a holder"
    );
    for wrong in [
        with(taker(5, 1_199, Place::Priority)),
        vec![taker(5, 1_200, Place::Priority)],
        [line(), vec![taker(5, 1_200, Place::Priority)]].concat(),
        vec![line()[1], line()[0]],
    ] {
        assert_eq!(refused(&lot, &end_priority(wrong, false), 14), ["result.line"]);
    }
}

#[test]
fn a_default_passes_the_lot_on_until_nobody_is_left() {
    let contract = lot_in(Phase::Contract);
    assert_eq!(refused(&contract, &default(2, Breach::NotSigned), 31), ["default.taker"]);
    assert_eq!(refused(&contract, &default(1, Breach::NotSigned), 30), ["default.none"], "the last day itself");
    assert_eq!(refused(&contract, &default(1, Breach::NotPaid), 31), ["default.none"]);
    assert_eq!(refused(&contract, &default(1, Breach::NotSigned), 50), ["result-notice.period"]);
    let mut lot = contract;
    act(&mut lot, &default(1, Breach::NotSigned), at_day(31)).expect("late");
    assert_eq!((lot.phase, lot.taker().copied()), (Phase::ResultNotice, Some(line()[1])));
    assert_eq!(lot.sign_by, None, "the next taker has its own days");
    act(&mut lot, &Command::EndResultNotice { sign_by: day(55) }, at_day(46)).expect("over");
    act(&mut lot, &Command::Sign { pay_by: day(60) }, at_day(50)).expect("in time");
    assert_eq!(refused(&lot, &default(2, Breach::NotSigned), 61), ["default.none"], "it has signed");
    act(&mut lot, &default(2, Breach::NotPaid), at_day(61)).expect("late");
    assert_eq!((lot.phase, lot.taker()), (Phase::Defaulted, None));

    let relisted = Lot::relisting(&lot, LotId(Uuid::nil())).expect("had a reserve");
    assert_eq!(relisted.barred, [registration(1), registration(2)], "who defaulted may not bid again");
}

#[test]
fn signing_paying_and_notices_keep_their_days() {
    let notice = lot_in(Phase::ResultNotice);
    let end = |sign_by| Command::EndResultNotice { sign_by: day(sign_by) };
    assert_eq!(refused(&notice, &end(30), 20), ["result-notice.running"], "its last day");
    assert_eq!(refused(&notice, &end(20), 21), ["contract.sign-by"]);
    let contract = lot_in(Phase::Contract);
    assert_eq!(refused(&contract, &Command::Sign { pay_by: day(40) }, 31), ["contract.signing-late"]);
    assert_eq!(refused(&contract, &Command::Sign { pay_by: day(24) }, 25), ["contract.pay-by"]);
    let signed = along(9, &[]);
    assert_eq!(refused(&signed, &Command::Sign { pay_by: day(40) }, 25), ["contract.signed-twice"]);
}

#[test]
fn a_relisted_lot_cuts_its_reserve_within_the_limits() {
    let unsold = lot_in(Phase::Unsold);
    let old = LotId(Uuid::from_u128(8));
    let first = Lot::relisting(&unsold, old).expect("had a reserve");
    assert_eq!(refused(&first, &submit(900, 1), -3), ["relisting.decision"], "the old decision");
    assert_eq!(refused(&first, &submit(899, 2), -3), ["relisting.each"]);
    assert_eq!(refused(&first, &submit(799, 2), -3), ["relisting.each", "relisting.all"]);
    assert!(act(&mut first.clone(), &submit(1_000, 1), at_day(-3)).is_ok(), "no cut needs no new decision");

    let resubmitted = |lot: &Lot, reserve, by_decision| {
        let mut lot = lot.clone();
        act(&mut lot, &submit(reserve, by_decision), at_day(-3)).expect("within the limits");
        Lot::relisting(&lot, old).expect("has a reserve")
    };
    let second = resubmitted(&first, 900, 2);
    assert_eq!(second.before.map(|before| before.cuts), Some(1));
    assert_eq!(refused(&second, &submit(809, 3), -3), ["relisting.each"], "a tenth of 900 is 90");
    let third = resubmitted(&second, 810, 3);
    assert_eq!(refused(&third, &submit(809, 4), -3), ["relisting.cuts"]);
    assert_eq!(refused(&third, &submit(799, 4), -3), ["relisting.cuts", "relisting.all"]);
    let unchanged = resubmitted(&third, 810, 3);
    assert_eq!(unchanged.before.map(|before| before.cuts), Some(2), "relisting without a cut counts none");

    let mut twice = unsold;
    act(&mut twice, &Command::Relist { lot: old }, at_day(20)).expect("unsold");
    assert_eq!(refused(&twice, &Command::Relist { lot: old }, 21), ["relisting.twice"]);
}

#[test]
fn stopping_needs_a_reason_the_rulebook_names_and_a_withdrawal_an_approval() {
    let lot = lot_in(Phase::Announced);
    assert_eq!(refused(&lot, &Command::Suspend { reason: StopReason::AssetLost }, 1), ["suspension.reason"]);
    assert_eq!(refused(&lot, &terminate(StopReason::TitleDispute, None), 1), ["termination.reason"]);
    assert_eq!(refused(&lot, &terminate(StopReason::Withdrawn, None), 1), ["termination.approval"]);
    assert_eq!(refused(&lot, &terminate(StopReason::Withdrawn, Some(4)), 1), ["termination.approval"], "not oneself");
    assert!(act(&mut lot.clone(), &terminate(StopReason::Withdrawn, Some(5)), at_day(1)).is_ok());
}

#[test]
fn a_suspension_takes_no_time_from_anybody() {
    let lot = lot_in(Phase::Suspended); // since day 1
    assert_eq!(refused(&lot, &resume(2, 8, None), 7), ["suspension.notice"], "before the earliest day");
    assert_eq!(refused(&lot, &resume(0, 5, None), 7), ["suspension.notice"], "noticed before it was suspended");
    assert_eq!(refused(&lot, &resume(8, 7, None), 7), ["suspension.notice"], "noticed in the future");
    let mut resumed = lot.clone();
    act(&mut resumed, &resume(2, 7, None), at_day(7)).expect("noticed");
    let expected = Schedule { announced_at: at_day(0), ..schedule(6) };
    assert_eq!((resumed.phase, resumed.schedule), (Phase::Announced, Some(expected.clone())));
    let shorter = Schedule { auction_opens: at_day(16), ..expected.clone() };
    assert_eq!(refused(&lot, &resume(2, 7, Some(shorter)), 7), ["suspension.schedule"]);
    let short_auction = Schedule { auction_opens: expected.free_until, ..expected.clone() };
    assert_eq!(refused(&lot, &resume(2, 7, Some(short_auction)), 7), ["suspension.schedule"], "no shorter free period");
    let later = Schedule { announced_at: at_day(0), ..schedule(9) };
    assert!(act(&mut lot.clone(), &resume(2, 7, Some(later)), at_day(7)).is_ok());

    // Days move as well, but not those that had passed.
    let mut contract = lot_in(Phase::Contract);
    act(&mut contract, &Command::Suspend { reason: StopReason::ForceMajeure }, at_day(25)).expect("runs");
    act(&mut contract, &resume(26, 31, None), at_day(31)).expect("noticed");
    assert_eq!((contract.phase, contract.sign_by, contract.notice_to), (Phase::Contract, Some(day(36)), Some(day(20))));
    assert_eq!(contract.schedule, Some(schedule(0)), "the auction's dates are history");

    // The last day itself had not passed when it was suspended on that day.
    let mut contract = lot_in(Phase::Contract);
    act(&mut contract, &Command::Suspend { reason: StopReason::ForceMajeure }, at_day(30)).expect("runs");
    act(&mut contract, &resume(30, 35, None), at_day(35)).expect("noticed");
    assert_eq!(contract.sign_by, Some(day(35)));
}

proptest! {
    /// Random lives: a refusal changes nothing, the events alone lead to the same lot, and no life skips a step that protects somebody.
    #[test]
    fn no_life_skips_a_step(steps in prop::collection::vec((0_usize..40, 0_i64..6), 0..120)) {
        let mut lot = Lot::draft();
        let mut history = Vec::new();
        let mut now = at_day(-3);
        for (choice, days) in steps {
            now += TimeDelta::days(days);
            let base = (now - at_day(0)).num_days();
            let notice_to = day(base + 5);
            let commands = path();
            // Half of the tries are the step that comes next, so that lives get far.
            let natural = match lot.phase {
                Phase::Submitted => 1,
                Phase::TownshipReviewed => 2,
                Phase::CountyReviewed => 3,
                Phase::Announced => 4,
                Phase::RegistrationClosed => 5,
                Phase::Bidding => 6,
                Phase::ResultNotice => 7,
                Phase::Contract if lot.is_signed() => 9,
                Phase::Contract => 8,
                Phase::Settled => 10,
                Phase::PriorityExercise => 12,
                Phase::Suspended => 14,
                Phase::Draft | Phase::Returned | Phase::Certified | Phase::Terminated | Phase::Unsold | Phase::Defaulted => 0,
            };
            let command = match if choice > 20 { natural } else { choice } {
                3 => Command::Announce { by: account(4), schedule: schedule(base), earliest_close: at_day(base + 10) },
                6 => Command::CloseBidding { line: line(), window_ends: None, notice_to },
                7 => Command::EndResultNotice { sign_by: day(base + 5) },
                8 => Command::Sign { pay_by: day(base + 5) },
                11 => Command::CloseBidding { line: line(), window_ends: Some(now + TimeDelta::days(2)), notice_to },
                12 => Command::EndPriority { line: lot.line.clone(), all_answered: false, notice_to },
                13 => Command::Suspend { reason: StopReason::ForceMajeure },
                14 | 15 => resume(base - 1, base, None),
                16 => give_back(2, Stage::Township),
                17 => Command::Withdraw,
                18 => Command::Correct {
                    changed: vec!["term".to_owned()],
                    draft: "d1".to_owned(),
                    reserve: fen(1_000),
                    decision: decision(1),
                    schedule: schedule(base),
                    earliest_close: at_day(base + 10),
                },
                19 => Command::Default { registration: registration(1), reason: Breach::NotSigned, notice_to },
                20 => Command::Default { registration: registration(1), reason: Breach::NotPaid, notice_to },
                other => commands[other].0.clone(),
            };
            let before = lot.clone();
            match decide(&lot, &command, &rules(), now) {
                Ok(events) => {
                    prop_assert!(!events.is_empty(), "an accepted command leaves its trace");
                    for event in &events {
                        evolve(&mut lot, event);
                    }
                    history.extend(events);
                }
                Err(findings) => {
                    prop_assert!(!findings.is_empty() && findings.iter().all(Finding::refuses));
                    prop_assert_eq!(&lot, &before);
                }
            }
            if lot.phase.runs() {
                prop_assert_eq!(lot.reviewers.len(), 2);
                prop_assert!(!lot.reviewers.contains(&account(1)) && lot.reviewers[0] != lot.reviewers[1]);
            }
            if matches!(lot.phase, Phase::Settled | Phase::Certified) {
                prop_assert!(lot.is_signed() && lot.taker().is_some() && lot.notice_to.is_some());
            }
            prop_assert_eq!(lot.phase == Phase::Suspended, lot.suspension.is_some());
        }
        let mut replayed = Lot::draft();
        for event in &history {
            let stored = serde_json::to_string(event).expect("plain data");
            evolve(&mut replayed, &serde_json::from_str(&stored).expect("its own form"));
        }
        prop_assert_eq!(replayed, lot);
    }
}
