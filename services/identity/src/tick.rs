//! What time itself sets off: forgetting.

use crate::{Deps, store};
use chrono::TimeDelta;
use sanbian_runtime::{Refusal, tick};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a session that is over is kept, so that its owner, or a replay, is told why it is over.
const KEEP: TimeDelta = TimeDelta::days(7);

/// Drops, once an hour until `stop`, sessions and counts that nothing looks at any more.
pub async fn run(deps: Deps, stop: CancellationToken) {
    tick::every("identity.forget", Duration::from_secs(3600), stop, || forget(&deps)).await;
}

async fn forget(deps: &Deps) -> Result<(), Refusal> {
    let now = deps.door.clock.wall();
    let attempts = &deps.rules.attempts;
    let longest = [&attempts.account, &attempts.source, &attempts.sign_up].map(|limit| limit.forget_after_seconds);
    let longest = TimeDelta::seconds(longest.into_iter().max().unwrap_or_default().into());
    let known = TimeDelta::days(attempts.known_source_days.into());
    store::attempt::forget(&deps.pool, now - longest, now - known).await?;
    let sessions = store::session::forget(&deps.pool, now - KEEP, now - KEEP - deps.rules.session.idle()).await?;
    tracing::debug!(sessions, "old sessions were dropped");
    Ok(())
}
