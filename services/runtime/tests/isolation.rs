//! What PostgreSQL itself keeps apart: no service's role gets into another's schema, and nobody changes the log.

use sanbian_runtime::{db::SERVICES, testing::TestDb};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row};

/// Insufficient privilege.
const DENIED: &str = "42501";
/// Restrict violation: what the log's triggers raise.
const APPEND_ONLY: &str = "23001";

/// Insists that the database refuses a statement with this SQLSTATE.
async fn refused(pool: &PgPool, statement: &str, code: &str) {
    let mut tx = pool.begin().await.unwrap();
    let error = tx.execute(AssertSqlSafe(statement.to_owned())).await.err();
    let error = error.unwrap_or_else(|| panic!("was done: {statement}"));
    let found = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    assert_eq!(found.as_deref(), Some(code), "{statement}: {error}");
}

async fn owner(db: &TestDb) -> PgConnection {
    PgConnection::connect_with(db.owner()).await.unwrap()
}

/// Statements that would read or change something of `schema`.
async fn attempts(owner: &mut PgConnection, schema: &str) -> Vec<String> {
    let mut attempts = Vec::new();
    let relations = sqlx::query(
        "SELECT c.relname, c.relkind::text AS kind,
                (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attgenerated = ''
                  AND a.attidentity = '' ORDER BY a.attnum LIMIT 1) AS attname
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S')",
    )
    .bind(schema)
    .fetch_all(&mut *owner)
    .await
    .unwrap();
    for row in relations {
        let relation = format!("{schema}.\"{}\"", row.get::<String, _>("relname"));
        if row.get::<String, _>("kind") == "S" {
            attempts.push(format!("SELECT nextval('{relation}')"));
            attempts.push(format!("SELECT last_value FROM {relation}"));
            continue;
        }
        let column: String = row.get("attname");
        attempts.push(format!("SELECT count(*) FROM {relation}"));
        attempts.push(format!("INSERT INTO {relation} DEFAULT VALUES"));
        attempts.push(format!("UPDATE {relation} SET \"{column}\" = \"{column}\""));
        attempts.push(format!("DELETE FROM {relation}"));
        attempts.push(format!("TRUNCATE {relation}"));
        attempts.push(format!("LOCK TABLE {relation}"));
    }
    let functions = sqlx::query(
        "SELECT p.proname,
                (SELECT coalesce(string_agg(format('NULL::%s', format_type(t, NULL)), ', ' ORDER BY place), '')
                 FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, place)) AS arguments
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1",
    )
    .bind(schema)
    .fetch_all(owner)
    .await
    .unwrap();
    for row in functions {
        let (name, arguments): (String, String) = (row.get("proname"), row.get("arguments"));
        attempts.push(format!("SELECT {schema}.\"{name}\"({arguments})"));
    }
    attempts
}

#[tokio::test]
async fn no_role_gets_into_another_services_schema() {
    let db = TestDb::new().await;
    let mut owner = owner(&db).await;
    let mut tried = 0;
    for to in SERVICES {
        let attempts = attempts(&mut owner, to).await;
        assert!(attempts.len() >= 12, "{to} has at least its two common tables: {attempts:?}");
        for from in SERVICES.into_iter().filter(|from| *from != to) {
            let pool = db.pool(from);
            for attempt in &attempts {
                refused(&pool, attempt, DENIED).await;
                tried += 1;
            }
            pool.close().await;
        }
    }
    assert!(tried > SERVICES.len() * 7 * 12, "{tried} attempts");
    db.drop_now().await;
}

#[tokio::test]
async fn each_role_works_in_its_own_schema() {
    let db = TestDb::new().await;
    for service in SERVICES {
        let pool = db.pool(service);
        let statement = "INSERT INTO cursor (reader, next_index) VALUES ('test', 1)";
        assert_eq!(sqlx::query(statement).execute(&pool).await.unwrap().rows_affected(), 1, "{service}");
        let statement = format!("SELECT next_index FROM {service}.cursor WHERE reader = 'test'");
        let found: i64 = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&pool).await.unwrap();
        assert_eq!(found, 1, "{service}: an unqualified name is the service's own");
        pool.close().await;
    }
    db.drop_now().await;
}

