//! The ledger over RPC: from calls to use cases.

use crate::{run::Ledger, service::Service};
use sanbian_proto::ledger::v1::{
    GetCheckpointRequest, GetInclusionRequest, LogCheckpoint, LogEntries, LogInclusion, ReadLogRequest,
    SearchLogRequest,
    ledger_server::{Ledger as LedgerRpc, LedgerServer},
};
use sanbian_runtime::rpc::Door;
use tonic::{Request, Response, Status, service::Routes};

struct Rpc {
    service: Service,
    door: Door,
}

impl Ledger {
    /// The log's service, to be served in this process or over a port.
    pub fn routes(&self, door: Door) -> Routes {
        Routes::new(LedgerServer::new(Rpc { service: Service::new(self), door }))
    }
}

#[tonic::async_trait]
impl LedgerRpc for Rpc {
    async fn read(&self, request: Request<ReadLogRequest>) -> Result<Response<LogEntries>, Status> {
        let ctx = self.door.context(&request)?;
        Ok(Response::new(self.service.read(&ctx, request.into_inner()).await?))
    }

    async fn checkpoint(&self, request: Request<GetCheckpointRequest>) -> Result<Response<LogCheckpoint>, Status> {
        let ctx = self.door.context(&request)?;
        Ok(Response::new(self.service.checkpoint(&ctx).await?))
    }

    async fn inclusion(&self, request: Request<GetInclusionRequest>) -> Result<Response<LogInclusion>, Status> {
        let ctx = self.door.context(&request)?;
        Ok(Response::new(self.service.inclusion(&ctx, request.into_inner()).await?))
    }

    async fn search(&self, request: Request<SearchLogRequest>) -> Result<Response<LogEntries>, Status> {
        let ctx = self.door.context(&request)?;
        Ok(Response::new(self.service.search(&ctx, request.into_inner()).await?))
    }
}
