//! Rulebooks (交易规则): rules as data.

mod version;

pub use version::RulebookVersion;
