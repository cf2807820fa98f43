//! Reading a request: text into typed values, all faults of a form told at once.

use crate::findings::refuse;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sanbian_domain::{fact::instant, finding::Finding};
use sanbian_runtime::Refusal;
use std::str::FromStr;

/// Gathers what is wrong with a form, field by field.
#[derive(Default)]
pub struct Form(Vec<Finding>);

impl Form {
    /// The value, or nothing and a finding at `field`.
    pub fn take<T>(&mut self, field: &str, read: Result<T, Finding>) -> Option<T> {
        read.map_err(|finding| self.0.push(finding.at(field))).ok()
    }

    /// The value of an optional field, read where it is there.
    pub fn maybe<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        read: impl FnOnce(&str) -> Result<T, Finding>,
    ) -> Option<T> {
        text.and_then(|text| self.take(field, read(text)))
    }

    /// Adds a finding.
    pub fn find(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What was found, where nothing of it refuses.
    ///
    /// # Errors
    /// All findings, where one refuses.
    pub fn passed(self) -> Result<Vec<Finding>, Refusal> {
        if sanbian_domain::finding::refuses(&self.0) { Err(self.0.into()) } else { Ok(self.0) }
    }

    /// The refusal of a form in which a needed value is missing, so that something was found.
    pub fn refused(self) -> Refusal {
        Refusal::rule(self.0)
    }
}

const BASIS: &str = "平台规则：填报规范 (platform rule: how forms are filled in)";

/// Words of at least one and at most `most` characters, trimmed, without control characters.
///
/// # Errors
/// Rules `text.empty`, `text.length`, `text.characters`.
pub fn words(text: &str, most: usize) -> Result<String, Finding> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        return Err(refuse("text.empty", BASIS, ("此项必填。", "This is needed."), ("请填写。", "Fill it in.")));
    }
    if length > most {
        let message = (format!("此项最多{most}字。"), format!("This has at most {most} characters."));
        return Err(refuse("text.length", BASIS, message, ("请精简。", "Shorten it.")).with_fact("length", length));
    }
    if text.chars().any(char::is_control) {
        let message = ("此项含有不可见的控制字符或换行。", "This contains control characters or line breaks.");
        return Err(refuse("text.characters", BASIS, message, ("请删除后重新填写。", "Take them out.")));
    }
    Ok(text.to_owned())
}

/// A SHA-256 in lower-case hex.
///
/// # Errors
/// Rule `digest.form`.
pub fn digest(text: &str) -> Result<String, Finding> {
    if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "digest.form",
        BASIS,
        ("附件摘要应为64位小写十六进制的SHA-256。", "A file's digest is its SHA-256, 64 lower-case hex digits."),
        ("请重新上传附件。", "Upload the file again."),
    ))
}

/// A typed id.
///
/// # Errors
/// Malformed.
pub fn id<T: FromStr<Err = uuid::Error>>(field: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|error| Refusal::malformed(field, error))
}

/// A day of the years 1900 to 2999.
///
/// # Errors
/// Malformed.
pub fn day(field: &str, text: &str) -> Result<NaiveDate, Refusal> {
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) if (1900..3000).contains(&day.year()) && text.len() == 10 => Ok(day),
        Ok(_) => Err(Refusal::malformed(field, "a day from 1900-01-01 to 2999-12-31")),
        Err(error) => Err(Refusal::malformed(field, error)),
    }
}

/// One of a list of codes.
///
/// # Errors
/// Malformed; the detail names the list.
pub fn code(field: &str, text: &str, list: &[&'static str]) -> Result<&'static str, Refusal> {
    let known = list.iter().find(|known| **known == text).copied();
    known.ok_or_else(|| Refusal::malformed(field, format!("one of: {}", list.join(", "))))
}

/// How many items a page has: what was asked for, at least one, at most `most`.
pub fn limit(asked: Option<u32>, usual: u32, most: u32) -> i64 {
    i64::from(asked.unwrap_or(usual).clamp(1, most))
}

/// Cuts a page from a query that fetched one item more than the page has; the cursor is the last item's id where there are more.
pub fn page<T>(mut rows: Vec<T>, limit: i64, id: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return (rows, None);
    }
    rows.truncate(limit);
    let cursor = rows.last().map(id);
    (rows, cursor)
}

/// An instant as the API writes it.
pub fn at(instant: DateTime<Utc>) -> String {
    instant::text(instant)
}

/// Findings as the API carries them.
///
/// # Errors
/// None: findings are plain data.
pub fn as_json(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| serde_json::to_string(finding).expect("findings are plain data")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_trimmed_and_bounded() {
        assert_eq!(words("  柿子坪 ", 3).unwrap(), "柿子坪");
        for (text, rule) in [
            (" ", "text.empty"),
            ("柿子坪地", "text.length"),
            ("柿\0坪", "text.characters"),
            ("a\nb", "text.characters"),
        ] {
            assert_eq!(words(text, 3).expect_err(text).rule, rule);
        }
    }

    #[test]
    fn days_are_iso_and_of_this_era() {
        assert!(day("d", "2026-02-28").is_ok());
        for text in ["2026-02-29", "2026-2-28", "+12026-01-01", "1899-12-31", "3000-01-01", "", "20260228"] {
            assert!(day("d", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_has_a_cursor_only_where_more_follows() {
        assert_eq!(page(vec![1, 2, 3], 2, ToString::to_string), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(page(vec![1, 2], 2, ToString::to_string), (vec![1, 2], None));
        assert_eq!(limit(Some(0), 20, 100), 1);
        assert_eq!(limit(Some(1000), 20, 100), 100);
        assert_eq!(limit(None, 20, 100), 20);
    }
}
