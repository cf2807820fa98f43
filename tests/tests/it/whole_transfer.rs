//! One transfer through HTTP alone, from the administrator's first account to the last fen paid out, and a log that proves it.

use chrono::{NaiveDate, TimeDelta};
use sanbian_domain::fact::Fact;
use sanbian_tests::{
    cast::{self, Cast, HOME},
    exchange::{self, Exchange},
    http::instant,
    log::{self, Log},
    transfer::{DEPOSIT, RESERVE, STEP, Transfer, entries, text},
    until,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, process::Command};

#[tokio::test(flavor = "multi_thread")]
async fn one_transfer_from_the_first_account_to_the_last_fen() {
    let exchange = Exchange::start().await;
    let api = exchange.api.clone();
    let cast = Cast::make(&api, HOME, 3, 1).await;
    let mut transfer = Transfer::new("whole", 1, cast, &api);

    transfer.run_to("asset").await;
    measured(&transfer).await;
    typed(&transfer).await;
    transfer.run_on("asset", "submit").await;
    transfer.run_on("submit", "township_review").await;
    nobody_reviews_twice(&transfer).await;
    transfer.run_on("township_review", "announce").await;
    announced(&transfer).await;
    transfer.run_on("announce", "deposits").await;
    secret_until_the_close(&transfer).await;
    transfer.run_on("deposits", "second_offer").await;
    let before = transfer.room().await;
    transfer.run_on("second_offer", "last_offer").await;
    extended(&transfer, &before).await;
    transfer.run_on("last_offer", "auction_closes").await;
    published(&transfer).await;
    transfer.run_on("auction_closes", "payouts_paid").await;

    money_adds_up(&transfer).await;
    certified(&transfer).await;
    let log = Log::with(&api, &transfer.known.lot, "proceeds.paid", 1).await;
    case_file(&transfer, &log).await;
    proves(&transfer, &log).await;
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}

/// The registry measured the parcel in its own zone and finds it as large as stated.
async fn measured(transfer: &Transfer) {
    let asset = transfer.api.nobody().get(&format!("/api/v1/assets/{}", transfer.known.asset)).await;
    let mu: f64 = text(&asset["measured_mu"]).parse().expect("a number");
    assert!((mu - 60.0).abs() < 0.1, "60 mu were drawn, {mu} measured");
    assert_eq!(asset["srid"], 4545, "the zone of the meridian 108° E");
}

/// The rules speak as one types: what is missing first, nothing that refuses in the end.
async fn typed(transfer: &Transfer) {
    let check = |notice: Value| {
        let request = json!({
            "collective_id": transfer.known.collective, "asset_ids": [transfer.known.asset], "notice": notice,
        });
        async move { transfer.cast.clerk.try_post("/api/v1/drafts/check", &request).await.ok() }
    };
    let refusing = |answer: &Value| {
        let findings = answer["findings"].as_array().expect("findings").iter();
        let refusing = findings.filter(|finding| finding["severity"] == "refusal");
        refusing
            .map(|finding| (text(&finding["rule"]), finding["field"].as_str().unwrap_or_default().to_owned()))
            .collect::<Vec<_>>()
    };
    let begun = check(json!({ "title": "机动地", "category": "collective-land" })).await;
    let missing: BTreeSet<String> = refusing(&begun).into_iter().map(|(_, field)| field).collect();
    for field in ["price.reserve", "term", "method", "deposit"] {
        assert!(missing.contains(field), "{field} is missing and must be asked for: {missing:?}");
    }
    let mut wrong = transfer.notice();
    wrong["term"] = json!({ "kind": "length", "span": "P40Y", "start": "signing" });
    wrong["deposit"] = json!({ "amount": 10_000, "kind": "bid" });
    let rules: Vec<String> = refusing(&check(wrong).await).into_iter().map(|(rule, _)| rule).collect();
    assert!(rules.contains(&"term.limit".to_owned()) && rules.contains(&"deposit.share".to_owned()), "{rules:?}");
    let whole = check(transfer.notice()).await;
    let left = refusing(&whole).into_iter().filter(|(rule, _)| !rule.starts_with("decision")).collect::<Vec<_>>();
    assert_eq!(left, []);
    // 60 mu at 600 yuan for 3 years.
    assert_eq!((&whole["reserve_total_fen"], &whole["first_year_fen"]), (&json!(10_800_000), &json!(3_600_000)));
}

/// Four eyes: whoever has written on a lot does not review it, whatever role the administrator gives them later; and one review is one
/// person's.
async fn nobody_reviews_twice(transfer: &Transfer) {
    let (api, cast) = (&transfer.api, &transfer.cast);
    let me = cast.clerk.get("/api/v1/me").await;
    let grants = format!("/api/v1/admin/accounts/{}/grants", text(&me["id"]));
    let taken = format!("{grants}?role=clerk&region={}", cast.place.village);
    cast.administrator.send(reqwest::Method::DELETE, &taken, Some("clerk-taken"), None).await.ok();
    cast.administrator
        .post(&grants, "reviewer-given", &json!({ "role": "county-reviewer", "region": cast.place.county }))
        .await;
    let turned = api.person(cast.clerk.username(), cast::PASSWORD);
    let review = json!({ "outcome": "approved", "reasons": "自己写的自己审", "version": transfer.known.version });
    turned.try_post(&transfer.draft_path("/review"), &review).await.refused_by("lot.four-eyes");
    let draft = cast.county.get(&transfer.draft_path("")).await;
    assert_eq!(draft["reviews"].as_array().expect("reviews").len(), 1, "the refused review left nothing");
}

