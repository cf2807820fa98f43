//! Rights (交易品种): what may be traded, by whom it is held, how it passes on, and what never may be traded.

/// A code that is not one of the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: {code}")]
pub struct UnknownCode {
    /// Which list was looked at, such as `category`.
    pub what: &'static str,
    /// The text that is not in it.
    pub code: String,
}

/// Makes an enum whose kebab-case code, Chinese and English name stand in one line, so that they can't drift apart.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        // Not derived: the derive does not see a code that comes through a macro, and would describe the variants' Rust names.
        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::schema::codes($what, &[$(($code, $zh)),+])
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable kebab-case code, as in JSON, rulebooks and the log.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The name in both languages.
            pub fn name(self) -> $crate::finding::Text {
                match self { $(Self::$variant => $crate::finding::Text::new($zh, $en)),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::rights::UnknownCode;
            fn from_str(text: &str) -> Result<Self, $crate::rights::UnknownCode> {
                match text {
                    $($code => Ok(Self::$variant),)+
                    other => Err($crate::rights::UnknownCode { what: $what, code: other.to_owned() }),
                }
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// A category of rights (交易品种).
    Category, "category" {
        /// The management right over land contracted to a household (农户承包土地经营权).
        ContractedLand = "contracted-land", "农户承包土地经营权", "household contracted land-management right";
        /// Land the collective has not contracted to households (集体未承包、机动土地经营权).
        CollectiveLand = "collective-land", "集体未承包(机动)土地经营权", "collectively managed land";
        /// Waste mountain, gully, hill and beach (四荒).
        FourWastes = "four-wastes", "“四荒”使用权", "use right of waste mountain, gully, hill and beach";
        /// Forest land and trees (林权).
        Forest = "forest", "林权", "forest right";
        /// Water for aquaculture (养殖水面).
        Water = "water", "养殖水面经营权", "aquaculture water right";
        /// Shops, plants, warehouses and other operating assets (集体经营性资产).
        OperatingAsset = "operating-asset", "集体经营性资产", "collective operating asset";
        /// Shares of a collective or of an enterprise (股权).
        Equity = "equity", "农村集体经济组织股权/企业股权", "equity share";
        /// Farm facilities and machines (农业生产设施设备).
        Equipment = "equipment", "农业生产设施设备", "farm facilities and equipment";
        /// Small irrigation works and their water (小型水利设施).
        Irrigation = "irrigation", "小型水利设施使用权", "small irrigation facility use right";
        /// Patents, varieties, marks (农业类知识产权).
        Ip = "ip", "农业类知识产权", "agricultural intellectual property";
        /// Construction land the collective may put on the market (集体经营性建设用地).
        ConstructionLand = "construction-land", "集体经营性建设用地使用权", "collective construction-land use right";
        /// Homesteads and farmhouses, for lease and joint venture only (宅基地、农房).
        HomesteadUse = "homestead-use", "宅基地/农房使用权", "homestead and farmhouse use";
        /// Works, procurement, investment invitations (涉农项目).
        Project = "project", "涉农项目(招标、招商、采购)", "rural works, procurement and investment invitation";
        /// Anything else the rulebook admits (其他).
        Other = "other", "其他", "other";
    }
}

impl Category {
    /// Whether the thing transferred is land or water measured by area, whose price can be told per mu and year.
    pub const fn is_land(self) -> bool {
        matches!(
            self,
            Self::ContractedLand
                | Self::CollectiveLand
                | Self::FourWastes
                | Self::Forest
                | Self::Water
                | Self::ConstructionLand
        )
    }
}

codes! {
    /// How the right passes on (流转方式).
    TransferMode, "transfer mode" {
        /// A lease against rent (出租).
        Lease = "lease", "出租", "lease";
        /// Contracting-out by the collective (发包、承包).
        ContractingOut = "contracting-out", "发包(承包)", "contracting-out";
        /// Passing the right itself to another (转让).
        Transfer = "transfer", "转让", "transfer";
        /// Circulation of a management right in a form the notice leaves open (流转).
        Circulation = "circulation", "流转", "circulation";
        /// Contribution to a company or cooperative as shares (入股).
        Contribution = "contribution", "入股", "contribution as shares";
        /// First grant of a use right by the owner for a term (出让).
        Grant = "grant", "出让", "grant";
        /// Exchange of plots inside the collective (互换).
        Exchange = "exchange", "互换", "exchange of plots";
        /// Sublease by the present holder (转包、再流转).
        Sublease = "sublease", "转包", "sublease";
        /// Joint venture with the right as one side's part (合作、联营).
        JointVenture = "joint-venture", "合作(联营)", "joint venture";
        /// Entrusting the running to another (托管、委托经营).
        Entrustment = "entrustment", "托管", "entrusted management";
        /// Purchase or works on the collective's behalf (采购、发包工程).
        Procurement = "procurement", "采购", "procurement";
        /// Another form named in the notice (其他).
        Other = "other", "其他方式", "another form";
    }
}

codes! {
    /// Who holds the right that is offered (权利人性质).
    Holder, "holder" {
        /// A village's or township's collective economic organisation (农村集体经济组织).
        Collective = "collective", "农村集体经济组织", "collective economic organisation";
        /// A villagers' group or several of them (村民小组).
        CollectiveGroup = "collective-group", "村民小组", "villagers' group";
        /// Households that gave the collective their written mandate (农户委托).
        HouseholdEntrusted = "household-entrusted", "农户(委托集体)", "households by mandate to the collective";
        /// One household by itself (农户).
        Household = "household", "农户", "household";
        /// Household land and the collective's own land in one lot (农户与集体混合).
        Mixed = "mixed", "农户(委托集体)与集体混合", "households by mandate and the collective together";
        /// The state, through the authority in charge (国有).
        State = "state", "国有", "state";
        /// A state farm (国有农场).
        StateFarm = "state-farm", "国有农场", "state farm";
        /// A state forest farm (国有林场).
        StateForestFarm = "state-forest-farm", "国有林场", "state forest farm";
        /// A company owned by the state (国有企业).
        StateCompany = "state-company", "国有企业", "state company";
        /// A township's people's government (乡镇人民政府).
        TownshipGovernment = "township-government", "乡镇人民政府", "township government";
        /// A company or farmers' cooperative (企业、农民专业合作社).
        Enterprise = "enterprise", "企业或农民专业合作社", "enterprise or farmers' cooperative";
        /// Somebody else named in the notice (其他).
        Other = "other", "其他", "another holder";
    }
}

impl Holder {
    /// Whether the lot belongs to a collective wholly or in part, so that members must have decided on it.
    pub const fn needs_collective_decision(self) -> bool {
        matches!(self, Self::Collective | Self::CollectiveGroup | Self::HouseholdEntrusted | Self::Mixed)
    }

    /// Whether households' written mandates must be there.
    pub const fn needs_mandates(self) -> bool {
        matches!(self, Self::HouseholdEntrusted | Self::Mixed)
    }
}

codes! {
    /// Why a thing may never be traded (禁止交易情形).
    NeverTradable, "bar" {
        /// Ownership of collective land (集体土地所有权).
        LandOwnership = "land-ownership", "集体土地所有权", "ownership of collective land";
        /// The household's contracting right itself (农户土地承包权).
        ContractingRight = "contracting-right", "农户土地承包权", "the household's contracting right itself";
        /// Ownership is in dispute (权属有争议).
        Contested = "contested", "权属不清或者有争议", "title unclear or in dispute";
        /// Sealed or seized by an authority (被查封、扣押).
        Sealed = "sealed", "被依法查封、扣押", "sealed or seized by an authority";
        /// Mortgaged, and the mortgagee has not consented (抵押未经同意).
        Mortgaged = "mortgaged", "已设定抵押且未经抵押权人同意", "mortgaged without the mortgagee's consent";
        /// Inside an announced expropriation (征收公告范围内).
        Expropriation = "expropriation", "已列入征收公告范围", "inside an announced expropriation";
        /// Residential building on construction land (建设用地用于住宅).
        Residential = "residential", "集体经营性建设用地用于商品住宅", "commercial housing on collective construction land";
        /// Sale of a homestead (宅基地买卖).
        HomesteadSale = "homestead-sale", "宅基地买卖", "sale of a homestead";
    }
}

impl NeverTradable {
    /// The statute the bar rests on.
    pub const fn basis(self) -> &'static str {
        match self {
            Self::LandOwnership => "《土地管理法》第二条第三款、第九条;《农村土地承包法》第四条",
            Self::ContractingRight => "《农村土地承包法》第九条、第四条",
            Self::Contested => "国办发〔2014〕71号(产权明晰方可交易)",
            Self::Sealed => "《民事诉讼法》第一百一十四条第一款第三项",
            Self::Mortgaged => "《民法典》第四百零六条",
            Self::Expropriation => "《土地管理法》第四十七条;《土地管理法实施条例》第二十六条",
            Self::Residential => "《土地管理法》第六十三条;《土地管理法实施条例》第三十八条",
            Self::HomesteadSale => "《土地管理法》第六十二条",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_matches_its_json() {
        for category in Category::ALL {
            assert_eq!(category.code().parse::<Category>().as_ref(), Ok(category));
            assert_eq!(serde_json::to_string(category).expect("plain enum"), format!("\"{}\"", category.code()));
        }
        for mode in TransferMode::ALL {
            assert_eq!(mode.code().parse::<TransferMode>().as_ref(), Ok(mode));
        }
        for holder in Holder::ALL {
            assert_eq!(holder.code().parse::<Holder>().as_ref(), Ok(holder));
        }
        for bar in NeverTradable::ALL {
            assert_eq!(bar.code().parse::<NeverTradable>().as_ref(), Ok(bar));
        }
        assert_eq!(Category::ALL.len(), 14);
        assert!("Forest".parse::<Category>().is_err());
    }
}
