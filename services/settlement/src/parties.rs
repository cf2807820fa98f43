//! Who stands behind a registration, a contract, a bank line or a payout: asked of the services that know, kept sealed, shown masked.

use futures::future::BoxFuture;
use sanbian_domain::{
    contract::certificate::{PartyKind, mask_name},
    identity::BankAccount,
    ids::{AccountId, PartyId, RegistrationId},
};
use sanbian_proto::{
    listing::v1::{GetRulebookRequest, RegistrationHolderRequest},
    registry::v1::{CertifiedParty, PartyForCertificateRequest, PayoutAccountRequest, RecordRightRequest},
};
use sanbian_runtime::{Refusal, peers::Peers, seal::Sealer};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Who holds a registration.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Holder {
    pub(crate) account: AccountId,
    pub(crate) party: PartyId,
}

/// Where money goes to, or came from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payee {
    /// Name of the account; may be empty where a bank gave none.
    pub(crate) name: String,
    /// Its number, digits only.
    pub(crate) account: String,
    /// Whether the name is a human being's, to be masked.
    pub(crate) personal: bool,
}

impl Payee {
    /// The name as it is shown.
    pub(crate) fn shown_name(&self) -> String {
        if self.personal { mask_name(&self.name) } else { self.name.clone() }
    }

    /// The number as it is shown.
    pub(crate) fn shown_account(&self) -> String {
        masked_account(&self.account)
    }
}

/// An account number as it is shown; empty where there is none.
pub(crate) fn masked_account(number: &str) -> String {
    if number.is_empty() {
        return String::new();
    }
    BankAccount::parse(number).map_or_else(|_| "****".to_owned(), |account| account.masked())
}

/// The name of a bank line's other side as it is shown: a bank does not say whether it is a person, so a short name is taken for one.
pub(crate) fn masked_name(name: &str) -> String {
    if looks_personal(name) { mask_name(name) } else { name.to_owned() }
}

/// Chinese personal names have two to four characters, seldom more; firms and collectives have longer ones.
pub(crate) fn looks_personal(name: &str) -> bool {
    name.chars().count() < 6
}

/// Both sides of a contract as its document names them, and where the proceeds go.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sides {
    pub(crate) transferor: CertifiedParty,
    pub(crate) transferee: CertifiedParty,
    pub(crate) proceeds: Option<Payee>,
}

/// The registry's kind of party as the core names it.
pub(crate) fn kind_of(kind: &str) -> PartyKind {
    match kind {
        "natural-person" => PartyKind::Person,
        "household" => PartyKind::Household,
        "collective" => PartyKind::Collective,
        "company" => PartyKind::Company,
        "cooperative" => PartyKind::Cooperative,
        _ => PartyKind::Organisation,
    }
}

/// Seals a value, bound to what it belongs to.
pub(crate) fn seal<T: Serialize>(sealer: &Sealer, bound_to: &str, value: &T) -> Vec<u8> {
    sealer.seal(bound_to, &serde_json::to_vec(value).expect("plain data with text keys"))
}

/// Opens what [`seal`] sealed.
///
/// # Errors
/// Internal: the row was altered, or sealed under another key.
pub(crate) fn open<T: DeserializeOwned>(sealer: &Sealer, bound_to: &str, sealed: &[u8]) -> Result<T, Refusal> {
    let plain = sealer.open(bound_to, sealed).map_err(Refusal::internal)?;
    serde_json::from_slice(&plain).map_err(Refusal::internal)
}

/// By what an account's rows are found.
pub(crate) fn account_hash(sealer: &Sealer, account: AccountId) -> Vec<u8> {
    sealer.lookup(&format!("account/{account}"))
}

// Calls to other services stand apart, boxed: inside a reader or an act, whose future must be `Send` for every lifetime, the compiler can't
// see that they are.

/// Whose a registration is.
pub(crate) fn holder(peers: Peers, registration: RegistrationId) -> BoxFuture<'static, Result<Holder, Refusal>> {
    Box::pin(async move {
        let request = RegistrationHolderRequest { registration_id: registration.to_string() };
        let answer = peers.listing_as_service().registration_holder(request).await?.into_inner();
        Ok(Holder {
            account: answer.account_id.parse().map_err(Refusal::internal)?,
            party: answer.party_id.parse().map_err(Refusal::internal)?,
        })
    })
}

/// The rules of a digest, in canonical JSON, as listing published them.
pub(crate) fn published_rules(peers: Peers, digest: String) -> BoxFuture<'static, Result<String, Refusal>> {
    Box::pin(async move {
        Ok(peers.listing_as_service().get_rulebook(GetRulebookRequest { digest }).await?.into_inner().text)
    })
}

/// A party as a contract names it.
pub(crate) fn certified(peers: Peers, party: PartyId) -> BoxFuture<'static, Result<CertifiedParty, Refusal>> {
    Box::pin(async move {
        let request = PartyForCertificateRequest { party_id: party.to_string() };
        Ok(peers.registry_as_service().party_for_certificate(request).await?.into_inner())
    })
}

/// Where money of a party goes; none where it has named no account.
pub(crate) fn payout_account(peers: Peers, party: PartyId) -> BoxFuture<'static, Result<Option<Payee>, Refusal>> {
    Box::pin(async move {
        let request = PayoutAccountRequest { party_id: party.to_string() };
        let answer = peers.registry_as_service().payout_account(request).await?.into_inner();
        Ok(answer.bank_account.map(|account| Payee {
            personal: looks_personal(&account.name),
            account: crate::statement::number(&account.number).unwrap_or(account.number),
            name: account.name,
        }))
    })
}

/// Records the taker's right on an asset. The registry answers a repeated call with what stands there.
pub(crate) fn record_right(peers: Peers, request: RecordRightRequest) -> BoxFuture<'static, Result<(), Refusal>> {
    Box::pin(async move {
        peers.registry_as_service().record_right(request).await?;
        Ok(())
    })
}
