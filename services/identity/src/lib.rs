//! # Identity (账号与授权)
//!
//! Owns: accounts, the roles they hold within regions, sessions and their refresh tokens, and the limits on attempts to sign in.
//!
//! Promises: whoever holds an access token has shown a password within the session's life; what the token allows was true of the
//! account when it was issued, at most [`Tokens::LIFETIME`](sanbian_runtime::token::Tokens::LIFETIME) ago. What changes a role is in the log.
//!
//! **Invariants**
//! - **No password, token or name is readable in the database**: passwords are argon2id hashes keyed with the installation's secret,
//!   refresh tokens are digests, names and client addresses are sealed, and look-ups go by keyed hash. None is in `Debug`, a log line,
//!   a fact or the stored answer of an idempotency key.
//! - **One refresh token of a session is good at any time**, also to the database. A used one that comes again ends the session, but
//!   for a short grace in which it is only refused.
//! - **Guesses are counted before they are judged**, so that guessing in parallel gains nothing; a name that nobody has costs the same work.
//! - **No account checks itself**: roles that check each other are never on one account, an administrator holds nothing else, acts only
//!   within its region, and never on itself.
//! - **An account whose password was given to it has no role** until it has chosen its own.
//!
//! Sessions and limits go by the wall clock, since tokens do; what the log hears is dated by business time.

pub mod duties;
pub mod hashing;
pub mod limit;
pub mod name;
pub mod password;
pub mod refresh;
mod rpc;
pub mod rules;
mod service;
pub mod source;
mod store;
mod tick;

pub use service::bootstrap::{administrator_exists, bootstrap_administrator};
pub use tick::run;

use hashing::Passwords;
use rules::Rules;
use sanbian_proto::identity::v1::identity_server::IdentityServer;
use sanbian_runtime::{rpc::Door, seal::Sealer, secret::Secret};
use sqlx::PgPool;
use std::sync::Arc;

/// What the service works with. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The service's own pool.
    pub pool: PgPool,
    /// Makes contexts; issues access tokens; tells the time.
    pub door: Door,
    /// Seals names and addresses, and makes the keyed hashes they are found by.
    pub sealer: Sealer,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The numbers.
    pub rules: Arc<Rules>,
}

impl Deps {
    /// The service's parts in an installation, under the rules that come with the program.
    pub fn new(pool: PgPool, door: Door, secret: &Secret) -> Self {
        let (sealer, passwords) = (Sealer::new(secret, "identity"), Passwords::new(secret));
        Self { pool, door, sealer, passwords, rules: Rules::standard() }
    }

    /// The same under other rules.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = Arc::new(rules);
        self
    }
}

/// The service's calls.
pub fn routes(deps: Deps) -> tonic::service::Routes {
    tonic::service::Routes::new(IdentityServer::new(rpc::Rpc { deps }))
}
