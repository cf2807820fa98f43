//! Accounts and the roles they hold.

use chrono::{DateTime, Utc};
use sanbian_domain::role::{Grant, Role};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// An account as it is kept: names sealed.
pub struct AccountRow {
    /// Pseudonymous id.
    pub id: Uuid,
    /// Sealed sign-in name.
    pub username_sealed: Vec<u8>,
    /// Sealed name to greet by.
    pub display_name_sealed: Vec<u8>,
    /// PHC string.
    pub password_hash: String,
    /// Whether the password must be changed before any role counts.
    pub must_change_password: bool,
    /// Whose administrators look after it.
    pub region: String,
    /// Business time.
    pub created_at: DateTime<Utc>,
    /// Business time.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A new account. `lookup` is the keyed hash of its sign-in name.
pub async fn insert(tx: &mut Tx, row: &AccountRow, lookup: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO identity.account (id, username_lookup, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id,
        lookup,
        row.username_sealed,
        row.display_name_sealed,
        row.password_hash,
        row.must_change_password,
        row.region,
        row.created_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The account of a sign-in name's keyed hash.
pub async fn by_lookup(pool: &PgPool, lookup: &[u8]) -> Result<Option<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at, disabled_at
         FROM identity.account WHERE username_lookup = $1",
        lookup,
    )
    .fetch_optional(pool)
    .await?)
}

/// The account.
pub async fn by_id(pool: &PgPool, id: Uuid) -> Result<Option<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at, disabled_at
         FROM identity.account WHERE id = $1",
        id,
    )
    .fetch_optional(pool)
    .await?)
}

/// Accounts held against any change until the transaction ends, in the order of their ids; missing ones are left out.
pub async fn lock(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at, disabled_at
         FROM identity.account WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        ids,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// An account held against change, while others may read it so too: what sessions are opened and continued under.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<Option<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at, disabled_at
         FROM identity.account WHERE id = $1 FOR SHARE",
        id,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// A new password, chosen by the owner.
pub async fn set_password(tx: &mut Tx, id: Uuid, password_hash: &str) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE identity.account SET password_hash = $2, must_change_password = false WHERE id = $1",
        id,
        password_hash,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Nobody signs in to it any more.
pub async fn disable(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE identity.account SET disabled_at = $2 WHERE id = $1", id, at).execute(&mut **tx).await?;
    Ok(())
}

/// Accounts that belong to, or hold a role in, one of `regions`, newest first, from after `before`.
pub async fn page(
    pool: &PgPool,
    regions: &[String],
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<AccountRow>, Refusal> {
    Ok(sqlx::query_as!(
        AccountRow,
        "SELECT id, username_sealed, display_name_sealed, password_hash, must_change_password, region, created_at, disabled_at
         FROM identity.account AS a
         WHERE ($2::uuid IS NULL OR id < $2)
           AND (EXISTS (SELECT FROM unnest($1::text[]) AS mine WHERE starts_with(a.region, mine))
             OR EXISTS (SELECT FROM identity.role_grant AS g, unnest($1::text[]) AS mine
                        WHERE g.account = a.id AND starts_with(g.region, mine)))
         ORDER BY id DESC LIMIT $3",
        regions,
        before,
        limit,
    )
    .fetch_all(pool)
    .await?)
}

/// The roles that each of the accounts holds.
pub async fn grants(pool: &PgPool, accounts: &[Uuid]) -> Result<Vec<(Uuid, Grant)>, Refusal> {
    let rows = sqlx::query!(
        "SELECT account, role, region FROM identity.role_grant WHERE account = ANY($1) ORDER BY account, region, role",
        accounts,
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(|row| Ok((row.account, read(&row.role, row.region)?))).collect()
}

/// The roles that an account holds, within a transaction that holds the account.
pub async fn grants_of(tx: &mut Tx, account: Uuid) -> Result<Vec<Grant>, Refusal> {
    let rows =
        sqlx::query!("SELECT role, region FROM identity.role_grant WHERE account = $1 ORDER BY region, role", account)
            .fetch_all(&mut **tx)
            .await?;
    rows.into_iter().map(|row| read(&row.role, row.region)).collect()
}

fn read(role: &str, region: String) -> Result<Grant, Refusal> {
    Ok(Grant { role: role.parse::<Role>().map_err(Refusal::internal)?, region })
}

/// Gives a role; whether it was not held already.
pub async fn grant(tx: &mut Tx, account: Uuid, grant: &Grant) -> Result<bool, Refusal> {
    let done = sqlx::query!(
        "INSERT INTO identity.role_grant (account, role, region) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account,
        grant.role.as_str(),
        grant.region,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a role away; whether it was held.
pub async fn revoke(tx: &mut Tx, account: Uuid, grant: &Grant) -> Result<bool, Refusal> {
    let done = sqlx::query!(
        "DELETE FROM identity.role_grant WHERE account = $1 AND role = $2 AND region = $3",
        account,
        grant.role.as_str(),
        grant.region,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether an account that can still be signed in to holds the administrator's role anywhere. Calls within transactions wait for one
/// another here, so that two first administrators can't be made at once.
pub async fn administrator_exists(tx: &mut Tx) -> Result<bool, Refusal> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('identity.first-administrator'))").execute(&mut **tx).await?;
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM identity.role_grant AS g JOIN identity.account AS a ON a.id = g.account
                          WHERE g.role = 'administrator' AND a.disabled_at IS NULL) AS "exists!""#
    )
    .fetch_one(&mut **tx)
    .await?)
}
