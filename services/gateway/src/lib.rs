//! # The gateway
//!
//! Owns: HTTP and JSON, the live feed, evidence files, the log's public files, the pages, the OpenAPI document.
//!
//! Promises: every route of the API is in `/api/openapi.json`; every error is `application/problem+json` with findings.
//!
//! **Invariants**
//! - **No rule lives here.** A handler reads the request, calls one service, writes the answer.
//! - **No database.** The gateway reaches services through their clients only.
//! - **What comes in is bounded**: bodies, headers, calls under way, time.

pub mod access;
pub mod api;
mod call;
mod client;
mod documents;
mod ledger_files;
mod pages;
mod problem;

pub use call::{App, Demo, DemoAccount};
pub use pages::built as pages_built;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer, trace::TraceLayer,
};

/// Largest JSON body, in bytes. GeoJSON of a parcel is the largest thing sent.
const BODY: usize = 1 << 20;

/// The whole HTTP side.
pub fn router(app: &App) -> Router {
    let (api, description) = api::routes(app).split_for_parts();
    let description = api::finish(description);
    let document = axum::Json(description);
    let api = api
        .route("/api/openapi.json", axum::routing::get(move || async move { document }))
        .fallback_service(pages::routes(app))
        .layer(DefaultBodyLimit::max(BODY));
    Router::new()
        .merge(ledger_files::routes(app))
        .merge(api)
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(SetResponseHeaderLayer::if_not_present(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")))
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(60)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            problem::Problem(sanbian_runtime::Refusal::internal("a handler panicked")).into_response()
        }))
        .layer(TraceLayer::new_for_http())
}
