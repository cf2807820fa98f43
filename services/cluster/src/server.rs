//! One run of the PostgreSQL server: launched by us or found running, watched, stopped.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::Signal;

use crate::Error;
use crate::binaries::Binaries;
use crate::error::OnFile;
use crate::place::{Place, write_ours};
use crate::processes::Mark;
use crate::{settings, socket};

/// Everything needed to run the server of one cluster.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) place: Place,
    pub(crate) binaries: Binaries,
    pub(crate) mark: Mark,
    pub(crate) socket: PathBuf,
    pub(crate) start_within: Duration,
    pub(crate) stop_within: Duration,
}

/// A running postmaster.
#[derive(Debug)]
pub(crate) struct Server {
    pid: i32,
    /// None for one that an earlier program started.
    child: Option<Child>,
    since: SystemTime,
}

/// Lines of `postmaster.pid` that matter to us.
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    socket: PathBuf,
    status: String,
}

impl Setup {
    /// Writes the configuration; says whether it is other than what was there.
    pub(crate) fn configure(&self) -> Result<bool, Error> {
        let conf = self.place.conf();
        let files = [
            (conf.join("postgresql.conf"), settings::configuration(settings::memory_mib(), &self.place.log())),
            (conf.join("pg_hba.conf"), settings::HBA.to_owned()),
        ];
        let local = conf.join("local.conf");
        if !local.exists() {
            write_ours(&local, settings::LOCAL.as_bytes(), 0o644)?;
        }
        let mut changed = false;
        for (file, text) in files {
            if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
                write_ours(&file, text.as_bytes(), 0o644)?;
                changed = true;
            }
        }
        Ok(changed)
    }

    /// The server that a killed program left running, if it runs; it may still be starting or already stopping.
    pub(crate) fn running(&self) -> Option<Server> {
        let pid = self.mark.postmaster()?;
        Some(Server { pid, child: None, since: SystemTime::now() })
    }

    /// Starts the server. Only when none runs: call [`Setup::running`] first.
    pub(crate) fn launch(&self) -> Result<Server, Error> {
        self.clear_remains()?;
        let path = self.place.start_log();
        let _ = std::fs::remove_file(&path);
        let log = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).on("create", &path)?;
        let errors = log.try_clone().on("open", &path)?;

        let cluster = self.place.cluster();
        let mut command = self.place.account.command(self.binaries.postgres());
        command.arg("-D").arg(&cluster);
        for setting in settings::fixed(&self.place.conf(), &self.socket, self.mark.text()) {
            command.args(["-c", &setting]);
        }
        let since = SystemTime::now();
        let child = command
            .current_dir(&cluster)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .on("run", &self.binaries.postgres())?;
        // A process number always fits: the kernel's own type for it is a signed 32-bit number.
        let pid = i32::try_from(child.id()).expect("a process number fits into i32");
        Ok(Server { pid, child: Some(child), since })
    }

    /// Removes what a crash left behind and what would keep the next start from succeeding.
    pub(crate) fn clear_remains(&self) -> Result<(), Error> {
        self.mark.sweep()?;
        if self.socket != self.place.run() {
            socket::choose(&self.place, self.mark.text())?;
        }
        socket::clear_files(&self.socket);
        let file = self.place.cluster().join("postmaster.pid");
        let Some(stale) = pid_file(&file) else { return Ok(()) };
        // PostgreSQL removes it itself if that process is dead. If the number now belongs to a stranger, PostgreSQL
        // takes the stranger for a postmaster and refuses. The marks have shown that none of ours is alive.
        if Path::new(&format!("/proc/{}", stale.pid)).exists() {
            tracing::info!(pid = stale.pid, "removing the process file of a dead server; its number is another's now");
            std::fs::remove_file(&file).on("remove", &file)?;
        }
        Ok(())
    }

    /// What the server said last, for a message.
    pub(crate) fn last_words(&self, since: SystemTime) -> String {
        let mut files = vec![self.place.start_log()];
        let logs = std::fs::read_dir(self.place.log()).into_iter().flatten().flatten();
        files.extend(logs.map(|entry| entry.path()));
        let mut words = String::new();
        for file in files {
            // The account's folder could hold a link to anything, and we may be root: regular files only.
            let recent = std::fs::symlink_metadata(&file)
                .is_ok_and(|meta| meta.is_file() && meta.modified().is_ok_and(|at| at >= since));
            let Some(text) = recent.then(|| std::fs::read(&file).ok()).flatten() else { continue };
            let text = String::from_utf8_lossy(&text);
            let lines: Vec<&str> = text.lines().collect();
            for line in &lines[lines.len().saturating_sub(12)..] {
                words.push_str(line);
                words.push('\n');
            }
        }
        words.trim_end().to_owned()
    }
}

