//! The sequencer and the publisher under load, faults and restarts: every committed entry stands once, and the log verifies from
//! its files alone.

#[path = "support/server.rs"]
mod server;
mod support;

use sanbian_ledger::{
    fault::{Step, When},
    reader::{Folder, LogReader},
};
use server::{Failing, SOON, Site};
use std::{
    fs,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use support::{entry, key};

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_many_writers_stand_once_and_verify() {
    let site = Site::new().await;
    let ledger = site.start().await;
    assert_eq!(site.verify().0.checkpoint.size, 0, "the empty log is published too");
    let writer = |writer: u64| {
        let site = &site;
        async move {
            for act in 0..40 {
                let first = writer * 1000 + act * 10;
                let mut tx = site.bidding.begin().await.unwrap();
                let bodies: Vec<_> = (first..first + 10).map(entry).collect();
                sqlx::query("SELECT outbox.append($1)").bind(bodies).execute(&mut *tx).await.unwrap();
                // Transactions that overlap commit in another order than their ids have; every fifth is refused in the end.
                tokio::time::sleep(Duration::from_millis((writer * 7 + act * 3) % 11)).await;
                if act % 5 == 4 { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
            }
        }
    };
    tokio::join!(writer(0), writer(1), writer(2), writer(3));
    assert!(ledger.reaches(4 * 320, SOON).await);
    let kept = |writer: u64| {
        (0..40).filter(|act| act % 5 != 4).flat_map(move |act| (0..10).map(move |n| writer * 1000 + act * 10 + n))
    };
    let (verified, numbers) = site.verify();
    assert_eq!(verified.checkpoint.size, 4 * 320);
    for writer in 0..4 {
        let of_one: Vec<_> = numbers.iter().copied().filter(|number| number / 1000 == writer).collect();
        assert_eq!(of_one, kept(writer).collect::<Vec<_>>(), "one writer's entries keep their order");
    }
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_commits_late_is_not_skipped() {
    let site = Site::new().await;
    let ledger = site.start().await;
    let mut early = site.bidding.begin().await.unwrap();
    sqlx::query("SELECT outbox.append($1)").bind(vec![entry(1)]).execute(&mut *early).await.unwrap();
    site.append([2]).await;
    assert!(ledger.reaches(1, SOON).await);
    early.commit().await.unwrap();
    assert!(ledger.reaches(2, SOON).await);
    assert_eq!(site.verify().1, [2, 1], "by commit, not by id");
    ledger.stop().await;
    site.end().await;
}

/// Sequences and publishes across a full tile while `step` fails `times` times; then, after a restart without faults, all stands.
async fn strike(step: Step, when: When, times: u32) {
    let site = Site::new().await;
    let faults = Failing::new(step, when, times);
    // Begin with a partial tile, so that the batch under faults replaces one.
    let ledger = site.start().await;
    site.append(0..200).await;
    assert!(ledger.reaches(200, SOON).await);
    ledger.stop().await;

    let ledger = site.try_start(key(), faults.clone()).await.unwrap();
    site.append(200..300).await;
    if times < 10 {
        assert!(ledger.reaches(300, SOON).await, "{step:?} {when:?}");
        assert!(ledger.failure().is_none());
    } else {
        let begin = Instant::now();
        while faults.struck.load(Ordering::SeqCst) == 0 && begin.elapsed() < SOON {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Whatever stands in the folder at that moment verifies.
        assert!(site.verify().0.checkpoint.size >= 200);
    }
    ledger.stop().await;
    assert!(faults.struck.load(Ordering::SeqCst) > 0, "{step:?} {when:?} never struck");
    site.verify();

    let ledger = site.start().await;
    site.append(300..310).await;
    assert!(ledger.reaches(310, SOON).await, "{step:?} {when:?}");
    site.verify_has(0..310);
    ledger.stop().await;
    site.end().await;
}

macro_rules! faults {
    ($($name:ident: $step:ident),*) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn failed() {
                strike(Step::$step, When::Before, 2).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn failed_but_persisted() {
                strike(Step::$step, When::After, 2).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn failed_until_a_restart() {
                strike(Step::$step, When::Before, u32::MAX).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn failed_but_persisted_until_a_restart() {
                strike(Step::$step, When::After, u32::MAX).await;
            }
        }
    )*};
}

faults! {
    take: Take,
    insert: Insert,
    stage: Stage,
    swap: Swap,
    commit: Commit,
    put_tile: PutTile,
    put_checkpoint: PutCheckpoint
}

#[tokio::test(flavor = "multi_thread")]
async fn partial_tiles_go_only_when_the_full_one_is_there() {
    let site = Site::new().await;
    let faults = Failing::new(Step::Prune, When::Before, 1);
    let ledger = site.try_start(key(), faults.clone()).await.unwrap();
    let mut size = 0;
    let mut batch = async |count: u64| {
        site.append(size..size + count).await;
        size += count;
        assert!(ledger.reaches(size, SOON).await);
        // Pruning comes after the checkpoint.
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let there = |path: &str| site.folder.path().join(path).exists();
    batch(10).await;
    batch(100).await;
    for path in ["tile/0/000.p/10", "tile/0/000.p/110", "tile/entries/000.p/10", "tile/entries/000.p/110"] {
        assert!(there(path), "{path} belongs to a published checkpoint");
    }
    batch(190).await;
    assert!(there("tile/0/000") && there("tile/entries/000") && there("tile/0/001.p/44"));
    assert_eq!(faults.struck.load(Ordering::SeqCst), 1);
    assert!(there("tile/0/000.p/10"), "a failed pruning leaves files, and is no failure");
    batch(250).await;
    assert!(!there("tile/0/001.p") && !there("tile/entries/001.p"), "replaced ones are removed");
    assert!(there("tile/1/000.p/1") && there("tile/1/000.p/2"), "level 1 is not full yet");
    site.verify_has(0..550);
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_with_an_older_checkpoint_still_reads() {
    let site = Site::new().await;
    let ledger = site.start().await;
    site.append(0..300).await;
    assert!(ledger.reaches(300, SOON).await);
    let note = fs::read_to_string(site.folder.path().join("checkpoint")).unwrap();
    site.append(300..1000).await;
    assert!(ledger.reaches(1000, SOON).await);
    let log = Folder(site.folder.path().to_owned());
    let old = LogReader::open_at(log.clone(), note, key().verifier()).unwrap().verify(|_| ()).unwrap();
    assert_eq!(old.checkpoint.size, 300);
    let mut new = LogReader::open(log, key().verifier()).unwrap();
    new.check_grown_from(300, old.checkpoint.root).unwrap();
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_folder_is_published_again() {
    let site = Site::new().await;
    let ledger = site.start().await;
    site.append(0..3_000).await;
    assert!(ledger.reaches(3_000, SOON).await);
    let before = site.verify().0;
    ledger.stop().await;
    fs::remove_dir_all(site.folder.path()).unwrap();
    let ledger = site.start().await;
    assert_eq!(site.verify().0, before);
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_replaced() {
    let site = Site::new().await;
    let ledger = site.start().await;
    site.append(0..5).await;
    assert!(ledger.reaches(5, SOON).await);
    let mut owner = site.owner().await;
    for round in 1..4 {
        sqlx::query(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE l.locktype = 'advisory' AND d.datname = current_database()",
        )
        .execute(&mut owner)
        .await
        .unwrap();
        site.append(round * 5..round * 5 + 5).await;
        assert!(ledger.reaches(round * 5 + 5, SOON).await);
    }
    assert!(ledger.failure().is_none());
    site.verify_has(0..20);
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checkpoints_come_at_least_once_a_second_while_entries_do() {
    let site = Site::new().await;
    let ledger = site.start().await;
    let mut published = ledger.published();
    let begin = Instant::now();
    let writing = async {
        let mut number = 0;
        while begin.elapsed() < Duration::from_secs(4) {
            site.append(number..number + 20).await;
            number += 20;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let watching = async {
        let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
        while begin.elapsed() < Duration::from_secs(4) {
            published.changed().await.unwrap();
            longest = longest.max(last.elapsed());
            last = Instant::now();
        }
        longest
    };
    let ((), longest) = tokio::join!(writing, watching);
    assert!(longest < Duration::from_secs(1), "{longest:?} between checkpoints");
    ledger.stop().await;
    site.verify();
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_first_finishes_what_waits() {
    let site = Site::new().await;
    let ledger = site.start().await;
    site.append(0..5000).await;
    ledger.stop().await;
    site.verify_has(0..5000);
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_entries_share_batches_of_bounded_size() {
    let site = Site::new().await;
    let plain = String::from_utf8(entry(0)).unwrap();
    let large = |number: u64| {
        let subject = "x".repeat(65_535 - plain.len() + "test:0".len() - (number.to_string().len() - 1));
        plain.replace("test:0", &subject).replace(":0}", &format!(":{number}}}")).into_bytes()
    };
    // 400 of these are more than one batch takes.
    for chunk in (0..400).collect::<Vec<u64>>().chunks(100) {
        let bodies: Vec<_> = chunk.iter().map(|number| large(*number)).collect();
        assert!(bodies.iter().all(|body| body.len() == 65_535));
        sqlx::query("SELECT outbox.append($1)").bind(bodies).execute(&site.bidding).await.unwrap();
    }
    let ledger = site.start().await;
    assert!(ledger.reaches(400, SOON).await);
    assert_eq!(site.verify().1, (0..400).collect::<Vec<_>>());
    ledger.stop().await;
    site.end().await;
}
