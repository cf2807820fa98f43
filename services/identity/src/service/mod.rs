//! The use cases, in the order of the business: making an account, signing in, continuing and ending sessions, one's own account,
//! administration, and the first administrator.

pub(crate) mod administer;
pub(crate) mod bootstrap;
pub(crate) mod me;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
mod view;

use crate::{
    Deps,
    name::Username,
    password::Password,
    store::account::{self, AccountRow},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    fact::{AccountCreated, Entry, Fact, RoleGranted, RoleRevoked},
    finding::{Finding, Text},
    ids::AccountId,
    role::Grant,
};
use sanbian_runtime::{Kind, Refusal, Tx};
use uuid::Uuid;

/// What an act that makes or changes an account answers within its transaction, and what its idempotency key keeps: an id, so that no
/// name is kept readable. The answer to the caller is read afterwards.
#[derive(Clone, PartialEq, prost::Message)]
struct Done {
    #[prost(string, tag = "1")]
    id: String,
}

impl Done {
    fn of(id: Uuid) -> Self {
        Self { id: id.to_string() }
    }

    fn id(&self) -> Result<Uuid, Refusal> {
        Uuid::try_parse(&self.id).map_err(Refusal::internal)
    }
}

/// A password's stand-in where a request is told apart from another by its digest: a plain digest could be guessed at.
fn stand_in(deps: &Deps, password: &str) -> String {
    hex::encode(deps.sealer.lookup(&format!("request/{password}")))
}

/// The keyed hash by which a sign-in name is found.
fn lookup(deps: &Deps, username: &Username) -> Vec<u8> {
    deps.sealer.lookup(&format!("username/{}", username.expose()))
}

/// An id from a request's text.
fn parse_id(field: &str, text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|error| Refusal::malformed(field, error))
}

/// An account as it is to be kept.
struct NewAccount {
    row: AccountRow,
    lookup: Vec<u8>,
}

impl NewAccount {
    fn new(
        deps: &Deps,
        username: &Username,
        display_name: &str,
        password_hash: String,
        region: String,
        now: DateTime<Utc>,
    ) -> Self {
        let id = Uuid::now_v7();
        let row = AccountRow {
            id,
            username_sealed: deps.sealer.seal(&view::username_of(id), username.expose().as_bytes()),
            display_name_sealed: deps.sealer.seal(&view::display_name_of(id), display_name.as_bytes()),
            password_hash,
            must_change_password: false,
            region,
            created_at: now,
            disabled_at: None,
        };
        Self { row, lookup: lookup(deps, username) }
    }

    /// Keeps it, and tells the log that `actor` made it, or that it made itself.
    async fn insert(&self, tx: &mut Tx, actor: Option<&str>) -> Result<(), Refusal> {
        let inserted = account::insert(tx, &self.row, &self.lookup).await;
        inserted.map_err(|error| match Refusal::constraint(&error) {
            Some("account_username_key") => username_taken(),
            _ => error.into(),
        })?;
        let fact = AccountCreated { account: AccountId(self.row.id) };
        self.tell(tx, actor, &self.row.region, fact).await
    }

    /// Gives it a role from the start.
    async fn grant(&self, tx: &mut Tx, actor: Option<&str>, grant: &Grant) -> Result<(), Refusal> {
        account::grant(tx, self.row.id, grant).await?;
        let fact = RoleGranted { account: AccountId(self.row.id), role: grant.role, region: grant.region.clone() };
        self.tell(tx, actor, &grant.region, fact).await
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        actor: Option<&str>,
        region: &str,
        fact: impl Into<Fact> + Send,
    ) -> Result<(), Refusal> {
        let actor = actor.map_or_else(|| self.row.id.to_string(), str::to_owned);
        let entry = entry(self.row.created_at, actor, self.row.id, region, fact);
        sanbian_runtime::log::append(tx, &[entry]).await
    }
}

/// An entry about an account.
fn entry(at: DateTime<Utc>, actor: String, account: Uuid, region: &str, fact: impl Into<Fact>) -> Entry {
    Entry {
        at,
        actor,
        subject: format!("account:{account}"),
        region: region.to_owned(),
        rulebook: String::new(),
        fact: fact.into(),
    }
}

/// The fact that a role was taken away.
fn revoked(account: Uuid, grant: &Grant) -> RoleRevoked {
    RoleRevoked { account: AccountId(account), role: grant.role, region: grant.region.clone() }
}

fn username_taken() -> Refusal {
    Refusal::conflict(
        Finding::refusal(
            "identity.username-taken",
            "GB/T 22239-2019 8.1.4.1 身份鉴别：身份标识唯一",
            Text::new("该账号名已被使用。", "This sign-in name is taken."),
            Text::new("请更换账号名；若您已有账号，请直接登录。", "Choose another; if it is yours, sign in."),
        )
        .at("username"),
    )
}

/// The account can't be signed in to any more.
fn disabled() -> Refusal {
    Refusal::of(
        Kind::Forbidden,
        Finding::refusal(
            "identity.account-disabled",
            "GB/T 22239-2019 8.1.4.2 访问控制：停用多余、过期账户",
            Text::new("该账号已停用。", "This account was disabled."),
            Text::new("请联系系统管理员。", "Ask the administrator."),
        ),
    )
}

/// Reads the username, display name and new password of a form at once, so that everything wrong with it is said together.
fn read_form(
    deps: &Deps,
    username: &str,
    display_name: &str,
    password: &Password,
    password_field: &str,
) -> Result<(Username, String), Refusal> {
    let username = Username::parse(username);
    let display_name = crate::name::display_name(display_name);
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(username.as_ref().err().cloned());
    findings.extend(display_name.as_ref().err().cloned());
    findings.extend(deps.rules.password.judge(password, username.as_ref().ok(), password_field));
    match (username, display_name) {
        (Ok(username), Ok(display_name)) if findings.is_empty() => Ok((username, display_name)),
        _ => Err(Refusal::rule(findings)),
    }
}
