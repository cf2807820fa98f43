//! What is kept, printed and told holds no password, token or name.

mod common;
use common::*;
use sanbian_proto::identity::v1::{
    ChangePasswordRequest, CreateAccountRequest, RefreshSessionRequest, SignInRequest, SignOutRequest, SignUpRequest,
};
use sqlx::Row;
use std::{
    io::{Result as IoResult, Write},
    sync::{Arc, Mutex},
};

const SECRET: &str = "three old walnut trees";

#[tokio::test]
async fn no_row_of_the_database_holds_a_password_token_or_name() {
    let fixture = Fixture::new().await;
    let (_, root) = fixture.root().await;
    fixture.with_key("k1").sign_up(sign_up_request("13800005678")).await.unwrap();
    let create = CreateAccountRequest {
        username: "13800005679".into(),
        initial_password: SECRET.into(),
        display_name: "王小明".into(),
        region: "500101".into(),
    };
    fixture.with_token_and_key(&root, Some("k2")).create_account(create).await.unwrap();
    let request = sign_in_from("13800005678", SECRET, "203.0.113.9");
    let opened = fixture.with_key("k3").sign_in(request).await.unwrap().into_inner();
    let request = RefreshSessionRequest { refresh_token: opened.refresh_token.clone() };
    let next = fixture.with_key("k4").refresh_session(request).await.unwrap().into_inner();
    let change =
        ChangePasswordRequest { current_password: SECRET.into(), new_password: "seven young walnut trees".into() };
    fixture.with_token_and_key(&token_of(&next), Some("k5")).change_password(change).await.unwrap();

    let secrets = [
        "walnut".to_owned(),
        "1380000567".to_owned(),
        "王小明".to_owned(),
        "203.0.113.9".to_owned(),
        opened.refresh_token,
        next.refresh_token.clone(),
        token_of(&next),
    ];
    let tables = fixture
        .rows("SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema IN ('identity', 'ledger') AND table_type = 'BASE TABLE'")
        .await;
    let mut seen = 0;
    for table in tables {
        let table: String = table.get(0);
        // As text; binary columns are in hex there.
        let rows = fixture.rows(format!("SELECT t::text FROM {table} AS t")).await;
        for row in rows {
            seen += 1;
            let text: String = row.get(0);
            for secret in &secrets {
                let as_bytes = hex::encode(secret.as_bytes());
                assert!(!text.contains(secret.as_str()) && !text.contains(&as_bytes), "{table} holds {secret}: {text}");
            }
        }
    }
    assert!(seen > 10, "the tables were looked at");
    // The same name sealed twice is two different texts, so equal names do not show.
    let sealed = fixture.rows("SELECT count(DISTINCT display_name_sealed), count(*) FROM identity.account").await;
    assert_eq!(sealed[0].get::<i64, _>(0), sealed[0].get::<i64, _>(1));
}

#[tokio::test]
async fn digests_of_requests_cannot_be_guessed_at() {
    let fixture = Fixture::new().await;
    let request = sign_up_request("wang.xiaoming");
    fixture.with_key("k1").sign_up(request.clone()).await.unwrap();
    let kept: Vec<u8> = fixture.rows("SELECT request_digest FROM identity.idempotency").await[0].get(0);
    let plain = ring::digest::digest(&ring::digest::SHA256, &prost::Message::encode_to_vec(&request));
    assert_ne!(kept, plain.as_ref(), "a plain digest would let passwords be guessed at speed");
}

#[tokio::test]
async fn debug_says_nothing() {
    let fixture = Fixture::new().await;
    fixture.sign_up("wang.xiaoming").await;
    let opened = fixture.sign_in("wang.xiaoming").await;
    let token = token_of(&opened);
    let messages = [
        format!("{:?}", SignUpRequest { password: SECRET.into(), ..Default::default() }),
        format!("{:?}", SignInRequest { password: SECRET.into(), ..Default::default() }),
        format!("{:?}", ChangePasswordRequest { current_password: SECRET.into(), new_password: SECRET.into() }),
        format!("{:?}", CreateAccountRequest { initial_password: SECRET.into(), ..Default::default() }),
        format!("{:?}", RefreshSessionRequest { refresh_token: SECRET.into() }),
        format!("{:?}", SignOutRequest { refresh_token: Some(SECRET.into()) }),
        format!("{opened:?}"),
        format!("{:?}", tonic::Response::new(opened.session.clone().unwrap())),
        format!("{:?}", fixture.deps.rules),
    ];
    for message in messages {
        assert!(
            !message.contains("walnut") && !message.contains(&token) && !message.contains(&opened.refresh_token),
            "{message}"
        );
    }
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_say_nothing_even_at_their_most_talkative() {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let fixture = Fixture::new().await;
    fixture.sign_up("13800005678").await;
    refused(fixture.public().sign_up(sign_up_request("13800005678")).await);
    refused(fixture.public().sign_in(sign_in_from("13800005678", "four walnut trees", "203.0.113.9")).await);
    let request = sign_in_from("13800005678", SECRET, "203.0.113.9");
    let opened = fixture.public().sign_in(request).await.unwrap().into_inner();
    let request = RefreshSessionRequest { refresh_token: opened.refresh_token.clone() };
    let next = fixture.public().refresh_session(request.clone()).await.unwrap().into_inner();
    fixture
        .owner("UPDATE identity.refresh_token SET used_at = used_at - interval '1 minute' WHERE used_at IS NOT NULL")
        .await;
    refused(fixture.public().refresh_session(request).await);

    let logged = String::from_utf8_lossy(&kept.0.lock().unwrap()).into_owned();
    assert!(logged.contains("a used refresh token came again"), "the log was kept");
    assert!(logged.contains("identity.account"), "down to the statements");
    for secret in
        ["walnut", "13800005678", "王小明", "203.0.113.9", &opened.refresh_token, &next.refresh_token, &token_of(&next)]
    {
        assert!(!logged.contains(secret), "the log holds {secret}");
    }
}
