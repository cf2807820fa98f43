//! Administration of accounts (账号管理): each use case within the caller's regions, and never on the caller's own account.

use super::{Done, NewAccount, disabled, entry, lookup, parse_id, read_form, revoked, stand_in, view, view::Eyes};
use crate::{
    Deps,
    name::Username,
    password::Password,
    store::{
        account::{self, AccountRow},
        session::{self, Why},
    },
};
use sanbian_domain::{
    fact::{Entry, RoleGranted},
    finding::{Finding, Text},
    ids::AccountId,
    region::RegionCode,
    role::{Grant, Role},
};
use sanbian_proto::identity::v1::{
    Account, AccountName, AccountPage, CreateAccountRequest, DisableAccountRequest, FindAccountRequest,
    GetAccountRequest, GrantRoleRequest, ListAccountsRequest, RevokeRoleRequest,
};
use sanbian_runtime::{Caller, Context, Kind, Refusal, Tx, act, log};
use uuid::Uuid;

const ADMINISTRATOR: &[Role] = &[Role::Administrator];

/// Makes an account for somebody, with no role yet and a password that must be changed.
pub(crate) async fn create_account(
    deps: &Deps,
    ctx: &Context,
    request: CreateAccountRequest,
) -> Result<Account, Refusal> {
    ctx.require_anywhere(ADMINISTRATOR)?;
    let region = parse_region(&request.region)?;
    let caller = ctx.require(ADMINISTRATOR, region.as_str())?.clone();
    let password = Password::new(request.initial_password.as_str());
    let (username, display_name) =
        read_form(deps, &request.username, &request.display_name, &password, "initial_password")?;
    let password_hash = deps.passwords.hash(password).await?;
    let mut account = NewAccount::new(deps, &username, &display_name, password_hash, region.to_string(), ctx.now);
    account.row.must_change_password = true;
    let told_apart_by = CreateAccountRequest { initial_password: stand_in(deps, &request.initial_password), ..request };
    let actor = ctx.actor();
    let done = act(ctx, &deps.pool, "identity.create-account", &told_apart_by, move |tx| {
        Box::pin(async move {
            lock(tx, &caller, None, region.as_str()).await?;
            account.insert(tx, Some(&actor)).await?;
            Ok(Done::of(account.row.id))
        })
    })
    .await?;
    seen(deps, done.id()?).await
}

/// Finds an account by its whole sign-in name, where the caller may see it.
pub(crate) async fn find_account(deps: &Deps, ctx: &Context, request: FindAccountRequest) -> Result<Account, Refusal> {
    ctx.require_anywhere(ADMINISTRATOR)?;
    let regions = ctx.regions(ADMINISTRATOR);
    let unseen = || Refusal::not_found("账号", "account");
    let username = Username::parse(&request.username)?;
    let row = account::by_lookup(&deps.pool, &lookup(deps, &username)).await?.ok_or_else(unseen)?;
    let account = seen(deps, row.id).await?;
    let places = account.grants.iter().map(|grant| &grant.region).chain([&account.region]);
    let visible = places.into_iter().any(|place| regions.iter().any(|mine| place.starts_with(mine.as_str())));
    if visible { Ok(account) } else { Err(unseen()) }
}

/// Accounts that belong to, or hold a role in, the caller's regions.
pub(crate) async fn list_accounts(
    deps: &Deps,
    ctx: &Context,
    request: ListAccountsRequest,
) -> Result<AccountPage, Refusal> {
    ctx.require_anywhere(ADMINISTRATOR)?;
    let limit = request.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Refusal::malformed("limit", "1 to 200"));
    }
    let before = request.cursor.as_deref().map(|cursor| parse_id("cursor", cursor)).transpose()?;
    let regions = ctx.regions(ADMINISTRATOR);
    // One more than asked for says whether there is a next page.
    let mut rows = account::page(&deps.pool, &regions, before, i64::from(limit) + 1).await?;
    let asked = usize::try_from(limit).map_err(Refusal::internal)?;
    let more = rows.len() > asked;
    rows.truncate(asked);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(AccountPage { items: view::messages_of(deps, &rows, Eyes::Others).await?, next_cursor })
}

/// Gives a role, if it may stand on the account beside those it holds. One that is held already stays as it is.
pub(crate) async fn grant_role(deps: &Deps, ctx: &Context, request: GrantRoleRequest) -> Result<Account, Refusal> {
    let (id, grant, region) = asked(ctx, &request.id, &request.role, &request.region)?;
    let caller = ctx.require(ADMINISTRATOR, region.as_str())?.clone();
    not_oneself(&caller, id)?;
    let (actor, now, rules) = (ctx.actor(), ctx.now, deps.rules.clone());
    let done = act(ctx, &deps.pool, "identity.grant-role", &request, move |tx| {
        Box::pin(async move {
            let target = lock(tx, &caller, Some(id), region.as_str()).await?.ok_or_else(no_account)?;
            if target.disabled_at.is_some() {
                return Err(disabled());
            }
            let held = account::grants_of(tx, id).await?;
            if !held.contains(&grant) {
                let findings = rules.duties.judge(&held, grant.role, &region);
                if !findings.is_empty() {
                    return Err(Refusal::rule(findings));
                }
                account::grant(tx, id, &grant).await?;
                let fact = RoleGranted { account: AccountId(id), role: grant.role, region: grant.region.clone() };
                log::append(tx, &[entry(now, actor, id, &grant.region, fact)]).await?;
            }
            Ok(Done::of(id))
        })
    })
    .await?;
    seen(deps, done.id()?).await
}

