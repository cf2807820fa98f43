//! Units of prices as notices write them (计价单位): 元/亩/年, 元(首年), 万元, 元/平方米/月, 斤稻谷/亩/年 …
//!
//! A unit is read whole or not at all: outside of brackets every character must be known, inside of them what is not known is a
//! remark. Words such as 未写明 or 不明 make the unit ambiguous, whatever else it says.

mod words;

use super::number::{norm, whole};
use crate::price::{Every, Per};
use rust_decimal::Decimal;
pub(super) use words::COUNTED;
use words::{GRAINS, Token, UNCLEAR, WORDS};

/// What the figure before the unit counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Money; the factor turns it into yuan (万元: 10000).
    Money(Decimal),
    /// Grain; the factor turns it into jin (公斤: 2).
    Grain {
        /// Jin in one of it.
        jin: Decimal,
        /// Which grain; empty where it is not said.
        grain: String,
    },
}

/// A unit, as far as the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PriceUnit {
    /// What is counted; none where the text names no measure (only “/亩/年”).
    pub(super) measure: Option<Measure>,
    /// For how much of the object.
    pub(super) per: Option<Per>,
    /// The measure word behind [`Per::Unit`].
    pub(super) counted: Option<String>,
    /// For how much time.
    pub(super) every: Option<Every>,
    /// Years the price is for in all, where the text says so (“元/3年”, “元(5年总价)”).
    pub(super) years: Option<u32>,
    /// Remarks in brackets that say nothing of the unit.
    pub(super) remarks: Vec<String>,
}

/// Why a text is no unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoUnit {
    /// The text is empty.
    Empty,
    /// The text itself says that it is not clear, or says two things at once.
    Ambiguous,
    /// A part of it is not known.
    Unknown(String),
}

/// Reads a unit.
pub(super) fn parse(text: &str) -> Result<PriceUnit, NoUnit> {
    let text = norm(text).to_lowercase();
    if text.is_empty() {
        return Err(NoUnit::Empty);
    }
    if UNCLEAR.iter().any(|word| text.contains(word)) {
        return Err(NoUnit::Ambiguous);
    }
    let mut unit = PriceUnit::default();
    let mut rest = text.as_str();
    let mut outer = true;
    while !rest.is_empty() {
        let (outside, inside, tail) = bracket(rest);
        let mut parts = outside.split([',', ';']);
        // The unit itself stands first and must be known to its end; what follows a comma or stands in brackets may be a remark.
        if outer {
            unit.read(parts.next().unwrap_or_default())?;
            outer = false;
        }
        for part in parts.chain(inside.split(['、', ',', ';'])) {
            unit.aside(part.trim())?;
        }
        rest = tail;
    }
    Ok(unit)
}

/// Text before the first bracket, inside it, and behind it.
fn bracket(text: &str) -> (&str, &str, &str) {
    let Some((before, rest)) = text.split_once('(') else { return (text, "", "") };
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    (before, inside, after)
}

impl PriceUnit {
    /// Reads a part that may be a remark: it is one unless all of it is known.
    fn aside(&mut self, part: &str) -> Result<(), NoUnit> {
        if part.is_empty() {
            return Ok(());
        }
        let mut alone = Self { measure: self.measure.clone(), ..Self::default() };
        if alone.read(part).is_ok() {
            return self.read(part);
        }
        // “前三年” is no remark: it says that the price is not the same in all years.
        if part.contains('年') && ['前', '后', '第'].iter().any(|word| part.contains(*word)) {
            return Err(NoUnit::Ambiguous);
        }
        self.remarks.push(part.to_owned());
        Ok(())
    }

