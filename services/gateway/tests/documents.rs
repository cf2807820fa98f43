//! Evidence files over HTTP, with a listing that knows one document and who may bind what.

use axum::{Router, body::Body};
use bytes::{BufMut, Bytes, BytesMut};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory};
use prost::Message;
use sanbian_domain::{
    ids::{AccountId, SessionId},
    role::{Grant, Role},
};
use sanbian_gateway::{App, router};
use sanbian_proto::listing::v1::{AttachDocumentRequest, LotDocument, LotDraft};
use sanbian_runtime::{Caller, Clock, Refusal, peers::Peers, rpc::Transport, secret::Secret, token::Tokens};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use uuid::Uuid;

const PDF: &[u8] = b"%PDF-1.7\nminutes\n";

struct Site {
    router: Router,
    tokens: Tokens,
    store: Arc<InMemory>,
    /// What listing answers when asked for a document.
    document: Arc<Mutex<Option<LotDocument>>>,
    /// What listing was asked to bind.
    bound: Arc<Mutex<Option<LotDocument>>>,
}

/// A gRPC answer: one message in its frame, and the trailers.
fn framed(message: &impl Message) -> http::Response<tonic::body::Body> {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.encoded_len()).unwrap());
    message.encode(&mut frame).unwrap();
    let trailers = http::HeaderMap::from_iter([(
        header::HeaderName::from_static("grpc-status"),
        header::HeaderValue::from_static("0"),
    )]);
    let body = http_body_util::Full::new(frame.freeze()).with_trailers(async move { Some(Ok(trailers)) });
    http::Response::builder().header("content-type", "application/grpc").body(tonic::body::Body::new(body)).unwrap()
}

impl Site {
    fn new() -> Self {
        let clock = Clock::real();
        let tokens = Tokens::new(&Secret::for_tests(), &clock);
        let peers = Peers::new(tokens.clone());
        let document = Arc::<Mutex<Option<LotDocument>>>::default();
        let bound = Arc::<Mutex<Option<LotDocument>>>::default();
        let (answers, binds) = (document.clone(), bound.clone());
        peers.set_listing(Transport::new(tower::service_fn(move |request: http::Request<tonic::body::Body>| {
            let (answers, binds) = (answers.clone(), binds.clone());
            async move {
                let method = request.uri().path().rsplit('/').next().unwrap().to_owned();
                let body = request.into_body().collect().await.unwrap().to_bytes();
                Ok(match method.as_str() {
                    "GetDocument" => match answers.lock().unwrap().as_ref() {
                        Some(document) => framed(document),
                        None => tonic::Status::from(Refusal::not_found("附件", "document")).into_http(),
                    },
                    "GetDraft" => framed(&LotDraft { notice: "{}".into(), ..LotDraft::default() }),
                    "AttachDocument" => {
                        let request = AttachDocumentRequest::decode(&body[5..]).unwrap();
                        binds.lock().unwrap().clone_from(&request.document);
                        framed(&LotDraft { notice: "{}".into(), ..LotDraft::default() })
                    }
                    other => panic!("listing was asked to {other}"),
                })
            }
        })));
        let store = Arc::new(InMemory::new());
        let router = router(&App {
            peers,
            tokens: tokens.clone(),
            clock,
            documents: store.clone(),
            ledger: Arc::new(InMemory::new()),
            demo: None,
            metrics: Arc::new(String::new),
            ready: Arc::new(|| true),
            secure_cookies: true,
        });
        Self { router, tokens, store, document, bound }
    }

    fn token(&self, role: Role) -> String {
        self.tokens
            .issue(&Caller {
                account: AccountId(Uuid::now_v7()),
                session: SessionId(Uuid::now_v7()),
                grants: vec![Grant { role, region: String::new() }],
                service: false,
            })
            .0
    }

    async fn send(&self, request: Request<Body>) -> http::Response<Bytes> {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        http::Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }

    async fn upload(&self, token: &str, body: impl Into<Body>) -> http::Response<Bytes> {
        let request = Request::post("/api/v1/documents")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn attach(&self, token: &str, document: Value) -> http::Response<Bytes> {
        let request = Request::post(format!("/api/v1/drafts/{}/documents", Uuid::now_v7()))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(json!({ "document": document }).to_string().into()).unwrap()).await
    }

    async fn files(&self) -> usize {
        use futures::StreamExt;
        self.store.list(None).count().await
    }
}

