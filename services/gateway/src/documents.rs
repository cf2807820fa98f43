//! Evidence files (附件): kept by their SHA-256, so that what the log binds is what is kept.
//!
//! A file is uploaded first and bound to a lot or registration after that, by its digest. Digests are public (they stand in the
//! log), contents are not: so only the account that uploaded a file may bind it, and a file is only ever read through something it
//! is bound to, where the listing service says who may.
//!
//! **Invariants**
//! - **A file is kept under the digest of its bytes**, written whole or not at all.
//! - **Its type is what its bytes say**, never what the sender calls it.
//! - **No digest is served that is not bound** to the lot it is asked for under.

mod sniff;

use crate::{
    call::{App, Call},
    problem::{Problem, ProblemDocument},
};
use axum::{
    Json,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use object_store::{ObjectStoreExt, path::Path as ObjectPath};
use sanbian_domain::{
    finding::{Finding, Text},
    ids::AccountId,
};
use sanbian_proto::listing::v1::{GetDocumentRequest, LotDocument};
use sanbian_runtime::{Refusal, seal::sha256_hex};
use serde::Serialize;
use std::fmt::Write as _;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// Largest evidence file, in bytes.
pub const LARGEST: usize = 20 << 20;

/// Uploads held in memory at once; one more is asked to come again.
static UPLOADS: Semaphore = Semaphore::const_new(16);

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(store_document))
        .layer(DefaultBodyLimit::max(LARGEST))
        .routes(routes!(read_document))
}

/// A file that is kept.
#[derive(Serialize, ToSchema)]
struct StoredDocument {
    /// SHA-256 of its bytes, hex: by it the file is bound to a lot or registration.
    digest: String,
    /// Bytes.
    size: u64,
    /// Media type, as its bytes say.
    media_type: String,
}

/// Keeps an evidence file: the raw bytes are the body. PDF, JPEG, PNG, Word (docx), Excel (xlsx) or UTF-8 text, at most 20 MiB.
///
/// The same file again gives the same answer; nothing is kept twice.
#[utoipa::path(
    post, path = "/api/v1/documents", tag = "listing", security(("bearer" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = StoredDocument))
)]
async fn store_document(State(app): State<App>, Call(ctx): Call, request: Request) -> Result<Response, Problem> {
    let account = ctx.signed_in()?.account;
    let Ok(_permit) = UPLOADS.try_acquire() else {
        return Err(Refusal::unavailable("too many uploads at once").into());
    };
    let bytes = match Bytes::from_request(request, &app).await {
        Ok(bytes) => bytes,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return Ok(too_large()),
        Err(rejection) => return Err(Refusal::malformed("body", rejection.body_text()).into()),
    };
    let media_type = sniff::media_type(&bytes).ok_or_else(unknown_type)?;
    let digest = sha256_hex(&bytes);
    let size = u64::try_from(bytes.len()).map_err(Refusal::internal)?;
    // The content first: a mark without content would let a file be bound that is not there.
    app.documents.put(&place(&digest)?, bytes.into()).await.map_err(store_failed)?;
    app.documents.put(&mark(account, &digest)?, Bytes::new().into()).await.map_err(store_failed)?;
    Ok(Json(StoredDocument { digest, size, media_type: media_type.to_owned() }).into_response())
}

