//! Findings of the import, and how much of a bad text they repeat.

use crate::finding::{Finding, Severity, Text};

/// What a notice must say rests on the exchange's rules for notices.
const BASIS: &str = "农村产权流转交易公告要素(国办发〔2014〕71号);公告内容应当完整、明确";

/// The longest piece of a notice's text that a finding repeats, in characters.
const SHOWN: usize = 60;

/// `text`, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The notice can't be expressed exactly, or says what can't be: it is refused.
pub(super) fn refuse(rule: &str, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new("请发布方在公告中写明或者更正后再导入", "have the notice corrected, then import it again"),
    )
    .at(field)
}

/// Something a clerk must look at before the draft is submitted.
pub(super) fn warn(rule: &str, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding::refusal(rule, BASIS, Text::new(zh, en), Text::new("提交前请核对", "check it before submission"))
        .at(field)
        .with_severity(Severity::Warning)
}

/// How something was read.
pub(super) fn note(rule: &str, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new("无须操作;如有不符请更正", "nothing to do; correct it where it is not meant so"),
    )
    .at(field)
    .with_severity(Severity::Note)
}
