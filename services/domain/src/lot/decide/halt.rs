//! Standing still and ending: suspend, resume, terminate.

use super::{Decided, prepare::earlier, refused};
use crate::{
    auction::ascending::shifted,
    calendar::time::date_of,
    ids::AccountId,
    lot::{Lot, LotEvent, LotRules, Phase, Schedule, StopReason},
};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) fn suspend(reason: StopReason, rules: &LotRules, now: DateTime<Utc>) -> Decided {
    if rules.suspension.contains(&reason) {
        return Ok(vec![LotEvent::Suspended { reason, at: now }]);
    }
    let finding = refused(
        "suspension.reason",
        "规则手册 中止",
        ("该理由不能中止交易", "a lot is not suspended for this reason"),
        ("请选择规则手册列明的理由", "Choose a reason that the rulebook names"),
    );
    Err(vec![finding.with_fact("reason", reason).at("reason")])
}

pub(super) fn resume(
    lot: &Lot,
    noticed_on: NaiveDate,
    earliest: NaiveDate,
    schedule: Option<&Schedule>,
    now: DateTime<Utc>,
) -> Decided {
    let basis = "规则手册 恢复交易";
    let Some(suspension) = lot.suspension else {
        return Ok(Vec::new()); // a suspended lot has one
    };
    let (since, today) = (suspension.since, date_of(now));
    let mut findings = Vec::new();
    if noticed_on < date_of(since) || noticed_on > today || today < earliest {
        findings.push(
            refused(
                "suspension.notice",
                basis,
                ("恢复交易的公告期不足", "the resumption was not made public long enough before"),
                ("请在公告期满后恢复", "Resume once the notice has run"),
            )
            .with_fact("noticed-on", noticed_on)
            .with_fact("earliest", earliest),
        );
    }
    let least = lot.schedule.as_ref().map(|old| moved(old, since, now));
    if let (Some(new), Some(least)) = (schedule, &least)
        && (earlier(new, least) || new.announced_at != least.announced_at)
    {
        findings.push(
            refused(
                "suspension.schedule",
                basis,
                ("恢复后的时间不得短于中止前剩余的时间", "nobody may lose time by the suspension"),
                ("请按中止的时间顺延", "Put the dates off by at least the standstill"),
            )
            .at("schedule"),
        );
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let days = today - date_of(since);
    // A last day that had passed before the standstill stays as it was.
    let day = |last: Option<NaiveDate>| last.map(|last| if last < date_of(since) { last } else { last + days });
    let auction_over = matches!(suspension.from, Phase::PriorityExercise | Phase::ResultNotice | Phase::Contract);
    // Once the auction is over its dates are history.
    let schedule = if auction_over { lot.schedule.clone() } else { schedule.cloned().or(least) };
    Ok(vec![LotEvent::Resumed {
        schedule,
        window_ends: lot.window_ends.map(|ends| shifted(ends, since, now)),
        notice_to: day(lot.notice_to),
        sign_by: day(lot.sign_by),
        pay_by: day(lot.pay_by),
    }])
}

/// The schedule with every instant that had not yet come moved by the standstill.
fn moved(old: &Schedule, since: DateTime<Utc>, now: DateTime<Utc>) -> Schedule {
    Schedule {
        announced_at: shifted(old.announced_at, since, now),
        registration_closes: shifted(old.registration_closes, since, now),
        auction_opens: shifted(old.auction_opens, since, now),
        free_until: shifted(old.free_until, since, now),
        ..old.clone()
    }
}

pub(super) fn terminate(
    by: AccountId,
    reason: StopReason,
    approved_by: Option<AccountId>,
    rules: &LotRules,
) -> Decided {
    let basis = "规则手册 终结";
    if !rules.termination.contains(&reason) {
        let finding = refused(
            "termination.reason",
            basis,
            ("该理由不能终结交易", "a lot is not terminated for this reason"),
            ("请选择规则手册列明的理由", "Choose a reason that the rulebook names"),
        );
        return Err(vec![finding.with_fact("reason", reason).at("reason")]);
    }
    if reason == StopReason::Withdrawn && approved_by.is_none_or(|approver| approver == by) {
        return Err(vec![
            refused(
                "termination.approval",
                basis,
                ("转出方撤回须经另一人批准", "a withdrawal needs another person's approval"),
                ("请先报批", "Obtain the approval first"),
            )
            .at("approved_by"),
        ]);
    }
    Ok(vec![LotEvent::Terminated { reason }])
}
