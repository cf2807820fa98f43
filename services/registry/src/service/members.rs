//! A collective's register of households and members (成员名册).

use super::{
    collective,
    register::{self, Register},
};
use crate::{
    Registry, form,
    person::{self, MemberProfile, PartyKind},
    store::{self, member::Columns},
};
use sanbian_domain::{
    fact::MembersRecorded,
    ids::{CollectiveId, MemberId},
    role::Role,
};
use sanbian_proto::registry::v1::{ImportMembersRequest, ListMembersRequest, Member, MemberPage, MembersImported};
use sanbian_runtime::{Context, Refusal, act, clock, log, seal};
use std::collections::HashMap;

/// Records the whole register anew. Members not in it have left; one who comes back keeps the id.
///
/// # Errors
/// Forbidden to all but the collective's clerk and chair; up to a hundred faults of the register at once.
pub async fn import(
    registry: &Registry,
    ctx: &Context,
    request: ImportMembersRequest,
) -> Result<MembersImported, Refusal> {
    ctx.signed_in()?;
    let collective = collective::find(registry, &request.collective_id).await?;
    ctx.require(&[Role::Clerk, Role::Chair], &collective.region)?;
    let today = clock::day(ctx.now);
    let register = Register::read(&request.households, today)?;
    let id = CollectiveId(collective.id);
    let (registry, ctx) = (registry.clone(), ctx.clone());
    act(&ctx.clone(), &registry.pool.clone(), "import-members", &request, move |tx| {
        Box::pin(async move {
            let region = store::collective::hold(&mut **tx, id)
                .await?
                .ok_or_else(|| Refusal::internal("a collective is gone"))?;
            let known = store::member::known(&mut **tx, id).await?;
            let before = store::member::leave_all(&mut **tx, id, today).await?;
            let households = store::member::households(&mut **tx, id, &register.households).await?;
            let mut columns = Columns::default();
            let mut fields = HashMap::new();
            for member in &register.members {
                let lookup = registry.safe.lookup(&member.identity_number);
                let member_id = MemberId(known.get(&lookup).copied().unwrap_or_else(uuid::Uuid::now_v7));
                let household = households.get(&member.household).copied();
                let profile =
                    MemberProfile { name: member.name.clone(), identity_number: member.identity_number.clone() };
                columns.ids.push(member_id.0);
                columns.households.push(household.ok_or_else(|| Refusal::internal("a household was not made"))?);
                columns.profiles.push(registry.safe.seal_member(member_id, &profile));
                columns.relations.push(member.relation.to_owned());
                columns.votes.push(member.votes);
                fields.insert(lookup.clone(), member.field.as_str());
                columns.lookups.push(lookup);
            }
            store::member::write(tx, id, &columns).await?;

            let count = |count: usize| i32::try_from(count).map_err(Refusal::internal);
            let counts = (count(register.members.len())?, count(register.voters())?, count(register.households.len())?);
            let salt = seal::random::<32>();
            store::collective::set_counts(&mut **tx, id, counts, &salt, ctx.now).await?;
            let row = store::collective::by_id(&mut **tx, id)
                .await?
                .ok_or_else(|| Refusal::internal("a collective is gone"))?;
            let shown = collective::view(&row)?;
            let fact = MembersRecorded {
                collective: id,
                members: shown.members,
                voters: shown.voters,
                households: shown.households,
                digest: register.digest(&salt),
            };
            log::append(tx, &[log::entry(&ctx, format!("collective:{id}"), &region, "", fact)]).await?;

            let elsewhere = store::member::elsewhere(&mut **tx, id, &region, &columns.lookups).await?;
            let findings: Vec<_> = elsewhere
                .iter()
                .map(|(lookup, name)| register::elsewhere(fields.get(lookup).copied().unwrap_or_default(), name))
                .collect();
            let stayed = columns.lookups.iter().filter(|lookup| before.contains(*lookup)).count();
            let count = |count: usize| u32::try_from(count).map_err(Refusal::internal);
            Ok(MembersImported {
                collective: Some(shown),
                joined: count(columns.lookups.len() - stayed)?,
                left: count(before.len() - stayed)?,
                findings: form::as_json(&findings),
            })
        })
    })
    .await
}

/// Present members by household, masked.
///
/// # Errors
/// Forbidden to all but the collective's clerk and chair and supervisors.
pub async fn list(registry: &Registry, ctx: &Context, request: ListMembersRequest) -> Result<MemberPage, Refusal> {
    ctx.signed_in()?;
    let collective = collective::find(registry, &request.collective_id).await?;
    ctx.require(&[Role::Clerk, Role::Chair, Role::Supervisor], &collective.region)?;
    let cursor = request.cursor.as_deref().map(|cursor| form::id("cursor", cursor)).transpose()?;
    let limit = form::limit(request.limit, 50, 200);
    let rows = store::member::list(&registry.pool, CollectiveId(collective.id), cursor, limit + 1).await?;
    let (rows, next_cursor) = form::page(rows, limit, |row| row.id.to_string());
    let items = rows.into_iter().map(|row| {
        let profile = registry.safe.open_member(MemberId(row.id), &row.profile)?;
        Ok::<_, Refusal>(Member {
            id: row.id.to_string(),
            household_id: row.household_id.to_string(),
            household_number: row.household_number,
            name: person::masked_person(&profile.name),
            identity_number: person::masked_identity(PartyKind::NaturalPerson, &profile.identity_number),
            relation: row.relation,
            votes: row.votes,
        })
    });
    Ok(MemberPage { items: items.collect::<Result<_, _>>()?, next_cursor })
}
