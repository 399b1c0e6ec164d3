//! What is not Rust: `Cargo.toml`, `README.md`; and the crate's root, which is mostly words.

use askama::Template;
use proc_macro2::TokenStream;
use quote::quote;

use crate::base::Ident;
use crate::ir::SecurityKind;
use crate::name::Environment;
use crate::render::rust::docs;
use crate::render::rust::types::{doc, ident_of};
use crate::render::{Input, RustFile};
use crate::settings::{NeverNull, Runtime};

/// What the crate is called and made from.
#[derive(Debug, Clone, Default)]
pub struct CrateInfo {
    /// The package's name.
    pub name: String,
    /// The package's version.
    pub version: String,
    /// The document's hash.
    pub document_hash: String,
    /// Whether the crate carries a test of all examples.
    pub tests: bool,
    /// The day of the document, `YYYY-MM-DD`, where it is on record.
    pub document_date: Option<String>,
}

impl CrateInfo {
    /// The name that code knows the crate by: the package's, unless that is a word of Rust, a crate that Rust brings, or one that
    /// the generated crate needs itself.
    pub(crate) fn library(&self) -> String {
        let name = self.name.replace('-', "_");
        let own = ["alloc", "core", "proc_macro", "std", "test"];
        let needed = own_dependencies().unwrap_or_default();
        let mut needed = needed.lines().filter_map(|line| Some(line.split_once(" = ")?.0.replace('-', "_")));
        if Ident::is_word(&name) || own.contains(&name.as_str()) || needed.any(|crate_| crate_ == name) {
            return format!("{name}_api");
        }
        name
    }
}

#[derive(Template)]
#[template(path = "Cargo.toml.jinja", escape = "none")]
struct CargoToml {
    name: String,
    version: String,
    description: String,
    license: String,
    homepage: Option<String>,
    repository: Option<String>,
    keywords: String,
    categories: String,
    library: Option<String>,
    tests: bool,
    features: String,
    dependencies: String,
    examples: String,
}

