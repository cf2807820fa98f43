//! A database of its own for each test, made from a template that the first test of a new shape makes.

use crate::{
    Clock,
    db::{self, MIGRATOR},
    peers::Peers,
    rpc::Door,
    secret::Secret,
    token::Tokens,
};
use chrono::TimeDelta;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, postgres::PgConnectOptions};
use std::{fmt::Write as _, str::FromStr};

/// Names the superuser's URL of a scratch cluster. `make test` starts one and sets it.
pub const URL: &str = "SANBIAN_TEST_DATABASE_URL";

/// A database for one test. It is dropped with the next run's template, or by [`TestDb::drop_now`].
pub struct TestDb {
    owner: PgConnectOptions,
    name: String,
    secret: Secret,
}

impl TestDb {
    /// A fresh database in the newest shape.
    pub async fn new() -> Self {
        let url = std::env::var(URL).unwrap_or_else(|_| {
            panic!("{URL} is not set: run `make test`, or set it to a superuser's URL of a scratch cluster")
        });
        let cluster = PgConnectOptions::from_str(&url).expect("the test database's URL can be read");
        let secret = Secret::for_tests();
        let template = template_name();
        let mut connection =
            PgConnection::connect_with(&cluster.clone().database("postgres")).await.expect("the test cluster answers");
        // Test processes start together: one makes the template, the others wait for it.
        connection.execute("SELECT pg_advisory_lock(20200001)").await.expect("a lock");
        let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&template)
            .fetch_one(&mut connection)
            .await
            .expect("the catalogue answers");
        if !exists {
            let part = format!("{template}_part");
            connection
                .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {part}")))
                .await
                .expect("dropping a part");
            connection.execute(AssertSqlSafe(format!("CREATE DATABASE {part}"))).await.expect("creating the template");
            db::prepare(&cluster.clone().database(&part), &secret).await.expect("migrations");
            connection
                .execute(AssertSqlSafe(format!("ALTER DATABASE {part} RENAME TO {template}")))
                .await
                .expect("naming the template");
        }
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}")))
            .await
            .expect("cloning the template");
        connection.execute("SELECT pg_advisory_unlock(20200001)").await.expect("unlocking");
        connection.close().await.expect("closing");
        Self { owner: cluster.database(&name), name, secret }
    }

    /// The pool of one service, under its own role.
    pub fn pool(&self, service: &str) -> PgPool {
        db::pool(&self.owner, &self.secret, service, 5)
    }

    /// The owner's options: for looking behind the services' backs.
    pub fn owner(&self) -> &PgConnectOptions {
        &self.owner
    }

    /// The tests' secret.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// A clock that may be moved, starting `offset` from now; the door and the peers that go with it.
    pub fn shell(&self, offset: TimeDelta) -> (Clock, Door, Peers) {
        let clock = Clock::movable(offset);
        let tokens = Tokens::new(&self.secret, &clock);
        (clock.clone(), Door { tokens: tokens.clone(), clock }, Peers::new(tokens))
    }

    /// Every entry that waits in the outbox, oldest first, as JSON: what a use case told the log. For tests without a sequencer.
    pub async fn outbox(&self) -> Vec<sanbian_domain::fact::Entry> {
        let mut connection = PgConnection::connect_with(&self.owner).await.expect("the test cluster answers");
        let bodies: Vec<Vec<u8>> = sqlx::query_scalar("SELECT body FROM ledger.outbox ORDER BY id")
            .fetch_all(&mut connection)
            .await
            .expect("the outbox");
        bodies.iter().map(|body| sanbian_domain::fact::Entry::from_bytes(body).expect("a well-formed entry")).collect()
    }

    /// Drops the database; to be called when its pools are closed.
    pub async fn drop_now(self) {
        let mut connection = PgConnection::connect_with(&self.owner.clone().database("postgres"))
            .await
            .expect("the test cluster answers");
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        connection.execute(AssertSqlSafe(statement)).await.expect("dropping");
    }
}

/// Named after the migrations' checksums, so that a changed one makes a new template.
fn template_name() -> String {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for migration in MIGRATOR.iter() {
        context.update(&migration.checksum);
    }
    let mut name = "template_".to_owned();
    for byte in &context.finish().as_ref()[..8] {
        write!(name, "{byte:02x}").expect("writing to a string");
    }
    name
}
