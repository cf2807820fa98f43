//! How much is offered, and of what kinds (数量、构成).

use super::draft::Draft;
use super::number::{NoFigure, Written, figure, norm};
use super::say::{note, refuse, shown, warn};
use super::unit::COUNTED;
use crate::price::{Component, Quantity, Unit};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// The quantity as written: one figure, or one for each kind of land.
#[derive(Clone, Debug, Default)]
pub(super) struct Amounts {
    /// Kind (empty where there is only one), figure.
    pub(super) parts: Vec<(String, Written)>,
    /// The unit; none where it is not stated or not known.
    pub(super) unit: Option<Unit>,
}

/// A kind and its figure in a list such as “承包地1824.71、机动地44亩”, or the figure first: “433.8(承包地)”.
static KIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:面积)?([\p{Han}]{0,12}?):?([0-9][0-9,]*(?:\.[0-9]+)?)(亩|平方米|㎡|公顷)?(?:\(([\p{Han}]{1,12})\))?$",
    )
    .expect("a fixed pattern")
});

/// Areas in a title.
static TITLE_AREA: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([0-9]+(?:\.[0-9]+)?)(余)?(亩|平方米|㎡|公顷)").expect("a fixed pattern"));

/// Reads quantity, unit and the kinds named in the category's words; fills the notice's components.
pub(super) fn read(draft: &mut Draft<'_>) -> Amounts {
    let unit = unit(draft);
    let parts = figures(draft);
    let mut amounts = Amounts { parts, unit };
    if amounts.parts.len() == 1
        && let Some(kinds) = kinds_in_words(draft, &amounts)
    {
        amounts.parts = kinds;
    }
    draft.notice.components = amounts
        .parts
        .iter()
        .map(|(kind, written)| Component {
            kind: kind.clone(),
            quantity: amounts.unit.clone().map(|unit| Quantity::new(written.value.normalize(), unit)),
            price: None,
        })
        .collect();
    held_against_title(draft, &amounts);
    amounts
}

/// The unit of a quantity as notices write it.
pub(super) fn parse_unit(text: &str) -> Option<Unit> {
    let text = norm(text).to_lowercase();
    Some(match text.as_str() {
        "亩" | "市亩" | "mu" => Unit::Mu,
        "平方米" | "平米" | "平方" | "㎡" | "m2" | "m²" | "square-metre" => Unit::SquareMetre,
        "公顷" | "ha" | "hectare" => Unit::Hectare,
        "立方米" | "立方" | "m3" | "m³" | "方" | "cubic-metre" => Unit::CubicMetre,
        "立方米/年" | "方/年" | "m3/年" | "m³/年" | "cubic-metre-year" => Unit::CubicMetreYear,
        "%" | "百分点" => Unit::Count("百分点".to_owned()),
        word if COUNTED.contains(&word) => Unit::Count(word.to_owned()),
        _ => return None,
    })
}

fn unit(draft: &mut Draft<'_>) -> Option<Unit> {
    let quantity = norm(draft.get("quantity"));
    // A cell may carry its own unit: 53亩.
    let own = quantity
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let text = if draft.get("unit").is_empty() && parse_unit(own).is_some() { own } else { draft.get("unit") };
    if text.is_empty() {
        if !quantity.is_empty() {
            draft.say(refuse(
                "quantity.unit-missing",
                "components",
                "有数量,没有计量单位",
                "there is a quantity without a unit",
            ));
        }
        return None;
    }
    let unit = parse_unit(text);
    if unit.is_none() {
        draft.say(
            refuse(
                "quantity.unit-unknown",
                "components",
                format!("计量单位“{}”不认识", shown(text)),
                format!("the unit \"{}\" is not known", shown(text)),
            )
            .with_fact("column", "unit")
            .with_fact("text", shown(text)),
        );
    }
    unit
}

fn figures(draft: &mut Draft<'_>) -> Vec<(String, Written)> {
    let text = draft.get("quantity");
    if text.is_empty() {
        return Vec::new();
    }
    let plain = norm(text);
    let exact = plain.trim_start_matches('约').trim_end_matches("左右").trim();
    if exact != plain {
        draft.say(
            warn(
                "quantity.about",
                "components",
                format!("数量“{}”是约数,以实际测量为准", shown(text)),
                format!("the quantity \"{}\" is approximate", shown(text)),
            )
            .with_fact("text", shown(text)),
        );
    }
    match figure(exact) {
        Ok(value) if value > Decimal::ZERO => return vec![(String::new(), Written::new(value))],
        Ok(_) | Err(NoFigure::Negative) => {
            draft.say(
                refuse(
                    "quantity.positive",
                    "components",
                    format!("数量“{}”须大于零", shown(text)),
                    "the quantity must be positive",
                )
                .with_fact("text", shown(text)),
            );
            return Vec::new();
        }
        Err(NoFigure::Unreadable) => {}
    }
    if let Some(parts) = kinds(exact).filter(|parts| !parts.is_empty()) {
        return parts;
    }
    draft.say(
        refuse(
            "quantity.unreadable",
            "components",
            format!("数量“{}”不是数字", shown(text)),
            format!("the quantity \"{}\" is not a figure", shown(text)),
        )
        .with_fact("column", "quantity")
        .with_fact("text", shown(text)),
    );
    Vec::new()
}

