//! Where a cluster's files are, who may touch them, and the lock that keeps a second program out.
//!
//! ```text
//! <data folder>/postgres/      ours; a service account may pass through, no more
//!   lock                       held with flock while a program runs on the folder
//!   password                   the superuser's password, readable to us alone
//!   moved-to                   only when the account can't reach this folder: where the rest is instead
//!   conf/                      the server's settings, rewritten at each start; local.conf is the office's own
//!   start.log                  what the server said before its own log was open
//!   cluster/  run/  log/       the account's: data, socket, logs
//! ```
//!
//! **Invariant:** when we are root, we write only into folders that root owns. Writing into the account's folders would
//! let that account, were it taken over, lead root's writes to any file through a symbolic link.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use nix::unistd::geteuid;

use crate::Error;
use crate::account::{Account, name_of};
use crate::error::OnFile;

/// The folders of one cluster, locked for this program.
#[derive(Debug)]
pub(crate) struct Place {
    /// The data folder as the caller named it, without links and dots.
    pub(crate) data: PathBuf,
    /// `<data folder>/postgres`, or the place it was moved to.
    pub(crate) root: PathBuf,
    pub(crate) account: Account,
    /// Held for their lock alone; closing them frees it.
    _locks: Vec<File>,
}

impl Place {
    /// Opens or creates the folders, takes the lock and chooses the account.
    pub(crate) fn open(dir: &Path, configured: Option<&str>) -> Result<Self, Error> {
        std::fs::create_dir_all(dir).on("create", dir)?;
        let data = dir.canonicalize().on("read", dir)?;
        let home = data.join("postgres");
        enter(&home)?;
        // Before anything is changed: a program of another account may be running on the folder.
        let mut locks = vec![lock(&home, &data)?];
        make_ours(&home)?;

        let root = resolve(&data)?;
        if root != home {
            // A copied data folder points at the same cluster as the original: that one has a lock of its own.
            locks.push(lock(&root, &data)?);
        }
        let owner = std::fs::metadata(root.join("cluster")).ok().map(|meta| meta.uid());
        let account = Account::choose(configured, owner)?;
        if let Some(owner) = owner
            && owner != account.uid
        {
            return Err(Error::Foreign { dir: root, owner: name_of(owner), current: account.name });
        }
        let mut place = Self { data, root, account, _locks: locks };
        if let Err(reason) = place.prepare() {
            place.move_away(owner.is_some(), reason)?;
        }
        Ok(place)
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    pub(crate) fn conf(&self) -> PathBuf {
        self.root.join("conf")
    }

    pub(crate) fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    pub(crate) fn start_log(&self) -> PathBuf {
        self.root.join("start.log")
    }

    pub(crate) fn password(&self) -> PathBuf {
        self.root.join("password")
    }

    /// The major version that made the cluster; none before there is one.
    pub(crate) fn made_by(&self) -> Result<Option<u32>, Error> {
        let file = self.cluster().join("PG_VERSION");
        match std::fs::read_to_string(&file) {
            Ok(text) => match text.trim().parse() {
                Ok(major) => Ok(Some(major)),
                Err(_) => Err(std::io::Error::other(format!("not a version: {text:?}"))).on("read", &file),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", &file),
        }
    }

    /// Makes the folders under `root` and tries whether the account can use them.
    fn prepare(&self) -> Result<(), String> {
        let text = |error: Error| error.to_string();
        make_ours(&self.root).map_err(text)?;
        make_ours(&self.conf()).map_err(text)?;
        make_theirs(&self.run(), &self.account, Parent::Ours).map_err(text)?;
        make_theirs(&self.log(), &self.account, Parent::Ours).map_err(text)?;
        let output = self
            .account
            .command("/bin/sh")
            .args(["-c", r#"cd -- "$0" && : > .try && rm .try"#])
            .arg(self.run())
            .output()
            .map_err(|error| format!("{}: {error}", self.root.display()))?;
        // The shell's own words name no reason; there is only one that a folder just made can have.
        if output.status.success() {
            Ok(())
        } else {
            Err(format!("{}: 无权进入 (permission denied)", self.run().display()))
        }
    }

    /// Puts the cluster outside the data folder, because the account can't get there (a data folder under `/root`, for
    /// one, which nobody but root may enter). A file in the data folder says where to, so the choice is made once.
    fn move_away(&mut self, has_cluster: bool, reason: String) -> Result<(), Error> {
        let no_place = |tried: Vec<String>| Error::NoPlace { account: self.account.name.clone(), tried };
        if has_cluster || !self.account.switch {
            // A cluster is there already: an empty one elsewhere would look like lost data.
            return Err(no_place(vec![reason]));
        }
        let name = uuid::Uuid::new_v4().simple().to_string();
        let parent = Path::new("/var/lib/sanbian-postgres");
        make_ours(parent)?;
        let elsewhere = parent.join(&name[..12]);
        let home = std::mem::replace(&mut self.root, elsewhere.clone());
        if let Err(second) = self.prepare() {
            let _ = std::fs::remove_dir_all(&elsewhere);
            return Err(no_place(vec![reason, second]));
        }
        self._locks.push(lock(&elsewhere, &self.data)?);
        let belongs = format!("The database of the sanbian data folder {}\n", self.data.display());
        write_ours(&elsewhere.join("belongs-to"), belongs.as_bytes(), 0o644)?;
        write_ours(&home.join("moved-to"), format!("{}\n", elsewhere.display()).as_bytes(), 0o644)?;
        for empty in ["conf", "run", "log"] {
            let _ = std::fs::remove_dir(home.join(empty));
        }
        tracing::warn!(
            account = %self.account.name, %reason, place = %elsewhere.display(),
            "the database account cannot use the data folder; the database is put elsewhere"
        );
        Ok(())
    }
}

/// The folder that holds the cluster of a data folder: its `postgres`, or what `postgres/moved-to` names.
pub(crate) fn resolve(data: &Path) -> Result<PathBuf, Error> {
    let home = data.join("postgres");
    let pointer = home.join("moved-to");
    match std::fs::read_to_string(&pointer) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(home),
        Err(error) => Err(error).on("read", &pointer),
        Ok(text) => {
            let place = PathBuf::from(text.trim());
            if place.is_absolute() && place.is_dir() {
                Ok(place)
            } else {
                Err(Error::Vanished { data: data.to_owned(), place, pointer })
            }
        }
    }
}

/// Writes a file of ours whole or not at all: beside it, to the disk, then renamed.
pub(crate) fn write_ours(path: &Path, content: &[u8], mode: u32) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::NamedTempFile::new_in(folder).on("write", path)?;
    file.write_all(content).on("write", path)?;
    file.as_file().set_permissions(Permissions::from_mode(mode)).on("write", path)?;
    file.as_file().sync_all().on("write", path)?;
    file.persist(path).map_err(|error| error.error).on("write", path)?;
    sync_folder(folder)
}

/// Makes a rename or a new file in this folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|file| file.sync_all()).on("sync", folder)
}

/// Creates the folder if need be; refuses one that an ordinary user can't use, with the reason.
fn enter(path: &Path) -> Result<(), Error> {
    if !path.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(path).on("create", path)?;
    }
    let owner = std::fs::metadata(path).on("read", path)?.uid();
    if owner == geteuid().as_raw() || geteuid().is_root() {
        return Ok(());
    }
    Err(Error::Foreign { dir: path.to_owned(), owner: name_of(owner), current: name_of(geteuid().as_raw()) })
}