/// The announcement has its ten working days, and the room opens on a working day after it.
async fn announced(transfer: &Transfer) {
    let day = |name: &str| (transfer.date(name) + TimeDelta::hours(8)).date_naive();
    let from = day("announced_at");
    let path = format!("/api/v1/calendar/deadline?from={from}&working_days=10");
    let last: NaiveDate = text(&transfer.api.nobody().get(&path).await["date"]).parse().expect("a day");
    assert_eq!(day("registration_closes"), last);
    assert!(day("auction_opens") > last);
    let lot = transfer.api.nobody().get(&transfer.lot_path("")).await;
    assert_eq!((&lot["deposit_fen"], &lot["reserve_fen"]), (&json!(DEPOSIT), &json!(RESERVE)));
    // The minutes were attached for the public; anyone reads them as they were uploaded.
    let minutes =
        transfer.api.nobody().get(&transfer.lot_path(&format!("/documents/{}", transfer.known.minutes))).await;
    assert!(minutes.as_str().expect("text").contains("会议记录"));
}

/// Before the close nobody learns who registered, nor how many.
async fn secret_until_the_close(transfer: &Transfer) {
    let lot = transfer.api.nobody().get(&transfer.lot_path("")).await;
    assert!(lot.get("registrations").is_none() && lot.get("qualified").is_none(), "{lot}");
    let path = transfer.lot_path("/registrations");
    let curious = transfer.cast.bidders[2].person.send(reqwest::Method::GET, &path, None, None).await;
    assert!([403, 404].contains(&curious.status), "{curious:?}");
}

/// The offer in the last minute moved the end to two minutes after it.
async fn extended(transfer: &Transfer, before: &Value) {
    let bids = transfer.api.nobody().get(&transfer.lot_path("/bids")).await;
    let last = &bids["items"][0];
    assert_eq!(last["amount_fen"], json!(RESERVE + 2 * STEP));
    assert!(instant(&last["ends_at"]) > instant(&before["ends_at"]), "{last} after {before}");
    assert_eq!(instant(&last["ends_at"]) - instant(&last["placed_at"]), TimeDelta::seconds(120));
    assert_eq!(transfer.room().await["extensions"], 1);
    let place = transfer.bidder(0).person.get(&transfer.lot_path("/my-place")).await;
    assert_eq!((&place["leads"], &place["number"]), (&json!(true), &last["bidder"]));
}

/// The result is public: the number that won, the price and what it comes to; not who.
async fn published(transfer: &Transfer) {
    let lot = transfer.reached(&["result-notice"]).await;
    assert_eq!(lot["price_fen"], json!(RESERVE + 2 * STEP));
    assert_eq!(lot["total_fen"], json!((RESERVE + 2 * STEP) * 60 * 3));
    let place = transfer.bidder(0).person.get(&transfer.lot_path("/my-place")).await;
    assert_eq!((&lot["winner_number"], &place["won"]), (&place["number"], &json!(true)));
    assert!(!lot.to_string().contains(&transfer.bidder(0).name));
}

/// Every fen is somewhere: the books sum to zero, nothing is left of deposits and contract, the collective has the first year's rent.
async fn money_adds_up(transfer: &Transfer) {
    let books = transfer.cast.finance.get("/api/v1/books").await;
    assert_eq!(books["sum_fen"], 0);
    let accounts = books["accounts"].as_array().expect("accounts");
    assert_eq!(accounts.iter().map(|account| account["posted_fen"].as_i64().expect("fen")).sum::<i64>(), 0);
    for account in accounts {
        let code = text(&account["code"]);
        assert_eq!(account["pending_fen"], 0, "{code}");
        if !["bank", "fees"].contains(&code.as_str()) {
            assert_eq!(account["posted_fen"], 0, "{code} is to be empty when all is paid out");
        }
    }
    let contract = transfer.bidder(0).person.get(&transfer.contract_path("")).await;
    let (first, fee) = (fen(&contract["first_payment_fen"]), fen(&contract["fee_fen"]));
    assert_eq!(first, (RESERVE + 2 * STEP) * 60);
    assert_eq!((&contract["state"], fen(&contract["outstanding_fen"])), (&json!("settled"), 0));
    let bank = accounts.iter().find(|account| account["code"] == "bank").expect("the bank");
    assert_eq!(fen(&bank["posted_fen"]), fee, "what stays in the bank is the exchange's fee");
    let paid: Vec<(i64, &str)> = transfer.known.payouts.iter().map(|(_, fen, _, kind)| (*fen, kind.as_str())).collect();
    assert!(paid.contains(&(DEPOSIT, "deposit-return")) && paid.contains(&(first, "proceeds")), "{paid:?}");
    let deposit = transfer.deposit(1).await;
    assert_eq!(deposit["state"], "released");
}

