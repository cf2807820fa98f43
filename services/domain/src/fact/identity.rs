//! Facts of identity.

use crate::{ids::AccountId, role::Role};
use serde::{Deserialize, Serialize};

/// See [`super::Fact::AccountCreated`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCreated {
    /// The account.
    pub account: AccountId,
}

/// See [`super::Fact::RoleGranted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGranted {
    /// Who holds it.
    pub account: AccountId,
    /// What.
    pub role: Role,
    /// Where; empty is everywhere.
    pub region: String,
}

/// See [`super::Fact::RoleRevoked`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRevoked {
    /// Who held it.
    pub account: AccountId,
    /// What.
    pub role: Role,
    /// Where; empty is everywhere.
    pub region: String,
}
