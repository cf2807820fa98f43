//! Assets: what is said, what is measured, when it may change.

mod common;

use common::*;
use rust_decimal::Decimal;
use sanbian_domain::{
    fact::{Entry, Fact, LotTerminated},
    finding::Finding,
    role::Role,
    rulebook::Library,
};
use sanbian_proto::registry::v1::*;
use sanbian_runtime::{Kind, rpc::in_process, seal::sha256_hex};
use std::time::Duration;

#[tokio::test]
async fn a_hundred_mu_on_the_ground_are_a_hundred_mu() {
    let world = World::new().await;
    let collective = world.collective().await;
    // 250 m x 266.6667 m = 66,666.675 m² = 100.0000 mu.
    let geometry = world.rectangle(0.0, 0.0, 250.0, 266.6667).await;
    let asset = world.parcel(&collective, geometry.clone(), "100").await;
    assert_eq!(asset.measured_mu.as_deref(), Some("100"));
    assert_eq!(asset.srid, Some(4545), "108° E");
    let metres: Decimal = asset.measured_square_metres.as_ref().unwrap().parse().unwrap();
    assert!((metres - Decimal::new(66_666_675, 3)).abs() <= Decimal::new(1, 2), "{metres}");
    assert!(asset.findings.is_empty(), "{:?}", asset.findings);
    assert_eq!(asset.version, 1);

    // On the ellipsoid it is nearly the same: the plane of the zone is never more than 0.06 % off, 1.5° away from its meridian.
    let (ellipsoid, stored): (f64, f64) = sqlx::query_as(
        "SELECT ST_Area(ST_SetSRID(land, 4326)::geography), area_m2::float8 FROM registry.assets WHERE area_m2 IS NOT NULL",
    )
    .fetch_one(&mut world.owner().await)
    .await
    .unwrap();
    assert!((stored / ellipsoid - 1.0).abs() < 0.0006, "{stored} {ellipsoid}");

    // The log's digest is of the geometry that the API shows.
    let shown = world.public().get_asset(GetAssetRequest { asset_id: asset.id.clone() }).await.unwrap().into_inner();
    let text = shown.description.unwrap().geometry.unwrap();
    assert_eq!(Some(sha256_hex(text.as_bytes())), asset.geometry_digest);
    let facts = world.facts().await;
    let entry = facts.last().unwrap();
    let Fact::AssetRegistered(fact) = &entry.fact else { panic!("asset.registered") };
    assert_eq!((fact.measured_mu.as_deref(), fact.geometry_digest.clone()), (Some("100"), asset.geometry_digest));
    assert_eq!((entry.region.as_str(), entry.rulebook.is_empty()), (VILLAGE, false));
}

#[tokio::test]
async fn each_longitude_is_measured_in_its_own_zone() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    for (longitude, srid) in [
        (73.5, 4534),
        (75.0, 4534),
        (76.499_999_999, 4534),
        (76.5, 4535),
        (106.499_999, 4544),
        (106.5, 4545),
        (109.499_999, 4545),
        (109.5, 4546),
        (133.499, 4553),
        (133.5, 4554),
        (135.1, 4554),
        (73.3, 4534),
        (136.6, 4554),
    ] {
        let (zone, meridian): (i32, f64) = sqlx::query_as(
            "SELECT z, substring(srtext FROM 'central_meridian\",([0-9.]+)')::float8
             FROM registry.gauss_kruger_srid($1) AS z JOIN spatial_ref_sys ON srid = z AND srtext LIKE 'PROJCS[\"CGCS2000 / 3-degree%'",
        )
        .bind(longitude)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert_eq!(zone, srid, "{longitude}");
        let inside: bool = (73.5..=136.5).contains(&longitude);
        assert!(!inside || (longitude - meridian).abs() <= 1.5, "{longitude} lies within 1.5° of {meridian}");
    }
    // One parcel on each side of the boundary of two zones, and one across it.
    let clerk = world.clerk();
    for (west, srid) in [(106.49, 4544), (106.501, 4545), (106.4995, 4545), (106.4985, 4544)] {
        let east = west + 0.002;
        let geometry = format!(
            "{{\"type\":\"Polygon\",\"coordinates\":[[[{west},29.5],[{east},29.5],[{east},29.501],[{west},29.501],[{west},29.5]]]}}"
        );
        let request = SurveyGeometryRequest { geometry, stated_mu: None, region: None, category: None };
        let survey = clerk.registry().survey_geometry(request).await.unwrap().into_inner();
        assert_eq!(survey.srid, Some(srid), "{west}");
        let mu: Decimal = survey.area_mu.unwrap().parse().unwrap();
        assert!((mu - Decimal::new(322, 1)).abs() < Decimal::ONE, "some 194 m x 111 m, in either zone: {mu}");
    }
}

