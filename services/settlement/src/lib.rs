//! # Settlement (结算)
//!
//! Owns: the books, deposits, bank statements, payouts, contracts, certificates.
//!
//! Promises: money that came in is, at every moment, owed to exactly one party or earned by the exchange, and the books say to whom; it goes out
//! once, to the account it came from or belongs to, after a second person looked.
//!
//! **Invariants**
//! - **Every amount moves between two accounts, and all accounts add up to zero.** What is owed is never overdrawn, ordered payouts included:
//!   the database refuses it.
//! - **A booked movement is never changed**; a pending one is posted or voided once. A retry finds the movement there.
//! - **A bank line is booked once**, a file whole or not at all.
//! - **A loser's deposit is ordered back in the act that takes in the result**; a deposit of nothing holds nobody up.
//! - **A signature is of exactly the terms whose digest stands in the log**, and the two sides are signed by two accounts.
//! - **Who stands behind a code, a line or a payout is sealed**, and leaves masked.
//!
//! Follows the log of listing and bidding (see `follow`). Calls listing for whose a registration is, and the registry for names, accounts and the
//! right that a certificate certifies. Nobody is called while the books are locked for a person's act.

mod books;
mod days;
mod flow;
mod follow;
mod parties;
mod qr;
mod reference;
mod rpc;
mod service;
mod settings;
mod statement;
mod store;
mod tick;
mod view;
mod work;

pub use settings::Settings;

use sanbian_proto::settlement::v1::settlement_server::SettlementServer;
use sanbian_runtime::{follow::follow as follow_log, peers::Peers, rpc::Door, seal::Sealer, secret::Secret};
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

/// What the service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    pub(crate) pool: PgPool,
    pub(crate) door: Door,
    pub(crate) peers: Peers,
    pub(crate) sealer: Sealer,
    pub(crate) settings: Arc<Settings>,
}

impl Deps {
    /// The service over its own pool, for an exchange of [`Settings::default`].
    pub fn new(pool: PgPool, door: Door, peers: Peers, secret: &Secret) -> Self {
        Self { pool, door, peers, sealer: Sealer::new(secret, "settlement"), settings: Arc::default() }
    }

    /// The same for another exchange.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = Arc::new(settings);
        self
    }
}

/// The RPC side.
pub fn routes(deps: &Deps) -> Routes {
    Routes::new(SettlementServer::new(rpc::Rpc { deps: deps.clone() }))
}

/// What settlement does with the log, for whoever drives it: [`run`], or a test that feeds it entries one by one.
pub fn reader(deps: &Deps) -> impl sanbian_runtime::follow::Reader {
    follow::SettlementReader(deps.clone())
}

/// Follows the log, and looks for what is late, until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    let reader = follow::SettlementReader(deps.clone());
    let (pool, peers) = (deps.pool.clone(), deps.peers.clone());
    tokio::join!(follow_log(reader, pool, peers, stop.clone()), tick::run(deps, stop));
}
