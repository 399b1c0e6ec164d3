//! Many generated crates beside each other as modules of one, so that the runtime they share is compiled once, and
//! consumers of them, each judged on its own.
//!
//! What differs from a crate of its own is said at `module`.

use crate::asking::Asked;
use crate::place::root;
use generator::Generated;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use syn::Item;

/// A workspace in the making.
pub struct Beside {
    dir: PathBuf,
    /// Content of all files of a module → its name.
    modules: BTreeMap<String, String>,
    consumers: usize,
    files: BTreeMap<PathBuf, String>,
}

/// What the compiler says of one consumer.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Its errors; none: it compiles.
    pub errors: Vec<String>,
    /// What of it is deprecated, by the compiler's words.
    pub deprecated: BTreeSet<String>,
}

impl Beside {
    /// An empty workspace in `dir`, which keeps its build products from one run to the next.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf(), modules: BTreeMap::new(), consumers: 0, files: BTreeMap::new() }
    }

    /// Adds a generated crate; gives its path. Equal crates are one.
    pub fn add(&mut self, run: &Generated) -> String {
        let next = format!("s{:03}", self.modules.len());
        let sources = sources(run);
        let key = format!("{:?}", sources.values().map(|s| s.to_token_stream().to_string()).collect::<Vec<_>>());
        if let Some(known) = self.modules.get(&key) {
            return known.clone();
        }
        if self.modules.is_empty() {
            self.shared(run);
        }
        for (path, source) in sources {
            let path = if path == "lib.rs" { "mod.rs".to_owned() } else { path };
            self.files.insert(PathBuf::from(format!("sdks/src/{next}/{path}")), module(&next, source, Purpose::Calls));
        }
        self.modules.insert(key, next.clone());
        next
    }

    /// The runtime and the manifest, the same for all of them.
    fn shared(&mut self, run: &Generated) {
        for (path, content) in text_of(run, "src/runtime/") {
            self.files.insert(PathBuf::from(format!("sdks/{path}")), content);
        }
        let manifest = manifest(run).replace("\ndefault = []", "\ndefault = [\"every-tag\", \"serde\", \"testing\"]");
        self.files.insert("sdks/Cargo.toml".into(), manifest);
    }

    /// Adds a consumer of the crate `sdk`; gives its name.
    pub fn consume(&mut self, sdk: &str, consumer: &TokenStream) -> String {
        let name = format!("c{:03}", self.consumers);
        self.consumers += 1;
        let sdk = quote::format_ident!("{sdk}");
        let file = syn::parse2(quote! {
            use sdks::#sdk as sdk;
            #consumer
        });
        let content = prettyplease::unparse(&file.expect("Rust"));
        self.files.insert(PathBuf::from(format!("consumers/src/{name}.rs")), content);
        name
    }

    /// Writes all of it; what is there and right keeps its time, so that nothing is compiled in vain.
    fn write(&mut self) {
        let package = |name: &str, dependencies: &str| {
            format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}")
        };
        let lock = fs::read_to_string(root().join("Cargo.lock")).expect("a lock");
        let sdks = "sdks = { path = \"../sdks\" }\n";
        let serde = "serde = { version = \"1\", default-features = false, features = [\"std\"] }\n";
        let names: Vec<&String> = self.modules.values().collect();
        let mods: String = names.iter().map(|m| format!("pub mod {m};\n")).collect();
        let requests: String =
            names.iter().map(|m| format!("        {m:?} => sdks::{m}::testing::requests(&sdks::{m}::Client::new(SERVER, Credentials::none())),\n")).collect();
        let samples: String = names
            .iter()
            .map(|m| format!("        {m:?} => sdks::{m}::testing::requests(&sdks::{m}::Client::builder(base.to_owned()).credentials(credentials).transport(Plain).build().unwrap()),\n"))
            .collect();
        let arms: String = names
            .iter()
            .map(|m| format!("        {m:?} => sdks::{m}::testing::read_back(operation, status, JSON, body),\n"))
            .collect();
        let all = [
            (
                "Cargo.toml",
                "[workspace]\nresolver = \"3\"\nmembers = [\"sdks\", \"consumers\", \"reader\"]\n\n[profile.dev]\ndebug = false\nincremental = false\n"
                    .to_owned(),
            ),
            ("sdks/src/lib.rs", format!("#![allow(warnings)]\npub mod runtime;\n{mods}")),
            ("consumers/Cargo.toml", package("consumers", &format!("{sdks}{serde}"))),
            ("reader/Cargo.toml", package("reader", &format!("{sdks}http = \"1\"\nserde_json = \"1\"\n"))),
            ("reader/src/raw.rs", format!("#![allow(warnings)]\n{}", include_str!("raw.rs"))),
            (
                "reader/src/main.rs",
                READER.replace("/* arms */", &arms).replace("/* requests */", &requests).replace("/* samples */", &samples),
            ),
        ];
        self.files.extend(all.map(|(path, content)| (PathBuf::from(path), content)));
        let contents =
            self.files.iter().filter(|(path, _)| path.starts_with("sdks/src")).map(|(_, content)| content.as_str());
        let manifest = with_tags(&self.files[Path::new("sdks/Cargo.toml")], contents);
        for (path, content) in &self.files {
            let content = if path == Path::new("sdks/Cargo.toml") { &manifest } else { content };
            write(&self.dir.join(path), content);
        }
        // The same versions as here, so that nothing needs the network; cargo takes out what is not needed.
        let own = self.dir.join("Cargo.lock");
        if !own.exists() {
            write(&own, &lock);
        }
        if !self.dir.join("consumers/src/lib.rs").exists() {
            write(&self.dir.join("consumers/src/lib.rs"), "");
        }
    }

    /// What the compiler says of every consumer.
    ///
    /// All of them are compiled as one crate. Those with errors are taken out and the rest is compiled again, since errors
    /// of one kind hide those of a later one, until there is none.
    pub fn judge(&mut self) -> BTreeMap<String, Verdict> {
        self.write();
        let mut verdicts: BTreeMap<String, Verdict> =
            (0..self.consumers).map(|i| (format!("c{i:03}"), Verdict::default())).collect();
        loop {
            let left: Vec<&String> =
                verdicts.iter().filter(|(_, v)| v.errors.is_empty()).map(|(name, _)| name).collect();
            let mods: String = left.iter().map(|name| format!("mod {name};\n")).collect();
            let head = "#![allow(unused)]\n";
            write(&self.dir.join("consumers/src/lib.rs"), &format!("{head}{mods}"));
            let output = self.cargo(&["check", "--package", "consumers", "--message-format=json"]);
            let mut found = false;
            for (name, level, code, message) in messages(&output) {
                let verdict = verdicts.get_mut(&name).unwrap_or_else(|| panic!("{name}: {message}"));
                match (level.as_str(), code.as_str()) {
                    ("warning", "deprecated") => drop(verdict.deprecated.insert(message)),
                    ("warning", _) => {}
                    _ => {
                        verdict.errors.push(message);
                        found = true;
                    }
                }
            }
            if output.status.success() {
                return verdicts;
            }
            assert!(found, "cargo fails without a consumer's fault: {}", String::from_utf8_lossy(&output.stderr));
        }
    }

    /// Has crates read bodies: (crate, operation, status, body) → what came of it.
    pub fn read(&mut self, bodies: &[(String, String, u16, Option<Value>)]) -> Vec<Value> {
        self.write();
        let text = |body: &Option<Value>| body.as_ref().map(Value::to_string).unwrap_or_default();
        let list: Vec<Value> = bodies.iter().map(|(m, o, s, b)| serde_json::json!([m, o, s, text(b)])).collect();
        write(&self.dir.join("bodies.json"), &Value::Array(list).to_string());
        self.reader(&["bodies", "bodies.json"])
    }

    /// The requests that crates make: crate → every operation's, with what is required only and with everything.
    pub fn requests(&mut self) -> BTreeMap<String, Vec<Asked>> {
        self.write();
        let names: Vec<String> = self.modules.values().cloned().collect();
        let arguments: Vec<&str> = ["requests"].into_iter().chain(names.iter().map(String::as_str)).collect();
        let mut out: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
        for told in self.reader(&arguments) {
            let text = |key: &str| told[key].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
            let headers = told["headers"].as_object().expect("headers").iter();
            let asked = Asked {
                operation: text("operation"),
                method: text("method"),
                target: text("target"),
                headers: headers.map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned())).collect(),
                body: text("body"),
                latin1: text("latin1"),
                full: told["full"] == true,
            };
            out.entry(text("sdk")).or_default().push(asked);
        }
        out
    }

    /// Sends every operation's request, with what is required only and with everything, through the crates' clients:
    /// (crate, base URL, credentials) → what came of each. Credentials are lists of texts, their kind first.
    pub fn calls(&mut self, servers: &[(String, String, Vec<Vec<String>>)]) -> Vec<Value> {
        self.write();
        let list: Vec<Value> = servers.iter().map(|(sdk, base, keys)| serde_json::json!([sdk, base, keys])).collect();
        write(&self.dir.join("servers.json"), &Value::Array(list).to_string());
        self.reader(&["calls", "servers.json"])
    }

    fn reader(&self, arguments: &[&str]) -> Vec<Value> {
        let all: Vec<&str> = ["run", "--package", "reader", "--"].iter().chain(arguments).copied().collect();
        let output = self.cargo(&all);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        told.as_array().expect("a list").clone()
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        let (own, given) = arguments.split_at(arguments.iter().position(|a| *a == "--").unwrap_or(arguments.len()));
        command.current_dir(&self.dir).args(own).args(["--offline", "--quiet"]).args(given);
        command.env("CARGO_TARGET_DIR", self.dir.join("target")).env("CARGO_TERM_COLOR", "never");
        // What cargo set for this test is not meant for these crates.
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
        command.output().expect("cargo runs")
    }
}

