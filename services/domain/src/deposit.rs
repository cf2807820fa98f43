//! The deposit (保证金): one for each bidder and lot, from the bidder's own account, and where each fen of it goes.
//!
//! ```text
//! due ──received in full──▶ held ──won──▶ bound ──contract──▶ applied to the price (the rest released)
//!  │                          │             └───default────▶ forfeited ──resale──▶ costs, shortfall, rest
//!  └──late or incomplete──▶ released ◀──lost, unsold, rejected, withdrawn, terminated
//! ```
//!
//! **Invariants**
//! - Received = held + released + applied + forfeited, to the fen, after every event.
//! - A winner's deposit is not released unless the transfer is terminated without its fault.
//! - What arrives beside the required sum, from another's account or after the deadline, never counts and goes back.
//!
//! Basis: 民法典 articles 586 and 587 (earnest money: at most a fifth of the contract's value; who defaults loses it), the rulebook.

mod amount;
mod forfeiture;
#[cfg(test)]
mod tests;

pub use amount::{Range, Shares, check_amount, range};
pub use forfeiture::{Split, split};

use crate::{
    finding::{Finding, Text},
    ids::{LotId, RegistrationId},
    money::Money,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a deposit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Waiting for money (待缴).
    Due,
    /// Received in full, or nothing was asked for (已缴).
    Held,
    /// Held, and the bidder has won: it can't be released (成交锁定).
    Bound,
    /// Given back, or never paid (已退).
    Released,
    /// Counted towards the price (抵作价款).
    Applied,
    /// Kept after a default, not yet divided (不予退还).
    Forfeited,
    /// Kept, and divided between costs, shortfall and rest (已处置).
    Divided,
}

/// Why a deposit goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// Another bidder won (未成交).
    Lost,
    /// The lot did not sell (流标).
    Unsold,
    /// The registration was rejected (资格审查未通过).
    Rejected,
    /// The bidder withdrew in time (撤回报名).
    Withdrawn,
    /// The transfer was terminated (终结).
    Terminated,
    /// The sum was not complete at the deadline (逾期未缴足).
    Incomplete,
}

/// Why a deposit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forfeit {
    /// The winner did not sign in time (逾期未签约).
    NotSigned,
    /// The winner did not pay in time (逾期未付款).
    NotPaid,
    /// Collusion or deceit was found; the bidder need not have won (围标串标、弄虚作假).
    Collusion,
}

/// One bidder's deposit for one lot. All sums are not negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// For which lot.
    pub lot: LotId,
    /// For which registration.
    pub registration: RegistrationId,
    /// What is asked for; zero where the lot asks for none.
    pub required: Money,
    /// The first instant at which money no longer counts.
    pub deadline: DateTime<Utc>,
    /// Where it stands.
    pub phase: Phase,
    /// What counted of the money that arrived.
    pub received: Money,
    /// What lies with the exchange.
    pub held: Money,
    /// What went back.
    pub released: Money,
    /// What counted towards the price.
    pub applied: Money,
    /// What was kept.
    pub forfeited: Money,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A bank line arrived.
    Receive {
        /// How much.
        amount: Money,
        /// Whether the payer is the bidder's own account; true as well where the rulebook does not ask.
        own_account: bool,
    },
    /// The bidder has won.
    Bind,
    /// The money goes back.
    Release(Release),
    /// The contract is effective: the deposit counts towards `price_due`.
    Apply {
        /// What of the price is due.
        price_due: Money,
    },
    /// The bidder defaulted.
    Forfeit(Forfeit),
    /// The resale (or its failure) shows what the default cost.
    Divide {
        /// Costs of the auction and the resale.
        costs: Money,
        /// By how much the resale fell short of the defaulted price.
        shortfall: Money,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// Money counted.
    Received {
        /// What counts.
        counted: Money,
        /// What arrived above the required sum and goes back.
        excess: Money,
    },
    /// The bidder won.
    Bound,
    /// The money goes back.
    Released {
        /// How much.
        amount: Money,
        /// Why.
        reason: Release,
    },
    /// It counted towards the price.
    Applied {
        /// What counted.
        applied: Money,
        /// What was more than the price due and goes back.
        rest: Money,
    },
    /// It was kept.
    Forfeited {
        /// How much.
        amount: Money,
        /// Why.
        reason: Forfeit,
    },
    /// What was kept was divided.
    Divided(Split),
}

