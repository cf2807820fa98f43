//! Assets and parcels (资产、地块).

use super::{
    asset_view::{category_of, remarks, rulebook, surveyed, view},
    collective,
    description::Described,
};
use crate::{
    Registry,
    findings::refuse,
    form,
    geometry::Parcel,
    store::{
        self,
        asset::{AssetRow, Filter},
    },
    survey,
};
use sanbian_domain::{
    fact::AssetRegistered,
    finding::{Finding, refuses},
    ids::{AssetId, CollectiveId},
    mu::Mu,
    region::RegionCode,
    rights::Category,
    role::Role,
};
use sanbian_proto::registry::v1::{
    Asset, AssetPage, CreateAssetRequest, GetAssetRequest, ListAssetsRequest, Survey, SurveyGeometryRequest,
    UpdateAssetRequest,
};
use sanbian_runtime::{Context, Refusal, Tx, act, clock, log};

/// Who keeps a collective's assets.
const KEEPERS: [Role; 2] = [Role::Clerk, Role::Chair];

/// Measures a geometry and checks it, saving nothing.
///
/// # Errors
/// Only malformed requests: what is wrong with the geometry is the answer.
pub async fn survey_geometry(
    registry: &Registry,
    ctx: &Context,
    request: SurveyGeometryRequest,
) -> Result<Survey, Refusal> {
    ctx.signed_in()?;
    let stated =
        request.stated_mu.as_deref().map(str::parse::<Mu>).transpose().map_err(|finding| finding.at("stated_mu"))?;
    let category = request.category.as_deref().unwrap_or(Category::CollectiveLand.code());
    let category: Category = category.parse().map_err(|error| Refusal::malformed("category", error))?;
    let rules = rulebook(registry, request.region.as_deref().unwrap_or_default(), category)?;
    let refused = |finding: Finding| Survey {
        area_square_metres: None,
        area_mu: None,
        srid: None,
        findings: form::as_json(&[finding.at("geometry")]),
    };
    let parcel = match Parcel::read(&request.geometry) {
        Ok(parcel) => parcel,
        Err(finding) => return Ok(refused(finding)),
    };
    let measured = match survey::measure(&registry.pool, &parcel).await? {
        Ok(measured) => measured,
        Err(finding) => return Ok(refused(finding)),
    };
    let found = stated.and_then(|stated| survey::compare(stated, measured.mu, &rules));
    Ok(Survey {
        area_square_metres: Some(measured.area.to_string()),
        area_mu: Some(measured.mu.to_string()),
        srid: Some(u32::try_from(measured.srid).map_err(Refusal::internal)?),
        findings: form::as_json(found.as_slice()),
    })
}

/// Registers an asset.
///
/// # Errors
/// Forbidden to all but the collective's clerk and chair; every fault of the form; an invalid geometry, with its reason; areas that differ
/// by more than the rulebook lets pass, where it refuses them.
pub async fn create(registry: &Registry, ctx: &Context, request: CreateAssetRequest) -> Result<Asset, Refusal> {
    ctx.signed_in()?;
    let owner = collective::find(registry, &request.collective_id).await?;
    ctx.require(&KEEPERS, &owner.region)?;
    let description = request.description.as_ref().ok_or_else(|| Refusal::malformed("description", "missing"))?;
    let described = Described::read(description, owner.region.parse()?, clock::day(ctx.now))?;
    let mut row = blank(ctx, owner.id, owner.name);
    let (registry, ctx) = (registry.clone(), ctx.clone());
    act(&ctx.clone(), &registry.pool.clone(), "create-asset", &request, move |tx| {
        Box::pin(async move {
            check_land(tx, described.parcel.as_ref()).await?;
            described.into_row(&mut row);
            store::asset::insert(&mut **tx, &row).await?;
            written(&registry, &ctx, tx, AssetId(row.id)).await
        })
    })
    .await
}

/// Corrects an asset.
///
/// # Errors
/// As [`create`]; a conflict where it was changed since it was read, where an announced lot offers it, or where its land would change under a
/// right that runs or will.
pub async fn update(registry: &Registry, ctx: &Context, request: UpdateAssetRequest) -> Result<Asset, Refusal> {
    ctx.signed_in()?;
    let known = find(registry, &request.asset_id).await?;
    let owner = collective::find(registry, &known.collective_id.to_string()).await?;
    ctx.require(&KEEPERS, &owner.region)?;
    let description = request.description.as_ref().ok_or_else(|| Refusal::malformed("description", "missing"))?;
    let today = clock::day(ctx.now);
    let described = Described::read(description, owner.region.parse()?, today)?;
    let (id, version) = (AssetId(known.id), request.version);
    let (registry, ctx) = (registry.clone(), ctx.clone());
    act(&ctx.clone(), &registry.pool.clone(), "update-asset", &request, move |tx| {
        Box::pin(async move {
            let (held, geometry) = store::asset::hold(&mut **tx, id).await?.ok_or_else(not_found)?;
            if u32::try_from(held) != Ok(version) {
                return Err(Refusal::conflict(changed().with_fact("version", held)));
            }
            if let Some(lot) = store::asset::by_id(&mut **tx, id).await?.and_then(|row| row.announced_lot_id) {
                return Err(Refusal::conflict(announced().with_fact("lot", lot)));
            }
            let moved = described.parcel.as_ref().map(Parcel::json) != geometry.as_deref();
            if moved && store::right::runs_after(&mut **tx, id, today).await? {
                return Err(Refusal::conflict(right_runs()));
            }
            check_land(tx, described.parcel.as_ref()).await?;
            let mut row = known;
            described.into_row(&mut row);
            row.version = held.checked_add(1).ok_or_else(|| Refusal::internal("versions ran out"))?;
            row.updated_at = ctx.now;
            store::asset::update(&mut **tx, &row).await?;
            written(&registry, &ctx, tx, id).await
        })
    })
    .await
}

