//! A small exchange for the tests: real database, real log, real bidding; listing is a double that knows whose each registration is.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use sanbian_bidding::{Deps, routes, run};
use sanbian_domain::{
    auction::ascending,
    fact::{Entry, Fact, LotAnnounced, RegistrationClosed, RegistrationQualified, Schedule},
    ids::{AccountId, CollectiveId, LotId, PartyId, RegistrationId, SessionId},
    money::Money,
    notice::{Ascending, Method, MethodTerms, Notice},
    price::{Component, Price, PriceBasis, Quantity, Unit, UnitPrice},
    region::RegionCode,
    rights::Category,
    role::{Grant, Role},
    rulebook::Library,
};
use sanbian_ledger::{Ledger, Options, key::SigningKey, publisher};
use sanbian_proto::{
    bidding::v1::{BidReceipt, GetRoomRequest, PlaceBidRequest, Room},
    ledger::v1::ReadLogRequest,
    listing::v1::{RegistrationHolderAnswer, RegistrationHolderRequest},
};
use sanbian_runtime::{Caller, Clock, Context, Refusal, log, peers::Peers, rpc, rpc::Door, testing::TestDb};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, body::Body, codegen::http, server::UnaryService};
use uuid::Uuid;

pub(crate) const REGION: &str = "500229101201";

/// Someone who may bid.
#[derive(Clone, Copy)]
pub(crate) struct Bidder {
    pub(crate) account: AccountId,
    pub(crate) party: PartyId,
    pub(crate) registration: RegistrationId,
    pub(crate) rank: Option<u32>,
}

impl Bidder {
    pub(crate) fn new() -> Self {
        Self {
            account: AccountId(Uuid::now_v7()),
            party: PartyId(Uuid::now_v7()),
            registration: RegistrationId(Uuid::now_v7()),
            rank: None,
        }
    }
}

/// Answers `RegistrationHolder`, and nothing else, as listing would.
#[derive(Clone)]
struct Holders(Arc<HashMap<String, Bidder>>, LotId);

impl UnaryService<RegistrationHolderRequest> for Holders {
    type Response = RegistrationHolderAnswer;
    type Future = BoxFuture<'static, Result<Response<RegistrationHolderAnswer>, Status>>;

    fn call(&mut self, request: Request<RegistrationHolderRequest>) -> Self::Future {
        let id = request.into_inner().registration_id;
        let found = self.0.get(&id).copied();
        let lot = self.1;
        Box::pin(async move {
            let bidder = found.ok_or_else(|| Status::not_found("registration"))?;
            Ok(Response::new(RegistrationHolderAnswer {
                registration_id: id,
                lot_id: lot.to_string(),
                account_id: bidder.account.to_string(),
                party_id: bidder.party.to_string(),
                priority_rank: bidder.rank,
                state: "qualified".into(),
                deposit_fen: 100_000,
                region: REGION.into(),
            }))
        })
    }
}

pub(crate) struct Exchange {
    pub(crate) db: TestDb,
    pub(crate) clock: Clock,
    pub(crate) door: Door,
    pub(crate) peers: Peers,
    pub(crate) lot: LotId,
    pub(crate) bidders: Vec<Bidder>,
    pub(crate) ledger: Ledger,
    bidding: sqlx::PgPool,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    _files: tempfile::TempDir,
}

