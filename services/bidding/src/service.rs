//! The use cases, in the order of the business.

use crate::{
    Deps,
    room::{Ask, OfferIn},
    seat, store, view,
};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, stream};
use sanbian_domain::{
    auction::ascending::{self, Manner},
    fact::instant,
    finding::{Finding, Text},
    ids::LotId,
    money::Money,
    role::Role,
};
use sanbian_proto::bidding::v1::{
    BidPage, BidReceipt, GetRoomRequest, ListBidsRequest, ListRoomsRequest, MyPlaceRequest, PlaceBidRequest, Room,
    RoomEvent, RoomPage, RoomPlace, WatchRoomRequest,
};
use sanbian_runtime::{Context, Kind, Refusal};
use std::{pin::Pin, sync::Arc};
use tokio::sync::{broadcast::error::RecvError, mpsc::error::TrySendError, oneshot};

/// Bids and rooms shown at a time where the client says nothing.
const PAGE: u32 = 50;

/// The room as anyone sees it. Public.
pub(crate) async fn get_room(deps: &Deps, ctx: &Context, request: GetRoomRequest) -> Result<Room, Refusal> {
    let lot = lot(&request.lot_id)?;
    Ok(deps.rooms.snapshot(lot).await?.room(ctx.now))
}

/// The running rooms, soonest end first. Public.
pub(crate) async fn list_rooms(deps: &Deps, ctx: &Context, request: ListRoomsRequest) -> Result<RoomPage, Refusal> {
    let limit = page(request.limit, 100)?;
    let after = request.cursor.as_deref().map(place).transpose()?;
    let rows = store::running(&deps.pool, after, i64::from(limit)).await?;
    let next_cursor = (rows.len() == limit as usize).then(|| rows.last()).flatten();
    let next_cursor = next_cursor.map(|(lot, ends)| format!("{}_{lot}", ends.timestamp_micros()));
    let mut items = Vec::with_capacity(rows.len());
    for (lot, _) in rows {
        items.push(deps.rooms.snapshot(lot).await?.room(ctx.now));
    }
    Ok(RoomPage { items, next_cursor })
}

/// Accepted offers, newest first. Public: numbers, prices, times.
pub(crate) async fn list_bids(deps: &Deps, _: &Context, request: ListBidsRequest) -> Result<BidPage, Refusal> {
    let lot = lot(&request.lot_id)?;
    let limit = page(request.limit, 200)?;
    let before = match request.cursor.as_deref() {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|error| Refusal::malformed("cursor", error))?,
    };
    deps.rooms.snapshot(lot).await?;
    let rows = store::bids_before(&deps.pool, lot, before, i64::from(limit)).await?;
    let next_cursor = (rows.len() == limit as usize).then(|| rows.last()).flatten().map(|row| row.seq.to_string());
    Ok(BidPage { items: rows.iter().map(view::bid).collect(), next_cursor })
}

/// The caller's own place. Bidders, each their own.
pub(crate) async fn my_place(deps: &Deps, ctx: &Context, request: MyPlaceRequest) -> Result<RoomPlace, Refusal> {
    let lot = lot(&request.lot_id)?;
    let snapshot = deps.rooms.snapshot(lot).await?.room(ctx.now);
    let caller = ctx.require(&[Role::Bidder], &snapshot.region)?;
    let hash = seat::account_hash(&deps.sealer, lot, caller.account);
    match deps.rooms.find(lot) {
        Some(room) => {
            let (answer, reply) = oneshot::channel();
            room.asks.send(Ask::Place(hash.clone(), answer)).await.ok();
            match reply.await {
                Ok(place) => place,
                Err(_) => past_place(deps, lot, &hash, ctx.now).await,
            }
        }
        None => past_place(deps, lot, &hash, ctx.now).await,
    }
}

async fn past_place(deps: &Deps, lot: LotId, hash: &[u8], now: DateTime<Utc>) -> Result<RoomPlace, Refusal> {
    crate::load::load(&deps.pool, lot).await?.place(hash, now)
}

/// Makes an offer. Bidders who were admitted. Answered only once it is durable; a repeated call with its key gets the same receipt.
pub(crate) async fn place_bid(deps: &Deps, ctx: &Context, request: PlaceBidRequest) -> Result<BidReceipt, Refusal> {
    let lot = lot(&request.lot_id)?;
    let Some(room) = deps.rooms.find_open(lot).await? else {
        let snapshot = deps.rooms.snapshot(lot).await?.room(ctx.now);
        ctx.require(&[Role::Bidder], &snapshot.region)?;
        return Err(not_running(&snapshot));
    };
    let region = room.snapshot.borrow().room(ctx.now).region;
    let caller = ctx.require(&[Role::Bidder], &region)?;
    let manner = match request.kind.as_str() {
        "bid" => Manner::Bid,
        "match" => Manner::Match,
        _ => return Err(Refusal::malformed("kind", "bid or match")),
    };
    let offer = OfferIn {
        account_hash: seat::account_hash(&deps.sealer, lot, caller.account),
        amount: Money::from_fen(request.amount_fen),
        manner,
        outlier_confirmed: request.outlier_confirmed,
        key_hash: ctx.idempotency_key.as_deref().map(|key| seat::key_hash(&deps.sealer, lot, caller.account, key)),
    };
    let (answer, reply) = oneshot::channel();
    // A full queue is said so at once: waiting would promise a place in time that nobody can keep.
    match room.asks.try_send(Ask::Offer(offer, answer)) {
        Ok(()) => {}
        Err(TrySendError::Full(_)) => return Err(busy()),
        Err(TrySendError::Closed(_)) => return Err(ended(deps, lot, ctx.now).await?),
    }
    match reply.await {
        Ok(answer) => answer,
        Err(_) => Err(ended(deps, lot, ctx.now).await?),
    }
}

