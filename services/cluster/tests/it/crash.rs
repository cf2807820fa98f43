//! Killed at any point: the program, the server, both, in the middle of the first start.

use std::os::unix::process::CommandExt;
use std::process::Command;

use sanbian_cluster::{Cluster, DATABASE, Error, Health, Options};
use sqlx::{Connection, PgConnection};

use crate::program::{Program, alive, folder, kill_hard, note, notes, postmaster, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_leaves_a_server_that_the_next_takes_over() {
    let data = folder();
    let mut program = Program::start(data.path(), None).expect("starts");
    note(&program.url, "kept").await;
    program.kill();
    let pid = postmaster(&program.place).expect("outlives the program");

    let next = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert_eq!(postmaster(next.place()), Some(pid), "the same server");
    assert_eq!(notes(&next.superuser_url(DATABASE)).await, ["kept"]);
    next.stop().await.expect("stops what it did not start");
    until("the server is gone", async || !alive(pid)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn program_and_server_killed() {
    let data = folder();
    let mut program = Program::start(data.path(), None).expect("starts");
    // A transaction that is not committed when all dies, and one that was.
    let mut open = PgConnection::connect(&program.url).await.expect("connects");
    note(&program.url, "committed").await;
    sqlx::raw_sql("BEGIN; INSERT INTO note VALUES ('open')").execute(&mut open).await.expect("writes");
    program.kill();
    kill_hard(postmaster(&program.place).expect("runs"));

    let next = Cluster::start(data.path(), Options::default()).await.expect("recovers");
    assert_eq!(notes(&next.superuser_url(DATABASE)).await, ["committed"]);
    next.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_under_the_program_comes_back() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let url = cluster.superuser_url("postgres");
    for round in 1..=2 {
        note(&url, "kept").await;
        let pid = postmaster(cluster.place()).expect("runs");
        kill_hard(pid);
        until("a new server runs", async || {
            cluster.health() == Health::Up && postmaster(cluster.place()).is_some_and(|new| new != pid)
        })
        .await;
        assert_eq!(notes(&url).await.len(), round);
    }
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adopted_server_that_is_killed_comes_back() {
    let data = folder();
    let mut program = Program::start(data.path(), None).expect("starts");
    note(&program.url, "kept").await;
    program.kill();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("takes over");
    let pid = postmaster(cluster.place()).expect("runs");
    kill_hard(pid);
    until("a new server runs", async || {
        cluster.health() == Health::Up && postmaster(cluster.place()).is_some_and(|new| new != pid)
    })
    .await;
    assert_eq!(notes(&cluster.superuser_url(DATABASE)).await, ["kept"]);
    cluster.stop().await.expect("stops");
}

/// A busy backend notices late that its postmaster is gone, and holds the shared memory meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_orphan_does_not_keep_the_next_server_out() {
    let data = folder();
    let mut program = Program::start(data.path(), None).expect("starts");
    let mut busy = PgConnection::connect(&program.url).await.expect("connects");
    let orphan: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut busy).await.expect("reads");
    let work = tokio::spawn(async move {
        // Computes without waiting for anything, so it never learns that its postmaster is gone.
        sqlx::query("SELECT count(*) FROM (SELECT generate_series(1, 2000000000)) AS numbers")
            .execute(&mut busy)
            .await
            .map(|_| ())
    });
    let mut watch = PgConnection::connect(&program.url).await.expect("connects");
    until("the query runs", async || {
        let state = sqlx::query_scalar("SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state = 'active'");
        state.bind(orphan).fetch_one(&mut watch).await.is_ok_and(|running: i64| running == 1)
    })
    .await;
    program.kill();
    kill_hard(postmaster(&program.place).expect("runs"));
    assert!(alive(orphan), "the case under test: the orphan is still busy");

    let next = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert!(!alive(orphan));
    assert!(work.await.expect("ends").is_err(), "its client sees the loss");
    next.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_went_to_another_process_is_no_server() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let file = cluster.place().join("cluster/postmaster.pid");
    let lock = cluster.access().socket_dir().join(".s.PGSQL.5432.lock");
    let (left, left_lock) =
        (std::fs::read_to_string(&file).expect("reads"), std::fs::read_to_string(&lock).expect("reads"));
    let meta = std::fs::metadata(&file).expect("is there");
    cluster.stop().await.expect("stops");

    // A stranger of the same account with the number that the files name: what a restarted container looks like.
    let (uid, gid) = (std::os::unix::fs::MetadataExt::uid(&meta), std::os::unix::fs::MetadataExt::gid(&meta));
    let mut command = Command::new("sleep");
    command.arg("60");
    if nix::unistd::geteuid().is_root() {
        command.uid(uid).gid(gid);
    }
    let mut stranger = command.spawn().expect("starts");
    for (path, text) in [(&file, left), (&lock, left_lock)] {
        let old = text.lines().next().expect("a number").to_owned();
        std::fs::write(path, text.replacen(&old, &stranger.id().to_string(), 1)).expect("writes");
        std::os::unix::fs::chown(path, Some(uid), Some(gid)).expect("is ours to give");
    }
    let next = Cluster::start(data.path(), Options::default()).await.expect("starts all the same");
    next.stop().await.expect("stops");
    assert!(stranger.try_wait().expect("asks").is_none(), "the stranger was left alone");
    stranger.kill().expect("is ours");
    stranger.wait().expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_cluster_is_made() {
    let data = folder();
    let unfinished = || {
        let entries = std::fs::read_dir(data.path().join("postgres")).into_iter().flatten().flatten();
        entries.filter(|e| e.file_name().to_string_lossy().starts_with("cluster.new-")).count()
    };
    let mut program = Program::spawn(data.path(), None);
    until("initdb is at work", async || unfinished() > 0).await;
    program.kill();
    assert!(!data.path().join("postgres/cluster").exists(), "no half a cluster under the name of a whole one");

    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts afresh");
    assert_eq!(unfinished(), 0, "and what was left is gone");
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_again_and_again_is_given_up() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let control = cluster.place().join("cluster/global/pg_control");
    std::fs::rename(&control, control.with_extension("away")).expect("renames");
    kill_hard(postmaster(cluster.place()).expect("runs"));
    let lost = tokio::time::timeout(std::time::Duration::from_secs(60), cluster.lost()).await.expect("gives up");
    assert!(matches!(&lost, Error::Lost { last } if last.contains("pg_control")), "{lost}");
    assert!(matches!(cluster.health(), Health::Lost(_)));
    assert!(cluster.stop().await.is_err(), "a loss is no clean stop");
}
