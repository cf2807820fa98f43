//! Bad input all along the way: each refused act says which rule, on what basis, why and what to do, in both languages, and leaves nothing behind.

use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::Method;
use sanbian_tests::{
    bank::Statement,
    cast::{Cast, HOME, PASSWORD, collective_request, enrol, members_request, party_request},
    exchange::Exchange,
    http::{Answer, Person},
    log::Log,
    nobody,
    transfer::{DEPOSIT, RESERVE, STEP, Transfer, entries, offer, text},
    until,
};
use serde_json::{Value, json};
use std::time::Duration;

/// A transfer on whose way people make mistakes.
struct Course {
    transfer: Transfer,
    /// What was not as it must be.
    wrong: Vec<String>,
    /// Refusals seen.
    refusals: usize,
    /// What people saw of the state of things before.
    seen: Vec<(String, Value)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_says_why_and_leaves_nothing() {
    let exchange = Exchange::start().await;
    let cast = Cast::make(&exchange.api, HOME, 3, 1).await;
    let transfer = Transfer::new("refused", 1, cast, &exchange.api);
    let mut course = Course { transfer, wrong: Vec::new(), refusals: 0, seen: Vec::new() };
    course.accounts_and_parties().await;
    course.land().await;
    course.drafting().await;
    course.reviewing().await;
    course.registering().await;
    course.deposits().await;
    course.offering().await;
    course.contract_and_money().await;
    println!("{} refusals", course.refusals);
    assert!(course.wrong.is_empty(), "{} wrong:\n{}", course.wrong.len(), course.wrong.join("\n"));
    assert!(course.refusals >= 80, "only {}", course.refusals);
    // In the end the log has what was done and nothing of what was refused.
    let lot = &course.transfer.known.lot;
    let log = Log::with(&exchange.api, lot, "proceeds.paid", 1).await;
    assert_eq!(log.kinds(lot), entries(3));
    assert_eq!(
        (log.count("collective.registered"), log.count("asset.registered"), log.count("party.registered")),
        (1, 1, 3)
    );
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}

impl Course {
    // The way ---------------------------------------------------------------------------------------------------------------------------

    async fn accounts_and_parties(&mut self) {
        self.quiet().await;
        let nobody = self.transfer.api.nobody();
        let admin = self.transfer.cast.administrator.clone();
        let sign_up = |username: &str, password: &str| json!({ "username": username, "password": password, "display_name": "测试" });
        self.post(422, "identity.password-length", &nobody, "/api/v1/accounts", sign_up("short-one", "abc")).await;
        self.post(422, "identity.password-common", &nobody, "/api/v1/accounts", sign_up("common-one", "1234567890"))
            .await;
        self.post(422, "identity.username", &nobody, "/api/v1/accounts", sign_up("a b", PASSWORD)).await;
        self.post(409, "identity.username-taken", &nobody, "/api/v1/accounts", sign_up("home-bidder-1", PASSWORD))
            .await;
        let wrong = json!({ "username": "home-bidder-1", "password": "not the password" });
        self.post(401, "identity.credentials", &nobody, "/api/v1/session", wrong).await;
        let me = text(&self.transfer.cast.clerk.get("/api/v1/me").await["id"]);
        let grant = json!({ "role": "county-reviewer", "region": HOME.county });
        self.post(422, "identity.duties-apart", &admin, &format!("/api/v1/admin/accounts/{me}/grants"), grant).await;
        let own = text(&admin.get("/api/v1/me").await["id"]);
        let grant = json!({ "role": "operator", "region": HOME.county });
        self.post(403, "identity.not-oneself", &admin, &format!("/api/v1/admin/accounts/{own}/grants"), grant).await;

        let newcomer = enrol(&self.transfer.api, &admin, "home-newcomer", "bidder", HOME.county).await;
        self.quiet().await;
        let with = |field: &str, value: Value| {
            let mut request = party_request(70);
            request[field] = value;
            request
        };
        let mistyped = json!(nobody::mistyped(&nobody::resident(1980, 70)));
        self.post(422, "resident-id.check", &newcomer, "/api/v1/parties", with("identity_number", mistyped)).await;
        self.post(422, "mobile.form", &newcomer, "/api/v1/parties", with("mobile", json!("12345"))).await;
        let others = json!({ "name": "他人", "bank": "测试银行", "number": nobody::bank_account(70) });
        self.post(422, "bank-account.own-name", &newcomer, "/api/v1/parties", with("bank_account", others)).await;
        let bidder = self.transfer.bidder(0).person.clone();
        self.post(409, "party.one-per-account", &bidder, "/api/v1/parties", party_request(71)).await;
        self.post(409, "party.identity-registered", &newcomer, "/api/v1/parties", party_request(1)).await;
        self.post(403, "identity.role", &bidder, "/api/v1/collectives", collective_request(HOME.village, 2)).await;
        self.post(401, "identity.signed-in", &nobody, "/api/v1/collectives", collective_request(HOME.village, 2)).await;
    }

