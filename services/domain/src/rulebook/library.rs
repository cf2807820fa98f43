//! The rulebooks of all regions, merged into the rules of one category in one region.

use super::set::RuleSet;
use super::version::RulebookVersion;
use crate::finding::{Finding, Text};
use crate::region::RegionCode;
use crate::rights::Category;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use toml::Table;

/// The rulebooks that the program carries: the national defaults and a county for demonstration.
const BUILTIN: [&str; 2] =
    [include_str!("../../data/rulebooks/national.toml"), include_str!("../../data/rulebooks/500229.toml")];

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    BUILTIN.iter().fold(Library::default(), |library, file| {
        library.with(file).expect("the files of data/rulebooks are checked by a test")
    })
});

/// A file as it is written. Rules stay untyped until they are merged: an override replaces a rule whole, with its basis.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    region: RegionCode,
    title: Text,
    #[serde(default)]
    default: Table,
    #[serde(default)]
    category: BTreeMap<Category, Table>,
}

/// A set of rulebook files, at most one for each region.
#[derive(Clone, Debug, Default)]
pub struct Library {
    files: BTreeMap<RegionCode, File>,
}

/// What a library holds for a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// The region.
    pub region: RegionCode,
    /// Label of its version.
    pub version: String,
    /// Its name.
    pub title: Text,
}

/// The rules of one category in one region (规则手册), and what a lot pins of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    /// Region, category, labels and digest.
    pub version: RulebookVersion,
    /// The rules.
    pub rules: RuleSet,
}

impl Library {
    /// The rulebooks that the program carries.
    pub fn builtin() -> &'static Self {
        &LIBRARY
    }

    /// This library with one more file; it takes the place of the region's earlier one.
    ///
    /// # Errors
    /// Rule `rulebook.file` where the file is no rulebook; `rulebook.unknown-rule` where it names a rule that does not exist;
    /// `rulebook.rule` where a rule's value, basis or words are wrong (found by merging every category it touches);
    /// `rulebook.national` where the first file is not the national one, which alone has every rule.
    pub fn with(&self, text: &str) -> Result<Self, Finding> {
        let file: File = toml::from_str(text).map_err(|error| file_broken(&error.to_string()))?;
        if file.version.trim().is_empty() || file.version.contains('+') {
            return Err(file_broken("version must be a label without +"));
        }
        let region = file.region;
        if region != RegionCode::EVERYWHERE && !self.files.contains_key(&RegionCode::EVERYWHERE) {
            return Err(Finding::refusal(
                "rulebook.national",
                "规则手册分级",
                Text::new("还没有全国通行规则", "there are no national rules yet"),
                Text::new("先导入全国通行规则", "load the national rulebook first"),
            ));
        }
        for (category, rules) in
            std::iter::once((None, &file.default)).chain(file.category.iter().map(|(c, r)| (Some(*c), r)))
        {
            if let Some(unknown) = rules.keys().find(|name| !RuleSet::NAMES.contains(&name.as_str())) {
                return Err(unknown_rule(unknown, category));
            }
        }
        let mut library = self.clone();
        library.files.insert(region, file);
        for category in Category::ALL {
            library.rulebook(region, *category)?;
        }
        Ok(library)
    }

    /// The regions that have a file of their own.
    pub fn files(&self) -> impl Iterator<Item = FileEntry> + '_ {
        self.files.values().map(|file| FileEntry {
            region: file.region,
            version: file.version.clone(),
            title: file.title.clone(),
        })
    }

    /// The rules of `category` in `region`.
    ///
    /// From the weakest: the defaults of the country, then of each narrower region that has a file, then the category's own rules
    /// in the same order. A category's rule therefore goes before any region's default: what the law says of construction land
    /// is not undone by a county's general announcement period, only by its rule for construction land.
    ///
    /// # Errors
    /// `rulebook.rule` where a rule is missing or wrong; can't happen for a library built by [`Self::with`].
    pub fn rulebook(&self, region: RegionCode, category: Category) -> Result<Rulebook, Finding> {
        let mut chain: Vec<&File> = region.with_ancestors().filter_map(|code| self.files.get(&code)).collect();
        chain.reverse();
        let mut merged = Table::new();
        let defaults = chain.iter().map(|file| Some(&file.default));
        let own = chain.iter().map(|file| file.category.get(&category));
        for rules in defaults.chain(own).flatten() {
            merged.extend(rules.clone());
        }
        let rules: RuleSet =
            merged.try_into().map_err(|error: toml::de::Error| rule_broken(&error.to_string(), category))?;
        let rules = rules.named();
        let version = chain.iter().map(|file| file.version.as_str()).collect::<Vec<_>>().join("+");
        let region = chain.last().map_or(RegionCode::EVERYWHERE, |file| file.region);
        let digest = digest_of(region, category, &version, &rules)?;
        Ok(Rulebook { version: RulebookVersion { region, category, version, digest }, rules })
    }
}

/// SHA-256 of the merged rules in canonical JSON (RFC 8785).
fn digest_of(region: RegionCode, category: Category, version: &str, rules: &RuleSet) -> Result<String, Finding> {
    #[derive(Serialize)]
    struct Canonical<'a> {
        region: RegionCode,
        category: Category,
        version: &'a str,
        rules: &'a RuleSet,
    }
    let bytes = serde_jcs::to_vec(&Canonical { region, category, version, rules })
        .map_err(|error| rule_broken(&error.to_string(), category))?;
    Ok(hex::encode(digest(&SHA256, &bytes)))
}

fn file_broken(error: &str) -> Finding {
    Finding::refusal(
        "rulebook.file",
        "规则手册格式",
        Text::new(format!("规则手册无法读取:{error}"), format!("the rulebook can't be read: {error}")),
        Text::new("按格式更正", "correct it"),
    )
}

fn unknown_rule(name: &str, category: Option<Category>) -> Finding {
    let place = category.map_or("default", Category::code);
    Finding::refusal(
        "rulebook.unknown-rule",
        "规则手册格式",
        Text::new(format!("没有名为“{name}”的规则({place})"), format!("there is no rule named {name} (in {place})")),
        Text::new("核对规则名称", "check the rule's name"),
    )
    .with_fact("name", name)
    .with_fact("category", place)
}

fn rule_broken(error: &str, category: Category) -> Finding {
    Finding::refusal(
        "rulebook.rule",
        "规则手册格式",
        Text::new(format!("“{category}”的规则有误:{error}"), format!("a rule of {category} is wrong: {error}")),
        Text::new("更正该规则", "correct the rule"),
    )
    .with_fact("category", category)
}
