//! # Supervision (监督)
//!
//! Owns: case files (each step of a lot, who, rule, documents, money, with its place in the log) and alerts.
//!
//! Promises: a step shown is an entry of the log, found under its index; an alert names the figures it rests on, and closing it needs a
//! reason.
//!
//! **Invariants**
//! - **Supervisors see their own regions**, read everything there and change nothing but alerts.
//! - **People are shown masked**; before the close a bidder is a number here too.
//! - **One alert a kind and lot**: what was closed with a reason does not come back by itself.

mod alerts;
mod follow;
mod rpc;
mod service;
mod store;
mod tick;

use sanbian_proto::supervision::v1::supervision_server::SupervisionServer;
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
    /// The service over its own pool; `peers` for the ledger, identity, listing, settlement and pricing.
    pub fn new(pool: PgPool, door: Door, peers: Peers) -> Self {
        Self { pool, door, peers }
    }
}

/// The service's calls.
pub fn routes(deps: &Deps) -> Routes {
    Routes::new(SupervisionServer::new(rpc::Rpc(deps.clone())))
}

/// Follows the log and watches deadlines until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    let reader = follow::SupervisionReader(deps.clone());
    tokio::join!(
        follow_log(reader, deps.pool.clone(), deps.peers.clone(), stop.clone()),
        tick::run(&deps, stop.clone()),
    );
}
