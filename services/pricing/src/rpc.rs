//! The RPC side: from calls to use cases.

use crate::{Deps, service};
use sanbian_proto::pricing::v1::{ComparableDeals, ComparablesRequest, pricing_server::Pricing};
use tonic::{Request, Response, Status};

pub(crate) struct Rpc(pub(crate) Deps);

#[tonic::async_trait]
impl Pricing for Rpc {
    async fn comparables(&self, request: Request<ComparablesRequest>) -> Result<Response<ComparableDeals>, Status> {
        let ctx = self.0.door.context(&request)?;
        Ok(Response::new(service::comparables(&self.0, &ctx, &request.into_inner()).await?))
    }
}
