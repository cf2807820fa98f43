//! Facts (事实): what the log's entries say. The one bus between services and the one record for supervisors.
//!
//! An [`Entry`] is canonical JSON (RFC 8785) of at most [`Entry::MAX_BYTES`]. **No personal data is ever in it**: people and
//! firms stand as pseudonymous ids and salted commitments, documents as digests. Numbers are integers (money in fen) and stay
//! below 2^53, so that every JSON reader sees the same value.
//!
//! The format is final from the first entry: kinds and fields may be added, never changed or taken away.

mod bidding;
mod identity;
mod listing;
mod registry;
mod settlement;
mod supervision;
mod words;

pub use bidding::*;
pub use identity::*;
pub use listing::*;
pub use registry::*;
pub use settlement::*;
pub use supervision::*;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// The actor of acts that no person does: deadlines, closings, postings that follow from other facts.
pub const SYSTEM: &str = "system";

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When the act was done: UTC with milliseconds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// Who: an account's pseudonymous id, `registration:<id>` for a bidder before the close, `bidder:<number>` inside a room, or
    /// [`SYSTEM`]. Before the close nothing ties a registration or a number to an account.
    pub actor: String,
    /// What it is about, as `<noun>:<id>`, such as `lot:0197…`.
    pub subject: String,
    /// Region code of the subject (GB/T 2260 and its extensions); empty for the whole installation.
    pub region: String,
    /// Label of the rulebook version the act was judged by; empty where no rulebook speaks.
    pub rulebook: String,
    /// What happened: `kind` and `body`.
    #[serde(flatten)]
    pub fact: Fact,
}

/// Why an entry can't be written or read.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Larger than the log format takes.
    #[error("entry of {0} bytes is larger than 65535")]
    TooLarge(usize),
    /// Not JSON, or not of the schema.
    #[error("entry does not follow the schema: {0}")]
    Schema(#[from] serde_json::Error),
    /// The bytes are not the canonical form (RFC 8785) of what they say.
    #[error("entry is not canonical JSON (RFC 8785)")]
    NotCanonical,
}

impl Entry {
    /// The largest entry, in bytes: the bundle format has a 16-bit length (C2SP tlog-tiles).
    pub const MAX_BYTES: usize = 65_535;

    /// The entry's bytes: canonical JSON.
    ///
    /// # Errors
    /// [`EntryError::TooLarge`] beyond [`Self::MAX_BYTES`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        let bytes = serde_jcs::to_vec(self)?;
        if bytes.len() > Self::MAX_BYTES { Err(EntryError::TooLarge(bytes.len())) } else { Ok(bytes) }
    }

    /// Reads an entry and insists that the bytes are its one canonical form.
    ///
    /// # Errors
    /// Where the bytes do not follow the schema or are not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(bytes)?;
        if entry.to_bytes()? == bytes { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }
}

/// Instants in the log: RFC 3339, UTC, always three decimals.
pub mod instant {
    use super::*;
    use serde::{Deserializer, Serializer, de::Error};

    /// The text form.
    pub fn text(at: DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// For `#[serde(with)]`.
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(*at))
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(|at| at.with_timezone(&Utc)).map_err(D::Error::custom)
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $kind:literal),* $(,)?) => {
        /// What happened. `kind` names the variant, `body` holds its fields.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Fact {
            $($(#[$doc])* #[serde(rename = $kind)] $name($name),)*
        }

        impl Fact {
            /// Every kind of entry there is.
            pub const KINDS: &[&str] = &[$($kind),*];

            /// The kind as it stands in the log.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)* }
            }
        }

        $(impl From<$name> for Fact {
            fn from(fact: $name) -> Self { Self::$name(fact) }
        })*
    };
}

