//! Facts in plain words (通俗说明): for case files and the log's explorer. Names no person, since facts name none.

use super::Fact;
use crate::{finding::Text, ids::LotId, money::Money};

impl Fact {
    /// The lot this is about, where it is about one.
    pub fn lot(&self) -> Option<LotId> {
        Some(match self {
            Self::LotDrafted(fact) => fact.lot,
            Self::DecisionRecorded(fact) => fact.lot,
            Self::LotSubmitted(fact) => fact.lot,
            Self::LotWithdrawn(fact) => fact.lot,
            Self::LotReviewed(fact) => fact.lot,
            Self::LotAnnounced(fact) => fact.lot,
            Self::LotCorrected(fact) => fact.announcement.lot,
            Self::RegistrationFiled(fact) => fact.lot,
            Self::RegistrationReviewed(fact) => fact.lot,
            Self::RegistrationQualified(fact) => fact.lot,
            Self::RegistrationReconfirmed(fact) => fact.lot,
            Self::RegistrationWithdrawn(fact) => fact.lot,
            Self::RegistrationClosed(fact) => fact.lot,
            Self::LotSuspended(fact) => fact.lot,
            Self::LotResumed(fact) => fact.lot,
            Self::LotTerminated(fact) => fact.lot,
            Self::LotUnsold(fact) => fact.lot,
            Self::ResultPublished(fact) => fact.lot,
            Self::ResultNoticeEnded(fact) => fact.lot,
            Self::LotDefaulted(fact) => fact.lot,
            Self::RoomOpened(fact) => fact.lot,
            Self::BidderAdmitted(fact) => fact.lot,
            Self::BidPlaced(fact) => fact.lot,
            Self::RoomSuspended(fact) => fact.lot,
            Self::RoomResumed(fact) => fact.lot,
            Self::DrawCalled(fact) => fact.lot,
            Self::RoomClosed(fact) => fact.lot,
            Self::DepositHeld(fact) => fact.lot,
            Self::DepositReleaseOrdered(fact) => fact.lot,
            Self::DepositReleased(fact) => fact.lot,
            Self::DepositApplied(fact) => fact.lot,
            Self::DepositForfeited(fact) => fact.lot,
            Self::ContractDrawn(fact) => fact.lot,
            Self::ContractSigned(fact) => fact.lot,
            Self::PaymentReceived(fact) => fact.lot,
            Self::FeeCharged(fact) => fact.lot,
            Self::ProceedsPaid(fact) => fact.lot,
            Self::ContractSettled(fact) => fact.lot,
            Self::CertificateIssued(fact) => fact.lot,
            Self::CertificateRevoked(fact) => fact.lot,
            Self::AlertRaised(fact) => fact.lot,
            Self::AlertClosed(fact) => fact.lot,
            _ => return None,
        })
    }

