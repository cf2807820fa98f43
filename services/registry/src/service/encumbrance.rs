//! Charges and restrictions on assets (权利负担).

use super::asset;
use crate::{
    Registry,
    findings::refuse,
    form,
    store::{self, encumbrance::EncumbranceRow},
};
use sanbian_domain::{
    fact::{EncumbranceLifted, EncumbranceRecorded},
    finding::Finding,
    ids::{AssetId, EncumbranceId},
    role::Role,
};
use sanbian_proto::registry::v1::{
    Encumbrance, EncumbranceList, LiftEncumbranceRequest, ListEncumbrancesRequest, RecordEncumbranceRequest,
};
use sanbian_runtime::{Context, Refusal, act, log};

/// Who records charges.
const RECORDERS: [Role; 2] = [Role::Operator, Role::CountyReviewer];
const KINDS: [&str; 6] = ["mortgage", "seizure", "dispute", "expropriation", "easement", "other"];
/// Why a charge may be lifted. Codes, not words: they stand in the log.
const LIFTS: [&str; 6] =
    ["discharged", "released-by-authority", "dispute-resolved", "withdrawn", "recorded-in-error", "other"];

/// Records a charge.
///
/// # Errors
/// Forbidden outside the recorder's region; malformed digests; a consent to something other than a mortgage.
pub async fn record(
    registry: &Registry,
    ctx: &Context,
    request: RecordEncumbranceRequest,
) -> Result<Encumbrance, Refusal> {
    ctx.signed_in()?;
    let land = asset::find(registry, &request.asset_id).await?;
    ctx.require(&RECORDERS, &land.region)?;
    let kind = form::code("kind", &request.kind, &KINDS)?;
    let read = |field: &str, text: &Option<String>| {
        text.as_deref().map(form::digest).transpose().map_err(|finding| Refusal::from(finding.at(field)))
    };
    let (document, consent) = (read("document", &request.document)?, read("consent", &request.consent)?);
    if consent.is_some() && kind != "mortgage" {
        return Err(consent_without_mortgage().into());
    }
    let id = EncumbranceId(uuid::Uuid::now_v7());
    let row = EncumbranceRow {
        id: id.0,
        asset_id: land.id,
        kind: kind.to_owned(),
        document: document.clone(),
        consent: consent.clone(),
        recorded_at: ctx.now,
        lifted_at: None,
        lift_reason: None,
        region: land.region,
    };
    let asset = AssetId(row.asset_id);
    let fact = EncumbranceRecorded { encumbrance: id, asset, encumbrance_kind: row.kind.clone(), document, consent };
    let entry = log::entry(ctx, format!("asset:{asset}"), &row.region, "", fact);
    act(ctx, &registry.pool, "record-encumbrance", &request, move |tx| {
        Box::pin(async move {
            store::encumbrance::insert(&mut **tx, &row).await?;
            log::append(tx, &[entry]).await?;
            Ok(view(&row))
        })
    })
    .await
}

/// Lifts a charge.
///
/// # Errors
/// Forbidden outside the recorder's region; a conflict where it was lifted already.
pub async fn lift(registry: &Registry, ctx: &Context, request: LiftEncumbranceRequest) -> Result<Encumbrance, Refusal> {
    ctx.signed_in()?;
    let id = form::id::<EncumbranceId>("encumbrance_id", &request.encumbrance_id)?;
    let known = store::encumbrance::by_id(&registry.pool, id).await?.ok_or_else(not_found)?;
    ctx.require(&RECORDERS, &known.region)?;
    let reason = form::code("reason", &request.reason, &LIFTS)?;
    let asset = AssetId(known.asset_id);
    let fact = EncumbranceLifted { encumbrance: id, asset, reason: reason.to_owned() };
    let entry = log::entry(ctx, format!("asset:{asset}"), &known.region, "", fact);
    let now = ctx.now;
    act(ctx, &registry.pool, "lift-encumbrance", &request, move |tx| {
        Box::pin(async move {
            if !store::encumbrance::lift(&mut **tx, id, reason, now).await? {
                return Err(Refusal::conflict(lifted_already()));
            }
            log::append(tx, &[entry]).await?;
            let row = store::encumbrance::by_id(&mut **tx, id).await?;
            Ok(view(&row.ok_or_else(not_found)?))
        })
    })
    .await
}

/// Charges on an asset, oldest first. Public: whoever bids must see them.
///
/// # Errors
/// Not found.
pub async fn list(
    registry: &Registry,
    _: &Context,
    request: ListEncumbrancesRequest,
) -> Result<EncumbranceList, Refusal> {
    let asset = AssetId(asset::find(registry, &request.asset_id).await?.id);
    let rows = store::encumbrance::of_asset(&registry.pool, asset).await?;
    Ok(EncumbranceList { items: rows.iter().map(view).collect() })
}

fn view(row: &EncumbranceRow) -> Encumbrance {
    Encumbrance {
        id: row.id.to_string(),
        asset_id: row.asset_id.to_string(),
        kind: row.kind.clone(),
        document: row.document.clone(),
        consent: row.consent.clone(),
        recorded_at: form::at(row.recorded_at),
        lifted_at: row.lifted_at.map(form::at),
        lift_reason: row.lift_reason.clone(),
    }
}

fn not_found() -> Refusal {
    Refusal::not_found("权利负担", "charge")
}

fn consent_without_mortgage() -> Finding {
    refuse(
        "encumbrance.consent",
        "《民法典》第四百零六条（抵押财产的转让）",
        ("只有抵押需要填写抵押权人同意。", "Only a mortgage has a mortgagee's consent."),
        ("请删除该附件，或更改类型。", "Take the file off, or change the kind."),
    )
    .at("consent")
}

fn lifted_already() -> Finding {
    refuse(
        "encumbrance.stands",
        "平台规则：已解除的负担不再变更 (platform rule: what is lifted stays lifted)",
        ("该权利负担已解除。", "This charge was lifted already."),
        ("请查看资产的权利负担记录。", "Look at the asset's charges."),
    )
}
