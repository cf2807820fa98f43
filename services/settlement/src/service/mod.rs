//! The use cases, a file for each thing they are about. Each authorises first.

pub(crate) mod bank;
pub(crate) mod books;
pub(crate) mod certificates;
pub(crate) mod contracts;
pub(crate) mod deposits;
pub(crate) mod payouts;

use crate::{Deps, store};
use sanbian_domain::role::Role;
use sanbian_runtime::{Caller, Context, Refusal};
use std::{fmt::Display, str::FromStr};

/// Those who move the exchange's money.
const FINANCE: &[Role] = &[Role::Finance];
/// Those who look at all of it.
const WATCHERS: &[Role] = &[Role::Finance, Role::Supervisor];

/// The caller, if it holds one of `roles` wherever lots were announced. The exchange has one bank account and one set of books: who moves or
/// sees them all must answer for all the regions whose money is in them.
async fn over_all(deps: &Deps, ctx: &Context, roles: &[Role]) -> Result<Caller, Refusal> {
    let caller = ctx.require_anywhere(roles)?.clone();
    let regions = ctx.regions(roles);
    match store::lot::outside(&deps.pool, &regions).await? {
        None => Ok(caller),
        Some(region) => {
            let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
            Err(Refusal::forbidden(&names.join(" / "), &region))
        }
    }
}

/// A typed id, or anything else that reads its text.
fn read<T: FromStr>(field: &str, text: &str) -> Result<T, Refusal>
where
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| Refusal::malformed(field, error))
}

/// How many are asked for, and the cursor of a list that goes on by its items' ids.
fn page<T: FromStr>(limit: Option<u32>, most: u32, cursor: Option<&str>) -> Result<(i64, Option<T>), Refusal>
where
    T::Err: Display,
{
    let limit = limit.unwrap_or(most.min(50));
    if !(1..=most).contains(&limit) {
        return Err(Refusal::malformed("limit", format!("1 to {most}")));
    }
    Ok((limit.into(), cursor.map(|cursor| read("cursor", cursor)).transpose()?))
}

/// Cuts a list that was asked one item too many, and says where the next page begins.
fn cut<T>(mut items: Vec<T>, limit: i64, key: impl FnOnce(&T) -> String) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return (items, None);
    }
    items.truncate(limit);
    let next = items.last().map(key);
    (items, next)
}

/// One of the words a field may say, where it says one.
fn word(field: &str, text: Option<&str>, words: &[&str]) -> Result<(), Refusal> {
    match text {
        Some(text) if !words.contains(&text) => Err(Refusal::malformed(field, words.join(", "))),
        _ => Ok(()),
    }
}

/// A reason in a person's words: it says something, and not too much.
fn reason(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    let plain = !text.chars().any(|c| c.is_control() && c != '\n');
    if plain && (1..=1000).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(Refusal::malformed("reason", "1 to 1000 characters"))
    }
}
