//! Who may call what: one row for each operation of the API, for the test that walks every route with no token, with every wrong role
//! and in the wrong region. The rule itself is enforced by each use case; this table says what is expected of it.
//!
//! **Invariant**: the rows are exactly the operations of the OpenAPI document. A route without a row fails this crate's tests.

use sanbian_domain::role::Role;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Who holds a session's refresh cookie; an access token does not help, none does not harm.
    Cookie,
    /// Anyone signed in. What they see or change is their own.
    SignedIn,
    /// Who holds one of the roles, where the resource is.
    Roles(&'static [Role]),
}

/// An operation and who may call it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path as in the OpenAPI document.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

const fn row(method: &'static str, path: &'static str, access: Access) -> Operation {
    Operation { method, path, access }
}

const ADMINISTRATOR: Access = Access::Roles(&[Role::Administrator]);
/// Who may look at parties.
const PARTY_LOOKERS: Access = Access::Roles(&[Role::Operator, Role::Finance, Role::Supervisor]);
/// Who registers owners of assets and charges on them.
const REGISTRARS: Access = Access::Roles(&[Role::Operator, Role::CountyReviewer]);
/// Who acts for a collective.
const COLLECTIVE: Access = Access::Roles(&[Role::Clerk, Role::Chair]);

const OPERATOR: Access = Access::Roles(&[Role::Operator]);
/// Who reads a lot before it is public.
const DRAFT_READERS: Access = Access::Roles(&[
    Role::Clerk,
    Role::Chair,
    Role::Member,
    Role::TownshipReviewer,
    Role::CountyReviewer,
    Role::Operator,
    Role::Supervisor,
]);
/// For whom lots may wait.
const QUEUE: Access = Access::Roles(&[Role::TownshipReviewer, Role::CountyReviewer, Role::Operator]);

/// Who moves the exchange's money: for every region whose lots are in its books.
const FINANCE: Access = Access::Roles(&[Role::Finance]);
/// Who looks at the exchange's money.
const MONEY_WATCHERS: Access = Access::Roles(&[Role::Finance, Role::Supervisor]);
/// Who sees contracts: bidders their own, the others those of their regions.
const CONTRACT_READERS: Access =
    Access::Roles(&[Role::Bidder, Role::Chair, Role::Clerk, Role::Operator, Role::Finance, Role::Supervisor]);
/// Who watches.
const SUPERVISOR: Access = Access::Roles(&[Role::Supervisor]);

