//! The public API from the outside, as a person's browser uses it: for the tools and the demonstration, which get no door of their own.

use anyhow::{Context as _, bail};
use reqwest::{Method, Response, StatusCode};
use sanbian_proto::identity::v1::{SessionOpened, SignInRequest};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// A finding as the API tells it.
#[derive(Clone, Debug, Deserialize)]
pub struct ToldFinding {
    /// Stable dotted name of the rule.
    pub rule: String,
    /// What is wrong, by language.
    pub message: HashMap<String, String>,
}

/// A refusal as the API tells it.
#[derive(Clone, Debug, Deserialize, thiserror::Error)]
#[error("{status} {title}: {}", findings.iter().map(|f| format!("{} ({})", f.rule, f.message.get("zh").map_or("", String::as_str))).collect::<Vec<_>>().join("; "))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// In words.
    pub title: String,
    /// What each rule found.
    pub findings: Vec<ToldFinding>,
}

/// A token is asked for anew before its ten minutes are over.
const FRESH: Duration = Duration::from_secs(8 * 60);

/// An account that calls.
#[derive(Clone)]
pub struct Account {
    api: Api,
    username: String,
    password: String,
    token: Arc<Mutex<Option<(String, Instant)>>>,
}

/// The API at an address.
#[derive(Clone)]
pub struct Api {
    base: String,
    http: reqwest::Client,
}

impl Api {
    /// The API at `base`, such as `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), http })
    }

    /// An account that signs in when it first calls.
    pub fn account(&self, username: &str, password: &str) -> Account {
        Account {
            api: self.clone(),
            username: username.to_owned(),
            password: password.to_owned(),
            token: Arc::default(),
        }
    }

    /// A call that nobody need sign in for.
    pub async fn get<R: DeserializeOwned>(&self, path: &str) -> anyhow::Result<R> {
        read(self.http.get(format!("{}{path}", self.base)).send().await?).await
    }

    /// An unsafe call that nobody need sign in for.
    pub async fn post<Q: Serialize, R: DeserializeOwned>(&self, path: &str, key: &str, body: &Q) -> anyhow::Result<R> {
        let request = self.http.post(format!("{}{path}", self.base)).header("idempotency-key", key).json(body);
        read(request.send().await?).await
    }
}

impl Account {
    /// The account's sign-in name.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// A safe call.
    pub async fn get<R: DeserializeOwned>(&self, path: &str) -> anyhow::Result<R> {
        self.call(Method::GET, path, None, None::<&()>).await
    }

    /// An unsafe call. Repeated with the same key it gives the first answer.
    pub async fn post<Q: Serialize, R: DeserializeOwned>(&self, path: &str, key: &str, body: &Q) -> anyhow::Result<R> {
        self.call(Method::POST, path, Some(key), Some(body)).await
    }

    /// An unsafe call that replaces.
    pub async fn put<Q: Serialize, R: DeserializeOwned>(&self, path: &str, key: &str, body: &Q) -> anyhow::Result<R> {
        self.call(Method::PUT, path, Some(key), Some(body)).await
    }

    /// Uploads an evidence file.
    pub async fn upload<R: DeserializeOwned>(&self, media_type: &str, bytes: Vec<u8>) -> anyhow::Result<R> {
        let token = self.token().await?;
        let url = format!("{}/api/v1/documents", self.api.base);
        let request = self.api.http.post(url).bearer_auth(token).header("content-type", media_type).body(bytes);
        read(request.send().await?).await
    }

    async fn call<Q: Serialize, R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Q>,
    ) -> anyhow::Result<R> {
        let token = self.token().await?;
        let mut request = self.api.http.request(method.clone(), format!("{}{path}", self.api.base)).bearer_auth(token);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request.send().await?).await.with_context(|| format!("{} {method} {path}", self.username))
    }

    /// The account's own session, opened anew when its token grows old.
    async fn token(&self) -> anyhow::Result<String> {
        let mut held = self.token.lock().await;
        if let Some((token, since)) = held.as_ref()
            && since.elapsed() < FRESH
        {
            return Ok(token.clone());
        }
        let request =
            SignInRequest { username: self.username.clone(), password: self.password.clone(), ..Default::default() };
        let opened: SessionOpened = self
            .api
            .post("/api/v1/session", &uuid::Uuid::now_v7().to_string(), &request)
            .await
            .with_context(|| format!("signing in as {}", self.username))?;
        *held = Some((opened.access_token.clone(), Instant::now()));
        Ok(opened.access_token)
    }
}

async fn read<R: DeserializeOwned>(response: Response) -> anyhow::Result<R> {
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() {
        return serde_json::from_slice(&body)
            .with_context(|| format!("the answer can't be read: {}", String::from_utf8_lossy(&body)));
    }
    if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
        return Err(problem.into());
    }
    bail!("{}: {}", status.max(StatusCode::CONTINUE), String::from_utf8_lossy(&body))
}

/// The problem behind an error, where the API refused.
pub fn problem(error: &anyhow::Error) -> Option<&Problem> {
    error.chain().find_map(|cause| cause.downcast_ref())
}
