//! Transfers from draft to certificate, as the people of the county carry them out.

use super::county::{Cast, until};
use crate::{client::Account, import};
use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rust_decimal::prelude::ToPrimitive;
use sanbian_domain::{money::Money, notice::Notice};
use sanbian_proto::{
    bidding::v1::{BidReceipt, PlaceBidRequest, Room},
    listing::v1::{
        AnnounceLotRequest, AttachDocumentRequest, CollectiveDecision, LotDocument, LotDraft, LotView,
        RecordDecisionRequest, RegisterForLotRequest, Registration, ReviewLotRequest, ReviewRegistrationRequest,
        SubmitLotRequest,
    },
    settlement::v1::{
        ApprovePayoutRequest, Certificate, Contract, ContractPage, Deposit, ImportStatementRequest,
        IssueCertificateRequest, Payout, PayoutPage, SignContractRequest, StatementResult,
    },
};
use sanbian_runtime::clock;
use serde::Deserialize;
use std::fmt::Write as _;

/// How far a past transfer is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// To the close of its room.
    Closed,
    /// Signed, but not paid in time.
    SignedNotPaid,
    /// To the certificate.
    Certified,
}

/// A transfer to be carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names its steps' idempotency keys.
    pub key: String,
    /// Where its parcel lies: each has a place of its own, since no two rights may run on the same land.
    pub slot: u32,
    /// Which village offers.
    pub village: usize,
    /// The terms.
    pub notice: Notice,
    /// Who registers.
    pub bidders: Vec<usize>,
    /// How far it goes.
    pub course: Course,
    /// Offers made.
    pub raises: usize,
}

#[derive(Deserialize)]
struct Stored {
    digest: String,
    size: i64,
    media_type: String,
}

impl Cast {
    /// Carries past transfers through, all of them side by side, since time is one for everybody.
    pub async fn past(&self, plans: &[Plan]) -> anyhow::Result<()> {
        let mut lots = Vec::new();
        for plan in plans {
            lots.push(self.announced(plan, None).await.with_context(|| plan.key.clone())?);
        }
        let mut registered = Vec::new();
        for (plan, lot) in plans.iter().zip(&lots) {
            registered.push(self.register(plan, lot).await.with_context(|| plan.key.clone())?);
        }
        let all: Vec<_> = registered.into_iter().flatten().collect();
        self.deposits(&all, plans.first().map_or("none", |plan| &plan.key)).await?;

        let last = |pick: fn(&sanbian_domain::fact::Schedule) -> DateTime<Utc>| {
            lots.iter().map(|lot| schedule(lot).map(|schedule| pick(&schedule))).collect::<anyhow::Result<Vec<_>>>()
        };
        self.advance_past(last(|schedule| schedule.registration_closes)?).await?;
        for lot in &lots {
            self.reached(lot, |state| state != "announced").await?;
        }
        self.advance_past(last(|schedule| schedule.auction_opens)?).await?;
        for (plan, lot) in plans.iter().zip(&lots) {
            if !plan.bidders.is_empty() {
                self.bid(plan, lot).await.with_context(|| plan.key.clone())?;
            }
        }
        self.advance_past(last(|schedule| {
            schedule.free_until + TimeDelta::seconds(i64::from(schedule.limited_seconds) + 600)
        })?)
        .await?;
        for lot in &lots {
            self.reached(lot, |state| state == "result-notice" || state == "unsold").await?;
        }
        // The result notice runs in working days: ten days cover it and a holiday.
        self.clock.advance(TimeDelta::days(10))?;
        for (plan, lot) in plans.iter().zip(&lots) {
            if !plan.bidders.is_empty() && plan.course != Course::Closed {
                self.conclude(plan, lot).await.with_context(|| plan.key.clone())?;
            }
        }
        self.pay_out(plans.first().map_or("none", |plan| &plan.key)).await
    }

    /// Announces lots whose auctions open at given instants, with bidders registered and deposits held.
    pub async fn open(&self, plans: &[(Plan, DateTime<Utc>)]) -> anyhow::Result<()> {
        let mut all = Vec::new();
        for (plan, opens) in plans {
            let lot = self.announced(plan, Some(*opens)).await.with_context(|| plan.key.clone())?;
            all.extend(self.register(plan, &lot).await.with_context(|| plan.key.clone())?);
        }
        self.deposits(&all, "open").await
    }

