//! One collective with two parcels, the people who deal with it, and a clock.

use crate::{ledger::FakeLedger, registry::FakeRegistry};
use chrono::{DateTime, TimeDelta, Utc};
use sanbian_domain::{
    fact::{DepositHeld, Entry, Fact, SYSTEM},
    finding::Finding,
    ids::{AccountId, LotId, RegistrationId, SessionId},
    money::Money,
    role::{Grant, Role},
};
use sanbian_listing::Deps;
use sanbian_proto::{
    ledger::v1::ledger_server::LedgerServer,
    listing::v1::{listing_client::ListingClient, *},
    registry::v1::registry_server::RegistryServer,
};
use sanbian_runtime::{
    Caller, Clock, Context, Kind, Refusal,
    peers::{Forward, Peers},
    rpc::{Door, Transport, in_process},
    testing::TestDb,
};
use sqlx::{Connection, PgConnection};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::service::{Routes, interceptor::InterceptedService};
use uuid::Uuid;

pub type Client = ListingClient<InterceptedService<Transport, Forward>>;

/// The village.
pub const VILLAGE: &str = "500229101202";

/// Somebody with an account.
#[derive(Clone)]
pub struct Person {
    pub account: AccountId,
    pub grants: Vec<Grant>,
}

impl Person {
    pub fn new(role: Role, region: &str) -> Self {
        Self { account: AccountId(Uuid::now_v7()), grants: vec![Grant { role, region: region.to_owned() }] }
    }
}

/// Everything a test needs.
pub struct World {
    pub db: TestDb,
    pub clock: Clock,
    pub registry: FakeRegistry,
    pub peers: Peers,
    pub door: Door,
    pub collective: Uuid,
    pub asset: Uuid,
    pub clerk: Person,
    pub chair: Person,
    pub township: Person,
    pub county: Person,
    pub operator: Person,
    pub supervisor: Person,
    _stop: DropGuard,
}

