//! # The transparency log (存证日志)
//!
//! Owns: the one ordered, append-only log of everything the exchange did; its Merkle tree, its public files, its checkpoints
//! and proofs. The modules without the `server` feature are the public format alone: a supervisor's verifier is built from
//! them and the pure core.
//!
//! Promises: an entry whose transaction committed is in the log once, at one index, for good; every reader sees the same order;
//! anyone can check all of it from static files and one pinned key.
//!
//! **Invariants**
//! - **The tree alone is the proof**: RFC 6962 hashing, no second chain beside it.
//! - **The format is C2SP's**: tlog-tiles, tlog-checkpoint, signed-note, tlog-proof. It is final from the first entry.
//! - **Nothing is handed out that the signed root does not prove** ([`reader`]).
//! - **An entry is canonical JSON (RFC 8785) of at most 65,535 bytes** ([`envelope`]).
#![cfg_attr(
    feature = "server",
    doc = "
With the `server` feature:
- **One sequencer**, by an advisory lock and by compare-and-swap of the checkpoint: entries, tiles and checkpoint commit together
  ([`sequencer`]).
- **The outbox is read by consuming it**: its ids are not commit order, and nothing is skipped.
- **The checkpoint is published after every file it needs**; what was committed and not published is published at the next start
  ([`publisher`]).
- **A log that was set back or forked does not start** ([`sequencer::Refused`]).
"
)]

pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod envelope;
pub mod hash;
pub mod key;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod reader;
pub mod tiles;
pub mod tree;

#[cfg(feature = "server")]
pub mod fault;
#[cfg(feature = "server")]
pub mod keyfile;
#[cfg(feature = "server")]
pub mod publisher;
#[cfg(feature = "server")]
mod rpc;
#[cfg(feature = "server")]
pub mod run;
#[cfg(feature = "server")]
pub mod sequencer;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod store;

#[cfg(feature = "server")]
pub use run::{Ledger, Options};
