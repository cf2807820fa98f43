//! People who call over HTTP.

use rand::Rng;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A token is asked for anew before its ten minutes are over.
const FRESH: Duration = Duration::from_secs(8 * 60);

/// The calls of a program, wherever it listens now. Clones share the address.
#[derive(Clone)]
pub struct Api {
    base: Arc<RwLock<String>>,
    client: reqwest::Client,
    impatient: bool,
}

/// Somebody who calls: an account, or nobody in particular.
#[derive(Clone)]
pub struct Person {
    api: Api,
    account: Option<Arc<Credentials>>,
    /// A token of unknown worth.
    bearer: Option<String>,
}

struct Credentials {
    username: String,
    password: String,
    token: Mutex<Option<(String, Instant)>>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub media_type: String,
    /// The body as JSON; as a JSON string where it is none.
    pub body: Value,
    /// Who called what.
    pub call: String,
}

impl Api {
    /// Calls of a program that has not said yet where it listens.
    ///
    /// # Panics
    /// Never: the client has no settings that could fail.
    #[allow(clippy::new_without_default, reason = "an address is yet to come")]
    pub fn new() -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().expect("a plain client");
        Self { base: Arc::default(), client, impatient: false }
    }

    /// The program listens elsewhere now.
    pub(crate) fn moved_to(&self, base: &str) {
        base.clone_into(&mut self.base.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Where the program listens.
    pub fn base(&self) -> String {
        self.base.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same calls by people who lose patience: each unsafe call with a key is made twice and broken off at a random moment before it is
    /// made and its answer awaited.
    #[must_use]
    pub fn impatient(&self) -> Self {
        Self { impatient: true, ..self.clone() }
    }

    /// Nobody in particular.
    pub fn nobody(&self) -> Person {
        Person { api: self.clone(), account: None, bearer: None }
    }

    /// Somebody with a token, whatever it is worth.
    pub fn bearer(&self, token: &str) -> Person {
        Person { api: self.clone(), account: None, bearer: Some(token.to_owned()) }
    }

    /// An account, which signs in when it first calls.
    pub fn person(&self, username: &str, password: &str) -> Person {
        let credentials =
            Credentials { username: username.to_owned(), password: password.to_owned(), token: Mutex::default() };
        Person { api: self.clone(), account: Some(Arc::new(credentials)), bearer: None }
    }

    /// Moves business time forward to `to`, where it is not there yet.
    ///
    /// # Panics
    /// Where the program refuses.
    pub async fn forward_to(&self, person: &Person, to: chrono::DateTime<chrono::Utc>) {
        loop {
            let left = to - self.now().await;
            if left <= chrono::TimeDelta::zero() {
                return;
            }
            // One move is sixty days at most.
            let seconds = ((left.num_milliseconds() + 999) / 1000).clamp(1, 60 * 24 * 3600);
            person.send(Method::POST, "/api/v1/demo/clock", None, Some(&json!({ "seconds": seconds }))).await.ok();
        }
    }

    /// Business time.
    ///
    /// # Panics
    /// Where the program does not say.
    pub async fn now(&self) -> chrono::DateTime<chrono::Utc> {
        let answer = self.nobody().get("/api/v1/time").await;
        instant(&answer["now"])
    }
}

/// An instant of an answer.
///
/// # Panics
/// Where it is none.
pub fn instant(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no instant: {value}"))
}

impl Person {
    /// The sign-in name; empty for nobody.
    pub fn username(&self) -> &str {
        self.account.as_deref().map_or("", |account| &account.username)
    }

    /// The same person over other calls (such as impatient ones).
    #[must_use]
    pub fn over(&self, api: &Api) -> Self {
        Self { api: api.clone(), ..self.clone() }
    }

    /// A safe call that succeeds.
    pub async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None, None).await.ok()
    }

    /// An unsafe call that succeeds. The key makes a repeated one give the first answer.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Value {
        self.send(Method::POST, path, Some(key), Some(body)).await.ok()
    }

    /// An unsafe call that replaces and succeeds.
    pub async fn put(&self, path: &str, key: &str, body: &Value) -> Value {
        self.send(Method::PUT, path, Some(key), Some(body)).await.ok()
    }

    /// An unsafe call under a key of its own, whatever is answered.
    pub async fn try_post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(&Uuid::now_v7().to_string()), Some(body)).await
    }

    /// Any call, whatever is answered.
    ///
    /// # Panics
    /// Where nothing is.
    pub async fn send(&self, method: Method, path: &str, key: Option<&str>, body: Option<&Value>) -> Answer {
        let call = format!("{} {method} {path}", self.username());
        if self.api.impatient && key.is_some() {
            for _ in 0..2 {
                self.break_off(method.clone(), path, key, body).await;
            }
        }
        self.try_send(method, path, key, body).await.unwrap_or_else(|error| panic!("{call}: {error}"))
    }

    /// A call of which the program's end may be the only answer.
    ///
    /// # Errors
    /// Where nothing is answered.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, reqwest::Error> {
        let call = format!("{} {method} {path}", self.username());
        let token = self.token().await?;
        let response = self.request(method, path, key, body, token).send().await?;
        read(call, response).await
    }

    /// Uploads an evidence file.
    ///
    /// # Panics
    /// Where it is refused.
    pub async fn upload(&self, bytes: Vec<u8>) -> Value {
        self.try_upload(bytes).await.ok()
    }

    /// Uploads an evidence file, whatever is answered.
    ///
    /// # Panics
    /// Where nothing is.
    pub async fn try_upload(&self, bytes: Vec<u8>) -> Answer {
        let call = format!("{} POST /api/v1/documents", self.username());
        let token = self.token().await.expect("signed in");
        let request = self.request(Method::POST, "/api/v1/documents", None, None, token).body(bytes);
        let response = request.header("content-type", "application/octet-stream").send().await;
        read(call, response.expect("an answer")).await.expect("an answer")
    }

    /// The first bytes of an answer that never ends.
    ///
    /// # Panics
    /// Where nothing is answered.
    pub async fn beginning(&self, path: &str) -> Answer {
        let token = self.token().await.expect("signed in");
        let mut response = self.request(Method::GET, path, None, None, token).send().await.expect("an answer");
        let first = response.chunk().await.expect("an answer").unwrap_or_default();
        Answer {
            status: response.status().as_u16(),
            media_type: media_type(&response),
            body: Value::String(String::from_utf8_lossy(&first).into_owned()),
            call: format!("{} GET {path}", self.username()),
        }
    }

    /// Makes a call and breaks it off at a random moment: the connection is closed whether it was answered or not.
    async fn break_off(&self, method: Method, path: &str, key: Option<&str>, body: Option<&Value>) {
        let Ok(token) = self.token().await else { return };
        // A client of its own: its connection dies with the call instead of going back to a pool.
        let client = reqwest::Client::new();
        let url = format!("{}{path}", self.api.base());
        let request = self.dressed(client.request(method, url), key, body, token);
        let moment = Duration::from_micros(rand::rng().random_range(0..25_000));
        let _ = tokio::time::timeout(moment, request.send()).await;
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
        token: Option<String>,
    ) -> reqwest::RequestBuilder {
        let request = self.api.client.request(method, format!("{}{path}", self.api.base()));
        self.dressed(request, key, body, token)
    }

    #[allow(clippy::unused_self, reason = "reads as what a person puts on a call")]
    fn dressed(
        &self,
        mut request: reqwest::RequestBuilder,
        key: Option<&str>,
        body: Option<&Value>,
        token: Option<String>,
    ) -> reqwest::RequestBuilder {
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request
    }

    /// The account's token, got anew when it grows old; none for nobody.
    ///
    /// # Errors
    /// Where the program does not answer.
    ///
    /// # Panics
    /// Where signing in is refused.
    pub async fn token(&self) -> Result<Option<String>, reqwest::Error> {
        let Some(account) = &self.account else { return Ok(self.bearer.clone()) };
        let held = account.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((token, since)) = held
            && since.elapsed() < FRESH
        {
            return Ok(Some(token));
        }
        let body = json!({ "username": account.username, "password": account.password });
        let request = self.api.client.post(format!("{}/api/v1/session", self.api.base())).json(&body);
        let opened = read(format!("{} signs in", account.username), request.send().await?).await?.ok();
        let token = opened["access_token"].as_str().expect("a token").to_owned();
        *account.token.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.clone(), Instant::now()));
        Ok(Some(token))
    }

    /// Forgets the token: the next call signs in again, with the roles of then.
    pub fn forget_token(&self) {
        if let Some(account) = &self.account {
            *account.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

async fn read(call: String, response: reqwest::Response) -> Result<Answer, reqwest::Error> {
    let status = response.status().as_u16();
    let media_type = media_type(&response);
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer { status, media_type, body, call })
}

fn media_type(response: &reqwest::Response) -> String {
    response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

impl Answer {
    /// What was answered to a call that succeeded.
    ///
    /// # Panics
    /// Where it did not.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {} {}", self.call, self.status, self.body);
        self.body
    }

    /// Names of the rules that refused.
    ///
    /// # Panics
    /// Where nothing was refused.
    #[track_caller]
    pub fn rules(&self) -> Vec<&str> {
        assert!(self.status >= 400, "{}: was not refused: {} {}", self.call, self.status, self.body);
        let findings = self.body["findings"].as_array().unwrap_or_else(|| panic!("{}: {}", self.call, self.body));
        findings.iter().filter_map(|finding| finding["rule"].as_str()).collect()
    }

    /// Insists that `rule` refused.
    ///
    /// # Panics
    /// Where it did not.
    #[track_caller]
    pub fn refused_by(&self, rule: &str) {
        let rules = self.rules();
        assert!(rules.contains(&rule), "{}: refused by {rules:?}, not by {rule}: {}", self.call, self.body);
    }
}