facts! {
    /// An account was made.
    AccountCreated = "account.created",
    /// A role was given within a region.
    RoleGranted = "role.granted",
    /// A role was taken away.
    RoleRevoked = "role.revoked",

    /// A person or firm was registered.
    PartyRegistered = "party.registered",
    /// A collective was registered.
    CollectiveRegistered = "collective.registered",
    /// A collective's register of members was recorded.
    MembersRecorded = "members.recorded",
    /// An asset or parcel was registered.
    AssetRegistered = "asset.registered",
    /// A running right was recorded on an asset.
    RightRecorded = "right.recorded",
    /// A right ended before its term.
    RightEnded = "right.ended",
    /// A charge or restriction was recorded on an asset.
    EncumbranceRecorded = "encumbrance.recorded",
    /// A charge or restriction was lifted.
    EncumbranceLifted = "encumbrance.lifted",

    /// A lot was drafted.
    LotDrafted = "lot.drafted",
    /// A collective's decision was recorded for a lot.
    DecisionRecorded = "decision.recorded",
    /// A draft was submitted for review.
    LotSubmitted = "lot.submitted",
    /// A submitted draft was taken back.
    LotWithdrawn = "lot.withdrawn",
    /// A reviewer spoke.
    LotReviewed = "lot.reviewed",
    /// The lot was announced: its public terms from now on.
    LotAnnounced = "lot.announced",
    /// The announcement was corrected.
    LotCorrected = "lot.corrected",
    /// Someone registered to bid.
    RegistrationFiled = "registration.filed",
    /// The exchange spoke on a registration's qualification and priority claim.
    RegistrationReviewed = "registration.reviewed",
    /// Reviewed and deposit held: may bid.
    RegistrationQualified = "registration.qualified",
    /// The bidder confirmed a corrected announcement.
    RegistrationReconfirmed = "registration.reconfirmed",
    /// The bidder withdrew.
    RegistrationWithdrawn = "registration.withdrawn",
    /// Registration closed.
    RegistrationClosed = "registration.closed",
    /// The lot was suspended.
    LotSuspended = "lot.suspended",
    /// The lot goes on.
    LotResumed = "lot.resumed",
    /// The lot was ended for good.
    LotTerminated = "lot.terminated",
    /// No deal.
    LotUnsold = "lot.unsold",
    /// The result is on public notice.
    ResultPublished = "result.published",
    /// The result notice ran out; signing may begin.
    ResultNoticeEnded = "result.notice-ended",
    /// The winner failed the deal.
    LotDefaulted = "lot.defaulted",

    /// The room opened.
    RoomOpened = "room.opened",
    /// A bidder was let into the room under a number.
    BidderAdmitted = "bidder.admitted",
    /// An accepted offer.
    BidPlaced = "bid.placed",
    /// The room stands still.
    RoomSuspended = "room.suspended",
    /// The room goes on.
    RoomResumed = "room.resumed",
    /// Equal offers lead a closed room: a public draw decides.
    DrawCalled = "room.draw-called",
    /// The room closed.
    RoomClosed = "room.closed",

    /// A bank statement was imported.
    StatementImported = "statement.imported",
    /// A deposit arrived and is held.
    DepositHeld = "deposit.held",
    /// A deposit was ordered back to its payer.
    DepositReleaseOrdered = "deposit.release-ordered",
    /// A deposit went back to its payer.
    DepositReleased = "deposit.released",
    /// A deposit became part of the price.
    DepositApplied = "deposit.applied",
    /// A deposit was kept after a default.
    DepositForfeited = "deposit.forfeited",
    /// A contract was drawn up.
    ContractDrawn = "contract.drawn",
    /// A side signed.
    ContractSigned = "contract.signed",
    /// Money for a contract arrived.
    PaymentReceived = "payment.received",
    /// The exchange's fee was charged.
    FeeCharged = "fee.charged",
    /// Proceeds were paid to the transferor.
    ProceedsPaid = "proceeds.paid",
    /// All that is due at signing has been paid.
    ContractSettled = "contract.settled",
    /// A certificate of transaction was issued.
    CertificateIssued = "certificate.issued",
    /// A certificate was revoked.
    CertificateRevoked = "certificate.revoked",

    /// An alert was raised.
    AlertRaised = "alert.raised",
    /// An alert was closed with a reason.
    AlertClosed = "alert.closed",
    /// Someone looked at unmasked personal data.
    PersonalDataViewed = "personal-data.viewed",
}
