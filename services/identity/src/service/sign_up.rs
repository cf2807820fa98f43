//! Making an account for whoever asks (竞买人自助注册).

use super::{Done, NewAccount, read_form, stand_in, view, view::Eyes};
use crate::{Deps, limit, password::Password, source::source, store};
use sanbian_domain::role::{Grant, Role};
use sanbian_proto::identity::v1::{Account, SignUpRequest};
use sanbian_runtime::{Context, Refusal, act};

/// Makes an account that is a bidder everywhere and nothing else. Public: no one is asked who they are before they register for a lot.
pub(crate) async fn sign_up(deps: &Deps, ctx: &Context, request: SignUpRequest) -> Result<Account, Refusal> {
    let password = Password::new(request.password.as_str());
    let (username, display_name) = read_form(deps, &request.username, &request.display_name, &password, "password")?;
    let wall = deps.door.clock.wall();
    if let Some(source) = source(&request.client_address) {
        let attempts = &deps.rules.attempts;
        let subject = deps.sealer.lookup(&format!("sign-up/source/{source}"));
        let subjects = vec![(subject, attempts.sign_up.clone())];
        store::write(&deps.pool, move |tx| Box::pin(async move { store::attempt::count(tx, &subjects, wall).await }))
            .await?
            .map_err(|until| limit::too_many(&attempts.basis, until, wall))?;
    }
    let password_hash = deps.passwords.hash(password).await?;
    let account = NewAccount::new(deps, &username, &display_name, password_hash, String::new(), ctx.now);
    let told_apart_by = SignUpRequest {
        password: stand_in(deps, &request.password),
        // A repeated call may come from elsewhere.
        client_address: String::new(),
        ..request
    };
    let done = act(ctx, &deps.pool, "identity.sign-up", &told_apart_by, move |tx| {
        Box::pin(async move {
            account.insert(tx, None).await?;
            account.grant(tx, None, &Grant { role: Role::Bidder, region: String::new() }).await?;
            Ok(Done::of(account.row.id))
        })
    })
    .await?;
    metrics::counter!("sanbian_sign_ups_total").increment(1);
    view::read(deps, done.id()?, Eyes::Own).await?.ok_or_else(|| Refusal::internal("a new account is not there"))
}
