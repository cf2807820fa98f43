//! Deposits: what counts, what does not, and where every fen goes.

mod support;

use sanbian_domain::{
    fact::{Fact, LotUnsold, RegistrationClosed, RegistrationReviewed, RegistrationWithdrawn, RoomClosed},
    ids::RegistrationId,
    role::Role,
};
use sanbian_proto::settlement::v1::*;
use sanbian_runtime::Kind;
use support::{COUNTY, DEPOSIT, Lot, OTHER_COUNTY, World, day, fen, file, refused, rule};
use uuid::Uuid;

#[tokio::test]
async fn a_deposit_is_due_with_a_code_and_held_once_the_bank_says_so() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let bidder = world.register(&lot, 1).await;
    let due = world.deposit(&bidder).await;
    assert_eq!((due.state.as_str(), due.amount_fen, due.reference.len()), ("due", DEPOSIT, 9));
    assert!(due.due_at.unwrap().starts_with("2026-03-09T01:00:0"));
    assert!(!due.payee_account.is_empty() && !due.payee_name.is_empty());
    world.pay_deposit(&lot, &bidder).await;
    let held = world.deposit(&bidder).await;
    assert_eq!((held.state.as_str(), held.held_at.is_some()), ("held", true));
    assert_eq!(world.balance("bank").await, Some((DEPOSIT, 0)));
    assert_eq!(world.balance(&format!("deposits:{}", bidder.registration)).await, Some((-DEPOSIT, 0)));
    let told = world.told().await;
    assert!(
        matches!(&told[0], Fact::DepositHeld(held) if held.amount == fen(DEPOSIT) && held.registration == bidder.registration)
    );
    assert_eq!(told[1].kind(), "statement.imported");
    let mine =
        world.bidder(&bidder).call().list_my_deposits(ListMyDepositsRequest::default()).await.unwrap().into_inner();
    assert_eq!(mine.items, [held]);
    world.end().await;
}

#[tokio::test]
async fn a_deposit_of_nothing_is_held_at_once_and_goes_back_as_quickly() {
    let world = World::new().await;
    let lot = Lot { deposit: fen(0), ..Lot::new() };
    world.announce(&lot).await;
    let bidder = world.register(&lot, 1).await;
    assert_eq!(world.deposit(&bidder).await.state, "held");
    assert_eq!(world.kinds().await, ["deposit.held"]);
    world.hear(RegistrationWithdrawn { lot: lot.id, registration: bidder.registration }).await;
    let back = world.deposit(&bidder).await;
    assert_eq!((back.state.as_str(), back.released_at.is_some()), ("released", true));
    assert_eq!(world.kinds().await[1..], ["deposit.release-ordered", "deposit.released"]);
    assert!(world.books().await.accounts.is_empty(), "nothing moved");
    world.end().await;
}

