//! The database's own guard over rights: whatever writes, at whatever isolation level, no two rights of a tier share land and time.
//!
//! These tests go around the registry's use cases on purpose: plain SQL under the service's role, and as the database's owner.

mod common;

use common::*;
use proptest::prelude::{ProptestConfig, Strategy, any, prop};
use sanbian_proto::registry::v1::{Asset, Collective, Party, RecordRightRequest};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::{sync::Arc, time::Duration};
use tokio::sync::Barrier;
use uuid::Uuid;

const LEVELS: [&str; 3] = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"];

/// What came of writing a right.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Stored,
    /// By this constraint.
    Refused(String),
    /// 40001 or 40P01: nothing was done, try again.
    Again,
}

const INSERT: &str = "INSERT INTO registry.rights (id, asset_id, holder_id, kind, term, part_json, recorded_at)
    VALUES ($1, $2, $3, 'management', daterange($4::date, $5::date), $6, now())";

/// A right to write: asset, first day, day after the last day, part.
#[derive(Clone, Debug)]
struct Try {
    asset: Uuid,
    holder: Uuid,
    from: String,
    until: String,
    part: Option<String>,
}

impl Try {
    fn new(asset: &Asset, holder: &Party, from: &str, until: &str) -> Self {
        Self {
            asset: asset.id.parse().unwrap(),
            holder: holder.id.parse().unwrap(),
            from: from.into(),
            until: until.into(),
            part: None,
        }
    }

    async fn insert(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query(INSERT)
            .bind(Uuid::now_v7())
            .bind(self.asset)
            .bind(self.holder)
            .bind(&self.from)
            .bind(&self.until)
            .bind(&self.part)
            .execute(connection)
            .await
            .map(|_| ())
    }

    async fn once(&self, pool: &PgPool, level: &str) -> Outcome {
        let mut connection = pool.acquire().await.unwrap();
        let begin = sqlx::AssertSqlSafe(format!("BEGIN ISOLATION LEVEL {level}"));
        connection.execute(begin).await.unwrap();
        let done = match self.insert(&mut connection).await {
            Ok(()) => connection.execute("COMMIT").await.map(|_| ()),
            Err(error) => Err(error),
        };
        let Err(error) = done else { return Outcome::Stored };
        connection.execute("ROLLBACK").await.unwrap();
        let error = error.as_database_error().unwrap_or_else(|| panic!("{error}"));
        match error.code().as_deref() {
            Some("40001" | "40P01") => Outcome::Again,
            Some("23P01") => Outcome::Refused(error.constraint().unwrap().to_owned()),
            _ => panic!("{error}"),
        }
    }

    /// Tries until it is decided.
    async fn decided(&self, pool: &PgPool, level: &str) -> Outcome {
        loop {
            match self.once(pool, level).await {
                Outcome::Again => tokio::time::sleep(Duration::from_millis(2)).await,
                decided => return decided,
            }
        }
    }
}

/// All at once; how many were stored, and by which constraints the others were refused.
async fn race(pool: &PgPool, level: &'static str, tries: Vec<Try>) -> (usize, Vec<String>) {
    let barrier = Arc::new(Barrier::new(tries.len()));
    let tasks: Vec<_> = tries
        .into_iter()
        .map(|one| {
            let (pool, barrier) = (pool.clone(), barrier.clone());
            tokio::spawn(async move {
                barrier.wait().await;
                one.decided(&pool, level).await
            })
        })
        .collect();
    let (mut stored, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Outcome::Stored => stored += 1,
            Outcome::Refused(by) => refused.push(by),
            Outcome::Again => unreachable!("decided"),
        }
    }
    (stored, refused)
}

async fn clear(world: &World) {
    world.owner().await.execute("DELETE FROM registry.rights").await.unwrap();
}

/// Pairs of stored rights that share land and time, found the plain way, without the guard's functions.
const CLASHES: &str = "SELECT count(*) FROM registry.rights a JOIN registry.rights b ON a.id < b.id AND a.term && b.term AND NOT a.void AND NOT b.void
    AND (a.asset_id = b.asset_id AND a.part_json IS NULL AND b.part_json IS NULL
        OR ST_Area(ST_Intersection(ST_Transform(a.land, 4545), ST_Transform(b.land, 4545))) > 100)";

