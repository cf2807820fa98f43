//! Life in the rooms: demonstration bidders who offer now and then, and stop in time so that every auction ends.

use super::county::County;
use crate::client::Account;
use rand::Rng as _;
use sanbian_proto::bidding::v1::{BidReceipt, PlaceBidRequest, Room, RoomPage, RoomPlace};
use std::time::Duration;

/// How often the rooms are looked at.
const ROUND: Duration = Duration::from_secs(4);

/// Offers in running rooms for ever. A refused offer is part of life; a failed round is tried again.
pub async fn keep_bidding(county: &County) {
    let bidders: Vec<Account> = (1..=5).map(|number| county.account(&format!("bidder{number}"))).collect();
    loop {
        tokio::time::sleep(ROUND).await;
        let page: anyhow::Result<RoomPage> = county.api.get("/api/v1/rooms?limit=20").await;
        match page {
            Ok(page) => {
                for room in page.items {
                    offer(&bidders, &room).await;
                }
            }
            Err(error) => tracing::warn!(%error, "the demonstration's bidders could not look at the rooms"),
        }
    }
}

/// Perhaps one offer of one bidder in a room: less likely the higher the price stands, so that auctions end.
async fn offer(bidders: &[Account], room: &Room) {
    let Some(amount_fen) = room.next_fen.filter(|_| room.phase == "free" || room.phase == "limited") else { return };
    let over = (amount_fen - room.reserve_fen).saturating_mul(100) / room.reserve_fen.max(1);
    let (chance, pick) = {
        let mut random = rand::rng();
        (random.random_range(0..100_i64), random.random_range(0..bidders.len()))
    };
    // One look in three near the reserve, none at one and a half times of it.
    if chance >= 34 - over * 34 / 50 {
        return;
    }
    let bidder = &bidders[pick];
    let place: anyhow::Result<RoomPlace> = bidder.get(&format!("/api/v1/lots/{}/my-place", room.lot_id)).await;
    let Ok(place) = place else { return };
    if place.leads {
        return;
    }
    let request = PlaceBidRequest { amount_fen, kind: "bid".into(), outlier_confirmed: true, ..Default::default() };
    let key = uuid::Uuid::now_v7().to_string();
    let answer: anyhow::Result<BidReceipt> =
        bidder.post(&format!("/api/v1/lots/{}/bids", room.lot_id), &key, &request).await;
    if let Err(error) = answer {
        tracing::debug!(%error, bidder = bidder.username(), "a demonstration bidder's offer was refused");
    }
}
