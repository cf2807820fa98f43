//! The RPC side: from a call's metadata to a [`Context`], and the layers that make a call in process behave like one over the wire.

use crate::{Clock, Context, Refusal, token::Tokens};
use futures::future::BoxFuture;
use http::{Request as HttpRequest, Response as HttpResponse};
use std::{
    convert::Infallible,
    task::{Context as TaskContext, Poll},
    time::Duration,
};
use tonic::{Request, Status, body::Body, metadata::MetadataMap, service::Routes};
use tower::{Service, ServiceExt, util::BoxCloneSyncService};

/// Metadata key of the client's idempotency key.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Metadata key of the call's id.
pub const REQUEST_ID: &str = "x-request-id";

/// A service as seen by its clients: in this process or over a channel.
///
/// Its error is a [`Status`] and no boxed one: a client's future over a boxed error is not `Send` in handlers (rust-lang/rust 110338).
pub type Transport = BoxCloneSyncService<HttpRequest<Body>, HttpResponse<Body>, Status>;

/// What each service's RPC side holds to make contexts.
#[derive(Clone)]
pub struct Door {
    /// Verifies access tokens.
    pub tokens: Tokens,
    /// Business time.
    pub clock: Clock,
}

impl Door {
    /// The context of a call: a bad token is refused even where the call is public, so that nobody works on unknowingly signed out.
    ///
    /// # Errors
    /// Unauthenticated for a bad or expired token.
    pub fn context<T>(&self, request: &Request<T>) -> Result<Context, Status> {
        let metadata = request.metadata();
        let token = text(metadata, "authorization").and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
        let caller = token.as_deref().map(|token| self.tokens.verify(token)).transpose().map_err(Status::from)?;
        Ok(Context {
            caller,
            now: self.clock.now(),
            idempotency_key: text(metadata, IDEMPOTENCY_KEY).map(str::to_owned),
            request_id: text(metadata, REQUEST_ID).unwrap_or_default().to_owned(),
            token,
        })
    }
}

fn text<'m>(metadata: &'m MetadataMap, key: &str) -> Option<&'m str> {
    metadata.get(key).and_then(|value| value.to_str().ok())
}

/// Answers of calls wait at most so long for their head; streams may then last.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Calls under way at once in a service.
const CALLS: usize = 4096;

/// A service's routes as a transport within the process, under the same layers as over the wire: a panic is an answer, not the
/// caller's end; a call has a time limit; and there is a limit to calls under way.
pub fn in_process(routes: Routes) -> Transport {
    let service = Guarded { inner: routes };
    let service = tower::limit::ConcurrencyLimit::new(service, CALLS);
    BoxCloneSyncService::new(service.map_err(|never: Infallible| match never {}))
}

/// A service in another process.
///
/// # Errors
/// Where the address can't be read. The connection itself is made when it is first needed.
pub fn remote(address: &str) -> Result<Transport, Refusal> {
    let endpoint = tonic::transport::Endpoint::from_shared(address.to_owned())
        .map_err(Refusal::internal)?
        .timeout(TIMEOUT)
        .tcp_nodelay(true)
        .concurrency_limit(CALLS);
    Ok(BoxCloneSyncService::new(endpoint.connect_lazy().map_err(|error| Status::from_error(error.into()))))
}

#[derive(Clone)]
struct Guarded {
    inner: Routes,
}

impl Service<HttpRequest<Body>> for Guarded {
    type Response = HttpResponse<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest<Body>) -> Self::Future {
        let call = self.inner.clone().oneshot(request);
        let task = tokio::spawn(tokio::time::timeout(TIMEOUT, call));
        Box::pin(async move {
            Ok(match task.await {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(error))) => Status::from(Refusal::internal(error)).into_http(),
                Ok(Err(_)) => Status::from(Refusal::unavailable("the call took too long")).into_http(),
                Err(error) => Status::from(Refusal::internal(error)).into_http(),
            })
        })
    }
}
