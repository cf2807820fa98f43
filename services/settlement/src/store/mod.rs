//! All SQL of settlement, a file for each thing kept.

pub(crate) mod bank;
pub(crate) mod books;
pub(crate) mod certificate;
pub(crate) mod contract;
pub(crate) mod deposit;
pub(crate) mod lot;
pub(crate) mod payout;

use sanbian_runtime::{Refusal, Tx};

/// The next number of a kind within a county and year, from 1 without gaps.
pub(crate) async fn serial(tx: &mut Tx, kind: &str, county: &str, year: i32) -> Result<u32, Refusal> {
    let latest = sqlx::query_scalar!(
        "INSERT INTO settlement.serial (kind, county, year, latest) VALUES ($1, $2, $3, 1)
         ON CONFLICT ON CONSTRAINT serial_pkey DO UPDATE SET latest = settlement.serial.latest + 1
         RETURNING latest",
        kind,
        county,
        year
    )
    .fetch_one(&mut **tx)
    .await?;
    u32::try_from(latest).map_err(Refusal::internal)
}
