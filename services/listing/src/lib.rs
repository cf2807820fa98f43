//! # Listing (挂牌): lots from the first draft to the end of registration
//!
//! Owns: drafts with their evidence and decisions, reviews, announcements and corrections, registrations, the closing of registration;
//! and the state of a lot through to its certificate, which follows what bidding and settlement tell the log.
//!
//! Promises: what is announced was decided, reviewed by other people than those who wrote it, and can be run as its notice says; every
//! arrow of a lot's life is one entry of the log, made by this service or by the one whose act it is; a lot is judged to its end by the
//! rules it was announced under, which anyone can read by their digest.
//!
//! **Invariants**
//! - **The core decides** ([`sanbian_domain::lot`], [`sanbian_domain::listing`]): a use case loads, asks, keeps and tells; no rule is here.
//! - **One lot, one lock**: every change holds the lot's row, registrations' rows after it, never the other way round.
//! - **Until registration closes nobody outside learns who registered, or how many**: no public answer has it, and the log names a
//!   registration, never an account or party, as what acts and what it is about.
//! - **A number is given once**, without gaps within a county and year.
//! - **Evidence is bound by digest**: what reviewers saw is what the log names.
//!
//! Calls the registry (parties, members, assets) and the ledger. Called by other services: `RegistrationHolder`, `LotRecord`.

mod check;
mod convert;
mod follow;
mod page;
mod rpc;
mod service;
mod store;
mod tick;
mod view;

use sanbian_domain::rulebook::Library;
use sanbian_proto::listing::v1::listing_server::ListingServer;
use sanbian_runtime::{follow::follow as follow_log, peers::Peers, rpc::Door};
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The service's own pool.
    pub pool: PgPool,
    /// Makes contexts; tells the time.
    pub door: Door,
    /// The registry and the ledger.
    pub peers: Peers,
    /// The rules of all regions.
    pub rulebooks: Arc<Library>,
}

impl Deps {
    /// The service's parts under the rules that come with the program.
    pub fn new(pool: PgPool, door: Door, peers: Peers) -> Self {
        Self { pool, door, peers, rulebooks: Arc::new(Library::builtin().clone()) }
    }

    /// The same under other rules.
    #[must_use]
    pub fn with_rulebooks(mut self, rulebooks: Library) -> Self {
        self.rulebooks = Arc::new(rulebooks);
        self
    }
}

/// The service's calls.
pub fn routes(deps: Deps) -> tonic::service::Routes {
    tonic::service::Routes::new(ListingServer::new(rpc::Rpc { deps }))
}

/// Follows the log and keeps the deadlines until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    let reader = follow::ListingReader;
    tokio::join!(follow_log(reader, deps.pool.clone(), deps.peers.clone(), stop.clone()), tick::run(deps, stop));
}
