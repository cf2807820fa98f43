//! The log's public files (C2SP tlog-tiles): checkpoint, tiles, keys. Static, for anyone, any mirror, any CDN.

use crate::call::App;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use object_store::{ObjectStoreExt, path::Path as ObjectPath};

/// `GET /ledger/…`.
pub fn routes(app: &App) -> Router {
    Router::new().route("/ledger/{*path}", get(file)).with_state(app.clone())
}

async fn file(State(app): State<App>, Path(path): Path<String>) -> Response {
    let public = path == "checkpoint" || path == "vkey" || path == "witnesses" || path.starts_with("tile/");
    let Ok(location) = ObjectPath::parse(&path) else { return StatusCode::NOT_FOUND.into_response() };
    if !public {
        return StatusCode::NOT_FOUND.into_response();
    }
    let bytes = match app.ledger.get(&location).await {
        Ok(found) => found.bytes().await,
        // Nobody witnesses yet: an empty list, not a missing page.
        Err(object_store::Error::NotFound { .. }) if path == "witnesses" => Ok(bytes::Bytes::new()),
        Err(object_store::Error::NotFound { .. }) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => Err(error),
    };
    let Ok(bytes) = bytes.inspect_err(|error| tracing::error!(%error, path, "reading a log file failed")) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let tile = path.starts_with("tile/");
    let kind = if tile { "application/octet-stream" } else { "text/plain; charset=utf-8" };
    let caching = if tile { "public, max-age=31536000, immutable" } else { "no-store" };
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        ],
        bytes,
    )
        .into_response()
}
