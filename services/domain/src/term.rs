//! Terms (流转期限): how long a right passes, kept as the notice says it.
//!
//! A notice writes "5 years", "2026-02-21 起 5 年", "from signing to 2028-08-31", or decimal years such as 4.9, 2.58 and 0.92.
//! The last are whole months written carelessly (2.58 years = 2 years 7 months); [`Span::from_decimal_years`] reads them back
//! exactly or says that it can't.

use crate::finding::{Finding, Text};
use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Days counted for a year when left-over days of a term are turned into a share of a year (余日按 365 日计).
pub const DAYS_PER_YEAR: u32 = 365;

/// A length of time: years, months and left-over days. In JSON an ISO 8601 duration such as `P2Y7M`.
///
/// **Invariant**: fewer than 12 months, and at most 30 days unless the span is days alone, so that what is left over after the
/// whole years is always less than a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    years: u16,
    months: u16,
    days: u16,
}

impl Span {
    /// Whole years.
    pub const fn years(years: u16) -> Self {
        Self { years, months: 0, days: 0 }
    }

    /// Whole months, carried into years.
    pub const fn months(months: u16) -> Self {
        Self { years: months / 12, months: months % 12, days: 0 }
    }

    /// Years, months (carried into years) and left-over days; none where more than 30 days stand beside years or months.
    pub const fn new(years: u16, months: u16, days: u16) -> Option<Self> {
        if days > 30 && (years > 0 || months > 0) {
            return None;
        }
        match years.checked_add(months / 12) {
            Some(years) => Some(Self { years, months: months % 12, days }),
            None => None,
        }
    }

    /// The whole years of it.
    pub const fn whole_years(self) -> u16 {
        self.years
    }

    /// Whole months of it, years included.
    pub fn total_months(self) -> u32 {
        u32::from(self.years) * 12 + u32::from(self.months)
    }

    /// The days beyond the last whole month.
    pub const fn left_days(self) -> u16 {
        self.days
    }

    /// Whether it is no time at all.
    pub const fn is_empty(self) -> bool {
        self.years == 0 && self.months == 0 && self.days == 0
    }

    /// The length in 4380ths of a year (4380 = 12 × 365), the unit in which months and left-over days are both whole:
    /// a month is 365 of them, a left-over day 12. Exact, and the basis of every rent that is counted by time.
    pub fn year_parts(self) -> u32 {
        self.total_months() * DAYS_PER_YEAR + u32::from(self.days) * 12
    }

    /// [`Self::year_parts`] of one year.
    pub const PARTS_PER_YEAR: u32 = 12 * DAYS_PER_YEAR;

    /// Reads decimal years as a notice writes them. Whole months are found back where exactly one number of months rounds to
    /// the decimal as written (2.58 → 31 months, 0.92 → 11, 4.9 → 59); the flag says whether that reading was needed.
    ///
    /// # Errors
    /// The finding `term.inexact` where no or more than one number of months fits; `term.range` for nothing or over 999 years.
    pub fn from_decimal_years(years: Decimal) -> Result<(Self, bool), Finding> {
        if years <= Decimal::ZERO || years > Decimal::from(999) {
            return Err(Finding::refusal(
                "term.range",
                "交易公告期限应当明确",
                Text::new(
                    format!("期限“{years}年”不是有效的期限"),
                    format!("a term of {years} years is not a possible term"),
                ),
                Text::new("填写大于零的年限", "state a term longer than nothing"),
            )
            .at("term")
            .with_fact("years", years));
        }
        let months = years * Decimal::from(12);
        if months.is_integer() {
            return whole_months(months).map(|m| (Self::months(m), false)).ok_or_else(|| inexact(years));
        }
        let digits = years.scale();
        let first = months.floor() - Decimal::ONE;
        let mut fitting = (0..4).map(|step| first + Decimal::from(step)).filter(|candidate| {
            *candidate > Decimal::ZERO
                && (*candidate / Decimal::from(12))
                    .round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
                    == years
        });
        match (fitting.next().and_then(whole_months), fitting.next()) {
            (Some(only), None) => Ok((Self::months(only), true)),
            _ => Err(inexact(years)),
        }
    }

