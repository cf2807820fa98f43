//! Accounts, sessions, administration.
//!
//! | method | path | |
//! |---|---|---|
//! | POST | `/api/v1/accounts` | sign up |
//! | POST | `/api/v1/session` | sign in; sets the refresh cookie |
//! | POST | `/api/v1/session/refresh` | continue; turns the refresh cookie over |
//! | DELETE | `/api/v1/session` | sign out; takes the refresh cookie away |
//! | GET | `/api/v1/sessions` | own sessions |
//! | DELETE | `/api/v1/sessions/{id}` | end one of them |
//! | GET | `/api/v1/me` | own account |
//! | POST | `/api/v1/me/password` | change the password |
//! | POST | `/api/v1/admin/accounts` | make an account for somebody |
//! | GET | `/api/v1/admin/accounts` | list |
//! | POST | `/api/v1/admin/accounts/find` | find by sign-in name |
//! | POST | `/api/v1/admin/accounts/{id}/grants` | give a role |
//! | DELETE | `/api/v1/admin/accounts/{id}/grants?role=…&region=…` | take a role away |
//! | POST | `/api/v1/admin/accounts/{id}/disable` | disable |

use crate::{
    call::{Answer, App, Body, Call, Id, Params, answer},
    client::{Client, cookie},
    problem::Problem,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use sanbian_proto::identity::v1::{
    Account, AccountPage, ChangePasswordRequest, CreateAccountRequest, DisableAccountRequest, FindAccountRequest,
    GetMeRequest, GrantRoleRequest, ListAccountsRequest, ListSessionsRequest, OpenedSession, RefreshSessionRequest,
    RevokeRoleRequest, RevokeSessionRequest, SessionEnded, SessionList, SessionOpened, SignInRequest, SignOutRequest,
    SignUpRequest,
};
use sanbian_runtime::{Context, Kind, Refusal};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(refresh_session))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
        .routes(routes!(get_me))
        .routes(routes!(change_password))
        .routes(routes!(create_account, list_accounts))
        .routes(routes!(find_account))
        .routes(routes!(grant_role, revoke_role))
        .routes(routes!(disable_account))
}

/// Makes an account: a bidder everywhere, nothing else.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "identity", request_body = SignUpRequest, responses((status = 200, body = Account)))]
async fn sign_up(
    State(app): State<App>,
    Call(ctx): Call,
    client: Client,
    Body(mut request): Body<SignUpRequest>,
) -> Answer<Account> {
    request.client_address = client.address_text();
    answer(app.peers.identity(&ctx).sign_up(request).await)
}

/// Signs in: an access token in the answer, the refresh token in a cookie. After too many attempts: 429, with the time to wait.
#[utoipa::path(post, path = "/api/v1/session", tag = "identity", request_body = SignInRequest, responses((status = 200, body = SessionOpened, headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for /api/v1/session only.")))))]
async fn sign_in(
    State(app): State<App>,
    client: Client,
    Body(mut request): Body<SignInRequest>,
) -> Result<Response, Problem> {
    request.client_address = client.address_text();
    request.client_name = client.name.unwrap_or_default();
    // Whoever signs in does so as nobody: a stale token of an earlier session must not stand in the way.
    let opened = app.peers.identity(&Context::public(&app.clock)).sign_in(request).await?;
    opened_answer(&app, opened.into_inner())
}

/// Continues the session of the refresh cookie and turns the cookie over. 409 where another tab did so a moment ago: try again; 401 where
/// the session is over.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "identity", security(("refresh_cookie" = [])), responses((status = 200, body = SessionOpened, headers(("Set-Cookie" = String, description = "The next refresh token.")))))]
async fn refresh_session(State(app): State<App>, client: Client) -> Response {
    let request = RefreshSessionRequest { refresh_token: client.refresh_token.unwrap_or_default() };
    let refreshed = app.peers.identity(&Context::public(&app.clock)).refresh_session(request).await;
    match refreshed.map_err(Refusal::from) {
        Ok(opened) => opened_answer(&app, opened.into_inner()).into_response(),
        // The session is over, so is its cookie. (In the grace of another tab's refresh the browser has a good one: it stays.)
        Err(refusal) if refusal.kind == Kind::Unauthenticated => without_cookie(&app, Problem(refusal).into_response()),
        Err(refusal) => Problem(refusal).into_response(),
    }
}

/// Ends the session of the access token or, where that has expired, of the refresh cookie.
#[utoipa::path(delete, path = "/api/v1/session", tag = "identity", security(("bearer" = []), ("refresh_cookie" = [])), responses((status = 200, body = SessionEnded)))]
async fn sign_out(State(app): State<App>, call: Result<Call, Problem>, client: Client) -> Response {
    let ctx = match (call, &client.refresh_token) {
        (Ok(Call(ctx)), _) => ctx,
        (Err(_), Some(_)) => Context::public(&app.clock),
        (Err(problem), None) => return without_cookie(&app, problem.into_response()),
    };
    let ended = app.peers.identity(&ctx).sign_out(SignOutRequest { refresh_token: client.refresh_token }).await;
    without_cookie(&app, answer(ended).into_response())
}