/// The files of a generated crate that are its own, parsed, by their path below `src/`.
pub(crate) fn sources(run: &Generated) -> BTreeMap<String, syn::File> {
    let own = text_of(run, "src/").into_iter().filter(|(path, _)| !path.starts_with("src/runtime/"));
    own.map(|(path, content)| (path["src/".len()..].to_owned(), syn::parse_file(&content).expect("Rust"))).collect()
}

/// The files of a generated crate below a folder.
pub(crate) fn text_of(run: &Generated, below: &str) -> Vec<(String, String)> {
    let text = |content: &[u8]| String::from_utf8(content.to_vec()).expect("text");
    let all = run.files.iter().filter(|(path, _)| path.starts_with(below) && path.ends_with(".rs"));
    all.map(|(path, content)| (path.to_owned(), text(content))).collect()
}

/// The manifest of a crate as that of many: `sdks`, without any feature by default.
pub(crate) fn manifest(run: &Generated) -> String {
    let manifest = String::from_utf8(run.files.get("Cargo.toml").expect("a file").to_vec()).expect("text");
    let line = |line: &str| match line {
        _ if line.starts_with("name = ") => "name = \"sdks\"".to_owned(),
        _ if line.starts_with("default = ") => "default = []".to_owned(),
        _ if line.starts_with("readme = ") => String::new(),
        _ => line.to_owned(),
    };
    manifest.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A manifest with the features of the tags that these sources name, and `every-tag` for all of them.
pub(crate) fn with_tags<'a>(manifest: &str, sources: impl Iterator<Item = &'a str>) -> String {
    let mut named = BTreeSet::new();
    for content in sources {
        named.extend(content.split("feature = \"").skip(1).filter_map(|rest| rest.split('"').next()));
    }
    let known: BTreeSet<&str> = manifest.lines().filter_map(|line| Some(line.split_once(" = [")?.0)).collect();
    let tags: Vec<&str> = named.into_iter().filter(|name| !known.contains(name)).collect();
    let lines: String = tags.iter().map(|tag| format!("{tag} = []\n")).collect();
    manifest.replacen("[features]\n", &format!("[features]\nevery-tag = {tags:?}\n{lines}"), 1)
}

