use super::*;
use crate::money::Money;
use proptest::prelude::*;
use rust_decimal::dec;

fn mu(value: Decimal) -> Mu {
    Mu::new(value).unwrap()
}

#[test]
fn the_greatest_area_is_what_its_comment_says() {
    assert_eq!(MAX, dec!(100_000_000_000));
}

#[test]
fn known_conversions() {
    assert_eq!(mu(dec!(15)).to_hectares(Rounding::HalfUp).unwrap().get(), dec!(1));
    assert_eq!(mu(dec!(15)).to_square_metres(Rounding::HalfUp).unwrap().get(), dec!(10000));
    assert_eq!(mu(dec!(1)).to_square_metres(Rounding::HalfUp).unwrap().get(), dec!(666.6667));
    assert_eq!(mu(dec!(1)).to_square_metres(Rounding::Down).unwrap().get(), dec!(666.6666));
    assert_eq!(mu(dec!(351)).to_hectares(Rounding::HalfUp).unwrap().get(), dec!(23.4));
    assert_eq!(SquareMetres::new(dec!(666.6667)).unwrap().in_mu(), dec!(1.00000005));
    assert_eq!(SquareMetres::new(dec!(10000)).unwrap().to_mu(Rounding::Down).unwrap(), mu(dec!(15)));
    assert_eq!(Hectares::new(dec!(0.5)).unwrap().to_mu(Rounding::Down).unwrap(), mu(dec!(7.5)));
    assert_eq!(Hectares::new(dec!(0.000001)).unwrap().to_square_metres().unwrap().get(), dec!(0.01));
}

#[test]
fn refusals() {
    for (value, rule) in [
        (dec!(0), "area.positive"),
        (dec!(-1), "area.positive"),
        (dec!(0.00001), "area.decimals"),
        (dec!(100000000001), "area.range"),
    ] {
        assert_eq!(Mu::new(value).unwrap_err().rule, rule);
    }
    assert_eq!(mu(dec!(1.50000000)).to_string(), "1.5", "zeros at the end are no decimals");
    assert_eq!("12亩".parse::<Mu>().unwrap_err().rule, "area.number");
    assert_eq!(" 12.3456 ".parse::<Mu>().unwrap(), mu(dec!(12.3456)));
    assert_eq!(SquareMetres::new(dec!(0.0001)).unwrap().to_mu(Rounding::HalfUp).unwrap_err().rule, "area.positive");
    assert_eq!(mu(MAX).to_square_metres(Rounding::Down).unwrap_err().rule, "area.range");
    assert_eq!(mu(MAX).checked_add(mu(dec!(0.0001))), None);
    assert_eq!(Mu::checked_sum([]), None);
    assert_eq!(Mu::checked_sum([mu(dec!(1.2)), mu(dec!(0.8))]), Some(mu(dec!(2))));
}

#[test]
fn json_is_text_and_checked() {
    assert_eq!(serde_json::to_string(&mu(dec!(12.5))).unwrap(), "\"12.5\"");
    assert_eq!(serde_json::from_str::<Mu>("\"12.50\"").unwrap(), mu(dec!(12.5)));
    assert!(serde_json::from_str::<Mu>("\"-1\"").is_err());
}

#[test]
fn stated_against_measured() {
    let check = |stated, measured| compare_areas(mu(stated), mu(measured), dec!(0.05), "规则手册 面积误差");
    assert_eq!(check(dec!(105), dec!(100)), None);
    assert_eq!(check(dec!(95), dec!(100)), None);
    let finding = check(dec!(105.0001), dec!(100)).unwrap();
    assert_eq!((finding.rule.as_str(), finding.severity), ("area.measured", Severity::Warning));
    assert_eq!(finding.facts["difference-mu"], "5.0001");
    assert_eq!(finding.facts["deviation"], "0.05");
    assert!(finding.message.en.contains("more than"));
    assert!(check(dec!(94.9999), dec!(100)).unwrap().message.zh.contains("小于"));
}

#[test]
fn rent_of_an_area_is_rounded_once() {
    let per_mu = Money::from_fen(65_433);
    assert_eq!(per_mu.checked_mul(mu(dec!(12.3456)).get(), Rounding::HalfUp), Some(Money::from_fen(807_810)));
}

/// Up to 100,000,000 mu in ten-thousandths: any real lot.
fn areas() -> impl Strategy<Value = Mu> {
    (1i64..1_000_000_000_000).prop_map(|units| mu(Decimal::new(units, 4)))
}

proptest! {
    #[test]
    fn mu_survive_square_metres_and_back(area in areas()) {
        for rounding in [Rounding::Down, Rounding::Up, Rounding::HalfUp, Rounding::HalfEven] {
            let metres = area.to_square_metres(rounding).unwrap();
            prop_assert_eq!(metres.to_mu(Rounding::HalfUp).unwrap(), area);
        }
    }

    /// Plain division in whole units is the naive twin: mu * 20,000,000 / 3 ten-thousandths of a square metre.
    #[test]
    fn square_metres_agree_with_whole_numbers(units in 1i64..1_000_000_000_000) {
        let area = mu(Decimal::new(units, 4));
        let thirds = i128::from(units) * 2000;
        let expected = |extra: i128| Decimal::from_i128_with_scale((thirds + extra) / 3, 4);
        prop_assert_eq!(area.to_square_metres(Rounding::Down).unwrap().get(), expected(0));
        prop_assert_eq!(area.to_square_metres(Rounding::Up).unwrap().get(), expected(2));
        prop_assert_eq!(area.to_square_metres(Rounding::HalfUp).unwrap().get(), expected(1));
        prop_assert_eq!(area.to_square_metres(Rounding::HalfEven).unwrap().get(), expected(1), "thirds have no half");
    }

    #[test]
    fn square_metres_to_mu_is_exact_and_ordered(units in 1i64..1_000_000_000_000_000, area in areas()) {
        let metres = SquareMetres::new(Decimal::new(units, 4)).unwrap();
        prop_assert_eq!(metres.in_mu() * dec!(10000) / dec!(15), metres.get());
        prop_assert_eq!(area.cmp_square_metres(metres), area.get().cmp(&metres.in_mu()));
    }

    #[test]
    fn comparison_is_symmetric_in_sign_only(stated in areas(), measured in areas(), percent in 0i64..100) {
        let tolerance = Decimal::new(percent, 2);
        let outside = compare_areas(stated, measured, tolerance, "b").is_some();
        let ratio_above = (stated.get() - measured.get()).abs() > measured.get() * tolerance;
        prop_assert_eq!(outside, ratio_above);
        prop_assert_eq!(compare_areas(measured, measured, tolerance, "b"), None);
    }
}
