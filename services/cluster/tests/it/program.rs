//! A program to kill (the example `hold`), and what the tests ask of the machine.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// The number of `nobody` on Debian, who must be there on every machine.
pub const NOBODY: u32 = 65534;

/// A data folder that is gone after the test; open to others, as one made by hand is.
pub fn folder() -> TempDir {
    let mode = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new().prefix("sanbian-cluster-").permissions(mode).tempdir().expect("a temporary folder")
}

/// The running `hold` and what it said.
pub struct Program {
    pub child: Child,
    pub place: PathBuf,
    pub url: String,
    out: BufReader<ChildStdout>,
    _copy: TempDir,
}

impl Program {
    /// Starts it, as this account if named; the error text if it refuses.
    pub fn start(data: &Path, uid: Option<u32>) -> Result<Self, String> {
        let mut program = Self::spawn(data, uid);
        let mut line = String::new();
        program.out.read_line(&mut line).expect("it says something");
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("ready"), Some(place), Some(url)) => {
                program.place = place.into();
                url.clone_into(&mut program.url);
                Ok(program)
            }
            _ => {
                program.out.read_to_string(&mut line).expect("reads the rest");
                assert_eq!(program.child.wait().expect("ends").code(), Some(1));
                Err(line)
            }
        }
    }

    /// Starts it without waiting for it.
    pub fn spawn(data: &Path, uid: Option<u32>) -> Self {
        // Other accounts may not be able to enter the build folder.
        let copy = folder();
        let file = copy.path().join("hold");
        std::fs::copy(built(), &file).expect("copies");
        let mut command = Command::new(file);
        command.arg(data).stdin(Stdio::piped()).stdout(Stdio::piped()).current_dir("/");
        if let Some(uid) = uid {
            command.uid(uid).gid(uid);
        }
        let mut child = command.spawn().expect("starts");
        let out = BufReader::new(child.stdout.take().expect("is piped"));
        Self { child, place: PathBuf::new(), url: String::new(), out, _copy: copy }
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("is ours");
        self.child.wait().expect("ends");
    }

    pub fn terminate(&mut self) -> (ExitStatus, String) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).expect("fits")), Signal::SIGTERM).expect("is ours");
        let mut said = String::new();
        self.out.read_to_string(&mut said).expect("reads");
        (self.child.wait().expect("ends"), said)
    }
}

impl Drop for Program {
    /// A failed test must not leave servers behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(pid) = postmaster(&self.place) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
        }
    }
}

/// `target/<profile>/examples/hold`, which cargo builds before the tests.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("we run");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps/it-…");
    profile.join("examples/hold")
}

/// The process number in the cluster's process file, if there is one and it lives.
pub fn postmaster(place: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(place.join("cluster/postmaster.pid")).ok()?;
    let pid: i32 = text.lines().next()?.trim().parse().ok()?;
    alive(pid).then_some(pid)
}

pub fn alive(pid: i32) -> bool {
    // A zombie that nobody has waited for yet is dead.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|command| !command.is_empty())
}

pub fn kill_hard(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("is there");
}

/// Waits for something to come true.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(Instant::now() < end, "not within 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Whether this test may become others; says so if not.
pub fn root() -> bool {
    let root = geteuid().is_root();
    if !root {
        eprintln!("not root: this test needs root and shows nothing here");
    }
    root
}

/// A data folder that belongs to this account.
pub fn folder_of(uid: u32) -> TempDir {
    let dir = folder();
    chown(dir.path(), Some(uid), Some(uid)).expect("root may");
    dir
}

pub async fn note(url: &str, text: &str) {
    let mut db = PgConnection::connect(url).await.expect("connects");
    sqlx::query("CREATE TABLE IF NOT EXISTS note (text text)").execute(&mut db).await.expect("creates");
    sqlx::query("INSERT INTO note VALUES ($1)").bind(text).execute(&mut db).await.expect("writes");
}

pub async fn notes(url: &str) -> Vec<String> {
    let mut db = PgConnection::connect(url).await.expect("connects");
    sqlx::query_scalar("SELECT text FROM note").fetch_all(&mut db).await.expect("reads")
}

pub async fn setting(url: &str, name: &str) -> String {
    let mut db = PgConnection::connect(url).await.expect("connects");
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut db).await.expect("reads")
}
