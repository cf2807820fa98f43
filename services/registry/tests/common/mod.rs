//! A registry over a database of its own, people who call it, and made-up numbers of people and firms that do not exist.
#![allow(dead_code, reason = "each test file uses its part")]

use chrono::TimeDelta;
use sanbian_domain::{
    fact::Entry,
    finding::Finding,
    ids::{AccountId, SessionId},
    role::{Grant, Role},
};
use sanbian_proto::{
    ledger::v1::{
        GetCheckpointRequest, GetInclusionRequest, LogCheckpoint, LogEntries, LogEntry, LogInclusion, ReadLogRequest,
        SearchLogRequest,
        ledger_server::{Ledger, LedgerServer},
    },
    registry::v1::{
        Asset, AssetDescription, BankAccount, Collective, CreateAssetRequest, HouseholdEntry, MemberEntry, Party,
        RegisterCollectiveRequest, RegisterPartyRequest, registry_client::RegistryClient,
    },
};
use sanbian_registry::{Deps, routes, run};
use sanbian_runtime::{
    Caller, Clock, Context, Kind, Refusal,
    peers::{Forward, Peers},
    rpc::{Door, Transport, in_process},
    testing::TestDb,
};
use sqlx::{Connection, PgConnection};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, service::interceptor::InterceptedService};
use uuid::Uuid;

pub type Client = RegistryClient<InterceptedService<Transport, Forward>>;

/// A village of the demonstration county, which lies on the meridian 108° E.
pub const VILLAGE: &str = "500229101202";
/// Another village of the same county.
pub const OTHER_VILLAGE: &str = "500229102201";
/// The county.
pub const COUNTY: &str = "500229";
/// Its plane: CGCS2000 / 3-degree Gauss-Krüger CM 108E.
pub const ZONE: i32 = 4545;

pub struct World {
    pub db: TestDb,
    pub clock: Clock,
    pub door: Door,
    pub peers: Peers,
    /// What the follower hears; its own ledger.
    pub log: FakeLedger,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let (clock, door, peers) = db.shell(TimeDelta::zero());
        let deps = Deps::new(db.pool("registry"), door.clone(), peers.clone(), db.secret());
        peers.set_registry(in_process(routes(&deps)));
        let log = FakeLedger::default();
        peers.set_ledger(in_process(tonic::service::Routes::new(LedgerServer::new(log.clone()))));
        let stop = CancellationToken::new();
        tokio::spawn(run(deps, stop.clone()));
        Self { db, clock, door, peers, log, stop }
    }

    /// A connection as the database's owner: for looking behind the registry's back.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(self.db.owner()).await.unwrap()
    }

    /// Somebody with roles.
    pub fn someone(&self, grants: &[(Role, &str)]) -> Person {
        let caller = Caller {
            account: AccountId(Uuid::now_v7()),
            session: SessionId(Uuid::now_v7()),
            grants: grants.iter().map(|(role, region)| Grant { role: *role, region: (*region).to_owned() }).collect(),
            service: false,
        };
        let token = self.door.tokens.issue(&caller).0;
        Person { account: caller.account, ctx: self.context(Some(token)), peers: self.peers.clone() }
    }

    /// Nobody in particular.
    pub fn public(&self) -> Client {
        self.peers.registry(&self.context(None))
    }

    /// Another service.
    pub fn service(&self) -> Client {
        self.peers.registry_as_service()
    }

    pub fn operator(&self) -> Person {
        self.someone(&[(Role::Operator, COUNTY)])
    }

    pub fn clerk(&self) -> Person {
        self.someone(&[(Role::Clerk, VILLAGE)])
    }

    fn context(&self, token: Option<String>) -> Context {
        Context { caller: None, now: self.clock.now(), idempotency_key: None, request_id: "test".into(), token }
    }

    /// The facts told to the log, oldest first.
    pub async fn facts(&self) -> Vec<Entry> {
        self.db.outbox().await
    }

    /// A collective of the village.
    pub async fn collective(&self) -> Collective {
        self.collective_in(VILLAGE, 1).await
    }

    pub async fn collective_in(&self, region: &str, serial: u32) -> Collective {
        let request = collective_request(region, serial);
        self.operator().registry().register_collective(request).await.unwrap().into_inner()
    }

    /// A parcel of the collective, `mu` being stated.
    pub async fn parcel(&self, collective: &Collective, geometry: String, mu: &str) -> Asset {
        let request = CreateAssetRequest {
            collective_id: collective.id.clone(),
            description: Some(AssetDescription {
                geometry: Some(geometry),
                stated_mu: Some(mu.into()),
                region: collective.region.clone(),
                ..described()
            }),
        };
        let clerk = self.someone(&[(Role::Clerk, &collective.region)]);
        clerk.registry().create_asset(request).await.unwrap().into_inner()
    }

    /// Somebody who can hold rights.
    pub async fn holder(&self, serial: u32) -> Party {
        let request = RegisterPartyRequest { on_behalf: Some(true), ..person_request(serial) };
        self.operator().registry().register_party(request).await.unwrap().into_inner()
    }

    /// A rectangle of metres in the zone of the county as GeoJSON in longitude and latitude: `x` and `y` count from a point near the county's
    /// middle.
    pub async fn rectangle(&self, x: f64, y: f64, width: f64, height: f64) -> String {
        let (x, y) = (565_000.0 + x, 3_530_000.0 + y);
        sqlx::query_scalar("SELECT ST_AsGeoJSON(ST_Transform(ST_MakeEnvelope($1, $2, $3, $4, $5), 4490), 12)")
            .bind(x)
            .bind(y)
            .bind(x + width)
            .bind(y + height)
            .bind(ZONE)
            .fetch_one(&mut self.owner().await)
            .await
            .unwrap()
    }
}

