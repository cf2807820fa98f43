//! Region codes (区划代码): from the province down to the villagers' group.
//!
//! Province, city and county are the digits of GB/T 2260 (行政区划代码), township and village those of the statistics bureau
//! (统计用区划代码, 9 and 12 digits), and the villagers' group (村民小组) two digits more that the county gives. The length is the level:
//! 0 everywhere, 2 province, 4 city, 6 county, 9 township, 12 village, 14 group.
//!
//! **Invariants**: a code's province exists, no level's own digits are all zero, and `a.covers(b)` is exactly "b's digits begin
//! with a's", which the database and the grants rely on.

use crate::finding::{Finding, Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

pub mod province;

pub use province::Province;

const BASIS: &str = "GB/T 2260 中华人民共和国行政区划代码;统计用区划代码";

/// The lengths of a code, from the longest.
const LENGTHS: [usize; 7] = [14, 12, 9, 6, 4, 2, 0];

/// How far down a code goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionLevel {
    /// The whole country (全国); the empty code.
    Everywhere,
    /// Province (省级), 2 digits.
    Province,
    /// City (地级), 4 digits.
    City,
    /// County (县级), 6 digits.
    County,
    /// Township (乡级), 9 digits.
    Township,
    /// Village (村级), 12 digits.
    Village,
    /// Villagers' group (组级), 14 digits.
    Group,
}

impl RegionLevel {
    /// The number of digits at this level.
    pub const fn digits(self) -> usize {
        match self {
            Self::Everywhere => 0,
            Self::Province => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Village => 12,
            Self::Group => 14,
        }
    }
}

/// A region. Codes sort by their digits, so a region comes just before those inside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode {
    /// The digits, and zero bytes after them.
    digits: [u8; 14],
    level: RegionLevel,
}

impl RegionCode {
    /// The whole country: the empty code, which covers every other.
    pub const EVERYWHERE: Self = Self { digits: [0; 14], level: RegionLevel::Everywhere };

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..self.level.digits()]).expect("a code holds ASCII digits only")
    }

    /// How far down the code goes.
    pub const fn level(&self) -> RegionLevel {
        self.level
    }

    /// Whether `other` is this region or lies inside it.
    pub fn covers(&self, other: &Self) -> bool {
        other.as_str().starts_with(self.as_str())
    }

    /// The region one level up; none above everywhere.
    pub fn parent(&self) -> Option<Self> {
        let above = LENGTHS.into_iter().find(|length| *length < self.level.digits())?;
        Some(self.cut(above))
    }

    /// The region at `level` that this one is or lies in; none where this one is wider than that.
    pub fn at(&self, level: RegionLevel) -> Option<Self> {
        (level <= self.level).then(|| self.cut(level.digits()))
    }

    /// This region and all above it, from the narrowest to everywhere.
    pub fn with_ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), Self::parent)
    }

    /// The province; none for everywhere.
    pub fn province(&self) -> Option<&'static Province> {
        Province::by_code(self.as_str().get(..2)?)
    }

    fn cut(&self, length: usize) -> Self {
        let mut digits = [0; 14];
        digits[..length].copy_from_slice(&self.digits[..length]);
        Self { digits, level: level_of(length).expect("cut to one of the lengths") }
    }
}

fn level_of(length: usize) -> Option<RegionLevel> {
    Some(match length {
        0 => RegionLevel::Everywhere,
        2 => RegionLevel::Province,
        4 => RegionLevel::City,
        6 => RegionLevel::County,
        9 => RegionLevel::Township,
        12 => RegionLevel::Village,
        14 => RegionLevel::Group,
        _ => return None,
    })
}

impl FromStr for RegionCode {
    type Err = Finding;

    /// Reads a code of 0, 2, 4, 6, 9, 12 or 14 digits. The standards also write a wide region with zeros to a fixed length
    /// (500000 is Chongqing, 500101000000 a district of it): such zeros are dropped, so each region has one code.
    ///
    /// # Errors
    /// Rules `region.digits`, `region.length`, `region.province`, `region.zeros`. The caller adds the field.
    fn from_str(text: &str) -> Result<Self, Finding> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad(text, "region.digits", "区划代码只能由数字组成", "A region code has digits only"));
        }
        if level_of(text.len()).is_none() {
            let (zh, en) = ("区划代码应为2、4、6、9、12或14位", "A region code has 2, 4, 6, 9, 12 or 14 digits");
            return Err(bad(text, "region.length", zh, en));
        }
        let mut code = text;
        // Drop whole levels of zeros from the end.
        for pair in LENGTHS.windows(2) {
            if code.len() == pair[0] && code[pair[1]..].bytes().all(|byte| byte == b'0') {
                code = &code[..pair[1]];
            }
        }
        let level = level_of(code.len()).expect("only whole levels are dropped");
        if code.is_empty() && !text.is_empty() {
            return Err(bad(text, "region.province", "没有这个省级代码", "There is no such province code"));
        }
        if code.len() >= 2 && Province::by_code(&code[..2]).is_none() {
            return Err(bad(text, "region.province", "没有这个省级代码", "There is no such province code"));
        }
        for pair in LENGTHS.windows(2).filter(|pair| pair[0] <= code.len()) {
            if code[pair[1]..pair[0]].bytes().all(|byte| byte == b'0') {
                let (zh, en) = ("区划代码中间一级不能全为零", "A level in the middle of a region code is all zeros");
                return Err(bad(text, "region.zeros", zh, en));
            }
        }
        let mut digits = [0; 14];
        digits[..code.len()].copy_from_slice(code.as_bytes());
        Ok(Self { digits, level })
    }
}

