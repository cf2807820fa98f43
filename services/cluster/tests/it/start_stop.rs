//! The ordinary life: first start, stop, start again.

use std::time::Duration;

use sanbian_cluster::{Access, Cluster, DATABASE, Error, Health, Options};

use crate::program::{Program, alive, folder, note, notes, postmaster, setting, until};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_there_after_a_restart() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert_eq!(cluster.health(), Health::Up);
    cluster.create_database(DATABASE).await.expect("creates");
    cluster.create_database(DATABASE).await.expect("a second time is no error");
    let url = cluster.superuser_url(DATABASE);
    note(&url, "三变").await;
    let pid = postmaster(cluster.place()).expect("runs");
    cluster.stop().await.expect("stops");
    assert!(!alive(pid), "it was stopped");

    let again = Cluster::start(data.path(), Options::default()).await.expect("starts again");
    assert_eq!(again.superuser_url(DATABASE), url, "the address and the password stay");
    assert_eq!(notes(&url).await, ["三变"]);
    again.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_stops_it_too() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let pid = postmaster(cluster.place()).expect("runs");
    drop(cluster);
    assert!(!alive(pid), "it was stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_is_given_up_leaves_nothing_running() {
    let data = folder();
    for wait in [5, 200, 700] {
        let start = Cluster::start(data.path(), Options::default());
        match tokio::time::timeout(Duration::from_millis(wait), start).await {
            Ok(Ok(cluster)) => cluster.stop().await.expect("stops"), // a fast machine has it up by now
            Ok(Err(Error::InUse { .. })) | Err(_) => {}              // given up, now or the time before
            Ok(Err(error)) => panic!("{error}"),
        }
    }
    let mut cluster = Err(Error::CalledOff);
    until("the lock is free again", async || {
        cluster = Cluster::start(data.path(), Options::default()).await;
        !matches!(cluster, Err(Error::InUse { .. }))
    })
    .await;
    cluster.expect("starts").stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_program_and_the_database() {
    let data = folder();
    let mut program = Program::start(data.path(), None).expect("starts");
    let pid = postmaster(&program.place).expect("runs");
    let group = nix::unistd::getpgid(Some(nix::unistd::Pid::from_raw(pid))).expect("runs");
    let ours = nix::unistd::getpgrp();
    assert_ne!(group, ours, "Ctrl-C at the terminal must not reach the database");
    let (status, said) = program.terminate();
    assert!(status.success() && said.contains("stopped"), "{status} {said}");
    assert!(!alive(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn long_and_chinese_folder_names_work() {
    let data = folder();
    for name in ["三变 数据,甲's".to_owned(), "x".repeat(120)] {
        let dir = data.path().join(name);
        let cluster = Cluster::start(&dir, Options::default()).await.expect("starts");
        let socket = cluster.access().socket_dir().to_owned();
        assert!(!socket.starts_with(&dir), "the socket is elsewhere: {}", socket.display());
        assert_eq!(setting(&cluster.superuser_url("postgres"), "listen_addresses").await, "");
        cluster.stop().await.expect("stops");
        assert!(!socket.exists(), "and is taken away");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_reach_a_running_installation() {
    let data = folder();
    assert!(matches!(Access::to_running(data.path()), Err(Error::NotRunning { .. })));
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let access = Access::to_running(data.path()).expect("is running");
    assert_eq!(access.superuser_url("postgres"), cluster.superuser_url("postgres"));
    cluster.stop().await.expect("stops");
    assert!(matches!(Access::to_running(data.path()), Err(Error::NotRunning { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_left_running_is_taken_over() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let place = cluster.place().to_owned();
    let access = cluster.leave_running().expect("leaves");
    let pid = postmaster(&place).expect("still runs");
    assert_eq!(setting(&access.superuser_url("postgres"), "fsync").await, "on");

    let next = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert_eq!(postmaster(&place), Some(pid), "the same server");
    next.stop().await.expect("stops");
    until("the server is gone", async || !alive(pid)).await;
}