impl Deposit {
    /// A new deposit for a registration. `others` are the same bidder's deposits for any lots.
    ///
    /// Refused (`deposit.one-per-lot`) where one for this lot is not yet released. A required sum of zero is held at once: an auction
    /// without a deposit must not wait for one.
    pub fn open(
        lot: LotId,
        registration: RegistrationId,
        required: Money,
        deadline: DateTime<Utc>,
        others: &[Self],
    ) -> Result<Self, Vec<Finding>> {
        if others.iter().any(|other| other.lot == lot && other.phase != Phase::Released) {
            return Err(refused(
                "deposit.one-per-lot",
                ("每名竞买人对同一标的只缴一份保证金", "one deposit for each bidder and lot"),
                ("请使用已有的报名", "Use the registration you have"),
            ));
        }
        if required < Money::ZERO {
            return Err(refused(
                "deposit.amount",
                ("保证金不能为负", "a deposit can't be negative"),
                ("请更正保证金金额", "Correct the amount"),
            ));
        }
        let phase = if required == Money::ZERO { Phase::Held } else { Phase::Due };
        let zero = Money::ZERO;
        Ok(Self {
            lot,
            registration,
            required,
            deadline,
            phase,
            received: zero,
            held: zero,
            released: zero,
            applied: zero,
            forfeited: zero,
        })
    }

    /// Whether the bidder may bid as far as the deposit goes.
    pub fn admits(&self) -> bool {
        self.phase == Phase::Held
    }

    /// What is still missing.
    pub fn missing(&self) -> Money {
        Money::from_fen((self.required.fen() - self.received.fen()).max(0))
    }

    /// Whether every fen is accounted for.
    pub fn balances(&self) -> bool {
        let parts = [self.held, self.released, self.applied, self.forfeited];
        Money::checked_sum(parts) == Some(self.received) && parts.iter().all(|part| *part >= Money::ZERO)
    }
}

/// Whether the command is allowed at `now`, and what then happened.
pub fn decide(deposit: &Deposit, command: Command, now: DateTime<Utc>) -> Result<Event, Vec<Finding>> {
    match command {
        Command::Receive { amount, own_account } => receive(deposit, amount, own_account, now),
        Command::Bind if deposit.phase == Phase::Held => Ok(Event::Bound),
        Command::Release(reason) => release(deposit, reason, now),
        Command::Apply { price_due } if deposit.phase == Phase::Bound && price_due >= Money::ZERO => {
            let applied = deposit.held.min(price_due);
            Ok(Event::Applied { applied, rest: difference(deposit.held, applied) })
        }
        Command::Forfeit(reason) => {
            let held = deposit.phase == Phase::Held && reason == Forfeit::Collusion;
            if deposit.phase == Phase::Bound || held {
                Ok(Event::Forfeited { amount: deposit.held, reason })
            } else {
                Err(wrong_phase(deposit))
            }
        }
        Command::Divide { costs, shortfall }
            if deposit.phase == Phase::Forfeited && costs >= Money::ZERO && shortfall >= Money::ZERO =>
        {
            Ok(Event::Divided(split(deposit.forfeited, costs, shortfall)))
        }
        Command::Bind | Command::Apply { .. } | Command::Divide { .. } => Err(wrong_phase(deposit)),
    }
}

