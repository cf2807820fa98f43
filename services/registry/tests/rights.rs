//! Rights and charges, by the registry's own calls.

mod common;

use chrono::{Days, TimeDelta};
use common::*;
use sanbian_domain::{fact::Fact, finding::Finding, role::Role};
use sanbian_proto::registry::v1::*;
use sanbian_runtime::{Kind, clock};

fn right(asset: &Asset, holder: &Party, from: &str, until: &str) -> RecordRightRequest {
    RecordRightRequest {
        asset_id: asset.id.clone(),
        holder_party_id: holder.id.clone(),
        kind: "management".into(),
        from_on: from.into(),
        until_on: until.into(),
        part: None,
        lot_id: None,
    }
}

fn check(asset: &Asset, from: &str, until: Option<&str>) -> AssetTransferableRequest {
    AssetTransferableRequest {
        asset_ids: vec![asset.id.clone()],
        from_on: Some(from.into()),
        until_on: until.map(str::to_owned),
        ..Default::default()
    }
}

async fn square(world: &World, collective: &Collective, x: f64) -> Asset {
    world.parcel(collective, world.rectangle(x, 0.0, 100.0, 100.0).await, "15").await
}

#[tokio::test]
async fn two_rights_in_one_term_on_one_land_are_refused_with_the_first_named() {
    let world = World::new().await;
    let collective = world.collective().await;
    let (holder, other) = (world.holder(1).await, world.holder(2).await);
    let (asset, over, beside) = (
        square(&world, &collective, 0.0).await,
        square(&world, &collective, 50.0).await,
        square(&world, &collective, 200.0).await,
    );
    let operator = world.operator();
    let first = operator
        .registry()
        .record_right(right(&asset, &holder, "2026-01-01", "2031-01-01"))
        .await
        .unwrap()
        .into_inner();
    let before = world.facts().await;
    let Fact::RightRecorded(fact) = &before.last().unwrap().fact else { panic!("right.recorded") };
    assert_eq!((fact.holder.to_string(), fact.to.to_string()), (holder.id.clone(), "2031-01-01".into()));

    for (land, from, until) in [
        (&asset, "2026-01-01", "2031-01-01"),
        (&asset, "2030-12-31", "2040-01-01"),
        (&asset, "2020-01-01", "2026-01-02"),
        (&over, "2028-01-01", "2029-01-01"),
    ] {
        let refusal = refused(operator.registry().record_right(right(land, &other, from, until)).await);
        assert_eq!((refusal.kind, refusal.findings[0].rule.as_str()), (Kind::Conflict, "right.term-overlap"));
        assert_eq!(refusal.findings[0].facts["right"], first.id);
    }
    assert_eq!(world.facts().await.len(), before.len());
    // The day after the last day is free, and so are the land beside and the tiers below and above.
    for (land, kind, from, until) in [
        (&asset, "lease", "2031-01-01", "2032-01-01"),
        (&over, "use", "2025-01-01", "2026-01-01"),
        (&beside, "management", "2026-01-01", "2031-01-01"),
        (&asset, "contracting", "2020-01-01", "2050-01-01"),
        (&asset, "sublease", "2027-01-01", "2028-01-01"),
    ] {
        let request = RecordRightRequest { kind: kind.into(), ..right(land, &other, from, until) };
        operator.registry().record_right(request).await.unwrap_or_else(|status| panic!("{kind} {from}: {status}"));
    }
}

