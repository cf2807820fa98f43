//! A room: the one writer of a lot's auction.
//!
//! The loop takes what waits in the queue, decides each offer against the state as the batch has it so far, stores the accepted ones
//! in one transaction, and only then answers, refusals included: a refusal may rest on an offer of the same batch, and is true only
//! once that offer is stored.

use crate::{
    load::{Loaded, load},
    refusals::{asks_again, not_admitted, unknown_outcome},
    store::{self, BidRow},
    view::{self, Snapshot},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    auction::{
        ascending::{self, BidEvent, Manner, Offer, State},
        outlier,
    },
    fact::{BidPlaced, Entry, Fact},
    finding::{Finding, Text},
    ids::LotId,
    money::Money,
};
use sanbian_proto::bidding::v1::{BidReceipt, RoomEvent, RoomPlace};
use sanbian_runtime::{Clock, Refusal, log, seal::Sealer};
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// Offers that may wait in a room's queue; beyond it they are refused at once.
pub(crate) const QUEUE: usize = 4096;
/// Offers decided in one transaction at most.
const BATCH: usize = 1024;
/// Events a slow watcher may lag behind before it gets a snapshot instead.
pub(crate) const FEED: usize = 1024;
/// How often a room looks at the clock when nobody calls: a demonstration's clock may be moved.
const LOOK: Duration = Duration::from_millis(200);
/// How often a running room tells its watchers the time.
const TELL_TIME: Duration = Duration::from_secs(5);

/// An offer as it comes in, its bearer known only by hash.
#[derive(Debug)]
pub(crate) struct OfferIn {
    pub(crate) account_hash: Vec<u8>,
    pub(crate) amount: Money,
    pub(crate) manner: Manner,
    pub(crate) outlier_confirmed: bool,
    pub(crate) key_hash: Option<Vec<u8>>,
}

/// Where an offer's answer goes.
type Answer = oneshot::Sender<Result<BidReceipt, Refusal>>;

/// What a room is asked.
#[derive(Debug)]
pub(crate) enum Ask {
    Offer(OfferIn, Answer),
    Place(Vec<u8>, oneshot::Sender<Result<RoomPlace, Refusal>>),
    /// Something waits in the store: orders, a drawn result.
    Wake,
}

/// The way to a room.
#[derive(Clone)]
pub(crate) struct RoomHandle {
    pub(crate) asks: mpsc::Sender<Ask>,
    pub(crate) snapshot: watch::Receiver<Arc<Snapshot>>,
    pub(crate) feed: broadcast::Sender<Arc<RoomEvent>>,
}

/// A running room.
pub(crate) struct Room {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) sealer: Sealer,
    pub(crate) loaded: Loaded,
    snapshot: watch::Sender<Arc<Snapshot>>,
    feed: broadcast::Sender<Arc<RoomEvent>>,
}

impl Room {
    /// Loads the room and starts its task. The task ends when the room is closed or at `stop`.
    pub(crate) async fn start(
        pool: PgPool,
        clock: Clock,
        sealer: Sealer,
        lot: LotId,
        stop: CancellationToken,
    ) -> Result<RoomHandle, Refusal> {
        let loaded = load(&pool, lot).await?;
        let (asks, queue) = mpsc::channel(QUEUE);
        let (snapshot, watched) = watch::channel(Arc::new(Snapshot::of(&loaded)));
        let (feed, _) = broadcast::channel(FEED);
        let room = Self { pool, clock, sealer, loaded, snapshot, feed: feed.clone() };
        tokio::spawn(room.run(queue, stop));
        Ok(RoomHandle { asks, snapshot: watched, feed })
    }

