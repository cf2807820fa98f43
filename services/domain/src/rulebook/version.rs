//! What a lot pins: which rulebook, in which version, down to the digest.

use crate::region::RegionCode;
use crate::rights::Category;
use serde::{Deserialize, Serialize};

/// The version of the rules a lot was announced under (所适用的规则版本).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulebookVersion {
    /// The region whose rules apply; the empty code is the national default.
    pub region: RegionCode,
    /// The category they apply to.
    pub category: Category,
    /// The label of the newest rulebook merged into them, such as `2026-01`.
    pub version: String,
    /// SHA-256 of the merged rules in canonical JSON (RFC 8785), lower-case hex.
    pub digest: String,
}
