//! Who may register, once, by when, and what the exchange's desk says.

use crate::world::{Person, World, pdf, registering, rules};
use sanbian_domain::role::{Grant, Role};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::Kind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_register() {
    let world = World::new().await;
    let lot = world.announced().await;
    let refused =
        async |person: &Person, request: RegisterForLotRequest| rules(world.by(person).register_for_lot(request).await);
    assert_eq!(rules(world.public().register_for_lot(registering(&lot)).await).0, Kind::Unauthenticated);
    assert_eq!(refused(&world.clerk, registering(&lot)).await.0, Kind::Forbidden, "no bidder");
    let mut clerk = world.bidder();
    clerk.grants.push(Grant { role: Role::Clerk, region: "500229101202".into() });
    assert_eq!(refused(&clerk, registering(&lot)).await.1, ["registration.conflict"]);
    let nameless = Person::new(Role::Bidder, "");
    assert_eq!(refused(&nameless, registering(&lot)).await.1, ["registration.party"]);
    let bidder = world.bidder();
    let hasty = RegisterForLotRequest { accepts_terms: false, ..registering(&lot) };
    assert_eq!(refused(&bidder, hasty).await.1, ["registration.terms"]);
    let old = RegisterForLotRequest { revision: 0, ..registering(&lot) };
    assert_eq!(refused(&bidder, old).await, (Kind::Conflict, vec!["registration.revision".to_owned()]));
    let without_proof = RegisterForLotRequest { priority_claim: Some("member".into()), ..registering(&lot) };
    assert_eq!(refused(&bidder, without_proof).await.1, ["priority.evidence"]);
    let not_granted = RegisterForLotRequest {
        priority_claim: Some("sitting-lessee".into()),
        documents: vec![pdf(&"44".repeat(32))],
        ..registering(&lot)
    };
    assert_eq!(refused(&bidder, not_granted).await.1, ["priority.not-granted"]);
    assert!(!world.kinds(&lot.id).await.contains(&"registration.filed"), "what was refused left nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_only_means_members_only() {
    let world = World::new().await;
    let inside = world.notice_with(|notice| {
        notice["priority"] = serde_json::json!({ "none": true, "restricted_to": "members" });
    });
    let draft = world.draft(inside).await;
    let draft = world.decide(&draft.id, "ab", false).await;
    let lot = world.approved(&draft).await;
    let lot = world.announce(&lot).await;
    let (stranger, member) = (world.bidder(), world.bidder());
    world.join(&member);
    assert_eq!(rules(world.by(&stranger).register_for_lot(registering(&lot)).await).1, ["registration.eligibility"]);
    world.register(&member, &lot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_registration_for_each_party_however_often_and_fast_it_is_asked_for() {
    let world = World::new().await;
    let lot = world.announced().await;
    let bidder = world.bidder();
    let clients: Vec<_> = (0..6).map(|_| world.by(&bidder)).collect();
    let calls = clients.into_iter().map(|mut client| {
        let request = registering(&lot);
        tokio::spawn(async move { client.register_for_lot(request).await })
    });
    let mut filed = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(registration) => filed.push(registration.into_inner()),
            refused => assert_eq!(rules(refused).1, ["registration.twice"]),
        }
    }
    assert_eq!(filed.len(), 1);
    assert_eq!(world.kinds(&lot.id).await.iter().filter(|kind| **kind == "registration.filed").count(), 1);
    // Another account of the same party is the same bidder.
    let second_account = Person::new(Role::Bidder, "");
    let party = world.party(&bidder);
    world.registry.0.lock().unwrap().parties.insert(second_account.account.0, party);
    assert_eq!(rules(world.by(&second_account).register_for_lot(registering(&lot)).await).1, ["registration.twice"]);
    // Withdrawn, it makes room.
    let withdraw = WithdrawRegistrationRequest { registration_id: filed[0].id.clone() };
    assert_eq!(rules(world.by(&second_account).withdraw_registration(withdraw.clone()).await).0, Kind::NotFound);
    let gone = world.by(&bidder).withdraw_registration(withdraw).await.unwrap().into_inner();
    assert_eq!(gone.state, "withdrawn");
    world.register(&second_account, &lot).await;
    world.pass_to("2026-03-16T17:00:00+08:00");
    let late = world
        .by(&second_account)
        .list_my_registrations(ListMyRegistrationsRequest::default())
        .await
        .unwrap()
        .into_inner();
    let withdraw = WithdrawRegistrationRequest { registration_id: late.items[0].id.clone() };
    let (_, found) = rules(world.by(&second_account).withdraw_registration(withdraw).await);
    assert!(matches!(found[0].as_str(), "registration.closed" | "registration.phase"), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_decides_on_qualification_and_claim() {
    let world = World::new().await;
    let lot = world.announced().await;
    let member = world.bidder();
    world.join(&member);
    let claim = RegisterForLotRequest {
        priority_claim: Some("member".into()),
        documents: vec![LotDocument { name: "成员证明.pdf".into(), ..pdf(&"55".repeat(32)) }],
        ..registering(&lot)
    };
    let claimed = world.by(&member).register_for_lot(claim).await.unwrap().into_inner();
    assert_eq!((claimed.priority_claim.as_deref(), claimed.priority_rank), (Some("member"), None));
    assert_eq!((claimed.state.as_str(), claimed.review.as_str(), claimed.deposit_fen), ("filed", "pending", 300_000));
    let plain = world.bidder();
    let ordinary = world.register(&plain, &lot).await;

    // The desk sees names masked; nobody else sees who registered.
    let list = || ListRegistrationsRequest { lot_id: lot.id.clone(), cursor: None, limit: Some(1) };
    for stranger in [&world.clerk, &world.county, &world.supervisor, &plain] {
        assert_eq!(rules(world.by(stranger).list_registrations(list()).await).0, Kind::Forbidden);
    }
    let page = world.by(&world.operator).list_registrations(list()).await.unwrap().into_inner();
    assert_eq!((page.items[0].id.as_str(), page.items[0].party_name.as_deref()), (ordinary.id.as_str(), Some("王*")));
    let rest = ListRegistrationsRequest { cursor: page.next_cursor, ..list() };
    let rest = world.by(&world.operator).list_registrations(rest).await.unwrap().into_inner();
    assert_eq!((rest.items[0].id.as_str(), rest.next_cursor), (claimed.id.as_str(), None));
    let proof = GetDocumentRequest { lot_id: lot.id.clone(), digest: "55".repeat(32) };
    world.by(&world.operator).get_document(proof.clone()).await.unwrap();
    world.by(&member).get_document(proof.clone()).await.unwrap();
    for stranger in [&plain, &world.clerk, &world.supervisor] {
        assert_eq!(rules(world.by(stranger).get_document(proof.clone()).await).0, Kind::NotFound);
    }

    let review = |registration: &Registration, outcome: &str, reasons: &str| ReviewRegistrationRequest {
        registration_id: registration.id.clone(),
        outcome: outcome.into(),
        priority_accepted: true,
        reasons: reasons.into(),
    };
    assert_eq!(
        rules(world.by(&world.county).review_registration(review(&ordinary, "accepted", "")).await).0,
        Kind::Forbidden
    );
    let (_, found) = rules(world.by(&world.operator).review_registration(review(&ordinary, "rejected", "")).await);
    assert_eq!(found, ["registration.reasons"]);
    let rejected = world
        .by(&world.operator)
        .review_registration(review(&ordinary, "rejected", "材料不全"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((rejected.state.as_str(), rejected.reasons.as_deref()), ("rejected", Some("材料不全")));
    let accepted = world.accept(&claimed).await;
    assert_eq!((accepted.state.as_str(), accepted.priority_rank), ("accepted", Some(1)));
    assert!(!world.kinds(&lot.id).await.contains(&"registration.qualified"), "the deposit is missing");
    world.deposit(&member, &claimed).await;
    let kinds = world.kinds(&lot.id).await;
    assert_eq!(kinds.last(), Some(&"registration.qualified"), "{kinds:?}");
    // Services learn whose it is; people don't.
    let holder = RegistrationHolderRequest { registration_id: claimed.id.clone() };
    assert_eq!(rules(world.by(&world.operator).registration_holder(holder.clone()).await).0, Kind::Forbidden);
    let holder = world.peers.listing_as_service().registration_holder(holder).await.unwrap().into_inner();
    assert_eq!((holder.account_id, holder.priority_rank), (member.account.to_string(), Some(1)));
    assert_eq!((holder.state.as_str(), holder.party_id), ("qualified", world.party(&member).to_string()));
}
