//! From draft to announcement: submit, review, announce, correct.

use super::{Decided, refused};
use crate::{
    finding::{Finding, refuses},
    ids::AccountId,
    lot::{Before, Command, Lot, LotEvent, LotRules, Schedule, Stage, Verdict},
    money::Money,
};
use chrono::{DateTime, Utc};

const FOUR_EYES: &str = "回避制度:不得审核本人提交的事项";
const ANNOUNCEMENT: &str = "规则手册 公告期";

pub(super) fn submit(lot: &Lot, command: &Command, rules: &LotRules) -> Decided {
    let Command::Submit { by, draft, reserve, decision, findings } = command else {
        return Ok(Vec::new());
    };
    let mut findings: Vec<Finding> = findings.iter().filter(|finding| finding.refuses()).cloned().collect();
    if rules.decision_needed && decision.is_none() {
        findings.push(
            refused(
                "lot.decision",
                "农村集体经济组织法 第二十六条",
                ("未附民主决策", "the collective's decision is missing"),
                ("请先录入成员大会或成员代表大会决议", "Record the decision of the assembly or the representatives"),
            )
            .at("decision"),
        );
    }
    if let Some(before) = &lot.before {
        findings.extend(cut(before, *reserve, rules));
        if *reserve < before.last_reserve && rules.relisting.new_decision && *decision == before.decision {
            findings.push(
                refused(
                    "relisting.decision",
                    "规则手册 流标后再挂牌",
                    ("降价须重新民主决策", "a lower reserve needs a new decision"),
                    ("请就降价重新召开会议", "Vote on the cut"),
                )
                .at("decision"),
            );
        }
    }
    if refuses(&findings) {
        return Err(findings);
    }
    Ok(vec![LotEvent::Submitted { by: *by, draft: draft.clone(), reserve: *reserve, decision: *decision }])
}

/// What the limits say of a relisted lot's `reserve`.
fn cut(before: &Before, reserve: Money, rules: &LotRules) -> Vec<Finding> {
    if reserve >= before.last_reserve {
        return Vec::new();
    }
    let limits = &rules.relisting;
    let limit = |rule: &str, zh: &str, en: &str| {
        let remedy = ("请提高底价", "Raise the reserve");
        refused(rule, "规则手册 流标后再挂牌", (zh, en), remedy)
            .with_fact("reserve-fen", reserve.fen())
            .with_fact("last-reserve-fen", before.last_reserve.fen())
            .with_fact("first-reserve-fen", before.first_reserve.fen())
            .at("price.reserve")
    };
    // A cut from `from` to the reserve, as shares of `from`; a reserve below zero cuts more than all.
    let too_much = |from: Money, share: crate::ratio::Ratio| {
        let by = u64::try_from(from.fen().saturating_sub(reserve.fen())).unwrap_or(0);
        share.exceeded_by(by, u64::try_from(from.fen()).unwrap_or(0))
    };
    let mut findings = Vec::new();
    if before.cuts >= limits.cuts {
        let finding = limit("relisting.cuts", "降价次数已达上限", "the reserve was cut as often as it may be");
        findings.push(finding.with_fact("cuts", before.cuts));
    }
    if too_much(before.last_reserve, limits.each) {
        let finding = limit("relisting.each", "本次降幅超过上限", "this cut is larger than one may be");
        findings.push(finding.with_fact("limit", limits.each));
    }
    if too_much(before.first_reserve, limits.all) {
        let finding = limit("relisting.all", "累计降幅超过上限", "the cuts together are larger than they may be");
        findings.push(finding.with_fact("limit", limits.all));
    }
    findings
}

pub(super) fn review(lot: &Lot, command: &Command, rules: &LotRules) -> Decided {
    let Command::Review { by, stage, draft, verdict } = command else {
        return Ok(Vec::new());
    };
    let next = lot.next_review(rules);
    if next != Some(*stage) {
        let finding = refused(
            "lot.review-stage",
            "规则手册 审核流程",
            ("现在不是该级审核", "this is not the review that comes next"),
            ("请按乡镇、县级的次序审核", "The township reviews first, then the county"),
        );
        let name = match next {
            Some(Stage::Township) => "township",
            Some(Stage::County) => "county",
            None => "none",
        };
        return Err(vec![finding.with_fact("next", name)]);
    }
    if lot.submitter == Some(*by) || lot.reviewers.contains(by) {
        return Err(vec![refused(
            "lot.four-eyes",
            FOUR_EYES,
            ("不得审核本人提交或已审核的事项", "nobody reviews what they submitted or reviewed"),
            ("请由另一人审核", "Let another person review it"),
        )]);
    }
    if lot.draft.as_ref() != Some(draft) {
        return Err(vec![refused(
            "lot.review-draft",
            FOUR_EYES,
            ("您看到的内容不是已提交的内容", "what you saw is not what was submitted"),
            ("请重新打开后审核", "Open it again, then review it"),
        )]);
    }
    match verdict {
        Verdict::Approve => Ok(vec![LotEvent::Approved { by: *by, stage: *stage }]),
        Verdict::Return { reasons } if reasons.trim().is_empty() => Err(vec![
            refused(
                "lot.review-reasons",
                FOUR_EYES,
                ("退回须说明理由", "a return needs its reasons"),
                ("请填写理由", "Give the reasons"),
            )
            .at("reasons"),
        ]),
        Verdict::Return { reasons } => {
            Ok(vec![LotEvent::Returned { by: *by, stage: *stage, reasons: reasons.clone() }])
        }
    }
}

