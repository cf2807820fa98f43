//! Whole lives: from the draft to the certificate, to no deal, to a default and the resale.

use crate::world::{World, lot_id, registering, rules, wait};
use chrono::TimeDelta;
use sanbian_domain::{
    fact::{CertificateIssued, ContractSettled, ContractSigned, Fact, RoomClosed},
    ids::{CertificateId, ContractId, RegistrationId},
    money::Money,
};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::Kind;
use uuid::Uuid;

impl World {
    /// The room of a lot closes with a winner.
    pub async fn sell(&self, lot: &str, winner: &Registration, price: i64) {
        let fact = RoomClosed {
            lot: lot_id(lot),
            outcome: "sold".into(),
            offers: 3,
            admitted: 2,
            winner: Some(17),
            registration: Some(RegistrationId(winner.id.parse().unwrap())),
            salt: Some("00".into()),
            price: Some(Money::from_fen(price)),
            closed_at: self.clock.now(),
            draw_checkpoint: None,
        };
        self.tell(lot, fact).await;
    }

    /// A lot sold to the first of two bidders, on its result notice.
    pub async fn sold(&self) -> (LotView, (crate::world::Person, Registration)) {
        let lot = self.announced().await;
        let winner = self.qualified(&lot).await;
        self.qualified(&lot).await;
        self.pass_to("2026-03-16T17:00:10+08:00");
        self.until(&lot.id, "registration-closed").await;
        self.pass_to("2026-03-17T10:00:00+08:00");
        self.until(&lot.id, "bidding").await;
        self.sell(&lot.id, &winner.1, 66_000).await;
        (self.until(&lot.id, "result-notice").await, winner)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_draft_to_certificate() {
    let world = World::new().await;
    let lot = world.announced().await;
    // Ten working days from Monday 2 March 2026 end on Monday the 16th.
    assert_eq!(lot.number, "500229-2026-00001");
    let schedule: serde_json::Value = serde_json::from_str(&lot.schedule).unwrap();
    assert_eq!(schedule["registration_closes"], "2026-03-16T09:00:00.000Z");
    assert_eq!(schedule["auction_opens"], "2026-03-17T01:00:00.000Z");
    // 40 mu for three years at 600 yuan.
    assert_eq!((lot.reserve_fen, lot.step_fen, lot.reserve_total_fen), (60_000, 1_000, 7_200_000));
    assert_eq!((lot.per_mu_year_fen, lot.deposit_fen, lot.revision), (Some(60_000), 300_000, 1));
    assert!(lot.geometry.is_some());

    let (winner, registration) = world.qualified(&lot).await;
    let (_, second) = world.qualified(&lot).await;
    let (_, _) = world.qualified(&lot).await;
    // Somebody whose deposit came but whom nobody accepted.
    let late = world.bidder();
    let unreviewed = world.register(&late, &lot).await;
    world.deposit(&late, &unreviewed).await;

    let before = world.public().get_lot(GetLotRequest { lot_id: lot.id.clone() }).await.unwrap().into_inner();
    assert_eq!((before.registrations, before.qualified), (None, None));
    world.pass_to("2026-03-16T17:00:10+08:00");
    let closed = world.until(&lot.id, "registration-closed").await;
    assert_eq!((closed.registrations, closed.qualified), (Some(4), Some(3)));
    world.pass_to("2026-03-17T09:00:01+08:00");
    world.until(&lot.id, "bidding").await;

    world.sell(&lot.id, &registration, 66_000).await;
    let result = world.until(&lot.id, "result-notice").await;
    assert_eq!((result.price_fen, result.total_fen, result.winner_number), (Some(66_000), Some(7_920_000), Some(17)));
    // Three working days after the 17th, as the county says.
    assert_eq!(result.notice_to_date.as_deref(), Some("2026-03-20"));
    world.pass_to("2026-03-21T00:00:01+08:00");
    let contract = world.until(&lot.id, "contract").await;
    assert_eq!(contract.sign_by_date.as_deref(), Some("2026-04-03"), "ten working days");

    let signed = |side: &str, complete: bool| ContractSigned {
        contract: ContractId(Uuid::now_v7()),
        lot: lot_id(&lot.id),
        side: side.into(),
        complete,
        pay_by: complete.then(|| "2026-04-10".parse().unwrap()),
    };
    world.tell(&lot.id, signed("transferor", false)).await;
    world.tell(&lot.id, signed("transferee", true)).await;
    world.tell(&lot.id, ContractSettled { contract: ContractId(Uuid::now_v7()), lot: lot_id(&lot.id) }).await;
    world.until(&lot.id, "settled").await;
    let certificate = CertificateIssued {
        certificate: CertificateId(Uuid::now_v7()),
        number: "500229-2026-000001-1".into(),
        contract: ContractId(Uuid::now_v7()),
        lot: lot_id(&lot.id),
        digest: "cd".repeat(32),
    };
    world.tell(&lot.id, certificate).await;
    world.until(&lot.id, "certified").await;

    let kinds = world.kinds(&lot.id).await;
    let own: Vec<_> = kinds
        .iter()
        .copied()
        .filter(|kind| !kind.starts_with("registration.") && !kind.starts_with("deposit."))
        .collect();
    assert_eq!(
        own,
        [
            "lot.drafted",
            "decision.recorded",
            "lot.submitted",
            "lot.reviewed",
            "lot.announced",
            "room.closed",
            "result.published",
            "result.notice-ended",
            "contract.signed",
            "contract.signed",
            "contract.settled",
            "certificate.issued"
        ]
    );
    assert_eq!(kinds.iter().filter(|kind| **kind == "registration.qualified").count(), 3);
    assert_eq!(kinds.iter().filter(|kind| **kind == "registration.closed").count(), 1);
    let log = world.log().await;
    let closing = log.iter().find_map(|entry| match &entry.fact {
        Fact::RegistrationClosed(fact) => Some(fact.clone()),
        _ => None,
    });
    let closing = closing.unwrap();
    assert_eq!((closing.filed, closing.qualified, closing.next.as_str()), (4, 3, "auction"));
    // The winner's registration tells its bidder where the lot stands.
    let mine =
        world.by(&winner).list_my_registrations(ListMyRegistrationsRequest::default()).await.unwrap().into_inner();
    assert_eq!((mine.items[0].lot_state.as_str(), mine.items[0].state.as_str()), ("certified", "qualified"));
    assert_ne!(mine.items[0].id, second.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_registers_and_the_lot_is_drafted_anew_at_a_lower_reserve() {
    let world = World::new().await;
    let lot = world.announced().await;
    world.pass_to("2026-03-16T17:00:10+08:00");
    let unsold = world.until(&lot.id, "unsold").await;
    assert_eq!((unsold.registrations, unsold.qualified), (Some(0), Some(0)));
    assert_eq!(unsold.notes[0].kind, "unsold");
    assert!(world.kinds(&lot.id).await.ends_with(&["registration.closed", "lot.unsold"]));

    let relist = RelistLotRequest { lot_id: lot.id.clone() };
    let again = world.by(&world.clerk).relist_lot(relist.clone()).await.unwrap().into_inner();
    assert_eq!((again.relists_lot_id.as_deref(), again.state.as_str()), (Some(lot.id.as_str()), "draft"));
    assert_eq!(again.documents.len(), 1, "the evidence comes along");
    let (kind, found) = rules(world.by(&world.clerk).relist_lot(relist).await);
    assert_eq!((kind, found), (Kind::Rule, vec!["relisting.twice".to_owned()]));

    // A cut of more than a tenth is refused, a smaller one needs a new decision.
    let cut = |fen: i64| world.notice_with(|notice| notice["price"]["reserve"]["amount"] = fen.into());
    let update = |fen: i64, version: u32| UpdateDraftRequest {
        lot_id: again.id.clone(),
        asset_ids: again.asset_ids.clone(),
        notice: cut(fen),
        version,
    };
    let draft = world.by(&world.clerk).update_draft(update(50_000, again.version)).await.unwrap().into_inner();
    let draft = {
        let decided = world.decide(&draft.id, "cd", true).await;
        let submit = SubmitLotRequest { lot_id: decided.id.clone(), version: decided.version };
        let (_, found) = rules(world.by(&world.chair).submit_lot(submit).await);
        assert!(found.iter().any(|rule| rule.starts_with("relisting.")), "{found:?}");
        decided
    };
    let draft = world.by(&world.clerk).update_draft(update(54_000, draft.version)).await.unwrap().into_inner();
    let relisted = world.approved(&draft).await;
    let announced = world.announce(&relisted).await;
    assert_eq!((announced.number.as_str(), announced.reserve_fen), ("500229-2026-00002", 54_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_without_offers_ends_unsold() {
    let world = World::new().await;
    let lot = world.announced().await;
    world.qualified(&lot).await;
    world.pass_to("2026-03-16T17:00:10+08:00");
    world.until(&lot.id, "registration-closed").await;
    world.pass_to("2026-03-17T10:00:00+08:00");
    let fact = RoomClosed {
        lot: lot_id(&lot.id),
        outcome: "unsold".into(),
        offers: 0,
        admitted: 1,
        winner: None,
        registration: None,
        salt: None,
        price: None,
        closed_at: world.clock.now(),
        draw_checkpoint: None,
    };
    world.tell(&lot.id, fact).await;
    world.until(&lot.id, "unsold").await;
    let log = world.log().await;
    let single =
        log.iter().any(|entry| matches!(&entry.fact, Fact::RegistrationClosed(fact) if fact.next == "single-offer"));
    assert!(single, "one bidder alone makes a single offer");
    assert!(log.iter().any(|entry| matches!(&entry.fact, Fact::LotUnsold(fact) if fact.reason == "no-offer")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_defaults_is_not_let_into_the_resale() {
    let world = World::new().await;
    let (lot, (defaulter, _)) = world.sold().await;
    world.pass_to("2026-03-21T00:00:01+08:00");
    world.until(&lot.id, "contract").await;
    let declare = DeclareDefaultRequest { lot_id: lot.id.clone(), reason: "not-signed".into() };
    let (_, found) = rules(world.by(&world.operator).declare_default(declare.clone()).await);
    assert_eq!(found, ["default.none"], "the time to sign is not over");
    world.pass_to("2026-04-04T00:00:01+08:00");
    let failed = world.by(&world.operator).declare_default(declare).await.unwrap().into_inner();
    assert_eq!((failed.state.as_str(), failed.winner_number), ("defaulted", None));

    let again = world.by(&world.chair).relist_lot(RelistLotRequest { lot_id: lot.id }).await.unwrap().into_inner();
    let again = world.decide(&again.id, "ef", true).await;
    let again = world.approved(&again).await;
    let again = world.announce(&again).await;
    let (kind, found) = rules(world.by(&defaulter).register_for_lot(registering(&again)).await);
    assert_eq!((kind, found), (Kind::Rule, vec!["registration.barred".to_owned()]));
    world.register(&world.bidder(), &again).await;
}

/// A deposit acknowledged in the last second counts, though listing hears of it after the close.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_before_the_close_counts() {
    let world = World::new().await;
    let lot = world.announced().await;
    let bidder = world.bidder();
    let registration = world.register(&bidder, &lot).await;
    world.accept(&registration).await;
    world.pass_to("2026-03-16T16:59:59+08:00");
    let held = sanbian_domain::fact::DepositHeld {
        lot: lot_id(&lot.id),
        registration: RegistrationId(registration.id.parse().unwrap()),
        amount: Money::from_fen(300_000),
    };
    world.tell(&lot.id, held).await;
    world.pass(TimeDelta::seconds(20));
    let closed = world.until(&lot.id, "registration-closed").await;
    assert_eq!(closed.qualified, Some(1));
    let (_, found) = rules(world.by(&world.bidder()).register_for_lot(registering(&lot)).await);
    assert_eq!(found, ["registration.period"]);
    wait("the queue to be empty", async || {
        let queue = world.by(&world.operator).review_queue(ReviewQueueRequest::default()).await.unwrap().into_inner();
        queue.items.is_empty()
    })
    .await;
}
