//! What the lot is for, and the bars that never fall (禁止交易、用途管制).

use super::context::CheckContext;
use crate::finding::{Finding, Text};
use crate::notice::Notice;
use crate::rights::{Category, NeverTradable, TransferMode};
use crate::rulebook::RuleSet;
use crate::wording::{asserts, first_asserted};

/// The finding that a thing is never traded.
pub(crate) fn never_tradable(bar: NeverTradable) -> Finding {
    let name = bar.name();
    Finding::refusal(
        format!("never-tradable.{bar}"),
        bar.basis(),
        Text::new(format!("{}不得交易", name.zh), format!("never traded: {}", name.en)),
        Text::new("排除该情形后再申请", "apply again when this no longer holds"),
    )
    .with_fact("bar", bar)
}

/// Bars that the notice's own words show.
fn bars_in_words(notice: &Notice) -> Vec<Finding> {
    let words = format!("{};{}", notice.title, notice.category_text);
    let mut found = Vec::new();
    if asserts(&words, "土地所有权") || asserts(&words, "集体所有权") {
        found.push(never_tradable(NeverTradable::LandOwnership).at("category_text"));
    }
    // 土地承包经营权 may pass (its management right does); 承包权 by itself is the household's membership and never does.
    if asserts(&words, "土地承包权") || asserts(&words, "农户承包权") {
        found.push(never_tradable(NeverTradable::ContractingRight).at("category_text"));
    }
    if notice.category == Some(Category::HomesteadUse) && notice.mode == Some(TransferMode::Transfer) {
        found.push(never_tradable(NeverTradable::HomesteadSale).at("mode"));
    }
    found
}

/// `never-tradable.*` from the registry's facts and the notice's words, and `use.barred` of the category.
pub(super) fn bars(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let mut found: Vec<_> = context.bars.iter().map(|bar| never_tradable(*bar)).collect();
    found.extend(bars_in_words(notice));
    for bar in &rules.use_bars.value {
        let Some(word) = first_asserted(&notice.intended_use, bar.words.iter().map(String::as_str)) else { continue };
        let finding = match bar.bar {
            Some(bar) => never_tradable(bar),
            None => rules.use_bars.finding(
                Text::new(format!("用途“{word}”不符合用途管制"), format!("the use \"{word}\" is barred")),
                Text::new("更正用途", "correct the use"),
            ),
        };
        found.push(finding.at("intended_use").with_fact("word", word));
    }
    found
}

/// `construction.plan`: the notice carries the terms without which the contract is void.
pub(super) fn land_plan(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let rule = &rules.land_plan;
    let Some(plan) = &rule.value else { return Vec::new() };
    let words = format!("{};{};{}", notice.intended_use, notice.restrictions, notice.special_conditions);
    plan.required_terms
        .iter()
        .filter(|term| !term.words.iter().any(|word| words.contains(word.as_str())))
        .map(|term| {
            rule.finding(
                Text::new(format!("没有写明{}", term.zh), format!("the notice lacks the {}", term.en)),
                Text::new(
                    format!("在特别约定中写明{}", term.zh),
                    format!("state the {} among the special conditions", term.en),
                ),
            )
            .at("special_conditions")
            .with_fact("term", &term.zh)
        })
        .collect()
}
