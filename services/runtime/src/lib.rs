//! # The shell every service shares
//!
//! Owns: who is calling ([`context`]), what a refusal is on the wire ([`refusal`]), connections ([`db`]), the one way to write
//! ([`act`](act::act)), the one way to tell others ([`log`]), the one way to hear of others ([`follow`]), the clock, tokens, sealing of
//! personal data, and calls between services ([`peers`]).
//!
//! Promises: a service built on it behaves alike in one process and in many.
//!
//! **Invariants**
//! - **A write is one transaction in a task of its own**: a client that goes away never cancels or doubles it (sqlx issue 4385).
//! - **A fact is appended in the transaction that makes it true**, and read by others from the one ordered log.
//! - **A repeated call with the same idempotency key gives the first answer.**
//! - **Business time comes from [`clock::Clock`]**, which never steps back; tokens use the wall clock.
//! - **Connections come back clean**: whatever a dropped future left open is rolled back before reuse.

pub mod act;
pub mod calendar;
pub mod clock;
pub mod context;
pub mod db;
pub mod follow;
pub mod log;
pub mod peers;
pub mod refusal;
pub mod rpc;
pub mod seal;
pub mod secret;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tick;
pub mod token;

pub use act::act;
pub use calendar::calendar;
pub use clock::Clock;
pub use context::{Caller, Context};
pub use refusal::{Kind, Refusal};
/// A write transaction of a service.
pub type Tx = sqlx::Transaction<'static, sqlx::Postgres>;
