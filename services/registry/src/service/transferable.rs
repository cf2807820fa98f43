//! What stands against transferring assets for a term: title, rights that run, charges, other announced lots.

use super::{
    asset_view::{category_of, remarks, rulebook, view},
    right,
};
use crate::{
    Registry,
    findings::refuse,
    form,
    store::{
        self,
        asset::{AssetRow, Filter},
        encumbrance::EncumbranceRow,
    },
};
use chrono::NaiveDate;
use sanbian_domain::{
    finding::{Finding, Severity},
    ids::{AssetId, CollectiveId, LotId},
    rights::NeverTradable,
};
use sanbian_proto::registry::v1::{AssetTransferableRequest, TransferCheck};
use sanbian_runtime::{Context, Refusal, clock};
use sqlx::PgConnection;

/// Most assets asked about at once.
const ASSETS: usize = 200;

/// The term and right that is asked about.
struct Question {
    from: NaiveDate,
    until: Option<NaiveDate>,
    kind: &'static str,
    lot: Option<LotId>,
    collective: Option<CollectiveId>,
}

/// Everything that stands against a transfer, as of now. The database's own guard stands behind it when the right is recorded.
///
/// # Errors
/// Forbidden to all but services; malformed requests. What is found is the answer, not an error.
pub async fn check(
    registry: &Registry,
    ctx: &Context,
    request: AssetTransferableRequest,
) -> Result<TransferCheck, Refusal> {
    ctx.require_service()?;
    if request.asset_ids.is_empty() || request.asset_ids.len() > ASSETS {
        return Err(Refusal::malformed("asset_ids", format!("1 to {ASSETS}")));
    }
    let ids = request.asset_ids.iter().map(|id| form::id::<AssetId>("asset_ids", id).map(|id| id.0));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let from = request.from_on.as_deref().map(|day| form::day("from_on", day)).transpose()?;
    let question = Question {
        from: from.unwrap_or_else(|| clock::day(ctx.now)),
        until: request.until_on.as_deref().map(|day| form::day("until_on", day)).transpose()?,
        kind: form::code("kind", request.kind.as_deref().unwrap_or("management"), &right::KINDS)?,
        lot: request.lot_id.as_deref().map(|lot| form::id("lot_id", lot)).transpose()?,
        collective: request.collective_id.as_deref().map(|id| form::id("collective_id", id)).transpose()?,
    };
    if question.until.is_some_and(|until| until <= question.from) {
        return Err(Refusal::malformed("until_on", "after from_on"));
    }
    let filter = Filter { ids: Some(ids.clone()), ..Filter::default() };
    let limit = i64::try_from(ASSETS).map_err(Refusal::internal)?;
    let rows = store::asset::list(&registry.pool, &filter, limit).await?;
    let (mut findings, mut assets) = (Vec::new(), Vec::new());
    let mut db = registry.pool.acquire().await?;
    for id in ids {
        let Some(row) = rows.iter().find(|row| row.id == id) else {
            findings.push(missing().with_fact("asset", id));
            continue;
        };
        let found = against(registry, &mut db, row, &question).await?;
        findings.extend(found.into_iter().map(|finding| named(finding, row)));
        assets.push(view(ctx, row, &[])?);
    }
    Ok(TransferCheck { findings: form::as_json(&findings), assets })
}

async fn against(
    registry: &Registry,
    db: &mut PgConnection,
    row: &AssetRow,
    question: &Question,
) -> Result<Vec<Finding>, Refusal> {
    let id = AssetId(row.id);
    let mut found = Vec::new();
    if question.collective.is_some_and(|collective| collective.0 != row.collective_id) {
        found.push(of_others());
    }
    let rules = rulebook(registry, &row.region, category_of(row)?)?.rules;
    found.extend(right::beyond_title(&rules.term_within_title, row.title_until, question.until));
    for standing in store::right::against(&mut *db, id, question.kind, question.from, question.until, None).await? {
        found.push(right::in_the_way(&standing));
    }
    for charge in store::encumbrance::standing(&mut *db, id).await? {
        found.push(charged(&charge));
    }
    for lot in store::asset::offered_elsewhere(&mut *db, id, question.lot).await? {
        found.push(offered().with_fact("lot", lot));
    }
    found.extend(remarks(registry, db, row).await?);
    Ok(found)
}

