//! What happened to a lot.

use super::{Breach, Next, Schedule, Stage, StopReason, Taker};
use crate::{
    ids::{AccountId, DecisionId, LotId, RegistrationId},
    money::Money,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Why there is no deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnsoldReason {
    /// Too few registered (无人报名或人数不足).
    NoRegistration,
    /// Nobody offered (无人出价).
    NoOffer,
}

/// One thing that happened; a lot is these, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LotEvent {
    /// Submitted for review.
    Submitted {
        /// Who.
        by: AccountId,
        /// Digest of the draft, hex.
        draft: String,
        /// The reserve.
        reserve: Money,
        /// The decision it rests on.
        decision: Option<DecisionId>,
    },
    /// Taken back to draft.
    Withdrawn,
    /// A reviewer approved.
    Approved {
        /// Who.
        by: AccountId,
        /// As which.
        stage: Stage,
    },
    /// A reviewer gave it back.
    Returned {
        /// Who.
        by: AccountId,
        /// As which.
        stage: Stage,
        /// Why.
        reasons: String,
    },
    /// Announced.
    Announced {
        /// The dates.
        schedule: Schedule,
    },
    /// The announcement was corrected.
    Corrected {
        /// Whether the announcement began again.
        material: bool,
        /// Whether registrations must be confirmed anew.
        reconfirm: bool,
        /// What changed.
        changed: Vec<String>,
        /// Digest of the corrected draft, hex.
        draft: String,
        /// The reserve from now on.
        reserve: Money,
        /// The decision from now on.
        decision: Option<DecisionId>,
        /// The dates from now on.
        schedule: Schedule,
        /// The new revision.
        revision: u32,
    },
    /// Registration closed.
    RegistrationClosed {
        /// Registrations filed.
        filed: u32,
        /// Registrations that may bid.
        qualified: u32,
        /// What follows.
        next: Next,
    },
    /// No deal.
    Unsold {
        /// Why.
        reason: UnsoldReason,
    },
    /// The room opened.
    BiddingOpened,
    /// The room closed.
    BiddingClosed {
        /// Who is in line.
        line: Vec<Taker>,
    },
    /// Holders of a priority right may take the final price.
    PriorityOpened {
        /// Until when.
        window_ends: DateTime<Utc>,
    },
    /// The exercise window is over.
    PriorityEnded {
        /// Who is in line now.
        line: Vec<Taker>,
    },
    /// The result is on public notice.
    ResultPublished {
        /// Who takes it.
        taker: Taker,
        /// The last day of the notice.
        notice_to: NaiveDate,
    },
    /// The notice is over: signing may begin.
    ResultNoticeEnded {
        /// The last day to sign.
        sign_by: NaiveDate,
    },
    /// Both sides have signed.
    Signed {
        /// The last day to pay.
        pay_by: NaiveDate,
    },
    /// What is due at signing is paid.
    Settled,
    /// The certificate is issued.
    Certified,
    /// It stands still.
    Suspended {
        /// Why.
        reason: StopReason,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// It goes on. What does not apply is none.
    Resumed {
        /// The dates from now on.
        schedule: Option<Schedule>,
        /// The end of the exercise window from now on.
        window_ends: Option<DateTime<Utc>>,
        /// The last day of the result notice from now on.
        notice_to: Option<NaiveDate>,
        /// The last day to sign from now on.
        sign_by: Option<NaiveDate>,
        /// The last day to pay from now on.
        pay_by: Option<NaiveDate>,
    },
    /// Ended for good.
    Terminated {
        /// Why.
        reason: StopReason,
    },
    /// The one who was to take it failed the deal.
    Defaulted {
        /// Whose registration.
        registration: RegistrationId,
        /// Why.
        reason: Breach,
    },
    /// Drafted anew as another lot.
    Relisted {
        /// Which.
        lot: LotId,
    },
}
