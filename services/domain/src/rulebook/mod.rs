//! Rulebooks (规则手册): the rules as data, versioned, for each region and category of rights.
//!
//! | module | what it is |
//! |---|---|
//! | [`RuleSet`] | every rule there is, typed, by its stable name |
//! | [`Rule`] | a value, its basis, its words in both languages, and how much a breach weighs |
//! | [`Library`] | the files of all regions, merged into the [`Rulebook`] of one category in one region |
//! | [`RulebookVersion`] | what a lot pins: region, category, labels and the digest of the merged rules |
//! | [`check_draft`] | what the rules say of a notice, field by field, as it is typed |
//!
//! **Invariants**
//! - **A file is read strictly**: an unknown rule, key or value refuses the whole file.
//! - **An override replaces a rule whole**, its basis and words with it; nothing is left of what it overrode.
//! - **The same files give the same digest**, on every machine: it is taken over canonical JSON of the merged rules.

mod check;
mod library;
mod pinned;
mod rule;
mod set;
mod size;
pub mod values;
mod version;

pub(crate) use check::never_tradable;
pub use check::{CheckContext, ComparableMedian, DecisionStanding, Relisted, check_draft};
pub use library::{FileEntry, Library, Rulebook};
pub use rule::{Rule, RuleEntry};
pub use set::RuleSet;
pub use values::Comparables;
pub use version::RulebookVersion;

#[cfg(test)]
mod tests;
