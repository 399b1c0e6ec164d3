//! The way up to the names, without rendering: [`Inputs`] → [`Understood`].
//!
//! Reading the inputs beside the document happens here too. `generate` renders what comes out, `diff` compares two of
//! them, `explain` looks one place up in it.

use super::links;
use super::secrets::conceal;
use super::{Inputs, Report, naming};
use crate::analyze::{Facts, PageShape, analyze};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::emit::{Provenance, hash_content, hash_node, hash_text};
use crate::ir::{Api, Location, Parameter, Scalar, Style, Tag, Type, TypeId, TypeKind, Use};
use crate::load::{self, FileId, Kind, Node, Sources, Span};
use crate::lock::Lock;
use crate::lower::{Lowered, NeverNull, Selection, lower};
use crate::name::{Names, unfit_crate_name};
use crate::normalize::{Overlay, keys, normalize};
use crate::pointer::Pointer;
use crate::render;
use crate::settings::{self, NumberType, Settings};
use crate::source::Source;
use crate::ties::ties;
use std::collections::BTreeSet;
use std::path::Path;

/// A document as the compiler understands it: everything but the Rust text.
#[derive(Debug)]
pub struct Understood {
    /// What is true of the API.
    pub api: Api,
    /// What is known about it.
    pub facts: Facts,
    /// What everything is called.
    pub names: Names,
    /// What its maintainer wants.
    pub settings: Settings,
    /// The names as they were locked before.
    pub lock: Lock,
    /// The names as they are now.
    pub next_lock: Lock,
    /// What is told of the past: where the document comes from, and the changelog.
    pub history: History,
    /// The document in 3.0's shape, overlays applied; `null` when it could not be read.
    pub document: Node,
    /// What it was made from, for the manifest.
    pub provenance: Provenance,
    /// How much there is; no lines, since nothing is rendered.
    pub report: Report,
    /// What there is to say about the inputs. With an error among it the rest is not to be relied on.
    pub diagnostics: Diagnostics,
    /// All files read, for the places in `diagnostics`.
    pub sources: Sources,
}

impl Default for Understood {
    fn default() -> Self {
        Self {
            api: Api::default(),
            facts: Facts::default(),
            names: Names::default(),
            settings: Settings::default(),
            lock: Lock::new(),
            next_lock: Lock::new(),
            history: History::default(),
            document: Node { span: Span::default(), kind: Kind::Null },
            provenance: Provenance::default(),
            report: Report::default(),
            diagnostics: Diagnostics::new(),
            sources: Sources::new(),
        }
    }
}

/// What is told of the past, from the files that the settings name.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Where the document comes from.
    pub source: Option<Source>,
    /// What changed with each version, as Markdown.
    pub changelog: Option<String>,
    /// The hash of the document's content, by [`hash_content`].
    pub content: String,
}

/// Understands `inputs`. Never fails as such: errors are in the diagnostics of the outcome.
pub fn understand(inputs: &Inputs) -> Understood {
    look(inputs, |_| {})
}

/// [`understand`]; `read` sees the document as it was written.
pub(super) fn look(inputs: &Inputs, read: impl FnOnce(&Node)) -> Understood {
    let mut run = Understood::default();
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
    if let Some((name, why)) = inputs.name.as_ref().and_then(|name| Some((name, unfit_crate_name(name)?))) {
        let message = format!("`{}` is no package name: {why}", name.escape_debug());
        run.diagnostics.push(Diagnostic::error("E0909", message).help("choose another name with `--name`"));
    }
    run.settings = read_settings(inputs, &mut run);
    run.history = read_history(inputs, &mut run);
    let overlays = read_overlays(inputs, &mut run);
    run.lock = read_lock(inputs, &mut run);
    run.provenance.generator = format!("{} {}", env!("CARGO_PKG_VERSION"), render::runtime_hash());
    run.provenance.options = options(inputs);
    let Some(document) = document else { return run };
    read(&document.root);
    run.provenance.document = hash_node(&document.root);
    run.history.content = hash_content(&document.root);
    let lowered = front(inputs, document.root, &overlays, &mut run);
    run.report.operations = lowered.api.operations.len();
    run.report.skipped_operations = lowered.skipped_operations;
    run.report.schemas = lowered.api.types.len();
    for unused in &lowered.unused_selection {
        let message = format!("`{unused}` is neither a tag nor an operation id of the document");
        run.diagnostics
            .push(Diagnostic::warning("W0903", message).help("operations are selected by tag or by `operationId`"));
    }
    run.api = lowered.api;
    run.facts = analyze(&run.api, Some(&page_shape(&run.settings)));
    let mut diagnostics = std::mem::take(&mut run.diagnostics);
    ties(&run.api, &run.facts, &mut diagnostics);
    run.assign(&mut diagnostics);
    run.diagnostics = diagnostics;
    run
}

