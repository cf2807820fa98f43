//! # Tests across services: what they share
//!
//! Owns: a program started as an office starts it ([`exchange`]), people who call it over HTTP and nothing else ([`http`], [`cast`]), one
//! whole transfer as a script of steps ([`transfer`]), a county with one of everything ([`county`]), and a reader of the public log ([`log`]).
//!
//! **Invariants**
//! - **Nothing goes around the front door**: the tests know the HTTP routes, the printed lines and the public files, no crate of a service.
//! - **Nothing outlives a test**: programs, database servers and folders are ended and removed, also when the test fails.
//! - **Days don't depend on the day the tests run**: business time begins at [`exchange::BEGIN`].

pub mod bank;
pub mod cast;
pub mod county;
pub mod exchange;
pub mod http;
pub mod log;
pub mod nobody;
pub mod transfer;

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How long services may take to hear of each other through the log, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(45);

/// Asks again and again until there is an answer: services hear of each other through the log, a moment later.
///
/// # Panics
/// Where there is none in [`PATIENCE`].
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "{what}: not in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}
