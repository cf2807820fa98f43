//! The life of a lot (标的), from the first draft to the certificate.
//!
//! ```text
//! draft ─▶ submitted ─▶ township-reviewed ─▶ county-reviewed ─▶ announced ─▶ registration-closed ─▶ bidding ─▶ (priority-exercise)
//!   ▲          │ returned ◀─────┴──────────────────┘               │                 │                 │              │
//!   └──────────┘                                                   │                 └──────┬──────────┘              ▼
//!                                                                  ▼                        ▼                   result-notice
//!                                     suspended ◀─▶ (any of announced … contract)         unsold                      │
//!                                         └──▶ terminated                           relisted as a new lot             ▼
//!                                                                                           ▲                      contract ─▶ settled ─▶ certified
//!                                                                                       defaulted ◀── nobody in line ─┘ (else result-notice again)
//! ```
//!
//! [`decide()`] says whether a [`Command`] is allowed and what then happened; [`evolve()`] takes each [`LotEvent`] in. Which reviews a lot needs,
//! what a correction restarts, who follows a defaulter: [`LotRules`], plain parameters that a rulebook fills. Dates that the calendar
//! decides (the earliest closing, the last day of a notice) are worked out by the caller and checked here for order.
//!
//! **Invariants**
//! - A command that the phase does not take is refused by `lot.phase`; a table in the tests names every pair.
//! - Four eyes: nobody reviews or announces what they submitted, nobody reviews twice in one round.
//! - Reviewers see exactly what was submitted: both name the draft's digest.
//! - A reserve goes down only on relisting, within the rulebook's limits, on a new decision and with new reviews.
//! - A suspension takes no time from anybody: what had not yet come moves by at least the standstill.

mod command;
mod decide;
mod event;
mod evolve;
pub mod registration;
mod rules;
#[cfg(test)]
mod tests;

pub use command::{Command, Verdict};
pub use decide::decide;
pub use event::{LotEvent, UnsoldReason};
pub use evolve::evolve;
pub use rules::{LotRules, Next};

pub use crate::contract::Breach;
pub use crate::fact::Schedule;
pub use crate::rulebook::values::StopReason;

use crate::{
    ids::{AccountId, DecisionId, LotId, RegistrationId},
    money::Money,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a lot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Being written (草稿).
    Draft,
    /// Waiting for its first review (已提交).
    Submitted,
    /// The township has approved (乡镇已审).
    TownshipReviewed,
    /// The county has approved (县级已审).
    CountyReviewed,
    /// A reviewer gave it back (已退回).
    Returned,
    /// Public; registration is open (公告中).
    Announced,
    /// Registration is over, the auction not yet open (报名截止).
    RegistrationClosed,
    /// Offers are made (竞价中).
    Bidding,
    /// Holders of a priority right may take the final price (行权期).
    PriorityExercise,
    /// The result is on public notice (成交公示).
    ResultNotice,
    /// To be signed, or signed and to be paid (签约).
    Contract,
    /// What is due at signing is paid (已结算).
    Settled,
    /// The certificate is issued (已鉴证).
    Certified,
    /// Stands still (中止).
    Suspended,
    /// Ended for good (终结).
    Terminated,
    /// No deal (流标).
    Unsold,
    /// Everyone in line defaulted (违约).
    Defaulted,
}

impl Phase {
    /// Every phase, in the order of the business.
    pub const ALL: [Self; 17] = [
        Self::Draft,
        Self::Submitted,
        Self::TownshipReviewed,
        Self::CountyReviewed,
        Self::Returned,
        Self::Announced,
        Self::RegistrationClosed,
        Self::Bidding,
        Self::PriorityExercise,
        Self::ResultNotice,
        Self::Contract,
        Self::Settled,
        Self::Certified,
        Self::Suspended,
        Self::Terminated,
        Self::Unsold,
        Self::Defaulted,
    ];

    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::TownshipReviewed => "township-reviewed",
            Self::CountyReviewed => "county-reviewed",
            Self::Returned => "returned",
            Self::Announced => "announced",
            Self::RegistrationClosed => "registration-closed",
            Self::Bidding => "bidding",
            Self::PriorityExercise => "priority-exercise",
            Self::ResultNotice => "result-notice",
            Self::Contract => "contract",
            Self::Settled => "settled",
            Self::Certified => "certified",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
            Self::Unsold => "unsold",
            Self::Defaulted => "defaulted",
        }
    }

    /// Whether a lot in this phase runs in public and may be suspended or terminated.
    pub const fn runs(self) -> bool {
        matches!(
            self,
            Self::Announced
                | Self::RegistrationClosed
                | Self::Bidding
                | Self::PriorityExercise
                | Self::ResultNotice
                | Self::Contract
        )
    }
}

/// Who reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The township (乡镇审核).
    Township,
    /// The county's department (县级审核).
    County,
}

/// Someone in line to take the lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    /// Whose registration.
    pub registration: RegistrationId,
    /// At which price, in fen of the lot's price basis: its own best offer, or the final price for a holder of a priority right.
    pub price: Money,
    /// Why it is in line.
    pub place: Place,
}

