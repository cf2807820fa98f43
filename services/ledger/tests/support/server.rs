//! A log on a database of its own, published to a folder of its own.

#![allow(dead_code, reason = "each test file uses its own part")]

use super::{entry, key};
use sanbian_ledger::{
    Ledger, Options,
    fault::{Faults, NoFaults, Step, When},
    key::SigningKey,
    publisher,
    reader::{Folder, LogReader, Verified},
};
use sanbian_runtime::testing::TestDb;
use sqlx::{Connection, PgConnection, PgPool};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// Longest that anything here may take on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);

pub struct Site {
    pub db: TestDb,
    pub folder: TempDir,
    /// A service that makes entries.
    pub bidding: PgPool,
}

impl Site {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let bidding = db.pool("bidding");
        Self { db, folder: tempfile::tempdir().unwrap(), bidding }
    }

    pub async fn try_start(&self, key: SigningKey, faults: Arc<dyn Faults>) -> anyhow::Result<Ledger> {
        let store = publisher::folder(self.folder.path()).unwrap();
        let options = Options {
            poll: Duration::from_millis(20),
            gap: Duration::from_millis(5),
            lock_wait: Duration::from_millis(300),
            faults,
        };
        Ledger::start(self.db.pool("ledger"), store, key, options).await
    }

    pub async fn start(&self) -> Ledger {
        self.try_start(key(), Arc::new(NoFaults)).await.unwrap()
    }

    /// Appends entries numbered so, in one transaction.
    pub async fn append(&self, numbers: impl IntoIterator<Item = u64>) {
        let bodies: Vec<_> = numbers.into_iter().map(entry).collect();
        sqlx::query("SELECT outbox.append($1)").bind(bodies).execute(&self.bidding).await.unwrap();
    }

    /// A connection of the database's owner.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(self.db.owner()).await.unwrap()
    }

    /// Checks the published log from its files alone; the numbers of its entries in order.
    pub fn verify(&self) -> (Verified, Vec<u64>) {
        let mut numbers = Vec::new();
        let reader = LogReader::open(Folder(self.folder.path().to_owned()), key().verifier()).unwrap();
        let verified = reader.verify(|logged| numbers.push(number(&logged.bytes))).unwrap();
        (verified, numbers)
    }

    /// Checks that the published log has exactly these entries, each once.
    pub fn verify_has(&self, expected: impl IntoIterator<Item = u64>) {
        let (_, numbers) = self.verify();
        assert_eq!(numbers.iter().copied().collect::<BTreeSet<_>>().len(), numbers.len(), "an entry stands twice");
        assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), expected.into_iter().collect());
    }

    /// The published files, for another database to meet.
    pub fn take_folder(&mut self) -> TempDir {
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    pub async fn end(self) {
        self.bidding.close().await;
        self.db.drop_now().await;
    }
}

pub fn number(bytes: &[u8]) -> u64 {
    let entry: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    entry["body"]["number"].as_u64().unwrap()
}

/// Fails one step some times, and counts.
pub struct Failing {
    step: Step,
    when: When,
    times: AtomicU32,
    pub struck: AtomicU32,
    pub seen: Mutex<BTreeSet<Step>>,
}

impl Failing {
    pub fn new(step: Step, when: When, times: u32) -> Arc<Self> {
        Arc::new(Self { step, when, times: AtomicU32::new(times), struck: AtomicU32::new(0), seen: Mutex::default() })
    }
}

impl Faults for Failing {
    fn strike(&self, step: Step, when: When) -> anyhow::Result<()> {
        self.seen.lock().unwrap().insert(step);
        let mine = (step, when) == (self.step, self.when);
        let left = |times: u32| times.checked_sub(1);
        if mine && self.times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok() {
            self.struck.fetch_add(1, Ordering::SeqCst);
            anyhow::bail!("struck at {step:?} {when:?}");
        }
        Ok(())
    }
}
