//! Rights that run on assets (权利).

use super::{STAFF, asset, asset_view};
use crate::{
    Registry,
    findings::{by_constraint, overlap, part_needs_land, refuse},
    form,
    geometry::Parcel,
    store::{
        self,
        right::{NewRight, RightRow, Standing},
    },
    survey,
};
use chrono::NaiveDate;
use sanbian_domain::{
    fact::{RightEnded, RightRecorded},
    finding::{Finding, Text},
    ids::{AssetId, LotId, PartyId, RightId},
    role::Role,
    rulebook::Rule,
};
use sanbian_proto::registry::v1::{
    EndRightRequest, HeldRights, HoldsRightRequest, LandRight, LandRightList, ListRightsRequest, RecordRightRequest,
};
use sanbian_runtime::{Context, Refusal, act, clock, log};

/// Kinds of right. Of those, `contracting` lies below and `sublease` above the others (see the tiers in the migration).
pub const KINDS: [&str; 5] = ["contracting", "management", "lease", "use", "sublease"];
/// Why a right may end before its term. Codes, not words: they stand in the log.
const ENDS: [&str; 8] =
    ["surrendered", "agreed", "default", "expropriation", "court-order", "transferred", "recorded-in-error", "other"];

/// Records a right.
///
/// # Errors
/// Forbidden outside the operator's region; a conflict where another right of the tier runs on the land in the term; a refusal where the
/// title ends before.
pub async fn record(registry: &Registry, ctx: &Context, request: RecordRightRequest) -> Result<LandRight, Refusal> {
    ctx.signed_in()?;
    let land = asset::find(registry, &request.asset_id).await?;
    ctx.require(&[Role::Operator], &land.region)?;
    let kind = form::code("kind", &request.kind, &KINDS)?;
    let (from, until) = (form::day("from_on", &request.from_on)?, form::day("until_on", &request.until_on)?);
    if from >= until {
        return Err(empty_term().into());
    }
    let holder = form::id::<PartyId>("holder_party_id", &request.holder_party_id)?;
    if store::party::by_id(&registry.pool, holder).await?.is_none() {
        return Err(super::party::not_found());
    }
    let lot = request.lot_id.as_deref().map(|lot| form::id::<LotId>("lot_id", lot)).transpose()?;
    let part = request.part.as_deref().map(Parcel::read).transpose().map_err(|finding| finding.at("part"))?;
    if part.is_some() && land.area_m2.is_none() {
        return Err(Refusal::conflict(part_needs_land()));
    }
    if let Some(part) = &part {
        survey::measure(&registry.pool, part).await?.map_err(|finding| finding.at("part"))?;
    }
    let rulebook = asset_view::rulebook(registry, &land.region, asset_view::category_of(&land)?)?;
    let beyond = beyond_title(&rulebook.rules.term_within_title, land.title_until, Some(until));
    if let Some(finding) = beyond.filter(Finding::refuses) {
        return Err(finding.at("until_on").into());
    }
    let (asset, rulebook) = (AssetId(land.id), rulebook.version.version);
    let (region, ctx) = (land.region, ctx.clone());
    act(&ctx.clone(), &registry.pool, "record-right", &request, move |tx| {
        Box::pin(async move {
            // One after the other: of two calls at once about the same lot, the later must find the right of the earlier.
            store::asset::hold(&mut **tx, asset).await?;
            if let Some(lot) = lot
                && let Some(known) = store::right::of_lot(&mut **tx, asset, lot).await?
                && (known.holder_id, known.kind.as_str(), known.from, known.until) == (holder.0, kind, from, until)
            {
                // A service that follows the log may ask twice: the first answer stands.
                return Ok(view(&ctx, &known));
            }
            let part = part.as_ref().map(Parcel::json);
            if let Some(standing) =
                store::right::against(&mut **tx, asset, kind, from, Some(until), part).await?.first()
            {
                return Err(Refusal::conflict(in_the_way(standing)));
            }
            let right = NewRight { id: RightId(uuid::Uuid::now_v7()), asset, holder, kind, from, until, part, lot };
            store::right::insert(&mut **tx, &right, ctx.now).await.map_err(by_constraint)?;
            let fact = RightRecorded { right: right.id, asset, holder, from, to: until, lot };
            log::append(tx, &[log::entry(&ctx, format!("asset:{asset}"), &region, &rulebook, fact)]).await?;
            let row = store::right::by_id(&mut **tx, right.id).await?;
            Ok(view(&ctx, &row.ok_or_else(|| Refusal::internal("a written right is gone"))?))
        })
    })
    .await
}

/// Ends a right before its term; on its first day or earlier it never ran.
///
/// # Errors
/// Forbidden outside the operator's region; a conflict where it ended already, or ends no later than now anyway.
pub async fn end(registry: &Registry, ctx: &Context, request: EndRightRequest) -> Result<LandRight, Refusal> {
    ctx.signed_in()?;
    let id = form::id::<RightId>("right_id", &request.right_id)?;
    let known = store::right::by_id(&registry.pool, id).await?.ok_or_else(not_found)?;
    ctx.require(&[Role::Operator], &known.region)?;
    let until = form::day("until_on", &request.until_on)?;
    let reason = form::code("reason", &request.reason, &ENDS)?;
    let ctx = ctx.clone();
    act(&ctx.clone(), &registry.pool, "end-right", &request, move |tx| {
        Box::pin(async move {
            store::right::hold(&mut **tx, id).await?;
            let known = store::right::by_id(&mut **tx, id).await?.ok_or_else(not_found)?;
            if known.void || until >= known.until {
                return Err(Refusal::conflict(ended(&known)));
            }
            let kept = (until > known.from).then_some(until);
            store::right::end(&mut **tx, id, kept, reason, ctx.now).await.map_err(by_constraint)?;
            let asset = AssetId(known.asset_id);
            let fact = RightEnded { right: id, asset, to: until.max(known.from), reason: reason.to_owned() };
            log::append(tx, &[log::entry(&ctx, format!("asset:{asset}"), &known.region, "", fact)]).await?;
            let row = store::right::by_id(&mut **tx, id).await?;
            Ok(view(&ctx, &row.ok_or_else(not_found)?))
        })
    })
    .await
}

