//! One transfer from the collective's registration to its money, as a script of steps.
//!
//! Each step first waits until the exchange is where the step belongs, then does one act under a key that follows from the step's name. So a
//! step can be repeated: the same act, the same key, the same answer expected. That is what the tests of faults live on.

use crate::{
    bank::Statement,
    cast::{Bidder, Cast, collective_request, members_request},
    http::{Api, Person, instant},
    until,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A step: its name and what is done.
#[derive(Clone, Copy)]
pub struct Step {
    /// Names its idempotency key too.
    pub name: &'static str,
    act: for<'t> fn(&'t mut Transfer) -> BoxFuture<'t, Value>,
}

macro_rules! steps {
    ($($step:ident),* $(,)?) => {
        /// The whole way, in order.
        pub const STEPS: &[Step] = &[$(Step { name: stringify!($step), act: |transfer| Box::pin(transfer.$step()) }),*];
    };
}

steps![
    collective,
    members,
    asset,
    draft,
    minutes,
    attach,
    decision,
    submit,
    township_review,
    county_review,
    announce,
    register_first,
    register_second,
    accept_first,
    accept_second,
    deposits,
    registration_closes,
    auction_opens,
    first_offer,
    second_offer,
    limited_period,
    last_offer,
    auction_closes,
    notice_ends,
    transferor_signs,
    transferee_signs,
    payment,
    certificate,
    payouts_approved,
    payouts_paid,
];

/// What the log says of a lot that went the whole way with so many accepted offers: each acknowledged act once, and what followed from it.
pub fn entries(offers: usize) -> BTreeMap<&'static str, usize> {
    BTreeMap::from([
        ("lot.drafted", 1),
        ("decision.recorded", 1),
        ("lot.submitted", 1),
        ("lot.reviewed", 2),
        ("lot.announced", 1),
        ("registration.filed", 2),
        ("registration.reviewed", 2),
        ("deposit.held", 2),
        ("registration.qualified", 2),
        ("registration.closed", 1),
        ("room.opened", 1),
        ("bidder.admitted", 2),
        ("bid.placed", offers),
        ("room.closed", 1),
        ("result.published", 1),
        ("result.notice-ended", 1),
        ("contract.drawn", 1),
        ("contract.signed", 2),
        ("payment.received", 1),
        ("deposit.applied", 1),
        ("fee.charged", 1),
        ("contract.settled", 1),
        ("certificate.issued", 1),
        ("deposit.release-ordered", 1),
        ("deposit.released", 1),
        ("proceeds.paid", 1),
    ])
}

/// What became known on the way.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The collective.
    pub collective: String,
    /// Members who vote.
    pub voters: u64,
    /// The parcel.
    pub asset: String,
    /// The lot.
    pub lot: String,
    /// Version of the draft.
    pub version: u64,
    /// SHA-256 of the minutes.
    pub minutes: String,
    /// Revision of the announcement.
    pub revision: u64,
    /// The dates of the announcement.
    pub schedule: Value,
    /// Registrations of the first and the second bidder.
    pub registrations: [String; 2],
    /// The contract.
    pub contract: String,
    /// The certificate's number.
    pub certificate: String,
    /// Payouts, in the order they were approved: id, amount in fen, reference, kind.
    pub payouts: Vec<(String, i64, String, String)>,
}

/// A transfer under way.
#[derive(Clone)]
pub struct Transfer {
    /// Begins the keys of its steps, so that two transfers of an exchange don't meet.
    pub name: String,
    /// Number of the collective and of the place of its parcel.
    pub serial: u32,
    /// Who does what.
    pub cast: Cast,
    /// The exchange.
    pub api: Api,
    /// What became known.
    pub known: Known,
}

impl Step {
    /// Does the step.
    pub async fn run(&self, transfer: &mut Transfer) -> Value {
        (self.act)(transfer).await
    }
}

/// Acres of the parcel: enough for the county's review.
pub const MU: f64 = 60.0;
/// Reserve per mu and year, in fen.
pub const RESERVE: i64 = 60_000;
/// Step of an offer per mu and year, in fen.
pub const STEP: i64 = 1_000;
/// Deposit, in fen: between 10 and 20 % of the first year.
pub const DEPOSIT: i64 = 500_000;

