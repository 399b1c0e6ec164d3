//! The whole way in one call: the inputs named on a command line (or by a build script) → [`Generated`].
//!
//! Reading the inputs beside the document happens here; what the stages do with them is in `compile`. Nothing is
//! written: that is the caller's decision, see [`emit`].

mod environments;
mod explain;
mod naming;
mod places;

pub use explain::explain;
pub use places::Places;

use crate::analyze::{Facts, PageShape, analyze};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::emit::{self, FileSet, Provenance, hash_node, hash_text};
use crate::ir::{Api, Scalar, Tag, Type, TypeKind};
use crate::load::{self, FileId, Node, Sources};
use crate::lock::Lock;
use crate::lower::{Lowered, Selection, lower};
use crate::name::{self, Names};
use crate::normalize::{Overlay, normalize};
use crate::pointer::Pointer;
use crate::render;
use crate::render::text::{self, CrateInfo, Environment};
use crate::settings::{self, Settings};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to generate from.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The OpenAPI document.
    pub spec: PathBuf,
    /// The settings; `None`: sensible defaults.
    pub config: Option<PathBuf>,
    /// Overlays, in the order of their application.
    pub overlays: Vec<PathBuf>,
    /// The locked names; `None`: names follow from the document alone. A file that is not there yet locks nothing.
    pub lock: Option<PathBuf>,
    /// The crate's name, before the settings and the document's title.
    pub name: Option<String>,
    /// Tags and operation ids; everything else is left out. Empty: what the settings say.
    pub only: Vec<String>,
    /// Whether overlays and settings were written for this very document: entries that meet nothing are errors then.
    pub own: bool,
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Operations in the output.
    pub operations: usize,
    /// Operations that could not be expressed.
    pub skipped_operations: usize,
    /// Schemas that became types.
    pub schemas: usize,
    /// Lines of the output.
    pub lines: usize,
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Generated {
    /// The output; empty when `diagnostics` holds an error.
    pub files: FileSet,
    /// The names as they are now.
    pub lock: Lock,
    /// What the output was made from, for the manifest.
    pub provenance: Provenance,
    /// How much there is.
    pub report: Report,
    /// Where the items of the output come from.
    pub places: Places,
    /// What there is to say about the inputs.
    pub diagnostics: Diagnostics,
    /// All files read, for the places in `diagnostics`.
    pub sources: Sources,
}

/// Generates a crate from `inputs`. Never fails as such: errors are in the diagnostics of the outcome.
pub fn generate(inputs: &Inputs) -> Generated {
    let mut run = Generated::default();
    // First, since its places count from the first file.
    let document = match load::load(&inputs.spec, &mut run.diagnostics) {
        Ok(document) => {
            run.sources = document.sources.clone();
            Some(document)
        }
        Err(sources) => {
            run.sources = sources;
            None
        }
    };
    refuse_duplicates(&mut run.diagnostics);
    let settings = read_settings(inputs, &mut run);
    let overlays = read_overlays(inputs, &mut run);
    let lock = read_lock(inputs, &mut run);
    run.provenance.generator = format!("{} {}", env!("CARGO_PKG_VERSION"), render::runtime_hash());
    run.provenance.options = options(inputs);
    if let Some(document) = document {
        run.provenance.document = hash_node(&document.root);
        compile(inputs, document.root, &overlays, &settings, &lock, &mut run);
    }
    if run.diagnostics.has_errors() {
        run.files = FileSet::new();
        return run;
    }
    run.report.lines = run.files.lines();
    if inputs.lock.is_some() {
        run.provenance.lock = Some(hash_text(run.lock.print().as_bytes()));
    }
    run
}

/// Document, settings and names → files and names.
fn compile(inputs: &Inputs, root: Node, overlays: &[Overlay], settings: &Settings, lock: &Lock, run: &mut Generated) {
    let lowered = front(inputs, root, overlays, settings, run);
    run.report.operations = lowered.api.operations.len();
    run.report.skipped_operations = lowered.skipped_operations;
    run.report.schemas = lowered.api.types.len();
    for unused in &lowered.unused_selection {
        let message = format!("`{unused}` is neither a tag nor an operation id of the document");
        run.diagnostics
            .push(Diagnostic::warning("W0903", message).help("operations are selected by tag or by `operationId`"));
    }
    let api = &lowered.api;
    let (facts, names) = understand(api, settings, lock, run);
    if run.diagnostics.has_errors() {
        return;
    }
    run.lock = lock.succeeded_by(naming::locked(api, &names));
    run.places = Places::of(api, &names);
    let info = CrateInfo {
        name: inputs
            .name
            .clone()
            .or_else(|| settings.package.name.as_ref().map(|n| n.to_string()))
            .unwrap_or_else(|| name::crate_name(&api.title)),
        version: settings.package.version.as_ref().map_or("0.1.0", |v| v.as_str()).to_owned(),
        document_hash: run.provenance.document.clone(),
    };
    let environments = environments::environments(settings, api);
    let input = render::Input { api, facts: &facts, names: &names, settings };
    if let Err(message) = files(input, &info, &environments, run) {
        let diagnostic = Diagnostic::error("E0904", format!("the output cannot be formatted: {message}"));
        run.diagnostics.push(diagnostic.help("this is a bug of the generator: please report it with the document"));
    }
}

