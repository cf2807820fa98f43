//! Dates of an announcement (公告、报名、竞价时间): by the rulebook's periods and the official calendar.
//!
//! Day 1 of the announcement is the first working day after the day it is made. Registration closes on the announcement's last day at
//! 17:00, the auction opens at 09:00 of a working day after that, both in Asia/Shanghai. The hours are this exchange's office hours
//! 【默认】; the periods are the rulebook's.
//!
//! A draft may wish for later dates ([`Notice::schedule`]): a wish is granted where it is lawful, and put off to the first lawful time
//! where it is not. What an operator asks for explicitly is refused instead.

use crate::{
    auction::ascending::shifted,
    calendar::{
        Calendar,
        time::{date_of, start_of},
    },
    fact::Schedule,
    finding::{Finding, Text},
    money::Money,
    notice::{Ascending, Days, Method, Moment, Notice},
    rulebook::{
        Rule, RuleSet,
        values::{Bounds, DepositBase},
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Hour at which registration closes (下班时间 17:00).
const CLOSING: i64 = 17;
/// Hour at which an auction opens where nobody wishes otherwise (上班时间 09:00).
const OPENING: i64 = 9;

/// What an operator asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// When offers are to begin.
    pub opens: Option<DateTime<Utc>>,
    /// Length of the free period in minutes.
    pub free_minutes: Option<u32>,
}

/// The dates of an announcement made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The dates.
    pub schedule: Schedule,
    /// The earliest lawful end of the announcement.
    pub earliest_close: DateTime<Utc>,
    /// Days of announcement by rule.
    pub days: Days,
    /// Deposit for each registration: the notice's, else the least the rulebook asks for.
    pub deposit: Money,
}

/// The dates of `notice`'s announcement if it is made at `now`.
///
/// # Errors
/// `announcement.opening` where offers would begin before registration has closed; `auction.free-minutes` and its like where a length is
/// out of the rulebook's bounds and these refuse; `calendar.year-unknown` where the steps after the auction would fall into a year whose
/// holidays are not known; `deposit.unknown` where neither notice nor rulebook give a deposit.
pub fn plan(
    notice: &Notice,
    rules: &RuleSet,
    calendar: &Calendar,
    now: DateTime<Utc>,
    wish: Wish,
) -> Result<Plan, Vec<Finding>> {
    let days = rules.announcement.value;
    let last = after(calendar, date_of(now), days).map_err(one)?;
    let earliest_close = at(last, CLOSING);
    let published = notice.schedule;
    let wished = [published.announce_to, published.register_to].into_iter().flatten().map(|end| hour(end, CLOSING));
    let registration_closes = wished.max().filter(|end| *end > earliest_close).unwrap_or(earliest_close);
    let auction_opens = opening(notice, calendar, registration_closes, wish.opens).map_err(one)?;
    let (lengths, found) = lengths(notice, rules, wish.free_minutes);
    if crate::finding::refuses(&found) {
        return Err(found);
    }
    let schedule = Schedule {
        announced_at: now,
        registration_closes,
        auction_opens,
        free_until: auction_opens + TimeDelta::minutes(lengths.free_minutes.into()),
        limited_seconds: lengths.limited_seconds,
        extension_seconds: lengths.extension_seconds,
    };
    carried_out(rules, calendar, &schedule).map_err(one)?;
    let deposit = deposit(notice, rules).ok_or_else(|| one(deposit_unknown()))?;
    Ok(Plan { schedule, earliest_close, days, deposit })
}

/// The dates after a correction that does not begin the announcement again: none moves forward; what the corrected notice wishes for
/// later is put off.
pub fn kept(old: &Schedule, corrected: &Notice) -> Schedule {
    let published = corrected.schedule;
    let closes = published.register_to.map(|end| hour(end, CLOSING)).filter(|end| *end > old.registration_closes);
    let opens = published.auction_from.map(|start| hour(start, OPENING)).filter(|start| *start > old.auction_opens);
    let registration_closes = closes.unwrap_or(old.registration_closes);
    // Never before registration has closed, also where only the latter was put off.
    let auction_opens = opens.unwrap_or(old.auction_opens).max(registration_closes);
    let free = old.free_until - old.auction_opens;
    Schedule { registration_closes, auction_opens, free_until: auction_opens + free, ..old.clone() }
}

