//! Signing in (登录).

use super::{disabled, lookup, sessions};
use crate::{
    Deps,
    limit::{self, Limit},
    name::Username,
    password::Password,
    refresh::RefreshToken,
    source::source,
    store::{
        self, account,
        account::AccountRow,
        attempt::{self, Subject},
        session,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use sanbian_domain::finding::{Finding, Text};
use sanbian_proto::identity::v1::{OpenedSession, SignInRequest};
use sanbian_runtime::{Context, Kind, Refusal, Tx};
use uuid::Uuid;

/// Opens a session. Public: the password speaks. No idempotency key is kept: the answer carries secrets, and a second session harms nobody.
pub(crate) async fn sign_in(deps: &Deps, _: &Context, request: SignInRequest) -> Result<OpenedSession, Refusal> {
    let now = deps.door.clock.wall();
    let username =
        Username::attempted(&request.username).ok_or_else(|| Refusal::malformed("username", "at most 128 bytes"))?;
    if request.password.len() > deps.rules.password.most_bytes {
        return Err(Refusal::malformed("password", format!("at most {} bytes", deps.rules.password.most_bytes)));
    }
    let account = account::by_lookup(&deps.pool, &lookup(deps, &username)).await?;
    let attempt = Attempt::new(deps, &username, account.as_ref(), &request.client_address, now).await?;
    attempt.count(deps, now).await?;

    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = match deps.passwords.verify(Password::new(request.password), hash).await {
        Ok(fits) => fits,
        Err(error) => {
            attempt.take_back(deps).await?;
            return Err(error);
        }
    };
    let Some(account) = account.filter(|_| fits) else {
        metrics::counter!("sanbian_sign_ins_total", "outcome" => "refused").increment(1);
        return Err(wrong());
    };
    let client = sessions::Client::new(&request.client_address, &request.client_name);
    let opened = open(deps, account, attempt, &client, now).await?;
    metrics::counter!("sanbian_sign_ins_total", "outcome" => "opened").increment(1);
    Ok(opened)
}

/// Opens the session under the account, held as it was when the password was checked.
async fn open(
    deps: &Deps,
    checked: AccountRow,
    attempt: Attempt,
    client: &sessions::Client,
    now: DateTime<Utc>,
) -> Result<OpenedSession, Refusal> {
    let token = RefreshToken::new();
    let id = Uuid::now_v7();
    let row = session::SessionRow {
        id,
        client_sealed: client.seal(deps, id)?,
        opened_at: now,
        last_used_at: now,
        expires_at: now + deps.rules.session.absolute(),
    };
    let expires_at = row.expires_at;
    let (digest, account_id) = (token.digest(), checked.id);
    let (account, grants) = store::write(&deps.pool, move |tx| {
        Box::pin(async move {
            attempt.succeed(tx, account_id, now).await?;
            // The password may have been changed, or the account disabled, while the hash was computed.
            let account = account::hold(tx, account_id)
                .await?
                .filter(|account| account.password_hash == checked.password_hash)
                .ok_or_else(wrong)?;
            if account.disabled_at.is_some() {
                return Err(disabled());
            }
            session::open(tx, account_id, &row, &digest).await?;
            Ok((account, account::grants_of(tx, account_id).await?))
        })
    })
    .await?;
    let session = sessions::issue(deps, id, &account, &grants)?;
    sessions::with_token(deps, session, &token, expires_at, now)
}

/// What one attempt to show a password is counted at.
pub(super) struct Attempt {
    /// The account, or the account from a place its owner is known from; cleared by the right password.
    account: (Subject, Limit),
    /// The client address, where there is one; only taken back by a right password, since one's own account is no excuse.
    source: Option<(Subject, Limit)>,
    /// The client address as it is remembered with the account.
    known_as: Option<Vec<u8>>,
}

impl Attempt {
    async fn new(
        deps: &Deps,
        username: &Username,
        account: Option<&AccountRow>,
        client_address: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let rules = &deps.rules.attempts;
        let name = hex::encode(lookup(deps, username));
        let mut subject = format!("sign-in/account/{name}");
        let (mut counted_source, mut known_as) = (None, None);
        if let Some(source) = source(client_address) {
            let place = deps.sealer.lookup(&format!("source/{source}"));
            // Asked for a nobody too, so that a name that nobody has takes the same steps.
            let id = account.map_or_else(Uuid::nil, |account| account.id);
            let since = now - TimeDelta::days(rules.known_source_days.into());
            if attempt::is_known(&deps.pool, id, &place, since).await? {
                subject = format!("sign-in/account/{name}/from/{source}");
            }
            counted_source = Some((deps.sealer.lookup(&format!("sign-in/source/{source}")), rules.source.clone()));
            known_as = Some(place);
        }
        let account = (deps.sealer.lookup(&subject), rules.account.clone());
        Ok(Self { account, source: counted_source, known_as })
    }

    /// An attempt of somebody signed in to show the password again. Counted apart, so that it can't keep the owner from signing in.
    pub(super) fn again(deps: &Deps, account: Uuid) -> Self {
        let subject = deps.sealer.lookup(&format!("again/account/{account}"));
        Self { account: (subject, deps.rules.attempts.account.clone()), source: None, known_as: None }
    }

    /// Counts it before it is judged.
    ///
    /// # Errors
    /// Too many attempts: none was counted.
    pub(super) async fn count(&self, deps: &Deps, now: DateTime<Utc>) -> Result<(), Refusal> {
        let subjects: Vec<_> = [Some(self.account.clone()), self.source.clone()].into_iter().flatten().collect();
        let counted =
            store::write(&deps.pool, move |tx| Box::pin(async move { attempt::count(tx, &subjects, now).await }));
        counted.await?.map_err(|until| {
            metrics::counter!("sanbian_sign_ins_total", "outcome" => "limited").increment(1);
            limit::too_many(&deps.rules.attempts.basis, until, now)
        })
    }

    /// The attempt was not judged: it is no failure.
    async fn take_back(self, deps: &Deps) -> Result<(), Refusal> {
        store::write(&deps.pool, move |tx| {
            Box::pin(async move {
                for (subject, limit) in self.in_order() {
                    attempt::take_back(tx, subject, limit).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The password was right.
    pub(super) async fn succeed(&self, tx: &mut Tx, account: Uuid, now: DateTime<Utc>) -> Result<(), Refusal> {
        for (subject, limit) in self.in_order() {
            if *subject == self.account.0 {
                attempt::clear(tx, subject).await?;
            } else {
                attempt::take_back(tx, subject, limit).await?;
            }
        }
        match &self.known_as {
            Some(source) => attempt::know(tx, account, source, now).await,
            None => Ok(()),
        }
    }

    /// The subjects in the order in which they are locked.
    fn in_order(&self) -> Vec<&(Subject, Limit)> {
        let mut subjects: Vec<_> = [Some(&self.account), self.source.as_ref()].into_iter().flatten().collect();
        subjects.sort_by(|a, b| a.0.cmp(&b.0));
        subjects
    }
}

/// The refusal of a wrong name or password, which does not tell the two apart.
fn wrong() -> Refusal {
    Refusal::of(
        Kind::Unauthenticated,
        Finding::refusal(
            "identity.credentials",
            "GB/T 22239-2019 8.1.4.1 身份鉴别",
            Text::new("账号名或口令不正确。", "The name or the password is wrong."),
            Text::new(
                "请核对后重试；忘记口令请联系交易中心。",
                "Check both and try again; if you forgot it, ask the exchange.",
            ),
        ),
    )
}
