//! `sanbian serve`: the exchange.

use crate::{config::Place, demo, installation::Installation};
use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use clap::{Args, ValueEnum};
use metrics_exporter_prometheus::PrometheusBuilder;
use sanbian_runtime::Clock;
use std::{io::Write, net::SocketAddr, path::Path, process::ExitCode, sync::Arc};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// How `serve` runs.
#[derive(Args, Clone, Debug)]
pub struct ServeArguments {
    #[command(flatten)]
    place: Place,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "SANBIAN_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Run a demonstration: known accounts, a clock that may be moved, and (unless `empty`) a county full of life.
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "county", require_equals = true)]
    demo: Option<DemoKind>,
}

/// What a demonstration starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoKind {
    /// A county with a past and running auctions.
    County,
    /// Nothing but an administrator: for tests and lessons.
    Empty,
}

/// Runs the exchange until a signal ends it.
pub async fn run(arguments: ServeArguments) -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sanbian_cluster=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    // Signals are ours before anything is started that would have to be ended.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let recorder = PrometheusBuilder::new().install_recorder().context("metrics")?;

    if !sanbian_gateway::pages_built() {
        tracing::warn!("the pages were not built into this program; build web/ first (make run does)");
    }
    let data = arguments.place.open()?;
    load_calendar(&data, arguments.demo.is_some())?;
    let clock = match arguments.demo {
        None => Clock::real(),
        Some(kind) => Clock::kept(&data.join("clock"), demo::start_offset(kind))?,
    };
    let listener = TcpListener::bind(&arguments.listen)
        .await
        .with_context(|| format!("{} can't be listened on; set SANBIAN_LISTEN to another address", arguments.listen))?;
    let address = listener.local_addr()?;
    let metrics = Arc::new(move || recorder.render());
    let start = Installation::start(&arguments.place, &data, clock, arguments.demo.map(demo::accounts), metrics);
    let installation = tokio::select! {
        installation = start => installation?,
        _ = interrupt.recv() => return Ok(ExitCode::SUCCESS),
        _ = terminate.recv() => return Ok(ExitCode::SUCCESS),
    };

    let router = sanbian_gateway::router(&installation.app).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = installation.stopping();
    let until = stopping.clone();
    let listener = listener.tap_io(|stream| {
        // Offers and feeds are small: they must not wait for more to send.
        let _ = stream.set_nodelay(true);
    });
    let server = tokio::spawn(async move {
        axum::serve(listener, router).with_graceful_shutdown(async move { until.cancelled().await }).await
    });

    let life = async {
        match arguments.demo {
            None => tell_first_steps(&installation).await?,
            Some(kind) => demo::prepare(&installation, kind, address, &data).await?,
        }
        installation.set_ready();
        announce(address);
        match arguments.demo {
            Some(DemoKind::County) => demo::live(&installation, address).await?,
            _ => std::future::pending().await,
        }
        anyhow::Ok(())
    };
    let outcome = tokio::select! {
        outcome = life => outcome.map(|()| ExitCode::FAILURE),
        _ = interrupt.recv() => Ok(ExitCode::SUCCESS),
        _ = terminate.recv() => Ok(ExitCode::SUCCESS),
        error = installation.lost() => Err(error),
    };
    tracing::info!("ending");
    stopping.cancel();
    // Live feeds never end by themselves; a browser that stays connected must not keep the program up.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3), server).await;
    installation.stop().await?;
    outcome
}

/// Years that the office has loaded stand in the data folder as `calendar/<year>.toml`. A demonstration also counts on the year whose
/// notice is not out yet by its statutory days, so that a transfer begun in winter can be followed to its end; a real exchange never does.
fn load_calendar(data: &Path, demo: bool) -> anyhow::Result<()> {
    let mut years = Vec::new();
    let folder = data.join("calendar");
    if folder.exists() {
        let mut files: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        files.sort_by_key(std::fs::DirEntry::path);
        for file in files {
            years.push(
                std::fs::read_to_string(file.path())
                    .with_context(|| format!("{} can't be read", file.path().display()))?,
            );
        }
    }
    if demo && years.is_empty() {
        years.push(sanbian_domain::calendar::PROVISIONAL_2027.to_owned());
    }
    sanbian_runtime::calendar::extend(years.iter().map(String::as_str))
        .map_err(|finding| anyhow::anyhow!("a calendar can't be loaded: {} {}", finding.message.zh, finding.message.en))
}

/// The line that scripts wait for.
fn announce(address: SocketAddr) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "sanbian listening on http://{address}");
    let _ = out.flush();
}

/// A plain installation has no known password: says how to make the first administrator.
async fn tell_first_steps(installation: &Installation) -> anyhow::Result<()> {
    if !sanbian_identity::administrator_exists(&installation.identity).await? {
        eprintln!("本系统尚无管理员。请运行： sanbian admin create --username NAME");
        eprintln!("There is no administrator yet. Run: sanbian admin create --username NAME");
    }
    Ok(())
}
