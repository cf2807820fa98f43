//! An installation put together: database, keys, log, services, and the way they call each other.
//!
//! The order is the call graph's, which has no circle: ledger, identity, registry, listing, bidding, settlement, pricing, supervision.

use crate::config::Place;
use anyhow::Context as _;
use object_store::local::LocalFileSystem;
use sanbian_cluster::{Cluster, DATABASE};
use sanbian_gateway::{App, Demo};
use sanbian_ledger::{Ledger, keyfile, publisher};
use sanbian_runtime::{
    Clock, db,
    peers::Peers,
    rpc::{self, Door},
    secret::Secret,
    token::Tokens,
};
use sqlx::postgres::PgConnectOptions;
use std::{
    future::Future,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Connections of each service.
const POOL: u32 = 8;
/// How long the services may take to end.
const END: Duration = Duration::from_secs(20);

/// The database, owned or given.
pub struct Database {
    /// The private cluster, where there is one.
    pub cluster: Option<Cluster>,
    /// Owner's options.
    pub owner: PgConnectOptions,
}

impl Database {
    /// The given database, or a private one in the data folder; brought to the newest shape.
    pub async fn open(place: &Place, data: &Path, secret: &Secret) -> anyhow::Result<Self> {
        let (cluster, owner) = match &place.database_url {
            Some(url) => (None, PgConnectOptions::from_str(url).context("DATABASE_URL can't be read")?),
            None => {
                let cluster = Cluster::start(data, sanbian_cluster::Options::from_env()).await?;
                cluster.create_database(DATABASE).await?;
                let owner = PgConnectOptions::from_str(&cluster.superuser_url(DATABASE))?;
                (Some(cluster), owner)
            }
        };
        db::prepare(&owner, secret).await?;
        Ok(Self { cluster, owner })
    }
}

/// A running installation.
pub struct Installation {
    /// What the gateway works with.
    pub app: App,
    /// Identity's own parts: for the first administrator.
    pub identity: sanbian_identity::Deps,
    database: Database,
    ledger: Ledger,
    ready: Arc<AtomicBool>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Installation {
    /// Starts everything but the HTTP side.
    pub async fn start(
        place: &Place,
        data: &Path,
        clock: Clock,
        demo: Option<Demo>,
        metrics: Arc<dyn Fn() -> String + Send + Sync>,
    ) -> anyhow::Result<Self> {
        let secret = Secret::open(&data.join("keys/secret"))?;
        let database = Database::open(place, data, &secret).await?;
        let pool = |service| db::pool(&database.owner, &secret, service, POOL);
        let tokens = Tokens::new(&secret, &clock);
        let door = Door { tokens: tokens.clone(), clock: clock.clone() };
        let peers = Peers::new(tokens.clone());
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();

        let files = publisher::folder(&data.join("ledger"))?;
        let key = keyfile::load_or_create(&data.join("keys/log.key"), &origin(data)?)?;
        let vkey = key.verifier().to_string();
        let ledger = Ledger::start(pool("ledger"), files.clone(), key, sanbian_ledger::Options::default()).await?;
        write_public(&data.join("ledger/vkey"), &format!("{vkey}\n"))?;
        peers.set_ledger(rpc::in_process(ledger.routes(door.clone())));

        let identity = sanbian_identity::Deps::new(pool("identity"), door.clone(), &secret);
        peers.set_identity(rpc::in_process(sanbian_identity::routes(identity.clone())));
        run(&mut tasks, sanbian_identity::run(identity.clone(), stop.clone()));

        let registry = sanbian_registry::Deps::new(pool("registry"), door.clone(), peers.clone(), &secret);
        peers.set_registry(rpc::in_process(sanbian_registry::routes(&registry)));
        run(&mut tasks, sanbian_registry::run(registry, stop.clone()));

        let listing = sanbian_listing::Deps::new(pool("listing"), door.clone(), peers.clone());
        peers.set_listing(rpc::in_process(sanbian_listing::routes(listing.clone())));
        run(&mut tasks, sanbian_listing::run(listing, stop.clone()));

        let bidding =
            sanbian_bidding::Deps::new(pool("bidding"), tokens.clone(), clock.clone(), peers.clone(), &secret);
        peers.set_bidding(rpc::in_process(sanbian_bidding::routes(&bidding)));
        run(&mut tasks, sanbian_bidding::run(bidding, stop.clone()));

        let settlement = sanbian_settlement::Deps::new(pool("settlement"), door.clone(), peers.clone(), &secret);
        peers.set_settlement(rpc::in_process(sanbian_settlement::routes(&settlement)));
        run(&mut tasks, sanbian_settlement::run(settlement, stop.clone()));

        let pricing = sanbian_pricing::Deps::new(pool("pricing"), door.clone(), peers.clone());
        peers.set_pricing(rpc::in_process(sanbian_pricing::routes(&pricing)));
        run(&mut tasks, sanbian_pricing::run(pricing, stop.clone()));

        let supervision = sanbian_supervision::Deps::new(pool("supervision"), door, peers.clone());
        peers.set_supervision(rpc::in_process(sanbian_supervision::routes(&supervision)));
        run(&mut tasks, sanbian_supervision::run(supervision, stop.clone()));

        let ready = Arc::new(AtomicBool::new(false));
        let is_ready = ready.clone();
        let app = App {
            peers,
            tokens,
            clock,
            documents: Arc::new(LocalFileSystem::new_with_prefix(data.join("documents"))?.with_fsync(true)),
            ledger: files,
            demo: demo.map(Arc::new),
            metrics,
            ready: Arc::new(move || is_ready.load(Ordering::SeqCst)),
            secure_cookies: false,
        };
        Ok(Self { app, identity, database, ledger, ready, stop, tasks })
    }

    /// From now on `/readyz` says yes.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::SeqCst);
    }

    /// Cancelled when the installation ends.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Ends when a part that nothing works without is lost for good: the private database, or the log.
    pub async fn lost(&self) -> anyhow::Error {
        let log = async {
            loop {
                if let Some(failure) = self.ledger.failure() {
                    return anyhow::anyhow!("the log stopped: {failure}");
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let database = async {
            match &self.database.cluster {
                Some(cluster) => cluster.lost().await.into(),
                None => std::future::pending().await,
            }
        };
        tokio::select! { error = log => error, error = database => error }
    }

    /// Ends every part: followers and rooms first, then the log (which still takes what waits), then the database.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        let ended = tokio::time::timeout(END, async { while self.tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("some services did not end in time and were left");
            self.tasks.abort_all();
        }
        self.ledger.stop().await;
        if let Some(cluster) = self.database.cluster {
            cluster.stop().await?;
        }
        Ok(())
    }
}

/// A service that ends before it is told to is a fault: say so.
fn run(tasks: &mut JoinSet<()>, service: impl Future<Output = ()> + Send + 'static) {
    tasks.spawn(service);
}

/// The log's name: kept from the first start on, since it stands in every checkpoint.
fn origin(data: &Path) -> anyhow::Result<String> {
    let file = data.join("keys/origin");
    if !file.exists() {
        let id = uuid::Uuid::now_v7().simple().to_string();
        std::fs::write(&file, format!("sanbian.example/{}\n", &id[20..]))?;
    }
    Ok(std::fs::read_to_string(file)?.trim().to_owned())
}

fn write_public(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, text)?;
    std::fs::rename(part, path)?;
    Ok(())
}
