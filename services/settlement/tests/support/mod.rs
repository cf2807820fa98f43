//! A settlement over a database of its own, with a listing and a registry that say what the test tells them, people who call it, and a lot whose
//! facts are fed to it one by one.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod neighbours;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use neighbours::Neighbours;
use rust_decimal::Decimal;
use sanbian_domain::{
    fact::{
        Entry, Fact, LotAnnounced, RegistrationClosed, RegistrationFiled, RegistrationQualified, ResultNoticeEnded,
        ResultPublished, Schedule,
    },
    ids::{AccountId, AssetId, CollectiveId, LotId, PartyId, RegistrationId, SessionId},
    money::Money,
    notice::{Ascending, Days, Deposit, DepositKind, Method, MethodTerms, Notice, Payment, PaymentPlan},
    price::{Component, Escalator, Price, PriceBasis, Quantity, Unit, UnitPrice},
    rights::{Category, Holder, TransferMode},
    role::{Grant, Role},
    rulebook::Library,
    term::{Span, Start, Term},
};
use sanbian_proto::settlement::v1::{settlement_client::SettlementClient, *};
use sanbian_runtime::{
    Caller, Clock, Context, Refusal,
    follow::Reader,
    peers::{Forward, Peers},
    rpc::{Door, Transport, in_process},
    testing::TestDb,
};
use sanbian_settlement::{Deps, reader, routes};
use sqlx::PgPool;
use std::sync::atomic::{AtomicU64, Ordering};
use tonic::service::interceptor::InterceptedService;
use uuid::Uuid;

pub type Client = SettlementClient<InterceptedService<Transport, Forward>>;

pub const VILLAGE: &str = "500229101202";
pub const OTHER_VILLAGE: &str = "500230101202";
pub const COUNTY: &str = "500229";
pub const OTHER_COUNTY: &str = "500230";
/// Deposit of the test's lots, in fen.
pub const DEPOSIT: i64 = 600_000;
/// The collective's account.
pub const COLLECTIVE_ACCOUNT: &str = "6200000000000008888";

/// 2026-03-02 09:00 in China, a Monday.
pub fn start() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn fen(amount: i64) -> Money {
    Money::from_fen(amount)
}

pub struct World {
    pub db: TestDb,
    pub pool: PgPool,
    pub clock: Clock,
    pub door: Door,
    pub peers: Peers,
    pub neighbours: Neighbours,
    deps: Deps,
    index: AtomicU64,
}

/// Somebody who calls.
pub struct Person {
    pub account: AccountId,
    ctx: Context,
    peers: Peers,
}

impl Person {
    /// A client on this person's behalf.
    pub fn call(&self) -> Client {
        self.peers.settlement(&self.ctx)
    }

    /// The same with an idempotency key.
    pub fn keyed(&self, key: &str) -> Client {
        self.peers.settlement(&Context { idempotency_key: Some(key.to_owned()), ..self.ctx.clone() })
    }
}

/// A bidder: account, party, registration, and the number of its bank account.
#[derive(Clone, Debug)]
pub struct Bidder {
    pub registration: RegistrationId,
    pub account: AccountId,
    pub party: PartyId,
    pub bank: String,
}

/// The refusal of a call.
pub fn refused<T: std::fmt::Debug>(answer: Result<T, tonic::Status>) -> Refusal {
    Refusal::from(answer.unwrap_err())
}

/// The first rule that a call broke.
pub fn rule<T: std::fmt::Debug>(answer: Result<T, tonic::Status>) -> String {
    refused(answer).findings[0].rule.clone()
}

