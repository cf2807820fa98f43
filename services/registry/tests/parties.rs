//! Parties: sealed, masked, found once, looked at on record.

mod common;

use common::*;
use sanbian_domain::{fact::Fact, ids::AccountId, role::Role};
use sanbian_proto::registry::v1::*;
use sanbian_runtime::{
    Kind,
    seal::{Sealer, commitment},
};
use sqlx::Row;

#[tokio::test]
async fn a_party_is_sealed_at_rest_masked_outside_and_a_commitment_in_the_log() {
    let world = World::new().await;
    let bidder = world.someone(&[(Role::Bidder, "")]);
    let request = person_request(1);
    let party = bidder.registry().register_party(request.clone()).await.unwrap().into_inner();
    assert_eq!((party.name.as_str(), party.mobile.as_str()), ("甲**", "138****5678"));
    assert_eq!(party.identity_number, format!("5002**********{}", &request.identity_number[14..]));
    assert_eq!(party.bank_account.as_deref(), Some("**** 1234"));
    assert!(party.has_account);

    // At rest: no column of the row shows anything of the person.
    let row = sqlx::query("SELECT parties::text AS line, profile, bank, salt, identity_lookup FROM registry.parties")
        .fetch_one(&mut world.owner().await)
        .await
        .unwrap();
    let bytes = [row.get::<Vec<u8>, _>("profile"), row.get("bank"), row.get::<String, _>("line").into_bytes()].concat();
    for secret in [&request.name, &request.identity_number, &request.mobile, &request.address, &"6222".to_owned()] {
        let hexed = hex::encode(secret);
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} lies open");
        assert!(!bytes.windows(hexed.len()).any(|window| window == hexed.as_bytes()), "{secret} lies open in hex");
    }
    assert_eq!(
        row.get::<Vec<u8>, _>("identity_lookup"),
        Sealer::new(world.db.secret(), "registry").lookup(&format!("identity:{}", request.identity_number))
    );

    let facts = world.facts().await;
    let [entry] = facts.as_slice() else { panic!("one fact, not {}", facts.len()) };
    let Fact::PartyRegistered(fact) = &entry.fact else { panic!("{:?}", entry.fact) };
    assert_eq!(entry.actor, bidder.account.to_string());
    assert_eq!(fact.party.to_string(), party.id);
    let salt: [u8; 32] = row.get::<Vec<u8>, _>("salt").try_into().unwrap();
    assert_eq!(fact.commitment, commitment(&salt, &format!("{}\n{}", request.name, request.identity_number)));
    let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
    assert!(!text.contains(&request.name) && !text.contains(&request.identity_number));

    assert_eq!(bidder.registry().get_my_party(GetMyPartyRequest {}).await.unwrap().into_inner(), party);
}

#[tokio::test]
async fn nobody_is_two_parties_and_no_account_has_two() {
    let world = World::new().await;
    let (first, second) = (world.someone(&[]), world.someone(&[]));
    first.registry().register_party(person_request(1)).await.unwrap();
    let spaced =
        RegisterPartyRequest { identity_number: format!(" {} ", resident("19850412", 1)), ..person_request(1) };
    let refusal = refused(second.registry().register_party(spaced).await);
    assert_eq!((refusal.kind, refusal.findings[0].rule.as_str()), (Kind::Conflict, "party.identity-registered"));
    assert!(refusal.findings[0].facts.is_empty(), "whose it is stays unsaid");
    assert_eq!(
        why(first.registry().register_party(person_request(2)).await),
        (Kind::Conflict, "party.one-per-account".into())
    );
    // The same person as a household is the same person.
    let household = RegisterPartyRequest { kind: "household".into(), ..person_request(1) };
    assert_eq!(why(second.registry().register_party(household).await).1, "party.identity-registered");
    assert_eq!(world.facts().await.len(), 1);
}

#[tokio::test]
async fn of_many_at_once_with_one_number_exactly_one_is_registered() {
    let world = World::new().await;
    let tries = (0..8).map(|_| {
        let person = world.someone(&[]);
        tokio::spawn(async move {
            person.registry().register_party(person_request(1)).await.map_err(sanbian_runtime::Refusal::from)
        })
    });
    let answers = futures::future::join_all(tries.collect::<Vec<_>>()).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 7));
    for refusal in refused {
        assert_eq!(refusal.unwrap_err().findings[0].rule, "party.identity-registered");
    }
    assert_eq!(world.facts().await.len(), 1);
}

