//! A cell that holds an amount: one figure, one with its unit, or one for each kind of land.

use super::number::{NoFigure, Written, figure, norm};
use super::unit::{self, PriceUnit};
use regex::Regex;
use std::sync::LazyLock;

/// What a cell of an amount holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// One figure, perhaps with a unit of its own (“450元/亩/年”).
    Single(Written, Option<PriceUnit>),
    /// A figure for each kind (“承包地1100、机动地1000”), all with the same unit.
    Kinds(Vec<(String, Written)>, Option<PriceUnit>),
}

impl Amount {
    /// The figures in order.
    pub(super) fn figures(&self) -> Vec<Written> {
        match self {
            Self::Single(figure, _) => vec![*figure],
            Self::Kinds(kinds, _) => kinds.iter().map(|(_, figure)| *figure).collect(),
        }
    }

    /// The cell's own unit.
    pub(super) fn unit(&self) -> Option<&PriceUnit> {
        match self {
            Self::Single(_, unit) | Self::Kinds(_, unit) => unit.as_ref(),
        }
    }
}

/// Words, a figure, words.
static PART: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([^0-9]*?)([0-9][0-9,]*(?:\.[0-9]+)?)([^0-9]*)$").expect("a fixed pattern"));

/// Reads a cell.
pub(super) fn parse(text: &str) -> Result<Amount, NoFigure> {
    let plain = norm(text);
    match figure(&plain) {
        Ok(value) => return Ok(Amount::Single(Written::new(value), None)),
        Err(NoFigure::Negative) => return Err(NoFigure::Negative),
        Err(NoFigure::Unreadable) => {}
    }
    if let Some(single) = one(&plain) {
        return Ok(single);
    }
    several(&plain, &['、', ';', ',', '和', '及']).or_else(|| several(&plain, &['/'])).ok_or(NoFigure::Unreadable)
}

/// One figure with its unit around it: “450元/亩/年”, “稻谷500斤/亩/年”.
fn one(text: &str) -> Option<Amount> {
    let found = PART.captures(text)?;
    let value = figure(found.get(2)?.as_str()).ok()?;
    let words = format!("{}{}", found.get(1)?.as_str(), found.get(3)?.as_str());
    let unit = unit::parse(&words).ok()?;
    Some(Amount::Single(Written::new(value), Some(unit)))
}

/// A figure for each kind.
fn several(text: &str, separators: &[char]) -> Option<Amount> {
    let mut kinds = Vec::new();
    let mut common: Option<PriceUnit> = None;
    for part in text.split(separators).map(str::trim).filter(|part| !part.is_empty()) {
        let found = PART.captures(part)?;
        let value = figure(found.get(2)?.as_str()).ok()?;
        let (before, after) = (found.get(1)?.as_str().trim_end_matches([':', ' ']), found.get(3)?.as_str());
        // The kind stands before the figure or in brackets behind it; the rest is the unit.
        let (unit_text, bracketed) =
            after.split_once('(').map_or((after, ""), |(unit, kind)| (unit, kind.trim_end_matches(')')));
        let kind = if before.is_empty() { bracketed } else { before };
        if !kind.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
            || kind.chars().count() > 12
            || kind.contains('约')
        {
            return None;
        }
        match unit::parse(unit_text) {
            Ok(unit) if common.as_ref().is_none_or(|common| *common == unit) => common = Some(unit),
            Err(unit::NoUnit::Empty) => {}
            _ => return None,
        }
        kinds.push((kind.to_owned(), Written::new(value)));
    }
    (kinds.len() > 1).then_some(Amount::Kinds(kinds, common))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<(String, String)> {
        match parse(text) {
            Ok(Amount::Kinds(kinds, _)) => kinds.into_iter().map(|(kind, w)| (kind, w.value.to_string())).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn cells_with_one_figure() {
        for (text, value, unit) in [
            ("800", "800", false),
            ("1,200.50", "1200.50", false),
            ("450元/亩/年", "450", true),
            ("60万", "60", true),
            ("¥6000", "6000", true),
            ("稻谷500斤/亩/年", "500", true),
        ] {
            match parse(text) {
                Ok(Amount::Single(figure, own)) => {
                    assert_eq!(figure.value.to_string(), value, "{text}");
                    assert_eq!(own.is_some(), unit, "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn cells_with_a_figure_for_each_kind() {
        assert_eq!(kinds("1100/1000"), pairs(&[("", "1100"), ("", "1000")]));
        assert_eq!(kinds("承包地1100、机动地1000"), pairs(&[("承包地", "1100"), ("机动地", "1000")]));
        assert_eq!(kinds("600元/亩/年(水田);400元/亩/年(旱田)"), pairs(&[("水田", "600"), ("旱田", "400")]));
        assert_eq!(kinds("水田:600元/亩/年,旱田:400元/亩/年"), pairs(&[("水田", "600"), ("旱田", "400")]));
    }

    #[test]
    fn what_is_not_one_amount_is_not_read() {
        for text in [
            "面议",
            "约500",
            "500-600",
            "500~600",
            "不低于500元/亩",
            "见附件",
            "500元/亩/年或总价",
            "水田600元/亩/年,旱田400元/年",
        ] {
            assert_eq!(parse(text), Err(NoFigure::Unreadable), "{text}");
        }
        assert_eq!(parse("-800"), Err(NoFigure::Negative));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
