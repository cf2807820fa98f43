//! The unified social credit code of organisations (统一社会信用代码), GB 32100-2015.

use super::{mask, masked_text, squeezed};
use crate::finding::{Finding, Text};
use crate::region::Province;

const BASIS: &str = "GB 32100-2015 法人和其他组织统一社会信用代码编码规则";

/// The 31 characters in the order of their values: no I, O, S, V, Z, which look like figures or each other.
const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The registering departments and the kinds each has (登记管理部门和机构类别): establishments, foreign affairs, justice, culture, civil
/// affairs, tourism, religion, trade unions, market regulation, the military, agriculture, others.
const KINDS: [(char, &str); 12] = [
    ('1', "1239"),
    ('2', "19"),
    ('3', "123459"),
    ('4', "19"),
    ('5', "1239"),
    ('6', "129"),
    ('7', "129"),
    ('8', "19"),
    ('9', "123"),
    ('A', "19"),
    ('N', "1239"),
    ('Y', "1"),
];

/// A code registered with the national office carries 10 (100000) where others carry their province.
const NATIONAL: &str = "10";

/// What the first two characters say an organisation is, as far as the exchange cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// Organ of state (机关).
    Government,
    /// Public institution (事业单位).
    PublicInstitution,
    /// Company or other enterprise (企业).
    Enterprise,
    /// Individually run business (个体工商户).
    SelfEmployed,
    /// Farmers' specialised cooperative (农民专业合作社).
    FarmersCooperative,
    /// Collective economic organisation of a villagers' group (组级集体经济组织).
    GroupCollective,
    /// Collective economic organisation of a village (村级集体经济组织).
    VillageCollective,
    /// Collective economic organisation of a township (乡镇级集体经济组织).
    TownshipCollective,
    /// Any other (其他).
    Other,
}

impl OrganisationKind {
    /// Whether it is a rural collective economic organisation (农村集体经济组织).
    pub const fn is_collective(self) -> bool {
        matches!(self, Self::GroupCollective | Self::VillageCollective | Self::TownshipCollective)
    }
}

/// A unified social credit code of 18 characters, checked. The organisation code inside it (GB 11714) has a check character of its
/// own; codes in use break it, so it is not looked at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

masked_text!(Uscc);

impl Uscc {
    /// A code from the text of a form; spaces and hyphens are dropped, small letters are read as capitals.
    ///
    /// # Errors
    /// Rules `uscc.form` (not 18 of the 31 characters, or letters in the region), `uscc.kind` (no such department and kind),
    /// `uscc.region`, `uscc.check`.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let code = squeezed(text);
        let known = code.chars().all(|c| CHARACTERS.contains(c));
        if code.len() != 18 || !known || !code[2..8].bytes().all(|byte| byte.is_ascii_digit()) {
            let zh = "统一社会信用代码应为18位数字或大写字母(不含I、O、S、V、Z)";
            let en = "A social credit code is 18 digits or capital letters without I, O, S, V and Z";
            return Err(bad("uscc.form", zh, en).with_fact("length", code.chars().count()));
        }
        let mut characters = code.chars();
        let (department, kind) = (characters.next(), characters.next());
        if !KINDS.iter().any(|(d, kinds)| department == Some(*d) && kind.is_some_and(|k| kinds.contains(k))) {
            let en = "There is no such registering department and kind";
            return Err(bad("uscc.kind", "登记管理部门或机构类别代码不存在", en));
        }
        if Province::by_code(&code[2..4]).is_none() && &code[2..4] != NATIONAL {
            return Err(bad("uscc.region", "登记机关区划代码不存在", "The code's region does not exist"));
        }
        if code.chars().last() != check(&code[..17]) {
            return Err(bad("uscc.check", "统一社会信用代码校验码不符", "The code's check character does not fit"));
        }
        Ok(Self(code))
    }

    /// `9150**********1234`: the first four and the last four characters.
    pub fn masked(&self) -> String {
        mask(&self.0, 4, 4)
    }

    /// What the code says the organisation is.
    pub fn kind(&self) -> OrganisationKind {
        match &self.0[..2] {
            "11" => OrganisationKind::Government,
            "12" => OrganisationKind::PublicInstitution,
            "91" => OrganisationKind::Enterprise,
            "92" => OrganisationKind::SelfEmployed,
            "93" => OrganisationKind::FarmersCooperative,
            "N1" => OrganisationKind::GroupCollective,
            "N2" => OrganisationKind::VillageCollective,
            "N3" => OrganisationKind::TownshipCollective,
            _ => OrganisationKind::Other,
        }
    }
}