/// What modules are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be called.
    Calls,
    /// To be looked at by a tool.
    Docs,
}

/// A file of a generated crate as a file of the module `name`: paths from the crate's root lead to the module, except to
/// the runtime, which all share.
pub(crate) fn module(name: &str, mut file: syn::File, purpose: Purpose) -> String {
    file.attrs.clear();
    // The functions for the schemes of a document: of two crates that share a runtime they would meet in one type.
    file.items.retain(|item| {
        let own = |of: &syn::ItemImpl| {
            of.trait_.is_none() && of.self_ty.to_token_stream().to_string().starts_with("runtime ::")
        };
        !matches!(item, Item::Impl(of) if own(of))
    });
    if purpose == Purpose::Docs {
        let calls = |m: &syn::ItemMod| ["samples", "testing", "__private"].iter().any(|name| m.ident == name);
        file.items.retain(|item| !matches!(item, Item::Mod(m) if calls(m)));
        // The runtime is the same on both sides; a path to each of its items from every module costs minutes.
        for item in &mut file.items {
            if let Item::Use(of) = item
                && of.tree.to_token_stream().to_string().replace(' ', "").starts_with("crate::runtime")
            {
                of.vis = syn::Visibility::Inherited;
            }
        }
    }
    for item in &mut file.items {
        if matches!(item, Item::Mod(m) if m.ident == "runtime") {
            *item = syn::parse_quote! { use crate::runtime; };
        }
    }
    let text = prettyplease::unparse(&file);
    text.replace("crate::", &format!("crate::{name}::")).replace(&format!("crate::{name}::runtime"), "crate::runtime")
}

