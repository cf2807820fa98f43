//! What can go wrong with the private cluster, in words for the person at the machine.
//!
//! These are not findings: no rule of law is broken and no user of the exchange sees them. They are read by whoever
//! starts the program, so each says in Chinese and in English what is wrong and what to do about it.

use std::path::{Path, PathBuf};

/// The packages that a Debian machine needs, by the major version of PostgreSQL.
pub(crate) fn packages(major: u32) -> String {
    format!("postgresql-{major} postgresql-{major}-postgis-3")
}

/// Why the private cluster could not be started, reached or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No PostgreSQL of a usable version is on this machine.
    #[error(
        "本机未安装 PostgreSQL 15 或更高版本{}。请先安装(Debian):\n\
         PostgreSQL 15 or later is not installed{}. Install it (Debian):\n    {}",
        parenthesised("查找位置:", .looked_in), parenthesised("looked in ", .looked_in), install_line(*.suggested)
    )]
    NotInstalled {
        /// Where it was looked for.
        looked_in: Vec<String>,
        /// The major version that the install line names.
        suggested: u32,
    },

    /// PostgreSQL is there, its PostGIS extension is not.
    #[error(
        "已安装 PostgreSQL {major},但缺少 PostGIS 扩展。请先安装(Debian):\n\
         PostgreSQL {major} is installed, but its PostGIS extension is not. Install it (Debian):\n    {}",
        install_line(*.major)
    )]
    PostgisMissing {
        /// The major version that lacks it.
        major: u32,
    },

    /// The data folder was made by a major version that is no longer installed.
    #[error(
        "数据目录 {0} 由 PostgreSQL {made_by} 创建,而本机没有该版本(已有:{1})。请安装原版本,或先用 pg_upgrade 升级:\n\
         The data folder {0} was made by PostgreSQL {made_by}, which is not installed (found: {1}). Install it, or \
         upgrade the folder with pg_upgrade first:\n    {2}",
        .dir.display(), or_none(.installed), install_line(*.made_by)
    )]
    VersionGone {
        /// The cluster's folder.
        dir: PathBuf,
        /// Major version that made it.
        made_by: u32,
        /// Binaries that were found instead.
        installed: Vec<String>,
    },

    /// The program runs as root and no ordinary account is there to run PostgreSQL.
    #[error(
        "PostgreSQL 不能以 root 身份运行,且找不到可用的普通账户(已查找:{0})。请用 SANBIAN_DB_USER 指定一个普通账户。\n\
         PostgreSQL refuses to run as root, and no ordinary account was found (tried: {0}). Name one in SANBIAN_DB_USER.",
        .tried.join(", ")
    )]
    NoAccount {
        /// The names that were tried.
        tried: Vec<String>,
    },

    /// An account was asked for that this program, not being root, cannot become.
    #[error(
        "只有 root 才能以账户 {wanted} 运行数据库;当前账户为 {current}。请去掉 SANBIAN_DB_USER,或以 root 启动。\n\
         Only root can run the database as {wanted}; this program runs as {current}. Unset SANBIAN_DB_USER, or start as root."
    )]
    CannotSwitch {
        /// The account asked for.
        wanted: String,
        /// The account that runs the program.
        current: String,
    },

    /// The account that runs PostgreSQL can't reach the folder, nor any place tried instead.
    #[error(
        "账户 {account} 无法使用数据库目录:{0}。请把数据目录(SANBIAN_DATA)放在该账户可进入的位置,例如 /var/lib/sanbian。\n\
         The account {account} cannot use the database folder: {0}. Put the data folder (SANBIAN_DATA) where that account \
         can enter, for example /var/lib/sanbian.",
        .tried.join("; ")
    )]
    NoPlace {
        /// The account that runs PostgreSQL.
        account: String,
        /// Each place with the reason it would not do.
        tried: Vec<String>,
    },

    /// No folder would do for the Unix socket.
    #[error(
        "找不到可放置数据库套接字的目录:{0}。\nNo folder can hold the database's socket: {0}.",
        .tried.join("; ")
    )]
    NoSocket {
        /// Each folder with the reason it would not do.
        tried: Vec<String>,
    },

    /// Another program runs on this data folder.
    #[error(
        "另一个 sanbian 正在使用数据目录 {0}{1}。请先停止它,或用 SANBIAN_DATA 指定别的目录。\n\
         Another sanbian is using the data folder {0}{2}. Stop it first, or name another folder in SANBIAN_DATA.",
        .dir.display(),
        .pid.as_ref().map(|p| format!("(进程 {p})")).unwrap_or_default(),
        .pid.as_ref().map(|p| format!(" (process {p})")).unwrap_or_default()
    )]
    InUse {
        /// The data folder.
        dir: PathBuf,
        /// The other program, as it wrote it down.
        pid: Option<i32>,
    },

    /// The folder belongs to another account.
    #[error(
        "数据库目录 {0} 属于账户 {owner},当前账户 {current} 不能使用。请以 root 或该账户启动,或用 SANBIAN_DATA 指定别的目录。\n\
         The database folder {0} belongs to {owner}; {current} cannot use it. Start as root or as that account, or name \
         another folder in SANBIAN_DATA.",
        .dir.display()
    )]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// Its owner.
        owner: String,
        /// The account that runs the program.
        current: String,
    },

    /// The data folder says that its database was moved, and it is not there.
    #[error(
        "数据目录 {0} 的数据库应在 {1},但那里没有。请恢复该目录;若确定从空库开始,请删除 {2}。\n\
         The database of the data folder {0} should be in {1}, and is not there. Restore that folder; only to begin with \
         an empty database, delete {2}.",
        .data.display(), .place.display(), .pointer.display()
    )]
    Vanished {
        /// The data folder.
        data: PathBuf,
        /// Where the database was put.
        place: PathBuf,
        /// The file that says so.
        pointer: PathBuf,
    },

    /// One of PostgreSQL's own tools failed.
    #[error("{tool} 运行失败:\n{tool} failed:\n{output}")]
    Tool {
        /// `initdb` or `postgres --single`.
        tool: String,
        /// What it said.
        output: String,
    },

    /// PostgreSQL did not come up.
    #[error(
        "数据库未能启动({0}),日志见 {1}:\nThe database did not start ({0}); its log is {1}:\n{said}", .why, .log.display()
    )]
    NotStarted {
        /// Exit status or time-out.
        why: String,
        /// The folder of its logs.
        log: PathBuf,
        /// The log's last lines.
        said: String,
    },

    /// A program wanted to connect to the database of a data folder on which no sanbian runs.
    #[error(
        "数据目录 {0} 上没有正在运行的数据库。请先启动 sanbian serve。\n\
         No database is running on the data folder {0}. Start it first: sanbian serve.",
        .dir.display()
    )]
    NotRunning {
        /// The data folder.
        dir: PathBuf,
    },

    /// A database name that would need quoting.
    #[error("数据库名只能使用小写字母、数字和下划线:{name:?}\nA database name has only a-z, 0-9 and _: {name:?}")]
    BadName {
        /// The name.
        name: String,
    },

    /// PostgreSQL died again and again; the keeper gave up.
    #[error("数据库反复异常退出,已停止重启:\nThe database died again and again; it is not started any more:\n{last}")]
    Lost {
        /// The last failure.
        last: String,
    },

    /// Processes of the cluster would not end.
    #[error(
        "数据库进程 {pids:?} 无法结束,请检查磁盘是否有故障。\nThe database's processes {pids:?} do not end; look for a failing disk."
    )]
    NotStopped {
        /// Who is left.
        pids: Vec<i32>,
    },

    /// The start was called off, because the caller went away.
    #[error("启动已取消。\nThe start was called off.")]
    CalledOff,

    /// The server runs, and refused or broke the connection.
    #[error("无法连接数据库:{0}\nThe database could not be used: {0}")]
    Database(#[from] sqlx::Error),

    /// A file or folder failed.
    #[error("{what} {0} 失败:{source}\nCould not {what} {0}: {source}", .path.display())]
    File {
        /// The act, as a verb: "read", "create".
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

fn parenthesised(lead: &str, list: &[String]) -> String {
    if list.is_empty() { String::new() } else { format!(" ({lead}{})", list.join(", ")) }
}

fn or_none(list: &[String]) -> String {
    if list.is_empty() { "–".to_owned() } else { list.join(", ") }
}

fn install_line(major: u32) -> String {
    // As root there may be no sudo at all (containers), so the line must not need it.
    let sudo = if nix::unistd::geteuid().is_root() { "" } else { "sudo " };
    format!("{sudo}apt-get install -y --no-install-recommends {}", packages(major))
}

/// Attaches the act and the path to an I/O error.
pub(crate) trait OnFile<T> {
    fn on(self, what: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> OnFile<T> for std::io::Result<T> {
    fn on(self, what: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::File { what, path: path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_reads_well_in_both_languages() {
        let all = [
            Error::NotInstalled { looked_in: vec!["/usr/lib/postgresql/*/bin".into(), "PATH".into()], suggested: 15 },
            Error::NotInstalled { looked_in: vec![], suggested: 15 },
            Error::PostgisMissing { major: 15 },
            Error::VersionGone { dir: "/srv/data".into(), made_by: 15, installed: vec!["17".into()] },
            Error::NoAccount { tried: vec!["postgres".into(), "nobody".into()] },
            Error::CannotSwitch { wanted: "postgres".into(), current: "li".into() },
            Error::NoPlace { account: "postgres".into(), tried: vec!["/a: Permission denied".into()] },
            Error::NoSocket { tried: vec!["/a: path too long".into()] },
            Error::InUse { dir: "/srv/data".into(), pid: Some(7) },
            Error::InUse { dir: "/srv/data".into(), pid: None },
            Error::Foreign { dir: "/srv/data".into(), owner: "root".into(), current: "li".into() },
            Error::Vanished { data: "/a".into(), place: "/b".into(), pointer: "/a/postgres/moved-to".into() },
            Error::Tool { tool: "initdb".into(), output: "no space left".into() },
            Error::NotStarted { why: "exit status: 1".into(), log: "/a/log".into(), said: "FATAL".into() },
            Error::Lost { last: "x".into() },
            Error::NotStopped { pids: vec![1] },
            Error::CalledOff,
            Error::NotRunning { dir: "/srv/data".into() },
            Error::BadName { name: "A b".into() },
            Error::File { what: "read", path: "/a".into(), source: std::io::Error::other("broken") },
        ];
        for error in all {
            let text = error.to_string();
            assert!(text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "no Chinese: {text}");
            assert!(
                text.lines().any(|l| l.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_lowercase())),
                "no English: {text}"
            );
            assert!(text.lines().all(|l| !l.trim_start().contains("  ")), "stray blanks: {text}");
        }
    }

    #[test]
    fn the_install_line_can_be_pasted() {
        let text = Error::PostgisMissing { major: 15 }.to_string();
        assert!(
            text.ends_with("apt-get install -y --no-install-recommends postgresql-15 postgresql-15-postgis-3"),
            "{text}"
        );
    }
}
