//! The county: its people, its villages, its past and its present.

use super::{
    people::{ADMINISTRATOR, PASSWORD, PEOPLE, Person, VILLAGES},
    transfer::{Course, Plan},
};
use crate::{
    client::{Account, Api},
    progress,
};
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use sanbian_domain::{
    finding::refuses,
    identity::{ResidentId, Uscc},
    import::{self, Outcome},
    money::Money,
    notice::{Ascending, Deposit, DepositKind, Method, Notice, PaymentPlan, Schedule, Venue},
    price::{Escalator, UnitPrice},
    region::RegionCode,
    rulebook::{CheckContext, Library, check_draft},
    term::{Start, Term},
};
use sanbian_proto::{
    identity::v1::{
        Account as AccountView, ChangePasswordRequest, CreateAccountRequest, GrantRoleRequest, SessionOpened,
        SignUpRequest,
    },
    registry::v1::{
        BankAccount, Collective, HouseholdEntry, ImportMembersRequest, MemberEntry, MembersImported, Party,
        RegisterCollectiveRequest, RegisterPartyRequest,
    },
};
use sanbian_runtime::{Clock, clock};
use std::{future::Future, time::Duration};

/// The real notices, as they come with the program.
const NOTICES: &str = include_str!("../../../domain/data/notices/real-lots.csv");

/// The county as its makers see it.
pub struct County {
    pub(super) api: Api,
    pub(super) clock: Clock,
}

impl County {
    /// The county behind `api`, whose time `clock` is.
    pub fn new(api: Api, clock: Clock) -> Self {
        Self { api, clock }
    }

    /// An account of the demonstration.
    pub fn account(&self, username: &str) -> Account {
        self.api.account(username, PASSWORD)
    }

    /// Makes what is missing: people, villages, two rounds of past transfers, and the present ones.
    pub async fn make(&self) -> anyhow::Result<()> {
        let bar = progress::bar(6, "演示县 demonstration county");
        for person in PEOPLE {
            self.enrol(person).await.with_context(|| format!("making {}", person.username))?;
        }
        bar.inc(1);
        let mut villages = Vec::new();
        for (number, (name, region)) in VILLAGES.iter().enumerate() {
            villages.push(self.village(number, name, region).await.with_context(|| format!("making {name}"))?);
        }
        bar.inc(1);
        let cast = Cast::new(self, villages);
        let notices = runnable_notices();
        tracing::info!(notices = notices.len(), "notices that can be run as auctions");
        anyhow::ensure!(notices.len() >= 8, "too few notices can be run as auctions: {}", notices.len());
        let pick = |round: usize, at: usize| notices[(round * 7 + at) % notices.len()].clone();

        // Two rounds of past transfers, each carried through to its end.
        for round in 0..2 {
            let plans: Vec<Plan> = (0..8)
                .map(|at| Plan {
                    key: format!("past-{round}-{at}"),
                    slot: u32::try_from(round * 10 + at).unwrap_or(0),
                    village: at % VILLAGES.len(),
                    notice: pick(round, at),
                    bidders: match at {
                        2 => vec![],
                        3 | 7 => vec![at % 5],
                        _ => vec![at % 5, (at + 1) % 5, (at + 3) % 5],
                    },
                    course: match at {
                        5 => Course::SignedNotPaid,
                        6 if round == 1 => Course::Closed,
                        _ => Course::Certified,
                    },
                    raises: 3 + at,
                })
                .collect();
            cast.past(&plans).await.with_context(|| format!("past round {round}"))?;
            bar.inc(1);
        }

        // The present: auctions that open one after the other from now on, lots one may still register for, and drafts on their way.
        let now = self.clock.now();
        let present = Utc::now();
        let lead = (present - now).max(TimeDelta::zero());
        // Far enough back that announcement and registration are over when the first one opens.
        let announce_at = lead - TimeDelta::days(21);
        if announce_at > TimeDelta::zero() {
            self.clock.advance(announce_at)?;
        }
        let opening: Vec<(Plan, DateTime<Utc>)> = (0..14_i32)
            .map(|at| {
                let index = usize::try_from(at).unwrap_or(0);
                let plan = Plan {
                    key: format!("now-{at}"),
                    slot: 100 + at.unsigned_abs(),
                    village: index % VILLAGES.len(),
                    notice: pick(3, index),
                    bidders: vec![index % 5, (index + 1) % 5, (index + 2) % 5, (index + 3) % 5],
                    course: Course::Closed,
                    raises: 0,
                };
                // Three are under way when the program opens its doors, then one every few minutes, later ones hours apart.
                let minutes = if at < 8 { i64::from(at) * 6 - 20 } else { i64::from(at - 7) * 180 };
                (plan, present + TimeDelta::minutes(minutes))
            })
            .collect();
        cast.open(&opening).await.context("the running auctions")?;
        bar.inc(1);
        let left = Utc::now() - self.clock.now();
        if left > TimeDelta::zero() {
            self.clock.advance(left)?;
        }
        cast.under_way(&(0..5).map(|at| pick(5, at)).collect::<Vec<_>>()).await.context("lots on their way")?;
        bar.inc(1);
        bar.finish_and_clear();
        Ok(())
    }

