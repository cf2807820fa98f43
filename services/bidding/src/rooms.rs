//! All rooms of this process: opened from the store, found by lot.

use crate::{
    load::load,
    room::{Ask, Room, RoomHandle},
    store,
    view::Snapshot,
};
use sanbian_domain::ids::LotId;
use sanbian_runtime::{Clock, Refusal, seal::Sealer};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The rooms. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Rooms(Arc<Inner>);

struct Inner {
    pool: PgPool,
    clock: Clock,
    sealer: Sealer,
    running: Mutex<HashMap<LotId, RoomHandle>>,
    woken: Notify,
}

impl Rooms {
    pub(crate) fn new(pool: PgPool, clock: Clock, sealer: Sealer) -> Self {
        Self(Arc::new(Inner { pool, clock, sealer, running: Mutex::default(), woken: Notify::new() }))
    }

    /// Something changed in the store: rooms to open, orders to take.
    pub(crate) fn wake(&self) {
        self.0.woken.notify_one();
    }

    /// The way to a running room.
    pub(crate) fn find(&self, lot: LotId) -> Option<RoomHandle> {
        self.lock().get(&lot).cloned()
    }

    /// The way to a room that is open: one that the store has open but whose task is still starting is waited for a moment, since an
    /// offer must not be refused for that.
    pub(crate) async fn find_open(&self, lot: LotId) -> Result<Option<RoomHandle>, Refusal> {
        for _ in 0..40 {
            if let Some(handle) = self.find(lot).filter(|handle| !handle.asks.is_closed()) {
                return Ok(Some(handle));
            }
            if store::room(&self.0.pool, lot).await?.is_none_or(|room| room.state != "open") {
                return Ok(None);
            }
            self.wake();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Refusal::unavailable("the room is open but its task does not start"))
    }

    /// A room as it stands, running or past.
    pub(crate) async fn snapshot(&self, lot: LotId) -> Result<Arc<Snapshot>, Refusal> {
        if let Some(handle) = self.find(lot) {
            return Ok(handle.snapshot.borrow().clone());
        }
        Ok(Arc::new(Snapshot::of(&load(&self.0.pool, lot).await?)))
    }

    /// Opens rooms as they come and hands on what waits, until `stop`.
    pub(crate) async fn run(&self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.round(&stop).await {
                metrics::counter!("sanbian_rooms_errors_total").increment(1);
                tracing::error!(%error, "rooms could not be opened; it will be tried again");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.woken.notified() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    }

    async fn round(&self, stop: &CancellationToken) -> Result<(), Refusal> {
        for lot in store::open_rooms(&self.0.pool).await? {
            if self.find(lot).is_some_and(|handle| !handle.asks.is_closed()) {
                continue;
            }
            // One room that can't be opened must not keep the others shut.
            match Room::start(self.0.pool.clone(), self.0.clock.clone(), self.0.sealer.clone(), lot, stop.clone()).await
            {
                Ok(handle) => {
                    self.lock().insert(lot, handle);
                }
                Err(error) => {
                    metrics::counter!("sanbian_rooms_errors_total").increment(1);
                    tracing::error!(%lot, %error, "a room could not be opened; it will be tried again");
                }
            }
        }
        let handles: Vec<RoomHandle> = {
            let mut running = self.lock();
            running.retain(|_, handle| !handle.asks.is_closed());
            metrics::gauge!("sanbian_rooms_running").set(u32::try_from(running.len()).unwrap_or(u32::MAX));
            running.values().cloned().collect()
        };
        for handle in handles {
            let _ = handle.asks.try_send(Ask::Wake);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<LotId, RoomHandle>> {
        // The map is consistent after every operation, so a panic elsewhere does not spoil it.
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