/// The feed of a room.
pub(crate) type Feed = Pin<Box<dyn Stream<Item = Result<RoomEvent, Refusal>> + Send>>;

/// The live feed: what was missed since `last_event`, or a snapshot; then everything as it happens. Public.
pub(crate) async fn watch(deps: &Deps, ctx: &Context, request: WatchRoomRequest) -> Result<Feed, Refusal> {
    let lot = lot(&request.lot_id)?;
    let Some(room) = deps.rooms.find_open(lot).await? else {
        let snapshot = deps.rooms.snapshot(lot).await?;
        let kind = if snapshot.stage == "closed" { "closed" } else { "snapshot" };
        let event = view::room_event(kind, &snapshot, ctx.now);
        return Ok(Box::pin(stream::iter([Ok(event)])));
    };
    // Listen first, then read what was missed: nothing falls between.
    let receiver = room.feed.subscribe();
    let snapshot = room.snapshot.borrow().clone();
    let mut first = Vec::new();
    match request.last_event {
        Some(last) if last <= snapshot.feed && snapshot.feed - last <= MISSED => {
            let after = i64::try_from(last).map_err(Refusal::internal)?;
            first.extend(store::bids_after(&deps.pool, lot, after).await?.iter().map(view::bid_event));
            first.push(view::room_event("snapshot", &snapshot, ctx.now));
        }
        _ => first.push(view::room_event("snapshot", &snapshot, ctx.now)),
    }
    let seen = first.iter().map(|event| event.id).max().unwrap_or(snapshot.feed);
    let deps = deps.clone();
    let live = stream::unfold((receiver, seen), move |(mut receiver, seen)| {
        let deps = deps.clone();
        async move {
            loop {
                match receiver.recv().await {
                    Ok(event) if event.kind == "bid" && event.id <= seen => {}
                    Ok(event) => return Some((Ok(Arc::unwrap_or_clone(event)), (receiver, seen))),
                    // Too slow to keep up: the whole picture instead of what was missed.
                    Err(RecvError::Lagged(_)) => {
                        let snapshot = deps.rooms.snapshot(lot).await.ok()?;
                        let now = deps.door.clock.now();
                        return Some((Ok(view::room_event("snapshot", &snapshot, now)), (receiver, snapshot.feed)));
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
        }
    });
    Ok(Box::pin(stream::iter(first.into_iter().map(Ok)).chain(live)))
}

/// More missed offers than this are shown as a snapshot.
const MISSED: u64 = 500;

fn lot(text: &str) -> Result<LotId, Refusal> {
    text.parse().map_err(|error| Refusal::malformed("lot_id", error))
}

fn page(limit: Option<u32>, most: u32) -> Result<u32, Refusal> {
    match limit.unwrap_or(PAGE) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Refusal::malformed("limit", format!("1 to {most}"))),
    }
}

fn place(cursor: &str) -> Result<(DateTime<Utc>, uuid::Uuid), Refusal> {
    let parsed = cursor
        .split_once('_')
        .and_then(|(at, lot)| Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, lot.parse().ok()?)));
    parsed.ok_or_else(|| Refusal::malformed("cursor", "as given by the page before"))
}

async fn ended(deps: &Deps, lot: LotId, now: DateTime<Utc>) -> Result<Refusal, Refusal> {
    Ok(not_running(&deps.rooms.snapshot(lot).await?.room(now)))
}

/// The rule's own word for a room that is not running: not open yet, or over.
fn not_running(room: &Room) -> Refusal {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).map_or(DateTime::UNIX_EPOCH, |at| at.with_timezone(&Utc));
    let refusal = if room.phase == "closed" || room.phase == "drawing" {
        ascending::Refusal::Ended { ends: at(&room.ends_at) }
    } else {
        ascending::Refusal::NotOpen { opens: at(&room.opens_at) }
    };
    refusal.finding().with_fact("server-time", instant::text(at(&room.now_at))).into()
}

fn busy() -> Refusal {
    Refusal::of(
        Kind::Unavailable,
        Finding::refusal(
            "bid.queue-full",
            "平台规则：不能保证的报价不予受理 (an offer that can't be promised is refused)",
            Text::new("报价过于集中，您的报价未被受理。", "Too many offers at once; yours was not taken."),
            Text::new("请立即重试。", "Try again at once."),
        ),
    )
}
