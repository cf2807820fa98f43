//! The basis of a price (计价方式): for how much of the object, and for how much time, an amount of money stands.
//!
//! "800" says nothing; 800 yuan per mu and year, 800 yuan a year for the whole object and 800 yuan for the whole term are
//! three prices. The basis therefore travels with every amount ([`super::UnitPrice`]) and amounts of different bases can't be
//! compared without [`super::convert`].

use super::quantity::Unit;
use crate::finding::Text;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// For how much of the object a price stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// The whole object (整体).
    Whole,
    /// Each mu (每亩).
    Mu,
    /// Each square metre (每平方米).
    SquareMetre,
    /// Each hectare (每公顷).
    Hectare,
    /// Each cubic metre (每立方米).
    CubicMetre,
    /// Each counted thing, whatever the lot's quantity counts (每个、每座、每株 …).
    Unit,
    /// Each mu, the rent being grain at a reference price (实物计租; the grain stands in [`super::GrainRent`]).
    GrainMu,
}

/// For how much time a price stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Every {
    /// The whole term, or once and for all (整个期限、一次性).
    Term,
    /// Each year (每年).
    Year,
    /// The first year, later years following the escalator (首年).
    FirstYear,
    /// Each half-year (每半年).
    HalfYear,
    /// Each quarter (每季度).
    Quarter,
    /// Each month (每月).
    Month,
    /// Each day (每天); a year has [`crate::term::DAYS_PER_YEAR`] of them.
    Day,
}

impl Every {
    /// How many of it make a year; none for the whole term.
    pub const fn per_year(self) -> Option<u32> {
        match self {
            Self::Term => None,
            Self::Year | Self::FirstYear => Some(1),
            Self::HalfYear => Some(2),
            Self::Quarter => Some(4),
            Self::Month => Some(12),
            Self::Day => Some(crate::term::DAYS_PER_YEAR),
        }
    }
}

/// The basis of a price. In JSON a code: `mu-year`, `square-metre-month`, `whole-term`, `whole-first-year` …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceBasis {
    /// For how much of the object.
    pub per: Per,
    /// For how much time.
    pub every: Every,
}

impl PriceBasis {
    /// Yuan per mu and year (元/亩/年).
    pub const MU_YEAR: Self = Self { per: Per::Mu, every: Every::Year };
    /// Yuan per mu for the whole term (元/亩, 整个期限).
    pub const MU_TERM: Self = Self { per: Per::Mu, every: Every::Term };
    /// Yuan per square metre and month (元/平方米/月).
    pub const SQUARE_METRE_MONTH: Self = Self { per: Per::SquareMetre, every: Every::Month };
    /// Yuan per square metre and year (元/平方米/年).
    pub const SQUARE_METRE_YEAR: Self = Self { per: Per::SquareMetre, every: Every::Year };
    /// Yuan a year for the whole object (元/年).
    pub const YEAR: Self = Self { per: Per::Whole, every: Every::Year };
    /// Yuan for the first year for the whole object (元(首年)).
    pub const FIRST_YEAR: Self = Self { per: Per::Whole, every: Every::FirstYear };
    /// Yuan for the whole object and the whole term (元(总价)).
    pub const TOTAL: Self = Self { per: Per::Whole, every: Every::Term };
    /// Yuan per counted thing, once (元/个).
    pub const UNIT: Self = Self { per: Per::Unit, every: Every::Term };
    /// Yuan per counted thing and year (元/个/年).
    pub const UNIT_YEAR: Self = Self { per: Per::Unit, every: Every::Year };
    /// Yuan per cubic metre (元/立方米).
    pub const CUBIC_METRE: Self = Self { per: Per::CubicMetre, every: Every::Term };
    /// Grain per mu and year at a reference price (斤/亩/年).
    pub const GRAIN_MU_YEAR: Self = Self { per: Per::GrainMu, every: Every::Year };

    /// Whether the price needs a quantity before a total can be told.
    pub const fn needs_quantity(self) -> bool {
        !matches!(self.per, Per::Whole)
    }

    /// Whether the price needs a term before a total can be told.
    pub const fn needs_term(self) -> bool {
        !matches!(self.every, Every::Term)
    }

