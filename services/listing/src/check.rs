//! What the rules and the registry say of a draft, now.

use crate::{
    Deps, convert,
    store::{lot::Lot, papers::RecordedDecision},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;
use sanbian_domain::{
    finding::{Finding, Text},
    ids::{AssetId, CollectiveId, LotId},
    listing::{
        self,
        dates::{self, Wish},
    },
    money::Money,
    notice::Notice,
    region::RegionCode,
    rights::Category,
    rulebook::{CheckContext, ComparableMedian, DecisionStanding, Relisted, Rulebook, check_draft},
    term::Term,
    transfer::right_kind,
};
use sanbian_proto::{
    listing::v1::{DraftFindings, LotDocument},
    pricing::v1::ComparablesRequest,
    registry::v1::{Asset, AssetTransferableRequest},
};
use sanbian_runtime::{Refusal, clock};

/// A draft to be checked.
pub struct Subject<'a> {
    /// Who offers.
    pub collective: CollectiveId,
    /// Where it is.
    pub region: &'a str,
    /// What is offered.
    pub assets: &'a [AssetId],
    /// The terms.
    pub notice: &'a Notice,
    /// The lot, where there is one yet.
    pub lot: Option<LotId>,
    /// How the collective's decision stands.
    pub decision: DecisionStanding,
    /// The earlier offer, for a relisting.
    pub relisted: Option<Relisted>,
}

/// What was found.
pub struct Checked {
    /// Everything found, the notice's own first.
    pub findings: Vec<Finding>,
    /// The rules that judged.
    pub book: Rulebook,
}

impl Checked {
    /// Adds what others found, but for rules that have spoken already: one remark about one thing.
    pub fn add(&mut self, found: Vec<Finding>) {
        let spoken: Vec<String> = self.findings.iter().map(|finding| finding.rule.clone()).collect();
        self.findings.extend(found.into_iter().filter(|finding| !spoken.contains(&finding.rule)));
    }

    /// As the API shows it.
    pub fn document(&self, notice: &Notice) -> DraftFindings {
        let total = notice.total().ok();
        DraftFindings {
            findings: convert::findings(&self.findings),
            rulebook: self.book.version.version.clone(),
            reserve_total_fen: total.as_ref().map(|total| total.total.fen()),
            first_year_fen: notice.first_year().ok().or(total.as_ref().map(|total| total.first_year)).map(|m| m.fen()),
            per_mu_year_fen: total.and_then(|total| total.mu_year).map(|price| price.amount.fen()),
        }
    }
}

/// The rules of a category in a region; without a category those of none in particular, which then find it missing.
pub fn rulebook(deps: &Deps, region: &str, notice: &Notice) -> Result<Rulebook, Refusal> {
    Ok(deps.rulebooks.rulebook(self::region(region)?, notice.category.unwrap_or(Category::Other))?)
}

/// Checks a draft against the rules of `book` and against the registry.
pub async fn check(deps: &Deps, subject: Subject<'_>, book: Rulebook, now: DateTime<Utc>) -> Result<Checked, Refusal> {
    let today = clock::day(now);
    let (standing, assets) = standing(deps, &subject, today).await?;
    let context = CheckContext {
        today,
        calendar: sanbian_runtime::calendar(),
        decision: subject.decision,
        title_term_end: title_end(&assets)?,
        bars: &[],
        measured_mu: measured(&assets)?,
        comparables: comparables(deps, &subject).await,
        relisted: subject.relisted,
    };
    let categories = categories(&assets)?;
    let findings = check_draft(subject.notice, &book, &context);
    let mut checked = Checked { findings, book };
    checked.add(standing);
    let place = region(subject.region)?;
    checked.add(listing::draft::about(subject.notice, &categories, place));
    let runnable = runnable(subject.notice, &checked.book, now);
    checked.add(runnable);
    Ok(checked)
}

/// What like deals brought, where the draft says enough to be compared. A check goes on without: pricing only ever remarks.
async fn comparables(deps: &Deps, subject: &Subject<'_>) -> Option<ComparableMedian> {
    let notice = subject.notice;
    notice.total().ok()?.mu_year?;
    let request = ComparablesRequest {
        category: notice.category?.code().to_owned(),
        region: subject.region.to_owned(),
        mu: notice.mu().map(|mu| mu.normalize().to_string()),
        term_months: notice.term.as_ref().and_then(Term::rent_span).map(|span| span.total_months()),
        per_mu_year_fen: None,
        lot_id: subject.lot.map(|lot| lot.to_string()),
    };
    let deals = deps.peers.pricing_as_service().comparables(request).await;
    let deals =
        deals.inspect_err(|error| tracing::warn!(%error, "a draft is checked without comparable deals")).ok()?;
    let deals = deals.into_inner();
    Some(ComparableMedian { count: deals.count, mu_year: Money::from_fen(deals.median_fen?) })
}