#[tokio::test]
async fn a_wrong_geometry_is_refused_with_its_reason() {
    let world = World::new().await;
    let collective = world.collective().await;
    let clerk = world.clerk();
    let polygon = |ring: &str| format!("{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}");
    let before = world.facts().await.len();
    for (geometry, rule, word) in [
        (polygon("[[108.6,31.9],[108.7,32.0],[108.7,31.9],[108.6,32.0],[108.6,31.9]]"), "geometry.valid", "自相交"),
        (
            polygon(
                "[[108.6,31.9],[108.7,31.9],[108.7,32.0],[108.6,31.9]],[[108.8,31.9],[108.9,31.9],[108.9,32.0],[108.8,31.9]]",
            ),
            "geometry.valid",
            "孔洞",
        ),
        (polygon("[[108.6,31.9],[108.6,31.9],[108.6,31.9],[108.6,31.9]]"), "geometry.valid", "图形有误"),
        (polygon("[[2.6,48.9],[2.7,48.9],[2.7,49.0],[2.6,48.9]]"), "geometry.outside-china", "中国"),
        (polygon("[[108.6,31.9],[110.7,31.9],[110.7,32.0],[108.6,31.9]]"), "geometry.extent", "范围过大"),
        (
            polygon("[[108.6,31.9],[108.600001,31.9],[108.600001,31.900001],[108.6,31.9]]"),
            "geometry.too-small",
            "1平方米",
        ),
        ("{\"type\":\"Point\",\"coordinates\":[108.6,31.9]}".into(), "geometry.type", "Polygon"),
        ("[".into(), "geometry.json", "GeoJSON"),
    ] {
        let request = CreateAssetRequest {
            collective_id: collective.id.clone(),
            description: Some(AssetDescription { geometry: Some(geometry.clone()), ..described() }),
        };
        let refusal = refused(clerk.registry().create_asset(request).await);
        let finding = &refusal.findings[0];
        assert_eq!(
            (refusal.kind, finding.rule.as_str(), finding.field.as_deref()),
            (Kind::Rule, rule, Some("geometry")),
            "{geometry}"
        );
        assert!(finding.message.zh.contains(word), "{}", finding.message.zh);
        let survey = SurveyGeometryRequest { geometry, stated_mu: None, region: None, category: None };
        let survey = clerk.registry().survey_geometry(survey).await.unwrap().into_inner();
        assert_eq!((rules(&survey.findings), survey.area_mu), (vec![rule.to_owned()], None));
    }
    assert_eq!(world.facts().await.len(), before);
}

#[tokio::test]
async fn the_database_stores_no_land_but_measured_and_valid() {
    let world = World::new().await;
    let collective = world.collective().await;
    let asset = world.parcel(&collective, world.rectangle(0.0, 0.0, 100.0, 100.0).await, "15").await;
    let role = world.db.pool("registry");
    // Whatever is written to the measured columns, the trigger writes over it.
    sqlx::query("UPDATE registry.assets SET area_m2 = 5, srid = 4534, land = NULL").execute(&role).await.unwrap();
    let (area, srid): (Decimal, i32) =
        sqlx::query_as("SELECT area_m2, srid FROM registry.assets WHERE land IS NOT NULL")
            .fetch_one(&role)
            .await
            .unwrap();
    assert!((area - Decimal::from(10_000)).abs() <= Decimal::new(1, 2));
    assert_eq!(srid, 4545);
    let bow =
        "{\"type\":\"Polygon\",\"coordinates\":[[[108.6,31.9],[108.7,32.0],[108.7,31.9],[108.6,32.0],[108.6,31.9]]]}";
    let error =
        sqlx::query("UPDATE registry.assets SET geometry_json = $1").bind(bow).execute(&role).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint(), Some("assets_land_valid"));
    for table in ["assets", "rights", "parties", "collectives", "members", "encumbrances", "looks", "land_cells"] {
        let delete = sqlx::AssertSqlSafe(format!("DELETE FROM registry.{table}"));
        let error = sqlx::query(delete).execute(&role).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{table}");
    }
    drop(asset);
}