    /// Whether a quantity counted in `unit` can be multiplied with this price.
    pub fn measures(self, unit: &Unit) -> bool {
        match self.per {
            Per::Whole => true,
            Per::Mu | Per::SquareMetre | Per::Hectare | Per::GrainMu => unit.mu().is_some(),
            Per::CubicMetre => matches!(unit, Unit::CubicMetre | Unit::CubicMetreYear),
            Per::Unit => matches!(unit, Unit::Count(_)),
        }
    }

    /// The basis in words, such as “元/亩/年”; `unit` is the measure word behind [`Per::Unit`].
    pub fn text(self, unit: Option<&Unit>) -> Text {
        let counted = unit.map_or("个", Unit::zh);
        let (per_zh, per_en) = match self.per {
            Per::Whole => (String::new(), ""),
            Per::Mu => ("/亩".into(), " per mu"),
            Per::GrainMu => ("/亩(实物计租折价)".into(), " per mu (grain at the reference price)"),
            Per::SquareMetre => ("/平方米".into(), " per square metre"),
            Per::Hectare => ("/公顷".into(), " per hectare"),
            Per::CubicMetre => ("/立方米".into(), " per cubic metre"),
            Per::Unit => (format!("/{counted}"), " per unit"),
        };
        let (every_zh, every_en) = match self.every {
            Every::Term if self.per == Per::Whole => ("(总价)", " in all"),
            Every::Term => ("(整个期限)", " for the whole term"),
            Every::Year => ("/年", " a year"),
            Every::FirstYear => ("(首年)", " for the first year"),
            Every::HalfYear => ("/半年", " a half-year"),
            Every::Quarter => ("/季度", " a quarter"),
            Every::Month => ("/月", " a month"),
            Every::Day => ("/天", " a day"),
        };
        Text::new(format!("元{per_zh}{every_zh}"), format!("yuan{per_en}{every_en}"))
    }
}

const PER: [(Per, &str); 7] = [
    (Per::Whole, "whole"),
    (Per::Mu, "mu"),
    (Per::SquareMetre, "square-metre"),
    (Per::Hectare, "hectare"),
    (Per::CubicMetre, "cubic-metre"),
    (Per::Unit, "unit"),
    (Per::GrainMu, "grain-mu"),
];
const EVERY: [(Every, &str); 7] = [
    (Every::Term, "-term"),
    (Every::FirstYear, "-first-year"),
    (Every::HalfYear, "-half-year"),
    (Every::Year, "-year"),
    (Every::Quarter, "-quarter"),
    (Every::Month, "-month"),
    (Every::Day, "-day"),
];

impl fmt::Display for PriceBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (per, code) in PER {
            if per == self.per {
                f.write_str(code)?;
            }
        }
        for (every, code) in EVERY {
            if every == self.every {
                f.write_str(code)?;
            }
        }
        Ok(())
    }
}

/// A text that is no basis of a price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a price basis: {0}")]
pub struct BasisError(pub String);

impl FromStr for PriceBasis {
    type Err = BasisError;
    fn from_str(text: &str) -> Result<Self, BasisError> {
        for (every, suffix) in EVERY {
            // Longer suffixes stand first in the table, so that `-first-year` is not read as `-year`.
            if let Some(head) = text.strip_suffix(suffix)
                && let Some((per, _)) = PER.into_iter().find(|(_, code)| *code == head)
            {
                return Ok(Self { per, every });
            }
        }
        Err(BasisError(text.to_owned()))
    }
}

impl Serialize for PriceBasis {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PriceBasis {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_basis_reads_back_as_itself() {
        let mut codes = std::collections::BTreeSet::new();
        for (per, _) in PER {
            for (every, _) in EVERY {
                let basis = PriceBasis { per, every };
                assert_eq!(basis.to_string().parse::<PriceBasis>().as_ref(), Ok(&basis));
                assert!(codes.insert(basis.to_string()), "{basis} stands twice");
            }
        }
        assert_eq!(PriceBasis::MU_YEAR.to_string(), "mu-year");
        assert_eq!(PriceBasis::FIRST_YEAR.to_string(), "whole-first-year");
        assert!("元/亩/年".parse::<PriceBasis>().is_err());
    }

    #[test]
    fn a_basis_only_measures_its_own_units() {
        assert!(PriceBasis::MU_YEAR.measures(&Unit::SquareMetre));
        assert!(!PriceBasis::MU_YEAR.measures(&Unit::Count("座".into())));
        assert!(PriceBasis::TOTAL.measures(&Unit::Count("台".into())));
        assert!(!PriceBasis::UNIT_YEAR.measures(&Unit::Mu));
    }
}
