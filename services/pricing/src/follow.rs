//! What pricing learns from the log: announced lots, results, failed deals.

use crate::store;
use sanbian_domain::{
    fact::{Entry, Fact, LotAnnounced, ResultPublished},
    notice::Notice,
    term::Term,
};
use sanbian_runtime::{Refusal, Tx, clock, follow::Reader};

pub(crate) struct PricingReader;

impl Reader for PricingReader {
    const NAME: &'static str = "pricing";

    fn wants(&self, kind: &str) -> bool {
        matches!(kind, "lot.announced" | "lot.corrected" | "result.published" | "lot.defaulted")
    }

    async fn apply(&self, tx: &mut Tx, _: u64, entry: &Entry) -> Result<(), Refusal> {
        match &entry.fact {
            Fact::LotAnnounced(fact) => announced(tx, entry, fact).await,
            Fact::LotCorrected(fact) => announced(tx, entry, &fact.announcement).await,
            Fact::ResultPublished(fact) => sold(tx, entry, fact).await,
            Fact::LotDefaulted(fact) => store::fail(tx, fact.lot).await,
            _ => Ok(()),
        }
    }
}

async fn announced(tx: &mut Tx, entry: &Entry, fact: &LotAnnounced) -> Result<(), Refusal> {
    let notice = &fact.notice;
    let months = notice.term.as_ref().and_then(Term::rent_span).map(|span| span.total_months());
    let row = store::LotRow {
        lot: fact.lot,
        number: fact.number.clone(),
        region: entry.region.clone(),
        category: fact.pinned.category.code().to_owned(),
        title: notice.title.clone(),
        mu: notice.mu(),
        term_months: months.map(i32::try_from).transpose().map_err(Refusal::internal)?,
        notice: serde_json::to_string(notice).map_err(Refusal::internal)?,
    };
    store::put_lot(tx, &row).await
}

async fn sold(tx: &mut Tx, entry: &Entry, fact: &ResultPublished) -> Result<(), Refusal> {
    let Some(notice) = store::notice(tx, fact.lot).await? else { return Ok(()) };
    let notice: Notice = serde_json::from_str(&notice).map_err(Refusal::internal)?;
    // A lot without area or term has no price per mu and year; its total is kept all the same.
    let per_mu_year = notice.total_at(fact.price).ok().and_then(|total| total.mu_year).map(|price| price.amount);
    let qualified = i32::try_from(fact.qualified).map_err(Refusal::internal)?;
    store::put_deal(tx, fact.lot, per_mu_year, fact.total, qualified, clock::day(entry.at)).await
}
