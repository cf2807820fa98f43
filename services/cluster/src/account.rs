//! Who runs PostgreSQL: we ourselves, or, when we are root, an ordinary account (PostgreSQL refuses root).

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::unistd::{Uid, User, getegid, geteuid};

use crate::Error;

/// Accounts that root falls back on, in order. `sanbian` is an office's own choice; `postgres` comes with Debian's
/// package; `nobody` is everywhere but shared with other daemons, so it is last.
const DEFAULTS: [&str; 3] = ["sanbian", "postgres", "nobody"];

/// The account that owns the cluster's files and runs its processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// We are root, and must become this account for every act on the cluster.
    pub(crate) switch: bool,
}

impl Account {
    /// Chooses the account. An existing cluster's owner comes before everything: its files are readable to nobody else.
    pub(crate) fn choose(configured: Option<&str>, cluster_owner: Option<u32>) -> Result<Self, Error> {
        if !geteuid().is_root() {
            let current = Self::of(geteuid().as_raw(), getegid().as_raw(), false);
            return match configured {
                Some(wanted) if wanted != current.name => {
                    Err(Error::CannotSwitch { wanted: wanted.to_owned(), current: current.name })
                }
                _ => Ok(current),
            };
        }
        if let Some(uid) = cluster_owner.filter(|uid| *uid != 0) {
            let gid = User::from_uid(Uid::from_raw(uid)).ok().flatten().map_or(uid, |u| u.gid.as_raw());
            return Ok(Self::of(uid, gid, true));
        }
        let tried: Vec<String> = match configured {
            Some(name) => vec![name.to_owned()],
            None => DEFAULTS.map(str::to_owned).to_vec(),
        };
        for name in &tried {
            if let Ok(Some(user)) = User::from_name(name)
                && !user.uid.is_root()
            {
                return Ok(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), switch: true });
            }
        }
        Err(Error::NoAccount { tried })
    }

    fn of(uid: u32, gid: u32, switch: bool) -> Self {
        Self { name: name_of(uid), uid, gid, switch }
    }

    /// A command that runs as this account, in its own process group and with an environment of its own.
    ///
    /// The own group keeps a Ctrl-C at the terminal away from PostgreSQL: it must reach this program alone, which then
    /// ends its work and stops the cluster. The empty environment keeps out `PGDATA`, `PGOPTIONS` and the like, which
    /// may point at a system cluster. When root drops to the account, std also drops root's supplementary groups.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").process_group(0);
        if self.switch {
            command.gid(self.gid).uid(self.uid);
        }
        command
    }
}

/// The account's name, or its number where it has none.
pub(crate) fn name_of(uid: u32) -> String {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map_or_else(|| format!("uid {uid}"), |u| u.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_never_runs_postgres_as_root() {
        if !geteuid().is_root() {
            assert_eq!(Account::choose(None, None).expect("we are ordinary").uid, geteuid().as_raw());
            return;
        }
        assert!(matches!(Account::choose(Some("root"), None), Err(Error::NoAccount { .. })));
        let chosen = Account::choose(None, None).expect("Debian has nobody at least");
        assert!(chosen.uid != 0 && chosen.switch);
    }

    #[test]
    fn the_clusters_owner_comes_first() {
        if geteuid().is_root() {
            assert_eq!(Account::choose(Some("nobody"), Some(4321)).expect("owner is ordinary").uid, 4321);
        }
    }

    #[test]
    fn an_ordinary_user_cannot_name_another() {
        if !geteuid().is_root() {
            assert!(matches!(Account::choose(Some("somebody-else"), None), Err(Error::CannotSwitch { .. })));
        }
    }
}
