//! Days in order, and an announcement that is long enough (公告、报名、竞价时间).

use super::context::CheckContext;
use crate::finding::{Finding, Text};
use crate::notice::{Moment, Notice, Schedule};
use crate::rulebook::RuleSet;

/// Pairs of days that must come in order, with their fields and names. An hour that is not published counts as the whole day.
fn disorder(schedule: &Schedule) -> Vec<Finding> {
    let Schedule { announce_from, announce_to, register_from, register_to, auction_from, auction_to } = *schedule;
    let mut found = Vec::new();
    for (first, then, field, first_zh, then_zh, first_en, then_en) in [
        (announce_from, announce_to, "schedule.announce_to", "公告起", "公告止", "the announcement's begin", "its end"),
        (register_from, register_to, "schedule.register_to", "报名起", "报名止", "registration's begin", "its end"),
        (auction_from, auction_to, "schedule.auction_to", "竞价起", "竞价止", "the auction's begin", "its end"),
        (
            register_to,
            auction_from,
            "schedule.auction_from",
            "报名止",
            "竞价起",
            "the end of registration",
            "the auction's begin",
        ),
        (
            announce_from,
            register_to,
            "schedule.register_to",
            "公告起",
            "报名止",
            "the announcement's begin",
            "the end of registration",
        ),
        (
            announce_from,
            auction_from,
            "schedule.auction_from",
            "公告起",
            "竞价起",
            "the announcement's begin",
            "the auction's begin",
        ),
    ] {
        let (Some(first), Some(then)) = (first, then) else { continue };
        if ordered(first, then) {
            continue;
        }
        found.push(
            Finding::refusal(
                "schedule.order",
                "公告、报名、竞价的时间应当先后有序",
                Text::new(
                    format!("{then_zh}({then})早于{first_zh}({first})"),
                    format!("{then_en} ({then}) comes before {first_en} ({first})"),
                ),
                Text::new("更正时间", "correct the times"),
            )
            .at(field)
            .with_fact("first", first)
            .with_fact("then", then),
        );
    }
    found
}

/// Whether `then` is not before `first`; two days without hours may be the same day.
fn ordered(first: Moment, then: Moment) -> bool {
    match (first.time, then.time) {
        (Some(_), Some(_)) => first.begins() <= then.begins(),
        _ => first.date <= then.date,
    }
}

pub(super) fn check(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let schedule = &notice.schedule;
    let mut found = disorder(schedule);
    let rule = &rules.announcement;
    let days = u32::from(rule.value.count);
    let ends = schedule.announce_to.or(schedule.register_to).or(schedule.auction_from);
    if let (Some(from), Some(ends)) = (schedule.announce_from, ends) {
        let counted = if rule.value.working {
            context.calendar.deadline(from.date, days.max(1))
        } else {
            context.calendar.natural_deadline(from.date, days)
        };
        match counted {
            Err(finding) => found.push(finding.at("schedule.announce_from")),
            Ok(earliest) if ends.date < earliest => found.push(
                rule.finding(
                    Text::new(
                        format!("公告期太短:{}公告,最早到{earliest}期满", from.date),
                        format!(
                            "the announcement is too short: from {} it runs to {earliest} at the earliest",
                            from.date
                        ),
                    ),
                    Text::new(format!("公告到{earliest}或者更晚"), format!("announce until {earliest} or later")),
                )
                .at(if schedule.announce_to.is_some() { "schedule.announce_to" } else { "schedule.register_to" })
                .with_fact("from", from.date)
                .with_fact("earliest", earliest)
                .with_fact("stated", ends.date),
            ),
            Ok(_) => {}
        }
    }
    let open = &rules.registration_until_announcement;
    if let (true, Some(announce_to), Some(register_to)) = (open.value, schedule.announce_to, schedule.register_to)
        && register_to.date < announce_to.date
    {
        found.push(
            open.finding(
                Text::new(
                    format!("报名{}截止,早于公告期满{}", register_to.date, announce_to.date),
                    format!(
                        "registration closes on {}, before the announcement ends on {}",
                        register_to.date, announce_to.date
                    ),
                ),
                Text::new("报名截止不早于公告期满", "close registration no earlier"),
            )
            .at("schedule.register_to"),
        );
    }
    found
}
