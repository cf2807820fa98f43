//! Each rule of a draft, kept and broken.

use crate::finding::{Finding, Severity, refuses};
use crate::money::Money;
use crate::notice::{
    Ascending, Award, Deposit, DepositKind, Eligibility, Method, MethodTerms, Moment, Notice, Payment, PaymentPlan,
    Priority, PriorityHolder, Schedule,
};
use crate::price::{Component, Escalator, Price, PriceBasis, Quantity, Unit, UnitPrice};
use crate::region::RegionCode;
use crate::rights::{Category, Holder, NeverTradable, TransferMode};
use crate::rulebook::{CheckContext, ComparableMedian, DecisionStanding, Library, Relisted, Rulebook, check_draft};
use crate::term::{Span, Start, Term};
use rust_decimal::Decimal;

fn book(category: Category) -> Rulebook {
    let everywhere = RegionCode::EVERYWHERE;
    Library::builtin().rulebook(everywhere, category).expect("the builtin rules merge")
}

fn yuan(yuan: i64) -> Money {
    Money::from_yuan(yuan).expect("fits")
}

fn at(text: &str) -> Option<Moment> {
    Some(text.parse().expect("a moment of the test"))
}

fn years(years: u16) -> Option<Term> {
    Some(Term::Length { span: Span::years(years), start: Start::Signing, at_most: false })
}

/// Forty mu of the collective's land for three years, with nothing to remark upon.
fn good() -> Notice {
    Notice {
        title: "东二地耕地出租".into(),
        category: Some(Category::CollectiveLand),
        holder: Some(Holder::Collective),
        mode: Some(TransferMode::Lease),
        region: Some("500229101200".parse().expect("a village")),
        components: vec![Component {
            kind: "耕地".into(),
            quantity: Some(Quantity::new(Decimal::from(40), Unit::Mu)),
            price: None,
        }],
        term: years(3),
        price: Price {
            reserve: Some(UnitPrice::new(yuan(600), PriceBasis::MU_YEAR)),
            escalator: Some(Escalator::None),
            ..Price::default()
        },
        method: Some(MethodTerms { method: Some(Method::Ascending(auction())), venue: None, text: String::new() }),
        deposit: Some(Deposit { amount: yuan(3_000), kind: DepositKind::Bid, becomes_performance: false }),
        schedule: Schedule {
            announce_from: at("2026-03-02"),
            announce_to: at("2026-03-16"),
            register_from: at("2026-03-02"),
            register_to: at("2026-03-16T17:00+08:00"),
            auction_from: at("2026-03-18T10:00+08:00"),
            auction_to: None,
        },
        payment: Some(Payment { plan: Some(PaymentPlan::EveryYears { years: 1 }), ..Payment::default() }),
        intended_use: "粮食种植".into(),
        priority: Some(Priority { ranks: vec![vec![PriorityHolder::Member]], ..Priority::default() }),
        ..Notice::default()
    }
}

fn auction() -> Ascending {
    Ascending {
        free_minutes: Some(60),
        limited_seconds: Some(300),
        extension_seconds: Some(300),
        step: Some(UnitPrice::new(yuan(10), PriceBasis::MU_YEAR)),
        ..Ascending::default()
    }
}

fn context() -> CheckContext<'static> {
    CheckContext::on("2026-03-02".parse().expect("a date"))
}

fn check_in(notice: &Notice, context: &CheckContext<'_>) -> Vec<Finding> {
    check_draft(notice, &book(notice.category.unwrap_or(Category::Other)), context)
}

fn rules(notice: &Notice) -> Vec<String> {
    check_in(notice, &context()).into_iter().map(|finding| finding.rule).collect()
}

