//! Households and members.

use chrono::NaiveDate;
use sanbian_domain::ids::{CollectiveId, MemberId};
use sqlx::{PgConnection, PgExecutor, Result};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Ids of members by the hash of their identity number.
type ByLookup = HashMap<Vec<u8>, Uuid>;

/// Everybody who ever was a member: a person who comes back keeps the id.
pub async fn known(db: impl PgExecutor<'_>, collective: CollectiveId) -> Result<ByLookup> {
    let rows = sqlx::query!("SELECT id, identity_lookup FROM registry.members WHERE collective_id = $1", collective.0)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.identity_lookup, row.id)).collect())
}

/// Marks all present members as having left on `day`, and says who they were. [`write`] then brings back those still there.
pub async fn leave_all(db: impl PgExecutor<'_>, collective: CollectiveId, day: NaiveDate) -> Result<HashSet<Vec<u8>>> {
    let lookups = sqlx::query_scalar!(
        "UPDATE registry.members SET left_on = $2 WHERE collective_id = $1 AND left_on IS NULL RETURNING identity_lookup",
        collective.0,
        day
    )
    .fetch_all(db)
    .await?;
    Ok(lookups.into_iter().collect())
}

/// The ids of households by number; those not known yet are made.
pub async fn households(
    db: impl PgExecutor<'_>,
    collective: CollectiveId,
    numbers: &[String],
) -> Result<HashMap<String, Uuid>> {
    let ids: Vec<Uuid> = numbers.iter().map(|_| Uuid::now_v7()).collect();
    let rows = sqlx::query!(
        "INSERT INTO registry.households (id, collective_id, number)
         SELECT new.id, $1, new.number FROM unnest($2::uuid[], $3::text[]) AS new (id, number)
         ON CONFLICT ON CONSTRAINT households_number_key DO UPDATE SET number = excluded.number
         RETURNING id, number",
        collective.0,
        &ids,
        numbers
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number, row.id)).collect())
}

/// Members to write, column by column.
#[derive(Default)]
pub struct Columns {
    /// Ids: the known one where there is one.
    pub ids: Vec<Uuid>,
    /// Households.
    pub households: Vec<Uuid>,
    /// Hashes of identity numbers.
    pub lookups: Vec<Vec<u8>>,
    /// Sealed profiles.
    pub profiles: Vec<Vec<u8>>,
    /// Relations to the head.
    pub relations: Vec<String>,
    /// Who votes.
    pub votes: Vec<bool>,
}

/// Writes the present members.
pub async fn write(db: &mut PgConnection, collective: CollectiveId, columns: &Columns) -> Result<()> {
    sqlx::query!(
        "INSERT INTO registry.members (id, collective_id, household_id, identity_lookup, profile, relation, votes)
         SELECT new.id, $1, new.household, new.lookup, new.profile, new.relation, new.votes
         FROM unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::text[], $7::boolean[])
            AS new (id, household, lookup, profile, relation, votes)
         ON CONFLICT ON CONSTRAINT members_identity_key DO UPDATE SET household_id = excluded.household_id,
            profile = excluded.profile, relation = excluded.relation, votes = excluded.votes, left_on = NULL",
        collective.0,
        &columns.ids,
        &columns.households,
        &columns.lookups,
        &columns.profiles,
        &columns.relations,
        &columns.votes
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Who of `lookups` is a member of another collective too, and of which. A collective and those inside its region, or around it, may
/// have members in common: a village's and its groups'.
pub async fn elsewhere(
    db: impl PgExecutor<'_>,
    collective: CollectiveId,
    region: &str,
    lookups: &[Vec<u8>],
) -> Result<Vec<(Vec<u8>, String)>> {
    let rows = sqlx::query!(
        "SELECT m.identity_lookup, c.name FROM registry.members AS m JOIN registry.collectives AS c ON c.id = m.collective_id
         WHERE m.identity_lookup = ANY($3) AND m.left_on IS NULL AND c.id <> $1
            AND NOT starts_with(c.region, $2) AND NOT starts_with($2, c.region)
         ORDER BY c.name, m.id LIMIT 50",
        collective.0,
        region,
        lookups
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.identity_lookup, row.name)).collect())
}

/// A member as it is kept.
pub struct MemberRow {
    /// The member.
    pub id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// Its number.
    pub household_number: String,
    /// Sealed profile.
    pub profile: Vec<u8>,
    /// Relation to the head.
    pub relation: String,
    /// Whether the member votes.
    pub votes: bool,
}

/// Present members by household, the head first, after the one of `cursor`.
pub async fn list(
    db: impl PgExecutor<'_>,
    collective: CollectiveId,
    cursor: Option<MemberId>,
    limit: i64,
) -> Result<Vec<MemberRow>> {
    sqlx::query_as!(
        MemberRow,
        "SELECT m.id, m.household_id, h.number AS household_number, m.profile, m.relation, m.votes
         FROM registry.members AS m JOIN registry.households AS h ON h.id = m.household_id
         WHERE m.collective_id = $1 AND m.left_on IS NULL
            AND ($2::uuid IS NULL OR (h.number, m.relation <> 'head', m.id) > (
                SELECT oh.number, om.relation <> 'head', om.id
                FROM registry.members AS om JOIN registry.households AS oh ON oh.id = om.household_id
                WHERE om.id = $2 AND om.collective_id = $1))
         ORDER BY h.number, m.relation <> 'head', m.id LIMIT $3",
        collective.0,
        cursor.map(|cursor| cursor.0),
        limit
    )
    .fetch_all(db)
    .await
}
