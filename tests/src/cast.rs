//! The people of a county, made through the administrator as an office makes them; bidders sign up by themselves.

use crate::{
    http::{Api, Person},
    nobody,
};
use futures::future::join_all;
use sanbian_domain::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The administrator of an empty demonstration.
pub const ADMINISTRATOR: (&str, &str) = ("admin", "sanbian-yanshi-2026");
/// Password of everybody made here.
pub const PASSWORD: &str = "ceshi-yong-2026-kouling";

/// A place where a cast works.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Begins the names of its people.
    pub name: &'static str,
    /// County code.
    pub county: &'static str,
    /// Township code.
    pub township: &'static str,
    /// Village code.
    pub village: &'static str,
}

/// A county with a village that offers land.
pub const HOME: Place = Place { name: "home", county: "500229", township: "500229101", village: "500229101201" };
/// A county whose people have no business in the first.
pub const AWAY: Place = Place { name: "away", county: "500230", township: "500230101", village: "500230101201" };

/// A bidder and the account its money comes from.
#[derive(Clone)]
pub struct Bidder {
    /// Who calls.
    pub person: Person,
    /// Name of person and account.
    pub name: String,
    /// Bank account.
    pub account: String,
    /// The party.
    pub party: String,
}

/// One person for each role of a place, and bidders.
#[derive(Clone)]
pub struct Cast {
    /// Where they work.
    pub place: Place,
    /// Clerk of the collective.
    pub clerk: Person,
    /// Chair of the collective.
    pub chair: Person,
    /// A member of the collective.
    pub member: Person,
    /// Reviewer of the township.
    pub township: Person,
    /// Reviewer of the county.
    pub county: Person,
    /// Operator of the exchange.
    pub operator: Person,
    /// Finance, who imports statements.
    pub finance: Person,
    /// Finance, who confirms payouts.
    pub finance2: Person,
    /// Supervisor.
    pub supervisor: Person,
    /// Administrator of the whole installation.
    pub administrator: Person,
    /// Bidders.
    pub bidders: Vec<Bidder>,
}

impl Cast {
    /// Makes everybody, with `bidders` bidders whose numbers begin at `serial`.
    pub async fn make(api: &Api, place: Place, bidders: u32, serial: u32) -> Self {
        let administrator = api.person(ADMINISTRATOR.0, ADMINISTRATOR.1);
        // Signed in once, so that the calls made at once below need not all do it.
        administrator.get("/api/v1/me").await;
        let staff = [
            ("clerk", place.village),
            ("chair", place.village),
            ("member", place.village),
            ("township-reviewer", place.township),
            ("county-reviewer", place.county),
            ("operator", place.county),
            ("finance", place.county),
            ("finance", place.county),
            ("supervisor", place.county),
        ];
        let made = staff.iter().enumerate().map(|(at, (role, region))| {
            let name = format!("{}-{role}-{at}", place.name);
            let administrator = administrator.clone();
            async move { enrol(api, &administrator, &name, role, region).await }
        });
        let mut made = join_all(made).await.into_iter();
        let mut next = || made.next().expect("one for each row");
        let (clerk, chair, member, township, county) = (next(), next(), next(), next(), next());
        let (operator, finance, finance2, supervisor) = (next(), next(), next(), next());
        let bidders = join_all((0..bidders).map(|at| bidder(api, place, serial + at))).await;
        Self {
            place,
            clerk,
            chair,
            member,
            township,
            county,
            operator,
            finance,
            finance2,
            supervisor,
            administrator,
            bidders,
        }
    }

    /// The people of the office by their role; bidders and the administrator are none.
    pub fn staff(&self) -> BTreeMap<Role, Person> {
        BTreeMap::from([
            (Role::Clerk, self.clerk.clone()),
            (Role::Chair, self.chair.clone()),
            (Role::Member, self.member.clone()),
            (Role::TownshipReviewer, self.township.clone()),
            (Role::CountyReviewer, self.county.clone()),
            (Role::Operator, self.operator.clone()),
            (Role::Finance, self.finance.clone()),
            (Role::Supervisor, self.supervisor.clone()),
        ])
    }