/// The one rule that `change` breaks.
fn broken(change: impl FnOnce(&mut Notice)) -> String {
    let mut notice = good();
    change(&mut notice);
    let mut found = rules(&notice);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn kept(change: impl FnOnce(&mut Notice)) {
    let mut notice = good();
    change(&mut notice);
    assert_eq!(rules(&notice), Vec::<String>::new());
}

fn ascending(change: impl FnOnce(&mut Ascending)) -> impl FnOnce(&mut Notice) {
    |notice| {
        let mut figures = auction();
        change(&mut figures);
        notice.method =
            Some(MethodTerms { method: Some(Method::Ascending(figures)), venue: None, text: String::new() });
    }
}

#[test]
fn a_good_draft_has_no_findings() {
    kept(|_| {});
}

#[test]
fn an_empty_draft_misses_every_field_and_refuses() {
    let found = check_in(&Notice::default(), &context());
    let fields: Vec<_> = found.iter().filter_map(|finding| finding.field.as_deref()).collect();
    // The step is asked for only where there is an ascending auction.
    assert_eq!(found.len(), book(Category::Other).rules.required.value.len() - 1);
    assert!(fields.contains(&"price.reserve") && fields.contains(&"components") && !fields.contains(&"method.step"));
    assert!(refuses(&found));
}

#[test]
fn each_missing_field_is_named_once() {
    let field = |change: fn(&mut Notice)| {
        let mut notice = good();
        change(&mut notice);
        let found = check_in(&notice, &context());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].rule, "notice.required");
        found[0].field.clone().expect("a field")
    };
    assert_eq!(field(|n| n.title.clear()), "title");
    assert_eq!(field(|n| n.holder = None), "holder");
    assert_eq!(field(|n| n.mode = None), "mode");
    assert_eq!(field(|n| n.region = None), "region");
    assert_eq!(field(|n| n.components[0].quantity = None), "components");
    assert_eq!(field(|n| n.term = None), "term");
    assert_eq!(field(|n| n.price.reserve = None), "price.reserve");
    assert_eq!(field(|n| n.price.escalator = None), "price.escalator");
    assert_eq!(field(|n| n.price.escalator = Some(Escalator::Open { every_years: Some(5) })), "price.escalator");
    assert_eq!(field(|n| n.method = None), "method");
    assert_eq!(field(|n| n.deposit = None), "deposit");
    assert_eq!(field(|n| n.payment = None), "payment");
    assert_eq!(field(|n| n.intended_use.clear()), "intended_use");
    assert_eq!(field(|n| n.priority = None), "priority");
    let mut stepless = good();
    ascending(|a| a.step = None)(&mut stepless);
    assert_eq!(check_in(&stepless, &context())[0].field.as_deref(), Some("method.step"));
    let mut tender = good();
    let with = |award| {
        Some(MethodTerms {
            method: Some(Method::Tender { award, tie: None, step: None, ceiling: None }),
            venue: None,
            text: String::new(),
        })
    };
    tender.method = with(None);
    assert_eq!(check_in(&tender, &context())[0].field.as_deref(), Some("method"));
    tender.method = with(Some(Award::HighestPrice));
    assert_eq!(rules(&tender), Vec::<String>::new());
}

#[test]
fn ways_of_passing_are_the_categorys() {
    let mut house = good();
    house.category = Some(Category::HomesteadUse);
    assert!(!rules(&house).contains(&"mode.allowed".to_owned()));
    house.mode = Some(TransferMode::Transfer);
    let found = rules(&house);
    assert!(
        found.contains(&"mode.allowed".to_owned()) && found.contains(&"never-tradable.homestead-sale".to_owned()),
        "{found:?}"
    );
}

#[test]
fn barred_uses_and_what_is_never_traded() {
    assert_eq!(broken(|n| n.intended_use = "住宅开发".into()), "use.barred");
    kept(|n| n.intended_use = "种植,不得用于住宅".into());
    assert_eq!(broken(|n| n.category_text = "集体土地所有权".into()), "never-tradable.land-ownership");
    assert_eq!(broken(|n| n.category_text = "农户土地承包权".into()), "never-tradable.contracting-right");
    kept(|n| n.category_text = "土地承包经营权".into());
    let sealed = CheckContext { bars: &[NeverTradable::Sealed], ..context() };
    assert_eq!(check_in(&good(), &sealed)[0].rule, "never-tradable.sealed");
}

#[test]
fn construction_land_is_never_for_housing_and_names_its_terms() {
    let mut land = good();
    land.category = Some(Category::ConstructionLand);
    land.mode = Some(TransferMode::Grant);
    land.intended_use = "商业、住宅".into();
    let found = check_in(&land, &context());
    assert!(found.iter().any(|f| f.rule == "never-tradable.residential" && f.refuses()));
    assert_eq!(found.iter().filter(|f| f.rule == "construction.plan").count(), 3);
    land.intended_use = "商业".into();
    land.special_conditions = "规划条件:容积率1.5;产业准入按县目录;生态环境保护要求见附件".into();
    let found = rules(&land);
    assert!(
        !found.contains(&"construction.plan".to_owned()) && !found.contains(&"never-tradable.residential".to_owned())
    );
    land.term = years(40);
    assert!(!rules(&land).contains(&"term.limit".to_owned()), "40 years of commerce");
    land.term = years(41);
    assert!(rules(&land).contains(&"term.limit".to_owned()));
    land.intended_use = "工业".into();
    assert!(!rules(&land).contains(&"term.limit".to_owned()), "41 years of industry");
}