/// Somebody signed in.
pub struct Person {
    pub account: AccountId,
    ctx: Context,
    peers: Peers,
}

impl Person {
    pub fn registry(&self) -> Client {
        self.peers.registry(&self.ctx)
    }

    /// The same with an idempotency key.
    pub fn once(&self, key: &str) -> Client {
        self.peers.registry(&Context { idempotency_key: Some(key.to_owned()), ..self.ctx.clone() })
    }
}

/// A ledger that says what a test tells it.
#[derive(Clone, Default)]
pub struct FakeLedger(Arc<Mutex<Vec<String>>>);

impl FakeLedger {
    pub fn say(&self, entry: &Entry) {
        self.0.lock().unwrap().push(String::from_utf8(entry.to_bytes().unwrap()).unwrap());
    }
}

#[tonic::async_trait]
impl Ledger for FakeLedger {
    async fn read(&self, request: Request<ReadLogRequest>) -> Result<Response<LogEntries>, Status> {
        let from = request.into_inner().from;
        let items: Vec<LogEntry> = {
            let entries = self.0.lock().unwrap();
            let numbered = (0u64..).zip(entries.iter()).filter(|(index, _)| *index >= from);
            numbered.map(|(index, entry)| LogEntry { index, entry: entry.clone(), ..LogEntry::default() }).collect()
        };
        if items.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Response::new(LogEntries { items, next_cursor: None }))
    }

    async fn checkpoint(&self, _: Request<GetCheckpointRequest>) -> Result<Response<LogCheckpoint>, Status> {
        Err(Status::unimplemented("no"))
    }

    async fn inclusion(&self, _: Request<GetInclusionRequest>) -> Result<Response<LogInclusion>, Status> {
        Err(Status::unimplemented("no"))
    }

    async fn search(&self, _: Request<SearchLogRequest>) -> Result<Response<LogEntries>, Status> {
        Err(Status::unimplemented("no"))
    }
}

/// The refusal of a call that must be refused.
pub fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> Refusal {
    Refusal::from(answer.expect_err("refused"))
}

/// Kind and first rule of a refusal.
pub fn why<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> (Kind, String) {
    let refusal = refused(answer);
    (refusal.kind, refusal.findings[0].rule.clone())
}

/// The rules of findings in an answer.
pub fn rules(findings: &[String]) -> Vec<String> {
    findings.iter().map(|json| serde_json::from_str::<Finding>(json).unwrap().rule).collect()
}

/// A resident identity number with its check character (ISO 7064 MOD 11-2).
pub fn resident(birth: &str, serial: u32) -> String {
    let body = format!("500229{birth}{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][usize::try_from(sum % 11).unwrap()])
}

/// A social credit code with its check character (GB 32100); `kind` is its first two characters.
pub fn uscc(kind: &str, serial: u32) -> String {
    const CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("{kind}500229MA{serial:07}");
    let (mut sum, mut weight) = (0, 1);
    for character in body.chars() {
        sum = (sum + CHARACTERS.find(character).unwrap() * weight) % 31;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", CHARACTERS.chars().nth((31 - sum) % 31).unwrap())
}

pub fn bank_account(name: &str) -> BankAccount {
    BankAccount {
        name: name.into(), bank: "城口农商银行双河支行".into(), number: "6222000000000001234".into()
    }
}

pub fn person_request(serial: u32) -> RegisterPartyRequest {
    let name = format!("甲某{serial}");
    RegisterPartyRequest {
        kind: "natural-person".into(),
        bank_account: Some(bank_account(&name)),
        name,
        identity_number: resident("19850412", serial),
        mobile: "13800005678".into(),
        address: "重庆市城口县某镇某村1组".into(),
        legal_representative: None,
        on_behalf: None,
    }
}

pub fn collective_request(region: &str, serial: u32) -> RegisterCollectiveRequest {
    let name = format!("某镇某村股份经济合作联合社{serial}");
    RegisterCollectiveRequest {
        bank_account: Some(bank_account(&name)),
        name,
        uscc: uscc("N2", serial),
        holder: "collective".into(),
        region: region.into(),
        address: "某镇某村村委会".into(),
        legal_representative: "乙某某".into(),
        legal_representative_mobile: None,
        charter: None,
    }
}

pub fn described() -> AssetDescription {
    AssetDescription {
        category: "collective-land".into(),
        name: "村东机动地".into(),
        location: "某村1组，东至河，南至路，西至林，北至田".into(),
        region: VILLAGE.into(),
        stated_mu: Some("100".into()),
        quantity: None,
        unit: None,
        land_use: "旱地".into(),
        geometry: None,
        title_number: Some("渝（2020）城口农地第001号".into()),
        title_until_on: None,
        valuation: None,
        photos: Vec::new(),
    }
}

pub fn member(birth: &str, serial: u32, relation: &str) -> MemberEntry {
    MemberEntry {
        name: format!("甲某{serial}"),
        identity_number: resident(birth, serial),
        relation: relation.into(),
        lacks_capacity: None,
        self_supporting: None,
    }
}

pub fn household(number: &str, members: Vec<MemberEntry>) -> HouseholdEntry {
    HouseholdEntry { number: number.into(), members }
}
