//! The log running: the sequencer and the publisher, each in its task, and what the rest of the program sees of them.
//!
//! The sequencer does not wait for the publisher: a slow or absent store delays what the public sees, never the exchange. The
//! publisher catches up by itself, and tells when it can't.

use crate::{
    fault::{Faults, NoFaults},
    key::{SigningKey, VerifierKey},
    publisher::Publisher,
    sequencer::{BATCH_ENTRIES, Refused, Sequencer},
    store::Locked,
};
use anyhow::Context as _;
use object_store::ObjectStore;
use sanbian_runtime::log::APPENDED;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How the log runs. The defaults are for service.
#[derive(Clone)]
pub struct Options {
    /// How often the outbox is looked at where nobody rings: entries of other processes wait this long at most.
    pub poll: Duration,
    /// Time from the start of one batch to the start of the next, where the first was not full.
    pub gap: Duration,
    /// How long a start waits for another sequencer to let go: a killed one's connection may outlive it a little.
    pub lock_wait: Duration,
    /// Where faults strike; for tests.
    pub faults: Arc<dyn Faults>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(100),
            gap: Duration::from_millis(50),
            lock_wait: Duration::from_secs(10),
            faults: Arc::new(NoFaults),
        }
    }
}

/// The pause after a fault that passes: from this, doubling, up to [`LONGEST_PAUSE`].
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// What waits in the outbox at the end is still sequenced for so long.
const LAST_WORK: Duration = Duration::from_secs(5);

/// The running log. Dropped without [`Ledger::stop`] it stops too, but nobody waits for it.
pub struct Ledger {
    pool: PgPool,
    key: VerifierKey,
    committed: watch::Receiver<Locked>,
    published: watch::Receiver<u64>,
    failure: watch::Receiver<Option<Refused>>,
    stop: DropGuard,
    tasks: [JoinHandle<()>; 2],
}

impl Ledger {
    /// Starts the log of `key` on the database behind `pool` (with the ledger's role) and publishes to `store` what was committed but
    /// not published before.
    ///
    /// # Errors
    /// [`Refused`] where going on would fork the log or another sequencer runs; or that the database or the store fails.
    pub async fn start(
        pool: PgPool,
        store: Arc<dyn ObjectStore>,
        key: SigningKey,
        options: Options,
    ) -> anyhow::Result<Self> {
        let key = Arc::new(key);
        let verifier = key.verifier().clone();
        let mut publisher = Publisher::new(pool.clone(), store, verifier.clone(), options.faults.clone());
        let opening = Opening { pool: pool.clone(), key, faults: options.faults.clone() };
        let sequencer = opening.within(options.lock_wait).await.context("the log can't start")?;
        publisher.publish(sequencer.locked()).await.context("the log can't start")?;

        let (committed_tx, committed) = watch::channel(sequencer.locked().clone());
        let (published_tx, published) = watch::channel(sequencer.locked().size);
        let (failure_tx, failure) = watch::channel(None);
        let failure_tx = Arc::new(failure_tx);
        let stop = CancellationToken::new();
        let publisher = Arc::new(Mutex::new(publisher));
        tracing::info!(origin = verifier.name(), size = sequencer.locked().size, "the log runs");

        let sequencing = Sequencing {
            opening,
            options,
            publisher: publisher.clone(),
            committed: committed_tx,
            failure: failure_tx.clone(),
            stop: stop.clone(),
        };
        let publishing = Publishing {
            publisher,
            committed: committed.clone(),
            published: published_tx,
            failure: failure_tx,
            stop: stop.clone(),
        };
        let tasks = [tokio::spawn(sequencing.run(sequencer)), tokio::spawn(publishing.run())];
        Ok(Self { pool, key: verifier, committed, published, failure, stop: stop.drop_guard(), tasks })
    }

    /// Says that something was appended, so that the sequencer need not wait for its next look. [`sanbian_runtime::act()`] does it.
    pub fn nudge(&self) {
        APPENDED.notify_one();
    }

    /// The log's verifier key: what clients pin.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.key
    }

    /// Database of the log.
    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The newest committed checkpoint, as it changes.
    pub fn committed(&self) -> watch::Receiver<Locked> {
        self.committed.clone()
    }

    /// Size of the published log, as it changes.
    pub fn published(&self) -> watch::Receiver<u64> {
        self.published.clone()
    }

    /// Waits until `size` entries are published; false where that takes longer than `limit`.
    pub async fn reaches(&self, size: u64, limit: Duration) -> bool {
        let mut published = self.published();
        let reached = timeout(limit, published.wait_for(|published| *published >= size)).await;
        matches!(reached, Ok(Ok(_)))
    }

    /// Why the log stopped by itself; none while it runs. It does not start again without someone's looking into it.
    pub fn failure(&self) -> Option<Refused> {
        self.failure.borrow().clone()
    }

    /// Sequences and publishes what waits, then stops and gives the lock back.
    pub async fn stop(self) {
        drop(self.stop);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the log did not end by itself");
            }
        }
    }
}

/// What opening a sequencer takes.
struct Opening {
    pool: PgPool,
    key: Arc<SigningKey>,
    faults: Arc<dyn Faults>,
}

impl Opening {
    async fn once(&self) -> anyhow::Result<Sequencer> {
        Sequencer::open(&self.pool, self.key.clone(), self.faults.clone()).await
    }

