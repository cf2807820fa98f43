//! Parties.

use chrono::{DateTime, Utc};
use sanbian_domain::ids::{AccountId, CollectiveId, PartyId};
use sqlx::{PgExecutor, Result};
use uuid::Uuid;

/// A party as it is kept.
pub struct PartyRow {
    /// The party.
    pub id: Uuid,
    /// The account that acts for it.
    pub account_id: Option<Uuid>,
    /// Kind.
    pub kind: String,
    /// Keyed hash of the identity number.
    pub identity_lookup: Vec<u8>,
    /// Sealed profile.
    pub profile: Vec<u8>,
    /// Sealed bank account.
    pub bank: Option<Vec<u8>>,
    /// Salt of the commitment.
    pub salt: Vec<u8>,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// The party of an id.
pub async fn by_id(db: impl PgExecutor<'_>, id: PartyId) -> Result<Option<PartyRow>> {
    sqlx::query_as!(
        PartyRow,
        "SELECT id, account_id, kind, identity_lookup, profile, bank, salt, registered_at FROM registry.parties WHERE id = $1",
        id.0
    )
    .fetch_optional(db)
    .await
}

/// The party of an account.
pub async fn by_account(db: impl PgExecutor<'_>, account: AccountId) -> Result<Option<PartyRow>> {
    sqlx::query_as!(
        PartyRow,
        "SELECT id, account_id, kind, identity_lookup, profile, bank, salt, registered_at FROM registry.parties
         WHERE account_id = $1",
        account.0
    )
    .fetch_optional(db)
    .await
}

/// The party of an identity number's hash, held until the transaction ends.
pub async fn by_lookup_held(db: impl PgExecutor<'_>, lookup: &[u8]) -> Result<Option<PartyRow>> {
    sqlx::query_as!(
        PartyRow,
        "SELECT id, account_id, kind, identity_lookup, profile, bank, salt, registered_at FROM registry.parties
         WHERE identity_lookup = $1 FOR UPDATE",
        lookup
    )
    .fetch_optional(db)
    .await
}

/// Adds a party.
pub async fn insert(db: impl PgExecutor<'_>, party: &PartyRow) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.parties (id, account_id, kind, identity_lookup, profile, bank, salt, registered_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        party.id,
        party.account_id,
        party.kind,
        party.identity_lookup,
        party.profile,
        party.bank,
        party.salt,
        party.registered_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a party that nobody acts for to an account, with what that account says of it.
pub async fn claim(
    db: impl PgExecutor<'_>,
    id: PartyId,
    account: AccountId,
    profile: &[u8],
    bank: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE registry.parties SET account_id = $2, profile = $3, bank = coalesce($4, bank), updated_at = $5
         WHERE id = $1 AND account_id IS NULL",
        id.0,
        account.0,
        profile,
        bank,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes a party's bank account.
pub async fn set_bank(db: impl PgExecutor<'_>, id: PartyId, bank: &[u8], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE registry.parties SET bank = $2, updated_at = $3 WHERE id = $1", id.0, bank, now)
        .execute(db)
        .await?;
    Ok(())
}

/// Records that somebody looked at unmasked data.
pub async fn look(
    db: impl PgExecutor<'_>,
    party: PartyId,
    viewer: AccountId,
    purpose: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.looks (id, party_id, viewer, purpose, at) VALUES ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        party.0,
        viewer.0,
        purpose,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Where a party is a member now.
pub struct MembershipRow {
    /// The collective.
    pub collective_id: Uuid,
    /// Its region.
    pub region: String,
    /// The member.
    pub member_id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// Whether the member votes.
    pub votes: bool,
}

/// The collectives of which the party is a member now; of one collective only, where it is given.
pub async fn memberships(
    db: impl PgExecutor<'_>,
    party: PartyId,
    collective: Option<CollectiveId>,
) -> Result<Vec<MembershipRow>> {
    sqlx::query_as!(
        MembershipRow,
        r#"SELECT c.id AS collective_id, c.region, m.id AS member_id, m.household_id, m.votes
         FROM registry.parties AS p
         JOIN registry.members AS m ON m.identity_lookup = p.identity_lookup AND m.left_on IS NULL
         JOIN registry.collectives AS c ON c.id = m.collective_id
         WHERE p.id = $1 AND ($2::uuid IS NULL OR c.id = $2)
         ORDER BY c.region, c.id"#,
        party.0,
        collective.map(|collective| collective.0)
    )
    .fetch_all(db)
    .await
}