/// A key twice is worth a warning to whoever reads a file; generating from such a document would lose one of the two.
fn refuse_duplicates(diagnostics: &mut Diagnostics) {
    const WORDS: &[&str] = &["description", "summary", "title", "example", "examples", "externalDocs", "default"];
    for d in diagnostics.iter_mut().filter(|d| d.code == "W0101") {
        let key = d.pointer.as_ref().and_then(Pointer::last).unwrap_or_default();
        if !WORDS.contains(&key.as_str()) && !key.starts_with("x-") {
            d.severity = Severity::Error;
            d.code = "E0907";
            d.help = Some("remove or rename one of them".to_owned());
        }
    }
}

/// The stages between `lower` and `render`.
fn understand(api: &Api, settings: &Settings, lock: &Lock, run: &mut Generated) -> (Facts, Names) {
    let pages = PageShape { items: settings.pages.items.to_string(), next: settings.pages.next.to_string() };
    let facts = analyze(api, Some(&pages));
    let wishes = naming::wishes(settings, lock, api);
    let names = name::name(api, &facts, &wishes, &mut run.diagnostics);
    (facts, names)
}

/// The stages up to `lower`.
fn front(inputs: &Inputs, root: Node, overlays: &[Overlay], settings: &Settings, run: &mut Generated) -> Lowered {
    let normalized = normalize(root, overlays, &mut run.diagnostics);
    for action in normalized.overlays.iter().filter(|a| a.is_stale()) {
        let what = if action.selected == 0 { "selects nothing" } else { "changes nothing" };
        let message = format!("overlay action {} `{}` {what}", action.action + 1, action.target);
        run.diagnostics.push(if inputs.own {
            Diagnostic::error("E0905", message).at(action.span).help("remove the action or correct its target")
        } else {
            Diagnostic::warning("W0906", message).at(action.span)
        });
    }
    let root = normalized.root;
    if inputs.config.is_some() {
        unused_settings(&root, settings, run);
    }
    let mut selection = Selection { only: inputs.only.clone(), ..Selection::default() };
    if selection.only.is_empty() {
        selection.only = settings.operations.only.iter().map(|s| s.to_string()).collect();
    }
    selection.except = settings.operations.except.iter().map(|s| s.to_string()).collect();
    for t in &settings.types {
        if let Some(ty) = t.replace.as_ref().and_then(|r| replacement(r)) {
            selection.replace.insert(t.pointer.trim_start_matches('#').to_owned(), ty);
        }
    }
    let mut lowered = lower(&root, &selection, &mut run.diagnostics);
    rehang(&mut lowered.api, settings);
    if settings.required.may_be_null {
        loosen(&mut lowered.api);
    }
    lowered
}

/// The type that a word of `[types] replace` stands for.
fn replacement(word: &str) -> Option<Type> {
    Some(Type::Scalar(match word {
        "string" => Scalar::String,
        "i64" => Scalar::I64,
        "f64" => Scalar::F64,
        "bool" => Scalar::Bool,
        "uuid" => Scalar::Uuid,
        "date" => Scalar::Date,
        "date-time" => Scalar::DateTime,
        "secret" => Scalar::Secret,
        "any" => return Some(Type::Any),
        _ => return None,
    }))
}

/// Makes every required member nullable in the models that only responses use.
fn loosen(api: &mut Api) {
    let facts = analyze(api, None);
    let requests = facts.in_requests.iter().zip(&facts.in_responses);
    for (def, (in_request, in_response)) in api.types.iter_mut().zip(requests) {
        if let TypeKind::Model(model) = &mut def.kind
            && *in_response
            && !*in_request
        {
            model.fields.iter_mut().filter(|f| f.required).for_each(|f| f.of.nullable = true);
        }
    }
}

/// Hangs operations on the handles that the settings name.
fn rehang(api: &mut Api, settings: &Settings) {
    for entry in &settings.operations.each {
        let (Some(handle), Some(index)) = (&entry.handle, api.operations.iter().position(|o| o.id == *entry.id)) else {
            continue;
        };
        let tag = api.tags.iter().position(|t| t.wire == handle.value);
        let origin = api.operations.get(index).map(|o| o.origin.clone()).unwrap_or_default();
        let tag = tag.unwrap_or_else(|| {
            api.tags.push(Tag { wire: handle.value.clone(), description: String::new(), origin });
            api.tags.len() - 1
        });
        if let Some(operation) = api.operations.get_mut(index) {
            operation.tag = tag;
        }
    }
    // A tag that lost all its operations would be an empty handle.
    let used: BTreeSet<usize> = api.operations.iter().map(|o| o.tag).collect();
    let mut map = Vec::new();
    let mut kept = Vec::new();
    for (i, tag) in std::mem::take(&mut api.tags).into_iter().enumerate() {
        map.push(kept.len());
        if used.contains(&i) {
            kept.push(tag);
        }
    }
    api.tags = kept;
    for operation in &mut api.operations {
        operation.tag = map.get(operation.tag).copied().unwrap_or(0);
    }
}

