//! Bank account and card numbers (银行账号、卡号).

use super::{masked_text, squeezed};
use crate::finding::{Finding, Text};

const BASIS: &str = "人民币银行结算账户管理办法";

/// Rural credit cooperatives have accounts of 8 digits; interbank messages carry at most 32.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=32;

/// A bank account or card number: 8 to 32 digits. Banks number accounts of organisations each in their own way, so there is no
/// check digit to test.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankAccount(String);

masked_text!(BankAccount);

impl BankAccount {
    /// A number from the text of a form or a bank's file; spaces and hyphens are dropped.
    ///
    /// # Errors
    /// Rule `bank-account.form`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let number = squeezed(text);
        if LENGTHS.contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(number))
        } else {
            Err(bad_form(number.chars().count()))
        }
    }

    /// `**** 1234`: the last four digits alone, and not even the length.
    pub fn masked(&self) -> String {
        format!("**** {}", &self.0[self.0.len() - 4..])
    }
}

fn bad_form(length: usize) -> Finding {
    Finding::refusal(
        "bank-account.form",
        BASIS,
        Text::new("银行账号应为8至32位数字", "A bank account number is 8 to 32 digits"),
        Text::new("请对照开户证明或银行卡重新填写", "Write it again from the account certificate or the card"),
    )
    .with_fact("length", length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn read_and_shown() {
        let account = BankAccount::parse("6222 0000-0000 0001 234").unwrap();
        assert_eq!(account.expose(), "6222000000000001234");
        assert_eq!(format!("{account} {account:?}"), "**** 1234 BankAccount(**** 1234)");
        for text in ["1234567", "", "12345678a", "１2345678", &"1".repeat(33)] {
            assert_eq!(BankAccount::parse(text).expect_err(text).rule, "bank-account.form");
        }
    }

    proptest! {
        #[test]
        fn spacing_does_not_matter_and_four_digits_show(text in "[0-9]{8,32}", gap in 1usize..7) {
            let account = BankAccount::parse(&text).unwrap();
            let spaced = format!("{} {}", &text[..gap], &text[gap..]);
            prop_assert_eq!(&BankAccount::parse(&spaced).unwrap(), &account);
            prop_assert_eq!(account.masked(), format!("**** {}", &text[text.len() - 4..]));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,40}") {
            let _ = BankAccount::parse(&text).map(|account| account.masked());
        }
    }
}
