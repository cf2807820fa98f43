//! A county in which there is one of everything that a path of the API names: for the tests that call every operation.

use crate::{
    bank::Statement,
    cast::{Cast, HOME, enrol},
    http::Api,
    transfer::{Transfer, text},
    until,
};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sign-in name of the account that the administrator's acts are about.
pub const SUBJECT: &str = "home-subject";

/// See the module.
pub struct County {
    /// Its people.
    pub home: Cast,
    /// A lot that went the whole way to its certificate; its payouts wait.
    pub sold: Transfer,
    /// A lot that takes registrations; one is filed.
    pub open: Transfer,
    /// A lot that is a draft still, with decision and minutes.
    pub draft: Transfer,
    /// Values of path parameters, by the path up to them.
    pub paths: BTreeMap<&'static str, String>,
    /// Ids of what concerns nobody elsewhere.
    pub ids: Vec<String>,
}

impl County {
    /// Makes it, through the API as everything here.
    ///
    /// # Panics
    /// Where a step does not succeed.
    pub async fn make(api: &Api) -> Self {
        let home = Cast::make(api, HOME, 2, 1).await;
        let administrator = &home.administrator;

        // Paid late, so that there is an alert.
        let mut sold = Transfer::new("sold", 1, home.clone(), api);
        sold.run_to("transferee_signs").await;
        api.forward_to(administrator, api.now().await + TimeDelta::days(15)).await;
        let alert = until("an alert", || async {
            home.supervisor.get("/api/v1/alerts").await["items"].get(0).map(|alert| text(&alert["id"]))
        })
        .await;
        sold.run_on("transferee_signs", "certificate").await;
        let today = sold.today().await;
        let strange = Statement::new(today).incoming("strange", 12_345, "不明", "6222020000999999999", "不知何款");
        sold.import("strange", &strange).await;
        let unmatched = home.finance.get("/api/v1/bank/unmatched").await;
        let payout = until("ordered payouts", || async {
            let page = home.finance.get("/api/v1/payouts?state=ordered").await;
            page["items"].get(0).map(|payout| text(&payout["id"]))
        })
        .await;
        let books = home.finance.get("/api/v1/books").await;
        let rights = api.nobody().get(&format!("/api/v1/assets/{}/rights", sold.known.asset)).await;
        let certified = api.nobody().get(&sold.lot_path("")).await;

        let mut open = Transfer::new("open", 2, home.clone(), api);
        open.run_to("register_first").await;
        let mut draft = Transfer::new("draft", 3, home.clone(), api);
        draft.run_to("decision").await;
        let charges = format!("/api/v1/assets/{}/encumbrances", draft.known.asset);
        let charge = home.operator.post(&charges, "charge", &json!({ "kind": "easement" })).await;
        let subject = enrol(api, administrator, SUBJECT, "member", HOME.village).await;
        let subject = text(&subject.get("/api/v1/me").await["id"]);

        let paths = BTreeMap::from([
            ("/api/v1/admin/accounts/", subject.clone()),
            ("/api/v1/alerts/", alert.clone()),
            ("/api/v1/assets/", draft.known.asset.clone()),
            ("/api/v1/bank/lines/", text(&unmatched["items"][0]["id"])),
            ("/api/v1/books/", text(&books["accounts"][0]["id"])),
            ("/api/v1/cases/", sold.known.lot.clone()),
            ("/api/v1/certificates/", sold.known.certificate.clone()),
            ("/api/v1/collectives/", draft.known.collective.clone()),
            ("/api/v1/contracts/", sold.known.contract.clone()),
            ("/api/v1/drafts/", draft.known.lot.clone()),
            ("/api/v1/encumbrances/", text(&charge["id"])),
            ("/api/v1/ledger/entries/", "0".to_owned()),
            ("/api/v1/lots/", open.known.lot.clone()),
            ("/api/v1/parties/", home.bidders[1].party.clone()),
            ("/api/v1/payouts/", payout.clone()),
            ("/api/v1/registrations/", open.known.registrations[0].clone()),
            ("/api/v1/rights/", text(&rights["items"][0]["id"])),
            ("/api/v1/rulebooks/", text(&certified["rulebook_digest"])),
            // Sessions are each caller's own: this one is nobody's.
            ("/api/v1/sessions/", Uuid::now_v7().to_string()),
        ]);
        let ids = vec![
            alert,
            draft.known.lot.clone(),
            open.known.lot.clone(),
            sold.known.lot.clone(),
            sold.known.contract.clone(),
            payout,
            subject,
            open.known.registrations[0].clone(),
        ];
        Self { home, sold, open, draft, paths, ids }
    }
}
