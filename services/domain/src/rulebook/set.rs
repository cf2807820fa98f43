//! All rules of a category in a region, typed. A file that names another rule, or lacks one, is refused.

use super::rule::{Rule, RuleEntry};
use super::values::{
    Bidders, Bounds, Comparables, DepositShare, FeePayer, Field, LandPlan, PriorityRule, Relisting, StepShare,
    StopReason, TermLimit, Threshold, UseBar,
};
use crate::auction::ascending::Peers;
use crate::auction::outlier::Limits;
use crate::decision;
use crate::fee::FeeTable;
use crate::finding::Text;
use crate::notice::{Days, Eligibility};
use crate::ratio::Ratio;
use crate::rights::{Holder, TransferMode};
use serde::{Deserialize, Serialize};

macro_rules! rule_set {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $name:literal;)+) => {
        /// Every rule there is, by name. Fields are in the order of the business.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct RuleSet {
            $($(#[$doc])* #[serde(rename = $name)] pub $field: Rule<$type>,)+
        }

        impl RuleSet {
            /// The names of all rules.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Gives each rule the name it stands under; reading a file leaves it open.
            pub(super) fn named(mut self) -> Self {
                $(self.$field.name = $name;)+
                self
            }

            /// All rules as a page shows them, in the order of the business.
            pub fn entries(&self) -> Vec<RuleEntry> {
                vec![$(RuleEntry {
                    name: $name.to_owned(),
                    value: serde_json::to_value(&self.$field.value).unwrap_or(serde_json::Value::Null),
                    basis: self.$field.basis.clone(),
                    text: Text::new(&self.$field.zh, &self.$field.en),
                    severity: self.$field.severity,
                }),+]
            }
        }
    };
}

rule_set! {
    /// What must be filled in before submission (公告要素).
    required: Vec<Field> = "notice.required";
    /// Ways of passing this category admits; empty = all (流转方式).
    modes: Vec<TransferMode> = "mode.allowed";
    /// Uses that bar the lot (用途管制).
    use_bars: Vec<UseBar> = "use.barred";
    /// Longest term (期限上限).
    term_limit: TermLimit = "term.limit";
    /// Whether the term must end within the title's own (不得超过剩余期限).
    term_within_title: bool = "term.within-title";
    /// From how many years on a term is looked at specially (超长期限).
    term_long: u16 = "term.long";
    /// From how many years on the right can be registered (可登记年限); none where it can't.
    term_registrable: Option<u16> = "term.registrable";
    /// From how many months on a lease must be written (书面合同).
    written_from_months: u16 = "contract.written-from";
    /// From how many years on a rent without an escalator is looked at (无递增).
    escalator_from_years: u16 = "price.escalator-from";
    /// From which size on a transfer belongs to the county's exchange, below to the township's (进场级别).
    county_venue: Threshold = "venue.county";
    /// Whether the township reviews (乡镇审核).
    township_review: bool = "review.township";
    /// From which size on the county department reviews as well (县级审核).
    county_review: Threshold = "review.county";
    /// Thresholds of the collective's vote (民主决策).
    decision: decision::Rules = "decision.thresholds";
    /// Whether a collective's lot needs a vote at all (是否须经民主决策).
    decision_needed: bool = "decision.needed";
    /// Whether a taker outside the collective needs township approval, credit and capacity checks (向外部流转).
    outside_approval: bool = "decision.outside-approval";
    /// The plan for construction land (入市方案); none for other categories.
    land_plan: Option<LandPlan> = "construction.plan";
    /// Announcement period (公告期).
    announcement: Days = "announcement.period";
    /// Whether registration stays open until the announcement ends (报名不得早于公告期满截止).
    registration_until_announcement: bool = "registration.until-announcement";
    /// Who alone may register; none = all (报名资格).
    eligibility: Option<Eligibility> = "registration.eligibility";
    /// Days in which a bidder confirms again after a material change (变更后重新确认).
    reconfirm: Days = "correction.reconfirm";
    /// Fields whose change restarts the announcement (重大变更).
    material: Vec<Field> = "correction.material";
    /// Share of a bid deposit (保证金比例).
    deposit: DepositShare = "deposit.share";
    /// Greatest share of earnest money of the contract value (定金上限).
    earnest: Ratio = "deposit.earnest";
    /// Whether the deposit comes from the bidder's own account (本人账户).
    deposit_own_account: bool = "deposit.own-account";
    /// Days in which losers have their deposit back (退还).
    refund: Days = "deposit.refund";
    /// What follows from the number of registered bidders (报名人数).
    bidders: Bidders = "bidders.number";
    /// Who goes first (优先权).
    priority: PriorityRule = "priority.rule";
    /// Free period in minutes (自由竞价).
    free_minutes: Bounds = "auction.free-minutes";
    /// Limited period in seconds (限时竞价).
    limited_seconds: Bounds = "auction.limited-seconds";
    /// Extension in seconds (延时).
    extension_seconds: Bounds = "auction.extension-seconds";
    /// After how many extensions the end moves no more; none = as long as offers come (延时次数上限).
    extension_cap: Option<u32> = "auction.extension-cap";
    /// Step as a share of the reserve (加价幅度).
    step: StepShare = "auction.step";
    /// When an offer is asked for again (异常报价提示).
    outlier: Limits = "auction.outlier";
    /// How equal holders of a priority right stand to each other (同顺位).
    peers: Peers = "auction.peers";
    /// Whether the leader may raise its own offer (自我加价).
    self_raise: bool = "auction.self-raise";
    /// Result notice (成交公示).
    result_notice: Days = "result.notice";
    /// Signing of the contract (签约).
    signing: Days = "contract.signing";
    /// Payment after signing (付款).
    payment: Days = "payment.due";
    /// Fee table (服务费).
    fee: FeeTable = "fee.table";
    /// Who bears the fee (费用承担).
    fee_payer: FeePayer = "fee.payer";
    /// Holders that pay none (免收).
    fee_exempt: Vec<Holder> = "fee.exempt";
    /// Whether the next qualified offer is invited after a default (递补).
    next_bidder: bool = "default.next-bidder";
    /// Relisting after no sale (流标后再挂牌).
    relisting: Relisting = "relisting.cuts";
    /// Notice before a suspended transfer resumes (恢复交易).
    resume: Days = "suspension.resume";
    /// Reasons for suspension (中止).
    suspension: Vec<StopReason> = "suspension.reasons";
    /// Reasons for termination (终结).
    termination: Vec<StopReason> = "termination.reasons";
    /// Greatest deviation of the measured from the stated area (面积误差).
    area_tolerance: Ratio = "area.tolerance";
    /// When a reserve is far from comparable deals (价格偏离).
    comparables: Comparables = "price.comparables";
    /// Prints of a certificate before a second approval (鉴证书打印).
    certificate_prints: u32 = "certificate.prints";
}