#[tokio::test]
async fn parts_of_an_asset_are_held_side_by_side() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let operator = world.operator();
    let (west, middle) = (world.rectangle(0.0, 0.0, 50.0, 100.0).await, world.rectangle(40.0, 0.0, 20.0, 100.0).await);
    let east = world.rectangle(50.0, 0.0, 50.0, 100.0).await;
    let part = |geometry: &str| RecordRightRequest {
        part: Some(geometry.into()),
        ..right(&asset, &holder, "2026-01-01", "2031-01-01")
    };
    let record = async |request: RecordRightRequest| operator.registry().record_right(request).await;
    assert!(record(part(&west)).await.unwrap().into_inner().partial);
    assert_eq!(why(record(part(&middle)).await), (Kind::Conflict, "right.term-overlap".into()));
    record(part(&east)).await.unwrap();
    assert_eq!(why(record(right(&asset, &holder, "2026-01-01", "2027-01-01")).await).1, "right.term-overlap");
    let outside = world.rectangle(90.0, 0.0, 50.0, 100.0).await;
    assert_eq!(
        why(record(RecordRightRequest {
            from_on: "2040-01-01".into(),
            until_on: "2041-01-01".into(),
            ..part(&outside)
        })
        .await)
        .1,
        "right.part-within"
    );
    let bow =
        "{\"type\":\"Polygon\",\"coordinates\":[[[108.6,31.9],[108.7,32.0],[108.7,31.9],[108.6,32.0],[108.6,31.9]]]}";
    assert_eq!(why(record(part(bow)).await).1, "geometry.valid");

    let flat = CreateAssetRequest { collective_id: collective.id.clone(), description: Some(described()) };
    let flat = world.clerk().registry().create_asset(flat).await.unwrap().into_inner();
    let request = RecordRightRequest { asset_id: flat.id.clone(), ..part(&west) };
    assert_eq!(why(record(request).await).1, "right.part-needs-land");
    // Without geometry the asset itself is what can't be held twice.
    record(right(&flat, &holder, "2026-01-01", "2031-01-01")).await.unwrap();
    assert_eq!(why(record(right(&flat, &holder, "2026-01-01", "2027-01-01")).await).1, "right.term-overlap");
}

#[tokio::test]
async fn who_may_record_and_what_is_no_right() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let request = || right(&asset, &holder, "2026-01-01", "2031-01-01");
    assert_eq!(why(world.public().record_right(request()).await).0, Kind::Unauthenticated);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Operator) {
        assert_eq!(
            why(world.someone(&[(role, COUNTY)]).registry().record_right(request()).await).0,
            Kind::Forbidden,
            "{role:?}"
        );
    }
    assert_eq!(
        why(world.someone(&[(Role::Operator, "500230")]).registry().record_right(request()).await).0,
        Kind::Forbidden
    );
    let operator = world.operator();
    let reason = async |change: fn(&mut RecordRightRequest)| {
        let mut wrong = request();
        change(&mut wrong);
        why(operator.registry().record_right(wrong).await)
    };
    assert_eq!(reason(|r| r.until_on = "2026-01-01".into()).await, (Kind::Rule, "right.term".into()));
    assert_eq!(reason(|r| r.until_on = "2025-01-01".into()).await.1, "right.term");
    assert_eq!(reason(|r| r.from_on = "yesterday".into()).await.0, Kind::Malformed);
    assert_eq!(reason(|r| r.kind = "ownership".into()).await.0, Kind::Malformed);
    assert_eq!(reason(|r| r.holder_party_id = uuid::Uuid::now_v7().to_string()).await.0, Kind::NotFound);
    assert_eq!(reason(|r| r.asset_id = uuid::Uuid::now_v7().to_string()).await.0, Kind::NotFound);
    assert!(
        world
            .public()
            .list_rights(ListRightsRequest { asset_id: asset.id.clone() })
            .await
            .unwrap()
            .into_inner()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_lot_gives_one_right_however_often_it_is_recorded() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let lot = uuid::Uuid::now_v7().to_string();
    let request =
        || RecordRightRequest { lot_id: Some(lot.clone()), ..right(&asset, &holder, "2026-01-01", "2031-01-01") };
    let first = world.service().record_right(request()).await.unwrap().into_inner();
    let count = world.facts().await.len();
    let again = world.service().record_right(request()).await.unwrap().into_inner();
    assert_eq!(first, again);
    assert_eq!(world.facts().await.len(), count);
    let longer = RecordRightRequest { from_on: "2040-01-01".into(), until_on: "2041-01-01".into(), ..request() };
    assert_eq!(why(world.service().record_right(longer).await), (Kind::Conflict, "right.lot-recorded".into()));
}

#[tokio::test]
async fn a_lot_gives_one_right_however_many_record_it_at_once() {
    let world = World::new().await;
    let collective = world.collective().await;
    let holder = world.holder(1).await;
    let asset = square(&world, &collective, 0.0).await;
    let lot = Some(uuid::Uuid::now_v7().to_string());
    let request = RecordRightRequest { lot_id: lot, ..right(&asset, &holder, "2026-01-01", "2031-01-01") };
    let calls = (0..8).map(|_| {
        let (mut registry, request) = (world.service(), request.clone());
        async move { registry.record_right(request).await.unwrap().into_inner().id }
    });
    let ids = futures::future::join_all(calls).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(world.facts().await.iter().filter(|entry| entry.fact.kind() == "right.recorded").count(), 1);
}