pub(super) fn announce(
    lot: &Lot,
    by: AccountId,
    schedule: &Schedule,
    earliest_close: DateTime<Utc>,
    rules: &LotRules,
    now: DateTime<Utc>,
) -> Decided {
    let mut findings = dates(schedule, earliest_close, now);
    if !lot.ready_to_announce(rules) {
        findings.push(refused(
            "lot.not-reviewed",
            "规则手册 审核流程",
            ("审核尚未完成", "a review is still missing"),
            ("请等待审核", "Wait for the review"),
        ));
    }
    if lot.submitter == Some(by) {
        findings.push(refused(
            "lot.four-eyes",
            FOUR_EYES,
            ("不得发布本人提交的标的", "nobody announces what they submitted"),
            ("请由另一人发布", "Let another person announce it"),
        ));
    }
    if findings.is_empty() { Ok(vec![LotEvent::Announced { schedule: schedule.clone() }]) } else { Err(findings) }
}

/// Whether the dates of an announcement that begins now are in order and long enough.
fn dates(schedule: &Schedule, earliest_close: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if schedule.announced_at < now {
        findings.push(
            refused(
                "announcement.backdated",
                ANNOUNCEMENT,
                ("公告不得早于当前时间", "an announcement can't be backdated"),
                ("请以当前时间发布", "Let it begin now"),
            )
            .at("schedule.announced_at"),
        );
    }
    if schedule.registration_closes < earliest_close {
        findings.push(
            refused(
                "announcement.period",
                ANNOUNCEMENT,
                ("公告期不足", "the announcement is too short"),
                ("请延长公告期", "Let it last longer"),
            )
            .with_fact("earliest", earliest_close.to_rfc3339())
            .at("schedule.registration_closes"),
        );
    }
    findings.extend(order(schedule));
    findings
}

fn order(schedule: &Schedule) -> Option<Finding> {
    let ordered = schedule.announced_at < schedule.registration_closes
        && schedule.registration_closes <= schedule.auction_opens
        && schedule.auction_opens <= schedule.free_until;
    (!ordered).then(|| {
        refused(
            "announcement.order",
            ANNOUNCEMENT,
            ("公告、报名、竞价的时间次序有误", "announcement, registration and auction must follow each other"),
            ("请更正时间安排", "Correct the dates"),
        )
        .at("schedule")
    })
}

pub(super) fn correct(lot: &Lot, command: &Command, rules: &LotRules, now: DateTime<Utc>) -> Decided {
    let Command::Correct { changed, draft, reserve, decision, schedule, earliest_close } = command else {
        return Ok(Vec::new());
    };
    let (Some(old), Some(old_reserve)) = (&lot.schedule, lot.reserve) else {
        return Ok(Vec::new()); // an announced lot has both
    };
    let basis = "规则手册 变更公告";
    let mut findings = Vec::new();
    if now >= old.registration_closes {
        findings.push(refused(
            "correction.late",
            basis,
            ("报名截止后不得变更公告", "an announcement is not corrected after registration has closed"),
            ("确需变更的请中止或终结", "Suspend or terminate it where it must change"),
        ));
    }
    if changed.is_empty() {
        findings.push(refused(
            "correction.nothing",
            basis,
            ("没有变更内容", "nothing changes"),
            ("请写明变更内容", "Name what changes"),
        ));
    }
    if *reserve < old_reserve {
        findings.push(
            refused(
                "correction.reserve",
                "规则手册 流标后再挂牌",
                ("不得以变更公告降低底价", "a correction does not lower the reserve"),
                ("降价须在流标后重新决策、审核", "A cut needs a new decision and review after the lot did not sell"),
            )
            .at("price.reserve"),
        );
    }
    if *reserve > old_reserve && rules.decision_needed && (decision.is_none() || *decision == lot.decision) {
        findings.push(
            refused(
                "correction.decision",
                "农村集体经济组织法 第二十六条",
                ("变更底价须重新民主决策", "a changed reserve needs a new decision"),
                ("请录入新的决议", "Record the new decision"),
            )
            .at("decision"),
        );
    }
    let material = *reserve != old_reserve || changed.iter().any(|path| rules.is_material(path));
    if material {
        findings.extend(dates(schedule, *earliest_close, now));
    } else {
        findings.extend(order(schedule));
        if earlier(schedule, old) {
            findings.push(
                refused(
                    "correction.shorter",
                    basis,
                    ("变更后的时间不得早于原公告", "a correction moves no date forward"),
                    ("请保留或推迟原定时间", "Keep the dates, or put them off"),
                )
                .at("schedule"),
            );
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(vec![LotEvent::Corrected {
        material,
        reconfirm: material || rules.reconfirm_minor,
        changed: changed.clone(),
        draft: draft.clone(),
        reserve: *reserve,
        decision: decision.or(lot.decision),
        schedule: schedule.clone(),
        revision: lot.revision + 1,
    }])
}

/// Whether any instant of `new` comes before that of `old`, or a period is shorter.
pub(super) fn earlier(new: &Schedule, old: &Schedule) -> bool {
    new.registration_closes < old.registration_closes
        || new.auction_opens < old.auction_opens
        || new.free_until < old.free_until
        || new.free_until - new.auction_opens < old.free_until - old.auction_opens
        || new.limited_seconds < old.limited_seconds
        || new.extension_seconds < old.extension_seconds
}
