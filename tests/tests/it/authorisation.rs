//! Every operation of the API with no token, with a bad one, with every wrong role, and with the right role in the wrong region.
//!
//! The rows come from `sanbian_gateway::access`, the operations from the running program's own document: one without the other fails. Every
//! resource that a path names is made first, in the home county, so that a refusal is of the caller and not of a thing that isn't there; and
//! who may call is not refused, so that the request is one that would otherwise be heard. What is done then is repeated under its key, and gives
//! the first answer.

use reqwest::Method;
use sanbian_domain::role::Role;
use sanbian_gateway::access::{Access, OPERATIONS, Operation};
use sanbian_tests::{
    cast::{AWAY, Cast, HOME, PASSWORD, collective_request, enrol, members_request, party_request},
    county::{County, SUBJECT},
    exchange::Exchange,
    http::{Answer, Api, Person},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Operations on what belongs to no region: there is no wrong one.
const REGIONLESS: [&str; 2] = ["GET /api/v1/parties/{id}", "POST /api/v1/parties/{id}/reveal"];
/// Lists that show each caller what is theirs: elsewhere's people get an answer, with nothing of home in it.
const OWN_LISTS: [&str; 10] = [
    "GET /api/v1/admin/accounts",
    "GET /api/v1/alerts",
    "GET /api/v1/cases",
    "GET /api/v1/contracts",
    "GET /api/v1/deposits",
    "GET /api/v1/drafts",
    "GET /api/v1/me/deposits",
    "GET /api/v1/review-queue",
    "POST /api/v1/admin/accounts/find",
    "GET /api/v1/bank/unmatched",
];

/// Operations on a lot that was sold; the others name one that takes registrations.
const OF_SOLD: [&str; 4] = [
    "GET /api/v1/lots/{id}/my-place",
    "GET /api/v1/lots/{id}/money",
    "POST /api/v1/lots/{id}/bids",
    "POST /api/v1/lots/{id}/default",
];

/// What the requests name.
struct World {
    api: Api,
    document: Value,
    home: BTreeMap<Role, Person>,
    away: BTreeMap<Role, Person>,
    /// Somebody signed in without any role but a bidder's.
    spare: Person,
    /// Values of path parameters by the path up to them.
    paths: BTreeMap<&'static str, String>,
    /// The lot of operations that are about one that was sold.
    sold: String,
    /// Digests of the minutes, by the noun they are bound to.
    minutes: BTreeMap<&'static str, String>,
    /// Bodies that say more than the schema asks for.
    bodies: BTreeMap<&'static str, Value>,
    /// Queries.
    queries: BTreeMap<&'static str, String>,
    /// Ids of home that nobody away may see in a list.
    ids: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_refuses_everybody_else() {
    let exchange = Exchange::start().await;
    let world = World::make(&exchange.api).await;
    let mut wrong = Vec::new();
    world.compare_table(&mut wrong);
    let size = world.log_size().await;
    let mut calls = 0;
    for operation in OPERATIONS {
        calls += world.strangers(operation, &mut wrong).await;
    }
    assert_eq!(world.log_size().await, size, "a refused call was done all the same");
    let mut done = BTreeSet::new();
    for operation in OPERATIONS {
        calls += world.entitled(operation, &mut wrong, &mut done).await;
    }
    assert!(done.len() >= 20, "too few acts were done to show that they are done once: {done:?}");
    println!("{} operations, {calls} calls", OPERATIONS.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(exchange.faults(), Vec::<String>::new());
    exchange.stop().await;
}

impl World {
    async fn make(api: &Api) -> Self {
        let County { home, sold, open, draft, paths, ids } = County::make(api).await;
        let administrator = &home.administrator;
        let away = Cast::make(api, AWAY, 0, 50).await;
        let spare = enrol(api, administrator, "home-spare", "member", HOME.village).await;
        let document: Value = api.nobody().get("/api/openapi.json").await;
        let mut away_roles = away.staff();
        away_roles.insert(Role::Bidder, away_bidder(api, administrator).await);
        away_roles.insert(
            Role::Administrator,
            enrol(api, administrator, "away-administrator", "administrator", AWAY.county).await,
        );
        let mut home_roles = home.staff();
        home_roles.insert(Role::Bidder, home.bidders[0].person.clone());
        home_roles.insert(Role::Administrator, administrator.clone());
        let collective = sold.known.collective.clone();
        let minutes = json!({
            "digest": draft.known.minutes, "kind": "minutes", "name": "会议记录.txt", "media_type": "", "size": 0, "public": true,
        });
        // Whoever binds a file has uploaded it.
        for person in home_roles.values().chain(away_roles.values()).chain([&spare]) {
            person.upload("测试3村成员大会会议记录。\n应到、实到、表决结果见决议。\n".into()).await;
        }
        let notice = draft.notice();
        let drafted = json!({ "collective_id": collective, "asset_ids": [sold.known.asset], "notice": notice });
        let asset = draft.asset_request();
        let bodies = BTreeMap::from([
            ("POST /api/v1/collectives", collective_request(HOME.village, 77)),
            ("PUT /api/v1/collectives/{id}/members", members_request(3)),
            ("POST /api/v1/assets", asset.clone()),
            ("PUT /api/v1/assets/{id}", json!({ "description": asset["description"], "version": 1 })),
            ("POST /api/v1/assets/{id}/encumbrances", json!({ "kind": "easement" })),
            ("POST /api/v1/drafts", drafted.clone()),
            ("POST /api/v1/drafts/check", drafted),
            ("PUT /api/v1/drafts/{id}", json!({ "asset_ids": [draft.known.asset], "notice": notice, "version": 1 })),
            ("POST /api/v1/drafts/{id}/documents", json!({ "document": minutes })),
            ("POST /api/v1/drafts/{id}/decision", draft.decision_request().await),
            ("POST /api/v1/drafts/{id}/review", json!({ "outcome": "returned", "reasons": "测试", "version": 1 })),
            ("POST /api/v1/lots/{id}/suspend", json!({ "reason": "system-failure", "note": "测试" })),
            ("POST /api/v1/lots/{id}/terminate", json!({ "reason": "withdrawn", "note": "测试" })),
            ("POST /api/v1/lots/{id}/default", json!({ "reason": "not-paid" })),
            (
                "POST /api/v1/lots/{id}/registrations",
                json!({ "revision": open.known.revision, "documents": [], "accepts_terms": true }),
            ),
            ("POST /api/v1/lots/{id}/bids", json!({ "amount_fen": 60_000, "kind": "bid", "outlier_confirmed": false })),
            (
                "POST /api/v1/registrations/{id}/review",
                json!({ "outcome": "rejected", "priority_accepted": false, "reasons": "测试" }),
            ),
            ("POST /api/v1/parties", party_request(999)),
            ("POST /api/v1/parties/{id}/reveal", json!({ "purpose": "complaint" })),
            ("POST /api/v1/rights/{id}/end", json!({ "until_on": "2026-12-31", "reason": "agreed" })),
            ("POST /api/v1/encumbrances/{id}/lift", json!({ "reason": "discharged" })),
            ("POST /api/v1/bank/lines/{id}/resolve", json!({ "to": "return", "reason": "测试" })),
            (
                "POST /api/v1/admin/accounts",
                json!({
                    "username": "home-another", "initial_password": "ceshi-chushi-kouling", "display_name": "测试",
                    "region": HOME.county,
                }),
            ),
            ("POST /api/v1/admin/accounts/find", json!({ "username": SUBJECT })),
            ("POST /api/v1/admin/accounts/{id}/grants", json!({ "role": "member", "region": "500229101202" })),
            ("POST /api/v1/session", json!({ "username": "home-spare", "password": PASSWORD })),
            ("POST /api/v1/me/password", json!({ "current_password": "not the password", "new_password": PASSWORD })),
            ("POST /api/v1/demo/clock", json!({ "seconds": 1 })),
        ]);
        let queries = BTreeMap::from([
            ("DELETE /api/v1/admin/accounts/{id}/grants", format!("role=member&region={}", HOME.village)),
            ("GET /api/v1/calendar/deadline", "from=2026-03-02&working_days=5".to_owned()),
            ("GET /api/v1/comparables", format!("category=collective-land&region={}", HOME.village)),
        ]);
        let minutes = BTreeMap::from([("drafts", draft.known.minutes.clone()), ("lots", open.known.minutes.clone())]);
        Self {
            api: api.clone(),
            document,
            home: home_roles,
            away: away_roles,
            spare,
            paths,
            sold: sold.known.lot,
            minutes,
            bodies,
            queries,
            ids,
        }
    }

    /// The table and the document of the running program say the same operations.
    fn compare_table(&self, wrong: &mut Vec<String>) {
        let mut described = BTreeSet::new();
        for (path, item) in self.document["paths"].as_object().expect("paths") {
            for method in item.as_object().expect("operations").keys() {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let rows: BTreeSet<String> = OPERATIONS.iter().map(name).collect();
        wrong.extend(described.difference(&rows).map(|name| format!("{name}: no row says who may call it")));
        wrong.extend(rows.difference(&described).map(|name| format!("{name}: not in the document")));
    }

    async fn log_size(&self) -> u64 {
        // A checkpoint comes at least once a second while entries come; readers follow each other through it.
        let mut size = 0;
        for _ in 0..20 {
            tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
            let now = self.api.nobody().get("/api/v1/ledger/checkpoint").await["size"].as_u64().expect("a number");
            if now == size {
                break;
            }
            size = now;
        }
        size
    }

    /// Nobody, a bad token, every wrong role, and every right role from elsewhere.
    async fn strangers(&self, operation: &Operation, wrong: &mut Vec<String>) -> usize {
        let name = name(operation);
        let mut calls = 0;
        let nobody = self.call(operation, &self.api.nobody()).await;
        calls += 1;
        match operation.access {
            Access::Public => judge(wrong, &nobody, "nobody", |status| ![401, 403].contains(&status) && status < 500),
            _ => judge(wrong, &nobody, "nobody", |status| status == 401),
        }
        if matches!(operation.access, Access::SignedIn | Access::Roles(_)) {
            let forged = self.call(operation, &self.api.bearer("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.AAAA")).await;
            calls += 1;
            judge(wrong, &forged, "a forged token", |status| status == 401);
        }
        let Access::Roles(roles) = operation.access else { return calls };
        for (role, person) in self.home.iter().filter(|(role, _)| !roles.contains(role)) {
            let answer = self.call(operation, person).await;
            calls += 1;
            judge(wrong, &answer, &format!("wrong role {role}"), |status| [403, 404].contains(&status));
        }
        if REGIONLESS.contains(&name.as_str()) {
            return calls;
        }
        for role in roles {
            let answer = self.call(operation, &self.away[role]).await;
            calls += 1;
            let who = format!("{role} of another county");
            if OWN_LISTS.contains(&name.as_str()) && answer.status == 200 {
                let shown = answer.body.to_string();
                let seen: Vec<_> = self.ids.iter().filter(|id| shown.contains(*id)).collect();
                if !seen.is_empty() {
                    wrong.push(format!("{name}: {who} sees {seen:?} of home"));
                }
            } else {
                judge(wrong, &answer, &who, |status| [403, 404].contains(&status));
            }
        }
        calls
    }

    /// Those who may call are heard: whatever else is said, it is not that they may not. What was done is not done again under its key.
    async fn entitled(&self, operation: &Operation, wrong: &mut Vec<String>, done: &mut BTreeSet<String>) -> usize {
        let heard = |status: u16| ![401, 403].contains(&status) && status < 500;
        match operation.access {
            // The first part has asked; a cookie is not a token's to give.
            Access::Public | Access::Cookie => 0,
            Access::SignedIn => {
                judge(wrong, &self.call(operation, &self.spare).await, "anyone signed in", heard);
                // It may have been the end of the session.
                self.spare.forget_token();
                1
            }
            Access::Roles(roles) => {
                for (at, role) in roles.iter().enumerate() {
                    let key = uuid::Uuid::now_v7().to_string();
                    let answer = self.call_under(operation, &self.home[role], &key).await;
                    if operation.method != "GET" && answer.status == 200 {
                        done.insert(name(operation));
                        let again = self.call_under(operation, &self.home[role], &key).await;
                        if (again.status, &again.body) != (answer.status, &answer.body) {
                            wrong.push(format!(
                                "{}: repeated under its key: {}\n  {}",
                                again.call, answer.body, again.body
                            ));
                        }
                    }
                    // What is not there is for strangers; but the one before may have taken it away.
                    let found = |status| status != 404 || (at > 0 && operation.method == "DELETE");
                    judge(wrong, &answer, &format!("{role} of home"), |status| heard(status) && found(status));
                }
                roles.len()
            }
        }
    }

    async fn call(&self, operation: &Operation, person: &Person) -> Answer {
        self.call_under(operation, person, &uuid::Uuid::now_v7().to_string()).await
    }

    async fn call_under(&self, operation: &Operation, person: &Person, key: &str) -> Answer {
        let name = name(operation);
        let method: Method = operation.method.parse().expect("a method");
        let mut path = operation.path.to_owned();
        while let Some(open) = path.find('{') {
            let close = path.find('}').expect("a closed parameter");
            let value = match &path[open..=close] {
                "{digest}" if path.starts_with("/api/v1/drafts/") => self.minutes["drafts"].clone(),
                "{digest}" if path.starts_with("/api/v1/lots/") => self.minutes["lots"].clone(),
                _ if OF_SOLD.contains(&name.as_str()) => self.sold.clone(),
                _ => self
                    .paths
                    .get(&path[..open])
                    .unwrap_or_else(|| panic!("{name}: no resource for {}", &path[..open]))
                    .clone(),
            };
            path.replace_range(open..=close, &value);
        }
        if let Some(query) = self.queries.get(name.as_str()) {
            path = format!("{path}?{query}");
        }
        if name == "POST /api/v1/documents" {
            return person.try_upload("测试".into()).await;
        }
        if name == "GET /api/v1/lots/{id}/feed" {
            // It never ends: the beginning is enough.
            return person.beginning(&path).await;
        }
        let body = self.bodies.get(name.as_str()).cloned().or_else(|| self.body(operation));
        person.send(method, &path, Some(key), body.as_ref()).await
    }

    /// The least body that the document asks for; none where it asks for none.
    fn body(&self, operation: &Operation) -> Option<Value> {
        let item = &self.document["paths"][operation.path][operation.method.to_lowercase()];
        let schema = item["requestBody"]["content"].get("application/json")?.get("schema")?;
        Some(self.example(schema))
    }

    fn example(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.document.pointer(reference.trim_start_matches('#'));
            return self.example(target.unwrap_or_else(|| panic!("{reference} leads nowhere")));
        }
        for many in ["oneOf", "anyOf", "allOf"] {
            if let Some(first) = schema[many].as_array().and_then(|all| all.first()) {
                return self.example(first);
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        let kind =
            schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str)).unwrap_or("object");
        match kind {
            "string" => match schema["format"].as_str() {
                Some("uuid") => json!(uuid::Uuid::now_v7()),
                Some("date") => json!("2026-03-02"),
                Some("date-time") => json!("2026-03-02T01:00:00.000Z"),
                _ => json!("x"),
            },
            "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
            "boolean" => json!(false),
            "array" => json!([]),
            _ => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let fields = required.map(|field| (field.to_owned(), self.example(&schema["properties"][field])));
                Value::Object(fields.collect::<Map<_, _>>())
            }
        }
    }
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

fn judge(wrong: &mut Vec<String>, answer: &Answer, who: &str, fits: impl Fn(u16) -> bool) {
    if !fits(answer.status) {
        let body: String = answer.body.to_string().chars().take(400).collect();
        wrong.push(format!("{}: {who} gets {}: {body}", answer.call, answer.status));
    }
}

/// A bidder for the lots of another county alone.
async fn away_bidder(api: &Api, administrator: &Person) -> Person {
    let person = enrol(api, administrator, "away-bidder", "bidder", AWAY.county).await;
    person.post("/api/v1/parties", "away-bidder-party", &party_request(60)).await;
    person
}