/// Says which settings name something the document does not have.
fn unused_settings(root: &Node, settings: &Settings, run: &mut Generated) {
    let mut operations = BTreeSet::new();
    let mut tags = BTreeSet::new();
    let paths = root.get("paths").and_then(Node::as_object);
    for operation in paths.into_iter().flatten().filter_map(|p| p.value.as_object()).flatten().map(|e| &e.value) {
        operations.extend(operation.get("operationId").and_then(Node::as_str).map(str::to_owned));
        let list = operation.get("tags").and_then(Node::as_array).unwrap_or_default();
        tags.extend(list.iter().filter_map(Node::as_str).map(str::to_owned));
    }
    let exists = |pointer: &Pointer| {
        let segments: Vec<String> = pointer.segments().collect();
        root.at(segments.iter().map(String::as_str)).is_some()
    };
    let facts = settings::Facts { operations: &operations, tags: &tags, exists: &exists };
    run.diagnostics.extend(settings.unused(&facts));
}

/// Renders and formats everything into the file set.
fn files(
    input: render::Input<'_>,
    info: &CrateInfo,
    environments: &[Environment],
    run: &mut Generated,
) -> Result<(), String> {
    let head = "// Generated by `cargo xtask generate`. Do not edit: it is rewritten as a whole.\n";
    let mut all = render::render(input);
    all.extend(text::root(input, info, environments));
    for file in all {
        let mut out = String::from(head);
        for line in &file.head {
            let line = if line.is_empty() { "//!\n".to_owned() } else { format!("//! {line}\n") };
            out.push_str(&line);
        }
        if file.path == "src/lib.rs" {
            out.push_str(ROOT_LINTS);
        }
        out.push('\n');
        let tokens = file.items.into_iter().collect();
        out.push_str(&emit::format(tokens).map_err(|e| format!("{}: {e}", file.path))?);
        run.files.insert(file.path, out);
    }
    for (path, content) in render::runtime_files(&text::runtime_settings(input, info, environments)) {
        run.files.insert(path, format!("{head}{content}"));
    }
    for (path, content) in text::texts(input, info, environments)? {
        run.files.insert(path, content);
    }
    Ok(())
}

/// What generated code may do that hand-written code may not: hold and read deprecated members, and look as the
/// document wants it.
const ROOT_LINTS: &str = "#![allow(deprecated, unused_imports, mixed_script_confusables, confusable_idents, uncommon_codepoints)]
#![allow(non_camel_case_types, non_snake_case)]
#![allow(clippy::too_many_arguments, clippy::large_enum_variant, clippy::enum_variant_names, clippy::wrong_self_convention)]
#![allow(clippy::doc_lazy_continuation, clippy::doc_overindented_list_items, clippy::should_implement_trait)]
#![allow(clippy::question_mark)]
";

fn read_overlays(inputs: &Inputs, run: &mut Generated) -> Vec<Overlay> {
    let mut overlays = Vec::new();
    for path in &inputs.overlays {
        if let Some(root) = load::read(path, &mut run.sources, &mut run.diagnostics) {
            run.provenance.overlays.push(hash_node(&root));
            overlays.push(Overlay { label: path.display().to_string(), root });
        }
    }
    overlays
}

fn read_settings(inputs: &Inputs, run: &mut Generated) -> Settings {
    let Some((file, text)) = inputs.config.as_ref().and_then(|path| read(path, "settings", run)) else {
        return Settings::default();
    };
    run.provenance.settings = Some(hash_text(text.as_bytes()));
    settings::read(&text, file, &mut run.diagnostics)
}

fn read_lock(inputs: &Inputs, run: &mut Generated) -> Lock {
    let Some(path) = inputs.lock.as_ref().filter(|path| path.exists()) else { return Lock::new() };
    let Some((file, text)) = read(path, "lock", run) else { return Lock::new() };
    run.provenance.lock_read = Some(hash_text(text.as_bytes()));
    Lock::parse(&text, file, &mut run.diagnostics)
}

fn options(inputs: &Inputs) -> String {
    let mut parts: Vec<String> = inputs.name.iter().map(|name| format!("--name {name}")).collect();
    parts.extend(inputs.only.iter().map(|only| format!("--only {only:?}")));
    parts.join(" ")
}

/// Reads a text input into the sources; says what is wrong otherwise (`E0901`).
fn read(path: &Path, what: &str, run: &mut Generated) -> Option<(FileId, String)> {
    let shown = path.display().to_string().replace('\\', "/");
    let error = match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                let file = run.sources.add(shown, text.as_str());
                return Some((file, text));
            }
            Err(_) => "it is no UTF-8 text".to_owned(),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => "there is no such file".to_owned(),
        Err(e) => e.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
    };
    run.diagnostics.push(Diagnostic::error("E0901", format!("cannot read the {what} `{shown}`: {error}")));
    None
}