    async fn run(mut self, mut queue: mpsc::Receiver<Ask>, stop: CancellationToken) {
        let mut asks = Vec::with_capacity(BATCH);
        let mut told = tokio::time::Instant::now();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = queue.recv_many(&mut asks, BATCH) => {}
                () = tokio::time::sleep(self.until_end()) => {}
            }
            if asks.iter().any(|ask| matches!(ask, Ask::Wake))
                && let Err(error) = self.take_orders().await
            {
                tracing::error!(lot = %self.loaded.fixed.lot, %error, "a room's orders could not be taken; they will be tried again");
            }
            self.take(&mut asks).await;
            if let Err(error) = self.close_when_due().await {
                metrics::counter!("sanbian_room_close_errors_total").increment(1);
                tracing::error!(lot = %self.loaded.fixed.lot, %error, "a room could not be closed; it will be tried again");
                self.reload().await;
            }
            if self.loaded.stage == "closed" {
                return self.answer_late(&mut queue);
            }
            if told.elapsed() >= TELL_TIME {
                told = tokio::time::Instant::now();
                self.tell(view::time_event(self.loaded.feed, self.clock.now()));
            }
        }
    }

    /// Offers that were in the queue when the room closed are refused by the rules, not dropped.
    fn answer_late(&self, queue: &mut mpsc::Receiver<Ask>) {
        queue.close();
        while let Ok(ask) = queue.try_recv() {
            match ask {
                Ask::Offer(_, answer) => {
                    let ended = ascending::Refusal::Ended { ends: self.loaded.state.ends() };
                    let _ = answer.send(Err(ended.finding().into()));
                }
                Ask::Place(hash, answer) => {
                    let _ = answer.send(self.place(&hash));
                }
                Ask::Wake => {}
            }
        }
    }

    fn until_end(&self) -> Duration {
        (self.loaded.state.ends() - self.clock.now())
            .to_std()
            .unwrap_or(Duration::ZERO)
            .clamp(Duration::from_millis(1), LOOK)
    }

    /// Decides, stores and answers what came in.
    async fn take(&mut self, asks: &mut Vec<Ask>) {
        if asks.is_empty() {
            return;
        }
        let mut state = self.loaded.state.clone();
        let mut feed = self.loaded.feed;
        let mut rows: Vec<BidRow> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut fresh: HashMap<Vec<u8>, i64> = HashMap::new();
        let mut answers: Vec<(Answer, Result<Verdict, Refusal>)> = Vec::new();
        for ask in asks.drain(..) {
            let (offer, answer) = match ask {
                Ask::Offer(offer, answer) => (offer, answer),
                Ask::Place(hash, answer) => {
                    let _ = answer.send(self.place(&hash));
                    continue;
                }
                Ask::Wake => continue,
            };
            let known = offer.key_hash.as_ref().and_then(|key| self.loaded.keys.get(key).or_else(|| fresh.get(key)));
            let verdict = match known {
                Some(seq) => Ok(Verdict::Repeated { seq: *seq, amount: offer.amount, manner: offer.manner }),
                None => self.decide(&state, &offer).and_then(|event| {
                    ascending::evolve(&mut state, &event);
                    feed += 1;
                    let row = row_of(&event, feed, offer.key_hash.clone())?;
                    if let Some(key) = offer.key_hash {
                        fresh.insert(key, row.seq);
                    }
                    entries.push(self.entry_of(&row)?);
                    rows.push(row);
                    Ok(Verdict::Accepted(rows.len() - 1))
                }),
            };
            answers.push((answer, verdict));
        }
        if !rows.is_empty()
            && let Err(error) = self.store(&rows, &entries).await
        {
            // The commit may have failed, or held and only its answer been lost. Nobody is told "accepted" or "refused by rule"; the
            // store says what stands.
            tracing::error!(lot = %self.loaded.fixed.lot, %error, "a batch of offers could not be stored");
            for (answer, _) in answers {
                let _ = answer.send(Err(unknown_outcome()));
            }
            self.reload().await;
            return;
        }
        self.loaded.state = state;
        self.loaded.feed = feed;
        self.loaded.keys.extend(fresh);
        if !rows.is_empty() {
            self.publish();
            log::APPENDED.notify_one();
        }
        for (answer, verdict) in answers {
            let reply = match verdict {
                Ok(Verdict::Accepted(at)) => Ok(self.receipt(&rows[at], false)),
                Ok(Verdict::Repeated { seq, amount, manner }) => self.repeated(seq, amount, manner).await,
                Err(refusal) => Err(refusal),
            };
            let _ = answer.send(reply);
        }
        for row in &rows {
            self.tell(view::bid_event(row));
        }
    }

    /// The rules' word on one offer, at this instant.
    fn decide(&self, state: &State, offer: &OfferIn) -> Result<BidEvent, Refusal> {
        let bidder = *self.loaded.seats.get(&offer.account_hash).ok_or_else(not_admitted)?;
        let now = self.clock.now();
        let price = offer.amount;
        let event = ascending::check(state, Offer { bidder, price, manner: offer.manner }, now)
            .map_err(|refusal| refusal.finding())?;
        let current = state.lead().map_or(state.terms().reserve, |lead| lead.price);
        if offer.manner == Manner::Bid
            && !offer.outlier_confirmed
            && outlier::is_outlier(current, price, state.terms().step, self.loaded.fixed.limits)
        {
            return Err(asks_again(current, price));
        }
        Ok(event)
    }

    async fn store(&self, rows: &[BidRow], entries: &[Entry]) -> Result<(), Refusal> {
        let mut tx = self.pool.begin().await?;
        store::add_bids(&mut tx, self.loaded.fixed.lot, rows).await?;
        log::append(&mut tx, entries).await?;
        tx.commit().await?;
        Ok(())
    }

    fn entry_of(&self, row: &BidRow) -> Result<Entry, Refusal> {
        let fact = BidPlaced {
            lot: self.loaded.fixed.lot,
            seq: u64::try_from(row.seq).map_err(Refusal::internal)?,
            number: u32::try_from(row.number).map_err(Refusal::internal)?,
            amount: Money::from_fen(row.amount_fen),
            offer: row.kind.clone(),
            ends_at: row.ends_at,
        };
        Ok(self.entry(row.placed_at, format!("bidder:{}", row.number), fact))
    }

    pub(crate) fn entry(&self, at: DateTime<Utc>, actor: String, fact: impl Into<Fact>) -> Entry {
        let fixed = &self.loaded.fixed;
        Entry {
            at,
            actor,
            subject: format!("lot:{}", fixed.lot),
            region: fixed.region.clone(),
            rulebook: fixed.rulebook.clone(),
            fact: fact.into(),
        }
    }

    fn receipt(&self, row: &BidRow, repeated: bool) -> BidReceipt {
        BidReceipt { lot_id: self.loaded.fixed.lot.to_string(), bid: Some(view::bid(row)), repeated }
    }

    async fn repeated(&self, seq: i64, amount: Money, manner: Manner) -> Result<BidReceipt, Refusal> {
        let row = store::bid(&self.pool, self.loaded.fixed.lot, seq).await?;
        if row.amount_fen != amount.fen() || (row.kind == "match") != (manner == Manner::Match) {
            return Err(Refusal::conflict(Finding::refusal(
                "request.idempotency-key",
                "接口规则：幂等键只对应一次请求 (API rule: one key, one request)",
                Text::new("该幂等键已用于另一报价。", "This idempotency key was used for another offer."),
                Text::new("请为新的报价使用新的幂等键。", "Use a new key for a new offer."),
            )));
        }
        Ok(self.receipt(&row, true))
    }

    fn place(&self, account_hash: &[u8]) -> Result<RoomPlace, Refusal> {
        self.loaded.place(account_hash, self.clock.now())
    }

    pub(crate) fn next_feed(&self) -> Result<i64, Refusal> {
        i64::try_from(self.loaded.feed + 1).map_err(Refusal::internal)
    }

    pub(crate) fn publish(&self) {
        self.snapshot.send_replace(Arc::new(Snapshot::of(&self.loaded)));
    }

    pub(crate) fn tell(&self, event: RoomEvent) {
        // Nobody watching is no fault.
        let _ = self.feed.send(Arc::new(event));
    }

    /// Reads the room anew until the store answers: after a failed commit nothing else is known to be true.
    async fn reload(&mut self) {
        let mut pause = Duration::from_millis(50);
        loop {
            match load(&self.pool, self.loaded.fixed.lot).await {
                Ok(loaded) => {
                    self.loaded = loaded;
                    self.publish();
                    self.tell(view::room_event("snapshot", &Snapshot::of(&self.loaded), self.clock.now()));
                    return;
                }
                Err(error) => {
                    tracing::error!(lot = %self.loaded.fixed.lot, %error, "a room could not be read; it will be tried again");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
        }
    }
}

/// What came of an offer, before its batch is stored.
enum Verdict {
    /// At this place of the batch's rows.
    Accepted(usize),
    Repeated {
        seq: i64,
        amount: Money,
        manner: Manner,
    },
}

fn row_of(event: &BidEvent, feed: u64, key_hash: Option<Vec<u8>>) -> Result<BidRow, Refusal> {
    let BidEvent::Offered { sequence, bidder, price, manner, at, ends } = *event else {
        return Err(Refusal::internal("an accepted offer is an offer"));
    };
    Ok(BidRow {
        seq: i64::try_from(sequence).map_err(Refusal::internal)?,
        feed: i64::try_from(feed).map_err(Refusal::internal)?,
        number: i32::try_from(bidder.0).map_err(Refusal::internal)?,
        amount_fen: price.fen(),
        kind: if manner == Manner::Match { "match" } else { "bid" }.to_owned(),
        placed_at: at,
        ends_at: ends,
        key_hash,
    })
}
