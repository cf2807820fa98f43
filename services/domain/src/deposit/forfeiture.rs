//! What becomes of a deposit that was kept: costs first, then the resale's shortfall.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// How a kept deposit is divided; `costs + shortfall + rest` is the deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// To the costs of the auction and the resale.
    pub costs: Money,
    /// To the transferor, for what the resale fell short.
    pub shortfall: Money,
    /// What is left; it stays with the transferor (the deposit is lost), unless the rulebook says otherwise.
    pub rest: Money,
    /// What the deposit did not cover: a claim against the defaulter.
    pub uncovered: Money,
}

/// Divides a kept `deposit` between `costs` and `shortfall`, in this order; negative figures count as none.
pub fn split(deposit: Money, costs: Money, shortfall: Money) -> Split {
    let [deposit, costs, shortfall] = [deposit, costs, shortfall].map(|sum| sum.fen().max(0));
    let to_costs = costs.min(deposit);
    let to_shortfall = shortfall.min(deposit - to_costs);
    let rest = deposit - to_costs - to_shortfall;
    let uncovered = (costs - to_costs).saturating_add(shortfall - to_shortfall);
    let [costs, shortfall, rest, uncovered] = [to_costs, to_shortfall, rest, uncovered].map(Money::from_fen);
    Split { costs, shortfall, rest, uncovered }
}