#[tokio::test]
async fn holders_are_for_staff_and_states_follow_the_day() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let today = clock::day(world.clock.now());
    let on = |days: u64| today.checked_add_days(Days::new(days)).unwrap().to_string();
    let operator = world.operator();
    operator.registry().record_right(right(&asset, &holder, &on(0), &on(10))).await.unwrap();
    operator.registry().record_right(right(&asset, &holder, &on(10), &on(20))).await.unwrap();
    let list = || ListRightsRequest { asset_id: asset.id.clone() };
    let states = async || -> Vec<String> {
        world
            .public()
            .list_rights(list())
            .await
            .unwrap()
            .into_inner()
            .items
            .into_iter()
            .map(|right| right.state)
            .collect()
    };
    assert_eq!(states().await, ["running", "future"]);
    let public = world.public().list_rights(list()).await.unwrap().into_inner();
    assert!(public.items.iter().all(|right| right.holder_party_id.is_none()));
    let staff = world.clerk().registry().list_rights(list()).await.unwrap().into_inner();
    assert!(staff.items.iter().all(|right| right.holder_party_id.as_ref() == Some(&holder.id)));
    let held = HoldsRightRequest { party_id: holder.id.clone(), asset_ids: vec![asset.id.clone()], day_on: None };
    assert_eq!(world.service().holds_right(held.clone()).await.unwrap().into_inner().items.len(), 1);
    world.clock.advance(TimeDelta::days(10)).unwrap();
    assert_eq!(states().await, ["past", "running"]);
    world.clock.advance(TimeDelta::days(10)).unwrap();
    assert!(world.service().holds_right(held).await.unwrap().into_inner().items.is_empty());
}

#[tokio::test]
async fn a_right_ends_early_or_never_began_and_frees_its_land() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let operator = world.operator();
    let first = operator
        .registry()
        .record_right(right(&asset, &holder, "2026-01-01", "2031-01-01"))
        .await
        .unwrap()
        .into_inner();
    let end = |id: &str, until: &str| EndRightRequest {
        right_id: id.into(),
        until_on: until.into(),
        reason: "surrendered".into(),
    };
    for (role, region) in [(Role::Clerk, VILLAGE), (Role::Operator, "500230"), (Role::CountyReviewer, COUNTY)] {
        assert_eq!(
            why(world.someone(&[(role, region)]).registry().end_right(end(&first.id, "2028-01-01")).await).0,
            Kind::Forbidden
        );
    }
    assert_eq!(
        why(operator.registry().end_right(end(&first.id, "2031-01-01")).await),
        (Kind::Conflict, "right.ends-earlier".into())
    );
    let worded = EndRightRequest { reason: "因张三去世".into(), ..end(&first.id, "2028-01-01") };
    assert_eq!(
        why(operator.registry().end_right(worded).await).0,
        Kind::Malformed,
        "words could name people in the log"
    );
    let ended = operator.registry().end_right(end(&first.id, "2028-01-01")).await.unwrap().into_inner();
    assert_eq!((ended.until_on.as_str(), ended.end_reason.as_deref()), ("2028-01-01", Some("surrendered")));
    let facts = world.facts().await;
    let Fact::RightEnded(fact) = &facts.last().unwrap().fact else { panic!("right.ended") };
    assert_eq!((fact.to.to_string(), fact.reason.as_str()), ("2028-01-01".into(), "surrendered"));

    let second = operator
        .registry()
        .record_right(right(&asset, &holder, "2028-01-01", "2031-01-01"))
        .await
        .unwrap()
        .into_inner();
    let void = operator.registry().end_right(end(&second.id, "2027-06-01")).await.unwrap().into_inner();
    assert_eq!(void.state, "void");
    assert_eq!(why(operator.registry().end_right(end(&second.id, "2027-06-01")).await).1, "right.ends-earlier");
    operator.registry().record_right(right(&asset, &holder, "2029-01-01", "2030-01-01")).await.unwrap();
}

