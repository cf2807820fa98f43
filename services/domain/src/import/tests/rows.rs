//! Rows as unseen notices may write them.

use super::{draft, outcome, refusals, warnings};
use crate::notice::{DepositKind, Method};
use crate::price::{Every, GrainPricing, Per, PriceBasis};
use crate::rights::{Category, Holder, TransferMode};
use crate::term::{Span, Term};

fn basis(changes: &[(&str, &str)]) -> (i64, String) {
    let reserve = draft(changes).price.reserve.expect("a reserve");
    (reserve.amount.fen(), reserve.basis.to_string())
}

#[test]
fn a_complete_notice_has_only_open_fields_left() {
    assert_eq!(warnings(&[]), ["notice.required", "notice.required"], "region and priority");
    assert_eq!(refusals(&[]), Vec::<String>::new());
}

#[test]
fn each_unit_of_price_is_a_basis() {
    for (price, unit, changes, expected) in [
        ("600", "元/亩/年", &[][..], (60_000, "mu-year")),
        ("24000", "元/年", &[], (2_400_000, "whole-year")),
        ("2.4", "万元/年", &[], (2_400_000, "whole-year")),
        ("2.4万", "元/年", &[], (0, "")),
        ("7.2", "万元(总价)", &[], (7_200_000, "whole-term")),
        ("72000", "元(总价)", &[], (7_200_000, "whole-term")),
        ("24000", "元(首年)", &[], (2_400_000, "whole-first-year")),
        (
            "5",
            "元/平方米/月",
            &[("quantity", "127"), ("unit", "㎡"), ("title", "商铺"), ("category", "operating-asset")],
            (500, "square-metre-month"),
        ),
        ("60", "元/㎡/年", &[("quantity", "127"), ("unit", "平方米"), ("title", "商铺")], (6_000, "square-metre-year")),
        ("9000", "元/公顷/年", &[], (900_000, "hectare-year")),
        ("300", "元/间/月", &[("quantity", "6"), ("unit", "间"), ("title", "房屋")], (30_000, "unit-month")),
        (
            "0.23",
            "元/立方米",
            &[("quantity", "255500"), ("unit", "立方米/年"), ("title", "水")],
            (23, "cubic-metre-term"),
        ),
        (
            "12",
            "元/株",
            &[("quantity", "300"), ("unit", "株"), ("transfer_mode", "转让"), ("title", "树")],
            (1_200, "unit-term"),
        ),
    ] {
        let mut cells = vec![
            ("reserve_price", price),
            ("reserve_unit", unit),
            ("step", ""),
            ("step_unit", ""),
            ("deposit_yuan", ""),
        ];
        cells.extend_from_slice(changes);
        if expected.0 == 0 {
            assert_eq!(refusals(&cells), ["price.unit-contradiction"], "{price} {unit}");
        } else {
            assert_eq!(basis(&cells), (expected.0, expected.1.to_owned()), "{price} {unit}");
        }
    }
}

#[test]
fn a_cell_may_carry_the_unit_but_not_another() {
    assert_eq!(basis(&[("reserve_price", "600元/亩/年"), ("reserve_unit", "")]).1, "mu-year");
    assert_eq!(basis(&[("reserve_price", "600元"), ("reserve_unit", "元/亩/年")]).1, "mu-year");
    assert_eq!(refusals(&[("reserve_price", "600元/亩/年"), ("reserve_unit", "万元")]), ["price.unit-contradiction"]);
    assert_eq!(refusals(&[("reserve_unit", "")]), ["price.basis-missing"]);
    assert_eq!(
        basis(&[("reserve_price", "72000"), ("reserve_unit", ""), ("reserve_total_yuan", "72000"), ("step_unit", "")])
            .1,
        "whole-term"
    );
}

