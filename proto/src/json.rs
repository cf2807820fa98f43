//! Fields that hold a JSON document as text: in the API they are the document itself.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

/// For `#[serde(with)]`.
pub fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(text.to_owned()).map_err(S::Error::custom)?.serialize(serializer)
}

/// For `#[serde(with)]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(serde_json::Value::deserialize(deserializer)?.to_string())
}

/// The same for an optional field.
pub mod optional {
    use super::*;

    /// For `#[serde(with)]`.
    pub fn serialize<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        match text {
            None => serializer.serialize_none(),
            Some(text) => super::serialize(text, serializer),
        }
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        Ok(Option::<serde_json::Value>::deserialize(deserializer)?.map(|value| value.to_string()))
    }
}

/// The same for a list.
pub mod list {
    use super::*;

    /// For `#[serde(with)]`.
    pub fn serialize<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        let documents = texts.iter().map(|text| RawValue::from_string(text.clone()).map_err(S::Error::custom));
        documents.collect::<Result<Vec<_>, _>>()?.serialize(serializer)
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let documents = Vec::<serde_json::Value>::deserialize(deserializer)?;
        Ok(documents.iter().map(ToString::to_string).collect())
    }
}

macro_rules! core_schemas {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        ///
        /// Stands for the schema of that name, which the gateway makes from the core's own type: the contract need not be built
        /// anew whenever the core changes.
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::Ref::from_schema_name(stringify!($name)).into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

core_schemas! {
    /// The public terms of a lot (`sanbian_domain::notice::Notice`).
    Notice,
    /// What one rule says (`sanbian_domain::finding::Finding`).
    FindingDocument,
    /// The dates of an announced lot (`sanbian_domain::fact::Schedule`).
    Schedule,
    /// A parcel as GeoJSON (RFC 7946): Polygon or MultiPolygon in CGCS2000 longitude and latitude.
    GeoJsonGeometry
}