/// Every operation of the API, by service.
pub const OPERATIONS: &[Operation] = &[
    // The platform.
    row("GET", "/api/v1/time", Access::Public),
    row("GET", "/api/v1/calendar/deadline", Access::Public),
    row("GET", "/api/v1/demo", Access::Public),
    row("POST", "/api/v1/demo/clock", Access::SignedIn),
    row("GET", "/healthz", Access::Public),
    row("GET", "/readyz", Access::Public),
    row("GET", "/metrics", Access::Public),
    // Identity.
    row("POST", "/api/v1/accounts", Access::Public),
    row("POST", "/api/v1/session", Access::Public),
    row("POST", "/api/v1/session/refresh", Access::Cookie),
    // Without a token, a refresh cookie will do.
    row("DELETE", "/api/v1/session", Access::SignedIn),
    row("GET", "/api/v1/sessions", Access::SignedIn),
    row("DELETE", "/api/v1/sessions/{id}", Access::SignedIn),
    row("GET", "/api/v1/me", Access::SignedIn),
    row("POST", "/api/v1/me/password", Access::SignedIn),
    row("POST", "/api/v1/admin/accounts", ADMINISTRATOR),
    row("GET", "/api/v1/admin/accounts", ADMINISTRATOR),
    row("POST", "/api/v1/admin/accounts/find", ADMINISTRATOR),
    row("POST", "/api/v1/admin/accounts/{id}/grants", ADMINISTRATOR),
    row("DELETE", "/api/v1/admin/accounts/{id}/grants", ADMINISTRATOR),
    row("POST", "/api/v1/admin/accounts/{id}/disable", ADMINISTRATOR),
    // The registry.
    row("POST", "/api/v1/parties", Access::SignedIn),
    row("GET", "/api/v1/me/party", Access::SignedIn),
    row("PUT", "/api/v1/me/party/bank-account", Access::SignedIn),
    // A party belongs to no region: one of these roles anywhere will do.
    row("GET", "/api/v1/parties/{id}", PARTY_LOOKERS),
    // The party itself may too.
    row("POST", "/api/v1/parties/{id}/reveal", PARTY_LOOKERS),
    row("POST", "/api/v1/collectives", REGISTRARS),
    row("GET", "/api/v1/collectives", Access::Public),
    row("GET", "/api/v1/collectives/{id}", Access::Public),
    row("PUT", "/api/v1/collectives/{id}/bank-account", REGISTRARS),
    row("PUT", "/api/v1/collectives/{id}/members", COLLECTIVE),
    row("GET", "/api/v1/collectives/{id}/members", Access::Roles(&[Role::Clerk, Role::Chair, Role::Supervisor])),
    row("POST", "/api/v1/surveys", Access::SignedIn),
    row("POST", "/api/v1/assets", COLLECTIVE),
    row("GET", "/api/v1/assets", Access::Public),
    row("GET", "/api/v1/assets/{id}", Access::Public),
    row("PUT", "/api/v1/assets/{id}", COLLECTIVE),
    row("POST", "/api/v1/assets/{id}/rights", Access::Roles(&[Role::Operator])),
    row("GET", "/api/v1/assets/{id}/rights", Access::Public),
    row("POST", "/api/v1/rights/{id}/end", Access::Roles(&[Role::Operator])),
    row("POST", "/api/v1/assets/{id}/encumbrances", REGISTRARS),
    row("GET", "/api/v1/assets/{id}/encumbrances", Access::Public),
    row("POST", "/api/v1/encumbrances/{id}/lift", REGISTRARS),
    // Listing.
    row("POST", "/api/v1/drafts/check", COLLECTIVE),
    row("POST", "/api/v1/drafts", COLLECTIVE),
    row("GET", "/api/v1/drafts", Access::Roles(&[Role::Clerk, Role::Chair, Role::Member])),
    row("GET", "/api/v1/drafts/{id}", DRAFT_READERS),
    row("PUT", "/api/v1/drafts/{id}", COLLECTIVE),
    row("POST", "/api/v1/drafts/{id}/documents", COLLECTIVE),
    row("DELETE", "/api/v1/drafts/{id}/documents/{digest}", COLLECTIVE),
    row("POST", "/api/v1/drafts/{id}/decision", COLLECTIVE),
    row("POST", "/api/v1/drafts/{id}/submit", COLLECTIVE),
    row("POST", "/api/v1/drafts/{id}/withdraw", COLLECTIVE),
    row("GET", "/api/v1/review-queue", QUEUE),
    // Township or county, whichever comes next for the lot.
    row("POST", "/api/v1/drafts/{id}/review", Access::Roles(&[Role::TownshipReviewer, Role::CountyReviewer])),
    row("GET", "/api/v1/drafts/{id}/plan", OPERATOR),
    row("POST", "/api/v1/drafts/{id}/announce", OPERATOR),
    row("GET", "/api/v1/lots", Access::Public),
    row("GET", "/api/v1/lots/{id}", Access::Public),
    row("POST", "/api/v1/lots/{id}/correct", OPERATOR),
    row("POST", "/api/v1/lots/{id}/suspend", OPERATOR),
    row("POST", "/api/v1/lots/{id}/resume", OPERATOR),
    // The collective asks to withdraw, the exchange ends.
    row("POST", "/api/v1/lots/{id}/terminate", Access::Roles(&[Role::Operator, Role::Clerk, Role::Chair])),
    row("POST", "/api/v1/lots/{id}/relist", COLLECTIVE),
    row("POST", "/api/v1/lots/{id}/default", OPERATOR),
    row("POST", "/api/v1/lots/{id}/registrations", Access::Roles(&[Role::Bidder])),
    row("GET", "/api/v1/lots/{id}/registrations", OPERATOR),
    row("GET", "/api/v1/me/registrations", Access::SignedIn),
    row("POST", "/api/v1/registrations/{id}/review", OPERATOR),
    row("POST", "/api/v1/registrations/{id}/confirm", Access::SignedIn),
    row("POST", "/api/v1/registrations/{id}/withdraw", Access::SignedIn),
    row("GET", "/api/v1/rulebooks/{digest}", Access::Public),
    // Evidence files. What is not public is not there for those it does not concern.
    row("POST", "/api/v1/documents", Access::SignedIn),
    row("GET", "/api/v1/lots/{id}/documents/{digest}", Access::Public),
    // Settlement.
    row("GET", "/api/v1/registrations/{id}/deposit", Access::Roles(&[Role::Bidder])),
    row("GET", "/api/v1/me/deposits", Access::Roles(&[Role::Bidder])),
    row("GET", "/api/v1/deposits", MONEY_WATCHERS),
    row("POST", "/api/v1/bank/statements", FINANCE),
    row("GET", "/api/v1/bank/unmatched", FINANCE),
    row("POST", "/api/v1/bank/lines/{id}/resolve", FINANCE),
    row("GET", "/api/v1/payouts", FINANCE),
    row("POST", "/api/v1/payouts/{id}/approve", FINANCE),
    row("GET", "/api/v1/books", MONEY_WATCHERS),
    row("GET", "/api/v1/books/{account_id}/postings", MONEY_WATCHERS),
    row("GET", "/api/v1/lots/{id}/money", MONEY_WATCHERS),
    row("GET", "/api/v1/contracts", CONTRACT_READERS),
    row("GET", "/api/v1/contracts/{id}", CONTRACT_READERS),
    row("POST", "/api/v1/contracts/{id}/sign", Access::Roles(&[Role::Chair, Role::Bidder])),
    row("POST", "/api/v1/contracts/{id}/certificate", OPERATOR),
    row("GET", "/api/v1/certificates/{number}", Access::Public),
    row("POST", "/api/v1/certificates/{number}/prints", OPERATOR),
    row("POST", "/api/v1/certificates/{number}/revoke", OPERATOR),
    // Rooms and offers.
    row("GET", "/api/v1/rooms", Access::Public),
    row("GET", "/api/v1/lots/{id}/room", Access::Public),
    row("GET", "/api/v1/lots/{id}/bids", Access::Public),
    row("POST", "/api/v1/lots/{id}/bids", Access::Roles(&[Role::Bidder])),
    row("GET", "/api/v1/lots/{id}/my-place", Access::Roles(&[Role::Bidder])),
    row("GET", "/api/v1/lots/{id}/feed", Access::Public),
    // Pricing.
    row("GET", "/api/v1/comparables", Access::Public),
    // Supervision.
    row("GET", "/api/v1/cases", SUPERVISOR),
    row("GET", "/api/v1/cases/{id}", SUPERVISOR),
    row("GET", "/api/v1/alerts", SUPERVISOR),
    row("POST", "/api/v1/alerts/{id}/close", SUPERVISOR),
    // The log's explorer.
    row("GET", "/api/v1/ledger/entries", Access::Public),
    row("GET", "/api/v1/ledger/checkpoint", Access::Public),
    row("GET", "/api/v1/ledger/entries/{index}/proof", Access::Public),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api, call::App};
    use object_store::memory::InMemory;
    use sanbian_runtime::{Clock, peers::Peers, secret::Secret, token::Tokens};
    use std::{collections::BTreeMap, sync::Arc};
    use utoipa::openapi::{OpenApi, path::Operation as Described};

    fn description() -> OpenApi {
        let clock = Clock::real();
        let tokens = Tokens::new(&Secret::for_tests(), &clock);
        let app = App {
            peers: Peers::new(tokens.clone()),
            tokens,
            clock,
            documents: Arc::new(InMemory::new()),
            ledger: Arc::new(InMemory::new()),
            demo: None,
            metrics: Arc::new(String::new),
            ready: Arc::new(|| true),
            secure_cookies: true,
        };
        api::routes(&app).split_for_parts().1
    }

    /// The document's operations, each as `METHOD path`.
    fn described(document: &OpenApi) -> BTreeMap<String, Described> {
        let mut operations = BTreeMap::new();
        for (path, item) in &document.paths.paths {
            let methods = [
                ("GET", &item.get),
                ("PUT", &item.put),
                ("POST", &item.post),
                ("DELETE", &item.delete),
                ("PATCH", &item.patch),
                ("HEAD", &item.head),
                ("OPTIONS", &item.options),
                ("TRACE", &item.trace),
            ];
            for (method, operation) in methods {
                operations.extend(operation.clone().map(|operation| (format!("{method} {path}"), operation)));
            }
        }
        operations
    }

    fn names() -> Vec<String> {
        OPERATIONS.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect()
    }

    #[test]
    fn every_operation_has_exactly_one_row() {
        let mut rows = names();
        rows.sort();
        let operations: Vec<String> = described(&description()).into_keys().collect();
        let missing: Vec<_> = operations.iter().filter(|name| !rows.contains(name)).collect();
        let stale: Vec<_> = rows.iter().filter(|name| !operations.contains(name)).collect();
        let twice: Vec<_> = rows.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
        assert!(
            missing.is_empty() && stale.is_empty() && twice.is_empty(),
            "services/gateway/src/access.rs: without a row {missing:#?}, without an operation {stale:#?}, twice {twice:#?}"
        );
    }

    #[test]
    fn the_document_says_who_must_be_signed_in() {
        let document = description();
        let operations = described(&document);
        for operation in OPERATIONS {
            let name = format!("{} {}", operation.method, operation.path);
            // Missing ones are the other test's.
            let Some(described) = operations.get(&name) else { continue };
            let secured = described.security.as_ref().is_some_and(|schemes| !schemes.is_empty());
            assert_eq!(secured, operation.access != Access::Public, "{name}");
        }
    }

    #[test]
    fn a_row_with_roles_names_some() {
        for operation in OPERATIONS {
            assert_ne!(
                operation.access,
                Access::Roles(&[]),
                "{} {}: say Public or SignedIn",
                operation.method,
                operation.path
            );
        }
    }
}
