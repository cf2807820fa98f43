//! The program: `sanbian serve` runs every service of an exchange; the other commands are its tools.

mod admin;
mod client;
mod config;
mod demo;
mod import;
mod installation;
mod progress;
mod serve;
mod verify;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// 三变 Sanbian: a rural property-rights exchange (农村产权流转交易平台).
#[derive(Parser)]
#[command(name = "sanbian", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the exchange. 运行交易平台。
    Serve(serve::ServeArguments),
    /// Accounts of this installation. 账号管理。
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Bring data in. 导入数据。
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Check a log from its public files alone. 核验账本。
    Verify(verify::VerifyArguments),
    /// Print the API's OpenAPI document. 输出接口说明。
    Openapi,
}

fn print_description() -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&sanbian_gateway::api::description())?);
    Ok(ExitCode::SUCCESS)
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sanbian: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Serve(arguments) => serve::run(arguments).await,
            Command::Admin(command) => admin::run(command).await,
            Command::Import(command) => import::run(command).await,
            Command::Verify(arguments) => verify::run(arguments).await,
            Command::Openapi => print_description(),
        }
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sanbian: {error:#}");
            ExitCode::FAILURE
        }
    }
}