/// Assets, newest first, without geometry and remarks. Public.
///
/// # Errors
/// Malformed filters.
pub async fn list(registry: &Registry, ctx: &Context, request: ListAssetsRequest) -> Result<AssetPage, Refusal> {
    let region = request.region.as_deref().map(str::parse::<RegionCode>).transpose()?;
    let category = request.category.as_deref().map(str::parse::<Category>).transpose();
    let category = category.map_err(|error| Refusal::malformed("category", error))?;
    let filter = Filter {
        collective: request
            .collective_id
            .as_deref()
            .map(|id| form::id::<CollectiveId>("collective_id", id))
            .transpose()?,
        region: region.map(|region| region.to_string()),
        category: category.map(|category| category.code().to_owned()),
        cursor: request.cursor.as_deref().map(|cursor| form::id("cursor", cursor)).transpose()?,
        ..Filter::default()
    };
    let limit = form::limit(request.limit, 20, 100);
    let rows = store::asset::list(&registry.pool, &filter, limit + 1).await?;
    let (rows, next_cursor) = form::page(rows, limit, |row| row.id.to_string());
    Ok(AssetPage { items: rows.iter().map(|row| view(ctx, row, &[])).collect::<Result<_, _>>()?, next_cursor })
}

/// An asset. Public.
///
/// # Errors
/// Not found.
pub async fn get(registry: &Registry, ctx: &Context, request: GetAssetRequest) -> Result<Asset, Refusal> {
    let row = find(registry, &request.asset_id).await?;
    let mut db = registry.pool.acquire().await?;
    view(ctx, &row, &remarks(registry, &mut db, &row).await?)
}

/// The asset of an id in text.
///
/// # Errors
/// Malformed; not found.
pub async fn find(registry: &Registry, id: &str) -> Result<AssetRow, Refusal> {
    let id = form::id::<AssetId>("asset_id", id)?;
    store::asset::by_id(&registry.pool, id).await?.ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::not_found("资产", "asset")
}

/// Refuses an invalid geometry before the table's checks would.
async fn check_land(tx: &mut Tx, parcel: Option<&Parcel>) -> Result<(), Refusal> {
    if let Some(parcel) = parcel {
        survey::measure(&mut **tx, parcel).await?.map_err(|finding| finding.at("geometry"))?;
    }
    Ok(())
}

/// Reads back what was written, as the database measured it; refuses what the rulebook refuses; tells the log.
async fn written(registry: &Registry, ctx: &Context, tx: &mut Tx, id: AssetId) -> Result<Asset, Refusal> {
    let row = store::asset::by_id(&mut **tx, id).await?.ok_or_else(|| Refusal::internal("a written asset is gone"))?;
    let remarks = remarks(registry, tx, &row).await?;
    if refuses(&remarks) {
        return Err(remarks.into());
    }
    let rulebook = rulebook(registry, &row.region, category_of(&row)?)?;
    let fact = AssetRegistered {
        asset: id,
        collective: CollectiveId(row.collective_id),
        category: row.category.clone(),
        name: row.name.clone(),
        stated_mu: row.stated_mu.map(|mu| mu.normalize().to_string()),
        measured_mu: surveyed(&row).map(|survey| survey.mu.to_string()),
        geometry_digest: row.geometry_digest.clone(),
        title_to: row.title_until,
    };
    let entry = log::entry(ctx, format!("asset:{id}"), &row.region, &rulebook.version.version, fact);
    log::append(tx, &[entry]).await?;
    view(ctx, &row, &remarks)
}

/// A row of which nothing is said yet.
fn blank(ctx: &Context, collective_id: uuid::Uuid, collective_name: String) -> AssetRow {
    AssetRow {
        id: uuid::Uuid::now_v7(),
        collective_id,
        collective_name,
        category: String::new(),
        name: String::new(),
        location: String::new(),
        region: String::new(),
        stated_mu: None,
        quantity: None,
        unit: None,
        land_use: String::new(),
        geometry_json: None,
        geometry_digest: None,
        srid: None,
        area_m2: None,
        title_number: None,
        title_until: None,
        valuation_fen: None,
        valued_on: None,
        valuer: None,
        valuation_report: None,
        photos: Vec::new(),
        version: 1,
        registered_at: ctx.now,
        updated_at: ctx.now,
        announced_lot_id: None,
    }
}

fn changed() -> Finding {
    refuse(
        "asset.version",
        "平台规则：后改者须先看到前改 (platform rule: see the last change before making the next)",
        ("该资产已被他人修改。", "Somebody else changed this asset."),
        ("请刷新页面，核对后重新提交。", "Reload the page, compare, and send it again."),
    )
}

fn announced() -> Finding {
    refuse(
        "asset.announced",
        "平台规则：公告期间不得变更标的 (platform rule: what is on offer is not changed)",
        ("该资产正在公告交易中，不能修改。", "An announced lot offers this asset; it can't be changed."),
        ("请等待交易结束，或更正公告。", "Wait until it ends, or correct the announcement."),
    )
}

fn right_runs() -> Finding {
    refuse(
        "asset.right-runs",
        crate::findings::EXCLUSIVE,
        (
            "该资产上有正在或即将生效的权利，不能修改地块图形。",
            "A right runs or will run on this asset; its geometry can't be changed.",
        ),
        ("请先登记权利终止，或另行登记新地块。", "First record the end of the right, or register another parcel."),
    )
    .at("geometry")
}
