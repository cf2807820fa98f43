//! Until registration closes, nothing that leaves the exchange ties a person to a lot.

use crate::world::{World, pdf, registering};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::seal::commitment;

/// Every public answer and every entry of the log is searched for the bidders' accounts and parties, and public answers for registrations
/// and their number as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_close_nobody_outside_learns_who_registered() {
    let world = World::new().await;
    let lot = world.announced().await;
    let (qualified, first) = world.qualified(&lot).await;
    let withdrawn = world.bidder();
    let second = world.register(&withdrawn, &lot).await;
    let withdraw = WithdrawRegistrationRequest { registration_id: second.id.clone() };
    world.by(&withdrawn).withdraw_registration(withdraw).await.unwrap();
    let member = world.bidder();
    world.join(&member);
    let claim = RegisterForLotRequest {
        priority_claim: Some("member".into()),
        documents: vec![pdf(&"66".repeat(32))],
        ..registering(&lot)
    };
    let third = world.by(&member).register_for_lot(claim).await.unwrap().into_inner();
    // A correction, so that confirmations are in the log too.
    let mut notice: serde_json::Value = serde_json::from_str(&lot.notice).unwrap();
    notice["location"]["detail"] = "东至水渠".into();
    let correct = CorrectLotRequest { lot_id: lot.id.clone(), notice: notice.to_string(), revision: 1 };
    world.by(&world.operator).correct_lot(correct).await.unwrap();
    let confirm = ConfirmRegistrationRequest { registration_id: first.id.clone(), revision: 2 };
    world.by(&qualified).confirm_registration(confirm).await.unwrap();

    let bidders = [&qualified, &withdrawn, &member];
    let names: Vec<String> =
        bidders.iter().flat_map(|bidder| [bidder.account.to_string(), world.party(bidder).to_string()]).collect();
    let log = world.log().await;
    assert!(log.iter().filter(|entry| entry.fact.kind().starts_with("registration.")).count() >= 7);
    for entry in &log {
        let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
        for name in &names {
            assert!(!text.contains(name), "{} names a bidder: {text}", entry.fact.kind());
        }
    }
    // The commitment binds the party, but only with its salt: no plain digest of the id is there to be guessed at.
    for bidder in bidders {
        let guess = commitment(&[0; 32], &world.party(bidder).to_string());
        let plain = sanbian_runtime::seal::sha256_hex(world.party(bidder).to_string().as_bytes());
        for entry in &log {
            let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
            assert!(!text.contains(&guess) && !text.contains(&plain));
        }
    }

    let view = world.public().get_lot(GetLotRequest { lot_id: lot.id.clone() }).await.unwrap().into_inner();
    let page = world.public().search_lots(SearchLotsRequest::default()).await.unwrap().into_inner();
    assert_eq!((view.registrations, view.qualified), (None, None));
    let seen_by_collective =
        world.by(&world.chair).get_draft(GetDraftRequest { lot_id: lot.id.clone() }).await.unwrap().into_inner();
    let seen_by_supervisor =
        world.by(&world.supervisor).get_draft(GetDraftRequest { lot_id: lot.id.clone() }).await.unwrap().into_inner();
    let answers = [
        serde_json::to_string(&view).unwrap(),
        serde_json::to_string(&page).unwrap(),
        serde_json::to_string(&seen_by_collective).unwrap(),
        serde_json::to_string(&seen_by_supervisor).unwrap(),
    ];
    let registrations = [&first, &second, &third].map(|registration| registration.id.clone());
    for answer in &answers {
        for secret in names.iter().chain(&registrations) {
            assert!(!answer.contains(secret.as_str()), "{answer}");
        }
    }
    world.pass_to("2026-03-16T17:00:10+08:00");
    let closed = world.until(&lot.id, "registration-closed").await;
    assert_eq!((closed.registrations, closed.qualified), (Some(2), Some(1)));
}
