//! Digests of records: SHA-256 over canonical JSON (RFC 8785), lower-case hex, so that anyone can work them out again.

use ring::digest;
use serde::Serialize;

/// The digest of `record`, which must be plain data (text, integers within 2^53, lists, maps with text keys); money in fen is.
pub fn of(record: &impl Serialize) -> String {
    let canonical = serde_jcs::to_vec(record).expect("a record of plain data has a canonical form");
    hex::encode(digest::digest(&digest::SHA256, &canonical))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_of_the_canonical_form_whatever_the_order() {
        #[derive(Serialize)]
        struct Ab {
            a: u8,
            b: &'static str,
        }
        #[derive(Serialize)]
        struct Ba {
            b: &'static str,
            a: u8,
        }
        // printf '{"a":1,"b":"亩"}' | sha256sum
        let known = "4eb08f1ded46dd90269d5c8760027e179fcb973347941a07ee7d65fd78d43f7c";
        assert_eq!(of(&Ab { a: 1, b: "亩" }), known);
        assert_eq!(of(&Ba { b: "亩", a: 1 }), known);
    }
}
