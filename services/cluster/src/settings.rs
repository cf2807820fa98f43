//! What the server is told: its configuration files and its command line.
//!
//! **Invariants:** no TCP port is opened; every connection needs a password (scram-sha-256); what was acknowledged is on
//! the disk. These stand on the command line, where neither `local.conf` nor `ALTER SYSTEM` can change them.

use std::path::Path;

/// The file name of PostgreSQL's socket carries a port, though there is none.
pub(crate) const PORT: u16 = 5432;

/// Only through the socket, only with a password; replication (backups by `pg_basebackup`) likewise.
pub(crate) const HBA: &str = "\
# Written by sanbian at each start.
local  all          all  scram-sha-256
local  replication  all  scram-sha-256
";

/// `local.conf` when there is none yet.
pub(crate) const LOCAL: &str = "\
# This office's own settings of PostgreSQL; they stand over those of postgresql.conf. Written once, never again.
";

/// `postgresql.conf` for a machine with this much memory. What an office wants otherwise goes into `local.conf`.
pub(crate) fn configuration(memory_mib: u64, log: &Path) -> String {
    // The machine is not the database's alone, so an eighth, not the quarter that PostgreSQL's manual starts from.
    let shared = (memory_mib / 8).clamp(64, 4096);
    let cache = (memory_mib / 2).max(128);
    let maintenance = (memory_mib / 32).clamp(64, 512);
    let log = log.to_string_lossy().replace('\'', "''");
    format!(
        "\
# Written by sanbian at each start: changes here are lost. Put your own settings into local.conf beside this file.
max_connections = 200
shared_buffers = {shared}MB
effective_cache_size = {cache}MB
maintenance_work_mem = {maintenance}MB
work_mem = 8MB
# Files in the cluster, not /dev/shm: a container's is small (64 MB), and systemd empties it when a user logs out.
dynamic_shared_memory_type = mmap
wal_level = replica
wal_compression = on
max_wal_size = 1GB
# Our queries are short; compiling them costs more than it saves.
jit = off

# The same answers on every machine, whatever its own language and zone.
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'

# One file for each day of the week, each overwritten a week later.
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %u@%d '
# Values of rows may be personal data, and never go into a log: no statements, no parameters, no details of errors.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0

include_if_exists 'local.conf'
"
    )
}

/// The settings that nothing may override, as `name=value` for `-c`.
pub(crate) fn fixed(conf: &Path, socket: &Path, mark: &str) -> Vec<String> {
    vec![
        format!("config_file={}", conf.join("postgresql.conf").display()),
        format!("hba_file={}", conf.join("pg_hba.conf").display()),
        // So that processes can be told from those of other clusters, see `processes`.
        format!("cluster_name={mark}"),
        "update_process_title=on".to_owned(),
        "listen_addresses=".to_owned(),
        format!("port={PORT}"),
        format!("unix_socket_directories={}", socket.display()),
        "unix_socket_permissions=0700".to_owned(),
        "password_encryption=scram-sha-256".to_owned(),
        "fsync=on".to_owned(),
        "full_page_writes=on".to_owned(),
        "synchronous_commit=on".to_owned(),
    ]
}

/// The machine's memory in MiB; a small machine is assumed where the kernel doesn't say.
pub(crate) fn memory_mib() -> u64 {
    std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| mem_total(&text)).unwrap_or(2048)
}

fn mem_total(meminfo: &str) -> Option<u64> {
    let kib: u64 =
        meminfo.lines().find_map(|l| l.strip_prefix("MemTotal:"))?.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_shared_out_within_bounds() {
        let of = |mib| {
            let text = configuration(mib, Path::new("/d/log"));
            text.lines().find_map(|l| l.strip_prefix("shared_buffers = ").map(str::to_owned))
        };
        assert_eq!(of(256).as_deref(), Some("64MB"));
        assert_eq!(of(8192).as_deref(), Some("1024MB"));
        assert_eq!(of(1_000_000).as_deref(), Some("4096MB"));
        assert_eq!(mem_total("MemFree: 1 kB\nMemTotal:       24576000 kB\n"), Some(24_000));
    }

    #[test]
    fn a_quote_in_a_path_stays_in_the_path() {
        assert!(configuration(1, Path::new("/o'hara/log")).contains("log_directory = '/o''hara/log'"));
    }

    #[test]
    fn no_line_lets_a_connection_in_without_a_password() {
        for line in HBA.lines().filter(|l| !l.starts_with('#')) {
            assert!(line.starts_with("local ") && line.ends_with(" scram-sha-256"), "{line}");
        }
    }
}
