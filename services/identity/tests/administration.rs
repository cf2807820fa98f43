//! Administration: accounts for others, roles within regions, separation of duties, disabling, and the first administrator.

mod common;
use common::*;
use sanbian_domain::{fact::Fact, role::Role};
use sanbian_proto::identity::v1::{
    CreateAccountRequest, DisableAccountRequest, FindAccountRequest, ListAccountsRequest, RefreshSessionRequest,
    RevokeRoleRequest,
};
use sanbian_runtime::Kind;
use uuid::Uuid;

const COUNTY: &str = "500101";
const TOWNSHIP: &str = "500101001";
const VILLAGE: &str = "500101001200";
const OTHER_COUNTY: &str = "500102";

fn revoke_request(id: &str, role: Role, region: &str) -> RevokeRoleRequest {
    RevokeRoleRequest { id: id.into(), role: role.to_string(), region: region.into() }
}

fn create_request(username: &str, region: &str) -> CreateAccountRequest {
    CreateAccountRequest {
        username: username.into(),
        initial_password: PASSWORD.into(),
        display_name: "王小明".into(),
        region: region.into(),
    }
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let fixture = Fixture::new().await.shared();
    let calls = (0..3).map(|number| {
        let fixture = fixture.clone();
        tokio::spawn(async move {
            sanbian_identity::bootstrap_administrator(&fixture.deps, &format!("admin.{number}"), PASSWORD).await
        })
    });
    let results: Vec<_> = futures::future::join_all(calls).await.into_iter().map(|result| result.unwrap()).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for refusal in results.iter().filter_map(|result| result.as_ref().err()) {
        assert_eq!((refusal.kind, rules(refusal)), (Kind::Conflict, vec!["identity.first-administrator"]));
    }
    let told = fixture.db.outbox().await;
    assert_eq!(fixture.kinds().await, ["account.created", "role.granted"]);
    assert!(told.iter().all(|entry| entry.actor == "system"));
    let bad = sanbian_identity::bootstrap_administrator(&fixture.deps, "x", "admin").await.unwrap_err();
    assert_eq!(rules(&bad), ["identity.username", "identity.password-length"]);
}

#[tokio::test]
async fn a_new_installation_lets_nobody_in() {
    let fixture = Fixture::new().await;
    for (name, password) in [("admin", "admin"), ("root", ""), ("sanbian", "sanbian"), ("postgres", "postgres")] {
        assert_eq!(
            refused(fixture.public().sign_in(sign_in_request(name, password)).await).kind,
            Kind::Unauthenticated
        );
    }
    assert_eq!(fixture.count("SELECT count(*) FROM identity.account").await, 0);
}

#[tokio::test]
async fn an_account_made_by_another_has_no_role_until_it_has_its_own_password() {
    let fixture = Fixture::new().await;
    let (root_id, root) = fixture.root().await;
    let clerk = fixture.create(&root, "clerk.wang", VILLAGE, Some((Role::Clerk, VILLAGE))).await;
    assert!(clerk.must_change_password);
    assert_eq!((clerk.display_name.as_str(), clerk.region.as_str()), ("王**", VILLAGE));
    let told = fixture.db.outbox().await;
    let (made, granted) = (&told[2], &told[3]);
    assert_eq!((made.actor.as_str(), made.region.as_str()), (root_id.to_string().as_str(), VILLAGE));
    assert_eq!(made.subject, format!("account:{}", clerk.id));
    assert!(matches!(&granted.fact, Fact::RoleGranted(fact) if fact.role == Role::Clerk && fact.region == VILLAGE));

    let opened = fixture.sign_in("clerk.wang").await;
    let session = opened.session.unwrap();
    assert!(session.grants.is_empty() && session.account.as_ref().unwrap().grants.len() == 1);
    assert!(fixture.deps.door.tokens.verify(&session.access_token).unwrap().grants.is_empty());
    let request = RefreshSessionRequest { refresh_token: opened.refresh_token };
    let next = fixture.public().refresh_session(request).await.unwrap().into_inner();
    assert!(next.session.unwrap().grants.is_empty(), "a refresh gives no more");

    let change = sanbian_proto::identity::v1::ChangePasswordRequest {
        current_password: PASSWORD.into(),
        new_password: "seven young walnut trees".into(),
    };
    let own = fixture.with_token(&session.access_token).change_password(change).await.unwrap().into_inner();
    assert_eq!(own.grants.len(), 1);
    assert!(!own.account.unwrap().must_change_password);
    assert_eq!(fixture.deps.door.tokens.verify(&own.access_token).unwrap().grants.len(), 1);
}

