//! Roles (角色) and where they hold: least rights, within regions.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an account may do. A role is always held within a region (see [`Grant`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Clerk of a collective (集体经办人): keeps assets, drafts lots.
    Clerk,
    /// Chair of a collective (集体负责人、理事长): submits lots, signs contracts.
    Chair,
    /// Member of a collective (成员): reads what concerns the collective.
    Member,
    /// Bidder (竞买人、意向受让方).
    Bidder,
    /// Township reviewer (乡镇审核员).
    TownshipReviewer,
    /// County department's reviewer (县级主管部门审核员).
    CountyReviewer,
    /// Operator of the exchange (交易中心经办人): announces, checks qualification, issues certificates.
    Operator,
    /// Finance of the exchange (交易中心财务).
    Finance,
    /// Supervisor (监督员: 纪检、财政、审计).
    Supervisor,
    /// Administrator of accounts (系统管理员). Sees no business.
    Administrator,
}

impl Role {
    /// Every role, in the order of the business.
    pub const ALL: [Self; 10] = [
        Self::Clerk,
        Self::Chair,
        Self::Member,
        Self::Bidder,
        Self::TownshipReviewer,
        Self::CountyReviewer,
        Self::Operator,
        Self::Finance,
        Self::Supervisor,
        Self::Administrator,
    ];

    /// The stable name used in the API, tokens and the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Chair => "chair",
            Self::Member => "member",
            Self::Bidder => "bidder",
            Self::TownshipReviewer => "township-reviewer",
            Self::CountyReviewer => "county-reviewer",
            Self::Operator => "operator",
            Self::Finance => "finance",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
        }
    }

    /// The Chinese name shown on pages.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Clerk => "集体经办人",
            Self::Chair => "集体负责人",
            Self::Member => "集体成员",
            Self::Bidder => "竞买人",
            Self::TownshipReviewer => "乡镇审核员",
            Self::CountyReviewer => "县级审核员",
            Self::Operator => "交易中心经办人",
            Self::Finance => "交易中心财务",
            Self::Supervisor => "监督员",
            Self::Administrator => "系统管理员",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A role name that the exchange does not know.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role {0:?}")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A role held within a region: it covers every resource whose region code starts with `region`; an empty code is everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where: a code of 0, 2, 4, 6, 9, 12 or 14 digits (GB/T 2260 and its extensions).
    pub region: String,
}

impl Grant {
    /// Whether this grant lets its holder act as `role` on something in `region`.
    ///
    /// ```
    /// use sanbian_domain::role::{Grant, Role};
    /// let grant = Grant { role: Role::TownshipReviewer, region: "500229101".into() };
    /// assert!(grant.covers(Role::TownshipReviewer, "500229101202"));
    /// assert!(!grant.covers(Role::TownshipReviewer, "500229102202"));
    /// assert!(!grant.covers(Role::CountyReviewer, "500229101202"));
    /// ```
    pub fn covers(&self, role: Role, region: &str) -> bool {
        self.role == role && region.starts_with(self.region.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_match_serde() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!("root".parse::<Role>().is_err());
    }
}