impl Transfer {
    /// A transfer that has not begun. The first two bidders of the cast take part.
    pub fn new(name: &str, serial: u32, cast: Cast, api: &Api) -> Self {
        Self { name: name.to_owned(), serial, cast, api: api.clone(), known: Known::default() }
    }

    /// Does the steps up to and with `last`.
    ///
    /// # Panics
    /// Where there is no step of that name, or one does not succeed.
    pub async fn run_to(&mut self, last: &str) {
        let end = STEPS.iter().position(|step| step.name == last).expect("a step's name");
        self.run_between(0, end).await;
    }

    /// Does the steps after `first` up to and with `last`.
    ///
    /// # Panics
    /// As [`Self::run_to`].
    pub async fn run_on(&mut self, first: &str, last: &str) {
        let place = |name: &str| STEPS.iter().position(|step| step.name == name).expect("a step's name");
        self.run_between(place(first) + 1, place(last)).await;
    }

    async fn run_between(&mut self, first: usize, last: usize) {
        for step in &STEPS[first..=last] {
            step.run(self).await;
        }
    }

    fn key(&self, step: &str) -> String {
        format!("{}-{step}", self.name)
    }

    /// Path of the draft.
    pub fn draft_path(&self, rest: &str) -> String {
        format!("/api/v1/drafts/{}{rest}", self.known.lot)
    }

    /// Path of the lot.
    pub fn lot_path(&self, rest: &str) -> String {
        format!("/api/v1/lots/{}{rest}", self.known.lot)
    }

    /// Path of the contract.
    pub fn contract_path(&self, rest: &str) -> String {
        format!("/api/v1/contracts/{}{rest}", self.known.contract)
    }

    /// The first or the second bidder.
    pub fn bidder(&self, at: usize) -> &Bidder {
        &self.cast.bidders[at]
    }

    /// Today in Shanghai.
    pub async fn today(&self) -> NaiveDate {
        (self.api.now().await + TimeDelta::hours(8)).date_naive()
    }

    /// The notice as the clerk fills it in.
    pub fn notice(&self) -> Value {
        json!({
            "title": format!("测试{}村机动地{MU}亩土地经营权出租", self.serial),
            "category": "collective-land",
            "holder": "collective",
            "mode": "lease",
            "region": self.cast.place.village,
            "location": { "detail": "测试坝，东至路，西至河，南至沟，北至林" },
            "components": [{ "quantity": { "amount": "60", "unit": "mu" } }],
            "term": { "kind": "length", "span": "P3Y", "start": "signing" },
            "price": {
                "reserve": { "amount": RESERVE, "basis": "mu-year" },
                "escalator": { "kind": "none" },
            },
            "method": {
                "method": {
                    "kind": "ascending",
                    "free_minutes": 30,
                    "limited_seconds": 300,
                    "extension_seconds": 120,
                    "step": { "amount": STEP, "basis": "mu-year" },
                },
                "venue": "online",
            },
            "deposit": { "amount": DEPOSIT, "kind": "bid" },
            "payment": { "plan": { "kind": "every-years", "years": 1 } },
            "intended_use": "种植粮食作物",
            "priority": { "ranks": [["member"]], "exercise": "match" },
        })
    }

    /// The parcel as the clerk registers it.
    pub fn asset_request(&self) -> Value {
        json!({
            "collective_id": self.known.collective,
            "description": {
                "category": "collective-land",
                "name": format!("测试{}村机动地", self.serial),
                "location": "测试坝，东至路，西至河，南至沟，北至林",
                "region": self.cast.place.village,
                "stated_mu": "60",
                "land_use": "耕地",
                "geometry": parcel(MU, self.serial),
                "photos": [],
            },
        })
    }

    /// A decision of the assembly that carries.
    pub async fn decision_request(&self) -> Value {
        let today = self.today().await;
        let day = |days: i64| (today - TimeDelta::days(days)).to_string();
        json!({ "decision": {
            "assembly": "assembly",
            "notice_on": day(16),
            "held_on": day(2),
            "eligible": self.known.voters,
            "present": self.known.voters,
            "in_favour": self.known.voters - 3,
            "against": 1,
            "abstained": 2,
            "minutes_digest": self.known.minutes,
            "outside_allowed": true,
            "matters": ["transfer"],
            "party_discussed_on": day(18),
            "credit_checked": true,
            "capacity_checked": true,
        } })
    }