/// Takes a role away. Access tokens that carry it run out by themselves, within minutes.
pub(crate) async fn revoke_role(deps: &Deps, ctx: &Context, request: RevokeRoleRequest) -> Result<Account, Refusal> {
    let (id, grant, region) = asked(ctx, &request.id, &request.role, &request.region)?;
    let caller = ctx.require(ADMINISTRATOR, region.as_str())?.clone();
    not_oneself(&caller, id)?;
    let (actor, now) = (ctx.actor(), ctx.now);
    let done = act(ctx, &deps.pool, "identity.revoke-role", &request, move |tx| {
        Box::pin(async move {
            lock(tx, &caller, Some(id), region.as_str()).await?.ok_or_else(no_account)?;
            if !account::revoke(tx, id, &grant).await? {
                return Err(Refusal::not_found("授权", "grant"));
            }
            log::append(tx, &[entry(now, actor, id, &grant.region, revoked(id, &grant))]).await?;
            Ok(Done::of(id))
        })
    })
    .await?;
    seen(deps, done.id()?).await
}

/// Takes all roles away, ends all sessions, and lets nobody sign in any more. The caller's region must cover the account's own and
/// that of each role it holds. A disabled account stays as it is.
pub(crate) async fn disable_account(
    deps: &Deps,
    ctx: &Context,
    request: DisableAccountRequest,
) -> Result<Account, Refusal> {
    ctx.require_anywhere(ADMINISTRATOR)?;
    let id = parse_id("id", &request.id)?;
    let region = account::by_id(&deps.pool, id).await?.ok_or_else(no_account)?.region;
    let caller = ctx.require(ADMINISTRATOR, &region)?.clone();
    not_oneself(&caller, id)?;
    let (ctx_in, wall) = (ctx.clone(), deps.door.clock.wall());
    let done = act(ctx, &deps.pool, "identity.disable-account", &request, move |tx| {
        Box::pin(async move {
            let target = lock(tx, &caller, Some(id), &region).await?.ok_or_else(no_account)?;
            if target.disabled_at.is_none() {
                let held = account::grants_of(tx, id).await?;
                let mut entries: Vec<Entry> = Vec::with_capacity(held.len());
                for grant in &held {
                    ctx_in.require(ADMINISTRATOR, &grant.region)?;
                    account::revoke(tx, id, grant).await?;
                    entries.push(entry(ctx_in.now, ctx_in.actor(), id, &grant.region, revoked(id, grant)));
                }
                account::disable(tx, id, ctx_in.now).await?;
                session::end_all(tx, id, None, Why::AccountDisabled, wall).await?;
                log::append(tx, &entries).await?;
            }
            Ok(Done::of(id))
        })
    })
    .await?;
    seen(deps, done.id()?).await
}

/// Who an account is, masked, for other services' case files.
pub(crate) async fn get_account(
    deps: &Deps,
    ctx: &Context,
    request: GetAccountRequest,
) -> Result<AccountName, Refusal> {
    ctx.require_service()?;
    let row = account::by_id(&deps.pool, parse_id("id", &request.id)?).await?.ok_or_else(no_account)?;
    Ok(AccountName {
        id: row.id.to_string(),
        display_name: view::display_name(deps, &row, Eyes::Others)?,
        disabled: row.disabled_at.is_some(),
    })
}

/// Locks the caller's account and the target's, and insists that the caller still is an administrator there: its token may be minutes
/// old, and who was dismissed meanwhile must not hand out roles. The target, where it exists.
async fn lock(tx: &mut Tx, caller: &Caller, target: Option<Uuid>, region: &str) -> Result<Option<AccountRow>, Refusal> {
    let own = Some(caller.account.0).filter(|_| !caller.service);
    let ids: Vec<Uuid> = [own, target].into_iter().flatten().collect();
    let mut rows = account::lock(tx, &ids).await?;
    if let Some(own) = own {
        let alive = rows.iter().any(|row| row.id == own && row.disabled_at.is_none());
        let grants = account::grants_of(tx, own).await?;
        if !(alive && grants.iter().any(|grant| grant.covers(Role::Administrator, region))) {
            return Err(Refusal::forbidden(Role::Administrator.as_str(), region));
        }
    }
    let at = rows.iter().position(|row| Some(row.id) == target);
    Ok(at.map(|at| rows.swap_remove(at)))
}

/// What is asked to be given or taken away, once it is clear that an administrator asks.
fn asked(ctx: &Context, id: &str, role: &str, region: &str) -> Result<(Uuid, Grant, RegionCode), Refusal> {
    ctx.require_anywhere(ADMINISTRATOR)?;
    let id = parse_id("id", id)?;
    let role: Role = role.parse().map_err(|error| Refusal::malformed("role", error))?;
    let region = parse_region(region)?;
    Ok((id, Grant { role, region: region.to_string() }, region))
}

fn parse_region(text: &str) -> Result<RegionCode, Refusal> {
    text.parse::<RegionCode>().map_err(|finding| finding.at("region").into())
}

fn not_oneself(caller: &Caller, target: Uuid) -> Result<(), Refusal> {
    if caller.account.0 != target {
        return Ok(());
    }
    Err(Refusal::of(
        Kind::Forbidden,
        Finding::refusal(
            "identity.not-oneself",
            "GB/T 22239-2019 8.1.4.2 访问控制：权限分离；平台规则：不得为自己授权 (platform rule: nobody grants to themselves)",
            Text::new(
                "管理员不能变更自己账号的角色或状态。",
                "An administrator can't change their own account's roles or state.",
            ),
            Text::new("请由另一名管理员办理。", "Ask another administrator."),
        ),
    ))
}

fn no_account() -> Refusal {
    Refusal::not_found("账号", "account")
}

/// The account as an administrator sees it.
async fn seen(deps: &Deps, id: Uuid) -> Result<Account, Refusal> {
    view::read(deps, id, Eyes::Others).await?.ok_or_else(no_account)
}