fn receive(deposit: &Deposit, amount: Money, own_account: bool, now: DateTime<Utc>) -> Result<Event, Vec<Finding>> {
    if amount <= Money::ZERO {
        return Err(refused(
            "deposit.amount",
            ("到账金额须大于零", "the sum received must be positive"),
            ("请核对银行流水", "Check the bank statement"),
        ));
    }
    if deposit.phase != Phase::Due {
        return Err(refused(
            "deposit.not-due",
            ("保证金无须再缴,来款将原路退回", "no deposit is due; the money goes back the way it came"),
            ("无需操作", "There is nothing to do"),
        ));
    }
    if !own_account {
        return Err(refused(
            "deposit.own-account",
            (
                "保证金须从竞买人本人账户转出,来款将原路退回",
                "the deposit must come from the bidder's own account; the money goes back",
            ),
            ("请用本人账户重新转账", "Transfer it again from your own account"),
        ));
    }
    if now >= deposit.deadline {
        return Err(refused(
            "deposit.late",
            ("到账时间已过缴纳截止时间,来款将原路退回", "the money arrived after the deadline and goes back"),
            ("无法参加本次竞价", "You can't take part in this auction"),
        ));
    }
    let counted = amount.min(deposit.missing());
    Ok(Event::Received { counted, excess: difference(amount, counted) })
}

fn release(deposit: &Deposit, reason: Release, now: DateTime<Utc>) -> Result<Event, Vec<Finding>> {
    let allowed = match deposit.phase {
        // An incomplete deposit waits until its deadline: more may come.
        Phase::Due => reason != Release::Incomplete || now >= deposit.deadline,
        Phase::Held => reason != Release::Incomplete,
        Phase::Bound if reason == Release::Terminated => true,
        Phase::Bound => {
            return Err(refused(
                "deposit.bound",
                ("成交人的保证金不得退还", "the winner's deposit can't be released"),
                (
                    "请在签约后抵作价款,或因终结退还",
                    "It counts towards the price after signing, or goes back on termination",
                ),
            ));
        }
        Phase::Released | Phase::Applied | Phase::Forfeited | Phase::Divided => false,
    };
    if allowed { Ok(Event::Released { amount: deposit.held, reason }) } else { Err(wrong_phase(deposit)) }
}

/// Takes one event into the deposit. Events come from [`decide`].
pub fn evolve(deposit: &mut Deposit, event: &Event) {
    match event {
        Event::Received { counted, .. } => {
            deposit.received = sum(deposit.received, *counted);
            deposit.held = sum(deposit.held, *counted);
            if deposit.missing() == Money::ZERO {
                deposit.phase = Phase::Held;
            }
        }
        Event::Bound => deposit.phase = Phase::Bound,
        Event::Released { amount, .. } => {
            deposit.held = difference(deposit.held, *amount);
            deposit.released = sum(deposit.released, *amount);
            deposit.phase = Phase::Released;
        }
        Event::Applied { applied, rest } => {
            deposit.held = difference(deposit.held, sum(*applied, *rest));
            deposit.applied = sum(deposit.applied, *applied);
            deposit.released = sum(deposit.released, *rest);
            deposit.phase = Phase::Applied;
        }
        Event::Forfeited { amount, .. } => {
            deposit.held = difference(deposit.held, *amount);
            deposit.forfeited = sum(deposit.forfeited, *amount);
            deposit.phase = Phase::Forfeited;
        }
        // How the kept sum is divided moves nothing between these four.
        Event::Divided(_) => deposit.phase = Phase::Divided,
    }
    debug_assert!(deposit.balances(), "a deposit's parts add up after every event");
}

/// Sums of parts of one deposit: never above the required sum, so they fit.
fn sum(a: Money, b: Money) -> Money {
    a.checked_add(b).expect("parts of one deposit fit")
}

/// Differences of sums that are not negative fit.
fn difference(a: Money, b: Money) -> Money {
    a.checked_sub(b).expect("a difference of sums that are not negative fits")
}

fn wrong_phase(deposit: &Deposit) -> Vec<Finding> {
    let phase = serde_json::to_value(deposit.phase).ok().and_then(|phase| phase.as_str().map(str::to_owned));
    let mut findings = refused(
        "deposit.phase",
        ("保证金当前状态不允许该操作", "the deposit's state does not allow this"),
        ("请刷新后核对状态", "Look at its state again"),
    );
    findings[0].facts.insert("phase".to_owned(), phase.unwrap_or_default());
    findings
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Vec<Finding> {
    vec![Finding::refusal(rule, "公告的保证金条款", Text::new(zh, en), Text::new(remedy_zh, remedy_en))]
}