    // The collective ------------------------------------------------------------------------------------------------------------------

    async fn collective(&mut self) -> Value {
        let request = collective_request(self.cast.place.village, self.serial);
        let made = self.cast.operator.post("/api/v1/collectives", &self.key("collective"), &request).await;
        self.known.collective = text(&made["id"]);
        made
    }

    async fn members(&mut self) -> Value {
        let path = format!("/api/v1/collectives/{}/members", self.known.collective);
        let done = self.cast.clerk.put(&path, &self.key("members"), &members_request(self.serial)).await;
        self.known.voters = done["collective"]["voters"].as_u64().expect("a number");
        done
    }

    async fn asset(&mut self) -> Value {
        let made = self.cast.clerk.post("/api/v1/assets", &self.key("asset"), &self.asset_request()).await;
        self.known.asset = text(&made["id"]);
        made
    }

    async fn draft(&mut self) -> Value {
        let request = json!({
            "collective_id": self.known.collective,
            "asset_ids": [self.known.asset],
            "notice": self.notice(),
        });
        let made = self.cast.clerk.post("/api/v1/drafts", &self.key("draft"), &request).await;
        self.known.lot = text(&made["id"]);
        self.drafted(made)
    }

    /// Notes the draft's version.
    fn drafted(&mut self, draft: Value) -> Value {
        self.known.version = draft["version"].as_u64().expect("a number");
        draft
    }

    async fn minutes(&mut self) -> Value {
        let minutes = format!("测试{}村成员大会会议记录。\n应到、实到、表决结果见决议。\n", self.serial);
        let stored = self.cast.clerk.upload(minutes.into_bytes()).await;
        self.known.minutes = text(&stored["digest"]);
        stored
    }

    async fn attach(&mut self) -> Value {
        let document = json!({
            "digest": self.known.minutes, "kind": "minutes", "name": "会议记录.txt", "media_type": "", "size": 0, "public": true,
        });
        let path = self.draft_path("/documents");
        let draft = self.cast.clerk.post(&path, &self.key("attach"), &json!({ "document": document })).await;
        self.drafted(draft)
    }

    async fn decision(&mut self) -> Value {
        let request = self.decision_request().await;
        let draft = self.cast.clerk.post(&self.draft_path("/decision"), &self.key("decision"), &request).await;
        self.drafted(draft)
    }

    async fn submit(&mut self) -> Value {
        let request = json!({ "version": self.known.version });
        let draft = self.cast.chair.post(&self.draft_path("/submit"), &self.key("submit"), &request).await;
        self.drafted(draft)
    }

    // The exchange --------------------------------------------------------------------------------------------------------------------

    async fn township_review(&mut self) -> Value {
        self.review(&self.cast.township.clone(), "township").await
    }

    async fn county_review(&mut self) -> Value {
        self.review(&self.cast.county.clone(), "county").await
    }

    async fn review(&mut self, reviewer: &Person, stage: &str) -> Value {
        let request = json!({ "outcome": "approved", "reasons": "材料齐全", "version": self.known.version });
        let draft = reviewer.post(&self.draft_path("/review"), &self.key(stage), &request).await;
        self.drafted(draft)
    }

    async fn announce(&mut self) -> Value {
        let lot = self.cast.operator.post(&self.draft_path("/announce"), &self.key("announce"), &json!({})).await;
        self.known.revision = lot["revision"].as_u64().expect("a number");
        self.known.schedule = lot["schedule"].clone();
        lot
    }

    /// An instant of the announcement's dates.
    pub fn date(&self, name: &str) -> DateTime<Utc> {
        instant(&self.known.schedule[name])
    }

    // Registration --------------------------------------------------------------------------------------------------------------------

    async fn register_first(&mut self) -> Value {
        self.register(0).await
    }

    async fn register_second(&mut self) -> Value {
        self.register(1).await
    }

