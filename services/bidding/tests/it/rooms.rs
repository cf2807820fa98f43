//! What a room does: offers, order, clock, close, draw, restart.

use crate::exchange::{Bidder, Exchange, instant, rule_of, rules};
use chrono::TimeDelta;
use futures::StreamExt as _;
use sanbian_domain::{
    auction::{BidderNumber, ascending::Refusal as Rule, draw},
    fact::{Fact, LotResumed, LotSuspended, LotTerminated},
    ids::AccountId,
    money::Money,
    price::UnitPrice,
    role::{Grant, Role},
};
use sanbian_proto::bidding::v1::{ListBidsRequest, MyPlaceRequest, PlaceBidRequest, RoomEvent, WatchRoomRequest};
use sanbian_runtime::{Context, Kind, seal};
use uuid::Uuid;

fn two() -> Vec<Bidder> {
    vec![Bidder::new(), Bidder::new()]
}

#[tokio::test]
async fn accepts_what_the_rules_accept_and_refuses_the_rest_without_moving_the_clock() {
    let exchange = Exchange::open(two(), |_| {}).await;
    let refusal = exchange.bid(0, 800_00).await.unwrap_err();
    let opens = instant(&exchange.room().await.unwrap().opens_at);
    assert_eq!(rules(&refusal), [rule_of(Rule::NotOpen { opens })]);
    exchange.begin().await;
    let receipt = exchange.bid(0, 800_00).await.unwrap();
    assert_eq!(receipt.bid.as_ref().unwrap().seq, 1);
    let ends = exchange.room().await.unwrap().ends_at;
    // Into the limited window: only an accepted offer moves the end.
    exchange.at(instant(&ends) - TimeDelta::seconds(60));
    for (bidder, amount) in [(1, 800_00), (1, 810_00), (0, 820_00), (1, 700_00)] {
        let refusal = exchange.bid(bidder, amount).await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Rule, "{amount}");
        assert_eq!(exchange.room().await.unwrap().ends_at, ends, "a refused offer never moves the clock");
    }
    exchange.bid(1, 820_00).await.unwrap();
    assert!(exchange.room().await.unwrap().ends_at > ends);
}

#[tokio::test]
async fn an_odd_amount_asks_again_and_is_taken_when_meant() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    let ctx = exchange.as_bidder(&exchange.bidders[1], None);
    let request = PlaceBidRequest {
        lot_id: exchange.lot.to_string(),
        amount_fen: 8_000_00,
        kind: "bid".into(),
        outlier_confirmed: false,
    };
    let refusal: sanbian_runtime::Refusal = exchange.peers.bidding(&ctx).place_bid(request).await.unwrap_err().into();
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Conflict, vec!["auction.outlier"]));
    exchange.bid(1, 8_000_00).await.unwrap();
}

#[tokio::test]
async fn only_admitted_bidders_offer_and_only_with_the_role() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    let stranger = AccountId(Uuid::now_v7());
    let everywhere = |role| vec![Grant { role, region: String::new() }];
    let ctx = exchange.as_caller(stranger, everywhere(Role::Bidder), None);
    let refusal = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap_err();
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Forbidden, vec!["bid.admitted"]));
    let ctx = exchange.as_caller(exchange.bidders[0].account, everywhere(Role::Operator), None);
    assert_eq!(exchange.bid_as(&ctx, 800_00, "bid").await.unwrap_err().kind, Kind::Forbidden);
    let ctx = Context::public(&exchange.clock);
    assert_eq!(exchange.bid_as(&ctx, 800_00, "bid").await.unwrap_err().kind, Kind::Unauthenticated);
    assert_eq!(exchange.room().await.unwrap().offers, 0);
}

#[tokio::test]
async fn a_repeated_offer_gets_its_first_receipt() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    let ctx = exchange.as_bidder(&exchange.bidders[0], Some("key-1"));
    let first = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap();
    let again = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap();
    assert_eq!(first.bid, again.bid);
    assert!(!first.repeated && again.repeated);
    assert_eq!(exchange.bid_as(&ctx, 840_00, "bid").await.unwrap_err().kind, Kind::Conflict);
    // Another bidder's same key is another key.
    let other = exchange.as_bidder(&exchange.bidders[1], Some("key-1"));
    assert!(!exchange.bid_as(&other, 820_00, "bid").await.unwrap().repeated);
    assert_eq!(exchange.room().await.unwrap().offers, 2);
}