#[tokio::test]
async fn a_repeated_call_gives_the_first_answer_and_a_refused_one_leaves_nothing() {
    let world = World::new().await;
    let person = world.someone(&[]);
    let wrong = RegisterPartyRequest { mobile: "12".into(), name: " ".into(), ..person_request(1) };
    let refusal = refused(person.once("k").register_party(wrong).await);
    let found: Vec<_> =
        refusal.findings.iter().map(|f| (f.rule.as_str(), f.field.as_deref().unwrap_or_default())).collect();
    assert_eq!(found, [("text.empty", "name"), ("mobile.form", "mobile")], "all faults at once");
    let count = "SELECT (SELECT count(*) FROM registry.parties) + (SELECT count(*) FROM registry.idempotency)";
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut world.owner().await).await.unwrap(), 0);
    assert!(world.facts().await.is_empty());

    let first = person.once("k").register_party(person_request(1)).await.unwrap().into_inner();
    let again = person.once("k").register_party(person_request(1)).await.unwrap().into_inner();
    assert_eq!(first, again);
    assert_eq!(world.facts().await.len(), 1);
    assert_eq!(
        why(person.once("k").register_party(person_request(2)).await),
        (Kind::Conflict, "request.idempotency-key".into())
    );
}

#[tokio::test]
async fn forms_are_held_to_the_kind_of_party() {
    let world = World::new().await;
    let try_one = |change: fn(&mut RegisterPartyRequest)| {
        let mut request = RegisterPartyRequest {
            kind: "company".into(),
            identity_number: uscc("91", 7),
            legal_representative: Some("丙某".into()),
            ..person_request(1)
        };
        change(&mut request);
        let person = world.someone(&[]);
        async move { person.registry().register_party(request).await }
    };
    let rule = |answer| why(answer).1;
    assert_eq!(rule(try_one(|r| r.legal_representative = None).await), "party.legal-representative");
    assert_eq!(rule(try_one(|r| r.identity_number = resident("19850412", 1)).await), "uscc.kind");
    assert_eq!(rule(try_one(|r| r.kind = "cooperative".into()).await), "party.kind-matches-code");
    assert_eq!(rule(try_one(|r| r.identity_number = uscc("N2", 7)).await), "party.collective");
    assert_eq!(rule(try_one(|r| r.bank_account = Some(bank_account("别人"))).await), "bank-account.own-name");
    assert_eq!(rule(try_one(|r| r.bank_account.as_mut().unwrap().number = "12".into()).await), "bank-account.form");
    assert_eq!(rule(try_one(|r| r.name = "x\0y".into()).await), "text.characters");
    assert_eq!(why(try_one(|r| r.kind = "collective".into()).await).0, Kind::Malformed);
    let party = try_one(|_| ()).await.unwrap().into_inner();
    assert_eq!(party.legal_representative.as_deref(), Some("丙*"));
}

#[tokio::test]
async fn a_bank_account_is_changed_by_its_owner_in_the_own_name() {
    let world = World::new().await;
    let person = world.someone(&[]);
    let change = |name: &str| UpdateBankAccountRequest {
        bank_account: Some(BankAccount { number: "6222 0000 0000 0009 999".into(), ..bank_account(name) }),
    };
    assert_eq!(why(person.registry().update_bank_account(change("甲某1")).await).0, Kind::NotFound);
    let party = person.registry().register_party(person_request(1)).await.unwrap().into_inner();
    assert_eq!(why(person.registry().update_bank_account(change("别人")).await).1, "bank-account.own-name");
    let changed = person.registry().update_bank_account(change("甲某1")).await.unwrap().into_inner();
    assert_eq!(changed.bank_account.as_deref(), Some("**** 9999"));
    let payout =
        world.service().payout_account(PayoutAccountRequest { party_id: party.id }).await.unwrap().into_inner();
    assert_eq!(payout.bank_account.unwrap().number, "6222000000000009999");
    assert_eq!(why(world.public().update_bank_account(change("甲某1")).await).0, Kind::Unauthenticated);
}

