//! The citizen's identity number (公民身份号码), GB 11643-1999.

use super::{mask, masked_text, squeezed};
use crate::finding::{Finding, Text};
use crate::region::Province;
use chrono::{Datelike, NaiveDate};

const BASIS: &str = "GB 11643-1999 公民身份号码";

/// Weights of the first 17 digits and the check characters by remainder: ISO 7064 MOD 11-2.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [u8; 11] = *b"10X98765432";

/// Residence permits of Taiwan's residents carry 83; those of Hong Kong and Macao carry their province codes, 81 and 82
/// (港澳台居民居住证申领发放办法).
const TAIWAN_PERMIT: &str = "83";

/// Nobody born before this year is asked for a number; the standard's own example was born in 1880.
const FIRST_YEAR: i32 = 1850;

/// A citizen's identity number of 18 characters, checked. Sex, which the number also encodes, is not offered on purpose.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId(String);

masked_text!(ResidentId);

impl ResidentId {
    /// A number from the text of a form; spaces and hyphens are dropped, a small `x` is read as `X`.
    ///
    /// # Errors
    /// Rules `resident-id.form` (not 17 digits and a digit or X; the 15-digit numbers ended in 2013), `resident-id.region`,
    /// `resident-id.birth-date`, `resident-id.check`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let number = squeezed(text);
        let bytes = number.as_bytes();
        let form = bytes.len() == 18
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if !form {
            let (zh, en) =
                ("身份号码应为18位:17位数字和1位校验码", "An identity number is 17 digits and a check character");
            return Err(bad("resident-id.form", zh, en).with_fact("length", number.chars().count()));
        }
        if Province::by_code(&number[..2]).is_none() && &number[..2] != TAIWAN_PERMIT {
            return Err(bad("resident-id.region", "身份号码的地区代码不存在", "The number's region does not exist"));
        }
        if birth_date(&number).is_none_or(|date| date.year() < FIRST_YEAR) {
            return Err(bad(
                "resident-id.birth-date",
                "身份号码中的出生日期不存在",
                "The number's birth date does not exist",
            ));
        }
        if bytes[17] != check(&bytes[..17]) {
            return Err(bad("resident-id.check", "身份号码校验码不符", "The number's check character does not fit"));
        }
        Ok(Self(number))
    }

    /// `5002**********1234`: the first four and the last four characters.
    pub fn masked(&self) -> String {
        mask(&self.0, 4, 4)
    }

    /// The date of birth.
    pub fn birth_date(&self) -> NaiveDate {
        birth_date(&self.0).expect("checked when the number was parsed")
    }

    /// Full years of age (周岁) on `date`, the birthday itself counted; none before birth. Someone born on 29 February has the
    /// birthday on 28 February in common years (the last day of the month, as 民法典 art. 202 counts years).
    pub fn age_at(&self, date: NaiveDate) -> Option<u32> {
        let birth = self.birth_date();
        let years = u32::try_from(date.year() - birth.year()).ok()?;
        let birthday = birth.with_year(date.year()).or_else(|| NaiveDate::from_ymd_opt(date.year(), 2, 28))?;
        if date >= birthday { Some(years) } else { years.checked_sub(1) }
    }
}

fn birth_date(number: &str) -> Option<NaiveDate> {
    let part = |range: std::ops::Range<usize>| number.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(part(6..10)?).ok()?;
    NaiveDate::from_ymd_opt(year, part(10..12)?, part(12..14)?)
}

/// The check character of 17 digits.
fn check(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[usize::try_from(sum % 11).expect("a remainder of 11 fits")]
}