#[tokio::test]
async fn under_fire_the_order_has_no_gap_and_every_answered_offer_stands() {
    let exchange = Exchange::open((0..20).map(|_| Bidder::new()).collect(), |_| {}).await;
    exchange.begin().await;
    let exchange = &exchange;
    let offers = futures::stream::iter(0..400_i64).map(|at| async move {
        let bidder = usize::try_from(at % 20).unwrap();
        exchange.bid(bidder, 800_00 + at / 3 * 20_00).await.ok().and_then(|receipt| receipt.bid)
    });
    let mut answered: Vec<_> = offers.buffer_unordered(64).filter_map(|bid| async { bid }).collect().await;
    answered.sort_by_key(|bid| bid.seq);
    let ctx = Context::public(&exchange.clock);
    let mut stored = Vec::new();
    let mut cursor = None;
    loop {
        let request = ListBidsRequest { lot_id: exchange.lot.to_string(), cursor, limit: Some(50) };
        let page = exchange.peers.bidding(&ctx).list_bids(request).await.unwrap().into_inner();
        stored.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    stored.reverse();
    assert_eq!(stored, answered, "what was answered is what stands");
    for (at, bid) in stored.iter().enumerate() {
        assert_eq!(bid.seq, at as u64 + 1);
    }
    assert!(
        stored.windows(2).all(|pair| pair[0].amount_fen < pair[1].amount_fen && pair[0].placed_at <= pair[1].placed_at)
    );
    assert!(stored.len() > 20);
}

#[tokio::test]
async fn closes_at_its_time_and_opens_the_winners_commitment_alone() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    let last = exchange.bid(1, 860_00).await.unwrap().bid.unwrap();
    let ends = instant(&exchange.room().await.unwrap().ends_at);
    exchange.at(ends - TimeDelta::milliseconds(500));
    exchange.room_when(|room| room.phase == "limited").await;
    exchange.at(ends);
    let refusal = exchange.bid(0, 900_00).await.unwrap_err();
    assert_eq!(rules(&refusal), [rule_of(Rule::Ended { ends })], "at the closing instant an offer is out");
    let room = exchange.room_when(|room| room.phase == "closed").await;
    assert_eq!(
        (room.outcome.as_deref(), room.winner, room.leading_fen),
        (Some("sold"), Some(last.bidder), Some(860_00))
    );
    let entries = exchange.log_with("room.closed").await;
    let Some(Fact::RoomClosed(closed)) =
        entries.iter().map(|entry| &entry.fact).find(|fact| fact.kind() == "room.closed")
    else {
        panic!("no close in the log")
    };
    assert_eq!(closed.registration, Some(exchange.bidders[1].registration));
    assert_eq!((closed.price, closed.offers), (Some(Money::from_fen(860_00)), 2));
    let salt: [u8; 32] = hex::decode(closed.salt.as_ref().unwrap()).unwrap().try_into().unwrap();
    let opened = seal::commitment(&salt, &closed.registration.unwrap().to_string());
    let admitted = entries.iter().find_map(|entry| match &entry.fact {
        Fact::BidderAdmitted(admitted) if Some(admitted.number) == closed.winner => Some(admitted.commitment.clone()),
        _ => None,
    });
    assert_eq!(admitted, Some(opened), "the salt opens the commitment made at the admission");
    let ctx = exchange.as_bidder(&exchange.bidders[1], None);
    let request = MyPlaceRequest { lot_id: exchange.lot.to_string() };
    assert_eq!(exchange.peers.bidding(&ctx).my_place(request).await.unwrap().into_inner().won, Some(true));
}

#[tokio::test]
async fn without_an_offer_it_closes_unsold() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.at(instant(&exchange.room().await.unwrap().ends_at));
    let room = exchange.room_when(|room| room.phase == "closed").await;
    assert_eq!((room.outcome.as_deref(), room.winner), (Some("unsold"), None));
}

