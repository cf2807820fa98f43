//! Which folder holds the socket.
//!
//! The kernel takes 107 bytes for a socket's path, and some file systems (shared folders of virtual machines, some
//! network disks) hold no sockets at all. So the folder `run` beside the cluster is tried first, then short ones.

use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use crate::Error;
use crate::place::{Parent, Place, make_theirs};
use crate::settings::PORT;

/// `sun_path` is 108 bytes and ends in NUL.
const LONGEST: usize = 107;

/// The socket's file in a folder.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Chooses the folder; a short one is named by the cluster's mark, so the same is found at each start.
pub(crate) fn choose(place: &Place, mark: &str) -> Result<PathBuf, Error> {
    let mut tried = Vec::new();
    for (folder, parent) in candidates(&place.run(), mark) {
        let usable = fits(&folder).and_then(|()| {
            make_theirs(&folder, &place.account, parent).map_err(|error| error.to_string())?;
            holds_sockets(&folder)
        });
        match usable {
            Ok(()) => return Ok(folder),
            Err(reason) => tried.push(format!("{}: {reason}", folder.display())),
        }
    }
    Err(Error::NoSocket { tried })
}

/// Takes away what a dead server left, and a short folder with it. Only while no server of this cluster runs.
///
/// PostgreSQL would do so itself, unless the process number in its lock file now belongs to another living process.
pub(crate) fn clear(folder: &Path, place: &Place) {
    clear_files(folder);
    if folder != place.run() {
        let _ = std::fs::remove_dir(folder);
    }
}

/// As [`clear`], but the folder stays.
pub(crate) fn clear_files(folder: &Path) {
    let socket = file(folder);
    let _ = std::fs::remove_file(socket.with_added_extension("lock"));
    let _ = std::fs::remove_file(socket);
}

fn candidates(run: &Path, mark: &str) -> Vec<(PathBuf, Parent)> {
    let mut all = vec![(run.to_owned(), Parent::Ours)];
    if geteuid().is_root() {
        all.push((Path::new("/run").join(mark), Parent::Ours));
    }
    // Not XDG_RUNTIME_DIR: it goes away when the user logs out, and a program left running would lose its database.
    all.push((Path::new("/tmp").join(mark), Parent::Shared));
    all
}

fn fits(folder: &Path) -> Result<(), String> {
    let path = file(folder);
    let length = path.as_os_str().len();
    if length > LONGEST {
        return Err(format!("{length} bytes, at most {LONGEST} fit into a socket's address"));
    }
    // PostgreSQL splits its setting at commas and blanks; and a URL should stay readable.
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    match folder.to_str() {
        Some(text) if text.chars().all(plain) => Ok(()),
        _ => Err("has characters other than a-z, 0-9, '/', '.', '_', '-'".to_owned()),
    }
}

fn holds_sockets(folder: &Path) -> Result<(), String> {
    let probe = folder.join(".try.socket");
    let _ = std::fs::remove_file(&probe);
    UnixListener::bind(&probe).map_err(|error| error.to_string())?;
    std::fs::remove_file(&probe).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_the_kernel_would_cut_is_not_taken() {
        let folder = |length: usize| PathBuf::from(format!("/{}", "x".repeat(length - 1)));
        let room = LONGEST - "/.s.PGSQL.5432".len();
        assert_eq!(fits(&folder(room)), Ok(()));
        assert!(fits(&folder(room + 1)).is_err());
    }

    #[test]
    fn odd_characters_go_to_a_plain_folder() {
        for odd in ["/srv/三变/run", "/srv/a b", "/srv/a,b", "/srv/a'b"] {
            assert!(fits(Path::new(odd)).is_err(), "{odd}");
        }
    }

    fn open_folder() -> tempfile::TempDir {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        tempfile::Builder::new().permissions(mode).tempdir().expect("a temporary folder")
    }

    #[test]
    fn a_strangers_folder_in_a_shared_place_is_refused() {
        let dir = open_folder();
        let place = Place::open(dir.path(), None).expect("opens");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("/etc", &link).expect("links");
        assert!(make_theirs(&link, &place.account, Parent::Shared).is_err());
        if geteuid().is_root() {
            let theirs = dir.path().join("theirs");
            std::fs::create_dir(&theirs).expect("creates");
            std::os::unix::fs::chown(&theirs, Some(4321), Some(4321)).expect("root may");
            assert!(make_theirs(&theirs, &place.account, Parent::Shared).is_err());
        }
    }
}
