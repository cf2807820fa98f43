use super::{
    change::{self, changes},
    dates, draft, eligibility, rules, runnable, vote,
};
use crate::{
    calendar::Calendar,
    decision::{Body, Decision, Matter, Outside},
    finding::Finding,
    lot::{Lot, Next, Phase},
    money::Money,
    notice::{Ascending, Eligibility, Exercise, Method, MethodTerms, Notice, Priority, PriorityHolder, Venue},
    price::{Component, Escalator, Price, PriceBasis, Quantity, Unit, UnitPrice},
    rights::{Category, Holder, TransferMode},
    role::{Grant, Role},
    rulebook::{Library, Rulebook},
    term::{Span, Start, Term},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

fn price(fen: i64) -> UnitPrice {
    UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR)
}

fn notice() -> Notice {
    let step = Ascending { step: Some(price(1_000)), ..Ascending::default() };
    Notice {
        title: "东二地出租".into(),
        category: Some(Category::CollectiveLand),
        holder: Some(Holder::Collective),
        mode: Some(TransferMode::Lease),
        components: vec![Component {
            kind: String::new(),
            quantity: Some(Quantity::new("40".parse().expect("decimal"), Unit::Mu)),
            price: None,
        }],
        term: Some(Term::Length { span: Span::years(3), start: Start::Signing, at_most: false }),
        price: Price { reserve: Some(price(60_000)), escalator: Some(Escalator::None), ..Price::default() },
        method: Some(MethodTerms {
            method: Some(Method::Ascending(step)),
            venue: Some(Venue::Online),
            text: String::new(),
        }),
        ..Notice::default()
    }
}

