//! Whatever happens, in whatever order, twice or at once: the books add up to zero and no deposit goes back twice.

mod support;

use proptest::{prelude::*, test_runner::TestRunner};
use sanbian_domain::{
    fact::{
        Fact, LotDefaulted, LotTerminated, LotUnsold, RegistrationClosed, RegistrationQualified, RegistrationReviewed,
        RegistrationWithdrawn, ResultNoticeEnded, ResultPublished,
    },
    ids::AccountId,
    role::Role,
};
use sanbian_proto::settlement::v1::*;
use sanbian_runtime::{Kind, Refusal};
use sqlx::Row;
use std::sync::Arc;
use support::{Bidder, DEPOSIT, Lot, VILLAGE, World, day, fen, file};
use uuid::Uuid;

/// Something that happens to a lot with three bidders; the numbers say to whom.
#[derive(Clone, Debug)]
enum Step {
    Pay {
        who: usize,
        from: usize,
        short: i64,
    },
    Qualify(usize),
    Reject(usize),
    Withdraw(usize),
    CloseRegistration,
    Unsold,
    Publish(usize),
    EndNotice,
    Sign,
    PayContract {
        fen: i64,
    },
    Default {
        who: usize,
        paid: bool,
    },
    Terminate,
    PayOut,
    /// The last fact once more.
    Again,
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0_usize..3;
    prop_oneof![
        6 => (who(), who(), prop_oneof![4 => Just(0_i64), 1 => 1_i64..3]).prop_map(|(who, from, short)| Step::Pay { who, from, short }),
        4 => who().prop_map(|who| Step::Pay { who, from: who, short: 0 }),
        4 => who().prop_map(Step::Qualify),
        1 => who().prop_map(Step::Reject),
        1 => who().prop_map(Step::Withdraw),
        1 => Just(Step::CloseRegistration),
        1 => Just(Step::Unsold),
        4 => who().prop_map(Step::Publish),
        3 => Just(Step::EndNotice),
        4 => Just(Step::Sign),
        3 => (1_i64..9_000_000).prop_map(|fen| Step::PayContract { fen }),
        1 => (who(), any::<bool>()).prop_map(|(who, paid)| Step::Default { who, paid }),
        1 => Just(Step::Terminate),
        2 => Just(Step::PayOut),
        3 => Just(Step::Again),
    ]
}

#[test]
fn the_books_add_up_whatever_happens_in_whatever_order() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    let config =
        ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    runner
        .run(&(prop::collection::vec(step(), 4..28), any::<bool>()), |(steps, free)| {
            runtime.block_on(story(&world, &steps, free));
            Ok(())
        })
        .unwrap();
    runtime.block_on(world.end());
}

async fn story(world: &World, steps: &[Step], free: bool) {
    let lot = Lot { deposit: fen(if free { 0 } else { DEPOSIT }), ..Lot::new() };
    world.announce(&lot).await;
    let mut bidders = Vec::new();
    for n in 1..=3 {
        bidders.push(world.register(&lot, n).await);
    }
    let mut last: Option<Fact> = None;
    for step in steps {
        if let Some(fact) = happen(world, &lot, &bidders, step, last.as_ref()).await {
            last = Some(fact);
        }
        look(world, &bidders, step).await;
    }
    // In the end everybody has what is theirs.
    world.hear(LotTerminated { lot: lot.id, reason: "withdrawn".to_owned() }).await;
    world.pay_out_all().await;
    look(world, &bidders, &Step::PayOut).await;
    for bidder in &bidders {
        let state = world.deposit(bidder).await.state;
        assert!(["released", "cancelled", "applied", "forfeited"].contains(&state.as_str()), "{state} after {steps:?}");
        let left = world.balance(&format!("deposits:{}", bidder.registration)).await.unwrap_or_default();
        assert_eq!(left, (0, 0), "{steps:?}");
    }
    // And the log tells it once.
    let told = world.told().await;
    for bidder in &bidders {
        let mine = |of: &dyn Fn(&Fact) -> Option<sanbian_domain::ids::RegistrationId>| {
            told.iter().filter(|fact| of(fact) == Some(bidder.registration)).count()
        };
        let held = mine(&|fact| match fact {
            Fact::DepositHeld(fact) => Some(fact.registration),
            _ => None,
        });
        let back = mine(&|fact| match fact {
            Fact::DepositReleased(fact) => Some(fact.registration),
            _ => None,
        });
        let kept = mine(&|fact| match fact {
            Fact::DepositForfeited(fact) => Some(fact.registration),
            Fact::DepositApplied(fact) => Some(fact.registration),
            _ => None,
        });
        assert!(held <= 1 && back <= held && kept <= held, "{held} held, {back} back, {kept} kept: {steps:?}");
        // What counted towards a price may have left a rest that went back.
        assert!(back + kept >= held, "{held} held, {back} back, {kept} kept: {steps:?}");
    }
}

