//! The RPC side: from a call to its use case.

use crate::{
    Deps,
    service::{
        after, announcement, answers, draft, halt, market, papers, qualification, registration, review, submission,
    },
};
use sanbian_proto::listing::v1::{
    AnnounceLotRequest, AnnouncementPlan, AttachDocumentRequest, CheckDraftRequest, ConfirmRegistrationRequest,
    CorrectLotRequest, CreateDraftRequest, DeclareDefaultRequest, DraftFindings, GetDocumentRequest, GetDraftRequest,
    GetLotRequest, GetRulebookRequest, ListDraftsRequest, ListMyRegistrationsRequest, ListRegistrationsRequest,
    LotDocument, LotDraft, LotDraftPage, LotPage, LotRecordAnswer, LotRecordRequest, LotView, PlanAnnouncementRequest,
    PublishedRulebook, RecordDecisionRequest, RegisterForLotRequest, Registration, RegistrationHolderAnswer,
    RegistrationHolderRequest, RegistrationPage, RelistLotRequest, RemoveDocumentRequest, ResumeLotRequest,
    ReviewLotRequest, ReviewQueueRequest, ReviewRegistrationRequest, SearchLotsRequest, SubmitLotRequest,
    SuspendLotRequest, TerminateLotRequest, UpdateDraftRequest, WithdrawLotRequest, WithdrawRegistrationRequest,
    listing_server::Listing,
};
use tonic::{Request, Response, Status};

/// Answers calls.
pub struct Rpc {
    /// What the use cases work with.
    pub deps: Deps,
}

macro_rules! calls {
    ($($module:ident :: $name:ident($request:ty) -> $answer:ty;)*) => {
        #[tonic::async_trait]
        impl Listing for Rpc {$(
            async fn $name(&self, request: Request<$request>) -> Result<Response<$answer>, Status> {
                let ctx = self.deps.door.context(&request)?;
                Ok(Response::new($module::$name(&self.deps, &ctx, request.into_inner()).await?))
            }
        )*}
    };
}

calls! {
    draft::check_draft(CheckDraftRequest) -> DraftFindings;
    draft::create_draft(CreateDraftRequest) -> LotDraft;
    draft::update_draft(UpdateDraftRequest) -> LotDraft;
    draft::get_draft(GetDraftRequest) -> LotDraft;
    draft::list_drafts(ListDraftsRequest) -> LotDraftPage;
    papers::attach_document(AttachDocumentRequest) -> LotDraft;
    papers::remove_document(RemoveDocumentRequest) -> LotDraft;
    papers::get_document(GetDocumentRequest) -> LotDocument;
    papers::record_decision(RecordDecisionRequest) -> LotDraft;
    submission::submit_lot(SubmitLotRequest) -> LotDraft;
    submission::withdraw_lot(WithdrawLotRequest) -> LotDraft;
    review::review_queue(ReviewQueueRequest) -> LotDraftPage;
    review::review_lot(ReviewLotRequest) -> LotDraft;
    announcement::plan_announcement(PlanAnnouncementRequest) -> AnnouncementPlan;
    announcement::announce_lot(AnnounceLotRequest) -> LotView;
    announcement::correct_lot(CorrectLotRequest) -> LotView;
    halt::suspend_lot(SuspendLotRequest) -> LotView;
    halt::resume_lot(ResumeLotRequest) -> LotView;
    halt::terminate_lot(TerminateLotRequest) -> LotView;
    after::relist_lot(RelistLotRequest) -> LotDraft;
    after::declare_default(DeclareDefaultRequest) -> LotView;
    market::search_lots(SearchLotsRequest) -> LotPage;
    market::get_lot(GetLotRequest) -> LotView;
    market::get_rulebook(GetRulebookRequest) -> PublishedRulebook;
    registration::register_for_lot(RegisterForLotRequest) -> Registration;
    registration::list_my_registrations(ListMyRegistrationsRequest) -> RegistrationPage;
    registration::confirm_registration(ConfirmRegistrationRequest) -> Registration;
    registration::withdraw_registration(WithdrawRegistrationRequest) -> Registration;
    qualification::list_registrations(ListRegistrationsRequest) -> RegistrationPage;
    qualification::review_registration(ReviewRegistrationRequest) -> Registration;
    answers::registration_holder(RegistrationHolderRequest) -> RegistrationHolderAnswer;
    answers::lot_record(LotRecordRequest) -> LotRecordAnswer;
}
