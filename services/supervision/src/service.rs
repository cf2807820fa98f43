//! The use cases: cases and alerts.

use crate::{
    Deps,
    store::{self, AlertRow, CaseRow, Which},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    fact::{AlertClosed, SYSTEM, instant},
    finding::{Finding, Text},
    ids::{AlertId, LotId},
    role::Role,
};
use sanbian_proto::{
    identity::v1::GetAccountRequest,
    listing::v1::GetDraftRequest,
    settlement::v1::LotMoneyRequest,
    supervision::v1::{
        Alert, AlertPage, CaseFile, CasePage, CaseStep, CaseSummary, CloseAlertRequest, GetCaseRequest,
        ListAlertsRequest, ListCasesRequest,
    },
};
use sanbian_runtime::{Context, Kind, Refusal, act, log, seal};
use std::collections::HashMap;
use uuid::Uuid;

const SUPERVISORS: &[Role] = &[Role::Supervisor];
/// Rows shown at a time where the client says nothing.
const PAGE: u32 = 50;
const MOST: u32 = 100;

/// The lots of the caller's regions, newest step first. Supervisors.
pub(crate) async fn list_cases(deps: &Deps, ctx: &Context, request: ListCasesRequest) -> Result<CasePage, Refusal> {
    ctx.require_anywhere(SUPERVISORS)?;
    let limit = page(request.limit)?;
    let before = match request.cursor.as_deref() {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|error| Refusal::malformed("cursor", error))?,
    };
    let within = request.region.unwrap_or_default();
    let rows = store::cases(&deps.pool, &ctx.regions(SUPERVISORS), &within, before, i64::from(limit)).await?;
    let next_cursor =
        (rows.len() == limit as usize).then(|| rows.last()).flatten().map(|row| row.last_index.to_string());
    Ok(CasePage { items: rows.into_iter().map(summary).collect(), next_cursor })
}

/// A lot's case file: steps, documents, money, alerts. Supervisors of its region.
pub(crate) async fn get_case(deps: &Deps, ctx: &Context, request: GetCaseRequest) -> Result<CaseFile, Refusal> {
    ctx.require_anywhere(SUPERVISORS)?;
    let lot: LotId = request.lot_id.parse().map_err(|error| Refusal::malformed("lot_id", error))?;
    let row = store::case(&deps.pool, lot).await?.ok_or_else(|| Refusal::not_found("案卷", "case"))?;
    ctx.require(SUPERVISORS, &row.region)?;
    let mut names = HashMap::new();
    let mut steps = Vec::new();
    for step in store::steps(&deps.pool, lot).await? {
        let actor = actor(deps, &mut names, &step.actor).await;
        steps.push(CaseStep {
            index: step.log_index.unsigned_abs(),
            happened_at: instant::text(step.at),
            kind: step.kind,
            actor,
            rulebook: step.rulebook,
            zh: step.zh,
            en: step.en,
        });
    }
    let draft = deps.peers.listing(ctx).get_draft(GetDraftRequest { lot_id: lot.to_string() }).await;
    let money = deps.peers.settlement(ctx).lot_money(LotMoneyRequest { lot_id: lot.to_string() }).await;
    let which =
        Which { regions: &ctx.regions(SUPERVISORS), lot: Some(lot.0), open: None, after: None, limit: i64::from(MOST) };
    let alerts = store::alerts(&deps.pool, &which).await?;
    Ok(CaseFile {
        summary: Some(summary(row)),
        steps,
        lot: part(draft)?,
        money: part(money)?,
        alerts: alerts.into_iter().map(alert).collect(),
    })
}

/// A part of the file that another service keeps: what it does not have yet is left out; a fault is a fault.
fn part<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<Option<T>, Refusal> {
    match answer {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) => {
            let refusal = Refusal::from(status);
            if refusal.kind == Kind::NotFound { Ok(None) } else { Err(refusal) }
        }
    }
}

/// Who did a step, masked. A name that can't be had is shown as its pseudonym.
async fn actor(deps: &Deps, names: &mut HashMap<String, String>, actor: &str) -> String {
    if actor == SYSTEM || actor.starts_with("bidder:") {
        return actor.to_owned();
    }
    if let Some(name) = names.get(actor) {
        return name.clone();
    }
    let request = GetAccountRequest { id: actor.to_owned() };
    let name = match deps.peers.identity_as_service().get_account(request).await {
        Ok(answer) => answer.into_inner().display_name,
        Err(_) => actor.to_owned(),
    };
    names.insert(actor.to_owned(), name.clone());
    name
}

