//! # Pricing (价格)
//!
//! Owns: the read model of announced lots and their deals, and what like rights brought.
//!
//! Promises: a price is compared only in the one measure that is the same for all lots, yuan per mu and year; a figure always comes with
//! the number of deals it rests on.
//!
//! **Invariants**
//! - **Nothing here decides**: a price far from comparable deals is remarked on, by the rulebook, never refused by this service.
//! - **All of it follows from the log** and can be rebuilt from it.
//! - **A deal that failed is no market price.**

mod follow;
mod rpc;
mod service;
mod store;

use sanbian_proto::pricing::v1::pricing_server::PricingServer;
use sanbian_runtime::{follow::follow as follow_log, peers::Peers, rpc::Door};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

/// What the service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    pub(crate) pool: PgPool,
    pub(crate) door: Door,
    pub(crate) peers: Peers,
}

impl Deps {
    /// The service over its own pool; `peers` for the ledger, whose log it follows.
    pub fn new(pool: PgPool, door: Door, peers: Peers) -> Self {
        Self { pool, door, peers }
    }
}

/// The service's calls.
pub fn routes(deps: &Deps) -> Routes {
    Routes::new(PricingServer::new(rpc::Rpc(deps.clone())))
}

/// Follows the log until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    follow_log(follow::PricingReader, deps.pool.clone(), deps.peers.clone(), stop).await;
}
