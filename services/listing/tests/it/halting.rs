//! Suspension, resumption after notice, termination with two people where the collective withdraws.

use crate::world::{World, registering, rules};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::Kind;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_lot_goes_on_after_notice_and_nobody_loses_time() {
    let world = World::new().await;
    let lot = world.announced().await;
    let early = world.bidder();
    let registration = world.register(&early, &lot).await;
    world.accept(&registration).await;
    world.pass_to("2026-03-04T12:00:00+08:00");
    let suspend =
        |reason: &str| SuspendLotRequest { lot_id: lot.id.clone(), reason: reason.into(), note: "权属争议".into() };
    assert_eq!(rules(world.by(&world.supervisor).suspend_lot(suspend("title-dispute")).await).0, Kind::Forbidden);
    assert_eq!(rules(world.by(&world.operator).suspend_lot(suspend("bad-mood")).await).0, Kind::Malformed);
    assert_eq!(rules(world.by(&world.operator).suspend_lot(suspend("withdrawn")).await).1, ["suspension.reason"]);
    let suspended = world.by(&world.operator).suspend_lot(suspend("title-dispute")).await.unwrap().into_inner();
    assert_eq!((suspended.state.as_str(), suspended.notes[0].text.as_str()), ("suspended", "权属争议"));

    assert_eq!(rules(world.by(&world.bidder()).register_for_lot(registering(&lot)).await).1, ["registration.period"]);
    // A deposit on its way does not know that the lot stands still; it counts once the lot goes on.
    world.deposit(&early, &registration).await;

    // Long after registration would have closed, it has not.
    world.pass_to("2026-03-20T12:00:00+08:00");
    let resume = ResumeLotRequest { lot_id: lot.id.clone(), auction_opens_at: None };
    let resuming = world.by(&world.operator).resume_lot(resume.clone()).await.unwrap().into_inner();
    assert_eq!((resuming.state.as_str(), resuming.notes[0].kind.as_str()), ("suspended", "resuming"));
    assert_eq!(rules(world.by(&world.operator).resume_lot(resume).await).1, ["suspension.resuming"]);
    // Five days' notice.
    world.pass_to("2026-03-25T00:00:05+08:00");
    let resumed = world.until(&lot.id, "announced").await;
    let schedule: Value = serde_json::from_str(&resumed.schedule).unwrap();
    // Suspended on the 4th, resumed on the 25th: the 16th and that, on to office hours.
    assert_eq!(schedule["registration_closes"], "2026-04-07T09:00:00.000Z");
    assert_eq!(resumed.notes[0].kind, "resumed");
    assert!(world.kinds(&lot.id).await.ends_with(&["deposit.held", "lot.resumed", "registration.qualified"]));
    let bidder = world.bidder();
    world.register(&bidder, &resumed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collective_withdraws_with_the_exchanges_approval() {
    let world = World::new().await;
    let lot = world.announced().await;
    let terminate =
        |reason: &str| TerminateLotRequest { lot_id: lot.id.clone(), reason: reason.into(), note: "撤回".into() };
    assert_eq!(rules(world.by(&world.chair).terminate_lot(terminate("asset-lost")).await).0, Kind::Forbidden);
    assert_eq!(
        rules(world.by(&world.operator).terminate_lot(terminate("withdrawn")).await).1,
        ["termination.approval"]
    );
    let asked = world.by(&world.chair).terminate_lot(terminate("withdrawn")).await.unwrap().into_inner();
    assert_eq!((asked.state.as_str(), asked.notes.len()), ("announced", 0), "nothing shows before it is approved");
    let queue = world.by(&world.operator).review_queue(ReviewQueueRequest::default()).await.unwrap().into_inner();
    assert_eq!(queue.items.len(), 1);
    let ended = world.by(&world.operator).terminate_lot(terminate("withdrawn")).await.unwrap().into_inner();
    assert_eq!((ended.state.as_str(), ended.notes[0].kind.as_str()), ("terminated", "terminated"));
    assert!(world.kinds(&lot.id).await.ends_with(&["lot.terminated"]));
    assert_eq!(rules(world.by(&world.operator).terminate_lot(terminate("asset-lost")).await).0, Kind::Conflict);
}
