//! Calls to other services: one client type, whether the service runs in this process or in another.

use crate::{
    Context,
    rpc::{IDEMPOTENCY_KEY, REQUEST_ID, Transport},
    token::Tokens,
};
use sanbian_proto::{
    bidding::v1::bidding_client::BiddingClient, identity::v1::identity_client::IdentityClient,
    ledger::v1::ledger_client::LedgerClient, listing::v1::listing_client::ListingClient,
    pricing::v1::pricing_client::PricingClient, registry::v1::registry_client::RegistryClient,
    settlement::v1::settlement_client::SettlementClient, supervision::v1::supervision_client::SupervisionClient,
};
use std::sync::{Arc, OnceLock};
use tonic::{
    Request, Status,
    metadata::{AsciiMetadataValue, MetadataMap},
    service::{Interceptor, interceptor::InterceptedService},
};

/// Puts the caller's token, key and call id on each call.
#[derive(Clone)]
pub struct Forward(MetadataMap);

impl Interceptor for Forward {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        *request.metadata_mut() = self.0.clone();
        Ok(request)
    }
}

fn put(metadata: &mut MetadataMap, key: &'static str, value: &str) {
    if let Ok(value) = AsciiMetadataValue::try_from(value) {
        metadata.insert(key, value);
    }
}

/// The other services. Cheap to clone. Filled in while the program starts, in the order of the call graph, which has no circle.
#[derive(Clone)]
pub struct Peers {
    tokens: Tokens,
    transports: Arc<Transports>,
}

macro_rules! peers {
    ($($(#[$doc:meta])* $name:ident, $as_service:ident, $set:ident: $client:ident;)*) => {
        #[derive(Default)]
        struct Transports { $($name: OnceLock<Transport>,)* }

        impl Peers {$(
            /// Says where the service is. The first word counts.
            pub fn $set(&self, transport: Transport) {
                let _ = self.transports.$name.set(transport);
            }

            $(#[$doc])*
            ///
            /// On behalf of the caller of `ctx`, with its idempotency key.
            pub fn $name(&self, ctx: &Context) -> $client<InterceptedService<Transport, Forward>> {
                $client::with_interceptor(self.transports.$name.get().cloned().unwrap_or_else(missing), self.forward(ctx))
            }

            $(#[$doc])*
            ///
            /// As the service itself: for what follows from facts and deadlines.
            pub fn $as_service(&self) -> $client<InterceptedService<Transport, Forward>> {
                $client::with_interceptor(self.transports.$name.get().cloned().unwrap_or_else(missing), self.own())
            }
        )*}
    };
}

peers! {
    /// The ledger.
    ledger_for, ledger, set_ledger: LedgerClient;
    /// Accounts and roles.
    identity, identity_as_service, set_identity: IdentityClient;
    /// Parties, collectives, assets.
    registry, registry_as_service, set_registry: RegistryClient;
    /// Lots up to registration.
    listing, listing_as_service, set_listing: ListingClient;
    /// Rooms.
    bidding, bidding_as_service, set_bidding: BiddingClient;
    /// Money, contracts, certificates.
    settlement, settlement_as_service, set_settlement: SettlementClient;
    /// Comparables.
    pricing, pricing_as_service, set_pricing: PricingClient;
    /// Case files and alerts.
    supervision, supervision_as_service, set_supervision: SupervisionClient;
}

impl Peers {
    /// No service yet.
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens, transports: Arc::default() }
    }

    fn forward(&self, ctx: &Context) -> Forward {
        let mut metadata = MetadataMap::new();
        if let Some(token) = &ctx.token {
            put(&mut metadata, "authorization", &format!("Bearer {token}"));
        }
        if let Some(key) = &ctx.idempotency_key {
            put(&mut metadata, IDEMPOTENCY_KEY, key);
        }
        put(&mut metadata, REQUEST_ID, &ctx.request_id);
        Forward(metadata)
    }

    fn own(&self) -> Forward {
        let mut metadata = MetadataMap::new();
        put(&mut metadata, "authorization", &format!("Bearer {}", self.tokens.issue_for_service()));
        Forward(metadata)
    }
}

/// A service that this process was not told of: every call is refused as unavailable.
fn missing() -> Transport {
    Transport::new(tower::service_fn(|_| async {
        Ok(Status::unavailable("the service is not configured").into_http())
    }))
}
