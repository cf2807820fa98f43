//! From a result to a settled contract, and every way it can fail on the way.

mod support;

use sanbian_domain::{
    fact::{Fact, LotDefaulted, LotResumed, LotSuspended, LotTerminated, ResultNoticeEnded},
    ids::{AccountId, ContractId},
    notice::Deposit,
    role::Role,
};
use sanbian_proto::settlement::v1::*;
use sanbian_runtime::Kind;
use support::{
    Bidder, COLLECTIVE_ACCOUNT, COUNTY, DEPOSIT, Lot, OTHER_COUNTY, VILLAGE, World, day, fen, refused, rule,
};
use uuid::Uuid;

/// 63,000 yuan a year, and 1.3 % of three of them.
const FIRST: i64 = 6_300_000;
const FEE: i64 = 245_700;
const DUE: i64 = FIRST + FEE;

fn kinds(told: &[Fact], of: &[&str]) -> Vec<&'static str> {
    told.iter().map(Fact::kind).filter(|kind| of.contains(kind)).collect()
}

#[tokio::test]
async fn a_transfer_from_the_result_to_the_collectives_account() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, loser) = world.with_two_bidders(&lot).await;
    world.publish(&lot, &winner, 63_000).await;
    let (taker, chair) = (world.bidder(&winner), world.with(Role::Chair, VILLAGE));
    let contract = world.contract(&taker).await;
    assert_eq!((contract.state.as_str(), contract.number.as_str()), ("drawn", "500229-HT-2026-000001"));
    assert_eq!((contract.total_fen, contract.first_payment_fen, contract.fee_fen), (3 * FIRST, FIRST, FEE));
    assert_eq!(
        (contract.outstanding_fen, contract.transferor_fee_fen, contract.my_side.as_str()),
        (DUE, 0, "transferee")
    );
    assert_eq!(contract.schedule.iter().map(|due| due.after_months).collect::<Vec<_>>(), [Some(0), Some(12), Some(24)]);
    // The loser's deposit is ordered back with the result, and is due two working days after its notice.
    let back = world.deposit(&loser).await;
    assert_eq!((back.state.as_str(), back.return_by_date.as_deref()), ("release-ordered", Some("2026-03-19")));
    assert_eq!(world.deposit(&winner).await.state, "held");
    let sign = SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
    assert_eq!(rule(taker.call().sign_contract(sign.clone()).await), "contract.notice-running");

    world.advance_days(7);
    world.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
    let wrong = SignContractRequest { digest: "00".repeat(32), ..sign.clone() };
    assert_eq!(rule(taker.call().sign_contract(wrong).await), "contract.digest");
    let signed = taker.keyed("once").sign_contract(sign.clone()).await.unwrap().into_inner();
    assert_eq!((signed.state.as_str(), signed.pay_by_date.as_deref()), ("signing", None));
    let again = taker.keyed("once").sign_contract(sign.clone()).await.unwrap().into_inner();
    assert_eq!(again.transferee_signed_at, signed.transferee_signed_at);
    assert_eq!(rule(taker.call().sign_contract(sign.clone()).await), "contract.signed-twice");
    let signed = chair.call().sign_contract(sign.clone()).await.unwrap().into_inner();
    assert_eq!((signed.state.as_str(), signed.my_side.as_str()), ("signed", "transferor"));
    assert_eq!((signed.deposit_applied_fen, signed.outstanding_fen), (DEPOSIT, DUE - DEPOSIT));
    assert_eq!(signed.pay_by_date.as_deref(), Some("2026-03-24"));
    assert_eq!(
        (signed.term_from_date.as_deref(), signed.term_to_date.as_deref()),
        (Some("2026-03-17"), Some("2029-03-16"))
    );
    let dues: Vec<_> = signed.schedule.iter().map(|due| due.due_date.as_deref().unwrap()).collect();
    assert_eq!(dues, ["2026-03-24", "2027-03-17", "2028-03-17"]);
    assert_eq!(world.deposit(&winner).await.state, "applied");
    assert_eq!(world.balance(&format!("contract:{}", contract.id)).await, Some((0, -DEPOSIT)), "set apart");

    // Paid in two parts, the second with 12.34 yuan too much.
    let finance = world.finance();
    let part = world.line_in(1_000_000, &winner.bank, &format!("合同款{}", contract.reference));
    let result = world.import(&finance, &[part]).await.unwrap();
    assert_eq!(result.matched, 1);
    let rest = world.line_in(DUE - DEPOSIT - 1_000_000 + 1_234, &winner.bank, &contract.reference);
    assert_eq!(world.import(&finance, &[rest]).await.unwrap().matched, 1);
    let settled = world.contract(&taker).await;
    assert_eq!((settled.state.as_str(), settled.outstanding_fen, settled.paid_fen), ("settled", 0, DUE - DEPOSIT));
    assert_eq!(world.balance("fees").await, Some((-FEE, 0)));
    assert_eq!(world.balance(&format!("contract:{}", contract.id)).await, Some((0, 0)));
    assert_eq!(world.balance(&format!("collective:{}", lot.collective)).await, Some((-FIRST, FIRST)));

    let paid = world.pay_out_all().await;
    let mut amounts: Vec<_> = paid.iter().map(|payout| (payout.kind.as_str(), payout.amount_fen)).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, [("deposit-return", DEPOSIT), ("line-return", 1_234), ("proceeds", FIRST)]);
    assert_eq!(paid[0].kind, "deposit-return", "what has a day comes first");
    assert_eq!(world.balance("bank").await, Some((FEE, 0)), "what is left is the exchange's");
    assert_eq!(world.deposit(&loser).await.state, "released");

    let told = world.told().await;
    let mine = [
        "contract.drawn",
        "deposit.release-ordered",
        "contract.signed",
        "payment.received",
        "deposit.applied",
        "fee.charged",
        "contract.settled",
        "deposit.released",
        "proceeds.paid",
    ];
    let expected = [
        "contract.drawn",
        "deposit.release-ordered",
        "contract.signed",
        "contract.signed",
        "payment.received",
        "payment.received",
        "deposit.applied",
        "fee.charged",
        "contract.settled",
    ];
    let heard = kinds(&told, &mine);
    assert_eq!(heard[..9], expected);
    assert_eq!(heard.len(), 11);
    for fact in &told {
        match fact {
            Fact::ContractDrawn(drawn) => assert_eq!((&drawn.digest, drawn.total), (&contract.digest, fen(3 * FIRST))),
            Fact::ContractSigned(signed) if signed.complete => assert_eq!(signed.pay_by, Some(day("2026-03-24"))),
            Fact::PaymentReceived(paid) => {
                let left = if paid.amount == fen(1_000_000) { DUE - DEPOSIT - 1_000_000 } else { 0 };
                assert_eq!(paid.outstanding, fen(left));
            }
            Fact::FeeCharged(fee) => {
                assert_eq!((fee.amount, fee.base, fee.payer.as_str()), (fen(FEE), fen(3 * FIRST), "transferee"));
            }
            Fact::ProceedsPaid(paid) => assert_eq!((paid.amount, paid.collective), (fen(FIRST), lot.collective)),
            _ => {}
        }
    }

    // A supervisor reads the money of the lot, step by step.
    let supervisor = world.with(Role::Supervisor, COUNTY);
    let money = supervisor.call().lot_money(LotMoneyRequest { lot_id: lot.id.to_string() }).await.unwrap().into_inner();
    assert_eq!(money.deposits.len(), 2);
    assert_eq!(money.contract.as_ref().map(|contract| contract.transferee.as_str()), Some("丁**"));
    let reasons: Vec<_> =
        money.postings.iter().map(|posting| (posting.reason.as_str(), posting.state.as_str())).collect();
    assert_eq!(
        reasons[..3],
        [("deposit-received", "posted"), ("deposit-received", "posted"), ("deposit-released", "posted")]
    );
    assert!(reasons.iter().all(|(_, state)| *state == "posted"));
    let books = world.books().await.accounts;
    let bank = books.iter().find(|account| account.code == "bank").unwrap();
    let request = ListPostingsRequest { account_id: bank.id.clone(), limit: Some(5), cursor: None };
    let page = supervisor.call().list_postings(request).await.unwrap().into_inner();
    assert_eq!(page.items.len(), 5);
    let request = ListPostingsRequest { account_id: bank.id.clone(), limit: None, cursor: page.next_cursor };
    assert_eq!(supervisor.call().list_postings(request).await.unwrap().into_inner().items.len(), 3);
    world.end().await;
}

