//! Rooms and offers.

use crate::{
    call::{Answer, App, Body, Call, Id, Params, answer},
    problem::Problem,
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::StreamExt;
use sanbian_proto::bidding::v1::{
    BidPage, BidReceipt, GetRoomRequest, ListBidsRequest, ListRoomsRequest, MyPlaceRequest, PlaceBidRequest, Room,
    RoomPage, RoomPlace, WatchRoomRequest,
};
use std::{convert::Infallible, time::Duration};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_rooms))
        .routes(routes!(get_room))
        .routes(routes!(list_bids, place_bid))
        .routes(routes!(my_place))
        .routes(routes!(feed))
}

/// The running rooms, soonest end first.
#[utoipa::path(get, path = "/api/v1/rooms", tag = "bidding", params(ListRoomsRequest), responses((status = 200, body = RoomPage)))]
async fn list_rooms(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListRoomsRequest>,
) -> Answer<RoomPage> {
    answer(app.peers.bidding(&ctx).list_rooms(request).await)
}

/// A lot's room.
#[utoipa::path(get, path = "/api/v1/lots/{id}/room", tag = "bidding", params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = Room)))]
async fn get_room(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Room> {
    answer(app.peers.bidding(&ctx).get_room(GetRoomRequest { lot_id: id.to_string() }).await)
}

/// Accepted offers, newest first: numbers, prices and times.
#[utoipa::path(get, path = "/api/v1/lots/{id}/bids", tag = "bidding", params(("id" = Uuid, Path, description = "The lot."), ListBidsRequest), responses((status = 200, body = BidPage)))]
async fn list_bids(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Params(request): Params<ListBidsRequest>,
) -> Answer<BidPage> {
    answer(app.peers.bidding(&ctx).list_bids(ListBidsRequest { lot_id: id.to_string(), ..request }).await)
}

/// Makes an offer. It is answered only once it is durable and stands in the room's order.
#[utoipa::path(post, path = "/api/v1/lots/{id}/bids", tag = "bidding", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = PlaceBidRequest, responses((status = 200, body = BidReceipt)))]
async fn place_bid(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(request): Body<PlaceBidRequest>,
) -> Answer<BidReceipt> {
    answer(app.peers.bidding(&ctx).place_bid(PlaceBidRequest { lot_id: id.to_string(), ..request }).await)
}

/// The caller's own place in the room: number, lead, priority right.
#[utoipa::path(get, path = "/api/v1/lots/{id}/my-place", tag = "bidding", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = RoomPlace)))]
async fn my_place(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<RoomPlace> {
    answer(app.peers.bidding(&ctx).my_place(MyPlaceRequest { lot_id: id.to_string() }).await)
}

/// The room live, as server-sent events: `snapshot`, `bid`, `phase`, `closed`, `time`. `Last-Event-ID` replays what was missed.
#[utoipa::path(get, path = "/api/v1/lots/{id}/feed", tag = "bidding", params(("id" = Uuid, Path, description = "The lot."), ("Last-Event-ID" = Option<u64>, Header, description = "The last event seen.")), responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn feed(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last_event = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let request = WatchRoomRequest { lot_id: id.to_string(), last_event };
    let events = app.peers.bidding(&ctx).watch(request).await?.into_inner();
    // A broken feed ends; the browser comes back by itself with the last event's id.
    let events = events.take_while(|event| std::future::ready(event.is_ok())).filter_map(|event| {
        std::future::ready(event.ok().map(|event| {
            Ok::<_, Infallible>(Event::default().id(event.id.to_string()).event(event.kind).data(event.data))
        }))
    });
    let keep = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(([("cache-control", "no-store"), ("x-accel-buffering", "no")], Sse::new(events).keep_alive(keep))
        .into_response())
}
