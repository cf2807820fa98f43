//! Parties, collectives with their members, assets and parcels, rights and charges on them.
//!
//! | who | route |
//! |---|---|
//! | anyone signed in | `POST /parties`, `GET /me/party`, `PUT /me/party/bank-account`, `POST /surveys` |
//! | operator, finance, supervisor | `GET /parties/{id}`, `POST /parties/{id}/reveal` (and the party itself) |
//! | operator, county reviewer | `POST /collectives`, `PUT /collectives/{id}/bank-account`, `POST /assets/{id}/encumbrances`, `POST /encumbrances/{id}/lift` |
//! | clerk, chair | `PUT` and `GET /collectives/{id}/members` (supervisors read it too), `POST /assets`, `PUT /assets/{id}` |
//! | operator | `POST /assets/{id}/rights`, `POST /rights/{id}/end` |
//! | anyone | `GET /collectives`, `/collectives/{id}`, `/assets`, `/assets/{id}`, `/assets/{id}/rights`, `/assets/{id}/encumbrances` |
//!
//! All under `/api/v1`. Between services only, without route: `PartyOfAccount`, `PartyForCertificate`, `PayoutAccount`, `IsMember`,
//! `HoldsRight`, `AssetTransferable`.

use crate::call::{Answer, App, Body, Call, Id, Params, answer};
use axum::extract::{DefaultBodyLimit, State};
use sanbian_proto::registry::v1::{
    Asset, AssetPage, Collective, CollectivePage, CreateAssetRequest, Encumbrance, EncumbranceList, EndRightRequest,
    GetAssetRequest, GetCollectiveRequest, GetMyPartyRequest, GetPartyRequest, ImportMembersRequest, LandRight,
    LandRightList, LiftEncumbranceRequest, ListAssetsRequest, ListCollectivesRequest, ListEncumbrancesRequest,
    ListMembersRequest, ListRightsRequest, MemberPage, MembersImported, Party, PartyProfile, RecordEncumbranceRequest,
    RecordRightRequest, RegisterCollectiveRequest, RegisterPartyRequest, RevealPartyRequest, Survey,
    SurveyGeometryRequest, UpdateAssetRequest, UpdateBankAccountRequest, UpdateCollectiveAccountRequest,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// Largest register of members, in bytes: twenty thousand of them.
const REGISTER: usize = 4 << 20;

/// A parcel as GeoJSON (RFC 7946), longitude and latitude in CGCS2000 (EPSG 4490).
#[derive(ToSchema)]
#[serde(tag = "type")]
#[allow(dead_code, reason = "describes in OpenAPI what the registry itself reads")]
pub(super) enum GeoJsonGeometry {
    /// One piece of land: its boundary, then holes.
    Polygon {
        /// Rings of positions; the last position of a ring equals the first.
        coordinates: Vec<Vec<Vec<f64>>>,
    },
    /// Several pieces of land.
    MultiPolygon {
        /// Polygons.
        coordinates: Vec<Vec<Vec<Vec<f64>>>>,
    },
}

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    let register =
        OpenApiRouter::new().routes(routes!(import_members, list_members)).layer(DefaultBodyLimit::max(REGISTER));
    OpenApiRouter::new()
        .routes(routes!(register_party))
        .routes(routes!(get_my_party))
        .routes(routes!(update_bank_account))
        .routes(routes!(get_party))
        .routes(routes!(reveal_party))
        .routes(routes!(register_collective, list_collectives))
        .routes(routes!(get_collective))
        .routes(routes!(update_collective_account))
        .merge(register)
        .routes(routes!(survey_geometry))
        .routes(routes!(create_asset, list_assets))
        .routes(routes!(get_asset, update_asset))
        .routes(routes!(record_right, list_rights))
        .routes(routes!(end_right))
        .routes(routes!(record_encumbrance, list_encumbrances))
        .routes(routes!(lift_encumbrance))
}

// Parties ------------------------------------------------------------------------------------------------------------------------

/// Registers the caller's own party; an operator may register somebody who has no account.
#[utoipa::path(post, path = "/api/v1/parties", tag = "registry", security(("bearer" = [])), request_body = RegisterPartyRequest, responses((status = 200, body = Party)))]
async fn register_party(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<RegisterPartyRequest>,
) -> Answer<Party> {
    answer(app.peers.registry(&ctx).register_party(request).await)
}

/// The caller's own party, masked.
#[utoipa::path(get, path = "/api/v1/me/party", tag = "registry", security(("bearer" = [])), responses((status = 200, body = Party)))]
async fn get_my_party(State(app): State<App>, Call(ctx): Call) -> Answer<Party> {
    answer(app.peers.registry(&ctx).get_my_party(GetMyPartyRequest {}).await)
}