    async fn land(&mut self) {
        let operator = self.transfer.cast.operator.clone();
        let clerk = self.transfer.cast.clerk.clone();
        let mut request = collective_request(HOME.village, 1);
        request["uscc"] = json!(nobody::mistyped(&nobody::uscc(1)));
        self.post(422, "uscc.check", &operator, "/api/v1/collectives", request).await;
        self.transfer.run_to("collective").await;
        self.quiet().await;
        let path = format!("/api/v1/collectives/{}/members", self.transfer.known.collective);
        let mut request = members_request(1);
        request["households"][0]["members"][0]["relation"] = json!("spouse");
        self.act(422, "register.one-head", &clerk, Method::PUT, &path, Some(request)).await;
        self.on("collective", "members").await;

        let shaped = |course: &Self, ring: Value| {
            let mut request = course.transfer.asset_request();
            request["description"]["geometry"] = json!({ "type": "Polygon", "coordinates": [ring] });
            request
        };
        let bow_tie = json!([[108.41, 31.70], [108.42, 31.71], [108.42, 31.70], [108.41, 31.71], [108.41, 31.70]]);
        let open = json!([[108.41, 31.70], [108.42, 31.70], [108.42, 31.71], [108.41, 31.71]]);
        let swapped = json!([[31.70, 108.41], [31.71, 108.41], [31.71, 108.42], [31.70, 108.41]]);
        for (rule, ring) in [("geometry.valid", bow_tie), ("geometry.ring", open), ("geometry.outside-china", swapped)]
        {
            let request = shaped(self, ring);
            self.post(422, rule, &clerk, "/api/v1/assets", request).await;
        }
        self.on("members", "asset").await;
    }

    async fn drafting(&mut self) {
        let (clerk, chair) = (self.transfer.cast.clerk.clone(), self.transfer.cast.chair.clone());
        let request = |course: &Self, notice: Value| json!({ "collective_id": course.transfer.known.collective, "asset_ids": [course.transfer.known.asset], "notice": notice });
        let unreadable = request(self, json!({ "price": { "reserve": { "amount": 600.5, "basis": "mu-year" } } }));
        self.post(400, "request.well-formed", &clerk, "/api/v1/drafts", unreadable).await;
        self.on("asset", "draft").await;
        let digest = "ab".repeat(32);
        let document =
            json!({ "digest": digest, "kind": "minutes", "name": "x", "media_type": "", "size": 1, "public": true });
        let path = self.transfer.draft_path("/documents");
        self.post(422, "document.uploaded", &clerk, &path, json!({ "document": document })).await;
        let submit = self.transfer.draft_path("/submit");
        let version = json!({ "version": self.transfer.known.version });
        self.post(422, "lot.decision", &chair, &submit, version).await;

        self.on("draft", "attach").await;
        let path = self.transfer.draft_path("/decision");
        let good = self.transfer.decision_request().await;
        let but = |changes: &[(&str, Value)]| {
            let mut request = good.clone();
            for (field, value) in changes {
                request["decision"][field] = value.clone();
            }
            request
        };
        let voters = self.transfer.known.voters;
        // Two thirds of all, not of those present: one less than that is not enough.
        let short = voters.div_ceil(3) * 2 - 1;
        let missed = but(&[("in_favour", json!(short)), ("against", json!(voters - short)), ("abstained", json!(0))]);
        self.post(422, "decision.majority", &clerk, &path, missed).await;
        let few = voters / 2;
        let empty =
            but(&[("present", json!(few)), ("in_favour", json!(few)), ("against", json!(0)), ("abstained", json!(0))]);
        self.post(422, "decision.quorum", &clerk, &path, empty).await;
        let hasty = but(&[("notice_on", good["decision"]["held_on"].clone())]);
        self.post(422, "decision.notice", &clerk, &path, hasty).await;
        let uncounted = but(&[("in_favour", json!(voters + 5))]);
        self.post(422, "decision.counts", &clerk, &path, uncounted).await;
        let unproved = but(&[("minutes_digest", json!("cd".repeat(32)))]);
        self.post(422, "decision.minutes", &clerk, &path, unproved).await;
        self.on("attach", "decision").await;

        let stale = json!({ "version": self.transfer.known.version + 1 });
        self.post(409, "lot.version", &chair, &submit, stale).await;
        // A term beyond the law is kept in a draft and refused when it is submitted; then the draft is put right again.
        let mut notice = self.transfer.notice();
        notice["term"] = json!({ "kind": "length", "span": "P40Y", "start": "signing" });
        self.rewrite(notice).await;
        let version = json!({ "version": self.transfer.known.version });
        self.post(422, "term.limit", &chair, &submit, version).await;
        self.rewrite(self.transfer.notice()).await;
        let (operator, announce) = (self.transfer.cast.operator.clone(), self.transfer.draft_path("/announce"));
        self.post(409, "lot.phase", &operator, &announce, json!({})).await;
    }

