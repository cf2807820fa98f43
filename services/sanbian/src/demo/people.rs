//! The demonstration's accounts. Nobody in it is a person: they are called by what they do.

use sanbian_domain::role::Role;

/// The password of every account of a demonstration.
pub const PASSWORD: &str = "sanbian-yanshi-2026";

/// An account and what it may do.
pub struct Person {
    /// Sign-in name.
    pub username: &'static str,
    /// What it may do, where.
    pub grants: &'static [(Role, &'static str)],
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// The county of the demonstration.
pub const COUNTY: &str = "500229";

/// The administrator.
pub const ADMINISTRATOR: Person = Person {
    username: "admin",
    grants: &[],
    zh: "系统管理员（管账号，不办业务）",
    en: "Administrator (accounts only)",
};

/// Everybody, in the order of the business.
pub const PEOPLE: &[Person] = &[
    Person {
        username: "clerk",
        grants: &[(Role::Clerk, "500229101")],
        zh: "集体经办人（演示一镇各村）",
        en: "Clerk of the collectives of demonstration town 1",
    },
    Person {
        username: "chair",
        grants: &[(Role::Chair, "500229101")],
        zh: "集体负责人（演示一镇各村）",
        en: "Chair of the collectives of demonstration town 1",
    },
    Person {
        username: "township",
        grants: &[(Role::TownshipReviewer, "500229101")],
        zh: "乡镇审核员（演示一镇）",
        en: "Township reviewer (demonstration town 1)",
    },
    Person {
        username: "county", grants: &[(Role::CountyReviewer, COUNTY)], zh: "县级审核员", en: "County reviewer"
    },
    Person {
        username: "operator",
        grants: &[(Role::Operator, COUNTY)],
        zh: "交易中心经办人（公告、资格审核、鉴证）",
        en: "Operator of the exchange (announces, checks, certifies)",
    },
    Person {
        username: "finance",
        grants: &[(Role::Finance, COUNTY)],
        zh: "交易中心财务（导入流水）",
        en: "Finance (imports bank statements)",
    },
    Person {
        username: "finance2",
        grants: &[(Role::Finance, COUNTY)],
        zh: "交易中心财务（复核付款）",
        en: "Finance (approves payouts)",
    },
    Person {
        username: "supervisor",
        grants: &[(Role::Supervisor, COUNTY)],
        zh: "监督员（案卷、预警、账本）",
        en: "Supervisor",
    },
    Person { username: "bidder1", grants: &[], zh: "竞买人一", en: "Bidder 1" },
    Person { username: "bidder2", grants: &[], zh: "竞买人二", en: "Bidder 2" },
    Person { username: "bidder3", grants: &[], zh: "竞买人三", en: "Bidder 3" },
    Person { username: "bidder4", grants: &[], zh: "竞买人四", en: "Bidder 4" },
    Person { username: "bidder5", grants: &[], zh: "竞买人五", en: "Bidder 5" },
    ADMINISTRATOR,
];

impl Person {
    /// Whether it signed up by itself to bid.
    pub fn bids(&self) -> bool {
        self.username.starts_with("bidder")
    }
}

/// A village of the demonstration: name and region code.
pub const VILLAGES: &[(&str, &str)] = &[
    ("演示一村", "500229101201"),
    ("演示二村", "500229101202"),
    ("演示三村", "500229101203"),
    ("演示四村", "500229101204"),
];
