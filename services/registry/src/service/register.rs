//! A collective's register as it is sent: checked as a whole before anything is written.

use crate::{
    findings::refuse,
    form::{self, Form},
};
use chrono::NaiveDate;
use sanbian_domain::{
    finding::{Finding, Severity},
    identity::ResidentId,
};
use sanbian_proto::registry::v1::{HouseholdEntry, MemberEntry};
use sanbian_runtime::Refusal;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Most members of one register: beyond any village's.
const MEMBERS: usize = 20_000;
/// Most faults told at once.
const FAULTS: usize = 100;
/// Relations to the head of a household.
const RELATIONS: [&str; 5] = ["head", "spouse", "child", "parent", "other"];

const CAPACITY: &str = "《民法典》第十七条、第十八条（十八周岁;以自己的劳动收入为主要生活来源的十六周岁）";
/// Full years at which a person is of full civil capacity (民法典 art. 17).
const ADULT: u32 = 18;
/// Full years at which one who lives mainly on the own labour counts as of full civil capacity (民法典 art. 18).
const SELF_SUPPORTING: u32 = 16;

/// A member that was read.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ReadMember {
    /// The household's number.
    pub household: String,
    /// Checked identity number.
    pub identity_number: String,
    /// Full name.
    pub name: String,
    /// Relation to the head.
    pub relation: &'static str,
    /// Whether the member votes.
    pub votes: bool,
    /// Where it stood in the request.
    #[serde(skip)]
    pub field: String,
}

/// A register that was read: members by household and identity number, so that the same register has the same digest.
pub struct Register {
    /// Household numbers.
    pub households: Vec<String>,
    /// Members.
    pub members: Vec<ReadMember>,
}

impl Register {
    /// Reads a register as of `today`.
    ///
    /// # Errors
    /// Up to a hundred faults at once, each at its place (`households[3].members[1].identity_number`).
    pub fn read(households: &[HouseholdEntry], today: NaiveDate) -> Result<Self, Refusal> {
        let total: usize = households.iter().map(|household| household.members.len()).sum();
        if total == 0 || total > MEMBERS {
            return Err(Refusal::malformed("households", format!("1 to {MEMBERS} members")));
        }
        let mut form = Form::default();
        let mut numbers = HashSet::new();
        let mut places: HashMap<String, String> = HashMap::new();
        let mut members = Vec::with_capacity(total);
        for (index, household) in households.iter().enumerate() {
            if form.len() >= FAULTS {
                return Err(form.refused());
            }
            let at = format!("households[{index}]");
            let number = form.take(&format!("{at}.number"), form::words(&household.number, 20)).unwrap_or_default();
            if !number.is_empty() && !numbers.insert(number.clone()) {
                form.find(
                    twice("register.household-number", "户号重复。", "The household's number is there twice.")
                        .at(format!("{at}.number")),
                );
            }
            if household.members.iter().filter(|member| member.relation == "head").count() != 1 {
                form.find(one_head().at(&at));
            }
            for (index, entry) in household.members.iter().enumerate() {
                let at = format!("{at}.members[{index}]");
                let Some(member) = read_member(&mut form, &at, entry, &number, today)? else { continue };
                if let Some(first) = places.insert(member.identity_number.clone(), at.clone()) {
                    let finding =
                        twice("register.identity-number", "该成员在名册中重复。", "This member is there twice.");
                    form.find(finding.at(format!("{at}.identity_number")).with_fact("first", first));
                }
                members.push(member);
            }
        }
        form.passed()?;
        members.sort_by(|a, b| (&a.household, &a.identity_number).cmp(&(&b.household, &b.identity_number)));
        Ok(Self { households: numbers.into_iter().collect(), members })
    }

    /// Members who vote.
    pub fn voters(&self) -> usize {
        self.members.iter().filter(|member| member.votes).count()
    }

    /// SHA-256 over salt and canonical JSON of the register, hex: what stands in the log.
    pub fn digest(&self, salt: &[u8; 32]) -> String {
        let json = serde_jcs::to_vec(&self.members).expect("members are plain data");
        sanbian_runtime::seal::sha256_hex(&[salt.as_slice(), &json].concat())
    }
}

fn read_member(
    form: &mut Form,
    at: &str,
    entry: &MemberEntry,
    household: &str,
    today: NaiveDate,
) -> Result<Option<ReadMember>, Refusal> {
    let relation = form::code(&format!("{at}.relation"), &entry.relation, &RELATIONS)?;
    let name = form.take(&format!("{at}.name"), form::words(&entry.name, 40));
    let id = form.take(&format!("{at}.identity_number"), ResidentId::parse(&entry.identity_number));
    let (Some(name), Some(id)) = (name, id) else { return Ok(None) };
    let Some(age) = id.age_at(today) else {
        form.find(not_born().at(format!("{at}.identity_number")));
        return Ok(None);
    };
    if entry.self_supporting() && age < SELF_SUPPORTING {
        form.find(too_young(age).at(format!("{at}.self_supporting")));
        return Ok(None);
    }
    let of_age = age >= ADULT || entry.self_supporting();
    Ok(Some(ReadMember {
        household: household.to_owned(),
        identity_number: id.expose().to_owned(),
        name,
        relation,
        votes: of_age && !entry.lacks_capacity(),
        field: at.to_owned(),
    }))
}

const BASIS: &str = "《农村集体经济组织法》（成员名册）";

fn twice(rule: &str, zh: &str, en: &str) -> Finding {
    refuse(rule, BASIS, (zh, en), ("请核对名册。", "Check the register."))
}

