//! Findings of the registry: the ones that more than one use case needs, and what the database's named constraints mean.

use sanbian_domain::finding::{Finding, Text};
use sanbian_runtime::Refusal;
use sqlx::postgres::PgDatabaseError;

/// A refusal from its parts; texts are Chinese, English.
pub fn refuse(
    rule: impl Into<String>,
    basis: impl Into<String>,
    message: (impl Into<String>, impl Into<String>),
    remedy: (impl Into<String>, impl Into<String>),
) -> Finding {
    Finding::refusal(rule, basis, Text::new(message.0, message.1), Text::new(remedy.0, remedy.1))
}

/// On what two rights can't run on the same land.
pub const EXCLUSIVE: &str = "《民法典》第一百一十四条（物权的排他性）;国办发〔2014〕71号（产权明晰方可交易）";

/// Another right runs on the land in the term.
pub fn overlap() -> Finding {
    refuse(
        "right.term-overlap",
        EXCLUSIVE,
        ("该地块在此期限内已有其他权利。", "Another right runs on this land in this term."),
        (
            "请调整期限或范围，或先登记原权利终止。",
            "Change the term or the part, or first record the end of the other right.",
        ),
    )
}

/// The identity number is registered already.
pub fn identity_registered() -> Finding {
    refuse(
        "party.identity-registered",
        "平台规则：一人（一户、一个组织）一个当事人档案 (platform rule: nobody is two parties)",
        ("该证件号码已登记。", "This identity number is registered already."),
        (
            "请使用原账号登录；如号码被他人登记，请联系交易中心。",
            "Sign in with the account that registered it; if somebody else did, tell the exchange.",
        ),
    )
    .at("identity_number")
}

/// The account has a party already.
pub fn one_party() -> Finding {
    refuse(
        "party.one-per-account",
        "平台规则：一个账号对应一个当事人 (platform rule: one party an account)",
        ("该账号已登记当事人。", "This account has registered its party already."),
        ("如信息有误，请联系交易中心更正。", "If something is wrong in it, ask the exchange to correct it."),
    )
}

/// The collective is registered already.
pub fn collective_registered() -> Finding {
    refuse(
        "collective.registered",
        "《农村集体经济组织法》（登记）;GB 32100-2015",
        ("该统一社会信用代码已登记。", "This social credit code is registered already."),
        ("请核对代码，或直接使用已登记的组织。", "Check the code, or use the organisation that is registered."),
    )
    .at("uscc")
}

/// A right on a part of something without geometry.
pub fn part_needs_land() -> Finding {
    refuse(
        "right.part-needs-land",
        "平台规则：部分权利须有图形 (platform rule: a part needs a map)",
        (
            "该资产没有地块图形，不能登记其中一部分的权利。",
            "The asset has no geometry, so no right can run on a part of it.",
        ),
        ("请先补充资产的地块图形。", "First add the asset's geometry."),
    )
    .at("part")
}

/// What a database error means: a business finding where a named constraint speaks, else the fault it is.
pub fn by_constraint(error: sqlx::Error) -> Refusal {
    let Some(constraint) = Refusal::constraint(&error) else { return error.into() };
    let finding = match constraint {
        "parties_identity_key" => identity_registered(),
        "parties_account_key" => one_party(),
        "collectives_uscc_key" => collective_registered(),
        "rights_asset_term_excl" | "rights_land_term_excl" => with_details(overlap(), &error),
        "rights_asset_lot_key" => refuse(
            "right.lot-recorded",
            "平台规则：一次成交对一项资产只登记一次权利 (platform rule: one right from a lot on an asset)",
            ("该标的对此资产的权利已登记。", "The right from this lot on this asset is recorded already."),
            ("请查看该资产已登记的权利。", "Look at the rights recorded on the asset."),
        ),
        "rights_part_needs_land" => part_needs_land(),
        "rights_part_within" => refuse(
            "right.part-within",
            "平台规则：部分不得超出整体 (platform rule: a part lies within the whole)",
            ("所填部分超出资产的地块范围。", "The part lies outside the asset's land."),
            ("请核对图形。", "Check the geometry."),
        )
        .at("part"),
        "rights_part_valid" => crate::survey::invalid("part", "", "").at("part"),
        _ => return error.into(),
    };
    Refusal::conflict(finding)
}

/// Adds what the database's guard tells of the right that stands against it, `name=value` words.
fn with_details(mut finding: Finding, error: &sqlx::Error) -> Finding {
    let detail = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .and_then(PgDatabaseError::detail)
        .unwrap_or_default();
    for (name, value) in detail.split_whitespace().filter_map(|word| word.split_once('=')) {
        if ["right", "asset", "from", "until"].contains(&name) {
            finding = finding.with_fact(name, value);
        }
    }
    finding
}
