//! The installation's one secret, and the keys derived from it.

use anyhow::{Context as _, ensure};
use ring::{
    hkdf,
    rand::{SecureRandom, SystemRandom},
};
use std::{
    fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// 32 random bytes in a file that only the program's user may read; every other key is derived (HKDF-SHA256, RFC 5869) from it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl Secret {
    /// Reads the secret at `path`, or makes it where there is none.
    ///
    /// # Errors
    /// Where the file can't be read or made, is not 32 bytes, or others may read it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let mut bytes = [0; 32];
            SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
            let part = path.with_extension("part");
            let _ = fs::remove_file(&part);
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&part, path).with_context(|| format!("could not write {}", path.display()))?;
        }
        let mode = fs::metadata(path)?.permissions().mode();
        ensure!(mode & 0o077 == 0, "{} can be read by others; run: chmod 600 {0}", path.display());
        let bytes = fs::read(path)?;
        let bytes = bytes.try_into().map_err(|_| anyhow::anyhow!("{} is not 32 bytes", path.display()))?;
        Ok(Self(bytes))
    }

    /// A secret for tests: the same each time, so that tests of one cluster agree on passwords.
    #[cfg(feature = "testing")]
    pub fn for_tests() -> Self {
        Self([7; 32])
    }

    /// A key of `N` bytes for one `purpose`. Different purposes give unrelated keys.
    pub fn derive<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"sanbian/v1");
        let mut key = [0; N];
        let info = [purpose.as_bytes()];
        salt.extract(&self.0)
            .expand(&info, Length(N))
            .and_then(|okm| okm.fill(&mut key))
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        key
    }

    /// The database password of a service's role.
    pub fn role_password(&self, service: &str) -> String {
        hex::encode(self.derive::<24>(&format!("role-password/{service}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_once_kept_tight_and_derives_apart() {
        let dir = std::env::temp_dir().join(format!("sanbian-secret-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&dir).unwrap();
        let path = dir.join("secret");
        let first = Secret::open(&path).unwrap();
        let again = Secret::open(&path).unwrap();
        assert_eq!(first.derive::<32>("a"), again.derive::<32>("a"));
        assert_ne!(first.derive::<32>("a"), first.derive::<32>("b"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Secret::open(&path).is_err());
        fs::remove_dir_all(dir).unwrap();
    }
}
