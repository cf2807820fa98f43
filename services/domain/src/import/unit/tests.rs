use super::*;
use proptest::prelude::*;

fn read(text: &str) -> (Option<Per>, Option<Every>) {
    let unit = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    (unit.per, unit.every)
}

#[test]
fn units_of_real_notices() {
    let cases = [
        ("元/亩/年", Some(Per::Mu), Some(Every::Year)),
        ("元/年/亩", Some(Per::Mu), Some(Every::Year)),
        ("元/亩·年", Some(Per::Mu), Some(Every::Year)),
        ("元每亩每年", Some(Per::Mu), Some(Every::Year)),
        ("元/亩", Some(Per::Mu), None),
        ("元/年", None, Some(Every::Year)),
        ("元(首年)", None, Some(Every::FirstYear)),
        ("元/年(首年)", None, Some(Every::FirstYear)),
        ("元(总价)", None, Some(Every::Term)),
        ("元(整块地、整个承包期)", Some(Per::Whole), Some(Every::Term)),
        ("元/平方米/月", Some(Per::SquareMetre), Some(Every::Month)),
        ("元/㎡/年", Some(Per::SquareMetre), Some(Every::Year)),
        ("元/m2/天", Some(Per::SquareMetre), Some(Every::Day)),
        ("元/个/年", Some(Per::Unit), Some(Every::Year)),
        ("元/间/月", Some(Per::Unit), Some(Every::Month)),
        ("元/立方米", Some(Per::CubicMetre), None),
        ("元/株", Some(Per::Unit), None),
        ("元/公顷/年", Some(Per::Hectare), Some(Every::Year)),
        ("元/季度", None, Some(Every::Quarter)),
        ("元/半年", None, Some(Every::HalfYear)),
        ("元/斤", Some(Per::Unit), None),
        ("万元", None, None),
    ];
    for (text, per, every) in cases {
        assert_eq!(read(text), (per, every), "{text}");
    }
    assert_eq!(parse("万元/年").expect("reads").measure, Some(Measure::Money(Decimal::from(10_000))));
    assert_eq!(parse("元/亩/年(不含水费)").expect("reads").remarks, ["不含水费"]);
    assert_eq!(parse("元/年(3年一付)").expect("reads").remarks, ["3年一付"]);
    assert_eq!(parse("元/亩/年(2026年)").expect("reads").remarks, ["2026年"]);
    assert_eq!(read("元/(亩·年)"), (Some(Per::Mu), Some(Every::Year)));
    assert_eq!(read("斤/亩/年,按国家公布的最低收购价折算"), (Some(Per::Mu), Some(Every::Year)));
    assert_eq!(parse("元(3年总价)").expect("reads").years, Some(3));
    assert_eq!(parse("元/五年").expect("reads").years, Some(5));
}

#[test]
fn grain_is_a_measure_of_its_own() {
    let grain = |text: &str| match parse(text).expect("reads").measure {
        Some(Measure::Grain { jin, grain }) => (jin.to_string(), grain),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(grain("斤/亩/年"), ("1".into(), String::new()));
    assert_eq!(grain("斤稻谷/亩/年"), ("1".into(), "稻谷".into()));
    assert_eq!(grain("公斤小麦/亩/年"), ("2".into(), "小麦".into()));
    assert_eq!(grain("斤/亩/年(大米)"), ("1".into(), "大米".into()));
    assert_eq!(grain("稻谷(市斤)/亩/年"), ("1".into(), "稻谷".into()));
}

#[test]
fn what_is_not_clear_or_not_known_says_so() {
    for text in [
        "万元(表头;是否元/亩/年不明)",
        "元(总价),单年或两年未写明",
        "元/亩/年(总价)",
        "元/年/月",
        "元/亩/平方米",
        "元万元",
    ] {
        assert_eq!(parse(text), Err(NoUnit::Ambiguous), "{text}");
    }
    assert_eq!(parse("元/光年"), Err(NoUnit::Unknown("光年".into())));
    assert_eq!(parse("元/亩/造"), Err(NoUnit::Unknown("造".into())));
    assert_eq!(parse("美元/年"), Err(NoUnit::Unknown("美元/年".into())));
    assert_eq!(parse("  "), Err(NoUnit::Empty));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_mixture_of_known_words_panics(words in proptest::collection::vec(prop_oneof![
        Just("元"), Just("万"), Just("/"), Just("亩"), Just("年"), Just("("), Just(")"), Just("斤"), Just("稻谷"), Just("3"), Just("总价")
    ], 0..12)) {
        let _ = parse(&words.concat());
    }
}