async fn clashes(world: &World) -> i64 {
    sqlx::query_scalar(CLASHES).fetch_one(&mut world.owner().await).await.unwrap()
}

async fn overlapping(world: &World, collective: &Collective, count: u32) -> Vec<Asset> {
    let mut assets = Vec::new();
    for index in 0..count {
        // Squares of 100 m, each 5 m east of the one before: any two of them share land.
        let geometry = world.rectangle(f64::from(index) * 5.0, 0.0, 100.0, 100.0).await;
        assets.push(world.parcel(collective, geometry, "15").await);
    }
    assets
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_writers_at_once_exactly_one_wins() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 10).await;
    let bare = {
        let request = sanbian_proto::registry::v1::CreateAssetRequest {
            collective_id: collective.id.clone(),
            description: Some(described()),
        };
        world.clerk().registry().create_asset(request).await.unwrap().into_inner()
    };
    let mut parts = Vec::new();
    for index in 0..10 {
        parts.push(world.rectangle(f64::from(index) * 2.0, 0.0, 50.0, 100.0).await);
    }
    let pool = world.db.pool("registry");
    for level in LEVELS {
        let on = |asset: &Asset| Try::new(asset, &holder, "2026-01-01", "2031-01-01");
        let same: Vec<_> = (0..10).map(|_| on(&assets[0])).collect();
        let different: Vec<_> = assets.iter().map(&on).collect();
        let without_land: Vec<_> = (0..10).map(|_| on(&bare)).collect();
        let of_parts: Vec<_> = parts.iter().map(|part| Try { part: Some(part.clone()), ..on(&assets[0]) }).collect();
        // Terms that share just one day, 2030-12-31.
        let touching: Vec<_> = (0..10u32)
            .map(|index| {
                let (from, until) =
                    if index % 2 == 0 { ("2026-01-01", "2031-01-01") } else { ("2030-12-31", "2035-01-01") };
                let index = usize::try_from(index).unwrap();
                Try::new(&assets[index], &holder, from, until)
            })
            .collect();
        for (name, tries, by) in [
            ("one parcel", same, &["rights_asset_term_excl", "rights_land_term_excl"][..]),
            ("parcels that overlap", different, &["rights_land_term_excl"]),
            ("an asset without land", without_land, &["rights_asset_term_excl"]),
            ("parts of one parcel", of_parts, &["rights_land_term_excl"]),
            ("terms that share a day", touching, &["rights_land_term_excl"]),
        ] {
            clear(&world).await;
            let (stored, refused) = race(&pool, level, tries).await;
            assert_eq!((stored, refused.len()), (1, 9), "{name}, {level}");
            assert!(refused.iter().all(|constraint| by.contains(&constraint.as_str())), "{name}, {level}: {refused:?}");
            assert_eq!(clashes(&world).await, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn through_the_registry_too_exactly_one_wins() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 8).await;
    let before = world.facts().await.len();
    let calls: Vec<_> = assets
        .iter()
        .map(|asset| {
            let operator = world.operator();
            let request = RecordRightRequest {
                asset_id: asset.id.clone(),
                holder_party_id: holder.id.clone(),
                kind: "lease".into(),
                from_on: "2026-01-01".into(),
                until_on: "2031-01-01".into(),
                part: None,
                lot_id: None,
            };
            tokio::spawn(async move { operator.registry().record_right(request).await })
        })
        .collect();
    let (mut won, mut lost) = (0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => won += 1,
            Err(status) => {
                let refusal = sanbian_runtime::Refusal::from(status);
                assert_eq!(refusal.findings[0].rule, "right.term-overlap");
                assert!(refusal.findings[0].facts.contains_key("right"), "{refusal:?}");
                lost += 1;
            }
        }
    }
    assert_eq!((won, lost), (1, 7));
    assert_eq!(world.facts().await.len(), before + 1, "the refused told the log nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_writers_leave_no_clash_and_are_refused_only_for_one() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    // Twelve parcels scattered over 300 m, so that some overlap and some do not.
    let spots = prop::collection::vec((0u32..250, 0u32..250), 12);
    let tries = prop::collection::vec((any::<prop::sample::Index>(), 0u32..20, 1u32..8), 40);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::default());
    let spots = prop::strategy::ValueTree::current(&spots.new_tree(&mut runner).unwrap());
    let mut assets = Vec::new();
    for (x, y) in spots {
        assets.push(world.parcel(&collective, world.rectangle(x.into(), y.into(), 60.0, 60.0).await, "5.4").await);
    }
    let pool = world.db.pool("registry");
    for level in LEVELS {
        clear(&world).await;
        let drawn = prop::strategy::ValueTree::current(&tries.new_tree(&mut runner).unwrap());
        let tries: Vec<Try> = drawn
            .iter()
            .map(|(asset, start, years)| {
                let (from, until) = (format!("{}-03-01", 2000 + start), format!("{}-03-01", 2000 + start + years));
                Try::new(asset.get(&assets), &holder, &from, &until)
            })
            .collect();
        let (stored, refused) = race(&pool, level, tries.clone()).await;
        assert_eq!(stored + refused.len(), 40);
        assert_eq!(clashes(&world).await, 0, "{level}");
        // Nobody was refused without cause: once more, one after another, each try either stands already or clashes with one that does.
        for one in &tries {
            let stands: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT FROM registry.rights r JOIN registry.assets a ON a.id = $1
                 WHERE r.term && daterange($2::date, $3::date)
                    AND ST_Area(ST_Intersection(ST_Transform(r.land, 4545), ST_Transform(a.land, 4545))) > 1)",
            )
            .bind(one.asset)
            .bind(&one.from)
            .bind(&one.until)
            .fetch_one(&mut world.owner().await)
            .await
            .unwrap();
            assert!(stands, "{level}: {one:?}");
        }
    }
}

