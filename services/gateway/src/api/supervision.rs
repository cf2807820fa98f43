//! Case files and alerts.

use crate::call::{Answer, App, Body, Call, Id, Params, answer};
use axum::extract::State;
use sanbian_proto::supervision::v1::{
    Alert, AlertPage, CaseFile, CasePage, CloseAlertRequest, GetCaseRequest, ListAlertsRequest, ListCasesRequest,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_cases))
        .routes(routes!(get_case))
        .routes(routes!(list_alerts))
        .routes(routes!(close_alert))
}

/// The lots of the supervisor's regions, newest step first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "supervision", security(("bearer" = [])), params(ListCasesRequest), responses((status = 200, body = CasePage)))]
async fn list_cases(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListCasesRequest>,
) -> Answer<CasePage> {
    answer(app.peers.supervision(&ctx).list_cases(request).await)
}

/// The case file of a lot: each step with its proof, documents, money, alerts.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "supervision", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = CaseFile)))]
async fn get_case(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<CaseFile> {
    answer(app.peers.supervision(&ctx).get_case(GetCaseRequest { lot_id: id.to_string() }).await)
}

/// Alerts of the supervisor's regions, newest first.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "supervision", security(("bearer" = [])), params(ListAlertsRequest), responses((status = 200, body = AlertPage)))]
async fn list_alerts(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListAlertsRequest>,
) -> Answer<AlertPage> {
    answer(app.peers.supervision(&ctx).list_alerts(request).await)
}

/// Closes an alert with a reason.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/close", tag = "supervision", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The alert.")), request_body = CloseAlertRequest, responses((status = 200, body = Alert)))]
async fn close_alert(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(request): Body<CloseAlertRequest>,
) -> Answer<Alert> {
    answer(app.peers.supervision(&ctx).close_alert(CloseAlertRequest { alert_id: id.to_string(), ..request }).await)
}
