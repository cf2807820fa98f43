//! Each rule at its boundary, and the thresholds against a comparison of fractions that multiplies nothing.

use super::*;
use crate::finding::refuses;
use proptest::prelude::*;

fn ratio(num: u32, den: u32) -> Ratio {
    Ratio::new(num, den).expect("not zero")
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, n).expect("a day of June")
}

/// The national thresholds, as a rulebook gives them.
fn rules() -> Rules {
    use Matter::*;
    Rules {
        notice_days: 10,
        assembly_quorum: Some(ratio(2, 3)),
        assembly_majority: ratio(2, 3),
        representatives_quorum: None,
        representatives_majority: ratio(2, 3),
        representatives_at_least: 20,
        households_per_representative_from: 5,
        households_per_representative_to: 15,
        assembly_only: [Charter, Membership, LandContracts, ShareQuantification, Compensation, MergerOrSplit].into(),
        party_discussion: true,
    }
}

/// 300 members, all rules met exactly.
fn assembly() -> Decision {
    Decision {
        body: Body::Assembly,
        eligible: 300,
        present: 200,
        in_favour: 200,
        against: 0,
        abstained: 0,
        noticed_on: day(1),
        held_on: day(11),
        matters: [Matter::Transfer].into(),
        party_discussed_on: Some(day(1)),
        households: None,
        mandates: None,
        outside: None,
    }
}

fn representatives() -> Decision {
    let (body, eligible, present, in_favour) = (Body::Representatives, 30, 20, 20);
    Decision { body, eligible, present, in_favour, households: Some(300), ..assembly() }
}

