//! Corrections: what begins the announcement again, what only needs a new confirmation, what is another lot.

use crate::world::{World, registering, rules};
use sanbian_domain::fact::Fact;
use sanbian_proto::listing::v1::*;
use sanbian_runtime::Kind;
use serde_json::Value;

fn correct(lot: &LotView, change: impl FnOnce(&mut Value)) -> CorrectLotRequest {
    let mut notice: Value = serde_json::from_str(&lot.notice).unwrap();
    change(&mut notice);
    CorrectLotRequest { lot_id: lot.id.clone(), notice: notice.to_string(), revision: lot.revision }
}

fn closes(lot: &LotView) -> String {
    let schedule: Value = serde_json::from_str(&lot.schedule).unwrap();
    schedule["registration_closes"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_correction_keeps_the_dates_and_asks_everyone_again() {
    let world = World::new().await;
    let lot = world.announced().await;
    let (bidder, registration) = world.qualified(&lot).await;
    world.pass_to("2026-03-05T10:00:00+08:00");
    let request = correct(&lot, |notice| notice["location"]["detail"] = "东至水渠".into());
    assert_eq!(rules(world.by(&world.clerk).correct_lot(request.clone()).await).0, Kind::Forbidden);
    let corrected = world.by(&world.operator).correct_lot(request.clone()).await.unwrap().into_inner();
    assert_eq!((corrected.revision, closes(&corrected)), (2, closes(&lot)));
    assert_eq!(corrected.notes[0].kind, "corrected");
    assert!(corrected.notes[0].text.contains("location.detail"));
    assert_eq!(
        rules(world.by(&world.operator).correct_lot(request).await),
        (Kind::Conflict, vec!["lot.version".into()])
    );

    // The registration stands still until its bidder agrees; a newcomer must have read the new text.
    let mine = async || {
        let mine =
            world.by(&bidder).list_my_registrations(ListMyRegistrationsRequest::default()).await.unwrap().into_inner();
        mine.items[0].state.clone()
    };
    assert_eq!(mine().await, "needs-confirmation");
    assert_eq!(rules(world.by(&world.bidder()).register_for_lot(registering(&lot)).await).1, ["registration.revision"]);
    let confirm = |revision: u32| ConfirmRegistrationRequest { registration_id: registration.id.clone(), revision };
    assert_eq!(
        rules(world.by(&bidder).confirm_registration(confirm(1)).await),
        (Kind::Conflict, vec!["registration.revision".into()])
    );
    assert_eq!(rules(world.by(&world.bidder()).confirm_registration(confirm(2)).await).0, Kind::NotFound, "not theirs");
    world.by(&bidder).confirm_registration(confirm(2)).await.unwrap();
    assert_eq!(mine().await, "qualified");
    let kinds = world.kinds(&lot.id).await;
    assert!(kinds.ends_with(&["lot.corrected", "registration.reconfirmed", "registration.qualified"]), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_material_correction_begins_the_announcement_again() {
    let world = World::new().await;
    let lot = world.announced().await;
    let (_, _) = world.qualified(&lot).await;
    world.pass_to("2026-03-05T10:00:00+08:00");
    let payment = |notice: &mut Value| notice["payment"]["plan"] = serde_json::json!({ "kind": "lump-sum" });
    let corrected = world.by(&world.operator).correct_lot(correct(&lot, payment)).await.unwrap().into_inner();
    assert_eq!((corrected.number.as_str(), corrected.revision), (lot.number.as_str(), 2));
    // Ten working days from Thursday the 5th.
    assert_eq!(closes(&corrected), "2026-03-19T09:00:00.000Z");
    let log = world.log().await;
    let fact = log.iter().find_map(|entry| match &entry.fact {
        Fact::LotCorrected(fact) => Some(fact.clone()),
        _ => None,
    });
    let fact = fact.unwrap();
    assert!(fact.material);
    assert!(fact.changed.iter().any(|path| path.starts_with("payment")), "{:?}", fact.changed);
    assert_eq!((fact.announcement.revision, fact.announcement.number), (2, lot.number));
    // Nobody confirmed: nobody bids.
    world.pass_to("2026-03-19T17:00:10+08:00");
    let closed = world.until(&lot.id, "unsold").await;
    assert_eq!((closed.registrations, closed.qualified), (Some(1), Some(0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_decided_and_reviewed_is_not_corrected_away() {
    let world = World::new().await;
    let lot = world.announced().await;
    let refused =
        async |change: fn(&mut Value)| rules(world.by(&world.operator).correct_lot(correct(&lot, change)).await).1;
    assert_eq!(refused(|_| {}).await, ["correction.nothing"]);
    assert_eq!(refused(|notice| notice["category"] = "forest".into()).await, ["correction.identity"]);
    assert_eq!(refused(|notice| notice["price"]["reserve"]["amount"] = 50_000.into()).await, ["correction.reserve"]);
    assert_eq!(refused(|notice| notice["price"]["reserve"]["amount"] = 61_000.into()).await, ["correction.decision"]);
    assert_eq!(
        refused(|notice| notice["method"]["method"] = serde_json::json!({ "kind": "sealed" })).await,
        ["method.runnable"]
    );
    // With a new vote the reserve may go up.
    world.decide(&lot.id, "cd", true).await;
    let raised = correct(&lot, |notice| notice["price"]["reserve"]["amount"] = 61_000.into());
    let raised = world.by(&world.operator).correct_lot(raised).await.unwrap().into_inner();
    assert_eq!((raised.reserve_fen, raised.reserve_total_fen, raised.revision), (61_000, 7_320_000, 2));
    world.pass_to("2026-03-16T17:00:10+08:00");
    world.until(&lot.id, "unsold").await;
    let late = correct(&raised, |notice| notice["title"] = "改名".into());
    assert_eq!(rules(world.by(&world.operator).correct_lot(late).await).0, Kind::Conflict);
}
