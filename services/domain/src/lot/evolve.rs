//! Takes events into a lot.

use super::{Lot, LotEvent, Next, Phase, Stage, Suspension};

/// Takes one event in. Events come from [`decide`](super::decide()); all events of one decision are taken in together.
pub fn evolve(lot: &mut Lot, event: &LotEvent) {
    match event {
        LotEvent::Submitted { by, draft, reserve, decision } => {
            lot.submitter = Some(*by);
            lot.draft = Some(draft.clone());
            lot.reserve = Some(*reserve);
            lot.decision = *decision;
            lot.reviewers.clear();
            lot.phase = Phase::Submitted;
        }
        LotEvent::Withdrawn => lot.phase = Phase::Draft,
        LotEvent::Approved { by, stage } => {
            lot.reviewers.push(*by);
            lot.phase = match stage {
                Stage::Township => Phase::TownshipReviewed,
                Stage::County => Phase::CountyReviewed,
            };
        }
        LotEvent::Returned { .. } => lot.phase = Phase::Returned,
        LotEvent::Announced { schedule } => {
            lot.schedule = Some(schedule.clone());
            lot.revision = 1;
            lot.phase = Phase::Announced;
        }
        LotEvent::Corrected { draft, reserve, decision, schedule, revision, .. } => {
            lot.draft = Some(draft.clone());
            lot.reserve = Some(*reserve);
            lot.decision = *decision;
            lot.schedule = Some(schedule.clone());
            lot.revision = *revision;
        }
        LotEvent::RegistrationClosed { qualified, next, .. } => {
            lot.qualified = *qualified;
            lot.next = Some(*next);
            // The event of the unsold lot follows in the same decision.
            if *next != Next::Unsold {
                lot.phase = Phase::RegistrationClosed;
            }
        }
        LotEvent::Unsold { .. } => lot.phase = Phase::Unsold,
        LotEvent::BiddingOpened => lot.phase = Phase::Bidding,
        LotEvent::BiddingClosed { line } | LotEvent::PriorityEnded { line } => lot.line.clone_from(line),
        LotEvent::PriorityOpened { window_ends } => {
            lot.window_ends = Some(*window_ends);
            lot.phase = Phase::PriorityExercise;
        }
        LotEvent::ResultPublished { notice_to, .. } => {
            lot.notice_to = Some(*notice_to);
            lot.phase = Phase::ResultNotice;
        }
        LotEvent::ResultNoticeEnded { sign_by } => {
            lot.sign_by = Some(*sign_by);
            lot.phase = Phase::Contract;
        }
        LotEvent::Signed { pay_by } => lot.pay_by = Some(*pay_by),
        LotEvent::Settled => lot.phase = Phase::Settled,
        LotEvent::Certified => lot.phase = Phase::Certified,
        LotEvent::Suspended { reason, at } => {
            lot.suspension = Some(Suspension { from: lot.phase, since: *at, reason: *reason });
            lot.phase = Phase::Suspended;
        }
        LotEvent::Resumed { schedule, window_ends, notice_to, sign_by, pay_by } => {
            if let Some(suspension) = lot.suspension.take() {
                lot.phase = suspension.from;
            }
            lot.schedule.clone_from(schedule);
            lot.window_ends = *window_ends;
            lot.notice_to = *notice_to;
            lot.sign_by = *sign_by;
            lot.pay_by = *pay_by;
        }
        LotEvent::Terminated { .. } => {
            lot.suspension = None;
            lot.phase = Phase::Terminated;
        }
        LotEvent::Defaulted { .. } => {
            lot.defaults += 1;
            lot.notice_to = None;
            lot.sign_by = None;
            lot.pay_by = None;
            lot.phase = Phase::Defaulted;
        }
        LotEvent::Relisted { lot: relisted_as } => lot.relisted_as = Some(*relisted_as),
    }
}