impl Exchange {
    /// A lot announced with `terms` changed by `change`, `bidders` qualified, registration closed, the room open. It opens in a minute,
    /// its free period lasts ten, the limited window five.
    pub(crate) async fn open(bidders: Vec<Bidder>, change: impl FnOnce(&mut Ascending)) -> Self {
        let db = TestDb::new().await;
        let (clock, door, peers) = db.shell(TimeDelta::zero());
        let files = tempfile::tempdir().unwrap();
        let key = SigningKey::from_seed("sanbian.example/test", [5; 32]).unwrap();
        let store = publisher::folder(files.path()).unwrap();
        let ledger = Ledger::start(db.pool("ledger"), store, key, Options::default()).await.unwrap();
        peers.set_ledger(rpc::in_process(ledger.routes(door.clone())));
        let lot = LotId(Uuid::now_v7());
        let known = bidders.iter().map(|bidder| (bidder.registration.to_string(), *bidder)).collect();
        let holders = Holders(Arc::new(known), lot);
        peers.set_listing(rpc::Transport::new(tower::service_fn(move |request: http::Request<Body>| {
            let holders = holders.clone();
            async move {
                let mut grpc = tonic::server::Grpc::new(tonic_prost::ProstCodec::default());
                Ok(grpc.unary(holders, request).await)
            }
        })));
        let bidding = db.pool("bidding");
        let (stop, task) = Self::start(&db, bidding.clone(), &door, &peers);
        let exchange = Self { db, clock, door, peers, lot, bidders, ledger, bidding, stop, task, _files: files };
        exchange.announce(change).await;
        exchange
    }

