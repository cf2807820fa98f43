//! The reserve: what it comes to, how it grows, and how it compares (价格).

use super::context::CheckContext;
use crate::finding::{Finding, Text};
use crate::money::Money;
use crate::notice::Notice;
use crate::price::Escalator;
use crate::rulebook::RuleSet;

pub(super) fn check(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let prices = notice.price.reserve.iter().chain(notice.components.iter().filter_map(|c| c.price.as_ref()));
    if prices.clone().any(|price| price.amount <= Money::ZERO) {
        found.push(
            Finding::refusal(
                "price.positive",
                "起始价应当大于零",
                Text::new("起始价须大于零", "the reserve must be positive"),
                Text::new("更正起始价", "correct the reserve"),
            )
            .at("price.reserve"),
        );
        return found;
    }
    let priced = prices.count() > 0;
    if priced {
        match notice.total() {
            Ok(_) => {}
            // What is missing is named by `notice.required`; a mismatch or a figure out of range is not.
            Err(finding)
                if matches!(finding.rule.as_str(), "price.unit-mismatch" | "price.range" | "price.escalator") =>
            {
                found.push(finding);
            }
            Err(_) => {}
        }
    }
    found.extend(escalator(notice, rules));
    found.extend(comparables(notice, rules, context));
    found.extend(relisting(notice, rules, context));
    found
}

/// `price.escalator-from`: a long rent that does not escalate is looked at.
fn escalator(notice: &Notice, rules: &RuleSet) -> Option<Finding> {
    let rule = &rules.escalator_from_years;
    // Where the notice is silent, `notice.required` asks for it.
    let flat = notice.price.escalator == Some(Escalator::None);
    let by_time = notice.price.reserve.is_some_and(|reserve| reserve.basis.needs_term());
    let span = notice.term?.rent_span()?;
    (flat && by_time && span.total_months() >= u32::from(rule.value) * 12).then(|| {
        let words = span.text();
        rule.finding(
            Text::new(format!("期限{},租金没有递增", words.zh), format!("no escalation over {}", words.en)),
            Text::new("约定递增幅度,或者说明不递增的理由", "agree on an escalator, or say why there is none"),
        )
        .at("price.escalator")
        .with_fact("term", span)
    })
}

/// `price.comparables`: the reserve lies far outside comparable deals.
fn comparables(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Option<Finding> {
    let own = notice.total().ok()?.mu_year?.amount;
    crate::comparables::judge(own, context.comparables?, &rules.comparables)
}

/// `relisting.cuts`: a cut after no sale stays within the rule.
fn relisting(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Option<Finding> {
    let rule = &rules.relisting;
    let earlier = context.relisted?;
    let now = notice.price.reserve?.amount;
    let cut = |from: Money| u64::try_from(from.fen().checked_sub(now.fen())?).ok();
    let whole = |of: Money| u64::try_from(of.fen()).unwrap_or(0);
    let this = cut(earlier.before).filter(|cut| *cut > 0)?;
    let too_much = rule.value.each.exceeded_by(this, whole(earlier.before));
    let too_often = earlier.cuts >= rule.value.cuts;
    let all = cut(earlier.first).is_some_and(|all| rule.value.all.exceeded_by(all, whole(earlier.first)));
    let undecided = rule.value.new_decision && !earlier.decided;
    (too_much || too_often || all || undecided).then(|| {
        rule.finding(
            Text::new(
                format!("再挂牌由{}元降至{now}元,不符合降价规则", earlier.before),
                format!("relisting cuts the reserve from {} to {now} yuan against the rule", earlier.before),
            ),
            rule.text(),
        )
        .at("price.reserve")
        .with_fact("first-fen", earlier.first.fen())
        .with_fact("before-fen", earlier.before.fen())
        .with_fact("now-fen", now.fen())
        .with_fact("cuts-before", earlier.cuts)
    })
}