/// The dates of a lot that goes on at `now` after standing still `since`: what had not yet come moves by the standstill, and on to the
/// office hours of a working day. None where nothing is left to come: then the dates stay history.
///
/// # Errors
/// `announcement.opening` where `opens` is earlier than that; `calendar.year-unknown`.
pub fn resumed(
    old: &Schedule,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    calendar: &Calendar,
    opens: Option<DateTime<Utc>>,
) -> Result<Option<Schedule>, Finding> {
    if old.auction_opens <= since {
        return Ok(None);
    }
    let moved = |instant| shifted(instant, since, now);
    let registration_closes = if old.registration_closes <= since {
        old.registration_closes
    } else {
        office(calendar, moved(old.registration_closes), CLOSING)?
    };
    let least = office(calendar, moved(old.auction_opens).max(registration_closes), OPENING)?;
    let auction_opens = match opens {
        Some(opens) if opens < least => return Err(too_early(opens, least)),
        Some(opens) => opens,
        None => least,
    };
    let free = old.free_until - old.auction_opens;
    Ok(Some(Schedule {
        announced_at: moved(old.announced_at),
        registration_closes,
        auction_opens,
        free_until: auction_opens + free,
        ..old.clone()
    }))
}

/// The day on which a period of `days` after `from` ends.
///
/// # Errors
/// `calendar.year-unknown`.
pub fn after(calendar: &Calendar, from: NaiveDate, days: Days) -> Result<NaiveDate, Finding> {
    let count = u32::from(days.count);
    if days.working { calendar.deadline(from, count.max(1)) } else { calendar.natural_deadline(from, count) }
}

/// The notice with the days of its announcement: what is published says what holds.
#[must_use]
pub fn published(notice: &Notice, schedule: &Schedule) -> Notice {
    let mut notice = notice.clone();
    notice.schedule = crate::notice::Schedule {
        announce_from: Some(Moment::of(schedule.announced_at)),
        announce_to: Some(Moment::of(schedule.registration_closes)),
        register_from: Some(Moment::of(schedule.announced_at)),
        register_to: Some(Moment::of(schedule.registration_closes)),
        auction_from: Some(Moment::of(schedule.auction_opens)),
        auction_to: None,
    };
    notice
}

/// The deposit for each registration: the notice's, else the least share of the base, rounded up to the fen.
pub fn deposit(notice: &Notice, rules: &RuleSet) -> Option<Money> {
    if let Some(deposit) = notice.deposit {
        return Some(deposit.amount);
    }
    let total = notice.total().ok().map(|total| total.total);
    let base = match rules.deposit.value.base {
        DepositBase::FirstYear => notice.first_year().ok().or(total),
        DepositBase::Total => total,
    };
    rules.deposit.value.min.ceil_of(base?.fen()).map(Money::from_fen)
}

struct Lengths {
    free_minutes: u32,
    limited_seconds: u32,
    extension_seconds: u32,
}