impl Server {
    /// The postmaster's process number.
    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    /// When it was launched or found.
    pub(crate) fn since(&self) -> SystemTime {
        self.since
    }

    /// Whether it still runs; if not, how it ended.
    pub(crate) fn ended(&mut self, setup: &Setup) -> Option<String> {
        match &mut self.child {
            Some(child) => match child.try_wait() {
                Ok(None) => None,
                Ok(Some(status)) => Some(status.to_string()),
                Err(error) => Some(error.to_string()),
            },
            None => (!setup.mark.is_postmaster(self.pid)).then(|| "gone".to_owned()),
        }
    }

    /// Waits until it takes connections. Recovery after a crash can take long, so as long as it lives it has time.
    pub(crate) fn wait_ready(&mut self, setup: &Setup, cancel: &AtomicBool) -> Result<(), Error> {
        let began = Instant::now();
        let mut said = 0;
        let file = setup.place.cluster().join("postmaster.pid");
        loop {
            if let Some(how) = self.ended(setup) {
                return Err(self.not_started(setup, how));
            }
            if pid_file(&file).is_some_and(|f| f.pid == self.pid && f.status == "ready") {
                return Ok(());
            }
            let waited = began.elapsed();
            if waited > setup.start_within {
                return Err(self.not_started(setup, format!("not ready after {} s", waited.as_secs())));
            }
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::CalledOff);
            }
            if waited.as_secs() >= said + 10 {
                said = waited.as_secs();
                tracing::info!(seconds = said, "waiting for the database; it may be recovering from a crash");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether a server that was found running can be kept: it listens where we will look for it.
    pub(crate) fn listens_at(&self, setup: &Setup) -> bool {
        pid_file(&setup.place.cluster().join("postmaster.pid"))
            .is_some_and(|f| f.pid == self.pid && f.socket == setup.socket && f.status != "stopping")
            && socket::file(&setup.socket).exists()
    }

    /// Stops it: fast (open transactions are rolled back, all is written out); if that does not end, at once
    /// (the next start recovers); in the last resort by force.
    pub(crate) fn stop(mut self, setup: &Setup) -> Result<(), Error> {
        let steps = [
            (Signal::SIGINT, setup.stop_within),
            (Signal::SIGQUIT, Duration::from_secs(10)),
            (Signal::SIGKILL, Duration::from_secs(10)),
        ];
        for (signal, within) in steps {
            if signal != Signal::SIGINT {
                tracing::warn!(pid = self.pid, %signal, "the database did not stop in time");
            }
            // A child of ours can't have lost its number to another: it stays a zombie until we have waited for it.
            if self.child.is_some() {
                let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.pid), signal);
            } else {
                setup.mark.signal(self.pid, signal);
            }
            let until = Instant::now() + within;
            while Instant::now() < until {
                if self.ended(setup).is_some() {
                    setup.mark.sweep()?;
                    socket::clear(&setup.socket, &setup.place);
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Err(Error::NotStopped { pids: setup.mark.pids() })
    }

    fn not_started(&self, setup: &Setup, why: String) -> Error {
        let said = match setup.last_words(self.since) {
            text if text.is_empty() => "-".to_owned(),
            text => text,
        };
        Error::NotStarted { why, log: setup.place.log(), said }
    }
}

fn pid_file(path: &Path) -> Option<PidFile> {
    parse(&std::fs::read_to_string(path).ok()?)
}

/// Lines: pid, data folder, start time, port, socket folder, address, shared memory key, status. The last ones are
/// written later, so a file in the making has fewer.
fn parse(text: &str) -> Option<PidFile> {
    let line = |n: usize| text.lines().nth(n).unwrap_or_default().trim();
    Some(PidFile { pid: line(0).parse().ok()?, socket: line(4).into(), status: line(7).to_owned() })
}

/// Reads where a running server listens, for programs that only connect.
pub(crate) fn listening(cluster: &Path) -> Option<PathBuf> {
    pid_file(&cluster.join("postmaster.pid")).filter(|f| f.status == "ready").map(|f| f.socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_file_is_read() {
        let text = "2104\n/d/cluster\n1700000000\n5432\n/d/run\n\n  5432001   32771\nready   \n";
        let read = parse(text).expect("is whole");
        assert_eq!(read, PidFile { pid: 2104, socket: "/d/run".into(), status: "ready".into() });
        assert_eq!(parse("2104\n").expect("in the making").status, "");
        assert_eq!(parse(""), None);
    }
}