    async fn rewrite(&mut self, notice: Value) {
        let request = json!({ "asset_ids": [self.transfer.known.asset], "notice": notice, "version": self.transfer.known.version });
        let key = uuid::Uuid::now_v7().to_string();
        let draft = self.transfer.cast.clerk.put(&self.transfer.draft_path(""), &key, &request).await;
        self.transfer.known.version = draft["version"].as_u64().expect("a number");
        self.quiet().await;
    }

    async fn reviewing(&mut self) {
        // Somebody submits, and is made a reviewer afterwards.
        let (api, admin) = (self.transfer.api.clone(), self.transfer.cast.administrator.clone());
        let turncoat = enrol(&api, &admin, "home-turncoat", "chair", HOME.village).await;
        let chair = std::mem::replace(&mut self.transfer.cast.chair, turncoat.clone());
        self.on("decision", "submit").await;
        self.transfer.cast.chair = chair;
        let grants = format!("/api/v1/admin/accounts/{}/grants", text(&turncoat.get("/api/v1/me").await["id"]));
        let taken = format!("{grants}?role=chair&region={}", HOME.village);
        admin.send(Method::DELETE, &taken, Some("turncoat-taken"), None).await.ok();
        admin.post(&grants, "turncoat-given", &json!({ "role": "township-reviewer", "region": HOME.township })).await;
        turncoat.forget_token();
        self.quiet().await;

        let path = self.transfer.draft_path("/review");
        let word = |outcome: &str, reasons: &str, version: u64| json!({ "outcome": outcome, "reasons": reasons, "version": version });
        let version = self.transfer.known.version;
        let (township, county) = (self.transfer.cast.township.clone(), self.transfer.cast.county.clone());
        let (clerk, operator) = (self.transfer.cast.clerk.clone(), self.transfer.cast.operator.clone());
        self.post(422, "lot.four-eyes", &turncoat, &path, word("approved", "", version)).await;
        self.post(403, "identity.role", &clerk, &path, word("approved", "", version)).await;
        self.post(422, "lot.review-stage", &county, &path, word("approved", "", version)).await;
        self.post(422, "lot.review-reasons", &township, &path, word("returned", " ", version)).await;
        self.post(409, "lot.version", &township, &path, word("approved", "", version + 1)).await;
        let announce = self.transfer.draft_path("/announce");
        self.post(422, "lot.not-reviewed", &operator, &announce, json!({})).await;
        self.on("submit", "county_review").await;
        // Too early: the announcement needs its ten working days.
        let soon = (api.now().await + TimeDelta::days(3)).to_rfc3339();
        self.post(422, "announcement.opening", &operator, &announce, json!({ "auction_opens_at": soon })).await;
        self.post(
            404,
            "resource.exists",
            &operator,
            "/api/v1/drafts/01a00000-0000-7000-8000-000000000000/announce",
            json!({}),
        )
        .await;
        self.on("county_review", "announce").await;
    }