/// A list of kinds and figures; none where any part of the text is something else, or a figure is not positive.
pub(super) fn kinds(text: &str) -> Option<Vec<(String, Written)>> {
    let mut parts = Vec::new();
    for part in text
        .split(['、', ';', '/', '和', '及', '+'])
        .flat_map(split_commas)
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let found = KIND.captures(part)?;
        let value = figure(found.get(2)?.as_str()).ok().filter(|value| *value > Decimal::ZERO)?;
        let kind = found.get(4).or_else(|| found.get(1)).map_or("", |m| m.as_str());
        parts.push((kind.to_owned(), Written::new(value)));
    }
    Some(parts)
}

/// Splits at commas unless they group thousands.
fn split_commas(text: &str) -> Vec<&str> {
    if figure(text).is_ok() { vec![text] } else { text.split(',').collect() }
}

/// “农户委托60.69亩、集体1.75亩” among the category's words: the kinds the lot consists of, where they add up to the quantity.
fn kinds_in_words(draft: &mut Draft<'_>, amounts: &Amounts) -> Option<Vec<(String, Written)>> {
    let whole = amounts.parts.first()?.1;
    let words = norm(draft.get("category_text"));
    let listed = words.split(['(', ')']).filter_map(kinds).find(|parts| parts.len() > 1)?;
    if listed.iter().any(|(kind, _)| kind.is_empty()) {
        return None;
    }
    let sum = listed.iter().try_fold(Decimal::ZERO, |sum, (_, part)| sum.checked_add(part.value))?;
    if sum == whole.value {
        draft.say(note(
            "quantity.kinds",
            "components",
            "按公告所列各类面积拆分",
            "split into the kinds the notice lists",
        ));
        return Some(listed);
    }
    draft.say(
        warn(
            "quantity.kinds-sum",
            "components",
            format!("所列各类面积合计{sum},与数量{}不符", whole.value),
            format!("the kinds add up to {sum}, the quantity is {}", whole.value),
        )
        .with_fact("sum", sum)
        .with_fact("quantity", whole.value),
    );
    None
}

/// A title that names another area than the quantity is worth a look.
fn held_against_title(draft: &mut Draft<'_>, amounts: &Amounts) {
    let title = norm(draft.get("title"));
    let (Some(found), [(_, written)], Some(unit)) =
        (TITLE_AREA.captures(&title), amounts.parts.as_slice(), &amounts.unit)
    else {
        return;
    };
    let (Some(number), about, Some(title_unit)) = (found.get(1), found.get(2), found.get(3)) else { return };
    let (Ok(value), Some(title_unit)) = (figure(number.as_str()), parse_unit(title_unit.as_str())) else { return };
    let mu = |written: Written, unit: &Unit| unit.mu().and_then(|mu| written.times(mu));
    let (Some(named), Some(stated)) = (mu(Written::new(value), &title_unit), mu(*written, unit)) else { return };
    if about.is_some() || (named.value - stated.value).abs() <= named.ulp + stated.ulp {
        return;
    }
    draft.say(
        warn(
            "quantity.title-differs",
            "components",
            format!("名称中的面积{value}{}与数量{}{}不符", title_unit.zh(), written.value, unit.zh()),
            format!("the title names {value} {title_unit}, the quantity is {} {unit}", written.value),
        )
        .with_fact("title", value)
        .with_fact("quantity", written.value),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_are_read_with_their_figures() {
        let read = |text: &str| {
            kinds(text).map(|parts| parts.into_iter().map(|(kind, w)| (kind, w.value.to_string())).collect::<Vec<_>>())
        };
        let expect = |list: &[(&str, &str)]| {
            Some(list.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(
            read("承包地1824.71、机动地44、议价机动地512.23亩"),
            expect(&[("承包地", "1824.71"), ("机动地", "44"), ("议价机动地", "512.23")])
        );
        assert_eq!(read("433.8(承包地);171.2(机动地)"), expect(&[("承包地", "433.8"), ("机动地", "171.2")]));
        assert_eq!(read("433.8/171.2"), expect(&[("", "433.8"), ("", "171.2")]));
        assert_eq!(read("粮田,含自然塘8亩"), None);
        assert_eq!(read("500-600"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = kinds(&text);
            let _ = parse_unit(&text);
        }
    }
}
