//! The books against a naive model, under retries, and under many hands at once.

use super::*;
use proptest::{prelude::*, test_runner::TestRunner};
use sanbian_runtime::{refusal::Kind, testing::TestDb};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::collections::HashMap;

fn now() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn deposit(number: u128) -> Book {
    Book::Deposit(RegistrationId(Uuid::from_u128(number)))
}

fn movement(subject: &str, from: Book, to: Book, fen: i64) -> Movement {
    Movement::new(Reason::Suspense, subject, (from, to), Money::from_fen(fen), None)
}

/// Does one thing in a transaction of its own.
macro_rules! alone {
    ($pool:expr, |$tx:ident| $act:expr) => {{
        let mut begun = $pool.begin().await.unwrap();
        let $tx = &mut begun;
        match $act.await {
            Ok(done) => {
                begun.commit().await.unwrap();
                Ok(done)
            }
            Err(refusal) => {
                begun.rollback().await.unwrap();
                Err(refusal)
            }
        }
    }};
}

async fn sums(pool: &PgPool) -> (i64, i64) {
    store::books::sums(pool).await.unwrap()
}

#[tokio::test]
async fn what_is_ordered_can_not_be_ordered_again() {
    let db = TestDb::new().await;
    let pool = db.pool("settlement");
    let book = deposit(1);
    let incoming = movement("in", Book::Bank, book, 500);
    assert_eq!(alone!(pool, |tx| post(tx, &incoming, now())).unwrap(), Made::Now);
    assert_eq!(alone!(pool, |tx| post(tx, &incoming, now())).unwrap(), Made::Before, "a retry finds it there");
    let out = movement("out", book, Book::Bank, 500);
    assert_eq!(alone!(pool, |tx| hold(tx, &out, now())).unwrap(), Made::Now);
    assert_eq!(alone!(pool, |tx| hold(tx, &out, now())).unwrap(), Made::Before);
    let again = movement("out again", book, Book::Bank, 1);
    let refusal = alone!(pool, |tx| hold(tx, &again, now())).unwrap_err();
    assert_eq!((refusal.kind, refusal.findings[0].rule.as_str()), (Kind::Conflict, "books.balance"));
    assert_eq!(alone!(pool, |tx| owed(tx, book)).unwrap(), Money::ZERO);
    assert_eq!(alone!(pool, |tx| decide(tx, out.id, Verdict::Post, now())).unwrap(), Made::Now);
    assert_eq!(alone!(pool, |tx| decide(tx, out.id, Verdict::Post, now())).unwrap(), Made::Before);
    assert!(alone!(pool, |tx| decide(tx, out.id, Verdict::Void, now())).is_err(), "paid is paid");
    let other = movement("in", Book::Bank, book, 501);
    assert_eq!(alone!(pool, |tx| post(tx, &other, now())).unwrap_err().kind, Kind::Internal, "another under its id");
    assert_eq!(sums(&pool).await, (0, 0));
    pool.close().await;
    db.drop_now().await;
}

