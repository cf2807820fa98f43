//! Limits on attempts: per account, per place, for new accounts; and what does not count.

mod common;
use common::*;
use sanbian_runtime::{Kind, Refusal};

const WRONG: &str = "not the one at all";

async fn attempt(fixture: &Fixture, username: &str, password: &str, address: &str) -> Result<(), Refusal> {
    fixture.public().sign_in(sign_in_from(username, password, address)).await?;
    Ok(())
}

async fn guess(fixture: &Fixture, username: &str, address: &str) {
    let refusal = attempt(fixture, username, WRONG, address).await.unwrap_err();
    assert_eq!(rules(&refusal), ["identity.credentials"]);
}

async fn limited(fixture: &Fixture, username: &str, password: &str, address: &str) -> i64 {
    let refusal = attempt(fixture, username, password, address).await.unwrap_err();
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::TooMany, vec!["identity.attempts"]));
    let facts = &refusal.findings[0].facts;
    let until = chrono::DateTime::parse_from_rfc3339(&facts["retry-at"]).unwrap();
    let seconds: i64 = facts["retry-after-seconds"].parse().unwrap();
    let now = fixture.deps.door.clock.wall();
    assert!((until.to_utc() - now).num_seconds() <= seconds, "who waits as told is let in");
    seconds
}

/// Lets the wall clock's wait pass, by moving the counts back.
async fn pass(fixture: &Fixture) {
    fixture
        .owner("UPDATE identity.attempt SET last_at = last_at - interval '2 hours', blocked_until = blocked_until - interval '2 hours'")
        .await;
}

#[tokio::test]
async fn an_account_is_closed_to_guessers_for_a_doubling_time() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    for _ in 0..5 {
        guess(&fixture, "wang.xiaoming", "").await;
    }
    let first = limited(&fixture, "wang.xiaoming", PASSWORD, "").await;
    assert!((25..=30).contains(&first), "{first}");
    limited(&fixture, "WANG.xiaoming ", PASSWORD, "").await;
    pass(&fixture).await;
    guess(&fixture, "wang.xiaoming", "").await;
    let second = limited(&fixture, "wang.xiaoming", PASSWORD, "").await;
    assert!((55..=60).contains(&second), "{second}");
    // The right password after the wait opens, and clears the count.
    pass(&fixture).await;
    attempt(&fixture, "wang.xiaoming", PASSWORD, "").await.unwrap();
    for _ in 0..5 {
        guess(&fixture, "wang.xiaoming", "").await;
    }
    assert!(limited(&fixture, "wang.xiaoming", PASSWORD, "").await <= 30);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_limited_just_so() {
    let fixture = Fixture::new().await;
    for _ in 0..5 {
        guess(&fixture, "li.xiaoming", "").await;
    }
    limited(&fixture, "li.xiaoming", WRONG, "").await;
    assert!(
        attempt(&fixture, "zhao.xiaoming", WRONG, "").await.is_err_and(|refusal| refusal.kind == Kind::Unauthenticated)
    );
}

#[tokio::test]
async fn guesses_made_at_once_count_each() {
    let fixture = Fixture::new().await.shared();
    fixture.sign_up("wang.xiaoming").await;
    let calls = (0..12).map(|_| {
        let fixture = fixture.clone();
        tokio::spawn(async move { attempt(&fixture, "wang.xiaoming", WRONG, "").await.unwrap_err().kind })
    });
    let kinds: Vec<Kind> = futures::future::join_all(calls).await.into_iter().map(|kind| kind.unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == Kind::Unauthenticated).count(), 5, "{kinds:?}");
}

#[tokio::test]
async fn a_rival_cannot_lock_the_owner_out_where_the_owner_is_known() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    attempt(&fixture, "wang.xiaoming", PASSWORD, "203.0.113.9").await.unwrap();
    for guesser in ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5"] {
        guess(&fixture, "wang.xiaoming", guesser).await;
    }
    limited(&fixture, "wang.xiaoming", PASSWORD, "198.51.100.6").await;
    attempt(&fixture, "wang.xiaoming", PASSWORD, "203.0.113.9").await.unwrap();
    limited(&fixture, "wang.xiaoming", PASSWORD, "198.51.100.6").await;
    // The known place has its own count.
    for _ in 0..5 {
        guess(&fixture, "wang.xiaoming", "203.0.113.9").await;
    }
    limited(&fixture, "wang.xiaoming", PASSWORD, "203.0.113.9").await;
}

#[tokio::test]
async fn one_address_tries_many_accounts_only_so_often() {
    let fixture = Fixture::with_rules(|rules| rules.attempts.source.free = 4).await;
    fixture.sign_up("wang.xiaoming").await;
    for name in ["a.one", "a.two"] {
        guess(&fixture, name, "2001:db8:0:1::1").await;
    }
    // Signing in to one's own account between guesses takes none of them back.
    attempt(&fixture, "wang.xiaoming", PASSWORD, "2001:db8:0:1::2").await.unwrap();
    for name in ["a.three", "a.four"] {
        guess(&fixture, name, "2001:db8:0:1:ffff::1").await;
    }
    limited(&fixture, "wang.xiaoming", PASSWORD, "2001:db8:0:1::3").await;
    attempt(&fixture, "wang.xiaoming", PASSWORD, "2001:db8:0:2::1").await.unwrap();
}

#[tokio::test]
async fn the_machine_itself_and_the_unknown_are_no_place() {
    let fixture = Fixture::with_rules(|rules| rules.attempts.source.free = 1).await;
    fixture.sign_up("wang.xiaoming").await;
    for address in ["", "127.0.0.1", "::1", "nonsense"] {
        guess(&fixture, &format!("nobody.{}", address.len()), address).await;
        attempt(&fixture, "wang.xiaoming", PASSWORD, address).await.unwrap();
    }
    assert_eq!(fixture.count("SELECT count(*) FROM identity.known_source").await, 0);
}

#[tokio::test]
async fn one_address_makes_only_so_many_accounts() {
    let fixture = Fixture::with_rules(|rules| rules.attempts.sign_up.free = 2).await;
    for number in 0..2 {
        let mut request = sign_up_request(&format!("wang.{number}"));
        request.client_address = "203.0.113.9".into();
        fixture.public().sign_up(request).await.unwrap();
    }
    let mut request = sign_up_request("wang.2");
    request.client_address = "203.0.113.9".into();
    let refusal = refused(fixture.public().sign_up(request.clone()).await);
    assert_eq!((refusal.kind, rules(&refusal)), (Kind::TooMany, vec!["identity.attempts"]));
    request.client_address = "203.0.113.10".into();
    fixture.public().sign_up(request).await.unwrap();
}

#[tokio::test]
async fn who_is_signed_in_stays_so_while_the_account_is_guessed_at() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let opened = fixture.sign_in("wang.xiaoming").await;
    for _ in 0..5 {
        guess(&fixture, "wang.xiaoming", "198.51.100.1").await;
    }
    limited(&fixture, "wang.xiaoming", PASSWORD, "198.51.100.1").await;
    let request = sanbian_proto::identity::v1::RefreshSessionRequest { refresh_token: opened.refresh_token };
    assert!(fixture.public().refresh_session(request).await.is_ok());
}
