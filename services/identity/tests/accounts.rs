//! Making an account, one's own account, and changing the password.

mod common;
use common::*;
use sanbian_domain::fact::Fact;
use sanbian_proto::identity::v1::{ChangePasswordRequest, GetAccountRequest, GetMeRequest};
use sanbian_runtime::Kind;
use sqlx::{Connection, PgConnection};

const NEW: &str = "seven young walnut trees";

fn change(current: &str, new: &str) -> ChangePasswordRequest {
    ChangePasswordRequest { current_password: current.into(), new_password: new.into() }
}

#[tokio::test]
async fn whoever_asks_becomes_a_bidder_everywhere_and_nothing_else() {
    let fixture = Fixture::new().await;
    let account = fixture.sign_up(" +86 138-0000-5678 ").await;
    assert_eq!((account.username.as_str(), account.display_name.as_str()), ("13800005678", "王小明"));
    assert_eq!(
        account.grants.iter().map(|g| (g.role.as_str(), g.region.as_str())).collect::<Vec<_>>(),
        [("bidder", "")]
    );
    assert!(!account.must_change_password && account.disabled_at.is_none() && account.region.is_empty());

    let opened = fixture.sign_in("13800005678").await;
    let session = opened.session.as_ref().unwrap();
    assert_eq!(session.account.as_ref().unwrap(), &account);
    assert_eq!(session.grants, account.grants);
    let me = fixture.with_token(&session.access_token).get_me(GetMeRequest {}).await.unwrap().into_inner();
    assert_eq!(me, account);

    let caller = fixture.deps.door.tokens.verify(&session.access_token).unwrap();
    assert_eq!((caller.account.to_string(), caller.grants.len()), (account.id.clone(), 1));

    let told = fixture.db.outbox().await;
    assert_eq!(fixture.kinds().await, ["account.created", "role.granted"]);
    for entry in &told {
        assert_eq!(entry.actor, account.id, "who signs up is the actor");
        assert_eq!(entry.subject, format!("account:{}", account.id));
        let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
        assert!(!text.contains("13800005678") && !text.contains("王小明"), "no name in the log");
    }
    assert!(matches!(&told[1].fact, Fact::RoleGranted(fact) if fact.region.is_empty()));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_form_is_said_at_once_and_nothing_is_left() {
    let fixture = Fixture::new().await;
    let mut request = sign_up_request("张三");
    request.password = "short".into();
    request.display_name = "\u{7}".into();
    let refusal = refused(fixture.with_key("k").sign_up(request).await);
    assert_eq!(refusal.kind, Kind::Rule);
    assert_eq!(rules(&refusal), ["identity.username", "identity.display-name", "identity.password-length"]);
    let fields: Vec<_> = refusal.findings.iter().map(|finding| finding.field.as_deref().unwrap()).collect();
    assert_eq!(fields, ["username", "display_name", "password"]);
    for (password, rule) in
        [("password123", "identity.password-common"), ("i am wang.xiaoming", "identity.password-name")]
    {
        let mut request = sign_up_request("wang.xiaoming");
        request.password = password.into();
        assert_eq!(rules(&refused(fixture.public().sign_up(request).await)), [rule]);
    }
    assert_eq!(fixture.count("SELECT count(*) FROM identity.account").await, 0);
    assert_eq!(fixture.count("SELECT count(*) FROM identity.idempotency").await, 0);
    assert!(fixture.kinds().await.is_empty());
}

#[tokio::test]
async fn a_name_is_taken_once_whatever_its_case() {
    let fixture = Fixture::new().await;
    fixture.sign_up("Wang.Xiaoming").await;
    let refusal = refused(fixture.public().sign_up(sign_up_request("wang.xiaoMING")).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Conflict, vec!["identity.username-taken"]));
    assert_eq!(fixture.kinds().await, ["account.created", "role.granted"]);
}

#[tokio::test]
async fn two_who_want_a_name_at_once_get_one_account() {
    let fixture = Fixture::new().await.shared();
    let calls = (0..4).map(|_| {
        let fixture = fixture.clone();
        tokio::spawn(async move { fixture.public().sign_up(sign_up_request("wang.xiaoming")).await })
    });
    let results = futures::future::join_all(calls).await;
    let made = results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count();
    assert_eq!(made, 1);
    assert_eq!(fixture.count("SELECT count(*) FROM identity.account").await, 1);
    assert_eq!(fixture.kinds().await.len(), 2);
}

