//! The auction's periods (自由竞价、限时竞价、延时): columns and the rule in words.

use super::draft::Draft;
use super::method::number;
use super::number::{norm, whole};
use super::say::{refuse, shown, warn};
use crate::notice::Ascending;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

const N: &str = "[0-9]{1,4}|[一二两三四五六七八九十]{1,3}";

fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("{N}", N)).expect("a fixed pattern")
}

static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:最后|结束前|截止前|限时竞价(?:期|时间|周期)?(?:为|:)?|(?:自动)?延时(?:竞价)?(?:为|:)?)\s*({N})\s*(分钟|分|秒)",
    )
});
static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:延长|延时周期(?:为|:)?|顺延|延时|刷新|推迟|重新计时)[^0-9一二两三四五六七八九十]{0,4}({N})\s*(分钟|分|秒)",
    )
});
static CAP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:最多|不超过|上限(?:为)?|限)[^0-9一二两三四五六七八九十次]{0,6}({N})\s*次"));
static CAP_TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:延时|延长|累计|总计|总)[^;。,]{0,8}?(?:最多|不超过|最长|上限)[^0-9一二两三四五六七八九十]{0,6}({N})\s*(分钟|小时)",
    )
});

/// Reads the periods. A column and the words that say different things refuse.
pub(super) fn read(draft: &mut Draft<'_>) -> Ascending {
    let free_minutes = number(draft, "free_period_minutes", "method.free_minutes").and_then(|minutes| {
        let whole = u32::try_from(minutes).ok().filter(|_| minutes.is_integer());
        if whole.is_none() {
            draft.say(refuse(
                "figure.unreadable",
                "method.free_minutes",
                "自由竞价期不是整分钟",
                "the free period is no whole number of minutes",
            ));
        }
        whole
    });
    let column = number(draft, "extension_minutes", "method.extension_seconds").and_then(|minutes| {
        let seconds =
            minutes.checked_mul(Decimal::from(60)).filter(Decimal::is_integer).and_then(|s| u32::try_from(s).ok());
        if seconds.is_none() {
            draft.say(refuse(
                "figure.unreadable",
                "method.extension_seconds",
                "延时不是整秒",
                "the extension is no whole number of seconds",
            ));
        }
        seconds
    });
    let text = draft.get("limited_rule");
    let words = spoken(&norm(text));
    if let (Some(column), Some(spoken)) = (column, words.extension)
        && column != spoken
    {
        draft.say(
            refuse(
                "method.extension-contradiction",
                "method.extension_seconds",
                format!("延时前后矛盾:{column}秒,又写明{spoken}秒"),
                format!("the extension contradicts itself: {column} seconds and {spoken} seconds"),
            )
            .with_fact("column", column)
            .with_fact("words", spoken),
        );
    }
    let extension_seconds = column.or(words.extension);
    let extension_cap = words.cap.or_else(|| {
        let (limit, each) = (words.cap_seconds?, extension_seconds.filter(|each| *each > 0)?);
        let times = limit.is_multiple_of(each).then_some(limit / each);
        if times.is_none() {
            draft.say(warn(
                "method.extension-cap",
                "method.extension_cap",
                "延时总长不是每次延时的整数倍,按原文核对",
                "the longest extension in all is no multiple of one extension; check the text",
            ));
        }
        times
    });
    let limits = ["最多", "不超过", "最长", "最迟", "上限", "封顶"].iter().any(|word| text.contains(word));
    if limits && words.cap.is_none() && words.cap_seconds.is_none() {
        draft.say(
            warn(
                "method.extension-cap",
                "method.extension_cap",
                format!("延时的上限“{}”未能识别,按原文核对", shown(text)),
                format!("the limit of extensions in \"{}\" was not understood; check the text", shown(text)),
            )
            .with_fact("text", shown(text)),
        );
    }
    if !text.is_empty() && words == Spoken::default() {
        draft.say(
            warn(
                "method.limited-words",
                "method.limited_seconds",
                format!("限时规则“{}”未能识别", shown(text)),
                format!("the rule \"{}\" was not understood", shown(text)),
            )
            .with_fact("text", shown(text)),
        );
    }
    Ascending { free_minutes, limited_seconds: words.limited, extension_seconds, extension_cap, ..Ascending::default() }
}

/// What the words say, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spoken {
    limited: Option<u32>,
    extension: Option<u32>,
    cap: Option<u32>,
    cap_seconds: Option<u32>,
}

fn spoken(text: &str) -> Spoken {
    let seconds = |found: regex::Captures<'_>| {
        let number = whole(found.get(1)?.as_str())?;
        number.checked_mul(match found.get(2)?.as_str() {
            "秒" => 1,
            "小时" => 3600,
            _ => 60,
        })
    };
    let cap_time = CAP_TIME.captures(text);
    // What caps all extensions is not one of them.
    let rest = cap_time
        .as_ref()
        .and_then(|found| found.get(0))
        .map_or_else(|| text.to_owned(), |m| text.replace(m.as_str(), ""));
    let extension = EXTENSION.captures_iter(&rest).last().and_then(seconds);
    let limited = LIMITED.captures(&rest).and_then(seconds);
    Spoken {
        limited,
        extension,
        cap: CAP.captures(text).and_then(|found| whole(found.get(1)?.as_str())),
        cap_seconds: cap_time.and_then(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rules_of_real_notices() {
        let read = |text: &str| {
            let found = spoken(&norm(text));
            (found.limited, found.extension, found.cap)
        };
        assert_eq!(read("最后5分钟有人出价竞拍时间延长5分钟"), (Some(300), Some(300), None));
        assert_eq!(read("自由竞价结束后系统自动延时一分钟,一分钟内有加价则再刷新一分钟"), (Some(60), Some(60), None));
        assert_eq!(read("延时周期120秒").1, Some(120));
        assert_eq!(read("限时竞价3分钟,有人出价则延长2分钟,最多延时10次"), (Some(180), Some(120), Some(10)));
        let capped = spoken("最后5分钟有人出价延长5分钟,累计延时不超过60分钟");
        assert_eq!((capped.extension, capped.cap_seconds), (Some(300), Some(3600)));
        assert_eq!(spoken(""), Spoken::default());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = spoken(&text);
        }
    }
}