impl World {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let (clock, door, peers) = db.shell(start() - Utc::now());
        let pool = db.pool("settlement");
        let neighbours = Neighbours::default();
        peers.set_listing(neighbours.transport());
        peers.set_registry(neighbours.transport());
        let deps = Deps::new(pool.clone(), door.clone(), peers.clone(), db.secret());
        peers.set_settlement(in_process(routes(&deps)));
        Self { db, pool, clock, door, peers, neighbours, deps, index: AtomicU64::new(0) }
    }

    pub async fn end(self) {
        self.pool.close().await;
        self.db.drop_now().await;
    }

    pub fn someone(&self, account: AccountId, grants: &[(Role, &str)]) -> Person {
        let caller = Caller {
            account,
            session: SessionId(Uuid::now_v7()),
            grants: grants.iter().map(|(role, region)| Grant { role: *role, region: (*region).to_owned() }).collect(),
            service: false,
        };
        let token = Some(self.door.tokens.issue(&caller).0);
        let ctx =
            Context { caller: None, now: self.clock.now(), idempotency_key: None, request_id: "test".into(), token };
        Person { account, ctx, peers: self.peers.clone() }
    }

    pub fn with(&self, role: Role, region: &str) -> Person {
        self.someone(AccountId(Uuid::now_v7()), &[(role, region)])
    }

    pub fn finance(&self) -> Person {
        self.with(Role::Finance, COUNTY)
    }

    pub fn bidder(&self, bidder: &Bidder) -> Person {
        self.someone(bidder.account, &[(Role::Bidder, "")])
    }

    pub fn public(&self) -> Client {
        self.peers.settlement(&Context::public(&self.clock))
    }

    /// Feeds a fact to settlement as the log would, in a transaction of its own.
    pub async fn hear(&self, fact: impl Into<Fact>) -> u64 {
        self.hear_in(VILLAGE, fact).await
    }

    pub async fn hear_in(&self, region: &str, fact: impl Into<Fact>) -> u64 {
        let index = self.index.fetch_add(1, Ordering::SeqCst);
        let entry = Entry {
            at: self.clock.now(),
            actor: "system".to_owned(),
            subject: "lot:test".to_owned(),
            region: region.to_owned(),
            rulebook: "test".to_owned(),
            fact: fact.into(),
        };
        let reader = reader(&self.deps);
        assert!(reader.wants(entry.fact.kind()), "{}", entry.fact.kind());
        let mut tx = self.pool.begin().await.unwrap();
        reader.apply(&mut tx, index, &entry).await.unwrap();
        tx.commit().await.unwrap();
        index
    }

    /// What settlement told the log, oldest first.
    pub async fn told(&self) -> Vec<Fact> {
        self.db.outbox().await.into_iter().map(|entry| entry.fact).collect()
    }

    pub async fn kinds(&self) -> Vec<&'static str> {
        self.told().await.iter().map(Fact::kind).collect()
    }

    /// Announces a lot.
    pub async fn announce(&self, lot: &Lot) {
        self.hear_in(&lot.region, lot.announced(self.clock.now())).await;
    }

    /// Files a registration; the bidder's bank account is `62…<n>`.
    pub async fn register(&self, lot: &Lot, n: u32) -> Bidder {
        let bidder = Bidder {
            registration: RegistrationId(Uuid::now_v7()),
            account: AccountId(Uuid::now_v7()),
            party: PartyId(Uuid::now_v7()),
            bank: format!("62000000000{n:05}"),
        };
        self.neighbours.knows(&bidder);
        let filed = RegistrationFiled {
            lot: lot.id,
            registration: bidder.registration,
            commitment: "00".repeat(32),
            deposit: lot.deposit,
            claims_priority: false,
        };
        self.hear_in(&lot.region, filed).await;
        bidder
    }

    /// The reference code of a bidder's deposit.
    pub async fn code(&self, bidder: &Bidder) -> String {
        self.deposit(bidder).await.reference
    }

    pub async fn deposit(&self, bidder: &Bidder) -> Deposit1 {
        let request = GetDepositRequest { registration_id: bidder.registration.to_string() };
        self.bidder(bidder).call().get_deposit(request).await.unwrap().into_inner()
    }

    /// Imports lines; the file is the head line and these.
    pub async fn import(&self, person: &Person, lines: &[String]) -> Result<StatementResult, tonic::Status> {
        let csv = file(lines);
        Ok(person.call().import_statement(ImportStatementRequest { csv }).await?.into_inner())
    }

    /// Pays a bidder's deposit by a line of the bank; it must match.
    pub async fn pay_deposit(&self, lot: &Lot, bidder: &Bidder) {
        let line = self.line_in(lot.deposit.fen(), &bidder.bank, &self.code(bidder).await);
        let result = self.import(&self.finance(), &[line]).await.unwrap();
        assert_eq!((result.matched, result.unmatched), (1, 0), "{:?}", result.findings);
    }

    /// A line of money coming in, booked today.
    pub fn line_in(&self, amount: i64, account: &str, remark: &str) -> String {
        self.line("in", amount, account, remark)
    }

    pub fn line_out(&self, amount: i64, account: &str, remark: &str) -> String {
        self.line("out", amount, account, remark)
    }

    fn line(&self, direction: &str, amount: i64, account: &str, remark: &str) -> String {
        let today = sanbian_runtime::clock::day(self.clock.now());
        let id = Uuid::now_v7().simple();
        format!("{today},{id},{direction},{},某某,{account},{remark}", Decimal::new(amount, 2))
    }

    /// Approves every payout that waits and lets the bank pay it.
    pub async fn pay_out_all(&self) -> Vec<Payout> {
        let finance = self.finance();
        let request = ListPayoutsRequest { state: Some("ordered".to_owned()), limit: Some(100), ..Default::default() };
        let waiting = finance.call().list_payouts(request).await.unwrap().into_inner().items;
        let mut lines = Vec::new();
        for payout in &waiting {
            let request = ApprovePayoutRequest { payout_id: payout.id.clone() };
            let approved = self.finance().call().approve_payout(request).await.unwrap().into_inner();
            let account = approved.pay_to_account.unwrap();
            lines.push(self.line_out(payout.amount_fen, &account, &payout.reference));
        }
        if !lines.is_empty() {
            let result = self.import(&finance, &lines).await.unwrap();
            assert_eq!(result.matched as usize, lines.len(), "{:?}", result.findings);
        }
        waiting
    }

    /// The balance of an account: debits less credits, posted and pending; none where it was never opened.
    pub async fn balance(&self, code: &str) -> Option<(i64, i64)> {
        let accounts = self.books().await.accounts;
        accounts
            .into_iter()
            .find(|account| account.code == code)
            .map(|account| (account.posted_fen, account.pending_fen))
    }

    pub async fn books(&self) -> BookBalance {
        let books = self.finance().call().trial_balance(TrialBalanceRequest {}).await.unwrap().into_inner();
        assert_eq!(books.sum_fen, 0);
        assert_eq!(books.accounts.iter().map(|account| account.posted_fen).sum::<i64>(), 0);
        assert_eq!(books.accounts.iter().map(|account| account.pending_fen).sum::<i64>(), 0);
        books
    }

    pub fn advance_days(&self, days: i64) {
        self.clock.advance(TimeDelta::days(days)).unwrap();
    }

    /// Announced, two bidders registered, paid and qualified, registration closed.
    pub async fn with_two_bidders(&self, lot: &Lot) -> (Bidder, Bidder) {
        self.announce(lot).await;
        let (one, two) = (self.register(lot, 1).await, self.register(lot, 2).await);
        for bidder in [&one, &two] {
            self.pay_deposit(lot, bidder).await;
            let qualified =
                RegistrationQualified { lot: lot.id, registration: bidder.registration, priority_rank: None };
            self.hear(qualified).await;
        }
        self.advance_days(8);
        self.hear(RegistrationClosed { lot: lot.id, filed: 2, qualified: 2, next: "auction".to_owned() }).await;
        (one, two)
    }

    /// The result is on notice with this winner at this price a mu and year.
    pub async fn publish(&self, lot: &Lot, winner: &Bidder, price: i64) {
        let result = ResultPublished {
            lot: lot.id,
            winner: 1,
            registration: winner.registration,
            price: fen(price),
            total: lot.notice.total_at(fen(price)).unwrap().total,
            qualified: 2,
            notice_to: day("2026-03-17"),
        };
        self.hear(result).await;
    }

    /// The contract that a person sees of a lot.
    pub async fn contract(&self, person: &Person) -> Contract {
        let page = person.call().list_contracts(ListContractsRequest::default()).await.unwrap().into_inner();
        assert_eq!(page.items.len(), 1);
        page.items[0].clone()
    }

    /// From two bidders to a contract that both have signed. The first bidder wins at 630 yuan a mu and year.
    pub async fn signed(&self, lot: &Lot) -> (Bidder, Bidder, Contract) {
        let (winner, loser) = self.with_two_bidders(lot).await;
        self.publish(lot, &winner, 63_000).await;
        self.advance_days(7);
        self.hear(ResultNoticeEnded { lot: lot.id, sign_by: day("2026-03-31") }).await;
        let (chair, taker) = (self.with(Role::Chair, VILLAGE), self.bidder(&winner));
        let contract = self.contract(&taker).await;
        for person in [&chair, &taker] {
            let request = SignContractRequest { contract_id: contract.id.clone(), digest: contract.digest.clone() };
            person.call().sign_contract(request).await.unwrap();
        }
        let contract = self.contract(&taker).await;
        (winner, loser, contract)
    }
}

