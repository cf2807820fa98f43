//! Facts of listing.

use super::instant;
use crate::{
    ids::{AccountId, AssetId, CollectiveId, DecisionId, LotId, RegistrationId},
    money::Money,
    notice::Notice,
    rulebook::RulebookVersion,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::LotDrafted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotDrafted {
    /// The lot.
    pub lot: LotId,
    /// Whose.
    pub collective: CollectiveId,
    /// The lot it relists, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relists: Option<LotId>,
}

/// See [`super::Fact::DecisionRecorded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecorded {
    /// The decision.
    pub decision: DecisionId,
    /// For which lot.
    pub lot: LotId,
    /// `assembly` or `representatives`.
    pub assembly: String,
    /// Everyone who may vote.
    pub eligible: u32,
    /// Who came.
    pub present: u32,
    /// Votes for.
    pub in_favour: u32,
    /// Votes against.
    pub against: u32,
    /// When they met.
    pub held_on: NaiveDate,
    /// SHA-256 of the minutes, hex.
    pub minutes: String,
}

/// See [`super::Fact::LotSubmitted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotSubmitted {
    /// The lot.
    pub lot: LotId,
    /// SHA-256 of the canonical draft, hex: what the reviewers saw.
    pub draft: String,
    /// SHA-256 of each evidence file, hex.
    pub documents: Vec<String>,
    /// The decision it rests on; none where no collective has to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
}

/// See [`super::Fact::LotWithdrawn`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotWithdrawn {
    /// The lot.
    pub lot: LotId,
}

/// See [`super::Fact::LotReviewed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotReviewed {
    /// The lot.
    pub lot: LotId,
    /// `township` or `county`.
    pub stage: String,
    /// `approved` or `returned`.
    pub outcome: String,
    /// SHA-256 of the draft the reviewer saw, hex.
    pub draft: String,
    /// SHA-256 of the reasons given, hex: reasons may name people.
    pub reason_digest: String,
}

/// The dates of an announced lot (公告安排).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// Start of the announcement.
    #[serde(with = "instant")]
    pub announced_at: DateTime<Utc>,
    /// End of the announcement and of registration.
    #[serde(with = "instant")]
    pub registration_closes: DateTime<Utc>,
    /// Start of the free period.
    #[serde(with = "instant")]
    pub auction_opens: DateTime<Utc>,
    /// End of the free period.
    #[serde(with = "instant")]
    pub free_until: DateTime<Utc>,
    /// Limited window after it, in seconds.
    pub limited_seconds: u32,
    /// Extension by an offer inside the window, in seconds.
    pub extension_seconds: u32,
}

/// See [`super::Fact::LotAnnounced`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotAnnounced {
    /// The lot.
    pub lot: LotId,
    /// Public project number.
    pub number: String,
    /// Whose.
    pub collective: CollectiveId,
    /// Assets offered.
    pub assets: Vec<AssetId>,
    /// The public terms.
    pub notice: Notice,
    /// Price over the whole term at the reserve.
    pub reserve_total: Money,
    /// Deposit for each registration.
    pub deposit: Money,
    /// The dates.
    pub schedule: Schedule,
    /// The rulebook version pinned from now on.
    pub pinned: RulebookVersion,
    /// 1 for the first announcement; each correction adds one.
    pub revision: u32,
}

/// See [`super::Fact::LotCorrected`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotCorrected {
    /// Whether the announcement began again.
    pub material: bool,
    /// What was changed, as JSON paths of the notice.
    pub changed: Vec<String>,
    /// The announcement as it stands now.
    #[serde(flatten)]
    pub announcement: LotAnnounced,
}

/// See [`super::Fact::RegistrationFiled`]. Who registered stays a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationFiled {
    /// For which lot.
    pub lot: LotId,
    /// The registration.
    pub registration: RegistrationId,
    /// Salted SHA-256 commitment to the party, hex.
    pub commitment: String,
    /// Deposit due.
    pub deposit: Money,
    /// Whether a priority right was claimed.
    pub claims_priority: bool,
}

/// See [`super::Fact::RegistrationReviewed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationReviewed {
    /// For which lot.
    pub lot: LotId,
    /// The registration.
    pub registration: RegistrationId,
    /// `accepted` or `rejected`.
    pub outcome: String,
    /// Rank of the priority right accepted (1 is first); none where none was claimed or the claim was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_rank: Option<u32>,
}

/// See [`super::Fact::RegistrationQualified`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationQualified {
    /// For which lot.
    pub lot: LotId,
    /// The registration.
    pub registration: RegistrationId,
    /// Rank of the priority right accepted (1 is first).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_rank: Option<u32>,
}

/// See [`super::Fact::RegistrationReconfirmed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationReconfirmed {
    /// For which lot.
    pub lot: LotId,
    /// The registration.
    pub registration: RegistrationId,
    /// The revision confirmed.
    pub revision: u32,
}

/// See [`super::Fact::RegistrationWithdrawn`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationWithdrawn {
    /// For which lot.
    pub lot: LotId,
    /// The registration.
    pub registration: RegistrationId,
}

/// See [`super::Fact::RegistrationClosed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationClosed {
    /// The lot.
    pub lot: LotId,
    /// Registrations filed.
    pub filed: u32,
    /// Registrations that may bid.
    pub qualified: u32,
    /// What follows by rule: `auction`, `single-offer` or `unsold`.
    pub next: String,
}

/// See [`super::Fact::LotSuspended`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotSuspended {
    /// The lot.
    pub lot: LotId,
    /// `title-dispute`, `authority-order`, `system-failure`, `intrusion`, `force-majeure`.
    pub reason: String,
}

/// See [`super::Fact::LotResumed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotResumed {
    /// The lot.
    pub lot: LotId,
    /// The dates from now on, where the lot was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
}

/// See [`super::Fact::LotTerminated`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotTerminated {
    /// The lot.
    pub lot: LotId,
    /// `objection-upheld`, `asset-lost`, `withdrawn`.
    pub reason: String,
}

/// See [`super::Fact::LotUnsold`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotUnsold {
    /// The lot.
    pub lot: LotId,
    /// `no-registration` or `no-offer`.
    pub reason: String,
}

/// See [`super::Fact::ResultPublished`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultPublished {
    /// The lot.
    pub lot: LotId,
    /// Winner's number in the room.
    pub winner: u32,
    /// Winner's registration.
    pub registration: RegistrationId,
    /// Price in fen of the lot's price basis.
    pub price: Money,
    /// Price over the whole term.
    pub total: Money,
    /// Qualified bidders.
    pub qualified: u32,
    /// Last day of the notice.
    pub notice_to: NaiveDate,
}

/// See [`super::Fact::ResultNoticeEnded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultNoticeEnded {
    /// The lot.
    pub lot: LotId,
    /// Latest day to sign.
    pub sign_by: NaiveDate,
}

/// See [`super::Fact::LotDefaulted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotDefaulted {
    /// The lot.
    pub lot: LotId,
    /// Whose registration failed.
    pub registration: RegistrationId,
    /// `not-signed` or `not-paid`.
    pub reason: String,
    /// The operator who said so.
    pub declared_by: AccountId,
}
