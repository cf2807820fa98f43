//! Escalators (递增条款): how the rent of later years follows from the first.

use crate::finding::Text;
use crate::money::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One written step of a rent: from `year` on (counted from 1) the rent is higher by `percent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RentStep {
    /// The first year the step counts for, 2 or later.
    pub year: u16,
    /// Per cent on the rent of the year before; negative where it falls.
    pub percent: Decimal,
}

/// How the rent changes over the term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Escalator {
    /// The same rent in all years (不递增).
    None,
    /// By per cent every so many years ("第二年起每年递增2%").
    Percent {
        /// Per cent of each step, such as 2.
        percent: Decimal,
        /// Years from one step to the next.
        every_years: u16,
        /// The first year of the higher rent, counted from 1: 2 for "次年起".
        from_year: u16,
        /// Whether a step is taken on the rent before it (递增, 复利) or on the first year's rent (按首年租金, 单利).
        compounding: bool,
    },
    /// By a fixed amount, in the price's own basis, every so many years ("每三年每亩增加50元").
    Amount {
        /// Amount of each step in the basis of the price.
        amount: Money,
        /// Years from one step to the next.
        every_years: u16,
        /// The first year of the higher rent, counted from 1.
        from_year: u16,
    },
    /// By written steps ("第5年起递增5%,第8年起再递增5%"), compounding.
    Steps {
        /// The steps in rising order of their years.
        steps: Vec<RentStep>,
    },
    /// By what the market gives at the time ("每5年按市值调整一次"): later years can't be told today.
    Renegotiated {
        /// Years from one adjustment to the next, where stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every_years: Option<u16>,
    },
    /// An escalator is announced but its figure is not ("每5年涨一次租金"): to be filled in before announcement.
    Open {
        /// Years from one step to the next, where stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every_years: Option<u16>,
    },
}

impl Escalator {
    /// The last year (from 1) whose rent can be told today; none where all can.
    pub fn known_through(&self) -> Option<u16> {
        match self {
            Self::None | Self::Percent { .. } | Self::Amount { .. } | Self::Steps { .. } => None,
            Self::Renegotiated { every_years } | Self::Open { every_years } => Some(every_years.unwrap_or(1)),
        }
    }

    /// The escalator in words.
    pub fn text(&self) -> Text {
        let every = |years: u16| match years {
            1 => ("每年".to_owned(), "every year".to_owned()),
            years => (format!("每{years}年"), format!("every {years} years")),
        };
        match self {
            Self::None => Text::new("不递增", "no escalation"),
            Self::Percent { percent, every_years, from_year, compounding } => {
                let (zh, en) = every(*every_years);
                let (base_zh, base_en) = if *compounding {
                    ("在上期基础上", "compounding")
                } else {
                    ("按首年租金", "on the first year's rent")
                };
                Text::new(
                    format!("第{from_year}年起{zh}{base_zh}递增{percent}%"),
                    format!("{percent} % {en} from year {from_year}, {base_en}"),
                )
            }
            Self::Amount { amount, every_years, from_year } => {
                let (zh, en) = every(*every_years);
                let yuan = Decimal::new(amount.fen(), 2).normalize();
                Text::new(
                    format!("第{from_year}年起{zh}增加{yuan}元"),
                    format!("{yuan} yuan {en} from year {from_year}"),
                )
            }
            Self::Steps { steps } => {
                let zh: Vec<_> = steps.iter().map(|s| format!("第{}年起递增{}%", s.year, s.percent)).collect();
                let en: Vec<_> = steps.iter().map(|s| format!("{} % from year {}", s.percent, s.year)).collect();
                Text::new(zh.join(","), en.join(", "))
            }
            Self::Renegotiated { every_years } => {
                let (zh, en) = every_years.map_or((String::new(), String::new()), |n| {
                    let (zh, en) = every(n);
                    (zh, format!(" {en}"))
                });
                Text::new(format!("{zh}按市场价调整"), format!("adjusted to the market{en}"))
            }
            Self::Open { every_years } => {
                let (zh, en) = every_years.map_or((String::new(), String::new()), |n| {
                    let (zh, en) = every(n);
                    (zh, format!(" {en}"))
                });
                Text::new(format!("{zh}递增,幅度未写明"), format!("escalates{en} by a rate not stated"))
            }
        }
    }
}
