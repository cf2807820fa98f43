//! Priority rights (优先权) as a notice publishes them.

use crate::rights::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// Who goes first at the same price and terms.
    PriorityHolder, "priority holder" {
        /// Members of the collective (本集体经济组织成员、本村村民).
        Member = "member", "本集体经济组织成员", "member of the collective";
        /// The sitting lessee or contractor (原承租人、原承包人).
        SittingLessee = "sitting-lessee", "原承租(承包)人", "sitting lessee or contractor";
        /// A co-owner (共有人、其他股东).
        CoOwner = "co-owner", "共有人(其他股东)", "co-owner or fellow shareholder";
        /// Somebody the notice names by kind (其他).
        Other = "other", "公告载明的其他优先权人", "another holder named in the notice";
    }
}

codes! {
    /// How the right is used.
    Exercise, "exercise" {
        /// By matching the leading price during the auction (竞价中同价优先).
        Match = "match", "竞价中按同价报价行使", "matching the leading price in the auction";
        /// By taking the final price within a window after it (行权期).
        Window = "window", "竞价结束后行权期内行使", "taking the final price in a window after the auction";
    }
}

codes! {
    /// Who alone may register.
    Eligibility, "eligibility" {
        /// Members of the collective (限本集体成员、本村村民).
        Members = "members", "限本集体经济组织成员(本村村民)", "members of the collective only";
        /// Members, and the sitting lessee (限本村村民及原承包者).
        MembersAndSittingLessee = "members-and-sitting-lessee", "限本村村民及原承包者", "members and the sitting lessee only";
        /// Members first; others only where too few members register (本村有效报名不足才对外开放).
        MembersFirst = "members-first", "本村有效报名不足方对外开放", "others only where too few members register";
        /// Residents of the township or county named in the notice (限本区、本镇).
        Residents = "residents", "限公告载明地域内的人员", "residents of the named area only";
    }
}

/// The priority terms of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PriorityTerms))]
#[serde(default, deny_unknown_fields)]
pub struct Priority {
    /// Holders by rank, the first going first; equal ranks stand in one list. Empty with `none` where there is no right.
    pub ranks: Vec<Vec<PriorityHolder>>,
    /// Whether the notice says that there is no priority right in this lot (不设置优先权人、原承租人优先权:否).
    pub none: bool,
    /// How the right is used; none where the notice does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exercise: Option<Exercise>,
    /// Days of the window, with [`Exercise::Window`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u16>,
    /// Who alone may register; none = open to all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted_to: Option<Eligibility>,
    /// A promise for the *next* transfer ("再流转时同等条件优先"), which gives nothing in this one.
    pub next_time: bool,
    /// The notice's own words.
    pub text: String,
}
