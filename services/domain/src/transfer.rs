//! What kind of right a transfer gives the taker (流转后取得的权利), as the registry records it.

use crate::rights::{Category, TransferMode};

/// The kind of right that passes: `management` of land (经营权, 农村土地承包法 art. 36: whatever form its circulation takes), `lease` of things
/// (租赁权, 民法典 art. 703), `use` of construction land, homesteads, irrigation works and intellectual property (使用权), `sublease` where the
/// present holder passes on what it holds itself (再流转, 农村土地承包法 art. 46).
///
/// Where the category is not known yet it is `management`, the strictest: the registry then finds whatever runs on the land.
pub const fn right_kind(category: Option<Category>, mode: Option<TransferMode>) -> &'static str {
    match (category, mode) {
        (_, Some(TransferMode::Sublease)) => "sublease",
        (Some(Category::OperatingAsset | Category::Equipment), _) => "lease",
        (Some(Category::ConstructionLand | Category::HomesteadUse | Category::Irrigation | Category::Ip), _) => "use",
        _ => "management",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn land_passes_in_management_whatever_the_form() {
        for category in Category::ALL.iter().filter(|category| category.is_land()) {
            let expected = if *category == Category::ConstructionLand { "use" } else { "management" };
            assert_eq!(right_kind(Some(*category), Some(TransferMode::Lease)), expected);
            assert_eq!(right_kind(Some(*category), Some(TransferMode::Sublease)), "sublease");
        }
        assert_eq!(right_kind(Some(Category::OperatingAsset), Some(TransferMode::Lease)), "lease");
        assert_eq!(right_kind(None, None), "management");
    }
}
