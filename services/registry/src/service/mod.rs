//! The use cases, in the order of the business. Each authorises first.

pub mod asset;
mod asset_view;
pub mod collective;
mod description;
pub mod encumbrance;
pub mod members;
pub mod party;
pub mod party_for_services;
mod register;
pub mod right;
pub mod transferable;

use sanbian_domain::role::Role;

/// Who works on what a collective owns, or watches over it: they see more than the public.
pub const STAFF: [Role; 7] = [
    Role::Clerk,
    Role::Chair,
    Role::TownshipReviewer,
    Role::CountyReviewer,
    Role::Operator,
    Role::Finance,
    Role::Supervisor,
];