#[tokio::test]
async fn money_that_does_not_fit_stands_by_itself_until_somebody_looks() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let (one, two) = (world.register(&lot, 1).await, world.register(&lot, 2).await);
    let (code, other) = (world.code(&one).await, world.code(&two).await);
    let finance = world.finance();
    let lines = [
        world.line_in(DEPOSIT - 1, &one.bank, &code),
        world.line_in(DEPOSIT, &two.bank, &code),
        world.line_in(DEPOSIT, "", &code),
        world.line_in(DEPOSIT, &one.bank, "保证金"),
        world.line_in(DEPOSIT, &one.bank, &format!("{code} {other}")),
    ];
    let result = world.import(&finance, &lines).await.unwrap();
    assert_eq!((result.lines, result.new_lines, result.matched, result.unmatched), (5, 5, 0, 5));
    let reasons = ["wrong-amount", "wrong-payer", "wrong-payer", "no-reference", "no-reference"];
    for ((finding, reason), line) in result.findings.iter().zip(reasons).zip(2..) {
        let finding: serde_json::Value = serde_json::from_str(finding).unwrap();
        assert_eq!(finding["rule"], format!("line.{reason}"));
        assert_eq!(finding["facts"]["line"], line.to_string());
    }
    assert_eq!(world.deposit(&one).await.state, "due");
    assert_eq!(world.balance("bank").await, Some((5 * DEPOSIT - 1, 0)));
    let list = finance
        .call()
        .list_unmatched(ListUnmatchedRequest { limit: Some(3), cursor: None })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(list.items.len(), 3);
    let rest = ListUnmatchedRequest { cursor: list.next_cursor, limit: None };
    let rest = finance.call().list_unmatched(rest).await.unwrap().into_inner();
    assert_eq!((rest.items.len(), rest.next_cursor), (2, None));
    let line = &rest.items[1];
    assert_eq!((line.counterparty.as_str(), line.counterparty_account.as_str()), ("某*", "**** 0001"));
    assert_eq!((line.remark.as_str(), line.reason.as_deref()), (code.as_str(), Some("wrong-amount")));

    // The one without a code is claimed for its bidder; another goes back, and whoever ordered that can't confirm it.
    let resolve = |line: &BankLine, to: &str, reference: Option<&String>| ResolveLineRequest {
        line_id: line.id.clone(),
        to: to.to_owned(),
        reference: reference.cloned(),
        reason: "与付款人核实".to_owned(),
    };
    let unnamed = list.items.iter().find(|line| line.remark == "保证金").unwrap();
    assert_eq!(rule(finance.call().resolve_line(resolve(unnamed, "deposit", None)).await), "reference.form");
    let claimed = finance.call().resolve_line(resolve(unnamed, "deposit", Some(&code))).await.unwrap().into_inner();
    assert_eq!((claimed.state.as_str(), claimed.remark.as_str()), ("matched", "保证金"));
    assert_eq!(world.deposit(&one).await.state, "held");
    assert_eq!(rule(finance.call().resolve_line(resolve(unnamed, "return", None)).await), "line.resolved");
    assert_eq!(rule(finance.call().resolve_line(resolve(line, "deposit", Some(&other))).await), "line.wrong-amount");
    assert_eq!(rule(finance.call().resolve_line(resolve(line, "payout", Some(&other))).await), "reference.form");
    let nameless = list.items.iter().find(|line| line.counterparty_account.is_empty()).unwrap();
    assert_eq!(rule(finance.call().resolve_line(resolve(nameless, "return", None)).await), "line.no-account");
    let back = finance.call().resolve_line(resolve(line, "return", None)).await.unwrap().into_inner();
    assert_eq!(back.state, "returned");
    let payouts = finance.call().list_payouts(ListPayoutsRequest::default()).await.unwrap().into_inner().items;
    assert_eq!((payouts.len(), payouts[0].kind.as_str(), payouts[0].amount_fen), (1, "line-return", DEPOSIT - 1));
    let approve = ApprovePayoutRequest { payout_id: payouts[0].id.clone() };
    assert_eq!(rule(finance.call().approve_payout(approve).await), "payout.four-eyes");
    world.pay_out_all().await;
    assert_eq!(world.balance(&format!("suspense:{}", line.id)).await, Some((0, 0)));
    world.end().await;
}

#[tokio::test]
async fn a_mistyped_code_is_no_code_and_a_strange_one_is_nobodys() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let bidder = world.register(&lot, 1).await;
    let code = world.code(&bidder).await;
    let other = if code.as_bytes()[1] == b'7' { '8' } else { '7' };
    let head = format!("D{other}{}", &code[2..8]);
    // Of all last characters, one is right for the changed code.
    let lines: Vec<_> = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
        .chars()
        .map(|last| world.line_in(DEPOSIT, &bidder.bank, &format!("{head}{last}")))
        .collect();
    let result = world.import(&world.finance(), &lines).await.unwrap();
    assert_eq!((result.matched, result.unmatched), (0, 31));
    let of = |rule: &str| result.findings.iter().filter(|finding| finding.contains(rule)).count();
    assert_eq!((of("line.no-reference"), of("line.unknown")), (30, 1));
    world.end().await;
}

