//! Mobile telephone numbers of the mainland (手机号码).

use super::{mask, masked_text, squeezed};
use crate::finding::{Finding, Text};

const BASIS: &str = "电信网编号计划(公众移动通信网网号)";

/// A mainland mobile number: 11 digits, the second from 3 to 9.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MobileNumber(String);

masked_text!(MobileNumber);

impl MobileNumber {
    /// A number from the text of a form; spaces, hyphens and a country code of `+86` or `0086` are dropped.
    ///
    /// # Errors
    /// Rule `mobile.form`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let squeezed = squeezed(text);
        let number = squeezed.strip_prefix("+86").or_else(|| squeezed.strip_prefix("0086")).unwrap_or(&squeezed);
        let bytes = number.as_bytes();
        let form = bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && bytes[1] >= b'3';
        if form { Ok(Self(number.to_owned())) } else { Err(bad_form(number.chars().count())) }
    }

    /// `138****5678`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

fn bad_form(length: usize) -> Finding {
    Finding::refusal(
        "mobile.form",
        BASIS,
        Text::new("手机号码应为11位数字,以13至19开头", "A mobile number is 11 digits that begin with 13 to 19"),
        Text::new("请核对手机号码", "Check the mobile number"),
    )
    .with_fact("length", length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn read_and_shown() {
        for text in ["13800005678", "+86 138 0000 5678", "0086-138-0000-5678", " 138-0000-5678 "] {
            let number = MobileNumber::parse(text).unwrap();
            assert_eq!(number.expose(), "13800005678");
            assert_eq!(format!("{number} {number:?}"), "138****5678 MobileNumber(138****5678)");
        }
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            "1380000567",
            "138000056789",
            "12800005678",
            "23800005678",
            "1380000567a",
            "１3800005678",
            "+8513800005678",
        ] {
            let finding = MobileNumber::parse(text).expect_err(text);
            assert_eq!(finding.rule, "mobile.form");
            assert!(text.is_empty() || !format!("{finding:?}").contains(text));
        }
    }

    proptest! {
        #[test]
        fn every_well_formed_number_is_read(text in "1[3-9][0-9]{9}") {
            let number = MobileNumber::parse(&text).unwrap();
            prop_assert_eq!(number.expose(), &text);
            let (head, tail) = (&text[..3], &text[7..]);
            prop_assert_eq!(format!("{number:?}"), format!("MobileNumber({head}****{tail})"));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = MobileNumber::parse(&text).map(|number| number.masked());
        }
    }
}
