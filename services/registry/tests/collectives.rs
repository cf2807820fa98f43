//! Collectives and their members.

mod common;

use common::*;
use sanbian_domain::{fact::Fact, role::Role};
use sanbian_proto::registry::v1::*;
use sanbian_runtime::Kind;

#[tokio::test]
async fn the_exchange_registers_a_collective_in_its_region() {
    let world = World::new().await;
    let request = || collective_request(VILLAGE, 1);
    assert_eq!(why(world.public().register_collective(request()).await).0, Kind::Unauthenticated);
    for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Operator | Role::CountyReviewer)) {
        let answer = world.someone(&[(role, COUNTY)]).registry().register_collective(request()).await;
        assert_eq!(why(answer).0, Kind::Forbidden, "{role:?}");
    }
    let elsewhere = world.someone(&[(Role::Operator, "500230")]);
    assert_eq!(why(elsewhere.registry().register_collective(request()).await).0, Kind::Forbidden);
    assert!(world.facts().await.is_empty());

    let reviewer = world.someone(&[(Role::CountyReviewer, COUNTY)]);
    let charter = Charter {
        adopted_on: "2025-06-01".into(),
        digest: None,
        representatives: Some(32),
        reserve_percent: Some("30.00".into()),
        share_mode: Some("static".into()),
    };
    let full = RegisterCollectiveRequest { charter: Some(charter), ..request() };
    let collective = reviewer.registry().register_collective(full).await.unwrap().into_inner();
    assert_eq!(collective.charter.as_ref().unwrap().reserve_percent.as_deref(), Some("30"));
    assert_eq!(collective.legal_representative.as_deref(), Some("乙**"));
    assert_eq!(collective.bank_account.as_deref(), Some("**** 1234"));
    let facts = world.facts().await;
    let [entry] = facts.as_slice() else { panic!("one fact") };
    assert_eq!((entry.region.as_str(), entry.subject.clone()), (VILLAGE, format!("collective:{}", collective.id)));
    let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
    assert!(text.contains(&collective.name) && !text.contains("乙某"));

    let get = || GetCollectiveRequest { collective_id: collective.id.clone() };
    let public = world.public().get_collective(get()).await.unwrap().into_inner();
    assert_eq!((public.legal_representative, public.bank, public.bank_account), (None, None, None));
    assert_eq!(public.name, collective.name);
    let other_clerk =
        world.someone(&[(Role::Clerk, OTHER_VILLAGE)]).registry().get_collective(get()).await.unwrap().into_inner();
    assert_eq!(other_clerk.bank_account, None);
    let clerk = world.clerk().registry().get_collective(get()).await.unwrap().into_inner();
    assert!(clerk.bank_account.is_some());

    assert_eq!(
        why(world.operator().registry().register_collective(request()).await),
        (Kind::Conflict, "collective.registered".into())
    );
    // It is a party: what contracts and payouts ask of parties works for it.
    let ask = PartyForCertificateRequest { party_id: collective.id.clone() };
    let named = world.service().party_for_certificate(ask).await.unwrap().into_inner();
    assert_eq!((named.public_name, named.kind.as_str()), (collective.name.clone(), "collective"));
    assert_eq!(named.legal_representative.as_deref(), Some("乙某某"));
}

#[tokio::test]
async fn a_collective_belongs_to_a_narrow_enough_region() {
    let world = World::new().await;
    let operator = world.operator();
    let try_one = |region: &str, holder: &str| {
        let request = RegisterCollectiveRequest { holder: holder.into(), ..collective_request(region, 9) };
        let client = operator.registry();
        async move { client.clone().register_collective(request).await }
    };
    assert_eq!(why(try_one(COUNTY, "collective").await), (Kind::Rule, "collective.region".into()));
    assert_eq!(why(try_one("5002291", "collective").await).1, "region.length");
    assert_eq!(why(try_one(VILLAGE, "mafia").await).0, Kind::Malformed);
    assert!(try_one(COUNTY, "state-farm").await.is_ok());
}

