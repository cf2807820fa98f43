//! What other services ask. Never for people: the answers tie registrations to accounts and parties.

use crate::{Deps, convert, store, view};
use sanbian_domain::{
    ids::{LotId, RegistrationId},
    rights::Category,
};
use sanbian_proto::listing::v1::{
    LotRecordAnswer, LotRecordRequest, RegistrationHolderAnswer, RegistrationHolderRequest,
};
use sanbian_runtime::{Context, Refusal};

/// Whose a registration is. Services only.
pub async fn registration_holder(
    deps: &Deps,
    ctx: &Context,
    request: RegistrationHolderRequest,
) -> Result<RegistrationHolderAnswer, Refusal> {
    ctx.require_service()?;
    let id: RegistrationId = convert::read("registration_id", &request.registration_id)?;
    let kept = store::registration::find(&deps.pool, id).await?.ok_or_else(store::registration::not_found)?;
    let lot = store::lot::find(&deps.pool, kept.lot).await?.ok_or_else(store::lot::not_found)?;
    Ok(RegistrationHolderAnswer {
        registration_id: kept.id.to_string(),
        lot_id: kept.lot.to_string(),
        account_id: kept.account.to_string(),
        party_id: kept.party.to_string(),
        priority_rank: kept.rank(),
        state: kept.state().to_owned(),
        deposit_fen: kept.deposit.fen(),
        region: lot.region,
    })
}

/// A lot's parties, announcement and pinned rules. Services only.
pub async fn lot_record(deps: &Deps, ctx: &Context, request: LotRecordRequest) -> Result<LotRecordAnswer, Refusal> {
    ctx.require_service()?;
    let id: LotId = convert::read("lot_id", &request.lot_id)?;
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(store::lot::not_found)?;
    let rules = match &lot.announced {
        None => String::new(),
        Some(announced) => {
            store::rules::rulebook(&deps.pool, &announced.rulebook_digest)
                .await?
                .ok_or_else(|| Refusal::internal("an announced lot's rules are not kept"))?
                .text
        }
    };
    let announced = lot.announced.as_ref();
    Ok(LotRecordAnswer {
        lot_id: lot.id.to_string(),
        number: announced.map_or_else(String::new, |announced| announced.number.clone()),
        state: lot.life.phase.code().to_owned(),
        collective_id: lot.collective.to_string(),
        region: lot.region.clone(),
        asset_ids: lot.assets.iter().map(ToString::to_string).collect(),
        notice: view::json(&lot.notice)?,
        schedule: announced.map(|announced| view::json(&announced.schedule)).transpose()?,
        category: lot.notice.category.map_or("", Category::code).to_owned(),
        rulebook: announced.map_or_else(String::new, |announced| announced.rulebook_label.clone()),
        drafted_by: lot.drafted_by.to_string(),
        rules,
        revision: announced.map_or(0, |announced| announced.revision),
        collective_name: lot.collective_name.clone(),
        deposit_fen: announced.map_or(0, |announced| announced.deposit.fen()),
        winner_registration_id: lot.outcome.winner.map(|registration| registration.to_string()),
    })
}
