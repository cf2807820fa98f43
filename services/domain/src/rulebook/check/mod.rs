//! What the rules say of a notice, field by field, as it is typed and again when it is submitted.

mod context;
mod deposit;
mod fields;
mod method;
mod price;
mod priority;
mod purpose;
mod schedule;
mod term;

pub use context::{CheckContext, ComparableMedian, DecisionStanding, Relisted};
pub(crate) use purpose::never_tradable;

use super::Rulebook;
use crate::finding::Finding;
use crate::notice::Notice;

/// Everything the rules say of `notice`, the fields in the order of the form. Findings weigh what the rulebook says; a draft may be
/// kept with any of them, a submission stands only where none refuses ([`crate::finding::refuses`]).
///
/// What is missing is named once (`notice.required`); rules that need it stay silent until it is there.
pub fn check_draft(notice: &Notice, book: &Rulebook, context: &CheckContext<'_>) -> Vec<Finding> {
    let rules = &book.rules;
    [
        fields::required(notice, rules),
        fields::mode(notice, rules),
        purpose::bars(notice, rules, context),
        purpose::land_plan(notice, rules),
        fields::area(notice, rules, context),
        term::check(notice, rules, context),
        price::check(notice, rules, context),
        method::check(notice, rules),
        deposit::check(notice, rules),
        schedule::check(notice, rules, context),
        priority::check(notice, rules),
        fields::decision(notice, rules, context),
        fields::reviews(notice, book),
    ]
    .into_iter()
    .flatten()
    .collect()
}
