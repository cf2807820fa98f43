//! Whether this exchange can run a lot as its notice says. What it can't run it must not announce: bidders would find no room.

use super::rules::has_window;
use crate::{
    auction::announced,
    fact::Schedule,
    finding::{Finding, Text},
    notice::{Eligibility, Notice},
    price::Escalator,
    rulebook::Rulebook,
};

/// Everything that stands in the way of running the lot here: the terms of its auction, and terms that no room and no registration
/// desk of this exchange carries out. Empty where it can be run.
///
/// `schedule` may be a provisional one: of its dates only the order counts here.
pub fn check(notice: &Notice, schedule: &Schedule, book: &Rulebook) -> Vec<Finding> {
    let mut found = match announced::terms(notice, schedule, book) {
        // What is won must have a total: contract, fee and payments rest on it.
        Ok(terms) => notice.total_at(terms.reserve).err().into_iter().collect(),
        Err(findings) => findings,
    };
    // A price in another basis need not come out to the fen in the escalator's, and then nobody could say what was won.
    let by_amount = matches!(notice.price.escalator, Some(Escalator::Amount { .. }));
    let basis = notice.price.reserve.map(|reserve| reserve.basis);
    if by_amount && basis.is_some() && basis != notice.price.offer_basis() {
        found.push(refused(
            "price.escalator-runnable",
            (
                "租金按金额递增的,报价须与底价采用同一计价方式",
                "where the rent rises by amounts, offers stand in the reserve's basis",
            ),
            (
                "报价与底价采用同一计价方式,或者按百分比递增",
                "take offers in that basis, or let the rent rise by per cent",
            ),
            "price.offers_in",
        ));
    }
    if has_window(notice) {
        found.push(refused(
            "priority.window-runnable",
            (
                "目前只能在竞价中以同价行使优先权,不能设竞价后的行权期",
                "a priority right is exercised here by matching in the auction only",
            ),
            ("将优先权的行使方式改为竞价中同价优先", "let it be exercised by matching"),
            "priority.exercise",
        ));
    }
    let restricted = notice.priority.as_ref().and_then(|priority| priority.restricted_to);
    if restricted == Some(Eligibility::MembersFirst) {
        found.push(refused(
            "registration.members-first-runnable",
            (
                "目前不能先向本集体成员、不足时再向外开放报名",
                "registration can't be opened to others only where too few members register",
            ),
            (
                "可先限本集体成员报名,流标后另行公告;或者向全体开放并设成员优先权",
                "restrict it to members, and announce it anew where too few come; or open it to all with a priority right for members",
            ),
            "priority.restricted_to",
        ));
    }
    if notice.takers.is_some_and(|takers| takers > 1) {
        found.push(refused(
            "lot.takers-runnable",
            ("一宗标的目前只能由一人取得", "a lot is taken by one here"),
            ("请把各标的物分别登记、分别公告", "make each object a lot of its own"),
            "takers",
        ));
    }
    if notice.price.confidential_reserve {
        found.push(refused(
            "price.confidential-runnable",
            ("目前不能另设保留价", "a confidential reserve beside the starting price can't be run here"),
            ("以底价作为起始价公布", "publish the reserve as the starting price"),
            "price.confidential_reserve",
        ));
    }
    found
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str), field: &str) -> Finding {
    let basis = "本平台可执行的交易方式 (what this exchange can run)";
    Finding::refusal(rule, basis, Text::new(zh, en), Text::new(remedy_zh, remedy_en)).at(field)
}