/// Consumer, level, code and text of every message about a consumer.
fn messages(output: &Output) -> Vec<(String, String, String, String)> {
    let mut out = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
        let message = &line["message"];
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(span) = spans.iter().find(|s| s["is_primary"] == true) else { continue };
        let file = word(&span["file_name"]);
        if let Some(name) = Path::new(&file).file_stem().filter(|_| file.contains("consumers")) {
            let name = name.to_string_lossy().into_owned();
            out.push((name, word(&message["level"]), word(&message["code"]["code"]), word(&message["message"])));
        }
    }
    out
}

pub(crate) fn write(path: &Path, content: &str) {
    if fs::read(path).ok().as_deref() != Some(content.as_bytes()) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("mkdir");
        fs::write(path, content).expect("write");
    }
}

/// Reads the bodies in a file and says of each what came of it; says which requests crates make; or makes them.
const READER: &str = r#"
mod raw;

use sdks::runtime::{BoxFuture, Bytes, Credentials, Failure, KeyPlace, Limits, SampleRequest, Transport};

const JSON: &str = "application/json";
const SERVER: &str = "https://api.test";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments[0] == "requests" {
        let told: Vec<serde_json::Value> = arguments[1..].iter().flat_map(|sdk| asked(sdk)).collect();
        return println!("{}", serde_json::Value::Array(told));
    }
    let path = &arguments[1];
    let text = std::fs::read_to_string(path).expect("read");
    if arguments[0] == "calls" {
        let servers: Vec<(String, String, Vec<Vec<String>>)> = serde_json::from_str(&text).expect("servers");
        let told: Vec<serde_json::Value> = servers.iter().flat_map(|(sdk, base, keys)| called(sdk, base, keys)).collect();
        return println!("{}", serde_json::Value::Array(told));
    }
    let bodies: Vec<(String, String, u16, String)> = serde_json::from_str(&text).expect("bodies");
    let told: Vec<serde_json::Value> = bodies.iter().map(|(sdk, operation, status, body)| one(sdk, operation, *status, body.as_bytes())).collect();
    println!("{}", serde_json::Value::Array(told));
}

