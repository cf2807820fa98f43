//! How large a lot is, for thresholds of venue and review (限额).

use super::Rulebook;
use super::values::Threshold;
use crate::money::Money;
use crate::notice::Notice;

impl Rulebook {
    /// Whether the lot belongs to the county's exchange; below, to the township's (进场级别).
    pub fn belongs_to_county(&self, notice: &Notice) -> bool {
        reached(&self.rules.county_venue.value, notice)
    }

    /// Whether the county department reviews beside the township (县级审核).
    pub fn needs_county_review(&self, notice: &Notice) -> bool {
        reached(&self.rules.county_review.value, notice)
    }
}

fn reached(threshold: &Threshold, notice: &Notice) -> bool {
    let area = threshold.mu.zip(notice.mu()).is_some_and(|(from, mu)| mu >= from);
    // Where later years can't be told yet, the first year is the least the lot comes to.
    let value: Option<Money> = notice.total().map(|total| total.total).or_else(|_| notice.first_year()).ok();
    area || threshold.total.zip(value).is_some_and(|(from, value)| value >= from)
}
