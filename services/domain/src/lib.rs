//! # The pure core (三变 Sanbian)
//!
//! Owns everything that the law and the rulebooks say: money, areas, the calendar, identity numbers, regions, rights,
//! rulebooks, collective decisions, the life of a lot, auctions, priority, deposits, contracts. Plain synchronous Rust.
//!
//! Promises: the same inputs give the same answer, on the exchange's machine and on a supervisor's. The verifier calls the
//! very functions the exchange ran.
//!
//! **Invariants**
//! - **No I/O, no clock, no async, no database, no randomness**: time and seeds are arguments (`Cargo.toml` makes it true).
//! - **No floating point for money or areas.** Money is integer fen; areas, ratios and unit prices are decimals, and each
//!   rounding is named.
//! - **A refusal is data**: every refused act returns [`finding::Finding`]s that name rule, basis, facts and remedy in
//!   Chinese and English.
//! - **A rule's number stands in a rulebook, never in code.**

pub mod auction;
pub mod calendar;
pub mod comparables;
pub mod contract;
pub mod decision;
pub mod deposit;
pub mod fact;
pub mod fee;
pub mod finding;
pub mod identity;
pub mod ids;
pub mod import;
pub mod listing;
pub mod lot;
pub mod money;
pub mod mu;
pub mod notice;
pub mod price;
pub mod priority;
pub mod ratio;
pub mod region;
pub mod rights;
pub mod role;
pub mod rulebook;
#[cfg(feature = "schema")]
mod schema;
pub mod term;
pub mod transfer;
mod wording;