/// An evidence file of a lot or of a registration for it: public ones of an announced lot for anyone, the rest for those
/// concerned.
#[utoipa::path(
    get, path = "/api/v1/lots/{id}/documents/{digest}", tag = "listing",
    params(
        ("id" = Uuid, Path, description = "The lot."),
        ("digest" = String, Path, description = "SHA-256 of the file, hex.", pattern = "^[0-9a-f]{64}$")
    ),
    responses((status = 200, description = "The file.", content(
        (Vec<u8> = "application/pdf"),
        (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/png"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/plain; charset=utf-8")
    )))
)]
async fn read_document(
    State(app): State<App>,
    Call(ctx): Call,
    path: Result<Path<(Uuid, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    let Path((lot, digest)) = path.map_err(|rejection| Refusal::malformed("path", rejection.body_text()))?;
    let place = place(&digest)?;
    let request = GetDocumentRequest { lot_id: lot.to_string(), digest };
    let document = app.peers.listing(&ctx).get_document(request).await?.into_inner();
    let found = match app.documents.get(&place).await {
        Ok(found) => found,
        Err(error) => return Err(store_failed(error).into()),
    };
    let length = found.meta.size;
    let mut response = Body::from_stream(found.into_stream()).into_response();
    describe(response.headers_mut(), &document, length);
    Ok(response)
}

/// Size and media type of a file that `account` uploaded: what the gateway writes into a request to bind it, whatever the caller
/// says of it.
///
/// # Errors
/// `document.uploaded` where this account has not uploaded it; unavailable where the store is.
pub async fn uploaded(app: &App, account: AccountId, document: &mut LotDocument) -> Result<(), Refusal> {
    let mark = mark(account, &document.digest)?;
    match app.documents.head(&mark).await {
        Ok(_) => {}
        Err(object_store::Error::NotFound { .. }) => return Err(not_uploaded(&document.digest).into()),
        Err(error) => return Err(store_failed(error)),
    }
    let found = app.documents.get(&place(&document.digest)?).await.map_err(store_failed)?;
    let bytes = found.bytes().await.map_err(store_failed)?;
    document.size = i64::try_from(bytes.len()).map_err(Refusal::internal)?;
    document.media_type =
        sniff::media_type(&bytes).ok_or_else(|| Refusal::internal("a kept file has no known type"))?.to_owned();
    Ok(())
}

/// Where the bytes of `digest` are kept.
fn place(digest: &str) -> Result<ObjectPath, Refusal> {
    let digest = checked(digest)?;
    Ok(ObjectPath::from_iter(["sha256", &digest[..2], digest]))
}

/// The mark that `account` uploaded `digest`.
fn mark(account: AccountId, digest: &str) -> Result<ObjectPath, Refusal> {
    Ok(ObjectPath::from_iter(["uploads", &account.to_string(), checked(digest)?]))
}

fn checked(digest: &str) -> Result<&str, Refusal> {
    let hex = digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if hex { Ok(digest) } else { Err(Refusal::malformed("digest", "64 lower-case hex digits")) }
}

fn describe(headers: &mut HeaderMap, document: &LotDocument, length: u64) {
    let media_type =
        if document.media_type == sniff::TEXT { "text/plain; charset=utf-8" } else { &document.media_type };
    let caching = if document.public { "public, max-age=3600" } else { "private, no-store" };
    let fallback = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap_or(fallback));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_DISPOSITION, disposition(&document.name));
    // Should a browser show it all the same, it may do nothing with it.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
}

/// `attachment` with the file's name as RFC 6266 and RFC 8187 write it: whatever the name holds, nothing breaks out of the header.
fn disposition(name: &str) -> HeaderValue {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string");
        }
    }
    let value = format!("attachment; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn store_failed(error: object_store::Error) -> Refusal {
    tracing::error!(%error, "the store of evidence files failed");
    Refusal::unavailable("the store of evidence files failed")
}

fn too_large() -> Response {
    let finding = Finding::refusal(
        "document.size",
        "平台规则：附件大小上限 (platform rule: size of evidence files)",
        Text::new("文件过大,单个附件不得超过20 MiB。", "The file is too large: at most 20 MiB."),
        Text::new("请压缩或拆分后上传。", "Compress or split it."),
    )
    .with_fact("largest-bytes", LARGEST);
    let mut document = ProblemDocument::from(&Refusal::rule(vec![finding]));
    document.status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
    "内容过大 / Too large".clone_into(&mut document.title);
    "urn:sanbian:problem:too-large".clone_into(&mut document.type_uri);
    let mut response = (StatusCode::PAYLOAD_TOO_LARGE, Json(document)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn unknown_type() -> Refusal {
    Finding::refusal(
        "document.type",
        "平台规则：附件格式 (platform rule: types of evidence files)",
        Text::new(
            "无法识别的文件格式。可上传:PDF、JPEG、PNG、Word(docx)、Excel(xlsx,不含宏)、UTF-8 文本。",
            "The file's type is not known. PDF, JPEG, PNG, Word (docx), Excel (xlsx, without macros) and UTF-8 text are taken.",
        ),
        Text::new("请转换格式后上传。", "Convert it and upload it again."),
    )
    .into()
}

fn not_uploaded(digest: &str) -> Finding {
    Finding::refusal(
        "document.uploaded",
        "平台规则：附件由提交人本人上传 (platform rule: who binds a file has uploaded it)",
        Text::new("您没有上传过该文件。", "You have not uploaded this file."),
        Text::new("请先上传文件,再提交。", "Upload the file first."),
    )
    .at("digest")
    .with_fact("digest", digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_breaks_out_of_its_header() {
        for name in ["会议纪要.pdf", "a\"; filename=evil.html", "x\r\nSet-Cookie: a=b", ""] {
            let value = disposition(name);
            let name = value.to_str().unwrap().strip_prefix("attachment; filename*=UTF-8''").unwrap();
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{name}");
        }
        assert_eq!(disposition("会.pdf"), "attachment; filename*=UTF-8''%E4%BC%9A.pdf");
    }

    #[test]
    fn only_a_digest_is_a_place() {
        for bad in ["", "../../etc/passwd", &"A".repeat(64), &"a".repeat(63), &format!("{}/", "a".repeat(63))] {
            assert!(place(bad).is_err(), "{bad}");
        }
        let digest = "ab".repeat(32);
        assert_eq!(place(&digest).unwrap().as_ref(), format!("sha256/ab/{digest}"));
    }
}