#[tokio::test]
async fn equal_offers_at_the_ceiling_are_drawn_from_the_log_and_anyone_can_repeat_it() {
    let exchange = Exchange::open(two(), |ascending| {
        let step = ascending.step.unwrap();
        ascending.ceiling = Some(UnitPrice { amount: Money::from_fen(900_00), ..step });
    })
    .await;
    exchange.begin().await;
    exchange.bid(0, 900_00).await.unwrap();
    exchange.bid(1, 900_00).await.unwrap();
    exchange.at(instant(&exchange.room().await.unwrap().ends_at));
    let room = exchange.room_when(|room| room.phase == "closed").await;
    let entries = exchange.log_with("room.closed").await;
    let facts = || entries.iter().map(|entry| &entry.fact);
    let equal = facts().find_map(|fact| match fact {
        Fact::DrawCalled(called) => Some(called.equal.iter().copied().map(BidderNumber).collect::<Vec<_>>()),
        _ => None,
    });
    let closed = facts().find_map(|fact| match fact {
        Fact::RoomClosed(closed) => Some(closed.clone()),
        _ => None,
    });
    let (equal, closed) = (equal.unwrap(), closed.unwrap());
    let order = draw::draw(exchange.lot, closed.draw_checkpoint.as_ref().unwrap().as_bytes(), &equal);
    assert_eq!(closed.winner, Some(order[0].0));
    assert_eq!(room.winner, closed.winner);
}

#[tokio::test]
async fn suspension_takes_no_time_and_termination_ends_it() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    let ends = instant(&exchange.room().await.unwrap().ends_at);
    exchange.tell(vec![LotSuspended { lot: exchange.lot, reason: "system-failure".into() }.into()]).await;
    exchange.room_when(|room| room.phase == "suspended").await;
    assert_eq!(rules(&exchange.bid(1, 820_00).await.unwrap_err()), [rule_of(Rule::Suspended)]);
    exchange.clock.advance(TimeDelta::hours(2)).unwrap();
    exchange.tell(vec![LotResumed { lot: exchange.lot, schedule: None }.into()]).await;
    let room = exchange.room_when(|room| room.phase != "suspended").await;
    assert!(instant(&room.ends_at) - ends >= TimeDelta::hours(2));
    exchange.bid(1, 820_00).await.unwrap();
    exchange.tell(vec![LotTerminated { lot: exchange.lot, reason: "asset-lost".into() }.into()]).await;
    let room = exchange.room_when(|room| room.phase == "closed").await;
    assert_eq!(room.outcome.as_deref(), Some("terminated"));
}

#[tokio::test]
async fn a_restart_finds_the_room_as_it_was() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    let ctx = exchange.as_bidder(&exchange.bidders[0], Some("before"));
    let first = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap();
    exchange.bid(1, 820_00).await.unwrap();
    let before = exchange.room().await.unwrap();
    let exchange = exchange.restart().await;
    let after = exchange.room_when(|room| room.offers == 2).await;
    assert_eq!((&after.ends_at, after.leading_fen, after.leader), (&before.ends_at, before.leading_fen, before.leader));
    let ctx = exchange.as_bidder(&exchange.bidders[0], Some("before"));
    let again = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap();
    assert_eq!((again.bid, again.repeated), (first.bid, true), "a key given before the restart is remembered");
    exchange.bid(0, 840_00).await.unwrap();
}

#[tokio::test]
async fn the_feed_replays_what_was_missed_and_goes_on() {
    let exchange = Exchange::open(two(), |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    exchange.bid(1, 820_00).await.unwrap();
    let ctx = Context::public(&exchange.clock);
    let request = WatchRoomRequest { lot_id: exchange.lot.to_string(), last_event: Some(1) };
    let mut feed = exchange.peers.bidding(&ctx).watch(request).await.unwrap().into_inner();
    let mut next = async || -> RoomEvent { feed.next().await.unwrap().unwrap() };
    let missed = next().await;
    assert_eq!((missed.id, missed.kind.as_str()), (2, "bid"));
    assert_eq!(next().await.kind, "snapshot");
    exchange.bid(0, 840_00).await.unwrap();
    loop {
        let event = next().await;
        if event.kind == "bid" {
            assert_eq!(event.id, 3);
            assert!(event.data.contains("84000"), "{}", event.data);
            break;
        }
    }
}
