//! The 90 real notices: which become drafts, and by which rule each of the others is refused.

use super::sound;
use crate::import::{ImportOutcome, Outcome, read, report};
use crate::notice::{Method, Notice};
use crate::price::{Escalator, PriceBasis};
use crate::term::{Span, Start, Term};

const NOTICES: &[u8] = include_bytes!("../../../data/notices/real-lots.csv");

/// Each refusal, reviewed by hand against the published page: every one is a fault of the notice (or of its copy) itself.
const REFUSED: [(&str, &str); 27] = [
    ("L013", "price.reserve-missing"),
    ("L014", "price.reserve-missing"),
    ("L023", "price.reserve-missing"),
    ("L036", "price.reserve-missing"),
    ("L037", "price.reserve-missing"),
    ("L041", "price.reserve-missing"),
    ("L051", "quantity.missing"),
    ("L054", "price.basis-ambiguous"),
    ("L055", "price.reserve-missing"),
    ("L057", "term.contradiction"),
    ("L062", "price.basis-ambiguous"),
    ("L063", "price.basis-ambiguous"),
    ("L070", "price.reserve-missing"),
    ("L072", "price.basis-ambiguous"),
    ("L073", "price.basis-ambiguous"),
    ("L075", "price.basis-ambiguous"),
    ("L076", "price.basis-ambiguous"),
    ("L077", "price.basis-ambiguous"),
    ("L078", "price.basis-ambiguous"),
    ("L079", "price.basis-ambiguous"),
    ("L080", "price.basis-ambiguous"),
    ("L093", "price.reserve-missing"),
    ("L094", "price.reserve-missing"),
    ("L099", "price.reserve-missing"),
    ("L100", "price.reserve-missing"),
    ("L109", "price.reserve-missing"),
    ("L110", "price.reserve-missing"),
];

fn outcomes() -> Vec<ImportOutcome> {
    read(NOTICES).collect()
}

fn notice(id: &str) -> Notice {
    match outcomes().into_iter().find(|outcome| outcome.id == id).map(|outcome| outcome.outcome) {
        Some(Outcome::Draft(notice)) => *notice,
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn every_refusal_is_the_notices_own_fault() {
    let outcomes = outcomes();
    outcomes.iter().for_each(sound);
    let refused: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.outcome == Outcome::Refused)
        .map(|outcome| {
            let rules: Vec<_> = outcome.findings.iter().filter(|f| f.refuses()).map(|f| f.rule.as_str()).collect();
            (outcome.id.as_str(), rules.join(","))
        })
        .collect();
    let expected: Vec<_> = REFUSED.iter().map(|(id, rule)| (*id, (*rule).to_owned())).collect();
    assert_eq!(refused, expected);
    let report = report(&outcomes);
    assert_eq!((report.notices, report.drafts, report.refused), (90, 63, 27));
    assert_eq!(report.rules["price.reserve-missing"].refusals, 14);
    assert_eq!(report.rules["price.basis-ambiguous"].refusals, 11);
}

#[test]
fn drafts_say_what_the_notices_say() {
    let fen = |id: &str| notice(id).price.reserve.map(|reserve| (reserve.amount.fen(), reserve.basis));
    assert_eq!(fen("L002"), Some((8_944_000, PriceBasis::YEAR)));
    assert_eq!(fen("L024"), Some((600_000, PriceBasis::FIRST_YEAR)));
    assert_eq!(fen("L038"), Some((45_000, PriceBasis::MU_YEAR)));
    assert_eq!(fen("L067"), Some((7_788_030, PriceBasis::TOTAL)));
    assert_eq!(fen("L059"), Some((563_800_000, PriceBasis::TOTAL)));
    assert_eq!(fen("L081"), Some((21_000, PriceBasis::MU_YEAR)), "one year: per mu is per mu and year");
}

#[test]
fn terms_are_exact() {
    let term = |id: &str| notice(id).term.expect("a term");
    let day = |text: &str| text.parse().expect("a date");
    let length = |span, at_most| Term::Length { span, start: Start::Unstated, at_most };
    assert_eq!(term("L105"), length(Span::months(31), false));
    assert_eq!(term("L045"), length(Span::years(2), true));
    assert_eq!(term("L024"), Term::Fixed { from: day("2026-02-21"), to: day("2031-02-20"), counted: None });
    assert_eq!(term("L017"), Term::Until { start: Start::Signing, to: day("2028-08-31"), counted: None });
    assert_eq!(term("L091"), Term::Until { start: Start::Award, to: day("2023-05-01"), counted: None });
    assert_eq!(
        term("L029"),
        Term::Until { start: Start::Signing, to: day("2028-12-31"), counted: Some(Span::years(5)) }
    );
    assert_eq!(
        term("L031"),
        Term::Fixed { from: day("2026-03-01"), to: day("2028-12-30"), counted: Some(Span::years(3)) }
    );
    assert_eq!(term("L095"), Term::Sale);
}

#[test]
fn totals_come_out_as_published() {
    for (id, total) in [("L024", 30_000), ("L025", 60_500), ("L035", 128_000), ("L038", 20_655), ("L108", 60_000)] {
        let total_fen = notice(id).total().expect("computes").total.fen();
        assert_eq!(total_fen, total * 100, "{id}");
    }
    // Ten years at 500 yuan per mu, rising 2 % a year, on 93.61 mu.
    let rising = notice("L030").total().expect("computes");
    assert_eq!(rising.first_year.fen(), 4_680_500);
    assert_eq!(rising.schedule[1].amount.fen(), 4_774_110);
    assert_eq!(rising.schedule.len(), 10);
}

#[test]
fn methods_and_their_figures() {
    let method = |id: &str| notice(id).method.and_then(|terms| terms.method).expect("a method");
    let auction = |id: &str| method(id).ascending().cloned().expect("an ascending auction");
    let first = auction("L002");
    assert_eq!((first.limited_seconds, first.extension_seconds), (Some(300), Some(300)));
    let second = auction("L066");
    assert_eq!((second.free_minutes, second.limited_seconds, second.extension_seconds), (Some(15), Some(60), Some(60)));
    assert_eq!(auction("L049").max_step.map(|step| step.amount.fen()), Some(50_000));
    assert_eq!(auction("L105").ceiling.map(|ceiling| ceiling.amount.fen()), Some(100_000));
    assert!(matches!(method("L031"), Method::ByBidders { at_least: 3, .. }));
    assert!(matches!(method("L038"), Method::ByBidders { at_least: 2, .. }));
    assert_eq!(method("L101"), Method::FixedPriceDraw);
    assert!(notice("L087").price.confidential_reserve);
}

#[test]
fn open_escalators_are_not_guessed() {
    assert_eq!(notice("L005").price.escalator, Some(Escalator::Open { every_years: Some(5) }));
    assert_eq!(notice("L058").price.escalator, Some(Escalator::Renegotiated { every_years: Some(5) }));
    assert_eq!(notice("L024").price.escalator, Some(Escalator::None), "the published total is five equal years");
    assert_eq!(notice("L008").price.escalator, None, "the notice does not say");
}

#[test]
fn kinds_of_land_stand_by_themselves() {
    let lot = notice("L017");
    let kinds: Vec<_> = lot.components.iter().map(|c| c.kind.as_str()).collect();
    assert_eq!(kinds, ["农户委托", "集体"]);
    assert_eq!(lot.mu().expect("areas").to_string(), "62.44");
}