/// The message, whose name the notice's deposit has too.
pub type Deposit1 = sanbian_proto::settlement::v1::Deposit;

/// A statement of these lines.
pub fn file(lines: &[String]) -> String {
    let head = "date,line_id,direction,amount_yuan,counterparty_name,counterparty_account,remark";
    format!("{head}\n{}\n", lines.join("\n"))
}

/// A lot: 100 mu of collective land at 600 yuan a mu and year for three years from signing, paid each year.
#[derive(Clone, Debug)]
pub struct Lot {
    pub id: LotId,
    pub region: String,
    pub collective: CollectiveId,
    pub asset: AssetId,
    pub deposit: Money,
    pub notice: Notice,
}

impl Lot {
    pub fn new() -> Self {
        let mu_year = |fen| UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR);
        let notice = Notice {
            title: "示例村一号地".to_owned(),
            category: Some(Category::CollectiveLand),
            holder: Some(Holder::Collective),
            mode: Some(TransferMode::Lease),
            components: vec![Component {
                kind: String::new(),
                quantity: Some(Quantity::new(Decimal::ONE_HUNDRED, Unit::Mu)),
                price: None,
            }],
            term: Some(Term::Length { span: Span::years(3), start: Start::Signing, at_most: false }),
            price: Price { reserve: Some(mu_year(60_000)), escalator: Some(Escalator::None), ..Price::default() },
            method: Some(MethodTerms {
                method: Some(Method::Ascending(Ascending { step: Some(mu_year(1_000)), ..Ascending::default() })),
                venue: None,
                text: String::new(),
            }),
            deposit: Some(Deposit { amount: fen(DEPOSIT), kind: DepositKind::Bid, becomes_performance: false }),
            payment: Some(Payment { plan: Some(PaymentPlan::EveryYears { years: 1 }), ..Payment::default() }),
            intended_use: "粮食种植".to_owned(),
            ..Notice::default()
        };
        Self {
            id: LotId(Uuid::now_v7()),
            region: VILLAGE.to_owned(),
            collective: CollectiveId(Uuid::now_v7()),
            asset: AssetId(Uuid::now_v7()),
            deposit: fen(DEPOSIT),
            notice,
        }
    }

    pub fn announced(&self, at: DateTime<Utc>) -> LotAnnounced {
        let closes = at + TimeDelta::days(7);
        let region = self.region.parse().unwrap();
        let book = Library::builtin().rulebook(region, self.notice.category.unwrap()).unwrap();
        LotAnnounced {
            lot: self.id,
            number: format!("500229-2026-{}", &self.id.to_string()[30..]),
            collective: self.collective,
            assets: vec![self.asset],
            notice: self.notice.clone(),
            reserve_total: self.notice.total().unwrap().total,
            deposit: self.deposit,
            schedule: Schedule {
                announced_at: at,
                registration_closes: closes,
                auction_opens: closes + TimeDelta::days(1),
                free_until: closes + TimeDelta::days(1) + TimeDelta::hours(1),
                limited_seconds: 300,
                extension_seconds: 120,
            },
            pinned: book.version,
            revision: 1,
        }
    }

    /// The refund period of its rulebook.
    pub fn refund(&self) -> Days {
        let region = self.region.parse().unwrap();
        Library::builtin().rulebook(region, self.notice.category.unwrap()).unwrap().rules.refund.value
    }
}