/// Rights on an asset, by first day. Public, but for holders.
///
/// # Errors
/// Not found.
pub async fn list(registry: &Registry, ctx: &Context, request: ListRightsRequest) -> Result<LandRightList, Refusal> {
    let asset = AssetId(asset::find(registry, &request.asset_id).await?.id);
    let rows = store::right::of_asset(&registry.pool, asset).await?;
    Ok(LandRightList { items: rows.iter().map(|row| view(ctx, row)).collect() })
}

/// The rights a party holds on any of some assets on a day: that is what makes a sitting lessee.
///
/// # Errors
/// Forbidden to all but services.
pub async fn held(registry: &Registry, ctx: &Context, request: HoldsRightRequest) -> Result<HeldRights, Refusal> {
    ctx.require_service()?;
    let party = form::id::<PartyId>("party_id", &request.party_id)?;
    let assets = request.asset_ids.iter().map(|id| form::id::<AssetId>("asset_ids", id).map(|id| id.0));
    let assets = assets.collect::<Result<Vec<_>, _>>()?;
    let day = request.day_on.as_deref().map(|day| form::day("day_on", day)).transpose()?;
    let rows = store::right::held(&registry.pool, party, &assets, day.unwrap_or_else(|| clock::day(ctx.now))).await?;
    Ok(HeldRights { items: rows.iter().map(|row| view(ctx, row)).collect() })
}

fn view(ctx: &Context, row: &RightRow) -> LandRight {
    let today = clock::day(ctx.now);
    let state = if row.void {
        "void"
    } else if today < row.from {
        "future"
    } else if today < row.until {
        "running"
    } else {
        "past"
    };
    LandRight {
        id: row.id.to_string(),
        asset_id: row.asset_id.to_string(),
        holder_party_id: ctx.require(&STAFF, &row.region).is_ok().then(|| row.holder_id.to_string()),
        kind: row.kind.clone(),
        from_on: row.from.to_string(),
        until_on: row.until.to_string(),
        partial: row.partial,
        lot_id: row.lot_id.map(|lot| lot.to_string()),
        state: state.to_owned(),
        end_reason: row.end_reason.clone(),
        recorded_at: form::at(row.recorded_at),
    }
}

fn not_found() -> Refusal {
    Refusal::not_found("权利", "right")
}

/// Another right stands in the way.
pub fn in_the_way(standing: &Standing) -> Finding {
    overlap()
        .with_fact("right", standing.id)
        .with_fact("asset", standing.asset_id)
        .with_fact("kind", &standing.kind)
        .with_fact("from", standing.from)
        .with_fact("until", standing.until)
}

/// The term reaches beyond the title's last day, where the rulebook holds the one against the other; `until` is the day after the term's
/// last one, none for an endless term.
pub fn beyond_title(rule: &Rule<bool>, title_until: Option<NaiveDate>, until: Option<NaiveDate>) -> Option<Finding> {
    let title_until = title_until.filter(|_| rule.value)?;
    if until.is_some_and(|until| until.pred_opt().is_some_and(|last| last <= title_until)) {
        return None;
    }
    let message = Text::new("期限超过权属证书的剩余期限。", "The term reaches beyond the end of the title.");
    let remedy = Text::new("请缩短期限，或先办理权属续期。", "Shorten the term, or have the title prolonged first.");
    let finding = rule.finding(message, remedy).with_fact("title-until", title_until);
    Some(match until {
        Some(until) => finding.with_fact("until", until),
        None => finding,
    })
}

fn empty_term() -> Finding {
    refuse(
        "right.term",
        "平台规则：期限至少一日 (platform rule: a term has at least a day)",
        ("期限的终止日应晚于起始日。", "A term ends after it begins."),
        ("请核对起止日期（终止日为最后一日的次日）。", "Check the dates: the end is the day after the last day."),
    )
    .at("until_on")
}

fn ended(row: &RightRow) -> Finding {
    refuse(
        "right.ends-earlier",
        "平台规则：已终止的权利不再变更 (platform rule: an ended right stays ended)",
        ("该权利已经终止，或本来就在此日之前届满。", "This right has ended, or ends by that day anyway."),
        ("请核对权利的期限。", "Look at the right's term."),
    )
    .with_fact("until", row.until)
    .with_fact("void", row.void)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanbian_domain::{region::RegionCode, rights::Category, rulebook::Library};

    #[test]
    fn a_term_may_end_with_the_title_and_not_a_day_later() {
        let rules = |category| Library::builtin().rulebook(RegionCode::EVERYWHERE, category).unwrap().rules;
        let held = rules(Category::ContractedLand).term_within_title;
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        assert_eq!(beyond_title(&held, None, None), None);
        assert_eq!(beyond_title(&held, day("2027-12-31"), day("2028-01-01")), None);
        for until in [day("2028-01-02"), None] {
            let finding = beyond_title(&held, day("2027-12-31"), until).unwrap();
            assert_eq!((finding.rule.as_str(), finding.refuses()), ("term.within-title", true));
        }
        let unheld = rules(Category::Equipment).term_within_title;
        assert_eq!(beyond_title(&unheld, day("2027-12-31"), None), None, "the rulebook says nothing");
    }
}
