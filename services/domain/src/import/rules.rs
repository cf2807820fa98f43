//! What the national rulebook says of an imported draft.
//!
//! A notice that the law itself bars can't become a draft; any other breach (a deposit out of proportion, an announcement that is
//! too short, a field not filled in) is what a clerk mends before submission, so here it is a warning.

use super::draft::Draft;
use super::say::warn;
use crate::finding::Severity;
use crate::region::RegionCode;
use crate::rights::Category;
use crate::rulebook::{CheckContext, Library, Rulebook, check_draft};
use crate::term::Term;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Rules whose breach no correction of a draft mends: the object, its use or its term is barred, or the notice contradicts itself.
const BARS: [&str; 9] = [
    "never-tradable.",
    "use.barred",
    "mode.allowed",
    "term.limit",
    "term.order",
    "price.positive",
    "price.unit-mismatch",
    "price.range",
    "schedule.order",
];

/// The national rules of every category, merged once.
static NATIONAL: LazyLock<BTreeMap<Category, Rulebook>> = LazyLock::new(|| {
    let book = |category: &Category| Library::builtin().rulebook(RegionCode::EVERYWHERE, *category);
    Category::ALL
        .iter()
        .map(|category| {
            (*category, book(category).expect("every category of the builtin rules merges; a test says so"))
        })
        .collect()
});

pub(super) fn check(draft: &mut Draft<'_>) {
    let category = draft.notice.category.unwrap_or(Category::Other);
    let Some(book) = NATIONAL.get(&category) else { return };
    let refused = draft.refused();
    let context = CheckContext::on(day_of(draft));
    for mut finding in check_draft(&draft.notice, book, &context) {
        let barred = BARS.iter().any(|bar| finding.rule.starts_with(bar)) || finding.rule == "auction.ceiling";
        // A year before the calendar's first can't be counted; that says nothing of the notice.
        if finding.rule.starts_with("calendar.") || (refused && !(barred && finding.refuses())) {
            continue;
        }
        if draft
            .findings
            .iter()
            .any(|said| said.rule == finding.rule && said.field == finding.field && said.facts == finding.facts)
        {
            continue;
        }
        if !barred && finding.refuses() {
            finding.severity = Severity::Warning;
        }
        draft.say(finding);
    }
    begins_before_award(draft);
}

/// The first day the notice names; a term from signing can't begin earlier.
fn day_of(draft: &Draft<'_>) -> NaiveDate {
    let schedule = draft.notice.schedule;
    let named = [schedule.announce_from, schedule.register_from, schedule.register_to, schedule.auction_from];
    let end = match draft.notice.term {
        Some(Term::Fixed { from, .. }) => Some(from),
        // Without any day at hand the end alone is held against nothing.
        Some(Term::Until { to, .. }) => Some(to),
        Some(Term::Sale | Term::Length { .. }) | None => None,
    };
    named.into_iter().flatten().map(|moment| moment.date).next().or(end).unwrap_or(NaiveDate::MIN)
}

/// A term that has begun before anybody can win it.
fn begins_before_award(draft: &mut Draft<'_>) {
    if let (Some(Term::Fixed { from, .. }), Some(auction)) = (draft.notice.term, draft.notice.schedule.auction_from)
        && from < auction.date
        && !draft.refused()
    {
        draft.say(
            warn(
                "term.begins-before-award",
                "term",
                format!("期限自{from}起,早于竞价日{}", auction.date),
                format!("the term begins on {from}, before the auction on {}", auction.date),
            )
            .with_fact("from", from)
            .with_fact("auction", auction.date),
        );
    }
}
