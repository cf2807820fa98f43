//! Generates the messages, clients and servers of every service, without `protoc`.
//!
//! The messages are the JSON of the public API too: each gets serde and OpenAPI derives, and its comments become descriptions.
//! In a `*Request` message, a field whose comment begins with `Path:` comes from the URL, one that begins with `Gateway:` from the
//! connection; both are left out of the JSON body. A message with a field whose comment begins with `Secret:` says nothing in `Debug`.
//! A string field whose comment begins with `JSON: <type>` holds a JSON document of that type: text in RPC, the document itself in
//! the API.

use protox::prost_reflect::{DescriptorPool, Kind};
use std::{env, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=sanbian");
    let mut files = Vec::new();
    for service in fs::read_dir("sanbian")? {
        let path = service?.path().join("v1");
        println!("cargo:rerun-if-changed={}", path.display());
        for file in fs::read_dir(path)? {
            let file = file?.path();
            println!("cargo:rerun-if-changed={}", file.display());
            files.push(file);
        }
    }
    files.sort();
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).include_source_info(true).open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();
    let pool: DescriptorPool = compiler.descriptor_pool();

    let mut build = tonic_prost_build::configure()
        .build_transport(false)
        .include_file("all.rs")
        .server_mod_attribute(".", "#[allow(missing_docs, clippy::all, clippy::pedantic)]")
        .client_mod_attribute(".", "#[allow(missing_docs, clippy::all, clippy::pedantic)]")
        .message_attribute(".", "#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]")
        .message_attribute(".", "#[serde(deny_unknown_fields)]");
    let mut silent = String::new();
    for message in pool.all_messages() {
        let is_request = message.name().ends_with("Request");
        let is_query = is_request && message.fields().all(|f| !f.is_list() && !matches!(f.kind(), Kind::Message(_)));
        if is_query {
            build = build
                .message_attribute(format!(".{}", message.full_name()), "#[derive(utoipa::IntoParams)]")
                .message_attribute(format!(".{}", message.full_name()), "#[into_params(parameter_in = Query)]");
        }
        let is_secret = |field| comment(&field).is_some_and(|comment| comment.trim_start().starts_with("Secret:"));
        if message.fields().any(is_secret) {
            build = build.skip_debug([format!(".{}", message.full_name())]);
            silent.push_str(&silent_debug(message.full_name()));
        }
        for field in message.fields() {
            let path = format!(".{}.{}", message.full_name(), field.name());
            let comment = comment(&field).unwrap_or_default();
            let from_elsewhere = ["Path:", "Gateway:"].iter().any(|mark| comment.trim_start().starts_with(mark));
            if is_request && from_elsewhere {
                build = build.field_attribute(&path, "#[serde(skip)]").field_attribute(&path, "#[schema(ignore)]");
                if is_query {
                    build = build.field_attribute(&path, "#[param(ignore)]");
                }
                continue;
            }
            let json = comment
                .trim_start()
                .strip_prefix("JSON: ")
                .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned());
            let json = json.map(|name| format!("crate::json::{}", name.trim_end_matches('.')));
            if let Some(schema) = json {
                // The text of a JSON document of the core's types: on the wire as it is, in the API as the document itself.
                let module = if field.is_list() {
                    "crate::json::list"
                } else if field.supports_presence() {
                    "crate::json::optional"
                } else {
                    "crate::json"
                };
                let value = if field.is_list() { format!("Vec<{schema}>") } else { schema };
                let default = if field.supports_presence() && !field.is_list() {
                    ", default, skip_serializing_if = \"Option::is_none\""
                } else {
                    ""
                };
                let value = if default.is_empty() { value } else { format!("Option<{value}>") };
                build = build
                    .field_attribute(&path, format!("#[serde(with = \"{module}\"{default})]"))
                    .field_attribute(&path, format!("#[schema(value_type = {value})]"));
                continue;
            }
            if field.supports_presence() && !field.is_list() {
                let attribute = "#[serde(default, skip_serializing_if = \"Option::is_none\")]";
                build = build.field_attribute(&path, attribute);
            }
            if matches!(field.kind(), Kind::String) && !field.is_list() {
                let format = match field.name() {
                    name if name == "id" || name.ends_with("_id") => Some("Uuid"),
                    name if name.ends_with("_at") => Some("DateTime"),
                    name if name.ends_with("_on") || name.ends_with("_date") => Some("Date"),
                    _ => None,
                };
                if let Some(format) = format {
                    build = build.field_attribute(&path, format!("#[schema(format = {format})]"));
                }
            }
        }
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("silent.rs"), silent)?;
    build.out_dir(out).compile_fds(descriptors)?;
    Ok(())
}

/// A `Debug` that names the message and none of its fields: a password or token can't slip into a log by way of `{:?}`.
fn silent_debug(full_name: &str) -> String {
    let path = full_name.replace('.', "::");
    let name = full_name.rsplit('.').next().unwrap_or(full_name);
    format!(
        "impl ::core::fmt::Debug for crate::{path} {{\n    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{\n        f.debug_struct(\"{name}\").finish_non_exhaustive()\n    }}\n}}\n"
    )
}

/// The comment written before a field.
fn comment(field: &protox::prost_reflect::FieldDescriptor) -> Option<String> {
    let file = field.parent_file();
    let proto = file.file_descriptor_proto();
    let path = field.path();
    let info = proto.source_code_info.as_ref()?;
    info.location.iter().find(|location| location.path == path)?.leading_comments.clone()
}
