//! Lots and registrations as messages: what the collective and its reviewers see, what anyone sees, what the bidder sees.

use crate::store::{
    lot::Lot,
    papers::{self, RecordedDecision},
    registration::Registration as Kept,
};
use sanbian_domain::{decision::Body, fact::instant, lot::Phase, role::Role};
use sanbian_proto::listing::v1::{CollectiveDecision, LotDocument, LotDraft, LotView, Registration};
use sanbian_runtime::{Context, Refusal};
use sqlx::PgConnection;

/// Roles that work for the collective.
pub const STAFF: [Role; 2] = [Role::Clerk, Role::Chair];

/// A lot as its collective and its reviewers see it. `check` is left to the caller: it asks another service.
pub async fn draft(db: &mut PgConnection, ctx: &Context, lot: &Lot) -> Result<LotDraft, Refusal> {
    let decision = papers::decision(&mut *db, lot.id).await?;
    Ok(LotDraft {
        id: lot.id.to_string(),
        collective_id: lot.collective.to_string(),
        region: lot.region.clone(),
        asset_ids: lot.assets.iter().map(ToString::to_string).collect(),
        state: lot.life.phase.code().to_owned(),
        version: lot.version,
        notice: json(&lot.notice)?,
        check: None,
        documents: papers::documents(&mut *db, lot.id).await?,
        decision: decision.as_ref().map(decision_message),
        reviews: papers::reviews(&mut *db, lot.id).await?,
        next_review: lot.waits_for.clone().filter(|stage| stage != "announcement"),
        created_at: instant::text(lot.created_at),
        updated_at: instant::text(lot.updated_at),
        relists_lot_id: lot.relists.map(|id| id.to_string()),
        may: may(ctx, lot),
        collective_name: lot.collective_name.clone(),
    })
}

/// What the caller may do with the lot now, as far as roles and the lot's state say. The core has the last word.
fn may(ctx: &Context, lot: &Lot) -> Vec<String> {
    let Some(caller) = ctx.caller.as_deref() else { return Vec::new() };
    let holds = |role| caller.grants.iter().any(|grant| grant.covers(role, &lot.region));
    let staff = STAFF.into_iter().any(holds);
    let own_work = lot.drafted_by == caller.account || lot.life.submitter == Some(caller.account);
    let fresh_eyes = !own_work && !lot.life.reviewers.contains(&caller.account);
    let waits = |for_whom: &str| lot.waits_for.as_deref() == Some(for_whom);
    let phase = lot.life.phase;
    let writing = matches!(phase, Phase::Draft | Phase::Returned);
    let reviewing =
        (waits("township") && holds(Role::TownshipReviewer)) || (waits("county") && holds(Role::CountyReviewer));
    let failed = matches!(phase, Phase::Unsold | Phase::Defaulted) && lot.life.relisted_as.is_none();
    let before_announcement = matches!(phase, Phase::Submitted | Phase::TownshipReviewed | Phase::CountyReviewed);
    let acts = [
        ("edit", staff && writing),
        ("decide", staff && (writing || phase == Phase::Announced)),
        ("submit", staff && writing),
        ("withdraw", staff && before_announcement),
        ("review", reviewing && fresh_eyes),
        ("announce", waits("announcement") && holds(Role::Operator) && !own_work),
        ("relist", staff && failed),
    ];
    acts.into_iter().filter(|(_, may)| *may).map(|(act, _)| act.to_owned()).collect()
}

