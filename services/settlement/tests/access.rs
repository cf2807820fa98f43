//! Every call, without a token, with every role that may not make it, and with a role that may in another county.

mod support;

use sanbian_domain::role::Role;
use sanbian_proto::settlement::v1::*;
use sanbian_runtime::{Kind, Refusal};
use support::{COUNTY, Lot, OTHER_COUNTY, VILLAGE, World};

/// What a call came to; none where it was answered.
async fn outcome<T>(answer: impl Future<Output = Result<T, tonic::Status>>) -> Option<Kind> {
    answer.await.err().map(|status| Refusal::from(status).kind)
}

macro_rules! walk {
    ($world:expr; $($call:ident($request:expr): $($role:ident)|+;)*) => {{
        let mut walked = Vec::new();
        $({
            walked.push(stringify!($call));
            let allowed = [$(Role::$role),+];
            let public = outcome($world.public().$call($request)).await;
            assert_eq!(public, Some(Kind::Unauthenticated), concat!(stringify!($call), " without a token"));
            for role in Role::ALL {
                let region = if matches!(role, Role::Chair | Role::Clerk | Role::Member) { VILLAGE } else { COUNTY };
                let got = outcome($world.with(role, region).call().$call($request)).await;
                if allowed.contains(&role) {
                    assert_ne!(got, Some(Kind::Unauthenticated), concat!(stringify!($call), " as {}"), role);
                    // A bidder asks for what is another's: it is not there. Others may, whatever then comes of it.
                    assert!(role == Role::Bidder || got != Some(Kind::Forbidden), concat!(stringify!($call), " as {}"), role);
                } else {
                    assert_eq!(got, Some(Kind::Forbidden), concat!(stringify!($call), " as {}"), role);
                }
            }
            for role in allowed.into_iter().filter(|role| *role != Role::Bidder) {
                let got = outcome($world.with(role, OTHER_COUNTY).call().$call($request)).await;
                let lists = stringify!($call).starts_with("list_deposits") || stringify!($call).starts_with("list_contracts");
                // These two show what lies in the caller's regions: nothing.
                assert_eq!(got.is_none(), lists, concat!(stringify!($call), " as {} elsewhere: {:?}"), role, got);
                assert!(lists || got == Some(Kind::Forbidden), concat!(stringify!($call), " as {} elsewhere: {:?}"), role, got);
            }
        })*
        walked
    }};
}

#[tokio::test]
async fn every_call_asks_who_calls() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _, contract) = world.signed(&lot).await;
    let payment = world.line_in(contract.outstanding_fen, &winner.bank, &contract.reference);
    let stray = world.line_in(5, "62000001", "");
    world.import(&world.finance(), &[payment, stray]).await.unwrap();
    let operator = world.with(Role::Operator, COUNTY);
    let issue = IssueCertificateRequest { contract_id: contract.id.clone(), remarks: String::new() };
    let certificate = operator.call().issue_certificate(issue.clone()).await.unwrap().into_inner();
    let finance = world.finance();
    let lines = finance.call().list_unmatched(ListUnmatchedRequest::default()).await.unwrap().into_inner().items;
    let payouts = finance.call().list_payouts(ListPayoutsRequest::default()).await.unwrap().into_inner().items;
    let account_id = world.books().await.accounts[0].id.clone();
    let resolve = ResolveLineRequest {
        line_id: lines[0].id.clone(),
        to: "return".to_owned(),
        reference: None,
        reason: "原路退回".to_owned(),
    };
    let sign = SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
    let number = certificate.number.clone();
    let walked = walk! { world;
        get_deposit(GetDepositRequest { registration_id: winner.registration.to_string() }): Bidder;
        list_my_deposits(ListMyDepositsRequest::default()): Bidder;
        list_deposits(ListDepositsRequest::default()): Finance | Supervisor;
        import_statement(ImportStatementRequest { csv: String::new() }): Finance;
        list_unmatched(ListUnmatchedRequest::default()): Finance;
        resolve_line(resolve.clone()): Finance;
        list_payouts(ListPayoutsRequest::default()): Finance;
        approve_payout(ApprovePayoutRequest { payout_id: payouts[0].id.clone() }): Finance;
        trial_balance(TrialBalanceRequest {}): Finance | Supervisor;
        list_postings(ListPostingsRequest { account_id: account_id.clone(), ..Default::default() }): Finance | Supervisor;
        lot_money(LotMoneyRequest { lot_id: lot.id.to_string() }): Finance | Supervisor;
        get_contract(GetContractRequest { contract_id: contract.id.clone() }): Bidder | Chair | Clerk | Operator | Finance | Supervisor;
        list_contracts(ListContractsRequest::default()): Bidder | Chair | Clerk | Operator | Finance | Supervisor;
        sign_contract(sign.clone()): Bidder | Chair;
        issue_certificate(issue.clone()): Operator;
        print_certificate(PrintCertificateRequest { number: number.clone() }): Operator;
        revoke_certificate(RevokeCertificateRequest { number: number.clone(), reason: "更正".to_owned() }): Operator;
    };
    // All of them, but the one that is public.
    let proto = include_str!("../../../proto/sanbian/settlement/v1/settlement.proto");
    let mut calls: Vec<String> = proto.lines().filter_map(|line| line.trim().strip_prefix("rpc ")).map(snake).collect();
    calls.retain(|call| call != "get_certificate");
    calls.sort();
    let mut walked: Vec<String> = walked.into_iter().map(str::to_owned).collect();
    walked.sort();
    assert_eq!(walked, calls);
    assert!(world.public().get_certificate(GetCertificateRequest { number }).await.is_ok());
    world.end().await;
}

/// `GetDeposit(…` as `get_deposit`.
fn snake(rpc: &str) -> String {
    let mut name = String::new();
    for c in rpc.chars().take_while(|c| *c != '(') {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