/// Every act of administration as `token`; the kinds of refusal, or none where it was done.
async fn all_acts(fixture: &Fixture, token: Option<&str>, target: &str, region: &str) -> Vec<Option<Kind>> {
    let client = || token.map_or_else(|| fixture.public(), |token| fixture.with_token(token));
    let kind =
        |result: Result<(), tonic::Status>| result.err().map(|status| sanbian_runtime::Refusal::from(status).kind);
    let username = format!("new.{}", &Uuid::new_v4().simple().to_string()[..8]);
    vec![
        kind(client().create_account(create_request(&username, region)).await.map(drop)),
        kind(client().grant_role(grant_request(target, Role::Supervisor, region)).await.map(drop)),
        kind(client().revoke_role(revoke_request(target, Role::Supervisor, region)).await.map(drop)),
        kind(client().disable_account(DisableAccountRequest { id: target.into() }).await.map(drop)),
    ]
}

#[tokio::test]
async fn only_an_administrator_administers_and_only_within_its_region() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let (_, admin) = fixture.administrator_of(&root, "admin.county", COUNTY).await;
    let there = fixture.create(&root, "there.wang", OTHER_COUNTY, None).await;
    let before = (fixture.kinds().await.len(), fixture.count("SELECT count(*) FROM identity.account").await);

    assert_eq!(all_acts(&fixture, None, &there.id, OTHER_COUNTY).await, [Some(Kind::Unauthenticated); 4]);
    let list = ListAccountsRequest::default();
    assert_eq!(refused(fixture.public().list_accounts(list.clone()).await).kind, Kind::Unauthenticated);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Administrator) {
        let token = fixture.made_up_token(&[(role, "")]);
        assert_eq!(
            all_acts(&fixture, Some(&token), &there.id, OTHER_COUNTY).await,
            [Some(Kind::Forbidden); 4],
            "{role}"
        );
        let mut client = fixture.with_token(&token);
        assert_eq!(refused(client.list_accounts(list.clone()).await).kind, Kind::Forbidden);
        let find = FindAccountRequest { username: "there.wang".into() };
        assert_eq!(refused(client.find_account(find).await).kind, Kind::Forbidden);
    }
    // The right role in the wrong region, above its own region, and with a token whose holder is not in the books.
    assert_eq!(all_acts(&fixture, Some(&admin), &there.id, OTHER_COUNTY).await, [Some(Kind::Forbidden); 4]);
    assert_eq!(all_acts(&fixture, Some(&admin), &there.id, "5001").await, [Some(Kind::Forbidden); 4]);
    let made_up = fixture.made_up_token(&[(Role::Administrator, "")]);
    assert_eq!(all_acts(&fixture, Some(&made_up), &there.id, OTHER_COUNTY).await, [Some(Kind::Forbidden); 4]);
    let after = (fixture.kinds().await.len(), fixture.count("SELECT count(*) FROM identity.account").await);
    assert_eq!(before, after, "refused acts leave nothing");

    let here = fixture.create(&admin, "here.wang", TOWNSHIP, Some((Role::TownshipReviewer, TOWNSHIP))).await;
    assert_eq!(here.grants.len(), 1);
}

#[tokio::test]
async fn nobody_administers_themselves() {
    let fixture = Fixture::new().await;
    let (root_id, root) = fixture.root().await;
    let id = root_id.to_string();
    let mut client = fixture.with_token(&root);
    for refusal in [
        refused(client.grant_role(grant_request(&id, Role::Administrator, COUNTY)).await),
        refused(client.revoke_role(revoke_request(&id, Role::Administrator, "")).await),
        refused(client.disable_account(DisableAccountRequest { id }).await),
    ] {
        assert_eq!((refusal.kind, rules(&refusal)), (Kind::Forbidden, vec!["identity.not-oneself"]));
    }
}

#[tokio::test]
async fn duties_that_check_each_other_are_not_joined() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let operator = fixture.create(&root, "operator.wang", COUNTY, Some((Role::Operator, COUNTY))).await;
    let mut client = fixture.with_token(&root);
    for (role, region) in [
        (Role::Supervisor, COUNTY),
        (Role::Finance, COUNTY),
        (Role::Administrator, COUNTY),
        (Role::CountyReviewer, OTHER_COUNTY),
        (Role::Bidder, ""),
        (Role::Clerk, VILLAGE),
    ] {
        let refusal = refused(client.grant_role(grant_request(&operator.id, role, region)).await);
        assert_eq!((refusal.kind, rules(&refusal)), (Kind::Rule, vec!["identity.duties-apart"]), "{role}");
        assert_eq!(refusal.findings[0].facts["held"], "operator");
    }
    let bidder = fixture.sign_up("bidder.wang").await;
    let refusal = refused(client.grant_role(grant_request(&bidder.id, Role::Chair, VILLAGE)).await);
    assert_eq!(rules(&refusal), ["identity.duties-apart"]);
    client.grant_role(grant_request(&bidder.id, Role::Member, VILLAGE)).await.unwrap();
    let refusal = refused(client.grant_role(grant_request(&bidder.id, Role::Member, COUNTY)).await);
    assert_eq!(rules(&refusal), ["identity.grant-reach"]);
    client.grant_role(grant_request(&operator.id, Role::Operator, OTHER_COUNTY)).await.unwrap();
}

