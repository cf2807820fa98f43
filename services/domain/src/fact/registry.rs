//! Facts of the registry.

use crate::ids::{AssetId, CollectiveId, EncumbranceId, LotId, PartyId, RightId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// See [`super::Fact::PartyRegistered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRegistered {
    /// The party's pseudonym.
    pub party: PartyId,
    /// `natural-person`, `household`, `company`, `cooperative`, `collective`, `public-body`, `other`.
    pub party_kind: String,
    /// Salted SHA-256 commitment to name and identity number, hex.
    pub commitment: String,
}

/// See [`super::Fact::CollectiveRegistered`]. A collective is a public body: its name is not personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectiveRegistered {
    /// The collective.
    pub collective: CollectiveId,
    /// Registered name.
    pub name: String,
    /// Unified social credit code (GB 32100).
    pub uscc: String,
}

/// See [`super::Fact::MembersRecorded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersRecorded {
    /// The collective.
    pub collective: CollectiveId,
    /// Members after the act.
    pub members: u32,
    /// Members with full capacity (who vote) after the act.
    pub voters: u32,
    /// Households after the act.
    pub households: u32,
    /// SHA-256 of the salted register, hex.
    pub digest: String,
}

/// See [`super::Fact::AssetRegistered`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetRegistered {
    /// The asset.
    pub asset: AssetId,
    /// Its owner.
    pub collective: CollectiveId,
    /// Category of right, kebab-case code.
    pub category: String,
    /// Name of the asset.
    pub name: String,
    /// Area as stated, in mu (decimal text); none for what has no area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_mu: Option<String>,
    /// Area measured from the geometry in its CGCS2000 zone, in mu (decimal text).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_mu: Option<String>,
    /// SHA-256 of the canonical GeoJSON geometry, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry_digest: Option<String>,
    /// End of the title's term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_to: Option<NaiveDate>,
}

/// See [`super::Fact::RightRecorded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightRecorded {
    /// The right.
    pub right: RightId,
    /// On what.
    pub asset: AssetId,
    /// Who holds it.
    pub holder: PartyId,
    /// First day.
    pub from: NaiveDate,
    /// Day after the last day.
    pub to: NaiveDate,
    /// The lot it came from, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
}

/// See [`super::Fact::RightEnded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightEnded {
    /// The right.
    pub right: RightId,
    /// On what.
    pub asset: AssetId,
    /// Day after the last day.
    pub to: NaiveDate,
    /// Why.
    pub reason: String,
}

/// See [`super::Fact::EncumbranceRecorded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncumbranceRecorded {
    /// The charge.
    pub encumbrance: EncumbranceId,
    /// On what.
    pub asset: AssetId,
    /// `mortgage`, `seizure`, `dispute`, `expropriation`, `easement`, `other`.
    pub encumbrance_kind: String,
    /// Digest of the supporting document, hex; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// For a mortgage: digest of the mortgagee's consent to a transfer, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
}

/// See [`super::Fact::EncumbranceLifted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncumbranceLifted {
    /// The charge.
    pub encumbrance: EncumbranceId,
    /// On what.
    pub asset: AssetId,
    /// Why.
    pub reason: String,
}
