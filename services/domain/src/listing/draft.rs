//! When a draft may still be written (起草阶段).

use crate::{
    finding::{Finding, Text},
    lot::{Lot, Phase},
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
