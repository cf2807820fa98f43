//! Reviews by other eyes than the writers', and the announcement with its dates and number.

use crate::world::{Person, World, rules};
use sanbian_domain::{
    fact::Fact,
    role::{Grant, Role},
    rulebook::Rulebook,
};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::{Kind, seal::sha256_hex};

fn review(lot: &LotDraft, outcome: &str, reasons: &str) -> ReviewLotRequest {
    ReviewLotRequest { lot_id: lot.id.clone(), outcome: outcome.into(), reasons: reasons.into(), version: lot.version }
}

fn announce(lot: &LotDraft) -> AnnounceLotRequest {
    AnnounceLotRequest { lot_id: lot.id.clone(), auction_opens_at: None, free_minutes: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_lots_pass_township_and_county_by_different_eyes() {
    let world = World::new().await;
    // 60 mu: above the county's threshold.
    let large = world.notice_with(|notice| notice["components"][0]["quantity"]["amount"] = "60".into());
    let large = serde_json::from_str::<serde_json::Value>(&large).map(|mut notice| {
        notice["deposit"]["amount"] = 450_000.into();
        notice.to_string()
    });
    world.registry.0.lock().unwrap().assets.get_mut(&world.asset).unwrap().1 = "60".into();
    let draft = world.decided(large.unwrap()).await;
    let lot = world.submit(&draft).await;
    let queue = async |person: &Person| {
        world.by(person).review_queue(ReviewQueueRequest::default()).await.unwrap().into_inner().items.len()
    };
    assert_eq!((queue(&world.township).await, queue(&world.county).await, queue(&world.operator).await), (1, 0, 0));
    // Not the county's turn; not this township; not somebody who wrote or submitted it, whatever roles they hold.
    assert_eq!(rules(world.by(&world.county).review_lot(review(&lot, "approved", "")).await).1, ["lot.review-stage"]);
    let far = Person::new(Role::TownshipReviewer, "500229102");
    assert_eq!(rules(world.by(&far).review_lot(review(&lot, "approved", "")).await).0, Kind::Forbidden);
    for writer in [&world.clerk, &world.chair] {
        let mut two_hats = writer.clone();
        two_hats.grants.push(Grant { role: Role::TownshipReviewer, region: "500229101".into() });
        let (_, found) = rules(world.by(&two_hats).review_lot(review(&lot, "approved", "")).await);
        assert_eq!(found, ["lot.four-eyes"]);
    }
    let (_, found) = rules(world.by(&world.township).review_lot(review(&lot, "returned", " ")).await);
    assert_eq!(found, ["lot.review-reasons"]);
    let stale = ReviewLotRequest { version: lot.version - 1, ..review(&lot, "approved", "") };
    assert_eq!(rules(world.by(&world.township).review_lot(stale).await), (Kind::Conflict, vec!["lot.version".into()]));
    assert_eq!(rules(world.by(&world.operator).announce_lot(announce(&lot)).await).1, ["lot.not-reviewed"]);

    let lot = world.review(&world.township, &lot).await;
    assert_eq!((lot.state.as_str(), lot.next_review.as_deref()), ("township-reviewed", Some("county")));
    let mut both = world.township.clone();
    both.grants.push(Grant { role: Role::CountyReviewer, region: "500229".into() });
    assert_eq!(rules(world.by(&both).review_lot(review(&lot, "approved", "")).await).1, ["lot.four-eyes"]);
    assert_eq!((queue(&world.township).await, queue(&world.county).await), (0, 1));

    // The county returns it; corrected, it goes through both again.
    let returned = world.by(&world.county).review_lot(review(&lot, "returned", "四至不清")).await.unwrap().into_inner();
    assert_eq!((returned.state.as_str(), returned.reviews.len()), ("returned", 2));
    let again = world.submit(&returned).await;
    assert_eq!(again.next_review.as_deref(), Some("township"));
    let again = world.review(&world.township, &again).await;
    let again = world.review(&world.county, &again).await;
    assert_eq!((again.state.as_str(), again.next_review), ("county-reviewed", None));
    assert_eq!(queue(&world.operator).await, 1);
    let log = world.log().await;
    let reasons = log.iter().find_map(|entry| match &entry.fact {
        Fact::LotReviewed(fact) if fact.outcome == "returned" => Some(fact.reason_digest.clone()),
        _ => None,
    });
    assert_eq!(reasons, Some(sha256_hex("四至不清".as_bytes())), "reasons may name people: the log has their digest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_is_planned_dated_numbered_and_pins_its_rules() {
    let world = World::new().await;
    let lot = world.reviewed(world.notice()).await;
    let plan = |opens: Option<&str>| PlanAnnouncementRequest {
        lot_id: lot.id.clone(),
        auction_opens_at: opens.map(str::to_owned),
        free_minutes: Some(90),
    };
    let planned = world.by(&world.operator).plan_announcement(plan(None)).await.unwrap().into_inner();
    let schedule: serde_json::Value = serde_json::from_str(&planned.schedule).unwrap();
    assert_eq!((planned.working_days, planned.deposit_fen), (10, 300_000));
    assert_eq!(schedule["auction_opens"], "2026-03-17T01:00:00.000Z");
    assert_eq!(schedule["free_until"], "2026-03-17T02:30:00.000Z");
    let early = plan(Some("2026-03-16T17:00:00+08:00"));
    assert_eq!(rules(world.by(&world.operator).plan_announcement(early).await).1, ["announcement.opening"]);
    let beyond = plan(Some("2040-01-05T09:00:00+08:00"));
    assert_eq!(rules(world.by(&world.operator).plan_announcement(beyond).await).1, ["calendar.year-unknown"]);
    assert_eq!(rules(world.by(&world.clerk).plan_announcement(plan(None)).await).0, Kind::Forbidden);

    let other = Person::new(Role::Operator, "500230");
    assert_eq!(rules(world.by(&other).announce_lot(announce(&lot)).await).0, Kind::Forbidden);
    let mut chair = world.chair.clone();
    chair.grants.push(Grant { role: Role::Operator, region: "500229".into() });
    assert_eq!(rules(world.by(&chair).announce_lot(announce(&lot)).await).1, ["lot.four-eyes"]);
    let request = AnnounceLotRequest {
        auction_opens_at: Some("2026-03-18T14:00:00+08:00".into()),
        free_minutes: Some(90),
        ..announce(&lot)
    };
    let view = world.keyed(&world.operator, "a").announce_lot(request.clone()).await.unwrap().into_inner();
    let repeated = world.keyed(&world.operator, "a").announce_lot(request).await.unwrap().into_inner();
    assert_eq!(view, repeated);
    assert_eq!(view.number, "500229-2026-00001");
    // The notice says when, as the schedule does.
    let notice: serde_json::Value = serde_json::from_str(&view.notice).unwrap();
    assert_eq!(notice["schedule"]["auction_from"], "2026-03-18T14:00:00+08:00");
    assert_eq!(notice["schedule"]["register_to"], "2026-03-16T17:00:00+08:00");
    // The rules pinned can be read by anyone, and are what their digest says.
    let asked = GetRulebookRequest { digest: view.rulebook_digest.clone() };
    let book = world.public().get_rulebook(asked).await.unwrap().into_inner();
    assert_eq!(sha256_hex(book.text.as_bytes()), view.rulebook_digest);
    assert_eq!(Rulebook::from_canonical(&book.text).unwrap().version.version, view.rulebook);
    let unknown = GetRulebookRequest { digest: "0".repeat(64) };
    assert_eq!(rules(world.public().get_rulebook(unknown).await).0, Kind::NotFound);

    let log = world.log().await;
    let announced = log.iter().find(|entry| entry.fact.kind() == "lot.announced").unwrap();
    assert_eq!(
        (announced.actor.as_str(), announced.rulebook.as_str()),
        (world.operator.account.to_string().as_str(), view.rulebook.as_str())
    );
    let Fact::LotAnnounced(fact) = &announced.fact else { unreachable!("looked for by kind") };
    assert_eq!(
        (fact.number.as_str(), fact.pinned.digest.as_str()),
        (view.number.as_str(), view.rulebook_digest.as_str())
    );
    assert_eq!(fact.reserve_total.fen(), view.reserve_total_fen);
    assert_eq!(rules(world.by(&world.operator).announce_lot(announce(&lot)).await).0, Kind::Conflict, "once");
    // Other services read the record; people don't.
    let record = LotRecordRequest { lot_id: lot.id.clone() };
    assert_eq!(rules(world.by(&world.operator).lot_record(record.clone()).await).0, Kind::Forbidden);
    let record = world.peers.listing_as_service().lot_record(record).await.unwrap().into_inner();
    assert_eq!((record.rules, record.number), (book.text, view.number));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_asset_is_offered_once_however_fast_two_lots_are_announced() {
    let world = World::new().await;
    let (one, two) = (world.reviewed(world.notice()).await, world.reviewed(world.notice()).await);
    let (mut first, mut second) = (world.by(&world.operator), world.by(&world.operator));
    let (first, second) = tokio::join!(first.announce_lot(announce(&one)), second.announce_lot(announce(&two)));
    let (good, bad) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(rules(bad), (Kind::Rule, vec!["lot.asset-offered".to_owned()]));
    assert_eq!(good.unwrap().into_inner().number, "500229-2026-00001");
    // The number that was refused was not used up.
    world.pass_to("2026-03-16T17:00:10+08:00");
    let lots = world.public().search_lots(SearchLotsRequest::default()).await.unwrap().into_inner().items;
    assert_eq!(lots.len(), 1);
    world.until(&lots[0].id, "unsold").await;
    let other = if lots[0].id == one.id { two } else { one };
    assert_eq!(world.announce(&other).await.number, "500229-2026-00002");
}
