//! How the rent of later years follows (递增条款).

use super::draft::Draft;
use super::number::{figure, money, norm, whole};
use super::say::{note, refuse, shown};
use crate::price::{Escalator, Per, PriceBasis, RentStep};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

const N: &str = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}";

fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("{N}", N)).expect("a fixed pattern")
}

static PERCENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([0-9]+(?:\.[0-9]+)?)\s*%|百分之([一二三四五六七八九十]{1,3})"));
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"([0-9]+(?:\.[0-9]+)?)\s*元(/亩|每亩)?"));
static EVERY: LazyLock<Regex> = LazyLock::new(|| pattern(r"每隔?({N})个?年|每满({N})年|({N})年一(?:调|次|涨|递增)"));
static FROM: LazyLock<Regex> = LazyLock::new(|| pattern(r"第({N})年(?:度)?(?:起|开始)?"));
static AFTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:前({N})年)(?:租金)?(?:不变|不递增|相同|固定)|({N})年后"));

/// Reads the escalator. An empty cell says nothing; a text that can't be told exactly refuses.
pub(super) fn read(draft: &mut Draft<'_>) {
    let text = draft.get("escalator");
    if text.is_empty() {
        return;
    }
    let basis = draft.notice.price.reserve.map(|reserve| reserve.basis);
    match parse(&norm(text), basis) {
        Some(escalator) => {
            if let Escalator::Percent { compounding: true, .. } = &escalator {
                draft.say(note(
                    "escalator.compounding",
                    "price.escalator",
                    "“递增”按在上期租金基础上计(逐期累计)",
                    "escalation is taken on the rent before it (compounding)",
                ));
            }
            draft.notice.price.escalator = Some(escalator);
        }
        None => draft.say(
            refuse(
                "escalator.unreadable",
                "price.escalator",
                format!("递增条款“{}”不能准确表达", shown(text)),
                format!("the escalator \"{}\" can't be expressed exactly", shown(text)),
            )
            .with_fact("text", shown(text)),
        ),
    }
}

/// Reads a normalised text.
fn parse(text: &str, basis: Option<PriceBasis>) -> Option<Escalator> {
    let flat = ["不递增", "无递增", "不调整", "租金不变", "价格不变", "固定不变", "不涨", "不上浮"];
    if text == "无" || text == "固定" || flat.iter().any(|word| text.starts_with(word)) {
        return Some(Escalator::None);
    }
    let percents: Vec<Decimal> = PERCENT
        .captures_iter(text)
        .filter_map(|found| match (found.get(1), found.get(2)) {
            (Some(digits), _) => figure(digits.as_str()).ok(),
            (_, Some(numeral)) => whole(numeral.as_str()).map(Decimal::from),
            _ => None,
        })
        .collect();
    let every = every(text);
    if percents.is_empty()
        && ["市值", "市场", "行情", "协商", "CPI", "物价", "评估"].iter().any(|word| text.contains(word))
    {
        return Some(Escalator::Renegotiated { every_years: every });
    }
    let falls = ["递减", "下浮", "下调", "减少"].iter().any(|word| text.contains(word));
    let rises =
        ["递增", "上浮", "上调", "增加", "增长", "上涨", "涨", "提高", "增"].iter().any(|word| text.contains(word));
    if falls == rises {
        return None;
    }
    let sign = if falls { -Decimal::ONE } else { Decimal::ONE };
    let from = starts(text);
    if percents.is_empty() {
        return amount(text, basis, every, &from, sign);
    }
    let simple = ["首年租金", "首年为基数", "第一年租金", "首年基础", "单利", "不累计", "以首年", "按首年"]
        .iter()
        .any(|word| text.contains(word));
    if percents.len() > 1 || (every.is_none() && !from.is_empty()) {
        return steps(&percents, &from, sign, simple);
    }
    let percent = *percents.first()? * sign;
    let every_years = every?;
    let from_year = match from.as_slice() {
        [] => every_years.checked_add(1)?,
        [only] => *only,
        _ => return None,
    };
    (from_year >= 2 && every_years >= 1).then_some(Escalator::Percent {
        percent,
        every_years,
        from_year,
        compounding: !simple,
    })
}

/// Years from one step to the next.
fn every(text: &str) -> Option<u16> {
    if let Some(found) = EVERY.captures(text) {
        let number = (1..=3).find_map(|group| found.get(group))?;
        return u16::try_from(whole(number.as_str())?).ok().filter(|years| *years > 0);
    }
    ["每年", "逐年", "/年", "年递增", "按年"].iter().any(|word| text.contains(word)).then_some(1)
}

/// The first years of higher rents, in rising order.
fn starts(text: &str) -> Vec<u16> {
    let year =
        |numeral: Option<regex::Match<'_>>| numeral.and_then(|m| whole(m.as_str())).and_then(|n| u16::try_from(n).ok());
    let mut years: Vec<u16> = FROM.captures_iter(text).filter_map(|found| year(found.get(1))).collect();
    for found in AFTER.captures_iter(text) {
        years.extend(year(found.get(1)).or_else(|| year(found.get(2))).and_then(|n| n.checked_add(1)));
    }
    if years.is_empty() && ["次年起", "次年开始", "翌年起", "自次年"].iter().any(|word| text.contains(word))
    {
        years.push(2);
    }
    years.sort_unstable();
    years.dedup();
    years
}

