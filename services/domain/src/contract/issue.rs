//! An issued certificate: valid or revoked, and each of its prints counted.

use super::certificate::Certificate;
use crate::{
    finding::{Finding, Text},
    ids::AccountId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// Valid (有效).
    Valid,
    /// Revoked (已撤销).
    Revoked {
        /// Why.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
}

/// A certificate that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    certificate: Certificate,
    status: Status,
    prints: u32,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Somebody prints it.
    Print {
        /// Who.
        printer: AccountId,
        /// Who approved this print; needed once the free prints are used up.
        approver: Option<AccountId>,
    },
    /// It is revoked.
    Revoke {
        /// Why.
        reason: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// It was printed.
    Printed {
        /// Which print, from 1.
        count: u32,
        /// Who.
        printer: AccountId,
        /// Who approved it, where that was needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approver: Option<AccountId>,
        /// When.
        at: DateTime<Utc>,
    },
    /// It was revoked.
    Revoked {
        /// Why.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
}

impl Issued {
    /// A certificate just issued.
    pub fn new(certificate: Certificate) -> Self {
        Self { certificate, status: Status::Valid, prints: 0 }
    }

    /// Its fields.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether it counts.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// How often it was printed.
    pub fn prints(&self) -> u32 {
        self.prints
    }
}

/// Whether the command is allowed at `now`; after `free_prints` (the rulebook's number) another person must approve each print.
pub fn decide(issued: &Issued, command: Command, free_prints: u32, now: DateTime<Utc>) -> Result<Event, Vec<Finding>> {
    if let Status::Revoked { .. } = issued.status {
        return Err(refused(
            "certificate.revoked",
            ("鉴证书已撤销", "the certificate is revoked"),
            ("如有需要请重新办理", "Apply for a new one where needed"),
        ));
    }
    match command {
        Command::Print { printer, approver } => {
            let needed = issued.prints >= free_prints;
            let approver = approver.filter(|_| needed);
            if needed && approver.is_none_or(|approver| approver == printer) {
                let mut findings = refused(
                    "certificate.second-approval",
                    ("打印次数已达上限,须由另一人审批", "the free prints are used up; another person must approve"),
                    ("请提交打印审批", "Ask for approval"),
                );
                findings[0].facts.insert("prints".to_owned(), issued.prints.to_string());
                findings[0].facts.insert("free-prints".to_owned(), free_prints.to_string());
                return Err(findings);
            }
            Ok(Event::Printed { count: issued.prints + 1, printer, approver, at: now })
        }
        Command::Revoke { reason } if reason.trim().is_empty() => Err(refused(
            "certificate.reason",
            ("撤销须说明理由", "a revocation needs its reason"),
            ("请填写理由", "Give the reason"),
        )),
        Command::Revoke { reason } => Ok(Event::Revoked { reason, at: now }),
    }
}

/// Takes one event in.
pub fn evolve(issued: &mut Issued, event: &Event) {
    match event {
        Event::Printed { count, .. } => issued.prints = *count,
        Event::Revoked { reason, at } => issued.status = Status::Revoked { reason: reason.clone(), at: *at },
    }
}

fn refused(rule: &str, (zh, en): (&str, &str), (remedy_zh, remedy_en): (&str, &str)) -> Vec<Finding> {
    vec![Finding::refusal(rule, "规则手册 鉴证书", Text::new(zh, en), Text::new(remedy_zh, remedy_en))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::certificate::tests::example;
    use uuid::Uuid;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn act(issued: &mut Issued, command: Command) -> Result<Event, String> {
        let event = decide(issued, command, 3, DateTime::UNIX_EPOCH).map_err(|findings| findings[0].rule.clone())?;
        evolve(issued, &event);
        Ok(event)
    }

    #[test]
    fn after_three_prints_somebody_else_approves() {
        let mut issued = Issued::new(example());
        let print = |approver| Command::Print { printer: account(1), approver };
        for _ in 0..3 {
            act(&mut issued, print(None)).expect("free");
        }
        assert_eq!(act(&mut issued, print(None)), Err("certificate.second-approval".to_owned()));
        assert_eq!(
            act(&mut issued, print(Some(account(1)))),
            Err("certificate.second-approval".to_owned()),
            "not oneself"
        );
        let (count, printer, approver) = (4, account(1), Some(account(2)));
        assert_eq!(
            act(&mut issued, print(approver)),
            Ok(Event::Printed { count, printer, approver, at: DateTime::UNIX_EPOCH })
        );
        assert_eq!(
            act(&mut issued, print(None)),
            Err("certificate.second-approval".to_owned()),
            "each further print anew"
        );
        assert_eq!(issued.prints(), 4);
    }

    #[test]
    fn a_revoked_certificate_stays_revoked_and_is_not_printed() {
        let mut issued = Issued::new(example());
        let revoke = |reason: &str| Command::Revoke { reason: reason.to_owned() };
        assert_eq!(act(&mut issued, revoke(" ")), Err("certificate.reason".to_owned()));
        act(&mut issued, revoke("内容有误")).expect("valid until now");
        let print = Command::Print { printer: account(1), approver: Some(account(2)) };
        assert_eq!(act(&mut issued, print), Err("certificate.revoked".to_owned()));
        assert_eq!(act(&mut issued, revoke("again")), Err("certificate.revoked".to_owned()));
        assert!(matches!(issued.status(), Status::Revoked { reason, .. } if reason == "内容有误"));
    }
}