fn fen(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no amount: {value}"))
}

/// The certificate's page is public, masks its people, and leads to its entry.
async fn certified(transfer: &Transfer) {
    let path = format!("/api/v1/certificates/{}", transfer.known.certificate);
    let page = until("the certificate's place in the log", || async {
        let page = transfer.api.nobody().get(&path).await;
        page.get("log_index").is_some().then_some(page)
    })
    .await;
    assert_eq!(page["status"], "valid");
    assert_eq!(page["total_fen"], json!((RESERVE + 2 * STEP) * 60 * 3));
    assert!(text(&page["total_capitals"]).starts_with("壹拾壹万壹仟陆佰元"), "{}", page["total_capitals"]);
    assert_ne!(page["transferee"]["name"], json!(transfer.bidder(0).name), "a natural person is masked");
    let entry = log::proved(&transfer.api, page["log_index"].as_u64().expect("a number")).await;
    let Fact::CertificateIssued(issued) = entry.fact else { panic!("{entry:?}") };
    assert_eq!((json!(issued.number), json!(issued.digest)), (page["number"].clone(), page["digest"].clone()));
    // The taker's right stands on the land now.
    let rights = transfer.api.nobody().get(&format!("/api/v1/assets/{}/rights", transfer.known.asset)).await;
    assert_eq!(rights["items"].as_array().map(Vec::len), Some(1), "{rights}");
    assert_eq!(rights["items"][0]["lot_id"], json!(transfer.known.lot));
}

/// The supervisor's case file has every step of the log about the lot, each with a proof, and the money beside it.
async fn case_file(transfer: &Transfer, log: &Log) {
    let expected = entries(3);
    let case = until("a whole case file", || async {
        let case = transfer.cast.supervisor.get(&format!("/api/v1/cases/{}", transfer.known.lot)).await;
        (case["steps"].as_array().expect("steps").len() >= expected.values().sum()).then_some(case)
    })
    .await;
    let steps = case["steps"].as_array().expect("steps");
    for step in steps {
        let index = usize::try_from(step["index"].as_u64().expect("a number")).expect("small");
        assert_eq!(step["kind"], log.entries[index].fact.kind());
        assert!(!text(&step["zh"]).is_empty() && !text(&step["en"]).is_empty() && !text(&step["actor"]).is_empty());
    }
    let told = |kind: &str| steps.iter().filter(|step| step["kind"] == kind).count();
    for (kind, count) in &expected {
        assert_eq!(told(kind), *count, "{kind}");
    }
    let proved = log::proved(&transfer.api, steps[0]["index"].as_u64().expect("a number")).await;
    assert_eq!(proved.fact.kind(), "lot.drafted");
    assert_eq!(case["lot"]["decision"]["in_favour"], json!(transfer.known.voters - 3));
    assert_eq!(case["lot"]["documents"][0]["digest"], json!(transfer.known.minutes));
    assert_eq!(case["money"]["deposits"].as_array().map(Vec::len), Some(2));
    assert!(case["money"]["postings"].as_array().is_some_and(|postings| postings.len() >= 6));
}

/// The log verifies from its public files alone, has every acknowledged act once, and names no person.
async fn proves(transfer: &Transfer, log: &Log) {
    assert_eq!(log.kinds(&transfer.known.lot), entries(3));
    for (kind, count) in [
        // The first administrator, nine people of the office, three bidders.
        ("account.created", 13),
        ("role.revoked", 1),
        ("party.registered", 3),
        ("collective.registered", 1),
        ("members.recorded", 1),
        ("asset.registered", 1),
        ("right.recorded", 1),
        ("statement.imported", 3),
    ] {
        assert_eq!(log.count(kind), count, "{kind}");
    }
    let told = log.text();
    for bidder in &transfer.cast.bidders {
        assert!(!told.contains(&bidder.name) && !told.contains(&bidder.account), "the log names {}", bidder.name);
    }
    assert!(!told.contains("测试成员"), "the log names a member");

    let key = log::key(&transfer.api).await.to_string();
    let state = tempfile::tempdir().expect("a folder");
    let verify = |key: &str| {
        let mut command = Command::new(exchange::program());
        command
            .args(["verify", "--log", &transfer.api.base(), "--vkey", key, "--state"])
            .arg(state.path().join("seen"));
        command.output().expect("the program runs")
    };
    for _ in 0..2 {
        let output = verify(&key);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("verified"), "{said}");
    }
    let (head, last) = key.split_at(key.len() - 1);
    let strange = format!("{head}{}", if last == "A" { 'B' } else { 'A' });
    assert!(!verify(&strange).status.success(), "another key's log is not believed");
}
