//! The contract (合同) and the certificate of transaction (交易鉴证书).
//!
//! | module | what it is |
//! |---|---|
//! | this | the contract's terms, signatures, payments, default and end |
//! | [`plan`] | from a notice's payment terms to the payments, before the days are known |
//! | [`charge`] | the exchange's fee, and who bears it |
//! | [`agreement`] | what both sides sign, before the days are known |
//! | [`schedule`] | which payment is due when, what is late and since when |
//! | [`number`] | certificate numbers with a check digit |
//! | [`certificate`] | the certificate's fields, masked identities, digest |
//! | [`issue`] | an issued certificate: valid or revoked, and its counted prints |
//! | [`digest`] | SHA-256 over canonical JSON |
//!
//! **Invariants**
//! - The first payment and the schedule's rows add up to the total, to the fen.
//! - A signature is of exactly these terms: it names their digest.
//! - Dates are days of Asia/Shanghai that the caller passes; a deadline's own day is still in time.

pub mod agreement;
pub mod certificate;
pub mod charge;
pub mod digest;
pub mod issue;
pub mod number;
pub mod plan;
pub mod schedule;
#[cfg(test)]
mod tests;

use crate::{
    finding::{Finding, Text},
    ids::{ContractId, LotId, PartyId},
    money::Money,
};
use chrono::NaiveDate;
use schedule::{Due, Payment};
use serde::{Deserialize, Serialize};

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Who gives the right (转出方).
    Transferor,
    /// Who takes it (受让方).
    Transferee,
}

/// What both sides sign. Parties stand as ids; their names are on the document, not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The contract.
    pub contract: ContractId,
    /// Its public number.
    pub number: String,
    /// Of which lot.
    pub lot: LotId,
    /// Who gives.
    pub transferor: PartyId,
    /// Who takes.
    pub transferee: PartyId,
    /// Price over the whole term.
    pub total: Money,
    /// Due after signing.
    pub first_payment: Money,
    /// The later payments, in the order of their days.
    pub schedule: Vec<Due>,
    /// The last day to sign.
    pub sign_by: NaiveDate,
    /// SHA-256 of the full text (the document), hex.
    pub document: String,
}

impl Terms {
    /// The digest that signatures name: SHA-256 over the canonical JSON of these terms, hex.
    pub fn digest(&self) -> String {
        digest::of(self)
    }

    /// Whether the figures are sound.
    pub fn check(&self) -> Result<(), Vec<Finding>> {
        let mut findings = Vec::new();
        let amounts = || self.schedule.iter().map(|due| due.amount).chain([self.first_payment]);
        if Money::checked_sum(amounts()) != Some(self.total) || amounts().any(|amount| amount < Money::ZERO) {
            findings.extend(refused(
                "contract.schedule-sum",
                ("首付款与各期款项之和须等于总价", "first payment and schedule must add up to the total"),
                ("请更正付款计划", "Correct the schedule"),
            ));
        }
        if self.schedule.windows(2).any(|pair| pair[0].due >= pair[1].due) {
            findings.extend(refused(
                "contract.schedule-order",
                ("付款计划须按日期先后且不重复", "the schedule's days must rise"),
                ("请更正付款计划", "Correct the schedule"),
            ));
        }
        if self.transferor == self.transferee {
            findings.extend(refused(
                "contract.parties",
                ("转出方与受让方不能为同一人", "the two sides can't be the same party"),
                ("请核对合同主体", "Check the parties"),
            ));
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

/// Where a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Drawn up, unsigned (待签).
    Drafted,
    /// The transferor has signed (转出方已签).
    SignedByTransferor,
    /// The transferee has signed (受让方已签).
    SignedByTransferee,
    /// Both have signed (已生效).
    Effective,
    /// Everything is paid and done (已履行).
    Performed,
    /// One side defaulted (违约).
    Defaulted,
    /// Ended before it was performed (已终止).
    Terminated,
}

/// A contract and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    terms: Terms,
    phase: Phase,
    /// The last day for the first payment, once effective.
    pay_by: Option<NaiveDate>,
    payments: Vec<Payment>,
}

/// Why a side defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breach {
    /// Did not sign in time (逾期未签约).
    NotSigned,
    /// Did not pay in time (逾期未付款).
    NotPaid,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A side signs.
    Sign {
        /// Which.
        side: Side,
        /// The digest of the terms it saw.
        digest: String,
        /// The last day for the first payment, should the contract now be effective.
        pay_by: NaiveDate,
    },
    /// Money came in (the deposit counted towards the price included).
    Pay {
        /// How much.
        amount: Money,
        /// The day the bank booked it.
        on: NaiveDate,
    },
    /// Everything is paid and the right's handover done.
    Perform,
    /// A side defaulted.
    Default {
        /// Which.
        side: Side,
        /// Why.
        reason: Breach,
    },
    /// Ended by agreement or by an authority.
    Terminate {
        /// Why, in words.
        reason: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A side signed.
    Signed {
        /// Which.
        side: Side,
        /// When.
        on: NaiveDate,
        /// The last day for the first payment, where both have now signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pay_by: Option<NaiveDate>,
    },
    /// Money counted.
    Paid {
        /// What counts.
        counted: Money,
        /// What was more than the contract is worth, and goes back.
        excess: Money,
        /// The day the bank booked it.
        on: NaiveDate,
    },
    /// Everything is paid and done.
    Performed {
        /// When.
        on: NaiveDate,
    },
    /// A side defaulted.
    Defaulted {
        /// Which.
        side: Side,
        /// Why.
        reason: Breach,
        /// When it was declared.
        on: NaiveDate,
    },
    /// Ended.
    Terminated {
        /// Why.
        reason: String,
        /// When.
        on: NaiveDate,
    },
}

impl Contract {
    /// A contract drawn up on sound terms.
    pub fn draw(terms: Terms) -> Result<Self, Vec<Finding>> {
        terms.check()?;
        Ok(Self { terms, phase: Phase::Drafted, pay_by: None, payments: Vec::new() })
    }