#[derive(Template)]
#[template(path = "README.md.jinja", escape = "none")]
struct Readme {
    name: String,
    lib: String,
    version: String,
    about: String,
    document: String,
    operations: usize,
    types: usize,
    environments: bool,
    server: String,
    credentials: String,
    server_note: Option<String>,
    credentials_for_all: bool,
    tags: Vec<ReadmeTag>,
    examples: Vec<(&'static str, String)>,
    /// The features of the extras, each with what it is for.
    extras: Vec<(&'static str, &'static str)>,
    /// The feature of all tags, and that of one.
    part: Option<(&'static str, String)>,
    fence: &'static str,
    license_text: String,
}

/// How to call an operation that the document lacks; the same in the README, where nobody compiles it.
#[derive(Template)]
#[template(path = "lacking.md.jinja", escape = "none")]
struct Lacking<'a> {
    lib: &'a str,
    /// What the code is fenced as: rustdoc knows that it is Rust, others are told.
    fence: &'static str,
}

struct ReadmeTag {
    accessor: String,
    methods: String,
}

/// `Cargo.toml` and `README.md`.
///
/// # Errors
/// When a template cannot be rendered, which is a bug of this crate.
pub fn texts(
    input: Input<'_>,
    info: &CrateInfo,
    environments: &[Environment],
) -> Result<Vec<(String, String)>, String> {
    let package = &input.settings.package;
    let quoted = |s: &str| toml::Value::String(s.replace(['\n', '\r'], " ")).to_string();
    let list = |all: Vec<String>| if all.is_empty() { String::new() } else { format!("[{}]", all.join(", ")) };
    let title = docs::first_sentence(&input.api.title);
    let description = match &package.description {
        Some(d) => d.to_string(),
        None if title.is_empty() => "A generated API client".to_owned(),
        None => format!("A client for {}", docs::plain(&title).replace('\\', "")),
    };
    let cargo = CargoToml {
        name: quoted(&info.name),
        version: quoted(&info.version),
        description: quoted(&description),
        license: quoted(package.license.as_ref().map_or("MIT OR Apache-2.0", |l| l.as_str())),
        homepage: package.homepage.as_ref().map(|h| quoted(h)),
        repository: package.repository.as_ref().map(|h| quoted(h)),
        keywords: list(package.keywords.iter().map(|k| quoted(k)).collect()),
        categories: list(package.categories.iter().map(|k| quoted(k)).collect()),
        library: Some(info.library()).filter(|library| *library != info.name.replace('-', "_")).map(|l| quoted(&l)),
        tests: info.tests,
        features: crate::render::rust::features::manifest(input, &features(&package.runtime)),
        dependencies: dependencies(&package.runtime)?,
        examples: super::examples::manifest(input),
    };
    let readme = Readme {
        name: info.name.clone(),
        lib: info.library(),
        version: info.version.clone(),
        about: docs::first_paragraph(&description),
        document: match (title.is_empty(), input.api.version.is_empty()) {
            (true, _) => "an OpenAPI document".to_owned(),
            (false, true) => docs::plain(&title),
            (false, false) => format!("{} {}", docs::plain(&title), docs::plain(&input.api.version)),
        },
        operations: input.api.operations.len(),
        types: input.api.types.len(),
        environments: !environments.is_empty(),
        server: server_expression(input, environments),
        credentials: credentials_expression(input, &info.library()),
        server_note: server_note(input, environments),
        credentials_for_all: credentials_for_all(input),
        tags: input
            .names
            .tags
            .iter()
            .enumerate()
            .map(|(t, names)| ReadmeTag {
                accessor: names.accessor.to_string(),
                methods: input
                    .api
                    .operations
                    .iter()
                    .zip(&input.names.operations)
                    .filter(|(o, _)| o.tag == t)
                    .map(|(_, n)| format!("`{}`", n.method))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
            .collect(),
        examples: super::examples::list(input),
        part: crate::render::rust::features::example(input),
        fence: "rust,no_run",
        extras: super::extras::features(input).collect(),
        license_text: package.license.as_ref().map_or("MIT OR Apache-2.0".to_owned(), |l| l.to_string()),
    };
    Ok(vec![
        ("Cargo.toml".to_owned(), cargo.render().map_err(|e| e.to_string())? + "\n"),
        // The generator is the crate's only formatter.
        ("rustfmt.toml".to_owned(), "disable_all_formatting = true\n".to_owned()),
        ("README.md".to_owned(), readme.render().map_err(|e| e.to_string())? + "\n"),
    ])
}

const RUNTIME_MANIFEST: &str = include_str!("../../../../templates/runtime/Cargo.toml");
const WORKSPACE_MANIFEST: &str = include_str!("../../../../Cargo.toml");

/// The runtime's features, as its manifest explains them; of a runtime that is depended on, by their names.
fn features(runtime: &Runtime) -> String {
    let from = RUNTIME_MANIFEST.find("[features]").unwrap_or(0);
    let text = RUNTIME_MANIFEST.get(from..).unwrap_or_default();
    let to = text.find("\n[").unwrap_or(text.len());
    let text = text.get(..to).unwrap_or_default().trim_end();
    if *runtime == Runtime::Copy {
        return text.to_owned();
    }
    let forward = |line: &str| match line.split_once(" = [") {
        Some((name, _)) if !name.starts_with('#') && name != "default" => format!("{name} = [\"runtime/{name}\"]"),
        _ => line.to_owned(),
    };
    text.lines().map(forward).collect::<Vec<_>>().join("\n")
}

/// The names of the runtime's features.
pub(in crate::render) fn runtime_features() -> impl Iterator<Item = &'static str> {
    let from = RUNTIME_MANIFEST.find("[features]").unwrap_or(0);
    let lines = RUNTIME_MANIFEST.get(from..).unwrap_or_default().lines().skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| !name.starts_with('#'))
}

/// What the crate depends on.
fn dependencies(runtime: &Runtime) -> Result<String, String> {
    let Runtime::Dependency(keys) = runtime else { return own_dependencies() };
    let keys: String =
        keys.iter().map(|(key, value)| format!("{key} = {}, ", toml::Value::String(value.clone()))).collect();
    Ok(format!("[dependencies]\nruntime = {{ {keys}default-features = false }}"))
}

/// The runtime's dependencies, with what they inherit from the workspace written out: one source for both.
fn own_dependencies() -> Result<String, String> {
    let parse = |text: &str| text.parse::<toml::Table>().map_err(|e| e.to_string());
    let runtime = parse(RUNTIME_MANIFEST)?;
    let workspace = parse(WORKSPACE_MANIFEST)?;
    let shared = workspace.get("workspace").and_then(|w| w.get("dependencies"));
    let mut out = String::new();
    let mut section = |name: &str, list: Option<&toml::Value>| {
        let Some(list) = list.and_then(toml::Value::as_table) else { return };
        out.push_str(&format!("[{name}]\n"));
        for (name, value) in list {
            out.push_str(&format!("{name} = {}\n", written_out(value, shared.and_then(|s| s.get(name)))));
        }
    };
    section("dependencies", runtime.get("dependencies"));
    for (target, tables) in runtime.get("target").and_then(toml::Value::as_table).into_iter().flatten() {
        let name = format!("target.{}.dependencies", toml::Value::String(target.clone()));
        section(&name, tables.get("dependencies"));
    }
    Ok(out.replace("\n[", "\n\n[").trim_end().to_owned())
}

fn written_out(value: &toml::Value, inherited: Option<&toml::Value>) -> String {
    let own = value.as_table().filter(|t| t.contains_key("workspace"));
    let Some(own) = own else { return value.to_string() };
    let mut table = match inherited {
        Some(toml::Value::Table(t)) => t.clone(),
        Some(version) => toml::Table::from_iter([("version".to_owned(), version.clone())]),
        None => toml::Table::new(),
    };
    table.extend(own.iter().filter(|(k, _)| *k != "workspace").map(|(k, v)| (k.clone(), v.clone())));
    match (table.len(), table.get("version")) {
        (1, Some(version)) => version.to_string(),
        _ => toml::Value::Table(table).to_string(),
    }
}

/// The chapter about presence and null.
fn required_means(input: Input<'_>) -> Vec<String> {
    let required = &input.settings.required;
    let mut lines: Vec<String> = if required.may_be_null {
        [
            "A member that the document requires is there in every response, but its value may be null: such a member is an `Option`, `None`",
            "for null. Such a null is expected; a missing key is reported as a deviation, unless the call itself asked for fewer",
            "members. What requests send is as the document says: required and not nullable is a plain field, required and nullable an",
            "`Option` that is always written. Everything optional is an `Option` that is left out when it is `None`.",
        ]
        .map(str::to_owned)
        .to_vec()
    } else {
        [
            "A member that the document calls required and not nullable is a plain field, and a record without it is invalid. Required and",
            "nullable is an `Option` that is always written, as `null` when it is `None`. Everything else is an `Option` that is left out when",
            "it is `None`. Which members may be null the document says itself, and it is believed, so that a member that always has a value",
            "needs no `unwrap`. The setting `[required] may_be_null` makes every required member of a response an `Option` instead.",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    if required.may_be_null && !required.never_null.is_empty() {
        lines.extend([
            String::new(),
            "Never null, and so plain fields where they are required:".to_owned(),
            String::new(),
        ]);
        let entry = |n: &NeverNull| format!("- {}: {}", docs::code(&n.member), docs::plain(&n.reason));
        lines.extend(required.never_null.iter().map(entry));
    }
    lines.push(String::new());
    let reads = [
        "A value of another kind than the document says costs the member and nothing around it, where the member is an `Option`: it reads as",
        "`None`, a deviation says what was expected and what came, and [`Extra::original`] of the model's `extra`",
        "gives the value itself, which is also written back. Where a plain field cannot be read, one record of a list is invalid",
        "([`Records::invalid`]) and the others are read; a single object is an [`Error`] that names the member and still has the body. Strict",
        "mode (`ClientBuilder::strict`) makes an error of every deviation.",
    ];
    lines.extend(reads.map(str::to_owned));
    lines
}

fn server_expression(input: Input<'_>, environments: &[Environment]) -> String {
    let default = input.settings.default_environment().map(|e| e.name.to_string());
    let chosen = environments.iter().find(|e| Some(&e.wire) == default.as_ref()).or(environments.first());
    match chosen {
        Some(e) => format!("Environment::{}", e.ident),
        None => format!("{:?}", address(input)),
    }
}

/// What a caller gives where the document has no server with a host and a value for every variable: `HOST` and braces stand for
/// what the document does not say.
fn address(input: Input<'_>) -> String {
    const HOST: &str = "https://HOST";
    let Some(server) = input.api.servers.first().filter(|s| s.path().is_none()) else { return HOST.to_owned() };
    match server.url.split_once("://") {
        Some(("http" | "https", _)) => server.url.clone(),
        Some(_) => HOST.to_owned(),
        None if server.url.starts_with('/') => format!("{HOST}{}", server.url),
        None => format!("https://{}", server.url),
    }
}

/// What is said of a server that the caller has to complete.
fn server_note(input: Input<'_>, environments: &[Environment]) -> Option<String> {
    if !environments.is_empty() {
        return None;
    }
    let address = address(input);
    let place = match (address.contains("HOST"), address.contains('{')) {
        (true, false) => "your host in place of `HOST`",
        (true, true) => "your host in place of `HOST` and your values in place of what is in braces",
        (false, true) => "your values in place of what is in braces",
        (false, false) => return Some("The document does not say by which scheme: `https` is a guess.".to_owned()),
    };
    let mut note = format!("The document does not say where the API is: put {place}.");
    match input.api.base_paths().as_slice() {
        [] => {}
        [path] => note.push_str(&format!(" The path {} behind it is added to every request.", docs::code(path))),
        [path, others @ ..] => {
            let others = others.iter().map(|other| docs::code(other)).collect::<Vec<_>>().join(" or ");
            let path = docs::code(path);
            note.push_str(&format!(" The path {path} behind it is added to every request; write {others} there instead where you mean that."));
        }
    }
    Some(note)
}

/// Whether the document leaves open which calls need credentials.
fn credentials_for_all(input: Input<'_>) -> bool {
    input.api.operations.iter().any(|o| o.security.is_none())
}

fn credentials_expression(input: Input<'_>, lib: &str) -> String {
    let scheme = input.api.security_schemes.iter().find_map(|s| input.api.scheme(&s.wire));
    match scheme {
        Some(SecurityKind::Basic) => "Credentials::basic(\"id\", \"password\")".to_owned(),
        Some(SecurityKind::Bearer) => "Credentials::bearer(\"token\")".to_owned(),
        Some(SecurityKind::ApiKey { location, name }) => {
            let place = crate::render::rust::operation::key_place(*location);
            format!("Credentials::api_key({lib}::client::KeyPlace::{place}, {name:?}, \"key\")")
        }
        Some(SecurityKind::Other(_)) | None => "Credentials::none()".to_owned(),
    }
}

/// `src/lib.rs` and `src/environment.rs`.
pub fn root(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> Vec<RustFile> {
    let title = docs::first_sentence(&input.api.title);
    let lib = info.library();
    let mut head = vec![match (&input.settings.package.description, title.is_empty()) {
        (Some(d), _) => docs::first_paragraph(d),
        (None, true) => "A generated API client.".to_owned(),
        (None, false) => format!("A client for {}.", docs::plain(&title)),
    }];
    let about = docs::lines(&input.api.description);
    if !about.is_empty() {
        head.push(String::new());
        // A document's first heading would be the crate's title a second time.
        head.extend(about.into_iter().map(|l| if l.starts_with('#') { format!("#{l}") } else { l }));
    }
    head.push(String::new());
    head.push("# A first call".to_owned());
    head.push(String::new());
    head.push("```no_run".to_owned());
    let environment = if environments.is_empty() { "" } else { ", Environment" };
    head.push(format!("use {lib}::{{Client, Credentials{environment}}};"));
    head.push(String::new());
    let (server, credentials) = (server_expression(input, environments), credentials_expression(input, &lib));
    head.push(format!("let client = Client::new({server}, {credentials});"));
    head.push("```".to_owned());
    if let Some(note) = server_note(input, environments) {
        head.extend([String::new(), note]);
    }
    if credentials_for_all(input) {
        head.push(String::new());
        head.push(
            "The document does not say which calls need credentials: the client's go along with every call.".to_owned(),
        );
    }
    head.push(String::new());
    head.push("The client has a handle for each part of the API (see [`api`]), a handle a function for each operation. Each gives a".to_owned());
    head.push("request that does nothing until it is awaited or sent.".to_owned());
    head.push(String::new());
    head.push("# What *required* means here".to_owned());
    head.push(String::new());
    head.extend(required_means(input));
    head.push(String::new());
    head.extend(super::crate_docs::sections(input, &lib, (&server, &credentials)));
    head.push("# What the document lacks".to_owned());
    head.push(String::new());
    let lacking = Lacking { lib: &lib, fence: "no_run" };
    head.extend(lacking.render().unwrap_or_else(|e| e.to_string()).lines().map(str::to_owned));
    head.push(String::new());
    head.extend(super::extras::about(input));
    head.push("# Other crates in this API".to_owned());
    head.push(String::new());
    for line in [
        "- `http`: methods and headers of requests and responses.",
        "- `bytes`: bodies that are not JSON, and raw responses.",
        "- `serde`: [`Json`] reads a type of your own; under the feature of that name every model, enum and union implements",
        "  `Serialize` and `Deserialize` (self-describing formats).",
        "- `serde_json`: [`Value`], where the document says nothing about a value.",
        "- `futures-core`: pages and items are `Stream`s.",
        "- `reqwest`: only `ClientBuilder::reqwest`, under the feature of that name.",
    ] {
        head.push(line.to_owned());
    }
    let version = &input.api.version;
    let hash = &info.document_hash;
    let date = match &info.document_date {
        Some(date) => quote! { Some(#date) },
        None => quote! { None },
    };
    let environment_items = (!environments.is_empty()).then(|| {
        quote! {
            mod environment;
            pub use environment::Environment;
        }
    });
    let runtime = match input.settings.package.runtime {
        Runtime::Copy => quote! { mod runtime; },
        Runtime::Dependency(_) => {
            let (revision, traits) = (super::runtime_files::revision(), crate::render::rust::extension::module(input));
            quote! {
                use ::runtime;
                const _: () = assert!(runtime::__private::REVISION == #revision, "generate this crate anew: it is not for this runtime");
                #traits
            }
        }
    };
    let items = vec![
        quote! { pub mod api; },
        quote! { pub mod models; },
        quote! { pub mod client; },
        quote! { pub mod error; },
        quote! { pub mod page; },
        quote! { pub mod retry; },
        runtime,
        quote! { #[cfg(feature = "testing")] mod samples; },
        quote! { #[cfg(feature = "testing")] pub mod testing; },
        quote! { #environment_items },
        quote! { pub use client::face::{Client, ClientBuilder}; },
        super::public::root(input),
        quote! {
            /// The document this crate was generated from.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct Document {
                /// Its title.
                pub title: &'static str,
                /// Its version, as it says.
                pub version: &'static str,
                /// The hash of its content, whatever its order and format: versions may repeat.
                pub hash: &'static str,
                /// The day it was brought in, `YYYY-MM-DD`, where that is on record.
                pub date: Option<&'static str>,
            }
        },
        quote! {
            /// The document this crate was generated from.
            pub const DOCUMENT: Document = Document { title: #title, version: #version, hash: #hash, date: #date };
        },
    ];
    let mut items = items;
    if !input.settings.errors.codes.is_empty() {
        items.push(quote! { mod error_codes; });
        items.push(quote! { pub use error_codes::{ErrorClass, ErrorCode}; });
    }
    items.extend(super::extras::modules(input));
    let mut out = vec![RustFile { path: "src/lib.rs".to_owned(), head, items }];
    out.extend(super::public::files(input, &lib, !environments.is_empty()));
    out.push(super::client_settings::file(input, info, environments));
    out.push(crate::render::tests::registry::file(input, &lib));
    if !input.settings.errors.codes.is_empty() {
        out.push(crate::render::rust::error_codes::file(input));
    }
    if !environments.is_empty() {
        out.push(environment_file(input, environments));
    }
    out
}

fn environment_file(input: Input<'_>, environments: &[Environment]) -> RustFile {
    let mut variants: Vec<TokenStream> = Vec::new();
    let mut arms: Vec<TokenStream> = Vec::new();
    let mut names: Vec<TokenStream> = Vec::new();
    let default = input.settings.default_environment().map(|e| e.name.to_string());
    for e in environments {
        let ident = ident_of(&e.ident);
        let url = docs::code(&e.url);
        let about = e.about.trim();
        let lines = if about.is_empty() { vec![format!("{url}.")] } else { docs::lines(&format!("{url}: {about}")) };
        let lines = doc(&lines);
        let is_default = match &default {
            Some(name) => *name == e.wire,
            None => variants.is_empty(),
        };
        let mark = is_default.then(|| quote! { #[default] });
        variants.push(quote! { #lines #mark #ident });
        let (wire, url) = (&e.wire, &e.url);
        let make = if e.credentials {
            quote! { new }
        } else {
            quote! { without_credentials }
        };
        arms.push(quote! { Self::#ident => Server::#make(#wire, #url) });
        names.push(quote! { if text.eq_ignore_ascii_case(#wire) { return Ok(Self::#ident); } });
    }
    let items = vec![
        quote! { use crate::runtime::Server; },
        quote! {
            /// The servers of the API. Any other base URL will do too: see [`Server`].
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            #[non_exhaustive]
            pub enum Environment { #(#variants),* }
        },
        quote! {
            impl Environment {
                /// Where it is.
                pub const fn server(self) -> Server {
                    match self { #(#arms),* }
                }
            }
        },
        quote! {
            impl From<Environment> for Server {
                fn from(environment: Environment) -> Self { environment.server() }
            }
        },
        quote! {
            /// Names in any case.
            impl core::str::FromStr for Environment {
                type Err = UnknownEnvironment;
                fn from_str(text: &str) -> Result<Self, UnknownEnvironment> {
                    #(#names)*
                    Err(UnknownEnvironment)
                }
            }
        },
        quote! {
            /// There is no environment of this name.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct UnknownEnvironment;
        },
        quote! {
            impl core::fmt::Display for UnknownEnvironment {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str("no environment of this name") }
            }
        },
        quote! {
            impl core::error::Error for UnknownEnvironment {}
        },
    ];
    RustFile { path: "src/environment.rs".to_owned(), head: vec!["Where the API is.".to_owned()], items }
}
