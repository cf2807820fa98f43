//! How fast the log takes entries, beside the plain inserts that it can't be faster than.
//!
//! `cargo run --release -p sanbian-ledger --example sequencing_speed [ENTRIES]`, with `SANBIAN_TEST_DATABASE_URL` naming a scratch
//! cluster. Prints one JSON object a measure: name, value, unit, baseline and ratio, as `make bench` collects them.

use sanbian_ledger::{
    Ledger, Options,
    key::SigningKey,
    publisher,
    reader::{Folder, LogReader},
};
use sanbian_runtime::testing::TestDb;
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Entries of one transaction while filling the outbox.
const ACT: u64 = 500;
/// Entries of a statement of the baseline: as many as a batch of the sequencer has.
const BATCH: u64 = 4096;
/// How long the log is fed while it runs.
const LIVE: Duration = Duration::from_secs(10);
/// Writers that feed it.
const WRITERS: u64 = 4;

/// An accepted offer, the kind of entry that comes in thousands.
fn entry(number: u64) -> Vec<u8> {
    let lot = format!("019745a0-{:04x}-7777-8888-000000000000", number % 997);
    format!(
        r#"{{"actor":"bidder:{}","at":"2026-01-05T01:00:00.000Z","body":{{"amount":{number},"ends_at":"2026-01-05T01:05:00.000Z","lot":"{lot}","number":{},"offer":"bid","seq":{number}}},"kind":"bid.placed","region":"500229","rulebook":"county-2026.1","subject":"lot:{lot}"}}"#,
        number % 89,
        number % 89
    )
    .into_bytes()
}

async fn append(pool: &PgPool, first: u64, count: u64) -> anyhow::Result<()> {
    let bodies: Vec<_> = (first..first + count).map(entry).collect();
    sqlx::query("SELECT outbox.append($1)").bind(bodies).execute(pool).await?;
    Ok(())
}

async fn baseline(db: &TestDb, entries: u64) -> anyhow::Result<Duration> {
    let mut connection = PgConnection::connect_with(db.owner()).await?;
    connection.execute("CREATE TABLE public.plain (idx bigint PRIMARY KEY, body bytea NOT NULL)").await?;
    let begin = Instant::now();
    for first in (0..entries).step_by(usize::try_from(BATCH)?) {
        let bodies: Vec<_> = (first..entries.min(first + BATCH)).map(entry).collect();
        sqlx::query("INSERT INTO public.plain SELECT $1 + n, body FROM unnest($2) WITH ORDINALITY AS t (body, n)")
            .bind(i64::try_from(first)?)
            .bind(bodies)
            .execute(&mut connection)
            .await?;
    }
    Ok(begin.elapsed())
}

/// Whole entries a second.
fn rate(entries: u64, time: Duration) -> u64 {
    entries * 1000 / u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}

fn report(name: &str, value: u64, baseline: u64) {
    let ratio = ratio(value, baseline);
    println!("{}", json!({"name": name, "value": value, "unit": "entries/s", "baseline": baseline, "ratio": ratio}));
}

fn ratio(value: u64, baseline: u64) -> String {
    let hundredths = value * 100 / baseline.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The longest time between two published checkpoints, until the log stops.
async fn longest_gap(mut published: watch::Receiver<u64>) -> Duration {
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    while published.changed().await.is_ok() {
        longest = longest.max(last.elapsed());
        last = Instant::now();
    }
    longest
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let entries: u64 = std::env::args().nth(1).map_or(Ok(200_000), |count| count.parse())?;
    let db = TestDb::new().await;
    let plain = rate(entries, baseline(&db, entries).await?);

    let bidding = db.pool("bidding");
    for first in (0..entries).step_by(usize::try_from(ACT)?) {
        append(&bidding, first, ACT.min(entries - first)).await?;
    }
    let folder = tempfile::tempdir()?;
    let key = SigningKey::from_seed("sanbian.example/bench", [1; 32])?;
    let verifier = key.verifier().clone();
    let ledger = Ledger::start(db.pool("ledger"), publisher::folder(folder.path())?, key, Options::default()).await?;
    let begin = Instant::now();
    ledger.committed().wait_for(|locked| locked.size >= entries).await?;
    report("ledger sequencing, backlog", rate(entries, begin.elapsed()), plain);
    anyhow::ensure!(ledger.reaches(entries, Duration::from_secs(600)).await, "publishing does not keep up");
    report("ledger sequencing and publishing, backlog", rate(entries, begin.elapsed()), plain);

    let begin = Instant::now();
    let writer = |writer: u64| {
        let bidding = bidding.clone();
        async move {
            let mut next = entries + writer * 1_000_000_000;
            while begin.elapsed() < LIVE {
                append(&bidding, next, ACT).await?;
                next += ACT;
            }
            anyhow::Ok(next - entries - writer * 1_000_000_000)
        }
    };
    let watched = tokio::spawn(longest_gap(ledger.published()));
    let fed = futures::future::try_join_all((0..WRITERS).map(writer)).await?.into_iter().sum::<u64>();
    anyhow::ensure!(ledger.reaches(entries + fed, Duration::from_secs(600)).await, "publishing does not keep up");
    report("ledger appending, sequencing and publishing, live", rate(fed, begin.elapsed()), plain);
    ledger.stop().await;
    let gap = u64::try_from(watched.await?.as_millis())?;
    println!(
        "{}",
        json!({"name": "ledger longest time between checkpoints, live", "value": gap, "unit": "ms", "baseline": 1000, "ratio": ratio(gap, 1000)})
    );

    let begin = Instant::now();
    let verified = LogReader::open(Folder(folder.path().to_owned()), &verifier)?.verify(|_| ())?;
    report("ledger verifying from files", rate(verified.checkpoint.size, begin.elapsed()), plain);
    bidding.close().await;
    db.drop_now().await;
    Ok(())
}
