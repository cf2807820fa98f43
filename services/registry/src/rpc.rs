//! The RPC side: from a call to its use case.

use crate::{Registry, service::*};
use sanbian_proto::registry::v1::{registry_server, *};
use sanbian_runtime::rpc::Door;
use tonic::{Request, Response, Status};

/// Answers the registry's calls.
pub struct Rpc {
    /// Makes contexts.
    pub door: Door,
    /// What the use cases work with.
    pub registry: Registry,
}

macro_rules! calls {
    ($($call:ident: $request:ty => $response:ty, $case:path;)*) => {
        #[tonic::async_trait]
        impl registry_server::Registry for Rpc {$(
            async fn $call(&self, request: Request<$request>) -> Result<Response<$response>, Status> {
                let ctx = self.door.context(&request)?;
                Ok(Response::new($case(&self.registry, &ctx, request.into_inner()).await?))
            }
        )*}
    };
}

calls! {
    register_party: RegisterPartyRequest => Party, party::register;
    get_my_party: GetMyPartyRequest => Party, party::mine;
    update_bank_account: UpdateBankAccountRequest => Party, party::update_bank_account;
    get_party: GetPartyRequest => Party, party::get;
    reveal_party: RevealPartyRequest => PartyProfile, party::reveal;
    party_of_account: PartyOfAccountRequest => AccountParty, party_for_services::of_account;
    party_for_certificate: PartyForCertificateRequest => CertifiedParty, party_for_services::for_certificate;
    payout_account: PayoutAccountRequest => PayoutAccountAnswer, party_for_services::payout_account;
    is_member: IsMemberRequest => Membership, party_for_services::is_member;
    register_collective: RegisterCollectiveRequest => Collective, collective::register;
    list_collectives: ListCollectivesRequest => CollectivePage, collective::list;
    get_collective: GetCollectiveRequest => Collective, collective::get;
    update_collective_account: UpdateCollectiveAccountRequest => Collective, collective::update_account;
    import_members: ImportMembersRequest => MembersImported, members::import;
    list_members: ListMembersRequest => MemberPage, members::list;
    survey_geometry: SurveyGeometryRequest => Survey, asset::survey_geometry;
    create_asset: CreateAssetRequest => Asset, asset::create;
    update_asset: UpdateAssetRequest => Asset, asset::update;
    list_assets: ListAssetsRequest => AssetPage, asset::list;
    get_asset: GetAssetRequest => Asset, asset::get;
    record_right: RecordRightRequest => LandRight, right::record;
    end_right: EndRightRequest => LandRight, right::end;
    list_rights: ListRightsRequest => LandRightList, right::list;
    holds_right: HoldsRightRequest => HeldRights, right::held;
    record_encumbrance: RecordEncumbranceRequest => Encumbrance, encumbrance::record;
    lift_encumbrance: LiftEncumbranceRequest => Encumbrance, encumbrance::lift;
    list_encumbrances: ListEncumbrancesRequest => EncumbranceList, encumbrance::list;
    asset_transferable: AssetTransferableRequest => TransferCheck, transferable::check;
}
