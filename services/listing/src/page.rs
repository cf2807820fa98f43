//! Cursors: where a list goes on. Opaque to clients, checked when they come back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sanbian_runtime::Refusal;
use serde::{Serialize, de::DeserializeOwned};

/// How many of a page are asked for, held within 1 and `most`.
pub fn limit(asked: Option<u32>, most: u32) -> i64 {
    i64::from(asked.unwrap_or(most.min(20)).clamp(1, most))
}

/// A cursor from the sort key of the last item of a page.
pub fn cursor(key: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).expect("sort keys are plain data"))
}

/// The sort key in a cursor.
pub fn place<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, Refusal> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|error| Refusal::malformed("cursor", error))?;
    serde_json::from_slice(&bytes).map(Some).map_err(|error| Refusal::malformed("cursor", error))
}

/// Cuts a list that was asked one item too many to its page, and says where the next begins.
pub fn cut<T>(mut items: Vec<T>, limit: i64, key: impl FnOnce(&T) -> String) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return (items, None);
    }
    items.truncate(limit);
    let next = items.last().map(key);
    (items, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let (items, next) = cut(vec![1, 2, 3], 2, cursor);
        assert_eq!((items, place::<i32>(next.as_deref()).unwrap()), (vec![1, 2], Some(2)));
        assert_eq!(cut(vec![1, 2], 2, cursor), (vec![1, 2], None));
        assert!(place::<i32>(Some("!")).is_err());
        assert!(place::<i32>(Some("bm8")).is_err());
        assert_eq!((limit(None, 100), limit(Some(0), 100), limit(Some(1000), 60)), (20, 1, 60));
    }
}