    /// Reads one stretch of text to its end.
    fn read(&mut self, text: &str) -> Result<(), NoUnit> {
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            if matches!(first, '/' | '每' | '·' | '.' | '、' | ',' | ':' | '-' | '*' | ' ' | '¥' | '￥') {
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            } else if let Some(tail) = self.years_of(rest)? {
                rest = tail;
            } else if let Some(tail) = self.word(rest)? {
                rest = tail;
            } else {
                return Err(NoUnit::Unknown(rest.to_owned()));
            }
        }
        Ok(())
    }

    /// “3年” inside a unit: the years a total is for. One year is simply a year.
    fn years_of<'a>(&mut self, text: &'a str) -> Result<Option<&'a str>, NoUnit> {
        const NUMERALS: &str = "0123456789一二两三四五六七八九十";
        let end = text.find(|c| !NUMERALS.contains(c)).unwrap_or(text.len());
        let (number, tail) = text.split_at(end);
        // A calendar year (2026年) is no number of years.
        let years = whole(number).filter(|years| *years <= 99);
        let (Some(years), Some(tail)) = (years, tail.strip_prefix('年')) else {
            // “1亩” is a mu; any other number has no place in a unit.
            return Ok((number == "1").then_some(tail));
        };
        if years == 1 {
            self.set_every(Every::Year)?;
        } else {
            self.years = Some(years);
            self.set_every(Every::Term)?;
        }
        Ok(Some(tail))
    }

    fn word<'a>(&mut self, text: &'a str) -> Result<Option<&'a str>, NoUnit> {
        let grain_tail = GRAINS.iter().find_map(|grain| Some((*grain, text.strip_prefix(grain)?)));
        if let (Some(Measure::Grain { grain, .. }), Some((name, tail))) = (&mut self.measure, grain_tail) {
            name.clone_into(grain);
            return Ok(Some(tail));
        }
        // A grain may stand before its measure: 稻谷500斤.
        if let (None, Some((name, tail))) = (&self.measure, grain_tail) {
            self.measure = Some(Measure::Grain { jin: Decimal::ZERO, grain: name.to_owned() });
            return Ok(Some(tail));
        }
        for (word, token) in &WORDS {
            let Some(tail) = text.strip_prefix(word) else { continue };
            match token {
                Token::Skip => {}
                Token::Per(per) => self.set_per(*per)?,
                Token::Every(every) => self.set_every(*every)?,
                Token::Money(factor, scale) if self.measure.is_none() => {
                    self.measure = Some(Measure::Money(Decimal::new(*factor, *scale)));
                }
                Token::Jin(factor) if !matches!(self.measure, Some(Measure::Money(_))) => {
                    let factor = Decimal::from(*factor);
                    match &mut self.measure {
                        Some(Measure::Grain { jin, .. }) if jin.is_zero() => *jin = factor,
                        None => self.measure = Some(Measure::Grain { jin: factor, grain: String::new() }),
                        Some(_) => return Err(NoUnit::Ambiguous),
                    }
                }
                // A second measure: what follows “元/” may be a counted 斤, two kinds of money are a muddle.
                Token::Money(..) => return Err(NoUnit::Ambiguous),
                Token::Jin(_) => continue,
            }
            return Ok(Some(tail));
        }
        for word in COUNTED {
            if let Some(tail) = text.strip_prefix(word) {
                self.set_per(Per::Unit)?;
                self.counted = Some(word.to_owned());
                return Ok(Some(tail));
            }
        }
        Ok(None)
    }

    fn set_per(&mut self, per: Per) -> Result<(), NoUnit> {
        match self.per {
            Some(earlier) if earlier != per => Err(NoUnit::Ambiguous),
            _ => {
                self.per = Some(per);
                Ok(())
            }
        }
    }

    fn set_every(&mut self, every: Every) -> Result<(), NoUnit> {
        self.every = Some(match (self.every, every) {
            (None, every) => every,
            (Some(earlier), every) if earlier == every => every,
            // 元/年(首年) is the first year.
            (Some(Every::Year), Every::FirstYear) | (Some(Every::FirstYear), Every::Year) => Every::FirstYear,
            _ => return Err(NoUnit::Ambiguous),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