#[tokio::test]
async fn stated_and_measured_areas_are_held_against_each_other_as_the_rulebook_says() {
    let world = World::new().await;
    let collective = world.collective().await;
    let rectangle = world.rectangle(0.0, 0.0, 250.0, 266.6667).await;
    // National default: 3 %, a warning.
    let asset = world.parcel(&collective, rectangle.clone(), "103").await;
    assert_eq!(rules(&asset.findings), Vec::<String>::new(), "exactly 3 %");
    let over = world.rectangle(1000.0, 0.0, 250.0, 266.6667).await;
    let asset = world.parcel(&collective, over, "103.01").await;
    assert_eq!(rules(&asset.findings), ["area.measured"]);
    let finding: Finding = serde_json::from_str(&asset.findings[0]).unwrap();
    assert!(!finding.refuses());
    assert_eq!((finding.facts["stated-mu"].as_str(), finding.facts["measured-mu"].as_str()), ("103.01", "100"));

    // A county that makes it a refusal, in square metres as well as in mu.
    let strict = "version = \"2026-9\"\nregion = \"500229\"\ntitle = { zh = \"严\", en = \"strict\" }\n[default.\"area.tolerance\"]\nvalue = \"1/100\"\nbasis = \"试\"\nzh = \"试\"\nen = \"test\"\n";
    let library = Library::builtin().with(strict).unwrap();
    let deps = sanbian_registry::Deps::new(
        world.db.pool("registry"),
        world.door.clone(),
        world.peers.clone(),
        world.db.secret(),
    );
    let peers = sanbian_runtime::peers::Peers::new(world.door.tokens.clone());
    peers.set_registry(in_process(sanbian_registry::routes(&deps.with_rulebooks(library))));
    let request = |stated_mu: Option<&str>, metres: Option<&str>, geometry: String| CreateAssetRequest {
        collective_id: collective.id.clone(),
        description: Some(AssetDescription {
            stated_mu: stated_mu.map(str::to_owned),
            quantity: metres.map(str::to_owned),
            unit: metres.map(|_| "square-metre".to_owned()),
            geometry: Some(geometry),
            ..described()
        }),
    };
    let before = world.facts().await.len();
    for (mu, metres) in [(Some("102"), None), (None, Some("68000"))] {
        let refusal = refused(peers.registry_as_service().create_asset(request(mu, metres, rectangle.clone())).await);
        assert!(
            refusal.findings.iter().any(|finding| finding.rule == "area.measured" && finding.refuses()),
            "{refusal:?}"
        );
    }
    assert_eq!(world.facts().await.len(), before, "a refused asset leaves nothing");
    let far = world.rectangle(5000.0, 0.0, 250.0, 266.6667).await;
    let done = peers.registry_as_service().create_asset(request(None, Some("66700"), far)).await.unwrap().into_inner();
    assert!(done.findings.is_empty(), "{:?}", done.findings);
}

#[tokio::test]
async fn land_without_survey_or_area_and_land_registered_twice_are_remarked() {
    let world = World::new().await;
    let collective = world.collective().await;
    let clerk = world.clerk();
    let create = |description: AssetDescription| {
        let request = CreateAssetRequest { collective_id: collective.id.clone(), description: Some(description) };
        let client = clerk.registry();
        async move { client.clone().create_asset(request).await.unwrap().into_inner() }
    };
    assert_eq!(rules(&create(described()).await.findings), ["geometry.missing"]);
    let counted =
        AssetDescription { stated_mu: None, quantity: Some("3".into()), unit: Some("块".into()), ..described() };
    assert_eq!(rules(&create(counted).await.findings), ["asset.land-area", "geometry.missing"]);
    let machine = AssetDescription {
        category: "equipment".into(),
        stated_mu: None,
        quantity: Some("2".into()),
        unit: Some("台".into()),
        ..described()
    };
    assert!(create(machine).await.findings.is_empty());

    let first = world.parcel(&collective, world.rectangle(0.0, 0.0, 100.0, 100.0).await, "15").await;
    let neighbour = world.parcel(&collective, world.rectangle(100.0, 0.0, 100.0, 100.0).await, "15").await;
    assert!(neighbour.findings.is_empty(), "a shared boundary is no overlap: {:?}", neighbour.findings);
    let sliver = world.parcel(&collective, world.rectangle(-100.0, 0.0, 100.1, 100.0).await, "15").await;
    assert!(sliver.findings.is_empty(), "10 m² in a strip of 0.1 m are how surveys differ");
    let over = world.parcel(&collective, world.rectangle(50.0, 50.0, 100.0, 100.0).await, "15").await;
    assert_eq!(rules(&over.findings), ["geometry.overlaps-parcel"]);
    assert!(over.findings[0].contains(&first.id) && over.findings[0].contains(&neighbour.id));
}

