//! From the first words of a draft to its submission: who may, what the rules say, what leaves no trace.

use crate::world::{Person, World, pdf, refusing, rules};
use sanbian_domain::{fact::Fact, role::Role};
use sanbian_proto::{listing::v1::*, registry::v1::AssetTransferableRequest};
use sanbian_runtime::Kind;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_speak_as_one_types_and_nothing_is_saved() {
    let world = World::new().await;
    let check = |notice: String| CheckDraftRequest {
        collective_id: world.collective.to_string(),
        asset_ids: vec![world.asset.to_string()],
        notice,
    };
    let empty = world.by(&world.clerk).check_draft(check("{}".into())).await.unwrap().into_inner();
    assert!(refusing(&empty).contains(&"notice.required".to_owned()));
    assert_eq!(empty.reserve_total_fen, None);
    let good = world.by(&world.clerk).check_draft(check(world.notice())).await.unwrap().into_inner();
    assert_eq!(refusing(&good), Vec::<String>::new(), "{:?}", good.findings);
    assert_eq!(good.rulebook, "cn-2026.1+500229-2026.1");
    let totals = (good.reserve_total_fen, good.first_year_fen, good.per_mu_year_fen);
    assert_eq!(totals, (Some(7_200_000), Some(2_400_000), Some(60_000)));
    // A method that no room here can run, and a deposit far too high.
    let sealed = world.notice_with(|notice| notice["method"]["method"] = serde_json::json!({ "kind": "sealed" }));
    let found = world.by(&world.clerk).check_draft(check(sealed)).await.unwrap().into_inner();
    assert!(refusing(&found).contains(&"method.runnable".to_owned()), "{:?}", refusing(&found));
    let forest = world.notice_with(|notice| notice["category"] = "forest".into());
    let found = world.by(&world.clerk).check_draft(check(forest)).await.unwrap().into_inner();
    assert!(refusing(&found).contains(&"lot.asset-category".to_owned()), "{:?}", refusing(&found));
    let greedy = world.notice_with(|notice| notice["deposit"]["amount"] = 9_000_000.into());
    let found = world.by(&world.clerk).check_draft(check(greedy)).await.unwrap().into_inner();
    assert!(refusing(&found).contains(&"deposit.share".to_owned()), "{:?}", refusing(&found));
    // The registry is asked about the very term and kind of right.
    let asked: AssetTransferableRequest = world.registry.0.lock().unwrap().asked.clone().unwrap();
    assert_eq!((asked.from_on.as_deref(), asked.until_on.as_deref()), (Some("2026-03-02"), Some("2029-03-02")));
    assert_eq!((asked.kind.as_deref(), asked.lot_id), (Some("management"), None));
    assert!(world.log().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_collective_writes_its_drafts() {
    let world = World::new().await;
    let create = || CreateDraftRequest {
        collective_id: world.collective.to_string(),
        asset_ids: vec![world.asset.to_string()],
        notice: world.notice(),
    };
    assert_eq!(rules(world.public().create_draft(create()).await).0, Kind::Unauthenticated);
    let neighbour = Person::new(Role::Clerk, "500229101203");
    for stranger in [&world.operator, &world.township, &neighbour, &world.supervisor] {
        assert_eq!(rules(world.by(stranger).create_draft(create()).await).0, Kind::Forbidden);
    }
    let draft = world.draft(world.notice()).await;
    let get = || GetDraftRequest { lot_id: draft.id.clone() };
    for reader in [&world.clerk, &world.chair, &world.township, &world.county, &world.operator, &world.supervisor] {
        world.by(reader).get_draft(get()).await.unwrap();
    }
    let far = Person::new(Role::TownshipReviewer, "500229102");
    for stranger in [&neighbour, &far, &world.bidder()] {
        assert_eq!(rules(world.by(stranger).get_draft(get()).await).0, Kind::Forbidden);
    }
    // A draft is not public, by whatever way one asks.
    assert_eq!(rules(world.public().get_lot(GetLotRequest { lot_id: draft.id.clone() }).await).0, Kind::NotFound);
    let none = GetDraftRequest { lot_id: Uuid::now_v7().to_string() };
    assert_eq!(rules(world.by(&world.clerk).get_draft(none).await).0, Kind::NotFound);
    let bad = GetDraftRequest { lot_id: "x".into() };
    assert_eq!(rules(world.by(&world.clerk).get_draft(bad).await).0, Kind::Malformed);
    let mine = world.by(&world.chair).list_drafts(ListDraftsRequest::default()).await.unwrap().into_inner();
    assert_eq!(mine.items.len(), 1);
    let theirs = world.by(&neighbour).list_drafts(ListDraftsRequest::default()).await.unwrap().into_inner();
    assert!(theirs.items.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_call_makes_one_draft_and_two_writers_do_not_overwrite_each_other() {
    let world = World::new().await;
    let create = CreateDraftRequest {
        collective_id: world.collective.to_string(),
        asset_ids: vec![world.asset.to_string()],
        notice: world.notice(),
    };
    let first = world.keyed(&world.clerk, "k1").create_draft(create.clone()).await.unwrap().into_inner();
    let again = world.keyed(&world.clerk, "k1").create_draft(create).await.unwrap().into_inner();
    assert_eq!(first.id, again.id);
    assert_eq!(world.kinds(&first.id).await, ["lot.drafted"]);

    let update = |title: &str| UpdateDraftRequest {
        lot_id: first.id.clone(),
        asset_ids: first.asset_ids.clone(),
        notice: world.notice_with(|notice| notice["title"] = title.into()),
        version: first.version,
    };
    let (mut one, mut two) = (world.by(&world.clerk), world.by(&world.chair));
    let (one, two) = tokio::join!(one.update_draft(update("一")), two.update_draft(update("二")));
    let (good, bad) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(good.unwrap().into_inner().version, first.version + 1);
    assert_eq!(rules(bad), (Kind::Conflict, vec!["lot.version".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_needs_a_vote_that_carries_about_this_lot() {
    let world = World::new().await;
    let draft = world.draft(world.notice()).await;
    let submit = |draft: &LotDraft| SubmitLotRequest { lot_id: draft.id.clone(), version: draft.version };
    let (kind, found) = rules(world.by(&world.chair).submit_lot(submit(&draft)).await);
    assert_eq!(kind, Kind::Rule);
    assert!(found.contains(&"decision.needed".to_owned()), "{found:?}");

    // No minutes, no vote; a vote that misses two thirds of all; a vote on something else.
    let record =
        |decision: CollectiveDecision| RecordDecisionRequest { lot_id: draft.id.clone(), decision: Some(decision) };
    let minutes = "ab".repeat(32);
    let (_, found) = rules(world.by(&world.clerk).record_decision(record(world.vote(&minutes, true))).await);
    assert_eq!(found, ["decision.minutes"]);
    let document = LotDocument { kind: "minutes".into(), ..pdf(&minutes) };
    let attach = AttachDocumentRequest { lot_id: draft.id.clone(), document: Some(document) };
    world.by(&world.clerk).attach_document(attach).await.unwrap();
    let narrow = CollectiveDecision { in_favour: 59, against: 19, ..world.vote(&minutes, true) };
    let (_, found) = rules(world.by(&world.clerk).record_decision(record(narrow)).await);
    assert_eq!(found, ["decision.majority"]);
    let other = CollectiveDecision { matters: vec!["distribution".into()], ..world.vote(&minutes, true) };
    let (_, found) = rules(world.by(&world.clerk).record_decision(record(other)).await);
    assert_eq!(found, ["decision.matter"]);
    assert_eq!(world.kinds(&draft.id).await, ["lot.drafted"], "what was refused left nothing");

    // A vote that lets in members only does not carry a lot that is open to all.
    let inside =
        world.by(&world.clerk).record_decision(record(world.vote(&minutes, false))).await.unwrap().into_inner();
    let (_, found) = rules(world.by(&world.chair).submit_lot(submit(&inside)).await);
    assert_eq!(found, ["decision.outside"]);
    let open = world.by(&world.clerk).record_decision(record(world.vote(&minutes, true))).await.unwrap().into_inner();
    let check = open.check.as_ref().unwrap();
    assert_eq!(refusing(check), Vec::<String>::new(), "{:?}", check.findings);
    let submitted = world.submit(&open).await;
    assert_eq!((submitted.state.as_str(), submitted.next_review.as_deref()), ("submitted", Some("township")));
    assert_eq!(submitted.may, ["withdraw"]);
    let log = world.log().await;
    let fact = log.iter().find_map(|entry| match &entry.fact {
        Fact::LotSubmitted(fact) => Some(fact.clone()),
        _ => None,
    });
    let fact = fact.unwrap();
    assert_eq!((fact.documents, fact.decision.map(|id| id.to_string())), (vec![minutes], open.decision.unwrap().id));

    // Submitted, it is not written on; taken back, it is.
    let update = UpdateDraftRequest {
        lot_id: draft.id.clone(),
        asset_ids: draft.asset_ids.clone(),
        notice: world.notice(),
        version: submitted.version,
    };
    assert_eq!(
        rules(world.by(&world.clerk).update_draft(update.clone()).await),
        (Kind::Conflict, vec!["lot.phase".into()])
    );
    let back = world.by(&world.clerk).withdraw_lot(WithdrawLotRequest { lot_id: draft.id.clone() }).await.unwrap();
    assert_eq!(back.into_inner().state, "draft");
    world.by(&world.clerk).update_draft(update).await.unwrap();
    assert!(world.kinds(&draft.id).await.ends_with(&["lot.submitted", "lot.withdrawn"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_against_the_assets_stands_against_the_lot() {
    let world = World::new().await;
    let draft = world.decided(world.notice()).await;
    let finding = sanbian_domain::finding::Finding::refusal(
        "tradable.sealed",
        "《民事诉讼法》",
        sanbian_domain::finding::Text::new("已查封", "sealed"),
        sanbian_domain::finding::Text::new("先解封", "have it lifted"),
    );
    world.registry.0.lock().unwrap().findings = vec![serde_json::to_string(&finding).unwrap()];
    let submit = SubmitLotRequest { lot_id: draft.id.clone(), version: draft.version };
    let (_, found) = rules(world.by(&world.chair).submit_lot(submit).await);
    assert_eq!(found, ["tradable.sealed"]);
    // What comes up between review and announcement is found at the announcement.
    world.registry.0.lock().unwrap().findings.clear();
    let reviewed = world.approved(&draft).await;
    world.registry.0.lock().unwrap().findings = vec![serde_json::to_string(&finding).unwrap()];
    let announce = AnnounceLotRequest { lot_id: reviewed.id, auction_opens_at: None, free_minutes: None };
    let (_, found) = rules(world.by(&world.operator).announce_lot(announce).await);
    assert_eq!(found, ["tradable.sealed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_bound_by_digest_and_read_by_those_concerned() {
    let world = World::new().await;
    let draft = world.draft(world.notice()).await;
    let (photo, title) = ("11".repeat(32), "22".repeat(32));
    let attach = |document: LotDocument| AttachDocumentRequest { lot_id: draft.id.clone(), document: Some(document) };
    for bad in [
        LotDocument { kind: "virus".into(), ..pdf(&photo) },
        LotDocument { digest: "11".into(), ..pdf(&photo) },
        LotDocument { name: "../x".into(), ..pdf(&photo) },
        LotDocument { size: 0, ..pdf(&photo) },
    ] {
        assert_eq!(rules(world.by(&world.clerk).attach_document(attach(bad)).await).0, Kind::Malformed);
    }
    let public = LotDocument { kind: "photo".into(), public: true, ..pdf(&photo) };
    world.by(&world.clerk).attach_document(attach(public)).await.unwrap();
    let bound = world.by(&world.clerk).attach_document(attach(pdf(&title))).await.unwrap().into_inner();
    assert_eq!(bound.documents.len(), 2);
    let get = |digest: &str| GetDocumentRequest { lot_id: draft.id.clone(), digest: digest.into() };
    for reader in [&world.clerk, &world.township, &world.operator, &world.supervisor] {
        world.by(reader).get_document(get(&title)).await.unwrap();
    }
    for digest in [&photo, &title] {
        assert_eq!(rules(world.public().get_document(get(digest)).await).0, Kind::NotFound, "not announced yet");
        assert_eq!(rules(world.by(&world.bidder()).get_document(get(digest)).await).0, Kind::NotFound);
    }
    assert_eq!(rules(world.by(&world.clerk).get_document(get(&"33".repeat(32))).await).0, Kind::NotFound);

    let decided = world.decide(&draft.id, "ab", true).await;
    let lot = world.approved(&decided).await;
    let lot = world.announce(&lot).await;
    assert_eq!(lot.documents.iter().map(|document| document.digest.as_str()).collect::<Vec<_>>(), [photo.as_str()]);
    world.public().get_document(get(&photo)).await.unwrap();
    assert_eq!(rules(world.public().get_document(get(&title)).await).0, Kind::NotFound);
    let remove = RemoveDocumentRequest { lot_id: lot.id, digest: title };
    assert_eq!(rules(world.by(&world.clerk).remove_document(remove).await).0, Kind::Conflict);
}
