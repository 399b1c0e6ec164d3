//! No keyword is left out: the table against the meta-schemas of the specifications, where the folder `shared` has them.

use generator::document::grammar::{Spot, Version};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each definition of the meta-schemas describes; those that are left out have no members of a fixed name.
const OBJECTS: &[(&str, Spot)] = &[
    ("Info info", Spot::Info),
    ("Contact contact", Spot::Contact),
    ("License license", Spot::License),
    ("Server server", Spot::Server),
    ("ServerVariable server-variable", Spot::ServerVariable),
    ("Components components", Spot::Components),
    ("PathItem path-item pathItem", Spot::PathItem),
    ("Operation operation", Spot::Operation),
    ("ExternalDocumentation external-documentation externalDocs", Spot::ExternalDocs),
    (
        "Parameter parameter bodyParameter nonBodyParameter headerParameterSubSchema queryParameterSubSchema",
        Spot::Parameter,
    ),
    ("formDataParameterSubSchema pathParameterSubSchema ParameterLocation", Spot::Parameter),
    ("RequestBody request-body", Spot::RequestBody),
    ("MediaType media-type", Spot::MediaType),
    ("Encoding encoding", Spot::Encoding),
    ("Response response responseValue", Spot::Response),
    ("Example example", Spot::Example),
    ("Link link", Spot::Link),
    ("Header header", Spot::Header),
    ("Tag tag", Spot::Tag),
    ("Schema schema fileSchema primitivesItems", Spot::Schema),
    ("Discriminator discriminator", Spot::Discriminator),
    ("XML xml", Spot::Xml),
    (
        "SecurityScheme security-scheme basicAuthenticationSecurity apiKeySecurity oauth2ImplicitSecurity",
        Spot::SecurityScheme,
    ),
    ("APIKeySecurityScheme HTTPSecurityScheme OAuth2SecurityScheme OpenIdConnectSecurityScheme", Spot::SecurityScheme),
    ("oauth2PasswordSecurity oauth2ApplicationSecurity oauth2AccessCodeSecurity", Spot::SecurityScheme),
    ("OAuthFlows oauth-flows", Spot::OAuthFlows),
    ("ImplicitOAuthFlow PasswordOAuthFlow ClientCredentialsFlow AuthorizationCodeOAuthFlow", Spot::OAuthFlow),
];

/// Definitions with members of fixed names that are no objects of their own here: one of many statuses, the reference that may
/// be in the place of each object, and what both share.
const OTHERS: &[&str] =
    &["Responses", "responses", "reference", "Reference", "jsonReference", "examples", "explode-for-form"];

/// What the meta-schemas at hand leave out: a reference may be in the place of these objects, which is another definition; and the
/// vocabulary of OpenAPI itself is that of 3.1.
fn is_elsewhere(spot: Spot, version: Version, key: &str) -> bool {
    match (spot, key) {
        (_, "$ref") => true,
        (Spot::Discriminator, "defaultMapping") | (Spot::Xml, "nodeType") => version == Version::V32,
        _ => false,
    }
}

type Keywords = BTreeMap<(String, Version), BTreeSet<String>>;

