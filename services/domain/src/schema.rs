//! OpenAPI schemas of the types that write themselves as one string.

use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// The schema of a list of codes: `what` it is, each code with its name.
pub(crate) fn codes(what: &str, codes: &[(&'static str, &str)]) -> RefOr<Schema> {
    let names: Vec<String> = codes.iter().map(|(code, zh)| format!("`{code}` {zh}")).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(format!("{what}: {}.", names.join(", "))))
        .enum_values(Some(codes.iter().map(|(code, _)| *code)))
        .into()
}

macro_rules! text_schemas {
    ($($type:ty = $name:literal, $example:literal, $description:literal;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($description))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )+};
}

text_schemas! {
    crate::notice::Moment = "Moment", "2026-03-13T16:00:00+08:00", "日期或时刻 / A day, or a day and an hour, in Asia/Shanghai: `2026-03-13` or `2026-03-13T16:00:00+08:00`.";
    crate::price::PriceBasis = "PriceBasis", "mu-year", "计价方式 / For how much of the object and how much time an amount stands: `mu-year`, `square-metre-month`, `whole-first-year`, `whole-term` …";
    crate::price::Unit = "Unit", "mu", "计量单位 / `mu`, `square-metre`, `hectare`, `cubic-metre`, `cubic-metre-year`, or a Chinese measure word of one to four characters.";
    crate::region::RegionCode = "RegionCode", "500229101202", "区划代码 / Digits of GB/T 2260 and its extensions: 0, 2, 4, 6, 9, 12 or 14 of them.";
    crate::term::Span = "Span", "P2Y7M", "期限长度 / An ISO 8601 duration of years, months and days.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_codes_is_described_by_its_codes() {
        for (schema, codes) in [
            (crate::rights::Category::schema(), crate::rights::Category::ALL.len()),
            (crate::notice::PriorityHolder::schema(), crate::notice::PriorityHolder::ALL.len()),
        ] {
            let json = serde_json::to_value(schema).expect("a schema is plain data");
            let listed = json["enum"].as_array().expect("an enumeration");
            assert_eq!(listed.len(), codes);
            let kebab = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(listed.iter().all(|code| code.as_str().is_some_and(kebab)), "{json}");
        }
    }
}
