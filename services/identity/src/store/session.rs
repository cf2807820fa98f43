//! Sessions and their refresh tokens. Wall-clock times.

use crate::refresh::SessionTimes;
use chrono::{DateTime, Utc};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// Why a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The owner signed out.
    SignedOut,
    /// The owner ended it from another session.
    Revoked,
    /// A used refresh token came again.
    Replayed,
    /// Too old, or not used for too long.
    Expired,
    /// The owner changed the password in another session.
    PasswordChanged,
    /// An administrator disabled the account.
    AccountDisabled,
}

impl Why {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::Revoked => "revoked",
            Self::Replayed => "replayed",
            Self::Expired => "expired",
            Self::PasswordChanged => "password-changed",
            Self::AccountDisabled => "account-disabled",
        }
    }
}

/// A session as it is kept: the client sealed.
pub struct SessionRow {
    /// The session.
    pub id: Uuid,
    /// Sealed address and name of the client.
    pub client_sealed: Vec<u8>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was last continued.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, used or not.
    pub expires_at: DateTime<Utc>,
}

/// Opens a session with its first refresh token.
pub async fn open(tx: &mut Tx, account: Uuid, row: &SessionRow, token_digest: &[u8]) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO identity.session (id, account, client_sealed, opened_at, last_used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        row.id,
        account,
        row.client_sealed,
        row.opened_at,
        row.last_used_at,
        row.expires_at,
    )
    .execute(&mut **tx)
    .await?;
    issue(tx, row.id, token_digest, row.opened_at).await
}

async fn issue(tx: &mut Tx, session: Uuid, digest: &[u8], at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO identity.refresh_token (digest, session, issued_at) VALUES ($1, $2, $3)",
        digest,
        session,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The session and account of a refresh token, used or not. Nothing is locked: these two never change.
pub async fn of_token(pool: &PgPool, digest: &[u8]) -> Result<Option<(Uuid, Uuid)>, Refusal> {
    let row = sqlx::query!(
        "SELECT s.id, s.account FROM identity.refresh_token AS t JOIN identity.session AS s ON s.id = t.session WHERE t.digest = $1",
        digest,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.id, row.account)))
}

/// A session held against change; none where it is gone.
pub async fn lock(tx: &mut Tx, session: Uuid) -> Result<Option<SessionTimes>, Refusal> {
    Ok(sqlx::query_as!(
        SessionTimes,
        "SELECT last_used_at, expires_at, ended_at FROM identity.session WHERE id = $1 FOR UPDATE",
        session,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// When a refresh token was used; the outer none where it is gone. To be read after its session is locked: a join under the lock would
/// give the token as it was before the wait.
pub async fn token_use(tx: &mut Tx, digest: &[u8]) -> Result<Option<Option<DateTime<Utc>>>, Refusal> {
    Ok(sqlx::query_scalar!("SELECT used_at FROM identity.refresh_token WHERE digest = $1", digest)
        .fetch_optional(&mut **tx)
        .await?)
}

/// Turns a locked session's token over: `used` is used now, `next` stands in its place.
pub async fn turn(tx: &mut Tx, session: Uuid, used: &[u8], next: &[u8], now: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE identity.refresh_token SET used_at = $2 WHERE digest = $1", used, now)
        .execute(&mut **tx)
        .await?;
    // The wall clock may step back; the order of a session's times stands.
    sqlx::query!("UPDATE identity.session SET last_used_at = greatest(last_used_at, $2) WHERE id = $1", session, now)
        .execute(&mut **tx)
        .await?;
    issue(tx, session, next, now).await
}

/// Ends a session; whether it was running.
pub async fn end(tx: &mut Tx, session: Uuid, why: Why, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let done = sqlx::query!(
        "UPDATE identity.session SET ended_at = $3, ended_why = $2 WHERE id = $1 AND ended_at IS NULL",
        session,
        why.as_str(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends one session if it is `account`'s; whether it is.
pub async fn end_own(tx: &mut Tx, account: Uuid, session: Uuid, now: DateTime<Utc>) -> Result<bool, Refusal> {
    let done = sqlx::query!(
        "UPDATE identity.session SET ended_at = coalesce(ended_at, $4), ended_why = coalesce(ended_why, $3) WHERE id = $2 AND account = $1",
        account,
        session,
        Why::Revoked.as_str(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all of an account's sessions but `except`.
pub async fn end_all(
    tx: &mut Tx,
    account: Uuid,
    except: Option<Uuid>,
    why: Why,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE identity.session SET ended_at = $4, ended_why = $3 WHERE account = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2",
        account,
        except,
        why.as_str(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether a session of `account` can be acted in: not ended, not past its end.
pub async fn is_running(pool: &PgPool, account: Uuid, session: Uuid, now: DateTime<Utc>) -> Result<bool, Refusal> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM identity.session WHERE id = $2 AND account = $1 AND ended_at IS NULL AND expires_at > $3) AS "exists!""#,
        account,
        session,
        now,
    )
    .fetch_one(pool)
    .await?)
}

/// An account's sessions that can still be continued, newest first, at most a hundred. `used_since` is where idleness begins.
pub async fn running(
    pool: &PgPool,
    account: Uuid,
    used_since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<SessionRow>, Refusal> {
    Ok(sqlx::query_as!(
        SessionRow,
        "SELECT id, client_sealed, opened_at, last_used_at, expires_at FROM identity.session
         WHERE account = $1 AND ended_at IS NULL AND last_used_at > $2 AND expires_at > $3
         ORDER BY id DESC LIMIT 100",
        account,
        used_since,
        now,
    )
    .fetch_all(pool)
    .await?)
}

/// Drops sessions that ended, or could not be continued any more, before `before`; their tokens go with them.
pub async fn forget(pool: &PgPool, before: DateTime<Utc>, idle_before: DateTime<Utc>) -> Result<u64, Refusal> {
    let done = sqlx::query!(
        "DELETE FROM identity.session WHERE ended_at < $1 OR expires_at < $1 OR last_used_at < $2",
        before,
        idle_before,
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
