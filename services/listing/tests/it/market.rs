//! The public market: found by words, place, kind, size and price, in every order, page by page.

use crate::world::{World, rules};
use sanbian_proto::listing::v1::*;
use sanbian_runtime::Kind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lots_are_found_filtered_and_paged() {
    let mut world = World::new().await;
    let mut lots = Vec::new();
    let assets: Vec<_> = (0..3).map(|_| uuid::Uuid::now_v7()).collect();
    for (at, (title, fen, mu)) in
        [("一号地", 60_000, "40"), ("二号地50%_特惠", 70_000, "30"), ("三号地", 50_000, "45")].into_iter().enumerate()
    {
        let notice = world.notice_with(|notice| {
            notice["title"] = title.into();
            notice["price"]["reserve"]["amount"] = fen.into();
            notice["components"][0]["quantity"]["amount"] = mu.into();
        });
        world.asset = assets[at];
        world.registry.0.lock().unwrap().assets.insert(world.asset, (world.collective, mu.into(), None));
        let lot = world.reviewed(notice).await;
        lots.push(world.announce(&lot).await);
        world.pass(chrono::TimeDelta::hours(1));
    }
    world.draft(world.notice_with(|notice| notice["title"] = "四号地草稿".into())).await;
    let search = async |request: SearchLotsRequest| {
        let page = world.public().search_lots(request).await.unwrap().into_inner();
        page.items.iter().map(|lot| lot.number.clone()).collect::<Vec<_>>()
    };
    let [one, two, three] = ["500229-2026-00001", "500229-2026-00002", "500229-2026-00003"];
    let sorted = async |sort: &str| search(SearchLotsRequest { sort: Some(sort.into()), ..Default::default() }).await;
    assert_eq!(sorted("newest").await, [three, two, one]);
    assert_eq!(sorted("price").await, [three, one, two]);
    assert_eq!(sorted("area").await, [three, one, two]);
    assert_eq!(search(SearchLotsRequest::default()).await, [one, two, three], "closing soonest first");
    let q = async |words: &str| search(SearchLotsRequest { q: Some(words.into()), ..Default::default() }).await;
    assert_eq!(q("二号地").await, [two]);
    assert_eq!(q("河东镇 三号").await, [three]);
    assert_eq!(q("50%_").await, [two]);
    assert_eq!(q("%").await, [two], "a sign of LIKE means itself");
    assert_eq!(q("00003").await, [three]);
    assert_eq!(q("草稿").await, Vec::<String>::new());
    let filtered =
        async |request: SearchLotsRequest| search(SearchLotsRequest { sort: Some("newest".into()), ..request }).await;
    assert_eq!(filtered(SearchLotsRequest { min_mu: Some("40".into()), ..Default::default() }).await, [three, one]);
    assert_eq!(filtered(SearchLotsRequest { max_mu: Some("39.99".into()), ..Default::default() }).await, [two]);
    assert_eq!(
        filtered(SearchLotsRequest { max_per_mu_year_fen: Some(60_000), ..Default::default() }).await,
        [three, one]
    );
    assert_eq!(filtered(SearchLotsRequest { min_per_mu_year_fen: Some(60_001), ..Default::default() }).await, [two]);
    assert_eq!(filtered(SearchLotsRequest { region: Some("500229".into()), ..Default::default() }).await.len(), 3);
    assert_eq!(filtered(SearchLotsRequest { region: Some("500230".into()), ..Default::default() }).await.len(), 0);
    assert_eq!(filtered(SearchLotsRequest { category: Some("forest".into()), ..Default::default() }).await.len(), 0);
    assert_eq!(
        filtered(SearchLotsRequest { state: Some("announced,bidding".into()), ..Default::default() }).await.len(),
        3
    );
    assert_eq!(filtered(SearchLotsRequest { state: Some("bidding".into()), ..Default::default() }).await.len(), 0);
    for bad in [
        SearchLotsRequest { sort: Some("luck".into()), ..Default::default() },
        SearchLotsRequest { state: Some("asleep".into()), ..Default::default() },
        SearchLotsRequest { category: Some("land".into()), ..Default::default() },
        SearchLotsRequest { min_mu: Some("many".into()), ..Default::default() },
        SearchLotsRequest { cursor: Some("x".into()), ..Default::default() },
        SearchLotsRequest { q: Some("a\0b".into()), ..Default::default() },
        SearchLotsRequest { region: Some("5%".into()), ..Default::default() },
    ] {
        assert_eq!(rules(world.public().search_lots(bad).await).0, Kind::Malformed);
    }

    // Page by page, in every order, every lot comes once.
    for sort in ["closing", "newest", "price", "area"] {
        let mut cursor = None;
        let mut seen = Vec::new();
        loop {
            let request = SearchLotsRequest { sort: Some(sort.into()), limit: Some(1), cursor, ..Default::default() };
            let page = world.public().search_lots(request).await.unwrap().into_inner();
            seen.extend(page.items.into_iter().map(|lot| lot.number));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, sorted(sort).await, "{sort}");
    }
    // A lot whose registration is over comes after those that are open.
    world.pass_to("2026-03-16T17:00:10+08:00");
    for lot in &lots {
        world.until(&lot.id, "unsold").await;
    }
    assert_eq!(search(SearchLotsRequest::default()).await, [three, two, one]);
}
