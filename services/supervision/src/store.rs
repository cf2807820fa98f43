//! All SQL of supervision.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{finding::Text, ids::LotId};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// One step of a lot.
pub(crate) struct StepRow {
    pub(crate) log_index: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) kind: String,
    pub(crate) actor: String,
    pub(crate) rulebook: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// Keeps a step and moves its lot's newest place.
pub(crate) async fn add_step(tx: &mut Tx, lot: LotId, region: &str, step: &StepRow) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO supervision.lot (lot_id, region, steps, last_kind, last_index, last_at) VALUES ($1, $2, 1, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT lot_pkey DO UPDATE
             SET steps = supervision.lot.steps + 1, last_kind = excluded.last_kind, last_index = excluded.last_index,
                 last_at = excluded.last_at",
        lot.0,
        region,
        step.kind,
        step.log_index,
        step.at
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "INSERT INTO supervision.step (log_index, lot_id, at, kind, actor, rulebook, zh, en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        step.log_index,
        lot.0,
        step.at,
        step.kind,
        step.actor,
        step.rulebook,
        step.zh,
        step.en
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_collective(tx: &mut Tx, lot: LotId, collective: Uuid) -> Result<(), Refusal> {
    sqlx::query!("UPDATE supervision.lot SET collective_id = $2 WHERE lot_id = $1", lot.0, collective)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What an announcement says of a lot.
pub(crate) struct Announced<'a> {
    pub(crate) number: &'a str,
    pub(crate) title: &'a str,
    pub(crate) category: &'a str,
    pub(crate) notice: &'a str,
}

pub(crate) async fn set_announced(tx: &mut Tx, lot: LotId, announced: &Announced<'_>) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE supervision.lot SET number = $2, title = $3, category = $4, notice = $5 WHERE lot_id = $1",
        lot.0,
        announced.number,
        announced.title,
        announced.category,
        announced.notice
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn set_qualified(tx: &mut Tx, lot: LotId, qualified: i32) -> Result<(), Refusal> {
    sqlx::query!("UPDATE supervision.lot SET qualified = $2 WHERE lot_id = $1", lot.0, qualified)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn set_sold(tx: &mut Tx, lot: LotId) -> Result<(), Refusal> {
    sqlx::query!("UPDATE supervision.lot SET sold = true WHERE lot_id = $1", lot.0).execute(&mut **tx).await?;
    Ok(())
}

pub(crate) async fn set_pay_by(tx: &mut Tx, lot: LotId, pay_by: Option<NaiveDate>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE supervision.lot SET pay_by = $2 WHERE lot_id = $1", lot.0, pay_by).execute(&mut **tx).await?;
    Ok(())
}

pub(crate) async fn set_settled(tx: &mut Tx, lot: LotId) -> Result<(), Refusal> {
    sqlx::query!("UPDATE supervision.lot SET settled = true WHERE lot_id = $1", lot.0).execute(&mut **tx).await?;
    Ok(())
}

/// A lot as supervision knows it.
pub(crate) struct LotRow {
    pub(crate) lot_id: Uuid,
    pub(crate) collective_id: Option<Uuid>,
    pub(crate) region: String,
    pub(crate) category: String,
    pub(crate) notice: Option<String>,
    pub(crate) qualified: Option<i32>,
    pub(crate) pay_by: Option<NaiveDate>,
}

pub(crate) async fn lot(tx: &mut Tx, lot: LotId) -> Result<Option<LotRow>, Refusal> {
    Ok(sqlx::query_as!(
        LotRow,
        "SELECT lot_id, collective_id, region, category, notice, qualified, pay_by
         FROM supervision.lot WHERE lot_id = $1",
        lot.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Lots whose payment is due before `today` and not settled, and that have no alert of it yet.
pub(crate) async fn unpaid(tx: &mut Tx, today: NaiveDate) -> Result<Vec<LotRow>, Refusal> {
    Ok(sqlx::query_as!(
        LotRow,
        "SELECT lot_id, collective_id, region, category, notice, qualified, pay_by
         FROM supervision.lot AS lot
         WHERE pay_by < $1 AND NOT settled
           AND NOT EXISTS (SELECT FROM supervision.alert WHERE alert.lot_id = lot.lot_id AND kind = 'payment-late')
         ORDER BY pay_by LIMIT 100",
        today
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Other sold lots of a collective with a single qualified bidder, since `since`.
pub(crate) async fn single_bidder_sales(
    tx: &mut Tx,
    collective: Uuid,
    without: LotId,
    since: DateTime<Utc>,
) -> Result<i64, Refusal> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM supervision.lot
           WHERE collective_id = $1 AND lot_id <> $2 AND qualified = 1 AND sold AND last_at >= $3"#,
        collective,
        without.0,
        since
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Raises an alert, once a lot and kind; false where it was raised before.
pub(crate) async fn raise(
    tx: &mut Tx,
    id: Uuid,
    kind: &str,
    lot: Uuid,
    finding: &str,
    at: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let done = sqlx::query!(
        "INSERT INTO supervision.alert (id, kind, lot_id, finding, raised_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT alert_once DO NOTHING",
        id,
        kind,
        lot,
        finding,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A case in a list.
pub(crate) struct CaseRow {
    pub(crate) lot_id: Uuid,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) region: String,
    pub(crate) steps: i32,
    pub(crate) last_kind: String,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) last_index: i64,
    pub(crate) open_alerts: i64,
}

pub(crate) async fn cases(
    pool: &PgPool,
    regions: &[String],
    within: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<CaseRow>, Refusal> {
    Ok(sqlx::query_as!(
        CaseRow,
        r#"SELECT lot_id, number, title, region, steps, last_kind, last_at, last_index,
                  (SELECT count(*) FROM supervision.alert WHERE alert.lot_id = lot.lot_id AND closed_at IS NULL) AS "open_alerts!"
           FROM supervision.lot AS lot
           WHERE EXISTS (SELECT FROM unnest($1::text[]) AS mine(code) WHERE starts_with(lot.region, mine.code))
             AND starts_with(region, $2) AND last_index < $3
           ORDER BY last_index DESC LIMIT $4"#,
        regions,
        within,
        before,
        limit
    )
    .fetch_all(pool)
    .await?)
}

pub(crate) async fn case(pool: &PgPool, lot: LotId) -> Result<Option<CaseRow>, Refusal> {
    Ok(sqlx::query_as!(
        CaseRow,
        r#"SELECT lot_id, number, title, region, steps, last_kind, last_at, last_index,
                  (SELECT count(*) FROM supervision.alert WHERE alert.lot_id = lot.lot_id AND closed_at IS NULL) AS "open_alerts!"
           FROM supervision.lot AS lot WHERE lot_id = $1"#,
        lot.0
    )
    .fetch_optional(pool)
    .await?)
}

pub(crate) async fn steps(pool: &PgPool, lot: LotId) -> Result<Vec<StepRow>, Refusal> {
    Ok(sqlx::query_as!(
        StepRow,
        "SELECT log_index, at, kind, actor, rulebook, zh, en FROM supervision.step WHERE lot_id = $1 ORDER BY log_index",
        lot.0
    )
    .fetch_all(pool)
    .await?)
}

/// An alert with its lot.
pub(crate) struct AlertRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) lot_id: Uuid,
    pub(crate) lot_number: String,
    pub(crate) lot_title: String,
    pub(crate) region: String,
    pub(crate) finding: String,
    pub(crate) raised_at: DateTime<Utc>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    pub(crate) reason: Option<String>,
}

/// Which alerts.
pub(crate) struct Which<'a> {
    pub(crate) regions: &'a [String],
    pub(crate) lot: Option<Uuid>,
    pub(crate) open: Option<bool>,
    pub(crate) after: Option<(DateTime<Utc>, Uuid)>,
    pub(crate) limit: i64,
}

pub(crate) async fn alerts(pool: &PgPool, which: &Which<'_>) -> Result<Vec<AlertRow>, Refusal> {
    let (at, id) = which.after.unzip();
    Ok(sqlx::query_as!(
        AlertRow,
        r#"SELECT alert.id, alert.kind, alert.lot_id, lot.number AS lot_number, lot.title AS lot_title, lot.region, alert.finding,
                  alert.raised_at, alert.closed_at, alert.reason
           FROM supervision.alert JOIN supervision.lot USING (lot_id)
           WHERE EXISTS (SELECT FROM unnest($1::text[]) AS mine(code) WHERE starts_with(lot.region, mine.code))
             AND ($2::uuid IS NULL OR alert.lot_id = $2)
             AND ($3::boolean IS NULL OR (alert.closed_at IS NULL) = $3)
             AND ($4::timestamptz IS NULL OR (alert.raised_at, alert.id) < ($4, $5))
           ORDER BY alert.raised_at DESC, alert.id DESC LIMIT $6"#,
        which.regions,
        which.lot,
        which.open,
        at,
        id,
        which.limit
    )
    .fetch_all(pool)
    .await?)
}

pub(crate) async fn lock_alert(tx: &mut Tx, id: Uuid) -> Result<Option<AlertRow>, Refusal> {
    Ok(sqlx::query_as!(
        AlertRow,
        r#"SELECT alert.id, alert.kind, alert.lot_id, lot.number AS lot_number, lot.title AS lot_title, lot.region, alert.finding,
                  alert.raised_at, alert.closed_at, alert.reason
           FROM supervision.alert JOIN supervision.lot USING (lot_id) WHERE alert.id = $1 FOR UPDATE OF alert"#,
        id
    )
    .fetch_optional(&mut **tx)
    .await?)
}

pub(crate) async fn alert_region(pool: &PgPool, id: Uuid) -> Result<Option<String>, Refusal> {
    Ok(sqlx::query_scalar!(
        "SELECT region FROM supervision.alert JOIN supervision.lot USING (lot_id) WHERE alert.id = $1",
        id
    )
    .fetch_optional(pool)
    .await?)
}

pub(crate) async fn close_alert(
    tx: &mut Tx,
    id: Uuid,
    by: Uuid,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE supervision.alert SET closed_at = $2, closed_by = $3, reason = $4 WHERE id = $1",
        id,
        at,
        by,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The words of a step.
pub(crate) fn step(log_index: i64, at: DateTime<Utc>, kind: &str, actor: &str, rulebook: &str, words: Text) -> StepRow {
    StepRow {
        log_index,
        at,
        kind: kind.to_owned(),
        actor: actor.to_owned(),
        rulebook: rulebook.to_owned(),
        zh: words.zh,
        en: words.en,
    }
}
