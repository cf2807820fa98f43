//! What every entry has, whatever its kind: the form of its bytes and the members that say when, who, what and where.
//!
//! Kinds may be added to the log over time; a reader that knows fewer of them still checks and indexes all of it by this alone.

use crate::canonical::{MAX_INTEGER, is_canonical};
use chrono::{DateTime, Utc};
use sanbian_domain::fact::{Entry, instant};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use std::{borrow::Cow, fmt};

/// Why bytes are not an entry.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Larger than the format takes.
    #[error("entry of {0} bytes is larger than 65535")]
    TooLarge(usize),
    /// Not JSON, or a member is missing or of the wrong type.
    #[error("entry does not follow the schema: {0}")]
    Schema(#[from] serde_json::Error),
    /// A number that is not an integer below 2^53.
    #[error("entry holds the number {0}, which is not an integer below 2^53")]
    Number(String),
    /// Not UTC with three decimals.
    #[error("entry's instant is not written as UTC with milliseconds: {0:?}")]
    Instant(String),
    /// The bytes are not the canonical form (RFC 8785) of what they say.
    #[error("entry is not canonical JSON (RFC 8785)")]
    NotCanonical,
}

/// The members of an entry by which it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What happened, such as `lot.announced`.
    pub kind: String,
    /// When, by business time.
    pub at: DateTime<Utc>,
    /// Who: a pseudonym.
    pub actor: String,
    /// What it is about, as `<noun>:<id>`.
    pub subject: String,
    /// Region code; empty for the whole installation.
    pub region: String,
    /// Rulebook version it was judged by; empty where none speaks.
    pub rulebook: String,
}

#[derive(Deserialize)]
struct Members {
    kind: String,
    at: String,
    actor: String,
    subject: String,
    region: String,
    rulebook: String,
    #[serde(rename = "body")]
    _body: Body,
}

/// An object, whatever is in it.
struct Body;

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> de::Visitor<'de> for Object {
            type Value = Body;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Body, A::Error> {
                while members.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
                Ok(Body)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl Envelope {
    /// Reads an entry's envelope and insists that the bytes are canonical.
    ///
    /// # Errors
    /// Where they are not an entry.
    pub fn read(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let (envelope, canonical) = Self::canonicalise(bytes)?;
        if *canonical == *bytes { Ok(envelope) } else { Err(EnvelopeError::NotCanonical) }
    }

    /// Reads an entry and gives its envelope and canonical bytes.
    ///
    /// # Errors
    /// Where it is not an entry, however written.
    pub fn canonicalise(bytes: &[u8]) -> Result<(Self, Cow<'_, [u8]>), EnvelopeError> {
        let canonical = if is_canonical(bytes) {
            Cow::Borrowed(bytes)
        } else {
            let value: Value = serde_json::from_slice(bytes)?;
            check_numbers(&value)?;
            Cow::Owned(serde_jcs::to_vec(&value)?)
        };
        if canonical.len() > Entry::MAX_BYTES {
            return Err(EnvelopeError::TooLarge(canonical.len()));
        }
        Ok((Self::of(serde_json::from_slice(&canonical)?)?, canonical))
    }

    fn of(members: Members) -> Result<Self, EnvelopeError> {
        let at = DateTime::parse_from_rfc3339(&members.at)
            .map(|at| at.with_timezone(&Utc))
            .ok()
            .filter(|at| instant::text(*at) == members.at)
            .ok_or(EnvelopeError::Instant(members.at))?;
        let Members { kind, actor, subject, region, rulebook, .. } = members;
        Ok(Self { kind, at, actor, subject, region, rulebook })
    }
}

fn check_numbers(value: &Value) -> Result<(), EnvelopeError> {
    match value {
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            if magnitude.is_some_and(|magnitude| magnitude <= MAX_INTEGER) {
                Ok(())
            } else {
                Err(EnvelopeError::Number(number.to_string()))
            }
        }
        Value::Array(values) => values.iter().try_for_each(check_numbers),
        Value::Object(members) => members.values().try_for_each(check_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}