fn book() -> Rulebook {
    Library::builtin().rulebook("110000".parse().expect("a region"), Category::CollectiveLand).expect("built in")
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn plan(notice: &Notice, now: &str, wish: dates::Wish) -> Result<dates::Plan, Vec<Finding>> {
    dates::plan(notice, &book().rules, Calendar::official(), at(now), wish)
}

fn names(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// Ten working days from Monday 22 September 2025, over the National Day holidays: 23–26 and 28 (make-up) to 30 September are seven,
/// 9, 10 and 11 October (make-up) are three.
#[test]
fn working_days_pass_over_holidays_and_count_make_up_days() {
    let plan = plan(&notice(), "2025-09-22T10:30:00+08:00", dates::Wish::default()).expect("lawful");
    assert_eq!(plan.schedule.announced_at, at("2025-09-22T10:30:00+08:00"));
    assert_eq!(plan.schedule.registration_closes, at("2025-10-11T17:00:00+08:00"));
    assert_eq!(plan.schedule.auction_opens, at("2025-10-13T09:00:00+08:00"));
    assert_eq!(plan.schedule.free_until, at("2025-10-13T10:00:00+08:00"));
    assert_eq!((plan.schedule.limited_seconds, plan.schedule.extension_seconds), (300, 300));
    // A tenth of the first year: 40 mu at 600 yuan.
    assert_eq!(plan.deposit, Money::from_fen(240_000));
}

#[test]
fn a_draft_wishes_and_an_operator_insists() {
    let now = "2025-09-22T10:30:00+08:00";
    let mut wishing = notice();
    wishing.schedule.auction_from = Some("2025-09-30".parse().expect("a day"));
    let early = plan(&wishing, now, dates::Wish::default()).expect("put off");
    assert_eq!(early.schedule.auction_opens, at("2025-10-13T09:00:00+08:00"));
    wishing.schedule.register_to = Some("2025-10-20".parse().expect("a day"));
    wishing.schedule.auction_from = Some("2025-10-22T14:00+08:00".parse().expect("an hour"));
    let late = plan(&wishing, now, dates::Wish::default()).expect("granted");
    assert_eq!(late.schedule.registration_closes, at("2025-10-20T17:00:00+08:00"));
    assert_eq!(late.schedule.auction_opens, at("2025-10-22T14:00:00+08:00"));
    assert_eq!(late.earliest_close, at("2025-10-11T17:00:00+08:00"));
    let insists = dates::Wish { opens: Some(at("2025-10-11T17:00:00+08:00")), free_minutes: None };
    assert_eq!(names(&plan(&notice(), now, insists).expect_err("too early")), ["announcement.opening"]);
    let long = dates::Wish { opens: None, free_minutes: Some(60 * 24 * 8) };
    assert!(plan(&notice(), now, long).is_err());
}

#[test]
fn what_lies_beyond_the_calendar_is_not_announced() {
    let far = dates::Wish { opens: Some(at("2032-01-05T09:00:00+08:00")), free_minutes: None };
    assert_eq!(
        names(&plan(&notice(), "2025-09-22T10:30:00+08:00", far).expect_err("unknown")),
        ["calendar.year-unknown"]
    );
}

#[test]
fn what_is_published_says_what_holds() {
    let plan = plan(&notice(), "2025-09-22T10:30:00+08:00", dates::Wish::default()).expect("lawful");
    let published = dates::published(&notice(), &plan.schedule);
    assert_eq!(published.schedule.register_to.map(|end| end.ends()), Some(plan.schedule.registration_closes));
    assert_eq!(published.schedule.auction_from.map(|start| start.begins()), Some(plan.schedule.auction_opens));
    assert_eq!(dates::kept(&plan.schedule, &published), plan.schedule, "the same again moves nothing");
}

#[test]
fn a_lot_that_stood_still_goes_on_in_office_hours() {
    let old = plan(&notice(), "2025-09-22T10:30:00+08:00", dates::Wish::default()).expect("lawful").schedule;
    let calendar = Calendar::official();
    // Suspended for four days of the announcement, resumed on Monday 29 September.
    let (since, now) = (at("2025-09-25T12:00:00+08:00"), at("2025-09-29T12:00:00+08:00"));
    let new = dates::resumed(&old, since, now, calendar, None).expect("known").expect("left to come");
    // 11 October and four days is the 15th; 13 October and four days is Friday the 17th.
    assert_eq!(new.registration_closes, at("2025-10-15T17:00:00+08:00"));
    assert_eq!(new.auction_opens, at("2025-10-17T09:00:00+08:00"));
    assert_eq!(new.announced_at, old.announced_at);
    let wish = Some(at("2025-10-16T09:00:00+08:00"));
    assert_eq!(dates::resumed(&old, since, now, calendar, wish).expect_err("too early").rule, "announcement.opening");
    let after = at("2025-10-13T09:30:00+08:00");
    assert_eq!(
        dates::resumed(&old, after, after + TimeDelta::days(3), calendar, None),
        Ok(None),
        "the room has opened"
    );
}

proptest! {
    /// Whenever a lot is suspended and resumed, nobody loses time, and dates stay in order.
    #[test]
    fn nobody_loses_time(start in 0_i64..200, held in 0_i64..60_000, still in 1_i64..60_000) {
        let now = at("2025-02-10T00:00:00+08:00") + TimeDelta::hours(start * 7);
        let old = dates::plan(&notice(), &book().rules, Calendar::official(), now, dates::Wish::default())
            .expect("within the calendar")
            .schedule;
        let since = now + TimeDelta::minutes(held);
        let until = since + TimeDelta::minutes(still);
        if let Some(new) = dates::resumed(&old, since, until, Calendar::official(), None).expect("within the calendar") {
            let standstill = until - since;
            if old.registration_closes > since {
                prop_assert!(new.registration_closes >= old.registration_closes + standstill);
            } else {
                prop_assert_eq!(new.registration_closes, old.registration_closes);
            }
            prop_assert!(new.auction_opens >= old.auction_opens + standstill);
            prop_assert!(new.registration_closes <= new.auction_opens);
            prop_assert_eq!(new.free_until - new.auction_opens, old.free_until - old.auction_opens);
        }
    }

    /// The announcement has its working days, and the room opens on a working day after it.
    #[test]
    fn announcements_are_long_enough(start in 0_i64..500) {
        let now = at("2025-01-01T00:00:00+08:00") + TimeDelta::hours(start * 11);
        let plan = dates::plan(&notice(), &book().rules, Calendar::official(), now, dates::Wish::default())
            .expect("within the calendar");
        let calendar = Calendar::official();
        let day = |instant| crate::calendar::time::date_of(instant);
        let days = calendar.working_days_between(day(now), day(plan.schedule.registration_closes)).expect("known");
        prop_assert_eq!(days, u32::from(plan.days.count));
        prop_assert!(calendar.is_working_day(day(plan.schedule.auction_opens)).expect("known"));
        prop_assert!(plan.schedule.auction_opens > plan.schedule.registration_closes);
    }
}

#[test]
fn a_change_is_named_by_its_path() {
    let old = notice();
    assert!(changes(&old, &old).is_empty());
    let mut new = old.clone();
    new.price.reserve = Some(price(66_000));
    new.intended_use = "种植".into();
    new.components[0].quantity = None;
    assert_eq!(changes(&old, &new), ["components", "intended_use", "price.reserve.amount"]);
    let rules = rules::of(&old, &book());
    for path in ["price.reserve.amount", "components", "method.method.step.amount", "priority"] {
        assert!(rules.is_material(path), "{path}");
    }
    for path in ["title", "location.detail", "schedule.auction_from"] {
        assert!(!rules.is_material(path), "{path}");
    }
}

#[test]
fn what_the_reviews_rest_on_is_not_corrected() {
    assert!(change::same_lot(&["title".to_owned(), "price.reserve.amount".to_owned()]).is_ok());
    let finding = change::same_lot(&["category".to_owned()]).expect_err("another lot");
    assert_eq!((finding.rule.as_str(), finding.field.as_deref()), ("correction.identity", Some("category")));
}

#[test]
fn a_submitted_draft_is_not_written_on() {
    let mut lot = Lot::draft();
    for phase in Phase::ALL {
        lot.phase = phase;
        assert_eq!(draft::editable(&lot).is_ok(), matches!(phase, Phase::Draft | Phase::Returned), "{phase:?}");
        let decidable = matches!(phase, Phase::Draft | Phase::Returned | Phase::Announced);
        assert_eq!(draft::decidable(&lot).is_ok(), decidable, "{phase:?}");
    }
    assert!(draft::current(3, 3).is_ok() && draft::current(3, 2).is_err());
}

#[test]
fn a_notice_is_about_the_assets_and_the_place() {
    let village: crate::region::RegionCode = "500229101202".parse().expect("a region");
    let land = [Category::CollectiveLand];
    assert_eq!(draft::about(&notice(), &land, village), []);
    assert_eq!(names(&draft::about(&notice(), &[], village)), ["lot.assets"]);
    let mixed = [Category::CollectiveLand, Category::ConstructionLand];
    assert_eq!(names(&draft::about(&notice(), &mixed, village)), ["lot.asset-category"]);
    let mut elsewhere = notice();
    for (place, expected) in [("500229", 0), ("50022910120201", 0), ("500230", 1), ("500229101203", 1)] {
        elsewhere.region = Some(place.parse().expect("a region"));
        assert_eq!(draft::about(&elsewhere, &land, village).len(), expected, "{place}");
    }
    let works = Notice { category: Some(Category::Project), ..Notice::default() };
    assert_eq!(draft::about(&works, &[], village), []);
}

#[test]
fn the_notice_goes_before_the_rulebook_where_it_counts_bidders() {
    let mut notice = notice();
    assert_eq!(rules::of(&notice, &book()).next(1), Next::SingleOffer);
    let ascending = notice.method.as_ref().and_then(|terms| terms.method.clone()).expect("stated");
    let by_bidders = Method::ByBidders { at_least: 3, enough: Box::new(ascending.clone()), fewer: Box::new(ascending) };
    notice.method = Some(MethodTerms { method: Some(by_bidders), venue: None, text: String::new() });
    let rules = rules::of(&notice, &book());
    assert_eq!((rules.bidders_at_least, rules.next(1), rules.next(0)), (3, Next::Auction, Next::Unsold));
}

#[test]
fn what_no_room_carries_out_is_not_announced() {
    let schedule = plan(&notice(), "2025-09-22T10:30:00+08:00", dates::Wish::default()).expect("lawful").schedule;
    assert_eq!(runnable::check(&notice(), &schedule, &book()), []);
    let mut window = notice();
    window.priority = Some(Priority {
        ranks: vec![vec![PriorityHolder::Member]],
        exercise: Some(Exercise::Window),
        ..Priority::default()
    });
    assert_eq!(names(&runnable::check(&window, &schedule, &book())), ["priority.window-runnable"]);
    let mut parts = notice();
    parts.components[0].price = Some(price(50_000));
    assert_eq!(names(&runnable::check(&parts, &schedule, &book())), ["price.components"]);
    let mut rising = notice();
    rising.price.escalator = Some(Escalator::Amount { amount: Money::from_fen(5_000), every_years: 1, from_year: 2 });
    assert_eq!(runnable::check(&rising, &schedule, &book()), []);
    rising.price.offers_in = Some(PriceBasis::FIRST_YEAR);
    assert!(names(&runnable::check(&rising, &schedule, &book())).contains(&"price.escalator-runnable"));
    let mut sealed = notice();
    sealed.method = Some(MethodTerms { method: Some(Method::Negotiated), venue: None, text: String::new() });
    assert_eq!(names(&runnable::check(&sealed, &schedule, &book())), ["method.runnable"]);
}

fn decision(matter: Matter) -> Decision {
    let day = NaiveDate::from_ymd_opt(2025, 9, 1).expect("a day");
    Decision {
        body: Body::Assembly,
        eligible: 90,
        present: 80,
        in_favour: 75,
        against: 3,
        abstained: 2,
        noticed_on: day - TimeDelta::days(12),
        held_on: day,
        matters: [matter].into(),
        party_discussed_on: Some(day - TimeDelta::days(20)),
        households: None,
        mandates: None,
        outside: None,
    }
}

#[test]
fn a_vote_is_about_this_lot_and_lets_in_whom_the_notice_lets_in() {
    assert_eq!(vote::fits(&decision(Matter::Transfer), true, &notice(), false), []);
    assert_eq!(names(&vote::fits(&decision(Matter::Charter), true, &notice(), false)), ["decision.matter"]);
    assert_eq!(names(&vote::fits(&decision(Matter::LotTerms), true, &notice(), false)), ["decision.matter"]);
    assert_eq!(vote::fits(&decision(Matter::LotTerms), true, &notice(), true), []);
    assert_eq!(names(&vote::fits(&decision(Matter::Transfer), false, &notice(), false)), ["decision.outside"]);
    let mut inside = notice();
    inside.priority = Some(Priority { restricted_to: Some(Eligibility::Members), ..Priority::default() });
    assert_eq!(vote::fits(&decision(Matter::Transfer), false, &inside, false), []);
    let rules = book().rules;
    let today = NaiveDate::from_ymd_opt(2025, 9, 20).expect("a day");
    let check = |decision: &Decision| crate::decision::check(decision, &rules.decision.value, today);
    assert_eq!(check(&vote::completed(&decision(Matter::Transfer), true, &rules)), []);
    let mut careless = decision(Matter::Transfer);
    careless.outside = Some(Outside { township_approved: false, credit_checked: false, capacity_checked: true });
    assert_eq!(names(&check(&vote::completed(&careless, true, &rules))), ["decision.contractor-check"]);
    assert_eq!(vote::completed(&careless, false, &rules).outside, None);
}

#[test]
fn who_may_register() {
    use eligibility::{Standing, check, no_conflict};
    let rules = book().rules;
    let member = Standing { member: true, ..Standing::default() };
    let lessee = Standing { sitting_lessee: true, ..Standing::default() };
    let stranger = Standing::default();
    for (restriction, standing, admitted) in [
        (None, stranger, true),
        (Some(Eligibility::Members), member, true),
        (Some(Eligibility::Members), lessee, false),
        (Some(Eligibility::MembersAndSittingLessee), lessee, true),
        (Some(Eligibility::MembersAndSittingLessee), stranger, false),
        (Some(Eligibility::Residents), stranger, false),
        (Some(Eligibility::Residents), Standing { documents: 1, ..stranger }, true),
    ] {
        assert_eq!(check(restriction, standing, &rules).is_ok(), admitted, "{restriction:?} {standing:?}");
    }
    let grant = |role, region: &str| vec![Grant { role, region: region.to_owned() }];
    assert!(no_conflict(&grant(Role::Clerk, "500229101202"), "500229101202").is_err());
    assert!(no_conflict(&grant(Role::Operator, "500229"), "500229101202").is_err());
    assert!(no_conflict(&grant(Role::Clerk, "500229101203"), "500229101202").is_ok());
    assert!(no_conflict(&grant(Role::Bidder, ""), "500229101202").is_ok());
}