/// The names of the members that a meta-schema knows, also those of its parts.
fn members(schema: &Value, root: &Value, out: &mut BTreeSet<String>, depth: usize) {
    let Some(o) = schema.as_object().filter(|_| depth < 12) else { return };
    out.extend(o.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone()));
    // Patterns of 3.0 and 3.1 that list names.
    for key in o.get("patternProperties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key) {
        let names = key
            .strip_prefix("^(")
            .and_then(|k| k.strip_suffix(")$"))
            .or(key.strip_prefix("^(?:").and_then(|k| k.strip_suffix(")$")));
        out.extend(
            names
                .into_iter()
                .flat_map(|n| n.split('|'))
                .filter(|n| n.starts_with(char::is_alphabetic))
                .map(str::to_owned),
        );
        if let Some(names) = key.strip_prefix("^\\$") {
            out.extend((names == "ref$").then(|| "$ref".to_owned()));
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in o.get(key).and_then(Value::as_array).into_iter().flatten() {
            members(part, root, out, depth + 1);
        }
    }
    for part in ["then", "else"].into_iter().filter_map(|key| o.get(key)) {
        members(part, root, out, depth + 1);
    }
    for (_, part) in o.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten() {
        members(part, root, out, depth + 1);
    }
    if let Some(part) = o.get("$ref").and_then(Value::as_str).and_then(|r| root.pointer(r.strip_prefix('#')?)) {
        members(part, root, out, depth + 1);
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The keywords that the meta-schemas have, by object and version.
fn specified(folder: &Path) -> Keywords {
    let mut out = Keywords::new();
    let mut unknown = Vec::new();
    let mut add = |spot: Spot, version: Version, found: BTreeSet<String>| {
        out.entry((spot.name().to_owned(), version)).or_default().extend(found);
    };
    for version in Version::ALL {
        let root = read(&folder.join(format!("openapi-{}.json", version.number())));
        let mut found = BTreeSet::new();
        members(&root, &root, &mut found, 0);
        add(Spot::Document, version, found);
        let definitions =
            root.get("$defs").or(root.get("definitions")).and_then(Value::as_object).expect("definitions");
        for (name, schema) in definitions {
            let mut found = BTreeSet::new();
            members(schema, &root, &mut found, 0);
            match OBJECTS.iter().find(|(names, _)| names.split(' ').any(|n| n == name)) {
                Some((_, spot)) => add(*spot, version, found),
                None if name.ends_with("-or-reference") || OTHERS.contains(&name.as_str()) => {}
                None if found.is_empty() => {}
                None => unknown.push(format!("{} `{name}`: which object is it? {found:?}", version.number())),
            }
            // Definitions within.
            for (inner, schema) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
                let mut found = BTreeSet::new();
                members(schema, &root, &mut found, 0);
                let spot = if name == "oauth-flows" { Spot::OAuthFlow } else { Spot::SecurityScheme };
                assert!(matches!(name.as_str(), "oauth-flows" | "security-scheme"), "`{name}` has `{inner}` within");
                add(spot, version, found);
            }
        }
        if version >= Version::V31 {
            let mut found = BTreeSet::new();
            let vocabularies =
                ["applicator", "content", "core", "format-annotation", "meta-data", "unevaluated", "validation"];
            for file in vocabularies.map(|name| folder.join("draft2020-12").join(name)) {
                let schema = read(&file);
                found.extend(schema["properties"].as_object().expect("keywords").keys().cloned());
            }
            let base = read(&folder.join("oas-3.1-meta-base.json"));
            found.extend(base["properties"].as_object().expect("keywords").keys().cloned());
            add(Spot::Schema, version, found);
            for (inner, spot) in
                [("discriminator", Spot::Discriminator), ("xml", Spot::Xml), ("external-docs", Spot::ExternalDocs)]
            {
                let mut found = BTreeSet::new();
                members(&base["$defs"][inner], &base, &mut found, 0);
                add(spot, version, found);
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    out
}

#[test]
fn the_table_has_every_keyword_of_the_specifications_and_no_other() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/suites/openapi-schemas");
    if !folder.is_dir() {
        // Written past the capture of the test, so that the line is in the normal output.
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "skipped: the meta-schemas are not there ({})", folder.display());
        return;
    }
    let specified = specified(&folder);
    let mut wrong = Vec::new();
    for spot in Spot::ALL {
        for version in Version::ALL {
            let listed: BTreeSet<String> =
                spot.rows().iter().filter(|row| row.versions.has(version)).map(|row| row.key.to_owned()).collect();
            let found = specified.get(&(spot.name().to_owned(), version)).cloned().unwrap_or_default();
            let missing: Vec<_> = found.difference(&listed).collect();
            let more: Vec<_> = listed.difference(&found).filter(|key| !is_elsewhere(*spot, version, key)).collect();
            if !missing.is_empty() || !more.is_empty() {
                wrong.push(format!(
                    "{} {}: not in the table {missing:?}, in no meta-schema {more:?}",
                    version.number(),
                    spot.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
