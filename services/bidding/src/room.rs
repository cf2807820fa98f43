//! A room: the one writer of a lot's auction.
//!
//! The loop takes what waits in the queue, decides each offer against the state as the batch has it so far, stores the accepted ones
//! in one transaction, and only then answers, refusals included: a refusal may rest on an offer of the same batch, and is true only
//! once that offer is stored.

use crate::{
    seat::Seat,
    store::{self, BidRow, EventRow},
    view::{self, Snapshot},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    auction::{
        Admission, BidderNumber, Rank,
        ascending::{self, BidEvent, Manner, Offer, Outcome, State, Terms},
        outlier::{self, Limits},
    },
    fact::{BidPlaced, DrawCalled, Entry, Fact, RoomClosed, RoomResumed, RoomSuspended, SYSTEM},
    finding::{Finding, Text},
    ids::LotId,
    money::Money,
};
use sanbian_proto::bidding::v1::{BidReceipt, RoomEvent, RoomPlace};
use sanbian_runtime::{Clock, Kind, Refusal, log, seal::Sealer};
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

/// What never changes in a room while it runs.
pub(crate) struct Fixed {
    pub(crate) lot: LotId,
    pub(crate) region: String,
    pub(crate) rulebook: String,
    pub(crate) title: String,
    pub(crate) notice: String,
    pub(crate) limits: Limits,
}

/// The room as rebuilt from the store.
pub(crate) struct Loaded {
    pub(crate) fixed: Arc<Fixed>,
    pub(crate) state: State,
    /// Place of the newest event in the room's own order.
    pub(crate) feed: u64,
    seats: HashMap<Vec<u8>, BidderNumber>,
    keys: HashMap<Vec<u8>, i64>,
    pub(crate) admitted: u32,
    /// `open`, `drawing` or `closed`.
    pub(crate) stage: String,
    pub(crate) result: Option<(String, Option<u32>, Option<Money>)>,
}

impl Loaded {
    /// An account's own place.
    pub(crate) fn place(&self, account_hash: &[u8], now: DateTime<Utc>) -> Result<RoomPlace, Refusal> {
        let number = *self.seats.get(account_hash).ok_or_else(not_admitted)?;
        Ok(view::place(self, number, now))
    }
}

/// Rebuilds a room from the store, checking each stored event against the rules on the way.
pub(crate) async fn load(pool: &PgPool, lot: LotId) -> Result<Loaded, Refusal> {
    let row = store::room(pool, lot).await?.ok_or_else(|| Refusal::not_found("竞价室", "room"))?;
    let terms: Terms = serde_json::from_str(&row.terms).map_err(Refusal::internal)?;
    let limits = Limits {
        steps: u32::try_from(row.outlier_steps).map_err(Refusal::internal)?,
        multiple: row.outlier_multiple.parse().map_err(|_| Refusal::internal("the outlier's multiple is no ratio"))?,
    };
    let mut seats = HashMap::new();
    let mut admissions = Vec::new();
    for bidder in store::bidders(pool, lot).await? {
        let number = BidderNumber(u32::try_from(bidder.number).map_err(Refusal::internal)?);
        let rank = bidder.priority_rank.map(u8::try_from).transpose().map_err(Refusal::internal)?.map(Rank);
        admissions.push(Admission { bidder: number, rank });
        seats.insert(bidder.account_hash, number);
    }
    let admitted = u32::try_from(admissions.len()).map_err(Refusal::internal)?;
    let empty = State::new(terms, &admissions).map_err(Refusal::rule)?;
    let mut history = Vec::new();
    let mut keys = HashMap::new();
    for bid in store::bids_after(pool, lot, 0).await? {
        if let Some(key) = bid.key_hash.clone() {
            keys.insert(key, bid.seq);
        }
        history.push((bid.feed, offered(&bid)?));
    }
    for event in store::events(pool, lot).await? {
        let at = event.at;
        history.push((
            event.feed,
            match event.kind.as_str() {
                "suspended" => BidEvent::Suspended { at },
                // The end after the shift follows from the state; replay fills it in by deciding again.
                "resumed" => BidEvent::Resumed { at, ends: at },
                _ => BidEvent::Closed { at },
            },
        ));
    }
    history.sort_unstable_by_key(|(feed, _)| *feed);
    let feed = history.last().map_or(0, |(feed, _)| u64::try_from(*feed).unwrap_or(0));
    let mut state = empty;
    for (_, event) in &history {
        let event = match *event {
            BidEvent::Resumed { at, .. } => ascending::resume(&state, at).map_err(|refusal| refusal.finding())?,
            event => event,
        };
        state = ascending::replay(state, std::slice::from_ref(&event))
            .map_err(|divergence| Refusal::internal(format!("room {lot} does not replay: {divergence:?}")))?;
    }
    let result = row.outcome.map(|outcome| {
        (outcome, row.winner.and_then(|winner| u32::try_from(winner).ok()), row.price_fen.map(Money::from_fen))
    });
    let fixed = Fixed { lot, region: row.region, rulebook: row.rulebook, title: row.title, notice: row.notice, limits };
    Ok(Loaded { fixed: Arc::new(fixed), state, feed, seats, keys, admitted, stage: row.state, result })
}