fn asked(sdk: &str) -> Vec<serde_json::Value> {
    let all = match sdk {
/* requests */
        _ => panic!("there is no {sdk}"),
    };
    let mut out = Vec::new();
    for sample in all {
        let parts = match sample.parts {
            // It is called at a server of its own only, which this client is not made for.
            Err(e) if e.to_string().contains("has a server of its own") => continue,
            parts => parts.unwrap_or_else(|e| panic!("{sdk} {}: {e}", sample.operation)),
        };
        let headers: std::collections::BTreeMap<&str, &str> =
            parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        out.push(serde_json::json!({
            "sdk": sdk,
            "operation": sample.operation,
            "method": parts.method.as_str(),
            "target": parts.url.strip_prefix(SERVER).unwrap_or(&parts.url),
            "headers": headers,
            "body": String::from_utf8_lossy(&parts.body),
            "latin1": parts.body.iter().map(|byte| char::from(*byte)).collect::<String>(),
            "full": sample.full,
        }));
    }
    out
}

/// HTTP over a plain socket.
struct Plain;

impl Transport for Plain {
    fn send(&self, request: http::Request<Bytes>, _: Limits) -> BoxFuture<'_, Result<http::Response<Bytes>, Failure>> {
        Box::pin(std::future::ready(plain(&request)))
    }
}

fn plain(request: &http::Request<Bytes>) -> Result<http::Response<Bytes>, Failure> {
    let uri = request.uri();
    let host = uri.authority().map_or("", |host| host.as_str());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(&str, String)> = request.headers().iter().map(|(name, value)| (name.as_str(), text(value))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answered = raw::exchange(host, request.method().as_str(), target, &headers, request.body()).map_err(Failure::maybe_sent)?;
    let mut response = http::Response::builder().status(answered.status);
    for (name, value) in &answered.headers {
        response = response.header(name, value);
    }
    response.body(answered.body.into()).map_err(Failure::maybe_sent)
}

fn called(sdk: &str, base: &str, keys: &[Vec<String>]) -> Vec<serde_json::Value> {
    let mut credentials = Credentials::none();
    for key in keys {
        let words: Vec<&str> = key.iter().map(String::as_str).collect();
        let place = |place| match place { "header" => KeyPlace::Header, "query" => KeyPlace::Query, _ => KeyPlace::Cookie };
        let (scheme, one) = match words.as_slice() {
            ["basic", scheme, id, password] => (*scheme, Credentials::basic(*id, *password)),
            ["bearer", scheme, token] => (*scheme, Credentials::bearer(*token)),
            ["key", scheme, at, name, value] => (*scheme, Credentials::api_key(place(*at), *name, *value)),
            _ => panic!("{key:?}"),
        };
        credentials = credentials.and(one.of_scheme(scheme.to_owned()));
    }
    let all: Vec<SampleRequest> = match sdk {
/* samples */
        _ => panic!("there is no {sdk}"),
    };
    let one = |sample: &SampleRequest| {
        let told = match sdks::runtime::now(sample.send()) {
            Ok(response) => serde_json::json!({
                "status": response.status().code(),
                "deviations": response.deviations().iter().map(|d| d.path.clone()).collect::<Vec<_>>(),
                "odd": response.findings().invalid,
            }),
            Err(error) => serde_json::json!({
                "status": error.status().map(|status| status.code()),
                "error": error.to_string(),
                "body": String::from_utf8_lossy(error.body()),
            }),
        };
        serde_json::json!({"sdk": sdk, "operation": sample.operation, "full": sample.full, "told": told})
    };
    all.iter().map(one).collect()
}

fn one(sdk: &str, operation: &str, status: u16, body: &[u8]) -> serde_json::Value {
    let read = match sdk {
/* arms */
        _ => panic!("there is no {sdk}"),
    };
    match read {
        Ok(back) => serde_json::json!({
            "json": back.json,
            "debug": back.debug,
            "deviations": back.deviations.iter().map(|d| d.path.clone()).collect::<Vec<_>>(),
            "odd": back.invalid_records,
            "unknown": back.unknown,
            "raw": back.raw_unions,
        }),
        Err(error) => serde_json::json!({ "error": error.to_string() }),
    }
}
"#;
