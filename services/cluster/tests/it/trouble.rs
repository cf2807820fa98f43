//! What the person at the machine reads when something is wrong.

use sanbian_cluster::{Cluster, DATABASE, Error, Options};

use crate::program::{folder, note, notes};

#[tokio::test(flavor = "multi_thread")]
async fn without_postgres_the_install_line_is_given() {
    let data = folder();
    let options = Options { binaries: Some("/nonexistent/bin".into()), ..Options::default() };
    let error = Cluster::start(data.path(), options).await.expect_err("there is none");
    assert!(matches!(error, Error::NotInstalled { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("apt-get install -y --no-install-recommends postgresql-15 postgresql-15-postgis-3"),
        "{text}"
    );
    assert!(!data.path().join("postgres").exists(), "nothing was created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_is_shown_in_the_servers_own_words() {
    let data = folder();
    Cluster::start(data.path(), Options::default()).await.expect("starts").stop().await.expect("stops");
    let local = data.path().join("postgres/conf/local.conf");
    std::fs::write(&local, "nonsense = 1\n").expect("writes");
    let error = Cluster::start(data.path(), Options::default()).await.expect_err("nonsense");
    let text = error.to_string();
    assert!(matches!(error, Error::NotStarted { .. }), "{text}");
    assert!(text.contains("unrecognized configuration parameter \"nonsense\""), "{text}");
    assert!(text.contains("local.conf"), "{text}");
    std::fs::remove_file(&local).expect("removes");
    Cluster::start(data.path(), Options::default()).await.expect("starts again").stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_is_replaced() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    cluster.create_database(DATABASE).await.expect("creates");
    let old = cluster.superuser_url(DATABASE);
    note(&old, "kept").await;
    let place = cluster.place().to_owned();
    // Also with the server still running, as after a kill.
    cluster.leave_running().expect("leaves");
    std::fs::remove_file(place.join("password")).expect("removes");

    let next = Cluster::start(data.path(), Options::default()).await.expect("starts");
    let new = next.superuser_url(DATABASE);
    assert_ne!(new, old);
    assert_eq!(notes(&new).await, ["kept"]);
    next.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_another_version_is_not_touched() {
    let data = folder();
    Cluster::start(data.path(), Options::default()).await.expect("starts").stop().await.expect("stops");
    let version = data.path().join("postgres/cluster/PG_VERSION");
    let real = std::fs::read_to_string(&version).expect("reads");
    std::fs::write(&version, "9999\n").expect("writes");
    let error = Cluster::start(data.path(), Options::default()).await.expect_err("no such version");
    let text = error.to_string();
    assert!(matches!(error, Error::VersionGone { made_by: 9999, .. }), "{text}");
    assert!(text.contains("postgresql-9999") && text.contains("pg_upgrade"), "{text}");
    std::fs::write(&version, real).expect("writes");
    Cluster::start(data.path(), Options::default()).await.expect("starts again").stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_database_names_are_refused() {
    let data = folder();
    let cluster = Cluster::start(data.path(), Options::default()).await.expect("starts");
    for name in ["", "a\"; DROP DATABASE postgres; --", "Groß", "1st"] {
        let error = cluster.create_database(name).await.expect_err("needs quoting");
        assert!(matches!(error, Error::BadName { .. }), "{error}");
    }
    cluster.stop().await.expect("stops");
}