#[tokio::test]
async fn proceeds_go_where_the_exchange_says_and_not_the_clerk() {
    let world = World::new().await;
    let collective = world.collective().await;
    let request = |name: &str| UpdateCollectiveAccountRequest {
        collective_id: collective.id.clone(),
        bank_account: Some(BankAccount { number: "12345678".into(), ..bank_account(name) }),
    };
    for (role, region) in
        [(Role::Clerk, VILLAGE), (Role::Chair, VILLAGE), (Role::Finance, COUNTY), (Role::Operator, "500230")]
    {
        let answer =
            world.someone(&[(role, region)]).registry().update_collective_account(request(&collective.name)).await;
        assert_eq!(why(answer).0, Kind::Forbidden, "{role:?}");
    }
    assert_eq!(
        why(world.operator().registry().update_collective_account(request("别人")).await).1,
        "bank-account.own-name"
    );
    world.operator().registry().update_collective_account(request(&collective.name)).await.unwrap();
    let ask = PayoutAccountRequest { party_id: collective.id.clone() };
    let payout = world.service().payout_account(ask).await.unwrap().into_inner();
    assert_eq!(payout.masked_number.as_deref(), Some("**** 5678"));
    assert_eq!(payout.bank_account.unwrap().number, "12345678");
}

#[tokio::test]
async fn the_register_counts_members_voters_and_households() {
    let world = World::new().await;
    let collective = world.collective().await;
    let year = chrono::Datelike::year(&world.clock.now());
    let child = format!("{}0101", year - 10);
    let request = || ImportMembersRequest {
        collective_id: collective.id.clone(),
        households: vec![
            household(
                "1",
                vec![member("19700101", 1, "head"), member("19720101", 2, "spouse"), member(&child, 3, "child")],
            ),
            household("2", vec![MemberEntry { lacks_capacity: Some(true), ..member("19500101", 4, "head") }]),
        ],
    };
    for (role, region) in [(Role::Clerk, OTHER_VILLAGE), (Role::Operator, COUNTY), (Role::Member, VILLAGE)] {
        let answer = world.someone(&[(role, region)]).registry().import_members(request()).await;
        assert_eq!(why(answer).0, Kind::Forbidden, "{role:?}");
    }
    let done = world.clerk().registry().import_members(request()).await.unwrap().into_inner();
    let now = done.collective.unwrap();
    assert_eq!((now.members, now.voters, now.households, done.joined, done.left), (4, 2, 2, 4, 0));
    assert!(done.findings.is_empty());
    let facts = world.facts().await;
    let Fact::MembersRecorded(fact) = &facts.last().unwrap().fact else { panic!("members.recorded") };
    assert_eq!((fact.members, fact.voters, fact.households), (4, 2, 2));

    // Masked, by household, in pages; for clerk, chair and supervisor.
    let list = |cursor, limit| ListMembersRequest { collective_id: collective.id.clone(), cursor, limit };
    for (role, region) in [(Role::Member, VILLAGE), (Role::Operator, COUNTY), (Role::Chair, OTHER_VILLAGE)] {
        assert_eq!(
            why(world.someone(&[(role, region)]).registry().list_members(list(None, None)).await).0,
            Kind::Forbidden
        );
    }
    let supervisor = world.someone(&[(Role::Supervisor, COUNTY)]);
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = supervisor.registry().list_members(list(cursor, Some(1))).await.unwrap().into_inner();
        seen.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let shown: Vec<_> = seen.iter().map(|m| (m.household_number.as_str(), m.name.as_str(), m.votes)).collect();
    assert_eq!(shown[0], ("1", "甲**", true), "the head first");
    assert_eq!(shown[3], ("2", "甲**", false));
    assert_eq!(shown.iter().filter(|(_, _, votes)| *votes).count(), 2);
    assert!(seen.iter().all(|member| member.identity_number.contains("**********")));
    let open: i64 =
        sqlx::query_scalar("SELECT count(*) FROM registry.members WHERE position('500229'::bytea IN profile) > 0")
            .fetch_one(&mut world.owner().await)
            .await
            .unwrap();
    assert_eq!(open, 0);
}

