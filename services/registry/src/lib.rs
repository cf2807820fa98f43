//! # The registry: who there is and what is owned
//!
//! Owns: parties, collectives with their households and members, assets and parcels with their geometry, rights and charges on them. In the
//! terms of the Land Administration Domain Model (ISO 19152): LA_Party, LA_GroupParty, LA_SpatialUnit, LA_Right, LA_Restriction.
//!
//! Promises: whoever asks whether an asset may be transferred for a term hears everything that stands against it; whoever registers land hears
//! how its measured area compares with the stated one.
//!
//! **Invariants**
//! - **No two rights of one tier run at the same time on the same land.** The database refuses the second (an exclusion constraint for whole
//!   assets, a geometry check under lock for parts and overlapping parcels), whatever code writes and at every isolation level.
//! - **A geometry is stored only measured**, in the CGCS2000 3-degree zone of its centroid, by the database itself.
//! - **Personal data is sealed at rest**, bound to its row, and leaves masked. The one way to see it unmasked is logged; services get it for
//!   contracts, certificates and payouts.
//! - **A recorded right or charge is never changed or deleted**, only ended.
//! - **The log names no person**: pseudonymous ids and salted commitments.
//!
//! Called by other services: `PartyOfAccount`, `PartyForCertificate`, `PayoutAccount`, `IsMember`, `HoldsRight`, `AssetTransferable`,
//! `RecordRight`. Calls nobody but the ledger, whose log it follows for announced lots: an asset on offer is not edited.

mod findings;
mod follow;
mod form;
mod geometry;
mod person;
mod rpc;
mod service;
mod store;
mod survey;

use crate::person::Safe;
use sanbian_domain::rulebook::Library;
use sanbian_proto::registry::v1::registry_server::RegistryServer;
use sanbian_runtime::{follow::follow as follow_log, peers::Peers, rpc::Door, seal::Sealer, secret::Secret};
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the registry works with.
#[derive(Clone)]
pub struct Deps {
    door: Door,
    peers: Peers,
    registry: Registry,
}

/// What the use cases work with.
#[derive(Clone)]
pub(crate) struct Registry {
    pub(crate) pool: PgPool,
    pub(crate) safe: Safe,
    pub(crate) rulebooks: Arc<Library>,
}

impl Deps {
    /// Over the registry's own pool; `peers` for the ledger, whose log it follows; the rules are those that come with the program.
    pub fn new(pool: PgPool, door: Door, peers: Peers, secret: &Secret) -> Self {
        let safe = Safe::new(Sealer::new(secret, "registry"));
        let rulebooks = Arc::new(Library::builtin().clone());
        Self { door, peers, registry: Registry { pool, safe, rulebooks } }
    }

    /// The same under other rules.
    #[must_use]
    pub fn with_rulebooks(mut self, rulebooks: Library) -> Self {
        self.registry.rulebooks = Arc::new(rulebooks);
        self
    }
}

/// The registry's RPC side.
pub fn routes(deps: &Deps) -> tonic::service::Routes {
    let rpc = rpc::Rpc { door: deps.door.clone(), registry: deps.registry.clone() };
    tonic::service::Routes::new(RegistryServer::new(rpc))
}

/// Follows the log until `stop`.
pub async fn run(deps: Deps, stop: CancellationToken) {
    follow_log(follow::Offers, deps.registry.pool, deps.peers, stop).await;
}
