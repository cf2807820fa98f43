use super::*;
use crate::money::Money;
use crate::price::{PriceBasis, Quantity, Unit, UnitPrice};
use crate::term::{Span, Start};
use proptest::prelude::*;

fn sample() -> Notice {
    Notice {
        title: "东二地耕地出租".into(),
        category: Some(Category::CollectiveLand),
        components: vec![Component {
            kind: String::new(),
            quantity: Some(Quantity::new("130.72".parse().expect("decimal"), Unit::Mu)),
            price: None,
        }],
        term: Some(Term::Length { span: Span::years(3), start: Start::Signing, at_most: false }),
        price: Price {
            reserve: Some(UnitPrice::new(Money::from_fen(120_000), PriceBasis::MU_YEAR)),
            ..Price::default()
        },
        method: Some(MethodTerms {
            method: Some(Method::ByBidders {
                at_least: 2,
                enough: Box::new(Method::Ascending(Ascending { free_minutes: Some(60), ..Ascending::default() })),
                fewer: Box::new(Method::Negotiated),
            }),
            venue: Some(Venue::Online),
            text: "网络竞价".into(),
        }),
        ..Notice::default()
    }
}

#[test]
fn a_notice_travels_as_json_and_refuses_what_it_does_not_know() {
    let notice = sample();
    let json = serde_json::to_value(&notice).expect("serialises");
    assert_eq!(json["price"]["reserve"], serde_json::json!({"amount": 120_000, "basis": "mu-year"}));
    assert_eq!(json["components"][0]["quantity"], serde_json::json!({"amount": "130.72", "unit": "mu"}));
    assert_eq!(json["term"]["span"], "P3Y");
    assert_eq!(serde_json::from_value::<Notice>(json.clone()).expect("reads back"), notice);
    let mut unknown = json;
    unknown["reserve"] = serde_json::json!(1);
    assert!(serde_json::from_value::<Notice>(unknown).is_err());
    assert_eq!(serde_json::from_str::<Notice>("{}").expect("an empty draft"), Notice::default());
}

#[test]
fn the_total_follows_from_the_notice() {
    let total = sample().total().expect("computes");
    assert_eq!(total.total, Money::from_fen(47_059_200));
    assert_eq!(
        sample().method.and_then(|m| m.method).and_then(|m| m.ascending().cloned()).and_then(|a| a.free_minutes),
        Some(60)
    );
}

#[test]
fn moments_are_days_or_instants_of_shanghai() {
    let at = |text: &str| text.parse::<Moment>().expect("a moment");
    assert_eq!(at("2026-03-13").begins().to_string(), "2026-03-12 16:00:00 UTC");
    assert_eq!(at("2026-03-13").ends().to_string(), "2026-03-13 16:00:00 UTC");
    assert_eq!(at("2026-03-13T16:00+08:00").ends().to_string(), "2026-03-13 08:00:00 UTC");
    assert_eq!(at("2026-03-13T08:00:00Z"), at("2026-03-13T16:00+08:00"));
    assert_eq!(at("2026-03-13 16:00"), at("2026-03-13T16:00:00+08:00"));
    for text in ["", "2026", "2026-13-01", "2026-02-30", "9999-01-01", "0001-01-01", "2026-03-13T25:00+08:00"] {
        assert!(text.parse::<Moment>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn moments_read_back(day in 0i64..80_000, second in proptest::option::of(0u32..86_400)) {
        let date = chrono::NaiveDate::from_ymd_opt(1950, 1, 1).expect("a day") + chrono::TimeDelta::days(day);
        let time = second.and_then(|s| chrono::NaiveTime::from_num_seconds_from_midnight_opt(s, 0));
        let moment = Moment { date, time };
        prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        prop_assert!(moment.begins() <= moment.ends());
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = text.parse::<Moment>();
    }
}
