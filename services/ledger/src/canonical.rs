//! Recognises canonical JSON (RFC 8785) in one pass, without building it: what the log's rate and the verifier's hang on.
//!
//! Only what entries may hold: numbers are integers below 2^53. What this recognises is canonical; what it does not may still be
//! JSON, and is for the slow way to judge ([`crate::envelope`]).

use std::cmp::Ordering;

/// Deeper than this is left to the slow way.
const DEPTH: u32 = 100;
/// Largest integer that every JSON reader sees alike (I-JSON, RFC 7493).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Whether `bytes` are one canonical JSON value.
pub fn is_canonical(bytes: &[u8]) -> bool {
    let mut scan = Scan { bytes, at: 0 };
    std::str::from_utf8(bytes).is_ok() && scan.value(DEPTH).is_some() && scan.at == bytes.len()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b'"' => self.string().map(|_| ()),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.integer(),
        }
    }

    fn array(&mut self, depth: u32) -> Option<()> {
        self.eat(b'[')?;
        if self.eat(b']').is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.eat(b',').is_none() {
                return self.eat(b']');
            }
        }
    }

    fn object(&mut self, depth: u32) -> Option<()> {
        self.eat(b'{')?;
        if self.eat(b'}').is_some() {
            return Some(());
        }
        let mut last: Option<&[u8]> = None;
        loop {
            let name = self.string()?;
            if last.is_some_and(|last| order(last, name) != Some(Ordering::Less)) {
                return None;
            }
            last = Some(name);
            self.eat(b':')?;
            self.value(depth)?;
            if self.eat(b',').is_none() {
                return self.eat(b'}');
            }
        }
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.eat(b'"')?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(&self.bytes[start..self.at]),
                b'\\' => self.escape()?,
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    /// The rest of an escape: the two-letter form where there is one, else four lower-case digits, and only for what must be
    /// escaped.
    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                match digits {
                    [b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f'] => Some(()),
                    [b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f'] => Some(()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn integer(&mut self) -> Option<()> {
        let negative = self.eat(b'-').is_some();
        let start = self.at;
        let mut magnitude: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            magnitude = magnitude.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        let digits = self.at - start;
        let leading_zero = self.bytes.get(start) == Some(&b'0') && (digits > 1 || negative);
        // A fraction or exponent that follows is seen by whoever expects what comes after a value.
        (digits > 0 && !leading_zero && magnitude <= MAX_INTEGER).then_some(())
    }
}

/// How two names, with their quotes, sort: by UTF-16 code units of what they say.
fn order(left: &[u8], right: &[u8]) -> Option<Ordering> {
    let plain = |name: &[u8]| name.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
    if plain(left) && plain(right) {
        // Without the quotes: a name sorts before any that it begins.
        return Some(left[1..left.len() - 1].cmp(&right[1..right.len() - 1]));
    }
    let said = |name: &[u8]| serde_json::from_slice::<String>(name).ok();
    Some(said(left)?.encode_utf16().cmp(said(right)?.encode_utf16()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Number, Value};

    /// The slow way: what the canonical form of these bytes would be is these bytes.
    fn slowly(bytes: &[u8]) -> bool {
        fn integers(value: &Value) -> bool {
            match value {
                Value::Number(number) => number
                    .as_i64()
                    .map(i64::unsigned_abs)
                    .or_else(|| number.as_u64())
                    .is_some_and(|magnitude| magnitude <= MAX_INTEGER),
                Value::Array(values) => values.iter().all(integers),
                Value::Object(members) => members.values().all(integers),
                Value::Null | Value::Bool(_) | Value::String(_) => true,
            }
        }
        serde_json::from_slice::<Value>(bytes)
            .is_ok_and(|value| integers(&value) && serde_jcs::to_vec(&value).is_ok_and(|canonical| canonical == bytes))
    }

    fn values() -> impl Strategy<Value = Value> {
        // Letters whose order differs between UTF-8 and UTF-16, controls, quotes, and what JSON need not escape.
        let text = || "[a-c\u{0}-\u{1f}\"\\\\/\u{7f}\u{e9}\u{4e09}\u{2028}\u{ffee}\u{10000}\u{1f600}]{0,5}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| Value::Number(Number::from(number >> (number & 63)))),
            text().prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((text(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    #[test]
    fn small_differences_are_seen() {
        for canonical in [
            "null",
            "0",
            "-1",
            "9007199254740991",
            "[]",
            "{}",
            r#"{"":1,"a":1,"ab":2,"b":3}"#,
            r#""\u0000\b\u000b\u001f\"\\/""#,
        ] {
            assert!(is_canonical(canonical.as_bytes()) && slowly(canonical.as_bytes()), "{canonical}");
        }
        for other in [
            "",
            " 0",
            "0 ",
            "-0",
            "01",
            "-",
            "1.0",
            "1e3",
            "9007199254740992",
            "[1,]",
            "[,1]",
            "[1 ,2]",
            "{\"a\":1,}",
            "nul",
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a" :1}"#,
            r#""\/""#,
            r#""\u0008""#,
            r#""\u001F""#,
            r#""\u0061""#,
            r#""\u2028""#,
            "\"\u{1}\"",
            "\"",
            "[",
            "{",
            "{\"a\"",
            "{\"a\":",
            "truee",
            "[]]",
        ] {
            assert!(!is_canonical(other.as_bytes()) && !slowly(other.as_bytes()), "{other}");
        }
        assert!(!is_canonical(b"\"\xff\""));
        assert!(!is_canonical("[".repeat(100_000).as_bytes()), "depth does not exhaust the stack");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn it_is_the_slow_way_but_fast(
            value in values(),
            at in any::<prop::sample::Index>(),
            with in prop::sample::select(b"\"\\,:{}[]0123.eu \n-abtn\x7f\xc3".to_vec()),
            change in 0..4,
        ) {
            let mut bytes = serde_jcs::to_vec(&value).unwrap();
            prop_assert_eq!(is_canonical(&bytes), slowly(&bytes));
            let at = at.index(bytes.len());
            match change {
                0 => bytes[at] = with,
                1 => bytes.insert(at, with),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
            prop_assert_eq!(is_canonical(&bytes), slowly(&bytes), "{:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
