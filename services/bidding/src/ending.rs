//! What ends or stops a room: orders of the exchange, and its own time.

use crate::{
    load::load,
    room::Room,
    seat::Seat,
    store::{self, EventRow},
    view::{self, Snapshot},
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    auction::ascending::{self, BidEvent, Outcome},
    fact::{DrawCalled, Fact, RoomClosed, RoomResumed, RoomSuspended, SYSTEM},
    money::Money,
};
use sanbian_runtime::{Refusal, log};

impl Room {
    /// Does what the exchange ordered: suspend, resume, terminate; or takes up a drawn result.
    pub(crate) async fn take_orders(&mut self) -> Result<(), Refusal> {
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
    pub(crate) async fn close_when_due(&mut self) -> Result<(), Refusal> {
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
}
