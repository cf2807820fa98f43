//! The collective decision (民主决策): whether a vote of the members, or of their representatives, carries what it was held for.
//!
//! Basis: 农村集体经济组织法 (in force since 2025-05-01), articles 26 to 28; for a contractor outside the collective 农村土地承包法
//! article 52. The thresholds come from the rulebook as [`Rules`]; where sources disagree, the stricter one is the rulebook's default.
//!
//! **Invariants**
//! - A threshold is met or missed by cross multiplication of integers; nothing is ever rounded.
//! - A vote passes by its share of **all** who may vote, not of those present.
//! - Figures that can't be true (more votes than voters) are refused before any threshold is looked at.

mod checks;
#[cfg(test)]
mod tests;

use crate::{finding::Finding, ratio::Ratio};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who voted (表决机构).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// The members' assembly (成员大会): all members of full civil capacity.
    Assembly,
    /// The members' representatives (成员代表大会).
    Representatives,
}

/// What was decided (决议事项).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// The charter (章程).
    Charter,
    /// Who is a member (成员确认).
    Membership,
    /// Land contracts of households and the use of homesteads (土地承包、宅基地使用).
    LandContracts,
    /// Quantifying shares in the income of operating property (收益权份额量化).
    ShareQuantification,
    /// Distributing compensation for land (土地补偿费分配).
    Compensation,
    /// Merging or splitting the organisation (合并、分立).
    MergerOrSplit,
    /// Use, sale or lease of collective construction land (集体经营性建设用地使用、出让、出租).
    ConstructionLand,
    /// Leasing or transferring a collective asset or a right to land not contracted to households (资产发包、出租、流转).
    Transfer,
    /// Transferring households' land that the collective organises on their mandate (统一组织流转农户承包地).
    HouseholdTransfer,
    /// Selling a collective asset (资产转让、处置).
    Sale,
    /// Investment and contribution of assets (投资、作价入股).
    Investment,
    /// Budget, accounts and distribution of income (预决算、收益分配).
    Distribution,
    /// The reserve price, terms or a price cut of a lot (底价、交易条件、降价).
    LotTerms,
}

/// Whom the vote concerns beyond the collective: the check of a contractor outside it (向本集体以外流转).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Whether the township government has approved (乡镇人民政府批准).
    pub township_approved: bool,
    /// Whether the contractor's credit was checked (资信情况审查).
    pub credit_checked: bool,
    /// Whether the contractor's farming or operating capacity was checked (经营能力审查).
    pub capacity_checked: bool,
}

/// Written mandates of the households whose land is transferred together (委托书).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandates {
    /// Households whose land is part of it.
    pub households: u32,
    /// Households that gave a written mandate.
    pub given: u32,
}

/// A vote as its minutes record it. All counts are people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who voted.
    pub body: Body,
    /// All who may vote: members of full capacity, or all representatives (应到).
    pub eligible: u32,
    /// Who took part: in person, online, or by a written proxy of the same household (实到).
    pub present: u32,
    /// Votes for (赞成).
    pub in_favour: u32,
    /// Votes against (反对).
    pub against: u32,
    /// Abstentions (弃权).
    pub abstained: u32,
    /// When the members were told of time, place and matters (通知日期).
    pub noticed_on: NaiveDate,
    /// When they met (会议日期).
    pub held_on: NaiveDate,
    /// What was decided.
    pub matters: BTreeSet<Matter>,
    /// When the party organisation discussed it before (党组织研究讨论); none if it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_discussed_on: Option<NaiveDate>,
    /// Households of the collective, where representatives voted (户数).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub households: Option<u32>,
    /// Mandates, where households' land is transferred together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandates: Option<Mandates>,
    /// The check of a contractor outside the collective, where the lot is open to such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
}

/// The rulebook's thresholds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Whole days from the notice to the meeting at least.
    pub notice_days: u32,
    /// Share of all members who must take part in an assembly; none = no quorum beside the majority.
    #[serde(default)]
    pub assembly_quorum: Option<Ratio>,
    /// Share of all members who must vote for.
    pub assembly_majority: Ratio,
    /// Share of all representatives who must take part; none = no quorum beside the majority.
    #[serde(default)]
    pub representatives_quorum: Option<Ratio>,
    /// Share of all representatives who must vote for.
    pub representatives_majority: Ratio,
    /// The least number of representatives.
    pub representatives_at_least: u32,
    /// The fewest households that elect one representative (as a rule; a departure is a warning).
    pub households_per_representative_from: u32,
    /// The most households that elect one representative.
    pub households_per_representative_to: u32,
    /// Matters that only the assembly may decide.
    pub assembly_only: BTreeSet<Matter>,
    /// Whether the party organisation discusses first.
    pub party_discussion: bool,
}

/// How many people a vote needs: for the page beside the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needed {
    /// Who must take part at least.
    pub present: u32,
    /// Who must vote for at least.
    pub in_favour: u32,
}

impl Rules {
    /// The quorum of `body`, if it has one.
    pub fn quorum(&self, body: Body) -> Option<Ratio> {
        match body {
            Body::Assembly => self.assembly_quorum,
            Body::Representatives => self.representatives_quorum,
        }
    }

    /// The majority of `body`.
    pub fn majority(&self, body: Body) -> Ratio {
        match body {
            Body::Assembly => self.assembly_majority,
            Body::Representatives => self.representatives_majority,
        }
    }

    /// The least numbers of people that meet the thresholds among `eligible`.
    pub fn needed(&self, body: Body, eligible: u32) -> Needed {
        let in_favour = least(self.majority(body), eligible);
        Needed { present: self.quorum(body).map_or(0, |quorum| least(quorum, eligible)).max(in_favour), in_favour }
    }
}

/// The least number of people that is `share` of `eligible`; `u32::MAX` where none can be.
fn least(share: Ratio, eligible: u32) -> u32 {
    share.ceil_of(i64::from(eligible)).and_then(|n| u32::try_from(n).ok()).unwrap_or(u32::MAX)
}

/// Everything the rules say about `decision`, as of `today`; it carries where nothing of it refuses
/// ([`refuses`](crate::finding::refuses)).
pub fn check(decision: &Decision, rules: &Rules, today: NaiveDate) -> Vec<Finding> {
    let impossible = checks::counts(decision);
    if !impossible.is_empty() {
        return impossible;
    }
    let mut findings = checks::dates(decision, rules, today);
    findings.extend(checks::quorum(decision, rules));
    findings.extend(checks::majority(decision, rules));
    findings.extend(checks::ballots(decision));
    findings.extend(checks::representatives(decision, rules));
    findings.extend(checks::party(decision, rules));
    findings.extend(checks::mandates(decision));
    findings.extend(checks::outside(decision));
    findings
}