    async fn within(&self, limit: Duration) -> anyhow::Result<Sequencer> {
        let begin = Instant::now();
        loop {
            match self.once().await {
                Err(error) if is_taken(&error) && begin.elapsed() < limit => sleep(SHORTEST_PAUSE).await,
                opened => return opened,
            }
        }
    }
}

fn is_taken(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Refused::OtherSequencer))
}

/// The refusal that ends the log, where `error` is one: all but the lock's, which may come free.
fn fatal(error: &anyhow::Error) -> Option<&Refused> {
    error.downcast_ref::<Refused>().filter(|refused| **refused != Refused::OtherSequencer)
}

struct Sequencing {
    opening: Opening,
    options: Options,
    publisher: Arc<Mutex<Publisher>>,
    committed: watch::Sender<Locked>,
    failure: Arc<watch::Sender<Option<Refused>>>,
    stop: CancellationToken,
}

impl Sequencing {
    async fn run(self, first: Sequencer) {
        let mut opened = Some(first);
        let mut pause = SHORTEST_PAUSE;
        loop {
            let sequencer = match opened.take() {
                Some(sequencer) => Ok(sequencer),
                None => self.open().await,
            };
            let ended = match sequencer {
                Ok(sequencer) => self.work(sequencer, &mut pause).await,
                Err(error) => Err(error),
            };
            let Err(error) = ended else { return };
            if let Some(refused) = fatal(&error) {
                tracing::error!(%refused, "the log stops");
                self.failure.send_replace(Some(refused.clone()));
                self.stop.cancel();
                return;
            }
            metrics::counter!("sanbian_ledger_sequencer_errors_total").increment(1);
            tracing::error!(error = format!("{error:#}"), "sequencing failed; it will be tried again");
            if self.stop.is_cancelled() {
                // What waits in the outbox waits for the next start.
                return;
            }
            tokio::select! { () = self.stop.cancelled() => {}, () = sleep(pause) => {} }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Opens the sequencer again after a fault. What the database holds may have changed by a failover, so it is held against what is
    /// published before anything is added.
    async fn open(&self) -> anyhow::Result<Sequencer> {
        let sequencer = self.opening.once().await?;
        self.publisher.lock().await.publish(sequencer.locked()).await?;
        self.committed.send_replace(sequencer.locked().clone());
        Ok(sequencer)
    }

    /// Sequences until told to stop.
    async fn work(&self, mut sequencer: Sequencer, pause: &mut Duration) -> anyhow::Result<()> {
        while !self.stop.is_cancelled() {
            let begin = Instant::now();
            let full = self.batch(&mut sequencer).await?;
            *pause = SHORTEST_PAUSE;
            if full {
                continue;
            }
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = APPENDED.notified() => {}
                () = sleep(self.options.poll) => {}
            }
            // Entries that come together share a batch, and so a signature and the files' edge.
            tokio::time::sleep_until(begin + self.options.gap).await;
        }
        let begin = Instant::now();
        while begin.elapsed() < LAST_WORK && sequencer.sequence().await? > 0 {
            self.committed.send_replace(sequencer.locked().clone());
        }
        sequencer.close().await;
        Ok(())
    }

    /// One batch; whether there may be more waiting.
    async fn batch(&self, sequencer: &mut Sequencer) -> anyhow::Result<bool> {
        let begin = Instant::now();
        let entries = sequencer.sequence().await?;
        if entries == 0 {
            return Ok(false);
        }
        let count = u64::try_from(entries).unwrap_or(u64::MAX);
        metrics::counter!("sanbian_ledger_entries_total").increment(count);
        metrics::histogram!("sanbian_ledger_batch_seconds").record(begin.elapsed().as_secs_f64());
        self.committed.send_replace(sequencer.locked().clone());
        Ok(i64::try_from(entries) == Ok(BATCH_ENTRIES))
    }
}

struct Publishing {
    publisher: Arc<Mutex<Publisher>>,
    committed: watch::Receiver<Locked>,
    published: watch::Sender<u64>,
    failure: Arc<watch::Sender<Option<Refused>>>,
    stop: CancellationToken,
}

impl Publishing {
    /// Publishes each newest checkpoint until the sequencer has ended, and then the last one.
    async fn run(mut self) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let ended = self.committed.changed().await.is_err();
            loop {
                let locked = self.committed.borrow_and_update().clone();
                let begin = Instant::now();
                let done = self.publisher.lock().await.publish(&locked).await;
                let Err(error) = done else {
                    metrics::histogram!("sanbian_ledger_publish_seconds").record(begin.elapsed().as_secs_f64());
                    self.published.send_replace(locked.size);
                    pause = SHORTEST_PAUSE;
                    break;
                };
                if let Some(refused) = fatal(&error) {
                    tracing::error!(%refused, "the log stops");
                    self.failure.send_replace(Some(refused.clone()));
                    self.stop.cancel();
                    return;
                }
                metrics::counter!("sanbian_ledger_publish_errors_total").increment(1);
                tracing::error!(error = format!("{error:#}"), "publishing the log failed; it will be tried again");
                if ended || self.stop.is_cancelled() {
                    // Once more when the sequencer has ended; then the next start publishes it.
                    break;
                }
                tokio::select! { () = self.stop.cancelled() => {}, () = sleep(pause) => {} }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            if ended {
                return;
            }
        }
    }
}
