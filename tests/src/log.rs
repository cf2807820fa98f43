//! The public log, read as anyone reads it: its files over HTTP, believed only as far as its signed checkpoint proves them.

use crate::http::Api;
use sanbian_domain::fact::Entry;
use sanbian_ledger::{
    checkpoint::Checkpoint,
    key::VerifierKey,
    proof::TlogProof,
    reader::{Fetch, LogReader},
};
use std::{collections::BTreeMap, io};
use tokio::runtime::Handle;

/// The log as it was found: every entry proved.
#[derive(Clone, Debug)]
pub struct Log {
    /// The checkpoint that proves it.
    pub checkpoint: Checkpoint,
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

/// The log's verifier key as it publishes it.
///
/// # Panics
/// Where it does not.
pub async fn key(api: &Api) -> VerifierKey {
    let answer = api.nobody().get("/ledger/vkey").await;
    answer.as_str().expect("text").trim().parse().expect("a verifier key (C2SP signed-note)")
}

/// The entry at `index` by the proof that the API gives out: a text to keep (C2SP tlog-proof), believed for its signature alone.
///
/// # Panics
/// Where it proves nothing.
pub async fn proved(api: &Api, index: u64) -> Entry {
    let inclusion = api.nobody().get(&format!("/api/v1/ledger/entries/{index}/proof")).await;
    let proof: TlogProof = inclusion["proof"].as_str().expect("text").parse().expect("a proof");
    let entry = inclusion["entry"]["entry"].as_str().expect("text").as_bytes();
    assert_eq!(proof.index, index);
    proof.verify(entry, &key(api).await).expect("the proof holds");
    Entry::from_bytes(entry).expect("an entry of the schema")
}

struct Http {
    base: String,
    client: reqwest::Client,
    runtime: Handle,
}

impl Fetch for Http {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let answer = self.runtime.block_on(async {
            let response = self.client.get(format!("{}/ledger/{path}", self.base)).send().await?;
            if response.status() == reqwest::StatusCode::NOT_FOUND {
                return Ok(None);
            }
            Ok::<_, reqwest::Error>(Some(response.error_for_status()?.bytes().await?.to_vec()))
        });
        answer.map_err(io::Error::other)
    }
}

impl Log {
    /// Reads and verifies all of it, and that it grew from `before`.
    ///
    /// # Panics
    /// Where it does not hold.
    pub async fn read(api: &Api, before: Option<&Checkpoint>) -> Self {
        let (base, runtime, before) = (api.base(), Handle::current(), before.cloned());
        let task = tokio::task::spawn_blocking(move || {
            let http = Http { base, client: reqwest::Client::new(), runtime };
            let vkey = http.fetch("vkey").expect("an answer").expect("the log's key is public");
            let vkey: VerifierKey =
                String::from_utf8(vkey).expect("text").trim().parse().expect("a verifier key (C2SP signed-note)");
            let mut reader = LogReader::open(http, &vkey).expect("the checkpoint is signed and its tree's edge holds");
            if let Some(before) = before {
                reader.check_grown_from(before.size, before.root).expect("the log only grew");
            }
            let mut entries = Vec::new();
            let verified = reader
                .verify(|logged| {
                    entries.push(Entry::from_bytes(&logged.bytes).expect("an entry of the schema, in canonical form"));
                })
                .expect("every tile and entry is proved");
            Self { checkpoint: verified.checkpoint, entries }
        });
        task.await.unwrap_or_else(|error| panic!("the log does not verify: {error}"))
    }

    /// Reads it until it holds `count` entries of `kind` about `lot`: a checkpoint comes at least once a second.
    pub async fn with(api: &Api, lot: &str, kind: &str, count: usize) -> Self {
        crate::until(&format!("{count} entries {kind}"), || async {
            let log = Self::read(api, None).await;
            (log.kinds(lot).get(kind).copied().unwrap_or_default() >= count).then_some(log)
        })
        .await
    }

    /// How many entries there are of each kind about a lot.
    pub fn kinds(&self, lot: &str) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for entry in &self.entries {
            if entry.fact.lot().is_some_and(|of| of.to_string() == lot) {
                *kinds.entry(entry.fact.kind()).or_default() += 1;
            }
        }
        kinds
    }

    /// How many entries of a kind there are in all.
    pub fn count(&self, kind: &str) -> usize {
        self.entries.iter().filter(|entry| entry.fact.kind() == kind).count()
    }

    /// The log's text: to look for what must not be in it.
    ///
    /// # Panics
    /// Never: entries were read from bytes.
    pub fn text(&self) -> String {
        let bytes = self.entries.iter().map(|entry| entry.to_bytes().expect("an entry that was read"));
        bytes.map(|bytes| String::from_utf8(bytes).expect("JSON is UTF-8")).collect::<Vec<_>>().join("\n")
    }
}
