//! Deposits, the bank, the books, contracts and certificates.
//!
//! | who | route |
//! |---|---|
//! | bidder | `GET /registrations/{id}/deposit`, `GET /me/deposits` |
//! | finance | `POST /bank/statements`, `GET /bank/unmatched`, `POST /bank/lines/{id}/resolve`, `GET /payouts`, `POST /payouts/{id}/approve` |
//! | finance, supervisor | `GET /deposits`, `GET /books`, `GET /books/{account_id}/postings`, `GET /lots/{id}/money` |
//! | both sides, staff | `GET /contracts`, `GET /contracts/{id}` |
//! | chair, bidder | `POST /contracts/{id}/sign` |
//! | operator | `POST /contracts/{id}/certificate`, `POST /certificates/{number}/prints`, `/revoke` |
//! | anyone | `GET /certificates/{number}` |
//!
//! All under `/api/v1`.

use crate::call::{Answer, App, Body, Call, Id, Params, answer};
use axum::extract::State;
use sanbian_proto::settlement::v1::{
    ApprovePayoutRequest, BankLine, BankLinePage, BookBalance, Certificate, Contract, ContractPage, Deposit,
    DepositPage, GetCertificateRequest, GetContractRequest, GetDepositRequest, ImportStatementRequest,
    IssueCertificateRequest, ListContractsRequest, ListDepositsRequest, ListMyDepositsRequest, ListPayoutsRequest,
    ListPostingsRequest, ListUnmatchedRequest, LotMoneyAnswer, LotMoneyRequest, Payout, PayoutPage, PostingPage,
    PrintCertificateRequest, ResolveLineRequest, RevokeCertificateRequest, SignContractRequest, StatementResult,
    TrialBalanceRequest,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_deposit))
        .routes(routes!(list_my_deposits))
        .routes(routes!(list_deposits))
        .routes(routes!(import_statement))
        .routes(routes!(list_unmatched))
        .routes(routes!(resolve_line))
        .routes(routes!(list_payouts))
        .routes(routes!(approve_payout))
        .routes(routes!(trial_balance))
        .routes(routes!(list_postings))
        .routes(routes!(lot_money))
        .routes(routes!(list_contracts))
        .routes(routes!(get_contract))
        .routes(routes!(sign_contract))
        .routes(routes!(issue_certificate))
        .routes(routes!(get_certificate))
        .routes(routes!(print_certificate))
        .routes(routes!(revoke_certificate))
}

// Deposits ---------------------------------------------------------------------------------------------------------------------

