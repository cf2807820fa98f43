//! The single rules of a collective decision; each returns what it finds.

use super::{Body, Decision, Matter, Rules, least};
use crate::finding::{Finding, Severity, Text};
use chrono::NaiveDate;

const ASSEMBLY_POWERS: &str = "农村集体经济组织法 第二十六条";
const ASSEMBLY: &str = "农村集体经济组织法 第二十七条";
const REPRESENTATIVES: &str = "农村集体经济组织法 第二十八条";
const OUTSIDE: &str = "农村土地承包法 第五十二条";
const MANDATE: &str = "农村土地经营权流转管理办法 第八条";

fn refusal(rule: &str, basis: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Finding {
    Finding::refusal(rule, basis, Text::new(zh, en), Text::new(remedy_zh, remedy_en))
}

fn basis(body: Body) -> &'static str {
    match body {
        Body::Assembly => ASSEMBLY,
        Body::Representatives => REPRESENTATIVES,
    }
}

/// Votes counted, in a type in which no sum of three counts overflows.
fn votes(decision: &Decision) -> u64 {
    u64::from(decision.in_favour) + u64::from(decision.against) + u64::from(decision.abstained)
}

pub(super) fn counts(decision: &Decision) -> Vec<Finding> {
    let mut findings = Vec::new();
    let basis = basis(decision.body);
    if decision.eligible == 0 {
        findings.push(
            refusal(
                "decision.counts",
                basis,
                ("应到人数不能为零", "nobody may vote"),
                ("请填写应到人数", "Give the number who may vote"),
            )
            .at("eligible"),
        );
    }
    if decision.present > decision.eligible {
        findings.push(
            refusal(
                "decision.counts",
                basis,
                ("实到人数多于应到人数", "more people took part than may vote"),
                ("请核对会议记录", "Check the minutes"),
            )
            .with_fact("present", decision.present)
            .with_fact("eligible", decision.eligible)
            .at("present"),
        );
    }
    if votes(decision) > u64::from(decision.present) {
        findings.push(
            refusal(
                "decision.counts",
                basis,
                ("票数多于实到人数(一人一票)", "more votes than people present; one person has one vote"),
                ("请核对计票结果", "Check the count"),
            )
            .with_fact("votes", votes(decision))
            .with_fact("present", decision.present)
            .at("in_favour"),
        );
    }
    if decision.matters.is_empty() {
        findings.push(
            refusal(
                "decision.matters",
                basis,
                ("未写明决议事项", "no matter was decided"),
                ("请选择决议事项", "Name the matters"),
            )
            .at("matters"),
        );
    }
    findings
}

pub(super) fn dates(decision: &Decision, rules: &Rules, today: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let days = (decision.held_on - decision.noticed_on).num_days();
    if days < i64::from(rules.notice_days) {
        findings.push(
            refusal(
                "decision.notice",
                ASSEMBLY,
                ("会议通知提前天数不足", "the members were told too late"),
                ("请按规定提前通知后重新召开会议", "Give notice in time and meet again"),
            )
            .with_fact("days", days)
            .with_fact("required-days", rules.notice_days)
            .at("noticed_on"),
        );
    }
    if decision.held_on > today {
        findings.push(
            refusal(
                "decision.future",
                basis(decision.body),
                ("会议日期晚于今天", "the meeting lies in the future"),
                ("请在会议召开后录入决议", "Record the decision after the meeting"),
            )
            .with_fact("held-on", decision.held_on)
            .at("held_on"),
        );
    }
    findings
}

pub(super) fn quorum(decision: &Decision, rules: &Rules) -> Option<Finding> {
    let quorum = rules.quorum(decision.body)?;
    if quorum.reached_by(decision.present.into(), decision.eligible.into()) {
        return None;
    }
    let finding = refusal(
        "decision.quorum",
        basis(decision.body),
        ("到会人数不足法定比例", "too few of those who may vote took part"),
        (
            "请重新召开会议,可在线参会或由同户成员书面代理",
            "Meet again; taking part online or by a household proxy is allowed",
        ),
    );
    let needed = least(quorum, decision.eligible);
    let finding = finding.with_fact("present", decision.present).with_fact("eligible", decision.eligible);
    Some(finding.with_fact("required-share", quorum).with_fact("required", needed).at("present"))
}

pub(super) fn majority(decision: &Decision, rules: &Rules) -> Option<Finding> {
    let majority = rules.majority(decision.body);
    if majority.reached_by(decision.in_favour.into(), decision.eligible.into()) {
        return None;
    }
    let finding = refusal(
        "decision.majority",
        basis(decision.body),
        ("赞成票未达到全体应到人数的法定比例", "the votes for are too few of all who may vote"),
        ("按全体而非到会人数计算;请重新表决", "The share counts of all, not of those present; vote again"),
    );
    let needed = least(majority, decision.eligible);
    let finding = finding.with_fact("in-favour", decision.in_favour).with_fact("eligible", decision.eligible);
    Some(finding.with_fact("required-share", majority).with_fact("required", needed).at("in_favour"))
}

