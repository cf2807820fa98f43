//! The platform itself: time, calendar, health, demonstration.

use crate::call::{Answer, App, Body, Call, Demo, Params};
use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use chrono::{NaiveDate, TimeDelta};
use sanbian_domain::{
    calendar::Calendar,
    fact::instant,
    finding::{Finding, Text},
};
use sanbian_runtime::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(time))
        .routes(routes!(deadline))
        .routes(routes!(demo))
        .routes(routes!(move_clock))
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(metrics))
}

/// Business time of the exchange.
#[derive(Serialize, ToSchema)]
struct ServerTime {
    /// RFC 3339, UTC, milliseconds.
    #[schema(format = DateTime)]
    now: String,
    /// Whether this is a demonstration whose clock may be moved.
    movable: bool,
}

/// Server time: the one that decides.
#[utoipa::path(get, path = "/api/v1/time", tag = "platform", responses((status = 200, body = ServerTime)))]
async fn time(State(app): State<App>) -> Json<ServerTime> {
    Json(ServerTime { now: instant::text(app.clock.now()), movable: app.clock.is_movable() })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeadlineQuery {
    /// The day before day 1, YYYY-MM-DD.
    #[param(value_type = String, format = Date)]
    from: NaiveDate,
    /// How many working days, from 1.
    #[param(minimum = 1)]
    working_days: u32,
}

/// A deadline in working days.
#[derive(Serialize, ToSchema)]
struct Deadline {
    /// The last day, YYYY-MM-DD.
    #[schema(value_type = String, format = Date)]
    date: NaiveDate,
}

/// The day on which a deadline of so many working days ends: day 1 is the first working day after `from`.
#[utoipa::path(get, path = "/api/v1/calendar/deadline", tag = "platform", params(DeadlineQuery), responses((status = 200, body = Deadline)))]
async fn deadline(Params(query): Params<DeadlineQuery>) -> Answer<Deadline> {
    let date = Calendar::official().deadline(query.from, query.working_days).map_err(Refusal::from)?;
    Ok(Json(Deadline { date }))
}

/// The demonstration's accounts; not found in a real installation.
#[utoipa::path(get, path = "/api/v1/demo", tag = "platform", responses((status = 200, body = Demo)))]
async fn demo(State(app): State<App>) -> Answer<Demo> {
    let demo = app.demo.as_deref().ok_or_else(|| Refusal::not_found("页面", "page"))?;
    Ok(Json(demo.clone()))
}

/// How far to move the demonstration's clock.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MoveClock {
    /// Seconds forward, up to 60 days.
    #[schema(minimum = 1, maximum = 5_184_000)]
    seconds: u32,
}

/// Moves the demonstration's clock forward, for everyone. A real installation has no such clock.
#[utoipa::path(post, path = "/api/v1/demo/clock", tag = "platform", security(("bearer" = [])), request_body = MoveClock, responses((status = 200, body = ServerTime)))]
async fn move_clock(State(app): State<App>, call: Call, Body(body): Body<MoveClock>) -> Answer<ServerTime> {
    call.0.signed_in()?;
    if app.demo.is_none() {
        return Err(Refusal::not_found("页面", "page").into());
    }
    if body.seconds == 0 || body.seconds > 5_184_000 {
        return Err(Refusal::malformed("seconds", "1 to 5184000").into());
    }
    let now = app.clock.advance(TimeDelta::seconds(body.seconds.into())).map_err(|error| {
        Refusal::rule(vec![
            Finding::refusal(
                "clock.forward-only",
                "平台规则：以服务器时间为准 (platform rule: server time decides)",
                Text::new("本系统的时钟不能调整。", "This installation's clock can't be moved."),
                Text::new("仅演示环境可以快进时间。", "Only a demonstration can move its clock forward."),
            )
            .with_fact("detail", error),
        ])
    })?;
    Ok(Json(ServerTime { now: instant::text(now), movable: true }))
}

/// The process is alive.
#[utoipa::path(get, path = "/healthz", tag = "platform", responses((status = 200, body = String)))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// The program is ready to serve.
#[utoipa::path(get, path = "/readyz", tag = "platform", responses((status = 200, body = String), (status = 503, body = String)))]
async fn readyz(State(app): State<App>) -> impl IntoResponse {
    if (app.ready)() { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "starting\n") }
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "platform", responses((status = 200, body = String)))]
async fn metrics(State(app): State<App>) -> String {
    (app.metrics)()
}
