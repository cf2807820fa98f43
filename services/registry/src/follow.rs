//! What is heard from the log: which announced lots offer which assets.

use crate::store;
use sanbian_domain::fact::{Entry, Fact};
use sanbian_runtime::{Refusal, Tx, follow::Reader};

/// Keeps `registry.offered`.
pub struct Offers;

impl Reader for Offers {
    const NAME: &'static str = "registry-offers";

    fn wants(&self, kind: &str) -> bool {
        matches!(
            kind,
            "lot.announced"
                | "lot.corrected"
                | "lot.terminated"
                | "lot.unsold"
                | "lot.defaulted"
                | "certificate.issued"
        )
    }

    async fn apply(&self, tx: &mut Tx, _index: u64, entry: &Entry) -> Result<(), Refusal> {
        let announced = match &entry.fact {
            Fact::LotAnnounced(lot) => lot,
            Fact::LotCorrected(lot) => &lot.announcement,
            Fact::LotTerminated(lot) => return Ok(store::asset::withdraw_offer(&mut **tx, lot.lot).await?),
            Fact::LotUnsold(lot) => return Ok(store::asset::withdraw_offer(&mut **tx, lot.lot).await?),
            Fact::LotDefaulted(lot) => return Ok(store::asset::withdraw_offer(&mut **tx, lot.lot).await?),
            // From here on the recorded right stands for the lot.
            Fact::CertificateIssued(certificate) => {
                return Ok(store::asset::withdraw_offer(&mut **tx, certificate.lot).await?);
            }
            _ => return Ok(()),
        };
        let assets: Vec<_> = announced.assets.iter().map(|asset| asset.0).collect();
        Ok(store::asset::offer(tx, announced.lot, &assets).await?)
    }
}
