//! An act under way: its transaction, its time, whose it is, and what it will tell the log.

use crate::{
    books,
    reference::{Purpose, Reference},
    store::{self, lot::LotRow},
};
use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{
    fact::{Entry, Fact, SYSTEM},
    ids::AccountId,
};
use sanbian_runtime::{Context, Refusal, Tx, clock, log, seal::Sealer};

/// An act. Every one that may move money begins here: it waits for the act before it, so that what it reads of the books stays true until it
/// commits.
pub(crate) struct Work<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) sealer: Sealer,
    /// Business time of the act.
    pub(crate) at: DateTime<Utc>,
    /// The person whose act it is; none where it follows from a fact.
    pub(crate) person: Option<AccountId>,
    actor: String,
    told: Vec<Entry>,
}

impl<'t> Work<'t> {
    /// An act that follows from a fact of `at`.
    pub(crate) async fn following(tx: &'t mut Tx, sealer: &Sealer, at: DateTime<Utc>) -> Result<Self, Refusal> {
        store::books::lock(tx).await?;
        Ok(Self { tx, sealer: sealer.clone(), at, person: None, actor: SYSTEM.to_owned(), told: Vec::new() })
    }

    /// An act of the caller.
    pub(crate) async fn of(tx: &'t mut Tx, sealer: &Sealer, ctx: &Context) -> Result<Self, Refusal> {
        store::books::lock(tx).await?;
        let person = ctx.signed_in()?.account;
        Ok(Self { tx, sealer: sealer.clone(), at: ctx.now, person: Some(person), actor: ctx.actor(), told: Vec::new() })
    }

    /// The day of the act in China.
    pub(crate) fn today(&self) -> NaiveDate {
        clock::day(self.at)
    }

    /// Says a fact of a lot.
    pub(crate) fn tell(&mut self, lot: &LotRow, fact: impl Into<Fact>) {
        self.tell_of(format!("lot:{}", lot.id()), &lot.region, &lot.rulebook, fact);
    }

    /// Says a fact of something else.
    pub(crate) fn tell_of(&mut self, subject: String, region: &str, rulebook: &str, fact: impl Into<Fact>) {
        self.told.push(Entry {
            at: self.at,
            actor: self.actor.clone(),
            subject,
            region: region.to_owned(),
            rulebook: rulebook.to_owned(),
            fact: fact.into(),
        });
    }

    /// A reference code for `subject` that nothing else has.
    pub(crate) async fn reference(&mut self, purpose: Purpose, subject: &str) -> Result<Reference, Refusal> {
        let mut attempt = 0_u32;
        loop {
            let seed = self.sealer.lookup(&format!("reference/{subject}/{attempt}"));
            let reference = Reference::derive(purpose, &seed);
            if !store::payout::knows_reference(self.tx, reference.as_str()).await? {
                return Ok(reference);
            }
            attempt += 1;
        }
    }

    /// Moves money at once.
    pub(crate) async fn post(&mut self, movement: &books::Movement) -> Result<books::Made, Refusal> {
        books::post(self.tx, movement, self.at).await
    }

    /// Tells the log. Last of all, when every row is locked: then the order of entries about one thing is the order of the acts on it.
    pub(crate) async fn done(self) -> Result<(), Refusal> {
        if self.told.is_empty() { Ok(()) } else { log::append(self.tx, &self.told).await }
    }
}