#[tokio::test]
async fn a_deposit_that_covers_what_is_due_settles_with_the_second_signature() {
    let world = World::new().await;
    let mut lot = Lot::new();
    lot.deposit = fen(DUE + 5_000);
    let (winner, _, contract) = world.signed(&lot).await;
    assert_eq!((contract.state.as_str(), contract.deposit_applied_fen), ("settled", DUE));
    assert_eq!(world.deposit(&winner).await.state, "applied");
    let told = world.told().await;
    let excess = told.iter().find_map(|fact| match fact {
        Fact::DepositReleaseOrdered(ordered) if ordered.reason == "excess" => Some(ordered.amount),
        _ => None,
    });
    assert_eq!(excess, Some(fen(5_000)));
    world.pay_out_all().await;
    assert_eq!(world.balance("bank").await, Some((FEE, 0)));
    world.end().await;
}

#[tokio::test]
async fn households_pay_no_fee_and_a_performance_deposit_stays() {
    let world = World::new().await;
    let mut lot = Lot::new();
    lot.notice.deposit = lot.notice.deposit.map(|deposit| Deposit { becomes_performance: true, ..deposit });
    let (winner, loser) = world.with_two_bidders(&lot).await;
    world.neighbours.is_a(winner.party, "household");
    world.publish(&lot, &winner, 63_000).await;
    world.advance_days(7);
    world.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
    let (chair, taker) = (world.with(Role::Chair, VILLAGE), world.bidder(&winner));
    let contract = world.contract(&taker).await;
    assert_eq!((contract.fee_fen, contract.outstanding_fen), (0, FIRST));
    for person in [&chair, &taker] {
        let request = SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
        person.call().sign_contract(request).await.unwrap();
    }
    assert_eq!(world.contract(&taker).await.outstanding_fen, FIRST, "the deposit is no part of the price");
    let line = world.line_in(FIRST, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[line]).await.unwrap();
    assert_eq!(world.contract(&taker).await.state, "settled");
    assert_eq!(world.deposit(&winner).await.state, "held");
    assert_eq!(world.balance(&format!("deposits:{}", winner.registration)).await, Some((-DEPOSIT, 0)));
    let told = world.told().await;
    assert!(told.iter().any(|fact| matches!(fact, Fact::FeeCharged(fee) if fee.amount == fen(0))));
    assert_eq!(world.deposit(&loser).await.state, "release-ordered");
    world.end().await;
}

