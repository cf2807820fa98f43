//! Facts of supervision.

use crate::ids::{AccountId, AlertId, LotId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// See [`super::Fact::AlertRaised`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRaised {
    /// The alert.
    pub alert: AlertId,
    /// `price-far-below`, `single-bidder-again`, `payment-late`.
    pub alert_kind: String,
    /// About which lot.
    pub lot: LotId,
    /// The figures it rests on.
    pub facts: BTreeMap<String, String>,
}

/// See [`super::Fact::AlertClosed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertClosed {
    /// The alert.
    pub alert: AlertId,
    /// About which lot.
    pub lot: LotId,
    /// SHA-256 of the reason given, hex: the reason itself may name people.
    pub reason_digest: String,
}

/// See [`super::Fact::PersonalDataViewed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalDataViewed {
    /// Who looked.
    pub viewer: AccountId,
    /// At what, as `<noun>:<id>`.
    pub of: String,
    /// Why.
    pub purpose: String,
}