    /// An account with its roles, or a bidder who signs up and registers as a party.
    async fn enrol(&self, person: &Person) -> anyhow::Result<()> {
        if person.username == ADMINISTRATOR.username
            || self.account(person.username).get::<AccountView>("/api/v1/me").await.is_ok()
        {
            if person.bids() {
                self.party(person).await?;
            }
            return Ok(());
        }
        if person.bids() {
            let request = SignUpRequest {
                username: person.username.into(),
                password: PASSWORD.into(),
                display_name: person.zh.into(),
                ..Default::default()
            };
            let _: AccountView =
                self.api.post("/api/v1/accounts", &format!("demo-{}", person.username), &request).await?;
            return self.party(person).await;
        }
        let admin = self.account(ADMINISTRATOR.username);
        // Handed over with the account, to be changed at the first sign-in.
        let initial = "chuci-denglu-2026".to_owned();
        let region = person.grants.first().map_or("", |(_, region)| region);
        let request = CreateAccountRequest {
            username: person.username.into(),
            initial_password: initial.clone(),
            display_name: person.zh.into(),
            region: region.into(),
        };
        let account: AccountView =
            admin.post("/api/v1/admin/accounts", &format!("demo-{}", person.username), &request).await?;
        for (role, region) in person.grants {
            let grant = GrantRoleRequest { role: role.to_string(), region: (*region).into(), ..Default::default() };
            let path = format!("/api/v1/admin/accounts/{}/grants", account.id);
            let _: AccountView = admin.post(&path, &format!("demo-{}-{role}", person.username), &grant).await?;
        }
        let first = self.api.account(person.username, &initial);
        let request = ChangePasswordRequest { current_password: initial, new_password: PASSWORD.into() };
        let _: SessionOpened =
            first.post("/api/v1/me/password", &format!("demo-{}-password", person.username), &request).await?;
        Ok(())
    }

    async fn party(&self, person: &Person) -> anyhow::Result<()> {
        let number: u32 = person.username.trim_start_matches("bidder").parse()?;
        let request = RegisterPartyRequest {
            kind: "natural-person".into(),
            name: person.zh.into(),
            identity_number: resident(1980, number)?,
            mobile: format!("1390000{number:04}"),
            address: "演示地址".into(),
            bank_account: Some(BankAccount {
                name: person.zh.into(),
                bank: "演示银行".into(),
                number: bank_number(number),
            }),
            ..Default::default()
        };
        let _: Party = self
            .account(person.username)
            .post("/api/v1/parties", &format!("demo-{}-party", person.username), &request)
            .await?;
        Ok(())
    }

    /// A village's collective with its households and members.
    async fn village(&self, number: usize, name: &str, region: &str) -> anyhow::Result<Collective> {
        let serial = u32::try_from(number)?;
        let request = RegisterCollectiveRequest {
            name: format!("{name}股份经济合作社"),
            uscc: uscc(serial)?,
            holder: "collective".into(),
            region: region.into(),
            address: format!("重庆市城口县{name}"),
            legal_representative: format!("{name}理事长"),
            bank_account: BankAccount {
                name: format!("{name}股份经济合作社"),
                bank: "演示银行".into(),
                number: bank_number(9000 + serial),
            }
            .into(),
            ..Default::default()
        };
        let collective: Collective =
            self.account("operator").post("/api/v1/collectives", &format!("demo-village-{number}"), &request).await?;
        let households = (0..30_u32)
            .map(|household| {
                let members = (0..3_u32)
                    .map(|member| {
                        Ok(MemberEntry {
                            name: format!("演示成员{:03}", household * 3 + member + 1),
                            identity_number: resident(
                                1950 + 20 * i32::try_from(member)?,
                                100 + serial * 200 + household * 3 + member,
                            )?,
                            relation: if member == 0 { "head" } else { "other" }.into(),
                            ..Default::default()
                        })
                    })
                    .collect::<anyhow::Result<_>>()?;
                Ok(HouseholdEntry { number: format!("{:03}", household + 1), members })
            })
            .collect::<anyhow::Result<_>>()?;
        let request = ImportMembersRequest { households, ..Default::default() };
        let path = format!("/api/v1/collectives/{}/members", collective.id);
        let done: MembersImported =
            self.account("clerk").put(&path, &format!("demo-members-{number}"), &request).await?;
        Ok(done.collective.unwrap_or(collective))
    }

    /// Keeps auctions running: demonstration bidders offer in every running room they are admitted to.
    pub async fn live(&self) {
        super::bids::keep_bidding(self).await;
    }
}

