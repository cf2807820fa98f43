//! What supervision learns from the log: every step of every lot.

use crate::{
    Deps, alerts,
    store::{self, Announced},
};
use sanbian_domain::{
    fact::{Entry, Fact, LotAnnounced},
    ids::LotId,
};
use sanbian_runtime::{Refusal, Tx, follow::Reader};

pub(crate) struct SupervisionReader(pub(crate) Deps);

impl Reader for SupervisionReader {
    const NAME: &'static str = "supervision";

    fn wants(&self, _: &str) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx, index: u64, entry: &Entry) -> Result<(), Refusal> {
        let Some(lot) = entry.fact.lot() else { return Ok(()) };
        let index = i64::try_from(index).map_err(Refusal::internal)?;
        let step = store::step(index, entry.at, entry.fact.kind(), &entry.actor, &entry.rulebook, entry.fact.words());
        store::add_step(tx, lot, &entry.region, &step).await?;
        match &entry.fact {
            Fact::LotDrafted(fact) => store::set_collective(tx, lot, fact.collective.0).await,
            Fact::LotAnnounced(fact) => announced(tx, lot, fact).await,
            Fact::LotCorrected(fact) => announced(tx, lot, &fact.announcement).await,
            Fact::RegistrationClosed(fact) => {
                store::set_qualified(tx, lot, i32::try_from(fact.qualified).map_err(Refusal::internal)?).await
            }
            Fact::ResultPublished(fact) => {
                store::set_sold(tx, lot).await?;
                if let Some(row) = store::lot(tx, lot).await? {
                    alerts::single_bidder_again(tx, &row, entry.at).await?;
                    alerts::price_far_below(&self.0, tx, &row, fact.price, entry.at).await?;
                }
                Ok(())
            }
            Fact::ContractSigned(fact) if fact.complete => store::set_pay_by(tx, lot, fact.pay_by).await,
            Fact::ContractSettled(_) => store::set_settled(tx, lot).await,
            // A failed deal owes nothing more by its contract's date.
            Fact::LotDefaulted(_) => store::set_pay_by(tx, lot, None).await,
            _ => Ok(()),
        }
    }
}

async fn announced(tx: &mut Tx, lot: LotId, fact: &LotAnnounced) -> Result<(), Refusal> {
    store::set_collective(tx, lot, fact.collective.0).await?;
    let notice = serde_json::to_string(&fact.notice).map_err(Refusal::internal)?;
    let row = Announced {
        number: &fact.number,
        title: &fact.notice.title,
        category: fact.pinned.category.code(),
        notice: &notice,
    };
    store::set_announced(tx, lot, &row).await
}