    fn start(
        db: &TestDb,
        pool: sqlx::PgPool,
        door: &Door,
        peers: &Peers,
    ) -> (CancellationToken, tokio::task::JoinHandle<()>) {
        let deps = Deps::new(pool, door.tokens.clone(), door.clock.clone(), peers.clone(), db.secret());
        peers.set_bidding(rpc::in_process(routes(&deps)));
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(deps, stop.clone()));
        (stop, task)
    }

    /// Ends bidding and starts it anew over the same database, as a restart does. Peers of the old one are forgotten.
    pub(crate) async fn restart(mut self) -> Self {
        self.stop.cancel();
        self.task.await.unwrap();
        let peers = Peers::new(self.door.tokens.clone());
        peers.set_ledger(rpc::in_process(self.ledger.routes(self.door.clone())));
        self.peers = peers;
        let (stop, task) = Self::start(&self.db, self.bidding.clone(), &self.door, &self.peers);
        self.stop = stop;
        self.task = task;
        self.room_when(|room| room.phase != "announced").await;
        self
    }

    async fn announce(&self, change: impl FnOnce(&mut Ascending)) {
        let now = self.clock.now();
        let rulebook =
            Library::builtin().rulebook(REGION.parse::<RegionCode>().unwrap(), Category::CollectiveLand).unwrap();
        let price = |fen| UnitPrice::new(Money::from_fen(fen), "mu-year".parse::<PriceBasis>().unwrap());
        let mut ascending = Ascending { step: Some(price(20_00)), ..Ascending::default() };
        change(&mut ascending);
        let notice = Notice {
            title: "机动地出租".into(),
            category: Some(Category::CollectiveLand),
            components: vec![Component {
                kind: String::new(),
                quantity: Some(Quantity::new("96".parse().unwrap(), Unit::Mu)),
                price: None,
            }],
            price: Price { reserve: Some(price(800_00)), ..Price::default() },
            method: Some(MethodTerms { method: Some(Method::Ascending(ascending)), venue: None, text: String::new() }),
            ..Notice::default()
        };
        let opens = now + TimeDelta::minutes(1);
        let announced = LotAnnounced {
            lot: self.lot,
            number: "500229-2026-000001".into(),
            collective: CollectiveId(Uuid::now_v7()),
            assets: vec![],
            notice,
            reserve_total: Money::from_fen(76_800_00),
            deposit: Money::from_fen(1_000_00),
            schedule: Schedule {
                announced_at: now,
                registration_closes: now,
                auction_opens: opens,
                free_until: opens + TimeDelta::minutes(10),
                limited_seconds: 300,
                extension_seconds: 300,
            },
            pinned: rulebook.version,
            revision: 1,
        };
        let mut facts: Vec<Fact> = vec![announced.into()];
        for bidder in &self.bidders {
            let qualified =
                RegistrationQualified { lot: self.lot, registration: bidder.registration, priority_rank: bidder.rank };
            facts.push(qualified.into());
        }
        let count = u32::try_from(self.bidders.len()).unwrap();
        facts.push(RegistrationClosed { lot: self.lot, filed: count, qualified: count, next: "auction".into() }.into());
        self.tell(facts).await;
        self.room_when(|room| room.admitted == count).await;
    }

    /// Tells the log facts as listing would.
    pub(crate) async fn tell(&self, facts: Vec<Fact>) {
        let pool = self.db.pool("listing");
        let mut tx = pool.begin().await.unwrap();
        let subject = format!("lot:{}", self.lot);
        let entries: Vec<Entry> =
            facts.into_iter().map(|fact| log::system_entry(self.clock.now(), &subject, REGION, "test", fact)).collect();
        log::append(&mut tx, &entries).await.unwrap();
        tx.commit().await.unwrap();
        log::APPENDED.notify_one();
    }

    /// The context of a bidder's call, as the gateway would make it.
    pub(crate) fn as_bidder(&self, bidder: &Bidder, key: Option<&str>) -> Context {
        let grants = vec![Grant { role: Role::Bidder, region: String::new() }];
        self.as_caller(bidder.account, grants, key)
    }

    pub(crate) fn as_caller(&self, account: AccountId, grants: Vec<Grant>, key: Option<&str>) -> Context {
        let caller = Caller { account, session: SessionId(Uuid::now_v7()), grants, service: false };
        let (token, _) = self.door.tokens.issue(&caller);
        let idempotency_key = key.map(str::to_owned);
        Context { caller: Some(Arc::new(caller)), idempotency_key, token: Some(token), ..Context::public(&self.clock) }
    }

    pub(crate) async fn bid_as(&self, ctx: &Context, amount_fen: i64, kind: &str) -> Result<BidReceipt, Refusal> {
        let request =
            PlaceBidRequest { lot_id: self.lot.to_string(), amount_fen, kind: kind.into(), outlier_confirmed: true };
        Ok(self.peers.bidding(ctx).place_bid(request).await?.into_inner())
    }

    pub(crate) async fn bid(&self, bidder: usize, amount_fen: i64) -> Result<BidReceipt, Refusal> {
        self.bid_as(&self.as_bidder(&self.bidders[bidder], None), amount_fen, "bid").await
    }

    pub(crate) async fn room(&self) -> Result<Room, Refusal> {
        let ctx = Context::public(&self.clock);
        Ok(self.peers.bidding(&ctx).get_room(GetRoomRequest { lot_id: self.lot.to_string() }).await?.into_inner())
    }

    /// Waits for the room to be so.
    pub(crate) async fn room_when(&self, so: impl Fn(&Room) -> bool) -> Room {
        for _ in 0..400 {
            if let Ok(room) = self.room().await
                && so(&room)
            {
                return room;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the room did not come to it: {:?}", self.room().await);
    }

    /// Moves the clock to the instant.
    pub(crate) fn at(&self, instant: DateTime<Utc>) {
        let by = instant - self.clock.now();
        if by > TimeDelta::zero() {
            self.clock.advance(by).unwrap();
        }
    }

    /// Moves the clock into the free period.
    pub(crate) async fn begin(&self) {
        let room = self.room().await.unwrap();
        self.at(instant(&room.opens_at) + TimeDelta::seconds(1));
    }

    /// Every entry of the log, oldest first, once it holds one of `kind`.
    pub(crate) async fn log_with(&self, kind: &str) -> Vec<Entry> {
        for _ in 0..400 {
            let request = ReadLogRequest { from: 0, limit: 1000, wait_ms: 0 };
            let items = self.peers.ledger().read(request).await.unwrap().into_inner().items;
            let entries: Vec<Entry> =
                items.iter().map(|item| Entry::from_bytes(item.entry.as_bytes()).unwrap()).collect();
            if entries.iter().any(|entry| entry.fact.kind() == kind) {
                return entries;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the log never had {kind}");
    }
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

/// The names of the rules that refused.
pub(crate) fn rules(refusal: &Refusal) -> Vec<&str> {
    refusal.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// That the engine's own refusals keep their names here.
pub(crate) fn rule_of(refusal: ascending::Refusal) -> &'static str {
    refusal.rule()
}
