//! Between messages and the core's types. What can't be read is refused here, with the field's name, before any rule looks at it.

use chrono::{DateTime, NaiveDate, Utc};
use sanbian_domain::{
    finding::{Finding, Text},
    notice::Notice,
};
use sanbian_runtime::Refusal;
use serde::Serialize;
use std::str::FromStr;

/// Largest notice in bytes of its canonical JSON: with the rest of `lot.corrected` around it, it must fit the log's 65,535 bytes.
const NOTICE_BYTES: usize = 40_000;
/// Longest text of a note or reason, in characters.
const TEXT_CHARS: usize = 2_000;

/// A typed id, or any other type that reads its text.
pub fn read<T: FromStr>(field: &str, text: &str) -> Result<T, Refusal>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Refusal::malformed(field, error))
}

/// A list of typed ids, each once.
pub fn read_all<T: FromStr + Ord + Copy>(field: &str, texts: &[String]) -> Result<Vec<T>, Refusal>
where
    T::Err: std::fmt::Display,
{
    let ids: Vec<T> = texts.iter().map(|text| read(field, text)).collect::<Result<_, _>>()?;
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() == ids.len() { Ok(ids) } else { Err(Refusal::malformed(field, "an id stands twice")) }
}

/// A notice as it came, an absent one being an empty one.
///
/// # Errors
/// Malformed where it is no notice; rule `notice.size` where it is too large for the log.
pub fn notice(text: &str) -> Result<Notice, Refusal> {
    if text.len() > 2 * NOTICE_BYTES {
        return Err(too_large(text.len()).into());
    }
    let notice: Notice = if text.is_empty() || text == "null" {
        Notice::default()
    } else if !text.trim_start().starts_with('{') {
        // A struct would also be read from a list of its fields, which nobody means.
        return Err(Refusal::malformed("notice", "an object"));
    } else {
        serde_json::from_str(text).map_err(|error| Refusal::malformed("notice", error))?
    };
    let canonical = canonical(&notice);
    // PostgreSQL keeps no NUL in a text, and no notice needs one.
    if canonical.contains("\\u0000") {
        return Err(Refusal::malformed("notice", "a NUL character"));
    }
    if canonical.len() > NOTICE_BYTES { Err(too_large(canonical.len()).into()) } else { Ok(notice) }
}

/// Canonical JSON (RFC 8785) of a value of the core.
pub fn canonical(value: &impl Serialize) -> String {
    serde_jcs::to_string(value).expect("values of the core are plain data with text keys")
}

/// A text for people: trimmed, without control characters but line ends, and of a bearable length.
pub fn words(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Refusal::malformed(field, "a control character"));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(Refusal::malformed(field, format!("more than {TEXT_CHARS} characters")));
    }
    Ok(text.to_owned())
}

/// A text that must say something.
pub fn said(field: &str, text: &str) -> Result<String, Refusal> {
    let text = words(field, text)?;
    if text.is_empty() { Err(Refusal::malformed(field, "empty")) } else { Ok(text) }
}

/// A SHA-256 in hex.
pub fn digest(field: &str, text: &str) -> Result<String, Refusal> {
    let hex = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if hex { Ok(text.to_owned()) } else { Err(Refusal::malformed(field, "64 lower-case hex digits")) }
}

/// A day.
pub fn day(field: &str, text: &str) -> Result<NaiveDate, Refusal> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|error| Refusal::malformed(field, error))?;
    let year = chrono::Datelike::year(&day);
    if (1949..=2200).contains(&year) { Ok(day) } else { Err(Refusal::malformed(field, "a year out of range")) }
}

/// An instant, to the millisecond.
pub fn instant(field: &str, text: &str) -> Result<DateTime<Utc>, Refusal> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|error| Refusal::malformed(field, error))?.to_utc();
    let year = chrono::Datelike::year(&at);
    if !(1949..=2200).contains(&year) {
        return Err(Refusal::malformed(field, "a year out of range"));
    }
    DateTime::from_timestamp_millis(at.timestamp_millis()).ok_or_else(|| Refusal::malformed(field, "out of range"))
}

/// Findings as the API's JSON texts.
pub fn findings(found: &[Finding]) -> Vec<String> {
    found.iter().map(|finding| serde_json::to_string(finding).expect("findings are plain data")).collect()
}

/// Findings out of another service's answer.
pub fn findings_of(texts: &[String]) -> Result<Vec<Finding>, Refusal> {
    texts.iter().map(|text| serde_json::from_str(text).map_err(Refusal::internal)).collect()
}

fn too_large(bytes: usize) -> Finding {
    Finding::refusal(
        "notice.size",
        "公开日志格式:每条记录不超过 65,535 字节 (log format: an entry has at most 65,535 bytes)",
        Text::new("公告内容过长。", "The notice is too long."),
        Text::new("请精简文字,详细内容作为附件上传。", "Shorten the texts; put the details into an evidence file."),
    )
    .at("notice")
    .with_fact("bytes", bytes)
    .with_fact("most", NOTICE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_strictly() {
        assert_eq!(notice("").unwrap(), Notice::default());
        assert_eq!(notice(r#"{"title":"一号地"}"#).unwrap().title, "一号地");
        for bad in [r#"{"titel":"x"}"#, r#"{"title":"a\u0000b"}"#, "[]", "{"] {
            assert!(notice(bad).is_err(), "{bad}");
        }
        let long = format!(r#"{{"title":"{}"}}"#, "长".repeat(20_000));
        assert_eq!(notice(&long).unwrap_err().findings[0].rule, "notice.size");
    }

    #[test]
    fn an_id_stands_once() {
        let id = uuid::Uuid::now_v7().to_string();
        assert!(read_all::<sanbian_domain::ids::AssetId>("asset_ids", &[id.clone(), id.clone()]).is_err());
        assert_eq!(read_all::<sanbian_domain::ids::AssetId>("asset_ids", std::slice::from_ref(&id)).unwrap().len(), 1);
    }
}