#[tokio::test]
async fn who_may_register_and_what_the_form_asks() {
    let world = World::new().await;
    let collective = world.collective().await;
    let request = |change: fn(&mut AssetDescription)| {
        let mut description = described();
        change(&mut description);
        CreateAssetRequest { collective_id: collective.id.clone(), description: Some(description) }
    };
    assert_eq!(why(world.public().create_asset(request(|_| ())).await).0, Kind::Unauthenticated);
    for (role, region) in
        [(Role::Clerk, OTHER_VILLAGE), (Role::Operator, COUNTY), (Role::Bidder, ""), (Role::Supervisor, COUNTY)]
    {
        assert_eq!(
            why(world.someone(&[(role, region)]).registry().create_asset(request(|_| ())).await).0,
            Kind::Forbidden
        );
    }
    let clerk = world.clerk();
    let rule = async |change: fn(&mut AssetDescription)| why(clerk.registry().create_asset(request(change)).await);
    assert_eq!(rule(|d| d.region = OTHER_VILLAGE.into()).await, (Kind::Rule, "asset.region".into()));
    assert_eq!(rule(|d| d.stated_mu = None).await.1, "asset.measure");
    assert_eq!(rule(|d| d.stated_mu = Some("1.23456".into())).await.1, "area.decimals");
    assert_eq!(rule(|d| d.stated_mu = Some("-1".into())).await.1, "area.positive");
    assert_eq!(rule(|d| d.quantity = Some("3".into())).await.1, "asset.quantity-unit");
    assert_eq!(rule(|d| d.photos = vec!["zz".into()]).await.1, "digest.form");
    assert_eq!(rule(|d| d.category = "castle".into()).await.0, Kind::Malformed);
    assert_eq!(rule(|d| d.title_until_on = Some("2030-02-30".into())).await.0, Kind::Malformed);
    let valued =
        AssetValuation { value_fen: 0, valued_on: "2025-01-01".into(), valuer: "某评估公司".into(), report: None };
    let bad = CreateAssetRequest {
        description: Some(AssetDescription { valuation: Some(valued.clone()), ..described() }),
        ..request(|_| ())
    };
    assert_eq!(why(clerk.registry().create_asset(bad).await).1, "valuation.value");
    let later = AssetValuation { value_fen: 1, valued_on: "2999-01-01".into(), ..valued.clone() };
    let bad = CreateAssetRequest {
        description: Some(AssetDescription { valuation: Some(later), ..described() }),
        ..request(|_| ())
    };
    assert_eq!(why(clerk.registry().create_asset(bad).await).1, "valuation.date");

    // Once for a key; the valuation is for staff.
    let good = CreateAssetRequest {
        description: Some(AssetDescription {
            valuation: Some(AssetValuation { value_fen: 1_800_000_000, ..valued }),
            ..described()
        }),
        ..request(|_| ())
    };
    let first = clerk.once("a").create_asset(good.clone()).await.unwrap().into_inner();
    let again = clerk.once("a").create_asset(good).await.unwrap().into_inner();
    assert_eq!(first.id, again.id);
    assert!(first.description.unwrap().valuation.is_some());
    let public = world.public().get_asset(GetAssetRequest { asset_id: first.id.clone() }).await.unwrap().into_inner();
    assert!(public.description.unwrap().valuation.is_none());
    let page = world
        .public()
        .list_assets(ListAssetsRequest { collective_id: Some(collective.id.clone()), ..Default::default() })
        .await;
    let page = page.unwrap().into_inner();
    assert_eq!(page.items.len(), 1);
    assert!(page.items[0].description.as_ref().unwrap().valuation.is_none());
}

