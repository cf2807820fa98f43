//! What stands beside a lot: evidence files, decisions, reviews, public notes.

use chrono::{DateTime, Utc};
use sanbian_domain::{
    decision::Decision,
    ids::{AccountId, DecisionId, LotId, RegistrationId},
};
use sanbian_proto::listing::v1::{LotDocument, LotNote, LotReview};
use sanbian_runtime::{Refusal, Tx};
use sqlx::{PgExecutor, types::Json};

/// An evidence file and what it is bound to.
pub struct BoundDocument {
    /// The file.
    pub document: LotDocument,
    /// The account of the registration it belongs to; none where it belongs to the lot itself.
    pub registrant: Option<AccountId>,
}

/// The evidence files of a lot, by kind and name.
pub async fn documents(db: impl PgExecutor<'_>, lot: LotId) -> Result<Vec<LotDocument>, Refusal> {
    let found = sqlx::query_as!(
        LotDocument,
        "SELECT digest, kind, name, media_type, size, public FROM listing.lot_document WHERE lot = $1 ORDER BY kind, name, digest",
        lot.0
    );
    Ok(found.fetch_all(db).await?)
}

/// Binds a file to a lot; bound already, it is described anew.
pub async fn attach(
    tx: &mut Tx,
    lot: LotId,
    document: &LotDocument,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.lot_document (lot, digest, kind, name, media_type, size, public, attached_by, attached_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT ON CONSTRAINT lot_document_pkey DO UPDATE SET kind = $3, name = $4, public = $7, attached_by = $8, attached_at = $9",
        lot.0,
        document.digest,
        document.kind,
        document.name,
        document.media_type,
        document.size,
        document.public,
        by.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a file off a lot; whether it was bound.
pub async fn remove(tx: &mut Tx, lot: LotId, digest: &str) -> Result<bool, Refusal> {
    let done = sqlx::query!("DELETE FROM listing.lot_document WHERE lot = $1 AND digest = $2", lot.0, digest);
    Ok(done.execute(&mut **tx).await?.rows_affected() == 1)
}

/// Binds the files of one lot to the lot that relists it.
pub async fn copy_documents(tx: &mut Tx, from: LotId, to: LotId) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.lot_document (lot, digest, kind, name, media_type, size, public, attached_by, attached_at)
         SELECT $2, digest, kind, name, media_type, size, public, attached_by, attached_at FROM listing.lot_document WHERE lot = $1",
        from.0,
        to.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everything under `digest` that is bound to the lot or to a registration for it: the lot's own first.
pub async fn bound(db: impl PgExecutor<'_>, lot: LotId, digest: &str) -> Result<Vec<BoundDocument>, Refusal> {
    let found = sqlx::query!(
        r#"SELECT digest AS "digest!", kind AS "kind!", name AS "name!", media_type AS "media_type!", size AS "size!", public AS "public!", registrant
           FROM (
               SELECT digest, kind, name, media_type, size, public, NULL::uuid AS registrant
               FROM listing.lot_document WHERE lot = $1 AND digest = $2
               UNION ALL
               SELECT d.digest, d.kind, d.name, d.media_type, d.size, false, r.account
               FROM listing.registration_document d JOIN listing.registration r ON r.id = d.registration
               WHERE r.lot = $1 AND d.digest = $2
           ) found
           ORDER BY registrant NULLS FIRST"#,
        lot.0,
        digest
    )
    .fetch_all(db)
    .await?;
    let bound = found.into_iter().map(|row| BoundDocument {
        document: LotDocument {
            digest: row.digest,
            kind: row.kind,
            name: row.name,
            media_type: row.media_type,
            size: row.size,
            public: row.public,
        },
        registrant: row.registrant.map(AccountId),
    });
    Ok(bound.collect())
}

/// Binds a registration's files to it.
pub async fn attach_to_registration(
    tx: &mut Tx,
    registration: RegistrationId,
    documents: &[LotDocument],
) -> Result<(), Refusal> {
    for document in documents {
        sqlx::query!(
            "INSERT INTO listing.registration_document (registration, digest, kind, name, media_type, size) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
            registration.0,
            document.digest,
            document.kind,
            document.name,
            document.media_type,
            document.size
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// The files of a registration.
pub async fn registration_documents(
    db: impl PgExecutor<'_>,
    registration: RegistrationId,
) -> Result<Vec<LotDocument>, Refusal> {
    let found = sqlx::query_as!(
        LotDocument,
        r#"SELECT digest, kind, name, media_type, size, false AS "public!" FROM listing.registration_document
           WHERE registration = $1 ORDER BY kind, name, digest"#,
        registration.0
    );
    Ok(found.fetch_all(db).await?)
}

/// A decision as recorded.
pub struct RecordedDecision {
    /// Its id.
    pub id: DecisionId,
    /// The vote.
    pub decision: Decision,
    /// SHA-256 of the minutes, hex.
    pub minutes: String,
    /// Whether the taker may come from outside the collective.
    pub outside_allowed: bool,
}

/// The decision a lot rests on: the newest recorded.
pub async fn decision(db: impl PgExecutor<'_>, lot: LotId) -> Result<Option<RecordedDecision>, Refusal> {
    let row = sqlx::query!(
        r#"SELECT id, decision AS "decision: Json<Decision>", minutes, outside_allowed FROM listing.decision
           WHERE lot = $1 ORDER BY recorded_at DESC, id DESC LIMIT 1"#,
        lot.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| RecordedDecision {
        id: DecisionId(row.id),
        decision: row.decision.0,
        minutes: row.minutes,
        outside_allowed: row.outside_allowed,
    }))
}

/// Records a decision.
pub async fn record_decision(
    tx: &mut Tx,
    lot: LotId,
    recorded: &RecordedDecision,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.decision (id, lot, decision, minutes, outside_allowed, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        recorded.id.0,
        lot.0,
        Json(&recorded.decision) as _,
        recorded.minutes,
        recorded.outside_allowed,
        by.0,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What reviewers said of a lot, oldest first.
pub async fn reviews(db: impl PgExecutor<'_>, lot: LotId) -> Result<Vec<LotReview>, Refusal> {
    let found = sqlx::query!(
        "SELECT stage, outcome, reasons, reviewer, reviewed_at FROM listing.review WHERE lot = $1 ORDER BY seq",
        lot.0
    );
    let reviews = found.fetch_all(db).await?.into_iter().map(|row| LotReview {
        stage: row.stage,
        outcome: row.outcome,
        reasons: row.reasons,
        reviewer_id: row.reviewer.to_string(),
        reviewed_at: sanbian_domain::fact::instant::text(row.reviewed_at),
    });
    Ok(reviews.collect())
}

/// Keeps what a reviewer said of the draft with `digest`. The lot's row must be locked.
pub async fn add_review(
    tx: &mut Tx,
    lot: LotId,
    review: &LotReview,
    reviewer: AccountId,
    digest: &str,
    at: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.review (lot, seq, stage, outcome, reasons, reviewer, draft, reviewed_at)
         SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7 FROM listing.review WHERE lot = $1",
        lot.0,
        review.stage,
        review.outcome,
        review.reasons,
        reviewer.0,
        digest,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The public notes of a lot, newest first.
pub async fn notes(db: impl PgExecutor<'_>, lot: LotId) -> Result<Vec<LotNote>, Refusal> {
    let found = sqlx::query!("SELECT kind, text, noted_at FROM listing.note WHERE lot = $1 ORDER BY seq DESC", lot.0);
    let notes = found.fetch_all(db).await?.into_iter().map(|row| LotNote {
        kind: row.kind,
        text: row.text,
        noted_at: sanbian_domain::fact::instant::text(row.noted_at),
    });
    Ok(notes.collect())
}

/// Adds a public note. The lot's row must be locked.
pub async fn add_note(tx: &mut Tx, lot: LotId, kind: &str, text: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO listing.note (lot, seq, kind, text, noted_at)
         SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4 FROM listing.note WHERE lot = $1",
        lot.0,
        kind,
        text,
        at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
