//! All SQL of bidding.

use chrono::{DateTime, Utc};
use sanbian_domain::ids::{LotId, RegistrationId};
use sanbian_runtime::{Refusal, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// A room's row.
#[derive(Clone, Debug)]
pub(crate) struct RoomRow {
    pub(crate) lot_id: Uuid,
    pub(crate) region: String,
    pub(crate) rulebook: String,
    pub(crate) title: String,
    pub(crate) notice: String,
    pub(crate) terms: String,
    pub(crate) outlier_steps: i32,
    pub(crate) outlier_multiple: String,
    pub(crate) state: String,
    pub(crate) outcome: Option<String>,
    pub(crate) winner: Option<i32>,
    pub(crate) price_fen: Option<i64>,
}

/// An announced lot, or its announcement as corrected. A room that has opened keeps the terms it opened under.
pub(crate) async fn announce(
    tx: &mut Tx,
    row: &RoomRow,
    opens: DateTime<Utc>,
    ends: DateTime<Utc>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO bidding.room
             (lot_id, region, rulebook, title, notice, terms, outlier_steps, outlier_multiple, state, opens_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'announced', $9, $10)
         ON CONFLICT ON CONSTRAINT room_pkey DO UPDATE
             SET title = excluded.title, notice = excluded.notice, terms = excluded.terms, rulebook = excluded.rulebook,
                 outlier_steps = excluded.outlier_steps, outlier_multiple = excluded.outlier_multiple,
                 opens_at = excluded.opens_at, ends_at = excluded.ends_at
             WHERE bidding.room.state = 'announced'",
        row.lot_id,
        row.region,
        row.rulebook,
        row.title,
        row.notice,
        row.terms,
        row.outlier_steps,
        row.outlier_multiple,
        opens,
        ends
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn room(pool: &PgPool, lot: LotId) -> Result<Option<RoomRow>, Refusal> {
    Ok(sqlx::query_as!(
        RoomRow,
        "SELECT lot_id, region, rulebook, title, notice, terms, outlier_steps, outlier_multiple, state, outcome, winner,
                price_fen
         FROM bidding.room WHERE lot_id = $1",
        lot.0
    )
    .fetch_optional(pool)
    .await?)
}

pub(crate) async fn lock_room(tx: &mut Tx, lot: LotId) -> Result<Option<RoomRow>, Refusal> {
    Ok(sqlx::query_as!(
        RoomRow,
        "SELECT lot_id, region, rulebook, title, notice, terms, outlier_steps, outlier_multiple, state, outcome, winner,
                price_fen
         FROM bidding.room WHERE lot_id = $1 FOR UPDATE",
        lot.0
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Lots whose rooms have opened and not closed.
pub(crate) async fn open_rooms(pool: &PgPool) -> Result<Vec<LotId>, Refusal> {
    let rows = sqlx::query_scalar!("SELECT lot_id FROM bidding.room WHERE state = 'open'").fetch_all(pool).await?;
    Ok(rows.into_iter().map(LotId).collect())
}

/// Rooms that have opened and not closed, soonest end first, after a place in that order.
pub(crate) async fn running(
    pool: &PgPool,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<(LotId, DateTime<Utc>)>, Refusal> {
    let (at, lot) = after.unwrap_or((DateTime::<Utc>::MIN_UTC, Uuid::nil()));
    let at = at.max(DateTime::UNIX_EPOCH);
    let rows = sqlx::query!(
        "SELECT lot_id, ends_at FROM bidding.room
         WHERE state = 'open' AND (ends_at, lot_id) > ($1, $2) ORDER BY ends_at, lot_id LIMIT $3",
        at,
        lot,
        limit
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (LotId(row.lot_id), row.ends_at)).collect())
}

pub(crate) async fn add_qualified(tx: &mut Tx, lot: LotId, registration: RegistrationId) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO bidding.qualified (registration_id, lot_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        registration.0,
        lot.0
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn remove_qualified(tx: &mut Tx, registration: RegistrationId) -> Result<(), Refusal> {
    sqlx::query!("DELETE FROM bidding.qualified WHERE registration_id = $1", registration.0).execute(&mut **tx).await?;
    Ok(())
}

pub(crate) async fn qualified(tx: &mut Tx, lot: LotId) -> Result<Vec<RegistrationId>, Refusal> {
    let rows = sqlx::query_scalar!("SELECT registration_id FROM bidding.qualified WHERE lot_id = $1", lot.0)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(RegistrationId).collect())
}

/// A bidder's row.
#[derive(Clone, Debug)]
pub(crate) struct BidderRow {
    pub(crate) number: i32,
    pub(crate) account_hash: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) commitment: String,
    pub(crate) priority_rank: Option<i16>,
}

pub(crate) async fn admit(tx: &mut Tx, lot: LotId, bidders: &[BidderRow]) -> Result<(), Refusal> {
    for bidder in bidders {
        sqlx::query!(
            "INSERT INTO bidding.bidder (lot_id, number, account_hash, sealed, commitment, priority_rank)
             VALUES ($1, $2, $3, $4, $5, $6)",
            lot.0,
            bidder.number,
            bidder.account_hash,
            bidder.sealed,
            bidder.commitment,
            bidder.priority_rank
        )
        .execute(&mut **tx)
        .await?;
    }
    let admitted = i32::try_from(bidders.len()).map_err(Refusal::internal)?;
    sqlx::query!("UPDATE bidding.room SET state = 'open', admitted = $2 WHERE lot_id = $1", lot.0, admitted)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(crate) async fn bidders(pool: &PgPool, lot: LotId) -> Result<Vec<BidderRow>, Refusal> {
    Ok(sqlx::query_as!(
        BidderRow,
        "SELECT number, account_hash, sealed, commitment, priority_rank FROM bidding.bidder WHERE lot_id = $1 ORDER BY number",
        lot.0
    )
    .fetch_all(pool)
    .await?)
}

/// A bid's row.
#[derive(Clone, Debug)]
pub(crate) struct BidRow {
    pub(crate) seq: i64,
    pub(crate) feed: i64,
    pub(crate) number: i32,
    pub(crate) amount_fen: i64,
    pub(crate) kind: String,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) key_hash: Option<Vec<u8>>,
}

/// Stores a batch of bids in one statement.
pub(crate) async fn add_bids(tx: &mut Tx, lot: LotId, bids: &[BidRow]) -> Result<(), Refusal> {
    let Some(last) = bids.last() else { return Ok(()) };
    let seq: Vec<i64> = bids.iter().map(|bid| bid.seq).collect();
    let feed: Vec<i64> = bids.iter().map(|bid| bid.feed).collect();
    let number: Vec<i32> = bids.iter().map(|bid| bid.number).collect();
    let amount: Vec<i64> = bids.iter().map(|bid| bid.amount_fen).collect();
    let kind: Vec<String> = bids.iter().map(|bid| bid.kind.clone()).collect();
    let placed: Vec<DateTime<Utc>> = bids.iter().map(|bid| bid.placed_at).collect();
    let ends: Vec<DateTime<Utc>> = bids.iter().map(|bid| bid.ends_at).collect();
    let key: Vec<Option<Vec<u8>>> = bids.iter().map(|bid| bid.key_hash.clone()).collect();
    sqlx::query!(
        "INSERT INTO bidding.bid (lot_id, seq, feed, number, amount_fen, kind, placed_at, ends_at, key_hash)
         SELECT $1, * FROM UNNEST($2::bigint[], $3::bigint[], $4::integer[], $5::bigint[], $6::text[], $7::timestamptz[],
                                  $8::timestamptz[], $9::bytea[])",
        lot.0,
        &seq,
        &feed,
        &number,
        &amount,
        &kind,
        &placed,
        &ends,
        &key as &[Option<Vec<u8>>]
    )
    .execute(&mut **tx)
    .await?;
    set_end(tx, lot, last.ends_at).await
}

pub(crate) async fn set_end(tx: &mut Tx, lot: LotId, ends: DateTime<Utc>) -> Result<(), Refusal> {
    sqlx::query!("UPDATE bidding.room SET ends_at = $2 WHERE lot_id = $1 AND ends_at <> $2", lot.0, ends)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Bids of a room after a place in its order, oldest first.
pub(crate) async fn bids_after(pool: &PgPool, lot: LotId, feed: i64) -> Result<Vec<BidRow>, Refusal> {
    Ok(sqlx::query_as!(
        BidRow,
        "SELECT seq, feed, number, amount_fen, kind, placed_at, ends_at, key_hash FROM bidding.bid
         WHERE lot_id = $1 AND feed > $2 ORDER BY feed",
        lot.0,
        feed
    )
    .fetch_all(pool)
    .await?)
}

/// Bids before a sequence, newest first.
pub(crate) async fn bids_before(pool: &PgPool, lot: LotId, seq: i64, limit: i64) -> Result<Vec<BidRow>, Refusal> {
    Ok(sqlx::query_as!(
        BidRow,
        "SELECT seq, feed, number, amount_fen, kind, placed_at, ends_at, key_hash FROM bidding.bid
         WHERE lot_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        lot.0,
        seq,
        limit
    )
    .fetch_all(pool)
    .await?)
}

pub(crate) async fn bid(pool: &PgPool, lot: LotId, seq: i64) -> Result<BidRow, Refusal> {
    Ok(sqlx::query_as!(
        BidRow,
        "SELECT seq, feed, number, amount_fen, kind, placed_at, ends_at, key_hash FROM bidding.bid WHERE lot_id = $1 AND seq = $2",
        lot.0,
        seq
    )
    .fetch_one(pool)
    .await?)
}

/// Something that happened in a room beside offers.
#[derive(Clone, Debug)]
pub(crate) struct EventRow {
    pub(crate) feed: i64,
    pub(crate) kind: String,
    pub(crate) at: DateTime<Utc>,
}

pub(crate) async fn add_event(tx: &mut Tx, lot: LotId, event: &EventRow) -> Result<(), Refusal> {
    sqlx::query!(
        "INSERT INTO bidding.room_event (lot_id, feed, kind, at) VALUES ($1, $2, $3, $4)",
        lot.0,
        event.feed,
        event.kind,
        event.at
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn events(pool: &PgPool, lot: LotId) -> Result<Vec<EventRow>, Refusal> {
    Ok(sqlx::query_as!(
        EventRow,
        "SELECT feed, kind, at FROM bidding.room_event WHERE lot_id = $1 ORDER BY feed",
        lot.0
    )
    .fetch_all(pool)
    .await?)
}

pub(crate) async fn draw(tx: &mut Tx, lot: LotId) -> Result<(), Refusal> {
    sqlx::query!("UPDATE bidding.room SET state = 'drawing' WHERE lot_id = $1", lot.0).execute(&mut **tx).await?;
    Ok(())
}

pub(crate) async fn close(
    tx: &mut Tx,
    lot: LotId,
    at: DateTime<Utc>,
    outcome: &str,
    winner: Option<i32>,
    price_fen: Option<i64>,
) -> Result<(), Refusal> {
    sqlx::query!(
        "UPDATE bidding.room SET state = 'closed', closed_at = $2, outcome = $3, winner = $4, price_fen = $5 WHERE lot_id = $1",
        lot.0,
        at,
        outcome,
        winner,
        price_fen
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn sealed_seat(tx: &mut Tx, lot: LotId, number: i32) -> Result<Vec<u8>, Refusal> {
    Ok(sqlx::query_scalar!("SELECT sealed FROM bidding.bidder WHERE lot_id = $1 AND number = $2", lot.0, number)
        .fetch_one(&mut **tx)
        .await?)
}

pub(crate) async fn order(tx: &mut Tx, lot: LotId, kind: &str) -> Result<(), Refusal> {
    sqlx::query!("INSERT INTO bidding.room_order (lot_id, kind) VALUES ($1, $2)", lot.0, kind)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Orders of a room that wait, oldest first.
pub(crate) async fn waiting_orders(pool: &PgPool, lot: LotId) -> Result<Vec<(i64, String)>, Refusal> {
    let rows =
        sqlx::query!("SELECT id, kind FROM bidding.room_order WHERE lot_id = $1 AND NOT done ORDER BY id", lot.0)
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.kind)).collect())
}

pub(crate) async fn order_done(tx: &mut Tx, id: i64) -> Result<(), Refusal> {
    sqlx::query!("UPDATE bidding.room_order SET done = true WHERE id = $1", id).execute(&mut **tx).await?;
    Ok(())
}