#[tokio::test]
async fn who_may_look_and_each_unmasked_look_is_logged() {
    let world = World::new().await;
    let owner = world.someone(&[(Role::Bidder, "")]);
    let party = owner.registry().register_party(person_request(1)).await.unwrap().into_inner();
    let get = || GetPartyRequest { party_id: party.id.clone() };
    let reveal = |purpose: &str| RevealPartyRequest { party_id: party.id.clone(), purpose: purpose.into() };

    assert_eq!(why(world.public().get_party(get()).await).0, Kind::Unauthenticated);
    assert_eq!(why(world.public().reveal_party(reveal("payment")).await).0, Kind::Unauthenticated);
    for role in Role::ALL {
        let person = world.someone(&[(role, COUNTY)]);
        let may = matches!(role, Role::Operator | Role::Finance | Role::Supervisor);
        assert_eq!(person.registry().get_party(get()).await.is_ok(), may, "{role:?}");
        assert_eq!(person.registry().reveal_party(reveal("payment")).await.is_ok(), may, "{role:?}");
    }
    assert_eq!(why(world.operator().registry().reveal_party(reveal("curiosity")).await).0, Kind::Malformed);
    assert_eq!(why(world.operator().registry().reveal_party(reveal("own-data")).await).0, Kind::Malformed);
    assert_eq!(why(world.service().reveal_party(reveal("payment")).await).0, Kind::Forbidden);
    assert_eq!(why(world.someone(&[]).registry().reveal_party(reveal("own-data")).await).0, Kind::Forbidden);

    let own = owner.once("look").reveal_party(reveal("own-data")).await.unwrap().into_inner();
    assert_eq!((own.name.as_str(), own.identity_number), ("甲某1", person_request(1).identity_number));
    owner.once("look").reveal_party(reveal("own-data")).await.unwrap();

    let looks: Vec<_> = world
        .facts()
        .await
        .into_iter()
        .filter_map(|entry| match entry.fact {
            Fact::PersonalDataViewed(look) => Some((look.viewer, look.of, look.purpose)),
            _ => None,
        })
        .collect();
    assert_eq!(looks.len(), 5, "three of staff, and both of the owner's although the key was the same");
    assert!(looks.iter().all(|(_, of, _)| *of == format!("party:{}", party.id)));
    assert_eq!(looks[4], (owner.account, format!("party:{}", party.id), "own-data".into()));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM registry.idempotency")
        .fetch_one(&mut world.owner().await)
        .await
        .unwrap();
    assert_eq!(kept, 0, "no answer with personal data is kept for a repeated call");
}

#[tokio::test]
async fn what_services_ask_is_refused_to_people() {
    let world = World::new().await;
    let person = world.someone(&[(Role::Bidder, "")]);
    let party = person.registry().register_party(person_request(1)).await.unwrap().into_inner();
    let everything: Vec<_> = Role::ALL.iter().map(|role| (*role, "")).collect();
    let almighty = world.someone(&everything).registry();
    let id = || party.id.clone();
    let asks = [
        why(almighty.clone().party_of_account(PartyOfAccountRequest { account_id: person.account.to_string() }).await),
        why(almighty.clone().party_for_certificate(PartyForCertificateRequest { party_id: id() }).await),
        why(almighty.clone().payout_account(PayoutAccountRequest { party_id: id() }).await),
        why(almighty.clone().is_member(IsMemberRequest { party_id: id(), collective_id: id() }).await),
        why(almighty.clone().holds_right(HoldsRightRequest { party_id: id(), asset_ids: vec![], day_on: None }).await),
        why(almighty
            .clone()
            .asset_transferable(AssetTransferableRequest { asset_ids: vec![id()], ..Default::default() })
            .await),
    ];
    assert!(asks.iter().all(|(kind, _)| *kind == Kind::Forbidden), "{asks:?}");

    let ask = PartyOfAccountRequest { account_id: person.account.to_string() };
    let found = world.service().party_of_account(ask).await.unwrap().into_inner();
    assert_eq!((found.party_id, found.name.as_str(), found.has_bank_account), (party.id.clone(), "甲**", true));
    let nobody = PartyOfAccountRequest { account_id: AccountId(uuid::Uuid::now_v7()).to_string() };
    assert_eq!(why(world.service().party_of_account(nobody).await).0, Kind::NotFound);
    let named = world
        .service()
        .party_for_certificate(PartyForCertificateRequest { party_id: id() })
        .await
        .unwrap()
        .into_inner();
    assert_eq!((named.name.as_str(), named.public_name.as_str()), ("甲某1", "甲**"));
    assert!(!format!("{named:?}").contains("甲某1"), "nor does a log line by way of Debug");
}

#[tokio::test]
async fn somebody_registered_by_the_exchange_takes_the_party_over() {
    let world = World::new().await;
    assert_eq!(
        why(world
            .someone(&[])
            .registry()
            .register_party(RegisterPartyRequest { on_behalf: Some(true), ..person_request(1) })
            .await)
        .0,
        Kind::Forbidden
    );
    let held = world.holder(1).await;
    assert!(!held.has_account);
    // Again by the exchange: whose it is may be told there.
    let again = refused(
        world
            .operator()
            .registry()
            .register_party(RegisterPartyRequest { on_behalf: Some(true), ..person_request(1) })
            .await,
    );
    assert_eq!(again.findings[0].facts["party"], held.id);
    // Under another name: not theirs.
    let stranger = RegisterPartyRequest { name: "丁某".into(), bank_account: None, ..person_request(1) };
    assert_eq!(why(world.someone(&[]).registry().register_party(stranger).await).1, "party.identity-registered");
    let person = world.someone(&[]);
    let taken = person
        .registry()
        .register_party(RegisterPartyRequest { mobile: "13900001111".into(), ..person_request(1) })
        .await;
    let taken = taken.unwrap().into_inner();
    assert_eq!((taken.id, taken.mobile.as_str(), taken.has_account), (held.id, "139****1111", true));
    assert_eq!(
        why(world.someone(&[]).registry().register_party(person_request(1)).await).1,
        "party.identity-registered"
    );
}
