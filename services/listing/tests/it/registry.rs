//! A registry for tests: it knows one collective, its land, and who is whose party. A double, for tests of listing alone; the whole
//! program's tests run on the real one.

use sanbian_proto::registry::v1::{registry_server::Registry, *};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// What it knows. Tests change it as they go.
#[derive(Default)]
pub struct Known {
    /// Collectives by id: name and region.
    pub collectives: BTreeMap<Uuid, (String, String)>,
    /// Assets by id: their collective, stated mu and title's end.
    pub assets: BTreeMap<Uuid, (Uuid, String, Option<String>)>,
    /// Parties by account.
    pub parties: BTreeMap<Uuid, Uuid>,
    /// Members: party and collective.
    pub members: BTreeSet<(Uuid, Uuid)>,
    /// What stands against every transfer asked about, as JSON.
    pub findings: Vec<String>,
    /// The last question about a transfer.
    pub asked: Option<AssetTransferableRequest>,
}

/// The double.
#[derive(Clone, Default)]
pub struct FakeRegistry(pub Arc<Mutex<Known>>);

fn id(text: &str) -> Result<Uuid, Status> {
    text.parse().map_err(|_| Status::invalid_argument("not an id"))
}

impl FakeRegistry {
    fn asset(&self, asset: Uuid) -> Option<Asset> {
        let known = self.0.lock().unwrap();
        let (collective, mu, title) = known.assets.get(&asset)?.clone();
        let (name, region) = known.collectives.get(&collective)?.clone();
        Some(Asset {
            id: asset.to_string(),
            collective_id: collective.to_string(),
            collective_name: name,
            description: Some(AssetDescription {
                category: "collective-land".into(),
                name: "东二地".into(),
                region,
                stated_mu: Some(mu.clone()),
                title_until_on: title,
                geometry: Some(
                    r#"{"type":"Polygon","coordinates":[[[108.0,30.0],[108.01,30.0],[108.01,30.01],[108.0,30.0]]]}"#
                        .into(),
                ),
                ..AssetDescription::default()
            }),
            measured_mu: Some(mu),
            ..Asset::default()
        })
    }
}

macro_rules! unused {
    ($($name:ident($request:ty) -> $answer:ty;)*) => {
        #[tonic::async_trait]
        impl Registry for FakeRegistry {
            async fn party_of_account(&self, request: Request<PartyOfAccountRequest>) -> Result<Response<AccountParty>, Status> {
                let account = id(&request.into_inner().account_id)?;
                let known = self.0.lock().unwrap();
                let not_found = || Status::from(sanbian_runtime::Refusal::not_found("当事人", "party"));
                let party = *known.parties.get(&account).ok_or_else(not_found)?;
                let memberships = known.members.iter().filter(|(member, _)| *member == party).map(|(_, collective)| Membership {
                    collective_id: collective.to_string(),
                    region: known.collectives[collective].1.clone(),
                    member: true,
                    ..Membership::default()
                });
                Ok(Response::new(AccountParty {
                    party_id: party.to_string(),
                    kind: "natural-person".into(),
                    name: "王*".into(),
                    identity_number: "500***********1234".into(),
                    has_bank_account: true,
                    memberships: memberships.collect(),
                }))
            }

            async fn get_party(&self, request: Request<GetPartyRequest>) -> Result<Response<Party>, Status> {
                Ok(Response::new(Party {
                    id: request.into_inner().party_id,
                    kind: "natural-person".into(),
                    name: "王*".into(),
                    identity_number: "500***********1234".into(),
                    ..Party::default()
                }))
            }

            async fn get_collective(&self, request: Request<GetCollectiveRequest>) -> Result<Response<Collective>, Status> {
                let collective = id(&request.into_inner().collective_id)?;
                let known = self.0.lock().unwrap();
                let not_found = || Status::from(sanbian_runtime::Refusal::not_found("集体", "collective"));
                let (name, region) = known.collectives.get(&collective).cloned().ok_or_else(not_found)?;
                Ok(Response::new(Collective { id: collective.to_string(), name, region, holder: "collective".into(), ..Collective::default() }))
            }

            async fn is_member(&self, request: Request<IsMemberRequest>) -> Result<Response<Membership>, Status> {
                let request = request.into_inner();
                let member = self.0.lock().unwrap().members.contains(&(id(&request.party_id)?, id(&request.collective_id)?));
                Ok(Response::new(Membership { collective_id: request.collective_id, member, ..Membership::default() }))
            }

            async fn get_asset(&self, request: Request<GetAssetRequest>) -> Result<Response<Asset>, Status> {
                let asset = self.asset(id(&request.into_inner().asset_id)?);
                asset.map(Response::new).ok_or_else(|| sanbian_runtime::Refusal::not_found("资产", "asset").into())
            }

            async fn holds_right(&self, _: Request<HoldsRightRequest>) -> Result<Response<HeldRights>, Status> {
                Ok(Response::new(HeldRights::default()))
            }

            async fn asset_transferable(&self, request: Request<AssetTransferableRequest>) -> Result<Response<TransferCheck>, Status> {
                let request = request.into_inner();
                let ids = request.asset_ids.iter().map(|asset| id(asset)).collect::<Result<Vec<_>, _>>()?;
                let assets = ids.into_iter().filter_map(|asset| self.asset(asset)).collect();
                let mut known = self.0.lock().unwrap();
                known.asked = Some(request);
                Ok(Response::new(TransferCheck { findings: known.findings.clone(), assets }))
            }

            $(async fn $name(&self, _: Request<$request>) -> Result<Response<$answer>, Status> {
                Err(Status::unimplemented("listing does not call this"))
            })*
        }
    };
}

unused! {
    register_party(RegisterPartyRequest) -> Party;
    get_my_party(GetMyPartyRequest) -> Party;
    update_bank_account(UpdateBankAccountRequest) -> Party;
    reveal_party(RevealPartyRequest) -> PartyProfile;
    party_for_certificate(PartyForCertificateRequest) -> CertifiedParty;
    payout_account(PayoutAccountRequest) -> PayoutAccountAnswer;
    register_collective(RegisterCollectiveRequest) -> Collective;
    list_collectives(ListCollectivesRequest) -> CollectivePage;
    update_collective_account(UpdateCollectiveAccountRequest) -> Collective;
    import_members(ImportMembersRequest) -> MembersImported;
    list_members(ListMembersRequest) -> MemberPage;
    survey_geometry(SurveyGeometryRequest) -> Survey;
    create_asset(CreateAssetRequest) -> Asset;
    update_asset(UpdateAssetRequest) -> Asset;
    list_assets(ListAssetsRequest) -> AssetPage;
    record_right(RecordRightRequest) -> LandRight;
    end_right(EndRightRequest) -> LandRight;
    list_rights(ListRightsRequest) -> LandRightList;
    record_encumbrance(RecordEncumbranceRequest) -> Encumbrance;
    lift_encumbrance(LiftEncumbranceRequest) -> Encumbrance;
    list_encumbrances(ListEncumbrancesRequest) -> EncumbranceList;
}
