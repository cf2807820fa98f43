//! The certificate of transaction (交易鉴证书): its fields, as the exchange certifies them.
//!
//! Identity numbers stand masked, never in full. On the public page the names of natural persons are masked as well
//! ([`Certificate::public`]). The digest goes into the log; a random salt among the fields keeps it from giving away a guessed name.

use super::{digest, number::CertificateNumber};
use crate::{
    identity::{ResidentId, Uscc},
    money::Money,
    rights::{Category, TransferMode},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An identity number of which the middle is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MaskedId(String);

/// Why a text is no masked identity number. It does not repeat the text, which may be a full number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identity number must be masked")]
pub struct NotMasked;

/// The least number of stars and the most characters shown that make a number masked.
const STARS: usize = 4;
const SHOWN: usize = 8;

impl MaskedId {
    /// The masked form as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MaskedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&ResidentId> for MaskedId {
    fn from(id: &ResidentId) -> Self {
        Self(id.masked())
    }
}

impl From<&Uscc> for MaskedId {
    fn from(code: &Uscc) -> Self {
        Self(code.masked())
    }
}

impl TryFrom<String> for MaskedId {
    type Error = NotMasked;

    fn try_from(text: String) -> Result<Self, NotMasked> {
        let stars = text.chars().filter(|c| *c == '*').count();
        let shown = text.chars().count() - stars;
        if stars >= STARS && shown <= SHOWN { Ok(Self(text)) } else { Err(NotMasked) }
    }
}

impl From<MaskedId> for String {
    fn from(id: MaskedId) -> Self {
        id.0
    }
}

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// A natural person (自然人).
    Person,
    /// A household, named by its head (农户).
    Household,
    /// A collective economic organisation (农村集体经济组织).
    Collective,
    /// A company (企业).
    Company,
    /// A farmers' cooperative (农民专业合作社).
    Cooperative,
    /// Another organisation (其他组织).
    Organisation,
}

impl PartyKind {
    /// Whether its name is the name of a human being.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Person | Self::Household)
    }
}

/// A party as the certificate names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Legal representative, of organisations (法定代表人).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<String>,
    /// Identity number, masked.
    pub masked_id: MaskedId,
    /// What it is.
    pub kind: PartyKind,
}

impl Identity {
    fn public(&self) -> Self {
        let name = if self.kind.is_personal() { mask_name(&self.name) } else { self.name.clone() };
        let legal_representative = self.legal_representative.as_deref().map(mask_name);
        Self { name, legal_representative, ..self.clone() }
    }
}

/// A person's name with all but the first character hidden (张三丰 -> 张**).
pub fn mask_name(name: &str) -> String {
    name.chars().enumerate().map(|(place, c)| if place == 0 { c } else { '*' }).collect()
}

/// The certificate's fields. Texts are as they are printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Number with its check digit (鉴证书编号).
    pub number: CertificateNumber,
    /// The contract's number (合同编号).
    pub contract_number: String,
    /// Name of the lot (项目名称).
    pub lot_name: String,
    /// Category of rights (交易品种).
    pub category: Category,
    /// Who owns the thing (所有权人).
    pub owner: String,
    /// Who gives (转出方).
    pub transferor: Identity,
    /// Who takes (受让方).
    pub transferee: Identity,
    /// Area or quantity (面积、数量).
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
    /// Its unit (计量单位).
    pub unit: String,
    /// Where it lies (坐落).
    pub location: String,
    /// Its bounds (四至).
    pub bounds: String,
    /// Reserve, in fen of the price basis (起始价).
    pub reserve: Money,
    /// Deal price, in fen of the price basis (成交价).
    pub price: Money,
    /// What the two prices are for, such as per mu and year (计价方式).
    pub price_basis: String,
    /// Price over the whole term (成交总价).
    pub total: Money,
    /// Method (交易方式).
    pub method: String,
    /// Mode of transfer (流转方式).
    pub mode: TransferMode,
    /// First day of the term (期限起); none where the right passes for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_from: Option<NaiveDate>,
    /// Last day of the term (期限止).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_to: Option<NaiveDate>,
    /// Use (用途).
    #[serde(rename = "use")]
    pub purpose: String,
    /// Who certifies (鉴证机构).
    pub certifying_body: String,
    /// When (鉴证日期).
    pub certified_on: NaiveDate,
    /// Remarks (备注).
    pub remarks: String,
    /// Random hex of 32 digits, made at issue.
    pub salt: String,
}

