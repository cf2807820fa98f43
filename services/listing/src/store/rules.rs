//! Rulebooks that lots pin, and public numbers.

use sanbian_domain::rulebook::RulebookVersion;
use sanbian_proto::listing::v1::PublishedRulebook;
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgExecutor;

/// Keeps the rules a lot pins, word for word; kept already, nothing happens: the digest is the rules.
pub async fn keep(tx: &mut Tx, version: &RulebookVersion, canonical: &str) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.rulebook (digest, label, region, category, canonical) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        version.digest,
        version.version,
        version.region.as_str(),
        version.category.code(),
        canonical
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The rules with a digest.
pub async fn rulebook(db: impl PgExecutor<'_>, digest: &str) -> Result<Option<PublishedRulebook>, Refusal> {
    let found = sqlx::query_as!(
        PublishedRulebook,
        "SELECT digest, label, region, category, canonical AS text FROM listing.rulebook WHERE digest = $1",
        digest
    );
    Ok(found.fetch_optional(db).await?)
}

/// The next number of a county in a year: `500229-2026-00001`, that is county code, year (in China) and a serial without gaps.
///
/// The row's lock is held until the transaction ends, so that numbers are in the order of announcements and none is skipped.
pub async fn next_number(tx: &mut Tx, county: &str, year: i32) -> Result<String, Refusal> {
    let serial = sqlx::query_scalar!(
        "INSERT INTO listing.serial (county, year, latest) VALUES ($1, $2, 1)
         ON CONFLICT ON CONSTRAINT serial_pkey DO UPDATE SET latest = listing.serial.latest + 1 RETURNING latest",
        county,
        year
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(format!("{county}-{year}-{serial:05}"))
}
