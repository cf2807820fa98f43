//! Telling others: a fact is appended in the transaction that makes it true.

use crate::{Context, Refusal, Tx};
use chrono::{DateTime, Utc};
use sanbian_domain::fact::{Entry, Fact};
use tokio::sync::Notify;

/// Rung after a commit that appended entries, so that the sequencer of this process need not wait for its next round.
pub static APPENDED: Notify = Notify::const_new();

/// Builds an entry of `ctx`'s actor and time.
pub fn entry(ctx: &Context, subject: impl Into<String>, region: &str, rulebook: &str, fact: impl Into<Fact>) -> Entry {
    Entry {
        at: ctx.now,
        actor: ctx.actor(),
        subject: subject.into(),
        region: region.to_owned(),
        rulebook: rulebook.to_owned(),
        fact: fact.into(),
    }
}

/// Builds an entry of the system's own: deadlines, closings, what follows from other facts.
pub fn system_entry(
    at: DateTime<Utc>,
    subject: impl Into<String>,
    region: &str,
    rulebook: &str,
    fact: impl Into<Fact>,
) -> Entry {
    Entry {
        at,
        actor: sanbian_domain::fact::SYSTEM.to_owned(),
        subject: subject.into(),
        region: region.to_owned(),
        rulebook: rulebook.to_owned(),
        fact: fact.into(),
    }
}

/// Appends entries, in this order, to the log with the transaction.
///
/// # Errors
/// Where an entry is too large or the database fails; the transaction is then not to be committed.
pub async fn append(tx: &mut Tx, entries: &[Entry]) -> Result<(), Refusal> {
    let bodies: Vec<Vec<u8>> =
        entries.iter().map(Entry::to_bytes).collect::<Result<_, _>>().map_err(Refusal::internal)?;
    append_bytes(tx, &bodies).await
}

/// Appends entries already in canonical form: for the one place that writes thousands a second.
///
/// # Errors
/// As [`append`].
pub async fn append_bytes(tx: &mut Tx, bodies: &[Vec<u8>]) -> Result<(), Refusal> {
    sqlx::query("SELECT outbox.append($1)").bind(bodies).execute(&mut **tx).await?;
    Ok(())
}
