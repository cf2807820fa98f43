//! All SQL of this service.
//!
//! **Locks are taken in one order**, so that no two acts wait for each other: attempts by subject; accounts by id; sessions.

pub mod account;
pub mod attempt;
pub mod session;

use futures::future::BoxFuture;
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;

/// A write in a task and transaction of its own, as [`sanbian_runtime::act`] makes them, but whose answer is never stored: for what
/// carries secrets, and for refusals that must leave a mark (a counted failure, an ended session), which `body` returns as a value.
///
/// # Errors
/// What `body` fails with, and then nothing is kept.
pub async fn write<T, F>(pool: &PgPool, body: F) -> Result<T, Refusal>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<T, Refusal>> + Send + 'static,
{
    let pool = pool.clone();
    let task = tokio::spawn(async move {
        let mut tx = pool.begin().await?;
        let done = body(&mut tx).await?;
        tx.commit().await?;
        sanbian_runtime::log::APPENDED.notify_one();
        Ok(done)
    });
    task.await.map_err(Refusal::internal)?
}
