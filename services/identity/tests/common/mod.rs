//! A service over a database of its own, called as other services and the gateway call it.
#![allow(dead_code, reason = "each test file uses its own part")]

use chrono::TimeDelta;
use sanbian_domain::{
    ids::{AccountId, SessionId},
    role::{Grant, Role},
};
use sanbian_identity::{Deps, rules::Rules};
use sanbian_proto::identity::v1::{
    Account, CreateAccountRequest, GrantRoleRequest, OpenedSession, SignInRequest, SignUpRequest,
    identity_client::IdentityClient,
};
use sanbian_runtime::{
    Caller, Context, Refusal,
    peers::{Forward, Peers},
    rpc::{Transport, in_process},
    testing::TestDb,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, postgres::PgRow};
use std::sync::Arc;
use tonic::{Response, Status, service::interceptor::InterceptedService};
use uuid::Uuid;

pub type Client = IdentityClient<InterceptedService<Transport, Forward>>;

pub const PASSWORD: &str = "three old walnut trees";

pub struct Fixture {
    pub db: TestDb,
    pub deps: Deps,
    pub peers: Peers,
}

impl Fixture {
    pub async fn new() -> Self {
        Self::with_rules(|_| {}).await
    }

    /// Under the standard rules but for what `change` changes.
    pub async fn with_rules(change: impl FnOnce(&mut Rules)) -> Self {
        let db = TestDb::new().await;
        // Business time runs half a year ahead, so that a session that went by it would be over.
        let (_, door, peers) = db.shell(TimeDelta::days(180));
        let mut rules = Rules::clone(&Rules::standard());
        change(&mut rules);
        let deps = Deps::new(db.pool("identity"), door, db.secret()).with_rules(rules);
        peers.set_identity(in_process(sanbian_identity::routes(deps.clone())));
        Self { db, deps, peers }
    }

    /// The service as nobody sees it.
    pub fn public(&self) -> Client {
        self.peers.identity(&Context::public(&self.deps.door.clock))
    }

    /// The service as the holder of a token sees it.
    pub fn with_token(&self, token: &str) -> Client {
        self.with_token_and_key(token, None)
    }

    pub fn with_token_and_key(&self, token: &str, key: Option<&str>) -> Client {
        let mut ctx = Context::public(&self.deps.door.clock);
        ctx.token = Some(token.to_owned());
        ctx.idempotency_key = key.map(str::to_owned);
        self.peers.identity(&ctx)
    }

    pub fn with_key(&self, key: &str) -> Client {
        let mut ctx = Context::public(&self.deps.door.clock);
        ctx.idempotency_key = Some(key.to_owned());
        self.peers.identity(&ctx)
    }

    /// A token of somebody without an account, for what is refused before anyone is looked up.
    pub fn made_up_token(&self, grants: &[(Role, &str)]) -> String {
        let grants = grants.iter().map(|(role, region)| Grant { role: *role, region: (*region).into() }).collect();
        let (account, session) = (AccountId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
        self.deps.door.tokens.issue(&Caller { account, session, grants, service: false }).0
    }

    pub async fn sign_up(&self, username: &str) -> Account {
        self.public().sign_up(sign_up_request(username)).await.unwrap().into_inner()
    }

    pub async fn sign_in(&self, username: &str) -> OpenedSession {
        self.public().sign_in(sign_in_request(username, PASSWORD)).await.unwrap().into_inner()
    }

    /// The first administrator, signed in: id and token.
    pub async fn root(&self) -> (Uuid, String) {
        let id = sanbian_identity::bootstrap_administrator(&self.deps, "root.admin", PASSWORD).await.unwrap();
        (id.0, token_of(&self.sign_in("root.admin").await))
    }

    /// An account made by an administrator, with a role from its start; its password is not yet its own.
    pub async fn create(&self, admin: &str, username: &str, region: &str, role: Option<(Role, &str)>) -> Account {
        let request = CreateAccountRequest {
            username: username.into(),
            initial_password: PASSWORD.into(),
            display_name: "王小明".into(),
            region: region.into(),
        };
        let account = self.with_token(admin).create_account(request).await.unwrap().into_inner();
        match role {
            None => account,
            Some((role, place)) => {
                self.with_token(admin).grant_role(grant_request(&account.id, role, place)).await.unwrap().into_inner()
            }
        }
    }

    /// An administrator of a region who has chosen a password: id and token.
    pub async fn administrator_of(&self, admin: &str, username: &str, region: &str) -> (Uuid, String) {
        let account = self.create(admin, username, region, Some((Role::Administrator, region))).await;
        self.owner("UPDATE identity.account SET must_change_password = false").await;
        (id_of(&account), token_of(&self.sign_in(username).await))
    }

    /// A statement behind the service's back.
    pub async fn owner(&self, statement: &'static str) {
        let mut connection = PgConnection::connect_with(self.db.owner()).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    }

    /// Rows seen behind the service's back.
    pub async fn rows(&self, query: impl Into<String>) -> Vec<PgRow> {
        let mut connection = PgConnection::connect_with(self.db.owner()).await.unwrap();
        sqlx::query(AssertSqlSafe(query.into())).fetch_all(&mut connection).await.unwrap()
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        self.rows(query).await[0].get(0)
    }

    /// What the log was told, as `kind`, in order.
    pub async fn kinds(&self) -> Vec<&'static str> {
        self.db.outbox().await.iter().map(|entry| entry.fact.kind()).collect()
    }

    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

pub fn sign_up_request(username: &str) -> SignUpRequest {
    SignUpRequest {
        username: username.into(),
        password: PASSWORD.into(),
        display_name: "王小明".into(),
        client_address: String::new(),
    }
}

pub fn sign_in_request(username: &str, password: &str) -> SignInRequest {
    sign_in_from(username, password, "")
}

pub fn sign_in_from(username: &str, password: &str, address: &str) -> SignInRequest {
    SignInRequest {
        username: username.into(),
        password: password.into(),
        client_address: address.into(),
        client_name: "a browser".into(),
    }
}

pub fn grant_request(id: &str, role: Role, region: &str) -> GrantRoleRequest {
    GrantRoleRequest { id: id.into(), role: role.to_string(), region: region.into() }
}

pub fn token_of(opened: &OpenedSession) -> String {
    opened.session.as_ref().unwrap().access_token.clone()
}

pub fn id_of(account: &Account) -> Uuid {
    account.id.parse().unwrap()
}

/// The refusal of a call that must be refused.
pub fn refused<T: std::fmt::Debug>(result: Result<Response<T>, Status>) -> Refusal {
    result.expect_err("this must be refused").into()
}

/// Its rules, to be compared with what is expected.
pub fn rules(refusal: &Refusal) -> Vec<&str> {
    for finding in &refusal.findings {
        for text in [&finding.message.zh, &finding.message.en, &finding.remedy.zh, &finding.remedy.en, &finding.basis] {
            assert!(!text.is_empty(), "{}: a finding speaks both languages and has a basis", finding.rule);
        }
    }
    refusal.findings.iter().map(|finding| finding.rule.as_str()).collect()
}
