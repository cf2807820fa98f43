//! Signing in, continuing, listing and ending sessions; replay and its grace.

mod common;
use common::*;
use sanbian_proto::identity::v1::{
    ListSessionsRequest, OpenedSession, RefreshSessionRequest, RevokeSessionRequest, SignOutRequest,
};
use sanbian_runtime::{Kind, Refusal};

async fn refresh(fixture: &Fixture, token: &str) -> Result<OpenedSession, Refusal> {
    let request = RefreshSessionRequest { refresh_token: token.into() };
    Ok(fixture.public().refresh_session(request).await?.into_inner())
}

async fn is_over(fixture: &Fixture, token: &str, rule: &str) {
    let refusal = refresh(fixture, token).await.unwrap_err();
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::Unauthenticated, vec![rule]));
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_one_refusal() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let wrong = refused(fixture.public().sign_in(sign_in_request("wang.xiaoming", "not the one")).await);
    let nobody = refused(fixture.public().sign_in(sign_in_request("li.xiaoming", PASSWORD)).await);
    let no_name = refused(fixture.public().sign_in(sign_in_request("\u{7}", PASSWORD)).await);
    assert_eq!((wrong.kind, rules(&wrong)), (Kind::Unauthenticated, vec!["identity.credentials"]));
    assert_eq!(wrong, nobody);
    assert_eq!(wrong, no_name);
    let long = "x".repeat(129);
    assert_eq!(refused(fixture.public().sign_in(sign_in_request(&long, PASSWORD)).await).kind, Kind::Malformed);
    let long = "x".repeat(513);
    assert_eq!(refused(fixture.public().sign_in(sign_in_request("wang.xiaoming", &long)).await).kind, Kind::Malformed);
}

#[tokio::test]
async fn each_refresh_gives_a_new_pair_of_tokens() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let mut opened = fixture.sign_in("wang.xiaoming").await;
    assert_eq!(opened.refresh_seconds, 7 * 86_400);
    for _ in 0..3 {
        let next = refresh(&fixture, &opened.refresh_token).await.unwrap();
        assert_ne!(next.refresh_token, opened.refresh_token);
        let (before, after) = (opened.session.unwrap(), next.session.clone().unwrap());
        assert_eq!((before.account, before.grants), (after.account, after.grants));
        opened = next;
    }
    assert_eq!(fixture.count("SELECT count(*) FROM identity.session").await, 1);
    assert_eq!(fixture.count("SELECT count(*) FROM identity.refresh_token WHERE used_at IS NULL").await, 1);
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    let fixture = Fixture::new().await;
    for token in ["", "x", &"A".repeat(43)] {
        is_over(&fixture, token, "identity.session-ended").await;
    }
}

#[tokio::test]
async fn within_the_grace_a_used_token_is_refused_and_the_session_lives() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let first = fixture.sign_in("wang.xiaoming").await;
    let second = refresh(&fixture, &first.refresh_token).await.unwrap();
    for _ in 0..3 {
        let refusal = refresh(&fixture, &first.refresh_token).await.unwrap_err();
        assert_eq!((refusal.kind, rules(&refusal)), (Kind::Conflict, vec!["identity.refresh-used"]));
    }
    assert!(refresh(&fixture, &second.refresh_token).await.is_ok(), "the session lives");
}

#[tokio::test]
async fn after_the_grace_a_used_token_ends_the_whole_session() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let first = fixture.sign_in("wang.xiaoming").await;
    let other = fixture.sign_in("wang.xiaoming").await;
    let second = refresh(&fixture, &first.refresh_token).await.unwrap();
    fixture
        .owner("UPDATE identity.refresh_token SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL")
        .await;
    is_over(&fixture, &first.refresh_token, "identity.refresh-replayed").await;
    is_over(&fixture, &second.refresh_token, "identity.session-ended").await;
    is_over(&fixture, &first.refresh_token, "identity.session-ended").await;
    assert!(refresh(&fixture, &other.refresh_token).await.is_ok(), "another session of the account is not touched");
    let why = fixture.rows("SELECT ended_why FROM identity.session WHERE ended_at IS NOT NULL").await;
    assert_eq!(sqlx::Row::get::<String, _>(&why[0], 0), "replayed");
}

