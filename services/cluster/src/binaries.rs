//! Finding an installed PostgreSQL with PostGIS. Debian's versioned folders come first, then `pg_config` and the PATH.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// The oldest major version that the migrations are written for.
pub(crate) const OLDEST: u32 = 15;

/// The programs of one PostgreSQL installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binaries {
    pub(crate) bin: PathBuf,
    pub(crate) major: u32,
    pub(crate) postgis: bool,
}

impl Binaries {
    pub(crate) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }

    /// Looks at one folder; none if it holds no server of a readable version.
    fn at(bin: &Path) -> Option<Self> {
        if !bin.join("initdb").is_file() {
            return None;
        }
        let major = major(&said(&bin.join("postgres"), "--version")?)?;
        Some(Self { bin: bin.to_owned(), major, postgis: has_postgis(bin, major) })
    }
}

/// Finds the binaries to use.
///
/// With `made_by` (the major version that made an existing cluster) only that version will do. Without it, the newest
/// that has PostGIS is taken: a newer server without PostGIS is of no use to us.
pub(crate) fn find(configured: Option<&Path>, made_by: Option<(u32, &Path)>) -> Result<Binaries, Error> {
    let (candidates, looked_in) = candidates(configured);
    choose(candidates.iter().filter_map(|bin| Binaries::at(bin)).collect(), made_by, looked_in)
}

/// The choice alone, apart from the machine it is made on.
fn choose(found: Vec<Binaries>, made_by: Option<(u32, &Path)>, looked_in: Vec<String>) -> Result<Binaries, Error> {
    let installed: Vec<String> = found.iter().map(|b| format!("{} ({})", b.major, b.bin.display())).collect();
    let newest: BTreeMap<(bool, u32), Binaries> = found
        .into_iter()
        .rev() // so that, of two folders with the same version, the first looked at stays
        .filter(|b| b.major >= OLDEST && made_by.is_none_or(|(major, _)| b.major == major))
        .map(|b| ((b.postgis, b.major), b))
        .collect();
    match (newest.into_values().next_back(), made_by) {
        (Some(best), _) if best.postgis => Ok(best),
        (Some(best), _) => Err(Error::PostgisMissing { major: best.major }),
        (None, Some((major, dir))) => Err(Error::VersionGone { dir: dir.to_owned(), made_by: major, installed }),
        (None, None) => {
            let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
            Err(Error::NotInstalled { looked_in, suggested: suggested(&system) })
        }
    }
}

fn candidates(configured: Option<&Path>) -> (Vec<PathBuf>, Vec<String>) {
    if let Some(bin) = configured {
        return (vec![bin.to_owned()], vec![bin.display().to_string()]);
    }
    let debian = Path::new("/usr/lib/postgresql");
    let mut bins: Vec<PathBuf> = std::fs::read_dir(debian)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    bins.extend(said(Path::new("pg_config"), "--bindir").map(PathBuf::from));
    bins.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    (bins, vec![format!("{}/*/bin", debian.display()), "pg_config".to_owned(), "PATH".to_owned()])
}

/// Whether `CREATE EXTENSION postgis` would find its files: Debian has the scripts and the library in two packages, and
/// the scripts may be left behind alone.
fn has_postgis(bin: &Path, major: u32) -> bool {
    // A server without its pg_config (a stripped container): where Debian keeps the files.
    let folder = |question: &str, debian: &str| {
        said(&bin.join("pg_config"), question).unwrap_or_else(|| debian.replace("{}", &major.to_string()))
    };
    let share = folder("--sharedir", "/usr/share/postgresql/{}");
    let Ok(control) = std::fs::read_to_string(Path::new(&share).join("extension/postgis.control")) else {
        return false;
    };
    let Some(library) = library(&control) else { return false };
    Path::new(&folder("--pkglibdir", "/usr/lib/postgresql/{}/lib")).join(format!("{library}.so")).is_file()
}

/// `module_pathname = '$libdir/postgis-3'` -> `postgis-3`
fn library(control: &str) -> Option<&str> {
    let value = control.lines().find_map(|line| line.trim().strip_prefix("module_pathname"))?;
    value.trim().strip_prefix('=')?.trim().trim_matches('\'').strip_prefix("$libdir/")
}

/// The version that this machine's distribution carries.
fn suggested(os_release: &str) -> u32 {
    let field = |name: &str| {
        os_release.lines().find_map(|line| line.strip_prefix(name)).map_or("", |value| value.trim_matches('"'))
    };
    match (field("ID="), field("VERSION_ID=")) {
        ("debian", "13") => 17,
        ("ubuntu", "24.04") => 16,
        _ => 15, // Debian 12, and the oldest that will do
    }
}

/// `postgres (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)` -> 15
fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn said(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok().filter(|o| o.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(bin: &str, major: u32, postgis: bool) -> Binaries {
        Binaries { bin: bin.into(), major, postgis }
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("something else 15"), None);
    }

    #[test]
    fn the_extensions_library_is_read() {
        let control =
            "# comment\ndefault_version = '3.3.2'\nmodule_pathname = '$libdir/postgis-3'\nrelocatable = false\n";
        assert_eq!(library(control), Some("postgis-3"));
        assert_eq!(library("relocatable = false\n"), None);
    }

    #[test]
    fn the_distributions_own_version_is_suggested() {
        assert_eq!(suggested("NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nID=debian\n"), 17);
        assert_eq!(suggested("ID=debian\nVERSION_ID=\"12\"\n"), 15);
        assert_eq!(suggested(""), 15);
    }

    #[test]
    fn the_newest_with_postgis_wins() {
        let found = vec![made("/a", 15, true), made("/b", 17, false), made("/c", 16, true), made("/d", 16, true)];
        assert_eq!(choose(found, None, vec![]).expect("16 has PostGIS"), made("/c", 16, true));
    }

    #[test]
    fn an_existing_cluster_keeps_its_version() {
        let found = vec![made("/a", 15, true), made("/c", 16, true)];
        assert_eq!(choose(found.clone(), Some((15, Path::new("/x"))), vec![]).expect("15 is there").major, 15);
        let gone = choose(found, Some((17, Path::new("/x"))), vec![]).expect_err("17 is not there");
        assert!(matches!(gone, Error::VersionGone { made_by: 17, .. }), "{gone}");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(matches!(choose(vec![made("/a", 13, true)], None, vec![]), Err(Error::NotInstalled { .. })));
        assert!(matches!(choose(vec![made("/a", 16, false)], None, vec![]), Err(Error::PostgisMissing { major: 16 })));
    }

    #[test]
    fn a_folder_without_a_server_is_not_taken() {
        let error = find(Some(Path::new("/nonexistent/bin")), None).expect_err("nothing is there");
        assert!(error.to_string().contains("/nonexistent/bin"), "{error}");
    }
}
