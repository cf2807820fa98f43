//! Announcing a reviewed lot and correcting the announcement: dates by the calendar, rules pinned from now on.

use super::{ask, authorised, draft, refused_one, rulebook, rules};
use crate::{
    Deps, check, convert,
    store::{
        self,
        lot::{Announced, Lot},
    },
    view,
};
use chrono::{DateTime, Datelike, Utc};
use sanbian_domain::{
    auction::{announced, ascending::Terms},
    fact::{LotAnnounced, LotCorrected, Schedule},
    finding::{Finding, Text, refuses},
    ids::{AssetId, LotId},
    listing::{
        self,
        change::{changes, same_lot},
        dates::{self, Plan, Wish},
        eligibility::not_the_drafter,
    },
    lot::{
        Command, LotEvent,
        registration::{self, Command as RegistrationCommand},
    },
    region::{RegionCode, RegionLevel},
    role::Role,
    rulebook::Rulebook,
};
use sanbian_proto::{
    listing::v1::{AnnounceLotRequest, AnnouncementPlan, CorrectLotRequest, LotView, PlanAnnouncementRequest},
    registry::v1::GetAssetRequest,
};
use sanbian_runtime::{Context, Refusal, Tx, clock, log};
use serde_json::{Value, json};

/// The dates an announcement would have if it were made now. Operator.
pub async fn plan_announcement(
    deps: &Deps,
    ctx: &Context,
    request: PlanAnnouncementRequest,
) -> Result<AnnouncementPlan, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let wish = wish(request.auction_opens_at.as_deref(), request.free_minutes)?;
    let book = check::rulebook(deps, &lot.region, &lot.notice)?;
    let plan = dates::plan(&lot.notice, &book.rules, sanbian_runtime::calendar(), ctx.now, wish)?;
    Ok(AnnouncementPlan {
        schedule: view::json(&plan.schedule)?,
        working_days: if plan.days.working { plan.days.count.into() } else { 0 },
        deposit_fen: plan.deposit.fen(),
        rulebook: book.version.version,
    })
}

/// Announces a reviewed lot: from now on its terms are public and its rules pinned. Operator; nobody announces what they wrote.
pub async fn announce_lot(deps: &Deps, ctx: &Context, request: AnnounceLotRequest) -> Result<LotView, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let by = ctx.signed_in()?.account;
    let wish = wish(request.auction_opens_at.as_deref(), request.free_minutes)?;
    // Reviews take time: what was true of assets and rules at submission is looked at again.
    let checked = draft::findings(deps, &lot, ctx.now).await?;
    let geometry = geometry(deps, &lot.assets).await?;
    let (context, id, looked_at) = (ctx.clone(), lot.id, lot.version);
    sanbian_runtime::act(ctx, &deps.pool, "announce-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::current(lot.version, looked_at).map_err(refused_one)?;
            not_the_drafter(&lot.drafted_by, &by).map_err(refused_one)?;
            let book = checked.book;
            let rules = rules(&lot, &book);
            let Plan { schedule, earliest_close, deposit, .. } =
                dates::plan(&lot.notice, &book.rules, sanbian_runtime::calendar(), context.now, wish)?;
            let command = Command::Announce { by, schedule: schedule.clone(), earliest_close };
            ask(&mut lot, &command, &rules, context.now)?;
            if refuses(&checked.findings) {
                return Err(Refusal::rule(checked.findings.into_iter().filter(Finding::refuses).collect()));
            }
            let terms = terms(&lot, &schedule, &book)?;
            lot.notice = dates::published(&lot.notice, &schedule);
            let number = number(tx, &lot.region, context.now).await?;
            if let Some(other) = store::lot::running_on(tx, &lot.assets, id).await? {
                return Err(offered(other).into());
            }
            let reserve_total = lot.notice.total_at(terms.reserve)?.total;
            lot.announced = Some(Announced {
                number,
                revision: lot.life.revision,
                schedule,
                rulebook_label: book.version.version.clone(),
                rulebook_digest: book.version.digest.clone(),
                reserve_total,
                step: terms.step,
                deposit,
                geometry,
            });
            store::rules::keep(tx, &book.version, &book.canonical()).await?;
            store::lot::save(tx, &lot).await?;
            let fact = fact(&lot, &book)?;
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

/// Corrects an announced lot. A material change begins the announcement again; whoever registered must confirm. Operator.
pub async fn correct_lot(deps: &Deps, ctx: &Context, request: CorrectLotRequest) -> Result<LotView, Refusal> {
    let lot = authorised(deps, ctx, &[Role::Operator], &request.lot_id).await?;
    let corrected = convert::notice(&request.notice)?;
    let book = rulebook(&deps.pool, deps, &lot).await?;
    // What the rules of the announcement and the registry say of the corrected notice.
    let mut as_corrected = lot.clone();
    as_corrected.notice.clone_from(&corrected);
    let checked = draft::findings_by(deps, &as_corrected, &book, ctx.now).await?;
    let (context, id, read) = (ctx.clone(), lot.id, request.revision);
    sanbian_runtime::act(ctx, &deps.pool, "correct-lot", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            let Some(announced) = lot.announced.clone() else { return Err(store::lot::not_found()) };
            listing::draft::current(announced.revision, read).map_err(refused_one)?;
            let old = lot.notice.clone();
            let wished = changes(&old, &corrected);
            same_lot(&wished)?;
            let now = context.now;
            let plan = dates::plan(&corrected, &book.rules, sanbian_runtime::calendar(), now, Wish::default())?;
            let rules = rules(&lot, &book);
            let material = wished.iter().any(|path| rules.is_material(path));
            let schedule = if material { plan.schedule } else { dates::kept(&announced.schedule, &corrected) };
            let decision = store::papers::decision(&mut **tx, id).await?.map(|decision| decision.id);
            lot.notice = dates::published(&corrected, &schedule);
            let terms = terms(&lot, &schedule, &book)?;
            let changed = changes(&old, &lot.notice);
            let command = Command::Correct {
                changed: changed.clone(),
                draft: lot.draft_digest(),
                reserve: terms.reserve,
                decision,
                schedule: schedule.clone(),
                earliest_close: plan.earliest_close,
            };
            let events = ask(&mut lot, &command, &rules, now)?;
            if refuses(&checked.findings) {
                return Err(Refusal::rule(checked.findings.into_iter().filter(Finding::refuses).collect()));
            }
            let reserve_total = lot.notice.total_at(terms.reserve)?.total;
            let revision = lot.life.revision;
            let deposit = if material { plan.deposit } else { announced.deposit };
            lot.announced =
                Some(Announced { revision, schedule, reserve_total, step: terms.step, deposit, ..announced });
            store::lot::save(tx, &lot).await?;
            let reconfirm = events.iter().any(|event| matches!(event, LotEvent::Corrected { reconfirm: true, .. }));
            if reconfirm {
                invalidate(tx, &lot, now).await?;
            }
            let note = note(&changed, material);
            store::papers::add_note(tx, id, "corrected", &note, now).await?;
            let fact = LotCorrected { material, changed, announcement: fact(&lot, &book)? };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::public(tx, &lot).await
        })
    })
    .await
}