    async fn register(&mut self, at: usize) -> Value {
        let request = json!({ "revision": self.known.revision, "documents": [], "accepts_terms": true });
        let key = self.key(&format!("register-{at}"));
        let made = self.bidder(at).person.post(&self.lot_path("/registrations"), &key, &request).await;
        self.known.registrations[at] = text(&made["id"]);
        made
    }

    async fn accept_first(&mut self) -> Value {
        self.accept(0).await
    }

    async fn accept_second(&mut self) -> Value {
        self.accept(1).await
    }

    async fn accept(&mut self, at: usize) -> Value {
        let request = json!({ "outcome": "accepted", "priority_accepted": false, "reasons": "" });
        let path = format!("/api/v1/registrations/{}/review", self.known.registrations[at]);
        self.cast.operator.post(&path, &self.key(&format!("accept-{at}")), &request).await
    }

    /// A bidder's deposit, once settlement has heard of the registration.
    pub async fn deposit(&self, at: usize) -> Value {
        let path = format!("/api/v1/registrations/{}/deposit", self.known.registrations[at]);
        let person = &self.bidder(at).person;
        until("a deposit's reference", || async {
            let answer = person.send(reqwest::Method::GET, &path, None, None).await;
            if answer.status == 404 { None } else { Some(answer.ok()) }
        })
        .await
    }

    async fn deposits(&mut self) -> Value {
        let mut statement = Statement::new(self.today().await);
        for at in 0..2 {
            let (deposit, bidder) = (self.deposit(at).await, self.bidder(at));
            let amount = deposit["amount_fen"].as_i64().expect("a number");
            let line = self.key(&format!("deposit-{at}"));
            statement = statement.incoming(&line, amount, &bidder.name, &bidder.account, &text(&deposit["reference"]));
        }
        let result = self.import("deposits", &statement).await;
        for at in 0..2 {
            until("a held deposit", || async { (self.deposit(at).await["state"] == "held").then_some(()) }).await;
        }
        result
    }

    /// Imports a bank statement.
    pub async fn import(&self, key: &str, statement: &Statement) -> Value {
        self.cast.finance.post("/api/v1/bank/statements", &self.key(key), &statement.request()).await
    }

    /// Waits until the lot is in one of `states`.
    pub async fn reached(&self, states: &[&str]) -> Value {
        let path = self.lot_path("");
        until(&format!("the lot is {states:?}"), || async {
            let lot = self.api.nobody().get(&path).await;
            states.contains(&lot["state"].as_str().expect("text")).then_some(lot)
        })
        .await
    }

    /// Moves business time just past an instant.
    async fn past(&self, at: DateTime<Utc>) {
        self.api.forward_to(&self.cast.administrator, at + TimeDelta::seconds(1)).await;
    }

    async fn registration_closes(&mut self) -> Value {
        // Both may bid: the deposits' entries have come round.
        for at in 0..2 {
            let (person, id) = (&self.bidder(at).person, &self.known.registrations[at]);
            until("a qualified registration", || async {
                let page = person.get("/api/v1/me/registrations").await;
                let own = page["items"].as_array().expect("items").iter().find(|item| item["id"] == json!(id))?.clone();
                (own["state"] == "qualified").then_some(())
            })
            .await;
        }
        self.past(self.date("registration_closes")).await;
        self.reached(&["registration-closed", "bidding"]).await;
        Value::Null
    }

    // The auction ---------------------------------------------------------------------------------------------------------------------

    /// The room as anyone sees it.
    pub async fn room(&self) -> Value {
        self.api.nobody().get(&self.lot_path("/room")).await
    }

    /// Waits until the room is in `phase`.
    pub async fn room_is(&self, phase: &str) -> Value {
        until(&format!("the room is {phase}"), || async {
            let answer = self.api.nobody().send(reqwest::Method::GET, &self.lot_path("/room"), None, None).await;
            // It is made when bidding hears that registration has closed.
            if answer.status == 404 {
                return None;
            }
            let room = answer.ok();
            (room["phase"] == phase).then_some(room)
        })
        .await
    }

    async fn auction_opens(&mut self) -> Value {
        self.past(self.date("auction_opens")).await;
        self.room_is("free").await;
        self.reached(&["bidding"]).await;
        Value::Null
    }