fn bad(text: &str, rule: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new(
            "请选择行政区划,或填写国家统计局公布的代码",
            "Choose the region, or write the code published by the statistics bureau",
        ),
    )
    .with_fact("code", text.chars().take(20).collect::<String>())
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({})", self.as_str())
    }
}

impl AsRef<str> for RegionCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|finding: Finding| de::Error::custom(format!("{}: {}", finding.rule, finding.message.en)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    #[test]
    fn levels_parents_and_provinces() {
        let group = code("50010100120003");
        assert_eq!(group.level(), RegionLevel::Group);
        let chain: Vec<String> = group.with_ancestors().map(|region| region.to_string()).collect();
        assert_eq!(chain, ["50010100120003", "500101001200", "500101001", "500101", "5001", "50", ""]);
        assert_eq!(RegionCode::EVERYWHERE.parent(), None);
        assert_eq!(group.province().unwrap().zh, "重庆市");
        assert_eq!(RegionCode::EVERYWHERE.province(), None);
        assert_eq!(group.at(RegionLevel::County), Some(code("500101")));
        assert_eq!(code("50").at(RegionLevel::County), None);
    }

    #[test]
    fn zeros_at_the_end_are_the_wider_region() {
        assert_eq!(code("500000"), code("50"));
        assert_eq!(code("500100"), code("5001"));
        assert_eq!(code("500101001000"), code("500101001"));
        assert_eq!(code("50010100120000"), code("500101001200"));
        assert_eq!(code("500000000000"), code("50"));
    }

    #[test]
    fn refusals() {
        for (text, rule) in [
            ("5", "region.length"),
            ("5001011", "region.length"),
            ("500101001200031", "region.length"),
            ("50a1", "region.digits"),
            ("５０", "region.digits"),
            ("99", "region.province"),
            ("00", "region.province"),
            ("000000", "region.province"),
            ("500001", "region.zeros"),
            ("500101000200", "region.zeros"),
            ("50010100100003", "region.zeros"),
        ] {
            assert_eq!(text.parse::<RegionCode>().expect_err(text).rule, rule, "{text}");
        }
    }

    #[test]
    fn covering_is_the_beginning_of_the_digits() {
        assert!(code("5001").covers(&code("500101")));
        assert!(!code("500101").covers(&code("5001")));
        assert!(!code("5002").covers(&code("500101")));
        assert!(code("50").covers(&code("50")));
    }

    #[test]
    fn json_is_the_text() {
        assert_eq!(serde_json::to_string(&code("500101")).unwrap(), "\"500101\"");
        assert_eq!(serde_json::from_str::<RegionCode>("\"\"").unwrap(), RegionCode::EVERYWHERE);
        assert!(serde_json::from_str::<RegionCode>("\"12345\"").is_err());
        assert_eq!(
            toml::from_str::<std::collections::BTreeMap<String, RegionCode>>("a = \"50\"").unwrap()["a"],
            code("50")
        );
    }

    fn codes() -> impl Strategy<Value = RegionCode> {
        (0usize..34, 1u32..99, 1u32..99, 1u32..999, 1u32..999, 1u32..99, 0usize..7).prop_map(|(p, c, d, t, v, g, l)| {
            let full = format!("{}{c:02}{d:02}{t:03}{v:03}{g:02}", province::PROVINCES[p].code);
            full[..LENGTHS[l]].parse().unwrap()
        })
    }

    proptest! {
        #[test]
        fn text_round_trips(region in codes()) {
            prop_assert_eq!(code(&format!("{region}")), region);
            prop_assert_eq!(region.level().digits(), region.as_str().len());
        }

        #[test]
        fn a_region_covers_what_it_is_an_ancestor_of(a in codes(), b in codes()) {
            prop_assert_eq!(a.covers(&b), b.with_ancestors().any(|region| region == a));
            prop_assert!(RegionCode::EVERYWHERE.covers(&a));
            prop_assert!(!(a.covers(&b) && b.covers(&a)) || a == b);
            prop_assert!(!a.covers(&b) || a <= b, "a region sorts before those inside it");
        }

        #[test]
        fn what_is_read_is_the_text_less_zeros(text in "(50|11|9)?[0-9]{0,13}") {
            if let Ok(region) = text.parse::<RegionCode>() {
                let zeros = text.strip_prefix(region.as_str()).unwrap();
                prop_assert!(zeros.bytes().all(|byte| byte == b'0'));
            }
        }
    }
}
