//! The program killed at every point of the way, and clients that hang up: what was acknowledged stands, once.

use chrono::TimeDelta;
use futures::future::join_all;
use sanbian_ledger::checkpoint::Checkpoint;
use sanbian_tests::{
    cast::{Cast, HOME},
    exchange::Exchange,
    http::{Answer, Api, instant},
    log::Log,
    transfer::{RESERVE, STEP, STEPS, Step, Transfer, entries, offer},
    until,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Killed right after each answer, sometimes with its database; started again on the same data; the act repeated under its key.
#[tokio::test(flavor = "multi_thread")]
async fn killed_after_every_step_of_a_transfer() {
    let mut exchange = Exchange::start().await;
    let cast = Cast::make(&exchange.api, HOME, 2, 1).await;
    let mut transfer = Transfer::new("kill", 1, cast, &exchange.api);
    let mut seen: Option<Checkpoint> = None;
    let mut bursts = 0;
    for (at, step) in STEPS.iter().enumerate() {
        let mut again = transfer.clone();
        let answered = step.run(&mut transfer).await;
        // Every third time the machine's power fails, not the program alone.
        exchange.kill_and_restart(at % 3 == 0).await;
        let repeated = step.run(&mut again).await;
        assert_eq!(answered, repeated, "{}: the repeated call gives the first answer", step.name);
        let log = Log::read(&exchange.api, seen.as_ref()).await;
        seen = Some(log.checkpoint);
        zero(&transfer).await;
        if step.name == "second_offer" {
            bursts = burst(&mut exchange, &transfer).await;
        }
    }
    stands(&transfer, 3 + bursts, seen.as_ref()).await;
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}

/// The books add up to zero, whatever happened.
async fn zero(transfer: &Transfer) {
    let books = transfer.cast.finance.get("/api/v1/books").await;
    assert_eq!(books["sum_fen"], 0, "{books}");
    let accounts = books["accounts"].as_array().expect("accounts");
    let pending: i64 = accounts.iter().map(|account| account["pending_fen"].as_i64().expect("fen")).sum();
    assert_eq!(pending, 0, "{books}");
}

/// Everything acknowledged is in the log once, and all of it is there in the end.
async fn stands(transfer: &Transfer, offers: usize, seen: Option<&Checkpoint>) {
    let expected = entries(offers);
    let log = until("a log with the whole transfer", || async {
        let log = Log::read(&transfer.api, seen).await;
        let kinds = log.kinds(&transfer.known.lot);
        expected.iter().all(|(kind, count)| kinds.get(kind) >= Some(count)).then_some(log)
    })
    .await;
    assert_eq!(log.kinds(&transfer.known.lot), expected);
    for kind in ["collective.registered", "members.recorded", "asset.registered", "right.recorded"] {
        assert_eq!(log.count(kind), 1, "{kind}");
    }
    assert_eq!(log.count("statement.imported"), 3);
    let lot = transfer.reached(&["certified"]).await;
    assert_eq!(lot["qualified"], 2);
}

/// Kills the program while offers are under way, three times: an acknowledged one stands in the room's order, under its first receipt; the
/// others either stand or don't, and a repeated call says which. Gives how many were accepted.
async fn burst(exchange: &mut Exchange, transfer: &Transfer) -> usize {
    let first = transfer.room().await["offers"].as_u64().expect("a number");
    let mut acknowledged = Vec::new();
    for round in 0..3_u64 {
        let base = transfer.room().await["next_fen"].as_i64().expect("an open room");
        let offers: Vec<(usize, i64, String)> = (0..24)
            .map(|at| {
                let amount = base + i64::from(at) * STEP;
                (usize::try_from(at % 2).expect("small"), amount, format!("burst-{round}-{at}"))
            })
            .collect();
        let taken = Arc::new(AtomicUsize::new(0));
        let calls = join_all(offers.iter().enumerate().map(|(at, (bidder, fen, key))| {
            let (person, taken) = (transfer.bidder(*bidder).person.clone(), taken.clone());
            let (path, key, body) = (transfer.lot_path("/bids"), key.clone(), offer(*fen));
            async move {
                // One after another, so that many can lead in turn, but without waiting for answers.
                tokio::time::sleep(Duration::from_millis(u64::try_from(at).expect("small") * 3)).await;
                let answer = person.try_send(reqwest::Method::POST, &path, Some(&key), Some(&body)).await;
                taken
                    .fetch_add(usize::from(answer.as_ref().is_ok_and(|answer| answer.status == 200)), Ordering::SeqCst);
                answer
            }
        }));
        let calls = tokio::spawn(calls);
        // Some are answered, others on their way.
        let wanted = usize::try_from(2 + 3 * round).expect("small");
        until("answers before the kill", || async {
            (taken.load(Ordering::SeqCst) >= wanted || calls.is_finished()).then_some(())
        })
        .await;
        exchange.kill(round == 1).await;
        let answers = calls.await.expect("no panic");
        exchange.launch().await;
        transfer.room_is("free").await;
        let told: Vec<(usize, Value)> = answers
            .into_iter()
            .enumerate()
            .filter_map(|(at, answer)| {
                answer.ok().filter(|answer| answer.status == 200).map(|answer| (at, answer.ok()))
            })
            .collect();
        // Repeated, in another order: an acknowledged one gives its first receipt; a lost one may be accepted now.
        for (at, (bidder, fen, key)) in offers.iter().enumerate().rev() {
            let person = &transfer.bidder(*bidder).person;
            let answer =
                person.send(reqwest::Method::POST, &transfer.lot_path("/bids"), Some(key), Some(&offer(*fen))).await;
            match told.iter().find(|(of, _)| *of == at) {
                Some((_, receipt)) => {
                    let again = answer.ok();
                    assert_eq!((&again["bid"], &again["repeated"]), (&receipt["bid"], &json!(true)), "{key}");
                }
                None => assert!([200, 409, 422].contains(&answer.status), "{answer:?}"),
            }
        }
        acknowledged.extend(told.into_iter().map(|(_, receipt)| receipt["bid"].clone()));
    }
    // Who leads now depends on where the kills fell; the next step is the first bidder's offer, so the second one leads.
    if transfer.bidder(0).person.get(&transfer.lot_path("/my-place")).await["leads"] == true {
        let next = transfer.room().await["next_fen"].as_i64().expect("a price to offer");
        transfer.bidder(1).person.post(&transfer.lot_path("/bids"), "burst-over", &offer(next)).await;
    }
    let bids = transfer.api.nobody().get(&transfer.lot_path("/bids?limit=200")).await;
    let bids: Vec<&Value> = bids["items"].as_array().expect("items").iter().rev().collect();
    for (at, bid) in bids.iter().enumerate() {
        assert_eq!(bid["seq"], json!(at + 1), "no gap, no doublet");
    }
    assert!(bids.windows(2).all(|pair| pair[0]["amount_fen"].as_i64() < pair[1]["amount_fen"].as_i64()), "{bids:?}");
    for bid in &acknowledged {
        assert_eq!(bids.iter().filter(|found| **found == bid).count(), 1, "{bid}");
    }
    println!("{} offers were acknowledged before a kill", acknowledged.len());
    assert!(!acknowledged.is_empty(), "no kill fell after an answer: the test shows nothing");
    bids.len() - usize::try_from(first).expect("small")
}

/// Clients that hang up: each act is called twice and broken off at a random moment before it is called to the end.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_neither_undo_nor_double() {
    let exchange = Exchange::start().await;
    let hasty = exchange.api.impatient();
    let cast = Cast::make(&hasty, HOME, 2, 1).await;
    let mut transfer = Transfer::new("hasty", 1, cast, &hasty);
    for step in STEPS {
        let mut again = transfer.clone();
        let answered = step.run(&mut transfer).await;
        let repeated = calmly(step, &mut again, &exchange.api).await;
        assert_eq!(answered, repeated, "{}", step.name);
    }
    zero(&transfer).await;
    stands(&transfer, 3, None).await;
    let log = Log::read(&exchange.api, None).await;
    // Accounts and parties too: the first administrator, nine people of the office, two bidders.
    assert_eq!((log.count("account.created"), log.count("role.granted"), log.count("party.registered")), (12, 12, 2));
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}