#[test]
fn terms_stay_within_the_statute_and_the_title() {
    let limit = |category, span, mode| {
        let notice = Notice {
            category: Some(category),
            mode: Some(mode),
            term: Some(Term::Length { span, start: Start::Signing, at_most: false }),
            ..good()
        };
        rules(&notice).contains(&"term.limit".to_owned())
    };
    for (category, years) in [
        (Category::ContractedLand, 30),
        (Category::CollectiveLand, 30),
        (Category::FourWastes, 50),
        (Category::Forest, 70),
        (Category::Water, 20),
        (Category::OperatingAsset, 20),
        (Category::Irrigation, 20),
        (Category::HomesteadUse, 20),
    ] {
        assert!(!limit(category, Span::years(years), TransferMode::Lease), "{category}: {years}");
        let over = Span::new(years, 0, 1).expect("a span");
        assert!(limit(category, over, TransferMode::Lease), "{category}: over {years}");
    }
    assert!(!limit(Category::OperatingAsset, Span::years(25), TransferMode::Contribution), "no lease");
    let mut title = context();
    title.title_term_end = Some("2027-12-31".parse().expect("a date"));
    let land = Notice { category: Some(Category::ContractedLand), ..good() };
    assert!(check_in(&land, &title).iter().any(|f| f.rule == "term.within-title"));
    title.title_term_end = Some("2029-03-01".parse().expect("a date"));
    assert!(!check_in(&land, &title).iter().any(|f| f.rule == "term.within-title"), "ends on the title's last day");
}

#[test]
fn a_term_from_signing_is_held_against_the_limit_from_today() {
    let until = |to: &str| Notice {
        category: Some(Category::Water),
        term: Some(Term::Until { start: Start::Signing, to: to.parse().expect("a date"), counted: None }),
        ..good()
    };
    assert!(!rules(&until("2046-03-01")).contains(&"term.limit".to_owned()));
    assert!(rules(&until("2046-03-02")).contains(&"term.limit".to_owned()));
}

#[test]
fn dates_of_a_term_are_in_order() {
    let fixed = |to: &str| {
        Some(Term::Fixed { from: "2026-04-01".parse().expect("date"), to: to.parse().expect("date"), counted: None })
    };
    assert_eq!(broken(|n| n.term = fixed("2026-03-31")), "term.order");
    kept(|n| n.term = fixed("2026-04-01"));
}

#[test]
fn long_terms_flat_rents_and_registrable_rights_are_remarked_upon() {
    let remarks = |term| {
        let mut notice = good();
        notice.term = years(term);
        check_in(&notice, &context()).into_iter().map(|f| (f.rule, f.severity)).collect::<Vec<_>>()
    };
    assert_eq!(remarks(4), []);
    assert_eq!(
        remarks(5),
        [("term.registrable".to_owned(), Severity::Note), ("price.escalator-from".to_owned(), Severity::Warning)]
    );
    assert!(!remarks(15).contains(&("term.long".to_owned(), Severity::Warning)));
    assert!(remarks(16).contains(&("term.long".to_owned(), Severity::Warning)));
    let mut rising = good();
    rising.term = years(10);
    rising.price.escalator =
        Some(Escalator::Percent { percent: Decimal::TWO, every_years: 1, from_year: 2, compounding: true });
    assert_eq!(rules(&rising), ["term.registrable"]);
}

#[test]
fn prices_are_positive_and_measure_the_quantity() {
    assert_eq!(broken(|n| n.price.reserve = Some(UnitPrice::new(Money::ZERO, PriceBasis::MU_YEAR))), "price.positive");
    let mut counted = good();
    counted.components[0].quantity = Some(Quantity::new(Decimal::TWO, Unit::Count("座".into())));
    assert!(rules(&counted).contains(&"price.unit-mismatch".to_owned()));
}