#[tokio::test]
async fn the_second_writer_waits_for_the_first() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 2).await;
    let pool = world.db.pool("registry");
    for (end, expected) in [("ROLLBACK", Outcome::Stored), ("COMMIT", Outcome::Refused("rights_land_term_excl".into()))]
    {
        clear(&world).await;
        let mut first = pool.acquire().await.unwrap();
        first.execute("BEGIN").await.unwrap();
        Try::new(&assets[0], &holder, "2026-01-01", "2031-01-01").insert(&mut first).await.unwrap();
        let second = Try::new(&assets[1], &holder, "2026-01-01", "2031-01-01");
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { second.once(&pool, "READ COMMITTED").await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!waiting.is_finished(), "it decided before the first did");
        first.execute(end).await.unwrap();
        assert_eq!(waiting.await.unwrap(), expected, "{end}");
    }
}

#[tokio::test]
async fn an_old_snapshot_does_not_let_a_second_right_pass() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 2).await;
    let pool = world.db.pool("registry");
    let (first, second) = (
        Try::new(&assets[0], &holder, "2026-01-01", "2031-01-01"),
        Try::new(&assets[1], &holder, "2026-01-01", "2031-01-01"),
    );
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        for cells_known in [false, true] {
            clear(&world).await;
            if !cells_known {
                world.owner().await.execute("DELETE FROM registry.land_cells").await.unwrap();
            }
            let mut old = pool.acquire().await.unwrap();
            old.execute(sqlx::AssertSqlSafe(format!("BEGIN ISOLATION LEVEL {level}"))).await.unwrap();
            old.execute("SELECT count(*) FROM registry.rights").await.unwrap();
            assert_eq!(first.once(&pool, "READ COMMITTED").await, Outcome::Stored);
            let error = second.insert(&mut old).await.unwrap_err();
            assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("40001"), "{level}, {cells_known}");
            old.execute("ROLLBACK").await.unwrap();
        }
    }
}

#[tokio::test]
async fn rows_of_one_statement_and_of_a_copy_see_each_other() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 2).await;
    let pool = world.db.pool("registry");
    let error = sqlx::query(
        "INSERT INTO registry.rights (id, asset_id, holder_id, kind, term, recorded_at)
         SELECT gen_random_uuid(), a.id, $1, 'use', '[2026-01-01,2031-01-01)', now() FROM registry.assets AS a",
    )
    .bind(holder.id.parse::<Uuid>().unwrap())
    .execute(&pool)
    .await
    .unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_land_term_excl"));

    let mut connection = pool.acquire().await.unwrap();
    let mut copy = connection
        .copy_in_raw("COPY registry.rights (id, asset_id, holder_id, kind, term, recorded_at) FROM STDIN")
        .await
        .unwrap();
    let lines: String = assets
        .iter()
        .map(|asset| {
            format!("{}\t{}\t{}\tuse\t[2026-01-01,2031-01-01)\t2026-01-01\n", Uuid::now_v7(), asset.id, holder.id)
        })
        .collect();
    copy.send(lines.into_bytes()).await.unwrap();
    let error = copy.finish().await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_land_term_excl"));
}