/// Every registration that stands must be confirmed by its bidder again.
async fn invalidate(tx: &mut Tx, lot: &Lot, now: DateTime<Utc>) -> Result<(), Refusal> {
    for registered in store::registration::of_lot(&mut **tx, lot.id).await? {
        let mut registered = store::registration::lock(tx, registered.id).await?;
        // Those that have ended, or wait for a confirmation already, stay as they are.
        let Ok(event) = registration::decide(&registered.life, &RegistrationCommand::Correct, &lot.life, now) else {
            continue;
        };
        registration::evolve(&mut registered.life, &event);
        registered.updated_at = now;
        store::registration::save(tx, &registered).await?;
    }
    Ok(())
}

fn terms(lot: &Lot, schedule: &Schedule, book: &Rulebook) -> Result<Terms, Refusal> {
    let found = listing::runnable::check(&lot.notice, schedule, book);
    if refuses(&found) {
        return Err(Refusal::rule(found));
    }
    Ok(announced::terms(&lot.notice, schedule, book)?)
}

fn fact(lot: &Lot, book: &Rulebook) -> Result<LotAnnounced, Refusal> {
    let announced = lot.announced.as_ref().ok_or_else(|| Refusal::internal("an announced lot has an announcement"))?;
    Ok(LotAnnounced {
        lot: lot.id,
        number: announced.number.clone(),
        collective: lot.collective,
        assets: lot.assets.clone(),
        notice: lot.notice.clone(),
        reserve_total: announced.reserve_total,
        deposit: announced.deposit,
        schedule: announced.schedule.clone(),
        pinned: book.version.clone(),
        revision: announced.revision,
    })
}

/// The next public number of the lot's county, in the year of the announcement.
async fn number(tx: &mut Tx, region: &str, now: DateTime<Utc>) -> Result<String, Refusal> {
    let region: RegionCode = region.parse().map_err(|finding: Finding| Refusal::from(finding))?;
    let county = region.at(RegionLevel::County).ok_or_else(|| Refusal::internal("a lot lies in a county"))?;
    store::rules::next_number(tx, county.as_str(), clock::day(now).year()).await
}

fn wish(opens: Option<&str>, free_minutes: Option<u32>) -> Result<Wish, Refusal> {
    let opens = opens.map(|at| convert::instant("auction_opens_at", at)).transpose()?;
    Ok(Wish { opens, free_minutes })
}

fn offered(other: LotId) -> Finding {
    Finding::refusal(
        "lot.asset-offered",
        "国办发〔2014〕71号(产权明晰方可交易)",
        Text::new("资产正在另一标的中交易", "an asset is offered by another lot that still runs"),
        Text::new("待该标的结束后再公告", "announce it once that lot has ended"),
    )
    .at("asset_ids")
    .with_fact("lot", other)
}

/// What a correction says in public.
fn note(changed: &[String], material: bool) -> String {
    let fields = changed.join("、");
    if material {
        format!(
            "公告变更(重大变更,公告期重新计算):{fields}。已报名的须重新确认。 / Corrected, and announced anew: {fields}. Whoever registered must confirm."
        )
    } else {
        format!("公告变更:{fields}。已报名的须重新确认。 / Corrected: {fields}. Whoever registered must confirm.")
    }
}

/// The outline of the assets as one GeoJSON geometry; none where none of them has one.
async fn geometry(deps: &Deps, assets: &[AssetId]) -> Result<Option<String>, Refusal> {
    let mut polygons = Vec::new();
    for asset in assets {
        let request = GetAssetRequest { asset_id: asset.to_string() };
        let asset = deps.peers.registry_as_service().get_asset(request).await?.into_inner();
        let Some(text) = asset.description.and_then(|description| description.geometry) else { continue };
        let outline: Value = serde_json::from_str(&text).map_err(Refusal::internal)?;
        match (outline["type"].as_str(), &outline["coordinates"]) {
            (Some("MultiPolygon"), Value::Array(parts)) => polygons.extend(parts.iter().cloned()),
            (Some("Polygon"), part) => polygons.push(part.clone()),
            _ => {}
        }
    }
    let outline = match polygons.len() {
        0 => return Ok(None),
        1 => json!({ "type": "Polygon", "coordinates": polygons[0] }),
        _ => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    };
    Ok(Some(outline.to_string()))
}