#[tokio::test]
async fn of_refreshes_at_once_exactly_one_wins_and_the_session_lives() {
    let fixture = Fixture::new().await.shared();
    fixture.sign_up("wang.xiaoming").await;
    let mut token = fixture.sign_in("wang.xiaoming").await.refresh_token;
    for _ in 0..5 {
        let calls = (0..4).map(|_| {
            let (fixture, token) = (fixture.clone(), token.clone());
            tokio::spawn(async move { refresh(&fixture, &token).await })
        });
        let results: Vec<_> =
            futures::future::join_all(calls).await.into_iter().map(|result| result.unwrap()).collect();
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for refusal in lost {
            assert_eq!(rules(&refusal.unwrap_err()), ["identity.refresh-used"]);
        }
        token = won.into_iter().next().unwrap().unwrap().refresh_token;
    }
    assert!(refresh(&fixture, &token).await.is_ok(), "the family survives");
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_its_age() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    for back in [
        "UPDATE identity.session SET opened_at = opened_at - interval '7 days', last_used_at = last_used_at - interval '7 days'",
        "UPDATE identity.session SET opened_at = opened_at - interval '31 days', expires_at = expires_at - interval '31 days'",
    ] {
        let opened = fixture.sign_in("wang.xiaoming").await;
        fixture.owner(back).await;
        is_over(&fixture, &opened.refresh_token, "identity.session-expired").await;
        is_over(&fixture, &opened.refresh_token, "identity.session-ended").await;
    }
    // Near its age the cookie is good for no longer than the session.
    let opened = fixture.sign_in("wang.xiaoming").await;
    fixture.owner("UPDATE identity.session SET opened_at = opened_at - interval '29 days', expires_at = expires_at - interval '29 days' WHERE ended_at IS NULL").await;
    let next = refresh(&fixture, &opened.refresh_token).await.unwrap();
    assert!((86_000..=86_400).contains(&next.refresh_seconds), "{}", next.refresh_seconds);
}

#[tokio::test]
async fn signing_out_ends_the_session_by_either_token() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let by_access = fixture.sign_in("wang.xiaoming").await;
    fixture.with_token(&token_of(&by_access)).sign_out(SignOutRequest::default()).await.unwrap();
    is_over(&fixture, &by_access.refresh_token, "identity.session-ended").await;

    let by_cookie = fixture.sign_in("wang.xiaoming").await;
    let request = SignOutRequest { refresh_token: Some(by_cookie.refresh_token.clone()) };
    fixture.public().sign_out(request.clone()).await.unwrap();
    is_over(&fixture, &by_cookie.refresh_token, "identity.session-ended").await;
    assert!(fixture.public().sign_out(request).await.is_ok(), "again is no harm");

    assert_eq!(refused(fixture.public().sign_out(SignOutRequest::default()).await).kind, Kind::Unauthenticated);
    let unknown = SignOutRequest { refresh_token: Some("A".repeat(43)) };
    assert_eq!(refused(fixture.public().sign_out(unknown).await).kind, Kind::Unauthenticated);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_only() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    fixture.sign_up("li.xiaoming").await;
    let other = fixture.sign_in("li.xiaoming").await;
    let request = sign_in_from("wang.xiaoming", PASSWORD, "203.0.113.9");
    let there = fixture.public().sign_in(request).await.unwrap().into_inner();
    let here = fixture.sign_in("wang.xiaoming").await;
    let mut client = fixture.with_token(&token_of(&here));
    let items = client.list_sessions(ListSessionsRequest {}).await.unwrap().into_inner().items;
    let seen: Vec<_> =
        items.iter().map(|item| (item.client_address.as_str(), item.client_name.as_str(), item.current)).collect();
    assert_eq!(seen, [("", "a browser", true), ("203.0.113.9", "a browser", false)]);

    let caller = fixture.deps.door.tokens.verify(&token_of(&other)).unwrap();
    let foreign = RevokeSessionRequest { id: caller.session.to_string() };
    assert_eq!(refused(client.revoke_session(foreign).await).kind, Kind::NotFound);
    assert!(refresh(&fixture, &other.refresh_token).await.is_ok());

    let request = RevokeSessionRequest { id: items[1].id.clone() };
    client.revoke_session(request.clone()).await.unwrap();
    is_over(&fixture, &there.refresh_token, "identity.session-ended").await;
    assert!(client.revoke_session(request).await.is_ok(), "again is no harm");
    let items = client.list_sessions(ListSessionsRequest {}).await.unwrap().into_inner().items;
    assert_eq!(items.len(), 1);

    assert_eq!(refused(client.revoke_session(RevokeSessionRequest { id: "x".into() }).await).kind, Kind::Malformed);
    assert_eq!(refused(fixture.public().list_sessions(ListSessionsRequest {}).await).kind, Kind::Unauthenticated);
    let request = RevokeSessionRequest { id: items[0].id.clone() };
    assert_eq!(refused(fixture.public().revoke_session(request).await).kind, Kind::Unauthenticated);
}

