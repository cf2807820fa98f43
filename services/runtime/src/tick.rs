//! Deadlines: work that time itself sets off.

use crate::Refusal;
use std::{future::Future, time::Duration};
use tokio_util::sync::CancellationToken;

/// Calls `work` every `period` until `stop`. An error is logged and counted, and the next round tries again: nothing is ever
/// dropped because it failed often.
pub async fn every<F>(name: &'static str, period: Duration, stop: CancellationToken, mut work: impl FnMut() -> F)
where
    F: Future<Output = Result<(), Refusal>>,
{
    let mut rounds = tokio::time::interval(period);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = rounds.tick() => {}
        }
        if let Err(error) = work().await {
            metrics::counter!("sanbian_tick_errors_total", "tick" => name).increment(1);
            tracing::error!(tick = name, %error, "a deadline's work failed; it will be tried again");
        }
    }
}
