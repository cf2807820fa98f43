//! Deadlines that supervision watches.

use crate::{Deps, alerts, store};
use sanbian_runtime::{Refusal, clock, log, tick};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub(crate) async fn run(deps: &Deps, stop: CancellationToken) {
    tick::every("supervision.payments", Duration::from_secs(2), stop, || late_payments(deps)).await;
}

async fn late_payments(deps: &Deps) -> Result<(), Refusal> {
    let now = deps.door.clock.now();
    let today = clock::day(now);
    let mut tx = deps.pool.begin().await?;
    for lot in store::unpaid(&mut tx, today).await? {
        if let Some(pay_by) = lot.pay_by {
            alerts::payment_late(&mut tx, &lot, pay_by, today, now).await?;
        }
    }
    tx.commit().await?;
    log::APPENDED.notify_one();
    Ok(())
}