#[tokio::test]
async fn the_database_itself_allows_one_good_token_a_session() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    fixture.sign_in("wang.xiaoming").await;
    let second = sqlx::query(
        "INSERT INTO identity.refresh_token (digest, session, issued_at) SELECT sha256('x'), id, now() FROM identity.session",
    )
    .execute(&fixture.deps.pool)
    .await
    .unwrap_err();
    assert_eq!(Refusal::constraint(&second), Some("refresh_token_unused_key"));
    let deleted = sqlx::query("DELETE FROM identity.account").execute(&fixture.deps.pool).await.unwrap_err();
    assert_eq!(deleted.as_database_error().unwrap().code().as_deref(), Some("42501"), "an account is never deleted");
}

#[tokio::test]
async fn what_is_over_is_forgotten_in_time_and_nothing_else() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let running = fixture.public().sign_in(sign_in_from("wang.xiaoming", PASSWORD, "203.0.113.9")).await.unwrap();
    for _ in 0..3 {
        fixture.sign_in("wang.xiaoming").await;
    }
    refused(fixture.public().sign_in(sign_in_request("wang.xiaoming", "not the one")).await);
    fixture
        .owner(
            "UPDATE identity.session SET ended_at = now() - interval '8 days', ended_why = 'signed-out'
                 WHERE id = (SELECT id FROM identity.session ORDER BY id DESC LIMIT 1);
             UPDATE identity.session SET ended_at = now() - interval '6 days', ended_why = 'signed-out'
                 WHERE id = (SELECT id FROM identity.session WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1);
             UPDATE identity.session SET opened_at = opened_at - interval '15 days', last_used_at = last_used_at - interval '15 days'
                 WHERE id = (SELECT id FROM identity.session WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1);
             INSERT INTO identity.attempt (subject, failures, last_at) VALUES ('old', 9, now() - interval '25 hours')",
        )
        .await;
    let stop = tokio_util::sync::CancellationToken::new();
    let ticking = tokio::spawn(sanbian_identity::run(fixture.deps.clone(), stop.clone()));
    let mut left = 4;
    for _ in 0..100 {
        left = fixture.count("SELECT count(*) FROM identity.session").await;
        if left == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    stop.cancel();
    ticking.await.unwrap();
    assert_eq!(
        left, 2,
        "one ended long ago and one idle long ago are gone; one ended lately and the running one are not"
    );
    assert_eq!(fixture.count("SELECT count(*) FROM identity.refresh_token").await, 2);
    assert_eq!(fixture.count("SELECT count(*) FROM identity.attempt WHERE subject = 'old'").await, 0);
    assert!(fixture.count("SELECT count(*) FROM identity.attempt").await > 0);
    assert_eq!(fixture.count("SELECT count(*) FROM identity.known_source").await, 1);
    assert!(refresh(&fixture, &running.into_inner().refresh_token).await.is_ok());
}
