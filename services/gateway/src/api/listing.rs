//! Lots up to the end of registration, evidence files bound to them, and the public market.
//!
//! | who | route |
//! |---|---|
//! | clerk, chair | `POST /drafts/check`, `POST /drafts`, `GET /drafts`, `GET` and `PUT /drafts/{id}`, `POST /drafts/{id}/documents`, `DELETE /drafts/{id}/documents/{digest}`, `POST /drafts/{id}/decision`, `/submit`, `/withdraw`; `POST /lots/{id}/relist` |
//! | reviewers | `GET /review-queue`, `POST /drafts/{id}/review` |
//! | operator | `GET /drafts/{id}/plan`, `POST /drafts/{id}/announce`, `POST /lots/{id}/correct`, `/suspend`, `/resume`, `/terminate`, `/default`; `GET /lots/{id}/registrations`, `POST /registrations/{id}/review` |
//! | anyone | `GET /lots`, `GET /lots/{id}`, `GET /rulebooks/{digest}` |
//! | bidder | `POST /lots/{id}/registrations`, `GET /me/registrations`, `POST /registrations/{id}/confirm`, `/withdraw` |
//!
//! All under `/api/v1`. Files themselves: `POST /documents` and `GET /lots/{id}/documents/{digest}`, in `documents.rs`. Between
//! services only, without route: `RegistrationHolder`, `LotRecord`, `GetDocument`.

use crate::{
    call::{Answer, App, Body, Call, Id, Params, answer},
    documents,
};
use axum::extract::State;
use sanbian_domain::role::Role;
use sanbian_proto::listing::v1::{
    AnnounceLotRequest, AnnouncementPlan, AttachDocumentRequest, CheckDraftRequest, ConfirmRegistrationRequest,
    CorrectLotRequest, CreateDraftRequest, DeclareDefaultRequest, DraftFindings, GetDraftRequest, GetLotRequest,
    GetRulebookRequest, ListDraftsRequest, ListMyRegistrationsRequest, ListRegistrationsRequest, LotDraft,
    LotDraftPage, LotPage, LotView, PlanAnnouncementRequest, PublishedRulebook, RecordDecisionRequest,
    RegisterForLotRequest, Registration, RegistrationPage, RelistLotRequest, RemoveDocumentRequest, ResumeLotRequest,
    ReviewLotRequest, ReviewQueueRequest, ReviewRegistrationRequest, SearchLotsRequest, SubmitLotRequest,
    SuspendLotRequest, TerminateLotRequest, UpdateDraftRequest, WithdrawLotRequest, WithdrawRegistrationRequest,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check_draft))
        .routes(routes!(create_draft, list_drafts))
        .routes(routes!(get_draft, update_draft))
        .routes(routes!(attach_document))
        .routes(routes!(remove_document))
        .routes(routes!(record_decision))
        .routes(routes!(submit_lot))
        .routes(routes!(withdraw_lot))
        .routes(routes!(review_queue))
        .routes(routes!(review_lot))
        .routes(routes!(plan_announcement))
        .routes(routes!(announce_lot))
        .routes(routes!(search_lots))
        .routes(routes!(get_lot))
        .routes(routes!(correct_lot))
        .routes(routes!(suspend_lot))
        .routes(routes!(resume_lot))
        .routes(routes!(terminate_lot))
        .routes(routes!(relist_lot))
        .routes(routes!(declare_default))
        .routes(routes!(register_for_lot, list_registrations))
        .routes(routes!(list_my_registrations))
        .routes(routes!(review_registration))
        .routes(routes!(confirm_registration))
        .routes(routes!(withdraw_registration))
        .routes(routes!(get_rulebook))
}

// From draft to submission -------------------------------------------------------------------------------------------------------

/// Checks a draft against the rules as one types. Saves nothing.
#[utoipa::path(post, path = "/api/v1/drafts/check", tag = "listing", security(("bearer" = [])), request_body = CheckDraftRequest, responses((status = 200, body = DraftFindings)))]
async fn check_draft(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<CheckDraftRequest>,
) -> Answer<DraftFindings> {
    answer(app.peers.listing(&ctx).check_draft(request).await)
}

/// Makes a draft. Clerk or chair of the collective.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "listing", security(("bearer" = [])), request_body = CreateDraftRequest, responses((status = 200, body = LotDraft)))]
async fn create_draft(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<CreateDraftRequest>,
) -> Answer<LotDraft> {
    answer(app.peers.listing(&ctx).create_draft(request).await)
}

/// The lots of the caller's collectives, newest first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "listing", security(("bearer" = [])), params(ListDraftsRequest), responses((status = 200, body = LotDraftPage)))]
async fn list_drafts(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListDraftsRequest>,
) -> Answer<LotDraftPage> {
    answer(app.peers.listing(&ctx).list_drafts(request).await)
}