/// A folder that we own and the account may only pass through.
fn make_ours(path: &Path) -> Result<(), Error> {
    enter(path)?;
    let owner = std::fs::metadata(path).on("read", path)?.uid();
    if owner != geteuid().as_raw() {
        // Made by an ordinary user, now root's turn. From here on root is needed: an ordinary user could otherwise
        // swap the folders that root writes into.
        tracing::warn!(folder = %path.display(), was = %name_of(owner), "root takes over the database folder");
        chown(path, Some(0), Some(0)).on("take over", path)?;
    }
    // Also after a creation, because the umask has its say there.
    let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
    std::fs::set_permissions(path, Permissions::from_mode(mode)).on("protect", path)
}

/// Who can put things into the folder around another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parent {
    /// Only we.
    Ours,
    /// Everybody, as in `/tmp`.
    Shared,
}

/// A folder that the account alone owns and sees into.
pub(crate) fn make_theirs(path: &Path, account: &Account, parent: Parent) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error).on("create", path),
        _ => {}
    }
    // Of the folder itself, not of what a link points at: in /tmp anyone could have put one there before us.
    let meta = std::fs::symlink_metadata(path).on("read", path)?;
    let known = [account.uid, geteuid().as_raw()].contains(&meta.uid());
    if !meta.is_dir() || (!known && parent == Parent::Shared) {
        return Err(Error::Foreign { dir: path.to_owned(), owner: name_of(meta.uid()), current: account.name.clone() });
    }
    if meta.uid() != account.uid {
        chown(path, Some(account.uid), Some(account.gid)).on("hand over", path)?;
    }
    std::fs::set_permissions(path, Permissions::from_mode(0o700)).on("protect", path)
}

fn lock(folder: &Path, data: &Path) -> Result<File, Error> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(&path)
        .on("open", &path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(Error::InUse { dir: data.to_owned(), pid: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(error).on("lock", &path),
    }
    // Only for the message above; the lock itself is the kernel's and ends with the process.
    file.set_len(0).on("write", &path)?;
    file.rewind().on("write", &path)?;
    writeln!(file, "{}", std::process::id()).on("write", &path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Open to others, or root's account could not enter and everything would go to `/var/lib`.
    fn open_folder() -> tempfile::TempDir {
        tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().expect("a temporary folder")
    }

    #[test]
    fn a_second_opening_is_refused_and_names_the_first() {
        let dir = open_folder();
        let first = Place::open(dir.path(), None).expect("nobody else is here");
        let second = Place::open(dir.path(), None).expect_err("the first holds the lock");
        assert!(matches!(second, Error::InUse { pid: Some(pid), .. } if pid.cast_unsigned() == std::process::id()));
        drop(first);
        Place::open(dir.path(), None).expect("the lock is free again");
    }

    #[test]
    fn the_password_folder_is_closed_to_others() {
        let dir = open_folder();
        let place = Place::open(dir.path(), None).expect("opens");
        for (folder, others) in [(&place.run(), 0), (&place.log(), 0)] {
            let mode = std::fs::metadata(folder).expect("is there").permissions().mode();
            assert_eq!(mode & 0o077, others, "{}", folder.display());
        }
        write_ours(&place.password(), b"x", 0o600).expect("writes");
        assert_eq!(std::fs::metadata(place.password()).expect("is there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_lost_moved_database_is_never_replaced_by_an_empty_one() {
        let dir = open_folder();
        drop(Place::open(dir.path(), None).expect("opens"));
        std::fs::write(dir.path().join("postgres/moved-to"), "/nonexistent/place\n").expect("writes");
        let error = Place::open(dir.path(), None).expect_err("the place is gone");
        assert!(matches!(error, Error::Vanished { .. }), "{error}");
    }
}
