//! The exchange's fee on a deal (交易服务费): who bears it, who pays none, by the rulebook's brackets.

use super::certificate::PartyKind;
use crate::{
    finding::Finding,
    money::{Money, largest_remainder},
    rights::Holder,
    rulebook::{RuleSet, values::FeePayer},
};
use rust_decimal::Decimal;

/// What each side pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charges {
    /// What the brackets were applied to: the price over the whole term.
    pub base: Money,
    /// What the taker pays, beside the price.
    pub transferee: Money,
    /// What the giver pays, out of the price.
    pub transferor: Money,
}

/// The fee on a deal of `total` between `giver` (as the notice says) and `taker`. Whoever the rulebook exempts pays nothing; the other side
/// pays no more for it.
///
/// # Errors
/// Rule `fee.price`: a negative total.
pub fn charges(rules: &RuleSet, total: Money, giver: Option<Holder>, taker: PartyKind) -> Result<Charges, Finding> {
    let fee = rules.fee.value.fee(total)?;
    let (transferee, transferor) = match rules.fee_payer.value {
        FeePayer::Transferee => (fee, Money::ZERO),
        FeePayer::Transferor => (Money::ZERO, fee),
        FeePayer::Both => {
            let halves = largest_remainder(fee, &[Decimal::ONE, Decimal::ONE])?;
            (halves[0], halves[1])
        }
    };
    let exempt = |holder: Holder| rules.fee_exempt.value.contains(&holder);
    let taker_exempt = match taker {
        PartyKind::Household => exempt(Holder::Household),
        PartyKind::Collective => exempt(Holder::Collective),
        PartyKind::Person | PartyKind::Company | PartyKind::Cooperative | PartyKind::Organisation => false,
    };
    let unless = |exempt: bool, fee: Money| if exempt { Money::ZERO } else { fee };
    Ok(Charges {
        base: total,
        transferee: unless(taker_exempt, transferee),
        transferor: unless(giver.is_some_and(exempt), transferor),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rights::Category, rulebook::Library};

    fn rules(payer: FeePayer) -> RuleSet {
        let region = "520201".parse().expect("a region");
        let mut rules = Library::builtin().rulebook(region, Category::OperatingAsset).expect("built in").rules;
        rules.fee_payer.value = payer;
        rules
    }

    fn fen(payer: FeePayer, giver: Holder, taker: PartyKind) -> (i64, i64) {
        // 15 m yuan: the published check value of 117,500 yuan.
        let total = Money::from_yuan(15_000_000).expect("fits");
        let charges = charges(&rules(payer), total, Some(giver), taker).expect("a price");
        assert_eq!(charges.base, total);
        (charges.transferee.fen(), charges.transferor.fen())
    }

    #[test]
    fn the_fee_falls_on_whom_the_rulebook_names_unless_exempt() {
        const FEE: i64 = 11_750_000;
        let (giver, taker) = (Holder::StateCompany, PartyKind::Company);
        assert_eq!(fen(FeePayer::Transferee, giver, taker), (FEE, 0));
        assert_eq!(fen(FeePayer::Transferor, giver, taker), (0, FEE));
        assert_eq!(fen(FeePayer::Both, giver, taker), (FEE / 2, FEE / 2));
        assert_eq!(fen(FeePayer::Transferee, giver, PartyKind::Household), (0, 0));
        assert_eq!(fen(FeePayer::Transferee, giver, PartyKind::Collective), (0, 0));
        assert_eq!(fen(FeePayer::Transferee, Holder::Collective, PartyKind::Person), (FEE, 0));
        assert_eq!(fen(FeePayer::Transferor, Holder::Collective, taker), (0, 0));
        assert_eq!(fen(FeePayer::Both, Holder::Collective, taker), (FEE / 2, 0), "the other half is no dearer");
    }
}
