//! Knowing this cluster's processes from all others, by a mark that stands in their command lines.
//!
//! A process number in a file proves nothing: after a crash the kernel may have given it to someone else, and in a
//! container it very often has. So every process of a cluster carries a mark (PostgreSQL's `cluster_name`), which
//! shows in `/proc/<pid>/cmdline` of the postmaster (as its argument) and of each of its children (as their title).
//! That file is readable to all, even where root lacks the right to look at other accounts' `/proc/<pid>/exe` or `cwd`,
//! as it does in a container.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::Error;
use crate::error::OnFile;

/// The mark of one cluster, and the account its processes run as.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    text: String,
    uid: u32,
}

/// What a process of the cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Postmaster,
    Child,
}

impl Mark {
    /// The mark of the cluster in this folder. It is made of device and inode, so a folder that is renamed while its
    /// server runs keeps its mark, and a copied folder gets another.
    pub(crate) fn of(cluster: &Path, uid: u32) -> Result<Self, Error> {
        let meta = std::fs::metadata(cluster).on("read", cluster)?;
        Ok(Self { text: format!("sanbian-{:x}-{:x}", meta.dev(), meta.ino()), uid })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The running postmaster of this cluster, if any.
    ///
    /// A child just forked still has its parent's command line, so the one whose parent is none of ours is meant.
    pub(crate) fn postmaster(&self) -> Option<i32> {
        let all = self.all();
        let ours = |pid: i32| all.iter().any(|(other, _)| *other == pid);
        all.iter()
            .filter(|(_, kind)| *kind == Kind::Postmaster)
            .map(|(pid, _)| *pid)
            .find(|pid| !status_number(*pid, "PPid:", 0).is_some_and(|parent| i32::try_from(parent).is_ok_and(ours)))
    }

    /// Whether this process is (still) the postmaster.
    pub(crate) fn is_postmaster(&self, pid: i32) -> bool {
        self.kind(pid) == Some(Kind::Postmaster)
    }

    /// Every running process of this cluster.
    pub(crate) fn pids(&self) -> Vec<i32> {
        self.all().into_iter().map(|(pid, _)| pid).collect()
    }

    /// Waits until the orphans of a dead postmaster are gone, and kills those that linger. Only without a postmaster.
    ///
    /// They end by themselves when they notice, which a busy one does late. A new postmaster refuses to start while one
    /// of them is attached to the shared memory. Killing them is safe: there is no one left that they could harm, and
    /// the next start recovers from the write-ahead log.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        if self.wait_gone(Duration::from_secs(3)) {
            return Ok(());
        }
        for pid in self.pids() {
            self.signal(pid, Signal::SIGKILL);
        }
        if self.wait_gone(Duration::from_secs(10)) { Ok(()) } else { Err(Error::NotStopped { pids: self.pids() }) }
    }

    fn wait_gone(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        while !self.pids().is_empty() {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// Sends a signal, if the process still is one of ours. A process that ended meanwhile is no error.
    pub(crate) fn signal(&self, pid: i32, signal: Signal) {
        if self.kind(pid).is_some() {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    fn all(&self) -> Vec<(i32, Kind)> {
        std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok())
            .filter_map(|pid| Some((pid, self.kind(pid)?)))
            .collect()
    }

    fn kind(&self, pid: i32) -> Option<Kind> {
        let command = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let kind = kind_of(&command, &self.text)?;
        // Anyone can give a process any title; only the cluster's account can give it its own uid.
        (status_number(pid, "Uid:", 1)? == self.uid).then_some(kind)
    }
}

/// Reads a command line as the kernel shows it: arguments that end in NUL, or a title that PostgreSQL wrote over them.
fn kind_of(command: &[u8], mark: &str) -> Option<Kind> {
    let title = format!("postgres: {mark}: ");
    if command.starts_with(title.as_bytes()) {
        return Some(Kind::Child);
    }
    let argument = format!("cluster_name={mark}");
    let mut arguments = command.split(|byte| *byte == 0);
    let program = arguments.next()?;
    (program.ends_with(b"/postgres") && arguments.any(|a| a == argument.as_bytes())).then_some(Kind::Postmaster)
}

/// A number of `/proc/<pid>/status`: the field's name, and which of its columns (`Uid:` has real, effective, saved, fs).
fn status_number(pid: i32, field: &str, column: usize) -> Option<u32> {
    number_in(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?, field, column)
}

fn number_in(status: &str, field: &str, column: usize) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().nth(column)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_clusters_processes_are_known() {
        let postmaster = b"/usr/lib/postgresql/15/bin/postgres\0-D\0/d\0-c\0cluster_name=sanbian-1-2\0";
        assert_eq!(kind_of(postmaster, "sanbian-1-2"), Some(Kind::Postmaster));
        assert_eq!(kind_of(postmaster, "sanbian-1-22"), None);
        assert_eq!(kind_of(postmaster, "sanbian-1"), None);
        assert_eq!(kind_of(b"postgres: sanbian-1-2: checkpointer \0\0", "sanbian-1-2"), Some(Kind::Child));
        assert_eq!(kind_of(b"postgres: sanbian-1-22: checkpointer ", "sanbian-1-2"), None);
        assert_eq!(kind_of(b"postgres: 15/main: checkpointer ", "sanbian-1-2"), None);
        assert_eq!(kind_of(b"grep\0cluster_name=sanbian-1-2\0", "sanbian-1-2"), None);
        assert_eq!(kind_of(b"", "sanbian-1-2"), None);
    }

    #[test]
    fn numbers_of_a_status_are_read() {
        let status = "Name:\tpostgres\nPPid:\t7\nUid:\t0\t101\t102\t103\nGid:\t0\t1\t1\t1\n";
        assert_eq!(number_in(status, "Uid:", 1), Some(101));
        assert_eq!(number_in(status, "PPid:", 0), Some(7));
        assert_eq!(number_in(status, "Groups:", 0), None);
    }
}