fn decision_message(recorded: &RecordedDecision) -> CollectiveDecision {
    let decision = &recorded.decision;
    let assembly = match decision.body {
        Body::Assembly => "assembly",
        Body::Representatives => "representatives",
    };
    let name = |matter| serde_json::to_value(matter).ok().and_then(|name| name.as_str().map(str::to_owned));
    CollectiveDecision {
        id: Some(recorded.id.to_string()),
        assembly: assembly.to_owned(),
        notice_on: decision.noticed_on.to_string(),
        held_on: decision.held_on.to_string(),
        eligible: decision.eligible,
        present: decision.present,
        in_favour: decision.in_favour,
        against: decision.against,
        abstained: decision.abstained,
        minutes_digest: recorded.minutes.clone(),
        outside_allowed: recorded.outside_allowed,
        matters: decision.matters.iter().filter_map(name).collect(),
        party_discussed_on: decision.party_discussed_on.map(|day| day.to_string()),
        households: decision.households,
        mandate_households: decision.mandates.map(|mandates| mandates.households),
        mandates_given: decision.mandates.map(|mandates| mandates.given),
        township_approved: decision.outside.map(|outside| outside.township_approved),
        credit_checked: decision.outside.map(|outside| outside.credit_checked),
        capacity_checked: decision.outside.map(|outside| outside.capacity_checked),
    }
}

/// An announced lot as anyone sees it, with its files, notes and outline.
pub async fn public(db: &mut PgConnection, lot: &Lot) -> Result<LotView, Refusal> {
    let documents = papers::documents(&mut *db, lot.id).await?;
    let mut view = card(lot)?;
    view.documents = documents.into_iter().filter(|document: &LotDocument| document.public).collect();
    view.notes = papers::notes(&mut *db, lot.id).await?;
    view.geometry = lot.announced.as_ref().and_then(|announced| announced.geometry.clone());
    Ok(view)
}

/// An announced lot as lists show it.
pub fn card(lot: &Lot) -> Result<LotView, Refusal> {
    let announced = lot.announced.as_ref().ok_or_else(crate::store::lot::not_found)?;
    let outcome = &lot.outcome;
    Ok(LotView {
        id: lot.id.to_string(),
        number: announced.number.clone(),
        state: lot.life.phase.code().to_owned(),
        collective_id: lot.collective.to_string(),
        collective_name: lot.collective_name.clone(),
        region: lot.region.clone(),
        asset_ids: lot.assets.iter().map(ToString::to_string).collect(),
        notice: json(&lot.notice)?,
        schedule: json(&announced.schedule)?,
        revision: announced.revision,
        rulebook: announced.rulebook_label.clone(),
        rulebook_digest: announced.rulebook_digest.clone(),
        area_mu: lot.notice.mu().map(|mu| mu.to_string()),
        reserve_fen: lot.life.reserve.map_or(0, sanbian_domain::money::Money::fen),
        step_fen: announced.step.fen(),
        reserve_total_fen: announced.reserve_total.fen(),
        per_mu_year_fen: lot.notice.total().ok().and_then(|total| total.mu_year).map(|price| price.amount.fen()),
        deposit_fen: announced.deposit.fen(),
        documents: Vec::new(),
        registrations: outcome.filed,
        qualified: outcome.qualified,
        price_fen: outcome.price.map(sanbian_domain::money::Money::fen),
        total_fen: outcome.total.map(sanbian_domain::money::Money::fen),
        winner_number: outcome.winner_number,
        notice_to_date: lot.life.notice_to.map(|day| day.to_string()),
        sign_by_date: lot.life.sign_by.map(|day| day.to_string()),
        notes: Vec::new(),
        geometry: None,
    })
}

/// A registration as its bidder sees it.
pub async fn registration(db: &mut PgConnection, lot: &Lot, kept: &Kept) -> Result<Registration, Refusal> {
    Ok(Registration {
        id: kept.id.to_string(),
        lot_id: kept.lot.to_string(),
        lot_title: lot.notice.title.clone(),
        lot_state: lot.life.phase.code().to_owned(),
        state: kept.state().to_owned(),
        review: kept.review().to_owned(),
        reasons: kept.reasons.clone(),
        priority_claim: kept.ground().map(str::to_owned),
        priority_rank: kept.rank(),
        deposit_fen: kept.deposit.fen(),
        deposit_held: kept.deposit_held,
        revision: kept.life.revision,
        filed_at: instant::text(kept.filed_at),
        party_name: None,
        party_id_number: None,
        documents: papers::registration_documents(&mut *db, kept.id).await?,
    })
}

/// A value of the core as JSON text.
pub fn json(value: &impl serde::Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::internal)
}
