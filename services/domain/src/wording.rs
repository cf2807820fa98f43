//! Reading words of a notice (文字识别): whether a text asserts a word, or forbids it.
//!
//! "用途:住宅" asserts it, "不得用于住宅、商品房" forbids it. A notice forbids within a clause, so clauses are looked at one by one.

/// Words after which what follows in the clause is forbidden or excluded.
const NEGATIONS: [&str; 11] =
    ["不得", "禁止", "严禁", "不能", "不准", "不许", "不可", "防止", "杜绝", "不含", "不包括"];

/// Syllables that turn the very word behind them into its opposite ("非住宅"); further off they say nothing ("非遗工坊、住宅").
const PREFIXES: [&str; 2] = ["非", "无"];

/// Words that take back what stands before them in the clause.
const EXCEPTIONS: [&str; 1] = ["除外"];

/// The clauses of a text.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ',', '。', ';', ';', '\n', '(', ')', '(', ')'])
}

/// Whether some clause of `text` contains `word` without forbidding it.
pub(crate) fn asserts(text: &str, word: &str) -> bool {
    clauses(text).any(|clause| {
        clause.match_indices(word).any(|(at, _)| {
            let before = clause.get(..at).unwrap_or_default();
            let after = clause.get(at + word.len()..).unwrap_or_default();
            !NEGATIONS.iter().any(|no| before.contains(no))
                && !PREFIXES.iter().any(|no| before.ends_with(no))
                && !EXCEPTIONS.iter().any(|no| after.contains(no))
        })
    })
}

/// The first of `words` that `text` asserts.
pub(crate) fn first_asserted<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    words.into_iter().find(|word| !word.is_empty() && asserts(text, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_asserted_unless_its_clause_forbids_it() {
        assert!(asserts("商业、住宅", "住宅"));
        assert!(asserts("不得转租,可建住宅", "住宅"));
        assert!(!asserts("不得用于住宅、商品房", "商品房"));
        assert!(!asserts("严禁非农建设", "非农建设"));
        assert!(!asserts("工业(住宅除外)", "住宅"));
        assert!(!asserts("非住宅用途", "住宅"));
        assert!(asserts("非遗工坊、住宅", "住宅"));
        assert!(!asserts("", "住宅"));
    }
}
