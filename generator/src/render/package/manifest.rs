//! `Cargo.toml`: what the crate is called, which features it has and what it depends on.

use askama::Template;

use crate::base::Ident;
use crate::render::Input;
use crate::render::rust::docs;
use crate::settings::Runtime;

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
    license: Option<String>,
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

/// `Cargo.toml`. An error is a template that cannot be rendered, or a manifest of ours that cannot be read.
pub(super) fn text(input: Input<'_>, info: &CrateInfo) -> Result<String, String> {
    let package = &input.settings.package;
    let quoted = |s: &str| toml::Value::String(s.replace(['\n', '\r'], " ")).to_string();
    let list = |all: Vec<String>| if all.is_empty() { String::new() } else { format!("[{}]", all.join(", ")) };
    let manifest = CargoToml {
        name: quoted(&info.name),
        version: quoted(&info.version),
        description: quoted(&description(input)),
        license: package.license.as_ref().map(|l| quoted(l)),
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
    Ok(manifest.render().map_err(|e| e.to_string())? + "\n")
}

/// What the crate is, in a sentence.
pub(super) fn description(input: Input<'_>) -> String {
    let title = docs::first_sentence(&input.api.title);
    match &input.settings.package.description {
        Some(d) => d.to_string(),
        None if title.is_empty() => "A generated API client".to_owned(),
        None => format!("A client for {}", docs::plain(&title).replace('\\', "")),
    }
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
