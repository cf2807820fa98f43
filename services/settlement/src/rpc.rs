//! The RPC side: from calls to use cases.

use crate::{
    Deps,
    service::{bank, books, certificates, contracts, deposits, payouts},
};
use sanbian_proto::settlement::v1::{settlement_server::Settlement, *};
use tonic::{Request, Response, Status};

/// The service as tonic sees it.
pub(crate) struct Rpc {
    pub(crate) deps: Deps,
}

macro_rules! calls {
    ($($name:ident($request:ty) -> $response:ty = $use_case:path;)*) => {
        #[tonic::async_trait]
        impl Settlement for Rpc {$(
            async fn $name(&self, request: Request<$request>) -> Result<Response<$response>, Status> {
                let ctx = self.deps.door.context(&request)?;
                Ok(Response::new($use_case(&self.deps, &ctx, request.into_inner()).await?))
            }
        )*}
    };
}

calls! {
    get_deposit(GetDepositRequest) -> Deposit = deposits::get;
    list_my_deposits(ListMyDepositsRequest) -> DepositPage = deposits::list_mine;
    list_deposits(ListDepositsRequest) -> DepositPage = deposits::list;
    import_statement(ImportStatementRequest) -> StatementResult = bank::import;
    list_unmatched(ListUnmatchedRequest) -> BankLinePage = bank::list_unmatched;
    resolve_line(ResolveLineRequest) -> BankLine = bank::resolve;
    list_payouts(ListPayoutsRequest) -> PayoutPage = payouts::list;
    approve_payout(ApprovePayoutRequest) -> Payout = payouts::approve;
    trial_balance(TrialBalanceRequest) -> BookBalance = books::trial_balance;
    list_postings(ListPostingsRequest) -> PostingPage = books::list_postings;
    lot_money(LotMoneyRequest) -> LotMoneyAnswer = books::lot_money;
    get_contract(GetContractRequest) -> Contract = contracts::get;
    list_contracts(ListContractsRequest) -> ContractPage = contracts::list;
    sign_contract(SignContractRequest) -> Contract = contracts::sign;
    issue_certificate(IssueCertificateRequest) -> Certificate = certificates::issue;
    get_certificate(GetCertificateRequest) -> Certificate = certificates::get;
    print_certificate(PrintCertificateRequest) -> Certificate = certificates::print;
    revoke_certificate(RevokeCertificateRequest) -> Certificate = certificates::revoke;
}