    /// The span in words.
    pub fn text(self) -> Text {
        let mut zh = String::new();
        let mut en = Vec::new();
        for (value, zh_unit, en_unit) in
            [(self.years, "年", "year"), (self.months, "个月", "month"), (self.days, "天", "day")]
        {
            if value > 0 {
                zh.push_str(&format!("{value}{zh_unit}"));
                en.push(format!("{value} {en_unit}{}", if value == 1 { "" } else { "s" }));
            }
        }
        if en.is_empty() { Text::new("0天", "0 days") } else { Text::new(zh, en.join(" ")) }
    }
}

fn whole_months(months: Decimal) -> Option<u16> {
    u16::try_from(months).ok().filter(|m| *m > 0)
}

fn inexact(years: Decimal) -> Finding {
    Finding::refusal(
        "term.inexact",
        "交易公告期限应当明确",
        Text::new(
            format!("期限“{years}年”折不成整月,无法确定起止"),
            format!("a term of {years} years is no whole number of months, so its end can't be told"),
        ),
        Text::new("写明起止日期,或者写成年、月、日", "state the dates, or years, months and days"),
    )
    .at("term")
    .with_fact("years", years)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        if self.years > 0 {
            write!(f, "{}Y", self.years)?;
        }
        if self.months > 0 {
            write!(f, "{}M", self.months)?;
        }
        if self.days > 0 || (self.years == 0 && self.months == 0) {
            write!(f, "{}D", self.days)?;
        }
        Ok(())
    }
}

/// A text that is not a span of years, months and days in ISO 8601.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a span such as P2Y7M: {0}")]
pub struct SpanError(pub String);

impl FromStr for Span {
    type Err = SpanError;
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let fail = || SpanError(text.to_owned());
        let mut rest = text.strip_prefix('P').ok_or_else(fail)?;
        let mut parts = [0u16; 3];
        let mut seen = false;
        for (place, unit) in ['Y', 'M', 'D'].into_iter().enumerate() {
            if let Some((digits, tail)) = rest.split_once(unit) {
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(fail());
                }
                parts[place] = digits.parse().map_err(|_| fail())?;
                rest = tail;
                seen = true;
            }
        }
        if !seen || !rest.is_empty() || parts[1] > 11 {
            return Err(fail());
        }
        Self::new(parts[0], parts[1], parts[2]).ok_or_else(fail)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The day a term begins where no date is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = TermStart))]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// The day the contract is signed (合同签订之日).
    Signing,
    /// The day the object is handed over (交付之日).
    Handover,
    /// The day of the award (成交之日).
    Award,
    /// Not said in the notice; to be settled before announcement (未写明).
    Unstated,
}

/// How long the right passes. Days are days of law in Asia/Shanghai; `to` is the last day of the term, included in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Term {
    /// No term: the object is sold (一次性转让, 无期限).
    Sale,
    /// From one day to another, both included.
    Fixed {
        /// First day.
        from: NaiveDate,
        /// Last day, included.
        to: NaiveDate,
        /// The length rent is counted for where the notice says other than the dates give, such as "不足一年按一年算".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<Span>,
    },
    /// A length from a day that is not a date yet.
    Length {
        /// The length.
        span: Span,
        /// The day it begins.
        start: Start,
        /// Whether it is a maximum and the length itself is settled at signing (不超过).
        #[serde(default)]
        at_most: bool,
    },
    /// From a day that is not a date yet to a date ("自签订之日起至 2028-08-31").
    Until {
        /// The day it begins.
        start: Start,
        /// Last day, included.
        to: NaiveDate,
        /// The length rent is counted for where the notice states one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<Span>,
    },
}

impl Term {
    /// From `from` for `span`; none where the calendar ends first.
    pub fn from_date(from: NaiveDate, span: Span) -> Option<Self> {
        let to = end_after(from, span)?;
        Some(Self::Fixed { from, to, counted: None })
    }

    /// The length between the dates, as far as dates are known.
    pub fn span(&self) -> Option<Span> {
        match *self {
            Self::Sale => None,
            Self::Fixed { from, to, .. } => span_between(from, to),
            Self::Length { span, .. } => Some(span),
            Self::Until { counted, .. } => counted,
        }
    }

