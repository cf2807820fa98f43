//! Personal data: what is sealed, how it is shown masked, and how equal people are found without being read.

use sanbian_domain::{
    identity::{BankAccount as AccountNumber, MobileNumber, ResidentId, Uscc},
    ids::{MemberId, PartyId},
};
use sanbian_proto::registry::v1::BankAccount;
use sanbian_runtime::{
    Refusal,
    seal::{self, Sealer},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What sort of party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyKind {
    /// A natural person (自然人).
    NaturalPerson,
    /// A farming household, by its representative (农户).
    Household,
    /// A company or individually run business (企业、个体工商户).
    Company,
    /// A farmers' cooperative (农民专业合作社).
    Cooperative,
    /// A rural collective economic organisation (农村集体经济组织).
    Collective,
    /// An organ of state or public institution (机关、事业单位).
    PublicBody,
    /// Any other organisation.
    Other,
}

impl PartyKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::NaturalPerson,
        Self::Household,
        Self::Company,
        Self::Cooperative,
        Self::Collective,
        Self::PublicBody,
        Self::Other,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural-person",
            Self::Household => "household",
            Self::Company => "company",
            Self::Cooperative => "cooperative",
            Self::Collective => "collective",
            Self::PublicBody => "public-body",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is known by a resident identity number, and its name is a person's.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::NaturalPerson | Self::Household)
    }
}

/// What is known of a party and sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Full name.
    pub name: String,
    /// Resident identity number or social credit code.
    pub identity_number: String,
    /// Mobile number.
    #[serde(default)]
    pub mobile: Option<String>,
    /// Address.
    #[serde(default)]
    pub address: Option<String>,
    /// Legal representative or person in charge.
    #[serde(default)]
    pub legal_representative: Option<String>,
}

/// What is known of a member and sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberProfile {
    /// Full name.
    pub name: String,
    /// Resident identity number.
    pub identity_number: String,
}

/// A bank account, sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Bank and branch.
    pub bank: String,
    /// Its number.
    pub number: String,
}

impl From<Account> for BankAccount {
    fn from(account: Account) -> Self {
        Self { name: account.name, bank: account.bank, number: account.number }
    }
}

/// Seals and opens the registry's personal data, each bound to the row it belongs to.
#[derive(Clone)]
pub struct Safe(Sealer);

impl Safe {
    /// Over the registry's sealer.
    pub const fn new(sealer: Sealer) -> Self {
        Self(sealer)
    }

    /// Seals a party's profile.
    pub fn seal_profile(&self, party: PartyId, profile: &Profile) -> Vec<u8> {
        self.seal(&format!("party:{party}"), profile)
    }

    /// Opens a party's profile.
    ///
    /// # Errors
    /// Internal, where the row was tampered with.
    pub fn open_profile(&self, party: PartyId, sealed: &[u8]) -> Result<Profile, Refusal> {
        self.open(&format!("party:{party}"), sealed)
    }

    /// Seals a party's bank account.
    pub fn seal_account(&self, party: PartyId, account: &Account) -> Vec<u8> {
        self.seal(&format!("party-bank:{party}"), account)
    }

    /// Opens a party's bank account.
    ///
    /// # Errors
    /// Internal, where the row was tampered with.
    pub fn open_account(&self, party: PartyId, sealed: &[u8]) -> Result<Account, Refusal> {
        self.open(&format!("party-bank:{party}"), sealed)
    }

    /// Seals a member's profile.
    pub fn seal_member(&self, member: MemberId, profile: &MemberProfile) -> Vec<u8> {
        self.seal(&format!("member:{member}"), profile)
    }

    /// Opens a member's profile.
    ///
    /// # Errors
    /// Internal, where the row was tampered with.
    pub fn open_member(&self, member: MemberId, sealed: &[u8]) -> Result<MemberProfile, Refusal> {
        self.open(&format!("member:{member}"), sealed)
    }

    /// The keyed hash by which a checked identity number is found. People and organisations can't be taken for each other: a social
    /// credit code is never a resident number.
    pub fn lookup(&self, identity_number: &str) -> Vec<u8> {
        self.0.lookup(&format!("identity:{identity_number}"))
    }

    fn seal<T: Serialize>(&self, bound_to: &str, value: &T) -> Vec<u8> {
        self.0.seal(bound_to, &serde_json::to_vec(value).expect("plain data"))
    }

    fn open<T: DeserializeOwned>(&self, bound_to: &str, sealed: &[u8]) -> Result<T, Refusal> {
        let plain = self.0.open(bound_to, sealed).map_err(|error| Refusal::internal(format!("{bound_to}: {error}")))?;
        serde_json::from_slice(&plain).map_err(Refusal::internal)
    }
}

/// The commitment to a party in the log: salted SHA-256 over name, line feed, identity number.
pub fn commitment(salt: &[u8; 32], name: &str, identity_number: &str) -> String {
    seal::commitment(salt, &format!("{name}\n{identity_number}"))
}

/// A person's name with all but its first character starred.
pub fn masked_person(name: &str) -> String {
    let mut characters = name.chars();
    let first: String = characters.next().into_iter().collect();
    first + &"*".repeat(characters.count().max(1))
}

/// A party's name as those see it who need not know who it is: of an organisation, the first and last two characters.
pub fn masked_name(kind: PartyKind, name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    if kind.is_personal() || characters.len() < 6 {
        return masked_person(name);
    }
    let shown = |part: &[char]| part.iter().collect::<String>();
    let (head, tail) = (&characters[..2], &characters[characters.len() - 2..]);
    format!("{}{}{}", shown(head), "*".repeat(characters.len() - 4), shown(tail))
}

/// An identity number, masked.
pub fn masked_identity(kind: PartyKind, number: &str) -> String {
    if kind.is_personal() {
        ResidentId::parse(number).map_or_else(|_| "****".to_owned(), |id| id.masked())
    } else {
        Uscc::parse(number).map_or_else(|_| "****".to_owned(), |code| code.masked())
    }
}

/// A mobile number, masked; empty where there is none.
pub fn masked_mobile(number: Option<&str>) -> String {
    number.map_or_else(String::new, |number| {
        MobileNumber::parse(number).map_or_else(|_| "****".to_owned(), |n| n.masked())
    })
}

/// A bank account's number, masked.
pub fn masked_account(number: &str) -> String {
    AccountNumber::parse(number).map_or_else(|_| "****".to_owned(), |account| account.masked())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_little() {
        assert_eq!(masked_person("张三"), "张*");
        assert_eq!(masked_person("欧阳某某"), "欧***");
        assert_eq!(masked_person("张"), "张*", "not even that a name has one character");
        assert_eq!(masked_name(PartyKind::Company, "重庆某某农业有限公司"), "重庆******公司");
        assert_eq!(masked_name(PartyKind::Company, "某合作社"), "某***");
        assert_eq!(masked_name(PartyKind::Household, "李四"), "李*");
        assert_eq!(masked_name(PartyKind::NaturalPerson, ""), "*");
    }

    #[test]
    fn kinds_read_back() {
        for kind in PartyKind::ALL {
            assert_eq!(PartyKind::read(kind.as_str()), Some(kind));
        }
        assert_eq!(PartyKind::read("person"), None);
    }
}
