//! The thread that owns the running server: it revives a server that dies, and stops it when the program is done.
//!
//! A thread, not a task: stopping must also work while the async runtime is going away, and from `Drop`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::Error;
use crate::server::{Server, Setup};

/// How often the server is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// So many deaths within [`WINDOW`] are no accident any more: reviving it would hide a broken disk.
const DEATHS: usize = 5;
const WINDOW: Duration = Duration::from_secs(600);

/// What the keeper is told.
enum Order {
    Stop,
    Leave,
}

/// How the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It takes connections.
    Up,
    /// It died and is being started again; connections fail until then.
    Reviving,
    /// It was given up; the program can only end.
    Lost(String),
}

/// The handle on the thread.
#[derive(Debug)]
pub(crate) struct Keeper {
    orders: Sender<Order>,
    health: watch::Receiver<Health>,
    cancel: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

impl Keeper {
    pub(crate) fn new(setup: Setup, server: Server, cancel: Arc<AtomicBool>) -> Result<Self, Error> {
        let (orders, inbox) = channel();
        let (state, health) = watch::channel(Health::Up);
        let mut kept = Kept { setup, cancel: cancel.clone(), deaths: VecDeque::new() };
        let thread = std::thread::Builder::new()
            .name("database-keeper".to_owned())
            .spawn(move || kept.run(server, &inbox, &state))
            .map_err(|source| Error::File { what: "start", path: "database-keeper".into(), source })?;
        Ok(Self { orders, health, cancel, thread: Some(thread) })
    }

    pub(crate) fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Stops the server and waits for it. A second call does nothing.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        // Also calls off a revival in progress, which may be a long recovery.
        self.cancel.store(true, Ordering::Relaxed);
        self.end(Order::Stop)
    }

    /// Lets go of the server, which stays running.
    pub(crate) fn leave(&mut self) -> Result<(), Error> {
        self.end(Order::Leave)
    }

    fn end(&mut self, order: Order) -> Result<(), Error> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        let _ = self.orders.send(order); // a keeper that gave up no longer listens, and its result says why
        match thread.join() {
            Ok(result) => result,
            Err(_) => Err(Error::Lost { last: "the keeper panicked".to_owned() }),
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "the database was not stopped cleanly");
        }
    }
}

struct Kept {
    setup: Setup,
    cancel: Arc<AtomicBool>,
    deaths: VecDeque<Instant>,
}

impl Kept {
    fn run(&mut self, mut server: Server, inbox: &Receiver<Order>, state: &watch::Sender<Health>) -> Result<(), Error> {
        loop {
            match inbox.recv_timeout(LOOK) {
                Ok(Order::Leave) => return Ok(()),
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return server.stop(&self.setup),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let Some(how) = server.ended(&self.setup) else { continue };
            let said = self.setup.last_words(server.since());
            tracing::error!(pid = server.pid(), %how, %said, "the database died; starting it again");
            state.send_replace(Health::Reviving);
            match self.revive() {
                Ok(Some(revived)) => {
                    tracing::info!(pid = revived.pid(), "the database is back");
                    server = revived;
                    state.send_replace(Health::Up);
                }
                Ok(None) => return Ok(()),
                Err(last) => {
                    let lost = Error::Lost { last: last.to_string() };
                    state.send_replace(Health::Lost(last.to_string()));
                    return Err(lost);
                }
            }
        }
    }

    /// Starts the server again; none if the program wants to end meanwhile.
    fn revive(&mut self) -> Result<Option<Server>, Error> {
        let mut wait = Duration::ZERO;
        loop {
            let now = Instant::now();
            self.deaths.retain(|at| now.duration_since(*at) < WINDOW);
            self.deaths.push_back(now);
            let until = now + wait;
            while Instant::now() < until && !self.cancel.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(50));
            }
            if self.cancel.load(Ordering::Relaxed) {
                return Ok(None);
            }
            match crate::launch(&self.setup, &self.cancel) {
                Ok(server) => return Ok(Some(server)),
                Err(Error::CalledOff) => return Ok(None),
                Err(error) if self.deaths.len() >= DEATHS => return Err(error),
                Err(error) => tracing::error!(%error, "the database did not come back"),
            }
            wait = (wait * 2).max(Duration::from_secs(1));
        }
    }
}
