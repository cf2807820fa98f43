//! Who may register at all (报名资格).

use crate::{
    finding::{Finding, Text},
    notice::{Eligibility, Notice},
    role::{Grant, Role},
    rulebook::RuleSet,
};

/// What is known of somebody who wishes to register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether they are a member of the collective that offers.
    pub member: bool,
    /// Whether they hold a running right on any of the assets.
    pub sitting_lessee: bool,
    /// How many documents they hand in.
    pub documents: usize,
}

/// Who alone may register: what the notice says, else the rulebook.
pub fn restriction(notice: &Notice, rules: &RuleSet) -> Option<Eligibility> {
    notice.priority.as_ref().and_then(|priority| priority.restricted_to).or(rules.eligibility.value)
}

/// Whether somebody may register under a restriction.
///
/// # Errors
/// `registration.eligibility`.
pub fn check(restriction: Option<Eligibility>, standing: Standing, rules: &RuleSet) -> Result<(), Finding> {
    let admitted = match restriction {
        None => true,
        Some(Eligibility::Members) => standing.member,
        Some(Eligibility::MembersAndSittingLessee) => standing.member || standing.sitting_lessee,
        // No such lot is announced here (`runnable`).
        Some(Eligibility::MembersFirst) => standing.member,
        // Where somebody lives stands in documents, which the exchange's qualification looks at.
        Some(Eligibility::Residents) => standing.documents > 0,
    };
    if admitted {
        return Ok(());
    }
    let who = restriction.map(Eligibility::name).unwrap_or_else(|| Text::new("", ""));
    Err(Finding::refusal(
        "registration.eligibility",
        &rules.eligibility.basis,
        Text::new(format!("本标的报名资格:{}", who.zh), format!("who may register here: {}", who.en)),
        Text::new("请核对资格,并附证明材料", "Check whether you may, and hand in the proof"),
    )
    .with_fact("restricted-to", restriction.map_or("", Eligibility::code)))
}

/// The roles whose holders, where the lot lies, take part in deciding about it.
const DECIDING: [Role; 7] = [
    Role::Clerk,
    Role::Chair,
    Role::TownshipReviewer,
    Role::CountyReviewer,
    Role::Operator,
    Role::Finance,
    Role::Supervisor,
];

/// Nobody bids on a lot that they list, review, run or supervise (回避).
///
/// # Errors
/// `registration.conflict`.
pub fn no_conflict(grants: &[Grant], region: &str) -> Result<(), Finding> {
    let held = DECIDING.iter().find(|role| grants.iter().any(|grant| grant.covers(**role, region)));
    held.map_or(Ok(()), |role| {
        Err(Finding::refusal(
            "registration.conflict",
            "回避制度:经办、审核、交易、监督人员不得参加本标的竞价",
            Text::new(
                "您在本地区担任经办、审核、交易或者监督职责,不得报名",
                "you list, review, run or supervise lots here, so you do not bid on them",
            ),
            Text::new("请参加其他地区的标的", "Take part in lots elsewhere"),
        )
        .with_fact("role", role))
    })
}

/// Nobody reviews what they drafted (回避), beside what the life of a lot itself says of who submitted it.
///
/// # Errors
/// `lot.four-eyes`.
pub fn not_the_drafter<T: PartialEq>(drafter: &T, reviewer: &T) -> Result<(), Finding> {
    if drafter != reviewer {
        return Ok(());
    }
    Err(Finding::refusal(
        "lot.four-eyes",
        "回避制度:不得审核本人提交的事项",
        Text::new("不得审核、发布本人起草的标的", "nobody reviews or announces what they drafted"),
        Text::new("请由另一人办理", "Let another person do it"),
    ))
}
