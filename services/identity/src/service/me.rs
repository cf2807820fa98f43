//! One's own account.

use super::{Done, disabled, sessions, sign_in::Attempt, stand_in, view, view::Eyes};
use crate::{
    Deps,
    password::Password,
    store::{
        self, account,
        session::{self, Why},
    },
};
use sanbian_domain::finding::{Finding, Text};
use sanbian_proto::identity::v1::{Account, ChangePasswordRequest, GetMeRequest, SessionOpened};
use sanbian_runtime::{Context, Refusal, Tx, act};
use uuid::Uuid;

/// The caller's own account, in full.
pub(crate) async fn get(deps: &Deps, ctx: &Context, _: GetMeRequest) -> Result<Account, Refusal> {
    let caller = ctx.signed_in()?;
    view::read(deps, caller.account.0, Eyes::Own).await?.ok_or_else(Refusal::unauthenticated)
}

/// Changes the caller's password, which must be shown once more, and ends all of its other sessions.
pub(crate) async fn change_password(
    deps: &Deps,
    ctx: &Context,
    request: ChangePasswordRequest,
) -> Result<SessionOpened, Refusal> {
    let caller = ctx.signed_in()?;
    let (id, session) = (caller.account.0, caller.session.0);
    let account = account::by_id(&deps.pool, id).await?.ok_or_else(Refusal::unauthenticated)?;
    judge_new(deps, &request, &view::username(deps, &account)?)?;

    let now = deps.door.clock.wall();
    let attempt = Attempt::again(deps, id);
    attempt.count(deps, now).await?;
    let told_apart_by = ChangePasswordRequest {
        current_password: stand_in(deps, &request.current_password),
        new_password: stand_in(deps, &request.new_password),
    };
    let parts = deps.clone();
    act(ctx, &deps.pool, "identity.change-password", &told_apart_by, move |tx| {
        Box::pin(async move { change(&parts, tx, id, session, request).await })
    })
    .await?;
    store::write(&deps.pool, move |tx| Box::pin(async move { attempt.succeed(tx, id, now).await })).await?;

    // A repeated call gets here too, perhaps long after; a session that is over gets no token.
    if !session::is_running(&deps.pool, id, session, now).await? {
        return Err(Refusal::unauthenticated());
    }
    let account = account::by_id(&deps.pool, id).await?.ok_or_else(Refusal::unauthenticated)?;
    let grants: Vec<_> = account::grants(&deps.pool, &[id]).await?.into_iter().map(|(_, grant)| grant).collect();
    sessions::issue(deps, session, &account, &grants)
}

async fn change(
    deps: &Deps,
    tx: &mut Tx,
    id: Uuid,
    session: Uuid,
    request: ChangePasswordRequest,
) -> Result<Done, Refusal> {
    let account = account::lock(tx, &[id]).await?.pop().ok_or_else(Refusal::unauthenticated)?;
    if account.disabled_at.is_some() {
        return Err(disabled());
    }
    let now = deps.door.clock.wall();
    // A stolen access token of a session that its owner has ended must not take the account over.
    let running = session::lock(tx, session).await?.filter(|times| times.ended_at.is_none() && times.expires_at > now);
    running.ok_or_else(Refusal::unauthenticated)?;
    let current = Password::new(request.current_password);
    if !deps.passwords.verify(current, Some(account.password_hash)).await? {
        return Err(wrong_current());
    }
    let password_hash = deps.passwords.hash(Password::new(request.new_password)).await?;
    account::set_password(tx, id, &password_hash).await?;
    session::end_all(tx, id, Some(session), Why::PasswordChanged, now).await?;
    Ok(Done::of(id))
}

/// Refuses a new password that won't do, before anything is counted.
fn judge_new(deps: &Deps, request: &ChangePasswordRequest, username: &crate::name::Username) -> Result<(), Refusal> {
    let rule = &deps.rules.password;
    if request.current_password.len() > rule.most_bytes {
        return Err(Refusal::malformed("current_password", format!("at most {} bytes", rule.most_bytes)));
    }
    let new = Password::new(request.new_password.as_str());
    let mut findings = rule.judge(&new, Some(username), "new_password");
    if request.new_password == request.current_password {
        findings.push(
            Finding::refusal(
                "identity.password-same",
                &rule.basis,
                Text::new("新口令与当前口令相同。", "The new password is the current one."),
                Text::new("请更换口令。", "Choose another."),
            )
            .at("new_password"),
        );
    }
    if findings.is_empty() { Ok(()) } else { Err(Refusal::rule(findings)) }
}

fn wrong_current() -> Refusal {
    Refusal::rule(vec![
        Finding::refusal(
            "identity.current-password",
            "GB/T 22239-2019 8.1.4.1 身份鉴别",
            Text::new("当前口令不正确。", "The current password is wrong."),
            Text::new("请核对后重试。", "Check it and try again."),
        )
        .at("current_password"),
    ])
}