fn rule(answer: &http::Response<Bytes>) -> String {
    let document: Value = serde_json::from_slice(answer.body()).unwrap();
    document["findings"][0]["rule"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_kept_once_under_its_digest_and_typed_by_its_bytes() {
    let site = Site::new();
    let token = site.token(Role::Clerk);
    let anonymous = Request::post("/api/v1/documents").body(Body::from(PDF)).unwrap();
    assert_eq!(site.send(anonymous).await.status(), StatusCode::UNAUTHORIZED);
    let first = site.upload(&token, PDF).await;
    assert_eq!(first.status(), StatusCode::OK);
    let stored: Value = serde_json::from_slice(first.body()).unwrap();
    assert_eq!(stored["digest"], sanbian_runtime::seal::sha256_hex(PDF));
    assert_eq!((stored["size"].as_u64(), stored["media_type"].as_str()), (Some(17), Some("application/pdf")));
    let files = site.files().await;
    assert_eq!(site.upload(&token, PDF).await.body(), first.body());
    assert_eq!(site.files().await, files, "nothing is kept twice");

    let program = site.upload(&token, b"MZ\x90\0\x03".as_slice()).await;
    assert_eq!((program.status(), rule(&program).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "document.type"));
    let mut large = PDF.to_vec();
    large.resize((20 << 20) + 1, b'x');
    let refused = site.upload(&token, large).await;
    assert_eq!((refused.status(), rule(&refused).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "document.size"));
    assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(site.files().await, files, "what was refused left nothing");
    let mut largest = PDF.to_vec();
    largest.resize(20 << 20, b'x');
    assert_eq!(site.upload(&token, largest).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_who_uploaded_a_file_binds_it_and_its_bytes_say_what_it_is() {
    let site = Site::new();
    let (owner, other) = (site.token(Role::Clerk), site.token(Role::Clerk));
    let stored: Value = serde_json::from_slice(site.upload(&owner, PDF).await.body()).unwrap();
    let named = json!({
        "digest": stored["digest"], "kind": "minutes", "name": "会议纪要.pdf", "media_type": "text/html", "size": 1, "public": false
    });
    // The digest stands in the public log: knowing it is not having it.
    let stolen = site.attach(&other, named.clone()).await;
    assert_eq!((stolen.status(), rule(&stolen).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "document.uploaded"));
    assert_eq!(site.attach(&site.token(Role::Bidder), named.clone()).await.status(), StatusCode::FORBIDDEN);
    assert!(site.bound.lock().unwrap().is_none());
    assert_eq!(site.attach(&owner, named).await.status(), StatusCode::OK);
    let bound = site.bound.lock().unwrap().clone().unwrap();
    assert_eq!((bound.media_type.as_str(), bound.size, bound.name.as_str()), ("application/pdf", 17, "会议纪要.pdf"));
}

#[tokio::test]
async fn a_file_is_read_through_what_it_is_bound_to_and_never_runs() {
    let site = Site::new();
    let digest = sanbian_runtime::seal::sha256_hex(PDF);
    site.upload(&site.token(Role::Clerk), PDF).await;
    let get = |digest: &str| {
        Request::get(format!("/api/v1/lots/{}/documents/{digest}", Uuid::now_v7())).body(Body::empty()).unwrap()
    };
    assert_eq!(site.send(get(&digest)).await.status(), StatusCode::NOT_FOUND, "kept, but bound to nothing");
    *site.document.lock().unwrap() = Some(LotDocument {
        digest: digest.clone(),
        kind: "photo".into(),
        name: "a\"; x=\r\n图.pdf".into(),
        media_type: "application/pdf".into(),
        size: 17,
        public: true,
    });
    let file = site.send(get(&digest)).await;
    assert_eq!((file.status(), file.body().as_ref()), (StatusCode::OK, PDF));
    let headers = file.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
    let name = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(name, "attachment; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%E5%9B%BE.pdf");
    site.document.lock().unwrap().as_mut().unwrap().public = false;
    assert_eq!(site.send(get(&digest)).await.headers()[header::CACHE_CONTROL], "private, no-store");
    for bad in ["..%2F..%2Fsecret", "AB", &digest.to_uppercase()] {
        assert_eq!(site.send(get(bad)).await.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    // Bound, but lost from the store: not found is what it is not, and the fault is ours.
    let place = object_store::path::Path::from_iter(["sha256", &digest[..2], &digest]);
    site.store.delete(&place).await.unwrap();
    assert_eq!(site.send(get(&digest)).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

/// The notice and the schedule are described from the core's own types, down to the last part, and every reference leads somewhere.
#[tokio::test]
async fn the_description_knows_the_notice_and_leads_nowhere_else() {
    let site = Site::new();
    let answer = site.send(Request::get("/api/openapi.json").body(Body::empty()).unwrap()).await;
    let document: Value = serde_json::from_slice(answer.body()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas["Notice"]["properties"]["price"]["$ref"], "#/components/schemas/PriceTerms");
    assert_eq!(schemas["Schedule"]["properties"]["auction_opens"]["format"], "date-time");
    assert_eq!(schemas["LotView"]["properties"]["notice"]["$ref"], "#/components/schemas/Notice");
    for name in [
        "PriceTerms",
        "LotComponent",
        "Escalator",
        "Method",
        "Term",
        "PriorityTerms",
        "Moment",
        "PriceBasis",
        "RegionCode",
        "Span",
    ] {
        assert!(schemas.contains_key(name), "{name}");
    }
    let text = serde_json::to_string(&document).unwrap();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        let schema = schemas.get(name).unwrap_or_else(|| panic!("no schema {name}"));
        assert_ne!(schema["$ref"], format!("#/components/schemas/{name}"), "{name} is only itself");
    }
}