/// The step by the same people with all the patience in the world.
async fn calmly(step: &Step, transfer: &mut Transfer, api: &Api) -> Value {
    transfer.cast = transfer.cast.over(api);
    step.run(transfer).await
}

/// Many offers of one bidder broken off at random moments: the room takes each key once.
#[tokio::test(flavor = "multi_thread")]
async fn offers_broken_off_are_taken_once_or_not_at_all() {
    let exchange = Exchange::start().await;
    let cast = Cast::make(&exchange.api, HOME, 2, 1).await;
    let mut transfer = Transfer::new("offers", 1, cast, &exchange.api);
    transfer.run_to("auction_opens").await;
    let hasty = exchange.api.impatient();
    let mut receipts = Vec::new();
    for at in 0..30_i64 {
        let bidder = transfer.bidder(usize::from(at % 2 == 1)).person.over(&hasty);
        let key = format!("broken-{at}");
        let body = offer(RESERVE + at * STEP);
        let receipt = bidder.post(&transfer.lot_path("/bids"), &key, &body).await;
        assert_eq!(receipt["bid"]["seq"], json!(at + 1), "each offer took one place");
        receipts.push(receipt["bid"].clone());
        // The key is this offer's for good.
        let another = bidder.over(&exchange.api);
        let other: Answer = another
            .send(
                reqwest::Method::POST,
                &transfer.lot_path("/bids"),
                Some(&key),
                Some(&offer(RESERVE + (at + 1) * STEP)),
            )
            .await;
        assert!(other.status == 409 || other.body["bid"] == receipt["bid"], "{other:?}");
    }
    let bids = transfer.api.nobody().get(&transfer.lot_path("/bids?limit=200")).await;
    let mut bids = bids["items"].as_array().expect("items").clone();
    bids.reverse();
    assert_eq!(bids, receipts);
    let ends = instant(&transfer.room().await["ends_at"]);
    assert_eq!(ends - transfer.date("free_until"), TimeDelta::seconds(300), "offers of the free period move nothing");
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}
