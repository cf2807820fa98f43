//! A registration for a lot (报名): filed, qualified, and confirmed again when the notice was corrected.
//!
//! ```text
//! filed ──accepted and deposit held──▶ qualified        filed, qualified, confirmed ──corrected notice──▶ needs-reconfirmation
//!   └──rejected──▶ rejected                              needs-reconfirmation ──confirmed──▶ confirmed (filed, where review or deposit is missing)
//! any of them but rejected ──▶ withdrawn, until registration closes
//! ```
//!
//! **Invariants**
//! - Only `qualified` and `confirmed` may bid: reviewed, deposit held, and on the notice as it stands.
//! - A priority right is claimed here, within the announced period, or not at all.
//! - Who defaulted does not register for the resale.

use super::{Lot, Phase as LotPhase};
use crate::{
    finding::{Finding, Text},
    ids::AccountId,
    priority::{Claim, Period, PriorityHolder, claim},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Filed; review or deposit is missing (已报名).
    Filed,
    /// Accepted, deposit held: may bid (已合格).
    Qualified,
    /// Rejected (未通过).
    Rejected,
    /// The notice was corrected: to be confirmed again (待重新确认).
    NeedsReconfirmation,
    /// Confirmed again: may bid (已重新确认).
    Confirmed,
    /// Withdrawn (已撤回).
    Withdrawn,
}

/// A registration and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Where it stands.
    pub phase: Phase,
    /// Who filed it.
    pub by: AccountId,
    /// The priority right claimed, if any.
    pub claim: Option<Claim>,
    /// Whether the exchange accepted it.
    pub accepted: bool,
    /// Whether its deposit is held.
    pub deposit_held: bool,
    /// The revision of the notice that the bidder has agreed to.
    pub revision: u32,
}

/// A wish to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing<'a> {
    /// Who.
    pub by: AccountId,
    /// The ground of a claimed priority right, and how many documents prove it.
    pub claims: Option<(PriorityHolder, usize)>,
    /// The lot's order of priority.
    pub ranks: &'a [Vec<PriorityHolder>],
    /// Whether the same party has a registration for the lot that is not withdrawn.
    pub registered: bool,
    /// Whether the party is the one that offers the lot.
    pub transferor: bool,
    /// Whether the party defaulted on the lot that this one relists ([`Lot::barred`]).
    pub barred: bool,
}

/// What is asked of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The exchange's word on qualification and claim.
    Review {
        /// Who.
        by: AccountId,
        /// Whether it is accepted.
        accepted: bool,
        /// Why not; not empty where it is rejected.
        reasons: String,
        /// Whether a claimed priority right is accepted; else the bidder goes on as anybody.
        priority_accepted: bool,
    },
    /// Its deposit is held.
    HoldDeposit,
    /// The notice was corrected, and must be confirmed.
    Correct,
    /// The bidder agrees to the corrected notice.
    Confirm {
        /// The revision that was read.
        revision: u32,
    },
    /// The bidder withdraws.
    Withdraw,
}

/// What happened to a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// Accepted.
    Accepted {
        /// Whether the claimed priority right was accepted.
        priority_accepted: bool,
    },
    /// Rejected.
    Rejected {
        /// Why.
        reasons: String,
    },
    /// The deposit is held.
    DepositHeld,
    /// To be confirmed again.
    Invalidated,
    /// Confirmed again.
    Confirmed {
        /// The revision agreed to.
        revision: u32,
    },
    /// Withdrawn.
    Withdrawn,
}

impl Registration {
    /// A registration for `lot`, filed at `now`.
    pub fn file(filing: &Filing<'_>, lot: &Lot, now: DateTime<Utc>) -> Result<Self, Vec<Finding>> {
        let Some(period) = open_period(lot).filter(|period| period.contains(now)) else {
            return Err(vec![refused(
                "registration.period",
                ("不在报名期内", "registration is not open"),
                ("请在公告的报名期内报名", "Register within the announced period"),
            )]);
        };
        let mut findings = Vec::new();
        if filing.registered {
            findings.push(refused(
                "registration.twice",
                ("您已报名该标的", "you are registered for this lot"),
                ("请使用已有的报名", "Use the registration you have"),
            ));
        }
        if filing.transferor {
            findings.push(refused(
                "registration.own",
                ("转出方不得参加本标的竞价", "who offers a lot does not bid on it"),
                ("请由他人报名", "Others may register"),
            ));
        }
        if filing.barred {
            findings.push(refused(
                "registration.barred",
                ("悔拍人不得参加再次交易", "who defaulted does not bid on the resale"),
                ("请参加其他标的", "Take part in other lots"),
            ));
        }
        let claim = match filing.claims {
            Some((ground, evidence)) => match claim(ground, filing.ranks, period, now, evidence) {
                Ok(claim) => Some(claim),
                Err(refusals) => {
                    findings.extend(refusals);
                    None
                }
            },
            None => None,
        };
        if !findings.is_empty() {
            return Err(findings);
        }
        let revision = lot.revision;
        Ok(Self { phase: Phase::Filed, by: filing.by, claim, accepted: false, deposit_held: false, revision })
    }