fn found(decision: &Decision) -> Vec<String> {
    check(decision, &rules(), day(30)).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn two_thirds_of_all_members_carry() {
    assert_eq!(found(&assembly()), [""; 0]);
    assert_eq!(found(&Decision { in_favour: 199, against: 1, ..assembly() }), ["decision.majority"]);
    let present = Decision { present: 250, in_favour: 199, against: 51, ..assembly() };
    assert_eq!(found(&present), ["decision.majority"], "nearly 80 % of those present is not two thirds of all");
}

#[test]
fn two_thirds_must_take_part() {
    let few = Decision { present: 199, in_favour: 199, ..assembly() };
    assert_eq!(found(&few), ["decision.quorum", "decision.majority"]);
    assert_eq!(rules().needed(Body::Assembly, 301), Needed { present: 201, in_favour: 201 });
}

#[test]
fn figures_that_cant_be_true_are_refused_first() {
    assert_eq!(found(&Decision { eligible: 0, present: 0, in_favour: 0, ..assembly() }), ["decision.counts"]);
    assert_eq!(found(&Decision { present: 301, ..assembly() }), ["decision.counts"]);
    assert_eq!(found(&Decision { against: 1, ..assembly() }), ["decision.counts"]);
    let overflow = Decision { against: u32::MAX, abstained: u32::MAX, ..assembly() };
    assert_eq!(found(&overflow), ["decision.counts"]);
    assert_eq!(found(&Decision { matters: BTreeSet::new(), ..assembly() }), ["decision.matters"]);
}

#[test]
fn the_notice_is_ten_whole_days() {
    assert_eq!(found(&Decision { noticed_on: day(2), ..assembly() }), ["decision.notice"]);
    let backwards = Decision { noticed_on: day(12), ..assembly() };
    assert_eq!(found(&backwards), ["decision.notice"]);
    assert_eq!(check(&assembly(), &rules(), day(10))[0].rule, "decision.future");
    assert_eq!(check(&assembly(), &rules(), day(11)), []);
}

#[test]
fn representatives_may_not_decide_what_the_assembly_must() {
    assert_eq!(found(&representatives()), [""; 0]);
    for matter in rules().assembly_only {
        let matters = [Matter::Transfer, matter].into();
        assert_eq!(found(&Decision { matters, ..representatives() }), ["decision.assembly-only"]);
        assert_eq!(found(&Decision { matters: [matter].into(), ..assembly() }), [""; 0]);
    }
}

#[test]
fn representatives_are_enough_in_number_and_for_their_households() {
    let few = Decision { eligible: 19, present: 19, in_favour: 19, households: Some(190), ..representatives() };
    assert_eq!(found(&few), ["decision.representatives"]);
    for (households, usual) in [(149, false), (150, true), (450, true), (451, false)] {
        let decision = Decision { households: Some(households), ..representatives() };
        let findings = check(&decision, &rules(), day(30));
        assert_eq!(findings.is_empty(), usual);
        assert!(!refuses(&findings), "the law says `as a rule`: a warning");
    }
}

#[test]
fn the_party_organisation_discusses_before() {
    assert_eq!(found(&Decision { party_discussed_on: None, ..assembly() }), ["decision.party-discussion"]);
    assert_eq!(found(&Decision { party_discussed_on: Some(day(12)), ..assembly() }), ["decision.party-discussion"]);
}

#[test]
fn missing_ballots_are_a_warning() {
    let spoilt = Decision { present: 210, ..assembly() };
    let findings = check(&spoilt, &rules(), day(30));
    assert_eq!(found(&spoilt), ["decision.ballots"]);
    assert!(!refuses(&findings));
    assert_eq!(findings[0].facts["missing"], "10");
}

#[test]
fn every_household_gives_its_mandate() {
    let transfer = |mandates| Decision { matters: [Matter::HouseholdTransfer].into(), mandates, ..assembly() };
    assert_eq!(found(&transfer(None)), ["decision.mandates"]);
    for (households, given, refused) in [(40, 40, false), (40, 39, true), (40, 41, true), (0, 0, true)] {
        assert_eq!(!found(&transfer(Some(Mandates { households, given }))).is_empty(), refused);
    }
}

#[test]
fn a_contractor_outside_the_collective_needs_the_township_and_a_check() {
    let outside = |township_approved, credit_checked, capacity_checked| {
        found(&Decision {
            outside: Some(Outside { township_approved, credit_checked, capacity_checked }),
            ..assembly()
        })
    };
    assert_eq!(outside(true, true, true), [""; 0]);
    assert_eq!(outside(false, true, true), ["decision.township-approval"]);
    assert_eq!(outside(true, false, true), ["decision.contractor-check"]);
    assert_eq!(outside(true, true, false), ["decision.contractor-check"]);
    assert_eq!(outside(false, false, false), ["decision.township-approval", "decision.contractor-check"]);
}

/// Whether a/b >= c/d, by comparing continued fractions: division and remainder only.
fn at_least(a: u64, b: u64, c: u64, d: u64) -> bool {
    match ((a / b).cmp(&(c / d)), a % b, c % d) {
        (std::cmp::Ordering::Greater, _, _) => true,
        (std::cmp::Ordering::Less, _, _) => false,
        (std::cmp::Ordering::Equal, _, 0) => true,
        (std::cmp::Ordering::Equal, 0, _) => false,
        // r/b >= s/d where b/r <= d/s.
        (std::cmp::Ordering::Equal, r, s) => at_least(d, s, b, r),
    }
}

proptest! {
    #[test]
    fn thresholds_agree_with_fractions(
        eligible in 1_u32..2_000,
        shares in (0.0_f64..=1.0, 0.0_f64..=1.0),
        quorum in (1_u32..20, 1_u32..20),
        majority in (1_u32..20, 1_u32..20),
        big in any::<bool>(),
    ) {
        let scale = if big { 1_000_000 } else { 1 };
        let eligible = eligible * scale;
        // Floats only choose the example.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let part = |whole: u32, share: f64| (f64::from(whole) * share).round() as u32;
        let present = part(eligible, shares.0);
        let in_favour = part(present, shares.1);
        let rules = Rules {
            assembly_quorum: Some(ratio(quorum.0, quorum.1)),
            assembly_majority: ratio(majority.0, majority.1),
            ..rules()
        };
        let decision = Decision { eligible, present, in_favour, against: present - in_favour, ..assembly() };
        let found: Vec<_> = check(&decision, &rules, day(30)).into_iter().map(|finding| finding.rule).collect();
        let meets = |n: u32, (num, den): (u32, u32)| at_least(n.into(), eligible.into(), num.into(), den.into());
        prop_assert_eq!(found.contains(&"decision.quorum".to_owned()), !meets(present, quorum));
        prop_assert_eq!(found.contains(&"decision.majority".to_owned()), !meets(in_favour, majority));

        let needed = rules.needed(Body::Assembly, eligible);
        prop_assert!(meets(needed.in_favour, majority) || needed.in_favour == u32::MAX);
        prop_assert!(needed.in_favour == 0 || !meets(needed.in_favour - 1, majority));
    }
}
