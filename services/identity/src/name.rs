//! Sign-in names and names to greet by: read, checked, masked. Pure.

use sanbian_domain::{
    finding::{Finding, Text},
    identity::MobileNumber,
};
use std::fmt;

const BASIS: &str =
    "GB/T 22239-2019 8.1.4.1 身份鉴别：身份标识唯一；平台规则：账号名 (platform rule: names of accounts)";
/// Longest text that is even looked at, in bytes.
const LONGEST: usize = 128;

/// A sign-in name in its one form: lower case, or the 11 digits of a mobile number. It may be personal: `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// A name from the text of a form.
    ///
    /// # Errors
    /// Rule `identity.username`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let text = text.trim();
        if text.len() <= LONGEST
            && let Ok(number) = MobileNumber::parse(text)
        {
            return Ok(Self(number.expose().to_owned()));
        }
        let name = text.to_ascii_lowercase();
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if (3..=32).contains(&name.len()) && begins && name.bytes().all(allowed) {
            return Ok(Self(name));
        }
        Err(Finding::refusal(
            "identity.username",
            BASIS,
            Text::new(
                "账号名应为3至32位小写字母、数字、点、下划线或连字符，以字母或数字开头；也可以使用手机号码。",
                "A sign-in name is 3 to 32 letters, digits, dots, underscores or hyphens and begins with a letter or digit; or it is a mobile number.",
            ),
            Text::new("请更换账号名。", "Choose another name."),
        )
        .at("username")
        .with_fact("characters", text.chars().count()))
    }

    /// The name by which an attempt to sign in is looked up and counted, whatever was typed: none where no name can be so long.
    pub fn attempted(text: &str) -> Option<Self> {
        (text.len() <= LONGEST).then(|| Self::parse(text).unwrap_or_else(|_| Self(text.trim().to_ascii_lowercase())))
    }

    /// The name in full.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The name for others' eyes: a mobile number is masked.
    pub fn masked(&self) -> String {
        MobileNumber::parse(&self.0).map_or_else(|_| self.0.clone(), |number| number.masked())
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Username(…)")
    }
}

/// A name to greet by, 1 to 64 characters.
///
/// # Errors
/// Rule `identity.display-name`.
pub fn display_name(text: &str) -> Result<String, Finding> {
    let name = text.trim();
    let count = name.chars().count();
    if (1..=64).contains(&count) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Finding::refusal(
        "identity.display-name",
        BASIS,
        Text::new("称呼应为1至64个字符，不含控制字符。", "The name has 1 to 64 characters and no control characters."),
        Text::new("请填写姓名或单位名称。", "Write your name or your organisation's."),
    )
    .at("display_name")
    .with_fact("characters", count))
}

/// A name with all but its first character starred; at most four stars, so that the length is not told.
pub fn masked_name(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next();
    match (first, characters.count()) {
        (Some(first), hidden @ 1..) => format!("{first}{}", "*".repeat(hidden.min(4))),
        _ => "*".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_form() {
        for (text, expected) in [
            (" Zhang.San ", "zhang.san"),
            ("a-1", "a-1"),
            ("+86 138 0000 5678", "13800005678"),
            ("138-0000-5678", "13800005678"),
            ("12345678901", "12345678901"),
        ] {
            assert_eq!(Username::parse(text).unwrap().expose(), expected);
        }
    }

    #[test]
    fn refusals() {
        for text in ["", "ab", &"a".repeat(33), "_abc", "张三李四", "a b c", "a@b.c", "abc\n1", &"1".repeat(5000)] {
            assert_eq!(Username::parse(text).expect_err(text).rule, "identity.username");
        }
        for text in ["", "   ", "a\tb", &"长".repeat(65)] {
            assert_eq!(display_name(text).expect_err(text).rule, "identity.display-name");
        }
        assert_eq!(display_name(" 石柱县交易中心 ").unwrap(), "石柱县交易中心");
    }

    #[test]
    fn masks() {
        for (name, expected) in [("王小明", "王**"), ("王", "*"), ("", "*"), ("三河镇人民政府", "三****")]
        {
            assert_eq!(masked_name(name), expected);
        }
        assert_eq!(Username::parse("13800005678").unwrap().masked(), "138****5678");
        assert_eq!(Username::parse("operator1").unwrap().masked(), "operator1");
        assert_eq!(format!("{:?}", Username::parse("13800005678").unwrap()), "Username(…)");
    }

    proptest! {
        #[test]
        fn reading_twice_is_reading_once(text in "\\PC{0,40}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(Username::parse(name.expose()).unwrap(), name.clone());
                prop_assert_eq!(Username::attempted(&text).unwrap(), name);
            }
        }

        #[test]
        fn a_masked_name_shows_one_character_at_most(name in "\\PC{1,20}") {
            let shown: Vec<char> = masked_name(&name).chars().collect();
            prop_assert!(shown.iter().skip(1).all(|c| *c == '*'));
        }
    }
}