#[tokio::test]
async fn the_log_is_the_one_door_that_all_roles_have() {
    let db = TestDb::new().await;
    let mut owner = owner(&db).await;
    let entry = br#"{"actor":"system","at":"2026-03-02T01:00:00.000Z","body":{},"kind":"test","region":"","rulebook":"","subject":"x:1"}"#;
    for service in SERVICES {
        let reach: Vec<String> = sqlx::query_scalar(
            "SELECT nspname::text FROM pg_namespace
             WHERE has_schema_privilege($1, oid, 'USAGE') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1",
        )
        .bind(format!("sanbian_{service}"))
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let mut expected = vec![service.to_owned(), "outbox".to_owned(), "public".to_owned()];
        expected.sort();
        assert_eq!(reach, expected, "{service}");

        let pool = db.pool(service);
        sqlx::query("SELECT outbox.append($1)").bind(vec![entry.to_vec()]).execute(&pool).await.unwrap();
        // What is no entry fails the act that would have told it.
        let malformed =
            sqlx::query("SELECT outbox.append($1)").bind(vec![b"{\"kind\":1}".to_vec()]).execute(&pool).await;
        let constraint =
            malformed.unwrap_err().as_database_error().and_then(|error| error.constraint().map(str::to_owned));
        assert_eq!(constraint.as_deref(), Some("outbox_body_entry"));
        pool.close().await;
    }
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM ledger.outbox").fetch_one(&mut owner).await.unwrap();
    assert_eq!(usize::try_from(waiting), Ok(SERVICES.len()));
    let doors: Vec<String> = sqlx::query_scalar(
        "SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'outbox'
         UNION SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'outbox'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(doors, ["append"]);
    db.drop_now().await;
}

#[tokio::test]
async fn no_role_can_raise_itself() {
    let db = TestDb::new().await;
    let mut owner = owner(&db).await;
    for service in SERVICES {
        let role = format!("sanbian_{service}");
        let raised: bool = sqlx::query_scalar(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
                 OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid)
             FROM pg_roles r WHERE rolname = $1",
        )
        .bind(&role)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert!(!raised, "{role}");
        let pool = db.pool(service);
        let other = SERVICES.into_iter().find(|other| *other != service).unwrap();
        for statement in [
            format!("SET ROLE sanbian_{other}"),
            format!("GRANT sanbian_{other} TO {role}"),
            "CREATE TABLE public.hidden (x int)".to_owned(),
            "CREATE SCHEMA hidden".to_owned(),
            format!("CREATE TABLE {service}.hidden (x int)"),
            "CREATE ROLE hidden".to_owned(),
            "COPY (SELECT 1) TO PROGRAM 'true'".to_owned(),
            "SELECT pg_read_file('/etc/hostname')".to_owned(),
            "SET session_replication_role = replica".to_owned(),
        ] {
            refused(&pool, &statement, DENIED).await;
        }
        pool.close().await;
    }
    db.drop_now().await;
}

#[tokio::test]
async fn nobody_changes_the_log() {
    let db = TestDb::new().await;
    let ledger = db.pool("ledger");
    sqlx::query(
        "INSERT INTO ledger.entry (idx, body, kind, subject, actor, region, at) VALUES (0, '{}', 'test', 'x:1', 'system', '', now())",
    )
    .execute(&ledger)
    .await
    .unwrap();
    let hashes = vec![7_u8; 64];
    sqlx::query("INSERT INTO ledger.tile (level, idx, hashes) VALUES (0, 0, $1)")
        .bind(&hashes)
        .execute(&ledger)
        .await
        .unwrap();
    sqlx::query("INSERT INTO ledger.checkpoint (size, root, note) VALUES (1, $1, 'note')")
        .bind(&hashes[..32])
        .execute(&ledger)
        .await
        .unwrap();
    let changes = [
        "UPDATE ledger.entry SET body = 'x'",
        "UPDATE ledger.entry SET kind = 'other' WHERE idx = 0",
        "DELETE FROM ledger.entry",
        "TRUNCATE ledger.entry",
        "DELETE FROM ledger.tile",
        "TRUNCATE ledger.tile",
        "DELETE FROM ledger.checkpoint",
        "TRUNCATE ledger.checkpoint",
    ];
    // The service's own role lacks the right; the owner, and even a superuser in replication mode, meet the triggers.
    for change in changes {
        refused(&ledger, change, DENIED).await;
    }
    let owner = PgPool::connect_with(db.owner().clone()).await.unwrap();
    for change in changes {
        refused(&owner, change, APPEND_ONLY).await;
        refused(&owner, &format!("SET LOCAL session_replication_role = replica; {change}"), APPEND_ONLY).await;
    }
    // What the role may update only grows.
    for change in [
        "UPDATE ledger.tile SET hashes = substring(hashes FOR 32)",
        "UPDATE ledger.tile SET hashes = decode(repeat('08', 64), 'hex')",
        "UPDATE ledger.checkpoint SET size = 0",
        "UPDATE ledger.checkpoint SET root = decode(repeat('09', 32), 'hex')",
        "UPDATE ledger.checkpoint SET size = 2",
    ] {
        refused(&ledger, change, APPEND_ONLY).await;
    }
    let kept: (i64, Vec<u8>) =
        sqlx::query_as("SELECT count(*), (array_agg(body))[1] FROM ledger.entry").fetch_one(&owner).await.unwrap();
    assert_eq!(kept, (1, b"{}".to_vec()));
    owner.close().await;
    ledger.close().await;
    db.drop_now().await;
}
