//! Rent in grain (实物计租): which grain, and by which price it turns into money.

use super::draft::Draft;
use super::number::{figure, norm};
use super::say::warn;
use crate::price::{GrainPricing, GrainRent, PriceBasis};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([0-9]+(?:\.[0-9]+)?)\s*元\s*(?:/|每)\s*(市?斤|公斤|千克|kg)").expect("a fixed pattern")
});

/// Grains looked for in the words where the unit names none.
const GRAINS: [&str; 12] =
    ["稻谷", "籼稻", "粳稻", "干谷", "黄谷", "大米", "小麦", "玉米", "大豆", "高粱", "原粮", "粮食"];

/// Puts a rent of `jin` on `basis` into the notice.
pub(super) fn read(draft: &mut Draft<'_>, grain: &str, jin: Decimal, basis: PriceBasis) {
    let words = ["reserve_unit", "reserve_price", "special_conditions", "payment_terms", "escalator", "category_text"]
        .map(|column| norm(draft.get(column)))
        .join(";");
    let grain = if grain.is_empty() {
        GRAINS.iter().find(|name| words.contains(**name)).copied().unwrap_or_default()
    } else {
        grain
    };
    if grain.is_empty() {
        draft.say(warn(
            "price.grain-kind",
            "price.grain",
            "实物计租没有写明粮食品种",
            "the notice does not say which grain",
        ));
    }
    let pricing = pricing(&words);
    let rent = GrainRent { grain: grain.to_owned(), jin: jin.normalize(), basis, pricing, step: None };
    draft.notice.price.reserve = rent.unit_price();
    if rent.fen_per_jin().is_none() {
        draft.say(warn(
            "price.grain-reference",
            "price.grain",
            "实物计租没有公布折算单价,公告前须写明",
            "grain rent without a published price: state one before the announcement",
        ));
    }
    draft.notice.price.grain = Some(rent);
}

fn pricing(words: &str) -> GrainPricing {
    let fen_per_jin = PRICE.captures(words).and_then(|found| {
        let yuan = figure(found.get(1)?.as_str()).ok().filter(|yuan| *yuan > Decimal::ZERO)?;
        let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
        let jin =
            if found.get(2)?.as_str().ends_with('斤') && !found.get(2)?.as_str().starts_with('公') { 1 } else { 2 };
        fen.checked_div(Decimal::from(jin)).map(|fen| fen.normalize())
    });
    let of_year =
        ["当年", "当期", "市场价", "收购价", "保护价", "时价", "当时"].iter().any(|word| words.contains(word));
    match (of_year, fen_per_jin) {
        (true, fen_per_jin) => GrainPricing::PriceOfYear { fen_per_jin },
        (false, Some(fen_per_jin)) => GrainPricing::Reference { fen_per_jin },
        (false, None) => GrainPricing::Unstated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_prices() {
        let reference = |fen: Decimal| GrainPricing::Reference { fen_per_jin: fen };
        assert_eq!(pricing("稻谷按1.3元/斤折算"), reference(Decimal::from(130)));
        assert_eq!(pricing("小麦2.37元/公斤"), reference(Decimal::new(1185, 1)));
        assert_eq!(pricing("按当年国家收购价折算"), GrainPricing::PriceOfYear { fen_per_jin: None });
        assert_eq!(
            pricing("按当年国家收购价,2025年为1.31元/斤"),
            GrainPricing::PriceOfYear { fen_per_jin: Some(Decimal::from(131)) }
        );
        assert_eq!(pricing(""), GrainPricing::Unstated);
    }
}