/// What stands in the way of running the lot here, on the dates it would have if it were announced now.
fn runnable(notice: &Notice, book: &Rulebook, now: DateTime<Utc>) -> Vec<Finding> {
    match dates::plan(notice, &book.rules, sanbian_runtime::calendar(), now, Wish::default()) {
        // What is not written yet is found missing by the rules already.
        Ok(plan) => {
            let found = listing::runnable::check(notice, &plan.schedule, book);
            found.into_iter().filter(|finding| finding.rule != "auction.terms.complete").collect()
        }
        Err(findings) => findings.into_iter().filter(|finding| finding.rule != "deposit.unknown").collect(),
    }
}

/// What the rules say of the decision a lot rests on: whether it carries, is about this lot, and has its minutes among the evidence.
pub fn decision(
    recorded: &RecordedDecision,
    documents: &[LotDocument],
    lot: &Lot,
    book: &Rulebook,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let completed = listing::vote::completed(&recorded.decision, recorded.outside_allowed, &book.rules);
    let mut found = sanbian_domain::decision::check(&completed, &book.rules.decision.value, clock::day(now));
    let relisting = lot.life.before.is_some();
    found.extend(listing::vote::fits(&recorded.decision, recorded.outside_allowed, &lot.notice, relisting));
    if !documents.iter().any(|document| document.digest == recorded.minutes) {
        found.push(
            Finding::refusal(
                "decision.minutes",
                "农村集体经济组织法 第二十七条",
                Text::new("会议记录不在附件中", "the minutes are not among the evidence"),
                Text::new("请上传会议记录", "Upload the minutes"),
            )
            .at("decision.minutes_digest"),
        );
    }
    found
}

/// What the registry says against transferring the assets for the notice's term. Without assets there is nothing to ask.
async fn standing(deps: &Deps, subject: &Subject<'_>, today: NaiveDate) -> Result<(Vec<Finding>, Vec<Asset>), Refusal> {
    if subject.assets.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (from, until) = days(subject.notice.term.as_ref(), today);
    let request = AssetTransferableRequest {
        asset_ids: subject.assets.iter().map(ToString::to_string).collect(),
        from_on: Some(from.to_string()),
        until_on: until.map(|day| day.to_string()),
        kind: Some(right_kind(subject.notice.category, subject.notice.mode).to_owned()),
        lot_id: subject.lot.map(|lot| lot.to_string()),
        collective_id: Some(subject.collective.to_string()),
    };
    let answer = deps.peers.registry_as_service().asset_transferable(request).await?.into_inner();
    Ok((convert::findings_of(&answer.findings)?, answer.assets))
}

/// The assets' categories.
fn categories(assets: &[Asset]) -> Result<Vec<Category>, Refusal> {
    let described = assets.iter().filter_map(|asset| asset.description.as_ref());
    described.map(|description| description.category.parse().map_err(Refusal::internal)).collect()
}

fn region(code: &str) -> Result<RegionCode, Refusal> {
    code.parse().map_err(|finding: Finding| Refusal::from(finding))
}

/// First day of the term and the day after its last, as far as they can be told today.
fn days(term: Option<&Term>, today: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
    let from = match term {
        Some(Term::Fixed { from, .. }) => *from,
        _ => today,
    };
    let until = term.and_then(|term| term.end(today)).and_then(|last| last.checked_add_days(Days::new(1)));
    // A term that is over before it begins is found by the rules; the registry is then asked about the first day alone.
    (from, until.filter(|until| *until > from))
}

/// The earliest end of the assets' titles.
fn title_end(assets: &[Asset]) -> Result<Option<NaiveDate>, Refusal> {
    let described = assets.iter().filter_map(|asset| asset.description.as_ref());
    let ends = described.filter_map(|description| description.title_until_on.as_deref());
    let ends = ends.map(|end| convert::day("title_until_on", end)).collect::<Result<Vec<_>, _>>()?;
    Ok(ends.into_iter().min())
}

/// The measured area of all assets, in mu; none where one was not measured.
fn measured(assets: &[Asset]) -> Result<Option<Decimal>, Refusal> {
    let mut sum = Decimal::ZERO;
    for asset in assets {
        let Some(mu) = &asset.measured_mu else { return Ok(None) };
        let mu: Decimal = mu.parse().map_err(Refusal::internal)?;
        sum = sum.checked_add(mu).ok_or_else(|| Refusal::internal("areas beyond what a decimal holds"))?;
    }
    Ok((!assets.is_empty()).then_some(sum))
}
