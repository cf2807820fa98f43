//! Making a cluster, and the superuser's password.

use std::io::Write;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Error;
use crate::binaries::Binaries;
use crate::error::OnFile;
use crate::place::{Parent, Place, make_theirs, sync_folder, write_ours};
use crate::settings;

/// The role that owns everything in the cluster.
pub(crate) const SUPERUSER: &str = "postgres";

/// Reads the superuser's password.
pub(crate) fn password(place_root: &Path) -> Result<Option<String>, Error> {
    let file = place_root.join("password");
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|p| !p.is_empty())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).on("read", &file),
    }
}

/// Makes a new password and stores it where only we can read it.
pub(crate) fn new_password(place: &Place) -> Result<String, Error> {
    // Two random ids: 244 bits from the kernel, in letters that need no quoting anywhere.
    let text = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    write_ours(&place.password(), text.as_bytes(), 0o600)?;
    Ok(text)
}

/// Creates the cluster. It appears under its name only when it is whole, so a crash in the middle leaves nothing that
/// looks like one.
pub(crate) fn create(place: &Place, binaries: &Binaries, password: &str) -> Result<(), Error> {
    remove_unfinished(place);
    let name = format!("cluster.new-{}", uuid::Uuid::new_v4().simple());
    let unfinished = place.root.join(name);
    make_theirs(&unfinished, &place.account, Parent::Ours)?;

    let mut file = tempfile::NamedTempFile::new_in(&place.root).on("create", &place.root)?;
    file.write_all(password.as_bytes()).on("write", file.path())?;
    chown(file.path(), Some(place.account.uid), Some(place.account.gid)).on("hand over", file.path())?;

    tracing::info!(place = %place.root.display(), account = %place.account.name, major = binaries.major, "creating the database");
    let mut command = place.account.command(binaries.initdb());
    command
        .arg(format!("--pgdata={}", unfinished.display()))
        .arg(format!("--username={SUPERUSER}"))
        .arg(format!("--pwfile={}", file.path().display()))
        .args(["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"])
        // Order by bytes, which no upgrade of the C library changes (an index sorted otherwise is a broken index);
        // but know Chinese characters as letters, for patterns and trigrams.
        .args(["--locale=C", "--lc-ctype=C.UTF-8"])
        .current_dir(&unfinished);
    run("initdb", &mut command, None)?;

    std::fs::rename(&unfinished, place.cluster()).on("rename", &unfinished)?;
    sync_folder(&place.root)
}

fn remove_unfinished(place: &Place) {
    for entry in std::fs::read_dir(&place.root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("cluster.new-") {
            remove_until_gone(&entry.path());
        }
    }
}

/// An orphan of the killed maker may still be writing while its folder is removed; it ends by itself as soon as a file it needs is gone.
fn remove_until_gone(folder: &std::path::Path) {
    for _ in 0..100 {
        let _ = std::fs::remove_dir_all(folder);
        if !folder.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    tracing::warn!(folder = %folder.display(), "an unfinished database can't be removed; it does no harm");
}

/// Gives the superuser a new password without knowing the old one: whoever owns the files may. For a cluster whose
/// password file was lost, say in a restored backup. No server may run.
pub(crate) fn reset_password(place: &Place, binaries: &Binaries) -> Result<String, Error> {
    tracing::warn!(place = %place.root.display(), "the superuser's password is lost; setting a new one");
    let text = new_password(place)?;
    let mut command = place.account.command(binaries.postgres());
    command.args(["--single", "-D"]).arg(place.cluster());
    for setting in settings::fixed(&place.conf(), &place.run(), "sanbian-password") {
        command.args(["-c", &setting]);
    }
    // Its own messages must come to us, not to the collector's file.
    command.args(["-c", "logging_collector=off", "postgres"]).current_dir(place.cluster());
    let said = run("postgres --single", &mut command, Some(&format!("ALTER ROLE {SUPERUSER} PASSWORD '{text}'\n")));
    // It exits 0 even when the statement failed.
    let failed = match &said {
        Ok(output) => output.contains("ERROR:").then(|| output.clone()),
        Err(_) => None,
    };
    match (said, failed) {
        (Ok(_), None) => Ok(text),
        (result, failed) => {
            // Without it the next start tries again instead of failing to log in.
            let _ = std::fs::remove_file(place.password());
            result?;
            Err(Error::Tool { tool: "postgres --single".to_owned(), output: failed.unwrap_or_default() })
        }
    }
}

fn run(tool: &str, command: &mut Command, input: Option<&str>) -> Result<String, Error> {
    let failed = |output: String| Error::Tool { tool: tool.to_owned(), output };
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(failed(format!("{} ({})", said.trim(), output.status))) }
}