    /// What happened, in one sentence of each language.
    pub fn words(&self) -> Text {
        let yuan = |amount: Money| format!("{amount}元");
        let (zh, en) = match self {
            Self::AccountCreated(_) => ("开立账号".to_owned(), "An account was made".to_owned()),
            Self::RoleGranted(fact) => (
                format!("授予角色：{}（地区 {}）", fact.role.zh(), fact.region),
                format!("Role given: {} in region {}", fact.role, fact.region),
            ),
            Self::RoleRevoked(fact) => (
                format!("收回角色：{}（地区 {}）", fact.role.zh(), fact.region),
                format!("Role taken away: {} in region {}", fact.role, fact.region),
            ),
            Self::PartyRegistered(_) => ("登记当事人".into(), "A party was registered".into()),
            Self::CollectiveRegistered(fact) => {
                (format!("登记集体经济组织：{}", fact.name), format!("Collective registered: {}", fact.name))
            }
            Self::MembersRecorded(fact) => (
                format!("登记成员名册：{}户、{}人", fact.households, fact.members),
                format!("Register of members recorded: {} households, {} members", fact.households, fact.members),
            ),
            Self::AssetRegistered(fact) => {
                (format!("登记资产：{}", fact.name), format!("Asset registered: {}", fact.name))
            }
            Self::RightRecorded(fact) => (
                format!("登记权利，期限自{}至{}前一日", fact.from, fact.to),
                format!("Right recorded from {} up to {}", fact.from, fact.to),
            ),
            Self::RightEnded(_) => ("权利提前终止".into(), "A right ended".into()),
            Self::EncumbranceRecorded(_) => ("登记权利负担".into(), "A charge was recorded".into()),
            Self::EncumbranceLifted(_) => ("解除权利负担".into(), "A charge was lifted".into()),
            Self::LotDrafted(_) => ("起草标的".into(), "The lot was drafted".into()),
            Self::DecisionRecorded(fact) => (
                format!(
                    "民主决策：应到{}，实到{}，同意{}，反对{}",
                    fact.eligible, fact.present, fact.in_favour, fact.against
                ),
                format!(
                    "Collective decision: {} entitled, {} present, {} for, {} against",
                    fact.eligible, fact.present, fact.in_favour, fact.against
                ),
            ),
            Self::LotSubmitted(_) => ("提交审核".into(), "Submitted for review".into()),
            Self::LotWithdrawn(_) => ("撤回提交".into(), "Taken back to draft".into()),
            Self::LotReviewed(fact) => {
                let stage = if fact.stage == "township" { "乡镇" } else { "县级" };
                let outcome = if fact.outcome == "approved" { "通过" } else { "退回" };
                (format!("{stage}审核{outcome}"), format!("Review by the {}: {}", fact.stage, fact.outcome))
            }
            Self::LotAnnounced(fact) => (
                format!("发布公告，编号{}，保证金{}", fact.number, yuan(fact.deposit)),
                format!("Announced as {}; deposit {} yuan", fact.number, fact.deposit),
            ),
            Self::LotCorrected(fact) => (
                format!(
                    "更正公告（第{}版{}）",
                    fact.announcement.revision,
                    if fact.material { "，重新公告" } else { "" }
                ),
                format!(
                    "Announcement corrected (revision {}{})",
                    fact.announcement.revision,
                    if fact.material { ", announced anew" } else { "" }
                ),
            ),
            Self::RegistrationFiled(_) => ("收到一份报名".into(), "A registration was filed".into()),
            Self::RegistrationReviewed(fact) => (
                format!("报名资格审核{}", if fact.outcome == "accepted" { "通过" } else { "未通过" }),
                format!("Registration {}", fact.outcome),
            ),
            Self::RegistrationQualified(_) => {
                ("报名合格，取得竞买资格".into(), "A registration qualified to bid".into())
            }
            Self::RegistrationReconfirmed(_) => {
                ("报名人确认更正后的公告".into(), "A registration was confirmed anew".into())
            }
            Self::RegistrationWithdrawn(_) => ("撤回报名".into(), "A registration was withdrawn".into()),
            Self::RegistrationClosed(fact) => (
                format!("报名截止：共{}份，合格{}份", fact.filed, fact.qualified),
                format!("Registration closed: {} filed, {} qualified", fact.filed, fact.qualified),
            ),
            Self::LotSuspended(_) => ("交易中止".into(), "The transfer was suspended".into()),
            Self::LotResumed(_) => ("交易恢复".into(), "The transfer goes on".into()),
            Self::LotTerminated(_) => ("交易终结".into(), "The transfer was ended".into()),
            Self::LotUnsold(_) => ("流标".into(), "Unsold".into()),
            Self::ResultPublished(fact) => (
                format!("成交公示：{}号，总价{}，公示至{}", fact.winner, yuan(fact.total), fact.notice_to),
                format!(
                    "Result published: number {}, {} yuan in all, notice until {}",
                    fact.winner, fact.total, fact.notice_to
                ),
            ),
            Self::ResultNoticeEnded(fact) => (
                format!("公示期满，应于{}前签约", fact.sign_by),
                format!("Result notice over; to be signed by {}", fact.sign_by),
            ),
            Self::LotDefaulted(_) => ("成交人违约".into(), "The winner defaulted".into()),
            Self::RoomOpened(fact) => (
                format!("竞价室开放，起始价{}，加价幅度{}", yuan(fact.reserve), yuan(fact.step)),
                format!("Room opened: reserve {} yuan, step {} yuan", fact.reserve, fact.step),
            ),
            Self::BidderAdmitted(fact) => {
                (format!("{}号竞买人入场", fact.number), format!("Bidder {} admitted", fact.number))
            }
            Self::BidPlaced(fact) => {
                let how = if fact.offer == "match" { ("行使优先权跟价", "matched") } else { ("报价", "bid") };
                (
                    format!("{}号{}{}", fact.number, how.0, yuan(fact.amount)),
                    format!("Bidder {} {} {} yuan", fact.number, how.1, fact.amount),
                )
            }
            Self::RoomSuspended(_) => ("竞价室中止".into(), "The room stands still".into()),
            Self::RoomResumed(_) => ("竞价室恢复".into(), "The room goes on".into()),
            Self::DrawCalled(fact) => (
                format!("{}名竞买人同价，公开摇号", fact.equal.len()),
                format!("{} equal offers: a public draw", fact.equal.len()),
            ),
            Self::RoomClosed(fact) => match (fact.winner, fact.price) {
                (Some(winner), Some(price)) => (
                    format!("竞价结束：{winner}号以{}成交，共{}次报价", yuan(price), fact.offers),
                    format!("Closed: number {winner} at {price} yuan after {} offers", fact.offers),
                ),
                _ => ("竞价结束：未成交".into(), "Closed without a deal".into()),
            },
            Self::StatementImported(fact) => (
                format!("导入银行流水：{}行，新增{}行，匹配{}行", fact.lines, fact.new_lines, fact.matched),
                format!(
                    "Bank statement imported: {} lines, {} new, {} matched",
                    fact.lines, fact.new_lines, fact.matched
                ),
            ),
            Self::DepositHeld(fact) => {
                (format!("保证金到账{}", yuan(fact.amount)), format!("Deposit held: {} yuan", fact.amount))
            }
            Self::DepositReleaseOrdered(fact) => (
                format!("应于{}前退还保证金{}", fact.due, yuan(fact.amount)),
                format!("Deposit of {} yuan to be returned by {}", fact.amount, fact.due),
            ),
            Self::DepositReleased(fact) => {
                (format!("已退还保证金{}", yuan(fact.amount)), format!("Deposit returned: {} yuan", fact.amount))
            }
            Self::DepositApplied(fact) => (
                format!("保证金{}转作价款", yuan(fact.amount)),
                format!("Deposit of {} yuan became part of the price", fact.amount),
            ),
            Self::DepositForfeited(fact) => (
                format!("违约，保证金{}不予退还", yuan(fact.amount)),
                format!("Deposit kept after a default: {} yuan", fact.amount),
            ),
            Self::ContractDrawn(fact) => (
                format!("拟定合同{}，总价{}", fact.number, yuan(fact.total)),
                format!("Contract {} drawn up: {} yuan in all", fact.number, fact.total),
            ),
            Self::ContractSigned(fact) => {
                let side = if fact.side == "transferor" { "流出方" } else { "流入方" };
                (format!("{side}签署合同"), format!("Signed by the {}", fact.side))
            }
            Self::PaymentReceived(fact) => (
                format!("收到价款{}，尚欠{}", yuan(fact.amount), yuan(fact.outstanding)),
                format!("Payment of {} yuan received; {} yuan outstanding", fact.amount, fact.outstanding),
            ),
            Self::FeeCharged(fact) => {
                (format!("收取服务费{}", yuan(fact.amount)), format!("Fee charged: {} yuan", fact.amount))
            }
            Self::ProceedsPaid(fact) => (
                format!("价款{}划付集体账户", yuan(fact.amount)),
                format!("Proceeds paid to the collective: {} yuan", fact.amount),
            ),
            Self::ContractSettled(_) => ("合同应付款项已付清".into(), "All that is due at signing was paid".into()),
            Self::CertificateIssued(fact) => {
                (format!("出具交易鉴证书{}", fact.number), format!("Certificate {} issued", fact.number))
            }
            Self::CertificateRevoked(fact) => {
                (format!("撤销交易鉴证书{}", fact.number), format!("Certificate {} revoked", fact.number))
            }
            Self::AlertRaised(fact) => (format!("预警：{}", fact.alert_kind), format!("Alert: {}", fact.alert_kind)),
            Self::AlertClosed(_) => ("预警办结".into(), "Alert closed".into()),
            Self::PersonalDataViewed(_) => ("查看未脱敏个人信息".into(), "Unmasked personal data was looked at".into()),
        };
        Text::new(zh, en)
    }
}
