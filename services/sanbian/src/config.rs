//! Where things are: the settings that every command shares.

use anyhow::Context as _;
use clap::Args;
use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::PathBuf,
};

/// The installation's place.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Data folder: the private database, keys, evidence files, the log's public files.
    #[arg(long = "data", env = "SANBIAN_DATA", default_value = "data")]
    pub data: PathBuf,
    /// A PostgreSQL >= 15 with PostGIS to use instead of a private one: its owner's URL.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Place {
    /// The data folder, made where it is missing. The database's user must be able to pass through it, nobody to list it.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn open(&self) -> anyhow::Result<PathBuf> {
        let data = std::path::absolute(&self.data)?;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(&data)
            .with_context(|| format!("the data folder {} can't be made", data.display()))?;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o711))?;
        for (folder, mode) in [("keys", 0o700), ("documents", 0o700), ("ledger", 0o755)] {
            let folder = data.join(folder);
            fs::DirBuilder::new().recursive(true).mode(mode).create(&folder)?;
        }
        Ok(data)
    }
}