/// What the caller has to pay for a registration, and where.
#[utoipa::path(get, path = "/api/v1/registrations/{id}/deposit", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The registration.")), responses((status = 200, body = Deposit)))]
async fn get_deposit(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Deposit> {
    answer(app.peers.settlement(&ctx).get_deposit(GetDepositRequest { registration_id: id.to_string() }).await)
}

/// The caller's deposits, newest first.
#[utoipa::path(get, path = "/api/v1/me/deposits", tag = "settlement", security(("bearer" = [])), params(ListMyDepositsRequest), responses((status = 200, body = DepositPage)))]
async fn list_my_deposits(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListMyDepositsRequest>,
) -> Answer<DepositPage> {
    answer(app.peers.settlement(&ctx).list_my_deposits(request).await)
}

/// Deposits of a lot, or of the caller's regions, newest first. Finance and supervisors.
#[utoipa::path(get, path = "/api/v1/deposits", tag = "settlement", security(("bearer" = [])), params(ListDepositsRequest), responses((status = 200, body = DepositPage)))]
async fn list_deposits(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListDepositsRequest>,
) -> Answer<DepositPage> {
    answer(app.peers.settlement(&ctx).list_deposits(request).await)
}

// The bank ---------------------------------------------------------------------------------------------------------------------

/// Imports a bank statement, whole or not at all. Lines seen before are counted, not booked again. Finance.
#[utoipa::path(post, path = "/api/v1/bank/statements", tag = "settlement", security(("bearer" = [])), request_body = ImportStatementRequest, responses((status = 200, body = StatementResult)))]
async fn import_statement(
    State(app): State<App>,
    Call(ctx): Call,
    Body(request): Body<ImportStatementRequest>,
) -> Answer<StatementResult> {
    answer(app.peers.settlement(&ctx).import_statement(request).await)
}

/// Bank lines that match nothing, newest first. Finance.
#[utoipa::path(get, path = "/api/v1/bank/unmatched", tag = "settlement", security(("bearer" = [])), params(ListUnmatchedRequest), responses((status = 200, body = BankLinePage)))]
async fn list_unmatched(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListUnmatchedRequest>,
) -> Answer<BankLinePage> {
    answer(app.peers.settlement(&ctx).list_unmatched(request).await)
}

/// Books an unmatched line to what it was for, or orders it back to its payer. Finance.
#[utoipa::path(post, path = "/api/v1/bank/lines/{id}/resolve", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The line.")), request_body = ResolveLineRequest, responses((status = 200, body = BankLine)))]
async fn resolve_line(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(request): Body<ResolveLineRequest>,
) -> Answer<BankLine> {
    answer(app.peers.settlement(&ctx).resolve_line(ResolveLineRequest { line_id: id.to_string(), ..request }).await)
}

/// What is to be paid out, soonest due first. Finance.
#[utoipa::path(get, path = "/api/v1/payouts", tag = "settlement", security(("bearer" = [])), params(ListPayoutsRequest), responses((status = 200, body = PayoutPage)))]
async fn list_payouts(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListPayoutsRequest>,
) -> Answer<PayoutPage> {
    answer(app.peers.settlement(&ctx).list_payouts(request).await)
}

/// Confirms a payout; whoever ordered it can't. Finance.
#[utoipa::path(post, path = "/api/v1/payouts/{id}/approve", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The payout.")), responses((status = 200, body = Payout)))]
async fn approve_payout(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Payout> {
    answer(app.peers.settlement(&ctx).approve_payout(ApprovePayoutRequest { payout_id: id.to_string() }).await)
}

// The books --------------------------------------------------------------------------------------------------------------------

/// Every account with its balance, and their sum, which is zero. Finance and supervisors.
#[utoipa::path(get, path = "/api/v1/books", tag = "settlement", security(("bearer" = [])), responses((status = 200, body = BookBalance)))]
async fn trial_balance(State(app): State<App>, Call(ctx): Call) -> Answer<BookBalance> {
    answer(app.peers.settlement(&ctx).trial_balance(TrialBalanceRequest {}).await)
}

/// Movements of an account, newest first. Finance and supervisors.
#[utoipa::path(get, path = "/api/v1/books/{account_id}/postings", tag = "settlement", security(("bearer" = [])), params(("account_id" = Uuid, Path, description = "The account."), ListPostingsRequest), responses((status = 200, body = PostingPage)))]
async fn list_postings(
    State(app): State<App>,
    Call(ctx): Call,
    Id(account_id): Id<Uuid>,
    Params(request): Params<ListPostingsRequest>,
) -> Answer<PostingPage> {
    answer(
        app.peers
            .settlement(&ctx)
            .list_postings(ListPostingsRequest { account_id: account_id.to_string(), ..request })
            .await,
    )
}

/// A lot's money, step by step. Finance and supervisors.
#[utoipa::path(get, path = "/api/v1/lots/{id}/money", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The lot.")), responses((status = 200, body = LotMoneyAnswer)))]
async fn lot_money(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<LotMoneyAnswer> {
    answer(app.peers.settlement(&ctx).lot_money(LotMoneyRequest { lot_id: id.to_string() }).await)
}

// Contracts --------------------------------------------------------------------------------------------------------------------

/// Contracts that are the caller's own or lie in its regions, newest first.
#[utoipa::path(get, path = "/api/v1/contracts", tag = "settlement", security(("bearer" = [])), params(ListContractsRequest), responses((status = 200, body = ContractPage)))]
async fn list_contracts(
    State(app): State<App>,
    Call(ctx): Call,
    Params(request): Params<ListContractsRequest>,
) -> Answer<ContractPage> {
    answer(app.peers.settlement(&ctx).list_contracts(request).await)
}

/// A contract, for its two sides, the exchange and supervisors.
#[utoipa::path(get, path = "/api/v1/contracts/{id}", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The contract.")), responses((status = 200, body = Contract)))]
async fn get_contract(State(app): State<App>, Call(ctx): Call, Id(id): Id<Uuid>) -> Answer<Contract> {
    answer(app.peers.settlement(&ctx).get_contract(GetContractRequest { contract_id: id.to_string() }).await)
}

/// Signs for the caller's side: the chair of the collective, or the winner.
#[utoipa::path(post, path = "/api/v1/contracts/{id}/sign", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The contract.")), request_body = SignContractRequest, responses((status = 200, body = Contract)))]
async fn sign_contract(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(request): Body<SignContractRequest>,
) -> Answer<Contract> {
    answer(
        app.peers.settlement(&ctx).sign_contract(SignContractRequest { contract_id: id.to_string(), ..request }).await,
    )
}

// Certificates -----------------------------------------------------------------------------------------------------------------

/// Issues the certificate of a settled contract. Operator.
#[utoipa::path(post, path = "/api/v1/contracts/{id}/certificate", tag = "settlement", security(("bearer" = [])), params(("id" = Uuid, Path, description = "The contract.")), request_body = IssueCertificateRequest, responses((status = 200, body = Certificate)))]
async fn issue_certificate(
    State(app): State<App>,
    Call(ctx): Call,
    Id(id): Id<Uuid>,
    Body(request): Body<IssueCertificateRequest>,
) -> Answer<Certificate> {
    answer(
        app.peers
            .settlement(&ctx)
            .issue_certificate(IssueCertificateRequest { contract_id: id.to_string(), ..request })
            .await,
    )
}

/// A certificate as anyone sees it.
#[utoipa::path(get, path = "/api/v1/certificates/{number}", tag = "settlement", params(("number" = String, Path, description = "Its number.")), responses((status = 200, body = Certificate)))]
async fn get_certificate(State(app): State<App>, Call(ctx): Call, Id(number): Id<String>) -> Answer<Certificate> {
    answer(app.peers.settlement(&ctx).get_certificate(GetCertificateRequest { number }).await)
}

/// Prints a certificate: the answer names its people. After the free prints a second operator's own call prints. Operator.
#[utoipa::path(post, path = "/api/v1/certificates/{number}/prints", tag = "settlement", security(("bearer" = [])), params(("number" = String, Path, description = "Its number.")), responses((status = 200, body = Certificate)))]
async fn print_certificate(State(app): State<App>, Call(ctx): Call, Id(number): Id<String>) -> Answer<Certificate> {
    answer(app.peers.settlement(&ctx).print_certificate(PrintCertificateRequest { number }).await)
}

/// Revokes a certificate. Operator.
#[utoipa::path(post, path = "/api/v1/certificates/{number}/revoke", tag = "settlement", security(("bearer" = [])), params(("number" = String, Path, description = "Its number.")), request_body = RevokeCertificateRequest, responses((status = 200, body = Certificate)))]
async fn revoke_certificate(
    State(app): State<App>,
    Call(ctx): Call,
    Id(number): Id<String>,
    Body(request): Body<RevokeCertificateRequest>,
) -> Answer<Certificate> {
    answer(app.peers.settlement(&ctx).revoke_certificate(RevokeCertificateRequest { number, ..request }).await)
}
