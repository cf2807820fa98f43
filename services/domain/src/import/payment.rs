//! How the price is paid (付款方式).

use super::draft::Draft;
use super::number::{figure, norm, whole};
use super::say::note;
use crate::notice::{Anchor, Days, Instalment, Payment, PaymentPlan};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

const N: &str = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}";

fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("{N}", N)).expect("a fixed pattern")
}

static EVERY_YEARS: LazyLock<Regex> = LazyLock::new(|| pattern(r"每?({N})年一(?:付|交|缴)|每({N})年(?:付|交|缴)"));
static INSTALMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(首付|首期|签约时?|第({N})年)[^0-9%,;]{0,8}?([0-9]+(?:\.[0-9]+)?)%"));
static WITHIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"({N})\s*(个?工作日|个?自然日|日|天)(?:之)?内"));

/// Reads the payment terms. They do not change the price, so words that are not understood are kept and named, not refused.
pub(super) fn read(draft: &mut Draft<'_>) {
    let text = draft.get("payment_terms");
    if text.is_empty() {
        return;
    }
    let plain = norm(text);
    let plan = plan(&plain);
    if plan.is_none() {
        draft.say(note(
            "payment.words",
            "payment",
            "付款方式按公告原文保留,未转为付款计划",
            "the payment terms are kept in words; no plan was read from them",
        ));
    }
    let (within, from) = within(&plain);
    draft.notice.payment = Some(Payment { plan, within, from, text: text.to_owned() });
}

fn plan(text: &str) -> Option<PaymentPlan> {
    let parts = instalments(text);
    if parts.len() > 1 {
        let sum: Decimal = parts.iter().map(|part| part.percent).sum();
        return (sum == Decimal::ONE_HUNDRED).then_some(PaymentPlan::Instalments { parts });
    }
    // Two years paid first and then each year is neither: it stays in words.
    if text.contains("前两年") || text.contains("前二年") {
        return None;
    }
    if let Some(found) = EVERY_YEARS.captures(text) {
        let number = found.get(1).or_else(|| found.get(2))?;
        return u16::try_from(whole(number.as_str())?)
            .ok()
            .filter(|n| *n > 0)
            .map(|years| PaymentPlan::EveryYears { years });
    }
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["每半年", "半年一付", "按半年"]) {
        return Some(PaymentPlan::EveryMonths { months: 6 });
    }
    if says(&["按季", "每季", "一季一付"]) {
        return Some(PaymentPlan::EveryMonths { months: 3 });
    }
    if says(&["按月", "每月", "一月一付", "月付"]) {
        return Some(PaymentPlan::EveryMonths { months: 1 });
    }
    if says(&["一次性", "一次付清", "一次缴清", "全额付清"]) {
        return Some(PaymentPlan::LumpSum);
    }
    says(&["按年", "年付", "每年", "逐年", "当年租金"]).then_some(PaymentPlan::EveryYears { years: 1 })
}

fn instalments(text: &str) -> Vec<Instalment> {
    INSTALMENT
        .captures_iter(text)
        .filter_map(|found| {
            let year = match found.get(2) {
                Some(numeral) => u16::try_from(whole(numeral.as_str())?).ok()?,
                None => 1,
            };
            Some(Instalment { percent: figure(found.get(3)?.as_str()).ok()?.normalize(), year })
        })
        .collect()
}

fn within(text: &str) -> (Option<Days>, Option<Anchor>) {
    let Some(found) = WITHIN.captures(text) else { return (None, None) };
    let days = found
        .get(1)
        .and_then(|n| whole(n.as_str()))
        .and_then(|n| u16::try_from(n).ok())
        .map(|count| Days { count, working: found.get(2).is_some_and(|unit| unit.as_str().contains("工作日")) });
    // The day it counts from stands just before the number.
    let before = found.get(0).and_then(|whole| text.get(..whole.start())).unwrap_or_default();
    let anchors = [
        ("公示", Anchor::ResultNotice),
        ("签约", Anchor::Signing),
        ("签订", Anchor::Signing),
        ("合同", Anchor::Signing),
        ("中标", Anchor::Award),
        ("成交", Anchor::Award),
        ("竞得", Anchor::Award),
    ];
    let clause = before.rsplit([',', ';', '。']).next().unwrap_or_default();
    (days, anchors.into_iter().find(|(word, _)| clause.contains(word)).map(|(_, anchor)| anchor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<PaymentPlan> {
        plan(&norm(text))
    }

    #[test]
    fn plans_of_real_notices() {
        let years = |years| Some(PaymentPlan::EveryYears { years });
        assert_eq!(read("租金分四期,每五年一付;签约付第一期,期满前一个月付下一期"), years(5));
        assert_eq!(read("一年一付,首年签约时、以后前一年12-31前"), years(1));
        assert_eq!(read("租期二年,租金一年一交"), years(1));
        assert_eq!(read("按年"), years(1));
        assert_eq!(read("签约起7个工作日内一次性缴清"), Some(PaymentPlan::LumpSum));
        assert_eq!(read("签约时付前两年;以后每年元月5日前付当年,末年用预交款抵扣"), None);
        let part = |year, percent: i64| Instalment { percent: Decimal::from(percent), year };
        assert_eq!(
            read("首付总价40%,第3年30%,第5年30%"),
            Some(PaymentPlan::Instalments { parts: vec![part(1, 40), part(3, 30), part(5, 30)] })
        );
        assert_eq!(read("首付总价40%,第3年30%,第5年20%"), None, "does not add up");
    }

    #[test]
    fn days_and_where_they_count_from() {
        let read = |text: &str| within(&norm(text));
        assert_eq!(read("中标后3个工作日内完成支付"), (Some(Days { count: 3, working: true }), Some(Anchor::Award)));
        assert_eq!(
            read("公示期满5个工作日内缴清"),
            (Some(Days { count: 5, working: true }), Some(Anchor::ResultNotice))
        );
        assert_eq!(read("签约起7个工作日内"), (Some(Days { count: 7, working: true }), Some(Anchor::Signing)));
        assert_eq!(read("中标后三天内签约"), (Some(Days { count: 3, working: false }), Some(Anchor::Award)));
        assert_eq!(read("一次性"), (None, None));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = plan(&text);
            let _ = within(&text);
        }
    }
}
