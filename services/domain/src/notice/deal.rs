//! What a lot comes to at the price it was won at (成交总价).

use super::Notice;
use crate::finding::{Finding, Text};
use crate::money::Money;
use crate::price::{Component, Escalator, Per, Price, Total, UnitPrice, composite_total, convert};

impl Notice {
    /// What the lot comes to over its term at `price`, an amount in fen of the basis offers are made in
    /// ([`Price::offer_basis`](crate::price::Price::offer_basis)).
    ///
    /// # Errors
    /// As [`Notice::total`]; `price.components` where parts of the lot have prices of their own and offers are not made for the
    /// whole; `price.basis-inexact` where an escalator by amounts needs the price in the reserve's basis and it does not come out to
    /// the fen.
    pub fn total_at(&self, price: Money) -> Result<Total, Finding> {
        let Some((reserve, basis)) = self.price.reserve.zip(self.price.offer_basis()) else {
            // Says what is missing.
            return self.total();
        };
        let mut won = UnitPrice::new(price, basis);
        if basis.per != Per::Whole && self.components.iter().any(|component| component.price.is_some()) {
            return Err(parts_priced());
        }
        // An escalator by amounts counts in the reserve's basis: 50 yuan a mu more are not 50 yuan more for the whole.
        if basis != reserve.basis && matches!(self.price.escalator, Some(Escalator::Amount { .. })) {
            let quantity = match self.components.as_slice() {
                [only] => only.quantity.as_ref(),
                _ => None,
            };
            let converted = convert(&won, reserve.basis, quantity, self.term.as_ref())?;
            if !converted.exact {
                return Err(inexact(won, converted.price));
            }
            won = converted.price;
        }
        let components: Vec<Component> =
            self.components.iter().map(|component| Component { price: None, ..component.clone() }).collect();
        composite_total(&components, &Price { reserve: Some(won), ..self.price.clone() }, self.term.as_ref())
    }
}

fn parts_priced() -> Finding {
    Finding::refusal(
        "price.components",
        "计价方式是价格的一部分",
        Text::new(
            "标的各部分单独计价,按单位报价时算不出成交总价",
            "parts of the lot have prices of their own, so an offer per unit has no total",
        ),
        Text::new("改为按总价报价,或者分成几宗", "take offers for the whole, or make it several lots"),
    )
    .at("price.offers_in")
}

fn inexact(won: UnitPrice, nearest: UnitPrice) -> Finding {
    Finding::refusal(
        "price.basis-inexact",
        "计价方式是价格的一部分",
        Text::new(
            "成交价不能精确换算成底价的计价方式,按金额递增的租金算不出",
            "the price can't be had exactly in the reserve's basis, so a rent that rises by amounts can't be told",
        ),
        Text::new("报价与底价采用同一计价方式", "take offers in the reserve's basis"),
    )
    .at("price.offers_in")
    .with_fact("amount-fen", won.amount.fen())
    .with_fact("nearest-fen", nearest.amount.fen())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::{PriceBasis, Quantity, Unit};
    use crate::term::{Span, Start, Term};
    use proptest::prelude::*;

    fn lot(reserve: UnitPrice, escalator: Escalator, offers_in: Option<PriceBasis>) -> Notice {
        Notice {
            components: vec![Component {
                kind: String::new(),
                quantity: Some(Quantity::new("130.72".parse().expect("decimal"), Unit::Mu)),
                price: None,
            }],
            term: Some(Term::Length { span: Span::years(3), start: Start::Signing, at_most: false }),
            price: Price { reserve: Some(reserve), escalator: Some(escalator), offers_in, ..Price::default() },
            ..Notice::default()
        }
    }

    fn mu_year(fen: i64) -> UnitPrice {
        UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR)
    }

    fn by_amount(fen: i64) -> Escalator {
        Escalator::Amount { amount: Money::from_fen(fen), every_years: 1, from_year: 2 }
    }

    #[test]
    fn a_won_price_stands_in_the_basis_of_offers() {
        let notice = lot(mu_year(120_000), Escalator::None, None);
        // 1,260 yuan a mu and year on 130.72 mu for 3 years.
        assert_eq!(notice.total_at(Money::from_fen(126_000)).expect("computes").total, Money::from_fen(49_412_160));
        let whole = lot(mu_year(120_000), Escalator::None, Some(PriceBasis::TOTAL));
        assert_eq!(whole.total_at(Money::from_fen(50_000_000)).expect("computes").total, Money::from_fen(50_000_000));
    }

    #[test]
    fn an_amount_of_an_escalator_keeps_its_basis() {
        let notice = lot(mu_year(120_000), by_amount(5_000), Some(PriceBasis::FIRST_YEAR));
        // The first year of 1,200 yuan a mu: 130.72 × 1,200; then 50 yuan a mu more each year.
        let reserve = Money::from_fen(15_686_400);
        assert_eq!(notice.total_at(reserve).expect("computes").total, notice.total().expect("computes").total);
        assert_eq!(notice.total_at(Money::from_fen(15_686_401)).expect_err("no fen a mu").rule, "price.basis-inexact");
    }

    #[test]
    fn parts_with_prices_of_their_own_are_offered_for_as_a_whole() {
        let mut notice = lot(mu_year(120_000), Escalator::None, None);
        notice.components[0].price = Some(mu_year(90_000));
        assert_eq!(notice.total_at(Money::from_fen(126_000)).expect_err("no total").rule, "price.components");
        notice.price.offers_in = Some(PriceBasis::TOTAL);
        assert_eq!(notice.total_at(Money::from_fen(7)).expect("computes").total, Money::from_fen(7));
    }

    proptest! {
        /// At the reserve, in whatever basis offers are made, the lot comes to what its notice says.
        #[test]
        fn at_the_reserve_nothing_changes(fen in 1_i64..10_000_000, rise in 0_i64..1000) {
            for escalator in [Escalator::None, by_amount(rise)] {
                let notice = lot(mu_year(fen), escalator, None);
                prop_assert_eq!(notice.total_at(Money::from_fen(fen)), notice.total());
            }
        }
    }
}