fn offered(bid: &BidRow) -> Result<BidEvent, Refusal> {
    Ok(BidEvent::Offered {
        sequence: u64::try_from(bid.seq).map_err(Refusal::internal)?,
        bidder: BidderNumber(u32::try_from(bid.number).map_err(Refusal::internal)?),
        price: Money::from_fen(bid.amount_fen),
        manner: if bid.kind == "match" { Manner::Match } else { Manner::Bid },
        at: bid.placed_at,
        ends: bid.ends_at,
    })
}

/// A running room.
pub(crate) struct Room {
    pool: PgPool,
    clock: Clock,
    sealer: Sealer,
    loaded: Loaded,
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

    fn entry(&self, at: DateTime<Utc>, actor: String, fact: impl Into<Fact>) -> Entry {
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

    /// Does what the exchange ordered: suspend, resume, terminate; or takes up a drawn result.
    async fn take_orders(&mut self) -> Result<(), Refusal> {
        if self.loaded.stage == "drawing" {
            self.loaded = load(&self.pool, self.loaded.fixed.lot).await?;
            if self.loaded.stage == "closed" {
                self.publish();
                self.tell(view::room_event("closed", &Snapshot::of(&self.loaded), self.clock.now()));
                return Ok(());
            }
        }
        for (id, kind) in store::waiting_orders(&self.pool, self.loaded.fixed.lot).await? {
            let now = self.clock.now();
            let decided = match kind.as_str() {
                "suspend" => ascending::suspend(&self.loaded.state, now),
                "resume" => ascending::resume(&self.loaded.state, now),
                _ => {
                    self.terminate(id, now).await?;
                    return Ok(());
                }
            };
            let mut tx = self.pool.begin().await?;
            store::order_done(&mut tx, id).await?;
            // An order that no longer applies (the room closed meanwhile) is done with.
            if let Ok(event) = decided {
                let (event_kind, fact) = match event {
                    BidEvent::Resumed { ends, .. } => {
                        ("resumed", Fact::from(RoomResumed { lot: self.loaded.fixed.lot, ends_at: ends }))
                    }
                    _ => ("suspended", Fact::from(RoomSuspended { lot: self.loaded.fixed.lot })),
                };
                let row = EventRow { feed: self.next_feed()?, kind: event_kind.to_owned(), at: now };
                store::add_event(&mut tx, self.loaded.fixed.lot, &row).await?;
                log::append(&mut tx, &[self.entry(now, SYSTEM.to_owned(), fact)]).await?;
                tx.commit().await?;
                ascending::evolve(&mut self.loaded.state, &event);
                self.loaded.feed += 1;
                let mut tx = self.pool.begin().await?;
                store::set_end(&mut tx, self.loaded.fixed.lot, self.loaded.state.ends()).await?;
                tx.commit().await?;
                self.publish();
                self.tell(view::room_event("phase", &Snapshot::of(&self.loaded), now));
            } else {
                tx.commit().await?;
            }
        }
        Ok(())
    }

    async fn terminate(&mut self, order: i64, now: DateTime<Utc>) -> Result<(), Refusal> {
        let mut tx = self.pool.begin().await?;
        store::order_done(&mut tx, order).await?;
        store::close(&mut tx, self.loaded.fixed.lot, now, "terminated", None, None).await?;
        let fact = self.closed_fact("terminated", now);
        log::append(&mut tx, &[self.entry(now, SYSTEM.to_owned(), fact)]).await?;
        tx.commit().await?;
        self.closed("terminated", None, None, now);
        Ok(())
    }

    /// Closes the room once its time has run out.
    async fn close_when_due(&mut self) -> Result<(), Refusal> {
        let now = self.clock.now();
        if self.loaded.stage != "open" || self.loaded.state.suspended_at().is_some() || now < self.loaded.state.ends() {
            return Ok(());
        }
        let (event, outcome) = ascending::close(&self.loaded.state, now).map_err(|refusal| refusal.finding())?;
        let lot = self.loaded.fixed.lot;
        let mut tx = self.pool.begin().await?;
        let row = EventRow { feed: self.next_feed()?, kind: "closed".to_owned(), at: now };
        store::add_event(&mut tx, lot, &row).await?;
        match outcome {
            Outcome::Unsold => {
                store::close(&mut tx, lot, now, "unsold", None, None).await?;
                let fact = self.closed_fact("unsold", now);
                log::append(&mut tx, &[self.entry(now, SYSTEM.to_owned(), fact)]).await?;
                tx.commit().await?;
                self.closed("unsold", None, None, now);
            }
            Outcome::Sold(sale) => {
                let number = i32::try_from(sale.winner.0).map_err(Refusal::internal)?;
                let sealed = store::sealed_seat(&mut tx, lot, number).await?;
                let seat = Seat::open(&self.sealer, lot, sale.winner.0, &sealed)?;
                store::close(&mut tx, lot, now, "sold", Some(number), Some(sale.price.fen())).await?;
                let fact = RoomClosed {
                    winner: Some(sale.winner.0),
                    registration: Some(seat.registration),
                    salt: Some(seat.salt),
                    price: Some(sale.price),
                    ..self.closed_fact("sold", now)
                };
                log::append(&mut tx, &[self.entry(now, SYSTEM.to_owned(), fact)]).await?;
                tx.commit().await?;
                self.closed("sold", Some(sale.winner.0), Some(sale.price), now);
            }
            Outcome::Draw { price, equal } => {
                store::draw(&mut tx, lot).await?;
                let fact = DrawCalled { lot, price, equal: equal.iter().map(|bidder| bidder.0).collect() };
                log::append(&mut tx, &[self.entry(now, SYSTEM.to_owned(), fact)]).await?;
                tx.commit().await?;
                ascending::evolve(&mut self.loaded.state, &event);
                self.loaded.feed += 1;
                "drawing".clone_into(&mut self.loaded.stage);
                log::APPENDED.notify_one();
                self.publish();
                self.tell(view::room_event("phase", &Snapshot::of(&self.loaded), now));
                return Ok(());
            }
        }
        ascending::evolve(&mut self.loaded.state, &event);
        Ok(())
    }

    fn closed_fact(&self, outcome: &str, now: DateTime<Utc>) -> RoomClosed {
        RoomClosed {
            lot: self.loaded.fixed.lot,
            outcome: outcome.to_owned(),
            offers: self.loaded.state.offers(),
            admitted: self.loaded.admitted,
            winner: None,
            registration: None,
            salt: None,
            price: None,
            closed_at: now,
            draw_checkpoint: None,
        }
    }

    /// What follows a committed close: the answer, the feed and the log agree.
    fn closed(&mut self, outcome: &str, winner: Option<u32>, price: Option<Money>, now: DateTime<Utc>) {
        self.loaded.feed += 1;
        "closed".clone_into(&mut self.loaded.stage);
        self.loaded.result = Some((outcome.to_owned(), winner, price));
        log::APPENDED.notify_one();
        self.publish();
        self.tell(view::room_event("closed", &Snapshot::of(&self.loaded), now));
    }

    fn next_feed(&self) -> Result<i64, Refusal> {
        i64::try_from(self.loaded.feed + 1).map_err(Refusal::internal)
    }

    fn publish(&self) {
        self.snapshot.send_replace(Arc::new(Snapshot::of(&self.loaded)));
    }

    fn tell(&self, event: RoomEvent) {
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

fn not_admitted() -> Refusal {
    Refusal::of(
        Kind::Forbidden,
        Finding::refusal(
            "bid.admitted",
            "交易规则：报名合格并交纳保证金者方可报价 (only qualified bidders whose deposit is held may bid)",
            Text::new("您不是本标的的竞买人。", "You are not admitted to this lot's auction."),
            Text::new(
                "请在报名期内报名并按时交纳保证金。",
                "Register during the announcement and pay the deposit in time.",
            ),
        ),
    )
}

fn asks_again(current: Money, amount: Money) -> Refusal {
    Refusal::conflict(
        Finding::refusal(
            "auction.outlier",
            "交易规则：异常报价再次确认 (an unusual offer is asked for again)",
            Text::new(
                "您的报价远高于当前价，请确认金额和计价单位。",
                "Your offer is far above the current price; check amount and unit.",
            ),
            Text::new(
                "确认无误请再次提交；如有误请修改。",
                "If it is meant, send it again as confirmed; else correct it.",
            ),
        )
        .at("amount_fen")
        .with_fact("current-fen", current.fen())
        .with_fact("amount-fen", amount.fen()),
    )
}

fn unknown_outcome() -> Refusal {
    Refusal::of(
        Kind::Unavailable,
        Finding::refusal(
            "bid.outcome-unknown",
            "平台规则：未落盘不答复成交 (nothing is answered as accepted before it is stored)",
            Text::new(
                "系统未能确认您的报价是否已保存。",
                "The system could not confirm whether your offer was stored.",
            ),
            Text::new(
                "请用同一页面重试：已保存的不会重复，未保存的会重新提交。",
                "Try again from the same page: a stored offer is not doubled, a lost one is made anew.",
            ),
        ),
    )
}