#[tokio::test]
async fn a_repeated_sign_up_gives_the_same_account_and_another_form_is_refused() {
    let fixture = Fixture::new().await;
    let first = fixture.with_key("k1").sign_up(sign_up_request("wang.xiaoming")).await.unwrap().into_inner();
    let mut again = sign_up_request("wang.xiaoming");
    again.client_address = "203.0.113.9".into();
    assert_eq!(fixture.with_key("k1").sign_up(again).await.unwrap().into_inner(), first);
    let mut other = sign_up_request("wang.xiaoming");
    other.password = NEW.into();
    let refusal = refused(fixture.with_key("k1").sign_up(other).await);
    assert_eq!(rules(&refusal), ["request.idempotency-key"]);
    assert_eq!(fixture.kinds().await.len(), 2);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_password() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let (mine, other) = (fixture.sign_in("wang.xiaoming").await, fixture.sign_in("wang.xiaoming").await);
    let client = |key| fixture.with_token_and_key(&token_of(&mine), Some(key));
    let session = client("k1").change_password(change(PASSWORD, NEW)).await.unwrap().into_inner();
    assert!(fixture.deps.door.tokens.verify(&session.access_token).is_ok());

    let refresh = |token: &str| sanbian_proto::identity::v1::RefreshSessionRequest { refresh_token: token.into() };
    let refusal = refused(fixture.public().refresh_session(refresh(&other.refresh_token)).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Unauthenticated, vec!["identity.session-ended"]));
    assert!(fixture.public().refresh_session(refresh(&mine.refresh_token)).await.is_ok());

    let refusal = refused(fixture.public().sign_in(sign_in_request("wang.xiaoming", PASSWORD)).await);
    assert_eq!(rules(&refusal), ["identity.credentials"]);
    assert!(fixture.public().sign_in(sign_in_request("wang.xiaoming", NEW)).await.is_ok());

    // The repeated call gets its answer, though the password it shows is no longer the one.
    assert!(client("k1").change_password(change(PASSWORD, NEW)).await.is_ok());
    let refusal = refused(client("k2").change_password(change(PASSWORD, NEW)).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Rule, vec!["identity.current-password"]));
}

#[tokio::test]
async fn a_password_is_not_changed_without_the_current_one_or_to_a_bad_one() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let token = token_of(&fixture.sign_in("wang.xiaoming").await);
    let mut client = fixture.with_token(&token);
    for (current, new, rule) in [
        ("not the one", NEW, "identity.current-password"),
        (PASSWORD, "short", "identity.password-length"),
        (PASSWORD, "qwertyuiop", "identity.password-common"),
        (PASSWORD, PASSWORD, "identity.password-same"),
    ] {
        assert_eq!(rules(&refused(client.change_password(change(current, new)).await)), [rule]);
    }
    assert_eq!(refused(fixture.public().change_password(change(PASSWORD, NEW)).await).kind, Kind::Unauthenticated);
    let made_up = fixture.made_up_token(&[]);
    let refusal = refused(fixture.with_token(&made_up).change_password(change(PASSWORD, NEW)).await);
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    // A stolen access token is no help for guessing the password either.
    for _ in 0..4 {
        refused(client.change_password(change("not the one", NEW)).await);
    }
    let refusal = refused(client.change_password(change(PASSWORD, NEW)).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::TooMany, vec!["identity.attempts"]));
    // And its owner can still sign in.
    fixture.sign_in("wang.xiaoming").await;
}

#[tokio::test]
async fn an_ended_session_changes_no_password() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let token = token_of(&fixture.sign_in("wang.xiaoming").await);
    fixture.with_token(&token).sign_out(sanbian_proto::identity::v1::SignOutRequest::default()).await.unwrap();
    let refusal = refused(fixture.with_token(&token).change_password(change(PASSWORD, NEW)).await);
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    fixture.sign_in("wang.xiaoming").await;
}

#[tokio::test]
async fn other_services_and_nobody_else_learn_a_masked_name() {
    let fixture = Fixture::new().await;
    let account = fixture.sign_up("13800005678").await;
    let request = GetAccountRequest { id: account.id.clone() };
    let name = fixture.peers.identity_as_service().get_account(request.clone()).await.unwrap().into_inner();
    assert_eq!((name.id, name.display_name.as_str(), name.disabled), (account.id, "王**", false));
    let (_, root) = fixture.root().await;
    assert_eq!(refused(fixture.with_token(&root).get_account(request.clone()).await).kind, Kind::Forbidden);
    assert_eq!(refused(fixture.public().get_account(request).await).kind, Kind::Unauthenticated);
    let nobody = GetAccountRequest { id: uuid::Uuid::now_v7().to_string() };
    assert_eq!(refused(fixture.peers.identity_as_service().get_account(nobody).await).kind, Kind::NotFound);
}

#[tokio::test]
async fn a_password_that_changes_while_it_is_checked_opens_no_session() {
    for change in [
        "UPDATE identity.account SET password_hash = password_hash || 'x'",
        "UPDATE identity.account SET disabled_at = now()",
    ] {
        let fixture = Fixture::new().await.shared();
        fixture.sign_up("wang.xiaoming").await;
        let mut other = PgConnection::connect_with(fixture.db.owner()).await.unwrap();
        let mut changing = other.begin().await.unwrap();
        sqlx::query("SELECT FROM identity.account FOR NO KEY UPDATE").execute(&mut *changing).await.unwrap();
        let signing = tokio::spawn({
            let fixture = fixture.clone();
            async move { fixture.public().sign_in(sign_in_request("wang.xiaoming", PASSWORD)).await }
        });
        // The password was found right, and the sign-in waits for the account.
        let waits =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while fixture.count(waits).await == 0 && !signing.is_finished() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        sqlx::query(change).execute(&mut *changing).await.unwrap();
        changing.commit().await.unwrap();
        let kind = refused(signing.await.unwrap()).kind;
        assert!([Kind::Unauthenticated, Kind::Forbidden].contains(&kind), "{change}: {kind:?}");
        assert_eq!(fixture.count("SELECT count(*) FROM identity.session").await, 0);
    }
}
