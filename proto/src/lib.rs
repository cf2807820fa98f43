//! The contracts between services, and of the public API: messages, clients and servers generated from `sanbian/*/v1/*.proto`.
//!
//! Owns: the shape of every call. Promises: one definition serves RPC, JSON and OpenAPI.
//!
//! **Invariants**
//! - Money is `int64` fen, decimals, dates and instants are text; no floating point anywhere.
//! - Message names are unique over all services, since they are the schema names of the OpenAPI document.
//! - A field that is filled from the URL or the connection is never read from a body.
//! - A message that carries a password or token shows nothing of itself in `Debug`.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

include!(concat!(env!("OUT_DIR"), "/all.rs"));
include!(concat!(env!("OUT_DIR"), "/silent.rs"));

pub use sanbian::*;

pub mod json;
