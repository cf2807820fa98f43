//! Units of prices as notices write them (计价单位): 元/亩/年, 元(首年), 万元, 元/平方米/月, 斤稻谷/亩/年 …
//!
//! A unit is read whole or not at all: outside of brackets every character must be known, inside of them what is not known is a
//! remark. Words such as 未写明 or 不明 make the unit ambiguous, whatever else it says.

use super::number::{norm, whole};
use crate::price::{Every, Per};
use rust_decimal::Decimal;

/// What the figure before the unit counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Money; the factor turns it into yuan (万元: 10000).
    Money(Decimal),
    /// Grain; the factor turns it into jin (公斤: 2).
    Grain {
        /// Jin in one of it.
        jin: Decimal,
        /// Which grain; empty where it is not said.
        grain: String,
    },
}

/// A unit, as far as the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PriceUnit {
    /// What is counted; none where the text names no measure (only “/亩/年”).
    pub(super) measure: Option<Measure>,
    /// For how much of the object.
    pub(super) per: Option<Per>,
    /// The measure word behind [`Per::Unit`].
    pub(super) counted: Option<String>,
    /// For how much time.
    pub(super) every: Option<Every>,
    /// Years the price is for in all, where the text says so (“元/3年”, “元(5年总价)”).
    pub(super) years: Option<u32>,
    /// Remarks in brackets that say nothing of the unit.
    pub(super) remarks: Vec<String>,
}

/// Why a text is no unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoUnit {
    /// The text is empty.
    Empty,
    /// The text itself says that it is not clear, or says two things at once.
    Ambiguous,
    /// A part of it is not known.
    Unknown(String),
}

/// Words by which a text says that it is not clear.
const UNCLEAR: [&str; 17] = [
    "不明",
    "不详",
    "不清",
    "未写明",
    "未说明",
    "未注明",
    "未明确",
    "未载明",
    "没写明",
    "没有写明",
    "待定",
    "是否",
    "或者",
    "或",
    "存疑",
    "面议",
    "?",
];

const GRAINS: [&str; 27] = [
    "晚籼稻谷",
    "早籼稻谷",
    "中晚稻谷",
    "中籼稻",
    "晚籼稻",
    "早籼稻",
    "粳稻谷",
    "晚稻谷",
    "早稻谷",
    "稻谷",
    "籼稻",
    "粳稻",
    "晚稻",
    "早稻",
    "干谷",
    "湿谷",
    "黄谷",
    "大米",
    "小麦",
    "玉米",
    "大豆",
    "黄豆",
    "高粱",
    "原粮",
    "粮食",
    "谷子",
    "谷",
];

/// Measure words of things counted one by one, longest first.
const COUNTED: [&str; 34] = [
    "门市", "摊位", "铺位", "车位", "间", "套", "座", "栋", "幢", "台", "辆", "株", "棵", "头", "只", "口", "户", "处",
    "艘", "条", "份", "股", "件", "个", "张", "眼", "家", "把", "米", "吨", "根", "孔", "组", "斤",
];

enum Token {
    Money(i64, u32),
    Jin(i64),
    Per(Per),
    Every(Every),
    Skip,
}

