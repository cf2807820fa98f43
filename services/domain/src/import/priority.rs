//! Who goes first and who alone may register (优先权、报名资格).

use super::draft::Draft;
use super::number::{norm, whole};
use super::say::warn;
use crate::notice::{Eligibility, Exercise, Priority, PriorityHolder};
use regex::Regex;
use std::sync::LazyLock;

static WINDOW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?:个工作日|日|天)内").expect("a fixed pattern")
});

/// Reads the priority terms.
pub(super) fn read(draft: &mut Draft<'_>) {
    let text = draft.get("priority");
    let special = draft.get("special_conditions");
    let restricted_to = eligibility(text).or_else(|| eligibility(special));
    if text.is_empty() && restricted_to.is_none() {
        return;
    }
    let mut priority = parse(&norm(text));
    priority.restricted_to = restricted_to;
    text.clone_into(&mut priority.text);
    let says_nothing = priority.ranks.is_empty() && !priority.none && !priority.next_time && restricted_to.is_none();
    if says_nothing {
        draft.say(warn(
            "priority.words",
            "priority",
            "优先权按公告原文保留,未能识别优先权人",
            "the priority terms are kept in words; no holder was read from them",
        ));
    }
    draft.notice.priority = Some(priority);
}

fn parse(text: &str) -> Priority {
    let mut priority = Priority::default();
    if text.is_empty() {
        return priority;
    }
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let none = text == "无" || text == "否" || says(&["优先权:否", "优先权:无", "不设置优先", "不设优先", "无优先"]);
    if none {
        priority.none = true;
        return priority;
    }
    // A promise for the time after this term gives nothing in this transfer.
    if says(&["再流转", "期满同等", "期满后", "续租"]) {
        priority.next_time = true;
        return priority;
    }
    let lessee = says(&["原承租", "原承包", "现承租", "现承包"]) && says(&["优先"]);
    let member = says(&["本村村民优先", "户籍村民优先", "成员优先", "成员享有优先", "本集体经济组织成员", "本村村民"])
        && says(&["优先"]);
    for (there, holder) in [(lessee, PriorityHolder::SittingLessee), (member, PriorityHolder::Member)] {
        if there {
            priority.ranks.push(vec![holder]);
        }
    }
    if priority.ranks.is_empty() && says(&["设置优先", "优先权者", "优先权人", "优先竞得"]) {
        priority.ranks.push(vec![PriorityHolder::Other]);
    }
    if says(&["行权"]) {
        priority.exercise = Some(Exercise::Window);
        let days = WINDOW.captures(text).and_then(|found| whole(found.get(1)?.as_str()));
        priority.window_days = days.and_then(|days| u16::try_from(days).ok());
    } else if says(&["相同价格报价", "同价报价", "跟价", "价格报价并成为"]) {
        priority.exercise = Some(Exercise::Match);
    }
    priority
}

fn eligibility(text: &str) -> Option<Eligibility> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["不足才对外", "不足方对外", "不足时对外", "不足再对外"]) {
        return Some(Eligibility::MembersFirst);
    }
    let members = says(&["限本村", "限本社", "限本组", "限本集体", "仅限本村", "仅限本集体", "只限本村"]);
    if members && says(&["原承包", "原承租", "及原"]) {
        return Some(Eligibility::MembersAndSittingLessee);
    }
    if members {
        return Some(Eligibility::Members);
    }
    says(&["限本区", "限本镇", "限本乡", "限本县", "限本市", "限本街道"]).then_some(Eligibility::Residents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks(text: &str) -> Vec<Vec<PriorityHolder>> {
        parse(&norm(text)).ranks
    }

    #[test]
    fn priority_of_real_notices() {
        assert!(parse(&norm("原承租人优先权:否")).none);
        assert!(parse("不设置优先竞得人").none);
        assert!(parse("再流转时本轮流入方同等条件优先").next_time);
        assert!(parse("期满同等条件下原承租人优先").next_time);
        assert_eq!(ranks("同等条件下原承租人优先"), [[PriorityHolder::SittingLessee]]);
        assert_eq!(ranks("最终报价相同时本村户籍村民优先;本村有效报名不足才对外开放"), [[PriorityHolder::Member]]);
        assert_eq!(ranks("设置优先竞得人"), [[PriorityHolder::Other]]);
        let platform = parse("竞价优先权:享优先权者可按他人相同价格报价并成为当前最高;同级优先人同价则抽签定");
        assert_eq!(platform.exercise, Some(Exercise::Match));
    }

    #[test]
    fn eligibility_of_real_notices() {
        assert_eq!(eligibility("限本村村民"), Some(Eligibility::Members));
        assert_eq!(
            eligibility("限本村户籍村民及原鱼塘承包者;原承包者投原塘不需缴资产款"),
            Some(Eligibility::MembersAndSittingLessee)
        );
        assert_eq!(eligibility("限本区自然人;不足一年按一年算"), Some(Eligibility::Residents));
        assert_eq!(
            eligibility("最终报价相同时本村户籍村民优先;本村有效报名不足才对外开放"),
            Some(Eligibility::MembersFirst)
        );
        assert_eq!(eligibility("不设置优先竞得人"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = parse(&text);
            let _ = eligibility(&text);
        }
    }
}