    /// The same people over other calls.
    #[must_use]
    pub fn over(&self, api: &Api) -> Self {
        let mut cast = self.clone();
        for person in [
            &mut cast.clerk,
            &mut cast.chair,
            &mut cast.member,
            &mut cast.township,
            &mut cast.county,
            &mut cast.operator,
            &mut cast.finance,
            &mut cast.finance2,
            &mut cast.supervisor,
            &mut cast.administrator,
        ] {
            *person = person.over(api);
        }
        for bidder in &mut cast.bidders {
            bidder.person = bidder.person.over(api);
        }
        cast
    }
}

/// An account with a role: made by the administrator, its password changed by its owner.
pub async fn enrol(api: &Api, administrator: &Person, username: &str, role: &str, region: &str) -> Person {
    let initial = format!("{PASSWORD}-chushi");
    let request = json!({
        "username": username, "initial_password": initial, "display_name": format!("测试{username}"), "region": region,
    });
    let account = administrator.post("/api/v1/admin/accounts", &format!("{username}-account"), &request).await;
    let grants = format!("/api/v1/admin/accounts/{}/grants", account["id"].as_str().expect("an id"));
    let grant = json!({ "role": role, "region": region });
    administrator.post(&grants, &format!("{username}-grant"), &grant).await;
    let change = json!({ "current_password": initial, "new_password": PASSWORD });
    api.person(username, &initial).post("/api/v1/me/password", &format!("{username}-password"), &change).await;
    api.person(username, PASSWORD)
}

/// Somebody who signs up to bid and registers as a party.
pub async fn bidder(api: &Api, place: Place, serial: u32) -> Bidder {
    let username = format!("{}-bidder-{serial}", place.name);
    let (name, account) = (format!("测试竞买人{serial}"), nobody::bank_account(serial));
    let request = json!({ "username": username, "password": PASSWORD, "display_name": name });
    api.nobody().post("/api/v1/accounts", &format!("{username}-account"), &request).await;
    let person = api.person(&username, PASSWORD);
    let party = person.post("/api/v1/parties", &format!("{username}-party"), &party_request(serial)).await;
    Bidder { person, name, account, party: party["id"].as_str().expect("an id").to_owned() }
}

/// A natural person to register.
pub fn party_request(serial: u32) -> Value {
    let name = format!("测试竞买人{serial}");
    json!({
        "kind": "natural-person",
        "name": name,
        "identity_number": nobody::resident(1980, serial),
        "mobile": format!("139{serial:08}"),
        "address": "测试地址",
        "bank_account": { "name": name, "bank": "测试银行", "number": nobody::bank_account(serial) },
    })
}

/// A collective of `region` to register.
pub fn collective_request(region: &str, serial: u32) -> Value {
    let name = format!("测试{serial}村股份经济合作社");
    json!({
        "name": name,
        "uscc": nobody::uscc(serial),
        "holder": "collective",
        "region": region,
        "address": format!("测试县测试{serial}村"),
        "legal_representative": "测试理事长",
        "bank_account": { "name": name, "bank": "测试银行", "number": nobody::bank_account(9000 + serial) },
    })
}

/// A register of twenty households of three.
pub fn members_request(serial: u32) -> Value {
    let member = |household: u32, at: u32| {
        let number = household * 3 + at;
        let relation = ["head", "spouse", "child"][usize::try_from(at).unwrap_or(0)];
        json!({
            "name": format!("测试成员{number:03}"),
            "identity_number": nobody::resident(1950 + 15 * u16::try_from(at).unwrap_or(0), 100 + serial * 100 + number),
            "relation": relation,
        })
    };
    let household = |household: u32| {
        json!({
            "number": format!("{:03}", household + 1),
            "members": (0..3).map(|at| member(household, at)).collect::<Vec<_>>(),
        })
    };
    json!({ "households": (0..20).map(household).collect::<Vec<_>>() })
}
