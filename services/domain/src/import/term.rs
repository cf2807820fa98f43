//! How long the right passes (期限): stated years, dates, both, or in words.

mod words;

use super::dates::{self, Published};
use super::draft::Draft;
use super::number::{NoFigure, figure, norm, whole};
use super::say::{note, refuse, shown, warn};
use crate::finding::Finding;
use crate::rights::{Category, TransferMode};
use crate::term::{Span, Start, Term, span_between};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use words::{at_most, spoken, title_years};

/// Reads the term.
pub(super) fn read(draft: &mut Draft<'_>) {
    let stated = stated(draft);
    let from = date(draft, "term_from");
    let to = date(draft, "term_to");
    let decimal = figure(draft.get("term_years")).ok();
    let term = match (from, to) {
        (Some(from), Some(to)) => fixed(draft, from, to, stated.as_ref(), decimal),
        (None, Some(to)) => {
            let span = span_of(draft, stated);
            until(draft, to, span)
        }
        (Some(from), None) => span_of(draft, stated).and_then(|span| Term::from_date(from, span)),
        (None, None) => length(draft, stated),
    };
    draft.notice.term = term.or_else(|| sale(draft).then_some(Term::Sale));
    against_title(draft);
}

/// Whether the object is sold for good: a transfer of things or shares for which no term is named anywhere.
fn sale(draft: &Draft<'_>) -> bool {
    let things = matches!(
        draft.notice.category,
        Some(Category::Equipment | Category::Equity | Category::Ip | Category::OperatingAsset | Category::Project)
    );
    let silent = ["term_years", "term_from", "term_to"].iter().all(|column| draft.get(column).is_empty());
    silent && things && draft.notice.mode == Some(TransferMode::Transfer)
}

/// The stated length, as far as it is a number of months; the finding where it is none. Dates may still settle it.
fn stated(draft: &mut Draft<'_>) -> Option<Result<Span, Finding>> {
    let text = draft.get("term_years");
    if text.is_empty() {
        return spoken(draft).map(Ok);
    }
    let plain = norm(text);
    let months = plain.strip_suffix("个月").and_then(whole).and_then(|months| u16::try_from(months).ok());
    if let Some(months) = months.filter(|months| *months > 0) {
        return Some(Ok(Span::months(months)));
    }
    let years = plain.strip_suffix('年').unwrap_or(&plain).trim();
    let value = match figure(years) {
        Ok(value) => value,
        Err(reason) => match whole(years).filter(|years| *years > 0) {
            Some(years) => Decimal::from(years),
            None => {
                let rule = if reason == NoFigure::Negative { "term.range" } else { "term.unreadable" };
                draft.say(
                    refuse(
                        rule,
                        "term",
                        format!("期限“{}”不是年数", shown(text)),
                        format!("the term \"{}\" is not a number of years", shown(text)),
                    )
                    .with_fact("column", "term_years")
                    .with_fact("text", shown(text)),
                );
                return None;
            }
        },
    };
    Some(Span::from_decimal_years(value).map(|(span, _)| span))
}

/// The stated span; where it could not be told exactly and no dates help, that refuses.
fn span_of(draft: &mut Draft<'_>, stated: Option<Result<Span, Finding>>) -> Option<Span> {
    match stated? {
        Ok(span) => {
            if let Some(years) = figure(draft.get("term_years"))
                .ok()
                .filter(|years| (*years * Decimal::from(12)).fract() != Decimal::ZERO)
            {
                let words = span.text();
                draft.say(
                    note(
                        "term.decimal-years",
                        "term",
                        format!("{years}年按{}处理", words.zh),
                        format!("{years} years are taken as {}", words.en),
                    )
                    .with_fact("years", years)
                    .with_fact("span", span),
                );
            }
            Some(span)
        }
        Err(finding) => {
            draft.say(finding);
            None
        }
    }
}

/// A date of the term; a year or month alone means its first or last day.
fn date(draft: &mut Draft<'_>, column: &'static str) -> Option<NaiveDate> {
    let text = draft.get(column);
    if text.is_empty() {
        return None;
    }
    match dates::parse(text) {
        Some(Published::Exact(moment)) => Some(moment.date),
        Some(Published::Coarse(first, last)) => {
            let day = if column == "term_from" { first } else { last };
            draft.say(
                warn(
                    "term.coarse",
                    "term",
                    format!("期限只写到“{}”,按{day}处理", shown(text)),
                    format!("the term names only {}, taken as {day}", shown(text)),
                )
                .with_fact("column", column)
                .with_fact("text", shown(text)),
            );
            Some(day)
        }
        None => {
            draft.say(dates::unreadable(column, "term", text));
            None
        }
    }
}

/// Dates, and perhaps a stated length beside them. The dates govern; a stated length that counts the broken year as a whole one
/// ("不足一年按一年算") is the length the rent is counted for. Anything else is a contradiction.
fn fixed(
    draft: &mut Draft<'_>,
    from: NaiveDate,
    to: NaiveDate,
    stated: Option<&Result<Span, Finding>>,
    decimal: Option<Decimal>,
) -> Option<Term> {
    let Some(dated) = span_between(from, to) else {
        // `term.order` of the rulebook names it.
        return Some(Term::Fixed { from, to, counted: None });
    };
    let agrees = match (stated, decimal) {
        (None, _) => true,
        (Some(Ok(span)), _) if *span == dated => true,
        (_, Some(years)) if years.scale() > 0 => years_of(dated, years.scale()) == Some(years),
        _ => false,
    };
    if agrees {
        return Some(Term::Fixed { from, to, counted: None });
    }
    match stated {
        Some(Ok(span)) if counts_broken_year(*span, dated) => {
            counted(draft, *span, dated);
            Some(Term::Fixed { from, to, counted: Some(*span) })
        }
        Some(Ok(span)) => {
            contradiction(draft, *span, dated, "dates");
            None
        }
        Some(Err(finding)) => {
            draft.say(finding.clone());
            None
        }
        None => None,
    }
}

