use super::*;
use crate::term::{Span, Start, Term};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn yuan(yuan: i64) -> Money {
    Money::from_yuan(yuan).expect("fits")
}

fn length(months: u16) -> Term {
    Term::Length { span: Span::months(months), start: Start::Signing, at_most: false }
}

fn mu(text: &str) -> Quantity {
    Quantity::new(text.parse().expect("decimal"), Unit::Mu)
}

fn sum(total: &Total) -> Money {
    total.schedule.iter().fold(Money::ZERO, |sum, year| sum.checked_add(year.amount).expect("fits"))
}

#[test]
fn the_published_totals_of_real_notices_come_out() {
    // 450 yuan per mu and year, 15.3 mu, three years: 20655.
    let pond =
        total(&UnitPrice::new(yuan(450), PriceBasis::MU_YEAR), Some(&mu("15.3")), Some(&length(36)), &Escalator::None);
    assert_eq!(pond.expect("computes").total, yuan(20_655));
    // 400 yuan per mu and year on 57.4 mu are 22960 a year and 459200 in twenty years.
    let pit =
        total(&UnitPrice::new(yuan(22_960), PriceBasis::YEAR), Some(&mu("57.4")), Some(&length(240)), &Escalator::None)
            .expect("computes");
    assert_eq!((pit.total, pit.first_year), (yuan(459_200), yuan(22_960)));
    assert_eq!(pit.mu_year, Some(MuYear { amount: yuan(400), exact: true }));
    // Two lots of one sale, 2 years 7 months at 710 and 740 on 557 and 850 mu: 2646500 together (to 100 yuan, as published).
    let deal = |price, area| {
        total(&UnitPrice::new(yuan(price), PriceBasis::MU_YEAR), Some(&mu(area)), Some(&length(31)), &Escalator::None)
            .expect("computes")
            .total
    };
    let both = deal(710, "557").checked_add(deal(740, "850")).expect("fits");
    assert_eq!(both.fen() / 10_000, 26_465);
    // Water: 255500 cubic metres a year at 0.23 yuan are 58765 a year.
    let water = Quantity::new(Decimal::from(255_500), Unit::CubicMetreYear);
    assert_eq!(
        first_year(&UnitPrice::new(Money::from_fen(23), PriceBasis::CUBIC_METRE), Some(&water)),
        Ok(yuan(58_765))
    );
}

#[test]
fn escalators_compound_on_the_rent_before_and_simple_ones_on_the_first() {
    let price = UnitPrice::new(yuan(1000), PriceBasis::YEAR);
    let rents = |escalator: Escalator, months| {
        let total = total(&price, None, Some(&length(months)), &escalator).expect("computes");
        assert_eq!(sum(&total), total.total);
        total.schedule.iter().map(|year| year.amount.fen()).collect::<Vec<_>>()
    };
    let percent = |percent: i64, every_years, from_year, compounding| Escalator::Percent {
        percent: Decimal::from(percent),
        every_years,
        from_year,
        compounding,
    };
    assert_eq!(rents(percent(10, 1, 2, true), 36), [100_000, 110_000, 121_000]);
    assert_eq!(rents(percent(10, 1, 2, false), 36), [100_000, 110_000, 120_000]);
    assert_eq!(rents(percent(10, 2, 3, true), 60), [100_000, 100_000, 110_000, 110_000, 121_000]);
    let amount = Escalator::Amount { amount: yuan(50), every_years: 3, from_year: 4 };
    assert_eq!(rents(amount, 54), [100_000, 100_000, 100_000, 105_000, 52_500]);
    let steps = Escalator::Steps {
        steps: vec![RentStep { year: 3, percent: Decimal::from(5) }, RentStep { year: 4, percent: Decimal::from(5) }],
    };
    assert_eq!(rents(steps, 48), [100_000, 100_000, 105_000, 110_250]);
}

#[test]
fn an_open_escalator_says_how_far_the_rent_is_known() {
    let price = UnitPrice::new(yuan(57_600), PriceBasis::YEAR);
    for escalator in [Escalator::Open { every_years: Some(5) }, Escalator::Renegotiated { every_years: Some(5) }] {
        let finding = total(&price, None, Some(&length(240)), &escalator).expect_err("later years are open");
        assert_eq!(finding.rule, "price.not-computable");
        assert_eq!(finding.facts["known-through-year"], "5");
        assert!(total(&price, None, Some(&length(60)), &escalator).is_ok());
    }
}

