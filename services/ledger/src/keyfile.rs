//! The log's signing key on disk.

use crate::key::SigningKey;
use anyhow::{Context as _, anyhow, ensure};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Reads the log's key from `path`; at the first start makes it, for the log named `origin`, readable by its owner alone.
///
/// The name is part of the log's identity: a key of another name is refused, not renamed.
///
/// # Errors
/// Where the file can't be read or made, others may read it, or it is the key of another log.
pub fn load_or_create(path: &Path, origin: &str) -> anyhow::Result<SigningKey> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return create(path, origin),
        Err(error) => return Err(error).with_context(|| format!("the log's key {} can't be read", path.display())),
    };
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "the log's key {} can be read by others; run: chmod 600 {0}", path.display());
    let key: SigningKey =
        text.trim_end().parse().with_context(|| format!("{} is not a signing key", path.display()))?;
    let name = key.verifier().name();
    ensure!(name == origin, "{} is the key of the log {name:?}, not of {origin:?}", path.display());
    Ok(key)
}

fn create(path: &Path, origin: &str) -> anyhow::Result<SigningKey> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).map_err(|_| anyhow!("the system gives no random bytes"))?;
    let key = SigningKey::from_seed(origin, seed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Written beside and linked into place: a half-written key never has the name, and a key that came meanwhile is not replaced.
    let part = path.with_extension(format!("part-{}", std::process::id()));
    let _ = fs::remove_file(&part);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
    writeln!(file, "{}", key.to_secret_text())?;
    file.sync_all()?;
    let linked = fs::hard_link(&part, path);
    fs::remove_file(&part)?;
    linked.with_context(|| format!("the log's key {} can't be made", path.display()))?;
    fs::File::open(folder)?.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_once_kept_tight_and_belongs_to_one_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("log.key");
        let first = load_or_create(&path, "sanbian.example/a").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(load_or_create(&path, "sanbian.example/a").unwrap().verifier(), first.verifier());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        assert!(load_or_create(&path, "sanbian.example/b").unwrap_err().to_string().contains("sanbian.example/a"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(load_or_create(&path, "sanbian.example/a").unwrap_err().to_string().contains("chmod 600"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "nonsense").unwrap();
        assert!(load_or_create(&path, "sanbian.example/a").is_err());
    }
}
