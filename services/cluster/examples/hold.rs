//! Holds a private cluster until its input ends or a signal comes: a stand-in for the program, for the tests that kill it.
//!
//! `hold FOLDER` prints `ready <place> <url>`, or the error and exits with 1.

use std::io::Write;
use std::path::PathBuf;

use sanbian_cluster::{Cluster, DATABASE, Options};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() {
    let dir = PathBuf::from(std::env::args_os().nth(1).expect("hold FOLDER"));
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be caught");
    let cluster = match Cluster::start(&dir, Options::from_env()).await {
        Ok(cluster) => cluster,
        Err(error) => {
            println!("error {error}");
            std::process::exit(1);
        }
    };
    cluster.create_database(DATABASE).await.expect("the database is created");
    println!("ready {} {}", cluster.place().display(), cluster.superuser_url(DATABASE));
    let (mut stdin, mut input) = (tokio::io::stdin(), [0; 1]);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = stdin.read(&mut input) => {}
    }
    cluster.stop().await.expect("stops");
    // Whoever listened may be gone.
    let _ = writeln!(std::io::stdout(), "stopped");
    // A read of the terminal can't be called off, and the runtime would wait for it.
    std::process::exit(0);
}