#[tokio::test]
async fn land_under_a_running_right_keeps_its_geometry() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = square(&world, &collective, 0.0).await;
    let today = clock::day(world.clock.now());
    let on = |days: u64| today.checked_add_days(Days::new(days)).unwrap().to_string();
    world.operator().registry().record_right(right(&asset, &holder, &on(5), &on(10))).await.unwrap();
    let update = |geometry: String, version| UpdateAssetRequest {
        asset_id: asset.id.clone(),
        description: Some(AssetDescription { geometry: Some(geometry), ..asset.description.clone().unwrap() }),
        version,
    };
    let moved = world.rectangle(300.0, 0.0, 100.0, 100.0).await;
    let clerk = world.clerk();
    assert_eq!(
        why(clerk.registry().update_asset(update(moved.clone(), 1)).await),
        (Kind::Conflict, "asset.right-runs".into())
    );
    let same = asset.description.clone().unwrap().geometry.unwrap();
    clerk.registry().update_asset(update(same, 1)).await.unwrap();
    world.clock.advance(TimeDelta::days(10)).unwrap();
    clerk.registry().update_asset(update(moved, 2)).await.unwrap();
}

#[tokio::test]
async fn everything_against_a_transfer_is_told() {
    let world = World::new().await;
    let (collective, other, holder) =
        (world.collective().await, world.collective_in(OTHER_VILLAGE, 2).await, world.holder(1).await);
    let contracted = CreateAssetRequest {
        collective_id: collective.id.clone(),
        description: Some(AssetDescription {
            category: "contracted-land".into(),
            title_until_on: Some("2027-12-31".into()),
            geometry: Some(world.rectangle(0.0, 0.0, 100.0, 100.0).await),
            stated_mu: Some("15".into()),
            ..described()
        }),
    };
    let asset = world.clerk().registry().create_asset(contracted).await.unwrap().into_inner();
    let ask = async |request: AssetTransferableRequest| -> Vec<Finding> {
        let answer = world.service().asset_transferable(request).await.unwrap().into_inner();
        answer.findings.iter().map(|json| serde_json::from_str(json).unwrap()).collect()
    };
    let names = |findings: &[Finding]| findings.iter().map(|finding| finding.rule.clone()).collect::<Vec<_>>();

    assert!(ask(check(&asset, "2026-01-01", Some("2028-01-01"))).await.is_empty());
    assert_eq!(names(&ask(check(&asset, "2026-01-01", Some("2028-01-02"))).await), ["term.within-title"]);
    assert_eq!(names(&ask(check(&asset, "2026-01-01", None)).await), ["term.within-title"], "an endless term");
    // Recording holds the same rule.
    let late = world.operator().registry().record_right(right(&asset, &holder, "2026-01-01", "2028-01-02")).await;
    assert_eq!(why(late), (Kind::Rule, "term.within-title".into()));

    // A right on land that lies partly on this one, registered by somebody else.
    let over = world.parcel(&other, world.rectangle(90.0, 0.0, 100.0, 100.0).await, "15").await;
    let standing =
        world.operator().registry().record_right(right(&over, &holder, "2027-01-01", "2029-01-01")).await.unwrap();
    let standing = standing.into_inner();
    let found = ask(check(&asset, "2026-01-01", Some("2027-06-01"))).await;
    assert_eq!(names(&found), ["right.term-overlap", "geometry.overlaps-parcel"]);
    assert_eq!(
        (&found[0].facts["right"], &found[0].facts["asset"], &found[0].facts["on-asset"]),
        (&standing.id, &asset.id, &over.id)
    );
    assert_eq!(names(&ask(check(&asset, "2026-01-01", Some("2027-01-01"))).await), ["geometry.overlaps-parcel"]);
    let contracting = AssetTransferableRequest {
        kind: Some("contracting".into()),
        ..check(&asset, "2026-01-01", Some("2027-06-01"))
    };
    assert_eq!(names(&ask(contracting).await), ["geometry.overlaps-parcel"], "another tier");
    let foreign = AssetTransferableRequest {
        collective_id: Some(other.id.clone()),
        ..check(&asset, "2026-01-01", Some("2027-01-01"))
    };
    assert_eq!(names(&ask(foreign).await), ["asset.owner", "geometry.overlaps-parcel"]);
    let missing = AssetTransferableRequest { asset_ids: vec![uuid::Uuid::now_v7().to_string()], ..Default::default() };
    assert_eq!(names(&ask(missing).await), ["asset.exists"]);
    assert_eq!(
        why(world.service().asset_transferable(check(&asset, "2026-01-01", Some("2026-01-01"))).await).0,
        Kind::Malformed
    );
}

