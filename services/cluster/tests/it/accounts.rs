//! By root and by ordinary users, in folders that fit and that don't.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use sanbian_cluster::{Cluster, DATABASE, Error, Options};

use crate::program::{NOBODY, Program, alive, folder, folder_of, kill_hard, note, notes, postmaster, root};

fn owner(pid: i32) -> u32 {
    std::fs::metadata(format!("/proc/{pid}")).expect("runs").uid()
}

#[tokio::test(flavor = "multi_thread")]
async fn root_drops_to_an_ordinary_account() {
    if !root() {
        return;
    }
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let pid = postmaster(cluster.place()).expect("runs");
    assert_ne!(owner(pid), 0);
    let groups = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("runs");
    let groups = groups.lines().find_map(|l| l.strip_prefix("Groups:")).expect("says its groups");
    assert_eq!(groups.trim(), "", "none of root's groups is kept");
    assert_eq!(std::fs::metadata(cluster.place().join("cluster")).expect("is there").uid(), owner(pid));
    for ours in ["", "conf", "conf/postgresql.conf", "password", "lock"] {
        let meta = std::fs::metadata(cluster.place().join(ours)).expect("is there");
        assert_eq!(meta.uid(), 0, "{ours:?} is not the account's to change");
    }
    cluster.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn root_can_name_the_account_and_it_stays() {
    if !root() {
        return;
    }
    let data = folder();
    let options = Options { user: Some("nobody".to_owned()), ..Options::default() };
    let cluster = Cluster::start(data.path(), options).await.expect("starts");
    assert_eq!(cluster.account(), "nobody");
    assert_eq!(owner(postmaster(cluster.place()).expect("runs")), NOBODY);
    cluster.stop().await.expect("stops");
    let again = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert_eq!(again.account(), "nobody", "the files are that account's");
    again.stop().await.expect("stops");

    let options = Options { user: Some("no-such-account".to_owned()), ..Options::default() };
    let error = Cluster::start(folder().path(), options).await.expect_err("there is none");
    assert!(matches!(&error, Error::NoAccount { tried } if tried == &["no-such-account"]), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_user_needs_no_root() {
    if !root() {
        return; // every other test is this one then
    }
    let data = folder_of(NOBODY);
    let mut program = Program::start(data.path(), Some(NOBODY)).expect("starts");
    let pid = postmaster(&program.place).expect("runs");
    assert_eq!(owner(pid), NOBODY);
    note(&program.url, "kept").await;
    let refused = Program::start(data.path(), Some(NOBODY)).err().expect("the first holds the folder");
    assert!(refused.contains(&format!("process {}", program.child.id())), "{refused}");

    program.kill();
    let mut second = Program::start(data.path(), Some(NOBODY)).expect("takes over");
    assert_eq!(postmaster(&second.place), Some(pid));
    assert_eq!(notes(&second.url).await, ["kept"]);
    second.kill();
    kill_hard(pid);
    let mut third = Program::start(data.path(), Some(NOBODY)).expect("recovers");
    assert_eq!(notes(&third.url).await, ["kept"]);
    let pid = postmaster(&third.place).expect("runs");
    let (status, said) = third.terminate();
    assert!(status.success() && said.contains("stopped"), "{status} {said}");
    assert!(!alive(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn root_after_an_ordinary_user_keeps_the_owner() {
    if !root() {
        return;
    }
    let data = folder_of(NOBODY);
    let mut program = Program::start(data.path(), Some(NOBODY)).expect("starts");
    note(&program.url, "kept").await;
    let refused = Cluster::start(data.path(), Options::default()).await.expect_err("it runs");
    assert!(matches!(refused, Error::InUse { .. }), "{refused}");
    program.terminate();

    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    assert_eq!(owner(postmaster(cluster.place()).expect("runs")), NOBODY);
    assert_eq!(notes(&cluster.superuser_url(DATABASE)).await, ["kept"]);
    cluster.stop().await.expect("stops");
    let refused = Program::start(data.path(), Some(NOBODY)).err().expect("root has taken it over");
    assert!(refused.contains("belongs to root"), "{refused}");
}

/// Root's home is closed to all others, and a checkout there is common in containers.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_the_account_cannot_enter_has_its_database_elsewhere() {
    if !root() {
        return;
    }
    let closed = folder();
    std::fs::set_permissions(closed.path(), PermissionsExt::from_mode(0o700)).expect("own folder");
    let data = closed.path().join("data");
    let cluster = Cluster::start(&data, Options::default()).await.expect("starts");
    let place = cluster.place().to_owned();
    let _gone_at_the_end = Elsewhere(place.clone());
    assert!(!place.starts_with(closed.path()), "{}", place.display());
    cluster.create_database(DATABASE).await.expect("creates");
    note(&cluster.superuser_url(DATABASE), "kept").await;
    let second = Cluster::start(&data, Options::default()).await.expect_err("it runs");
    assert!(matches!(second, Error::InUse { .. }), "{second}");
    cluster.stop().await.expect("stops");

    let again = Cluster::start(&data, Options::default()).await.expect("starts");
    assert_eq!(again.place(), place, "where it was");
    assert_eq!(notes(&again.superuser_url(DATABASE)).await, ["kept"]);

    // A copy of the data folder names the same place, which is in use.
    let copy = closed.path().join("copy");
    std::fs::create_dir_all(copy.join("postgres")).expect("creates");
    std::fs::copy(data.join("postgres/moved-to"), copy.join("postgres/moved-to")).expect("copies");
    let refused = Cluster::start(&copy, Options::default()).await.expect_err("in use by the original");
    assert!(matches!(refused, Error::InUse { .. }), "{refused}");
    again.stop().await.expect("stops");
}

struct Elsewhere(std::path::PathBuf);

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_never_replaced_because_the_way_to_it_was_closed() {
    if !root() {
        return;
    }
    let data = folder();
    Cluster::start(data.path(), Options::default()).await.expect("starts").stop().await.expect("stops");
    std::fs::set_permissions(data.path(), PermissionsExt::from_mode(0o700)).expect("own folder");
    let error = Cluster::start(data.path(), Options::default()).await.expect_err("no way in");
    assert!(matches!(error, Error::NoPlace { .. }), "{error}");
    assert!(!data.path().join("postgres/moved-to").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_users_folder_is_refused_by_name() {
    if !root() {
        return;
    }
    let data = folder();
    std::fs::create_dir(data.path().join("postgres")).expect("creates");
    chown(data.path().join("postgres"), Some(1), Some(1)).expect("root may");
    let refused = Program::start(data.path(), Some(NOBODY)).err().expect("is daemon's");
    assert!(refused.contains("belongs to daemon; nobody cannot use it"), "{refused}");
}
