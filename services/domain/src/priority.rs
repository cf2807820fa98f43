//! The priority right (优先权): who goes first at the same price and the same terms.
//!
//! # Before the auction: the claim
//! | claimed at registration | within the announced period | the lot grants it | evidence | outcome |
//! |---|---|---|---|---|
//! | no | – | – | – | lost; bids as anybody (`None`) |
//! | yes | no | – | – | refused: `priority.late` |
//! | yes | yes | no | – | refused: `priority.not-granted` |
//! | yes | yes | yes | none | refused: `priority.evidence` |
//! | yes | yes | yes | given | claimed; the operator accepts it (rank of its ground) or rejects it (bids as anybody) |
//!
//! # In the auction or after it
//! | exercise | leading or winning bidder | the holder's rank | the holder |
//! |---|---|---|---|
//! | match | has no right | any | matches, then leads |
//! | match | has a right | better | matches, then leads |
//! | match | has a right | equal, [`Peers::Earlier`] | may only bid higher |
//! | match | has a right | equal, [`Peers::Draw`] | matches, then both stand and are drawn for |
//! | match | has a right | worse | may only bid higher |
//! | window | has no right | any | may take the final price ([`window`]) |
//! | window | has a right | better | may take the final price |
//! | window | has a right | equal or worse | may not |
//!
//! # In the window after the close
//! | answer of the holders who may | who takes the lot | then, by default after default |
//! |---|---|---|
//! | one exercises | it | the auction's winner, then the next qualified (where the rulebook invites them), then unsold |
//! | several exercise, ranks differ | the best rank | the other ranks in order, then as above |
//! | several of one rank, `Earlier` | the one who exercised first | the others in the order of time, then as above |
//! | several of one rank, `Draw` | the first of a public draw | the others as drawn, then as above |
//! | none (all waive or stay silent until the window ends) | the auction's winner | the next qualified, then unsold |
//!
//! Basis: 农村土地承包法 articles 38 and 51 (members), 民法典 articles 726, 727 and 734 (lessees), 农村土地经营权流转管理办法 article 10 (the
//! sitting transferee); the order among them is the rulebook's or the notice's.

pub mod window;

pub use crate::auction::ascending::Peers;
pub use crate::notice::PriorityHolder;

use crate::{
    auction::Rank,
    finding::{Finding, Text},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A claim as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Claim {
    /// Claimed at registration, not yet decided (已主张).
    Claimed {
        /// On which ground.
        ground: PriorityHolder,
        /// The rank it would have.
        rank: Rank,
    },
    /// Accepted (已确认).
    Accepted {
        /// On which ground.
        ground: PriorityHolder,
        /// Its rank.
        rank: Rank,
    },
    /// Rejected: goes on as an ordinary bidder (未确认,按普通竞买人参加).
    Rejected {
        /// On which ground.
        ground: PriorityHolder,
    },
}

impl Claim {
    /// The rank that counts in the auction or the window; none until it is accepted.
    pub fn rank(self) -> Option<Rank> {
        match self {
            Self::Accepted { rank, .. } => Some(rank),
            Self::Claimed { .. } | Self::Rejected { .. } => None,
        }
    }

    /// The operator's decision on it. A decided claim stays as decided.
    #[must_use]
    pub fn decided(self, accepted: bool) -> Self {
        match self {
            Self::Claimed { ground, rank } if accepted => Self::Accepted { ground, rank },
            Self::Claimed { ground, .. } => Self::Rejected { ground },
            Self::Accepted { .. } | Self::Rejected { .. } => self,
        }
    }
}

/// The rank of `ground` in a lot's order; none where the lot grants it nothing. Grounds in one list are of equal rank.
pub fn rank_of(ground: PriorityHolder, ranks: &[Vec<PriorityHolder>]) -> Option<Rank> {
    let place = ranks.iter().position(|grounds| grounds.contains(&ground))?;
    u8::try_from(place + 1).ok().map(Rank)
}

/// The half-open time in which a claim may be made: the announced registration period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first instant that counts.
    pub from: DateTime<Utc>,
    /// The first instant that no longer counts.
    pub to: DateTime<Utc>,
}

