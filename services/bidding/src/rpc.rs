//! The RPC side: from calls to use cases.

use crate::{Deps, service};
use futures::{Stream, StreamExt};
use sanbian_proto::bidding::v1::{
    BidPage, BidReceipt, GetRoomRequest, ListBidsRequest, ListRoomsRequest, MyPlaceRequest, PlaceBidRequest, Room,
    RoomEvent, RoomPage, RoomPlace, WatchRoomRequest, bidding_server::Bidding,
};
use std::pin::Pin;
use tonic::{Request, Response, Status};

pub(crate) struct Server(pub(crate) Deps);

#[tonic::async_trait]
impl Bidding for Server {
    async fn get_room(&self, request: Request<GetRoomRequest>) -> Result<Response<Room>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::get_room(&self.0, &ctx, request.into_inner()).await?))
    }

    async fn list_rooms(&self, request: Request<ListRoomsRequest>) -> Result<Response<RoomPage>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::list_rooms(&self.0, &ctx, request.into_inner()).await?))
    }

    async fn list_bids(&self, request: Request<ListBidsRequest>) -> Result<Response<BidPage>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::list_bids(&self.0, &ctx, request.into_inner()).await?))
    }

    async fn my_place(&self, request: Request<MyPlaceRequest>) -> Result<Response<RoomPlace>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::my_place(&self.0, &ctx, request.into_inner()).await?))
    }

    async fn place_bid(&self, request: Request<PlaceBidRequest>) -> Result<Response<BidReceipt>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::place_bid(&self.0, &ctx, request.into_inner()).await?))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<RoomEvent, Status>> + Send>>;

    async fn watch(&self, request: Request<WatchRoomRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let ctx = self.0.door.context(&request)?;
        let feed = service::watch(&self.0, &ctx, request.into_inner()).await?;
        Ok(Response::new(Box::pin(feed.map(|event| event.map_err(Status::from)))))
    }
}