/// Ballots that are neither for, against nor abstaining (spoilt, or miscounted): a reviewer should look.
pub(super) fn ballots(decision: &Decision) -> Option<Finding> {
    let missing = u64::from(decision.present) - votes(decision).min(decision.present.into());
    (missing > 0).then(|| {
        refusal(
            "decision.ballots",
            basis(decision.body),
            ("票数少于实到人数", "fewer votes than people present"),
            ("请在会议记录中说明废票或未投票", "Explain spoilt or missing ballots in the minutes"),
        )
        .with_severity(Severity::Warning)
        .with_fact("missing", missing)
        .at("present")
    })
}

pub(super) fn representatives(decision: &Decision, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    if decision.body != Body::Representatives {
        return findings;
    }
    for matter in decision.matters.intersection(&rules.assembly_only) {
        let name = serde_json::to_value(matter).ok().and_then(|name| name.as_str().map(str::to_owned));
        findings.push(
            refusal(
                "decision.assembly-only",
                REPRESENTATIVES,
                ("该事项只能由成员大会决定", "only the members' assembly may decide this matter"),
                ("请召开成员大会", "Call the members' assembly"),
            )
            .with_fact("matter", name.unwrap_or_default())
            .at("matters"),
        );
    }
    if decision.eligible < rules.representatives_at_least {
        findings.push(
            refusal(
                "decision.representatives",
                REPRESENTATIVES,
                ("成员代表人数不足", "there are too few representatives"),
                ("请补选成员代表,或召开成员大会", "Elect more representatives, or call the assembly"),
            )
            .with_fact("representatives", decision.eligible)
            .with_fact("required", rules.representatives_at_least)
            .at("eligible"),
        );
    }
    if let Some(households) = decision.households {
        let (from, to) = (rules.households_per_representative_from, rules.households_per_representative_to);
        let least = u64::from(decision.eligible) * u64::from(from);
        let most = u64::from(decision.eligible) * u64::from(to);
        if !(least..=most).contains(&households.into()) {
            findings.push(
                refusal(
                    "decision.households-per-representative",
                    REPRESENTATIVES,
                    (
                        "代表人数与户数的比例不合一般规定",
                        "the households for each representative are out of the usual range",
                    ),
                    ("请核对代表名册", "Check the register of representatives"),
                )
                .with_severity(Severity::Warning)
                .with_fact("households", households)
                .with_fact("representatives", decision.eligible)
                .with_fact("usual", format!("{from}-{to}"))
                .at("households"),
            );
        }
    }
    findings
}

pub(super) fn party(decision: &Decision, rules: &Rules) -> Option<Finding> {
    let before = decision.party_discussed_on.is_some_and(|day| day <= decision.held_on);
    (rules.party_discussion && !before).then(|| {
        refusal(
            "decision.party-discussion",
            ASSEMBLY_POWERS,
            ("会前未经党组织研究讨论", "the party organisation did not discuss the matter before the meeting"),
            ("请补充会前研究讨论的记录", "Give the record of the discussion before the meeting"),
        )
        .at("party_discussed_on")
    })
}

pub(super) fn mandates(decision: &Decision) -> Option<Finding> {
    let finding = refusal(
        "decision.mandates",
        MANDATE,
        ("统一流转农户承包地须逐户书面委托", "transferring households' land needs each household's written mandate"),
        ("请补齐委托书,或剔除未委托的地块", "Obtain the missing mandates, or leave those parcels out"),
    )
    .at("mandates");
    match decision.mandates {
        Some(mandates) if mandates.given == mandates.households && mandates.households > 0 => None,
        Some(mandates) => Some(finding.with_fact("households", mandates.households).with_fact("given", mandates.given)),
        None => decision.matters.contains(&Matter::HouseholdTransfer).then_some(finding),
    }
}

pub(super) fn outside(decision: &Decision) -> Vec<Finding> {
    let Some(outside) = decision.outside else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if !outside.township_approved {
        findings.push(
            refusal(
                "decision.township-approval",
                OUTSIDE,
                (
                    "向本集体以外流转须经乡镇人民政府批准",
                    "a contractor outside the collective needs the township's approval",
                ),
                ("请先报乡镇人民政府批准", "Obtain the township government's approval first"),
            )
            .at("outside.township_approved"),
        );
    }
    if !outside.credit_checked || !outside.capacity_checked {
        let field = if outside.credit_checked { "outside.capacity_checked" } else { "outside.credit_checked" };
        findings.push(
            refusal(
                "decision.contractor-check",
                OUTSIDE,
                ("未审查承包方的资信情况和经营能力", "the contractor's credit and capacity were not both checked"),
                ("请补充资信和经营能力审查", "Check both, and say so"),
            )
            .at(field),
        );
    }
    findings
}