#[test]
fn reserves_far_from_comparable_deals_are_remarked_upon() {
    let far = |median: i64, count| {
        let comparables = Some(ComparableMedian { count, mu_year: yuan(median) });
        let found = check_in(&good(), &CheckContext { comparables, ..context() });
        found.iter().any(|f| f.rule == "price.comparables")
    };
    // The reserve is 600: 70 % of 857.14, twice 300.
    assert!(!far(857, 5));
    assert!(far(858, 5));
    assert!(!far(858, 4), "too few deals to say anything");
    assert!(!far(300, 5));
    assert!(far(299, 5));
}

#[test]
fn relisting_cuts_are_small_few_and_decided() {
    let refused = |first: i64, before: i64, cuts, decided| {
        let relisted = Some(Relisted { first: yuan(first), before: yuan(before), cuts, decided });
        check_in(&good(), &CheckContext { relisted, ..context() }).iter().any(|f| f.rule == "relisting.cuts")
    };
    assert!(!refused(600, 600, 0, false), "no cut needs no decision");
    assert!(!refused(666, 666, 0, true), "66 of 666 is under a tenth");
    assert!(refused(667, 667, 0, true), "67 of 667 is over a tenth");
    assert!(refused(660, 660, 0, false), "no new decision");
    assert!(refused(660, 660, 2, true), "a third cut");
    assert!(!refused(750, 660, 1, true), "a fifth in all");
    assert!(refused(751, 660, 1, true), "over a fifth in all");
}

#[test]
fn deposits_keep_their_share() {
    // First year 24000: 2400 to 4800.
    let deposit = |amount, kind| Some(Deposit { amount: yuan(amount), kind, becomes_performance: false });
    kept(|n| n.deposit = deposit(2_400, DepositKind::Bid));
    kept(|n| n.deposit = deposit(4_800, DepositKind::Bid));
    assert_eq!(broken(|n| n.deposit = deposit(2_399, DepositKind::Bid)), "deposit.share");
    assert_eq!(broken(|n| n.deposit = deposit(4_801, DepositKind::Bid)), "deposit.share");
    assert_eq!(broken(|n| n.deposit = deposit(0, DepositKind::Bid)), "deposit.positive");
    // Earnest money: at most a fifth of 72000.
    let mut earnest = good();
    earnest.deposit = deposit(14_400, DepositKind::Earnest);
    assert_eq!(rules(&earnest), ["deposit.share"]);
    earnest.deposit = deposit(14_401, DepositKind::Earnest);
    assert_eq!(rules(&earnest), ["deposit.share", "deposit.earnest"]);
}

#[test]
fn announcements_count_working_days() {
    // From Monday 2 March ten working days run to Monday 16 March.
    assert_eq!(
        broken(|n| {
            n.schedule.announce_to = at("2026-03-13");
            n.schedule.register_to = at("2026-03-13");
        }),
        "announcement.period"
    );
    // Over the spring festival and its make-up days the same span is too short.
    let mut festival = good();
    festival.schedule =
        Schedule { announce_from: at("2026-02-09"), announce_to: at("2026-02-23"), ..Schedule::default() };
    assert_eq!(rules(&festival), ["announcement.period"]);
    let mut unknown = good();
    unknown.schedule =
        Schedule { announce_from: at("2035-01-08"), announce_to: at("2035-03-01"), ..Schedule::default() };
    assert_eq!(rules(&unknown), ["calendar.year-unknown"]);
    assert_eq!(broken(|n| n.schedule.register_to = at("2026-03-13")), "registration.until-announcement");
}

#[test]
fn times_come_in_order() {
    assert_eq!(broken(|n| n.schedule.auction_from = at("2026-03-16T16:59+08:00")), "schedule.order");
    kept(|n| n.schedule.auction_from = at("2026-03-16T17:00+08:00"));
    assert_eq!(broken(|n| n.schedule.auction_to = at("2026-03-18T09:00+08:00")), "schedule.order");
    let mut backwards = good();
    backwards.schedule.announce_to = at("2026-03-01");
    assert!(rules(&backwards).contains(&"schedule.order".to_owned()));
}

