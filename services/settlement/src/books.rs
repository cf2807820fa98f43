//! The books (账簿): double entry. Every movement debits one account and credits another by the same amount.
//!
//! An account's code says whose money it is. What comes in debits `bank` and credits whoever it is then owed to; what goes out does the
//! opposite. A payout is a pending movement until the bank's statement says that it was paid: what is ordered can't be ordered twice.
//!
//! **Invariants**
//! - **The sum over all accounts is zero**, posted and pending.
//! - **What is owed never falls below zero**, pending payouts included; the database refuses it, whatever code writes.
//! - **A movement is posted or voided once and never changed.** Its id follows from its reason and subject, so a retry finds it there.

use crate::store;
use chrono::{DateTime, Utc};
use ring::digest;
use sanbian_domain::{
    finding::{Finding, Text},
    ids::{BankLineId, CollectiveId, ContractId, LotId, RegistrationId, TransferId},
    money::Money,
};
use sanbian_runtime::{Refusal, Tx};
use std::fmt;
use store::books::{Balances, Parts};
use uuid::Uuid;

/// An account of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Book {
    /// The exchange's bank account (银行存款).
    Bank,
    /// What the exchange earned (服务费收入).
    Fees,
    /// A registration's deposit, owed to its payer (保证金).
    Deposit(RegistrationId),
    /// Money of a contract until it is settled (合同价款).
    Contract(ContractId),
    /// Proceeds owed to a collective (应付转出方款).
    Collective(CollectiveId),
    /// Deposits of defaulters on a lot, until divided (不予退还的保证金).
    Forfeited(LotId),
    /// What came in and matches nothing, owed back to its payer (待查款).
    Suspense(BankLineId),
    /// What went out and matches nothing.
    SuspenseOut(BankLineId),
}

impl fmt::Display for Book {
    /// The account's code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bank => f.write_str("bank"),
            Self::Fees => f.write_str("fees"),
            Self::Deposit(id) => write!(f, "deposits:{id}"),
            Self::Contract(id) => write!(f, "contract:{id}"),
            Self::Collective(id) => write!(f, "collective:{id}"),
            Self::Forfeited(id) => write!(f, "forfeited:{id}"),
            Self::Suspense(id) => write!(f, "suspense:{id}"),
            Self::SuspenseOut(id) => write!(f, "suspense-out:{id}"),
        }
    }
}

impl Book {
    /// The account's id: it follows from the code.
    pub(crate) fn id(self) -> Uuid {
        named(&format!("account/{self}"))
    }

    /// Whether it holds what is owed to somebody, so that it can't be debited below nothing.
    const fn owed(self) -> bool {
        !matches!(self, Self::Bank | Self::SuspenseOut(_))
    }
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    DepositReceived,
    DepositReleased,
    DepositApplied,
    Payment,
    Fee,
    Proceeds,
    ProceedsPaid,
    Return,
    Forfeit,
    Suspense,
}

impl Reason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::DepositReceived => "deposit-received",
            Self::DepositReleased => "deposit-released",
            Self::DepositApplied => "deposit-applied",
            Self::Payment => "payment",
            Self::Fee => "fee",
            Self::Proceeds => "proceeds",
            Self::ProceedsPaid => "proceeds-paid",
            Self::Return => "return",
            Self::Forfeit => "forfeit",
            Self::Suspense => "suspense",
        }
    }
}

/// A movement of money.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Movement {
    pub(crate) id: TransferId,
    pub(crate) debit: Book,
    pub(crate) credit: Book,
    pub(crate) amount: Money,
    pub(crate) reason: Reason,
    /// Whose lot's money it is.
    pub(crate) lot: Option<LotId>,
}

impl Movement {
    /// A movement for `reason` about `subject`, which is the same each time the same thing is done.
    pub(crate) fn new(
        reason: Reason,
        subject: impl fmt::Display,
        (debit, credit): (Book, Book),
        amount: Money,
        lot: Option<LotId>,
    ) -> Self {
        let id = TransferId(named(&format!("transfer/{}/{subject}", reason.as_str())));
        Self { id, debit, credit, amount, reason, lot }
    }
}

/// Whether a movement was made now, or stood there from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Now,
    Before,
}

/// How a pending movement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The money moved.
    Post,
    /// It does not move.
    Void,
}

/// Moves money at once.
///
/// # Errors
/// Rule `books.balance` (a conflict) where an account would owe less than nothing.
pub(crate) async fn post(tx: &mut Tx, movement: &Movement, at: DateTime<Utc>) -> Result<Made, Refusal> {
    make(tx, movement, "posted", at).await
}

/// Sets money apart: it moves when [`decide`] posts it.
///
/// # Errors
/// As [`post`]: what is set apart can't be set apart again.
pub(crate) async fn hold(tx: &mut Tx, movement: &Movement, at: DateTime<Utc>) -> Result<Made, Refusal> {
    make(tx, movement, "pending", at).await
}

async fn make(tx: &mut Tx, movement: &Movement, state: &'static str, at: DateTime<Utc>) -> Result<Made, Refusal> {
    for book in [movement.debit, movement.credit] {
        open(tx, book).await?;
    }
    let between = (movement.debit.id(), movement.credit.id());
    write(tx, movement.id.0, between, movement.amount, (state, movement.reason.as_str()), movement.lot, at).await
}

