//! Which fields of a notice a correction changes.

use crate::{
    finding::{Finding, Text},
    notice::Notice,
};
use serde_json::Value;

/// The fields in which two notices differ, as dotted JSON paths, in order. Lists count as one field.
pub fn changes(old: &Notice, new: &Notice) -> Vec<String> {
    let json = |notice: &Notice| serde_json::to_value(notice).expect("a notice is plain data with text keys");
    let mut changed = Vec::new();
    compare("", &json(old), &json(new), &mut changed);
    changed
}

/// What may not be changed by a correction, since reviews, decision and pinned rules rest on it: category, holder, place and way of
/// passing.
///
/// # Errors
/// `correction.identity`.
pub fn same_lot(changed: &[String]) -> Result<(), Finding> {
    let fixed = ["category", "holder", "region", "mode", "takers"];
    let Some(path) = changed.iter().find(|path| fixed.contains(&path.as_str())) else { return Ok(()) };
    Err(Finding::refusal(
        "correction.identity",
        "规则手册 变更公告",
        Text::new(
            "交易品种、权利人、所在地、流转方式不能通过变更公告修改",
            "category, holder, place and way of passing are not changed by a correction",
        ),
        Text::new("请终结本标的,另行起草", "End this lot and draft another"),
    )
    .at(path.clone()))
}

fn compare(path: &str, old: &Value, new: &Value, changed: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&path, old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null), changed);
            }
        }
        (old, new) if old != new => changed.push(path.to_owned()),
        _ => {}
    }
}