/// The lengths of the auction's periods, and what the rulebook says of them.
fn lengths(notice: &Notice, rules: &RuleSet, free_minutes: Option<u32>) -> (Lengths, Vec<Finding>) {
    let stated = notice.method.as_ref().and_then(|terms| terms.method.as_ref()).and_then(Method::ascending);
    let none = Ascending::default();
    let stated = stated.unwrap_or(&none);
    let mut found = Vec::new();
    let mut length = |rule: &Rule<Bounds>, stated: Option<u32>, field: &str| {
        let length = stated.unwrap_or(rule.value.default);
        if !rule.value.holds(length) {
            let (min, max) = (rule.value.min, rule.value.max);
            let finding = rule.finding(
                Text::new(format!("{length}不在{min}至{max}之间"), format!("{length} is not between {min} and {max}")),
                rule.text(),
            );
            found.push(finding.at(field).with_fact("value", length).with_fact("min", min).with_fact("max", max));
        }
        length
    };
    let lengths = Lengths {
        free_minutes: length(&rules.free_minutes, free_minutes.or(stated.free_minutes), "free_minutes"),
        limited_seconds: length(&rules.limited_seconds, stated.limited_seconds, "method.method.limited_seconds"),
        extension_seconds: length(
            &rules.extension_seconds,
            stated.extension_seconds,
            "method.method.extension_seconds",
        ),
    };
    // No room runs longer than this, whatever a rulebook's weight of a breach is.
    const WEEK_MINUTES: u32 = 7 * 24 * 60;
    if lengths.free_minutes == 0 || lengths.free_minutes > WEEK_MINUTES {
        found.push(
            rules
                .free_minutes
                .finding(
                    Text::new("自由竞价时长须在1分钟至7天之间", "the free period lasts from 1 minute to 7 days"),
                    rules.free_minutes.text(),
                )
                .with_severity(crate::finding::Severity::Refusal)
                .at("free_minutes"),
        );
    }
    (lengths, found)
}

fn opening(
    notice: &Notice,
    calendar: &Calendar,
    registration_closes: DateTime<Utc>,
    asked: Option<DateTime<Utc>>,
) -> Result<DateTime<Utc>, Finding> {
    let earliest = at(calendar.deadline(date_of(registration_closes), 1)?, OPENING);
    match asked {
        Some(opens) if opens <= registration_closes => Err(too_early(opens, earliest)),
        Some(opens) => Ok(opens),
        None => {
            let wished = notice.schedule.auction_from.map(|start| hour(start, OPENING));
            Ok(wished.filter(|start| *start > earliest).unwrap_or(earliest))
        }
    }
}

/// Whether the calendar reaches to the end of what follows the auction: a lot is not announced whose deadlines can't be told.
fn carried_out(rules: &RuleSet, calendar: &Calendar, schedule: &Schedule) -> Result<NaiveDate, Finding> {
    let result = after(calendar, date_of(schedule.free_until), rules.result_notice.value)?;
    let signed = after(calendar, result, rules.signing.value)?;
    after(calendar, signed, rules.payment.value)
}

/// `instant` itself where it is the office hour of a working day, else the next such instant.
fn office(calendar: &Calendar, instant: DateTime<Utc>, hour: i64) -> Result<DateTime<Utc>, Finding> {
    let day = calendar.working_day_from(date_of(instant))?;
    if at(day, hour) >= instant { Ok(at(day, hour)) } else { Ok(at(calendar.deadline(day, 1)?, hour)) }
}

fn at(day: NaiveDate, hour: i64) -> DateTime<Utc> {
    start_of(day) + TimeDelta::hours(hour)
}

/// A published moment as an instant; a day without an hour is at `hour`.
fn hour(moment: Moment, hour: i64) -> DateTime<Utc> {
    if moment.time.is_some() { moment.begins() } else { at(moment.date, hour) }
}

fn one(finding: Finding) -> Vec<Finding> {
    vec![finding]
}

fn too_early(opens: DateTime<Utc>, earliest: DateTime<Utc>) -> Finding {
    Finding::refusal(
        "announcement.opening",
        "规则手册 公告期",
        Text::new(
            format!("竞价开始时间过早,最早为{}", Moment::of(earliest)),
            format!("offers would begin too early; the earliest is {}", Moment::of(earliest)),
        ),
        Text::new("选择该时间或者更晚", "choose that time or a later one"),
    )
    .at("auction_opens_at")
    .with_fact("asked", Moment::of(opens))
    .with_fact("earliest", Moment::of(earliest))
}

fn deposit_unknown() -> Finding {
    Finding::refusal(
        "deposit.unknown",
        "规则手册 保证金",
        Text::new("没有写明保证金,也算不出", "no deposit is stated and none can be worked out"),
        Text::new("填写保证金", "state the deposit"),
    )
    .at("deposit")
}
