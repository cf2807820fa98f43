//! From the result to the certificate, and what follows a default.

use super::{Decided, LIFE, refused, run::notice_dates};
use crate::{
    calendar::time::date_of,
    ids::{LotId, RegistrationId},
    lot::{Breach, Lot, LotEvent},
};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) fn end_result_notice(lot: &Lot, sign_by: NaiveDate, now: DateTime<Utc>) -> Decided {
    let today = date_of(now);
    if lot.notice_to.is_none_or(|notice_to| today <= notice_to) {
        return Err(vec![refused(
            "result-notice.running",
            "规则手册 成交公示",
            ("公示期未满", "the notice is still running"),
            ("请在公示期满后进行", "Wait for its end"),
        )]);
    }
    if sign_by < today {
        return Err(vec![
            refused(
                "contract.sign-by",
                "规则手册 签约",
                ("签约期限不得早于今天", "the last day to sign can't have passed"),
                ("请按规则手册计算签约期限", "Work it out by the rulebook"),
            )
            .at("sign_by"),
        ]);
    }
    Ok(vec![LotEvent::ResultNoticeEnded { sign_by }])
}

pub(super) fn sign(lot: &Lot, pay_by: NaiveDate, now: DateTime<Utc>) -> Decided {
    let today = date_of(now);
    if lot.is_signed() {
        return Err(vec![refused(
            "contract.signed-twice",
            LIFE,
            ("合同已签署", "the contract is signed"),
            ("无需再次签署", "There is nothing to sign"),
        )]);
    }
    if lot.sign_by.is_none_or(|sign_by| today > sign_by) {
        return Err(vec![refused(
            "contract.signing-late",
            "规则手册 签约",
            ("已过签约期限", "the time to sign is over"),
            ("请由交易中心处理", "Ask the exchange"),
        )]);
    }
    if pay_by < today {
        return Err(vec![
            refused(
                "contract.pay-by",
                "规则手册 付款",
                ("付款期限不得早于今天", "the last day to pay can't have passed"),
                ("请按规则手册计算付款期限", "Work it out by the rulebook"),
            )
            .at("pay_by"),
        ]);
    }
    Ok(vec![LotEvent::Signed { pay_by }])
}

pub(super) fn settle(lot: &Lot) -> Decided {
    if lot.is_signed() {
        return Ok(vec![LotEvent::Settled]);
    }
    Err(vec![refused(
        "contract.unsigned",
        LIFE,
        ("合同尚未签署", "the contract is not signed"),
        ("请先签署合同", "Sign it first"),
    )])
}

pub(super) fn default(
    lot: &Lot,
    registration: RegistrationId,
    reason: Breach,
    notice_to: NaiveDate,
    now: DateTime<Utc>,
) -> Decided {
    let basis = "规则手册 违约";
    if lot.taker().is_none_or(|taker| taker.registration != registration) {
        return Err(vec![refused(
            "default.taker",
            basis,
            ("该报名人不是当前成交人", "this registration is not the one to take the lot"),
            ("请核对成交人", "Check who takes it"),
        )]);
    }
    let deadline = match reason {
        Breach::NotSigned if !lot.is_signed() => lot.sign_by,
        Breach::NotPaid => lot.pay_by,
        Breach::NotSigned => None,
    };
    if deadline.is_none_or(|last| date_of(now) <= last) {
        let finding = refused(
            "default.none",
            basis,
            ("期限未到或已履行,不构成违约", "the deadline has not passed, or was met: there is no default"),
            ("请核对签约、付款期限", "Check the deadlines"),
        );
        return Err(vec![finding.with_fact("deadline", deadline.map_or_else(String::new, |last| last.to_string()))]);
    }
    let mut events = vec![LotEvent::Defaulted { registration, reason }];
    if let Some(next) = lot.line.get(lot.defaults + 1) {
        if let Some(finding) = notice_dates(notice_to, now) {
            return Err(vec![finding]);
        }
        events.push(LotEvent::ResultPublished { taker: *next, notice_to });
    }
    Ok(events)
}

pub(super) fn relist(lot: &Lot, new: LotId) -> Decided {
    if let Some(already) = lot.relisted_as {
        let finding = refused(
            "relisting.twice",
            "规则手册 流标后再挂牌",
            ("该标的已重新挂牌", "this lot is relisted already"),
            ("请使用已有的新标的", "Use the lot that relists it"),
        );
        return Err(vec![finding.with_fact("lot", already)]);
    }
    Ok(vec![LotEvent::Relisted { lot: new }])
}
