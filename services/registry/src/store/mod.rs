//! All SQL of the registry. Schema-qualified, checked against the database at compile time.

pub mod asset;
pub mod collective;
pub mod encumbrance;
pub mod member;
pub mod party;
pub mod right;