fn defaulted(lot: &Lot, bidder: &Bidder, reason: &str) -> LotDefaulted {
    LotDefaulted {
        lot: lot.id,
        registration: bidder.registration,
        reason: reason.to_owned(),
        declared_by: AccountId(Uuid::now_v7()),
    }
}

#[tokio::test]
async fn who_does_not_pay_loses_the_deposit_and_nothing_else() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, loser, contract) = world.signed(&lot).await;
    let part = world.line_in(1_000_000, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[part]).await.unwrap();
    world.advance_days(10);
    world.hear(defaulted(&lot, &winner, "not-paid")).await;
    world.hear(defaulted(&lot, &winner, "not-paid")).await;
    assert_eq!(world.deposit(&winner).await.state, "forfeited");
    assert_eq!(world.balance(&format!("forfeited:{}", lot.id)).await, Some((-DEPOSIT, 0)));
    assert_eq!(world.contract(&world.bidder(&winner)).await.state, "defaulted");
    let late = world.line_in(1_000, &winner.bank, &contract.reference);
    let result = world.import(&world.finance(), &[late]).await.unwrap();
    assert!(result.findings[0].contains("line.not-due"));
    let paid = world.pay_out_all().await;
    assert_eq!(paid.iter().map(|payout| payout.amount_fen).collect::<Vec<_>>(), [DEPOSIT, 1_000_000]);
    assert_eq!(world.balance(&format!("contract:{}", contract.id)).await, Some((0, 0)));
    assert_eq!(world.deposit(&loser).await.state, "released");
    let told = world.told().await;
    let kept: Vec<_> = told.iter().filter(|fact| fact.kind() == "deposit.forfeited").collect();
    assert!(
        matches!(kept[..], [Fact::DepositForfeited(fact)] if fact.amount == fen(DEPOSIT) && fact.reason == "not-paid")
    );
    assert!(!told.iter().any(|fact| fact.kind() == "deposit.applied"), "it never counted");

    // The next in line takes it: a new contract, without the deposit that went back.
    world.publish(&lot, &loser, 62_000).await;
    let next = world.contract(&world.bidder(&loser)).await;
    assert_eq!((next.state.as_str(), next.number.as_str()), ("drawn", "500229-HT-2026-000002"));
    assert_eq!(world.deposit(&loser).await.state, "released");
    world.end().await;
}

