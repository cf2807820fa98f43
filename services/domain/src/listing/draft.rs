//! When a draft may still be written (起草阶段), and whether what is written is about what is offered.

use crate::{
    finding::{Finding, Text},
    lot::{Lot, Phase},
    notice::Notice,
    region::RegionCode,
    rights::Category,
};

/// Whether the draft may be changed: terms, assets, evidence, decision.
///
/// # Errors
/// `lot.phase` once it is submitted.
pub fn editable(lot: &Lot) -> Result<(), Finding> {
    if matches!(lot.phase, Phase::Draft | Phase::Returned) { Ok(()) } else { Err(wrong_phase(lot)) }
}

/// Whether a decision and its minutes may be recorded: while it is drafted, and while it is announced, where a correction may need a
/// new vote.
///
/// # Errors
/// `lot.phase`.
pub fn decidable(lot: &Lot) -> Result<(), Finding> {
    if lot.phase == Phase::Announced { Ok(()) } else { editable(lot) }
}

/// Whether the caller acts on the version that stands.
///
/// # Errors
/// `lot.version`.
pub fn current(stands: u32, read: u32) -> Result<(), Finding> {
    if stands == read {
        return Ok(());
    }
    Err(Finding::refusal(
        "lot.version",
        "平台规则：以最新内容为准 (platform rule: the newest version counts)",
        Text::new("内容已被他人修改。", "Somebody has changed it since."),
        Text::new("请刷新后再操作。", "Read it again, then go on."),
    )
    .with_fact("stands", stands)
    .with_fact("read", read))
}

/// Whether the notice is about the assets offered and the place they lie in: the rules that judge a lot are those of its category and
/// place, so neither may be another than the assets'. `assets` are the categories of the assets offered, `region` is the collective's.
pub fn about(notice: &Notice, assets: &[Category], region: RegionCode) -> Vec<Finding> {
    let mut found = Vec::new();
    // Works and procurement offer no asset.
    if assets.is_empty() && notice.category != Some(Category::Project) {
        found.push(
            Finding::refusal(
                "lot.assets",
                "国办发〔2014〕71号(产权明晰方可交易)",
                Text::new("没有选择资产或地块", "no asset is offered"),
                Text::new(
                    "选择要流转的资产;尚未登记的先登记",
                    "choose the assets; register them first where they are not",
                ),
            )
            .at("asset_ids"),
        );
    }
    if let Some(category) = notice.category
        && let Some(other) = assets.iter().find(|asset| **asset != category)
    {
        let name = other.name();
        found.push(
            Finding::refusal(
                "lot.asset-category",
                "交易规则按交易品种适用",
                Text::new(
                    format!("所选资产登记为“{}”,与公告的交易品种不一致", name.zh),
                    format!("an asset is registered as {}, the notice says otherwise", name.en),
                ),
                Text::new("更正交易品种,或者更正资产登记", "correct the category, or the asset's registration"),
            )
            .at("category")
            .with_fact("asset", other)
            .with_fact("notice", category),
        );
    }
    if let Some(place) = notice.region
        && !place.covers(&region)
        && !region.covers(&place)
    {
        found.push(
            Finding::refusal(
                "lot.region",
                "交易规则按所在地适用",
                Text::new("公告所在区划与权利人所在地不一致", "the notice's place is not where the collective is"),
                Text::new("更正所在区划", "correct the region"),
            )
            .at("region")
            .with_fact("notice", place)
            .with_fact("collective", region),
        );
    }
    found
}

fn wrong_phase(lot: &Lot) -> Finding {
    Finding::refusal(
        "lot.phase",
        "农村产权交易流程",
        Text::new("标的当前状态不允许修改", "the lot's state allows no change of the draft"),
        Text::new("已提交的标的请先撤回", "Take a submitted lot back first"),
    )
    .with_fact("phase", lot.phase.code())
    .with_fact("command", "edit")
}