/// “第5年起递增5%,第8年起再递增5%”: as many percentages as years.
fn steps(percents: &[Decimal], from: &[u16], sign: Decimal, simple: bool) -> Option<Escalator> {
    if percents.len() != from.len() || simple || from.iter().any(|year| *year < 2) {
        return None;
    }
    let steps =
        from.iter().zip(percents).map(|(year, percent)| RentStep { year: *year, percent: *percent * sign }).collect();
    Some(Escalator::Steps { steps })
}

/// A fixed amount, or none at all.
fn amount(text: &str, basis: Option<PriceBasis>, every: Option<u16>, from: &[u16], sign: Decimal) -> Option<Escalator> {
    let Some(found) = AMOUNT.captures(text) else {
        // A rise without a figure: announced, not said.
        return Some(Escalator::Open { every_years: every });
    };
    let per_mu = found.get(2).is_some() || text.contains("每亩");
    let fits = match basis?.per {
        Per::Mu => true,
        Per::Whole | Per::SquareMetre | Per::Hectare | Per::CubicMetre | Per::Unit | Per::GrainMu => !per_mu,
    };
    // A price per mu that rises by an amount for the whole lot, or the other way round, is another price.
    if !fits || (basis?.per == Per::Mu && !per_mu && text.contains("总")) {
        return None;
    }
    let amount = money(figure(found.get(1)?.as_str()).ok()? * sign)?;
    let every_years = every?;
    let from_year = match from {
        [] => every_years.checked_add(1)?,
        [only] => *only,
        _ => return None,
    };
    (from_year >= 2).then_some(Escalator::Amount { amount, every_years, from_year })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;
    use proptest::prelude::*;

    fn mu(text: &str) -> Option<Escalator> {
        parse(&norm(text), Some(PriceBasis::MU_YEAR))
    }

    #[test]
    fn escalators_of_real_notices() {
        let percent = |percent: i64, every_years, from_year, compounding| {
            Some(Escalator::Percent { percent: Decimal::from(percent), every_years, from_year, compounding })
        };
        assert_eq!(mu("次年起每年递增2%"), percent(2, 1, 2, true));
        assert_eq!(mu("第二年起每年递增2%"), percent(2, 1, 2, true));
        assert_eq!(mu("在成交价基础上每年递增10%"), percent(10, 1, 2, true));
        assert_eq!(mu("每三年递增5%"), percent(5, 3, 4, true));
        assert_eq!(mu("前三年不变,以后每年递增百分之三"), percent(3, 1, 4, true));
        assert_eq!(mu("每年按首年租金递增3%"), percent(3, 1, 2, false));
        assert_eq!(mu("每年递减1%"), percent(-1, 1, 2, true));
        assert_eq!(mu("不递增"), Some(Escalator::None));
        assert_eq!(mu("每5年涨一次租金"), Some(Escalator::Open { every_years: Some(5) }));
        assert_eq!(mu("第5年起递增,第8年起再递增(比例被隐去)"), Some(Escalator::Open { every_years: None }));
        assert_eq!(mu("每5年按市值调整一次"), Some(Escalator::Renegotiated { every_years: Some(5) }));
        let step = |year, percent: i64| RentStep { year, percent: Decimal::from(percent) };
        assert_eq!(mu("第5年起递增5%,第8年起再递增6%"), Some(Escalator::Steps { steps: vec![step(5, 5), step(8, 6)] }));
        assert_eq!(mu("第六年起递增10%"), Some(Escalator::Steps { steps: vec![step(6, 10)] }));
    }

    #[test]
    fn amounts_stand_on_the_prices_own_basis() {
        let fifty =
            |every_years, from_year| Some(Escalator::Amount { amount: Money::from_fen(5_000), every_years, from_year });
        assert_eq!(mu("每三年每亩增加50元"), fifty(3, 4));
        assert_eq!(mu("自第三年起每年递增50元/亩"), fifty(1, 3));
        assert_eq!(parse("每年增加50元", Some(PriceBasis::YEAR)), fifty(1, 2));
        assert_eq!(parse("每年每亩增加50元", Some(PriceBasis::YEAR)), None);
    }

    #[test]
    fn what_is_no_escalator_is_not_guessed() {
        for text in ["另行通知", "递增5%", "第3年起递增5%,递减2%", "每年递增5%,第3年起递增6%,第5年起递增7%"]
        {
            assert_eq!(mu(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = mu(&text);
        }

        #[test]
        fn no_mixture_panics(words in proptest::collection::vec(prop_oneof![
            Just("每"), Just("年"), Just("递增"), Just("5%"), Just("第"), Just("起"), Just("99"), Just("50元"), Just("每亩"), Just("前三年不变")
        ], 0..10)) {
            let _ = mu(&words.concat());
        }
    }
}