/// A span in decimal years, rounded half up; none where a decimal can't hold it.
fn years_of(span: Span, digits: u32) -> Option<Decimal> {
    let years = Decimal::from(span.year_parts()).checked_div(Decimal::from(Span::PARTS_PER_YEAR))?;
    Some(years.round_dp_with_strategy(digits.min(20), RoundingStrategy::MidpointAwayFromZero))
}

/// Whether `stated` is `dated` with its broken last year counted as a whole one.
fn counts_broken_year(stated: Span, dated: Span) -> bool {
    let whole_years = stated.total_months().is_multiple_of(12) && stated.left_days() == 0;
    whole_years && dated.year_parts().div_ceil(Span::PARTS_PER_YEAR) == stated.total_months() / 12
}

fn counted(draft: &mut Draft<'_>, stated: Span, dated: Span) {
    let (stated_words, dated_words) = (stated.text(), dated.text());
    draft.say(
        warn(
            "term.counted",
            "term",
            format!("公告称{},按起止日期为{};租金按{}计", stated_words.zh, dated_words.zh, stated_words.zh),
            format!(
                "called {}, the dates give {}; rent is counted for {}",
                stated_words.en, dated_words.en, stated_words.en
            ),
        )
        .with_fact("stated", stated)
        .with_fact("dated", dated),
    );
}

fn contradiction(draft: &mut Draft<'_>, stated: Span, other: Span, source: &str) {
    let (stated_words, other_words) = (stated.text(), other.text());
    let (zh, en) = if source == "title" {
        ("名称写的是", "the title says")
    } else {
        ("按起止日期为", "the dates give")
    };
    draft.say(
        refuse(
            "term.contradiction",
            "term",
            format!("期限前后矛盾:写明{},{zh}{}", stated_words.zh, other_words.zh),
            format!("the term contradicts itself: stated {}, {en} {}", stated_words.en, other_words.en),
        )
        .with_fact("stated", stated)
        .with_fact(source, other),
    );
}

/// Only an end: the term begins at signing, or at the award where the words say so.
fn until(draft: &mut Draft<'_>, to: NaiveDate, stated: Option<Span>) -> Option<Term> {
    let special = draft.get("special_conditions");
    let award = ["成交之日", "成交日起", "中标之日"].iter().any(|word| special.contains(word));
    let handover = ["交付之日", "移交之日", "交地之日"].iter().any(|word| special.contains(word));
    let start = match (award, handover) {
        (true, _) => Start::Award,
        (_, true) => Start::Handover,
        _ => Start::Signing,
    };
    if start == Start::Signing {
        draft.say(note(
            "term.from-signing",
            "term",
            format!("只有止日,按自合同签订之日起至{to}处理"),
            format!("only an end is named: taken as from signing to {to}"),
        ));
    }
    if let Some(span) = stated {
        // The earliest day the term could begin is the announcement's; from there the stated length must make sense.
        let announced = dates::parse(draft.get("announce_from")).and_then(|published| match published {
            Published::Exact(moment) => Some(moment.date),
            Published::Coarse(..) => None,
        });
        if let Some(longest) = announced.and_then(|begin| span_between(begin, to))
            && span != longest
            && !counts_broken_year(span, longest)
        {
            contradiction(draft, span, longest, "dates");
            return None;
        }
    }
    Some(Term::Until { start, to, counted: stated })
}

/// Only a length.
fn length(draft: &mut Draft<'_>, stated: Option<Result<Span, Finding>>) -> Option<Term> {
    let span = span_of(draft, stated)?;
    let special = norm(draft.get("special_conditions"));
    let limit = at_most(&special);
    let years = span.total_months().div_ceil(12);
    if let Some(limit) = limit.filter(|limit| *limit < years) {
        draft.say(
            warn(
                "term.above-own-limit",
                "term",
                format!("公告又写明不超过{limit}年,与期限{}不符", span.text().zh),
                format!("the notice also says at most {limit} years, the term is {}", span.text().en),
            )
            .with_fact("limit", limit)
            .with_fact("stated", span),
        );
    }
    let at_most = limit == Some(years) && span.total_months().is_multiple_of(12);
    let start =
        [("签订", Start::Signing), ("签约", Start::Signing), ("成交之日", Start::Award), ("交付之日", Start::Handover)]
            .into_iter()
            .find(|(word, _)| special.contains(&format!("自{word}")) || special.contains(&format!("{word}起")))
            .map_or(Start::Unstated, |(_, start)| start);
    Some(Term::Length { span, start, at_most })
}

/// A title that names another length than the columns.
fn against_title(draft: &mut Draft<'_>) {
    let title = norm(draft.get("title"));
    let Some(years) = title_years(&title) else { return };
    let Some(own) = draft.notice.term.and_then(|term| term.rent_span()) else { return };
    let titled = Span::years(years);
    let agrees = own == titled || counts_broken_year(titled, own) || own.total_months() == titled.total_months();
    if !agrees {
        contradiction(draft, own, titled, "title");
    }
}
