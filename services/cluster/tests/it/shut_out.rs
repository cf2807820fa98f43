//! Who does not get in, and what cannot be switched off.

use std::os::unix::process::CommandExt;
use std::process::Command;

use sanbian_cluster::{Cluster, Error, Options};
use sqlx::{Connection, PgConnection};

use crate::program::{NOBODY, folder, root, setting};

#[tokio::test(flavor = "multi_thread")]
async fn one_program_on_a_folder() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let error = Cluster::start(data.path(), Options::default()).await.expect_err("the first holds the folder");
    let Error::InUse { pid, .. } = &error else { panic!("{error}") };
    assert_eq!(pid.map(i32::cast_unsigned), Some(std::process::id()));
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_connection_without_the_password() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    for password in ["", "postgres"] {
        let url = cluster.url("postgres", "postgres", password);
        let error = PgConnection::connect(&url).await.expect_err("refused");
        let code = error.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned());
        assert_eq!(code.as_deref(), Some("28P01"), "{error}");
    }
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_does_not_even_reach_the_socket() {
    if !root() {
        return;
    }
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let socket = cluster.access().socket_dir().join(".s.PGSQL.5432");
    let read = |file: &std::path::Path| {
        Command::new("ls").arg(file).uid(NOBODY).gid(NOBODY).current_dir("/").output().expect("runs").status
    };
    assert!(socket.exists() && read(std::path::Path::new("/etc/hostname")).success(), "the probe works");
    assert!(!read(&socket).success());
    assert!(!read(&cluster.place().join("cluster/PG_VERSION")).success());
    let cat = Command::new("cat").arg(cluster.place().join("password")).uid(NOBODY).gid(NOBODY).output().expect("runs");
    assert!(!cat.status.success());
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_promises_cannot_be_set_otherwise() {
    let data = folder();
    Cluster::start(data.path(), Options::default()).await.expect("starts").stop().await.expect("stops");
    let local = data.path().join("postgres/conf/local.conf");
    std::fs::write(
        &local,
        "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nlisten_addresses = '*'\nwork_mem = 5MB\n",
    )
    .expect("writes");
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let url = cluster.superuser_url("postgres");
    for name in ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"] {
        assert_eq!(setting(&url, name).await, "on", "{name}");
    }
    assert_eq!(setting(&url, "listen_addresses").await, "");
    assert_eq!(setting(&url, "wal_level").await, "replica");
    assert_eq!(setting(&url, "work_mem").await, "5MB", "the rest is the office's to choose");
    assert_eq!(setting(&url, "lc_collate").await, "C");
    let letters: bool = {
        let mut db = PgConnection::connect(&url).await.expect("connects");
        sqlx::query_scalar("SELECT '三变' ~ '^[[:alpha:]]+$'").fetch_one(&mut db).await.expect("reads")
    };
    assert!(letters, "Chinese characters are letters");
    cluster.stop().await.expect("stops");
}

/// Variables that lead PostgreSQL's programs to another cluster do not reach ours.
#[tokio::test(flavor = "multi_thread")]
async fn the_environment_leads_nowhere() {
    let data = folder();
    let copy = std::env::current_exe().expect("we run");
    let hold = copy.parent().and_then(std::path::Path::parent).expect("target").join("examples/hold");
    let output = Command::new(hold)
        .arg(data.path())
        .env("PGDATA", "/nonexistent")
        .env("PGPORT", "1")
        .env("PGHOST", "/nonexistent")
        .env("PGUSER", "nobody")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("ready") && said.contains("stopped"), "{said}");
}