/// Why someone is in line to take the lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Exercised a priority right (行使优先权).
    Priority,
    /// Won the auction (竞得).
    Winner,
    /// Made the next best qualified offer: in line only where the rulebook invites it (递补).
    Next,
}

/// What a relisted lot carries from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The lot it relists.
    pub lot: LotId,
    /// The very first reserve.
    pub first_reserve: Money,
    /// The reserve of the lot before.
    pub last_reserve: Money,
    /// How often the reserve was cut so far.
    pub cuts: u32,
    /// The decision of the lot before.
    pub decision: Option<DecisionId>,
}

/// Where a suspended lot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The phase it goes back to.
    pub from: Phase,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub reason: StopReason,
}

/// A lot and what came of it. Made by [`Lot::draft`] or [`Lot::relisting`], changed only by [`evolve()`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Where it stands.
    pub phase: Phase,
    /// What it relists.
    pub before: Option<Before>,
    /// Registrations of the lots before whose bidders defaulted and may not bid again.
    pub barred: Vec<RegistrationId>,
    /// Digest of what was submitted, hex.
    pub draft: Option<String>,
    /// The reserve, in fen of the price basis.
    pub reserve: Option<Money>,
    /// The decision it rests on.
    pub decision: Option<DecisionId>,
    /// Who submitted it.
    pub submitter: Option<AccountId>,
    /// Who has approved it in this round.
    pub reviewers: Vec<AccountId>,
    /// 1 for the first announcement; each correction adds one.
    pub revision: u32,
    /// The dates of the announcement.
    pub schedule: Option<Schedule>,
    /// How many may bid, once registration is closed.
    pub qualified: u32,
    /// What follows the closing of registration.
    pub next: Option<Next>,
    /// Everyone in line after the auction; the first takes the lot, each default passes it on.
    pub line: Vec<Taker>,
    /// How many of the line have defaulted.
    pub defaults: usize,
    /// The end of the exercise window.
    pub window_ends: Option<DateTime<Utc>>,
    /// The last day of the result notice.
    pub notice_to: Option<NaiveDate>,
    /// The last day to sign.
    pub sign_by: Option<NaiveDate>,
    /// The last day to pay, once both sides have signed.
    pub pay_by: Option<NaiveDate>,
    /// Where it stood when it was suspended.
    pub suspension: Option<Suspension>,
    /// The lot that relists it.
    pub relisted_as: Option<LotId>,
}

impl Lot {
    /// A lot before anything was submitted.
    pub fn draft() -> Self {
        Self {
            phase: Phase::Draft,
            before: None,
            barred: Vec::new(),
            draft: None,
            reserve: None,
            decision: None,
            submitter: None,
            reviewers: Vec::new(),
            revision: 0,
            schedule: None,
            qualified: 0,
            next: None,
            line: Vec::new(),
            defaults: 0,
            window_ends: None,
            notice_to: None,
            sign_by: None,
            pay_by: None,
            suspension: None,
            relisted_as: None,
        }
    }

    /// The new draft that relists `old`, whose id is `id`; none where `old` never had a reserve.
    pub fn relisting(old: &Self, id: LotId) -> Option<Self> {
        let last_reserve = old.reserve?;
        let cut = old.before.filter(|before| last_reserve < before.last_reserve);
        let before = Before {
            lot: id,
            first_reserve: old.before.map_or(last_reserve, |before| before.first_reserve),
            last_reserve,
            cuts: old.before.map_or(0, |before| before.cuts) + u32::from(cut.is_some()),
            decision: old.decision,
        };
        let barred = old.barred.iter().copied().chain(old.defaulters()).collect();
        Some(Self { before: Some(before), barred, ..Self::draft() })
    }

    /// The review that comes next under `rules`; none where none is left or the phase knows no review.
    pub fn next_review(&self, rules: &LotRules) -> Option<Stage> {
        match self.phase {
            Phase::Submitted if rules.township_review => Some(Stage::Township),
            Phase::Submitted | Phase::TownshipReviewed if rules.county_review => Some(Stage::County),
            _ => None,
        }
    }

    /// Whether every review that `rules` ask for is done.
    pub fn ready_to_announce(&self, rules: &LotRules) -> bool {
        matches!(self.phase, Phase::Submitted | Phase::TownshipReviewed | Phase::CountyReviewed)
            && self.next_review(rules).is_none()
    }

    /// Who takes the lot as things stand, once the auction has closed.
    pub fn taker(&self) -> Option<&Taker> {
        self.line.get(self.defaults)
    }

    /// The registrations that defaulted in this lot.
    pub fn defaulters(&self) -> impl Iterator<Item = RegistrationId> {
        self.line.iter().take(self.defaults).map(|taker| taker.registration)
    }

    /// Whether both sides have signed.
    pub fn is_signed(&self) -> bool {
        self.pay_by.is_some()
    }
}