#[tokio::test]
async fn who_does_not_sign_loses_the_deposit() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _) = world.with_two_bidders(&lot).await;
    world.publish(&lot, &winner, 63_000).await;
    world.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
    world.advance_days(30);
    let contract = world.contract(&world.bidder(&winner)).await;
    let sign = SignContractRequest { contract_id: contract.id, digest: contract.digest };
    assert_eq!(rule(world.bidder(&winner).call().sign_contract(sign.clone()).await), "contract.signing-late");
    world.hear(defaulted(&lot, &winner, "not-signed")).await;
    assert_eq!(world.deposit(&winner).await.state, "forfeited");
    assert_eq!(rule(world.bidder(&winner).call().sign_contract(sign).await), "contract.phase");
    world.end().await;
}

#[tokio::test]
async fn a_terminated_transfer_gives_everybody_everything_back() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _, contract) = world.signed(&lot).await;
    let part = world.line_in(1_000_000, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[part]).await.unwrap();
    world.hear(LotTerminated { lot: lot.id, reason: "objection-upheld".to_owned() }).await;
    assert_eq!(world.contract(&world.bidder(&winner)).await.state, "terminated");
    assert_eq!(world.deposit(&winner).await.state, "release-ordered");
    assert_eq!(world.pay_out_all().await.len(), 3);
    assert_eq!(world.balance("bank").await, Some((0, 0)));
    world.end().await;
}

#[tokio::test]
async fn a_suspension_takes_no_time_from_anybody() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _) = world.with_two_bidders(&lot).await;
    world.publish(&lot, &winner, 63_000).await;
    world.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
    world.hear(LotSuspended { lot: lot.id, reason: "title-dispute".to_owned() }).await;
    let taker = world.bidder(&winner);
    let contract = world.contract(&taker).await;
    let sign = SignContractRequest { contract_id: contract.id, digest: contract.digest };
    assert_eq!(rule(taker.call().sign_contract(sign.clone()).await), "lot.suspended");
    world.advance_days(12);
    world.hear(LotResumed { lot: lot.id, schedule: None }).await;
    let signed = world.bidder(&winner).call().sign_contract(sign).await.unwrap().into_inner();
    assert_eq!(signed.sign_by_date.as_deref(), Some("2026-04-12"));
    world.end().await;
}

