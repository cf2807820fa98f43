//! Errors on the wire: RFC 9457 problem documents with findings.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sanbian_runtime::{Kind, Refusal};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A refusal on its way out.
pub struct Problem(pub Refusal);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<tonic::Status> for Problem {
    fn from(status: tonic::Status) -> Self {
        Self(status.into())
    }
}

/// `application/problem+json` (RFC 9457): why an act was not done.
#[derive(Serialize, ToSchema)]
pub struct ProblemDocument {
    /// A name for the sort of problem, as a URI.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The sort of problem in words, Chinese and English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The first finding's message and remedy in words.
    pub detail: String,
    /// What each rule found.
    pub findings: Vec<FindingDocument>,
}

/// What one rule says: which rule, on what basis, why, with which facts, and what to do.
#[derive(Serialize, ToSchema)]
pub struct FindingDocument {
    /// Stable dotted name of the rule.
    pub rule: String,
    /// Legal or contractual basis.
    pub basis: String,
    /// `refusal`, `warning` or `note`.
    pub severity: String,
    /// What is wrong.
    pub message: TextDocument,
    /// What to do about it.
    pub remedy: TextDocument,
    /// The field it belongs to; none for the whole act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The figures the rule looked at.
    pub facts: BTreeMap<String, String>,
}

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub struct TextDocument {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Malformed => "请求无法识别 / The request can't be read",
        Kind::Unauthenticated => "请先登录 / Sign in first",
        Kind::Forbidden => "无权办理 / Not allowed",
        Kind::NotFound => "未找到 / Not found",
        Kind::Conflict => "当前状态不允许 / Not in this state",
        Kind::Rule => "不符合规则 / Refused by rule",
        Kind::TooMany => "操作过于频繁 / Too many attempts",
        Kind::Unavailable => "暂时无法受理 / Not available now",
        Kind::Internal => "系统故障 / A fault of the system",
    }
}

impl From<&Refusal> for ProblemDocument {
    fn from(refusal: &Refusal) -> Self {
        let findings: Vec<FindingDocument> = refusal
            .findings
            .iter()
            .map(|finding| FindingDocument {
                rule: finding.rule.clone(),
                basis: finding.basis.clone(),
                severity: format!("{:?}", finding.severity).to_lowercase(),
                message: TextDocument { zh: finding.message.zh.clone(), en: finding.message.en.clone() },
                remedy: TextDocument { zh: finding.remedy.zh.clone(), en: finding.remedy.en.clone() },
                field: finding.field.clone(),
                facts: finding.facts.clone(),
            })
            .collect();
        let name = serde_json::to_value(refusal.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        Self {
            type_uri: format!("urn:sanbian:problem:{}", name.unwrap_or_default()),
            title: title(refusal.kind).to_owned(),
            status: status(refusal.kind).as_u16(),
            detail: refusal.findings.first().map_or_else(String::new, |finding| {
                format!("{}{} / {} {}", finding.message.zh, finding.remedy.zh, finding.message.en, finding.remedy.en)
            }),
            findings,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = ProblemDocument::from(&self.0);
        let mut response = (status(self.0.kind), Json(document)).into_response();
        let problem = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        if self.0.kind == Kind::Unauthenticated {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        }
        // Where a finding says how long to wait, the header says so too (RFC 9110, 10.2.3).
        let wait = self.0.findings.iter().find_map(|finding| finding.facts.get("retry-after-seconds"));
        if let Some(wait) = wait.and_then(|seconds| header::HeaderValue::from_str(seconds).ok()) {
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        response
    }
}
