//! The pages: built by `web/`, embedded in the program.

use crate::{call::App, problem::Problem};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sanbian_runtime::Refusal;

#[derive(RustEmbed)]
#[folder = "../../web/build"]
#[allow_missing = true]
struct Assets;

/// Whether the pages were built into this program.
pub fn built() -> bool {
    Assets::get("index.html").is_some()
}

/// Everything that is not the API or the log.
pub fn routes(app: &App) -> Router {
    Router::new().fallback(page).with_state(app.clone())
}

async fn page(State(_): State<App>, method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem(Refusal::not_found("接口", "call")).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = if path.is_empty() { "index.html" } else { path };
    if let Some(file) = Assets::get(name) {
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = HeaderValue::from_str(kind.as_ref()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        // Names under _app/immutable carry their content's hash.
        let caching =
            if name.starts_with("_app/immutable/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(caching))], file.data)
            .into_response();
    }
    // A page of the single-page application; a missing file of its build is missing.
    if path.starts_with("_app/") || path.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Assets::get("index.html") {
        Some(file) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], file.data)
                .into_response()
        }
        None => {
            (StatusCode::NOT_FOUND, "页面尚未构建，请运行 make run。 The pages have not been built; run make run.\n")
                .into_response()
        }
    }
}
