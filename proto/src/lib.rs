//! The contracts between services, and of the public API: messages, clients and servers generated from `sanbian/*/v1/*.proto`.
//!
//! Owns: the shape of every call. Promises: one definition serves RPC, JSON and OpenAPI.
//!
//! **Invariants**
//! - Money is `int64` fen, decimals, dates and instants are text; no floating point anywhere.
//! - Message names are unique over all services, since they are the schema names of the OpenAPI document.
//! - A field that is filled from the URL is never read from a body.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

include!(concat!(env!("OUT_DIR"), "/all.rs"));

pub use sanbian::*;

pub mod json;
