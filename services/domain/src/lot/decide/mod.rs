//! Whether a command is allowed, and what then happened.

mod deal;
mod halt;
mod prepare;
mod run;

use super::{Command, Lot, LotEvent, LotRules, Phase};
use crate::finding::{Finding, Text};
use chrono::{DateTime, Utc};

pub(super) type Decided = Result<Vec<LotEvent>, Vec<Finding>>;

/// Whether `command` is allowed at `now` under `rules`, and what then happened; changes nothing.
pub fn decide(lot: &Lot, command: &Command, rules: &LotRules, now: DateTime<Utc>) -> Decided {
    if !takes(lot.phase, command) {
        return Err(wrong_phase(lot.phase, command));
    }
    match command {
        Command::Submit { .. } => prepare::submit(lot, command, rules),
        Command::Withdraw => Ok(vec![LotEvent::Withdrawn]),
        Command::Review { .. } => prepare::review(lot, command, rules),
        Command::Announce { by, schedule, earliest_close } => {
            prepare::announce(lot, *by, schedule, *earliest_close, rules, now)
        }
        Command::Correct { .. } => prepare::correct(lot, command, rules, now),
        Command::CloseRegistration { filed, qualified } => run::close_registration(lot, *filed, *qualified, rules, now),
        Command::OpenBidding => run::open_bidding(lot, now),
        Command::CloseBidding { line, window_ends, notice_to } => {
            run::close_bidding(lot, line, *window_ends, *notice_to, rules, now)
        }
        Command::EndPriority { line, all_answered, notice_to } => {
            run::end_priority(lot, line, *all_answered, *notice_to, rules, now)
        }
        Command::EndResultNotice { sign_by } => deal::end_result_notice(lot, *sign_by, now),
        Command::Sign { pay_by } => deal::sign(lot, *pay_by, now),
        Command::Settle => deal::settle(lot),
        Command::Certify => Ok(vec![LotEvent::Certified]),
        Command::Suspend { reason } => halt::suspend(*reason, rules, now),
        Command::Resume { noticed_on, earliest, schedule } => {
            halt::resume(lot, *noticed_on, *earliest, schedule.as_ref(), now)
        }
        Command::Terminate { by, reason, approved_by } => halt::terminate(*by, *reason, *approved_by, rules),
        Command::Default { registration, reason, notice_to } => {
            deal::default(lot, *registration, *reason, *notice_to, now)
        }
        Command::Relist { lot: new } => deal::relist(lot, *new),
    }
}

/// Whether a phase takes a command at all; what else it depends on comes after.
fn takes(phase: Phase, command: &Command) -> bool {
    match command {
        Command::Submit { .. } => matches!(phase, Phase::Draft | Phase::Returned),
        Command::Withdraw | Command::Review { .. } | Command::Announce { .. } => {
            matches!(phase, Phase::Submitted | Phase::TownshipReviewed | Phase::CountyReviewed)
        }
        Command::Correct { .. } | Command::CloseRegistration { .. } => phase == Phase::Announced,
        Command::OpenBidding => phase == Phase::RegistrationClosed,
        Command::CloseBidding { .. } => phase == Phase::Bidding,
        Command::EndPriority { .. } => phase == Phase::PriorityExercise,
        Command::EndResultNotice { .. } => phase == Phase::ResultNotice,
        Command::Sign { .. } | Command::Settle | Command::Default { .. } => phase == Phase::Contract,
        Command::Certify => phase == Phase::Settled,
        Command::Suspend { .. } => phase.runs(),
        Command::Resume { .. } => phase == Phase::Suspended,
        Command::Terminate { .. } => phase.runs() || phase == Phase::Suspended,
        Command::Relist { .. } => matches!(phase, Phase::Unsold | Phase::Defaulted),
    }
}

fn wrong_phase(phase: Phase, command: &Command) -> Vec<Finding> {
    let finding = refused(
        "lot.phase",
        LIFE,
        ("标的当前状态不允许该操作", "the lot's state does not allow this"),
        ("请刷新后核对标的状态", "Look at the lot's state again"),
    );
    vec![finding.with_fact("phase", phase.code()).with_fact("command", command.name())]
}

/// The basis of rules about the order of steps.
const LIFE: &str = "农村产权交易流程";

fn refused(rule: &str, basis: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Finding {
    Finding::refusal(rule, basis, Text::new(zh, en), Text::new(remedy_zh, remedy_en))
}