/// The caller's sessions that can still be continued, newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "identity", security(("bearer" = [])), responses((status = 200, body = SessionList)))]
async fn list_sessions(State(app): State<App>, Call(ctx): Call) -> Answer<SessionList> {
    answer(app.peers.identity(&ctx).list_sessions(ListSessionsRequest {}).await)
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "identity", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The session.")), responses((status = 200, body = SessionEnded)))]
async fn revoke_session(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<SessionEnded> {
    answer(app.peers.identity(&ctx).revoke_session(RevokeSessionRequest { id: id.to_string() }).await)
}

/// The caller's own account.
#[utoipa::path(get, path = "/api/v1/me", tag = "identity", security(("bearer" = [])), responses((status = 200, body = Account)))]
async fn get_me(State(app): State<App>, Call(ctx): Call) -> Answer<Account> {
    answer(app.peers.identity(&ctx).get_me(GetMeRequest {}).await)
}

/// Changes the caller's password, ends all its other sessions, and gives an access token with the account's roles.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "identity", security(("bearer" = [])), request_body = ChangePasswordRequest, responses((status = 200, body = SessionOpened)))]
async fn change_password(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<ChangePasswordRequest>,
) -> Result<Response, Problem> {
    let session = app.peers.identity(&ctx).change_password(request).await?.into_inner();
    Ok(unstored(Json(session).into_response()))
}

/// Makes an account for somebody, with no role yet and a password that must be changed. Administrators, within their region.
#[utoipa::path(post, path = "/api/v1/admin/accounts", tag = "identity", security(("bearer" = [])), request_body = CreateAccountRequest, responses((status = 200, body = Account)))]
async fn create_account(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<CreateAccountRequest>,
) -> Answer<Account> {
    answer(app.peers.identity(&ctx).create_account(request).await)
}

/// Accounts that belong to, or hold a role in, the caller's regions, newest first. Administrators.
#[utoipa::path(get, path = "/api/v1/admin/accounts", tag = "identity", security(("bearer" = [])), params(ListAccountsRequest), responses((status = 200, body = AccountPage)))]
async fn list_accounts(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListAccountsRequest>,
) -> Answer<AccountPage> {
    answer(app.peers.identity(&ctx).list_accounts(request).await)
}

/// Finds an account by its whole sign-in name. Administrators, within their region.
#[utoipa::path(post, path = "/api/v1/admin/accounts/find", tag = "identity", security(("bearer" = [])), request_body = FindAccountRequest, responses((status = 200, body = Account)))]
async fn find_account(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<FindAccountRequest>,
) -> Answer<Account> {
    answer(app.peers.identity(&ctx).find_account(request).await)
}

/// Gives a role within a region. Administrators, within their region, never to themselves.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/grants", tag = "identity", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The account.")), request_body = GrantRoleRequest, responses((status = 200, body = Account)))]
async fn grant_role(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(mut request): Body<GrantRoleRequest>,
) -> Answer<Account> {
    request.id = id.to_string();
    answer(app.peers.identity(&ctx).grant_role(request).await)
}

/// Takes a role away. Administrators, within their region, never from themselves.
#[utoipa::path(delete, path = "/api/v1/admin/accounts/{id}/grants", tag = "identity", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The account."), RevokeRoleRequest), responses((status = 200, body = Account)))]
async fn revoke_role(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Params(mut request): Params<RevokeRoleRequest>,
) -> Answer<Account> {
    request.id = id.to_string();
    answer(app.peers.identity(&ctx).revoke_role(request).await)
}

/// Takes all roles away, ends all sessions, and lets nobody sign in any more. Administrators, within their region, never themselves.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/disable", tag = "identity", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The account.")), responses((status = 200, body = Account)))]
async fn disable_account(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Account> {
    answer(app.peers.identity(&ctx).disable_account(DisableAccountRequest { id: id.to_string() }).await)
}

/// An opened session: JSON without the refresh token, which goes into the cookie.
fn opened_answer(app: &App, opened: OpenedSession) -> Result<Response, Problem> {
    let session = opened.session.ok_or_else(|| Refusal::internal("an opened session without its answer"))?;
    let mut response = unstored(Json(session).into_response());
    response.headers_mut().append(header::SET_COOKIE, cookie(app, &opened.refresh_token, opened.refresh_seconds));
    Ok(response)
}

/// The response, with the refresh cookie taken away.
fn without_cookie(app: &App, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie(app, "", 0));
    response
}

/// The response, not to be kept by anything on the way: it carries a token.
fn unstored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