#[tokio::test]
async fn the_deadline_is_the_closing_of_registration() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let (early, late) = (world.register(&lot, 1).await, world.register(&lot, 2).await);
    let (early_code, late_code) = (world.code(&early).await, world.code(&late).await);
    world.advance_days(6);
    let yesterday = world.line_in(DEPOSIT, &early.bank, &early_code);
    world.advance_days(1);
    let today = world.line_in(DEPOSIT, &late.bank, &late_code);
    let result = world.import(&world.finance(), &[yesterday, today]).await.unwrap();
    assert_eq!((result.matched, result.unmatched), (1, 1));
    let finding: serde_json::Value = serde_json::from_str(&result.findings[0]).unwrap();
    assert_eq!(finding["rule"], "line.too-late");
    assert_eq!(world.deposit(&early).await.state, "held");
    world.hear(RegistrationClosed { lot: lot.id, filed: 2, qualified: 0, next: "unsold".to_owned() }).await;
    assert_eq!(world.deposit(&late).await.state, "cancelled");
    let early = world.deposit(&early).await;
    assert_eq!(early.state, "release-ordered", "held, but never let in");
    let line = world.line_in(DEPOSIT, &late.bank, &late_code);
    let result = world.import(&world.finance(), &[line]).await.unwrap();
    assert!(result.findings[0].contains("line.not-due"));
    world.end().await;
}

#[tokio::test]
async fn a_file_is_booked_once_and_whole_or_not_at_all() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let bidder = world.register(&lot, 1).await;
    let finance = world.finance();
    let line = world.line_in(DEPOSIT, &bidder.bank, &world.code(&bidder).await);
    let broken = world.import(&finance, &[line.clone(), "2026-03-02,x,in,1.234,n,,r".to_owned()]).await;
    let refusal = refused(broken);
    assert_eq!((refusal.kind, refusal.findings[0].rule.as_str()), (Kind::Rule, "statement.amount"));
    assert_eq!(refusal.findings[0].field.as_deref(), Some("lines[3].amount_yuan"));
    assert!(world.told().await.is_empty() && world.books().await.accounts.is_empty(), "nothing half done");

    let csv = format!("\u{feff}{}", file(std::slice::from_ref(&line)).replace('\n', "\r\n"));
    let request = ImportStatementRequest { csv };
    let first = finance.keyed("a file").import_statement(request.clone()).await.unwrap().into_inner();
    assert_eq!((first.new_lines, first.matched), (1, 1));
    let again = finance.keyed("a file").import_statement(request.clone()).await.unwrap().into_inner();
    assert_eq!(again, first, "the same key has the first answer");
    let anew = finance.keyed("another key").import_statement(request).await.unwrap().into_inner();
    assert_eq!((anew.lines, anew.new_lines, anew.matched, anew.unmatched), (1, 0, 0, 0));
    assert_eq!(world.balance("bank").await, Some((DEPOSIT, 0)));
    let changed = line.replace("6000.00", "6001.00");
    assert_ne!(changed, line);
    assert_eq!(rule(world.import(&finance, &[changed]).await), "statement.line-changed");
    assert_eq!(world.kinds().await, ["deposit.held", "statement.imported", "statement.imported"]);
    world.end().await;
}