impl Certificate {
    /// SHA-256 over the canonical JSON of all fields, hex: what stands in the log and behind the QR code.
    pub fn digest(&self) -> String {
        digest::of(self)
    }

    /// The fields as the public page shows them: names of human beings masked.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { transferor: self.transferor.public(), transferee: self.transferee.public(), ..self.clone() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn example() -> Certificate {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        Certificate {
            number: CertificateNumber::new(&"500229".parse().expect("a county"), 2025, 1).expect("in range"),
            contract_number: "500229-HT-2025-000001".to_owned(),
            lot_name: "示例村12.5亩耕地经营权".to_owned(),
            category: Category::CollectiveLand,
            owner: "示例村股份经济合作联合社".to_owned(),
            transferor: Identity {
                name: "示例村股份经济合作联合社".to_owned(),
                legal_representative: Some("甲乙丙".to_owned()),
                masked_id: MaskedId::try_from("N250**********000X".to_owned()).expect("masked"),
                kind: PartyKind::Collective,
            },
            transferee: Identity {
                name: "丁戊".to_owned(),
                legal_representative: None,
                masked_id: MaskedId::try_from("5002**********0014".to_owned()).expect("masked"),
                kind: PartyKind::Person,
            },
            quantity: Decimal::new(125, 1),
            unit: "亩".to_owned(),
            location: "示例村一组".to_owned(),
            bounds: "东至河,南至路,西至田,北至山".to_owned(),
            reserve: Money::from_fen(50_000),
            price: Money::from_fen(61_000),
            price_basis: "元/亩/年".to_owned(),
            total: Money::from_fen(3_812_500),
            method: "网络竞价".to_owned(),
            mode: TransferMode::Lease,
            term_from: Some(day(2025, 10, 1)),
            term_to: Some(day(2030, 9, 30)),
            purpose: "粮食种植".to_owned(),
            certifying_body: "示例县农村产权交易中心".to_owned(),
            certified_on: day(2025, 9, 20),
            remarks: String::new(),
            salt: "00112233445566778899aabbccddeeff".to_owned(),
        }
    }

    #[test]
    fn a_full_number_is_never_taken_for_a_masked_one() {
        for bad in ["500229199001010014", "5002291990010*0014", "500229199001*****4", "", "****1234567890"] {
            assert_eq!(MaskedId::try_from(bad.to_owned()), Err(NotMasked), "{bad}");
        }
        assert!(serde_json::from_str::<MaskedId>("\"500229199001010014\"").is_err());
    }

    #[test]
    fn the_public_page_hides_the_names_of_human_beings() {
        let public = example().public();
        assert_eq!(public.transferee.name, "丁*");
        assert_eq!(public.transferor.name, example().transferor.name);
        assert_eq!(public.transferor.legal_representative.as_deref(), Some("甲**"));
    }

    #[test]
    fn any_changed_field_changes_the_digest() {
        let fields = serde_json::to_value(example()).expect("plain data");
        let digest = example().digest();
        assert_eq!(serde_json::from_value::<Certificate>(fields.clone()).expect("its own form").digest(), digest);
        let other = Certificate { remarks: "补发".to_owned(), ..example() };
        assert_ne!(other.digest(), digest);
        let salted = Certificate { salt: "ff".repeat(16), ..example() };
        assert_ne!(salted.digest(), digest);
        // Every field that domain.md lists is among them.
        let names = [
            "number",
            "contract_number",
            "lot_name",
            "category",
            "owner",
            "transferor",
            "transferee",
            "quantity",
            "unit",
            "location",
            "bounds",
            "reserve",
            "price",
            "method",
            "mode",
            "term_from",
            "term_to",
            "use",
            "certifying_body",
            "certified_on",
            "remarks",
        ];
        assert!(names.iter().all(|name| fields.get(name).is_some()));
    }
}