#[test]
fn what_is_missing_is_named() {
    let price = UnitPrice::new(yuan(700), PriceBasis::MU_YEAR);
    let rule = |quantity: Option<&Quantity>, term: Option<&Term>| {
        total(&price, quantity, term, &Escalator::None).expect_err("incomplete").rule
    };
    assert_eq!(rule(None, Some(&length(12))), "price.quantity-missing");
    assert_eq!(
        rule(Some(&Quantity::new(Decimal::TWO, Unit::Count("座".into()))), Some(&length(12))),
        "price.unit-mismatch"
    );
    assert_eq!(rule(Some(&mu("2")), None), "price.term-unknown");
    assert_eq!(rule(Some(&mu("2")), Some(&Term::Sale)), "price.term-unknown");
    let until = Term::Until { start: Start::Signing, to: "2028-08-31".parse().expect("date"), counted: None };
    assert_eq!(rule(Some(&mu("2")), Some(&until)), "price.term-unknown");
    let huge = UnitPrice::new(Money::from_fen(i64::MAX), PriceBasis::MU_YEAR);
    let finding = total(&huge, Some(&mu("9999999999")), Some(&length(840)), &Escalator::None).expect_err("too much");
    assert_eq!(finding.rule, "price.range");
}

#[test]
fn two_kinds_of_land_at_two_prices_make_one_lot() {
    let part = |kind: &str, area: &str, price: i64| Component {
        kind: kind.into(),
        quantity: Some(mu(area)),
        price: Some(UnitPrice::new(yuan(price), PriceBasis::MU_YEAR)),
    };
    let components = [part("承包地", "433.8", 1000), part("机动地", "171.2", 900)];
    let total = composite_total(&components, &Price::default(), Some(&length(24))).expect("computes");
    assert_eq!(total.total, yuan(2 * (433_800 + 154_080)));
    assert_eq!(total.first_year, yuan(587_880));
    assert_eq!(sum(&total), total.total);
    assert_eq!(total.mu_year.map(|m| m.amount), Some(Money::from_fen(97_170)));
    let unpriced = [Component { kind: String::new(), quantity: Some(mu("3")), price: None }];
    assert_eq!(
        composite_total(&unpriced, &Price::default(), None).expect_err("no price").rule,
        "price.reserve-missing"
    );
}

#[test]
fn grain_rent_is_money_only_at_a_price_of_the_jin() {
    let rent = |pricing| GrainRent {
        grain: "稻谷".into(),
        jin: Decimal::from(500),
        basis: PriceBasis::MU_YEAR,
        pricing,
        step: None,
    };
    let fixed = rent(GrainPricing::Reference { fen_per_jin: Decimal::new(1315, 1) });
    assert_eq!(fixed.unit_price(), Some(UnitPrice::new(Money::from_fen(65_750), PriceBasis::GRAIN_MU_YEAR)));
    assert_eq!(rent(GrainPricing::PriceOfYear { fen_per_jin: None }).unit_price(), None);
    let price = fixed.unit_price().expect("priced");
    assert_eq!(
        convert(&price, PriceBasis::MU_YEAR, Some(&mu("1")), None).expect_err("not the same").rule,
        "price.basis-grain"
    );
}

#[test]
fn conversions_of_real_prices() {
    let shop = UnitPrice::new(yuan(5), PriceBasis::SQUARE_METRE_MONTH);
    let area = Quantity::new(Decimal::from(127), Unit::SquareMetre);
    let yearly = convert(&shop, PriceBasis::YEAR, Some(&area), None).expect("converts");
    assert_eq!(yearly, Conversion { price: UnitPrice::new(yuan(7_620), PriceBasis::YEAR), exact: true });
    let per_mu = convert(&shop, PriceBasis::MU_YEAR, Some(&area), None).expect("converts");
    assert_eq!(per_mu.price.amount, yuan(40_000));
    let third = convert(&UnitPrice::new(yuan(100), PriceBasis::YEAR), PriceBasis::MU_YEAR, Some(&mu("3")), None)
        .expect("converts");
    assert_eq!((third.price.amount.fen(), third.exact), (3_333, false));
    let term = length(24);
    let whole =
        convert(&UnitPrice::new(yuan(1300), PriceBasis::MU_YEAR), PriceBasis::TOTAL, Some(&mu("10")), Some(&term));
    assert_eq!(whole.expect("converts").price.amount, yuan(26_000));
    assert!(convert(&shop, PriceBasis::TOTAL, Some(&area), None).is_err());
}