#[tokio::test]
async fn whoever_is_not_let_in_or_leaves_has_the_money_back_the_way_it_came() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let (rejected, leaver) = (world.register(&lot, 1).await, world.register(&lot, 2).await);
    world.pay_deposit(&lot, &rejected).await;
    let reviewed = RegistrationReviewed {
        lot: lot.id,
        registration: rejected.registration,
        outcome: "rejected".to_owned(),
        priority_rank: None,
    };
    world.hear(reviewed.clone()).await;
    world.hear(reviewed).await;
    world.hear(RegistrationWithdrawn { lot: lot.id, registration: leaver.registration }).await;
    assert_eq!(world.deposit(&leaver).await.state, "cancelled");
    let back = world.deposit(&rejected).await;
    assert_eq!((back.state.as_str(), back.return_by_date.as_deref()), ("release-ordered", Some("2026-03-04")));
    // The bidder names another account now; the money goes back to the one it came from.
    world.neighbours.moves_account(rejected.party, "6200000000007777");
    let finance = world.finance();
    let payouts = finance.call().list_payouts(ListPayoutsRequest::default()).await.unwrap().into_inner().items;
    assert_eq!((payouts.len(), payouts[0].payee_account.as_str()), (1, "**** 0001"), "ordered once");
    let reference = payouts[0].reference.clone();
    let bank = world.line_out(DEPOSIT, &rejected.bank, &reference);
    let result = world.import(&finance, std::slice::from_ref(&bank)).await.unwrap();
    assert!(result.findings[0].contains("line.not-approved"), "paid before a second person looked");
    assert_eq!(world.deposit(&rejected).await.state, "release-ordered");
    finance.call().approve_payout(ApprovePayoutRequest { payout_id: payouts[0].id.clone() }).await.unwrap();
    let approve = ApprovePayoutRequest { payout_id: payouts[0].id.clone() };
    assert_eq!(rule(finance.call().approve_payout(approve).await), "payout.state");
    let astray = world.line_out(DEPOSIT, "6200000000007777", &reference);
    let result = world.import(&finance, &[astray]).await.unwrap();
    assert!(result.findings[0].contains("line.wrong-payer"));
    // The line that came too early is now booked to it.
    let lines = finance.call().list_unmatched(ListUnmatchedRequest::default()).await.unwrap().into_inner().items;
    let early = lines.iter().find(|line| line.reason.as_deref() == Some("not-approved")).unwrap();
    let resolve = ResolveLineRequest {
        line_id: early.id.clone(),
        to: "payout".to_owned(),
        reference: Some(reference),
        reason: "补办复核".to_owned(),
    };
    finance.call().resolve_line(resolve).await.unwrap();
    let back = world.deposit(&rejected).await;
    assert_eq!((back.state.as_str(), back.released_at.is_some()), ("released", true));
    assert_eq!(world.balance(&format!("deposits:{}", rejected.registration)).await, Some((0, 0)));
    assert_eq!(world.balance(&format!("suspense-out:{}", early.id)).await, Some((0, 0)));
    let told = world.told().await;
    let last = told.iter().rev().find(|fact| matches!(fact, Fact::DepositReleased(_))).unwrap();
    assert!(matches!(last, Fact::DepositReleased(fact) if fact.amount == fen(DEPOSIT) && fact.on == day("2026-03-02")));
    assert_eq!(told.iter().filter(|fact| fact.kind() == "deposit.release-ordered").count(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_lot_that_does_not_sell_gives_everything_back() {
    let world = World::new().await;
    let lot = Lot::new();
    let (one, two) = world.with_two_bidders(&lot).await;
    let closed = RoomClosed {
        lot: lot.id,
        outcome: "unsold".to_owned(),
        offers: 0,
        admitted: 2,
        winner: None,
        registration: None,
        salt: None,
        price: None,
        closed_at: world.clock.now(),
        draw_checkpoint: None,
    };
    world.hear(closed).await;
    world.hear(LotUnsold { lot: lot.id, reason: "no-offer".to_owned() }).await;
    assert_eq!(world.pay_out_all().await.len(), 2);
    for bidder in [&one, &two] {
        assert_eq!(world.deposit(bidder).await.state, "released");
    }
    assert_eq!(world.balance("bank").await, Some((0, 0)));
    let told = world.told().await;
    let unsold =
        told.iter().filter(|fact| matches!(fact, Fact::DepositReleaseOrdered(fact) if fact.reason == "unsold"));
    assert_eq!(unsold.count(), 2);
    world.end().await;
}

#[tokio::test]
async fn each_sees_their_own_and_finance_what_lies_in_its_county() {
    let world = World::new().await;
    let lot = Lot::new();
    world.announce(&lot).await;
    let (one, two) = (world.register(&lot, 1).await, world.register(&lot, 2).await);
    let ask = |id: RegistrationId| GetDepositRequest { registration_id: id.to_string() };
    assert_eq!(refused(world.bidder(&two).call().get_deposit(ask(one.registration)).await).kind, Kind::NotFound);
    assert_eq!(
        refused(world.bidder(&two).call().get_deposit(ask(RegistrationId(Uuid::nil()))).await).kind,
        Kind::NotFound
    );
    assert_eq!(refused(world.public().get_deposit(ask(one.registration)).await).kind, Kind::Unauthenticated);
    assert_eq!(refused(world.finance().call().get_deposit(ask(one.registration)).await).kind, Kind::Forbidden);
    let elsewhere = world.someone(one.account, &[(Role::Bidder, OTHER_COUNTY)]);
    assert_eq!(refused(elsewhere.call().get_deposit(ask(one.registration)).await).kind, Kind::Forbidden);
    let wanted = ListDepositsRequest { state: Some("due".to_owned()), ..ListDepositsRequest::default() };
    let supervisor = world.with(Role::Supervisor, COUNTY);
    assert_eq!(supervisor.call().list_deposits(wanted.clone()).await.unwrap().into_inner().items.len(), 2);
    let other = world.with(Role::Finance, OTHER_COUNTY);
    assert!(other.call().list_deposits(wanted.clone()).await.unwrap().into_inner().items.is_empty());
    assert_eq!(refused(world.bidder(&one).call().list_deposits(wanted).await).kind, Kind::Forbidden);
    let strange = ListDepositsRequest { state: Some("lost".to_owned()), ..ListDepositsRequest::default() };
    assert_eq!(refused(supervisor.call().list_deposits(strange).await).kind, Kind::Malformed);
    // The books are one: only who answers for every region in them moves or sees them.
    assert_eq!(refused(other.call().trial_balance(TrialBalanceRequest {}).await).kind, Kind::Forbidden);
    let line = world.line_in(DEPOSIT, &one.bank, &world.code(&one).await);
    assert_eq!(refused(world.import(&other, &[line]).await).kind, Kind::Forbidden);
    // Pages go on where they ended.
    let first = ListDepositsRequest { limit: Some(1), ..ListDepositsRequest::default() };
    let first = supervisor.call().list_deposits(first).await.unwrap().into_inner();
    let next = ListDepositsRequest { cursor: first.next_cursor, limit: Some(1), ..ListDepositsRequest::default() };
    let next = supervisor.call().list_deposits(next).await.unwrap().into_inner();
    assert_eq!(next.next_cursor, None);
    assert_eq!(
        [&first.items[0], &next.items[0]].map(|item| item.registration_id.clone()),
        [two, one].map(|b| b.registration.to_string())
    );
    world.end().await;
}

#[tokio::test]
async fn nothing_at_rest_says_who_pays() {
    let world = World::new().await;
    let lot = Lot::new();
    let (one, _) = world.with_two_bidders(&lot).await;
    world.hear(LotUnsold { lot: lot.id, reason: "no-offer".to_owned() }).await;
    let csv = file(&[world.line_in(DEPOSIT, &one.bank, "保证金")]);
    world.finance().keyed("a key").import_statement(ImportStatementRequest { csv }).await.unwrap();
    let dump: String = sqlx::query_scalar(
        "SELECT string_agg(row::text, ' ') FROM (
             SELECT d::text AS row FROM settlement.deposit d UNION ALL SELECT b::text FROM settlement.bank_line b
             UNION ALL SELECT p::text FROM settlement.payout p UNION ALL SELECT i::text FROM settlement.idempotency i) AS rows",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    for secret in [one.account.to_string(), one.party.to_string(), one.bank.clone(), "某某".to_owned()] {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dump.contains(&secret) && !dump.contains(&hex), "{secret}");
    }
    world.end().await;
}
