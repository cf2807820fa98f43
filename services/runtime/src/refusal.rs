//! Refusals: why an act was not done, the same in RPC, JSON and on the page.

use sanbian_domain::finding::{Finding, Text};
use serde::{Deserialize, Serialize};
use tonic::{Code, Status};

/// What sort of refusal: decides the HTTP status and the RPC code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The request can't be read (400).
    Malformed,
    /// Nobody is signed in, or the token is no longer good (401).
    Unauthenticated,
    /// Signed in, but not allowed (403).
    Forbidden,
    /// No such thing, or not for this caller's eyes (404).
    NotFound,
    /// The state of things does not allow it now (409).
    Conflict,
    /// A rule refuses it (422).
    Rule,
    /// Too many attempts (429).
    TooMany,
    /// Can't be promised at present; try again (503).
    Unavailable,
    /// A fault of ours (500). Carries no detail to the outside.
    Internal,
}

impl Kind {
    const fn code(self) -> Code {
        match self {
            Self::Malformed => Code::InvalidArgument,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Forbidden => Code::PermissionDenied,
            Self::NotFound => Code::NotFound,
            Self::Conflict => Code::Aborted,
            Self::Rule => Code::FailedPrecondition,
            Self::TooMany => Code::ResourceExhausted,
            Self::Unavailable => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }

    fn from_code(code: Code) -> Self {
        match code {
            Code::InvalidArgument => Self::Malformed,
            Code::Unauthenticated => Self::Unauthenticated,
            Code::PermissionDenied => Self::Forbidden,
            Code::NotFound => Self::NotFound,
            Code::Aborted | Code::AlreadyExists => Self::Conflict,
            Code::FailedPrecondition | Code::OutOfRange => Self::Rule,
            Code::ResourceExhausted => Self::TooMany,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

/// A refused act: its kind and what each rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind:?}: {}", findings.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>().join(", "))]
pub struct Refusal {
    /// What sort.
    pub kind: Kind,
    /// Why: at least one.
    pub findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal by rules of the core.
    pub fn rule(findings: Vec<Finding>) -> Self {
        Self { kind: Kind::Rule, findings }
    }

    /// A refusal of any kind with one finding.
    pub fn of(kind: Kind, finding: Finding) -> Self {
        Self { kind, findings: vec![finding] }
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::of(
            Kind::Unauthenticated,
            Finding::refusal(
                "identity.signed-in",
                "平台规则：需登录后办理 (platform rule: sign in first)",
                Text::new("您尚未登录，或登录已过期。", "You are not signed in, or your sign-in has expired."),
                Text::new("请登录后重试。", "Sign in and try again."),
            ),
        )
    }

    /// Signed in, but without the role here.
    pub fn forbidden(roles: &str, region: &str) -> Self {
        Self::of(
            Kind::Forbidden,
            Finding::refusal(
                "identity.role",
                "平台规则：按角色和地区授权 (platform rule: roles within regions)",
                Text::new("您的账号在此地区没有办理此事项的权限。", "Your account may not do this in this region."),
                Text::new("请联系系统管理员核对授权。", "Ask the administrator to check your roles."),
            )
            .with_fact("roles", roles)
            .with_fact("region", region),
        )
    }

    /// No such thing, or not for the caller's eyes.
    pub fn not_found(noun_zh: &str, noun_en: &str) -> Self {
        Self::of(
            Kind::NotFound,
            Finding::refusal(
                "resource.exists",
                "平台规则 (platform rule)",
                Text::new(
                    format!("未找到该{noun_zh}，或您无权查看。"),
                    format!("There is no such {noun_en}, or it is not for you to see."),
                ),
                Text::new("请核对链接或编号。", "Check the link or the number."),
            ),
        )
    }

    /// The request can't be read.
    pub fn malformed(field: &str, detail: impl std::fmt::Display) -> Self {
        Self::of(
            Kind::Malformed,
            Finding::refusal(
                "request.well-formed",
                "接口说明 /api/openapi.json (API description)",
                Text::new(format!("请求中的“{field}”无法识别。"), format!("The request's \"{field}\" can't be read.")),
                Text::new("请按接口说明更正后重试。", "Correct it as the API description says and try again."),
            )
            .at(field)
            .with_fact("detail", detail),
        )
    }

    /// The state does not allow the act now.
    pub fn conflict(finding: Finding) -> Self {
        Self::of(Kind::Conflict, finding)
    }

    /// Can't be promised at present.
    pub fn unavailable(detail: &str) -> Self {
        tracing::warn!(detail, "unavailable");
        Self::of(
            Kind::Unavailable,
            Finding::refusal(
                "service.available",
                "平台规则：不能保证的事项不予受理 (platform rule: what can't be promised is refused)",
                Text::new(
                    "系统暂时无法受理，您的操作未被执行。",
                    "The system can't take this at the moment; nothing was done.",
                ),
                Text::new(
                    "请稍后用同一页面重试，不会重复办理。",
                    "Try again from the same page; it will not be done twice.",
                ),
            ),
        )
    }

    /// A fault of ours: logged here, told to nobody.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "internal fault");
        Self::of(
            Kind::Internal,
            Finding::refusal(
                "service.fault",
                "平台规则 (platform rule)",
                Text::new("系统出现故障，您的操作未被执行。", "The system had a fault; nothing was done."),
                Text::new(
                    "请稍后重试；若再次出现，请联系交易中心。",
                    "Try again later; if it comes back, tell the exchange.",
                ),
            ),
        )
    }

    /// The name of the violated database constraint, where `error` is such a violation.
    pub fn constraint(error: &sqlx::Error) -> Option<&str> {
        error.as_database_error()?.constraint()
    }
}

impl From<Vec<Finding>> for Refusal {
    fn from(findings: Vec<Finding>) -> Self {
        Self::rule(findings)
    }
}

impl From<Finding> for Refusal {
    fn from(finding: Finding) -> Self {
        Self::rule(vec![finding])
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::unavailable(&error.to_string())
            }
            sqlx::Error::Database(db)
                if matches!(db.code().as_deref(), Some("40001" | "40P01" | "57P01" | "57P03" | "53300")) =>
            {
                Self::unavailable(&error.to_string())
            }
            _ => Self::internal(error),
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let details = serde_json::to_vec(&refusal).expect("findings are plain data");
        Self::with_details(refusal.kind.code(), refusal.to_string(), details.into())
    }
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        if let Ok(refusal) = serde_json::from_slice::<Self>(status.details()) {
            return refusal;
        }
        match Kind::from_code(status.code()) {
            Kind::Unauthenticated => Self::unauthenticated(),
            Kind::Unavailable => Self::unavailable(status.message()),
            Kind::Malformed => Self::malformed("body", status.message()),
            _ => Self::internal(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_wire() {
        let refusal = Refusal::forbidden("clerk", "500229");
        let status = Status::from(refusal.clone());
        assert_eq!(status.code(), Code::PermissionDenied);
        assert_eq!(Refusal::from(status), refusal);
    }

    #[test]
    fn a_foreign_status_tells_nothing_inside() {
        let refusal = Refusal::from(Status::internal("password=hunter2"));
        assert!(!serde_json::to_string(&refusal).unwrap().contains("hunter2"));
    }
}