#[tokio::test]
async fn lists_are_filtered_and_paged_and_carry_no_geometry() {
    let world = World::new().await;
    let (collective, other) = (world.collective().await, world.collective_in(OTHER_VILLAGE, 2).await);
    let mut ids = Vec::new();
    for index in 0..3 {
        let geometry = world.rectangle(f64::from(index) * 200.0, 0.0, 100.0, 100.0).await;
        ids.push(world.parcel(&collective, geometry, "15").await.id);
    }
    world.parcel(&other, world.rectangle(0.0, 5000.0, 100.0, 100.0).await, "15").await;
    let list = |region: &str, cursor, limit| ListAssetsRequest {
        region: Some(region.to_owned()),
        cursor,
        limit,
        ..Default::default()
    };
    let first = world.public().list_assets(list(VILLAGE, None, Some(2))).await.unwrap().into_inner();
    let second =
        world.public().list_assets(list(VILLAGE, first.next_cursor.clone(), Some(2))).await.unwrap().into_inner();
    let seen: Vec<_> = first.items.iter().chain(&second.items).map(|asset| asset.id.clone()).collect();
    assert_eq!(seen, ids.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(second.next_cursor, None);
    assert!(
        first
            .items
            .iter()
            .all(|asset| asset.description.as_ref().unwrap().geometry.is_none() && asset.measured_mu.is_some())
    );
    assert_eq!(world.public().list_assets(list(COUNTY, None, None)).await.unwrap().into_inner().items.len(), 4);
    let forests = ListAssetsRequest { category: Some("forest".into()), ..Default::default() };
    assert!(world.public().list_assets(forests).await.unwrap().into_inner().items.is_empty());
    let missing = GetAssetRequest { asset_id: uuid::Uuid::now_v7().to_string() };
    assert_eq!(why(world.public().get_asset(missing).await).0, Kind::NotFound);
    assert_eq!(why(world.public().get_asset(GetAssetRequest { asset_id: "x".into() }).await).0, Kind::Malformed);
}

/// A lot announced with one asset, as the log says it.
fn announced(lot: uuid::Uuid, asset: &Asset) -> Entry {
    let json = serde_json::json!({
        "actor": "system", "at": "2026-03-01T02:00:00.000Z", "kind": "lot.announced", "region": VILLAGE, "rulebook": "",
        "subject": format!("lot:{lot}"),
        "body": {
            "assets": [asset.id], "collective": asset.collective_id, "lot": lot, "number": "1", "notice": notice(),
            "deposit": 0, "reserve_total": 0, "revision": 1,
            "pinned": { "region": COUNTY, "category": "collective-land", "version": "x", "digest": "x" },
            "schedule": {
                "announced_at": "2026-03-01T02:00:00.000Z", "registration_closes": "2026-04-01T02:00:00.000Z",
                "auction_opens": "2026-04-02T02:00:00.000Z", "free_until": "2026-04-02T04:00:00.000Z",
                "limited_seconds": 300, "extension_seconds": 120,
            },
        },
    });
    serde_json::from_value(json).unwrap()
}

/// As little of a notice as the core reads.
fn notice() -> serde_json::Value {
    serde_json::to_value(sanbian_domain::notice::Notice::default()).unwrap()
}

#[tokio::test]
async fn what_an_announced_lot_offers_is_not_changed_until_it_ends() {
    let world = World::new().await;
    let collective = world.collective().await;
    let asset = world.parcel(&collective, world.rectangle(0.0, 0.0, 100.0, 100.0).await, "15").await;
    let lot = uuid::Uuid::now_v7();
    world.log.say(&announced(lot, &asset));
    let get = || GetAssetRequest { asset_id: asset.id.clone() };
    let offered = async |wanted: bool| {
        for _ in 0..500 {
            if world.public().get_asset(get()).await.unwrap().into_inner().announced_lot_id.is_some() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the log was not heard");
    };
    offered(true).await;
    let update = || UpdateAssetRequest {
        asset_id: asset.id.clone(),
        description: Some(AssetDescription { name: "改名".into(), ..asset.description.clone().unwrap() }),
        version: 1,
    };
    let clerk = world.clerk();
    assert_eq!(why(clerk.registry().update_asset(update()).await), (Kind::Conflict, "asset.announced".into()));
    let check = |lot: Option<String>| AssetTransferableRequest {
        asset_ids: vec![asset.id.clone()],
        lot_id: lot,
        ..Default::default()
    };
    let own = world.service().asset_transferable(check(Some(lot.to_string()))).await.unwrap().into_inner();
    assert!(own.findings.is_empty(), "{:?}", own.findings);
    let another = world.service().asset_transferable(check(None)).await.unwrap().into_inner();
    assert_eq!(rules(&another.findings), ["asset.offered-elsewhere"]);

    let ended =
        Entry { fact: LotTerminated { lot: lot.into(), reason: "withdrawn".into() }.into(), ..announced(lot, &asset) };
    world.log.say(&ended);
    offered(false).await;
    let changed = clerk.registry().update_asset(update()).await.unwrap().into_inner();
    assert_eq!((changed.version, changed.description.unwrap().name.as_str()), (2, "改名"));
    // Who read the older version is told so.
    assert_eq!(why(clerk.registry().update_asset(update()).await), (Kind::Conflict, "asset.version".into()));
    assert_eq!(
        why(world.someone(&[(Role::Clerk, OTHER_VILLAGE)]).registry().update_asset(update()).await).0,
        Kind::Forbidden
    );
}
