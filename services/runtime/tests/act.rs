//! The one way to write: once for each key, whole or not at all, and never undone by a client that goes away.

use chrono::TimeDelta;
use futures::future::join_all;
use sanbian_domain::ids::{AccountId, SessionId};
use sanbian_proto::pricing::v1::{ComparableDeals, ComparablesRequest};
use sanbian_runtime::{Caller, Context, Kind, Refusal, act, testing::TestDb};
use sqlx::{Connection, Executor, PgConnection, PgPool, postgres::PgConnectOptions};
use std::{
    future::Future,
    path::Path,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixListener, UnixStream},
    sync::Notify,
};
use uuid::Uuid;

/// A service whose only act writes a number into a table of its own.
struct Notes {
    db: TestDb,
    pool: PgPool,
    clock: sanbian_runtime::Clock,
    /// How often the act's body ran.
    ran: Arc<AtomicU32>,
}

impl Notes {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let mut owner = PgConnection::connect_with(db.owner()).await.unwrap();
        owner.execute("CREATE TABLE pricing.note (number bigint NOT NULL CONSTRAINT note_key UNIQUE)").await.unwrap();
        let (clock, ..) = db.shell(TimeDelta::zero());
        Self { pool: db.pool("pricing"), db, clock, ran: Arc::default() }
    }

    fn context(&self, account: AccountId, key: Option<&str>) -> Context {
        let caller = Caller { account, session: SessionId(Uuid::now_v7()), grants: Vec::new(), service: false };
        Context {
            caller: Some(Arc::new(caller)),
            idempotency_key: key.map(str::to_owned),
            ..Context::public(&self.clock)
        }
    }

    /// Writes `number`; refuses 13.
    async fn note(&self, ctx: &Context, number: i64) -> Result<ComparableDeals, Refusal> {
        self.note_after(ctx, number, "note", std::future::ready(())).await
    }

    async fn note_after(
        &self,
        ctx: &Context,
        number: i64,
        name: &'static str,
        before: impl Future<Output = ()> + Send + 'static,
    ) -> Result<ComparableDeals, Refusal> {
        let ran = self.ran.clone();
        act(ctx, &self.pool, name, &request(number), move |tx| {
            Box::pin(async move {
                let times = ran.fetch_add(1, Ordering::SeqCst) + 1;
                before.await;
                sqlx::query("INSERT INTO note (number) VALUES ($1)").bind(number).execute(&mut **tx).await?;
                if number == 13 {
                    return Err(Refusal::malformed("number", "unlucky"));
                }
                Ok(ComparableDeals { count: times, ..Default::default() })
            })
        })
        .await
    }

    /// What is committed, seen from outside.
    async fn notes(&self) -> Vec<i64> {
        let mut owner = PgConnection::connect_with(self.db.owner()).await.unwrap();
        sqlx::query_scalar("SELECT number FROM pricing.note ORDER BY number").fetch_all(&mut owner).await.unwrap()
    }

    async fn keys(&self) -> i64 {
        let mut owner = PgConnection::connect_with(self.db.owner()).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM pricing.idempotency").fetch_one(&mut owner).await.unwrap()
    }
}

fn request(number: i64) -> ComparablesRequest {
    ComparablesRequest { per_mu_year_fen: Some(number), ..Default::default() }
}

fn somebody() -> AccountId {
    AccountId(Uuid::now_v7())
}

#[tokio::test]
async fn a_repeated_call_gives_the_first_answer() {
    let notes = Notes::new().await;
    let ctx = notes.context(somebody(), Some("k"));
    let first = notes.note(&ctx, 1).await.unwrap();
    for _ in 0..3 {
        assert_eq!(notes.note(&ctx, 1).await.unwrap(), first);
    }
    assert_eq!((notes.notes().await, notes.ran.load(Ordering::SeqCst)), (vec![1], 1));
    // The key is this caller's: another one's is another key.
    assert!(notes.note(&notes.context(somebody(), Some("k")), 2).await.is_ok());
    // Without a key each call is an act of its own.
    assert!(notes.note(&notes.context(somebody(), None), 3).await.is_ok());
    assert_eq!((notes.notes().await, notes.keys().await), (vec![1, 2, 3], 2));
}

#[tokio::test]
async fn calls_at_once_are_one_act() {
    let notes = Notes::new().await;
    let account = somebody();
    let calls = (0..20).map(|_| {
        let ctx = notes.context(account, Some("k"));
        let notes = &notes;
        async move { notes.note(&ctx, 1).await }
    });
    let answers = join_all(calls).await;
    for answer in &answers {
        assert_eq!(answer.as_ref().unwrap(), answers[0].as_ref().unwrap());
    }
    assert_eq!((notes.notes().await, notes.ran.load(Ordering::SeqCst)), (vec![1], 1));
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_act() {
    let notes = Notes::new().await;
    let ctx = notes.context(somebody(), Some("k"));
    notes.note(&ctx, 1).await.unwrap();
    for refusal in [
        notes.note(&ctx, 2).await.unwrap_err(),
        notes.note_after(&ctx, 1, "another-act", std::future::ready(())).await.unwrap_err(),
    ] {
        assert_eq!((refusal.kind, refusal.findings[0].rule.as_str()), (Kind::Conflict, "request.idempotency-key"));
    }
    for key in ["", &"x".repeat(129)] {
        let refusal = notes.note(&notes.context(somebody(), Some(key)), 4).await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Malformed);
    }
    assert_eq!((notes.notes().await, notes.keys().await), (vec![1], 1));
}