async fn happen(world: &World, lot: &Lot, bidders: &[Bidder], step: &Step, last: Option<&Fact>) -> Option<Fact> {
    let fact: Fact = match *step {
        Step::Pay { who, from, short } => {
            let amount = (lot.deposit.fen() - short).max(1);
            let line = world.line_in(amount, &bidders[from].bank, &world.code(&bidders[who]).await);
            world.import(&world.finance(), &[line]).await.unwrap();
            return None;
        }
        Step::Sign => {
            for contract in contracts(world, lot).await {
                for person in [world.with(Role::Chair, VILLAGE), taker(world, bidders).await] {
                    let request =
                        SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
                    if let Err(status) = person.call().sign_contract(request).await {
                        assert_ne!(Refusal::from(status).kind, Kind::Internal, "{step:?}");
                    }
                }
            }
            return None;
        }
        Step::PayContract { fen } => {
            for contract in contracts(world, lot).await {
                let line = world.line_in(fen, &bidders[0].bank, &contract.reference);
                world.import(&world.finance(), &[line]).await.unwrap();
            }
            return None;
        }
        Step::PayOut => {
            world.pay_out_all().await;
            return None;
        }
        Step::Again => last?.clone(),
        Step::Qualify(who) => {
            let registration = bidders[who].registration;
            RegistrationQualified { lot: lot.id, registration, priority_rank: None }.into()
        }
        Step::Reject(who) => {
            let registration = bidders[who].registration;
            let outcome = "rejected".to_owned();
            RegistrationReviewed { lot: lot.id, registration, outcome, priority_rank: None }.into()
        }
        Step::Withdraw(who) => RegistrationWithdrawn { lot: lot.id, registration: bidders[who].registration }.into(),
        Step::CloseRegistration => {
            RegistrationClosed { lot: lot.id, filed: 3, qualified: 0, next: "auction".to_owned() }.into()
        }
        Step::Unsold => LotUnsold { lot: lot.id, reason: "no-offer".to_owned() }.into(),
        Step::Publish(who) => ResultPublished {
            lot: lot.id,
            winner: 1,
            registration: bidders[who].registration,
            price: fen(63_000),
            total: lot.notice.total_at(fen(63_000)).unwrap().total,
            qualified: 3,
            notice_to: day("2026-03-17"),
        }
        .into(),
        Step::EndNotice => ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }.into(),
        Step::Default { who, paid } => LotDefaulted {
            lot: lot.id,
            registration: bidders[who].registration,
            reason: if paid { "not-paid" } else { "not-signed" }.to_owned(),
            declared_by: AccountId(Uuid::nil()),
        }
        .into(),
        Step::Terminate => LotTerminated { lot: lot.id, reason: "withdrawn".to_owned() }.into(),
    };
    // `hear` fails the test where the reader does: a fact it can't take would stop it for good.
    world.hear(fact.clone()).await;
    Some(fact)
}

/// The lot's contracts.
async fn contracts(world: &World, lot: &Lot) -> Vec<Contract> {
    let chair = world.with(Role::Chair, VILLAGE);
    let request = ListContractsRequest { limit: Some(100), ..ListContractsRequest::default() };
    let all = chair.call().list_contracts(request).await.unwrap().into_inner().items;
    all.into_iter().filter(|contract| contract.lot_id == lot.id.to_string()).collect()
}

/// Somebody who is every bidder at once would be refused; the winner is found by trying.
async fn taker(world: &World, bidders: &[Bidder]) -> support::Person {
    for bidder in bidders {
        let person = world.bidder(bidder);
        let page = person.call().list_contracts(ListContractsRequest::default()).await.unwrap().into_inner();
        if page.items.iter().any(|contract| contract.state == "signing") {
            return person;
        }
    }
    world.bidder(&bidders[0])
}