/// The cast of the transfers: accounts that stay signed in, and the villages.
pub struct Cast {
    pub(super) api: Api,
    pub(super) clock: Clock,
    pub(super) clerk: Account,
    pub(super) chair: Account,
    pub(super) township: Account,
    pub(super) county: Account,
    pub(super) operator: Account,
    pub(super) finance: Account,
    pub(super) finance2: Account,
    pub(super) bidders: Vec<Account>,
    pub(super) villages: Vec<Collective>,
}

impl Cast {
    fn new(county: &County, villages: Vec<Collective>) -> Self {
        let account = |name: &str| county.account(name);
        Self {
            api: county.api.clone(),
            clock: county.clock.clone(),
            clerk: account("clerk"),
            chair: account("chair"),
            township: account("township"),
            county: account("county"),
            operator: account("operator"),
            finance: account("finance"),
            finance2: account("finance2"),
            bidders: (1..=5).map(|number| account(&format!("bidder{number}"))).collect(),
            villages,
        }
    }
}

/// Waits until `ask` gives something: services hear of each other through the log, a moment later.
pub async fn until<T, F>(what: &str, mut ask: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let mut last = None;
    for _ in 0..600 {
        match ask().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    match last {
        Some(error) => Err(error.context(format!("{what} did not come about in time"))),
        None => anyhow::bail!("{what} did not come about in time"),
    }
}

/// The notices that say enough to be run as an ascending auction on line; a missing step is set as the clerk would.
fn runnable_notices() -> Vec<Notice> {
    import::read(NOTICES.as_bytes())
        .filter_map(|outcome| match outcome.outcome {
            Outcome::Draft(notice) => runnable(*notice),
            Outcome::Refused => None,
        })
        .collect()
}

/// A notice made ready as its clerk would: what a rule wants and the published notice does not say is filled in with the usual, dates
/// long past are taken out. None where the rules still refuse it, or no auction can be run on it.
fn runnable(mut notice: Notice) -> Option<Notice> {
    let reserve = notice.price.reserve?;
    let category = notice.category?;
    if notice.components.len() != 1 || notice.mu().is_none() || notice.price.grain.is_some() {
        return None;
    }
    notice.schedule = Schedule::default();
    let span = notice.term?.span().filter(|span| span.total_months() >= 12)?;
    notice.term = Some(Term::Length { span, start: Start::Signing, at_most: false });
    let method = notice.method.as_mut()?;
    let mut ascending = match method.method.take()? {
        Method::Ascending(ascending) => ascending,
        _ => Ascending::default(),
    };
    let step = (reserve.amount.fen() / 5_000 * 100).max(100);
    ascending.step.get_or_insert(UnitPrice { amount: Money::from_fen(step), ..reserve });
    ascending.free_minutes = None;
    method.method = Some(Method::Ascending(ascending));
    method.venue = Some(Venue::Online);
    notice.takers = None;
    notice.price.escalator.get_or_insert(Escalator::None);
    let plan = PaymentPlan::EveryYears { years: 1 };
    let payment = notice.payment.get_or_insert_default();
    payment.plan.get_or_insert(plan);
    if notice.intended_use.is_empty() {
        notice.intended_use = "按现状用途经营".to_owned();
    }
    let priority = notice.priority.get_or_insert_default();
    if priority.ranks.is_empty() {
        priority.none = true;
        priority.restricted_to = None;
    }
    let region: RegionCode = VILLAGES[0].1.parse().ok()?;
    notice.region = Some(region);
    // Between a tenth and a fifth of the first year's rent, in whole hundreds of yuan where that is possible.
    notice.total().ok()?;
    let first_year = notice.first_year().ok()?.fen();
    let deposit = Money::from_fen(first_year * 15 / 100 / 100 * 100);
    notice.deposit = Some(Deposit { amount: deposit, kind: DepositKind::Bid, becomes_performance: false });
    notice.other_deposits.clear();
    let rulebook = Library::builtin().rulebook(region, category).ok()?;
    let today = clock::day(Utc::now());
    let findings = check_draft(&notice, &rulebook, &CheckContext::on(today));
    (!refuses(&findings)).then_some(notice)
}

/// A resident id of nobody: a well-formed number with a serial that the demonstration made up.
fn resident(year: i32, serial: u32) -> anyhow::Result<String> {
    let head = format!("500229{year:04}01{:02}{:03}", serial / 1000 + 1, serial % 1000);
    checked(&head, "0123456789X", |text| ResidentId::parse(text).is_ok())
}

fn uscc(serial: u32) -> anyhow::Result<String> {
    checked(&format!("N2500229MADEM{serial:03}1"), "0123456789ABCDEFGHJKLMNPQRTUWXY", |text| Uscc::parse(text).is_ok())
}

/// `head` with the check character that makes it valid.
fn checked(head: &str, characters: &str, valid: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    characters
        .chars()
        .map(|last| format!("{head}{last}"))
        .find(|text| valid(text))
        .with_context(|| format!("no check character makes {head} valid"))
}

fn bank_number(serial: u32) -> String {
    format!("6222020000{serial:09}")
}
