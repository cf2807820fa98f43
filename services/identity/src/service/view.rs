//! Accounts as callers see them: opened from their seals, masked for others than the owner.

use crate::{
    Deps,
    name::{Username, masked_name},
    store::account::{self, AccountRow},
};
use sanbian_domain::{fact::instant, role::Grant};
use sanbian_proto::identity::v1::{Account, AccountGrant};
use sanbian_runtime::Refusal;
use uuid::Uuid;

/// What a sign-in name's seal is bound to.
pub(super) fn username_of(account: Uuid) -> String {
    format!("account:{account}/username")
}

/// What a display name's seal is bound to.
pub(super) fn display_name_of(account: Uuid) -> String {
    format!("account:{account}/display-name")
}

/// Whose eyes an account is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Eyes {
    /// The owner's: in full.
    Own,
    /// Anyone else's: masked.
    Others,
}

fn open(deps: &Deps, bound_to: &str, sealed: &[u8]) -> Result<String, Refusal> {
    let plain = deps.sealer.open(bound_to, sealed).map_err(Refusal::internal)?;
    String::from_utf8(plain).map_err(|_| Refusal::internal("a sealed name is not text"))
}

/// The account's name to greet by.
pub(super) fn display_name(deps: &Deps, row: &AccountRow, eyes: Eyes) -> Result<String, Refusal> {
    let name = open(deps, &display_name_of(row.id), &row.display_name_sealed)?;
    Ok(if eyes == Eyes::Own { name } else { masked_name(&name) })
}

/// The account's sign-in name.
pub(super) fn username(deps: &Deps, row: &AccountRow) -> Result<Username, Refusal> {
    let name = open(deps, &username_of(row.id), &row.username_sealed)?;
    Username::parse(&name).map_err(|_| Refusal::internal("a kept sign-in name can't be read"))
}

/// Grants as messages.
pub(super) fn messages(grants: &[Grant]) -> Vec<AccountGrant> {
    grants.iter().map(|grant| AccountGrant { role: grant.role.to_string(), region: grant.region.clone() }).collect()
}

/// The account as a message.
pub(super) fn message(deps: &Deps, row: &AccountRow, grants: &[Grant], eyes: Eyes) -> Result<Account, Refusal> {
    let name = username(deps, row)?;
    Ok(Account {
        id: row.id.to_string(),
        username: if eyes == Eyes::Own { name.expose().to_owned() } else { name.masked() },
        display_name: display_name(deps, row, eyes)?,
        region: row.region.clone(),
        created_at: instant::text(row.created_at),
        disabled_at: row.disabled_at.map(instant::text),
        must_change_password: row.must_change_password,
        grants: messages(grants),
    })
}

/// The account with its grants, read now; none where there is no such account.
pub(super) async fn read(deps: &Deps, id: Uuid, eyes: Eyes) -> Result<Option<Account>, Refusal> {
    let Some(row) = account::by_id(&deps.pool, id).await? else { return Ok(None) };
    Ok(Some(messages_of(deps, &[row], eyes).await?.remove(0)))
}

/// Accounts with their grants, in the order given.
pub(super) async fn messages_of(deps: &Deps, rows: &[AccountRow], eyes: Eyes) -> Result<Vec<Account>, Refusal> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let grants = account::grants(&deps.pool, &ids).await?;
    rows.iter()
        .map(|row| {
            let held: Vec<Grant> =
                grants.iter().filter(|(account, _)| *account == row.id).map(|(_, grant)| grant.clone()).collect();
            message(deps, row, &held, eyes)
        })
        .collect()
}