#[tokio::test]
async fn two_grants_at_once_do_not_join_what_must_be_apart() {
    let fixture = Fixture::new().await.shared();
    let (_, root) = fixture.root().await;
    for round in 0..5 {
        let account = fixture.create(&root, &format!("staff.{round}"), COUNTY, None).await;
        let calls = [Role::Operator, Role::Finance, Role::Supervisor, Role::CountyReviewer].map(|role| {
            let (fixture, root, id) = (fixture.clone(), root.clone(), account.id.clone());
            tokio::spawn(async move { fixture.with_token(&root).grant_role(grant_request(&id, role, COUNTY)).await })
        });
        let results = futures::future::join_all(calls).await;
        assert_eq!(results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count(), 1);
    }
    assert_eq!(fixture.count("SELECT count(*) FROM identity.role_grant WHERE role <> 'administrator'").await, 5);
}

#[tokio::test]
async fn roles_come_and_go_and_the_log_hears_it_once() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let account = fixture.create(&root, "reviewer.wang", COUNTY, None).await;
    let heard = fixture.kinds().await.len();
    let grant = grant_request(&account.id, Role::CountyReviewer, COUNTY);
    let mut with_key = fixture.with_token_and_key(&root, Some("k1"));
    let first = with_key.grant_role(grant.clone()).await.unwrap().into_inner();
    assert_eq!(with_key.grant_role(grant.clone()).await.unwrap().into_inner(), first);
    // Held already, asked with another key or a longer form of the same code: nothing new.
    let mut client = fixture.with_token(&root);
    client.grant_role(grant).await.unwrap();
    client.grant_role(grant_request(&account.id, Role::CountyReviewer, "500101000")).await.unwrap();
    client.revoke_role(revoke_request(&account.id, Role::CountyReviewer, COUNTY)).await.unwrap();
    let refusal = refused(client.revoke_role(revoke_request(&account.id, Role::CountyReviewer, COUNTY)).await);
    assert_eq!(refusal.kind, Kind::NotFound);
    assert_eq!(fixture.kinds().await[heard..], ["role.granted", "role.revoked"]);
    for (id, role, region, kind) in [
        ("x", "clerk", VILLAGE, Kind::Malformed),
        (account.id.as_str(), "king", VILLAGE, Kind::Malformed),
        (account.id.as_str(), "clerk", "12345", Kind::Rule),
        (&Uuid::now_v7().to_string(), "clerk", VILLAGE, Kind::NotFound),
    ] {
        let request =
            sanbian_proto::identity::v1::GrantRoleRequest { id: id.into(), role: role.into(), region: region.into() };
        assert_eq!(refused(client.grant_role(request).await).kind, kind, "{id} {role} {region}");
    }
}

#[tokio::test]
async fn a_disabled_account_has_no_role_no_session_and_no_way_back_in() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let account = fixture.create(&root, "reviewer.wang", COUNTY, Some((Role::CountyReviewer, COUNTY))).await;
    fixture.with_token(&root).grant_role(grant_request(&account.id, Role::CountyReviewer, OTHER_COUNTY)).await.unwrap();
    let opened = fixture.sign_in("reviewer.wang").await;
    // An administrator of one of its two regions does not reach far enough.
    let (_, admin) = fixture.administrator_of(&root, "admin.county", COUNTY).await;
    let heard = fixture.kinds().await.len();
    let request = DisableAccountRequest { id: account.id.clone() };
    assert_eq!(refused(fixture.with_token(&admin).disable_account(request.clone()).await).kind, Kind::Forbidden);
    assert_eq!(fixture.kinds().await.len(), heard);

    let disabled = fixture.with_token(&root).disable_account(request.clone()).await.unwrap().into_inner();
    assert!(disabled.disabled_at.is_some() && disabled.grants.is_empty());
    let again = fixture.with_token(&root).disable_account(request).await.unwrap().into_inner();
    assert_eq!(again, disabled);
    assert_eq!(fixture.kinds().await[heard..], ["role.revoked", "role.revoked"]);

    let refresh = RefreshSessionRequest { refresh_token: opened.refresh_token };
    assert_eq!(refused(fixture.public().refresh_session(refresh).await).kind, Kind::Unauthenticated);
    let refusal = refused(fixture.public().sign_in(sign_in_request("reviewer.wang", PASSWORD)).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Forbidden, vec!["identity.account-disabled"]));
    let wrong = refused(fixture.public().sign_in(sign_in_request("reviewer.wang", "not the one")).await);
    assert_eq!(rules(&wrong), ["identity.credentials"], "only who knows the password learns it");
    let grant = grant_request(&account.id, Role::CountyReviewer, COUNTY);
    assert_eq!(rules(&refused(fixture.with_token(&root).grant_role(grant).await)), ["identity.account-disabled"]);
    let change = sanbian_proto::identity::v1::ChangePasswordRequest {
        current_password: PASSWORD.into(),
        new_password: "seven young walnut trees".into(),
    };
    assert!(fixture.with_token(&opened.session.unwrap().access_token).change_password(change).await.is_err());
}