    async fn registering(&mut self) {
        let path = self.transfer.lot_path("/registrations");
        let (first, revision) = (self.transfer.bidder(0).person.clone(), self.transfer.known.revision);
        let register =
            |revision: u64, accepts: bool| json!({ "revision": revision, "documents": [], "accepts_terms": accepts });
        self.post(422, "registration.terms", &first, &path, register(revision, false)).await;
        self.post(409, "registration.revision", &first, &path, register(revision + 1, true)).await;
        let stranger = self.transfer.api.person("home-newcomer", PASSWORD);
        self.post(422, "registration.party", &stranger, &path, register(revision, true)).await;
        let mut claim = register(revision, true);
        claim["priority_claim"] = json!("member");
        self.post(422, "priority.evidence", &first, &path, claim).await;
        self.on("announce", "register_second").await;
        self.post(422, "registration.twice", &first, &path, register(revision, true)).await;
        // One key, one request.
        let key = format!("{}-register-0", self.transfer.name);
        let answer = first.send(Method::POST, &path, Some(&key), Some(&register(revision + 1, true))).await;
        self.judge(409, "request.idempotency-key", &answer);
        let (operator, second) = (self.transfer.cast.operator.clone(), self.transfer.bidder(1).person.clone());
        let review = format!("/api/v1/registrations/{}/review", self.transfer.known.registrations[0]);
        let word = |outcome: &str| json!({ "outcome": outcome, "priority_accepted": false, "reasons": "" });
        self.post(422, "registration.reasons", &operator, &review, word("rejected")).await;
        self.post(400, "request.well-formed", &operator, &review, word("maybe")).await;
        let withdraw = format!("/api/v1/registrations/{}/withdraw", self.transfer.known.registrations[0]);
        self.act(404, "resource.exists", &second, Method::POST, &withdraw, None).await;
        self.on("register_second", "accept_second").await;
        self.post(409, "registration.phase", &operator, &review, word("accepted")).await;
    }

    async fn deposits(&mut self) {
        let finance = self.transfer.cast.finance.clone();
        let import = "/api/v1/bank/statements";
        self.post(422, "statement.header", &finance, import, json!({ "csv": "日期,流水号\n" })).await;
        let today = self.transfer.today().await;
        let deposit = self.transfer.deposit(0).await;
        let (reference, bidder) = (text(&deposit["reference"]), self.transfer.bidder(0).clone());
        let good =
            |line: &str, fen: i64| Statement::new(today).incoming(line, fen, &bidder.name, &bidder.account, &reference);
        let half =
            good("half", DEPOSIT / 2).request()["csv"].as_str().expect("text").to_owned() + "2026-13-40,x,up,-1,,,\n";
        self.post(422, "statement.date", &finance, import, json!({ "csv": half })).await;
        let tomorrow = Statement::new(today + TimeDelta::days(1)).incoming(
            "early",
            DEPOSIT,
            &bidder.name,
            &bidder.account,
            &reference,
        );
        self.post(422, "statement.date", &finance, import, tomorrow.request()).await;
        // Money that came in is booked, whatever is wrong with it; but it holds no deposit.
        let stranger =
            Statement::new(today).incoming("wrong-payer", DEPOSIT, "他人", &nobody::bank_account(999), &reference);
        for (statement, reason) in [(good("wrong-amount", DEPOSIT - 1), "wrong-amount"), (stranger, "wrong-payer")] {
            let result = finance.post(import, &format!("refused-{reason}"), &statement.request()).await;
            assert_eq!((&result["matched"], &result["unmatched"]), (&json!(0), &json!(1)), "{reason}");
            let lines = finance.get("/api/v1/bank/unmatched").await;
            let line = &lines["items"][0];
            assert_eq!(line["reason"], reason);
            assert_eq!(self.transfer.deposit(0).await["state"], "due", "{reason}");
            let resolve = format!("/api/v1/bank/lines/{}/resolve", text(&line["id"]));
            self.quiet().await;
            self.post(400, "request.well-formed", &finance, &resolve, json!({ "to": "return", "reason": "" })).await;
            finance
                .post(&resolve, &format!("back-{reason}"), &json!({ "to": "return", "reason": "金额或付款人不符" }))
                .await;
            self.quiet().await;
            self.post(409, "line.resolved", &finance, &resolve, json!({ "to": "return", "reason": "再退一次" })).await;
        }
        // The same line with another amount is not the same line.
        self.post(422, "statement.line-changed", &finance, import, good("wrong-amount", DEPOSIT).request()).await;
        // Both are on their way back, by another hand than the one that ordered it.
        let payouts = finance.get("/api/v1/payouts?state=ordered").await;
        let ordered = payouts["items"].as_array().expect("items").clone();
        assert_eq!(ordered.len(), 2);
        let approve = format!("/api/v1/payouts/{}/approve", text(&ordered[0]["id"]));
        self.act(422, "payout.four-eyes", &finance, Method::POST, &approve, None).await;
        let mut back = Statement::new(today);
        for payout in &ordered {
            let (id, fen) = (text(&payout["id"]), payout["amount_fen"].as_i64().expect("fen"));
            self.transfer
                .cast
                .finance2
                .post(&format!("/api/v1/payouts/{id}/approve"), &format!("back-{id}"), &json!({}))
                .await;
            let account = if fen == DEPOSIT { nobody::bank_account(999) } else { bidder.account.clone() };
            back = back.outgoing(&format!("back-{id}"), fen, "", &account, &text(&payout["reference"]));
        }
        let result = finance.post(import, "refused-back", &back.request()).await;
        assert_eq!(result["matched"], 2, "{result}");
        self.quiet().await;
        let again = self.transfer.cast.finance2.clone();
        self.act(409, "payout.state", &again, Method::POST, &approve, None).await;
        self.on("accept_second", "deposits").await;
    }

