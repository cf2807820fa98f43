//! What time itself makes visible: payouts and contracts past their day, and whether the books still add up. Nothing is decided here: that
//! somebody defaulted is for the exchange to declare.

use crate::{Deps, store};
use sanbian_runtime::{Refusal, clock, tick};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Looks once a minute until `stop`.
pub(crate) async fn run(deps: Deps, stop: CancellationToken) {
    tick::every("settlement.late", Duration::from_secs(60), stop, || look(&deps)).await;
}

async fn look(deps: &Deps) -> Result<(), Refusal> {
    let today = clock::day(deps.door.clock.now());
    let overdue = store::payout::overdue(&deps.pool, today).await?;
    let (unsigned, unpaid) = store::contract::late(&deps.pool, today).await?;
    let (posted, pending) = store::books::sums(&deps.pool).await?;
    for (gauge, count) in [
        ("sanbian_settlement_payouts_overdue", overdue),
        ("sanbian_settlement_contracts_unsigned", unsigned),
        ("sanbian_settlement_contracts_unpaid", unpaid),
    ] {
        metrics::gauge!(gauge).set(f64::from(i32::try_from(count).unwrap_or(i32::MAX)));
    }
    if (posted, pending) == (0, 0) {
        return Ok(());
    }
    Err(Refusal::internal(format!("the books do not add up: {posted} posted, {pending} pending")))
}
