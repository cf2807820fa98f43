//! Money in figures (`1,234.56`) and as people type it.

use super::Money;
use crate::finding::{Finding, Text};
use std::fmt;

/// Renminbi has no unit under the fen, so an amount has at most two decimals.
const BASIS: &str = "中华人民共和国人民币管理条例 第四条";

/// The longest piece of bad input that a finding repeats.
const SHOWN: usize = 40;

impl fmt::Display for Money {
    /// Yuan in figures, grouped by thousands, always two decimals: `1,234.56`, `-0.05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.fen().unsigned_abs();
        let yuan = (size / 100).to_string();
        let mut figures = String::with_capacity(yuan.len() * 4 / 3 + 4);
        if self.is_negative() {
            figures.push('-');
        }
        for (place, digit) in yuan.char_indices() {
            if place > 0 && (yuan.len() - place).is_multiple_of(3) {
                figures.push(',');
            }
            figures.push(digit);
        }
        figures.push_str(&format!(".{:02}", size % 100));
        f.pad(&figures)
    }
}

impl Money {
    /// Yuan in figures, as `Display` writes it.
    pub fn figures(self) -> String {
        self.to_string()
    }

    /// An amount from the text of a form or a file, in yuan: `1234.56`, `1,234.5`, `￥1,234`, `-5`.
    ///
    /// Refuses what could be a slip: a third decimal, commas in the wrong places, anything that is not a figure. Nothing is
    /// rounded. The caller adds the field.
    pub fn parse_yuan(text: &str) -> Result<Self, Finding> {
        let trimmed = text.trim();
        let (negative, size) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let size = size.strip_prefix(['¥', '￥']).unwrap_or(size);
        let (whole, decimals) = match size.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (size, None),
        };
        let digits = ungrouped(whole).ok_or_else(|| not_figures(trimmed))?;
        let hundredths = match decimals {
            None => 0,
            Some(text) if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(not_figures(trimmed));
            }
            Some(text) if text.len() > 2 => return Err(too_fine(trimmed)),
            // One decimal is tenths, two are hundredths: padding makes both hundredths.
            Some(text) => format!("{text:0<2}").parse::<i128>().map_err(|_| not_figures(trimmed))?,
        };
        let yuan = digits.parse::<i128>().map_err(|_| too_large(trimmed))?;
        let fen =
            yuan.checked_mul(100).and_then(|fen| fen.checked_add(hundredths)).ok_or_else(|| too_large(trimmed))?;
        let fen = if negative { -fen } else { fen };
        i64::try_from(fen).map(Self::from_fen).map_err(|_| too_large(trimmed))
    }
}

/// The digits of a whole number, commas taken out where they stand right: none, or after one to three digits and then every three.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = String::from(first);
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    let first_fits = !first.is_empty() && (!grouped || first.len() <= 3);
    (first_fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

fn not_figures(text: &str) -> Finding {
    Finding::refusal(
        "money.figures",
        BASIS,
        Text::new("金额应为以元为单位的阿拉伯数字", "An amount must be a plain number of yuan"),
        Text::new("请填写如 1234.56 或 1,234.56 的金额", "Write an amount such as 1234.56 or 1,234.56"),
    )
    .with_fact("text", shown(text))
}

fn too_fine(text: &str) -> Finding {
    Finding::refusal(
        "money.decimals",
        BASIS,
        Text::new("金额最多两位小数(分)", "An amount has at most two decimals (fen)"),
        Text::new("请按分填写,不会自动舍入", "Give the amount to the fen; nothing is rounded for you"),
    )
    .with_fact("text", shown(text))
    .with_fact("max-decimals", 2)
}

fn too_large(text: &str) -> Finding {
    Finding::refusal(
        "money.range",
        BASIS,
        Text::new("金额超出系统可记录的范围", "The amount is larger than can be recorded"),
        Text::new("请核对是否多输了数字", "Check whether there are digits too many"),
    )
    .with_fact("text", shown(text))
    .with_fact("max", Money::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fen(text: &str) -> i64 {
        Money::parse_yuan(text).unwrap_or_else(|finding| panic!("{text}: {finding:?}")).fen()
    }

    #[test]
    fn figures() {
        for (amount, figures) in [
            (0, "0.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (12_345, "123.45"),
            (123_456, "1,234.56"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(Money::from_fen(amount).figures(), figures);
        }
        assert_eq!(format!("{:>10}", Money::from_fen(5)), "      0.05");
    }

    #[test]
    fn what_people_type() {
        assert_eq!(fen("1234.56"), 123_456);
        assert_eq!(fen(" 1,234.5 "), 123_450);
        assert_eq!(fen("￥1,234"), 123_400);
        assert_eq!(fen("-¥0.05"), -5);
        assert_eq!(fen("12345678"), 1_234_567_800);
        assert_eq!(fen("92233720368547758.07"), i64::MAX);
        assert_eq!(fen("-92233720368547758.08"), i64::MIN);
    }

    #[test]
    fn slips_are_refused_by_name() {
        for (text, rule) in [
            ("1,234.567", "money.decimals"),
            ("0.000", "money.decimals"),
            ("12,34", "money.figures"),
            ("1234,567", "money.figures"),
            (",123", "money.figures"),
            ("1,234,", "money.figures"),
            ("", "money.figures"),
            ("-", "money.figures"),
            (".5", "money.figures"),
            ("5.", "money.figures"),
            ("1.2.3", "money.figures"),
            ("1e5", "money.figures"),
            ("--5", "money.figures"),
            ("+5", "money.figures"),
            ("1.+5", "money.figures"),
            ("壹佰", "money.figures"),
            ("１２", "money.figures"),
            ("92233720368547758.08", "money.range"),
            ("999999999999999999999999999999999999999999", "money.range"),
        ] {
            let finding = Money::parse_yuan(text).expect_err(text);
            assert_eq!(finding.rule, rule, "{text}");
            assert!(finding.refuses());
        }
    }

    proptest! {
        #[test]
        fn figures_read_back(amount in any::<i64>()) {
            let money = Money::from_fen(amount);
            prop_assert_eq!(Money::parse_yuan(&money.figures()).unwrap(), money);
            prop_assert_eq!(Money::parse_yuan(&money.yuan().to_string()).unwrap(), money);
        }

        #[test]
        fn no_input_panics_and_what_is_read_is_a_number(text in "[-0-9.,¥ a元]{0,24}") {
            if let Ok(money) = Money::parse_yuan(&text) {
                let plain: String = text.chars().filter(|c| !", ¥".contains(*c)).collect();
                prop_assert_eq!(plain.parse::<rust_decimal::Decimal>().unwrap(), money.yuan());
            }
        }
    }
}
