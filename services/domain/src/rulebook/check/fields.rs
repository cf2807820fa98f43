//! Missing fields, way of passing, measured area, decision, reviews.

use super::context::{CheckContext, DecisionStanding};
use crate::finding::{Finding, Severity, Text};
use crate::notice::{Method, Notice};
use crate::price::{Escalator, Every};
use crate::rulebook::values::Field;
use crate::rulebook::{RuleSet, Rulebook};
use crate::term::Term;
use rust_decimal::Decimal;

/// Whether the notice says what `field` asks for.
fn given(notice: &Notice, field: Field) -> bool {
    match field {
        Field::Title => !notice.title.trim().is_empty(),
        Field::Category => notice.category.is_some(),
        Field::Holder => notice.holder.is_some(),
        Field::Mode => notice.mode.is_some(),
        Field::Region => notice.region.is_some(),
        Field::Components => {
            !notice.components.is_empty() && notice.components.iter().all(|component| component.quantity.is_some())
        }
        Field::Term => notice.term.is_some(),
        Field::Reserve => {
            notice.price.reserve.is_some()
                || (!notice.components.is_empty()
                    && notice.components.iter().all(|component| component.price.is_some()))
        }
        Field::Escalator => match notice.price.escalator {
            Some(Escalator::Open { .. }) => false,
            Some(_) => true,
            None => {
                matches!(notice.term, Some(Term::Sale))
                    || notice.price.reserve.is_some_and(|reserve| reserve.basis.every == Every::Term)
                    || notice.term.and_then(|term| term.rent_span()).is_some_and(|span| span.total_months() <= 12)
            }
        },
        Field::Method => match notice.method.as_ref().and_then(|method| method.method.as_ref()) {
            Some(Method::Tender { award, .. }) => award.is_some(),
            other => other.is_some(),
        },
        Field::Deposit => notice.deposit.is_some(),
        Field::Payment => {
            notice.payment.as_ref().is_some_and(|payment| payment.plan.is_some() || !payment.text.trim().is_empty())
        }
        Field::IntendedUse => !notice.intended_use.trim().is_empty(),
        Field::Priority => notice
            .priority
            .as_ref()
            .is_some_and(|priority| priority.none || !priority.ranks.is_empty() || priority.restricted_to.is_some()),
        Field::Step => notice
            .method
            .as_ref()
            .and_then(|method| method.method.as_ref())
            .and_then(Method::ascending)
            .is_none_or(|ascending| ascending.step.is_some()),
    }
}

/// `notice.required`: one finding for each field that is missing.
pub(super) fn required(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let missing = rules.required.value.iter().filter(|field| !given(notice, **field));
    missing
        .map(|field| {
            let name = field.name();
            rules
                .required
                .finding(
                    Text::new(format!("缺少“{}”", name.zh), format!("missing: {}", name.en)),
                    Text::new(format!("请填写{}", name.zh), format!("fill in: {}", name.en)),
                )
                .at(field.code())
                .with_fact("field", field.code())
        })
        .collect()
}

/// `mode.allowed`: the way of passing is one this category admits.
pub(super) fn mode(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let rule = &rules.modes;
    let (Some(mode), false) = (notice.mode, rule.value.is_empty()) else { return Vec::new() };
    if rule.value.contains(&mode) {
        return Vec::new();
    }
    let name = mode.name();
    let zh: Vec<_> = rule.value.iter().map(|mode| mode.name().zh).collect();
    let en: Vec<_> = rule.value.iter().map(|mode| mode.name().en).collect();
    vec![
        rule.finding(
            Text::new(
                format!("该品种不能以“{}”方式流转", name.zh),
                format!("this category does not pass by {}", name.en),
            ),
            Text::new(format!("可以选择:{}", zh.join("、")), format!("choose one of: {}", en.join(", "))),
        )
        .at("mode")
        .with_fact("mode", mode),
    ]
}

/// `area.tolerance`: the stated area agrees with the measured one.
pub(super) fn area(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let (Some(stated), Some(measured)) = (notice.mu(), context.measured_mu) else { return Vec::new() };
    let rule = &rules.area_tolerance;
    // |stated − measured| × den > num × measured, without a division.
    let off = (stated - measured).abs().checked_mul(Decimal::from(rule.value.den()));
    let allowed = measured.checked_mul(Decimal::from(rule.value.num()));
    match (off, allowed) {
        (Some(off), Some(allowed)) if off <= allowed => Vec::new(),
        _ => vec![
            rule.finding(
                Text::new(
                    format!("公告面积{stated}亩与图上面积{measured}亩相差过大"),
                    format!("the stated {stated} mu and the measured {measured} mu are too far apart"),
                ),
                Text::new("复核面积或者重新勾绘地块", "check the area, or draw the parcel again"),
            )
            .at("components")
            .with_fact("stated-mu", stated)
            .with_fact("measured-mu", measured)
            .with_fact("tolerance", rule.value),
        ],
    }
}

/// `decision.needed`: a collective's lot was decided on.
pub(super) fn decision(notice: &Notice, rules: &RuleSet, context: &CheckContext<'_>) -> Vec<Finding> {
    let rule = &rules.decision_needed;
    let concerned = notice.holder.is_some_and(crate::rights::Holder::needs_collective_decision);
    if !rule.value || !concerned || context.decision != DecisionStanding::Missing {
        return Vec::new();
    }
    vec![
        rule.finding(
            Text::new("还没有通过的民主决策", "the members' decision is not there yet"),
            Text::new("召开成员大会或者成员代表大会表决,登记会议记录", "hold the vote and record its minutes"),
        )
        .at("decision"),
    ]
}

/// `venue.county` and `review.county`, as notes: where the lot belongs and who reviews it.
pub(super) fn reviews(notice: &Notice, book: &Rulebook) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (rule, reached) in [
        (&book.rules.county_venue, book.belongs_to_county(notice)),
        (&book.rules.county_review, book.needs_county_review(notice)),
    ] {
        if reached {
            notes.push(
                rule.finding(rule.text(), Text::new("无须操作", "nothing to do"))
                    .with_severity(Severity::Note)
                    .at("components"),
            );
        }
    }
    notes
}
