//! Who calls, and what they may do.

use crate::{Clock, Refusal};
use chrono::{DateTime, Utc};
use sanbian_domain::{
    ids::{AccountId, SessionId},
    role::{Grant, Role},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A caller whose token was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The session it acts in.
    pub session: SessionId,
    /// What it may do, where.
    pub grants: Vec<Grant>,
    /// True for calls between services, which no person makes.
    #[serde(default)]
    pub service: bool,
}

/// What every use case gets: the caller (or none), business time, and the call's own marks.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who calls; none for the public.
    pub caller: Option<Arc<Caller>>,
    /// Business time of the act: read once, used for all of it.
    pub now: DateTime<Utc>,
    /// The client's key for a repeated call.
    pub idempotency_key: Option<String>,
    /// The call's id in traces.
    pub request_id: String,
    /// The bearer token as it came, to be handed on to other services.
    pub token: Option<String>,
}

impl Context {
    /// A context without caller.
    pub fn public(clock: &Clock) -> Self {
        Self { caller: None, now: clock.now(), idempotency_key: None, request_id: String::new(), token: None }
    }

    /// The caller, whoever it is.
    ///
    /// # Errors
    /// Where nobody is signed in.
    pub fn signed_in(&self) -> Result<&Caller, Refusal> {
        self.caller.as_deref().ok_or_else(Refusal::unauthenticated)
    }

    /// The caller, if it holds one of `roles` for something in `region`. First line of every use case that is not public.
    ///
    /// # Errors
    /// Where nobody is signed in, or without the role there.
    pub fn require(&self, roles: &[Role], region: &str) -> Result<&Caller, Refusal> {
        let caller = self.signed_in()?;
        if caller.service || roles.iter().any(|role| caller.grants.iter().any(|grant| grant.covers(*role, region))) {
            return Ok(caller);
        }
        let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        Err(Refusal::forbidden(&names.join(" / "), region))
    }

    /// The caller, if it holds one of `roles` in any region: for lists, which then show only [`Self::regions`].
    ///
    /// # Errors
    /// Where nobody is signed in, or without the role anywhere.
    pub fn require_anywhere(&self, roles: &[Role]) -> Result<&Caller, Refusal> {
        let caller = self.signed_in()?;
        if caller.service || caller.grants.iter().any(|grant| roles.contains(&grant.role)) {
            return Ok(caller);
        }
        let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        Err(Refusal::forbidden(&names.join(" / "), ""))
    }

    /// The caller, if it is another service.
    ///
    /// # Errors
    /// For everybody else.
    pub fn require_service(&self) -> Result<&Caller, Refusal> {
        let caller = self.signed_in()?;
        if caller.service { Ok(caller) } else { Err(Refusal::forbidden("service", "")) }
    }

    /// The region codes in which the caller holds one of `roles`.
    pub fn regions(&self, roles: &[Role]) -> Vec<String> {
        match self.caller.as_deref() {
            None => Vec::new(),
            Some(caller) if caller.service => vec![String::new()],
            Some(caller) => caller
                .grants
                .iter()
                .filter(|grant| roles.contains(&grant.role))
                .map(|grant| grant.region.clone())
                .collect(),
        }
    }

    /// Whether the caller holds `role` for something in `region`.
    pub fn holds(&self, role: Role, region: &str) -> bool {
        self.require(&[role], region).is_ok()
    }

    /// The actor's name in the log: the account's pseudonym, or the system where nobody is signed in.
    pub fn actor(&self) -> String {
        match self.caller.as_deref() {
            Some(caller) if !caller.service => caller.account.to_string(),
            _ => sanbian_domain::fact::SYSTEM.to_owned(),
        }
    }
}