    /// The length that rent is counted for: what the notice counts, else what the dates give. None for a sale, and for a term
    /// that begins at signing until that day is known.
    pub fn rent_span(&self) -> Option<Span> {
        match *self {
            Self::Fixed { counted: Some(counted), .. } => Some(counted),
            _ => self.span(),
        }
    }

    /// The longest the term can be, when it begins on `begin` at the earliest: what statutory limits are held against.
    pub fn longest(&self, begin: NaiveDate) -> Option<Span> {
        match *self {
            Self::Until { to, .. } => span_between(begin, to),
            _ => self.span(),
        }
    }

    /// The last day when the term begins on `begin` (which is ignored where the notice has its own date).
    pub fn end(&self, begin: NaiveDate) -> Option<NaiveDate> {
        match *self {
            Self::Sale => None,
            Self::Fixed { to, .. } | Self::Until { to, .. } => Some(to),
            Self::Length { span, .. } => end_after(begin, span),
        }
    }

    /// The same term once its first day is known (at signing): from there on it has dates. A sale stays a sale.
    pub fn begun(&self, begin: NaiveDate) -> Option<Self> {
        match *self {
            Self::Sale | Self::Fixed { .. } => Some(*self),
            Self::Length { span, .. } => Self::from_date(begin, span),
            Self::Until { to, counted, .. } => (begin <= to).then_some(Self::Fixed { from: begin, to, counted }),
        }
    }

    /// The term in words.
    pub fn text(&self) -> Text {
        let start = |start: Start| match start {
            Start::Signing => Text::new("合同签订之日", "the day of signing"),
            Start::Handover => Text::new("交付之日", "the day of handover"),
            Start::Award => Text::new("成交之日", "the day of the award"),
            Start::Unstated => Text::new("起始日未写明", "a day not stated"),
        };
        match *self {
            Self::Sale => Text::new("一次性转让,无期限", "sale, no term"),
            Self::Fixed { from, to, counted } => {
                let shown = counted.or_else(|| span_between(from, to)).unwrap_or_default().text();
                Text::new(format!("{from} 至 {to}({})", shown.zh), format!("{from} to {to} ({})", shown.en))
            }
            Self::Length { span, start: begin, at_most } => {
                let (length, day) = (span.text(), start(begin));
                let (zh, en) = if at_most { ("不超过", "at most ") } else { ("", "") };
                if begin == Start::Unstated {
                    Text::new(format!("{zh}{}({})", length.zh, day.zh), format!("{en}{} from {}", length.en, day.en))
                } else {
                    Text::new(format!("自{}起{zh}{}", day.zh, length.zh), format!("{en}{} from {}", length.en, day.en))
                }
            }
            Self::Until { start: begin, to, .. } => {
                let day = start(begin);
                Text::new(format!("自{}起至 {to}", day.zh), format!("from {} to {to}", day.en))
            }
        }
    }
}

/// The last day of a term of `span` that begins on `from`: one year from 2026-02-21 ends on 2027-02-20. None where the span is
/// empty or the calendar ends. Where a month is too short, its last day counts, as 民法典 第二百零二条 says.
pub fn end_after(from: NaiveDate, span: Span) -> Option<NaiveDate> {
    if span.is_empty() {
        return None;
    }
    from.checked_add_months(Months::new(span.total_months()))?
        .checked_add_days(Days::new(u64::from(span.days)))?
        .pred_opt()
}