fn bad(rule: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new("请对照居民身份证重新填写", "Write it again from the identity card"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A number with the right check character; the persons do not exist.
    fn number(region: &str, birth: &str, serial: &str) -> String {
        let body = format!("{region}{birth}{serial}");
        let last = check(body.as_bytes());
        format!("{body}{}", char::from(last))
    }

    #[test]
    fn the_standards_own_examples() {
        let id = ResidentId::parse("11010519491231002x").unwrap();
        assert_eq!(id.expose(), "11010519491231002X");
        assert_eq!(id.birth_date(), date("1949-12-31"));
        assert_eq!(ResidentId::parse("440524188001010014").unwrap().birth_date(), date("1880-01-01"));
    }

    #[test]
    fn shown_masked_whichever_way() {
        let id = ResidentId::parse("440524 18800101 0014").unwrap();
        assert_eq!(id.masked(), "4405**********0014");
        assert_eq!(format!("{id}"), "4405**********0014");
        assert_eq!(
            format!("{id:?} {:?}", Some(&id)),
            "ResidentId(4405**********0014) Some(ResidentId(4405**********0014))"
        );
    }

    #[test]
    fn refusals_name_the_rule_and_never_the_number() {
        let with_check = |region, birth| number(region, birth, "001");
        for (text, rule) in [
            ("11010519491231002".to_owned(), "resident-id.form"),
            ("110105491231002".to_owned(), "resident-id.form"),
            ("1101051949123100X2".to_owned(), "resident-id.form"),
            ("１10105194912310021".to_owned(), "resident-id.form"),
            (String::new(), "resident-id.form"),
            (with_check("990105", "19491231"), "resident-id.region"),
            (with_check("110105", "19490229"), "resident-id.birth-date"),
            (with_check("110105", "19491301"), "resident-id.birth-date"),
            (with_check("110105", "00000101"), "resident-id.birth-date"),
            ("110105194912310021".to_owned(), "resident-id.check"),
        ] {
            let finding = ResidentId::parse(&text).expect_err(&text);
            assert_eq!(finding.rule, rule, "{text}");
            assert_eq!(finding.field, None);
            let shown = format!("{finding:?}");
            assert!(text.is_empty() || !shown.contains(&text));
        }
        assert!(ResidentId::parse(&number("830000", "20000101", "001")).is_ok(), "residence permit");
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let id = ResidentId::parse(&number("500101", "20080229", "001")).unwrap();
        for (day, age) in [
            ("2008-02-28", None),
            ("2008-02-29", Some(0)),
            ("2026-02-27", Some(17)),
            ("2026-02-28", Some(18)),
            ("2028-02-28", Some(19)),
            ("2028-02-29", Some(20)),
        ] {
            assert_eq!(id.age_at(date(day)), age, "{day}");
        }
        let january = ResidentId::parse(&number("500101", "20080115", "001")).unwrap();
        assert_eq!(january.age_at(date("2007-12-31")), None);
        assert_eq!(january.age_at(date("2008-01-14")), None);
        assert_eq!(january.age_at(date("2026-01-14")), Some(17));
    }

    fn numbers() -> impl Strategy<Value = String> {
        (0usize..34, 0u32..10_000, 0u64..60_000, 0u32..1000).prop_map(|(province, county, day, serial)| {
            let birth = date("1860-01-01") + chrono::Days::new(day);
            let region = format!("{}{county:04}", crate::region::province::PROVINCES[province].code);
            number(&region, &birth.format("%Y%m%d").to_string(), &format!("{serial:03}"))
        })
    }

    proptest! {
        #[test]
        fn one_wrong_or_two_swapped_characters_are_found(text in numbers(), place in 0usize..18, other in 0usize..11, swap in 0usize..17) {
            let id = ResidentId::parse(&text).unwrap();
            prop_assert_eq!(id.expose(), &text);
            let mut wrong = text.clone().into_bytes();
            wrong[place] = b"0123456789X"[other];
            if wrong != text.as_bytes() {
                prop_assert!(ResidentId::parse(&String::from_utf8(wrong).unwrap()).is_err());
            }
            let mut swapped = text.clone().into_bytes();
            swapped.swap(swap, swap + 1);
            if swapped != text.as_bytes() {
                prop_assert!(ResidentId::parse(&String::from_utf8(swapped).unwrap()).is_err());
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = ResidentId::parse(&text).map(|id| id.masked());
        }
    }
}
