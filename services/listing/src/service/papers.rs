//! Evidence files and the collective's decision.

use super::{authorised, draft, refused_one};
use crate::{
    Deps, check, convert,
    store::{
        self,
        papers::{self, RecordedDecision},
    },
    view::{self, STAFF},
};
use sanbian_domain::{
    decision::{Body, Decision, Mandates, Matter, Outside},
    fact::DecisionRecorded,
    finding::{Finding, Text},
    ids::{DecisionId, LotId},
    listing,
    lot::Phase,
    role::Role,
};
use sanbian_proto::listing::v1::{
    AttachDocumentRequest, CollectiveDecision, GetDocumentRequest, LotDocument, LotDraft, RecordDecisionRequest,
    RemoveDocumentRequest,
};
use sanbian_runtime::{Context, Refusal, log};
use uuid::Uuid;

const KINDS: [&str; 8] = ["minutes", "title", "valuation", "mandate", "photo", "plan", "contract-draft", "other"];
/// Largest file, in bytes: as the gateway takes them.
const LARGEST: i64 = 20 << 20;
/// Most files of one lot or registration.
pub const FILES: usize = 50;

/// Binds an uploaded file to a draft; to an announced lot only the minutes of a new decision. Clerk or chair of the collective.
pub async fn attach_document(deps: &Deps, ctx: &Context, request: AttachDocumentRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let by = ctx.signed_in()?.account;
    let given = request.document.clone().ok_or_else(|| Refusal::malformed("document", "missing"))?;
    let document = document(&given)?;
    let (context, id) = (ctx.clone(), lot.id);
    let changed = sanbian_runtime::act(ctx, &deps.pool, "attach-document", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            if document.kind == "minutes" && !document.public {
                listing::draft::decidable(&lot.life).map_err(refused_one)?;
            } else {
                listing::draft::editable(&lot.life).map_err(refused_one)?;
            }
            let bound = papers::documents(&mut **tx, id).await?;
            if bound.len() >= FILES && !bound.iter().any(|bound| bound.digest == document.digest) {
                return Err(too_many().into());
            }
            papers::attach(tx, id, &document, by, context.now).await?;
            draft::touch(&mut lot, &context);
            store::lot::save(tx, &lot).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, changed).await
}

/// Takes a file off a draft. Clerk or chair of the collective.
pub async fn remove_document(deps: &Deps, ctx: &Context, request: RemoveDocumentRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let digest = convert::digest("digest", &request.digest)?;
    let (context, id) = (ctx.clone(), lot.id);
    let changed = sanbian_runtime::act(ctx, &deps.pool, "remove-document", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::editable(&lot.life).map_err(refused_one)?;
            if !papers::remove(tx, id, &digest).await? {
                return Err(no_document());
            }
            draft::touch(&mut lot, &context);
            store::lot::save(tx, &lot).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, changed).await
}

/// The file bound under a digest, if the caller may read it: public ones of an announced lot anyone, a lot's own files its collective,
/// reviewers, the exchange and supervisors, a registration's files its bidder and the exchange, and supervisors once registration has
/// closed. For everybody else it is not there.
pub async fn get_document(deps: &Deps, ctx: &Context, request: GetDocumentRequest) -> Result<LotDocument, Refusal> {
    let id: LotId = convert::read("lot_id", &request.lot_id)?;
    let digest = convert::digest("digest", &request.digest)?;
    let lot = store::lot::find(&deps.pool, id).await?.ok_or_else(no_document)?;
    let holds = |roles: &[Role]| ctx.require(roles, &lot.region).is_ok();
    let closed = !matches!(lot.life.phase, Phase::Announced | Phase::Suspended);
    let caller = ctx.caller.as_deref().map(|caller| caller.account);
    let bound = papers::bound(&deps.pool, id, &digest).await?;
    let readable = bound.into_iter().find(|bound| match bound.registrant {
        None => (lot.is_public() && bound.document.public) || holds(&draft::READERS),
        Some(bidder) => caller == Some(bidder) || holds(&[Role::Operator]) || (closed && holds(&[Role::Supervisor])),
    });
    readable.map(|bound| bound.document).ok_or_else(no_document)
}