    async fn offering(&mut self) {
        let path = self.transfer.lot_path("/bids");
        let [first, second, third] = [0, 1, 2].map(|at| self.transfer.bidder(at).person.clone());
        self.on("deposits", "registration_closes").await;
        let late = json!({ "revision": self.transfer.known.revision, "documents": [], "accepts_terms": true });
        let registrations = self.transfer.lot_path("/registrations");
        self.post(422, "registration.period", &third, &registrations, late).await;
        self.transfer.room_is("waiting").await;
        self.post(422, "auction.not-open", &first, &path, offer(RESERVE)).await;
        self.on("registration_closes", "auction_opens").await;
        self.post(403, "bid.admitted", &third, &path, offer(RESERVE)).await;
        self.post(422, "auction.below-reserve", &first, &path, offer(RESERVE - STEP)).await;
        self.post(422, "auction.off-step", &first, &path, offer(RESERVE + 1)).await;
        self.post(409, "auction.outlier", &first, &path, offer(RESERVE * 10)).await;
        self.post(
            400,
            "request.well-formed",
            &first,
            &path,
            json!({ "amount_fen": RESERVE, "kind": "shout", "outlier_confirmed": false }),
        )
        .await;
        self.post(401, "identity.signed-in", &self.transfer.api.nobody(), &path, offer(RESERVE)).await;
        self.on("auction_opens", "second_offer").await;
        self.post(422, "auction.not-higher", &first, &path, offer(RESERVE + STEP)).await;
        self.post(422, "auction.already-leading", &second, &path, offer(RESERVE + 2 * STEP)).await;
        let matching = json!({ "amount_fen": RESERVE + STEP, "kind": "match", "outlier_confirmed": false });
        self.post(422, "auction.match-without-right", &first, &path, matching).await;
        // A refused offer in the last minute moves no clock.
        self.on("second_offer", "limited_period").await;
        let ends = self.transfer.room().await["ends_at"].clone();
        self.post(422, "auction.off-step", &first, &path, offer(RESERVE + 2 * STEP + 1)).await;
        assert_eq!(self.transfer.room().await["ends_at"], ends, "a refused offer moved the end");
        self.on("limited_period", "auction_closes").await;
        self.post(422, "auction.ended", &second, &path, offer(RESERVE + 3 * STEP)).await;
    }