impl World {
    /// A world on Monday, 2 March 2026, 10:00 in China.
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let start: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
        let (clock, door, peers) = db.shell(start - Utc::now());
        let registry = FakeRegistry::default();
        let (collective, asset) = (Uuid::now_v7(), Uuid::now_v7());
        {
            let mut known = registry.0.lock().unwrap();
            known.collectives.insert(collective, ("东二村股份经济合作联合社".into(), VILLAGE.into()));
            known.assets.insert(asset, (collective, "40".into(), None));
        }
        peers.set_registry(in_process(Routes::new(RegistryServer::new(registry.clone()))));
        peers.set_ledger(in_process(Routes::new(LedgerServer::new(FakeLedger(db.owner().clone())))));
        let deps = Deps::new(db.pool("listing"), door.clone(), peers.clone());
        peers.set_listing(in_process(sanbian_listing::routes(deps.clone())));
        let stop = CancellationToken::new();
        tokio::spawn(sanbian_listing::run(deps, stop.clone()));
        Self {
            clerk: Person::new(Role::Clerk, VILLAGE),
            chair: Person::new(Role::Chair, VILLAGE),
            township: Person::new(Role::TownshipReviewer, "500229101"),
            county: Person::new(Role::CountyReviewer, "500229"),
            operator: Person::new(Role::Operator, "500229"),
            supervisor: Person::new(Role::Supervisor, "500229"),
            db,
            clock,
            registry,
            peers,
            door,
            collective,
            asset,
            _stop: stop.drop_guard(),
        }
    }

    /// A bidder with a party.
    pub fn bidder(&self) -> Person {
        let bidder = Person::new(Role::Bidder, "");
        self.registry.0.lock().unwrap().parties.insert(bidder.account.0, Uuid::now_v7());
        bidder
    }

    pub fn party(&self, person: &Person) -> Uuid {
        self.registry.0.lock().unwrap().parties[&person.account.0]
    }

    pub fn join(&self, person: &Person) {
        let party = self.party(person);
        self.registry.0.lock().unwrap().members.insert((party, self.collective));
    }

    /// The context of a person's call.
    pub fn ctx(&self, person: Option<&Person>, key: Option<&str>) -> Context {
        let caller = person.map(|person| {
            Arc::new(Caller {
                account: person.account,
                session: SessionId(Uuid::now_v7()),
                grants: person.grants.clone(),
                service: false,
            })
        });
        let token = caller.as_deref().map(|caller| self.door.tokens.issue(caller).0);
        Context {
            caller,
            now: self.clock.now(),
            idempotency_key: key.map(str::to_owned),
            request_id: String::new(),
            token,
        }
    }

    /// Listing as a person calls it.
    pub fn by(&self, person: &Person) -> Client {
        self.peers.listing(&self.ctx(Some(person), None))
    }

    /// Listing as a person calls it with an idempotency key.
    pub fn keyed(&self, person: &Person, key: &str) -> Client {
        self.peers.listing(&self.ctx(Some(person), Some(key)))
    }

    /// Listing as nobody in particular calls it.
    pub fn public(&self) -> Client {
        self.peers.listing(&self.ctx(None, None))
    }

    pub fn pass(&self, by: TimeDelta) {
        self.clock.advance(by).unwrap();
    }

    /// Moves the clock to `to`, where that is not past already.
    pub fn pass_to(&self, to: &str) {
        let to: DateTime<Utc> = DateTime::parse_from_rfc3339(to).unwrap().to_utc();
        let by = to - self.clock.now();
        if by > TimeDelta::zero() {
            self.pass(by);
        }
    }

    /// Every entry told the log so far.
    pub async fn log(&self) -> Vec<Entry> {
        self.db.outbox().await
    }

    /// The kinds of entries about a lot, in order.
    pub async fn kinds(&self, lot: &str) -> Vec<&'static str> {
        let subject = format!("lot:{lot}");
        self.log().await.iter().filter(|entry| entry.subject == subject).map(|entry| entry.fact.kind()).collect()
    }

    /// Another service tells the log something about a lot.
    pub async fn tell(&self, lot: &str, fact: impl Into<Fact>) {
        let entry = Entry {
            at: self.clock.now(),
            actor: SYSTEM.to_owned(),
            subject: format!("lot:{lot}"),
            region: VILLAGE.to_owned(),
            rulebook: String::new(),
            fact: fact.into(),
        };
        let mut db = PgConnection::connect_with(self.db.owner()).await.unwrap();
        sqlx::query("SELECT outbox.append($1)").bind(vec![entry.to_bytes().unwrap()]).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    }

    /// Settlement tells that a deposit is held, and listing has heard.
    pub async fn deposit(&self, bidder: &Person, registration: &Registration) {
        let fact = DepositHeld {
            lot: lot_id(&registration.lot_id),
            registration: RegistrationId(registration.id.parse().unwrap()),
            amount: Money::from_fen(registration.deposit_fen),
        };
        self.tell(&registration.lot_id, fact).await;
        let id = registration.id.clone();
        wait("the deposit to be seen", async || {
            let mine = self.by(bidder).list_my_registrations(ListMyRegistrationsRequest::default()).await.unwrap();
            mine.into_inner().items.iter().any(|registration| registration.id == id && registration.deposit_held)
        })
        .await;
    }

    /// Waits until the lot is in `state`.
    pub async fn until(&self, lot: &str, state: &str) -> LotView {
        let seen = async || self.public().get_lot(GetLotRequest { lot_id: lot.into() }).await.unwrap().into_inner();
        wait(state, async || seen().await.state == state).await;
        seen().await
    }

    /// The terms that the tests' lots have.
    pub fn notice(&self) -> String {
        serde_json::json!({
            "title": "东二村一号地出租",
            "category": "collective-land",
            "holder": "collective",
            "mode": "lease",
            "region": VILLAGE,
            "location": { "township": "河东镇", "village": "东二村" },
            "components": [{ "quantity": { "amount": "40", "unit": "mu" } }],
            "term": { "kind": "length", "span": "P3Y", "start": "signing" },
            "price": {
                "reserve": { "amount": 60_000, "basis": "mu-year" },
                "escalator": { "kind": "none" }
            },
            "method": {
                "method": { "kind": "ascending", "step": { "amount": 1_000, "basis": "mu-year" } },
                "venue": "online"
            },
            "deposit": { "amount": 300_000, "kind": "bid" },
            "payment": { "plan": { "kind": "every-years", "years": 1 } },
            "intended_use": "粮食种植",
            "priority": { "ranks": [["member"]], "exercise": "match" }
        })
        .to_string()
    }

    /// The terms with `change` made to them.
    pub fn notice_with(&self, change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut notice = serde_json::from_str(&self.notice()).unwrap();
        change(&mut notice);
        notice.to_string()
    }

    pub async fn draft(&self, notice: String) -> LotDraft {
        let request = CreateDraftRequest {
            collective_id: self.collective.to_string(),
            asset_ids: vec![self.asset.to_string()],
            notice,
        };
        self.by(&self.clerk).create_draft(request).await.unwrap().into_inner()
    }

    /// A draft with minutes and decision.
    pub async fn decided(&self, notice: String) -> LotDraft {
        let draft = self.draft(notice).await;
        self.decide(&draft.id, "ab", true).await
    }

    /// Binds minutes with a digest of `byte` and records a decision that rests on them.
    pub async fn decide(&self, lot: &str, byte: &str, outside_allowed: bool) -> LotDraft {
        let digest = byte.repeat(32);
        let document = LotDocument { kind: "minutes".into(), name: "会议纪要.pdf".into(), ..pdf(&digest) };
        let request = AttachDocumentRequest { lot_id: lot.into(), document: Some(document) };
        self.by(&self.clerk).attach_document(request).await.unwrap();
        let request = RecordDecisionRequest { lot_id: lot.into(), decision: Some(self.vote(&digest, outside_allowed)) };
        self.by(&self.clerk).record_decision(request).await.unwrap().into_inner()
    }

    /// A vote that carries, held a week ago.
    pub fn vote(&self, minutes: &str, outside_allowed: bool) -> CollectiveDecision {
        let day = |days: i64| sanbian_runtime::clock::day(self.clock.now() - TimeDelta::days(days)).to_string();
        CollectiveDecision {
            assembly: "assembly".into(),
            notice_on: day(20),
            held_on: day(7),
            eligible: 90,
            present: 80,
            in_favour: 75,
            against: 3,
            abstained: 2,
            minutes_digest: minutes.into(),
            outside_allowed,
            matters: vec!["transfer".into()],
            party_discussed_on: Some(day(30)),
            ..CollectiveDecision::default()
        }
    }

    pub async fn submit(&self, draft: &LotDraft) -> LotDraft {
        let request = SubmitLotRequest { lot_id: draft.id.clone(), version: draft.version };
        self.by(&self.chair).submit_lot(request).await.unwrap().into_inner()
    }

    pub async fn review(&self, person: &Person, draft: &LotDraft) -> LotDraft {
        let request = ReviewLotRequest {
            lot_id: draft.id.clone(),
            outcome: "approved".into(),
            reasons: String::new(),
            version: draft.version,
        };
        self.by(person).review_lot(request).await.unwrap().into_inner()
    }

    /// A lot that every review has approved.
    pub async fn reviewed(&self, notice: String) -> LotDraft {
        let draft = self.decided(notice).await;
        self.approved(&draft).await
    }

    /// Submits a decided draft and has it approved.
    pub async fn approved(&self, draft: &LotDraft) -> LotDraft {
        let mut lot = self.submit(draft).await;
        lot = self.review(&self.township, &lot).await;
        if lot.next_review.is_some() {
            lot = self.review(&self.county, &lot).await;
        }
        lot
    }

    pub async fn announce(&self, lot: &LotDraft) -> LotView {
        let request = AnnounceLotRequest { lot_id: lot.id.clone(), auction_opens_at: None, free_minutes: None };
        self.by(&self.operator).announce_lot(request).await.unwrap().into_inner()
    }

    /// A lot that is announced.
    pub async fn announced(&self) -> LotView {
        let lot = self.reviewed(self.notice()).await;
        self.announce(&lot).await
    }

    pub async fn register(&self, bidder: &Person, lot: &LotView) -> Registration {
        self.by(bidder).register_for_lot(registering(lot)).await.unwrap().into_inner()
    }

    pub async fn accept(&self, registration: &Registration) -> Registration {
        let request = ReviewRegistrationRequest {
            registration_id: registration.id.clone(),
            outcome: "accepted".into(),
            priority_accepted: true,
            reasons: String::new(),
        };
        self.by(&self.operator).review_registration(request).await.unwrap().into_inner()
    }

    /// A bidder who may bid.
    pub async fn qualified(&self, lot: &LotView) -> (Person, Registration) {
        let bidder = self.bidder();
        let registration = self.register(&bidder, lot).await;
        self.accept(&registration).await;
        self.deposit(&bidder, &registration).await;
        (bidder, registration)
    }
}

