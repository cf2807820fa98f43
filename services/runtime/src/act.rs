//! The one way to write.

use crate::{Context, Refusal, Tx, log, refusal::Kind};
use futures::future::BoxFuture;
use prost::Message;
use ring::digest;
use sanbian_domain::finding::{Finding, Text};
use sqlx::{PgPool, Row};

/// Does a write: in a task of its own (so that a client's disconnect never cancels it), in one transaction, and once for each
/// idempotency key of the caller. A repeated call with the same key and request gets the first answer.
///
/// `name` tells acts apart: a key used for one act can't be used for another. Refused acts leave nothing behind, their key included.
///
/// # Errors
/// What `body` refuses; a conflict where the key was used for something else; unavailable where the database is.
pub async fn act<Q, R, F>(ctx: &Context, pool: &PgPool, name: &'static str, request: &Q, body: F) -> Result<R, Refusal>
where
    Q: Message,
    R: Message + Default + 'static,
    F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<R, Refusal>> + Send + 'static,
{
    let key = ctx.idempotency_key.clone();
    let account = ctx.caller.as_ref().map_or_else(uuid::Uuid::nil, |caller| caller.account.0);
    let request_digest = digest::digest(&digest::SHA256, &request.encode_to_vec()).as_ref().to_vec();
    let pool = pool.clone();
    let span = tracing::Span::current();
    let task = tokio::spawn(tracing::Instrument::instrument(
        async move {
            let mut tx = pool.begin().await?;
            if let Some(key) = &key
                && let Some(first) = claim(&mut tx, account, key, name, &request_digest).await?
            {
                return R::decode(first.as_slice()).map_err(Refusal::internal);
            }
            let response = body(&mut tx).await?;
            if let Some(key) = &key {
                sqlx::query("UPDATE idempotency SET response = $3 WHERE account = $1 AND key = $2")
                    .bind(account)
                    .bind(key)
                    .bind(response.encode_to_vec())
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            log::APPENDED.notify_one();
            Ok(response)
        },
        span,
    ));
    task.await.map_err(Refusal::internal)?
}

/// Claims the key for this act; the first answer where it was already done. A concurrent call with the same key waits here until
/// the first one ends.
async fn claim(
    tx: &mut Tx,
    account: uuid::Uuid,
    key: &str,
    act: &str,
    request_digest: &[u8],
) -> Result<Option<Vec<u8>>, Refusal> {
    if key.is_empty() || key.len() > 128 {
        return Err(Refusal::malformed("Idempotency-Key", "1 to 128 characters"));
    }
    let claimed = sqlx::query(
        "INSERT INTO idempotency (account, key, act, request_digest) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(account)
    .bind(key)
    .bind(act)
    .bind(request_digest)
    .execute(&mut **tx)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(None);
    }
    let first = sqlx::query("SELECT act, request_digest, response FROM idempotency WHERE account = $1 AND key = $2")
        .bind(account)
        .bind(key)
        .fetch_one(&mut **tx)
        .await?;
    if first.get::<String, _>("act") != act || first.get::<Vec<u8>, _>("request_digest") != request_digest {
        return Err(Refusal::of(
            Kind::Conflict,
            Finding::refusal(
                "request.idempotency-key",
                "接口规则：幂等键只对应一次请求 (API rule: one key, one request)",
                Text::new("该幂等键已用于另一请求。", "This idempotency key was used for another request."),
                Text::new("请为新的操作使用新的幂等键。", "Use a new key for a new act."),
            ),
        ));
    }
    first
        .get::<Option<Vec<u8>>, _>("response")
        .map(Some)
        .ok_or_else(|| Refusal::internal("an idempotency key was committed without its answer"))
}
