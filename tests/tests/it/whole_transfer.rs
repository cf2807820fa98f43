//! One transfer through HTTP alone, from the administrator's first account to the last fen paid out, and a log that proves it.

use sanbian_tests::{
    cast::{Cast, HOME},
    exchange::Exchange,
    transfer::{STEPS, Transfer},
};
use std::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn one_transfer_from_the_first_account_to_the_last_fen() {
    let exchange = Exchange::start().await;
    let cast = Cast::make(&exchange.api, HOME, 2, 1).await;
    let mut transfer = Transfer::new("whole", 1, cast, &exchange.api);
    for step in STEPS {
        let since = Instant::now();
        step.run(&mut transfer).await;
        println!("{:?} {}", since.elapsed(), step.name);
    }
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}