    /// Whether its bidder may bid.
    pub fn may_bid(&self) -> bool {
        matches!(self.phase, Phase::Qualified | Phase::Confirmed)
    }

    fn ended(&self) -> bool {
        matches!(self.phase, Phase::Rejected | Phase::Withdrawn)
    }
}

fn open_period(lot: &Lot) -> Option<Period> {
    let schedule = lot.schedule.as_ref().filter(|_| lot.phase == LotPhase::Announced)?;
    Some(Period { from: schedule.announced_at, to: schedule.registration_closes })
}

/// Whether `command` is allowed at `now` while the lot stands as `lot`, and what then happened.
pub fn decide(
    registration: &Registration,
    command: &Command,
    lot: &Lot,
    now: DateTime<Utc>,
) -> Result<Event, Vec<Finding>> {
    // Until the lot's registration is closed by its own command, after its time: reviews may end after the last filing.
    if registration.ended() || lot.phase != LotPhase::Announced {
        return Err(wrong_phase());
    }
    match command {
        Command::Review { by, accepted, reasons, priority_accepted } => {
            if registration.by == *by {
                return Err(vec![refused(
                    "registration.four-eyes",
                    ("不得审核本人的报名", "nobody reviews their own registration"),
                    ("请由另一人审核", "Let another person review it"),
                )]);
            }
            if registration.accepted {
                return Err(wrong_phase());
            }
            if *accepted {
                return Ok(Event::Accepted { priority_accepted: *priority_accepted && registration.claim.is_some() });
            }
            if reasons.trim().is_empty() {
                return Err(vec![
                    refused(
                        "registration.reasons",
                        ("不予通过须说明理由", "a rejection needs its reasons"),
                        ("请填写理由", "Give the reasons"),
                    )
                    .at("reasons"),
                ]);
            }
            Ok(Event::Rejected { reasons: reasons.clone() })
        }
        Command::HoldDeposit if !registration.deposit_held => Ok(Event::DepositHeld),
        Command::Correct if registration.phase != Phase::NeedsReconfirmation => Ok(Event::Invalidated),
        Command::Confirm { revision } if registration.phase == Phase::NeedsReconfirmation => {
            if *revision != lot.revision {
                let finding = refused(
                    "registration.revision",
                    ("公告已再次变更", "the notice was corrected again"),
                    ("请阅读最新公告后确认", "Read it as it stands, then confirm"),
                );
                return Err(vec![finding.with_fact("revision", lot.revision)]);
            }
            if open_period(lot).is_none_or(|period| now >= period.to) {
                return Err(closed());
            }
            Ok(Event::Confirmed { revision: *revision })
        }
        Command::Withdraw if open_period(lot).is_none_or(|period| now >= period.to) => Err(closed()),
        Command::Withdraw => Ok(Event::Withdrawn),
        Command::HoldDeposit | Command::Correct | Command::Confirm { .. } => Err(wrong_phase()),
    }
}

/// Takes one event in.
pub fn evolve(registration: &mut Registration, event: &Event) {
    match event {
        Event::Accepted { priority_accepted } => {
            registration.accepted = true;
            registration.claim = registration.claim.map(|claim| claim.decided(*priority_accepted));
        }
        Event::Rejected { .. } => registration.phase = Phase::Rejected,
        Event::DepositHeld => registration.deposit_held = true,
        Event::Invalidated => registration.phase = Phase::NeedsReconfirmation,
        Event::Confirmed { revision } => {
            registration.revision = *revision;
            let complete = registration.accepted && registration.deposit_held;
            registration.phase = if complete { Phase::Confirmed } else { Phase::Filed };
        }
        Event::Withdrawn => registration.phase = Phase::Withdrawn,
    }
    if registration.phase == Phase::Filed && registration.accepted && registration.deposit_held {
        registration.phase = Phase::Qualified;
    }
}

fn closed() -> Vec<Finding> {
    vec![refused(
        "registration.closed",
        ("报名已截止", "registration has closed"),
        ("报名截止后不得更改", "Nothing changes after that"),
    )]
}

fn wrong_phase() -> Vec<Finding> {
    vec![refused(
        "registration.phase",
        ("报名当前状态不允许该操作", "the registration's state does not allow this"),
        ("请刷新后核对报名状态", "Look at its state again"),
    )]
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Finding {
    Finding::refusal(rule, "公告的报名条款", Text::new(zh, en), Text::new(remedy_zh, remedy_en))
}

#[cfg(test)]
mod tests;
