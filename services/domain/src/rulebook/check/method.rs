//! The figures of the auction (竞价参数).

use crate::finding::{Finding, Text};
use crate::money::Money;
use crate::notice::{Ascending, Notice};
use crate::price::UnitPrice;
use crate::rulebook::RuleSet;
use crate::rulebook::rule::Rule;
use crate::rulebook::values::Bounds;

pub(super) fn check(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let Some(method) = notice.method.as_ref().and_then(|terms| terms.method.as_ref()) else { return Vec::new() };
    let mut found = method.ascending().map(|ascending| periods(ascending, rules)).unwrap_or_default();
    let (step, ceiling) = (method.step(), method.ceiling());
    let max_step = method.ascending().and_then(|ascending| ascending.max_step);
    found.extend(step_share(notice.price.reserve, step, method.ascending().is_some(), rules));
    let offers = notice.price.offer_basis();
    for (price, field) in [(step, "method.step"), (max_step, "method.max_step"), (ceiling, "method.ceiling")] {
        if let (Some(price), Some(offers)) = (price, offers)
            && price.basis != offers
        {
            let (own, other) = (price.basis.text(None), offers.text(None));
            found.push(
                broken(
                    "auction.basis",
                    field,
                    &format!("计价方式({})与报价的计价方式({})不一致", own.zh, other.zh),
                    &format!("its basis ({}) is not the one offers are made in ({})", own.en, other.en),
                )
                .with_fact("basis", price.basis)
                .with_fact("offers", offers),
            );
        }
    }
    found.extend(ladder(notice.price.reserve, step, max_step, ceiling));
    found
}

/// The lengths of the auction's periods lie within the rulebook's bounds.
fn periods(ascending: &Ascending, rules: &RuleSet) -> Vec<Finding> {
    let minutes = ("分钟", "minutes");
    let seconds = ("秒", "seconds");
    [
        within(
            &rules.free_minutes,
            ascending.free_minutes,
            "method.free_minutes",
            ("自由竞价期", "free period"),
            minutes,
        ),
        within(
            &rules.limited_seconds,
            ascending.limited_seconds,
            "method.limited_seconds",
            ("限时竞价期", "limited period"),
            seconds,
        ),
        within(
            &rules.extension_seconds,
            ascending.extension_seconds,
            "method.extension_seconds",
            ("延时", "extension"),
            seconds,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `auction.step`: the step is in proportion to the reserve. A sealed offer's unit (whole yuan) may be as small as it likes.
fn step_share(
    reserve: Option<UnitPrice>,
    step: Option<UnitPrice>,
    ascending: bool,
    rules: &RuleSet,
) -> Option<Finding> {
    let step = step?;
    if step.amount <= Money::ZERO {
        return Some(broken("auction.step-positive", "method.step", "加价幅度须大于零", "the step must be positive"));
    }
    let reserve = reserve.filter(|reserve| reserve.basis == step.basis && reserve.amount > Money::ZERO)?;
    let whole = u64::try_from(reserve.amount.fen()).unwrap_or(0);
    let part = u64::try_from(step.amount.fen()).unwrap_or(0);
    let share = rules.step.value;
    ((ascending && !share.min.reached_by(part, whole)) || share.max.exceeded_by(part, whole)).then(|| {
        rules
            .step
            .finding(
                Text::new(
                    format!("加价幅度{}元与起始价{}元相比过小或者过大", step.amount, reserve.amount),
                    format!(
                        "a step of {} yuan on a reserve of {} yuan is out of proportion",
                        step.amount, reserve.amount
                    ),
                ),
                rules.step.text(),
            )
            .at("method.step")
            .with_fact("step-fen", step.amount.fen())
            .with_fact("reserve-fen", reserve.amount.fen())
    })
}

fn within(
    rule: &Rule<Bounds>,
    value: Option<u32>,
    field: &str,
    (zh, en): (&str, &str),
    (unit_zh, unit_en): (&str, &str),
) -> Option<Finding> {
    let value = value.filter(|value| !rule.value.holds(*value))?;
    let Bounds { min, max, .. } = rule.value;
    Some(
        rule.finding(
            Text::new(
                format!("{zh}{value}{unit_zh},应当在{min}至{max}{unit_zh}之间"),
                format!("the {en} of {value} {unit_en} is not between {min} and {max}"),
            ),
            Text::new(format!("改为{min}至{max}{unit_zh}"), format!("choose {min} to {max} {unit_en}")),
        )
        .at(field)
        .with_fact("value", value)
        .with_fact("min", min)
        .with_fact("max", max),
    )
}

/// Ceiling and largest step stand on the ladder of steps; only amounts of one basis are compared.
fn ladder(
    reserve: Option<UnitPrice>,
    step: Option<UnitPrice>,
    max_step: Option<UnitPrice>,
    ceiling: Option<UnitPrice>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(reserve) = reserve else { return found };
    let same = |price: &UnitPrice| price.basis == reserve.basis;
    let step = step.filter(same).map(|step| step.amount.fen()).filter(|step| *step > 0);
    if let Some(ceiling) = ceiling.filter(same) {
        let above = ceiling.amount.fen().checked_sub(reserve.amount.fen());
        if above.is_none_or(|above| above < 0) {
            found.push(broken(
                "auction.ceiling",
                "method.ceiling",
                "最高限价低于起始价",
                "the ceiling is below the reserve",
            ));
        } else if let (Some(above), Some(step)) = (above, step)
            && above % step != 0
        {
            found.push(broken(
                "auction.ceiling-ladder",
                "method.ceiling",
                "最高限价须为起始价加加价幅度的整数倍",
                "the ceiling must be the reserve plus a whole number of steps",
            ));
        }
    }
    if let (Some(max_step), Some(step)) = (max_step.filter(same), step)
        && (max_step.amount.fen() < step || max_step.amount.fen() % step != 0)
    {
        found.push(broken(
            "auction.max-step",
            "method.max_step",
            "最大加价幅度须为加价幅度的整数倍",
            "the largest step must be a whole number of steps",
        ));
    }
    found
}

fn broken(rule: &str, field: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(rule, "竞价规则", Text::new(zh, en), Text::new("更正竞价参数", "correct the auction's figures"))
        .at(field)
}
