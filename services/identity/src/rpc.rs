//! The RPC side: from calls to use cases.

use crate::{
    Deps,
    service::{administer, me, sessions, sign_in, sign_up},
};
use sanbian_proto::identity::v1::{
    Account, AccountName, AccountPage, ChangePasswordRequest, CreateAccountRequest, DisableAccountRequest,
    FindAccountRequest, GetAccountRequest, GetMeRequest, GrantRoleRequest, ListAccountsRequest, ListSessionsRequest,
    OpenedSession, RefreshSessionRequest, RevokeRoleRequest, RevokeSessionRequest, SessionEnded, SessionList,
    SessionOpened, SignInRequest, SignOutRequest, SignUpRequest, identity_server::Identity,
};
use tonic::{Request, Response, Status};

/// The service as tonic sees it.
pub(crate) struct Rpc {
    pub(crate) deps: Deps,
}

macro_rules! calls {
    ($($name:ident($request:ty) -> $response:ty = $use_case:path;)*) => {
        #[tonic::async_trait]
        impl Identity for Rpc {$(
            async fn $name(&self, request: Request<$request>) -> Result<Response<$response>, Status> {
                let ctx = self.deps.door.context(&request)?;
                Ok(Response::new($use_case(&self.deps, &ctx, request.into_inner()).await?))
            }
        )*}
    };
}

calls! {
    sign_up(SignUpRequest) -> Account = sign_up::sign_up;
    sign_in(SignInRequest) -> OpenedSession = sign_in::sign_in;
    refresh_session(RefreshSessionRequest) -> OpenedSession = sessions::refresh;
    sign_out(SignOutRequest) -> SessionEnded = sessions::sign_out;
    list_sessions(ListSessionsRequest) -> SessionList = sessions::list;
    revoke_session(RevokeSessionRequest) -> SessionEnded = sessions::revoke;
    get_me(GetMeRequest) -> Account = me::get;
    change_password(ChangePasswordRequest) -> SessionOpened = me::change_password;
    create_account(CreateAccountRequest) -> Account = administer::create_account;
    find_account(FindAccountRequest) -> Account = administer::find_account;
    list_accounts(ListAccountsRequest) -> AccountPage = administer::list_accounts;
    grant_role(GrantRoleRequest) -> Account = administer::grant_role;
    revoke_role(RevokeRoleRequest) -> Account = administer::revoke_role;
    disable_account(DisableAccountRequest) -> Account = administer::disable_account;
    get_account(GetAccountRequest) -> AccountName = administer::get_account;
}
