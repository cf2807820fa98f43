//! Before the close nothing ties an offer to a party: not the tables, not the log, not the answers.

use crate::exchange::{Bidder, Exchange, instant};
use sqlx::{Connection, PgConnection};

/// Every row of every table of a schema, as text.
async fn dump(exchange: &Exchange, schema: &str) -> Vec<(String, String)> {
    let mut owner = PgConnection::connect_with(exchange.db.owner()).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = $1")
        .bind(schema)
        .fetch_all(&mut owner)
        .await
        .unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let statement = format!("SELECT t::text FROM {schema}.{table} AS t");
        let found: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_all(&mut owner).await.unwrap();
        rows.extend(found.into_iter().map(|row| (table.clone(), row)));
    }
    rows
}

#[tokio::test]
async fn no_row_and_no_entry_ties_a_number_to_anyone_before_the_close() {
    let exchange = Exchange::open(vec![Bidder::new(), Bidder::new(), Bidder::new()], |_| {}).await;
    exchange.begin().await;
    exchange.bid(0, 800_00).await.unwrap();
    exchange.bid(1, 820_00).await.unwrap();
    exchange.log_with("bid.placed").await;
    let rows = dump(&exchange, "bidding").await;
    assert!(rows.iter().any(|(table, _)| table == "bid"));
    for bidder in &exchange.bidders {
        for secret in [bidder.account.to_string(), bidder.party.to_string(), bidder.registration.to_string()] {
            let plain = secret.replace('-', "");
            for (table, row) in &rows {
                // That a registration qualified is known; whose number it bears is not.
                let known = table == "qualified" && secret == bidder.registration.to_string();
                assert!(known || (!row.contains(&secret) && !row.contains(&plain)), "{table}: {row}");
            }
        }
        for entry in exchange.log_with("bid.placed").await {
            let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
            assert!(!text.contains(&bidder.account.to_string()) && !text.contains(&bidder.party.to_string()));
            if text.contains(&bidder.registration.to_string()) {
                assert_eq!(entry.fact.kind(), "registration.qualified", "{text}");
            }
        }
    }
    // After the close the winner is tied, and nobody else.
    exchange.at(instant(&exchange.room().await.unwrap().ends_at));
    exchange.room_when(|room| room.phase == "closed").await;
    let closed: Vec<String> = exchange
        .log_with("room.closed")
        .await
        .iter()
        .filter(|entry| entry.fact.kind() == "room.closed")
        .map(|entry| String::from_utf8(entry.to_bytes().unwrap()).unwrap())
        .collect();
    assert!(closed[0].contains(&exchange.bidders[1].registration.to_string()));
    assert!(!closed[0].contains(&exchange.bidders[0].registration.to_string()));
}
