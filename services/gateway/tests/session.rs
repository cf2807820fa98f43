//! The session's routes over HTTP: cookies, client addresses, limits, and what does not go out.

use axum::{Router, body::Body, extract::ConnectInfo};
use chrono::TimeDelta;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use object_store::memory::InMemory;
use sanbian_gateway::{App, router};
use sanbian_identity::Deps;
use sanbian_runtime::{rpc::in_process, testing::TestDb};
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc};
use tower::ServiceExt;

const PASSWORD: &str = "three old walnut trees";

struct Site {
    db: TestDb,
    deps: Deps,
    router: Router,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn cookie(&self) -> Option<&str> {
        self.headers.get(header::SET_COOKIE).map(|value| value.to_str().unwrap())
    }

    /// The cookie as a browser sends it back.
    fn cookie_pair(&self) -> String {
        self.cookie().expect("a cookie").split(';').next().unwrap().to_owned()
    }

    fn token(&self) -> &str {
        self.body["access_token"].as_str().unwrap()
    }

    fn rule(&self) -> &str {
        self.body["findings"][0]["rule"].as_str().unwrap()
    }
}

impl Site {
    async fn new(secure_cookies: bool) -> Self {
        let db = TestDb::new().await;
        let (clock, door, peers) = db.shell(TimeDelta::zero());
        let deps = Deps::new(db.pool("identity"), door.clone(), db.secret());
        peers.set_identity(in_process(sanbian_identity::routes(deps.clone())));
        let router = router(&App {
            peers,
            tokens: door.tokens,
            clock,
            documents: Arc::new(InMemory::new()),
            ledger: Arc::new(InMemory::new()),
            demo: None,
            metrics: Arc::new(String::new),
            ready: Arc::new(|| true),
            secure_cookies,
        });
        Self { db, deps, router }
    }

    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_client_error() {
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
            assert_eq!(body["status"], status.as_u16());
        }
        Reply { status, headers, body }
    }

    async fn sign_up(&self, username: &str) -> Reply {
        let body = json!({ "username": username, "password": PASSWORD, "display_name": "王小明" });
        self.call("POST", "/api/v1/accounts", &[], Some(body)).await
    }

    async fn sign_in(&self, username: &str, password: &str, headers: &[(&str, &str)]) -> Reply {
        let body = json!({ "username": username, "password": password });
        self.call("POST", "/api/v1/session", headers, Some(body)).await
    }

    async fn refresh(&self, cookie: &str) -> Reply {
        self.call("POST", "/api/v1/session/refresh", &[("cookie", cookie)], None).await
    }

    async fn owner(&self, statement: &'static str) {
        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect_with(self.db.owner()).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn the_refresh_token_is_in_the_cookie_and_nowhere_else() {
    for (secure, ending) in [(true, "; HttpOnly; SameSite=Strict; Secure"), (false, "; HttpOnly; SameSite=Strict")] {
        let site = Site::new(secure).await;
        assert_eq!(site.sign_up("wang.xiaoming").await.status, StatusCode::OK);
        let opened = site.sign_in("wang.xiaoming", PASSWORD, &[]).await;
        assert_eq!(opened.status, StatusCode::OK);
        let cookie = opened.cookie().unwrap();
        assert!(cookie.starts_with("sanbian_refresh="), "{cookie}");
        assert!(cookie.ends_with(&format!("; Path=/api/v1/session; Max-Age=604800{ending}")), "{cookie}");
        let secret = opened.cookie_pair().split_once('=').unwrap().1.to_owned();
        assert!(!opened.body.to_string().contains(&secret));
        assert_eq!(opened.headers[header::CACHE_CONTROL], "no-store");
        let keys: Vec<_> = opened.body.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["access_token", "account", "expires_at", "grants"]);
        assert_eq!(opened.body["account"]["display_name"], "王小明");
    }
}