/// Alerts of the caller's regions, newest first. Supervisors.
pub(crate) async fn list_alerts(deps: &Deps, ctx: &Context, request: ListAlertsRequest) -> Result<AlertPage, Refusal> {
    ctx.require_anywhere(SUPERVISORS)?;
    let limit = page(request.limit)?;
    let open = match request.state.as_deref() {
        None => None,
        Some("open") => Some(true),
        Some("closed") => Some(false),
        Some(_) => return Err(Refusal::malformed("state", "open or closed")),
    };
    let after = request.cursor.as_deref().map(place).transpose()?;
    let which = Which { regions: &ctx.regions(SUPERVISORS), lot: None, open, after, limit: i64::from(limit) };
    let rows = store::alerts(&deps.pool, &which).await?;
    let next_cursor = (rows.len() == limit as usize).then(|| rows.last()).flatten();
    let next_cursor = next_cursor.map(|row| format!("{}_{}", row.raised_at.timestamp_micros(), row.id));
    Ok(AlertPage { items: rows.into_iter().map(alert).collect(), next_cursor })
}

/// Closes an alert with a reason. Supervisors of its region.
pub(crate) async fn close_alert(deps: &Deps, ctx: &Context, request: CloseAlertRequest) -> Result<Alert, Refusal> {
    ctx.require_anywhere(SUPERVISORS)?;
    let id = Uuid::try_parse(&request.alert_id).map_err(|error| Refusal::malformed("alert_id", error))?;
    let region = store::alert_region(&deps.pool, id).await?.ok_or_else(|| Refusal::not_found("预警", "alert"))?;
    let by = ctx.require(SUPERVISORS, &region)?.account;
    let reason = request.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 2000 {
        return Err(needs_reason());
    }
    let context = ctx.clone();
    act(ctx, &deps.pool, "supervision.close-alert", &request, move |tx| {
        Box::pin(async move {
            let row = store::lock_alert(tx, id).await?.ok_or_else(|| Refusal::not_found("预警", "alert"))?;
            if row.closed_at.is_some() {
                return Err(already_closed());
            }
            store::close_alert(tx, id, by.0, &reason, context.now).await?;
            let lot = LotId(row.lot_id);
            let reason_digest = seal::sha256_hex(reason.as_bytes());
            let fact = AlertClosed { alert: AlertId(id), lot, reason_digest };
            log::append(tx, &[log::entry(&context, format!("lot:{lot}"), &row.region, "", fact)]).await?;
            Ok(alert(AlertRow { closed_at: Some(context.now), reason: Some(reason), ..row }))
        })
    })
    .await
}

fn summary(row: CaseRow) -> CaseSummary {
    CaseSummary {
        lot_id: row.lot_id.to_string(),
        number: row.number,
        title: row.title,
        region: row.region,
        steps: row.steps.unsigned_abs(),
        last_kind: row.last_kind,
        last_at: instant::text(row.last_at),
        open_alerts: u32::try_from(row.open_alerts).unwrap_or(u32::MAX),
    }
}

fn alert(row: AlertRow) -> Alert {
    Alert {
        id: row.id.to_string(),
        kind: row.kind,
        lot_id: row.lot_id.to_string(),
        lot_number: row.lot_number,
        lot_title: row.lot_title,
        region: row.region,
        finding: row.finding,
        state: if row.closed_at.is_some() { "closed" } else { "open" }.to_owned(),
        raised_at: instant::text(row.raised_at),
        closed_at: row.closed_at.map(instant::text),
        reason: row.reason,
    }
}

fn page(limit: Option<u32>) -> Result<u32, Refusal> {
    match limit.unwrap_or(PAGE) {
        limit if (1..=MOST).contains(&limit) => Ok(limit),
        _ => Err(Refusal::malformed("limit", format!("1 to {MOST}"))),
    }
}

fn place(cursor: &str) -> Result<(DateTime<Utc>, Uuid), Refusal> {
    let parsed = cursor
        .split_once('_')
        .and_then(|(at, id)| Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?)));
    parsed.ok_or_else(|| Refusal::malformed("cursor", "as given by the page before"))
}

fn needs_reason() -> Refusal {
    Finding::refusal(
        "supervision.alert-reason",
        "监督规则：预警须附理由方可办结 (an alert is closed with a reason)",
        Text::new("请填写办结理由（2000字以内）。", "Give the reason for closing it, 2000 characters at most."),
        Text::new("写明核查情况和处理结果。", "Say what was looked into and what came of it."),
    )
    .at("reason")
    .into()
}

fn already_closed() -> Refusal {
    Refusal::conflict(Finding::refusal(
        "supervision.alert-open",
        "监督规则：预警只办结一次 (an alert is closed once)",
        Text::new("该预警已办结。", "This alert is closed already."),
        Text::new("请刷新页面查看办结理由。", "Reload the page to see the reason."),
    ))
}
