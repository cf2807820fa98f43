//! Facts of bidding. Before the close they tie no offer to a party: bidders stand as numbers.

use super::instant;
use crate::{
    ids::{LotId, RegistrationId},
    money::Money,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::RoomOpened`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomOpened {
    /// The lot.
    pub lot: LotId,
    /// Lowest acceptable price, in fen of the lot's price basis.
    pub reserve: Money,
    /// Step, in fen of the lot's price basis.
    pub step: Money,
    /// When offers begin.
    #[serde(with = "instant")]
    pub opens: DateTime<Utc>,
    /// When the free period ends.
    #[serde(with = "instant")]
    pub free_until: DateTime<Utc>,
    /// Length of the limited window after it, in seconds.
    pub limited_seconds: u32,
    /// Extension by an offer inside the window, in seconds.
    pub extension_seconds: u32,
}

/// See [`super::Fact::BidderAdmitted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidderAdmitted {
    /// The lot.
    pub lot: LotId,
    /// The number the bidder is seen under.
    pub number: u32,
    /// Salted SHA-256 commitment to the registration, hex; opened for the winner at the close.
    pub commitment: String,
    /// Rank of the priority right held (1 is first); none without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_rank: Option<u32>,
}

/// See [`super::Fact::BidPlaced`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidPlaced {
    /// The lot.
    pub lot: LotId,
    /// Position in the room's own order, from 1 without gaps.
    pub seq: u64,
    /// Who, by number.
    pub number: u32,
    /// The price offered, in fen of the lot's price basis.
    pub amount: Money,
    /// `bid`, or `match` where a priority holder takes the leading price.
    pub offer: String,
    /// When the room closes if nobody else offers.
    #[serde(with = "instant")]
    pub ends_at: DateTime<Utc>,
}

/// See [`super::Fact::RoomClosed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomClosed {
    /// The lot.
    pub lot: LotId,
    /// `sold` or `unsold`.
    pub outcome: String,
    /// Accepted offers.
    pub offers: u64,
    /// Bidders admitted.
    pub admitted: u32,
    /// Winner's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<u32>,
    /// Winner's registration: the tie, shown only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationId>,
    /// Salt that opens the winner's admission commitment, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The price, in fen of the lot's price basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// When the room's time ran out.
    #[serde(with = "instant")]
    pub closed_at: DateTime<Utc>,
    /// How equal offers were decided, where they were: the checkpoint whose bytes seed the public draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_checkpoint: Option<String>,
}

/// See [`super::Fact::DrawCalled`]: the room is closed and equal offers lead; the first checkpoint that covers this entry is the draw's seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawCalled {
    /// The lot.
    pub lot: LotId,
    /// The equal price, in fen of the lot's price basis.
    pub price: Money,
    /// Who stands equal, by number.
    pub equal: Vec<u32>,
}

/// See [`super::Fact::RoomSuspended`] and [`super::Fact::RoomResumed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSuspended {
    /// The lot.
    pub lot: LotId,
}

/// See [`super::Fact::RoomResumed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomResumed {
    /// The lot.
    pub lot: LotId,
    /// When the room closes if nobody else offers.
    #[serde(with = "instant")]
    pub ends_at: DateTime<Utc>,
}