fn named(finding: Finding, row: &AssetRow) -> Finding {
    // An overlapping right or charge names the asset it is on; that one stays.
    let on = finding.facts.get("asset").filter(|on| **on != row.id.to_string()).cloned();
    let finding = finding.with_fact("asset", row.id).with_fact("asset-name", &row.name);
    match on {
        Some(on) => finding.with_fact("on-asset", on),
        None => finding,
    }
}

fn charged(charge: &EncumbranceRow) -> Finding {
    let bar = |bar: NeverTradable, zh: &str, en: &str, remedy: (&str, &str)| {
        refuse(format!("tradable.{}", bar.code()), bar.basis(), (zh, en), remedy)
    };
    let finding = match charge.kind.as_str() {
        "seizure" => bar(
            NeverTradable::Sealed,
            "该资产已被依法查封、扣押。",
            "The asset is sealed or seized by an authority.",
            ("解除查封后方可交易。", "It can be traded once the seizure is lifted."),
        ),
        "dispute" => bar(
            NeverTradable::Contested,
            "该资产权属存在争议。",
            "Ownership of the asset is in dispute.",
            ("争议解决后方可交易。", "It can be traded once the dispute is settled."),
        ),
        "expropriation" => bar(
            NeverTradable::Expropriation,
            "该资产已列入征收公告范围。",
            "The asset lies within an announced expropriation.",
            ("征收范围内的资产不得交易。", "What is to be expropriated is not traded."),
        ),
        "mortgage" if charge.consent.is_none() => bar(
            NeverTradable::Mortgaged,
            "该资产已抵押，未见抵押权人同意。",
            "The asset is mortgaged, and the mortgagee's consent is missing.",
            ("请取得抵押权人书面同意并登记。", "Have the mortgagee's written consent recorded."),
        ),
        "mortgage" => note(
            "tradable.mortgage-consented",
            "《民法典》第四百零六条（抵押财产的转让）",
            ("该资产已抵押，抵押权人已同意转让。", "The asset is mortgaged; the mortgagee has consented."),
        ),
        "easement" => note(
            "tradable.easement",
            "《民法典》第三百八十条、第三百八十二条（地役权随土地权利一并转让）",
            ("该资产上设有地役权，一并转移。", "An easement lies on the asset and passes on with it."),
        ),
        _ => note(
            "tradable.other-charge",
            "国办发〔2014〕71号（如实披露）",
            ("该资产上有其他权利负担。", "Another charge lies on the asset."),
        )
        .with_severity(Severity::Warning),
    };
    finding.with_fact("encumbrance", charge.id).with_fact("asset", charge.asset_id)
}

fn note(rule: &str, basis: &str, message: (&str, &str)) -> Finding {
    let remedy = ("请在公告中披露。", "Disclose it in the announcement.");
    refuse(rule, basis, message, remedy).with_severity(Severity::Note)
}

fn missing() -> Finding {
    refuse(
        "asset.exists",
        "国办发〔2014〕71号（产权明晰方可交易）",
        ("该资产未登记。", "This asset is not registered."),
        ("请先登记资产。", "Register it first."),
    )
    .at("asset_ids")
}

fn of_others() -> Finding {
    refuse(
        "asset.owner",
        "国办发〔2014〕71号（产权明晰方可交易）",
        ("该资产不属于转出方。", "The asset does not belong to who offers it."),
        ("请只选择本集体的资产。", "Choose assets of this collective only."),
    )
    .at("asset_ids")
}

fn offered() -> Finding {
    refuse(
        "asset.offered-elsewhere",
        "平台规则：同一资产不得同时在两个标的中交易 (platform rule: one lot at a time)",
        (
            "该资产（或与其重叠的地块）正在另一标的中公告交易。",
            "Another announced lot offers this asset, or land of it.",
        ),
        ("请等待该标的结束。", "Wait until that lot ends."),
    )
    .at("asset_ids")
}
