//! Figures as notices write them: full-width digits, commas, Chinese numerals, 万.

use crate::money::Money;
use rust_decimal::Decimal;
use std::str::FromStr;

/// `text` trimmed, with full-width ASCII and the ideographic space made half-width.
pub(super) fn norm(text: &str) -> String {
    let half = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    text.chars().map(half).collect::<String>().trim().to_owned()
}

/// Why a text is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoFigure {
    /// Nothing but other characters.
    Unreadable,
    /// Less than nothing.
    Negative,
}

/// A plain decimal such as `1234.5` or `1,234.5`; commas must stand right.
pub(super) fn figure(text: &str) -> Result<Decimal, NoFigure> {
    let text = norm(text);
    if let Some(rest) = text.strip_prefix(['-', '−', '–']) {
        return Err(if figure(rest).is_ok() { NoFigure::Negative } else { NoFigure::Unreadable });
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut grouped = false;
    let mut right = digits(first);
    for group in groups {
        grouped = true;
        right &= digits(group) && group.len() == 3;
    }
    if !right || (grouped && first.len() > 3) || !digits(decimals) {
        return Err(NoFigure::Unreadable);
    }
    // Decimal holds 28 digits; anything longer is no figure of a notice.
    Decimal::from_str(&text.replace(',', "")).map_err(|_| NoFigure::Unreadable)
}

/// A figure with the smallest step it is written in: 800 to the whole, 77880.3 to the tenth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The figure.
    pub(super) value: Decimal,
    /// One unit in its last place.
    pub(super) ulp: Decimal,
}

impl Written {
    /// A figure as it was written.
    pub(super) fn new(value: Decimal) -> Self {
        Self { value, ulp: Decimal::new(1, value.scale()) }
    }

    /// Both times `factor`; none where it does not fit.
    pub(super) fn times(self, factor: Decimal) -> Option<Self> {
        Some(Self { value: self.value.checked_mul(factor)?, ulp: self.ulp.checked_mul(factor)? })
    }
}

/// Yuan as an amount of money, where it comes out to the fen and fits.
pub(super) fn money(yuan: Decimal) -> Option<Money> {
    let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
    fen.is_integer().then(|| i64::try_from(fen).ok()).flatten().map(Money::from_fen)
}

/// A whole number in digits or Chinese numerals up to 999 (三, 十, 二十五, 两, 一百二十).
pub(super) fn whole(text: &str) -> Option<u32> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let mut sum = 0u32;
    let mut digit = None;
    for c in text.chars() {
        match c {
            '十' | '百' => {
                let scale = if c == '十' { 10 } else { 100 };
                sum = sum.checked_add(digit.take().unwrap_or(1) * scale)?;
            }
            c => {
                let value = "零一二三四五六七八九".chars().position(|d| d == c).or((c == '两').then_some(2))?;
                // 三五 is three or five, not thirty-five; a zero only holds a place (一百零五).
                if digit.is_some_and(|digit| digit != 0) {
                    return None;
                }
                digit = Some(u32::try_from(value).ok()?);
            }
        }
    }
    let whole = sum.checked_add(digit.unwrap_or(0))?;
    (!text.is_empty()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_written() {
        let good = |text: &str| figure(text).expect("a figure").to_string();
        assert_eq!(good("1,234,567.80"), "1234567.80");
        assert_eq!(good(" 62.44 "), "62.44");
        for text in ["", "abc", "12,34", "1.", ".5", "1.2.3", "1e5", "500-600", "约500", "--1", "NaN"] {
            assert_eq!(figure(text), Err(NoFigure::Unreadable), "{text}");
        }
        assert_eq!(figure("-5"), Err(NoFigure::Negative));
        assert_eq!(figure("99999999999999999999999999999999"), Err(NoFigure::Unreadable));
    }

    #[test]
    fn full_width_reads_like_half_width() {
        assert_eq!(norm("12.5　亩(约)"), "12.5 亩(约)");
    }

    #[test]
    fn chinese_numerals() {
        for (text, value) in
            [("三", 3), ("十", 10), ("十五", 15), ("二十", 20), ("二十五", 25), ("两", 2), ("一百二十", 120), ("7", 7)]
        {
            assert_eq!(whole(text), Some(value), "{text}");
        }
        for text in ["", "年", "三x", "三五"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn money_comes_out_to_the_fen_or_not_at_all() {
        assert_eq!(money(Decimal::new(23, 2)), Some(Money::from_fen(23)));
        assert_eq!(money(Decimal::new(235, 3)), None);
        assert_eq!(money(Decimal::MAX), None);
    }
}