#[tokio::test]
async fn the_database_itself_keeps_the_books_from_being_changed() {
    let db = TestDb::new().await;
    let pool = db.pool("settlement");
    let out = movement("out", deposit(1), Book::Bank, 200);
    alone!(pool, |tx| post(tx, &movement("in", Book::Bank, deposit(1), 500), now())).unwrap();
    alone!(pool, |tx| hold(tx, &out, now())).unwrap();
    let tries = [
        "UPDATE settlement.transfer SET amount_fen = 1",
        "UPDATE settlement.transfer SET state = 'pending', settled_at = NULL WHERE state = 'posted'",
        "UPDATE settlement.transfer SET state = 'voided' WHERE state = 'posted'",
        "UPDATE settlement.transfer SET state = 'posted', settled_at = now(), reason = 'fee' WHERE state = 'pending'",
        "DELETE FROM settlement.transfer",
        "TRUNCATE settlement.transfer CASCADE",
        "DELETE FROM settlement.account",
        "INSERT INTO settlement.transfer (id, debit_id, credit_id, amount_fen, state, reason, created_at, settled_at)
             SELECT gen_random_uuid(), debit_id, credit_id, 1, 'voided', 'fee', now(), now() FROM settlement.transfer LIMIT 1",
    ];
    for statement in tries {
        assert!(sqlx::query(statement).execute(&pool).await.is_err(), "the service's role: {statement}");
        // Whoever else gets in, as the owner, meets the triggers.
        let mut owner = PgConnection::connect_with(db.owner()).await.unwrap();
        assert!(sqlx::query(AssertSqlSafe(statement)).execute(&mut owner).await.is_err(), "the owner: {statement}");
    }
    for statement in [
        "UPDATE settlement.account SET credits_posted = credits_posted + 1",
        "INSERT INTO settlement.account (id, code, debits_must_not_exceed_credits, credits_must_not_exceed_debits, credits_posted)
             VALUES (gen_random_uuid(), 'x', true, false, 5)",
    ] {
        assert!(sqlx::query(statement).execute(&pool).await.is_err(), "the service's role: {statement}");
    }
    assert_eq!(sums(&pool).await, (0, 0));
    pool.close().await;
    db.drop_now().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_hands_at_once_release_a_deposit_once() {
    let db = TestDb::new().await;
    let pool = db.pool("settlement");
    for round in 0..8_u128 {
        let book = deposit(round);
        alone!(pool, |tx| post(tx, &movement(&format!("in {round}"), Book::Bank, book, 500), now())).unwrap();
        // Each under a name of its own, and without the lock that acts take: the accounts' own constraint must hold by itself.
        let tasks: Vec<_> = (0..12)
            .map(|hand| {
                let pool = pool.clone();
                tokio::spawn(async move {
                    let out = movement(&format!("out {round} {hand}"), book, Book::Bank, 500);
                    let out = alone!(pool, |tx| hold(tx, &out, now()));
                    // Its own second look may see another hand's movement between: that is refused too, and nothing moved.
                    out.is_ok()
                })
            })
            .collect();
        let mut released = 0;
        for task in tasks {
            released += u32::from(task.await.unwrap());
        }
        assert_eq!(released, 1, "round {round}");
        assert_eq!(alone!(pool, |tx| owed(tx, book)).unwrap(), Money::ZERO);
    }
    assert_eq!(sums(&pool).await, (0, 0));
    pool.close().await;
    db.drop_now().await;
}

/// What is done to the books in the property test: on a few accounts, so that everything meets.
#[derive(Clone, Debug)]
enum Step {
    Post { subject: u8, from: u8, to: u8, fen: i64 },
    Hold { subject: u8, from: u8, to: u8, fen: i64 },
    Decide { subject: u8, post: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let made = (0_u8..12, 0_u8..5, 0_u8..5, 1_i64..200);
    let step = prop_oneof![
        3 => made.clone().prop_map(|(subject, from, to, fen)| Step::Post { subject, from, to, fen }),
        3 => made.prop_map(|(subject, from, to, fen)| Step::Hold { subject, from, to, fen }),
        2 => (0_u8..12, any::<bool>()).prop_map(|(subject, post)| Step::Decide { subject, post }),
    ];
    prop::collection::vec(step, 1..40)
}

/// The same rules, written without thought for anything but being right: a list of movements, summed up each time.
#[derive(Default)]
struct Naive {
    moves: HashMap<Uuid, (Uuid, Uuid, i64, &'static str)>,
}

impl Naive {
    fn owes(&self, account: Uuid) -> i64 {
        self.moves.values().fold(0, |owed, (debit, credit, fen, state)| match *state {
            "posted" => owed + if *credit == account { *fen } else { 0 } - if *debit == account { *fen } else { 0 },
            "pending" => owed - if *debit == account { *fen } else { 0 },
            _ => owed,
        })
    }

    /// Whether the books take it.
    fn make(&mut self, movement: &Movement, state: &'static str) -> bool {
        let entry = (movement.debit.id(), movement.credit.id(), movement.amount.fen());
        if let Some((debit, credit, fen, _)) = self.moves.get(&movement.id.0) {
            return (*debit, *credit, *fen) == entry;
        }
        if entry.0 == entry.1 || (movement.debit != Book::Bank && self.owes(entry.0) < entry.2) {
            return false;
        }
        self.moves.insert(movement.id.0, (entry.0, entry.1, entry.2, state));
        true
    }

    fn decide(&mut self, id: Uuid, state: &'static str) -> bool {
        match self.moves.get_mut(&id) {
            Some((.., was)) if *was == "pending" => {
                *was = state;
                true
            }
            Some((.., was)) => *was == state,
            None => false,
        }
    }
}

#[test]
fn agrees_with_a_naive_model_whatever_is_tried() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let db = runtime.block_on(TestDb::new());
    let pool = runtime.block_on(async { db.pool("settlement") });
    let case = std::cell::Cell::new(0_u128);
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    runner
        .run(&steps(), |steps| {
            case.set(case.get() + 1);
            runtime.block_on(against(&pool, case.get(), steps));
            Ok(())
        })
        .unwrap();
    runtime.block_on(async {
        pool.close().await;
        db.drop_now().await;
    });
}

async fn against(pool: &PgPool, case: u128, steps: Vec<Step>) {
    let book = |number: u8| if number == 0 { Book::Bank } else { deposit(case * 100 + u128::from(number)) };
    let named =
        |subject: u8, from: u8, to: u8, fen: i64| movement(&format!("{case}/{subject}"), book(from), book(to), fen);
    let mut naive = Naive::default();
    for step in steps {
        let (expected, got) = match step {
            Step::Post { subject, from, to, fen } => {
                let movement = named(subject, from, to, fen);
                (naive.make(&movement, "posted"), alone!(pool, |tx| post(tx, &movement, now())).is_ok())
            }
            Step::Hold { subject, from, to, fen } => {
                let movement = named(subject, from, to, fen);
                (naive.make(&movement, "pending"), alone!(pool, |tx| hold(tx, &movement, now())).is_ok())
            }
            Step::Decide { subject, post } => {
                let id = named(subject, 0, 1, 1).id;
                let (verdict, state) = if post { (Verdict::Post, "posted") } else { (Verdict::Void, "voided") };
                (naive.decide(id.0, state), alone!(pool, |tx| decide(tx, id, verdict, now())).is_ok())
            }
        };
        assert_eq!(got, expected, "{step:?}");
        for number in 1..5 {
            let owed = alone!(pool, |tx| owed(tx, book(number))).unwrap();
            assert_eq!(owed.fen(), naive.owes(book(number).id()), "{step:?}, account {number}");
            assert!(!owed.is_negative());
        }
    }
    assert_eq!(sums(pool).await, (0, 0));
}
