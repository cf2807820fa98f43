//! The public market: lots as anyone sees them, and the rules they run by.

use super::{announced, draft::phase};
use crate::{
    Deps, convert,
    page::{self, cursor, cut, place},
    store::{
        self,
        lot::Lot,
        search::{self, Order, Place, Wanted},
    },
    view,
};
use rust_decimal::Decimal;
use sanbian_domain::rights::Category;
use sanbian_proto::listing::v1::{
    GetLotRequest, GetRulebookRequest, LotPage, LotView, PublishedRulebook, SearchLotsRequest,
};
use sanbian_runtime::{Context, Refusal};
use std::collections::HashMap;
use uuid::Uuid;

/// Searches the public market. Public.
pub async fn search_lots(deps: &Deps, ctx: &Context, request: SearchLotsRequest) -> Result<LotPage, Refusal> {
    let wanted = wanted(&request)?;
    let order = match request.sort.as_deref().unwrap_or("closing") {
        "closing" => Order::Closing,
        "newest" => Order::Newest,
        "price" => Order::Price,
        "area" => Order::Area,
        _ => return Err(Refusal::malformed("sort", "closing, newest, price, area")),
    };
    let from: Option<Place> = place(request.cursor.as_deref())?;
    let limit = page::limit(request.limit, 60);
    let found = search::search(&deps.pool, &wanted, order, ctx.now, from.as_ref(), limit + 1).await?;
    let (found, next_cursor) = cut(found, limit, |last| cursor(&Place { figure: last.figure, lot: last.lot }));
    let ids: Vec<Uuid> = found.iter().map(|found| found.lot).collect();
    let lots = store::lot::of_ids(&deps.pool, &ids).await?;
    let lots: HashMap<Uuid, Lot> = lots.into_iter().map(|lot| (lot.id.0, lot)).collect();
    let items = ids.iter().filter_map(|id| lots.get(id)).map(view::card).collect::<Result<_, _>>()?;
    Ok(LotPage { items, next_cursor })
}

/// An announced lot as anyone sees it. Public.
pub async fn get_lot(deps: &Deps, _: &Context, request: GetLotRequest) -> Result<LotView, Refusal> {
    let lot = announced(deps, &request.lot_id).await?;
    let mut db = deps.pool.acquire().await?;
    view::public(&mut db, &lot).await
}

/// The rules a lot was announced under. Public.
pub async fn get_rulebook(deps: &Deps, _: &Context, request: GetRulebookRequest) -> Result<PublishedRulebook, Refusal> {
    let digest = convert::digest("digest", &request.digest)?;
    let found = store::rules::rulebook(&deps.pool, &digest).await?;
    found.ok_or_else(|| Refusal::not_found("规则手册", "rulebook"))
}

fn wanted(request: &SearchLotsRequest) -> Result<Wanted, Refusal> {
    let query = convert::words("q", request.q.as_deref().unwrap_or_default())?;
    let category: Option<Category> =
        request.category.as_deref().map(|code| convert::read("category", code)).transpose()?;
    let region = request.region.clone().filter(|region| !region.is_empty());
    if region.as_deref().is_some_and(|region| region.len() > 14 || !region.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Refusal::malformed("region", "digits"));
    }
    let states = request.state.as_deref().unwrap_or_default().split(',').filter(|state| !state.is_empty());
    let mu = |field: &str, text: Option<&str>| {
        text.map(|text| Decimal::from_str_exact(text).map_err(|error| Refusal::malformed(field, error))).transpose()
    };
    Ok(Wanted {
        words: search::words(&query),
        category: category.map(|category| category.code().to_owned()),
        region,
        states: states.map(|state| phase(state).map(str::to_owned)).collect::<Result<_, _>>()?,
        min_mu: mu("min_mu", request.min_mu.as_deref())?,
        max_mu: mu("max_mu", request.max_mu.as_deref())?,
        min_fen: request.min_per_mu_year_fen,
        max_fen: request.max_per_mu_year_fen,
    })
}