/// Known words, each before any shorter one it begins with.
const WORDS: [(&str, Token); 75] = [
    ("人民币", Token::Skip),
    ("实物", Token::Skip),
    ("起始价", Token::Skip),
    ("底价", Token::Skip),
    ("租金", Token::Skip),
    ("承包费", Token::Skip),
    ("亿元", Token::Money(100_000_000, 0)),
    ("万元", Token::Money(10_000, 0)),
    ("千元", Token::Money(1_000, 0)),
    ("百元", Token::Money(100, 0)),
    ("万", Token::Money(10_000, 0)),
    ("元", Token::Money(1, 0)),
    ("角", Token::Money(1, 1)),
    ("公斤", Token::Jin(2)),
    ("千克", Token::Jin(2)),
    ("kg", Token::Jin(2)),
    ("市斤", Token::Jin(1)),
    ("斤", Token::Jin(1)),
    ("整个承包期", Token::Every(Every::Term)),
    ("整个租赁期", Token::Every(Every::Term)),
    ("整个流转期", Token::Every(Every::Term)),
    ("整个租期", Token::Every(Every::Term)),
    ("整个期限", Token::Every(Every::Term)),
    ("全部租期", Token::Every(Every::Term)),
    ("全部承包期", Token::Every(Every::Term)),
    ("全承包期", Token::Every(Every::Term)),
    ("全租期", Token::Every(Every::Term)),
    ("承包期内", Token::Every(Every::Term)),
    ("租赁期内", Token::Every(Every::Term)),
    ("承包期", Token::Every(Every::Term)),
    ("租赁期", Token::Every(Every::Term)),
    ("租期", Token::Every(Every::Term)),
    ("全期", Token::Every(Every::Term)),
    ("总承包费", Token::Every(Every::Term)),
    ("总租金", Token::Every(Every::Term)),
    ("总价款", Token::Every(Every::Term)),
    ("总价", Token::Every(Every::Term)),
    ("总金额", Token::Every(Every::Term)),
    ("总额", Token::Every(Every::Term)),
    ("合计", Token::Every(Every::Term)),
    ("总计", Token::Every(Every::Term)),
    ("一次性", Token::Every(Every::Term)),
    ("整块地", Token::Per(Per::Whole)),
    ("整宗地", Token::Per(Per::Whole)),
    ("整个标的", Token::Per(Per::Whole)),
    ("整体", Token::Per(Per::Whole)),
    ("整宗", Token::Per(Per::Whole)),
    ("整块", Token::Per(Per::Whole)),
    ("标的", Token::Per(Per::Whole)),
    ("宗", Token::Per(Per::Whole)),
    ("第一年", Token::Every(Every::FirstYear)),
    ("首年", Token::Every(Every::FirstYear)),
    ("半年", Token::Every(Every::HalfYear)),
    ("季度", Token::Every(Every::Quarter)),
    ("年度", Token::Every(Every::Year)),
    ("年", Token::Every(Every::Year)),
    ("个月", Token::Every(Every::Month)),
    ("月", Token::Every(Every::Month)),
    ("天", Token::Every(Every::Day)),
    ("日", Token::Every(Every::Day)),
    ("市亩", Token::Per(Per::Mu)),
    ("亩", Token::Per(Per::Mu)),
    ("公顷", Token::Per(Per::Hectare)),
    ("ha", Token::Per(Per::Hectare)),
    ("立方米", Token::Per(Per::CubicMetre)),
    ("m³", Token::Per(Per::CubicMetre)),
    ("m3", Token::Per(Per::CubicMetre)),
    ("立方", Token::Per(Per::CubicMetre)),
    ("平方米", Token::Per(Per::SquareMetre)),
    ("平米", Token::Per(Per::SquareMetre)),
    ("平方", Token::Per(Per::SquareMetre)),
    ("㎡", Token::Per(Per::SquareMetre)),
    ("m²", Token::Per(Per::SquareMetre)),
    ("m2", Token::Per(Per::SquareMetre)),
    ("方", Token::Per(Per::CubicMetre)),
];

/// Reads a unit.
pub(super) fn parse(text: &str) -> Result<PriceUnit, NoUnit> {
    let text = norm(text).to_lowercase();
    if text.is_empty() {
        return Err(NoUnit::Empty);
    }
    if UNCLEAR.iter().any(|word| text.contains(word)) {
        return Err(NoUnit::Ambiguous);
    }
    let mut unit = PriceUnit::default();
    let mut rest = text.as_str();
    let mut outer = true;
    while !rest.is_empty() {
        let (outside, inside, tail) = bracket(rest);
        let mut parts = outside.split([',', ';']);
        // The unit itself stands first and must be known to its end; what follows a comma or stands in brackets may be a remark.
        if outer {
            unit.read(parts.next().unwrap_or_default())?;
            outer = false;
        }
        for part in parts.chain(inside.split(['、', ',', ';'])) {
            unit.aside(part.trim())?;
        }
        rest = tail;
    }
    Ok(unit)
}

/// Text before the first bracket, inside it, and behind it.
fn bracket(text: &str) -> (&str, &str, &str) {
    let Some((before, rest)) = text.split_once('(') else { return (text, "", "") };
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    (before, inside, after)
}

impl PriceUnit {
    /// Reads a part that may be a remark: it is one unless all of it is known.
    fn aside(&mut self, part: &str) -> Result<(), NoUnit> {
        if part.is_empty() {
            return Ok(());
        }
        let mut alone = Self { measure: self.measure.clone(), ..Self::default() };
        if alone.read(part).is_ok() {
            return self.read(part);
        }
        // “前三年” is no remark: it says that the price is not the same in all years.
        if part.contains('年') && ['前', '后', '第'].iter().any(|word| part.contains(*word)) {
            return Err(NoUnit::Ambiguous);
        }
        self.remarks.push(part.to_owned());
        Ok(())
    }