/// A lot as its collective, its reviewers, the exchange and supervisors see it.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = LotDraft)))]
async fn get_draft(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LotDraft> {
    answer(app.peers.listing(&ctx).get_draft(GetDraftRequest { lot_id: id.to_string() }).await)
}

/// Changes a draft or a returned lot.
#[utoipa::path(put, path = "/api/v1/drafts/{id}", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = UpdateDraftRequest, responses((status = 200, body = LotDraft)))]
async fn update_draft(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<UpdateDraftRequest>,
) -> Answer<LotDraft> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).update_draft(request).await)
}

/// Binds a file that the caller uploaded to a draft. Size and media type are those of the file kept, whatever is written.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/documents", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = AttachDocumentRequest, responses((status = 200, body = LotDraft)))]
async fn attach_document(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<AttachDocumentRequest>,
) -> Answer<LotDraft> {
    request.lot_id = id.to_string();
    // Who may not write on the lot learns that first, and nothing about files.
    let account = ctx.require_anywhere(&[Role::Clerk, Role::Chair])?.account;
    app.peers.listing(&ctx).get_draft(GetDraftRequest { lot_id: id.to_string() }).await?;
    if let Some(document) = &mut request.document {
        documents::uploaded(&app, account, document).await?;
    }
    answer(app.peers.listing(&ctx).attach_document(request).await)
}

/// Takes a file off a draft.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}/documents/{digest}", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot."), ("digest" = String, Path, description = "SHA-256 of the file, hex.")), responses((status = 200, body = LotDraft)))]
async fn remove_document(
    State(app): State<App>,
    Call(ctx): Call,
    Id((id, digest)): Id<(Uuid, String)>,
) -> Answer<LotDraft> {
    answer(app.peers.listing(&ctx).remove_document(RemoveDocumentRequest { lot_id: id.to_string(), digest }).await)
}

/// Records the collective's decision for a lot. Clerk or chair.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/decision", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = RecordDecisionRequest, responses((status = 200, body = LotDraft)))]
async fn record_decision(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<RecordDecisionRequest>,
) -> Answer<LotDraft> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).record_decision(request).await)
}

/// Submits a draft for review. Clerk or chair.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/submit", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = SubmitLotRequest, responses((status = 200, body = LotDraft)))]
async fn submit_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<SubmitLotRequest>,
) -> Answer<LotDraft> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).submit_lot(request).await)
}

/// Takes a submitted lot back to draft. Clerk or chair.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/withdraw", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = LotDraft)))]
async fn withdraw_lot(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LotDraft> {
    answer(app.peers.listing(&ctx).withdraw_lot(WithdrawLotRequest { lot_id: id.to_string() }).await)
}

// Review and announcement --------------------------------------------------------------------------------------------------------

/// The lots that wait for the caller: for review, or for announcement.
#[utoipa::path(get, path = "/api/v1/review-queue", tag = "listing", security(("bearer" = [])), params(ReviewQueueRequest), responses((status = 200, body = LotDraftPage)))]
async fn review_queue(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ReviewQueueRequest>,
) -> Answer<LotDraftPage> {
    answer(app.peers.listing(&ctx).review_queue(request).await)
}

/// A reviewer's word: township, then county where the threshold asks.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/review", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = ReviewLotRequest, responses((status = 200, body = LotDraft)))]
async fn review_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<ReviewLotRequest>,
) -> Answer<LotDraft> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).review_lot(request).await)
}

/// The dates an announcement would have if it were made now. Operator.
#[utoipa::path(get, path = "/api/v1/drafts/{id}/plan", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot."), PlanAnnouncementRequest), responses((status = 200, body = AnnouncementPlan)))]
async fn plan_announcement(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Params(mut request): Params<PlanAnnouncementRequest>,
) -> Answer<AnnouncementPlan> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).plan_announcement(request).await)
}

/// Announces a reviewed lot. Operator.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/announce", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = AnnounceLotRequest, responses((status = 200, body = LotView)))]
async fn announce_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<AnnounceLotRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).announce_lot(request).await)
}

// The public market --------------------------------------------------------------------------------------------------------------

/// The public market.
#[utoipa::path(get, path = "/api/v1/lots", tag = "listing", params(SearchLotsRequest), responses((status = 200, body = LotPage)))]
async fn search_lots(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<SearchLotsRequest>,
) -> Answer<LotPage> {
    answer(app.peers.listing(&ctx).search_lots(request).await)
}

/// An announced lot as anyone sees it.
#[utoipa::path(get, path = "/api/v1/lots/{id}", tag = "listing", params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = LotView)))]
async fn get_lot(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LotView> {
    answer(app.peers.listing(&ctx).get_lot(GetLotRequest { lot_id: id.to_string() }).await)
}

/// The rules a lot was announced under, by their digest: canonical JSON whose SHA-256 it is.
#[utoipa::path(get, path = "/api/v1/rulebooks/{digest}", tag = "listing", params(("digest" = String, Path, description = "SHA-256 of the rules, hex.")), responses((status = 200, body = PublishedRulebook)))]
async fn get_rulebook(State(app): State<App>, Call(ctx): Call, Id(digest): Id<String>) -> Answer<PublishedRulebook> {
    answer(app.peers.listing(&ctx).get_rulebook(GetRulebookRequest { digest }).await)
}

/// Corrects an announced lot. A material change begins the announcement again. Operator.
#[utoipa::path(post, path = "/api/v1/lots/{id}/correct", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = CorrectLotRequest, responses((status = 200, body = LotView)))]
async fn correct_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<CorrectLotRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).correct_lot(request).await)
}