#[tokio::test]
async fn a_refused_act_leaves_nothing_its_key_included() {
    let notes = Notes::new().await;
    let ctx = notes.context(somebody(), Some("k"));
    assert_eq!(notes.note(&ctx, 13).await.unwrap_err().kind, Kind::Malformed);
    assert_eq!((notes.notes().await, notes.keys().await), (vec![], 0));
    // So the key is free, for a request that is put right too.
    assert!(notes.note(&ctx, 14).await.is_ok());
    assert_eq!((notes.notes().await, notes.keys().await), (vec![14], 1));
}

#[tokio::test]
async fn a_panic_is_an_answer_and_leaves_nothing() {
    let notes = Notes::new().await;
    let ctx = notes.context(somebody(), Some("k"));
    let panic = async {
        tokio::task::yield_now().await;
        panic!("a fault in a use case")
    };
    assert_eq!(notes.note_after(&ctx, 1, "note", panic).await.unwrap_err().kind, Kind::Internal);
    assert_eq!((notes.notes().await, notes.keys().await), (vec![], 0));
    assert!(notes.note(&ctx, 1).await.is_ok());
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_nothing() {
    let notes = Notes::new().await;
    let ctx = notes.context(somebody(), Some("k"));
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let held = (begun.clone(), go.clone());
    let wait = async move {
        held.0.notify_one();
        held.1.notified().await;
    };
    {
        let mut call = pin!(notes.note_after(&ctx, 1, "note", wait));
        tokio::select! {
            _ = &mut call => panic!("the act waits to be let go"),
            () = begun.notified() => {}
        }
        // The client hangs up here, in the middle of the act.
    }
    assert_eq!(notes.notes().await, Vec::<i64>::new());
    go.notify_one();
    // A repeated call waits for the first one to end, then gets its answer.
    assert_eq!(notes.note(&ctx, 1).await.unwrap().count, 1);
    assert_eq!((notes.notes().await, notes.ran.load(Ordering::SeqCst)), (vec![1], 1));
}

/// Polls a future `times` times, a millisecond apart, and drops it. Whether it was ready before.
async fn dropped_after(future: impl Future, times: u32) -> bool {
    let mut future = pin!(future);
    for _ in 0..times {
        if std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}

/// A server a little way off: each of its answers takes some milliseconds, so that a future can be dropped while one is on its way.
async fn far_off(server: &PgConnectOptions, folder: &Path) -> PgConnectOptions {
    let near = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let socket = server.get_socket().map(|folder| folder.join(format!(".s.PGSQL.{}", server.get_port())));
    let address = (server.get_host().to_owned(), server.get_port());
    tokio::spawn(async move {
        while let Ok((client, _)) = near.accept().await {
            let (socket, address) = (socket.clone(), address.clone());
            tokio::spawn(async move {
                match socket {
                    Some(socket) => relay(client, UnixStream::connect(socket).await.unwrap()).await,
                    None => relay(client, TcpStream::connect(address).await.unwrap()).await,
                }
            });
        }
    });
    server.clone().socket(folder).port(5432)
}

async fn relay(client: UnixStream, server: impl AsyncRead + AsyncWrite) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (tokio::io::split(client), tokio::io::split(server));
    let answers = async {
        let mut bytes = [0; 8192];
        while let Ok(read @ 1..) = from_server.read(&mut bytes).await {
            tokio::time::sleep(Duration::from_millis(4)).await;
            if to_client.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    };
    let questions = async {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    };
    tokio::join!(answers, questions);
}

/// sqlx issue 4385: a future dropped inside `begin` hands its connection back within an open transaction. What its next user writes, and is told
/// was written, is lost when the connection ends. `begin` is dropped here at each of its steps, on a pool of one connection.
#[tokio::test]
async fn a_future_dropped_inside_begin_loses_nobodys_write() {
    let notes = Notes::new().await;
    let folder = tempfile::tempdir().unwrap();
    let server = far_off(notes.db.owner(), folder.path()).await;
    let pool = sanbian_runtime::db::pool(&server, notes.db.secret(), "pricing", 1);
    let notes = Notes { pool, ..notes };
    let (mut written, mut finished, mut steps) = (Vec::new(), false, 0);
    while !finished {
        finished = dropped_after(notes.pool.begin(), steps).await;
        for number in [100 + i64::from(steps) * 2, 101 + i64::from(steps) * 2] {
            // A statement alone commits itself, if it is not inside somebody's left-over transaction.
            if number % 2 == 0 {
                sqlx::query("INSERT INTO note (number) VALUES ($1)").bind(number).execute(&notes.pool).await.unwrap();
            } else {
                notes.note(&notes.context(somebody(), Some("k")), number).await.unwrap();
            }
            written.push(number);
            assert_eq!(notes.notes().await, written, "acknowledged after a `begin` dropped at its step {steps}");
        }
        steps += 1;
        assert!(steps < 200, "begin never ends");
    }
    assert!(steps > 5, "begin was dropped inside");
}