#[tokio::test]
async fn a_contract_shows_its_people_to_its_people() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, loser) = world.with_two_bidders(&lot).await;
    world.publish(&lot, &winner, 63_000).await;
    let contract = world.contract(&world.bidder(&winner)).await;
    let ask = GetContractRequest { contract_id: contract.id.clone() };
    for (person, name, side) in [
        (world.bidder(&winner), "丁戊己", "transferee"),
        (world.with(Role::Chair, VILLAGE), "丁戊己", "transferor"),
        (world.with(Role::Clerk, VILLAGE), "丁戊己", "none"),
        (world.with(Role::Operator, COUNTY), "丁**", "none"),
        (world.with(Role::Supervisor, COUNTY), "丁**", "none"),
    ] {
        let seen = person.call().get_contract(ask.clone()).await.unwrap().into_inner();
        assert_eq!((seen.transferee.as_str(), seen.my_side.as_str()), (name, side));
    }
    assert_eq!(refused(world.bidder(&loser).call().get_contract(ask.clone()).await).kind, Kind::NotFound);
    assert_eq!(refused(world.public().get_contract(ask.clone()).await).kind, Kind::Unauthenticated);
    for stranger in [world.with(Role::Chair, OTHER_COUNTY), world.with(Role::Administrator, "")] {
        assert_eq!(refused(stranger.call().get_contract(ask.clone()).await).kind, Kind::Forbidden);
        let mine = stranger.call().list_contracts(ListContractsRequest::default()).await;
        assert!(mine.map_or(true, |page| page.into_inner().items.is_empty()));
    }
    let sign = SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
    for stranger in [world.with(Role::Clerk, VILLAGE), world.with(Role::Chair, OTHER_COUNTY), world.finance()] {
        assert_eq!(refused(stranger.call().sign_contract(sign.clone()).await).kind, Kind::Forbidden);
    }
    assert_eq!(refused(world.bidder(&loser).call().sign_contract(sign.clone()).await).kind, Kind::NotFound);
    // A chair who is the bidder too can't be both sides.
    world.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
    let both = world.someone(winner.account, &[(Role::Bidder, ""), (Role::Chair, VILLAGE)]);
    both.call().sign_contract(sign.clone()).await.unwrap();
    let chair = world.someone(winner.account, &[(Role::Chair, VILLAGE)]);
    assert_eq!(rule(chair.call().sign_contract(sign).await), "contract.two-hands");
    let nothing = GetContractRequest { contract_id: ContractId(Uuid::nil()).to_string() };
    assert_eq!(refused(world.bidder(&winner).call().get_contract(nothing).await).kind, Kind::NotFound);
    // What was kept of the answers for repeated calls names nobody.
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT response FROM settlement.idempotency WHERE response IS NOT NULL")
            .fetch_all(&world.pool)
            .await
            .unwrap();
    assert!(kept.iter().all(|kept| !String::from_utf8_lossy(kept).contains("丁戊己")));
    world.end().await;
}

#[tokio::test]
async fn proceeds_go_to_the_account_the_collective_has_when_they_are_approved() {
    let world = World::new().await;
    let lot = Lot::new();
    let (winner, _, contract) = world.signed(&lot).await;
    let line = world.line_in(DUE - DEPOSIT, &winner.bank, &contract.reference);
    world.import(&world.finance(), &[line]).await.unwrap();
    let finance = world.finance();
    let payouts = finance.call().list_payouts(ListPayoutsRequest::default()).await.unwrap().into_inner().items;
    let proceeds = payouts.iter().find(|payout| payout.kind == "proceeds").unwrap();
    assert_eq!(proceeds.payee_account, "**** 8888");
    world.neighbours.moves_account(sanbian_domain::ids::PartyId(lot.collective.0), "6200000000009999");
    let approve = ApprovePayoutRequest { payout_id: proceeds.id.clone() };
    let approved = finance.call().approve_payout(approve).await.unwrap().into_inner();
    assert_eq!((approved.state.as_str(), approved.payee_account.as_str()), ("approved", "**** 9999"));
    assert_eq!(approved.pay_to_account.as_deref(), Some("6200000000009999"), "told to whoever carries it out");
    let told = world.told().await;
    assert!(matches!(told.last(), Some(Fact::PersonalDataViewed(look)) if look.viewer == finance.account));
    let listed = finance.call().list_payouts(ListPayoutsRequest::default()).await.unwrap().into_inner().items;
    assert!(listed.iter().all(|payout| payout.pay_to_account.is_none()), "and to nobody else");
    let astray = world.line_out(FIRST, COLLECTIVE_ACCOUNT, &proceeds.reference);
    let result = world.import(&finance, &[astray]).await.unwrap();
    assert!(result.findings[0].contains("line.wrong-payer"));
    let bank = world.line_out(FIRST, "6200000000009999", &proceeds.reference);
    assert_eq!(world.import(&finance, &[bank]).await.unwrap().matched, 1);
    let bidder = world.bidder(&winner);
    assert_eq!(refused(bidder.call().list_payouts(ListPayoutsRequest::default()).await).kind, Kind::Forbidden);
    world.end().await;
}
