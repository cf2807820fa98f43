//! The exchange's desk: who registered, masked, and its word on qualification and priority claim.

use super::{authorised, registration, rulebook};
use crate::{
    Deps, convert,
    page::{self, cursor, cut, place},
    store, view,
};
use sanbian_domain::{
    fact::RegistrationReviewed,
    ids::{PartyId, RegistrationId},
    lot::registration::{Command, Event},
    role::Role,
};
use sanbian_proto::{
    listing::v1::{ListRegistrationsRequest, Registration, RegistrationPage, ReviewRegistrationRequest},
    registry::v1::{GetPartyRequest, Party},
};
use sanbian_runtime::{Context, Refusal, log};
use uuid::Uuid;

/// The registrations of a lot, newest first, with masked names. Operator.
pub async fn list_registrations(
    deps: &Deps,
    ctx: &Context,
    request: ListRegistrationsRequest,
) -> Result<RegistrationPage, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let limit = page::limit(request.limit, 100);
    let after: Option<Uuid> = place(request.cursor.as_deref())?;
    let mut db = deps.pool.acquire().await?;
    let kept = store::registration::page_of_lot(&mut *db, lot.id, after, limit + 1).await?;
    let (kept, next_cursor) = cut(kept, limit, |kept| cursor(&kept.id));
    let mut items = Vec::with_capacity(kept.len());
    for kept in &kept {
        items.push((view::registration(&mut db, &lot, kept).await?, kept.party));
    }
    // No connection is held while another service is asked.
    drop(db);
    let mut named = Vec::with_capacity(items.len());
    for (registration, party) in items {
        named.push(with_name(deps, registration, party).await?);
    }
    Ok(RegistrationPage { items: named, next_cursor })
}

/// The exchange's word on a registration. Operator; nobody reviews their own.
pub async fn review_registration(
    deps: &Deps,
    ctx: &Context,
    request: ReviewRegistrationRequest,
) -> Result<Registration, Refusal> {
    ctx.require_anywhere(&[Role::Operator])?;
    let id: RegistrationId = convert::read("registration_id", &request.registration_id)?;
    let kept = store::registration::find(&deps.pool, id).await?.ok_or_else(store::registration::not_found)?;
    let lot = authorised(deps, ctx, &[Role::Operator], &kept.lot.to_string()).await?;
    let by = ctx.signed_in()?.account;
    let reasons = convert::words("reasons", &request.reasons)?;
    let accepted = match request.outcome.as_str() {
        "accepted" => true,
        "rejected" => false,
        _ => return Err(Refusal::malformed("outcome", "accepted, rejected")),
    };
    let command = Command::Review { by, accepted, reasons, priority_accepted: request.priority_accepted };
    let book = rulebook(&deps.pool, deps, &lot).await?;
    let (context, lot_id, outcome) = (ctx.clone(), lot.id, request.outcome.clone());
    let reviewed = sanbian_runtime::act(ctx, &deps.pool, "review-registration", &request, move |tx| {
        Box::pin(async move {
            let lot = store::lot::lock(tx, lot_id).await?;
            let mut kept = store::registration::lock(tx, id).await?;
            let event = registration::ask(&mut kept, &command, &lot, &context)?;
            if let Event::Rejected { reasons } = event {
                kept.reasons = Some(reasons);
            }
            store::registration::save(tx, &kept).await?;
            let label = &book.version.version;
            let fact = RegistrationReviewed { lot: lot_id, registration: id, outcome, priority_rank: kept.rank() };
            let mut entries = vec![log::entry(&context, lot.subject(), &lot.region, label, fact)];
            if kept.life.may_bid() {
                let fact = registration::qualified(&kept);
                entries.push(log::system_entry(context.now, lot.subject(), &lot.region, label, fact));
            }
            log::append(tx, &entries).await?;
            view::registration(tx, &lot, &kept).await
        })
    })
    .await?;
    with_name(deps, reviewed, kept.party).await
}

async fn with_name(deps: &Deps, mut registration: Registration, party: PartyId) -> Result<Registration, Refusal> {
    let request = GetPartyRequest { party_id: party.to_string() };
    let Party { name, identity_number, .. } = deps.peers.registry_as_service().get_party(request).await?.into_inner();
    registration.party_name = Some(name);
    registration.party_id_number = Some(identity_number);
    Ok(registration)
}