    async fn contract_and_money(&mut self) {
        let (winner, loser) = (self.transfer.bidder(0).person.clone(), self.transfer.bidder(1).person.clone());
        let (operator, finance, chair) =
            (self.transfer.cast.operator.clone(), self.transfer.cast.finance.clone(), self.transfer.cast.chair.clone());
        // It is drawn when the result is published; nobody signs while that may be objected to.
        let contract =
            until("a drawn contract", || async { winner.get("/api/v1/contracts").await["items"].get(0).cloned() })
                .await;
        let (id, digest) = (text(&contract["id"]), json!({ "digest": contract["digest"] }));
        let (sign, certify) = (format!("/api/v1/contracts/{id}/sign"), format!("/api/v1/contracts/{id}/certificate"));
        self.post(409, "contract.notice-running", &winner, &sign, digest.clone()).await;
        self.on("auction_closes", "notice_ends").await;
        self.post(422, "contract.digest", &winner, &sign, json!({ "digest": "ab".repeat(32) })).await;
        self.post(404, "resource.exists", &loser, &sign, digest.clone()).await;
        self.on("notice_ends", "transferor_signs").await;
        self.post(422, "contract.signed-twice", &chair, &sign, digest.clone()).await;
        // Money for a contract that is not signed by both settles nothing.
        let today = self.transfer.today().await;
        let bidder = self.transfer.bidder(0).clone();
        let early = Statement::new(today).incoming(
            "unsigned",
            100,
            &bidder.name,
            &bidder.account,
            &text(&contract["reference"]),
        );
        let result = finance.post("/api/v1/bank/statements", "refused-unsigned", &early.request()).await;
        assert_eq!(result["unmatched"], 1, "{result}");
        let line = finance.get("/api/v1/bank/unmatched").await["items"][0].clone();
        assert_eq!(line["reason"], "not-due");
        let resolve = format!("/api/v1/bank/lines/{}/resolve", text(&line["id"]));
        finance.post(&resolve, "back-unsigned", &json!({ "to": "return", "reason": "尚未签约" })).await;
        self.quiet().await;
        let declare = self.transfer.lot_path("/default");
        self.post(422, "default.none", &operator, &declare, json!({ "reason": "not-signed" })).await;
        self.on("transferor_signs", "transferee_signs").await;
        self.post(409, "contract.phase", &winner, &sign, digest).await;
        self.post(409, "certificate.unsettled", &operator, &certify, json!({ "remarks": "" })).await;
        self.on("transferee_signs", "certificate").await;
        self.post(409, "certificate.exists", &operator, &certify, json!({ "remarks": "" })).await;
        let revoke = format!("/api/v1/certificates/{}/revoke", self.transfer.known.certificate);
        self.post(400, "request.well-formed", &operator, &revoke, json!({ "reason": "" })).await;

        // What was returned to its payer before is not the lot's; the rest of the way is as always.
        self.on("certificate", "payouts_paid").await;
        let approved = self.transfer.known.payouts[0].0.clone();
        let finance2 = self.transfer.cast.finance2.clone();
        self.act(409, "payout.state", &finance2, Method::POST, &format!("/api/v1/payouts/{approved}/approve"), None)
            .await;
        let admin = self.transfer.cast.administrator.clone();
        self.post(400, "request.well-formed", &admin, "/api/v1/demo/clock", json!({ "seconds": 0 })).await;
        self.act(400, "request.well-formed", &admin, Method::GET, "/api/v1/lots/not-an-id", None).await;
        self.act(
            422,
            "calendar.year-unknown",
            &admin,
            Method::GET,
            "/api/v1/calendar/deadline?from=2050-01-01&working_days=5",
            None,
        )
        .await;
        let books = finance.get("/api/v1/books").await;
        assert_eq!(books["sum_fen"], 0);
    }

    /// Goes on with the transfer, and waits until everybody has heard of it.
    async fn on(&mut self, first: &str, last: &str) {
        self.transfer.run_on(first, last).await;
        self.quiet().await;
    }

    /// Waits until nothing changes by itself any more: services follow each other, and what they do then is no fault of a refused act.
    async fn quiet(&mut self) {
        loop {
            let size = self.transfer.api.nobody().get("/api/v1/ledger/checkpoint").await["size"].clone();
            let seen = self.everything().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let now = self.transfer.api.nobody().get("/api/v1/ledger/checkpoint").await["size"].clone();
            self.seen = self.everything().await;
            if now == size && self.seen == seen {
                return;
            }
        }
    }