#[test]
fn a_price_per_mu_without_a_year_needs_something_that_settles_it() {
    let per_mu = |changes: &[(&'static str, &'static str)]| {
        let mut cells = vec![("reserve_price", "600"), ("reserve_unit", "元/亩"), ("step_unit", "元/亩")];
        cells.extend_from_slice(changes);
        cells
    };
    let finding = outcome(&per_mu(&[])).findings.remove(0);
    assert_eq!(finding.rule, "price.basis-ambiguous");
    assert_eq!(
        (finding.facts["total-if-whole-term"].as_str(), finding.facts["total-if-yearly"].as_str()),
        ("24000", "72000")
    );
    assert_eq!(basis(&per_mu(&[("reserve_total_yuan", "72000")])).1, "mu-year");
    assert_eq!(basis(&per_mu(&[("reserve_total_yuan", "24000")])).1, "mu-term");
    assert_eq!(refusals(&per_mu(&[("reserve_total_yuan", "50000")])), ["price.basis-ambiguous"]);
    assert_eq!(basis(&per_mu(&[("term_years", "1")])).1, "mu-year");
    assert_eq!(basis(&per_mu(&[("transfer_mode", "转让")])).1, "mu-term");
    assert_eq!(refusals(&per_mu(&[("term_years", "")])), ["price.basis-ambiguous"]);
    assert_eq!(refusals(&[("reserve_unit", "元(总价),单年或两年未写明")]), ["price.basis-ambiguous"]);
    assert_eq!(refusals(&[("reserve_unit", "元"), ("step_unit", "")]), ["price.basis-ambiguous"]);
}

#[test]
fn prices_that_are_none_are_named() {
    for (price, unit, rule) in [
        ("", "", "price.reserve-missing"),
        ("", "元/亩/年", "price.reserve-missing"),
        ("面议", "元/亩/年", "price.unreadable"),
        ("500-600", "元/亩/年", "price.unreadable"),
        ("-600", "元/亩/年", "price.negative"),
        ("0", "元/亩/年", "price.positive"),
        ("600", "元/亩/造", "price.unit-unknown"),
        ("600", "美元/亩/年", "price.unit-unknown"),
        ("600.005", "元/亩/年", "price.below-fen"),
        ("99999999999999999", "元/亩/年", "price.range"),
        ("600", "元/座/年", "price.unit-mismatch"),
    ] {
        assert_eq!(
            refusals(&[("reserve_price", price), ("reserve_unit", unit), ("step", ""), ("deposit_yuan", "")]),
            [rule],
            "{price} {unit}"
        );
    }
    let finding = outcome(&[("reserve_unit", "元/亩/造")]).findings.remove(0);
    assert_eq!(finding.field.as_deref(), Some("price.reserve"));
    assert_eq!((finding.facts["column"].as_str(), finding.facts["text"].as_str()), ("reserve_unit", "元/亩/造"));
}

#[test]
fn grain_rent_is_kept_in_grain() {
    let cells = |unit: &'static str, special: &'static str| {
        [
            ("reserve_price", "500"),
            ("reserve_unit", unit),
            ("special_conditions", special),
            ("step", ""),
            ("step_unit", ""),
        ]
    };
    let rent = draft(&cells("斤稻谷/亩/年", "按1.31元/斤折算")).price;
    let grain = rent.grain.expect("grain");
    assert_eq!((grain.grain.as_str(), grain.jin.to_string(), grain.basis), ("稻谷", "500".into(), PriceBasis::MU_YEAR));
    let reserve = rent.reserve.expect("money at the reference price");
    assert_eq!((reserve.amount.fen(), reserve.basis), (65_500, PriceBasis::GRAIN_MU_YEAR));
    let price = draft(&cells("公斤小麦/亩/年", "按当年国家收购价折算现金")).price;
    let grain = price.grain.expect("grain");
    assert_eq!(
        (grain.jin.to_string().as_str(), grain.pricing),
        ("1000", GrainPricing::PriceOfYear { fen_per_jin: None })
    );
    assert_eq!(price.reserve, None);
    assert!(warnings(&cells("斤/亩/年", "")).iter().any(|rule| rule == "price.grain-kind"));
    assert_eq!(refusals(&cells("斤稻谷/亩", "")), ["price.basis-ambiguous"]);
    let stepped = draft(&[("reserve_price", "500"), ("reserve_unit", "斤稻谷/亩/年"), ("step_unit", "斤/亩/年")]);
    assert_eq!(stepped.price.grain.and_then(|grain| grain.step).map(|step| step.to_string()).as_deref(), Some("10"));
}