#[tokio::test]
async fn a_cookie_turns_over_and_another_tabs_late_one_is_refused_without_harm() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let first = site.sign_in("wang.xiaoming", PASSWORD, &[]).await.cookie_pair();
    let second = site.refresh(&first).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_ne!(second.cookie_pair(), first);

    let late = site.refresh(&first).await;
    assert_eq!((late.status, late.rule()), (StatusCode::CONFLICT, "identity.refresh-used"));
    assert_eq!(late.cookie(), None, "the browser's good cookie stays");
    let third = site.refresh(&second.cookie_pair()).await;
    assert_eq!(third.status, StatusCode::OK);

    site.owner("UPDATE identity.refresh_token SET used_at = used_at - interval '1 minute' WHERE used_at IS NOT NULL")
        .await;
    let replayed = site.refresh(&first).await;
    assert_eq!((replayed.status, replayed.rule()), (StatusCode::UNAUTHORIZED, "identity.refresh-replayed"));
    assert!(replayed.cookie().unwrap().starts_with("sanbian_refresh=; Path=/api/v1/session; Max-Age=0;"));
    assert_eq!(site.refresh(&third.cookie_pair()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.refresh("other=1").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_needs_the_token_or_the_cookie_and_always_takes_the_cookie_away() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let by_token = site.sign_in("wang.xiaoming", PASSWORD, &[]).await;
    let bearer = format!("Bearer {}", by_token.token());
    let ended = site.call("DELETE", "/api/v1/session", &[("authorization", &bearer)], None).await;
    assert_eq!(ended.status, StatusCode::OK);
    assert!(ended.cookie().unwrap().contains("Max-Age=0"));
    assert_eq!(site.refresh(&by_token.cookie_pair()).await.status, StatusCode::UNAUTHORIZED);

    let by_cookie = site.sign_in("wang.xiaoming", PASSWORD, &[]).await.cookie_pair();
    // The page's access token has expired meanwhile.
    let headers = [("authorization", "Bearer expired"), ("cookie", by_cookie.as_str())];
    assert_eq!(site.call("DELETE", "/api/v1/session", &headers, None).await.status, StatusCode::OK);
    assert_eq!(site.refresh(&by_cookie).await.status, StatusCode::UNAUTHORIZED);

    for headers in [&[][..], &[("authorization", "Bearer expired")]] {
        let refused = site.call("DELETE", "/api/v1/session", headers, None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.cookie().unwrap().contains("Max-Age=0"));
    }
}

#[tokio::test]
async fn a_stale_token_does_not_keep_one_from_signing_in() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let opened = site.sign_in("wang.xiaoming", PASSWORD, &[("authorization", "Bearer expired")]).await;
    assert_eq!(opened.status, StatusCode::OK);
}

#[tokio::test]
async fn too_many_guesses_are_told_when_to_come_back() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let from = [("x-forwarded-for", "1.2.3.4, 203.0.113.9"), ("user-agent", "guesser")];
    for _ in 0..5 {
        let refused = site.sign_in("wang.xiaoming", "not the one", &from).await;
        assert_eq!((refused.status, refused.rule()), (StatusCode::UNAUTHORIZED, "identity.credentials"));
    }
    let refused = site.sign_in("wang.xiaoming", PASSWORD, &from).await;
    assert_eq!((refused.status, refused.rule()), (StatusCode::TOO_MANY_REQUESTS, "identity.attempts"));
    let wait: u32 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait));
    assert_eq!(refused.body["findings"][0]["facts"]["retry-after-seconds"], wait.to_string());
}

#[tokio::test]
async fn a_session_shows_the_address_its_proxy_saw_and_not_the_one_its_client_claims() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let from = [("x-forwarded-for", "1.2.3.4, 203.0.113.9"), ("user-agent", "a browser")];
    let opened = site.sign_in("wang.xiaoming", PASSWORD, &from).await;
    let bearer = format!("Bearer {}", opened.token());
    let list = site.call("GET", "/api/v1/sessions", &[("authorization", &bearer)], None).await;
    let item = &list.body["items"][0];
    assert_eq!((&item["client_address"], &item["client_name"]), (&json!("203.0.113.9"), &json!("a browser")));
    assert_eq!(item["current"], true);

    let id = item["id"].as_str().unwrap();
    let ended = site.call("DELETE", &format!("/api/v1/sessions/{id}"), &[("authorization", &bearer)], None).await;
    assert_eq!(ended.status, StatusCode::OK);
    assert_eq!(site.refresh(&opened.cookie_pair()).await.status, StatusCode::UNAUTHORIZED);
    let bad = site.call("DELETE", "/api/v1/sessions/x", &[("authorization", &bearer)], None).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_body_can_not_say_where_it_comes_from() {
    let site = Site::new(false).await;
    for (path, body) in [
        ("/api/v1/session", json!({ "username": "a.b.c", "password": PASSWORD, "client_address": "203.0.113.9" })),
        (
            "/api/v1/accounts",
            json!({ "username": "a.b.c", "password": PASSWORD, "display_name": "x", "client_address": "203.0.113.9" }),
        ),
    ] {
        let refused = site.call("POST", path, &[], Some(body)).await;
        assert_eq!((refused.status, refused.rule()), (StatusCode::BAD_REQUEST, "request.well-formed"), "{path}");
        assert!(!refused.body.to_string().contains("walnut"), "an error does not repeat the password");
    }
}

