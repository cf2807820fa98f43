//! Which roles may stand together on one account, and how wide each may reach (不相容岗位分离). Pure.

use sanbian_domain::{
    finding::{Finding, Text},
    region::{RegionCode, RegionLevel},
    role::{Grant, Role},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Separation of duties and least rights.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Basis.
    pub basis: String,
    /// Grants on one account at most.
    pub most_grants: usize,
    /// Roles that stand alone on an account.
    pub exclusive: Vec<Role>,
    /// Of each of these lists, one role at most on an account.
    pub apart: Vec<Vec<Role>>,
    /// The widest level of region for a role; none is everywhere.
    pub widest: BTreeMap<Role, RegionLevel>,
}

impl Duties {
    /// What speaks against giving `role` in `region` to an account that holds `held`; nothing where it may be done.
    ///
    /// Rules `identity.duties-apart`, `identity.grant-reach`, `identity.grant-count`.
    pub fn judge(&self, held: &[Grant], role: Role, region: &RegionCode) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(other) = held.iter().map(|grant| grant.role).find(|other| self.conflict(*other, role)) {
            findings.push(
                self.finding(
                    "identity.duties-apart",
                    Text::new(
                        format!("“{}”与“{}”不能由同一账号兼任。", other.zh(), role.zh()),
                        format!("One account can't be both {other} and {role}."),
                    ),
                    Text::new(
                        "请为该岗位另设账号，或先撤销原有角色。",
                        "Use another account for this duty, or take the other role away first.",
                    ),
                )
                .at("role")
                .with_fact("held", other)
                .with_fact("role", role),
            );
        }
        if let Some(widest) = self.widest.get(&role).filter(|widest| region.level() < **widest) {
            findings.push(
                self.finding(
                    "identity.grant-reach",
                    Text::new(
                        format!("“{}”的授权范围过大，区划代码至少应为{}位。", role.zh(), widest.digits()),
                        format!(
                            "The region is too wide for {role}: its code needs at least {} digits.",
                            widest.digits()
                        ),
                    ),
                    Text::new("请按实际管辖范围授权。", "Grant it for the place where the duty is done."),
                )
                .at("region")
                .with_fact("least-digits", widest.digits())
                .with_fact("digits", region.level().digits()),
            );
        }
        if held.len() >= self.most_grants {
            findings.push(
                self.finding(
                    "identity.grant-count",
                    Text::new(
                        format!("一个账号最多持有{}项授权。", self.most_grants),
                        format!("An account holds at most {} grants.", self.most_grants),
                    ),
                    Text::new(
                        "请撤销不再需要的授权，或另设账号。",
                        "Take away what is no longer needed, or use another account.",
                    ),
                )
                .with_fact("held", held.len()),
            );
        }
        findings
    }

    /// Whether the two roles can't stand together. The same role in two places can.
    pub fn conflict(&self, a: Role, b: Role) -> bool {
        let alone = self.exclusive.contains(&a) || self.exclusive.contains(&b);
        let apart = self.apart.iter().any(|list| list.contains(&a) && list.contains(&b));
        a != b && (alone || apart)
    }

    fn finding(&self, rule: &str, message: Text, remedy: Text) -> Finding {
        Finding::refusal(rule, &self.basis, message, remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    fn rules(held: &[(Role, &str)], role: Role, region: &str) -> Vec<String> {
        let held: Vec<Grant> =
            held.iter().map(|(role, region)| Grant { role: *role, region: (*region).into() }).collect();
        let findings = Rules::standard().duties.judge(&held, role, &region.parse().unwrap());
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn duties_that_check_each_other_are_apart() {
        let duties = &Rules::standard().duties;
        for (a, b) in [
            (Role::Operator, Role::Supervisor),
            (Role::Finance, Role::Operator),
            (Role::Clerk, Role::TownshipReviewer),
            (Role::TownshipReviewer, Role::CountyReviewer),
            (Role::Clerk, Role::Chair),
            (Role::Bidder, Role::Operator),
            (Role::Member, Role::Administrator),
        ] {
            assert!(duties.conflict(a, b) && duties.conflict(b, a), "{a} and {b}");
        }
        assert!(!duties.conflict(Role::Member, Role::Bidder));
        assert!(!duties.conflict(Role::Member, Role::Chair));
        for role in Role::ALL {
            assert!(!duties.conflict(role, role));
            assert!(role == Role::Administrator || duties.conflict(Role::Administrator, role), "{role}");
        }
    }

    #[test]
    fn a_role_reaches_no_wider_than_its_duty() {
        assert!(rules(&[], Role::Clerk, "500101001200").is_empty());
        assert!(rules(&[], Role::Supervisor, "").is_empty());
        assert_eq!(rules(&[], Role::Clerk, "500101"), ["identity.grant-reach"]);
        assert_eq!(rules(&[], Role::CountyReviewer, "5001"), ["identity.grant-reach"]);
        assert_eq!(
            rules(&[(Role::Bidder, "")], Role::Clerk, ""),
            ["identity.duties-apart", "identity.grant-reach"],
            "all findings at once"
        );
    }

    #[test]
    fn one_role_may_be_held_in_several_places_up_to_a_number() {
        let places: Vec<String> = (1..=32).map(|village| format!("500101001{village:03}")).collect();
        let held: Vec<(Role, &str)> = places.iter().map(|place| (Role::Clerk, place.as_str())).collect();
        assert!(rules(&held[..31], Role::Clerk, "500101001200").is_empty());
        assert_eq!(rules(&held, Role::Clerk, "500101001200"), ["identity.grant-count"]);
    }
}