/// Changes the bank account of the caller's own party.
#[utoipa::path(put, path = "/api/v1/me/party/bank-account", tag = "registry", security(("bearer" = [])), request_body = UpdateBankAccountRequest, responses((status = 200, body = Party)))]
async fn update_bank_account(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<UpdateBankAccountRequest>,
) -> Answer<Party> {
    answer(app.peers.registry(&ctx).update_bank_account(request).await)
}

/// A party, masked. Operators, finance, supervisors.
#[utoipa::path(get, path = "/api/v1/parties/{id}", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The party.")), responses((status = 200, body = Party)))]
async fn get_party(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Party> {
    answer(app.peers.registry(&ctx).get_party(GetPartyRequest { party_id: id.to_string() }).await)
}

/// A party unmasked, for a purpose; each look is logged. The party itself, operators, finance, supervisors.
#[utoipa::path(post, path = "/api/v1/parties/{id}/reveal", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The party.")), request_body = RevealPartyRequest, responses((status = 200, body = PartyProfile)))]
async fn reveal_party(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<RevealPartyRequest>,
) -> Answer<PartyProfile> {
    request.party_id = id.to_string();
    answer(app.peers.registry(&ctx).reveal_party(request).await)
}

// Collectives --------------------------------------------------------------------------------------------------------------------

/// Registers a collective or another owner of assets. Operators and county reviewers of its region.
#[utoipa::path(post, path = "/api/v1/collectives", tag = "registry", security(("bearer" = [])), request_body = RegisterCollectiveRequest, responses((status = 200, body = Collective)))]
async fn register_collective(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<RegisterCollectiveRequest>,
) -> Answer<Collective> {
    answer(app.peers.registry(&ctx).register_collective(request).await)
}

/// Collectives by region and name.
#[utoipa::path(get, path = "/api/v1/collectives", tag = "registry", params(ListCollectivesRequest), responses((status = 200, body = CollectivePage)))]
async fn list_collectives(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListCollectivesRequest>,
) -> Answer<CollectivePage> {
    answer(app.peers.registry(&ctx).list_collectives(request).await)
}

/// A collective; its staff and the exchange see masked personal fields too.
#[utoipa::path(get, path = "/api/v1/collectives/{id}", tag = "registry", params(("id" = Uuid, Path, description = "The collective.")), responses((status = 200, body = Collective)))]
async fn get_collective(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Collective> {
    answer(app.peers.registry(&ctx).get_collective(GetCollectiveRequest { collective_id: id.to_string() }).await)
}

/// Changes the account that proceeds are paid to. Operators and county reviewers of its region.
#[utoipa::path(put, path = "/api/v1/collectives/{id}/bank-account", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The collective.")), request_body = UpdateCollectiveAccountRequest, responses((status = 200, body = Collective)))]
async fn update_collective_account(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<UpdateCollectiveAccountRequest>,
) -> Answer<Collective> {
    request.collective_id = id.to_string();
    answer(app.peers.registry(&ctx).update_collective_account(request).await)
}

/// Records the whole register of households and members anew. Clerk or chair of the collective.
#[utoipa::path(put, path = "/api/v1/collectives/{id}/members", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The collective.")), request_body = ImportMembersRequest, responses((status = 200, body = MembersImported)))]
async fn import_members(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<ImportMembersRequest>,
) -> Answer<MembersImported> {
    request.collective_id = id.to_string();
    answer(app.peers.registry(&ctx).import_members(request).await)
}

/// Members by household, masked. Clerk, chair, supervisor.
#[utoipa::path(get, path = "/api/v1/collectives/{id}/members", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The collective."), ListMembersRequest), responses((status = 200, body = MemberPage)))]
async fn list_members(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Params(mut request): Params<ListMembersRequest>,
) -> Answer<MemberPage> {
    request.collective_id = id.to_string();
    answer(app.peers.registry(&ctx).list_members(request).await)
}

// Assets -------------------------------------------------------------------------------------------------------------------------

/// Measures a geometry in its CGCS2000 zone and checks it, saving nothing.
#[utoipa::path(post, path = "/api/v1/surveys", tag = "registry", security(("bearer" = [])), request_body = SurveyGeometryRequest, responses((status = 200, body = Survey)))]
async fn survey_geometry(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<SurveyGeometryRequest>,
) -> Answer<Survey> {
    answer(app.peers.registry(&ctx).survey_geometry(request).await)
}

/// Registers an asset or parcel. Clerk or chair of the collective.
#[utoipa::path(post, path = "/api/v1/assets", tag = "registry", security(("bearer" = [])), request_body = CreateAssetRequest, responses((status = 200, body = Asset)))]
async fn create_asset(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<CreateAssetRequest>,
) -> Answer<Asset> {
    answer(app.peers.registry(&ctx).create_asset(request).await)
}

/// Assets by collective, region and category, newest first, without geometry.
#[utoipa::path(get, path = "/api/v1/assets", tag = "registry", params(ListAssetsRequest), responses((status = 200, body = AssetPage)))]
async fn list_assets(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListAssetsRequest>,
) -> Answer<AssetPage> {
    answer(app.peers.registry(&ctx).list_assets(request).await)
}

/// An asset with its geometry and what a reviewer should look at.
#[utoipa::path(get, path = "/api/v1/assets/{id}", tag = "registry", params(("id" = Uuid, Path, description = "The asset.")), responses((status = 200, body = Asset)))]
async fn get_asset(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Asset> {
    answer(app.peers.registry(&ctx).get_asset(GetAssetRequest { asset_id: id.to_string() }).await)
}

/// Corrects an asset while no announced lot offers it; its geometry only while no right runs on it. Clerk or chair of the collective.
#[utoipa::path(put, path = "/api/v1/assets/{id}", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The asset.")), request_body = UpdateAssetRequest, responses((status = 200, body = Asset)))]
async fn update_asset(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<UpdateAssetRequest>,
) -> Answer<Asset> {
    request.asset_id = id.to_string();
    answer(app.peers.registry(&ctx).update_asset(request).await)
}

// Rights and charges -------------------------------------------------------------------------------------------------------------

/// Records a right that runs on an asset for a term. Operators of its region.
#[utoipa::path(post, path = "/api/v1/assets/{id}/rights", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The asset.")), request_body = RecordRightRequest, responses((status = 200, body = LandRight)))]
async fn record_right(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<RecordRightRequest>,
) -> Answer<LandRight> {
    request.asset_id = id.to_string();
    answer(app.peers.registry(&ctx).record_right(request).await)
}

/// Rights on an asset, running and past; holders only for staff.
#[utoipa::path(get, path = "/api/v1/assets/{id}/rights", tag = "registry", params(("id" = Uuid, Path, description = "The asset.")), responses((status = 200, body = LandRightList)))]
async fn list_rights(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LandRightList> {
    answer(app.peers.registry(&ctx).list_rights(ListRightsRequest { asset_id: id.to_string() }).await)
}

/// Ends a right before its term. Operators of its region.
#[utoipa::path(post, path = "/api/v1/rights/{id}/end", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The right.")), request_body = EndRightRequest, responses((status = 200, body = LandRight)))]
async fn end_right(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<EndRightRequest>,
) -> Answer<LandRight> {
    request.right_id = id.to_string();
    answer(app.peers.registry(&ctx).end_right(request).await)
}

/// Records a charge or restriction on an asset. Operators and county reviewers of its region.
#[utoipa::path(post, path = "/api/v1/assets/{id}/encumbrances", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The asset.")), request_body = RecordEncumbranceRequest, responses((status = 200, body = Encumbrance)))]
async fn record_encumbrance(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<RecordEncumbranceRequest>,
) -> Answer<Encumbrance> {
    request.asset_id = id.to_string();
    answer(app.peers.registry(&ctx).record_encumbrance(request).await)
}

/// Charges on an asset, standing and lifted.
#[utoipa::path(get, path = "/api/v1/assets/{id}/encumbrances", tag = "registry", params(("id" = Uuid, Path, description = "The asset.")), responses((status = 200, body = EncumbranceList)))]
async fn list_encumbrances(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<EncumbranceList> {
    answer(app.peers.registry(&ctx).list_encumbrances(ListEncumbrancesRequest { asset_id: id.to_string() }).await)
}

/// Lifts a charge or restriction. Operators and county reviewers of its region.
#[utoipa::path(post, path = "/api/v1/encumbrances/{id}/lift", tag = "registry", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The charge.")), request_body = LiftEncumbranceRequest, responses((status = 200, body = Encumbrance)))]
async fn lift_encumbrance(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<LiftEncumbranceRequest>,
) -> Answer<Encumbrance> {
    request.encumbrance_id = id.to_string();
    answer(app.peers.registry(&ctx).lift_encumbrance(request).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract only names the geometry's schema; this file brings it, and the document's head takes it in.
    #[test]
    fn the_document_has_the_geometry_that_assets_refer_to() {
        let document = OpenApiRouter::with_openapi(<crate::api::Description as utoipa::OpenApi>::openapi())
            .merge(routes())
            .split_for_parts()
            .1;
        let schemas = serde_json::to_value(document).unwrap()["components"]["schemas"].take();
        let geometry = &schemas["AssetDescription"]["properties"]["geometry"];
        assert!(geometry.to_string().contains("#/components/schemas/GeoJsonGeometry"), "{geometry}");
        let geometry = &schemas["GeoJsonGeometry"];
        let kinds = geometry["oneOf"].as_array().unwrap_or_else(|| panic!("{geometry}"));
        assert_eq!(kinds.len(), 2);
        assert!(kinds.iter().all(|kind| kind["properties"]["coordinates"]["type"] == "array"), "{kinds:?}");
        assert!(
            schemas["RegisterPartyRequest"]["required"].as_array().unwrap().iter().all(|field| field != "on_behalf")
        );
        assert!(schemas["RevealPartyRequest"]["properties"].get("party_id").is_none(), "it comes from the path");
    }
}
