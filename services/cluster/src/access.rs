//! What a client needs to connect: the socket, the superuser, and URLs made of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::create::{self, SUPERUSER};
use crate::error::OnFile;
use crate::{Error, place, server, settings};

/// How to reach a running private cluster.
#[derive(Clone)]
pub struct Access {
    socket: PathBuf,
    password: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the password: this may end in a log.
        f.debug_struct("Access").field("socket", &self.socket).finish_non_exhaustive()
    }
}

impl Access {
    pub(crate) fn new(socket: PathBuf, password: String) -> Self {
        Self { socket, password }
    }

    /// The access to the cluster that *another* program runs on this data folder: for tools beside a running server.
    ///
    /// # Errors
    /// [`Error::NotRunning`] without a running server; [`Error::File`] if the password is not ours to read.
    pub fn to_running(dir: &Path) -> Result<Self, Error> {
        let data = dir.canonicalize().on("read", dir)?;
        let root = place::resolve(&data)?;
        let not_running = || Error::NotRunning { dir: data.clone() };
        let password = create::password(&root)?.ok_or_else(not_running)?;
        let socket = server::listening(&root.join("cluster")).ok_or_else(not_running)?;
        // A killed machine leaves the process file behind; only the socket answers.
        std::os::unix::net::UnixStream::connect(server_socket(&socket)).map_err(|_| not_running())?;
        Ok(Self::new(socket, password))
    }

    /// The folder of the Unix socket.
    pub fn socket_dir(&self) -> &Path {
        &self.socket
    }

    /// The port in the socket's file name. No TCP port is open.
    pub fn port(&self) -> u16 {
        settings::PORT
    }

    /// The name of the superuser.
    pub fn superuser(&self) -> &'static str {
        SUPERUSER
    }

    /// The superuser's password: random, and in no log.
    pub fn superuser_password(&self) -> &str {
        &self.password
    }

    /// The URL of a database for a role, as sqlx, libpq and psql take it.
    pub fn url(&self, database: &str, role: &str, password: &str) -> String {
        format!(
            "postgres://{}:{}@localhost:{}/{}?host={}&sslmode=disable",
            encoded(role),
            encoded(password),
            settings::PORT,
            encoded(database),
            encoded(&self.socket.to_string_lossy())
        )
    }

    /// The URL of a database for the superuser.
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(database, SUPERUSER, &self.password)
    }

    /// Creates the database if it isn't there. Two at once are no error.
    ///
    /// # Errors
    /// [`Error::BadName`] for a name that would need quoting; [`Error::Database`].
    pub async fn create_database(&self, name: &str) -> Result<(), Error> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty()
            || name.len() > 63
            || !name.chars().all(plain)
            || name.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(Error::BadName { name: name.to_owned() });
        }
        let mut connection = self.connect("postgres").await?;
        let there: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(name)
            .fetch_optional(&mut connection)
            .await?;
        if there.is_none() {
            // A name can't be bound as a parameter; the check above leaves nothing to quote.
            match sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).execute(&mut connection).await {
                Err(sqlx::Error::Database(error))
                    if ["42P04", "23505"].contains(&error.code().unwrap_or_default().as_ref()) => {}
                other => {
                    other?;
                }
            }
        }
        connection.close().await?;
        Ok(())
    }

    /// Logs in once: the server runs, and it is the one whose password we hold.
    pub(crate) async fn log_in(&self) -> Result<(), Error> {
        let attempt = async {
            let mut connection = self.connect("postgres").await?;
            connection.ping().await?;
            connection.close().await
        };
        match tokio::time::timeout(Duration::from_secs(15), attempt).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(Error::Database(sqlx::Error::PoolTimedOut)),
        }
    }

    async fn connect(&self, database: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket)
            .port(settings::PORT)
            .username(SUPERUSER)
            .password(&self.password)
            .database(database)
            .ssl_mode(PgSslMode::Disable)
            .application_name("sanbian-cluster")
            .connect()
            .await
    }
}

fn server_socket(folder: &Path) -> PathBuf {
    crate::socket::file(folder)
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}"); // a String takes every write
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlx_reads_the_url_back() {
        let access = Access::new("/srv/三变/run".into(), "p@ss/w:rd".into());
        let options: PgConnectOptions = access.superuser_url("sanbian").parse().expect("a URL");
        assert_eq!(options.get_socket(), Some(&PathBuf::from("/srv/三变/run")));
        assert_eq!(options.get_username(), "postgres");
        assert_eq!(options.get_database(), Some("sanbian"));
        assert_eq!(options.get_port(), 5432);
    }

    #[test]
    fn the_password_is_not_in_the_debug_text() {
        assert!(!format!("{:?}", Access::new("/d".into(), "secret".into())).contains("secret"));
    }
}
