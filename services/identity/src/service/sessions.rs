//! Continuing, listing and ending sessions (会话).

use super::{parse_id, view, view::Eyes};
use crate::{
    Deps,
    refresh::{self, RefreshToken, Verdict},
    store::{
        self, account,
        account::AccountRow,
        session::{self, Why},
    },
};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    fact::instant,
    ids::{AccountId, SessionId},
    role::Grant,
};
use sanbian_proto::identity::v1::{
    ListSessionsRequest, OpenedSession, RefreshSessionRequest, RevokeSessionRequest, SessionEnded, SessionList,
    SessionOpened, SignInSession, SignOutRequest,
};
use sanbian_runtime::{Caller, Context, Refusal, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Continues a session: a new access token with the account's grants as they are now, and a new refresh token in the place of the one
/// shown. Public: the refresh token speaks. No idempotency key is kept, since the answer carries secrets.
pub(crate) async fn refresh(
    deps: &Deps,
    _: &Context,
    request: RefreshSessionRequest,
) -> Result<OpenedSession, Refusal> {
    let now = deps.door.clock.wall();
    let rule = &deps.rules.session;
    let unknown = || refresh::refusal(rule, Verdict::Ended);
    let shown = RefreshToken::parse(&request.refresh_token).ok_or_else(unknown)?.digest();
    let (session, account) = session::of_token(&deps.pool, &shown).await?.ok_or_else(unknown)?;
    let next = RefreshToken::new();
    let next_digest = next.digest();
    let rules = deps.rules.clone();
    let turned = store::write(&deps.pool, move |tx| {
        Box::pin(async move { turn(tx, &rules.session, session, account, &shown, &next_digest, now).await })
    })
    .await?;
    match turned {
        Ok((account, grants, expires_at)) => {
            with_token(deps, issue(deps, session, &account, &grants)?, &next, expires_at, now)
        }
        Err(verdict) => {
            if verdict == Verdict::Replayed {
                metrics::counter!("sanbian_refresh_replays_total").increment(1);
                tracing::warn!(%session, "a used refresh token came again; its session was ended");
            }
            Err(refresh::refusal(rule, verdict))
        }
    }
}

type Turned = (AccountRow, Vec<Grant>, DateTime<Utc>);

/// Turns the token over under the account's and the session's locks, or says why not; what the verdict does to the session is kept.
async fn turn(
    tx: &mut Tx,
    rule: &crate::rules::SessionRule,
    session: Uuid,
    account: Uuid,
    shown: &[u8],
    next: &[u8],
    now: DateTime<Utc>,
) -> Result<Result<Turned, Verdict>, Refusal> {
    let Some(account) = account::hold(tx, account).await? else { return Ok(Err(Verdict::Ended)) };
    let Some(times) = session::lock(tx, session).await? else { return Ok(Err(Verdict::Ended)) };
    let Some(used_at) = session::token_use(tx, shown).await? else { return Ok(Err(Verdict::Ended)) };
    let verdict = refresh::judge(rule, &times, used_at, now);
    let why = match verdict {
        Verdict::Replayed => Some(Why::Replayed),
        Verdict::Expired => Some(Why::Expired),
        // Disabling ends all sessions; this is the second lock on the same door.
        _ if account.disabled_at.is_some() => Some(Why::AccountDisabled),
        _ => None,
    };
    if let Some(why) = why {
        session::end(tx, session, why, now).await?;
        return Ok(Err(if why == Why::AccountDisabled { Verdict::Ended } else { verdict }));
    }
    if verdict != Verdict::Good {
        return Ok(Err(verdict));
    }
    session::turn(tx, session, shown, next, now).await?;
    let grants = account::grants_of(tx, account.id).await?;
    Ok(Ok((account, grants, times.expires_at)))
}

/// Ends the session of the access token or, without one, of the refresh token. A used refresh token ends its session too: whoever holds
/// it may end that session, and nothing else.
pub(crate) async fn sign_out(deps: &Deps, ctx: &Context, request: SignOutRequest) -> Result<SessionEnded, Refusal> {
    let caller = ctx.caller.as_deref().filter(|caller| !caller.service).map(|caller| caller.session.0);
    let shown = request.refresh_token.as_deref().and_then(RefreshToken::parse);
    let session = match (caller, shown) {
        (Some(session), _) => session,
        (None, Some(token)) => {
            let found = session::of_token(&deps.pool, &token.digest()).await?;
            found.map(|(session, _)| session).ok_or_else(Refusal::unauthenticated)?
        }
        (None, None) => return Err(Refusal::unauthenticated()),
    };
    let now = deps.door.clock.wall();
    store::write(&deps.pool, move |tx| Box::pin(async move { session::end(tx, session, Why::SignedOut, now).await }))
        .await?;
    Ok(SessionEnded { id: session.to_string() })
}

/// The caller's sessions that can still be continued, newest first.
pub(crate) async fn list(deps: &Deps, ctx: &Context, _: ListSessionsRequest) -> Result<SessionList, Refusal> {
    let caller = ctx.signed_in()?;
    let now = deps.door.clock.wall();
    let rows = session::running(&deps.pool, caller.account.0, now - deps.rules.session.idle(), now).await?;
    let items = rows.into_iter().map(|row| {
        let client = Client::open(deps, row.id, &row.client_sealed)?;
        Ok(SignInSession {
            id: row.id.to_string(),
            opened_at: instant::text(row.opened_at),
            last_used_at: instant::text(row.last_used_at),
            expires_at: instant::text(row.expires_at),
            client_address: client.address,
            client_name: client.name,
            current: row.id == caller.session.0,
        })
    });
    Ok(SessionList { items: items.collect::<Result<_, Refusal>>()? })
}

/// Ends one of the caller's sessions. Its access token runs out by itself, within minutes.
pub(crate) async fn revoke(deps: &Deps, ctx: &Context, request: RevokeSessionRequest) -> Result<SessionEnded, Refusal> {
    let account = ctx.signed_in()?.account.0;
    let session = parse_id("id", &request.id)?;
    let now = deps.door.clock.wall();
    sanbian_runtime::act(ctx, &deps.pool, "identity.revoke-session", &request, move |tx| {
        Box::pin(async move {
            if session::end_own(tx, account, session, now).await? {
                Ok(SessionEnded { id: session.to_string() })
            } else {
                Err(Refusal::not_found("登录会话", "session"))
            }
        })
    })
    .await
}

/// An access token of a session, with what the account may do now: nothing while its password was given to it by another.
pub(super) fn issue(
    deps: &Deps,
    session: Uuid,
    account: &AccountRow,
    grants: &[Grant],
) -> Result<SessionOpened, Refusal> {
    let allowed = if account.must_change_password { &[] } else { grants };
    let caller = Caller {
        account: AccountId(account.id),
        session: SessionId(session),
        grants: allowed.to_vec(),
        service: false,
    };
    let (access_token, expires_at) = deps.door.tokens.issue(&caller);
    Ok(SessionOpened {
        access_token,
        expires_at: instant::text(expires_at),
        account: Some(view::message(deps, account, grants, Eyes::Own)?),
        grants: view::messages(allowed),
    })
}

/// The session with its refresh token, good until it is idle too long or the session ends.
pub(super) fn with_token(
    deps: &Deps,
    session: SessionOpened,
    token: &RefreshToken,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<OpenedSession, Refusal> {
    let good_for = deps.rules.session.idle().min(expires_at - now);
    let refresh_seconds = u32::try_from(good_for.num_seconds()).map_err(Refusal::internal)?;
    Ok(OpenedSession { session: Some(session), refresh_token: token.expose(), refresh_seconds })
}

/// Where and with what a session was opened, for its owner's eyes.
#[derive(Serialize, Deserialize)]
pub(super) struct Client {
    address: String,
    name: String,
}

impl Client {
    /// As the gateway tells it; the name cut to a length that can be shown.
    pub(super) fn new(address: &str, name: &str) -> Self {
        Self { address: address.to_owned(), name: name.chars().filter(|c| !c.is_control()).take(200).collect() }
    }

    pub(super) fn seal(&self, deps: &Deps, session: Uuid) -> Result<Vec<u8>, Refusal> {
        let plain = serde_json::to_vec(self).map_err(Refusal::internal)?;
        Ok(deps.sealer.seal(&format!("session:{session}/client"), &plain))
    }

    fn open(deps: &Deps, session: Uuid, sealed: &[u8]) -> Result<Self, Refusal> {
        let plain = deps.sealer.open(&format!("session:{session}/client"), sealed).map_err(Refusal::internal)?;
        serde_json::from_slice(&plain).map_err(Refusal::internal)
    }
}