#[tokio::test]
async fn an_administrator_works_over_http() {
    let site = Site::new(false).await;
    sanbian_identity::bootstrap_administrator(&site.deps, "root.admin", PASSWORD).await.unwrap();
    let opened = site.sign_in("root.admin", PASSWORD, &[]).await;
    let bearer = format!("Bearer {}", opened.token());
    let headers = [("authorization", bearer.as_str())];
    let body = json!({ "username": "clerk.wang", "initial_password": PASSWORD, "display_name": "王小明", "region": "500101001200" });
    let made = site.call("POST", "/api/v1/admin/accounts", &headers, Some(body)).await;
    assert_eq!((made.status, &made.body["must_change_password"]), (StatusCode::OK, &json!(true)));
    let grants = format!("/api/v1/admin/accounts/{}/grants", made.body["id"].as_str().unwrap());
    let grant = json!({ "role": "clerk", "region": "500101001200" });
    let granted = site.call("POST", &grants, &headers, Some(grant.clone())).await;
    assert_eq!(granted.body["grants"], json!([grant]));
    let refused =
        site.call("POST", &grants, &headers, Some(json!({ "role": "chair", "region": "500101001200" }))).await;
    assert_eq!((refused.status, refused.rule()), (StatusCode::UNPROCESSABLE_ENTITY, "identity.duties-apart"));
    let query = format!("{grants}?role=clerk&region=500101001200");
    let revoked = site.call("DELETE", &query, &headers, None).await;
    assert_eq!((revoked.status, &revoked.body["grants"]), (StatusCode::OK, &json!([])));
    assert_eq!(site.call("DELETE", &query, &headers, None).await.status, StatusCode::NOT_FOUND);
    let list = site.call("GET", "/api/v1/admin/accounts?limit=1", &headers, None).await;
    assert_eq!(list.body["items"][0]["username"], "clerk.wang");
    assert!(list.body["next_cursor"].is_string());
    let find =
        site.call("POST", "/api/v1/admin/accounts/find", &headers, Some(json!({ "username": "root.admin" }))).await;
    assert_eq!(find.status, StatusCode::OK);
    let disable = format!("/api/v1/admin/accounts/{}/disable", made.body["id"].as_str().unwrap());
    let disabled = site.call("POST", &disable, &headers, None).await;
    assert!(disabled.body["disabled_at"].is_string());
    for (method, path) in [("GET", "/api/v1/admin/accounts"), ("POST", disable.as_str()), ("GET", "/api/v1/me")] {
        assert_eq!(site.call(method, path, &[], None).await.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}

#[tokio::test]
async fn a_password_is_changed_and_the_answer_is_not_kept() {
    let site = Site::new(false).await;
    site.sign_up("wang.xiaoming").await;
    let opened = site.sign_in("wang.xiaoming", PASSWORD, &[]).await;
    let bearer = format!("Bearer {}", opened.token());
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k1")];
    let body = json!({ "current_password": PASSWORD, "new_password": "seven young walnut trees" });
    let changed = site.call("POST", "/api/v1/me/password", &headers, Some(body)).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(changed.headers[header::CACHE_CONTROL], "no-store");
    let bearer = format!("Bearer {}", changed.token());
    let me = site.call("GET", "/api/v1/me", &[("authorization", &bearer)], None).await;
    assert_eq!(me.body["username"], "wang.xiaoming");
}
