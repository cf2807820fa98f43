//! What may be asked of a lot.

use super::{Breach, Schedule, Stage, StopReason, Taker};
use crate::{
    finding::Finding,
    ids::{AccountId, DecisionId, LotId, RegistrationId},
    money::Money,
};
use chrono::{DateTime, NaiveDate, Utc};

/// A reviewer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may go on.
    Approve,
    /// It goes back to the collective.
    Return {
        /// Why; not empty.
        reasons: String,
    },
}

/// What is asked. Dates that depend on the calendar come worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The collective submits the draft.
    Submit {
        /// Who.
        by: AccountId,
        /// Digest of the canonical draft, hex.
        draft: String,
        /// The reserve, in fen of the price basis.
        reserve: Money,
        /// The decision it rests on.
        decision: Option<DecisionId>,
        /// What the rulebook says of the draft and the decision; a refusal among them refuses this.
        findings: Vec<Finding>,
    },
    /// The collective takes it back before it is announced.
    Withdraw,
    /// A reviewer speaks.
    Review {
        /// Who.
        by: AccountId,
        /// As which.
        stage: Stage,
        /// Digest of the draft the reviewer saw, hex.
        draft: String,
        /// The word.
        verdict: Verdict,
    },
    /// The exchange announces it.
    Announce {
        /// Who.
        by: AccountId,
        /// The dates.
        schedule: Schedule,
        /// The earliest lawful end of the announcement, by the rulebook and the calendar.
        earliest_close: DateTime<Utc>,
    },
    /// The exchange corrects the announcement.
    Correct {
        /// What changes, as JSON paths of the notice.
        changed: Vec<String>,
        /// Digest of the corrected draft, hex.
        draft: String,
        /// The reserve as it is to be.
        reserve: Money,
        /// The decision that carries a changed reserve.
        decision: Option<DecisionId>,
        /// The dates as they are to be.
        schedule: Schedule,
        /// The earliest lawful end of an announcement that began now.
        earliest_close: DateTime<Utc>,
    },
    /// Registration closes.
    CloseRegistration {
        /// Registrations filed.
        filed: u32,
        /// Registrations that may bid (qualified, and confirmed where the notice was corrected).
        qualified: u32,
    },
    /// The room opens.
    OpenBidding,
    /// The room has closed, and a draw, where one was needed, is done.
    CloseBidding {
        /// The winner, then the next qualified in order; empty where nobody offered.
        line: Vec<Taker>,
        /// The end of the exercise window, where a holder may still take the final price.
        window_ends: Option<DateTime<Utc>>,
        /// The last day of the result notice, should it begin now.
        notice_to: NaiveDate,
    },
    /// The exercise window is over.
    EndPriority {
        /// Holders who exercised, in order, then the line as it was.
        line: Vec<Taker>,
        /// Whether every holder has answered, so that the window may end before its time.
        all_answered: bool,
        /// The last day of the result notice.
        notice_to: NaiveDate,
    },
    /// The result notice is over.
    EndResultNotice {
        /// The last day to sign.
        sign_by: NaiveDate,
    },
    /// Both sides have signed.
    Sign {
        /// The last day to pay.
        pay_by: NaiveDate,
    },
    /// What is due at signing is paid.
    Settle,
    /// The certificate is issued.
    Certify,
    /// The exchange suspends it.
    Suspend {
        /// Why.
        reason: StopReason,
    },
    /// The exchange lets it go on.
    Resume {
        /// The day on which the resumption was made public.
        noticed_on: NaiveDate,
        /// The earliest lawful day to resume after that notice.
        earliest: NaiveDate,
        /// The dates from now on; none = every instant that had not yet come moves by the standstill.
        schedule: Option<Schedule>,
    },
    /// The exchange ends it for good.
    Terminate {
        /// Who.
        by: AccountId,
        /// Why.
        reason: StopReason,
        /// Who approved, where the collective withdraws.
        approved_by: Option<AccountId>,
    },
    /// The one who was to take it fails the deal.
    Default {
        /// Whose registration.
        registration: RegistrationId,
        /// Why.
        reason: Breach,
        /// The last day of the next result notice, should somebody be in line.
        notice_to: NaiveDate,
    },
    /// The collective drafts it anew.
    Relist {
        /// The id of the new lot.
        lot: LotId,
    },
}

impl Command {
    /// The command's kebab-case name, for findings.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submit { .. } => "submit",
            Self::Withdraw => "withdraw",
            Self::Review { .. } => "review",
            Self::Announce { .. } => "announce",
            Self::Correct { .. } => "correct",
            Self::CloseRegistration { .. } => "close-registration",
            Self::OpenBidding => "open-bidding",
            Self::CloseBidding { .. } => "close-bidding",
            Self::EndPriority { .. } => "end-priority",
            Self::EndResultNotice { .. } => "end-result-notice",
            Self::Sign { .. } => "sign",
            Self::Settle => "settle",
            Self::Certify => "certify",
            Self::Suspend { .. } => "suspend",
            Self::Resume { .. } => "resume",
            Self::Terminate { .. } => "terminate",
            Self::Default { .. } => "default",
            Self::Relist { .. } => "relist",
        }
    }
}
