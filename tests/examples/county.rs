//! A county with one of everything, for programs that call its API from outside, such as the fuzz (`scripts/fuzz-api`).
//!
//! Prints one line of JSON when it is ready: the address, a token for each role (good for ten minutes), which operations each role may call,
//! and what paths may name. Runs until standard input ends; then says on standard error which faults of its own the program told, and fails
//! where there are any.

use sanbian_domain::role::Role;
use sanbian_gateway::access::{Access, OPERATIONS};
use sanbian_tests::{county::County, exchange::Exchange};
use serde_json::json;
use std::{collections::BTreeMap, io::Read, process::ExitCode};

#[tokio::main]
async fn main() -> ExitCode {
    let exchange = Exchange::start().await;
    let county = County::make(&exchange.api).await;
    let mut people = county.home.staff();
    people.insert(Role::Bidder, county.home.bidders[0].person.clone());
    people.insert(Role::Administrator, county.home.administrator.clone());
    let mut tokens = BTreeMap::new();
    for (role, person) in people {
        person.forget_token();
        tokens.insert(role.as_str(), person.token().await.expect("an answer"));
    }
    let paths: BTreeMap<&str, Vec<&str>> = county
        .paths
        .iter()
        .map(|(path, value)| {
            let sold = (*path == "/api/v1/lots/").then_some(county.sold.known.lot.as_str());
            (*path, sold.into_iter().chain([value.as_str()]).collect())
        })
        .collect();
    let operations: Vec<_> = OPERATIONS
        .iter()
        .map(|operation| {
            let roles: Vec<&str> = match operation.access {
                Access::Public | Access::Cookie => Vec::new(),
                // What anyone may do is their own: a bidder has the most of it.
                Access::SignedIn => vec![Role::Bidder.as_str()],
                Access::Roles(roles) => roles.iter().map(|role| role.as_str()).collect(),
            };
            json!({ "method": operation.method, "path": operation.path, "roles": roles })
        })
        .collect();
    println!("{}", json!({ "url": exchange.api.base(), "tokens": tokens, "paths": paths, "operations": operations }));
    let waited = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await;
    let faults = exchange.faults();
    for fault in &faults {
        eprintln!("{fault}");
    }
    exchange.stop().await;
    match waited {
        Ok(Ok(_)) if faults.is_empty() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