    async fn first_offer(&mut self) -> Value {
        self.offer(0, RESERVE, "first-offer").await
    }

    async fn second_offer(&mut self) -> Value {
        self.offer(1, RESERVE + STEP, "second-offer").await
    }

    /// A bidder offers.
    pub async fn offer(&self, at: usize, fen: i64, key: &str) -> Value {
        let receipt = self.bidder(at).person.post(&self.lot_path("/bids"), &self.key(key), &offer(fen)).await;
        // Whether it was a repetition is the one thing that differs.
        json!({ "lot_id": receipt["lot_id"], "bid": receipt["bid"] })
    }

    async fn limited_period(&mut self) -> Value {
        let before = self.room_is_open().await;
        // A minute before the end: an offer now moves it.
        let near = instant(&before["ends_at"]) - TimeDelta::seconds(61);
        if instant(&before["free_until_at"]) + TimeDelta::seconds(300) == instant(&before["ends_at"]) {
            self.past(near).await;
        }
        self.room_is("limited").await;
        Value::Null
    }

    async fn room_is_open(&self) -> Value {
        until("an open room", || async {
            let room = self.room().await;
            (room["phase"] == "free" || room["phase"] == "limited").then_some(room)
        })
        .await
    }

    async fn last_offer(&mut self) -> Value {
        self.room_is("limited").await;
        // Whatever was offered before by whom: the first bidder leads in the end.
        let fen = until("a price to offer", || async {
            let answer = self.bidder(0).person.get(&self.lot_path("/my-place")).await;
            if answer["leads"] == true { answer["own_fen"].as_i64() } else { self.room().await["next_fen"].as_i64() }
        })
        .await;
        self.offer(0, fen, "last-offer").await
    }

    async fn auction_closes(&mut self) -> Value {
        let room = self.room().await;
        self.past(instant(&room["ends_at"])).await;
        self.room_is("closed").await;
        self.reached(&["result-notice"]).await;
        Value::Null
    }

    // Contract and money --------------------------------------------------------------------------------------------------------------

    async fn notice_ends(&mut self) -> Value {
        let lot = self.reached(&["result-notice", "contract"]).await;
        let last: NaiveDate = text(&lot["notice_to_date"]).parse().expect("a day");
        // The day after the last one, nine in the morning in Shanghai.
        let next = last.succ_opt().and_then(|day| day.and_hms_opt(1, 0, 0)).expect("a day").and_utc();
        self.past(next).await;
        self.reached(&["contract"]).await;
        let contract = until("a contract to sign", || async {
            let page = self.bidder(0).person.get("/api/v1/contracts").await;
            let items = page["items"].as_array().expect("items");
            items
                .iter()
                .find(|contract| contract["lot_id"] == json!(self.known.lot) && contract["state"] == "signing")
                .cloned()
        })
        .await;
        self.known.contract = text(&contract["id"]);
        Value::Null
    }

    async fn transferor_signs(&mut self) -> Value {
        self.sign(&self.cast.chair.clone(), "sign-transferor").await
    }

    async fn transferee_signs(&mut self) -> Value {
        self.sign(&self.bidder(0).person.clone(), "sign-transferee").await
    }

    async fn sign(&self, person: &Person, key: &str) -> Value {
        let contract = person.get(&self.contract_path("")).await;
        let request = json!({ "digest": contract["digest"] });
        person.post(&self.contract_path("/sign"), &self.key(key), &request).await
    }

    async fn payment(&mut self) -> Value {
        let bidder = self.bidder(0);
        let contract = until("what is due", || async {
            let contract = bidder.person.get(&self.contract_path("")).await;
            (contract["state"] == "signed" || contract["state"] == "settled").then_some(contract)
        })
        .await;
        // What is due is what was due when the statement was written: a repeated import brings the same line.
        let due = contract["first_payment_fen"].as_i64().expect("a number")
            + contract["fee_fen"].as_i64().expect("a number")
            - contract["deposit_applied_fen"].as_i64().expect("a number");
        let line = self.key("payment");
        let statement = Statement::new(self.today().await);
        let statement = statement.incoming(&line, due, &bidder.name, &bidder.account, &text(&contract["reference"]));
        let result = self.import("payment", &statement).await;
        until("a settled contract", || async {
            (bidder.person.get(&self.contract_path("")).await["state"] == "settled").then_some(())
        })
        .await;
        self.reached(&["settled", "certified"]).await;
        result
    }