#[test]
fn two_kinds_of_land_at_two_prices() {
    let lot = draft(&[
        ("quantity", "433.8(承包地);171.2(机动地)"),
        ("reserve_price", "1000(承包地);900(机动地)"),
        ("title", "两类土地出租"),
        ("deposit_yuan", ""),
    ]);
    assert_eq!(lot.total().expect("computes").total.fen(), 3 * (43_380_000 + 15_408_000));
    assert_eq!(lot.price.reserve, None);
    let listed = draft(&[
        ("quantity", "605"),
        ("category_text", "土地经营权(承包地433.8、机动地171.2亩)"),
        ("reserve_price", "承包地1000、机动地900"),
        ("title", "两类土地出租"),
    ]);
    assert_eq!(listed.total().expect("computes").first_year.fen(), 43_380_000 + 15_408_000);
    assert_eq!(refusals(&[("reserve_price", "1000/900"), ("step", "")]), ["price.components-unmatched"]);
}

#[test]
fn quantities_that_are_none_are_named() {
    for (quantity, unit, rule) in [
        ("", "亩", "quantity.missing"),
        ("40", "", "quantity.unit-missing"),
        ("40", "光年", "quantity.unit-unknown"),
        ("-40", "亩", "quantity.positive"),
        ("0", "亩", "quantity.positive"),
        ("若干", "亩", "quantity.unreadable"),
        ("40", "座", "price.unit-mismatch"),
    ] {
        assert_eq!(refusals(&[("quantity", quantity), ("unit", unit)]), [rule], "{quantity} {unit}");
    }
    assert!(draft(&[("quantity", "40亩"), ("unit", "")]).mu().is_some());
    assert!(warnings(&[("quantity", "约40")]).contains(&"quantity.about".to_owned()));
    assert!(warnings(&[("title", "东二地50亩耕地出租")]).contains(&"quantity.title-differs".to_owned()));
    let whole = draft(&[
        ("quantity", ""),
        ("unit", ""),
        ("reserve_price", "24000"),
        ("reserve_unit", "元/年"),
        ("step_unit", "元/年"),
    ]);
    assert!(whole.components.is_empty(), "a price for the whole needs no quantity; it is left open");
}

#[test]
fn terms_in_many_forms() {
    let span = |changes: &[(&str, &str)]| draft(changes).term.and_then(|term| term.rent_span());
    assert_eq!(span(&[("term_years", "3年")]), Some(Span::years(3)));
    assert_eq!(span(&[("term_years", "11个月")]), Some(Span::months(11)));
    assert_eq!(span(&[("term_years", "0.92")]), Some(Span::months(11)));
    assert_eq!(span(&[("term_years", ""), ("special_conditions", "租期为两年")]), Some(Span::years(2)));
    assert_eq!(span(&[("term_years", ""), ("title", "东二地40亩5年承包经营权")]), Some(Span::years(5)));
    assert_eq!(span(&[("term_years", ""), ("term_from", "2026-04"), ("term_to", "2027-03")]), Some(Span::years(1)));
    assert_eq!(span(&[("term_from", "2026-04-01")]), Some(Span::years(3)));
    assert_eq!(draft(&[("term_years", "")]).term, None);
    let sold = draft(&[
        ("term_years", ""),
        ("transfer_mode", "转让"),
        ("deposit_yuan", ""),
        ("category", "equipment"),
        ("reserve_unit", "元(总价)"),
        ("step_unit", "元(总价)"),
    ]);
    assert_eq!(sold.term, Some(Term::Sale));
}

#[test]
fn terms_that_contradict_themselves_or_the_law_are_refused() {
    for (changes, rule) in [
        (&[("term_years", "三五年")][..], "term.unreadable"),
        (&[("term_years", "长期")], "term.unreadable"),
        (&[("term_years", "-3")], "term.range"),
        (&[("term_years", "4.9027")], "term.inexact"),
        (&[("term_from", "2026-04-01"), ("term_to", "2031-03-31")], "term.contradiction"),
        (&[("title", "东二地40亩10年租赁经营权")], "term.contradiction"),
        (&[("term_from", "2026-04-01"), ("term_to", "2026-03-01")], "term.order"),
        (&[("term_from", "2026-13-01")], "date.unreadable"),
        (&[("term_years", "31")], "term.limit"),
        (&[("category", "water"), ("term_years", "21")], "term.limit"),
    ] {
        assert_eq!(refusals(changes), [rule], "{changes:?}");
    }
}

