//! # Bidding (竞价)
//!
//! Owns: one room for each lot, the offers in it, its close and its result.
//!
//! Promises: an offer that was answered "accepted" is durable, stands in the log, and counts; offers stand in one order, the room's.
//!
//! **Invariants**
//! - **One writer a room**: a single task decides, stores and answers; a bounded queue leads to it. Validation and write are one step.
//! - **An answer follows its commit**: a batch of offers is one transaction; nobody hears of an offer that is not stored.
//! - **Refused offers change nothing**, least of all the clock. What the rules say stands in `sanbian_domain::auction`.
//! - **The store is the truth**: a room's state is rebuilt from it at start and after any failed commit.
//! - **Before the close no row, no log entry and no answer ties a number to a party**: the tie is sealed.
//! - **Server time decides**, read once an offer.

mod ending;
mod follow;
mod load;
mod refusals;
mod room;
mod rooms;
mod rpc;
mod seat;
mod service;
mod store;
mod view;

use rooms::Rooms;
use sanbian_proto::bidding::v1::bidding_server::BiddingServer;
use sanbian_runtime::{
    Clock, follow::follow as follow_log, peers::Peers, rpc::Door, seal::Sealer, secret::Secret, token::Tokens,
};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

/// What the service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    pub(crate) pool: PgPool,
    pub(crate) door: Door,
    pub(crate) peers: Peers,
    pub(crate) sealer: Sealer,
    pub(crate) rooms: Rooms,
}

impl Deps {
    /// The service over its own pool.
    pub fn new(pool: PgPool, tokens: Tokens, clock: Clock, peers: Peers, secret: &Secret) -> Self {
        let sealer = Sealer::new(secret, "bidding");
        let rooms = Rooms::new(pool.clone(), clock.clone(), sealer.clone());
        Self { pool, door: Door { tokens, clock }, peers, sealer, rooms }
    }
}

/// The RPC side.
pub fn routes(deps: &Deps) -> Routes {
    Routes::new(BiddingServer::new(rpc::Server(deps.clone())))
}

/// Runs the rooms and follows the log until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    let reader = follow::BiddingReader(deps.clone());
    tokio::join!(follow_log(reader, deps.pool.clone(), deps.peers.clone(), stop.clone()), deps.rooms.run(stop.clone()),);
}