/// Suspends a lot. Operator.
#[utoipa::path(post, path = "/api/v1/lots/{id}/suspend", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = SuspendLotRequest, responses((status = 200, body = LotView)))]
async fn suspend_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<SuspendLotRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).suspend_lot(request).await)
}

/// Lets a suspended lot go on, after notice. Operator.
#[utoipa::path(post, path = "/api/v1/lots/{id}/resume", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = ResumeLotRequest, responses((status = 200, body = LotView)))]
async fn resume_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<ResumeLotRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).resume_lot(request).await)
}

/// Ends a lot for good. Operator.
#[utoipa::path(post, path = "/api/v1/lots/{id}/terminate", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = TerminateLotRequest, responses((status = 200, body = LotView)))]
async fn terminate_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<TerminateLotRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).terminate_lot(request).await)
}

/// Drafts an unsold lot anew. Clerk or chair.
#[utoipa::path(post, path = "/api/v1/lots/{id}/relist", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = LotDraft)))]
async fn relist_lot(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LotDraft> {
    answer(app.peers.listing(&ctx).relist_lot(RelistLotRequest { lot_id: id.to_string() }).await)
}

/// Declares that the winner failed the deal. Operator.
#[utoipa::path(post, path = "/api/v1/lots/{id}/default", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = DeclareDefaultRequest, responses((status = 200, body = LotView)))]
async fn declare_default(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<DeclareDefaultRequest>,
) -> Answer<LotView> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).declare_default(request).await)
}

// Registration -------------------------------------------------------------------------------------------------------------------

/// Registers to bid. The files named must have been uploaded by the caller.
#[utoipa::path(post, path = "/api/v1/lots/{id}/registrations", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), request_body = RegisterForLotRequest, responses((status = 200, body = Registration)))]
async fn register_for_lot(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<RegisterForLotRequest>,
) -> Answer<Registration> {
    request.lot_id = id.to_string();
    let account = ctx.require_anywhere(&[Role::Bidder])?.account;
    app.peers.listing(&ctx).get_lot(GetLotRequest { lot_id: id.to_string() }).await?;
    for document in &mut request.documents {
        documents::uploaded(&app, account, document).await?;
    }
    answer(app.peers.listing(&ctx).register_for_lot(request).await)
}

/// The registrations of a lot, for the exchange's qualification check: names masked. Operator.
#[utoipa::path(get, path = "/api/v1/lots/{id}/registrations", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot."), ListRegistrationsRequest), responses((status = 200, body = RegistrationPage)))]
async fn list_registrations(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Params(mut request): Params<ListRegistrationsRequest>,
) -> Answer<RegistrationPage> {
    request.lot_id = id.to_string();
    answer(app.peers.listing(&ctx).list_registrations(request).await)
}

/// The caller's registrations, newest first.
#[utoipa::path(get, path = "/api/v1/me/registrations", tag = "listing", security(("bearer" = [])), params(ListMyRegistrationsRequest), responses((status = 200, body = RegistrationPage)))]
async fn list_my_registrations(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListMyRegistrationsRequest>,
) -> Answer<RegistrationPage> {
    answer(app.peers.listing(&ctx).list_my_registrations(request).await)
}

/// The exchange's word on qualification and priority claim. Operator.
#[utoipa::path(post, path = "/api/v1/registrations/{id}/review", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The registration.")), request_body = ReviewRegistrationRequest, responses((status = 200, body = Registration)))]
async fn review_registration(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<ReviewRegistrationRequest>,
) -> Answer<Registration> {
    request.registration_id = id.to_string();
    answer(app.peers.listing(&ctx).review_registration(request).await)
}

/// Confirms a corrected announcement. The bidder.
#[utoipa::path(post, path = "/api/v1/registrations/{id}/confirm", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The registration.")), request_body = ConfirmRegistrationRequest, responses((status = 200, body = Registration)))]
async fn confirm_registration(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<ConfirmRegistrationRequest>,
) -> Answer<Registration> {
    request.registration_id = id.to_string();
    answer(app.peers.listing(&ctx).confirm_registration(request).await)
}

/// Withdraws a registration before registration closes. The bidder.
#[utoipa::path(post, path = "/api/v1/registrations/{id}/withdraw", tag = "listing", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The registration.")), responses((status = 200, body = Registration)))]
async fn withdraw_registration(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Registration> {
    let request = WithdrawRegistrationRequest { registration_id: id.to_string() };
    answer(app.peers.listing(&ctx).withdraw_registration(request).await)
}
