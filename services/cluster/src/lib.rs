//! The private PostgreSQL cluster of an installation without `DATABASE_URL`.
//!
//! **Owns** the folder `postgres` in the data folder: the cluster's files, its settings, the superuser's password, and
//! the server process itself, from start to stop.
//!
//! **Promises.** [`Cluster::start`] gives a running server, whatever state the last program left behind: none yet, a clean
//! stop, a killed program whose server still runs (it is adopted), a killed server (it recovers), a killed machine. A
//! server that dies is started again. [`Cluster::stop`], or dropping the cluster, ends it with all written out.
//! PostgreSQL refuses to run as root: when we are root, all its processes and files belong to an ordinary account.
//!
//! **Invariants**
//! - **One program on a data folder.** A second is refused (`flock`, which the kernel frees with the process).
//! - **No system cluster is ever touched**: own folder, own socket, no TCP port, no `PG…` variable passed on, and only
//!   processes that carry this cluster's mark are signalled.
//! - **No one else gets in**: the socket's folder is closed to other accounts, and every connection needs a password.
//! - **What was acknowledged is on the disk**: `fsync`, `full_page_writes` and `synchronous_commit` stay on.
//! - **A cluster appears whole or not at all**, and one that is missing where it should be is never replaced by an empty one.
//! - **As root we write only into folders of root**: see `place.rs`.
//!
//! Backups, replicas and fail-over are those of PostgreSQL: such an installation runs its own server and gives
//! `DATABASE_URL`, and this crate is not used.

mod access;
mod account;
mod binaries;
mod create;
mod error;
mod keeper;
mod place;
mod processes;
mod server;
mod settings;
mod socket;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use access::Access;
pub use error::Error;
pub use keeper::Health;

use keeper::Keeper;
use place::Place;
use processes::Mark;
use server::{Server, Setup};

/// The database of an installation.
pub const DATABASE: &str = "sanbian";

/// How a cluster is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The account that runs PostgreSQL when we are root. Without it: `sanbian`, `postgres` or `nobody`, whichever is
    /// there first; but the owner of an existing cluster comes before all.
    pub user: Option<String>,
    /// The folder of `initdb` and `postgres`. Without it: the newest installed version from 15 that has PostGIS.
    pub binaries: Option<PathBuf>,
    /// How long the server may take to come up, recovery included.
    pub start_within: Duration,
    /// How long a fast stop may take before it is forced (which loses nothing, but makes the next start recover).
    pub stop_within: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user: None,
            binaries: None,
            start_within: Duration::from_secs(600),
            stop_within: Duration::from_secs(60),
        }
    }
}

impl Options {
    /// The defaults, with what `SANBIAN_DB_USER` and `SANBIAN_PG_BIN` say.
    pub fn from_env() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { user: set("SANBIAN_DB_USER"), binaries: set("SANBIAN_PG_BIN").map(PathBuf::from), ..Self::default() }
    }
}

/// A running private cluster. Dropping it stops the server, and blocks the thread meanwhile; prefer [`Cluster::stop`].
#[derive(Debug)]
pub struct Cluster {
    access: Access,
    place: PathBuf,
    account: String,
    keeper: Keeper,
}

impl Cluster {
    /// Starts the cluster of this data folder, and creates it the first time.
    ///
    /// Returns when the server takes connections. If the future is dropped before, the start is called off and nothing
    /// is left running.
    ///
    /// # Errors
    /// [`Error::NotInstalled`] and [`Error::PostgisMissing`] name the packages; [`Error::InUse`] if another program runs on the
    /// folder; the others as they say.
    pub async fn start(dir: &Path, options: Options) -> Result<Self, Error> {
        let cancel = Arc::new(AtomicBool::new(false));
        let guard = CallOff(Some(cancel.clone()));
        let (dir, runtime) = (dir.to_owned(), tokio::runtime::Handle::current());
        let started = tokio::task::spawn_blocking(move || start(&dir, &options, &runtime, &cancel)).await;
        guard.keep();
        match started {
            Ok(cluster) => cluster,
            Err(panicked) => Err(Error::Lost { last: panicked.to_string() }),
        }
    }

    /// How to connect.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The URL of a database for a role; see [`Access::url`].
    pub fn url(&self, database: &str, role: &str, password: &str) -> String {
        self.access.url(database, role, password)
    }

    /// The URL of a database for the superuser.
    pub fn superuser_url(&self, database: &str) -> String {
        self.access.superuser_url(database)
    }

    /// Creates a database if it isn't there; see [`Access::create_database`].
    ///
    /// # Errors
    /// As [`Access::create_database`].
    pub async fn create_database(&self, name: &str) -> Result<(), Error> {
        self.access.create_database(name).await
    }

    /// The folder that holds the cluster: `postgres` in the data folder, or, where the account could not get there, a
    /// folder under `/var/lib/sanbian-postgres`.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The account that runs the server.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// How the server is now.
    pub fn health(&self) -> Health {
        self.keeper.health().borrow().clone()
    }

    /// Ends when the server is lost for good, with the reason; the program should then stop. Otherwise never.
    pub async fn lost(&self) -> Error {
        let mut health = self.keeper.health();
        match health.wait_for(|health| matches!(health, Health::Lost(_))).await {
            Ok(health) => match &*health {
                Health::Lost(last) => Error::Lost { last: last.clone() },
                Health::Up | Health::Reviving => unreachable!("waited for the loss"),
            },
            Err(_) => std::future::pending().await, // stopped, not lost
        }
    }

