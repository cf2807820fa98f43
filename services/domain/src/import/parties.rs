//! What is offered, by whom and where: title, category, holder, way of passing, place.

use super::draft::Draft;
use super::say::{note, refuse, shown, warn};
use crate::notice::Location;
use crate::rights::{Category, Holder, NeverTradable, TransferMode};
use crate::rulebook::never_tradable;

pub(super) fn read(draft: &mut Draft<'_>) {
    title(draft);
    category(draft);
    holder(draft);
    mode(draft);
    let get = |column: &str| draft.row.get(column).to_owned();
    draft.notice.location = Location {
        province: get("province"),
        city: get("city"),
        county: get("county"),
        township: get("township"),
        village: get("village"),
        detail: String::new(),
    };
    draft.notice.intended_use = get("intended_use");
    draft.notice.special_conditions = get("special_conditions");
    let clauses = |wanted: &[&str]| {
        draft
            .row
            .get("special_conditions")
            .split([';', ';', '。'])
            .filter(|clause| wanted.iter().any(|word| clause.contains(word)))
            .collect::<Vec<_>>()
            .join(";")
    };
    draft.notice.restrictions = clauses(&["不得", "严禁", "禁止"]);
    draft.notice.qualification = clauses(&["周岁", "自然人", "联合体", "不得报名", "资格", "限本"]);
    troubles(draft);
}

fn title(draft: &mut Draft<'_>) {
    draft.notice.title = draft.get("title").to_owned();
    if draft.notice.title.is_empty() {
        draft.say(warn("title.missing", "title", "没有标的名称", "the lot has no name"));
    }
}

fn category(draft: &mut Draft<'_>) {
    draft.notice.category_text = draft.get("category_text").to_owned();
    let text = draft.get("category");
    if text.is_empty() {
        draft.say(warn("category.missing", "category", "没有写明交易品种", "the category is not stated"));
        return;
    }
    let by_name = |text: &str| Category::ALL.iter().copied().find(|category| category.name().zh == text);
    match text.parse::<Category>().ok().or_else(|| by_name(text)) {
        Some(category) => draft.notice.category = Some(category),
        None => draft.say(
            refuse(
                "category.unknown",
                "category",
                format!("没有名为“{}”的交易品种", shown(text)),
                format!("there is no category {}", shown(text)),
            )
            .with_fact("text", shown(text)),
        ),
    }
}

/// The first pair whose any word is in the text.
fn by_words<T: Copy>(text: &str, table: &[(&[&str], T)]) -> Option<T> {
    table.iter().find(|(words, _)| words.iter().any(|word| text.contains(word))).map(|(_, value)| *value)
}

fn holder(draft: &mut Draft<'_>) {
    const HOLDERS: [(&[&str], Holder); 12] = [
        (&["state forest farm", "国有林场"], Holder::StateForestFarm),
        (&["state farm", "国有农场", "农垦"], Holder::StateFarm),
        (
            &["state company", "state agricultural investment company", "国有企业", "国有公司", "国资"],
            Holder::StateCompany,
        ),
        (
            &["township government", "镇人民政府", "乡人民政府", "镇政府", "乡政府", "街道办"],
            Holder::TownshipGovernment,
        ),
        (&["and collective land", "household and collective", "农户和集体", "农户与集体"], Holder::Mixed),
        (&["household land", "农户委托", "委托集体"], Holder::HouseholdEntrusted),
        (&["household", "农户"], Holder::Household),
        (&["collective group", "village group", "村民小组", "生产队"], Holder::CollectiveGroup),
        (&["collective", "村集体", "集体经济", "经济合作社", "经济联合社", "村委会", "村民委员会"], Holder::Collective),
        (&["cooperative", "company", "enterprise", "专业合作社", "公司", "企业"], Holder::Enterprise),
        (&["state", "国有", "国家"], Holder::State),
        (&["集体"], Holder::Collective),
    ];
    let text = draft.get("holder");
    draft.notice.holder_text = text.to_owned();
    if text.is_empty() {
        return;
    }
    let holder = text.parse().ok().or_else(|| by_words(&text.to_lowercase(), &HOLDERS));
    draft.notice.holder = Some(holder.unwrap_or(Holder::Other));
    if holder.is_none() {
        draft.say(
            warn(
                "holder.unknown",
                "holder",
                format!("权利人“{}”不属于已知性质", shown(text)),
                format!("the holder \"{}\" is of no known kind", shown(text)),
            )
            .with_fact("text", shown(text)),
        );
    }
}

fn mode(draft: &mut Draft<'_>) {
    const MODES: [(&[&str], TransferMode); 12] = [
        (&["再流转", "转包", "转租"], TransferMode::Sublease),
        (&["出租", "租赁", "招租", "承租"], TransferMode::Lease),
        (&["发包", "承包"], TransferMode::ContractingOut),
        (&["出让"], TransferMode::Grant),
        (&["入股", "作价出资"], TransferMode::Contribution),
        (&["互换", "置换"], TransferMode::Exchange),
        (&["转让", "出售", "变卖"], TransferMode::Transfer),
        (&["托管", "委托经营"], TransferMode::Entrustment),
        (&["合作", "联营"], TransferMode::JointVenture),
        (&["采购", "招标采购", "招商"], TransferMode::Procurement),
        (&["流转"], TransferMode::Circulation),
        (&["经营权拍卖"], TransferMode::Other),
    ];
    let text = draft.get("transfer_mode");
    draft.notice.mode_text = text.to_owned();
    if text.is_empty() {
        return;
    }
    let mode = text.parse().ok().or_else(|| by_words(text, &MODES));
    draft.notice.mode = Some(mode.unwrap_or(TransferMode::Other));
    if mode.is_none() {
        draft.say(
            note(
                "mode.unknown",
                "mode",
                format!("流转方式“{}”按“其他”处理", shown(text)),
                format!("the way of passing \"{}\" is taken as another form", shown(text)),
            )
            .with_fact("text", shown(text)),
        );
    }
}

/// Bars that a notice admits about itself: dispute, seal, mortgage, expropriation.
fn troubles(draft: &mut Draft<'_>) {
    const TROUBLES: [(&[&str], NeverTradable); 4] = [
        (&["存在权属争议", "存在权属纠纷", "权属有争议", "权属不清", "有权属纠纷"], NeverTradable::Contested),
        (&["已查封", "被查封", "已被查封", "处于查封", "被司法查封"], NeverTradable::Sealed),
        (&["已抵押", "设有抵押", "已设定抵押", "处于抵押", "抵押未解除"], NeverTradable::Mortgaged),
        (&["已列入征收", "已发布征收公告", "在征收公告范围", "征收预公告范围"], NeverTradable::Expropriation),
    ];
    let words =
        format!("{};{};{}", draft.get("special_conditions"), draft.get("status_text"), draft.get("category_text"));
    for (phrases, bar) in TROUBLES {
        let Some(phrase) = phrases.iter().find(|phrase| crate::wording::asserts(&words, phrase)) else { continue };
        // A mortgage that the mortgagee has consented to is no bar.
        if bar == NeverTradable::Mortgaged && words.contains("抵押权人") && words.contains("同意") {
            continue;
        }
        draft.say(never_tradable(bar).at("special_conditions").with_fact("phrase", phrase));
    }
}