/// The invariants, read straight from the tables.
async fn look(world: &World, bidders: &[Bidder], step: &Step) {
    world.books().await;
    for bidder in bidders {
        let row = sqlx::query(
            "SELECT coalesce(sum(t.amount_fen) FILTER (WHERE c.code = $1 AND t.state = 'posted'), 0)::bigint AS came,
                    coalesce(sum(t.amount_fen) FILTER (WHERE d.code = $1 AND t.state <> 'voided'), 0)::bigint AS went,
                    count(*) FILTER (WHERE d.code = $1 AND t.state <> 'voided' AND t.reason = 'deposit-released') AS times
             FROM settlement.transfer t
             JOIN settlement.account d ON d.id = t.debit_id JOIN settlement.account c ON c.id = t.credit_id",
        )
        .bind(format!("deposits:{}", bidder.registration))
        .fetch_one(&world.pool)
        .await
        .unwrap();
        let (came, went, times): (i64, i64, i64) = (row.get("came"), row.get("went"), row.get("times"));
        assert!(
            came <= DEPOSIT && went <= came && times <= 1,
            "{came} came, {went} went, {times} times after {step:?}"
        );
        let kept: (i64, i64) = {
            let row = sqlx::query("SELECT received_fen, held_fen FROM settlement.deposit WHERE registration_id = $1")
                .bind(bidder.registration.0)
                .fetch_one(&world.pool)
                .await
                .unwrap();
            (row.get(0), row.get(1))
        };
        assert_eq!(kept.0, came, "the deposit and the books agree on what came after {step:?}");
        // What is set apart for a contract is still held until it is settled.
        assert!(kept.1 >= came - went, "held {} where {came} came and {went} went after {step:?}", kept.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_do_each_thing_once() {
    let world = Arc::new(World::new().await);
    let lot = Lot::new();
    world.announce(&lot).await;
    let mut bidders = Vec::new();
    for n in 1..=4 {
        bidders.push(world.register(&lot, n).await);
    }
    let mut lines = Vec::new();
    for bidder in &bidders {
        lines.push(world.line_in(DEPOSIT, &bidder.bank, &world.code(bidder).await));
    }
    // The same file from four people at once, each under a key of their own, while registrations are rejected and withdrawn.
    let csv = file(&lines);
    let imports: Vec<_> = (0..4)
        .map(|n| {
            let (world, csv) = (world.clone(), csv.clone());
            tokio::spawn(async move {
                let finance = world.finance();
                let request = ImportStatementRequest { csv };
                finance.keyed(&format!("key {n}")).import_statement(request).await.map(tonic::Response::into_inner)
            })
        })
        .collect();
    let leaving: Vec<_> = bidders[2..]
        .iter()
        .map(|bidder| {
            let (world, withdrawn) =
                (world.clone(), RegistrationWithdrawn { lot: lot.id, registration: bidder.registration });
            tokio::spawn(async move {
                world.hear(withdrawn.clone()).await;
                world.hear(withdrawn).await;
            })
        })
        .collect();
    let mut new_lines = 0;
    for import in imports {
        new_lines += import.await.unwrap().unwrap().new_lines;
    }
    for one in leaving {
        one.await.unwrap();
    }
    assert_eq!(new_lines, 4, "each line was new once");
    assert_eq!(world.balance("bank").await.map(|balance| balance.0), Some(4 * DEPOSIT));

    // The result from two readers at once, approvals from many hands, and the bank's lines twice.
    world.hear(LotUnsold { lot: lot.id, reason: "no-offer".to_owned() }).await;
    let finance = world.finance();
    let request = ListPayoutsRequest { limit: Some(100), ..ListPayoutsRequest::default() };
    let payouts = finance.call().list_payouts(request).await.unwrap().into_inner().items;
    let hands: Vec<_> = payouts
        .iter()
        .cycle()
        .take(payouts.len() * 3)
        .map(|payout| {
            let (world, id) = (world.clone(), payout.id.clone());
            tokio::spawn(async move {
                let approved = world.finance().call().approve_payout(ApprovePayoutRequest { payout_id: id }).await;
                approved
                    .map(tonic::Response::into_inner)
                    .map_err(|status| Refusal::from(status).findings[0].rule.clone())
            })
        })
        .collect();
    let mut out = Vec::new();
    for hand in hands {
        match hand.await.unwrap() {
            Ok(payout) => {
                let account = payout.pay_to_account.unwrap();
                out.push(world.line_out(payout.amount_fen, &account, &payout.reference));
            }
            Err(rule) => assert_eq!(rule, "payout.state"),
        }
    }
    assert_eq!(out.len(), payouts.len());
    let csv = file(&out);
    let paying: Vec<_> = (0..3)
        .map(|_| {
            let (world, csv) = (world.clone(), csv.clone());
            tokio::spawn(async move {
                world
                    .finance()
                    .call()
                    .import_statement(ImportStatementRequest { csv })
                    .await
                    .unwrap()
                    .into_inner()
                    .matched
            })
        })
        .collect();
    let mut matched = 0;
    for one in paying {
        matched += one.await.unwrap();
    }
    assert_eq!(matched as usize, payouts.len());
    let told = world.told().await;
    let back = told.iter().filter(|fact| matches!(fact, Fact::DepositReleased(_))).count();
    let held = told.iter().filter(|fact| matches!(fact, Fact::DepositHeld(_))).count();
    assert_eq!(back, held, "each deposit that was held went back, once");
    for bidder in &bidders {
        look(&world, std::slice::from_ref(bidder), &Step::PayOut).await;
    }
    let Ok(world) = Arc::try_unwrap(world) else { panic!("a task still runs") };
    world.end().await;
}