#[tokio::test]
async fn charges_bar_a_transfer_until_they_are_lifted() {
    let world = World::new().await;
    let collective = world.collective().await;
    let (asset, over) = (square(&world, &collective, 0.0).await, square(&world, &collective, 60.0).await);
    let reviewer = world.someone(&[(Role::CountyReviewer, COUNTY)]);
    let record = |kind: &str, consent: Option<String>| RecordEncumbranceRequest {
        asset_id: asset.id.clone(),
        kind: kind.into(),
        document: Some("ab".repeat(32)),
        consent,
    };
    for (role, region) in [(Role::Clerk, VILLAGE), (Role::Operator, "500230"), (Role::Supervisor, COUNTY)] {
        let answer = world.someone(&[(role, region)]).registry().record_encumbrance(record("seizure", None)).await;
        assert_eq!(why(answer).0, Kind::Forbidden, "{role:?}");
    }
    assert_eq!(
        why(reviewer.registry().record_encumbrance(record("seizure", Some("cd".repeat(32)))).await).1,
        "encumbrance.consent"
    );
    assert_eq!(
        why(reviewer.registry().record_encumbrance(record("mortgage", Some("x".into()))).await).1,
        "digest.form"
    );
    assert_eq!(why(reviewer.registry().record_encumbrance(record("curse", None)).await).0, Kind::Malformed);

    let ask = async |of: &Asset| -> Vec<(String, bool)> {
        let answer =
            world.service().asset_transferable(check(of, "2026-01-01", Some("2027-01-01"))).await.unwrap().into_inner();
        let findings = answer.findings.iter().map(|json| serde_json::from_str::<Finding>(json).unwrap());
        findings
            .map(|finding| (finding.rule.clone(), finding.refuses()))
            .filter(|(rule, _)| rule.starts_with("tradable."))
            .collect()
    };
    let consent = Some("cd".repeat(32));
    for (kind, consent, rule, refuses) in [
        ("seizure", None, "tradable.sealed", true),
        ("dispute", None, "tradable.contested", true),
        ("expropriation", None, "tradable.expropriation", true),
        ("mortgage", None, "tradable.mortgaged", true),
        ("mortgage", consent, "tradable.mortgage-consented", false),
        ("easement", None, "tradable.easement", false),
        ("other", None, "tradable.other-charge", false),
    ] {
        let charge = reviewer.registry().record_encumbrance(record(kind, consent)).await.unwrap().into_inner();
        assert_eq!(ask(&asset).await, [(rule.to_owned(), refuses)]);
        assert_eq!(ask(&over).await, [(rule.to_owned(), refuses)], "on land that it shares");
        let lift = || LiftEncumbranceRequest { encumbrance_id: charge.id.clone(), reason: "discharged".into() };
        assert_eq!(why(world.clerk().registry().lift_encumbrance(lift()).await).0, Kind::Forbidden);
        reviewer.registry().lift_encumbrance(lift()).await.unwrap();
        assert_eq!(
            why(reviewer.registry().lift_encumbrance(lift()).await),
            (Kind::Conflict, "encumbrance.stands".into())
        );
        assert!(ask(&asset).await.is_empty());
    }
    let list = ListEncumbrancesRequest { asset_id: asset.id.clone() };
    let charges = world.public().list_encumbrances(list).await.unwrap().into_inner().items;
    assert_eq!(charges.len(), 7);
    assert!(charges.iter().all(|charge| charge.lifted_at.is_some()));
    let kinds: Vec<_> = world
        .facts()
        .await
        .iter()
        .map(|entry| entry.fact.kind())
        .filter(|kind| kind.starts_with("encumbrance"))
        .collect();
    assert_eq!(kinds, ["encumbrance.recorded", "encumbrance.lifted"].repeat(7));
}