    /// Stops the server: open transactions are rolled back, everything is written out, the lock is freed.
    ///
    /// # Errors
    /// [`Error::NotStopped`] if processes remain even after force; [`Error::Lost`] if the server had been given up before.
    pub async fn stop(mut self) -> Result<(), Error> {
        match tokio::task::spawn_blocking(move || self.keeper.stop()).await {
            Ok(result) => result,
            Err(panicked) => Err(Error::Lost { last: panicked.to_string() }),
        }
    }

    /// Ends the watch over the server and frees the lock, but leaves the server running; the next start adopts it.
    ///
    /// # Errors
    /// [`Error::Lost`] if the server had been given up before.
    pub fn leave_running(mut self) -> Result<Access, Error> {
        self.keeper.leave()?;
        Ok(self.access.clone())
    }
}

/// Calls a start off when its future is dropped.
struct CallOff(Option<Arc<AtomicBool>>);

impl CallOff {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for CallOff {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            cancel.store(true, Ordering::Relaxed);
        }
    }
}

fn start(
    dir: &Path,
    options: &Options,
    runtime: &tokio::runtime::Handle,
    cancel: &Arc<AtomicBool>,
) -> Result<Cluster, Error> {
    // Before anything is created: without PostgreSQL there is nothing to create it with.
    let newest = binaries::find(options.binaries.as_deref(), None);
    match newest {
        Err(error @ Error::NotInstalled { .. }) => return Err(error),
        Err(error) if !dir.join("postgres").exists() => return Err(error),
        _ => {} // an existing cluster may want another version than the newest
    }
    let place = Place::open(dir, options.user.as_deref())?;
    let made_by = place.made_by()?;
    let binaries = match made_by {
        Some(major) => binaries::find(options.binaries.as_deref(), Some((major, &place.root)))?,
        None => newest?,
    };
    let mut password = create::password(&place.root)?;
    if made_by.is_none() {
        let new = match password {
            Some(kept) => kept, // a first start that was killed after this step
            None => create::new_password(&place)?,
        };
        create::create(&place, &binaries, &new)?;
        password = Some(new);
    }
    let mark = Mark::of(&place.cluster(), place.account.uid)?;
    let socket = socket::choose(&place, mark.text())?;
    let &Options { start_within, stop_within, .. } = options;
    let setup = Setup { place, binaries, mark, socket, start_within, stop_within };
    let changed = setup.configure()?;

    let mut server = None;
    if let Some(found) = setup.running() {
        server = adopt(&setup, found, password.as_deref().filter(|_| !changed), runtime, cancel)?;
    }
    let password = match password {
        Some(known) => known,
        None => {
            setup.clear_remains()?;
            create::reset_password(&setup.place, &setup.binaries)?
        }
    };
    let access = Access::new(setup.socket.clone(), password);
    let server = match server {
        Some(adopted) => adopted,
        None => {
            let launched = launch(&setup, cancel)?;
            if let Err(error) = runtime.block_on(access.log_in()) {
                launched.stop(&setup)?;
                return Err(error);
            }
            launched
        }
    };
    let (place, account) = (setup.place.root.clone(), setup.place.account.name.clone());
    tracing::info!(
        place = %place.display(), socket = %setup.socket.display(), %account, major = setup.binaries.major, pid = server.pid(),
        "the database is ready"
    );
    let keeper = Keeper::new(setup, server, cancel.clone())?;
    let cluster = Cluster { access, place, account, keeper };
    // The caller may have gone away in the last moment; then no one will ever stop what was started.
    if cancel.load(Ordering::Relaxed) { Err(Error::CalledOff) } else { Ok(cluster) }
}

/// Keeps a server that a killed program left running, if we can log in to it; otherwise stops it.
fn adopt(
    setup: &Setup,
    mut found: Server,
    password: Option<&str>,
    runtime: &tokio::runtime::Handle,
    cancel: &AtomicBool,
) -> Result<Option<Server>, Error> {
    let pid = found.pid();
    let healthy = match password {
        Some(password) if found.listens_at(setup) => found.wait_ready(setup, cancel).and_then(|()| {
            let access = Access::new(setup.socket.clone(), password.to_owned());
            runtime.block_on(access.log_in())
        }),
        _ => Err(Error::Lost { last: "it was started otherwise than it would be now".to_owned() }),
    };
    match healthy {
        Ok(()) => {
            tracing::info!(pid, "an earlier program left its database running; taking it over");
            Ok(Some(found))
        }
        Err(error) => {
            tracing::warn!(pid, %error, "an earlier program left its database running; stopping it");
            found.stop(setup)?;
            if cancel.load(Ordering::Relaxed) { Err(Error::CalledOff) } else { Ok(None) }
        }
    }
}

/// Starts the server and waits until it is ready; leaves nothing running on failure.
fn launch(setup: &Setup, cancel: &AtomicBool) -> Result<Server, Error> {
    let mut server = setup.launch()?;
    match server.wait_ready(setup, cancel) {
        Ok(()) => Ok(server),
        Err(error) => {
            server.stop(setup)?;
            Err(error)
        }
    }
}