impl Period {
    /// Whether `at` lies in it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}

/// A claim made with a registration at `filed_at`, with `evidence` documents.
pub fn claim(
    ground: PriorityHolder,
    ranks: &[Vec<PriorityHolder>],
    period: Period,
    filed_at: DateTime<Utc>,
    evidence: usize,
) -> Result<Claim, Vec<Finding>> {
    let refused = |rule: &str, basis: &str, zh: &str, en: &str, remedy: Text| {
        Err(vec![Finding::refusal(rule, basis, Text::new(zh, en), remedy).with_fact("ground", ground).at("priority")])
    };
    if !period.contains(filed_at) {
        let remedy = Text::new("可按普通竞买人参加", "Go on as an ordinary bidder");
        let (zh, en) =
            ("未在公告期内报名时主张优先权,视为放弃", "a priority right not claimed in the announced period is lost");
        return refused("priority.late", "公告的报名期限", zh, en, remedy);
    }
    let Some(rank) = rank_of(ground, ranks) else {
        let remedy = Text::new(
            "请核对公告的优先权条款,或按普通竞买人参加",
            "Read the notice's terms on priority, or go on as an ordinary bidder",
        );
        let (zh, en) = ("本标的未设该类优先权", "this lot grants no priority right on this ground");
        return refused("priority.not-granted", "公告的优先权条款", zh, en, remedy);
    };
    if evidence == 0 {
        let remedy = Text::new("请上传成员证明或原合同", "Upload the proof of membership or the running contract");
        let (zh, en) = ("主张优先权未附证明材料", "the claim comes without evidence");
        return refused("priority.evidence", "公告的优先权条款", zh, en, remedy);
    }
    Ok(Claim::Claimed { ground, rank })
}

#[cfg(test)]
mod tests {
    use super::*;
    use PriorityHolder::{CoOwner, Member, SittingLessee};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("in range")
    }

    fn ask(ground: PriorityHolder, second: i64, evidence: usize) -> Result<Claim, String> {
        let ranks = [vec![Member], vec![SittingLessee]];
        claim(ground, &ranks, Period { from: at(10), to: at(20) }, at(second), evidence)
            .map_err(|findings| findings[0].rule.clone())
    }

    #[test]
    fn the_table_of_claims() {
        assert_eq!(ask(Member, 10, 1), Ok(Claim::Claimed { ground: Member, rank: Rank(1) }));
        assert_eq!(ask(SittingLessee, 19, 1), Ok(Claim::Claimed { ground: SittingLessee, rank: Rank(2) }));
        assert_eq!(ask(Member, 9, 1), Err("priority.late".to_owned()));
        assert_eq!(ask(Member, 20, 1), Err("priority.late".to_owned()), "the closing instant is out");
        assert_eq!(ask(CoOwner, 10, 1), Err("priority.not-granted".to_owned()));
        assert_eq!(ask(Member, 10, 0), Err("priority.evidence".to_owned()));
    }

    #[test]
    fn grounds_in_one_list_rank_equally() {
        let ranks = [vec![Member, SittingLessee], vec![CoOwner]];
        assert_eq!(rank_of(SittingLessee, &ranks), rank_of(Member, &ranks));
        assert_eq!(rank_of(CoOwner, &ranks), Some(Rank(2)));
        assert_eq!(rank_of(CoOwner, &[]), None);
    }

    #[test]
    fn only_an_accepted_claim_has_a_rank_and_a_decision_is_final() {
        let claimed = ask(Member, 10, 1).expect("in time");
        assert_eq!(claimed.rank(), None);
        assert_eq!(claimed.decided(true).rank(), Some(Rank(1)));
        assert_eq!(claimed.decided(false).rank(), None, "goes on as an ordinary bidder");
        assert_eq!(claimed.decided(false).decided(true), Claim::Rejected { ground: Member });
        assert_eq!(claimed.decided(true).decided(false).rank(), Some(Rank(1)));
    }
}
