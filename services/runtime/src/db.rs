//! Connections: one pool and one role a service; migrations by the owner.

use crate::{refusal::Refusal, secret::Secret};
use anyhow::Context as _;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// The services that own a schema and a role.
pub const SERVICES: [&str; 8] =
    ["ledger", "identity", "registry", "listing", "bidding", "settlement", "pricing", "supervision"];

/// All migrations, in order.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Brings the database to the newest shape and sets each role's password. `owner` may create roles and extensions.
///
/// # Errors
/// Where the database can't be reached, lacks PostGIS, or a migration fails (nothing of that one is kept).
pub async fn prepare(owner: &PgConnectOptions, secret: &Secret) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect_with(owner).await.context("the database can't be reached")?;
    connection
        .execute("CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist")
        .await
        .context("PostGIS is missing; on Debian: apt-get install postgresql-15-postgis-3")?;
    MIGRATOR.run(&mut connection).await.context("a migration failed")?;
    for service in SERVICES {
        // The password is hex and the name is ours: nothing to escape.
        let password = secret.role_password(service);
        let statement = format!("ALTER ROLE sanbian_{service} PASSWORD '{password}'");
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.close().await?;
    Ok(())
}

/// The pool of one service: its own role, its own schema first.
///
/// Every connection is rolled back when it returns: a future dropped inside `begin` would otherwise hand an open transaction to
/// the next user, whose acknowledged write could be lost (sqlx issue 4385).
pub fn pool(owner: &PgConnectOptions, secret: &Secret, service: &str, size: u32) -> PgPool {
    let options = owner
        .clone()
        .username(&format!("sanbian_{service}"))
        .password(&secret.role_password(service))
        .application_name(&format!("sanbian-{service}"))
        .options([("search_path", format!("{service},public")), ("client_min_messages", "error".to_owned())]);
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// Whether the database answers.
///
/// # Errors
/// Where it does not.
pub async fn ping(pool: &PgPool) -> Result<(), Refusal> {
    sqlx::query("SELECT 1").execute(pool).await?;
    Ok(())
}
