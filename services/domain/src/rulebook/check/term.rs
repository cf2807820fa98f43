//! How long the right may pass (期限).

use super::context::CheckContext;
use crate::finding::{Finding, Text};
use crate::notice::Notice;
use crate::rulebook::RuleSet;
use crate::rulebook::values::TermLimit;
use crate::term::{Span, Term};

/// The limit in whole years that holds for the notice, with the word it was chosen by.
fn limit_for<'a>(limit: &'a TermLimit, notice: &Notice) -> Option<(u16, &'a str)> {
    if !limit.modes.is_empty() && !notice.mode.is_some_and(|mode| limit.modes.contains(&mode)) {
        return None;
    }
    let words = format!("{};{};{}", notice.intended_use, notice.category_text, notice.title);
    for kind in &limit.kinds {
        if let Some(word) = kind.words.iter().find(|word| words.contains(word.as_str())) {
            return Some((kind.years, word));
        }
    }
    limit.years.map(|years| (years, ""))
}

fn longer_than(span: Span, years: u16) -> bool {
    let limit = u32::from(years) * 12;
    span.total_months() > limit || span.year_parts() > u32::from(years) * Span::PARTS_PER_YEAR
}

pub(super) fn check(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let Some(term) = notice.term else { return Vec::new() };
    let mut found = Vec::new();
    if let Term::Fixed { from, to, .. } = term
        && to < from
    {
        found.push(
            Finding::refusal(
                "term.order",
                "期限起止须先后有序",
                Text::new(
                    format!("期限止日{to}早于起日{from}"),
                    format!("the term ends on {to}, before it begins on {from}"),
                ),
                Text::new("更正起止日期", "correct the dates"),
            )
            .at("term")
            .with_fact("from", from)
            .with_fact("to", to),
        );
        return found;
    }
    // A term from signing is longest when it is signed today.
    let Some(span) = term.longest(context.today) else { return found };
    let words = span.text();
    let limit = &rules.term_limit;
    match limit_for(&limit.value, notice) {
        Some((years, word)) if longer_than(span, years) => found.push(
            limit
                .finding(
                    Text::new(
                        format!("期限{}超过上限{years}年", words.zh),
                        format!("the term of {} is longer than the limit of {years} years", words.en),
                    ),
                    Text::new(format!("缩短到{years}年以内"), format!("shorten it to {years} years")),
                )
                .at("term")
                .with_fact("term", span)
                .with_fact("limit-years", years)
                .with_fact("kind", word),
        ),
        _ => {}
    }
    let within = &rules.term_within_title;
    if let (true, Some(title_end), Some(end)) = (within.value, context.title_term_end, term.end(context.today))
        && end > title_end
    {
        found.push(
            within
                .finding(
                    Text::new(
                        format!("期限止于{end},超过权利剩余期限({title_end})"),
                        format!("the term ends on {end}, after the title itself ({title_end})"),
                    ),
                    Text::new(format!("期限最迟到{title_end}"), format!("let it end by {title_end}")),
                )
                .at("term")
                .with_fact("end", end)
                .with_fact("title-end", title_end),
        );
    }
    let long = &rules.term_long;
    if longer_than(span, long.value) {
        found.push(
            long.finding(
                Text::new(format!("期限{}超过{}年", words.zh, long.value), format!("a long term: {}", words.en)),
                Text::new("说明理由并约定租金调整", "say why, and let the rent be adjusted"),
            )
            .at("term")
            .with_fact("term", span)
            .with_fact("years", long.value),
        );
    }
    if let Some(years) = rules.term_registrable.value
        && span.total_months() >= u32::from(years) * 12
    {
        let rule = &rules.term_registrable;
        found.push(
            rule.finding(rule.text(), Text::new("签约后可申请登记", "apply for registration after signing")).at("term"),
        );
    }
    found
}