#[test]
fn auction_figures_stay_within_bounds() {
    for (value, fine) in [(59, false), (60, true), (1440, true), (1441, false)] {
        let change = ascending(|a| a.free_minutes = Some(value));
        if fine { kept(change) } else { assert_eq!(broken(change), "auction.free-minutes") }
    }
    for (value, fine) in [(59, false), (60, true), (600, true), (601, false)] {
        let change = ascending(|a| a.limited_seconds = Some(value));
        if fine { kept(change) } else { assert_eq!(broken(change), "auction.limited-seconds") }
    }
    for (value, fine) in [(59, false), (60, true), (300, true), (301, false)] {
        let change = ascending(|a| a.extension_seconds = Some(value));
        if fine { kept(change) } else { assert_eq!(broken(change), "auction.extension-seconds") }
    }
    let step = |fen| ascending(move |a| a.step = Some(UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR)));
    // 600 yuan: 30 fen to 120 yuan.
    kept(step(30));
    kept(step(12_000));
    assert_eq!(broken(step(29)), "auction.step");
    assert_eq!(broken(step(12_001)), "auction.step");
    assert_eq!(broken(step(0)), "auction.step-positive");
}

#[test]
fn ceilings_and_largest_steps_stand_on_the_ladder() {
    let price = |amount| Some(UnitPrice::new(yuan(amount), PriceBasis::MU_YEAR));
    kept(ascending(|a| a.ceiling = price(900)));
    assert_eq!(broken(ascending(|a| a.ceiling = price(905))), "auction.ceiling-ladder");
    assert_eq!(broken(ascending(|a| a.ceiling = price(590))), "auction.ceiling");
    kept(ascending(|a| a.max_step = price(50)));
    assert_eq!(broken(ascending(|a| a.max_step = price(55))), "auction.max-step");
    assert_eq!(broken(ascending(|a| a.max_step = price(5))), "auction.max-step");
    let total = Some(UnitPrice::new(yuan(900), PriceBasis::TOTAL));
    assert_eq!(broken(ascending(|a| a.step = total)), "auction.basis");
    kept(|n| {
        ascending(|a| a.step = total)(n);
        n.price.offers_in = Some(PriceBasis::TOTAL);
    });
}

#[test]
fn priority_and_eligibility_follow_the_category() {
    assert_eq!(broken(|n| n.priority = Some(Priority { none: true, ..Priority::default() })), "priority.rule");
    kept(|n| n.priority = Some(Priority { restricted_to: Some(Eligibility::Members), ..Priority::default() }));
    kept(|n| {
        n.holder = Some(Holder::State);
        n.priority = Some(Priority { none: true, ..Priority::default() });
    });
    assert_eq!(
        broken(|n| {
            n.priority =
                Some(Priority { none: true, ranks: vec![vec![PriorityHolder::Member]], ..Priority::default() });
        }),
        "priority.contradiction"
    );
    let mut shares = good();
    shares.category = Some(Category::Equity);
    assert!(rules(&shares).contains(&"registration.eligibility".to_owned()));
    shares.holder = Some(Holder::Enterprise);
    assert!(!rules(&shares).contains(&"registration.eligibility".to_owned()));
}

#[test]
fn a_collectives_lot_needs_its_decision() {
    let standing = |decision| {
        check_in(&good(), &CheckContext { decision, ..context() }).into_iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(standing(DecisionStanding::Missing), ["decision.needed"]);
    assert_eq!(standing(DecisionStanding::Carried), Vec::<String>::new());
    let state = Notice { holder: Some(Holder::State), ..good() };
    let missing = CheckContext { decision: DecisionStanding::Missing, ..context() };
    assert!(check_in(&state, &missing).is_empty());
}

#[test]
fn measured_and_stated_area_agree() {
    let measured = |mu: &str| {
        let measured_mu = Some(mu.parse().expect("a decimal"));
        check_in(&good(), &CheckContext { measured_mu, ..context() }).iter().any(|f| f.rule == "area.tolerance")
    };
    assert!(!measured("40"));
    assert!(!measured("41.2371134"));
    assert!(measured("41.24"));
    assert!(measured("38.8"));
}

#[test]
fn size_decides_who_reviews() {
    let county = |notice: &Notice| {
        let book = book(notice.category.expect("a category"));
        (book.belongs_to_county(notice), book.needs_county_review(notice))
    };
    assert_eq!(county(&good()), (false, false));
    let mut large = good();
    large.components[0].quantity = Some(Quantity::new(Decimal::from(50), Unit::Mu));
    assert_eq!(county(&large), (true, true));
    let mut shop = Notice { category: Some(Category::OperatingAsset), ..good() };
    shop.price.reserve = Some(UnitPrice::new(yuan(66_667), PriceBasis::YEAR));
    assert_eq!(county(&shop), (true, true), "200001 in three years");
    shop.price.reserve = Some(UnitPrice::new(yuan(66_666), PriceBasis::YEAR));
    assert_eq!(county(&shop), (false, false));
}