/// The length from `from` to `to`, both included, in whole months and left-over days. None where `to` is before `from` or the
/// span is beyond what a term can be.
pub fn span_between(from: NaiveDate, to: NaiveDate) -> Option<Span> {
    let after = to.succ_opt()?;
    if after <= from {
        return None;
    }
    let estimate =
        (after.year() - from.year()) * 12 + i32::try_from(after.month()).ok()? - i32::try_from(from.month()).ok()?;
    let mut months = u32::try_from(estimate).ok()?;
    while from.checked_add_months(Months::new(months)).is_none_or(|reached| reached > after) {
        months = months.checked_sub(1)?;
    }
    let reached = from.checked_add_months(Months::new(months))?;
    let days = u16::try_from((after - reached).num_days()).ok()?;
    let months = u16::try_from(months).ok()?;
    Span::new(0, months, days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date of the test")
    }

    fn years(text: &str) -> Result<(Span, bool), Finding> {
        Span::from_decimal_years(text.parse().expect("a decimal of the test"))
    }

    #[test]
    fn decimal_years_of_real_notices_are_whole_months() {
        assert_eq!(years("20").expect("whole"), (Span::years(20), false));
        assert_eq!(years("2.5").expect("exact"), (Span::months(30), false));
        assert_eq!(years("2.58").expect("31 months"), (Span::months(31), true));
        assert_eq!(years("0.92").expect("11 months"), (Span::months(11), true));
        assert_eq!(years("4.9").expect("59 months"), (Span::months(59), true));
    }

    #[test]
    fn decimal_years_that_fit_no_month_or_two_are_refused() {
        for text in ["4.9027", "0.3", "1.8", "0.123"] {
            assert_eq!(years(text).expect_err("not months").rule, "term.inexact", "{text}");
        }
        for text in ["0", "-3", "1000"] {
            assert_eq!(years(text).expect_err("no term").rule, "term.range", "{text}");
        }
    }

    #[test]
    fn a_year_ends_the_day_before_it_began() {
        assert_eq!(end_after(day("2026-02-21"), Span::years(5)), Some(day("2031-02-20")));
        assert_eq!(span_between(day("2025-12-01"), day("2035-11-30")), Some(Span::years(10)));
        assert_eq!(span_between(day("2026-03-01"), day("2028-12-30")), Span::new(2, 9, 30));
        assert_eq!(span_between(day("2021-02-05"), day("2025-12-31")), Span::new(4, 10, 27));
        assert_eq!(span_between(day("2026-03-01"), day("2026-02-28")), None);
    }

    #[test]
    fn counted_rent_goes_before_dates_and_dates_before_nothing() {
        let until = Term::Until { start: Start::Signing, to: day("2028-12-31"), counted: Some(Span::years(5)) };
        assert_eq!(until.rent_span(), Some(Span::years(5)));
        let open = Term::Until { start: Start::Signing, to: day("2028-08-31"), counted: None };
        assert_eq!(open.rent_span(), None);
        assert_eq!(open.begun(day("2028-03-01")).and_then(|t| t.rent_span()), Some(Span::months(6)));
        assert_eq!(open.begun(day("2028-09-01")), None);
    }

    #[test]
    fn terms_travel_as_json_and_refuse_unknown_fields() {
        let term = Term::Length { span: Span::months(31), start: Start::Signing, at_most: false };
        let json = serde_json::to_string(&term).expect("serialises");
        assert_eq!(json, r#"{"kind":"length","span":"P2Y7M","start":"signing","at_most":false}"#);
        assert_eq!(serde_json::from_str::<Term>(&json).expect("reads back"), term);
        assert!(serde_json::from_str::<Term>(r#"{"kind":"length","span":"P2Y","start":"signing","x":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn span_and_end_are_inverse(from in 0i64..20_000, months in 0u16..840, days in 0u16..28) {
            let from = day("2000-01-01") + chrono::TimeDelta::days(from);
            let span = Span::new(0, months, days).expect("fewer than 28 days");
            prop_assume!(!span.is_empty());
            let to = end_after(from, span).expect("inside the calendar");
            let back = span_between(from, to).expect("not empty");
            // Days 29 to 31 fold into shorter months, so only the end is unique, and it must come back.
            prop_assert_eq!(end_after(from, back), Some(to));
            if from.day() <= 28 {
                prop_assert_eq!(back, span);
            }
        }

        #[test]
        fn spans_read_back(years in 0u16..999, months in 0u16..12, days in 0u16..=30) {
            let span = Span::new(years, months, days).expect("at most 30 days");
            prop_assert_eq!(span.to_string().parse::<Span>(), Ok(span));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = text.parse::<Span>();
        }
    }
}
