//! Terms that stand in words: in the title, among the special conditions.

use crate::import::draft::Draft;
use crate::import::number::{norm, whole};
use crate::import::say::note;
use crate::term::Span;
use regex::Regex;
use std::sync::LazyLock;

const NUMERAL: &str = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}";

/// “10年租赁经营权”, “租期5年” in a title. A calendar year (2026年) and an ordinal (第3年) are no term.
static TITLE_TERM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?:^|[^0-9一二两三四五六七八九十第\-—至~])({NUMERAL})年(?:期)?(?:的)?(?:土地|承包|租赁|经营|使用|流转|期限|租期|$|[()出租])"))
        .expect("a fixed pattern")
});

/// A length in the special conditions: “租期11个月”, “期限为3年”, “租赁期 5 年”.
static SPOKEN_TERM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:租期|租赁期|租赁期限|承包期|承包期限|流转期|流转期限|期限)(?:为|:)?\s*({NUMERAL})\s*(年|个月)"
    ))
    .expect("a fixed pattern")
});

/// A greatest length: “期限…不超过2年”.
static AT_MOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:期限|年限|租期|租赁期|承包期)[^;;。]*?(?:不超过|不得超过|最长|至多)[^;;。]*?({NUMERAL})年"
    ))
    .expect("a fixed pattern")
});

/// A length the words name where the column is empty.
pub(super) fn spoken(draft: &mut Draft<'_>) -> Option<Span> {
    let special = norm(draft.get("special_conditions"));
    let title = norm(draft.get("title"));
    let (span, source) = if let Some(found) = SPOKEN_TERM.captures(&special) {
        let number = u16::try_from(whole(found.get(1)?.as_str())?).ok()?;
        let span = if found.get(2)?.as_str() == "年" { Span::years(number) } else { Span::months(number) };
        (span, "special_conditions")
    } else {
        (title_years(&title).map(Span::years)?, "title")
    };
    if span.is_empty() {
        return None;
    }
    let words = span.text();
    draft.say(
        note(
            "term.from-words",
            "term",
            format!("期限取自公告文字:{}", words.zh),
            format!("the term is taken from the text: {}", words.en),
        )
        .with_fact("source", source),
    );
    Some(span)
}

pub(super) fn title_years(title: &str) -> Option<u16> {
    let found = TITLE_TERM.captures(title)?;
    u16::try_from(whole(found.get(1)?.as_str())?).ok().filter(|years| (1..=70).contains(years))
}

/// The greatest number of years the special conditions allow, where they name one.
pub(super) fn at_most(special: &str) -> Option<u32> {
    AT_MOST.captures(special).and_then(|found| whole(found.get(1)?.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_name_terms_and_years_are_not_terms() {
        let years = |title: &str| title_years(&norm(title));
        assert_eq!(years("商城县余集镇杨棚村1298㎡小学10年租赁经营权"), Some(10));
        assert_eq!(years("田心坪村2510亩土地7年经营权竞拍"), Some(7));
        assert_eq!(years("泸县喻寺镇谭坝村20亩30年土地承包经营权挂牌"), Some(30));
        assert_eq!(years("五年承包经营权"), Some(5));
        for title in
            ["天湖山林场2026-2028年湿地松采脂经营权", "2025年土地出租", "第3年租金", "百年老屋出租", "2026至28年承包"]
        {
            assert_eq!(years(title), None, "{title}");
        }
    }

    proptest! {
        #[test]
        fn no_title_panics(text in "\\PC{0,40}") {
            let _ = title_years(&text);
        }
    }
}
