//! Many generated crates beside each other as modules of one, so that the runtime they share is compiled once, and
//! consumers of them, each judged on its own.
//!
//! What differs from a crate of its own is said at `module`.

use crate::place::root;
use generator::Generated;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use syn::{Item, ItemImpl};

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
        let mut sources = BTreeMap::new();
        for (path, content) in run.files.iter() {
            let Some(path) = path.strip_prefix("src/").filter(|p| !p.starts_with("runtime/") && *p != "samples.rs")
            else {
                continue;
            };
            let source = syn::parse_file(std::str::from_utf8(content).expect("text")).expect("Rust");
            sources.insert(path.to_owned(), source);
        }
        let key = format!("{:?}", sources.values().map(|s| s.to_token_stream().to_string()).collect::<Vec<_>>());
        if let Some(known) = self.modules.get(&key) {
            return known.clone();
        }
        if self.modules.is_empty() {
            self.shared(run);
        }
        for (path, source) in sources {
            let path = if path == "lib.rs" { "mod.rs".to_owned() } else { path };
            self.files.insert(PathBuf::from(format!("sdks/src/{next}/{path}")), module(&next, &path, source));
        }
        self.modules.insert(key, next.clone());
        next
    }

    /// The runtime and the manifest, the same for all of them.
    fn shared(&mut self, run: &Generated) {
        let text = |path: &str| String::from_utf8(run.files.get(path).expect("a file").to_vec()).expect("text");
        for (path, content) in run.files.iter().filter(|(path, _)| path.starts_with("src/runtime/")) {
            let content = String::from_utf8(content.to_vec()).expect("text");
            self.files.insert(PathBuf::from(format!("sdks/{path}")), content);
        }
        let manifest = text("Cargo.toml");
        let mut lines: Vec<String> = manifest.lines().map(str::to_owned).collect();
        for line in &mut lines {
            if line.starts_with("name = ") {
                *line = "name = \"sdks\"".to_owned();
            } else if line.starts_with("default = ") {
                *line = "default = [\"testing\"]".to_owned();
            } else if line.starts_with("readme = ") {
                line.clear();
            }
        }
        self.files.insert("sdks/Cargo.toml".into(), lines.join("\n"));
    }

    /// Adds a consumer of the crate `sdk`; gives its name.
    pub fn consume(&mut self, sdk: &str, consumer: &TokenStream) -> String {
        let name = format!("c{:03}", self.consumers);
        self.consumers += 1;
        let sdk = quote::format_ident!("{sdk}");
        let file = syn::parse2(quote! {
            use sdks::#sdk as sdk;
            use sdk::api::Handles as _;
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
            ("reader/Cargo.toml", package("reader", &format!("{sdks}serde_json = \"1\"\n"))),
            ("reader/src/main.rs", READER.replace("/* arms */", &arms)),
        ];
        self.files.extend(all.map(|(path, content)| (PathBuf::from(path), content)));
        for (path, content) in &self.files {
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
        let output = self.cargo(&["run", "--package", "reader", "--", "bodies.json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        told.as_array().expect("a list").clone()
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(&self.dir).args(arguments).args(["--offline", "--quiet"]);
        command.env("CARGO_TARGET_DIR", self.dir.join("target")).env("CARGO_TERM_COLOR", "never");
        // What cargo set for this test is not meant for these crates.
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
        command.output().expect("cargo runs")
    }
}

/// A file of a generated crate as a file of the module `name`: paths from the crate's root lead to the module, except to
/// the runtime, which all share. The client's accessors become a trait's, since a method cannot be given twice to one type.
fn module(name: &str, path: &str, mut file: syn::File) -> String {
    file.attrs.clear();
    file.items.retain(|item| !matches!(item, Item::Mod(m) if m.ident == "samples"));
    let mut handles = Vec::new();
    for item in &mut file.items {
        match item {
            Item::Mod(m) if m.ident == "runtime" => *item = syn::parse_quote! { pub use crate::runtime; },
            Item::Impl(of) if is_client(of) => handles.append(&mut of.items),
            _ => {}
        }
    }
    if path == "api/mod.rs" {
        file.items.retain(|item| !matches!(item, Item::Impl(of) if is_client(of)));
        file.items.extend(accessors(&handles));
    }
    let text = prettyplease::unparse(&file);
    let text = text.replace("pub use crate::samples::requests;\n", "");
    text.replace("use crate::{models, runtime};", &format!("use crate::{{{name}::models, runtime}};"))
}

fn is_client(of: &ItemImpl) -> bool {
    of.trait_.is_none() && of.self_ty.to_token_stream().to_string().replace(' ', "") == "crate::runtime::Client"
}

/// The client's accessors as a trait and its implementation.
fn accessors(items: &[syn::ImplItem]) -> Vec<Item> {
    let (mut declared, mut defined) = (Vec::new(), Vec::new());
    for item in items {
        if let syn::ImplItem::Fn(f) = item {
            let (deprecated, signature, block) =
                (f.attrs.iter().filter(|a| a.path().is_ident("deprecated")), &f.sig, &f.block);
            declared.push(quote! { #(#deprecated)* #signature; });
            defined.push(quote! { #signature #block });
        }
    }
    vec![
        syn::parse_quote! { pub trait Handles { #(#declared)* } },
        syn::parse_quote! { impl Handles for crate::runtime::Client { #(#defined)* } },
    ]
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

fn write(path: &Path, content: &str) {
    if fs::read(path).ok().as_deref() != Some(content.as_bytes()) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("mkdir");
        fs::write(path, content).expect("write");
    }
}

/// Reads the bodies in a file and says of each what came of it.
const READER: &str = r#"
const JSON: &str = "application/json";

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(path).expect("read");
    let bodies: Vec<(String, String, u16, String)> = serde_json::from_str(&text).expect("bodies");
    let told: Vec<serde_json::Value> = bodies.iter().map(|(sdk, operation, status, body)| one(sdk, operation, *status, body.as_bytes())).collect();
    println!("{}", serde_json::Value::Array(told));
}

fn one(sdk: &str, operation: &str, status: u16, body: &[u8]) -> serde_json::Value {
    let read = match sdk {
/* arms */
        _ => panic!("there is no {sdk}"),
    };
    match read {
        Ok(back) => serde_json::json!({
            "json": back.json,
            "deviations": back.deviations.iter().map(|d| d.path.clone()).collect::<Vec<_>>(),
            "odd": back.odd_records,
            "unknown": back.unknown,
            "raw": back.raw_unions,
        }),
        Err(error) => serde_json::json!({ "error": error.to_string() }),
    }
}
"#;