    /// Reads one stretch of text to its end.
    fn read(&mut self, text: &str) -> Result<(), NoUnit> {
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            if matches!(first, '/' | '每' | '·' | '.' | '、' | ',' | ':' | '-' | '*' | ' ' | '¥' | '￥') {
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            } else if let Some(tail) = self.years_of(rest)? {
                rest = tail;
            } else if let Some(tail) = self.word(rest)? {
                rest = tail;
            } else {
                return Err(NoUnit::Unknown(rest.to_owned()));
            }
        }
        Ok(())
    }

    /// “3年” inside a unit: the years a total is for. One year is simply a year.
    fn years_of<'a>(&mut self, text: &'a str) -> Result<Option<&'a str>, NoUnit> {
        const NUMERALS: &str = "0123456789一二两三四五六七八九十";
        let end = text.find(|c| !NUMERALS.contains(c)).unwrap_or(text.len());
        let (number, tail) = text.split_at(end);
        // A calendar year (2026年) is no number of years.
        let years = whole(number).filter(|years| *years <= 99);
        let (Some(years), Some(tail)) = (years, tail.strip_prefix('年')) else {
            // “1亩” is a mu; any other number has no place in a unit.
            return Ok((number == "1").then_some(tail));
        };
        if years == 1 {
            self.set_every(Every::Year)?;
        } else {
            self.years = Some(years);
            self.set_every(Every::Term)?;
        }
        Ok(Some(tail))
    }

    fn word<'a>(&mut self, text: &'a str) -> Result<Option<&'a str>, NoUnit> {
        let grain_tail = GRAINS.iter().find_map(|grain| Some((*grain, text.strip_prefix(grain)?)));
        if let (Some(Measure::Grain { grain, .. }), Some((name, tail))) = (&mut self.measure, grain_tail) {
            name.clone_into(grain);
            return Ok(Some(tail));
        }
        // A grain may stand before its measure: 稻谷500斤.
        if let (None, Some((name, tail))) = (&self.measure, grain_tail) {
            self.measure = Some(Measure::Grain { jin: Decimal::ZERO, grain: name.to_owned() });
            return Ok(Some(tail));
        }
        for (word, token) in &WORDS {
            let Some(tail) = text.strip_prefix(word) else { continue };
            match token {
                Token::Skip => {}
                Token::Per(per) => self.set_per(*per)?,
                Token::Every(every) => self.set_every(*every)?,
                Token::Money(factor, scale) if self.measure.is_none() => {
                    self.measure = Some(Measure::Money(Decimal::new(*factor, *scale)));
                }
                Token::Jin(factor) if !matches!(self.measure, Some(Measure::Money(_))) => {
                    let factor = Decimal::from(*factor);
                    match &mut self.measure {
                        Some(Measure::Grain { jin, .. }) if jin.is_zero() => *jin = factor,
                        None => self.measure = Some(Measure::Grain { jin: factor, grain: String::new() }),
                        Some(_) => return Err(NoUnit::Ambiguous),
                    }
                }
                // A second measure: what follows “元/” may be a counted 斤, two kinds of money are a muddle.
                Token::Money(..) => return Err(NoUnit::Ambiguous),
                Token::Jin(_) => continue,
            }
            return Ok(Some(tail));
        }
        for word in COUNTED {
            if let Some(tail) = text.strip_prefix(word) {
                self.set_per(Per::Unit)?;
                self.counted = Some(word.to_owned());
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }

    fn set_per(&mut self, per: Per) -> Result<(), NoUnit> {
        match self.per {
            Some(earlier) if earlier != per => Err(NoUnit::Ambiguous),
            _ => {
                self.per = Some(per);
                Ok(())
            }
        }
    }

    fn set_every(&mut self, every: Every) -> Result<(), NoUnit> {
        self.every = Some(match (self.every, every) {
            (None, every) => every,
            (Some(earlier), every) if earlier == every => every,
            // 元/年(首年) is the first year.
            (Some(Every::Year), Every::FirstYear) | (Some(Every::FirstYear), Every::Year) => Every::FirstYear,
            _ => return Err(NoUnit::Ambiguous),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
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
}
