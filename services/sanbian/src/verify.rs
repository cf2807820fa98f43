//! `sanbian verify`: checks a log from its public files alone: signature, tree, every entry, and that it only ever grew.

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sanbian_ledger::{
    checkpoint::Checkpoint,
    key::VerifierKey,
    reader::{Fetch, Folder, LogReader, Verified},
};
use std::{fs, io, path::PathBuf, process::ExitCode, str::FromStr};
use tokio::runtime::Handle;

/// What to check.
#[derive(Args)]
pub struct VerifyArguments {
    /// Address of an exchange (http://…) or a folder with a log's files.
    #[arg(long)]
    log: String,
    /// The log's verifier key, or a file with it. Taken from the log itself where none is given: that proves less.
    #[arg(long)]
    vkey: Option<String>,
    /// Remembers the last state seen; the next check insists that the log grew from it.
    #[arg(long)]
    state: Option<PathBuf>,
}

/// A log behind HTTP.
struct Http {
    base: String,
    client: reqwest::Client,
    runtime: Handle,
}

impl Fetch for Http {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let answer = self.runtime.block_on(async {
            let response = self.client.get(format!("{}/{path}", self.base)).send().await?;
            if response.status() == reqwest::StatusCode::NOT_FOUND {
                return Ok(None);
            }
            Ok::<_, reqwest::Error>(Some(response.error_for_status()?.bytes().await?.to_vec()))
        });
        answer.map_err(io::Error::other)
    }
}

enum Source {
    Http(Http),
    Folder(Folder),
}

impl Fetch for Source {
    fn fetch(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Http(http) => http.fetch(path),
            Self::Folder(folder) => folder.fetch(path),
        }
    }
}

/// Runs the check. Exit code 0 only when all holds.
pub async fn run(arguments: VerifyArguments) -> anyhow::Result<ExitCode> {
    let source = if arguments.log.starts_with("http://") || arguments.log.starts_with("https://") {
        let base = arguments.log.trim_end_matches('/');
        let base = if base.ends_with("/ledger") { base.to_owned() } else { format!("{base}/ledger") };
        Source::Http(Http { base, client: reqwest::Client::new(), runtime: Handle::current() })
    } else {
        Source::Folder(Folder(PathBuf::from(&arguments.log)))
    };
    tokio::task::spawn_blocking(move || check(&arguments, source)).await?
}

fn check(arguments: &VerifyArguments, source: Source) -> anyhow::Result<ExitCode> {
    let key = match &arguments.vkey {
        Some(text) if fs::exists(text).unwrap_or(false) => fs::read_to_string(text)?,
        Some(text) => text.clone(),
        None => {
            eprintln!(
                "注意：未指定验证公钥，使用账本自带的公钥。 No --vkey given: the log's own key is used, which proves less."
            );
            let bytes = source.fetch("vkey")?.context("the log has no vkey file; give --vkey")?;
            String::from_utf8(bytes).context("the log's vkey is no text")?
        }
    };
    let key = VerifierKey::from_str(key.trim()).context("the verifier key can't be read")?;
    let mut reader = LogReader::open(source, &key)?;
    let note = reader.note().to_owned();
    if let Some(file) = &arguments.state
        && file.exists()
    {
        let seen = Checkpoint::open(&fs::read_to_string(file)?, &key)?;
        reader
            .check_grown_from(seen.size, seen.root)
            .context("the log did not grow from the state seen before: it was forked or rolled back")?;
    }
    let size = Checkpoint::open(&note, &key)?.size;
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {elapsed}").unwrap_or(ProgressStyle::default_bar());
    let bar = ProgressBar::new(size).with_style(style).with_message("entries");
    let mut broken = None;
    let Verified { checkpoint, kinds, .. } = reader.verify(|logged| {
        bar.inc(1);
        if let Err(error) = sanbian_domain::fact::Entry::from_bytes(&logged.bytes) {
            broken.get_or_insert((logged.index, error.to_string()));
        }
    })?;
    bar.finish_and_clear();
    if let Some((index, error)) = broken {
        bail!("entry {index} does not follow the schema: {error}");
    }
    if let Some(file) = &arguments.state {
        fs::write(file, &note)?;
    }
    println!("核验通过 verified: {size} entries, root {}", checkpoint.root);
    for (kind, count) in kinds {
        println!("  {count:>8}  {kind}");
    }
    Ok(ExitCode::SUCCESS)
}
