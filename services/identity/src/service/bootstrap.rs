//! The first administrator (首位系统管理员): from the machine's own command line, never over the network.

use super::{NewAccount, read_form};
use crate::{
    Deps,
    password::Password,
    store::{self, account},
};
use sanbian_domain::{
    fact::SYSTEM,
    finding::{Finding, Text},
    ids::AccountId,
    role::{Grant, Role},
};
use sanbian_runtime::Refusal;

/// Makes an administrator of everywhere, while there is no administrator who could sign in. For `sanbian admin create`: whoever may run
/// it holds the installation's secret and database anyway. The password is the caller's own choice, so it need not be changed.
///
/// # Errors
/// Where there is an administrator already (rule `identity.first-administrator`), the name is taken, or name or password won't do.
pub async fn bootstrap_administrator(deps: &Deps, username: &str, password: &str) -> Result<AccountId, Refusal> {
    let password = Password::new(password);
    let (username, display_name) = read_form(deps, username, "系统管理员", &password, "password")?;
    let password_hash = deps.passwords.hash(password).await?;
    let now = deps.door.clock.now();
    let account = NewAccount::new(deps, &username, &display_name, password_hash, String::new(), now);
    store::write(&deps.pool, move |tx| {
        Box::pin(async move {
            if account::administrator_exists(tx).await? {
                return Err(exists());
            }
            account.insert(tx, Some(SYSTEM)).await?;
            account.grant(tx, Some(SYSTEM), &Grant { role: Role::Administrator, region: String::new() }).await?;
            Ok(AccountId(account.row.id))
        })
    })
    .await
}

/// Whether anyone could sign in as administrator.
///
/// # Errors
/// Where the database fails.
pub async fn administrator_exists(deps: &Deps) -> Result<bool, Refusal> {
    store::write(&deps.pool, |tx| Box::pin(async move { account::administrator_exists(tx).await })).await
}

fn exists() -> Refusal {
    Refusal::conflict(Finding::refusal(
        "identity.first-administrator",
        "平台规则：首位管理员只设一次 (platform rule: one first administrator)",
        Text::new("已有系统管理员。", "There is an administrator already."),
        Text::new("请由现有管理员创建其他账号。", "Ask that administrator to make further accounts."),
    ))
}
