//! A program started as an office starts it, on a data folder of its own, and ended in every way a program ends.

use crate::http::Api;
use chrono::{DateTime, TimeDelta, Utc};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::{self, File, Permissions},
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Monday 2 March 2026, 09:00 in Shanghai: when business time begins, a quarter without long holidays.
pub const BEGIN: &str = "2026-03-02T01:00:00Z";
/// Names the program to test, where it is not beside the tests.
pub const PROGRAM: &str = "SANBIAN_BIN";

/// How long a start may take on a busy machine: making a database is most of it.
const START: Duration = Duration::from_secs(120);
/// How long an orderly end may take.
const END: Duration = Duration::from_secs(40);

/// An installation: a data folder and, while it runs, the program on it.
pub struct Exchange {
    data: TempDir,
    program: Option<Child>,
    /// The calls of it. Follows the program to the address of its next start.
    pub api: Api,
}

impl Exchange {
    /// A new, empty installation: one administrator, a clock that may be moved.
    pub async fn start() -> Self {
        let data = tempfile::Builder::new().prefix("sb").tempdir().expect("a folder for the test");
        // The database's account must be able to pass.
        fs::set_permissions(data.path(), Permissions::from_mode(0o755)).expect("the folder is ours");
        let begin: DateTime<Utc> = BEGIN.parse().expect("an instant");
        // The demonstration keeps here how far its clock is from the machine's.
        let offset: TimeDelta = begin - Utc::now();
        fs::write(data.path().join("clock"), offset.num_milliseconds().to_string()).expect("the folder is ours");
        let mut exchange = Self { data, program: None, api: Api::new() };
        exchange.launch().await;
        exchange
    }

    /// Starts the program again on the same data.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn launch(&mut self) {
        assert!(self.program.is_none(), "one program on a data folder");
        let errors = File::options().create(true).append(true).open(self.errors()).expect("the folder is ours");
        let mut program = Command::new(program())
            .args(["serve", "--demo=empty"])
            .env("SANBIAN_LISTEN", "127.0.0.1:0")
            .env("SANBIAN_DATA", self.data.path())
            .env_remove("DATABASE_URL")
            .env_remove("RUST_LOG")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the program is there");
        let out = program.stdout.take().expect("piped");
        self.program = Some(program);
        let address = tokio::task::spawn_blocking(|| address(out)).await.expect("no panic");
        let address = address.unwrap_or_else(|why| panic!("the program did not start: {why}\n{}", self.tail()));
        self.api.moved_to(&address);
    }

    /// Kills the program as `kill -9` does. With `database_too`, its database server dies the same way, as when the machine's power fails;
    /// else it lives on without its program.
    ///
    /// # Panics
    /// Where the program is not running.
    pub async fn kill(&mut self, database_too: bool) {
        let mut program = self.program.take().expect("a program runs");
        // The database's number is read before: the program removes nothing when it is killed, but we should not rely on it.
        let postmaster = self.postmaster();
        program.kill().expect("the program is ours");
        if database_too {
            kill(Pid::from_raw(postmaster.expect("a database runs")), Signal::SIGKILL).expect("the server is ours");
        }
        let status = tokio::task::spawn_blocking(move || program.wait()).await.expect("no panic");
        assert!(!status.expect("the program is ours").success(), "it was killed, it did not end");
    }

    /// Kills the program and starts it again on the same data.
    pub async fn kill_and_restart(&mut self, database_too: bool) {
        self.kill(database_too).await;
        self.launch().await;
    }

    /// Ends the program as a system does (SIGTERM) and insists that it ends well.
    ///
    /// # Panics
    /// Where it does not end, or with a failure.
    pub async fn stop(mut self) {
        let mut program = self.program.take().expect("a program runs");
        terminate(&program);
        let ended = tokio::task::spawn_blocking(move || wait(&mut program, END)).await.expect("no panic");
        let status = ended.unwrap_or_else(|| panic!("the program did not end in {END:?}\n{}", self.tail()));
        assert!(status.success(), "{status}\n{}", self.tail());
        assert!(self.postmaster().is_none(), "its database server ended with it");
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Faults of the program's own, as it told them on standard error: none is expected, whatever people send.
    ///
    /// # Panics
    /// Where the file can't be read.
    pub fn faults(&self) -> Vec<String> {
        let told = fs::read_to_string(self.errors()).expect("the program's standard error");
        told.lines()
            .filter(|line| line.contains("internal fault") || line.contains("panicked"))
            .map(str::to_owned)
            .collect()
    }

    fn errors(&self) -> PathBuf {
        self.data.path().join("stderr")
    }

    /// The last lines of standard error.
    fn tail(&self) -> String {
        let told = fs::read_to_string(self.errors()).unwrap_or_default();
        let lines: Vec<&str> = told.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    /// The process of the database server, where one runs.
    fn postmaster(&self) -> Option<i32> {
        let home = self.data.path().join("postgres");
        // Where its account can't reach the data folder, the cluster is elsewhere.
        let root = fs::read_to_string(home.join("moved-to")).map_or(home, |place| PathBuf::from(place.trim()));
        let pid = fs::read_to_string(root.join("cluster/postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()?;
        kill(Pid::from_raw(pid), None).ok().map(|()| pid)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("--- the program's last words:\n{}\n---", self.tail());
        }
        if let Some(mut program) = self.program.take() {
            terminate(&program);
            if wait(&mut program, END).is_none() {
                let _ = program.kill();
                let _ = program.wait();
            }
        }
        // A server whose program was killed has nobody left to end it. SIGQUIT: at once, its data are thrown away.
        if let Some(postmaster) = self.postmaster() {
            let _ = kill(Pid::from_raw(postmaster), Signal::SIGQUIT);
            let until = Instant::now() + Duration::from_secs(5);
            while self.postmaster().is_some() && Instant::now() < until {
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// The program: named by the environment, or the one that was built beside the tests.
///
/// # Panics
/// Where there is none.
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os(PROGRAM) {
        return path.into();
    }
    let tests = std::env::current_exe().expect("the tests are a program");
    let profile = tests.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let program = profile.join("sanbian");
    assert!(
        program.exists(),
        "{} is missing: build it with `cargo build -p sanbian`, or set {PROGRAM}",
        program.display()
    );
    program
}

/// Waits for the line that says where the program listens; goes on reading what it prints, so that it never waits for us.
fn address(out: impl Read + Send + 'static) -> Result<String, String> {
    let (say, hear) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("sanbian listening on ") {
                let _ = say.send(address.to_owned());
            }
        }
    });
    hear.recv_timeout(START).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => format!("no address in {START:?}"),
        mpsc::RecvTimeoutError::Disconnected => "it ended".to_owned(),
    })
}

fn terminate(program: &Child) {
    if let Ok(pid) = i32::try_from(program.id()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
}

fn wait(program: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + limit;
    while Instant::now() < until {
        if let Ok(Some(status)) = program.try_wait() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}
