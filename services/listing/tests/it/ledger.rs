//! A ledger for tests: what waits in the outbox is the log.

use sanbian_proto::ledger::v1::{ledger_server::Ledger, *};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tonic::{Request, Response, Status};

/// The double.
#[derive(Clone)]
pub struct FakeLedger(pub PgConnectOptions);

impl FakeLedger {
    async fn bodies(&self) -> Vec<Vec<u8>> {
        let mut db = PgConnection::connect_with(&self.0).await.unwrap();
        let bodies = sqlx::query_scalar("SELECT body FROM ledger.outbox ORDER BY id").fetch_all(&mut db).await.unwrap();
        db.close().await.unwrap();
        bodies
    }
}

#[tonic::async_trait]
impl Ledger for FakeLedger {
    async fn read(&self, request: Request<ReadLogRequest>) -> Result<Response<LogEntries>, Status> {
        let ReadLogRequest { from, limit, .. } = request.into_inner();
        let all = self.bodies().await;
        let from_here =
            all.into_iter().enumerate().skip(usize::try_from(from).unwrap()).take(usize::try_from(limit).unwrap());
        let items: Vec<LogEntry> = from_here
            .map(|(index, body)| LogEntry {
                index: u64::try_from(index).unwrap(),
                entry: String::from_utf8(body).unwrap(),
                leaf_hash: String::new(),
            })
            .collect();
        if items.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(Response::new(LogEntries { items, next_cursor: None }))
    }

    async fn checkpoint(&self, _: Request<GetCheckpointRequest>) -> Result<Response<LogCheckpoint>, Status> {
        let size = u64::try_from(self.bodies().await.len()).unwrap();
        Ok(Response::new(LogCheckpoint { size, ..LogCheckpoint::default() }))
    }

    async fn inclusion(&self, _: Request<GetInclusionRequest>) -> Result<Response<LogInclusion>, Status> {
        Err(Status::unimplemented("listing does not call this"))
    }

    async fn search(&self, _: Request<SearchLogRequest>) -> Result<Response<LogEntries>, Status> {
        Err(Status::unimplemented("listing does not call this"))
    }
}
