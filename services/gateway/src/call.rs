//! A call as the gateway sees it: the program's parts, the caller's context, and extractors whose refusals are problem documents.

use crate::problem::Problem;
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use object_store::ObjectStore;
use sanbian_runtime::{Clock, Context, Refusal, peers::Peers, rpc::IDEMPOTENCY_KEY, token::Tokens};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The services.
    pub peers: Peers,
    /// Verifies access tokens.
    pub tokens: Tokens,
    /// Business time.
    pub clock: Clock,
    /// Evidence files, by digest.
    pub documents: Arc<dyn ObjectStore>,
    /// The log's public files.
    pub ledger: Arc<dyn ObjectStore>,
    /// The demonstration's accounts; none in a real installation.
    pub demo: Option<Arc<Demo>>,
    /// Answers `/metrics`.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Says whether the program is ready to serve.
    pub ready: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Refresh cookies are sent over TLS only. Off where the program itself speaks plain HTTP on loopback.
    pub secure_cookies: bool,
}

/// What a demonstration shows on its sign-in page.
#[derive(Clone, Debug, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Demo {
    /// The accounts anyone may sign in with.
    pub accounts: Vec<DemoAccount>,
}

/// One account of the demonstration.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct DemoAccount {
    /// Sign-in name.
    pub username: String,
    /// Password, known to everyone.
    pub password: String,
    /// Role and place, Chinese.
    pub zh: String,
    /// Role and place, English.
    pub en: String,
}

/// The context of the call: caller, business time, idempotency key.
pub struct Call(pub Context);

impl FromRequestParts<App> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let token = match header("authorization") {
            None => None,
            Some(value) => Some(value.strip_prefix("Bearer ").map(str::to_owned).ok_or_else(Refusal::unauthenticated)?),
        };
        let caller = token.as_deref().map(|token| app.tokens.verify(token)).transpose()?;
        // Between services only: a service's token must not come in from outside.
        if caller.as_ref().is_some_and(|caller| caller.service) {
            return Err(Refusal::unauthenticated().into());
        }
        Ok(Self(Context {
            caller,
            now: app.clock.now(),
            idempotency_key: header(IDEMPOTENCY_KEY),
            request_id: uuid::Uuid::now_v7().to_string(),
            token,
        }))
    }
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(Refusal::malformed("body", rejection.body_text()).into()),
        }
    }
}

/// The query string.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, app).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Refusal::malformed("query", rejection.body_text()).into()),
        }
    }
}

/// A part of the path that must be of type `T`, such as a typed id.
pub struct Id<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, app).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(rejection) => Err(Refusal::malformed("path", rejection.body_text()).into()),
        }
    }
}

/// A handler's answer.
pub type Answer<T> = Result<Json<T>, Problem>;

/// A service's answer as a handler's.
///
/// # Errors
/// The service's refusal.
pub fn answer<T>(result: Result<tonic::Response<T>, tonic::Status>) -> Answer<T> {
    Ok(Json(result?.into_inner()))
}