/// The check character of 17 characters: weights are the powers of 3 modulo 31, and the sum with it is a multiple of 31.
/// None where a character is not one of the 31.
fn check(body: &str) -> Option<char> {
    let (mut sum, mut weight) = (0, 1);
    for c in body.chars() {
        sum = (sum + CHARACTERS.find(c)? * weight) % 31;
        weight = weight * 3 % 31;
    }
    CHARACTERS.chars().nth((31 - sum) % 31)
}

fn bad(rule: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new("请对照登记证书或营业执照重新填写", "Write it again from the certificate or the business licence"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A code with the right check character; the organisations do not exist.
    fn code(body: &str) -> String {
        format!("{body}{}", check(body).unwrap())
    }

    #[test]
    fn the_standards_own_example() {
        let uscc = Uscc::parse("91350100m000100y43").unwrap();
        assert_eq!(uscc.expose(), "91350100M000100Y43");
        assert_eq!(uscc.kind(), OrganisationKind::Enterprise);
        assert_eq!(format!("{uscc} {uscc:?}"), "9135**********0Y43 Uscc(9135**********0Y43)");
    }

    #[test]
    fn kinds_of_the_countryside() {
        for (body, kind, collective) in [
            ("N1500101MF0000001", OrganisationKind::GroupCollective, true),
            ("N2500101MF0000001", OrganisationKind::VillageCollective, true),
            ("N3500101MF0000001", OrganisationKind::TownshipCollective, true),
            ("93500101MA0000001", OrganisationKind::FarmersCooperative, false),
            ("92500101MA0000001", OrganisationKind::SelfEmployed, false),
            ("11500101MA0000001", OrganisationKind::Government, false),
            ("12100000MA0000001", OrganisationKind::PublicInstitution, false),
            ("51500101MA0000001", OrganisationKind::Other, false),
        ] {
            let uscc = Uscc::parse(&code(body)).unwrap();
            assert_eq!((uscc.kind(), uscc.kind().is_collective()), (kind, collective), "{body}");
        }
        assert_eq!(code("N2500101MF0000001"), "N2500101MF0000001Q", "reckoned once by another program");
    }

    #[test]
    fn refusals_name_the_rule_and_never_the_code() {
        for (text, rule) in [
            (String::new(), "uscc.form"),
            ("91350100M000100Y4".to_owned(), "uscc.form"),
            ("91350100M0O0100Y43".to_owned(), "uscc.form"),
            ("9135010AM000100Y43".to_owned(), "uscc.form"),
            ("９1350100M000100Y4".to_owned(), "uscc.form"),
            (code("B1350100M000100Y4"), "uscc.kind"),
            (code("99350100M000100Y4"), "uscc.kind"),
            (code("91990100M000100Y4"), "uscc.region"),
            ("91350100M000100Y44".to_owned(), "uscc.check"),
        ] {
            let finding = Uscc::parse(&text).expect_err(&text);
            assert_eq!(finding.rule, rule, "{text}");
            assert!(text.is_empty() || !format!("{finding:?}").contains(&text));
        }
    }

    fn codes() -> impl Strategy<Value = String> {
        (0usize..12, any::<prop::sample::Index>(), 0usize..34, 0u32..10_000, "[0-9A-HJ-NPQRTUWXY]{9}").prop_map(
            |(department, kind, province, county, body)| {
                let (department, kinds) = KINDS[department];
                let kind = char::from(kinds.as_bytes()[kind.index(kinds.len())]);
                let province = crate::region::province::PROVINCES[province].code;
                code(&format!("{department}{kind}{province}{county:04}{body}"))
            },
        )
    }

    proptest! {
        #[test]
        fn one_wrong_or_two_swapped_characters_are_found(text in codes(), place in 0usize..18, other in 0usize..31, swap in 0usize..17) {
            let uscc = Uscc::parse(&text).unwrap();
            prop_assert_eq!(uscc.expose(), &text);
            let mut wrong = text.clone().into_bytes();
            wrong[place] = CHARACTERS.as_bytes()[other];
            if wrong != text.as_bytes() {
                prop_assert!(Uscc::parse(&String::from_utf8(wrong).unwrap()).is_err());
            }
            let mut swapped = text.clone().into_bytes();
            swapped.swap(swap, swap + 1);
            if swapped != text.as_bytes() {
                prop_assert!(Uscc::parse(&String::from_utf8(swapped).unwrap()).is_err());
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = Uscc::parse(&text).map(|uscc| uscc.masked());
        }
    }
}