    /// Its terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The last day for the first payment, once effective.
    pub fn pay_by(&self) -> Option<NaiveDate> {
        self.pay_by
    }

    /// What has been paid.
    pub fn paid(&self) -> Money {
        // Each payment counts up to the total only, so the sum fits.
        Money::checked_sum(self.payments.iter().map(|payment| payment.amount)).expect("at most the total")
    }

    /// What of the total is unpaid.
    pub fn outstanding(&self) -> Money {
        Money::from_fen(self.terms.total.fen() - self.paid().fen())
    }

    /// Whether the first payment is in: what the lot waits for before it is settled.
    pub fn first_paid(&self) -> bool {
        self.pay_by.is_some() && self.paid() >= self.terms.first_payment
    }

    /// Each payment that is due one day, with what came in for it, as of `today`; empty before the contract is effective.
    pub fn rows(&self, today: NaiveDate) -> Vec<schedule::Row> {
        let Some(pay_by) = self.pay_by else {
            return Vec::new();
        };
        let mut dues = vec![Due { due: pay_by, amount: self.terms.first_payment }];
        dues.extend(self.terms.schedule.iter().copied());
        schedule::rows(&dues, &self.payments, today)
    }

    /// What is late as of `today`.
    pub fn arrears(&self, today: NaiveDate) -> schedule::Arrears {
        schedule::arrears(&self.rows(today), today)
    }
}

/// Whether the command is allowed on `today`, and what then happened.
pub fn decide(contract: &Contract, command: Command, today: NaiveDate) -> Result<Event, Vec<Finding>> {
    match command {
        Command::Sign { side, digest, pay_by } => sign(contract, side, &digest, pay_by, today),
        Command::Pay { amount, on } if contract.phase == Phase::Effective => {
            if amount <= Money::ZERO {
                return Err(refused(
                    "contract.payment",
                    ("到账金额须大于零", "the sum received must be positive"),
                    ("请核对银行流水", "Check the bank statement"),
                ));
            }
            let counted = amount.min(contract.outstanding());
            // Neither is negative and counted is the lesser, so the difference fits.
            let excess = Money::from_fen(amount.fen() - counted.fen());
            Ok(Event::Paid { counted, excess, on })
        }
        Command::Perform if contract.phase == Phase::Effective => {
            if contract.outstanding() == Money::ZERO {
                Ok(Event::Performed { on: today })
            } else {
                let mut findings = refused(
                    "contract.unpaid",
                    ("价款尚未付清", "the price is not paid in full"),
                    ("请在付清后办结", "Close it once everything is paid"),
                );
                findings[0].facts.insert("outstanding-fen".to_owned(), contract.outstanding().fen().to_string());
                Err(findings)
            }
        }
        Command::Default { side, reason } => default(contract, side, reason, today),
        Command::Terminate { reason } if !ended(contract.phase) => Ok(Event::Terminated { reason, on: today }),
        Command::Pay { .. } | Command::Perform | Command::Terminate { .. } => Err(wrong_phase(contract.phase)),
    }
}

fn sign(
    contract: &Contract,
    side: Side,
    digest: &str,
    pay_by: NaiveDate,
    today: NaiveDate,
) -> Result<Event, Vec<Finding>> {
    let completes = match (contract.phase, side) {
        (Phase::Drafted, _) => false,
        (Phase::SignedByTransferor, Side::Transferee) | (Phase::SignedByTransferee, Side::Transferor) => true,
        (Phase::SignedByTransferor, Side::Transferor) | (Phase::SignedByTransferee, Side::Transferee) => {
            return Err(refused(
                "contract.signed-twice",
                ("该方已签署", "this side has signed"),
                ("请等待对方签署", "Wait for the other side"),
            ));
        }
        (Phase::Effective | Phase::Performed | Phase::Defaulted | Phase::Terminated, _) => {
            return Err(wrong_phase(contract.phase));
        }
    };
    if digest != contract.terms.digest() {
        return Err(refused(
            "contract.digest",
            ("签署的内容与合同不一致", "what was signed is not this contract"),
            ("请重新打开合同后签署", "Open the contract again and sign it"),
        ));
    }
    if today > contract.terms.sign_by {
        let mut findings = refused(
            "contract.signing-late",
            ("已过签约期限", "the time to sign is over"),
            ("请联系交易中心", "Ask the exchange"),
        );
        findings[0].facts.insert("sign-by".to_owned(), contract.terms.sign_by.to_string());
        return Err(findings);
    }
    Ok(Event::Signed { side, on: today, pay_by: completes.then_some(pay_by) })
}

fn default(contract: &Contract, side: Side, reason: Breach, today: NaiveDate) -> Result<Event, Vec<Finding>> {
    let unsigned = match contract.phase {
        Phase::Drafted => true,
        Phase::SignedByTransferor => side == Side::Transferee,
        Phase::SignedByTransferee => side == Side::Transferor,
        Phase::Effective => false,
        Phase::Performed | Phase::Defaulted | Phase::Terminated => return Err(wrong_phase(contract.phase)),
    };
    let broken = match reason {
        Breach::NotSigned => unsigned && today > contract.terms.sign_by,
        Breach::NotPaid => side == Side::Transferee && contract.arrears(today).overdue > Money::ZERO,
    };
    if broken {
        return Ok(Event::Defaulted { side, reason, on: today });
    }
    Err(refused(
        "contract.no-default",
        ("该方在此日期并未违约", "this side is not in default on this day"),
        ("请核对签约、付款期限与记录", "Check the deadlines and what was signed and paid"),
    ))
}

/// Takes one event into the contract. Events come from [`decide`].
pub fn evolve(contract: &mut Contract, event: &Event) {
    match event {
        Event::Signed { pay_by: Some(pay_by), .. } => {
            contract.phase = Phase::Effective;
            contract.pay_by = Some(*pay_by);
        }
        Event::Signed { side: Side::Transferor, .. } => contract.phase = Phase::SignedByTransferor,
        Event::Signed { side: Side::Transferee, .. } => contract.phase = Phase::SignedByTransferee,
        Event::Paid { counted, on, .. } => contract.payments.push(Payment { on: *on, amount: *counted }),
        Event::Performed { .. } => contract.phase = Phase::Performed,
        Event::Defaulted { .. } => contract.phase = Phase::Defaulted,
        Event::Terminated { .. } => contract.phase = Phase::Terminated,
    }
}

fn ended(phase: Phase) -> bool {
    matches!(phase, Phase::Performed | Phase::Defaulted | Phase::Terminated)
}

fn wrong_phase(phase: Phase) -> Vec<Finding> {
    let phase = serde_json::to_value(phase).ok().and_then(|phase| phase.as_str().map(str::to_owned));
    let mut findings = refused(
        "contract.phase",
        ("合同当前状态不允许该操作", "the contract's state does not allow this"),
        ("请刷新后核对状态", "Look at its state again"),
    );
    findings[0].facts.insert("phase".to_owned(), phase.unwrap_or_default());
    findings
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Vec<Finding> {
    vec![Finding::refusal(rule, "公告的合同条款;民法典 合同编", Text::new(zh, en), Text::new(remedy_zh, remedy_en))]
}
