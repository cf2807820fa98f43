//! What the log refuses: forks, foreign keys, second sequencers, changes, and whatever is no entry.

#[path = "support/server.rs"]
mod server;
mod support;

use sanbian_ledger::{fault::NoFaults, key::SigningKey, sequencer::Refused};
use server::{SOON, Site};
use sqlx::Executor;
use std::{fs, sync::Arc, time::Duration};
use support::{entry, key};

/// Why a start is refused.
async fn refused(site: &Site, key: SigningKey) -> Refused {
    let error = site.try_start(key, Arc::new(NoFaults)).await.err().expect("the start must be refused");
    error.downcast_ref::<Refused>().unwrap_or_else(|| panic!("{error:#}")).clone()
}

/// A site whose log has these entries, stopped.
async fn site_with(numbers: impl IntoIterator<Item = u64>) -> Site {
    let site = Site::new().await;
    site.append(numbers).await;
    site.start().await.stop().await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_set_back_does_not_start() {
    let mut site = site_with(0..10).await;
    // The folder goes on under another database, as a restored backup would find it.
    let mut restored = site_with(0..4).await;
    restored.folder = site.take_folder();
    restored.append(50..60).await;
    assert_eq!(refused(&restored, key()).await, Refused::SetBack { published: 10, locked: 4 });
    assert_eq!(restored.verify().1, (0..10).collect::<Vec<_>>(), "what is published stays as it was");
    // Nothing was sequenced either.
    let ledger = restored.db.pool("ledger");
    let size: i64 = sqlx::query_scalar("SELECT size FROM ledger.checkpoint").fetch_one(&ledger).await.unwrap();
    assert_eq!(size, 4);
    site.end().await;
    restored.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forked_database_does_not_start() {
    for other in [vec![1, 3, 2], vec![1, 2, 4, 5]] {
        let mut site = site_with(1..4).await;
        let mut forked = site_with(other).await;
        forked.folder = site.take_folder();
        assert_eq!(refused(&forked, key()).await, Refused::Forked { size: 3 });
        site.end().await;
        forked.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_set_back_under_way_stops() {
    let site = site_with(0..10).await;
    let behind = site_with(0..4).await;
    let ledger = behind.start().await;
    // As after a failover to a replica that had not heard the last commits: the folder is ahead of the database.
    for entry in fs::read_dir(site.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let to = behind.folder.path().join(entry.file_name());
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to).unwrap();
        }
    }
    behind.append(90..91).await;
    let mut failure = None;
    for _ in 0..200 {
        failure = ledger.failure();
        if failure.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(failure, Some(Refused::SetBack { published: 10, locked: 5 }));
    ledger.stop().await;
    let note = fs::read_to_string(behind.folder.path().join("checkpoint")).unwrap();
    assert!(note.contains("\n10\n"), "the published checkpoint is not replaced by a smaller one");
    site.end().await;
    behind.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_does_not_go_on_with_a_log() {
    let site = site_with(0..3).await;
    let other = SigningKey::from_seed("sanbian.example/test", [9; 32]).unwrap();
    assert!(matches!(refused(&site, other).await, Refused::OtherKey { place: "database", .. }));
    let fresh = Site::new().await;
    fs::copy(site.folder.path().join("checkpoint"), fresh.folder.path().join("checkpoint")).unwrap();
    let other = SigningKey::from_seed("sanbian.example/test", [9; 32]).unwrap();
    assert!(matches!(refused(&fresh, other).await, Refused::OtherKey { place: "store", .. }));
    site.end().await;
    fresh.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sequencer_waits_and_gives_up() {
    let site = Site::new().await;
    let first = site.start().await;
    assert_eq!(refused(&site, key()).await, Refused::OtherSequencer);
    first.stop().await;
    let second = site.start().await;
    site.append([1]).await;
    assert!(second.reaches(1, SOON).await);
    second.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_moved_by_somebody_else_stops_the_log() {
    let site = Site::new().await;
    let ledger = site.start().await;
    site.append(0..3).await;
    assert!(ledger.reaches(3, SOON).await);
    let published = fs::read_to_string(site.folder.path().join("checkpoint")).unwrap();
    site.owner()
        .await
        .execute(
            "INSERT INTO ledger.entry (idx, body, kind, subject, actor, region, at) VALUES (3, 'x', '', '', '', '', now());
             UPDATE ledger.checkpoint SET size = 4, root = sha256('x')",
        )
        .await
        .unwrap();
    site.append(4..6).await;
    for _ in 0..200 {
        if ledger.failure().is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Its own insert meets the foreign entry first, so it opens anew and finds a checkpoint that its key did not sign.
    let failure = ledger.failure().expect("the log must stop");
    assert!(matches!(failure, Refused::Broken { size: 4 } | Refused::LostSwap { .. }), "{failure}");
    ledger.stop().await;
    assert_eq!(fs::read_to_string(site.folder.path().join("checkpoint")).unwrap(), published);
    let waiting: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ledger.outbox").fetch_one(&site.db.pool("ledger")).await.unwrap();
    assert_eq!(waiting, 2, "what could not be sequenced still waits");
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_swap_changes_nothing() {
    let site = Site::new().await;
    let pool = site.db.pool("ledger");
    let mut sequencer =
        sanbian_ledger::sequencer::Sequencer::open(&pool, Arc::new(key()), Arc::new(NoFaults)).await.unwrap();
    // The same size under another root: somebody rewrote the log behind the trigger's back.
    site.owner()
        .await
        .execute(
            "ALTER TABLE ledger.checkpoint DISABLE TRIGGER ALL;
             UPDATE ledger.checkpoint SET root = sha256('x');
             ALTER TABLE ledger.checkpoint ENABLE ALWAYS TRIGGER checkpoint_grows",
        )
        .await
        .unwrap();
    site.append(0..3).await;
    let error = sequencer.sequence().await.unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Refused::LostSwap { size: 0 }));
    drop(sequencer);
    let entries: i64 = sqlx::query_scalar("SELECT count(*) FROM ledger.entry").fetch_one(&pool).await.unwrap();
    assert_eq!(entries, 0);
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_logged_can_be_changed() {
    let site = site_with(0..300).await;
    let pool = site.db.pool("ledger");
    let mut owner = site.owner().await;
    for statement in [
        "UPDATE ledger.entry SET kind = 'x'",
        "UPDATE ledger.entry SET body = body WHERE idx = 0",
        "DELETE FROM ledger.entry WHERE idx = 299",
        "TRUNCATE ledger.entry",
        "TRUNCATE ledger.entry, ledger.tile CASCADE",
        "DELETE FROM ledger.tile",
        "TRUNCATE ledger.tile",
        "UPDATE ledger.tile SET hashes = substring(hashes FOR 32)",
        "UPDATE ledger.tile SET hashes = sha256('x') WHERE level = 1",
        "UPDATE ledger.tile SET idx = idx + 1 WHERE level = 1",
        "DELETE FROM ledger.checkpoint",
        "TRUNCATE ledger.checkpoint",
        "UPDATE ledger.checkpoint SET size = 299",
        "UPDATE ledger.checkpoint SET size = 301",
        "UPDATE ledger.checkpoint SET root = sha256('x')",
        "INSERT INTO ledger.checkpoint (size, root, note) VALUES (0, sha256(''), '')",
        "SET session_replication_role = replica; DELETE FROM ledger.entry WHERE idx = 299",
    ] {
        assert!(pool.execute(statement).await.is_err(), "the ledger's role: {statement}");
        assert!(owner.execute(statement).await.is_err(), "the owner: {statement}");
        owner.execute("RESET session_replication_role").await.unwrap();
    }
    for statement in ["DROP TABLE ledger.entry", "ALTER TABLE ledger.entry DISABLE TRIGGER ALL"] {
        assert!(pool.execute(statement).await.is_err(), "the ledger's role: {statement}");
    }
    site.start().await.stop().await;
    site.verify_has(0..300);
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_takes_entries_only() {
    let site = Site::new().await;
    let good = String::from_utf8(entry(1)).unwrap();
    let append = async |body: &[u8]| {
        sqlx::query("SELECT outbox.append($1)").bind(vec![entry(0), body.to_vec()]).execute(&site.bidding).await
    };
    let large = |bytes: usize| good.replace("test:1", &"x".repeat(bytes - good.len() + "test:1".len()));
    let bad: [(Vec<u8>, &str, Option<&str>); 14] = [
        (b"".to_vec(), "nothing", None),
        (b"\xff".to_vec(), "no UTF-8", None),
        (b"null".to_vec(), "no object", Some("outbox_body_entry")),
        (b"{}".to_vec(), "no members", Some("outbox_body_entry")),
        (good.replace("\"kind\"", "\"kond\"").into(), "no kind", Some("outbox_body_entry")),
        (
            good.replace("\"\",\"rulebook\"", "7,\"rulebook\"").into(),
            "a region that is no text",
            Some("outbox_body_entry"),
        ),
        (good.replace("{\"number\":1}", "[]").into(), "a body that is no object", Some("outbox_body_entry")),
        (good.replace("01:00", "25:00").into(), "no time", None),
        (good.replace(".000Z", "Z").into(), "no milliseconds", Some("outbox_body_entry")),
        (good.replace(":1}", ":1.5}").into(), "a fraction", Some("outbox_body_entry")),
        (good.replace(":1}", ":9007199254740992}").into(), "a number beyond 2^53 - 1", Some("outbox_body_entry")),
        (
            good.replace(":1}", &format!(":{}1{}}}", "[".repeat(200), "]".repeat(200))).into(),
            "depth",
            Some("outbox_body_entry"),
        ),
        (good.replace("test:1", "test:\\u0000").into(), "a NUL", None),
        (large(65_536).into(), "too large", Some("outbox_body_size")),
    ];
    for (body, why, constraint) in bad {
        let error = append(&body).await.expect_err(why);
        if constraint.is_some() {
            assert_eq!(error.as_database_error().and_then(|error| error.constraint()), constraint, "{why}");
        }
    }
    append(large(65_535).as_bytes()).await.unwrap();
    // Written otherwise than canonically it still means the same; the log has the one form.
    append(good.replace("{\"actor\"", "{ \"actor\"").replace("test:1", "t\\u0065st:1").as_bytes()).await.unwrap();
    let ledger = site.start().await;
    assert!(ledger.reaches(4, SOON).await);
    assert_eq!(site.verify().1, [0, 1, 0, 1], "refused ones left nothing behind");
    ledger.stop().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_is_the_only_way_in() {
    let site = Site::new().await;
    for service in ["identity", "registry", "listing", "bidding", "settlement", "pricing", "supervision"] {
        let pool = site.db.pool(service);
        for statement in [
            "SELECT FROM ledger.outbox",
            "SELECT FROM ledger.entry",
            "SELECT FROM ledger.checkpoint",
            "INSERT INTO ledger.outbox (body) VALUES ('x')",
            "DELETE FROM ledger.outbox",
        ] {
            let error = pool.execute(statement).await.expect_err(statement);
            let code = error.as_database_error().and_then(|error| error.code()).unwrap().into_owned();
            assert_eq!(code, "42501", "{service}: {statement}");
        }
        sqlx::query("SELECT outbox.append($1)").bind(vec![entry(1)]).execute(&pool).await.unwrap();
        pool.close().await;
    }
    let open: bool = sqlx::query_scalar("SELECT has_function_privilege('public', 'outbox.append(bytea[])', 'EXECUTE')")
        .fetch_one(&mut site.owner().await)
        .await
        .unwrap();
    assert!(!open, "nobody else may append");
    site.end().await;
}
