//! From the closing of registration to the result: the auction as the lot sees it.

use super::{Decided, LIFE, refused};
use crate::{
    calendar::time::date_of,
    finding::Finding,
    lot::{Lot, LotEvent, LotRules, Next, Place, Taker, UnsoldReason},
};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) fn close_registration(
    lot: &Lot,
    filed: u32,
    qualified: u32,
    rules: &LotRules,
    now: DateTime<Utc>,
) -> Decided {
    let closes = lot.schedule.as_ref().map(|schedule| schedule.registration_closes);
    if closes.is_none_or(|closes| now < closes) {
        return Err(vec![refused(
            "registration.open",
            LIFE,
            ("报名尚未到期", "registration is still open"),
            ("请在报名截止时间后关闭", "Close it after its time"),
        )]);
    }
    if qualified > filed {
        return Err(vec![
            refused(
                "registration.counts",
                LIFE,
                ("合格人数多于报名人数", "more qualified than registered"),
                ("请核对报名记录", "Check the registrations"),
            )
            .with_fact("filed", filed)
            .with_fact("qualified", qualified),
        ]);
    }
    let next = rules.next(qualified);
    let mut events = vec![LotEvent::RegistrationClosed { filed, qualified, next }];
    if next == Next::Unsold {
        events.push(LotEvent::Unsold { reason: UnsoldReason::NoRegistration });
    }
    Ok(events)
}

pub(super) fn open_bidding(lot: &Lot, now: DateTime<Utc>) -> Decided {
    let opens = lot.schedule.as_ref().map(|schedule| schedule.auction_opens);
    if opens.is_none_or(|opens| now < opens) {
        return Err(vec![refused(
            "bidding.early",
            LIFE,
            ("未到公告的竞价开始时间", "the announced opening has not come"),
            ("请等待竞价开始时间", "Wait for it"),
        )]);
    }
    Ok(vec![LotEvent::BiddingOpened])
}

pub(super) fn close_bidding(
    lot: &Lot,
    line: &[Taker],
    window_ends: Option<DateTime<Utc>>,
    notice_to: NaiveDate,
    rules: &LotRules,
    now: DateTime<Utc>,
) -> Decided {
    let window_ends = window_ends.filter(|_| rules.exercise_window);
    let line = invited(line, rules);
    let mut findings = sound(lot, &line);
    if line.first().is_some_and(|first| first.place != Place::Winner) {
        findings.push(wrong_line());
    }
    if window_ends.is_some_and(|ends| ends <= now) {
        findings.push(refused(
            "priority.window",
            "公告的优先权条款",
            ("行权期须晚于当前时间结束", "the exercise window must end later than now"),
            ("请更正行权期", "Correct the window"),
        ));
    }
    findings.extend(notice_dates(notice_to, now));
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut events = vec![LotEvent::BiddingClosed { line: line.clone() }];
    events.push(match (line.first(), window_ends) {
        (None, _) => LotEvent::Unsold { reason: UnsoldReason::NoOffer },
        (Some(_), Some(window_ends)) => LotEvent::PriorityOpened { window_ends },
        (Some(taker), None) => LotEvent::ResultPublished { taker: *taker, notice_to },
    });
    Ok(events)
}

pub(super) fn end_priority(
    lot: &Lot,
    line: &[Taker],
    all_answered: bool,
    notice_to: NaiveDate,
    rules: &LotRules,
    now: DateTime<Utc>,
) -> Decided {
    let mut findings = Vec::new();
    if !all_answered && lot.window_ends.is_none_or(|ends| now < ends) {
        findings.push(refused(
            "priority.running",
            "公告的优先权条款",
            ("行权期未满且尚有优先权人未答复", "the window runs on and a holder has not answered"),
            ("请等待期满或全部答复", "Wait for its end or for every answer"),
        ));
    }
    let line = invited(line, rules);
    findings.extend(sound(lot, &line));
    // Whatever holders do, those who were in line before stay so, in their order, after them.
    let rest: Vec<_> =
        line.iter().filter(|taker| taker.place != Place::Priority).map(|taker| taker.registration).collect();
    let holders: Vec<_> = line.iter().take_while(|taker| taker.place == Place::Priority).collect();
    let before = lot.line.iter().map(|taker| taker.registration);
    let before: Vec<_> = before.filter(|own| !holders.iter().any(|holder| holder.registration == *own)).collect();
    let price = lot.taker().map(|taker| taker.price);
    let at_price = holders.iter().all(|holder| Some(holder.price) == price);
    if rest != before || holders.len() + rest.len() != line.len() || !at_price {
        findings.push(wrong_line());
    }
    findings.extend(notice_dates(notice_to, now));
    let Some(taker) = line.first().copied().filter(|_| findings.is_empty()) else {
        return Err(findings);
    };
    Ok(vec![LotEvent::PriorityEnded { line }, LotEvent::ResultPublished { taker, notice_to }])
}

/// Those whom the rulebook lets stand in line.
fn invited(line: &[Taker], rules: &LotRules) -> Vec<Taker> {
    line.iter().filter(|taker| taker.place != Place::Next || rules.next_bidder).copied().collect()
}

/// Nobody stands in line twice or below the reserve, and only one has won.
fn sound(lot: &Lot, line: &[Taker]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if line.iter().any(|taker| lot.reserve.is_none_or(|reserve| taker.price < reserve)) {
        findings.push(
            refused(
                "result.reserve",
                "公告的底价",
                ("成交价低于底价", "a price below the reserve"),
                ("请核对竞价结果", "Check the auction's result"),
            )
            .at("price"),
        );
    }
    let mut registrations: Vec<_> = line.iter().map(|taker| taker.registration).collect();
    registrations.sort_unstable();
    registrations.dedup();
    if registrations.len() != line.len() || line.iter().filter(|taker| taker.place == Place::Winner).count() > 1 {
        findings.push(wrong_line());
    }
    findings
}

fn wrong_line() -> Finding {
    refused(
        "result.line",
        LIFE,
        ("成交顺位有误", "the line of takers is wrong"),
        ("请按竞价结果和优先权规则排列", "Order it by the auction's result and the priority rules"),
    )
}

pub(super) fn notice_dates(notice_to: NaiveDate, now: DateTime<Utc>) -> Option<Finding> {
    (notice_to <= date_of(now)).then(|| {
        refused(
            "result-notice.period",
            "规则手册 成交公示",
            ("公示期须晚于今天结束", "the notice must end later than today"),
            ("请按规则手册计算公示期", "Work it out by the rulebook"),
        )
        .at("notice_to")
    })
}
