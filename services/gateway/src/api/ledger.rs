//! The log's explorer: entries, proofs, the newest checkpoint. The log itself stands under `/ledger` as files.

use crate::call::{Answer, App, Call, Id, Params, answer};
use axum::extract::State;
use sanbian_proto::ledger::v1::{
    GetCheckpointRequest, GetInclusionRequest, LogCheckpoint, LogEntries, LogInclusion, SearchLogRequest,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(checkpoint)).routes(routes!(proof))
}

/// Entries by subject, kind or actor, newest first.
#[utoipa::path(get, path = "/api/v1/ledger/entries", tag = "ledger", params(SearchLogRequest), responses((status = 200, body = LogEntries)))]
async fn search(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<SearchLogRequest>,
) -> Answer<LogEntries> {
    answer(app.peers.ledger_for(&ctx).search(request).await)
}

/// The newest checkpoint.
#[utoipa::path(get, path = "/api/v1/ledger/checkpoint", tag = "ledger", responses((status = 200, body = LogCheckpoint)))]
async fn checkpoint(State(app): State<App>, Call(ctx): Call) -> Answer<LogCheckpoint> {
    answer(app.peers.ledger_for(&ctx).checkpoint(GetCheckpointRequest {}).await)
}

/// The proof that an entry is in the log.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{index}/proof", tag = "ledger", params(("index" = u64, Path, description = "The entry's index.")), responses((status = 200, body = LogInclusion)))]
async fn proof(State(app): State<App>, Call(ctx): Call, Id(index): Id<u64>) -> Answer<LogInclusion> {
    answer(app.peers.ledger_for(&ctx).inclusion(GetInclusionRequest { index }).await)
}