#[tokio::test]
async fn members_leave_come_back_and_are_known_by_their_number() {
    let world = World::new().await;
    let collective = world.collective().await;
    let import = |members: Vec<MemberEntry>| {
        let request =
            ImportMembersRequest { collective_id: collective.id.clone(), households: vec![household("1", members)] };
        let client = world.clerk().registry();
        async move { client.clone().import_members(request).await.unwrap().into_inner() }
    };
    // Party 1 of the requests below has this number.
    let first = || member("19850412", 1, "head");
    import(vec![first(), member("19900101", 2, "spouse")]).await;
    let bidder = world.someone(&[]);
    let party = bidder.registry().register_party(person_request(1)).await.unwrap().into_inner();
    let ask = || IsMemberRequest { party_id: party.id.clone(), collective_id: collective.id.clone() };
    let before = world.service().is_member(ask()).await.unwrap().into_inner();
    assert!(before.member && before.votes);
    let of_account = PartyOfAccountRequest { account_id: bidder.account.to_string() };
    let known = world.service().party_of_account(of_account).await.unwrap().into_inner();
    assert_eq!(known.memberships, vec![before.clone()]);

    let gone = import(vec![member("19900101", 2, "head")]).await;
    assert_eq!((gone.joined, gone.left, gone.collective.unwrap().members), (0, 1, 1));
    let away = world.service().is_member(ask()).await.unwrap().into_inner();
    assert_eq!((away.member, away.member_id), (false, None));

    let back = import(vec![first(), member("19900101", 2, "spouse")]).await;
    assert_eq!((back.joined, back.left), (1, 0));
    assert_eq!(world.service().is_member(ask()).await.unwrap().into_inner(), before, "under the same id");

    let stranger = world.holder(5).await;
    let ask = IsMemberRequest { party_id: stranger.id, collective_id: collective.id.clone() };
    assert!(!world.service().is_member(ask).await.unwrap().into_inner().member);
}

#[tokio::test]
async fn a_member_of_two_collectives_is_remarked_but_not_of_a_village_and_its_group() {
    let world = World::new().await;
    let import = |collective: &Collective| {
        let request = ImportMembersRequest {
            collective_id: collective.id.clone(),
            households: vec![household("1", vec![member("19700101", 1, "head")])],
        };
        let client = world.someone(&[(Role::Chair, &collective.region)]).registry();
        async move { client.clone().import_members(request).await.unwrap().into_inner() }
    };
    let village = world.collective().await;
    let group = world.collective_in(&format!("{VILLAGE}01"), 2).await;
    let other = world.collective_in(OTHER_VILLAGE, 3).await;
    assert!(import(&village).await.findings.is_empty());
    assert!(import(&group).await.findings.is_empty());
    let done = import(&other).await;
    assert_eq!(rules(&done.findings), ["register.member-elsewhere", "register.member-elsewhere"]);
    assert!(done.findings[0].contains("households[0].members[0]"));
}

#[tokio::test]
async fn two_imports_at_once_leave_one_register() {
    let world = World::new().await;
    let collective = world.collective().await;
    let tries = (0..6u32).map(|round| {
        let members = (0..40)
            .map(|serial| member("19700101", serial + round, if serial == 0 { "head" } else { "other" }))
            .collect();
        let request =
            ImportMembersRequest { collective_id: collective.id.clone(), households: vec![household("1", members)] };
        let clerk = world.clerk();
        tokio::spawn(async move { clerk.registry().import_members(request).await.map(|done| done.into_inner()) })
    });
    for answer in futures::future::join_all(tries.collect::<Vec<_>>()).await {
        assert_eq!(answer.unwrap().unwrap().collective.unwrap().members, 40);
    }
    let (members, heads): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE relation = 'head') FROM registry.members WHERE left_on IS NULL",
    )
    .fetch_one(&mut world.owner().await)
    .await
    .unwrap();
    assert_eq!((members, heads), (40, 1));
}

#[tokio::test]
async fn collectives_are_listed_by_region_in_pages() {
    let world = World::new().await;
    for serial in 1..=3 {
        world.collective_in(VILLAGE, serial).await;
    }
    let other = world.collective_in(OTHER_VILLAGE, 4).await;
    let list = |region: Option<&str>, name: Option<&str>, cursor, limit| ListCollectivesRequest {
        region: region.map(str::to_owned),
        name: name.map(str::to_owned),
        cursor,
        limit,
    };
    let first = world.public().list_collectives(list(Some(VILLAGE), None, None, Some(2))).await.unwrap().into_inner();
    let second = world
        .public()
        .list_collectives(list(Some(VILLAGE), None, first.next_cursor, Some(2)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (2, 1, None));
    assert!(first.items.iter().all(|collective| collective.bank_account.is_none()));
    let found = world.public().list_collectives(list(None, Some("联合社4"), None, None)).await.unwrap().into_inner();
    assert_eq!(found.items, vec![Collective { legal_representative: None, bank: None, bank_account: None, ..other }]);
    assert_eq!(why(world.public().list_collectives(list(Some("50x"), None, None, None)).await).1, "region.digits");
    assert_eq!(why(world.public().list_collectives(list(None, None, Some("x".into()), None)).await).0, Kind::Malformed);
}
