//! How the taker is found (交易方式): methods in many wordings, and the figures of an auction.

use super::draft::Draft;
use super::number::{NoFigure, figure, norm, whole};
use super::say::{note, refuse, shown, warn};
use crate::notice::{Ascending, Award, Method, MethodTerms, Tie, Venue};
use crate::price::UnitPrice;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

const N: &str = "[0-9]{1,2}|[一二两三四五六七八九十]";

fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("{N}", N)).expect("a fixed pattern")
}

static ENOUGH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"({N})(?:人|家|名|个)(?:及)?以上(?:\(含({N})?(?:人|家|名|个)?\))?"));
static FEWER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"不足({N})(?:人|家|名|个)|(?:只有|仅有|仅)?(?:一|1)(?:人|家|名|个)(?:意向人|报名|意向|的)?|报名不足")
});

/// Reads the method, with `step`, `max_step` and `ceiling` already in their basis.
pub(super) fn read(
    draft: &mut Draft<'_>,
    step: Option<UnitPrice>,
    max_step: Option<UnitPrice>,
    ceiling: Option<UnitPrice>,
) {
    let text = draft.get("method");
    let plain = norm(text);
    let special = norm(draft.get("special_conditions"));
    let figures = super::periods::read(draft);
    let mut method = method_of(&plain, &special);
    if method.is_none() && (step.is_some() || figures != Ascending::default()) {
        draft.say(note(
            "method.by-step",
            "method",
            "公布了加价幅度或者竞价时段,按增价竞价处理",
            "a step or the auction's periods are published: taken as an ascending auction",
        ));
        method = Some(Method::Ascending(Ascending::default()));
    }
    if method.is_none() {
        let (rule, zh, en) = if text.is_empty() {
            ("method.missing", "没有写明交易方式".to_owned(), "the method is not stated".to_owned())
        } else {
            let quoted = shown(text);
            (
                "method.unclear",
                format!("“{quoted}”没有说明如何确定受让方"),
                format!("\"{quoted}\" does not say how the taker is found"),
            )
        };
        draft.say(warn(rule, "method", zh, en));
    }
    if let Some(method) = &mut method {
        let tie = tie_of(&plain).or_else(|| tie_of(&special));
        // "精确到元": offers are in whole yuan of what is offered.
        let whole_yuan =
            ["精确到元", "元以下不计", "取整到元"].iter().any(|word| special.contains(word) || plain.contains(word));
        let yuan = draft.notice.price.offer_basis().zip(crate::money::Money::from_yuan(1)).filter(|_| whole_yuan);
        let unit = step.or(yuan.map(|(basis, one)| UnitPrice::new(one, basis)));
        fill(method, &Figures { ascending: figures, step, unit, max_step, ceiling, tie });
        if let (Method::FixedPriceDraw | Method::Negotiated, Some(_)) = (&*method, step) {
            draft.say(warn("method.step-unused", "method.step", "该交易方式不用加价幅度", "this method knows no step"));
        }
    }
    let venue = venue_of(&plain);
    if method.is_some() || venue.is_some() || !text.is_empty() {
        let words = [text, draft.get("limited_rule")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        draft.notice.method = Some(MethodTerms { method, venue, text: words.join(";") });
    }
    if special.contains("取对应数量中标人") {
        draft.notice.takers = figure(draft.get("quantity")).ok().and_then(|n| u32::try_from(n).ok());
    }
}

/// What there is to fill into a method.
struct Figures {
    ascending: Ascending,
    step: Option<UnitPrice>,
    unit: Option<UnitPrice>,
    max_step: Option<UnitPrice>,
    ceiling: Option<UnitPrice>,
    tie: Option<Tie>,
}

fn fill(method: &mut Method, figures: &Figures) {
    match method {
        Method::Ascending(ascending) => {
            *ascending = Ascending {
                step: figures.step,
                max_step: figures.max_step,
                ceiling: figures.ceiling,
                ..figures.ascending.clone()
            };
        }
        Method::Sealed { tie, step, ceiling }
        | Method::MultiRound { tie, step, ceiling, .. }
        | Method::Tender { tie, step, ceiling, .. } => {
            *tie = figures.tie;
            *step = figures.unit;
            *ceiling = figures.ceiling;
        }
        Method::Descending { step, .. } => *step = figures.step,
        Method::ByBidders { enough, fewer, .. } => {
            fill(enough, figures);
            fill(fewer, figures);
        }
        Method::Negotiated | Method::FixedPriceDraw => {}
    }
}

/// The method of a text, with what its conditions say of few bidders.
fn method_of(text: &str, special: &str) -> Option<Method> {
    let clauses: Vec<&str> =
        text.split([';', '。', '，', ',']).map(str::trim).filter(|c| !c.is_empty() && !is_tie(c)).collect();
    let enough = clauses.iter().find_map(|clause| {
        let found = ENOUGH.captures(clause)?;
        Some((whole(found.get(1)?.as_str())?, simple(&clause.replace(found.get(0)?.as_str(), ""))?))
    });
    let fewer = clauses.iter().find_map(|clause| {
        let found = FEWER.find(clause)?;
        simple(&clause.replace(found.as_str(), ""))
    });
    // "不足两家可协商签约" may stand among the conditions.
    let fewer = fewer.or_else(|| {
        special.split([';', '。', ',']).find_map(|clause| {
            let few = FEWER.is_match(clause) && (clause.contains("报名") || clause.contains("意向"));
            (few && ["协商", "协议"].iter().any(|word| clause.contains(word))).then_some(Method::Negotiated)
        })
    });
    match (enough, fewer) {
        (Some((at_least, enough)), Some(fewer)) => {
            Some(Method::ByBidders { at_least: at_least.max(2), enough: Box::new(enough), fewer: Box::new(fewer) })
        }
        (Some((_, only)), None) => Some(only),
        (None, fewer) => {
            let first = clauses.iter().filter(|clause| !FEWER.is_match(clause)).find_map(|clause| simple(clause));
            let first = first.or_else(|| simple(&clauses.join(" ")))?;
            match fewer {
                Some(fewer) if fewer != first => {
                    Some(Method::ByBidders { at_least: 2, enough: Box::new(first), fewer: Box::new(fewer) })
                }
                _ => Some(first),
            }
        }
    }
}

fn is_tie(clause: &str) -> bool {
    ["同价", "平票", "相同报价", "报价相同", "均不再报"].iter().any(|word| clause.starts_with(word))
}

/// A single method.
fn simple(text: &str) -> Option<Method> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let tender = |award| Some(Method::Tender { award, tie: None, step: None, ceiling: None });
    if says(&["抽签", "摇号", "抓阄"]) && says(&["固定租金", "固定价", "定价", "报名后"]) {
        return Some(Method::FixedPriceDraw);
    }
    if says(&["多轮"]) {
        return Some(Method::MultiRound { rounds: None, tie: None, step: None, ceiling: None });
    }
    if says(&["暗标", "暗投", "密封", "一次性报价", "一次性竞标", "一次性书写", "一次报价", "一次性竞价", "一次性投标"])
    {
        return Some(Method::Sealed { tie: None, step: None, ceiling: None });
    }
    if says(&["降价", "减价"]) {
        return Some(Method::Descending { step: None, every_seconds: None, floor: None });
    }
    if says(&["综合评审", "综合评标", "综合评分", "评分", "打分", "比选", "磋商"]) {
        return tender(Some(Award::Scored));
    }
    if says(&["招标", "投标", "开标", "竞标", "高标中标"]) {
        let highest = says(&["高标中标", "价高者得", "最高价", "高者得"]);
        let lowest = says(&["低价中标", "最低价", "低者得"]);
        return tender(match (highest, lowest) {
            (true, false) => Some(Award::HighestPrice),
            (false, true) => Some(Award::LowestPrice),
            _ => None,
        });
    }
    let rising = ["竞价", "拍卖", "拍租", "竞拍", "竞租", "竞投", "加价", "竞买", "增价", "挂牌", "公开竞"];
    if says(&rising) {
        return Some(Method::Ascending(Ascending::default()));
    }
    says(&["协议", "协商", "洽谈"]).then_some(Method::Negotiated)
}

