//! Which fields of a notice a correction changes.

use crate::notice::Notice;
use serde_json::Value;

/// The fields in which two notices differ, as dotted JSON paths, in order. Lists count as one field.
pub fn changes(old: &Notice, new: &Notice) -> Vec<String> {
    let json = |notice: &Notice| serde_json::to_value(notice).expect("a notice is plain data with text keys");
    let mut changed = Vec::new();
    compare("", &json(old), &json(new), &mut changed);
    changed
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