/// Records the collective's decision for a lot; it must carry, and its minutes be bound to the lot. Clerk or chair.
pub async fn record_decision(deps: &Deps, ctx: &Context, request: RecordDecisionRequest) -> Result<LotDraft, Refusal> {
    let lot = authorised(deps, ctx, &STAFF, &request.lot_id).await?;
    let by = ctx.signed_in()?.account;
    let given = request.decision.as_ref().ok_or_else(|| Refusal::malformed("decision", "missing"))?;
    let recorded = RecordedDecision {
        id: DecisionId(Uuid::now_v7()),
        decision: decision(given)?,
        minutes: convert::digest("decision.minutes_digest", &given.minutes_digest)?,
        outside_allowed: given.outside_allowed,
    };
    let assembly = given.assembly.clone();
    let book = super::rulebook(&deps.pool, deps, &lot).await?;
    let (context, id) = (ctx.clone(), lot.id);
    let changed = sanbian_runtime::act(ctx, &deps.pool, "record-decision", &request, move |tx| {
        Box::pin(async move {
            let mut lot = store::lot::lock(tx, id).await?;
            listing::draft::decidable(&lot.life).map_err(refused_one)?;
            let documents = papers::documents(&mut **tx, id).await?;
            let mut found = check::decision(&recorded, &documents, &lot, &book, context.now);
            // Whom the notice lets in may still be written; submission looks at it.
            found.retain(|finding| finding.refuses() && finding.rule != "decision.outside");
            if !found.is_empty() {
                return Err(Refusal::rule(found));
            }
            papers::record_decision(tx, id, &recorded, by, context.now).await?;
            draft::touch(&mut lot, &context);
            store::lot::save(tx, &lot).await?;
            let vote = &recorded.decision;
            let fact = DecisionRecorded {
                decision: recorded.id,
                lot: id,
                assembly,
                eligible: vote.eligible,
                present: vote.present,
                in_favour: vote.in_favour,
                against: vote.against,
                held_on: vote.held_on,
                minutes: recorded.minutes.clone(),
            };
            let label = &book.version.version;
            log::append(tx, &[log::entry(&context, lot.subject(), &lot.region, label, fact)]).await?;
            view::draft(tx, &context, &lot).await
        })
    })
    .await?;
    draft::checked(deps, ctx, changed).await
}

/// A file as it came, its words checked.
pub fn document(given: &LotDocument) -> Result<LotDocument, Refusal> {
    if !KINDS.contains(&given.kind.as_str()) {
        return Err(Refusal::malformed("document.kind", KINDS.join(", ")));
    }
    let name = convert::said("document.name", &given.name)?;
    if name.chars().count() > 200 || name.contains(['\n', '\t', '/', '\\']) {
        return Err(Refusal::malformed("document.name", "at most 200 characters, on one line, without slashes"));
    }
    let media_type = convert::said("document.media_type", &given.media_type)?;
    if media_type.len() > 100 || !media_type.is_ascii() {
        return Err(Refusal::malformed("document.media_type", "at most 100 ASCII characters"));
    }
    if !(1..=LARGEST).contains(&given.size) {
        return Err(Refusal::malformed("document.size", format!("1 to {LARGEST} bytes")));
    }
    Ok(LotDocument { digest: convert::digest("document.digest", &given.digest)?, name, media_type, ..given.clone() })
}

fn decision(given: &CollectiveDecision) -> Result<Decision, Refusal> {
    let body = match given.assembly.as_str() {
        "assembly" => Body::Assembly,
        "representatives" => Body::Representatives,
        _ => return Err(Refusal::malformed("decision.assembly", "assembly, representatives")),
    };
    let matter = |name: &String| {
        serde_json::from_value::<Matter>(name.as_str().into())
            .map_err(|error| Refusal::malformed("decision.matters", error))
    };
    let outside = [given.township_approved, given.credit_checked, given.capacity_checked];
    let day = |field: &str, day: &str| convert::day(field, day);
    let party = given.party_discussed_on.as_deref();
    Ok(Decision {
        body,
        eligible: given.eligible,
        present: given.present,
        in_favour: given.in_favour,
        against: given.against,
        abstained: given.abstained,
        noticed_on: day("decision.notice_on", &given.notice_on)?,
        held_on: day("decision.held_on", &given.held_on)?,
        matters: given.matters.iter().map(matter).collect::<Result<_, _>>()?,
        party_discussed_on: party.map(|on| day("decision.party_discussed_on", on)).transpose()?,
        households: given.households,
        mandates: given
            .mandate_households
            .map(|households| Mandates { households, given: given.mandates_given.unwrap_or(0) }),
        // What is not said stays open; the exchange's own steps then stand for it.
        outside: outside.iter().any(Option::is_some).then(|| Outside {
            township_approved: given.township_approved.unwrap_or(false),
            credit_checked: given.credit_checked.unwrap_or(true),
            capacity_checked: given.capacity_checked.unwrap_or(true),
        }),
    })
}

fn no_document() -> Refusal {
    Refusal::not_found("附件", "document")
}

/// The refusal of one file too many.
pub fn too_many() -> Finding {
    Finding::refusal(
        "document.count",
        "平台规则：附件数量上限 (platform rule: number of evidence files)",
        Text::new("附件数量已达上限。", "There are as many files as there may be."),
        Text::new("请合并文件后上传。", "Put several into one."),
    )
    .with_fact("most", FILES)
}