    /// Lots on their way: two announced now, one reviewed by the township, one submitted, one draft.
    pub async fn under_way(&self, notices: &[Notice]) -> anyhow::Result<()> {
        for (at, notice) in notices.iter().enumerate() {
            let plan = Plan {
                key: format!("way-{at}"),
                slot: 200 + u32::try_from(at)?,
                village: at % self.villages.len(),
                notice: notice.clone(),
                bidders: vec![],
                course: Course::Closed,
                raises: 0,
            };
            match at {
                0 | 1 => {
                    self.announced(&plan, None).await?;
                }
                2 => {
                    let draft = self.submitted(&plan).await?;
                    self.review(&plan, &draft, &self.township, "township").await?;
                }
                3 => {
                    self.submitted(&plan).await?;
                }
                _ => {
                    self.drafted(&plan).await?;
                }
            }
        }
        Ok(())
    }

    async fn drafted(&self, plan: &Plan) -> anyhow::Result<LotDraft> {
        let village = &self.villages[plan.village];
        let geometry = plan.notice.mu().and_then(|mu| parcel(mu.to_f64()?, plan.slot));
        import::draft(&self.clerk, village, &plan.notice, &plan.key, geometry).await
    }

    async fn submitted(&self, plan: &Plan) -> anyhow::Result<LotDraft> {
        let village = &self.villages[plan.village];
        let draft = self.drafted(plan).await?;
        let path = format!("/api/v1/drafts/{}", draft.id);
        let minutes =
            format!("{}\n民主决策会议纪要（演示）\n标的：{}\n编号：{}\n", village.name, plan.notice.title, plan.key);
        let stored: Stored = self.clerk.upload("text/plain", minutes.into_bytes()).await?;
        let document = LotDocument {
            digest: stored.digest.clone(),
            kind: "minutes".into(),
            name: "会议纪要.txt".into(),
            media_type: stored.media_type,
            size: stored.size,
            public: true,
        };
        let attach = AttachDocumentRequest { document: Some(document), ..Default::default() };
        let _: LotDraft =
            self.clerk.post(&format!("{path}/documents"), &format!("{}-minutes", plan.key), &attach).await?;
        let today = clock::day(self.clock.now());
        let day = |days_ago: i64| (today - TimeDelta::days(days_ago)).to_string();
        let decision = CollectiveDecision {
            assembly: "assembly".into(),
            notice_on: day(16),
            held_on: day(2),
            eligible: village.voters,
            present: village.voters,
            in_favour: village.voters - 3,
            against: 1,
            abstained: 2,
            minutes_digest: stored.digest,
            outside_allowed: true,
            matters: vec!["transfer".into(), "lot-terms".into()],
            party_discussed_on: Some(day(18)),
            township_approved: Some(true),
            credit_checked: Some(true),
            capacity_checked: Some(true),
            ..Default::default()
        };
        let request = RecordDecisionRequest { decision: Some(decision), ..Default::default() };
        let draft: LotDraft =
            self.clerk.post(&format!("{path}/decision"), &format!("{}-decision", plan.key), &request).await?;
        let request = SubmitLotRequest { version: draft.version, ..Default::default() };
        self.chair.post(&format!("{path}/submit"), &format!("{}-submit", plan.key), &request).await
    }

    async fn review(&self, plan: &Plan, draft: &LotDraft, reviewer: &Account, stage: &str) -> anyhow::Result<LotDraft> {
        let request = ReviewLotRequest {
            outcome: "approved".into(),
            reasons: "材料齐全（演示）".into(),
            version: draft.version,
            ..Default::default()
        };
        reviewer.post(&format!("/api/v1/drafts/{}/review", draft.id), &format!("{}-{stage}", plan.key), &request).await
    }

    async fn announced(&self, plan: &Plan, opens: Option<DateTime<Utc>>) -> anyhow::Result<LotView> {
        let mut draft = self.submitted(plan).await?;
        if draft.next_review.as_deref() == Some("township") {
            draft = self.review(plan, &draft, &self.township, "township").await?;
        }
        if draft.next_review.as_deref() == Some("county") {
            draft = self.review(plan, &draft, &self.county, "county").await?;
        }
        let request = AnnounceLotRequest {
            auction_opens_at: opens.map(sanbian_domain::fact::instant::text),
            free_minutes: Some(30),
            ..Default::default()
        };
        self.operator
            .post(&format!("/api/v1/drafts/{}/announce", draft.id), &format!("{}-announce", plan.key), &request)
            .await
    }

