//! The log over RPC: the bus, checkpoints, proofs, search.

#[path = "support/server.rs"]
mod server;
mod support;

use sanbian_ledger::{Ledger, checkpoint::Checkpoint, proof::TlogProof};
use sanbian_proto::ledger::v1::{
    GetCheckpointRequest, GetInclusionRequest, LogEntries, ReadLogRequest, SearchLogRequest,
};
use sanbian_runtime::{Context, Refusal, peers::Peers, refusal::Kind, rpc::in_process};
use server::{SOON, Site, number};
use std::time::{Duration, Instant};
use support::{entry, key};

async fn served(entries: u64) -> (Site, Ledger, Peers, Context) {
    let site = Site::new().await;
    site.append(0..entries).await;
    let ledger = site.start().await;
    assert!(ledger.reaches(entries, SOON).await);
    let (clock, door, peers) = site.db.shell(chrono::TimeDelta::zero());
    peers.set_ledger(in_process(ledger.routes(door)));
    (site, ledger, peers, Context::public(&clock))
}

fn numbers(entries: &LogEntries) -> Vec<u64> {
    entries.items.iter().map(|item| number(item.entry.as_bytes())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_gives_every_entry_in_order() {
    let (site, ledger, peers, _) = served(1500).await;
    let mut read = Vec::new();
    while read.len() < 1500 {
        let request = ReadLogRequest { from: read.len() as u64, limit: 700, wait_ms: 0 };
        let page = peers.ledger().read(request).await.unwrap().into_inner();
        assert_eq!(page.items[0].index, read.len() as u64);
        read.extend(numbers(&page));
        let more = (read.len() < 1500).then(|| read.len().to_string());
        assert_eq!(page.next_cursor, more);
    }
    assert_eq!(read, (0..1500).collect::<Vec<_>>());
    let all = peers.ledger().read(ReadLogRequest { from: 0, limit: 0, wait_ms: 0 }).await.unwrap().into_inner();
    assert_eq!(all.items.len(), 1000, "a page has its limit");
    let beyond = ReadLogRequest { from: u64::MAX, limit: 1, wait_ms: 0 };
    assert_eq!(peers.ledger().read(beyond).await.unwrap().into_inner(), LogEntries::default());
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_large_entries_fits_into_a_message() {
    let (site, ledger, peers, _) = served(0).await;
    let plain = String::from_utf8(entry(1)).unwrap();
    let large = plain.replace("test:1", &"x".repeat(65_000)).into_bytes();
    sqlx::query("SELECT outbox.append($1)").bind(vec![large; 100]).execute(&site.bidding).await.unwrap();
    assert!(ledger.reaches(100, SOON).await);
    let mut read = 0;
    while read < 100 {
        let request = ReadLogRequest { from: read, limit: 1000, wait_ms: 0 };
        let items = peers.ledger().read(request).await.unwrap().into_inner().items;
        assert!(!items.is_empty());
        read += items.len() as u64;
    }
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_with_the_next_entry() {
    let (site, ledger, peers, public) = served(3).await;
    let request = ReadLogRequest { from: 3, limit: 10, wait_ms: 8000 };
    let begin = Instant::now();
    let (page, ()) = tokio::join!(async { peers.ledger().read(request).await.unwrap().into_inner() }, async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        site.append([3]).await;
        ledger.nudge();
    });
    assert_eq!(numbers(&page), [3]);
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    let begin = Instant::now();
    let request = ReadLogRequest { from: 4, limit: 10, wait_ms: 200 };
    assert!(peers.ledger().read(request).await.unwrap().into_inner().items.is_empty());
    assert!(begin.elapsed() >= Duration::from_millis(200));
    let refusal = Refusal::from(peers.ledger_for(&public).read(request).await.unwrap_err());
    assert_eq!(refusal.kind, Kind::Unauthenticated, "only services may hold a call open");
    let request = ReadLogRequest { wait_ms: 0, from: 2, ..request };
    assert_eq!(numbers(&peers.ledger_for(&public).read(request).await.unwrap().into_inner()), [2, 3]);
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_has_a_proof_that_holds_outside() {
    let (site, ledger, peers, public) = served(600).await;
    let vkey = ledger.verifier().to_string();
    let checkpoint = peers.ledger_for(&public).checkpoint(GetCheckpointRequest {}).await.unwrap().into_inner();
    assert_eq!((checkpoint.size, &checkpoint.vkey), (600, &vkey));
    assert_eq!(Checkpoint::open(&checkpoint.note, key().verifier()).unwrap().size, 600);
    for index in [0, 1, 255, 256, 511, 512, 599] {
        let found = peers.ledger_for(&public).inclusion(GetInclusionRequest { index }).await.unwrap().into_inner();
        let stored = found.entry.unwrap();
        assert_eq!((stored.index, stored.entry.as_bytes()), (index, entry(index).as_slice()));
        let proof: TlogProof = found.proof.parse().unwrap();
        assert_eq!(proof.verify(&entry(index), key().verifier()).unwrap().size, 600);
        assert_eq!(found.hashes.len(), proof.hashes.len());
        assert_eq!(found.checkpoint.unwrap(), checkpoint);
    }
    for index in [600, u64::MAX] {
        let refusal = peers.ledger_for(&public).inclusion(GetInclusionRequest { index }).await.unwrap_err();
        assert_eq!(Refusal::from(refusal).kind, Kind::NotFound);
    }
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_by_subject_kind_and_actor_newest_first() {
    let (site, ledger, peers, public) = served(100).await;
    let search = async |request: SearchLogRequest| {
        peers.ledger_for(&public).search(request).await.map(tonic::Response::into_inner).map_err(Refusal::from)
    };
    let mut request =
        SearchLogRequest { subject: Some("test:3".to_owned()), limit: Some(10), ..SearchLogRequest::default() };
    let mut found = Vec::new();
    loop {
        let page = search(request.clone()).await.unwrap();
        found.extend(numbers(&page));
        request.cursor = page.next_cursor;
        if request.cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, (0..100).rev().filter(|number| number % 7 == 3).collect::<Vec<_>>());
    let of = |kind: &str, actor: &str| SearchLogRequest {
        kind: Some(kind.to_owned()),
        actor: Some(actor.to_owned()),
        ..SearchLogRequest::default()
    };
    assert_eq!(search(of("test.counted", "system")).await.unwrap().items.len(), 50);
    assert!(search(of("test.counted", "nobody")).await.unwrap().items.is_empty());
    assert!(search(of("test", "system")).await.unwrap().items.is_empty(), "a kind is a whole kind");
    for cursor in ["x", "-1", ""] {
        let request = SearchLogRequest { cursor: Some(cursor.to_owned()), ..SearchLogRequest::default() };
        assert_eq!(search(request).await.unwrap_err().kind, Kind::Malformed);
    }
    let last = SearchLogRequest { cursor: Some(u64::MAX.to_string()), limit: Some(0), ..SearchLogRequest::default() };
    assert_eq!(numbers(&search(last).await.unwrap()), [99]);
    ledger.stop().await;
    site.end().await;
}
