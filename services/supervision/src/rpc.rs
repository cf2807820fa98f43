//! The RPC side: from calls to use cases.

use crate::{Deps, service};
use sanbian_proto::supervision::v1::{
    Alert, AlertPage, CaseFile, CasePage, CloseAlertRequest, GetCaseRequest, ListAlertsRequest, ListCasesRequest,
    supervision_server::Supervision,
};
use tonic::{Request, Response, Status};

pub(crate) struct Rpc(pub(crate) Deps);

macro_rules! calls {
    ($($call:ident: $request:ty => $response:ty;)*) => {
        #[tonic::async_trait]
        impl Supervision for Rpc {$(
            async fn $call(&self, request: Request<$request>) -> Result<Response<$response>, Status> {
                let ctx = self.0.door.context(&request)?;
                Ok(Response::new(service::$call(&self.0, &ctx, request.into_inner()).await?))
            }
        )*}
    };
}

calls! {
    list_cases: ListCasesRequest => CasePage;
    get_case: GetCaseRequest => CaseFile;
    list_alerts: ListAlertsRequest => AlertPage;
    close_alert: CloseAlertRequest => Alert;
}
