//! The demonstration: a county that lives. Everything goes through the public API, as people do it; nothing goes around the rules.
//!
//! It begins in the past, so that the county has a history whose every deadline was kept by the real calendar, and moves its clock forward
//! to the present while it is made. Each step has an idempotency key of its own: a demonstration killed half-way goes on where it was.

mod bids;
mod county;
mod people;
mod transfer;

use crate::{client::Api, installation::Installation, serve::DemoKind};
use chrono::TimeDelta;
use people::{ADMINISTRATOR, PASSWORD};
use sanbian_gateway::{Demo, DemoAccount};
use std::{net::SocketAddr, path::Path};

/// How far in the past the county's history begins.
const HISTORY: TimeDelta = TimeDelta::days(-95);

/// How far from the machine's clock a demonstration begins.
pub fn start_offset(kind: DemoKind) -> TimeDelta {
    match kind {
        DemoKind::County => HISTORY,
        DemoKind::Empty => TimeDelta::zero(),
    }
}

/// The accounts that the sign-in page offers.
pub fn accounts(kind: DemoKind) -> Demo {
    let shown = |person: &people::Person| DemoAccount {
        username: person.username.to_owned(),
        password: PASSWORD.to_owned(),
        zh: person.zh.to_owned(),
        en: person.en.to_owned(),
    };
    let people: Vec<&people::Person> = match kind {
        DemoKind::County => people::PEOPLE.iter().collect(),
        DemoKind::Empty => vec![&ADMINISTRATOR],
    };
    Demo { accounts: people.into_iter().map(shown).collect() }
}

/// Makes what is missing of the demonstration.
pub async fn prepare(
    installation: &Installation,
    kind: DemoKind,
    address: SocketAddr,
    data: &Path,
) -> anyhow::Result<()> {
    if !sanbian_identity::administrator_exists(&installation.identity).await? {
        sanbian_identity::bootstrap_administrator(&installation.identity, ADMINISTRATOR.username, PASSWORD).await?;
    }
    if kind == DemoKind::Empty {
        return Ok(());
    }
    let made = data.join("demonstration");
    if !made.exists() {
        let county = county::County::new(Api::new(&format!("http://{address}"))?, installation.app.clock.clone());
        county.make().await?;
        std::fs::write(made, "made\n")?;
    }
    println!("演示账号（密码均为 {PASSWORD}）  demonstration accounts (password of all: {PASSWORD}):");
    for person in people::PEOPLE {
        println!("  {:<12} {} / {}", person.username, person.zh, person.en);
    }
    Ok(())
}

/// Keeps auctions running, for as long as the program does.
pub async fn live(installation: &Installation, address: SocketAddr) -> anyhow::Result<()> {
    let county = county::County::new(Api::new(&format!("http://{address}"))?, installation.app.clock.clone());
    county.live().await;
    Ok(())
}
