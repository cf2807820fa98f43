//! Faults of the store: nothing is answered as accepted that is not stored, and nothing is doubled by trying again.

use crate::exchange::{Bidder, Exchange, rules};
use sanbian_runtime::Kind;
use sqlx::{Connection, Executor, PgConnection};

#[tokio::test]
async fn a_failed_commit_accepts_nobody_and_the_same_key_may_try_again() {
    let exchange = Exchange::open(vec![Bidder::new(), Bidder::new()], |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    let mut owner = PgConnection::connect_with(exchange.db.owner()).await.unwrap();
    owner.execute("ALTER TABLE bidding.bid ADD CONSTRAINT broken CHECK (amount_fen <> 82000) NOT VALID").await.unwrap();
    let ctx = exchange.as_bidder(&exchange.bidders[1], Some("again"));
    let refusal = exchange.bid_as(&ctx, 820_00, "bid").await.unwrap_err();
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Unavailable, vec!["bid.outcome-unknown"]));
    assert_eq!(exchange.room_when(|room| room.offers == 1).await.leading_fen, Some(800_00));
    owner.execute("ALTER TABLE bidding.bid DROP CONSTRAINT broken").await.unwrap();
    let receipt = exchange.bid_as(&ctx, 820_00, "bid").await.unwrap();
    assert_eq!((receipt.repeated, receipt.bid.unwrap().seq), (false, 2));
    assert!(exchange.bid_as(&ctx, 820_00, "bid").await.unwrap().repeated);
}

#[tokio::test]
async fn an_offer_that_was_stored_though_its_answer_was_lost_is_not_doubled() {
    let exchange = Exchange::open(vec![Bidder::new(), Bidder::new()], |_| {}).await;
    exchange.begin().await;
    // The answer is lost: the caller goes away as soon as the offer is sent.
    let ctx = exchange.as_bidder(&exchange.bidders[0], Some("lost"));
    let call = exchange.bid_as(&ctx, 800_00, "bid");
    let _ = tokio::time::timeout(std::time::Duration::from_millis(1), call).await;
    let receipt = exchange.bid_as(&ctx, 800_00, "bid").await.unwrap();
    assert_eq!(receipt.bid.unwrap().seq, 1);
    assert_eq!(exchange.room().await.unwrap().offers, 1);
}

#[tokio::test]
async fn the_log_refuses_and_so_the_offer_does_not_stand() {
    let exchange = Exchange::open(vec![Bidder::new(), Bidder::new()], |_| {}).await;
    exchange.begin().await;
    let mut owner = PgConnection::connect_with(exchange.db.owner()).await.unwrap();
    owner.execute("REVOKE EXECUTE ON FUNCTION outbox.append FROM sanbian_bidding").await.unwrap();
    let refusal = exchange.bid(0, 800_00).await.unwrap_err();
    assert_eq!(refusal.kind, Kind::Unavailable);
    owner.execute("GRANT EXECUTE ON FUNCTION outbox.append TO sanbian_bidding").await.unwrap();
    assert_eq!(exchange.room_when(|room| room.offers == 0).await.leading_fen, None, "no offer without its entry");
    exchange.bid(0, 800_00).await.unwrap();
}