/// A wish to register as the announcement stands.
pub fn registering(lot: &LotView) -> RegisterForLotRequest {
    RegisterForLotRequest {
        lot_id: lot.id.clone(),
        revision: lot.revision,
        priority_claim: None,
        documents: Vec::new(),
        accepts_terms: true,
    }
}

/// A file as the gateway describes it.
pub fn pdf(digest: &str) -> LotDocument {
    LotDocument {
        digest: digest.into(),
        kind: "other".into(),
        name: "文件.pdf".into(),
        media_type: "application/pdf".into(),
        size: 1_024,
        public: false,
    }
}

pub fn lot_id(id: &str) -> LotId {
    id.parse().unwrap()
}

/// Asks again until `seen`, for at most 20 seconds.
pub async fn wait(what: &str, seen: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if seen().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("waited in vain for {what}");
}

/// The kind of a refusal and the rules that spoke.
pub fn rules<T: std::fmt::Debug>(answer: Result<T, tonic::Status>) -> (Kind, Vec<String>) {
    let refusal = Refusal::from(answer.expect_err("a refusal"));
    (refusal.kind, refusal.findings.into_iter().map(|finding| finding.rule).collect())
}

/// The findings in a draft's check that refuse.
pub fn refusing(check: &DraftFindings) -> Vec<String> {
    let findings = check.findings.iter().map(|text| serde_json::from_str::<Finding>(text).unwrap());
    findings.filter(Finding::refuses).map(|finding| finding.rule).collect()
}