#[test]
fn published_totals_are_held_against_the_price() {
    assert_eq!(refusals(&[("reserve_total_yuan", "72000")]), Vec::<String>::new());
    // 600 may be 599.5 to 600.5: 60 yuan either way, and one for the total itself.
    assert_eq!(refusals(&[("reserve_total_yuan", "72061")]), Vec::<String>::new());
    assert_eq!(refusals(&[("reserve_total_yuan", "74000")]), ["price.total-contradiction"]);
    assert_eq!(refusals(&[("reserve_total_yuan", "7.2万元")]), Vec::<String>::new());
    assert_eq!(refusals(&[("reserve_total_yuan", "about")]), ["figure.unreadable"]);
    // With 2 % a year the total is 73449.60; either way of printing it stands.
    assert_eq!(refusals(&[("escalator", "次年起每年递增2%"), ("reserve_total_yuan", "73449.6")]), Vec::<String>::new());
}

#[test]
fn deposits_are_yuan_and_within_the_price() {
    assert_eq!(draft(&[("deposit_yuan", "0.3万元")]).deposit.map(|d| d.amount.fen()), Some(300_000));
    assert_eq!(draft(&[("deposit_yuan", "0")]).deposit, None);
    assert_eq!(refusals(&[("deposit_yuan", "-3000")]), ["deposit.negative"]);
    assert_eq!(refusals(&[("deposit_yuan", "500斤小麦")]), ["deposit.unreadable"]);
    assert_eq!(refusals(&[("deposit_yuan", "起始价的20%")]), ["deposit.unreadable"]);
    assert_eq!(refusals(&[("deposit_yuan", "72001")]), ["deposit.exceeds-total"]);
    assert!(warnings(&[("deposit_yuan", "72000")]).contains(&"deposit.share".to_owned()));
    let others =
        draft(&[("other_deposit", "种植风险保证金50元/亩;履约保证金1万元"), ("special_conditions", "报名费300元不退")])
            .other_deposits;
    let read: Vec<_> =
        others.iter().map(|other| (other.kind, other.amount.map(|a| (a.amount.fen(), a.basis)))).collect();
    assert_eq!(
        read,
        [
            (DepositKind::Risk, Some((5_000, PriceBasis::MU_TERM))),
            (DepositKind::Performance, Some((1_000_000, PriceBasis::TOTAL))),
            (DepositKind::Fee, Some((30_000, PriceBasis::TOTAL))),
        ]
    );
}

#[test]
fn steps_stand_on_the_reserves_basis_or_say_their_own() {
    let step = |changes: &[(&str, &str)]| {
        let notice = draft(changes);
        let step = notice.method.and_then(|terms| terms.method).and_then(|method| method.step()).expect("a step");
        (step.amount.fen(), step.basis, notice.price.offers_in)
    };
    assert_eq!(step(&[("step_unit", "")]), (1_000, PriceBasis::MU_YEAR, None));
    assert_eq!(step(&[("step_unit", "元")]), (1_000, PriceBasis::MU_YEAR, None));
    assert_eq!(
        step(&[("step", "1000"), ("step_unit", "元(总价)")]),
        (100_000, PriceBasis::TOTAL, Some(PriceBasis::TOTAL))
    );
    assert_eq!(refusals(&[("step", "ten")]), ["figure.unreadable"]);
    assert_eq!(refusals(&[("step", "-10")]), ["figure.negative"]);
    assert_eq!(refusals(&[("step", "0")]), ["figure.unreadable"]);
    assert_eq!(refusals(&[("step_unit", "元/光年")]), ["price.unit-unknown"]);
    assert_eq!(refusals(&[("step_unit", "元/座")]), ["method.step-ambiguous"]);
    assert_eq!(refusals(&[("ceiling_price", "500")]), ["auction.ceiling"]);
}

#[test]
fn periods_and_their_contradictions() {
    let ascending = |changes: &[(&str, &str)]| {
        draft(changes)
            .method
            .and_then(|terms| terms.method)
            .and_then(|method| method.ascending().cloned())
            .expect("ascending")
    };
    let capped = ascending(&[("limited_rule", "最后5分钟有人出价延长5分钟,最多延时10次")]);
    assert_eq!((capped.limited_seconds, capped.extension_cap), (Some(300), Some(10)));
    let in_all = ascending(&[("limited_rule", "最后5分钟有人出价延长5分钟,累计延时不超过60分钟")]);
    assert_eq!(in_all.extension_cap, Some(12));
    assert_eq!(refusals(&[("limited_rule", "最后5分钟有人出价延长3分钟")]), ["method.extension-contradiction"]);
    assert_eq!(refusals(&[("free_period_minutes", "1.5")]), ["figure.unreadable"]);
    assert_eq!(refusals(&[("free_period_minutes", "long")]), ["figure.unreadable"]);
    let kept = draft(&[("limited_rule", "以系统为准")]).method.expect("a method");
    assert!(kept.text.contains("以系统为准"), "words are kept");
}