fn tie_of(text: &str) -> Option<Tie> {
    text.split([';', '。', ',']).find_map(|clause| {
        let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
        if !says(&["同价", "平票", "相同报价", "报价相同", "先报", "抓阄"]) {
            return None;
        }
        if says(&["再次报价", "再报", "重新报价"]) {
            return Some(Tie::OfferAgain);
        }
        if says(&["抽签", "抓阄", "摇号", "摇球"]) {
            return Some(Tie::Draw);
        }
        says(&["先报", "时间优先"]).then_some(Tie::Earlier)
    })
}

fn venue_of(text: &str) -> Option<Venue> {
    let online = ["网络", "线上", "网上", "电子", "在线"].iter().any(|word| text.contains(word));
    let onsite = ["现场", "线下", "拍卖会"].iter().any(|word| text.contains(word));
    match (online, onsite) {
        (true, true) => Some(Venue::Both),
        (true, false) => Some(Venue::Online),
        (false, true) => Some(Venue::Onsite),
        (false, false) => None,
    }
}

/// A figure of the auction in a column of its own; none where the cell is empty.
pub(super) fn number(draft: &mut Draft<'_>, column: &str, field: &str) -> Option<Decimal> {
    let text = draft.get(column);
    if text.is_empty() {
        return None;
    }
    match figure(text) {
        Ok(value) => Some(value),
        Err(reason) => {
            let rule = if reason == NoFigure::Negative { "figure.negative" } else { "figure.unreadable" };
            draft.say(
                refuse(
                    rule,
                    field,
                    format!("“{}”不是有效的数字", shown(text)),
                    format!("\"{}\" is not a valid figure", shown(text)),
                )
                .with_fact("column", column)
                .with_fact("text", shown(text)),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> Option<&'static str> {
        method_of(&norm(text), "").map(|method| method.code())
    }

    #[test]
    fn methods_of_real_notices() {
        for (text, expected) in [
            ("网络竞价(阶梯竞价)", "ascending"),
            ("网络竞价", "ascending"),
            ("线上线下同步竞拍", "ascending"),
            ("拍租", "ascending"),
            ("公开竞租,价高者得", "ascending"),
            ("网上竞投(公开加价)", "ascending"),
            ("有底价的一次性竞标", "sealed"),
            ("暗标(一次性密封报价)", "sealed"),
            ("公开招标(明底暗投)", "sealed"),
            ("暗标报价;同价者再次报价,均不再报则摇球", "sealed"),
            ("招标", "tender"),
            ("高标中标(现金)", "tender"),
            ("公开竞标", "tender"),
            ("协议", "negotiated"),
            ("固定租金,报名后抽签", "fixed-price-draw"),
            ("降价竞价", "descending"),
            ("多轮报价", "multi-round"),
            ("两人以上明底暗标一次性报价;一人公开协商;同价摇号", "by-bidders"),
            ("明标暗投,三人以上一次性书写竞标;不足三人协议商定", "by-bidders"),
            ("公开竞价;只有一个意向人可协议;二次流标后直接协议出租", "by-bidders"),
        ] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
        for text in ["", "线上", "出让公告"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn the_number_of_bidders_decides_as_the_notice_says() {
        let read = |text: &str, special: &str| match method_of(&norm(text), &norm(special)) {
            Some(Method::ByBidders { at_least, enough, fewer }) => (at_least, enough.code(), fewer.code()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(read("明标暗投,三人以上一次性书写竞标;不足三人协议商定", ""), (3, "sealed", "negotiated"));
        assert_eq!(read("两人以上明底暗标一次性报价;一人公开协商;同价摇号", ""), (2, "sealed", "negotiated"));
        assert_eq!(read("公开竞价;只有一个意向人可协议", ""), (2, "ascending", "negotiated"));
        assert_eq!(read("有底价的一次性竞标", "报名不足两家可协商签约,不低于标底"), (2, "sealed", "negotiated"));
    }

    #[test]
    fn ties_and_venues() {
        assert_eq!(tie_of("报价高者得,同价先报者得"), Some(Tie::Earlier));
        assert_eq!(tie_of("同价抽签;精确到元"), Some(Tie::Draw));
        assert_eq!(tie_of("暗标报价;同价者再次报价,均不再报则摇球"), Some(Tie::OfferAgain));
        assert_eq!(tie_of("标的不可拆分"), None);
        assert_eq!(venue_of("公开竞价(现场)"), Some(Venue::Onsite));
        assert_eq!(venue_of("线上线下同步竞拍"), Some(Venue::Both));
        assert_eq!(venue_of("竞价"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}", special in "\\PC{0,60}") {
            let _ = method_of(&text, &special);
            let _ = (tie_of(&text), venue_of(&text));
        }
    }
}