async fn open(tx: &mut Tx, book: Book) -> Result<(), Refusal> {
    store::books::open(tx, book.id(), &book.to_string(), book.owed(), matches!(book, Book::SuspenseOut(_))).await
}

async fn write(
    tx: &mut Tx,
    id: Uuid,
    accounts: (Uuid, Uuid),
    amount: Money,
    (state, reason): (&'static str, &str),
    lot: Option<LotId>,
    at: DateTime<Utc>,
) -> Result<Made, Refusal> {
    let before = both(tx, accounts).await?;
    let new = store::books::insert(tx, id, accounts, amount, (state, reason), lot, at).await.map_err(refused)?;
    if !new && !store::books::is_same(tx, id, accounts, amount, reason).await? {
        return Err(Refusal::internal(format!("another movement stands under the id {id}")));
    }
    let fen = if new { amount.fen() } else { 0 };
    let (posted, pending) = if state == "posted" { (fen, 0) } else { (0, fen) };
    proved(before, both(tx, accounts).await?, posted, pending)?;
    Ok(if new { Made::Now } else { Made::Before })
}

/// Ends a pending movement. A second time with the same verdict changes nothing.
///
/// # Errors
/// Internal where it was decided otherwise before, or is not there: the caller's own rules must have seen that.
pub(crate) async fn decide(tx: &mut Tx, id: TransferId, verdict: Verdict, at: DateTime<Utc>) -> Result<Made, Refusal> {
    let gone = || Refusal::internal(format!("there is no movement {id}"));
    let Parts { debit, credit, amount, .. } = store::books::parts(tx, id.0).await?.ok_or_else(gone)?;
    let before = both(tx, (debit, credit)).await?;
    let state = if verdict == Verdict::Post { "posted" } else { "voided" };
    let was = store::books::decide(tx, id.0, state, at).await?.ok_or_else(gone)?;
    let made = match was.as_str() {
        "pending" => Made::Now,
        was if was == state => Made::Before,
        was => return Err(Refusal::internal(format!("movement {id} was {was} before it was to be {state}"))),
    };
    let fen = if made == Made::Now { amount.fen() } else { 0 };
    let posted = if verdict == Verdict::Post { fen } else { 0 };
    proved(before, both(tx, (debit, credit)).await?, posted, -fen)?;
    Ok(made)
}

/// The money of a pending movement turns out to have gone another way: voids it and moves its amount from its debited account to `to`.
///
/// # Errors
/// As [`decide`].
pub(crate) async fn divert(tx: &mut Tx, id: TransferId, to: Book, at: DateTime<Utc>) -> Result<(), Refusal> {
    let parts = store::books::parts(tx, id.0).await?;
    let parts = parts.ok_or_else(|| Refusal::internal(format!("there is no movement {id}")))?;
    decide(tx, id, Verdict::Void, at).await?;
    open(tx, to).await?;
    let (new, between) = (named(&format!("diverted/{id}")), (parts.debit, to.id()));
    write(tx, new, between, parts.amount, ("posted", &parts.reason), parts.lot, at).await?;
    Ok(())
}

/// What is owed on an account and not set apart: credits less debits, pending debits included.
pub(crate) async fn owed(tx: &mut Tx, book: Book) -> Result<Money, Refusal> {
    let balances = store::books::balances(&mut **tx, book.id()).await?;
    let fen = balances.map_or(0, |b| b.credits_posted - b.debits_posted - b.debits_pending);
    Ok(Money::from_fen(fen))
}

async fn both(tx: &mut Tx, (debit, credit): (Uuid, Uuid)) -> Result<(Balances, Balances), Refusal> {
    let gone = || Refusal::internal("an account of a movement is not there");
    let debit = store::books::balances(&mut **tx, debit).await?.ok_or_else(gone)?;
    let credit = store::books::balances(&mut **tx, credit).await?.ok_or_else(gone)?;
    Ok((debit, credit))
}

/// The second look where money moves: what the two accounts say after must be what they said before, and the movement.
fn proved(before: (Balances, Balances), after: (Balances, Balances), posted: i64, pending: i64) -> Result<(), Refusal> {
    let debit = Balances {
        debits_posted: before.0.debits_posted + posted,
        debits_pending: before.0.debits_pending + pending,
        ..before.0
    };
    let credit = Balances {
        credits_posted: before.1.credits_posted + posted,
        credits_pending: before.1.credits_pending + pending,
        ..before.1
    };
    if (debit, credit) == after {
        Ok(())
    } else {
        Err(Refusal::internal(format!(
            "the books do not add up: {before:?} moved by {posted} and {pending} to {after:?}"
        )))
    }
}

fn refused(error: sqlx::Error) -> Refusal {
    match Refusal::constraint(&error) {
        Some("account_debits_within_credits" | "account_credits_within_debits") => Refusal::conflict(Finding::refusal(
            "books.balance",
            "复式记账:应付款不得透支 (double entry: what is owed is not overdrawn)",
            Text::new(
                "账户余额不足,该笔款项可能已经付出或已排付",
                "The account holds less: the money was paid or ordered already",
            ),
            Text::new("请刷新后核对该账户的流水", "Look at the account's movements"),
        )),
        _ => error.into(),
    }
}

/// An id that follows from a name.
fn named(name: &str) -> Uuid {
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    let bytes = hash.as_ref().first_chunk::<16>().expect("a SHA-256 has 32 bytes");
    uuid::Builder::from_custom_bytes(*bytes).into_uuid()
}

#[cfg(test)]
mod tests;