impl Understood {
    /// Names everything anew, as if `lock` had been the lock: what the document would be called in the place of the one
    /// that `lock` stands for.
    pub fn follow(&mut self, lock: Lock) {
        self.lock = lock;
        // Said once, when the document was read.
        self.assign(&mut Diagnostics::new());
    }

    fn assign(&mut self, diagnostics: &mut Diagnostics) {
        (self.names, self.next_lock) = naming::name(&self.api, &self.facts, &self.settings, &self.lock, diagnostics);
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

/// The stages up to `lower`.
fn front(inputs: &Inputs, root: Node, overlays: &[Overlay], run: &mut Understood) -> Lowered {
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
    run.document = normalized.root;
    if let Some(base) = &run.settings.docs.link_base {
        links::absolute(&mut run.document, base);
    }
    if inputs.config.is_some() {
        let unused = unused_settings(&run.document, &run.settings);
        run.diagnostics.extend(unused);
    }
    let settings = &run.settings;
    let mut selection = Selection { only: inputs.only.clone(), ..Selection::default() };
    if selection.only.is_empty() {
        selection.only = settings.operations.only.iter().map(|s| s.to_string()).collect();
    }
    selection.examples = inputs.tests || settings.tests.examples;
    let never: Vec<String> = settings.required.never_null.iter().map(|n| n.member.to_string()).collect();
    selection.never_null = settings.required.may_be_null.then_some(NeverNull(never));
    selection.exact_numbers = settings.numbers.read == NumberType::Exact;
    selection.except = settings.operations.except.iter().map(|s| s.to_string()).collect();
    for t in &settings.types {
        if let Some(ty) = t.replace.as_ref().and_then(|r| replacement(r)) {
            selection.replace.insert(t.pointer.trim_start_matches('#').to_owned(), ty);
        }
    }
    let mut lowered = lower(&run.document, &selection, &mut run.diagnostics);
    rehang(&mut lowered.api, settings);
    reorder(&mut lowered.api, settings);
    conceal(&mut lowered.api, settings, &mut run.diagnostics);
    list_members(&mut lowered.api, settings);
    if let Some(never) = &selection.never_null {
        loosen(&mut lowered.api, settings, never, &mut run.diagnostics);
    }
    lowered
}

fn page_shape(settings: &Settings) -> PageShape {
    PageShape { items: settings.pages.items.to_string(), next: settings.pages.next.to_string() }
}

/// The type that a word of `[types] replace` stands for.
fn replacement(word: &str) -> Option<Type> {
    Some(Type::Scalar(match word {
        "string" => Scalar::String,
        "i64" => Scalar::I64,
        "f64" => Scalar::F64,
        "number" => Scalar::Number,
        "bool" => Scalar::Bool,
        "uuid" => Scalar::Uuid,
        "date" => Scalar::Date,
        "date-time" => Scalar::DateTime,
        "secret" => Scalar::Secret,
        "any" => return Some(Type::Any),
        _ => return None,
    }))
}

/// Takes texts that choose members of the response for what they are: lists of names.
fn list_members(api: &mut Api, settings: &Settings) {
    let chooses = |p: &Parameter| p.location == Location::Query && settings.partial.query.iter().any(|q| **q == p.wire);
    for p in api.operations.iter_mut().flat_map(|o| &mut o.parameters).filter(|p| chooses(p)) {
        if p.of.ty != Type::Scalar(Scalar::String) || p.style != Style::Form {
            continue;
        }
        p.of.ty = Type::List(Box::new(Use { ty: Type::Scalar(Scalar::String), nullable: false }));
        p.explode = false;
        for shown in [&mut p.docs.example, &mut p.docs.default].into_iter().flatten() {
            if let serde_json::Value::String(text) = shown {
                let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
                *shown = names.map(serde_json::Value::from).collect();
            }
        }
    }
}

/// Lets every required member be null in the models that only responses use: but for those that never are, for the records of a
/// page, which is none without them, and for the id by which an accepted request is found again.
fn loosen(api: &mut Api, settings: &Settings, never: &NeverNull, diagnostics: &mut Diagnostics) {
    let facts = analyze(api, Some(&page_shape(settings)));
    let mut accepted = BTreeSet::new();
    if let Some(mode) = &settings.asynchronous {
        let status = mode.status.to_string();
        let answers = api.operations.iter().flat_map(|o| &o.responses).filter(|r| r.status == status);
        accepted.extend(answers.filter_map(|r| r.content.as_ref()?.1.of()?.ty.named()));
    }
    let mut met = BTreeSet::new();
    for (index, def) in api.types.iter_mut().enumerate() {
        let id = TypeId(index as u32);
        let only = |flags: &[bool]| flags.get(index).copied().unwrap_or(false);
        if !only(&facts.in_responses) || only(&facts.in_requests) {
            continue;
        }
        let TypeKind::Model(model) = &def.kind else { continue };
        let mut may_be_null = Vec::new();
        for field in &model.fields {
            if !field.required {
                may_be_null.push(false);
                continue;
            }
            let entries = never.entries(def, field);
            let records = facts.pages.contains_key(&id) && field.wire == *settings.pages.items;
            let receipt =
                accepted.contains(&id) && settings.asynchronous.iter().any(|mode| field.wire == *mode.request_id);
            may_be_null.push(!field.of.nullable && entries.is_empty() && !records && !receipt);
            met.extend(entries);
        }
        if let TypeKind::Model(model) = &mut def.kind {
            model.fields.iter_mut().zip(may_be_null).for_each(|(field, null)| field.may_be_null = null);
        }
    }
    for (_, entry) in settings.required.never_null.iter().enumerate().filter(|(index, _)| !met.contains(index)) {
        let message = format!("`never_null` names `{}`, which no response requires", entry.member.value);
        diagnostics.push(
            Diagnostic::warning("W0704", message)
                .at(entry.member.span)
                .help("name a required member of a response, as `member` or `Component.member`, or remove the entry"),
        );
    }
}

/// Puts required members into the order that the settings give for their arguments; those not named follow.
fn reorder(api: &mut Api, settings: &Settings) {
    for entry in settings.types.iter().filter(|t| !t.order.is_empty()) {
        let pointer = entry.pointer.trim_start_matches('#');
        for def in api.types.iter_mut().filter(|d| keys::place(d.origin.pointer.as_str()) == pointer) {
            let TypeKind::Model(model) = &mut def.kind else { continue };
            for field in model.fields.iter_mut().filter(|f| f.required) {
                let place = entry.order.iter().position(|name| **name == field.wire);
                field.rank = place.unwrap_or(field.rank.saturating_add(entry.order.len()));
            }
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
fn unused_settings(root: &Node, settings: &Settings) -> Diagnostics {
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
    settings.unused(&facts)
}

fn read_overlays(inputs: &Inputs, run: &mut Understood) -> Vec<Overlay> {
    let mut overlays = Vec::new();
    for path in &inputs.overlays {
        if let Some(root) = load::read(path, &mut run.sources, &mut run.diagnostics) {
            run.provenance.overlays.push(hash_node(&root));
            overlays.push(Overlay { label: path.display().to_string(), root });
        }
    }
    overlays
}

fn read_settings(inputs: &Inputs, run: &mut Understood) -> Settings {
    let Some((file, text)) = inputs.config.as_ref().and_then(|path| read(path, "settings", run)) else {
        return Settings::default();
    };
    run.provenance.settings = Some(hash_text(text.as_bytes()));
    settings::read(&text, file, &mut run.diagnostics)
}

/// Reads what the settings name; paths are relative to their folder.
fn read_history(inputs: &Inputs, run: &mut Understood) -> History {
    let folder = inputs.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let mut history = History::default();
    let mut hashes = run.provenance.settings.clone().unwrap_or_default();
    if let Some(path) = run.settings.document.provenance.clone()
        && let Some((file, text)) = read(&folder.join(&path.value), "provenance", run)
    {
        hashes.push_str(&hash_text(text.as_bytes()));
        history.source = Some(Source::parse(&text, file, &mut run.diagnostics));
    }
    if let Some(path) = run.settings.package.changelog.clone()
        && let Some((_, text)) = read(&folder.join(&path.value), "changelog", run)
    {
        hashes.push_str(&hash_text(text.as_bytes()));
        history.changelog = Some(text.replace("\r\n", "\n"));
    }
    if history.source.is_some() || history.changelog.is_some() {
        run.provenance.settings = Some(hash_text(hashes.as_bytes()));
    }
    history
}

fn read_lock(inputs: &Inputs, run: &mut Understood) -> Lock {
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
fn read(path: &Path, what: &str, run: &mut Understood) -> Option<(FileId, String)> {
    let shown = path.display().to_string().replace('\\', "/");
    let error = match crate::file::read_text(path) {
        Ok(text) => {
            let file = run.sources.add(shown, text.as_str());
            return Some((file, text));
        }
        Err(why) => why,
    };
    run.diagnostics.push(Diagnostic::error("E0901", format!("cannot read the {what} `{shown}`: {error}")));
    None
}