    /// Registers the plan's bidders and lets the exchange accept them.
    async fn register(&self, plan: &Plan, lot: &LotView) -> anyhow::Result<Vec<(usize, Registration)>> {
        let mut done = Vec::new();
        for bidder in &plan.bidders {
            let request = RegisterForLotRequest { revision: lot.revision, accepts_terms: true, ..Default::default() };
            let path = format!("/api/v1/lots/{}/registrations", lot.id);
            let registration: Registration =
                self.bidders[*bidder].post(&path, &format!("{}-register-{bidder}", plan.key), &request).await?;
            let review = ReviewRegistrationRequest {
                outcome: "accepted".into(),
                priority_accepted: false,
                reasons: String::new(),
                ..Default::default()
            };
            let path = format!("/api/v1/registrations/{}/review", registration.id);
            let _: Registration = self.operator.post(&path, &format!("{}-accept-{bidder}", plan.key), &review).await?;
            done.push((*bidder, registration));
        }
        Ok(done)
    }

    /// Pays the deposits with one bank statement and waits until all are held.
    async fn deposits(&self, registrations: &[(usize, Registration)], key: &str) -> anyhow::Result<()> {
        if registrations.is_empty() {
            return Ok(());
        }
        let mut statement = Statement::new(clock::day(self.clock.now()));
        for (bidder, registration) in registrations {
            let path = format!("/api/v1/registrations/{}/deposit", registration.id);
            let deposit: Deposit =
                until("a deposit's reference", || async { Ok(Some(self.bidders[*bidder].get(&path).await?)) }).await?;
            if deposit.state == "due" {
                statement.incoming(*bidder, deposit.amount_fen, &deposit.reference);
            }
        }
        self.import(statement, &format!("demo-deposits-{key}")).await?;
        for (bidder, registration) in registrations {
            let path = format!("/api/v1/registrations/{}/deposit", registration.id);
            until("a held deposit", || async {
                let deposit: Deposit = self.bidders[*bidder].get(&path).await?;
                Ok((deposit.state != "due").then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    async fn import(&self, statement: Statement, key: &str) -> anyhow::Result<()> {
        if statement.lines == 0 {
            return Ok(());
        }
        let request = ImportStatementRequest { csv: statement.csv };
        let _: StatementResult = self.finance.post("/api/v1/bank/statements", key, &request).await?;
        Ok(())
    }

    async fn bid(&self, plan: &Plan, lot: &LotView) -> anyhow::Result<()> {
        let path = format!("/api/v1/lots/{}/room", lot.id);
        until("an open room", || async {
            let room: Room = self.api.get(&path).await?;
            Ok((room.phase == "free" || room.phase == "limited" || room.phase == "closed").then_some(()))
        })
        .await?;
        let raises = if plan.bidders.len() == 1 { 1 } else { plan.raises };
        for raise in 0..raises {
            let room: Room = self.api.get(&path).await?;
            let Some(amount_fen) = room.next_fen.filter(|_| room.phase != "closed") else { return Ok(()) };
            let bidder = plan.bidders[raise % plan.bidders.len()];
            let request =
                PlaceBidRequest { amount_fen, kind: "bid".into(), outlier_confirmed: true, ..Default::default() };
            let _: BidReceipt = self.bidders[bidder]
                .post(&format!("/api/v1/lots/{}/bids", lot.id), &format!("{}-bid-{raise}", plan.key), &request)
                .await?;
        }
        Ok(())
    }

    /// From the end of the result notice to the certificate.
    async fn conclude(&self, plan: &Plan, lot: &LotView) -> anyhow::Result<()> {
        self.reached(lot, |state| state == "contract" || state == "settled" || state == "certified").await?;
        let mut winner = None;
        for bidder in &plan.bidders {
            let page: ContractPage = self.bidders[*bidder].get("/api/v1/contracts?limit=100").await?;
            if let Some(contract) = page.items.into_iter().find(|contract| contract.lot_id == lot.id) {
                winner = Some((*bidder, contract));
            }
        }
        let (bidder, contract) = winner.context("nobody has the contract")?;
        let path = format!("/api/v1/contracts/{}", contract.id);
        let sign = SignContractRequest { digest: contract.digest.clone(), ..Default::default() };
        let _: Contract = until("the signing", || async {
            Ok(Some(self.chair.post(&format!("{path}/sign"), &format!("{}-sign-a", plan.key), &sign).await?))
        })
        .await?;
        let signed: Contract =
            self.bidders[bidder].post(&format!("{path}/sign"), &format!("{}-sign-b", plan.key), &sign).await?;
        if plan.course == Course::SignedNotPaid {
            return Ok(());
        }
        if signed.outstanding_fen > 0 {
            let mut statement = Statement::new(clock::day(self.clock.now()));
            statement.incoming(bidder, signed.outstanding_fen, &signed.reference);
            self.import(statement, &format!("{}-payment", plan.key)).await?;
        }
        until("the settlement", || async {
            let contract: Contract = self.bidders[bidder].get(&path).await?;
            Ok((contract.state == "settled").then_some(()))
        })
        .await?;
        let request = IssueCertificateRequest { remarks: String::new(), ..Default::default() };
        let _: Certificate = until("the certificate", || async {
            Ok(Some(
                self.operator
                    .post(&format!("{path}/certificate"), &format!("{}-certificate", plan.key), &request)
                    .await?,
            ))
        })
        .await?;
        Ok(())
    }

    /// Approves what is to be paid out and books the bank's answer.
    async fn pay_out(&self, key: &str) -> anyhow::Result<()> {
        let page: PayoutPage = self.finance2.get("/api/v1/payouts?state=ordered&limit=100").await?;
        let mut statement = Statement::new(clock::day(self.clock.now()));
        for payout in page.items {
            let request = ApprovePayoutRequest { ..Default::default() };
            let path = format!("/api/v1/payouts/{}/approve", payout.id);
            let payout: Payout = self.finance2.post(&path, &format!("demo-payout-{}", payout.id), &request).await?;
            statement.outgoing(&payout)?;
        }
        self.import(statement, &format!("demo-payouts-{key}")).await
    }

    async fn reached(&self, lot: &LotView, wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
        let path = format!("/api/v1/lots/{}", lot.id);
        until(&format!("the next state of {}", lot.number), || async {
            let lot: LotView = self.api.get(&path).await?;
            Ok(wanted(&lot.state).then_some(()))
        })
        .await
    }

    /// Moves the clock just past the latest of these instants.
    async fn advance_past(&self, instants: Vec<DateTime<Utc>>) -> anyhow::Result<()> {
        if let Some(latest) = instants.into_iter().max() {
            let step = latest - self.clock.now() + TimeDelta::seconds(1);
            if step > TimeDelta::zero() {
                self.clock.advance(step)?;
            }
        }
        Ok(())
    }
}

fn schedule(lot: &LotView) -> anyhow::Result<sanbian_domain::fact::Schedule> {
    serde_json::from_str(&lot.schedule).context("the lot's schedule")
}

/// The bidders' names, as their accounts bear them.
const BIDDERS: [&str; 5] = ["竞买人一", "竞买人二", "竞买人三", "竞买人四", "竞买人五"];

/// A bank statement being written.
struct Statement {
    csv: String,
    lines: usize,
    day: NaiveDate,
}

impl Statement {
    fn new(day: NaiveDate) -> Self {
        Self {
            csv: "date,line_id,direction,amount_yuan,counterparty_name,counterparty_account,remark\n".into(),
            lines: 0,
            day,
        }
    }

    /// A bidder's transfer, from its own account. The line's number follows from its reference, as a bank's would stay the same.
    fn incoming(&mut self, bidder: usize, fen: i64, reference: &str) {
        self.line("in", fen, BIDDERS[bidder], &format!("6222020000{:09}", bidder + 1), reference);
    }

    /// The bank's line of an approved payout, to the account that the approval names.
    fn outgoing(&mut self, payout: &Payout) -> anyhow::Result<()> {
        let name = payout.pay_to_name.as_deref().context("the approved payout names no payee")?;
        let account = payout.pay_to_account.as_deref().context("the approved payout names no account")?;
        self.line("out", payout.amount_fen, name, account, &payout.reference);
        Ok(())
    }

    fn line(&mut self, direction: &str, fen: i64, name: &str, account: &str, reference: &str) {
        self.lines += 1;
        let yuan = Money::from_fen(fen).yuan();
        let day = self.day;
        let _ =
            writeln!(self.csv, "{day},DEMO-{direction}-{reference},{direction},{yuan},{name},{account},{reference}");
    }
}

/// A square parcel of `mu` at its place in the county as GeoJSON. Sides are reckoned on the CGCS2000 ellipsoid.
fn parcel(mu: f64, slot: u32) -> Option<String> {
    let (lon, lat) = (108.40 + f64::from(slot % 16) * 0.02, 31.60 + f64::from(slot / 16) * 0.02);
    let side = (mu * 10_000.0 / 15.0).sqrt();
    let (a, e2) = (6_378_137.0_f64, 0.006_694_380_022_9_f64);
    let sin2 = lat.to_radians().sin().powi(2);
    let north = side / (a * (1.0 - e2) / (1.0 - e2 * sin2).powf(1.5)).to_radians();
    let east = side / (a / (1.0 - e2 * sin2).sqrt() * lat.to_radians().cos()).to_radians();
    let (right, top) = (lon + east, lat + north);
    serde_json::to_string(&serde_json::json!({
        "type": "Polygon",
        "coordinates": [[[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]],
    }))
    .ok()
}
