//! What like rights brought.

use crate::call::{Answer, App, Call, Params, answer};
use axum::extract::State;
use sanbian_proto::pricing::v1::{ComparableDeals, ComparablesRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(comparables))
}

/// Comparable deals with median, quartiles and count, and what the rule says of a price beside them.
#[utoipa::path(get, path = "/api/v1/comparables", tag = "pricing", params(ComparablesRequest), responses((status = 200, body = ComparableDeals)))]
async fn comparables(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ComparablesRequest>,
) -> Answer<ComparableDeals> {
    answer(app.peers.pricing(&ctx).comparables(request).await)
}