#[test]
fn what_is_barred_is_refused_whatever_else_it_says() {
    let land = [
        ("category", "construction-land"),
        ("transfer_mode", "出让"),
        ("reserve_unit", "元(总价)"),
        ("step_unit", "元(总价)"),
    ];
    let with = |use_: &'static str| {
        [&land[..], &[("intended_use", use_), ("term_years", "40"), ("deposit_yuan", "")]].concat()
    };
    assert_eq!(refusals(&with("商品住宅开发")), ["never-tradable.residential"]);
    assert_eq!(refusals(&with("商业")), Vec::<String>::new());
    assert_eq!(refusals(&[("category_text", "集体土地所有权")]), ["never-tradable.land-ownership"]);
    assert_eq!(refusals(&[("category", "spaceship")]), ["category.unknown"]);
    assert_eq!(refusals(&[("special_conditions", "该地块存在权属争议")]), ["never-tradable.contested"]);
    assert_eq!(refusals(&[("special_conditions", "如有争议由双方协商")]), Vec::<String>::new());
    assert_eq!(refusals(&[("intended_use", "建设住宅")]), ["use.barred"]);
    let house = refusals(&[("category", "homestead-use"), ("transfer_mode", "转让")]);
    assert!(house.contains(&"never-tradable.homestead-sale".to_owned()), "{house:?}");
}

#[test]
fn times_out_of_order_are_refused_and_coarse_ones_left_open() {
    assert_eq!(refusals(&[("auction_from", "2026-03-16T16:00+08:00")]), ["schedule.order"]);
    assert_eq!(refusals(&[("announce_to", "2026-03-01")]), ["schedule.order"]);
    assert_eq!(refusals(&[("register_to", "下周")]), ["date.unreadable"]);
    assert_eq!(draft(&[("auction_from", "2026-03")]).schedule.auction_from, None);
    assert!(warnings(&[("auction_from", "2026-03")]).contains(&"schedule.coarse".to_owned()));
}

#[test]
fn escalators_that_give_no_rule_are_refused() {
    assert_eq!(refusals(&[("escalator", "另行通知")]), ["escalator.unreadable"]);
    assert_eq!(
        refusals(&[("escalator", "每亩每年总共增加")]),
        Vec::<String>::new(),
        "announced without a figure: left open"
    );
    let open =
        draft(&[("reserve_price", "24000"), ("reserve_unit", "元(首年)"), ("escalator", ""), ("step_unit", "元")]);
    assert!(open.price.escalator.is_some_and(|escalator| escalator.known_through() == Some(1)));
}

#[test]
fn full_width_figures_and_chinese_names_read_too() {
    let lot = draft(&[
        ("quantity", "４０"),
        ("reserve_price", "６００"),
        ("reserve_unit", "元／亩／年"),
        ("category", "集体未承包(机动)土地经营权"),
        ("holder", "某村股份经济合作社"),
        ("transfer_mode", "lease"),
    ]);
    assert_eq!(lot.category, Some(Category::CollectiveLand));
    assert_eq!(lot.holder, Some(Holder::Collective));
    assert_eq!(lot.mode, Some(TransferMode::Lease));
    let basis = lot.price.reserve.expect("a reserve").basis;
    assert_eq!((basis.per, basis.every), (Per::Mu, Every::Year));
}

#[test]
fn a_method_that_says_nothing_is_left_open_with_its_words() {
    let terms = draft(&[("method", "出让公告"), ("step", ""), ("free_period_minutes", ""), ("extension_minutes", "")])
        .method
        .expect("words");
    assert_eq!((terms.method, terms.text.as_str()), (None, "出让公告"));
    let sealed = draft(&[
        ("method", "有底价的一次性竞标"),
        ("special_conditions", "报名不足两家可协商签约,不低于标底;精确到元"),
    ]);
    assert!(matches!(sealed.method.and_then(|terms| terms.method), Some(Method::ByBidders { at_least: 2, .. })));
}
