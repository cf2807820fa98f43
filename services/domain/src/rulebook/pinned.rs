//! Rules word for word: what a lot pins, as it is kept, published and read back.

use super::set::RuleSet;
use super::{Rulebook, RulebookVersion};
use crate::finding::{Finding, Text};
use crate::region::RegionCode;
use crate::rights::Category;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Written<'a> {
    region: RegionCode,
    category: Category,
    version: &'a str,
    rules: &'a RuleSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    region: RegionCode,
    category: Category,
    version: String,
    rules: RuleSet,
}

impl Rulebook {
    /// The rules in canonical JSON (RFC 8785): the bytes whose SHA-256 is the version's digest.
    pub fn canonical(&self) -> String {
        let RulebookVersion { region, category, version, .. } = &self.version;
        serde_jcs::to_string(&Written { region: *region, category: *category, version, rules: &self.rules })
            .expect("rules are plain data with text keys")
    }

    /// Reads rules back from their canonical JSON.
    ///
    /// # Errors
    /// Rule `rulebook.file` where the text is no rulebook, or not the canonical form of what it says.
    pub fn from_canonical(text: &str) -> Result<Self, Finding> {
        let Read { region, category, version, rules } =
            serde_json::from_str(text).map_err(|error| broken(&error.to_string()))?;
        let digest = hex::encode(digest(&SHA256, text.as_bytes()));
        let book = Self { version: RulebookVersion { region, category, version, digest }, rules: rules.named() };
        if book.canonical() == text { Ok(book) } else { Err(broken("not in canonical form")) }
    }
}

fn broken(error: &str) -> Finding {
    Finding::refusal(
        "rulebook.file",
        "规则手册格式",
        Text::new(format!("规则手册无法读取:{error}"), format!("the rulebook can't be read: {error}")),
        Text::new("核对规则手册的摘要", "check the rulebook's digest"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Library;

    #[test]
    fn rules_read_back_to_the_digest_that_is_pinned() {
        for category in Category::ALL {
            let region: RegionCode = "500229101202".parse().expect("a region");
            let book = Library::builtin().rulebook(region, *category).expect("built in");
            let text = book.canonical();
            assert_eq!(Rulebook::from_canonical(&text).expect("reads back"), book);
            assert!(Rulebook::from_canonical(&format!("{text} ")).is_err(), "another text has another digest");
        }
        assert!(Rulebook::from_canonical("{}").is_err());
    }
}