fn one_head() -> Finding {
    refuse(
        "register.one-head",
        BASIS,
        ("每户应有且只有一名户主。", "Each household has exactly one head."),
        ("请核对该户的户主。", "Check who is the head."),
    )
}

fn not_born() -> Finding {
    refuse(
        "register.born",
        BASIS,
        ("该成员的出生日期在今天之后。", "The member's birth date lies in the future."),
        ("请核对身份号码。", "Check the identity number."),
    )
}

fn too_young(age: u32) -> Finding {
    refuse(
        "register.self-supporting",
        CAPACITY,
        ("不满十六周岁的成员不能视为完全民事行为能力人。", "A member under 16 can't count as of full capacity."),
        ("请取消该项。", "Take the mark off."),
    )
    .with_fact("age", age)
}

/// A member who is one of another collective too.
pub fn elsewhere(field: &str, collective: &str) -> Finding {
    refuse(
        "register.member-elsewhere",
        "《农村集体经济组织法》（取得其他农村集体经济组织成员身份的丧失成员身份）",
        (format!("该成员同时是“{collective}”的成员。"), format!("This member is one of \"{collective}\" too.")),
        ("请核实成员身份，并通知对方集体。", "Find out where the membership lies, and tell the other collective."),
    )
    .with_severity(Severity::Warning)
    .at(field)
    .with_fact("collective", collective)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check characters by ISO 7064 MOD 11-2; the persons do not exist.
    fn number(birth: &str, serial: u32) -> String {
        let body = format!("500101{birth}{serial:03}");
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][usize::try_from(sum % 11).unwrap()])
    }

    fn member(birth: &str, serial: u32, relation: &str) -> MemberEntry {
        MemberEntry {
            name: "某人".into(),
            identity_number: number(birth, serial),
            relation: relation.into(),
            lacks_capacity: None,
            self_supporting: None,
        }
    }

    fn household(number: &str, members: Vec<MemberEntry>) -> HouseholdEntry {
        HouseholdEntry { number: number.into(), members }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
    }

    fn rules(households: &[HouseholdEntry]) -> Vec<(String, String)> {
        let refusal = Register::read(households, today()).err().expect("refused");
        refusal.findings.into_iter().map(|finding| (finding.rule, finding.field.unwrap_or_default())).collect()
    }

    #[test]
    fn who_votes_is_of_full_capacity_today() {
        let lacking = MemberEntry { lacks_capacity: Some(true), ..member("19900101", 3, "other") };
        let working = MemberEntry { self_supporting: Some(true), ..member("20090301", 4, "child") };
        let register = Register::read(
            &[household(
                "1",
                vec![
                    member("20080301", 1, "head"),
                    member("20080302", 2, "child"),
                    lacking,
                    working,
                    member("20090301", 5, "child"),
                ],
            )],
            today(),
        )
        .unwrap();
        let votes: HashMap<_, _> = register.members.iter().map(|m| (m.identity_number.clone(), m.votes)).collect();
        assert!(votes[&number("20080301", 1)], "18 today");
        assert!(!votes[&number("20080302", 2)], "18 tomorrow");
        assert!(!votes[&number("19900101", 3)], "without capacity");
        assert!(votes[&number("20090301", 4)], "17 and living on the own labour");
        assert!(!votes[&number("20090301", 5)]);
        assert_eq!(register.voters(), 2);
    }

    #[test]
    fn faults_are_told_at_their_place() {
        let faulty = [
            household("1", vec![member("19800101", 1, "head"), member("19800101", 1, "spouse")]),
            household("1", vec![member("19800101", 2, "head"), member("19900101", 3, "head")]),
            household("2", vec![member("20260302", 4, "head")]),
            household(
                "",
                vec![MemberEntry { identity_number: "1".into(), name: " ".into(), ..member("19800101", 5, "head") }],
            ),
            household("4", vec![MemberEntry { self_supporting: Some(true), ..member("20150101", 6, "head") }]),
        ];
        let found = rules(&faulty);
        let expected = [
            ("register.identity-number", "households[0].members[1].identity_number"),
            ("register.household-number", "households[1].number"),
            ("register.one-head", "households[1]"),
            ("register.born", "households[2].members[0].identity_number"),
            ("text.empty", "households[3].number"),
            ("text.empty", "households[3].members[0].name"),
            ("resident-id.form", "households[3].members[0].identity_number"),
            ("register.self-supporting", "households[4].members[0].self_supporting"),
        ];
        let found: Vec<_> = found.iter().map(|(rule, field)| (rule.as_str(), field.as_str())).collect();
        assert_eq!(found, expected);
        assert!(Register::read(&[], today()).is_err());
    }

    #[test]
    fn the_digest_is_of_the_register_and_not_of_its_order() {
        let one = household("1", vec![member("19800101", 1, "head"), member("19820101", 2, "spouse")]);
        let two = household("2", vec![member("19800101", 3, "head")]);
        let turned = household("1", one.members.iter().rev().cloned().collect());
        let a = Register::read(&[one, two.clone()], today()).unwrap();
        let b = Register::read(&[two.clone(), turned], today()).unwrap();
        let c = Register::read(&[two], today()).unwrap();
        assert_eq!(a.digest(&[1; 32]), b.digest(&[1; 32]));
        assert_ne!(a.digest(&[1; 32]), a.digest(&[2; 32]));
        assert_ne!(a.digest(&[1; 32]), c.digest(&[1; 32]));
    }
}