#[tokio::test]
async fn not_even_the_owner_moves_lengthens_or_revives_a_right() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let assets = overlapping(&world, &collective, 2).await;
    let pool = world.db.pool("registry");
    assert_eq!(Try::new(&assets[0], &holder, "2026-01-01", "2031-01-01").once(&pool, LEVELS[0]).await, Outcome::Stored);
    let mut owner = world.owner().await;
    // A replica's session skips ordinary triggers; these always fire.
    owner.execute("SET session_replication_role = replica").await.unwrap();
    for change in [
        "term = '[2026-01-01,2032-01-01)'",
        "term = '[2025-01-01,2031-01-01)'",
        "term = '[2027-01-01,2031-01-01)'",
        "kind = 'contracting'",
        "asset_id = (SELECT max(id::text)::uuid FROM registry.assets)",
        "part_json = '{}'",
        "recorded_at = now()",
    ] {
        let error =
            owner.execute(sqlx::AssertSqlSafe(format!("UPDATE registry.rights SET {change}"))).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_only_end"), "{change}");
    }
    let error = Try::new(&assets[1], &holder, "2026-01-01", "2031-01-01").insert(&mut owner).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_land_term_excl"));
    // The land of a right is what the guard made of it.
    owner.execute("UPDATE registry.rights SET land = NULL").await.unwrap();
    let kept: bool =
        sqlx::query_scalar("SELECT land IS NOT NULL FROM registry.rights").fetch_one(&mut owner).await.unwrap();
    assert!(kept);
    owner.execute("UPDATE registry.rights SET void = true, end_reason = 'other', ended_at = now()").await.unwrap();
    for change in ["void = false, end_reason = NULL, ended_at = NULL", "end_reason = 'agreed'"] {
        let error =
            owner.execute(sqlx::AssertSqlSafe(format!("UPDATE registry.rights SET {change}"))).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_only_end"), "{change}");
    }
    // And the service's role may write nothing of a right but its end.
    for column in ["asset_id", "holder_id", "kind", "land", "part_json", "lot_id", "recorded_at"] {
        let statement = sqlx::AssertSqlSafe(format!("UPDATE registry.rights SET {column} = {column}"));
        let error = sqlx::query(statement).execute(&pool).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{column}");
    }
}

#[tokio::test]
async fn a_term_is_bounded_and_never_empty() {
    let world = World::new().await;
    let (collective, holder) = (world.collective().await, world.holder(1).await);
    let asset = &overlapping(&world, &collective, 1).await[0];
    let mut owner = PgConnection::connect_with(world.db.owner()).await.unwrap();
    for term in [
        "empty",
        "[2026-01-01,2026-01-01)",
        "(2026-01-01,2026-01-02)",
        "[2026-01-01,)",
        "(,2026-01-01)",
        "[2026-01-01,infinity)",
    ] {
        let error = sqlx::query(
            "INSERT INTO registry.rights (id, asset_id, holder_id, kind, term, recorded_at) VALUES ($1, $2, $3, 'use', $4::daterange, now())",
        )
        .bind(Uuid::now_v7())
        .bind(asset.id.parse::<Uuid>().unwrap())
        .bind(holder.id.parse::<Uuid>().unwrap())
        .bind(term)
        .execute(&mut owner)
        .await
        .unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some("rights_term_check"), "{term}");
    }
    // Whichever way it is written, it is kept as [from, until).
    assert_eq!(
        Try::new(asset, &holder, "2026-01-01", "2026-01-02").once(&world.db.pool("registry"), LEVELS[0]).await,
        Outcome::Stored
    );
    let error = sqlx::query(
        "INSERT INTO registry.rights (id, asset_id, holder_id, kind, term, recorded_at) VALUES ($1, $2, $3, 'use', '(2025-12-31,2026-01-01]', now())",
    )
    .bind(Uuid::now_v7())
    .bind(asset.id.parse::<Uuid>().unwrap())
    .bind(holder.id.parse::<Uuid>().unwrap())
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("23P01"));
}
