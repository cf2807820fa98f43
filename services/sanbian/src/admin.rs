//! `sanbian admin`: what is done on the machine itself, never over the network.

use crate::config::Place;
use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use sanbian_cluster::{Access, DATABASE};
use sanbian_runtime::{Clock, db, rpc::Door, secret::Secret, token::Tokens};
use sqlx::postgres::PgConnectOptions;
use std::{
    io::{BufRead, IsTerminal, Write},
    process::ExitCode,
    str::FromStr,
};

/// Accounts of this installation.
#[derive(Subcommand)]
pub enum AdminCommand {
    /// Make the first administrator. 创建首位系统管理员。
    Create(CreateArguments),
}

/// The first administrator.
#[derive(Args)]
pub struct CreateArguments {
    #[command(flatten)]
    place: Place,
    /// Sign-in name.
    #[arg(long)]
    username: String,
}

/// Runs the command.
pub async fn run(command: AdminCommand) -> anyhow::Result<ExitCode> {
    let AdminCommand::Create(arguments) = command;
    let password = read_password()?;
    let data = arguments.place.open()?;
    let secret = Secret::open(&data.join("keys/secret"))?;
    // Beside a running exchange its database is used as it runs; else it is started for the moment.
    let running = match &arguments.place.database_url {
        Some(_) => None,
        None => Access::to_running(&data).ok(),
    };
    let (owner, database) = match running {
        Some(access) => (PgConnectOptions::from_str(&access.superuser_url(DATABASE))?, None),
        None => {
            let database = crate::installation::Database::open(&arguments.place, &data, &secret).await?;
            (database.owner.clone(), Some(database))
        }
    };
    let clock = Clock::real();
    let door = Door { tokens: Tokens::new(&secret, &clock), clock };
    let deps = sanbian_identity::Deps::new(db::pool(&owner, &secret, "identity", 2), door, &secret);
    let made = sanbian_identity::bootstrap_administrator(&deps, &arguments.username, &password).await;
    deps.pool.close().await;
    if let Some(cluster) = database.and_then(|database| database.cluster) {
        cluster.stop().await?;
    }
    match made {
        Ok(account) => {
            println!("已创建系统管理员 {}（{account}）。 Administrator made.", arguments.username);
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            for finding in refusal.findings {
                eprintln!("{}{}\n{} {}", finding.message.zh, finding.remedy.zh, finding.message.en, finding.remedy.en);
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// From the environment (`SANBIAN_PASSWORD`) or the first line of standard input; never from the command line, which others can see.
fn read_password() -> anyhow::Result<String> {
    if let Ok(password) = std::env::var("SANBIAN_PASSWORD") {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        eprint!("密码 Password (shown as typed): ");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("no password on standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    ensure!(!password.is_empty(), "no password on standard input");
    Ok(password)
}
