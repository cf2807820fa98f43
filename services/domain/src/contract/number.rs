//! Certificate numbers (鉴证书编号): `520201-2025-000123-C`.
//!
//! Six digits of the county's region code, four of the year, six of the serial that runs within county and year, and a check digit *C*
//! by ISO 7064 MOD 11,10 over the sixteen digits before it (it finds every single wrong digit): start with 10; for each digit, add it,
//! take the sum modulo 10 (0 counts as 10), double, take modulo 11; *C* is (11 − the result) modulo 10.

use crate::region::{RegionCode, RegionLevel};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A certificate's number. Its parts are in range and its check digit is right, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateNumber {
    county: u32,
    year: u16,
    serial: u32,
}

/// Why a text or its parts are no certificate number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Not of the form `520201-2025-000123-4`.
    #[error("a certificate number looks like 520201-2025-000123-4")]
    Form,
    /// The check digit says that a digit is wrong.
    #[error("the check digit is wrong: a digit was mistyped")]
    CheckDigit,
    /// The region has no county, the year is not of four digits, or the serial is not from 1 to 999,999.
    #[error("county, year or serial out of range")]
    Range,
}

impl CertificateNumber {
    /// The `serial`th certificate (from 1) of the county that `region` lies in, in `year`.
    pub fn new(region: &RegionCode, year: u16, serial: u32) -> Result<Self, NotANumber> {
        let county = region.at(RegionLevel::County).ok_or(NotANumber::Range)?;
        let county = county.as_str().parse().map_err(|_| NotANumber::Range)?;
        Self { county, year, serial }.in_range()
    }

    fn in_range(self) -> Result<Self, NotANumber> {
        let fits = (100_000..=999_999).contains(&self.county)
            && (1_000..=9_999).contains(&self.year)
            && (1..=999_999).contains(&self.serial);
        if fits { Ok(self) } else { Err(NotANumber::Range) }
    }

    /// The serial within county and year.
    pub fn serial(&self) -> u32 {
        self.serial
    }

    /// The year.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The check digit.
    pub fn check_digit(&self) -> u8 {
        mod_11_10(format!("{}{}{:06}", self.county, self.year, self.serial).bytes().map(|byte| byte - b'0'))
    }
}

/// The check digit of `digits` by ISO 7064 MOD 11,10.
fn mod_11_10(digits: impl Iterator<Item = u8>) -> u8 {
    let product = digits.fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:06}-{}", self.county, self.year, self.serial, self.check_digit())
    }
}

impl FromStr for CertificateNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let parts: Vec<&str> = text.split('-').collect();
        let [county, year, serial, check] = parts.as_slice() else {
            return Err(NotANumber::Form);
        };
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !(digits(county, 6) && digits(year, 4) && digits(serial, 6) && digits(check, 1)) {
            return Err(NotANumber::Form);
        }
        let body = county.bytes().chain(year.bytes()).chain(serial.bytes()).map(|byte| byte - b'0');
        if mod_11_10(body) != check.as_bytes()[0] - b'0' {
            return Err(NotANumber::CheckDigit);
        }
        let parsed = (county.parse(), year.parse(), serial.parse());
        let (Ok(county), Ok(year), Ok(serial)) = parsed else {
            return Err(NotANumber::Form);
        };
        Self { county, year, serial }.in_range()
    }
}

impl TryFrom<String> for CertificateNumber {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<CertificateNumber> for String {
    fn from(number: CertificateNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(region: &str, year: u16, serial: u32) -> Result<CertificateNumber, NotANumber> {
        CertificateNumber::new(&region.parse().expect("a region code"), year, serial)
    }

    /// The standard's own example: 0794 has the check digit 5.
    #[test]
    fn check_digit_is_that_of_the_standard() {
        assert_eq!(mod_11_10([0, 7, 9, 4].into_iter()), 5);
    }

    #[test]
    fn takes_the_county_of_a_village_and_refuses_what_has_none() {
        let village = number("500229100200", 2025, 123).expect("in a county");
        assert_eq!(village.to_string(), format!("500229-2025-000123-{}", village.check_digit()));
        assert_eq!(number("5002", 2025, 1), Err(NotANumber::Range));
        assert_eq!(number("500229", 2025, 0), Err(NotANumber::Range));
        assert_eq!(number("500229", 2025, 1_000_000), Err(NotANumber::Range));
        for bad in ["", "500229-2025-000123", "500229-2025-123-4", "500229-2025-000123-x", "５00229-2025-000123-4"] {
            assert_eq!(bad.parse::<CertificateNumber>(), Err(NotANumber::Form));
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_writes_and_finds_a_wrong_digit(year in 2000_u16..2100, serial in 1_u32..1_000_000, place in 0_usize..20, digit in 0_u8..10) {
            let number = number("500229", year, serial).expect("in range");
            let text = number.to_string();
            prop_assert_eq!(text.parse(), Ok(number));
            let mut wrong = text.into_bytes();
            if wrong[place].is_ascii_digit() && wrong[place] != b'0' + digit {
                wrong[place] = b'0' + digit;
                let wrong = String::from_utf8(wrong).expect("digits");
                prop_assert_eq!(wrong.parse::<CertificateNumber>(), Err(NotANumber::CheckDigit));
            }
        }
    }
}