#[tokio::test]
async fn an_administrator_who_was_dismissed_hands_out_nothing_with_an_old_token() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let (admin_id, admin) = fixture.administrator_of(&root, "admin.county", COUNTY).await;
    let staff = fixture.create(&admin, "staff.wang", COUNTY, None).await;
    let revoke = revoke_request(&admin_id.to_string(), Role::Administrator, COUNTY);
    fixture.with_token(&root).revoke_role(revoke).await.unwrap();
    assert!(fixture.deps.door.tokens.verify(&admin).is_ok(), "the token itself still says administrator");
    assert_eq!(all_acts(&fixture, Some(&admin), &staff.id, COUNTY).await, [Some(Kind::Forbidden); 4]);
}

#[tokio::test]
async fn of_two_administrators_who_disable_each_other_one_stays() {
    let fixture = Fixture::new().await.shared();
    let (_, root) = fixture.root().await;
    for round in 0..3 {
        let (a, b) = (format!("admin.a{round}"), format!("admin.b{round}"));
        let (a, a_token) = fixture.administrator_of(&root, &a, COUNTY).await;
        let (b, b_token) = fixture.administrator_of(&root, &b, COUNTY).await;
        let calls = [(a_token, b), (b_token, a)].map(|(token, id)| {
            let fixture = fixture.clone();
            let request = DisableAccountRequest { id: id.to_string() };
            tokio::spawn(async move { fixture.with_token(&token).disable_account(request).await.is_ok() })
        });
        let done = futures::future::join_all(calls).await;
        assert_eq!(done.into_iter().filter(|done| *done.as_ref().unwrap()).count(), 1);
    }
}

#[tokio::test]
async fn lists_show_ones_own_regions_masked_and_page_by_page() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    let (_, admin) = fixture.administrator_of(&root, "admin.county", COUNTY).await;
    let elsewhere = fixture.create(&root, "there.wang", OTHER_COUNTY, None).await;
    let visitor = fixture.create(&root, "visitor.wang", OTHER_COUNTY, Some((Role::Member, VILLAGE))).await;
    for number in 0..5 {
        fixture.create(&admin, &format!("1380000567{number}"), TOWNSHIP, None).await;
    }
    let mut client = fixture.with_token(&admin);
    let (mut cursor, mut names) = (None, Vec::new());
    loop {
        let request = ListAccountsRequest { cursor, limit: Some(3) };
        let page = client.list_accounts(request).await.unwrap().into_inner();
        assert!(page.items.len() <= 3 && page.items.iter().all(|account| account.display_name == "王**"));
        names.extend(page.items.into_iter().map(|account| account.username));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let numbers = (0..5).rev().map(|number| format!("138****567{number}"));
    let expected: Vec<String> = numbers.chain(["visitor.wang".to_owned(), "admin.county".to_owned()]).collect();
    assert_eq!(names, expected);

    let find = |username: &str| FindAccountRequest { username: username.into() };
    let found = client.find_account(find("138 0000 5670")).await.unwrap().into_inner();
    assert_eq!(found.username, "138****5670");
    assert_eq!(client.find_account(find("visitor.wang")).await.unwrap().into_inner().id, visitor.id);
    assert_eq!(refused(client.find_account(find("there.wang")).await).kind, Kind::NotFound);
    assert_eq!(refused(client.find_account(find("nobody.wang")).await).kind, Kind::NotFound);
    let mut root = fixture.with_token(&root);
    assert_eq!(root.find_account(find("there.wang")).await.unwrap().into_inner().id, elsewhere.id);
    for request in [
        ListAccountsRequest { cursor: Some("x".into()), limit: None },
        ListAccountsRequest { cursor: None, limit: Some(0) },
        ListAccountsRequest { cursor: None, limit: Some(201) },
    ] {
        assert_eq!(refused(root.list_accounts(request).await).kind, Kind::Malformed);
    }
}