fn bases() -> impl Strategy<Value = PriceBasis> {
    let per = prop_oneof![Just(Per::Whole), Just(Per::Mu), Just(Per::SquareMetre), Just(Per::Hectare)];
    let every = prop_oneof![
        Just(Every::Term),
        Just(Every::Year),
        Just(Every::HalfYear),
        Just(Every::Quarter),
        Just(Every::Month),
        Just(Every::Day)
    ];
    (per, every).prop_map(|(per, every)| PriceBasis { per, every })
}

fn escalators() -> impl Strategy<Value = Escalator> {
    prop_oneof![
        Just(Escalator::None),
        (0i64..2000, 1u16..6, 2u16..6, any::<bool>()).prop_map(|(p, every_years, from_year, compounding)| {
            Escalator::Percent { percent: Decimal::new(p, 2), every_years, from_year, compounding }
        }),
        (0i64..100_000, 1u16..6, 2u16..6).prop_map(|(fen, every_years, from_year)| Escalator::Amount {
            amount: Money::from_fen(fen),
            every_years,
            from_year
        }),
    ]
}

proptest! {
    #[test]
    fn the_schedule_adds_up_to_the_total(
        fen in 1i64..1_000_000,
        area in 1i64..100_000_000,
        basis in bases(),
        escalator in escalators(),
        span in prop_oneof![
            (0u16..840, 0u16..=30).prop_map(|(months, days)| Span::new(0, months, days)),
            (0u16..2000).prop_map(|days| Span::new(0, 0, days)),
        ],
    ) {
        let span = span.expect("few days beside months");
        prop_assume!(!span.is_empty());
        let term = Term::Length { span, start: Start::Signing, at_most: false };
        let quantity = Quantity::new(Decimal::new(area, 4), Unit::Mu);
        let price = UnitPrice::new(Money::from_fen(fen), basis);
        let total = match total(&price, Some(&quantity), Some(&term), &escalator) {
            Ok(total) => total,
            // A rent a day for each square metre that grows by a fifth a year for 70 years is beyond any money.
            Err(finding) => {
                prop_assert_eq!(finding.rule, "price.range");
                return Ok(());
            }
        };
        prop_assert_eq!(sum(&total), total.total);
        let parts: u32 = total.schedule.iter().map(|year| year.span.year_parts()).sum();
        prop_assert_eq!(parts, span.year_parts());
        prop_assert!(total.schedule.iter().all(|year| year.amount >= Money::ZERO));
    }

    #[test]
    fn a_flat_yearly_rent_is_price_times_years(fen in 1i64..1_000_000_000, years in 1u16..70) {
        let total = total(&UnitPrice::new(Money::from_fen(fen), PriceBasis::YEAR), None, Some(&length(years * 12)), &Escalator::None)
            .expect("computes");
        prop_assert_eq!(total.total.fen(), fen * i64::from(years));
    }

    #[test]
    fn exact_conversions_come_back(
        fen in 1i64..10_000_000,
        area in 1i64..1_000_000,
        from in bases(),
        to in bases(),
        months in 1u16..840,
    ) {
        let quantity = Quantity::new(Decimal::new(area, 2), Unit::Mu);
        let term = length(months);
        let price = UnitPrice::new(Money::from_fen(fen), from);
        let there = convert(&price, to, Some(&quantity), Some(&term)).expect("converts");
        let back = convert(&there.price, from, Some(&quantity), Some(&term)).expect("converts back");
        if there.exact {
            prop_assert_eq!(back, Conversion { price, exact: true });
        }
    }

    #[test]
    fn a_total_is_the_conversion_to_the_whole_term_where_both_are_exact(fen in 1i64..1_000_000, area in 1i64..10_000, years in 1u16..70) {
        let quantity = Quantity::new(Decimal::from(area), Unit::Mu);
        let term = length(years * 12);
        let price = UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR);
        let total = total(&price, Some(&quantity), Some(&term), &Escalator::None).expect("computes");
        let whole = convert(&price, PriceBasis::TOTAL, Some(&quantity), Some(&term)).expect("converts");
        prop_assert_eq!(total.total, whole.price.amount);
        prop_assert_eq!(total.mu_year, Some(MuYear { amount: price.amount, exact: true }));
    }
}
