//! Files, merging and digests.

use crate::region::RegionCode;
use crate::rights::Category;
use crate::rulebook::{Library, RuleSet};
use std::collections::BTreeSet;

const NATIONAL: &str = include_str!("../../../data/rulebooks/national.toml");

fn region(code: &str) -> RegionCode {
    code.parse().expect("a region of the test")
}

fn national() -> Library {
    Library::default().with(NATIONAL).expect("the national rules read")
}

fn county(rules: &str) -> String {
    format!("version = \"t1\"\nregion = \"500229\"\ntitle = {{ zh = \"县\", en = \"county\" }}\n{rules}")
}

const RULE: &str = "basis = \"县规则\"\nzh = \"公告七个工作日\"\nen = \"seven working days\"\n";

#[test]
fn every_builtin_rule_has_basis_and_both_languages() {
    for category in Category::ALL {
        for code in ["", "50", "500229", "500229101200"] {
            let book = Library::builtin().rulebook(region(code), *category).expect("merges");
            let entries = book.rules.entries();
            assert_eq!(entries.len(), RuleSet::NAMES.len());
            for entry in entries {
                assert!(!entry.basis.trim().is_empty(), "{} of {category}: basis", entry.name);
                assert!(entry.text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}: zh", entry.name);
                assert!(entry.text.en.is_ascii() && !entry.text.en.is_empty(), "{} of {category}: en", entry.name);
            }
        }
    }
}

#[test]
fn rules_keep_the_name_they_stand_under() {
    let book = national().rulebook(RegionCode::EVERYWHERE, Category::Water).expect("merges");
    assert_eq!(book.rules.announcement.name(), "announcement.period");
    assert_eq!(book.rules.entries()[0].name, "notice.required");
    assert_eq!(RuleSet::NAMES.iter().collect::<BTreeSet<_>>().len(), RuleSet::NAMES.len());
}

#[test]
fn a_narrower_region_replaces_a_rule_whole_and_only_below_it() {
    let library = national()
        .with(&county(&format!("[default.\"announcement.period\"]\nvalue = {{ count = 7, working = true }}\n{RULE}")));
    let library = library.expect("reads");
    let rule = |code: &str, category| library.rulebook(region(code), category).expect("merges").rules.announcement;
    let inside = rule("500229101", Category::Forest);
    assert_eq!((inside.value.count, inside.basis.as_str()), (7, "县规则"));
    assert_eq!(rule("500230", Category::Forest).value.count, 10);
    assert_eq!(rule("50", Category::Forest).value.count, 10);
    // What the country says of construction land is not undone by a county's general rule.
    let land = rule("500229", Category::ConstructionLand).value;
    assert_eq!((land.count, land.working), (20, false));
}

#[test]
fn a_categorys_rule_of_the_county_goes_before_the_countrys() {
    let text = county(&format!(
        "[category.construction-land.\"announcement.period\"]\nvalue = {{ count = 30, working = false }}\n{RULE}"
    ));
    let library = national().with(&text).expect("reads");
    let book = library.rulebook(region("500229"), Category::ConstructionLand).expect("merges");
    assert_eq!(book.rules.announcement.value.count, 30);
    assert_eq!(book.version.version, "cn-2026.1+t1");
    assert_eq!(book.version.region, region("500229"));
}

#[test]
fn the_digest_follows_the_rules_and_nothing_else() {
    let digest = |library: &Library, code: &str, category| {
        library.rulebook(region(code), category).expect("merges").version.digest
    };
    let plain = national();
    let first = digest(&plain, "", Category::Water);
    assert_eq!(first.len(), 64);
    assert_eq!(
        first,
        digest(&national(), "110101", Category::Water),
        "a region without a file has the country's rules"
    );
    assert_ne!(first, digest(&plain, "", Category::Forest));
    let commented = Library::default().with(&format!("# a comment\n{NATIONAL}")).expect("reads");
    assert_eq!(first, digest(&commented, "", Category::Water));
    let changed = Library::default().with(&NATIONAL.replace("steps = 10", "steps = 11")).expect("reads");
    assert_ne!(first, digest(&changed, "", Category::Water));
}

#[test]
fn files_are_read_strictly() {
    let rule = |text: &str| national().with(&county(text)).expect_err("refused").rule;
    assert_eq!(rule("unknown = 1"), "rulebook.file");
    assert_eq!(rule("[category.spaceship]"), "rulebook.file");
    assert_eq!(rule("[default.\"announcement.perid\"]\nvalue = 1"), "rulebook.unknown-rule");
    assert_eq!(
        rule("[default.\"announcement.period\"]\nvalue = { count = 7, working = true }"),
        "rulebook.rule",
        "no basis"
    );
    assert_eq!(rule(&format!("[default.\"announcement.period\"]\nvalue = {{ count = 7 }}\n{RULE}")), "rulebook.rule");
    assert_eq!(
        rule(&format!("[default.\"announcement.period\"]\nvalue = {{ count = 7, working = true }}\nother = 1\n{RULE}")),
        "rulebook.rule"
    );
    assert_eq!(
        rule(&format!("[default.\"auction.free-minutes\"]\nvalue = {{ min = 60, max = 30, default = 60 }}\n{RULE}")),
        "rulebook.rule"
    );
    assert_eq!(national().with("not toml").expect_err("refused").rule, "rulebook.file");
    assert_eq!(Library::default().with(&county("")).expect_err("refused").rule, "rulebook.national");
    let gap = NATIONAL.replace("[default.\"announcement.period\"]", "[category.other.\"announcement.period\"]");
    assert_eq!(Library::default().with(&gap).expect_err("a rule is missing").rule, "rulebook.rule");
}
