//! Whether a collective's decision is the one that a lot needs.

use crate::{
    decision::{Decision, Matter, Outside},
    finding::{Finding, Text},
    notice::{Eligibility, Notice},
    rights::{Category, Holder, TransferMode},
    rulebook::RuleSet,
    term::Term,
};

const POWERS: &str = "农村集体经济组织法 第二十六条";

/// The matter that must have been decided for `notice`.
pub fn matter(notice: &Notice) -> Matter {
    if notice.category == Some(Category::ConstructionLand) {
        return Matter::ConstructionLand;
    }
    if notice.holder.is_some_and(Holder::needs_mandates) {
        return Matter::HouseholdTransfer;
    }
    match notice.mode {
        Some(TransferMode::Contribution | TransferMode::JointVenture) => Matter::Investment,
        _ if notice.term == Some(Term::Sale) => Matter::Sale,
        _ => Matter::Transfer,
    }
}

/// The decision with what the exchange's own steps stand for: the township's review is its approval of a taker from outside, and the
/// qualification of each registration checks credit and capacity, unless the collective says that they are not checked.
#[must_use]
pub fn completed(decision: &Decision, outside_allowed: bool, rules: &RuleSet) -> Decision {
    let mut decision = decision.clone();
    decision.outside = (outside_allowed && rules.outside_approval.value).then(|| {
        let stated = decision.outside;
        Outside {
            township_approved: rules.township_review.value || stated.is_some_and(|outside| outside.township_approved),
            credit_checked: stated.is_none_or(|outside| outside.credit_checked),
            capacity_checked: stated.is_none_or(|outside| outside.capacity_checked),
        }
    });
    decision
}

/// What stands against resting the lot on `decision`: another matter was decided, or registration is open to more people than it lets in.
/// `relisting` lots may rest on a decision about their terms.
pub fn fits(decision: &Decision, outside_allowed: bool, notice: &Notice, relisting: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let needed = matter(notice);
    let decided = decision.matters.contains(&needed) || (relisting && decision.matters.contains(&Matter::LotTerms));
    if !decided {
        found.push(
            Finding::refusal(
                "decision.matter",
                POWERS,
                Text::new("决议事项与本标的不符", "what was decided is not what this lot needs"),
                Text::new("请核对决议事项,或就本标的重新表决", "Check the matters, or vote on this lot"),
            )
            .with_fact("needed", name(needed))
            .at("decision.matters"),
        );
    }
    let inside_only = notice
        .priority
        .as_ref()
        .and_then(|priority| priority.restricted_to)
        .is_some_and(|who| matches!(who, Eligibility::Members | Eligibility::MembersAndSittingLessee));
    if !outside_allowed && !inside_only {
        found.push(
            Finding::refusal(
                "decision.outside",
                "农村土地承包法 第五十二条",
                Text::new(
                    "决议只允许本集体成员受让,公告却未限定报名资格",
                    "the decision lets in members only, the notice does not say so",
                ),
                Text::new(
                    "在公告中限本集体成员报名,或就向外流转重新表决",
                    "restrict registration to members, or vote on outsiders",
                ),
            )
            .at("priority.restricted_to"),
        );
    }
    found
}

fn name(matter: Matter) -> String {
    serde_json::to_value(matter).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
