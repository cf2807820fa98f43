//! The routes, one file a service.

mod bidding;
mod identity;
mod ledger;
mod listing;
mod platform;
mod pricing;
mod registry;
mod settlement;
mod supervision;

use crate::{
    call::App,
    problem::{FindingDocument, ProblemDocument, TextDocument},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder, Schema,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

/// Head of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "三变 Sanbian",
        description = "农村产权流转交易平台接口。每个被拒绝的操作都会给出规则、依据、事实和办法。 / The API of the rural property-rights exchange. Every refused act names rule, basis, facts and remedy. 金额单位为分；不安全的调用请带 Idempotency-Key。 / Money is in fen; unsafe calls take an Idempotency-Key.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        ProblemDocument,
        FindingDocument,
        TextDocument,
        sanbian_domain::notice::Notice,
        sanbian_domain::fact::Schedule,
        registry::GeoJsonGeometry
    )),
    modifiers(&Bearer)
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let cookie =
            ApiKeyValue::with_description("sanbian_refresh", "Set by signing in; turned over by each refresh.");
        components.add_security_scheme("refresh_cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Every route of the API with its description.
pub fn routes(app: &App) -> OpenApiRouter {
    stateless().with_state(app.clone())
}

/// The OpenAPI document: for the pages' typed client, which is made from it.
pub fn description() -> utoipa::openapi::OpenApi {
    finish(stateless().split_for_parts().1)
}

fn stateless() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(platform::routes())
        .merge(identity::routes())
        .merge(bidding::routes())
        .merge(settlement::routes())
        .merge(registry::routes())
        .merge(pricing::routes())
        .merge(supervision::routes())
        .merge(ledger::routes())
        .merge(listing::routes())
        .merge(crate::documents::routes())
}

/// The refusals any call may meet; each operation's description gets those it does not describe itself.
const REFUSALS: [(&str, &str); 9] = [
    ("400", "请求无法识别 / the request can't be read"),
    ("401", "未登录 / not signed in"),
    ("403", "无权办理 / not allowed"),
    ("404", "未找到 / not found"),
    ("409", "当前状态不允许 / not in this state"),
    ("413", "内容过大 / too large"),
    ("422", "不符合规则 / refused by rule"),
    ("429", "操作过于频繁 / too many attempts"),
    ("503", "暂时无法受理 / not available now"),
];

/// Schemas that others build upon with `allOf`: closed ones would refuse the other's fields. Unknown fields are refused all the same.
const BUILT_UPON: [&str; 1] = ["AscendingTerms"];

/// Adds to each operation the refusals it may meet, so that no answer is undocumented, and opens the schemas that others build upon.
pub fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    for (name, schema) in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && BUILT_UPON.contains(&name.as_str())
        {
            object.additional_properties = None;
        }
    }
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten();
        for operation in operations {
            for (status, description) in REFUSALS {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
                    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
                    RefOr::T(
                        ResponseBuilder::new()
                            .description(description)
                            .content("application/problem+json", content)
                            .build(),
                    )
                });
            }
        }
    }
    document
}