    // A refusal -------------------------------------------------------------------------------------------------------------------------

    async fn post(&mut self, status: u16, rule: &str, person: &Person, path: &str, body: Value) {
        self.act(status, rule, person, Method::POST, path, Some(body)).await;
    }

    async fn act(&mut self, status: u16, rule: &str, person: &Person, method: Method, path: &str, body: Option<Value>) {
        let key = uuid::Uuid::now_v7().to_string();
        let answer = person.send(method, path, Some(&key), body.as_ref()).await;
        self.judge(status, rule, &answer);
        let after = self.everything().await;
        for (before, after) in self.seen.iter().zip(&after) {
            if before != after {
                let changed = format!("{}:\n  {}\n  {}", before.0, before.1, after.1);
                self.wrong.push(format!("{}: the refused act changed {changed}", answer.call));
            }
        }
        self.seen = after;
    }

    /// What people see of the state of things.
    async fn everything(&self) -> Vec<(String, Value)> {
        let (known, cast) = (&self.transfer.known, &self.transfer.cast);
        let mut looks = vec![
            (&cast.finance, "/api/v1/books".to_owned()),
            (&cast.finance, "/api/v1/payouts?limit=100".to_owned()),
            (&cast.finance, "/api/v1/bank/unmatched".to_owned()),
            (&cast.administrator, "/api/v1/admin/accounts?limit=200".to_owned()),
            (&cast.operator, "/api/v1/collectives".to_owned()),
        ];
        if !known.collective.is_empty() {
            looks.push((&cast.operator, format!("/api/v1/assets?collective_id={}", known.collective)));
        }
        if !known.lot.is_empty() {
            looks.push((&cast.supervisor, self.transfer.draft_path("")));
            for part in ["", "/room", "/bids"] {
                looks.push((&cast.operator, self.transfer.lot_path(part)));
            }
            looks.push((&cast.operator, self.transfer.lot_path("/registrations")));
        }
        if !known.contract.is_empty() {
            looks.push((&cast.operator, self.transfer.contract_path("")));
        }
        join_all(looks.into_iter().map(|(person, path)| async move {
            let mut body = person.send(Method::GET, &path, None, None).await.body;
            if let Some(room) = body.as_object_mut() {
                room.remove("now_at");
            }
            (path, body)
        }))
        .await
    }

    /// Whether the answer says all that a refusal must say.
    fn judge(&mut self, status: u16, rule: &str, answer: &Answer) {
        self.refusals += 1;
        let mut wrong = Vec::new();
        if answer.status != status {
            wrong.push(format!("status {} instead of {status}", answer.status));
        }
        if answer.media_type != "application/problem+json" {
            wrong.push(format!("media type {}", answer.media_type));
        }
        let body = &answer.body;
        if body["status"] != json!(answer.status)
            || text_of(&body["type"]).is_empty()
            || text_of(&body["title"]).is_empty()
        {
            wrong.push("type, title or status is not said".to_owned());
        }
        let findings = body["findings"].as_array().cloned().unwrap_or_default();
        if !findings.iter().any(|finding| finding["rule"] == rule) {
            let rules: Vec<_> = findings.iter().map(|finding| text_of(&finding["rule"])).collect();
            wrong.push(format!("refused by {rules:?}"));
        }
        for finding in &findings {
            for field in ["rule", "basis"] {
                if text_of(&finding[field]).trim().is_empty() {
                    wrong.push(format!("a finding without {field}"));
                }
            }
            for field in ["message", "remedy"] {
                let (zh, en) = (text_of(&finding[field]["zh"]), text_of(&finding[field]["en"]));
                if !zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
                    wrong.push(format!("{field} says nothing in Chinese: {zh:?}"));
                }
                if !en.chars().any(|c| c.is_ascii_alphabetic())
                    || en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
                {
                    wrong.push(format!("{field} says nothing in English: {en:?}"));
                }
            }
            if !finding["facts"].is_object() {
                wrong.push("a finding without facts".to_owned());
            }
        }
        if !wrong.is_empty() {
            let body: String = body.to_string().chars().take(500).collect();
            self.wrong.push(format!("{rule}: {}: {}: {body}", answer.call, wrong.join("; ")));
        }
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
