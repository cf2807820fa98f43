//! What other services ask of parties. Refused to everybody else.

use super::party::{find, kind_of, not_found};
use crate::{Registry, form, person, store};
use sanbian_domain::ids::{AccountId, CollectiveId, PartyId};
use sanbian_proto::registry::v1::{
    AccountParty, BankAccount, CertifiedParty, IsMemberRequest, Membership, PartyForCertificateRequest,
    PartyOfAccountRequest, PayoutAccountAnswer, PayoutAccountRequest,
};
use sanbian_runtime::{Context, Refusal};
use store::party::MembershipRow;

/// Whose party an account is, masked, and where it is a member.
///
/// # Errors
/// Not found where the account has no party.
pub async fn of_account(
    registry: &Registry,
    ctx: &Context,
    request: PartyOfAccountRequest,
) -> Result<AccountParty, Refusal> {
    ctx.require_service()?;
    let account = form::id::<AccountId>("account_id", &request.account_id)?;
    let row = store::party::by_account(&registry.pool, account).await?.ok_or_else(not_found)?;
    let (id, kind) = (PartyId(row.id), kind_of(&row)?);
    let profile = registry.safe.open_profile(id, &row.profile)?;
    let memberships = store::party::memberships(&registry.pool, id, None).await?;
    Ok(AccountParty {
        party_id: id.to_string(),
        kind: row.kind,
        name: person::masked_name(kind, &profile.name),
        identity_number: person::masked_identity(kind, &profile.identity_number),
        has_bank_account: row.bank.is_some(),
        memberships: memberships.into_iter().map(membership).collect(),
    })
}

/// A party as a contract or certificate names it.
///
/// # Errors
/// Not found.
pub async fn for_certificate(
    registry: &Registry,
    ctx: &Context,
    request: PartyForCertificateRequest,
) -> Result<CertifiedParty, Refusal> {
    ctx.require_service()?;
    let row = find(registry, &request.party_id).await?;
    let (id, kind) = (PartyId(row.id), kind_of(&row)?);
    let profile = registry.safe.open_profile(id, &row.profile)?;
    let public_name = if kind.is_personal() { person::masked_person(&profile.name) } else { profile.name.clone() };
    Ok(CertifiedParty {
        party_id: id.to_string(),
        kind: row.kind,
        name: profile.name,
        public_name,
        identity_number: person::masked_identity(kind, &profile.identity_number),
        public_legal_representative: profile.legal_representative.as_deref().map(person::masked_person),
        legal_representative: profile.legal_representative,
    })
}

/// Where money of a party or collective goes.
///
/// # Errors
/// Not found.
pub async fn payout_account(
    registry: &Registry,
    ctx: &Context,
    request: PayoutAccountRequest,
) -> Result<PayoutAccountAnswer, Refusal> {
    ctx.require_service()?;
    let row = find(registry, &request.party_id).await?;
    let id = PartyId(row.id);
    let account = row.bank.as_deref().map(|sealed| registry.safe.open_account(id, sealed)).transpose()?;
    Ok(PayoutAccountAnswer {
        party_id: id.to_string(),
        masked_number: account.as_ref().map(|account| person::masked_account(&account.number)),
        bank_account: account.map(BankAccount::from),
    })
}

/// Whether a party is a member of a collective now: by its identity number, so that whoever registers as another is none.
///
/// # Errors
/// Not found where there is no such party or collective.
pub async fn is_member(registry: &Registry, ctx: &Context, request: IsMemberRequest) -> Result<Membership, Refusal> {
    ctx.require_service()?;
    let party = PartyId(find(registry, &request.party_id).await?.id);
    let collective = form::id::<CollectiveId>("collective_id", &request.collective_id)?;
    let known = store::collective::by_id(&registry.pool, collective).await?;
    let known = known.ok_or_else(|| Refusal::not_found("集体经济组织", "collective"))?;
    let found = store::party::memberships(&registry.pool, party, Some(collective)).await?.pop();
    Ok(found.map_or_else(
        || Membership {
            collective_id: collective.to_string(),
            region: known.region,
            member: false,
            member_id: None,
            household_id: None,
            votes: false,
        },
        membership,
    ))
}

fn membership(row: MembershipRow) -> Membership {
    Membership {
        collective_id: row.collective_id.to_string(),
        region: row.region,
        member: true,
        member_id: Some(row.member_id.to_string()),
        household_id: Some(row.household_id.to_string()),
        votes: row.votes,
    }
}