    async fn certificate(&mut self) -> Value {
        let request = json!({ "remarks": "" });
        let path = self.contract_path("/certificate");
        let mut made = self.cast.operator.post(&path, &self.key("certificate"), &request).await;
        self.known.certificate = text(&made["number"]);
        self.reached(&["certified"]).await;
        // Its place in the log comes a moment later.
        made.as_object_mut().expect("an object").remove("log_index");
        made
    }

    async fn payouts_approved(&mut self) -> Value {
        let ordered = until("the payouts", || async {
            let mut all = Vec::new();
            for state in ["ordered", "approved"] {
                let page = self.cast.finance2.get(&format!("/api/v1/payouts?state={state}&limit=100")).await;
                all.extend(page["items"].as_array().expect("items").iter().cloned());
            }
            all.retain(|payout| payout["lot_id"] == json!(self.known.lot));
            // The loser's deposit and the proceeds.
            (all.len() >= 2).then_some(all)
        })
        .await;
        let mut answers = Vec::new();
        let mut ordered: Vec<Value> = ordered;
        ordered.sort_by_key(|payout| text(&payout["id"]));
        self.known.payouts.clear();
        for payout in ordered {
            let id = text(&payout["id"]);
            let path = format!("/api/v1/payouts/{id}/approve");
            let approved = self.cast.finance2.post(&path, &self.key(&format!("approve-{id}")), &json!({})).await;
            let amount = approved["amount_fen"].as_i64().expect("a number");
            self.known.payouts.push((id, amount, text(&approved["reference"]), text(&approved["kind"])));
            answers.push(approved);
        }
        Value::Array(answers)
    }

    async fn payouts_paid(&mut self) -> Value {
        let mut statement = Statement::new(self.today().await);
        for (id, amount, reference, kind) in &self.known.payouts {
            let (name, account) = match kind.as_str() {
                "proceeds" => {
                    let collective = collective_request(self.cast.place.village, self.serial);
                    (text(&collective["bank_account"]["name"]), text(&collective["bank_account"]["number"]))
                }
                _ => (self.bidder(1).name.clone(), self.bidder(1).account.clone()),
            };
            statement = statement.outgoing(&self.key(id), *amount, &name, &account, reference);
        }
        let result = self.import("payouts", &statement).await;
        until("paid payouts", || async {
            let page = self.cast.finance2.get("/api/v1/payouts?state=paid&limit=100").await;
            let items = page["items"].as_array().expect("items");
            let paid = |id: &String| items.iter().any(|payout| payout["id"] == json!(id));
            self.known.payouts.iter().all(|(id, ..)| paid(id)).then_some(())
        })
        .await;
        result
    }
}

/// An offer of `fen` per mu and year.
pub fn offer(fen: i64) -> Value {
    json!({ "amount_fen": fen, "kind": "bid", "outlier_confirmed": false })
}

/// A text of an answer.
///
/// # Panics
/// Where it is none.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A square parcel of `mu` as GeoJSON, longitude and latitude in CGCS2000; its place follows from `serial`, so that no two overlap. Sides are
/// reckoned on the ellipsoid.
pub fn parcel(mu: f64, serial: u32) -> Value {
    let (lon, lat) = (108.40 + f64::from(serial % 40) * 0.01, 31.70 + f64::from(serial / 40) * 0.01);
    let side = (mu * 10_000.0 / 15.0).sqrt();
    let (a, e2) = (6_378_137.0_f64, 0.006_694_380_022_9_f64);
    let sin2 = lat.to_radians().sin().powi(2);
    let north = side / (a * (1.0 - e2) / (1.0 - e2 * sin2).powf(1.5)).to_radians();
    let east = side / (a / (1.0 - e2 * sin2).sqrt() * lat.to_radians().cos()).to_radians();
    let (right, top) = (lon + east, lat + north);
    json!({
        "type": "Polygon",
        "coordinates": [[[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]],
    })
}
